//! Civil dates as letters and headers carry them. Working days come here with the holiday notices.
//!
//! Only this room knows `jiff`.

use std::fmt;

/// A civil date, without time and time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(jiff::civil::Date);

impl Date {
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
        let days = i32::try_from(seconds / 86_400).ok()?;
        let span = jiff::Span::new().try_days(days).ok()?;
        jiff::civil::Date::constant(1970, 1, 1).checked_add(span).ok().map(Self)
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
