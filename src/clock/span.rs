//! One stretch of time: from a day, so many days of a kind, some left out, some added.

use crate::calendar::{Beyond, Calendar, Date, Interval, MakeUp};
use crate::corpus::Unit;

/// A stretch of time. The first day never counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The day from which it runs.
    pub start: Date,
    /// How many, extensions included.
    pub count: u32,
    /// Of what.
    pub unit: Unit,
    /// What does not count, in order and apart (see [`crate::calendar::merged`]).
    pub paused: Vec<Interval>,
}

/// The last day of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The day.
    pub date: Date,
    /// It rests on a year without a notice, and may move.
    pub provisional: bool,
}

/// Why there is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoDate {
    /// The holiday notice of that year is needed.
    NeedsNotice(i16),
    /// The year lies before the first notice.
    TooEarly(i16),
    /// Even a provisional date would be a guess.
    TooFar,
}

impl std::fmt::Display for NoDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NeedsNotice(year) => {
                write!(f, "要用到{year}年的放假安排，还没有导入，不能推算（加 --provisional 得到暂定的日期）")
            }
            Self::TooEarly(year) => write!(f, "没有{year}年的放假安排，不能推算"),
            Self::TooFar => write!(f, "太远了，没有放假安排，连暂定的日期也不能给"),
        }
    }
}

impl From<Beyond> for NoDate {
    fn from(beyond: Beyond) -> Self {
        if beyond.before { Self::TooEarly(beyond.year) } else { Self::TooFar }
    }
}

impl Span {
    /// Its last day. Days and months that end on a day off end on the next working day; working days need not
    /// (行政复议法第八十八条、民事诉讼法第八十五条).
    ///
    /// # Errors
    ///
    /// When the calendar does not reach it, or only provisionally and that is not wanted.
    pub fn end(&self, calendar: &Calendar, policy: MakeUp, provisional: bool) -> Result<Due, NoDate> {
        let date = match self.unit {
            Unit::Workday => calendar.nth_working_day(self.start, self.count, &self.paused, policy)?,
            Unit::Day => {
                let days = i32::try_from(self.count).map_err(|_| NoDate::TooFar)?;
                let last = self.start.number().checked_add(days).ok_or(NoDate::TooFar)?;
                calendar.rolled(self.after_pauses(last)?, policy)?
            }
            Unit::Month => {
                let last = self.start.months_later(self.count).ok_or(NoDate::TooFar)?;
                calendar.rolled(self.after_pauses(last.number())?, policy)?
            }
        };
        // The first day too must be one that the notices know.
        calendar.day(self.start)?;
        let due = Due { date, provisional: calendar.is_provisional(date) };
        if due.provisional && !provisional {
            // The first missing year: what comes later cannot be had before it.
            return Err(NoDate::NeedsNotice(calendar.years().end));
        }
        Ok(due)
    }

    /// A day so much later as the pauses before it are long.
    fn after_pauses(&self, last: i32) -> Result<Date, NoDate> {
        let mut last = last;
        for pause in &self.paused {
            let first = pause.first.max(self.start.number() + 1);
            if first <= pause.last && first <= last {
                last = last.checked_add(pause.last - first + 1).ok_or(NoDate::TooFar)?;
            }
        }
        Date::of_number(last).ok_or(NoDate::TooFar)
    }
}
