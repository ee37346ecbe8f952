//! Civil dates, and the working days that the State Council's holiday notices make of them.
//!
//! Only this room knows `jiff`.

mod days;
pub mod ics;

pub use days::{Beyond, Calendar, Day, DayKind, Holiday, Interval, MakeUp, Notice, Statutory, merged};

use std::fmt;

/// The day from which day numbers count.
const EPOCH: jiff::civil::Date = jiff::civil::Date::constant(1970, 1, 1);

/// A civil date, without time and time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(jiff::civil::Date);

impl Date {
    /// Later than every date that is written anywhere.
    pub const LAST: Self = Self(jiff::civil::Date::constant(9000, 1, 1));

    /// Reads `2026-11-23`; the month and day may lack their zero. `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let digits = [year, month, day].iter().all(|p| p.bytes().all(|b| b.is_ascii_digit()));
        if parts.next().is_some() || year.len() != 4 || !digits {
            return None;
        }
        let date = jiff::civil::Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
        (date.year() >= 1949).then_some(Self(date))
    }

    /// The day (in UTC) so many seconds after the first of January 1970.
    #[must_use]
    pub fn of_unix(seconds: u64) -> Option<Self> {
        Self::of_number(i32::try_from(seconds / 86_400).ok()?)
    }

    /// A day by its year, month and day.
    #[must_use]
    pub fn of(year: i16, month: i8, day: i8) -> Option<Self> {
        jiff::civil::Date::new(year, month, day).ok().filter(|d| d.year() >= 1949).map(Self)
    }

    /// Days since the first of January 1970.
    #[must_use]
    pub fn number(self) -> i32 {
        // Days between two dates: jiff counts them without going through an instant.
        self.0.since(EPOCH).map_or(0, |span| span.get_days())
    }

    /// The day of that number; see [`Date::number`].
    #[must_use]
    pub fn of_number(number: i32) -> Option<Self> {
        let span = jiff::Span::new().try_days(number).ok()?;
        EPOCH.checked_add(span).ok().map(Self)
    }

    /// The corresponding day so many months later; where the month has no such day, its last one
    /// (最高人民法院关于适用行政诉讼法的解释第四十八条).
    #[must_use]
    pub fn months_later(self, months: u32) -> Option<Self> {
        let span = jiff::Span::new().try_months(i64::from(months)).ok()?;
        self.0.checked_add(span).ok().map(Self)
    }

    /// The following day.
    #[must_use]
    pub fn tomorrow(self) -> Option<Self> {
        self.0.tomorrow().ok().map(Self)
    }

    /// 周一 to 周日.
    #[must_use]
    pub fn weekday(self) -> &'static str {
        ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]
            [usize::try_from(self.0.weekday().to_monday_zero_offset()).unwrap_or(0).min(6)]
    }

    /// Month of the year, from 1.
    #[must_use]
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// Day of the month, from 1.
    #[must_use]
    pub fn day(self) -> i8 {
        self.0.day()
    }

    /// As official documents write it (GB/T 9704-2012: Arabic digits, no leading zero): 2026年11月2日.
    #[must_use]
    pub fn official(self) -> String {
        format!("{}年{}月{}日", self.0.year(), self.0.month(), self.0.day())
    }

    /// The four-digit year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.0.year()
    }
}

impl fmt::Display for Date {
    /// ISO 8601: 2026-11-02.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn a_date_is_written_without_leading_zeros() {
        assert_eq!(Date::parse("2026-03-05").unwrap().official(), "2026年3月5日");
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in [
            "2026-02-30",
            "2026-13-01",
            "26-01-01",
            "2026/01/01",
            "2026-01",
            "",
            "2026-1-1-1",
            "2026-+1-+8",
            "0001-01-01",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }
}
