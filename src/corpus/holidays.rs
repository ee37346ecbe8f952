//! `book/rules/calendar/`: the holiday notices, one file a year, and the legal holidays of years without a notice.

use super::kinds::Confidence;
use super::schema;
use super::tree::Node;
use crate::calendar::{self, Calendar, Date, Statutory};
use crate::text::{Diagnostic, Place, Report, Sources};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Folder of the files.
pub const CALENDAR: &str = "book/rules/calendar/";
/// The file with the legal holidays of years without a notice.
const PROVISIONAL: &str = "book/rules/calendar/provisional.toml";

/// File `2026.toml`: what the notices say about one year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "放假调休安排")]
pub struct HolidayYear {
    /// The year.
    #[schemars(title = "年份", range(min = 1999, max = 2100))]
    pub year: i16,
    /// The notices.
    #[schemars(title = "通知", length(min = 1))]
    pub notice: Vec<HolidayNotice>,
}

/// One notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HolidayNotice {
    /// 文号; empty where it is not known.
    #[schemars(title = "文号")]
    pub number: String,
    /// Its title.
    #[schemars(title = "标题", length(min = 1))]
    pub title: String,
    /// When it was issued.
    #[schemars(title = "印发日期", extend("format" = "date"), length(min = 1))]
    pub date: String,
    /// How sure number and date are.
    #[schemars(title = "核实程度")]
    pub confidence: Confidence,
    /// What is uncertain.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(title = "说明")]
    pub note: Option<String>,
    /// What it sets.
    #[schemars(title = "节日", length(min = 1))]
    pub holiday: Vec<HolidayDays>,
}

/// One holiday of a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HolidayDays {
    /// 元旦, 春节 …
    #[schemars(title = "节日名称", length(min = 1))]
    pub name: String,
    /// Days off, weekends included.
    #[serde(default)]
    #[schemars(title = "放假的日子")]
    pub off: Vec<String>,
    /// Make-up days.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(title = "调休上班的日子")]
    pub work: Vec<String>,
}

/// File `provisional.toml`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "还没有通知的年份的法定节日")]
struct Provisional {
    #[serde(default)]
    year: Vec<ProvisionalYear>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ProvisionalYear {
    #[schemars(title = "年份")]
    year: i16,
    #[schemars(title = "依据", length(min = 1))]
    #[allow(dead_code, reason = "for the lawyer who reads the file")]
    source: String,
    #[schemars(title = "核实程度")]
    #[allow(dead_code, reason = "for the lawyer who reads the file")]
    confidence: Confidence,
    #[schemars(title = "法定节日")]
    holiday: Vec<HolidayDays>,
}

/// What every year's notices name (全国年节及纪念日放假办法第二条).
pub const FESTIVALS: [&str; 7] = ["元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆"];

impl HolidayYear {
    /// Reads one year's file; every mistake goes to `report`, and then there is none.
    pub fn read(path: &str, text: &str, report: &mut Report) -> Option<Self> {
        let node = Node::parse(path, text, 0, report)?;
        if !schema::check(&node, &schema::of::<Self>(), path, report) {
            return None;
        }
        let year: Self = match serde_json::from_value(node.to_json()) {
            Ok(year) => year,
            Err(error) => {
                let place = Place::new(path, node.range.clone());
                report.push(Diagnostic::error("header", place, format!("这个文件不能用：{error}")));
                return None;
            }
        };
        let before = report.clone();
        year.check(&node, path, report);
        (*report == before).then_some(year)
    }

    /// Days of the wrong year, the same day twice in a notice, make-up days that are working days anyway.
    fn check(&self, node: &Node, path: &str, report: &mut Report) {
        let mut push = |range: std::ops::Range<usize>, message: String, hint: &str| {
            report.push(Diagnostic::error("wrong-holiday", Place::new(path, range), message).hint(hint));
        };
        let named = |word: &str| {
            self.notice.iter().flat_map(|n| &n.holiday).any(|h| h.name.contains(word) && !h.off.is_empty())
        };
        let missing: Vec<&str> = FESTIVALS.into_iter().filter(|word| !named(word)).collect();
        if !missing.is_empty() {
            let message = format!("{}年没有写这些节日哪几天放假：{}", self.year, missing.join("、"));
            let hint = "一年的七个节日都要写全，少一个，推算的期限就会偏早；两个节日连着放的写成一个，例如 中秋节、国庆节";
            push(node.place_of("notice", None), message, hint);
        }
        let stem = super::stem(path);
        if stem.parse() != Ok(self.year) {
            let message = format!("文件名是 {stem}，里面写的是{}年", self.year);
            push(node.place_of("year", None), message, "一年一个文件，文件名用年份，例如 2027.toml");
        }
        for (notice, row) in self.notice.iter().zip(node.get("notice").map(Node::items).unwrap_or_default()) {
            let mut seen = std::collections::BTreeSet::new();
            let rows = row.get("holiday").map(Node::items).unwrap_or_default();
            for (holiday, row) in notice.holiday.iter().zip(rows) {
                let lists = [(&holiday.off, "off"), (&holiday.work, "work")];
                for (days, key) in lists {
                    for (i, text) in days.iter().enumerate() {
                        let place = || row.place_of(key, Some(i));
                        let Some(date) = Date::parse(text) else {
                            push(place(), format!("没有「{text}」这一天"), "日期写成 2027-01-01 这样");
                            continue;
                        };
                        if !seen.insert(date) {
                            let hint = "同一天在一个通知里只能写一次，要么放假，要么上班";
                            push(place(), format!("{date} 写了两次"), hint);
                        }
                        let inside = self.holds(date);
                        if !inside {
                            let hint = "只写这一年的日子；前一年12月的，是这一年元旦的也写在这里";
                            push(place(), format!("{date} 不在{}年", self.year), hint);
                        }
                    }
                }
                if holiday.off.is_empty() && holiday.work.is_empty() {
                    let message = format!("{}没有写哪几天", holiday.name);
                    push(row.range.clone(), message, "off 写放假的日子，work 写调休上班的日子");
                }
            }
        }
    }

    /// Whether a day can belong to the year's notices: its own days, and the last month of the year before.
    #[must_use]
    pub fn holds(&self, date: Date) -> bool {
        date.year() == self.year || (date.year() == self.year - 1 && date.month() == 12)
    }

    /// The notices as the calendar takes them.
    #[must_use]
    pub fn notices(&self) -> Vec<calendar::Notice> {
        let dates = |all: &[String]| all.iter().filter_map(|d| Date::parse(d)).collect();
        let holiday = |h: &HolidayDays| calendar::Holiday {
            name: h.name.clone(),
            off: dates(&h.off),
            work: dates(&h.work),
        };
        self.notice
            .iter()
            .filter_map(|n| {
                Some(calendar::Notice {
                    year: self.year,
                    number: n.number.clone(),
                    title: n.title.clone(),
                    date: Date::parse(&n.date)?,
                    holidays: n.holiday.iter().map(holiday).collect(),
                })
            })
            .collect()
    }

    /// The file's text: what [`HolidayYear::read`] reads back.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        let list = |days: &[String]| days.iter().map(|d| quoted(d)).collect::<Vec<_>>().join(", ");
        let mut out = format!(
            "# {0}年放假调休安排。每一天都属于一个通知；周末列在 off 里的，是通知写明放假的那几天。\nyear = {0}\n",
            self.year
        );
        for notice in &self.notice {
            out.push_str(&format!(
                "\n[[notice]]\nnumber = {}\ntitle = {}\ndate = {}\nconfidence = {}\n",
                quoted(&notice.number),
                quoted(&notice.title),
                quoted(&notice.date),
                serde_json::to_string(&notice.confidence).unwrap_or_default()
            ));
            out.extend(notice.note.iter().map(|note| format!("note = {}\n", quoted(note))));
            for holiday in &notice.holiday {
                out.push_str(&format!("\n[[notice.holiday]]\nname = {}\n", quoted(&holiday.name)));
                out.push_str(&format!("off = [{}]\n", list(&holiday.off)));
                if !holiday.work.is_empty() {
                    out.push_str(&format!("work = [{}]\n", list(&holiday.work)));
                }
            }
        }
        out
    }
}

/// All years, in order, and the calendar they make.
pub(super) fn load(sources: &Sources, report: &mut Report) -> (Vec<HolidayYear>, Vec<Statutory>, Calendar) {
    let mut years = vec![];
    for (path, text) in sources.within(CALENDAR, ".toml").filter(|(path, _)| *path != PROVISIONAL) {
        years.extend(HolidayYear::read(path, text, report));
    }
    years.sort_by_key(|y| y.year);
    let table = super::rules::file::<Provisional>(sources, PROVISIONAL, report);
    let statutory: Vec<Statutory> = table.into_iter().flat_map(|(t, _)| t.year).map(Into::into).collect();
    let notices = years.iter().flat_map(HolidayYear::notices).collect();
    let calendar = Calendar::new(notices, &statutory);
    (years, statutory, calendar)
}

impl From<ProvisionalYear> for Statutory {
    fn from(year: ProvisionalYear) -> Self {
        let days = |h: &HolidayDays| -> Vec<_> {
            h.off.iter().filter_map(|d| Some((h.name.clone(), Date::parse(d)?))).collect()
        };
        Self { year: year.year, days: year.holiday.iter().flat_map(days).collect() }
    }
}
