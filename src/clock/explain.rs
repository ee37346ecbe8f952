//! A term day by day: what each day is, whether it counts and why not, and its running number.

use super::span::{NoDate, Span};
use crate::calendar::{Calendar, Date, Day, DayKind, MakeUp};
use crate::corpus::Unit;

/// One day of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The day.
    pub date: Date,
    /// Its running number, where it counts.
    pub number: Option<u32>,
    /// 工作日; 周末; 国庆节放假（国办发明电〔2025〕7号）; 征求意见期间，不计入 …
    pub why: String,
    /// No notice covers its year yet.
    pub provisional: bool,
}

/// Every day of a span from its first to its last.
///
/// # Errors
///
/// When the calendar does not reach its end.
pub fn explain(calendar: &Calendar, span: &Span, policy: MakeUp) -> Result<Vec<Row>, NoDate> {
    let end = span.end(calendar, policy, true)?.date;
    let mut rows = vec![];
    let mut number = 0;
    let mut date = span.start;
    loop {
        let day = calendar.day(date)?;
        let paused = span.paused.iter().any(|p| (p.first..=p.last).contains(&date.number()));
        let (counts, why) = if date == span.start {
            (false, format!("起算的这一天不数（{}）", describe(&day)))
        } else if paused {
            (false, format!("停，不计入（{}）", describe(&day)))
        } else {
            let works = match day.kind {
                DayKind::Working => true,
                DayKind::MakeUp => policy == MakeUp::Count,
                DayKind::Weekend | DayKind::Off => false,
            };
            let left_out =
                day.kind == DayKind::MakeUp && policy == MakeUp::Skip && span.unit == Unit::Workday;
            let why = if left_out {
                format!("{}，按本机关设置不数", describe(&day))
            } else {
                describe(&day)
            };
            (works || span.unit != Unit::Workday, why)
        };
        // Days past the count are only there because the last day was a day off.
        let past = span.unit == Unit::Day && number >= span.count;
        if counts && !past {
            number += 1;
        }
        let why = if past && counts { format!("{why}，顺延") } else { why };
        rows.push(Row {
            date,
            number: (counts && !past).then_some(number),
            why,
            provisional: day.provisional,
        });
        if date >= end {
            return Ok(rows);
        }
        date = date.tomorrow().ok_or(NoDate::TooFar)?;
    }
}

fn describe(day: &Day<'_>) -> String {
    let by = match day.notice {
        Some(notice) if notice.number.is_empty() => format!("（{}）", notice.title),
        Some(notice) => format!("（{}）", notice.number),
        None => String::new(),
    };
    let holiday = day.holiday.unwrap_or_default();
    match day.kind {
        DayKind::Working => "工作日".to_owned(),
        DayKind::Weekend => "周末".to_owned(),
        DayKind::Off if day.notice.is_none() => format!("{holiday}，法定节日，安排未公布"),
        DayKind::Off => format!("{holiday}放假{by}"),
        DayKind::MakeUp => format!("调休上班{by}"),
    }
}
