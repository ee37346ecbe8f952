//! Who hears reviews, by kind of organ: what the name of a review body must be like (行政复议法第二十四至二十八条).
//!
//! The same for a letter that goes out and for the agency's settings.

use super::remedies::Organ;
use crate::calendar::Date;

/// What is wrong with the name of a review body on a day, and what to do; `None` where it fits or nothing is known.
#[must_use]
pub fn review_body_mistake(organ: Option<&Organ>, body: &str, date: Date) -> Option<(String, String)> {
    if ["上一级", "本级", "有关机关", "上级机关"].iter().any(|w| body.contains(w)) {
        let message = format!("复议机关要写全称，「{body}」看不出是哪一个机关");
        return Some((message, "写具体的机关全称，例如 示例市人民政府".to_owned()));
    }
    let organ = organ?;
    let (wants, law) = hearing_body(&organ.id)?;
    // 行政公署 hear reviews in the place of a prefecture's government (行政复议法第二十四条第三款).
    let government = ["人民政府", "行政公署"].iter().any(|w| {
        body.ends_with(w) || ["（", "或者"].iter().any(|after| body.contains(&format!("{w}{after}")))
    });
    let new_law = Date::of(2024, 1, 1).is_some_and(|first| date >= first);
    if !new_law || wants == government {
        return None;
    }
    let should = if wants { "应当是人民政府" } else { "不是人民政府" };
    let message = format!("本机关是{}，复议机关{should}，这里是「{body}」", organ.title);
    let day = if date == Date::LAST { "日期".to_owned() } else { date.to_string() };
    Some((message, format!("按{law}查：gongkai remedy --ground 15 --date {day} --organ 机关种类")))
}

/// Whether a government hears the reviews against a kind of organ, and where that stands (行政复议法第二十四至二十七条);
/// `None` where both may be, or the kind is not known.
#[must_use]
pub fn hearing_body(organ: &str) -> Option<(bool, &'static str)> {
    match organ {
        "department"
        | "local-government"
        | "township"
        | "dispatched-organ"
        | "authorised"
        | "branch"
        | "provincial-government" => Some((true, "《行政复议法》第二十四条")),
        "vertical" | "tax" | "state-security" => Some((false, "《行政复议法》第二十七条")),
        "state-council-department" | "state-council-branch" => Some((false, "《行政复议法》第二十五条")),
        _ => None,
    }
}
