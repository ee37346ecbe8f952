//! What changed in the tables of rules, row by row; and which days a holiday notice changed.

use super::Side;
use super::changes::several;
use crate::calendar::{Calendar, Date, DayKind};
use crate::corpus::HolidayYear;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// What the tables are called.
const TITLES: [(&str, &str); 14] = [
    ("agency", "上级统一下发的机关设置"),
    ("case-types", "案例类型"),
    ("concordance", "新旧条文对照"),
    ("fee", "信息处理费"),
    ("glossary", "术语"),
    ("law-names", "法规的叫法"),
    ("materials", "案卷材料"),
    ("outcomes", "答复情形"),
    ("policies", "由机关自定的点"),
    ("provisional", "还没有通知的年份的法定节日"),
    ("remedy", "救济"),
    ("steps", "一步一步定答复"),
    ("synonyms", "查询时的说法"),
    ("terms", "期限和办理中的事情"),
];

/// What a table is called, by the name of its file.
#[must_use]
pub fn table_title(stem: &str) -> &str {
    TITLES.iter().find(|(name, _)| *name == stem).map_or(stem, |(_, title)| title)
}

/// The rows that differ, by what people call them.
#[must_use]
pub fn rows(old: Option<&Json>, new: Option<&Json>) -> Vec<String> {
    let (Some(Json::Object(old)), Some(Json::Object(new))) = (old, new) else { return vec![] };
    let mut all: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let keys: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for key in keys {
        match (old.get(key), new.get(key)) {
            (a, b) if a == b => {}
            (Some(Json::Array(a)), Some(Json::Array(b))) => {
                let (a, b) = (named(a), named(b));
                for (id, (title, row)) in &b {
                    match a.get(id) {
                        Some((_, other)) if other == row => {}
                        Some(_) => all.entry("修改").or_default().push((*title).to_owned()),
                        None => all.entry("新增").or_default().push((*title).to_owned()),
                    }
                }
                let gone = a.iter().filter(|(id, _)| !b.contains_key(*id));
                all.entry("删去").or_default().extend(gone.map(|(_, (title, _))| (*title).to_owned()));
            }
            (None, _) => all.entry("新增").or_default().push(key.clone()),
            (_, None) => all.entry("删去").or_default().push(key.clone()),
            _ => all.entry("修改").or_default().push(key.clone()),
        }
    }
    all.retain(|_, rows| !rows.is_empty());
    all.iter().map(|(word, rows)| format!("{word}：{}", several(rows, 12))).collect()
}

/// The rows of a table by what does not change, each with its title.
fn named(rows: &[Json]) -> BTreeMap<String, (&str, &Json)> {
    let mut all = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        let word = |keys: &[&str]| {
            keys.iter().find_map(|key| match row.get(*key) {
                Some(Json::String(text)) => Some(text.as_str()),
                Some(Json::Array(all)) => all.first().and_then(Json::as_str),
                _ => None,
            })
        };
        let id = word(&["id", "law", "title", "word", "say"]).map_or_else(|| at.to_string(), str::to_owned);
        let title = word(&["title", "word", "say", "id", "law"]).unwrap_or("一行");
        // A second row of the same name is a row of its own.
        let id = if all.contains_key(&id) { format!("{id}#{at}") } else { id };
        all.insert(id, (title, row));
    }
    all
}

/// What a year's notices change: the notices that are new, and the days.
#[must_use]
pub fn holidays(old: Side<'_>, new: Side<'_>, year: i16) -> Vec<String> {
    let of = |side: Side<'_>| side.corpus.rules.holidays.iter().find(|y| y.year == year).cloned();
    let (then, now) = (of(old), of(new));
    let known =
        |n: &crate::corpus::HolidayNotice| then.as_ref().is_some_and(|y: &HolidayYear| y.notice.contains(n));
    let mut all: Vec<String> = now
        .iter()
        .flat_map(|y| &y.notice)
        .filter(|n| !known(n))
        .map(|n| match n.number.as_str() {
            "" => format!("通知：{}", n.title),
            number => format!("通知：{}（{number}）", n.title),
        })
        .collect();
    let (a, b) = (&old.corpus.rules.calendar, &new.corpus.rules.calendar);
    let days = days(a, b, year);
    all.push(match days.as_slice() {
        [] => "没有一天上班、放假有变化".to_owned(),
        days => format!("变了的日子：{}", several(days, 12)),
    });
    all
}

fn days(old: &Calendar, new: &Calendar, year: i16) -> Vec<String> {
    let word = |calendar: &Calendar, date: Date| {
        calendar.day(date).ok().map(|day| {
            let provisional = if day.provisional { "（暂定）" } else { "" };
            match day.kind {
                DayKind::Working => format!("上班{provisional}"),
                DayKind::Weekend => format!("周末{provisional}"),
                DayKind::Off => format!("{}放假{provisional}", day.holiday.unwrap_or_default()),
                DayKind::MakeUp => "调休上班".to_owned(),
            }
        })
    };
    let plain = |text: &Option<String>| text.as_ref().map(|t| t.replace("（暂定）", ""));
    let (Some(first), Some(last)) = (Date::of(year, 1, 1), Date::of(year, 12, 31)) else { return vec![] };
    (first.number()..=last.number())
        .filter_map(Date::of_number)
        .filter_map(|date| {
            let (a, b) = (word(old, date), word(new, date));
            (plain(&a) != plain(&b)).then(|| {
                let a = a.unwrap_or_else(|| "不知道".to_owned());
                let b = b.unwrap_or_else(|| "不知道".to_owned());
                format!("{date}（{}）{a} → {b}", date.weekday())
            })
        })
        .collect()
}
