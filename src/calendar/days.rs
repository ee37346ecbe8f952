//! Which days are worked: weekends, what the holiday notices set, and how far the notices reach.

use super::Date;
use std::ops::Range;

/// One notice of the State Council's office about the holidays of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The year it is about.
    pub year: i16,
    /// 文号; empty where it is not known.
    pub number: String,
    /// Its title.
    pub title: String,
    /// When it was issued. A later notice goes over an earlier one, day by day.
    pub date: Date,
    /// What it sets.
    pub holidays: Vec<Holiday>,
}

/// One holiday of a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holiday {
    /// 元旦, 春节 …
    pub name: String,
    /// The days that are off.
    pub off: Vec<Date>,
    /// The make-up days that are worked.
    pub work: Vec<Date>,
}

/// The legal holidays of a year that has no notice yet. They serve dates that are marked 暂定.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statutory {
    /// The year.
    pub year: i16,
    /// Name and day.
    pub days: Vec<(String, Date)>,
}

/// What a day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind {
    /// Monday to Friday, and no notice says otherwise.
    Working,
    /// Saturday or Sunday, and no notice says otherwise.
    Weekend,
    /// Off by a notice, or by law where there is no notice yet.
    Off,
    /// A Saturday or Sunday that is worked by a notice (调休上班).
    MakeUp,
}

/// A day with what it is and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day<'a> {
    /// The day.
    pub date: Date,
    /// What it is.
    pub kind: DayKind,
    /// The holiday that made it so.
    pub holiday: Option<&'a str>,
    /// The notice that made it so.
    pub notice: Option<&'a Notice>,
    /// No notice covers its year yet.
    pub provisional: bool,
}

/// Whether make-up days count as working days: the agency's policy 调休上班日. The notices make them working days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MakeUp {
    /// They do.
    #[default]
    Count,
    /// They do not.
    Skip,
}

impl MakeUp {
    /// The other policy.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Count => Self::Skip,
            Self::Skip => Self::Count,
        }
    }
}

/// Days from the first to the last, both included, as day numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Interval {
    /// First day.
    pub first: i32,
    /// Last day.
    pub last: i32,
}

impl Interval {
    /// From one day to another; `None` if that is earlier.
    #[must_use]
    pub fn new(first: Date, last: Date) -> Option<Self> {
        (first <= last).then(|| Self { first: first.number(), last: last.number() })
    }
}

/// The intervals in order, those that meet or overlap as one: what overlaps counts once.
#[must_use]
pub fn merged(intervals: &[Interval]) -> Vec<Interval> {
    let mut sorted = intervals.to_vec();
    sorted.sort_unstable();
    let mut all: Vec<Interval> = Vec::with_capacity(sorted.len());
    for next in sorted {
        match all.last_mut() {
            Some(last) if next.first <= last.last.saturating_add(1) => last.last = last.last.max(next.last),
            _ => all.push(next),
        }
    }
    all
}

/// A day that the calendar does not reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beyond {
    /// The year whose notice is needed.
    pub year: i16,
    /// Whether the year lies before the data, not after it.
    pub before: bool,
}

/// Working days from the first year with a notice to some years past the last.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    notices: Vec<Notice>,
    /// Number of the first day.
    first: i32,
    /// Number of the day after the last that notices cover.
    covered: i32,
    /// For each day: what it is, and the notice and holiday that made it so.
    days: Vec<(DayKind, Option<(u16, u16)>)>,
    /// The legal holidays used where no notice reaches.
    legal: Vec<(i32, String)>,
    years: Range<i16>,
    /// Years without a notice whose legal holidays are all known.
    known: Vec<i16>,
    counts: [Count; 2],
}

/// Running numbers of working days.
#[derive(Debug, Clone, Default)]
struct Count {
    /// For each day: how many working days up to and including it.
    upto: Vec<u32>,
    /// Index of each working day.
    days: Vec<u32>,
}

/// So many years past the last notice are kept for provisional dates.
const PROVISIONAL_YEARS: i16 = 5;

impl Calendar {
    /// Puts the notices together, those issued later over those issued earlier. Years count as covered from the
    /// first without a gap.
    #[must_use]
    pub fn new(mut notices: Vec<Notice>, statutory: &[Statutory]) -> Self {
        notices.sort_by(|a, b| (a.date, a.year, &a.number).cmp(&(b.date, b.year, &b.number)));
        let years: std::collections::BTreeSet<i16> = notices.iter().map(|n| n.year).collect();
        // The longest run of years without a gap, the later of two: a single year far away must not hide the others.
        let mut runs: Vec<Range<i16>> = vec![];
        for year in years {
            match runs.last_mut() {
                Some(run) if run.end == year => run.end = year + 1,
                _ => runs.push(year..year + 1),
            }
        }
        let Some(Range { start, end }) = runs.into_iter().max_by_key(|run| (run.len(), run.end)) else {
            return Self::default();
        };
        let number = |year: i16| Date::of(year, 1, 1).map_or(0, Date::number);
        let (first, covered, last) = (number(start), number(end), number(end + PROVISIONAL_YEARS));
        let size = usize::try_from(last - first).unwrap_or(0);
        let mut days: Vec<_> = (0..size)
            .map(|i| {
                // The first of January 1970 was a Thursday.
                let weekday = (i64::from(first) + i as i64 + 3).rem_euclid(7);
                (if weekday >= 5 { DayKind::Weekend } else { DayKind::Working }, None)
            })
            .collect();
        let mut legal = vec![];
        for year in end..end + PROVISIONAL_YEARS {
            let known = statutory.iter().find(|s| s.year == year).map(|s| s.days.clone());
            for (name, date) in known.unwrap_or_else(|| fixed_holidays(year)) {
                if let Some(day) = index(first, date).and_then(|i| days.get_mut(i)) {
                    day.0 = DayKind::Off;
                }
                legal.push((date.number(), name));
            }
        }
        for (n, notice) in (0_u16..).zip(&notices) {
            // A notice for a year beyond a gap would be data for days that are not covered.
            if !(start..end).contains(&notice.year) {
                continue;
            }
            for (h, holiday) in (0_u16..).zip(&notice.holidays) {
                for (date, off) in
                    holiday.off.iter().map(|d| (d, true)).chain(holiday.work.iter().map(|d| (d, false)))
                {
                    let Some(day) = index(first, *date).and_then(|i| days.get_mut(i)) else { continue };
                    let weekend = (i64::from(date.number()) + 3).rem_euclid(7) >= 5;
                    let kind = match (off, weekend) {
                        (true, _) => DayKind::Off,
                        (false, true) => DayKind::MakeUp,
                        (false, false) => DayKind::Working,
                    };
                    *day = (kind, Some((n, h)));
                }
            }
        }
        let counts = [MakeUp::Count, MakeUp::Skip].map(|policy| Count::new(&days, policy));
        let known = statutory.iter().map(|s| s.year).collect();
        Self { notices, first, covered, days, legal, years: start..end, known, counts }
    }

    /// The same calendar as it was known before a notice was issued.
    #[must_use]
    pub fn before(&self, date: Date, statutory: &[Statutory]) -> Self {
        Self::new(self.notices.iter().filter(|n| n.date < date).cloned().collect(), statutory)
    }

    /// All notices, in the order of their issue.
    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// The years that notices cover without a gap.
    #[must_use]
    pub fn years(&self) -> Range<i16> {
        self.years.clone()
    }

    /// Whether no notice covers the day's year.
    #[must_use]
    pub fn is_provisional(&self, date: Date) -> bool {
        date.number() >= self.covered
    }

    /// A day, if the calendar reaches it.
    ///
    /// # Errors
    ///
    /// The year that is missing.
    pub fn day(&self, date: Date) -> Result<Day<'_>, Beyond> {
        let beyond = self.beyond(date);
        let (kind, mark) = index(self.first, date).and_then(|i| self.days.get(i)).ok_or(beyond)?;
        let mark = mark.and_then(|(n, h)| {
            let notice = self.notices.get(usize::from(n))?;
            Some((notice, notice.holidays.get(usize::from(h))?))
        });
        let number = date.number();
        let legal = self.legal.iter().find(|(day, _)| *day == number).map(|(_, name)| name.as_str());
        Ok(Day {
            date,
            kind: *kind,
            holiday: mark.map(|(_, h)| h.name.as_str()).or(legal),
            notice: mark.map(|(n, _)| n),
            provisional: self.is_provisional(date),
        })
    }

    /// Whether work is done on that day.
    ///
    /// # Errors
    ///
    /// The year that is missing.
    pub fn is_working(&self, date: Date, policy: MakeUp) -> Result<bool, Beyond> {
        self.day(date).map(|day| works(day.kind, policy))
    }

    /// The last of `count` working days after `start`, days of `paused` (see [`merged`]) left out. `start` itself
    /// never counts; no days at all end on `start`.
    ///
    /// # Errors
    ///
    /// The year that is missing.
    pub fn nth_working_day(
        &self,
        start: Date,
        count: u32,
        paused: &[Interval],
        policy: MakeUp,
    ) -> Result<Date, Beyond> {
        let table = self.count(policy);
        let Some(at) = index(self.first, start).filter(|i| *i < self.days.len()) else {
            return Err(self.beyond(start));
        };
        let origin = start.number();
        let done = table.upto.get(at).copied().unwrap_or(0);
        let mut total = count;
        let mut end = if count == 0 { origin } else { self.position(table, done, total)? };
        for interval in paused {
            let first = interval.first.max(origin.saturating_add(1));
            if first > interval.last {
                continue;
            }
            if first > end || count == 0 {
                break;
            }
            let left_out = self.upto(table, interval.last)? - self.upto(table, first - 1)?;
            total = total.saturating_add(left_out);
            end = self.position(table, done, total)?;
        }
        Date::of_number(end).ok_or(Beyond { year: i16::MAX, before: false })
    }

    /// How many working days lie after `start` up to and including `end`; 0 if `end` is not later.
    ///
    /// # Errors
    ///
    /// The year that is missing.
    pub fn working_days_between(&self, start: Date, end: Date, policy: MakeUp) -> Result<u32, Beyond> {
        let table = self.count(policy);
        let (from, to) = (self.upto(table, start.number())?, self.upto(table, end.number())?);
        Ok(to.saturating_sub(from))
    }

    /// The day itself if it is worked, else the next that is (民事诉讼法第八十五条第三款).
    ///
    /// # Errors
    ///
    /// The year that is missing.
    pub fn rolled(&self, date: Date, policy: MakeUp) -> Result<Date, Beyond> {
        let mut date = date;
        while !self.is_working(date, policy)? {
            date = date.tomorrow().ok_or_else(|| self.beyond(date))?;
        }
        Ok(date)
    }

    /// Whether the legal holidays of a year without a notice are all known, those of the lunar calendar too.
    #[must_use]
    pub fn knows_holidays(&self, year: i16) -> bool {
        self.known.contains(&year)
    }

    /// The days after `start` up to `end` whose year has no notice yet and that the notice may set otherwise: legal
    /// holidays, weekends, and working days near a legal holiday; every day of a year whose holidays are not known.
    #[must_use]
    pub fn may_move(&self, start: Date, end: Date) -> Vec<Date> {
        let near = |day: i32| self.legal.iter().any(|(legal, _)| (legal - day).abs() <= NEAR_A_HOLIDAY);
        let from = (start.number() + 1).max(self.covered);
        (from..=end.number())
            .filter(|day| {
                let year = Date::of_number(*day).map(Date::year);
                if year.is_none_or(|year| !self.knows_holidays(year)) {
                    return true;
                }
                let kind = usize::try_from(day - self.first).ok().and_then(|i| self.days.get(i));
                kind.is_none_or(|(kind, _)| *kind != DayKind::Working) || near(*day)
            })
            .filter_map(Date::of_number)
            .collect()
    }

    fn count(&self, policy: MakeUp) -> &Count {
        match policy {
            MakeUp::Count => &self.counts[0],
            MakeUp::Skip => &self.counts[1],
        }
    }

    fn upto(&self, table: &Count, number: i32) -> Result<u32, Beyond> {
        let found = usize::try_from(number - self.first).ok().and_then(|i| table.upto.get(i));
        found.copied().ok_or_else(|| self.beyond_number(number))
    }

    /// The number of the day that is working day `done + total` of the whole calendar.
    fn position(&self, table: &Count, done: u32, total: u32) -> Result<i32, Beyond> {
        let wanted = u64::from(done) + u64::from(total);
        let found = wanted.checked_sub(1).and_then(|n| table.days.get(usize::try_from(n).ok()?));
        let last = || Beyond { year: self.years.end + PROVISIONAL_YEARS, before: false };
        found.and_then(|day| i32::try_from(*day).ok()).map(|day| self.first + day).ok_or_else(last)
    }

    fn beyond_number(&self, number: i32) -> Beyond {
        Date::of_number(number).map_or(Beyond { year: i16::MAX, before: false }, |date| self.beyond(date))
    }

    fn beyond(&self, date: Date) -> Beyond {
        Beyond { year: date.year(), before: date.number() < self.first }
    }
}

/// Make-up days and added days off lie within so many days of a legal holiday.
const NEAR_A_HOLIDAY: i32 = 12;

impl Count {
    fn new(days: &[(DayKind, Option<(u16, u16)>)], policy: MakeUp) -> Self {
        let mut count = Self { upto: Vec::with_capacity(days.len()), days: vec![] };
        for (i, (kind, _)) in (0_u32..).zip(days) {
            if works(*kind, policy) {
                count.days.push(i);
            }
            count.upto.push(u32::try_from(count.days.len()).unwrap_or(u32::MAX));
        }
        count
    }
}

fn works(kind: DayKind, policy: MakeUp) -> bool {
    match kind {
        DayKind::Working => true,
        DayKind::MakeUp => policy == MakeUp::Count,
        DayKind::Weekend | DayKind::Off => false,
    }
}

fn index(first: i32, date: Date) -> Option<usize> {
    usize::try_from(date.number() - first).ok()
}

/// The legal holidays that have the same date in every year (全国年节及纪念日放假办法第二条). Those of the lunar
/// calendar are missing.
fn fixed_holidays(year: i16) -> Vec<(String, Date)> {
    let days = [
        ("元旦", 1, 1),
        ("劳动节", 5, 1),
        ("劳动节", 5, 2),
        ("国庆节", 10, 1),
        ("国庆节", 10, 2),
        ("国庆节", 10, 3),
    ];
    days.into_iter().filter_map(|(name, m, d)| Some((name.to_owned(), Date::of(year, m, d)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::{Beyond, Calendar, DayKind, Holiday, Interval, MakeUp, Notice, merged};
    use crate::calendar::Date;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn notice(year: i16, issued: &str, off: &[&str], work: &[&str]) -> Notice {
        let days = |all: &[&str]| all.iter().map(|d| date(d)).collect();
        let holidays = vec![Holiday { name: "示例节".into(), off: days(off), work: days(work) }];
        Notice { year, number: "示例".into(), title: "示例".into(), date: date(issued), holidays }
    }

    /// 2021 as it would be with one holiday: Monday the 4th of January off, Saturday the 9th worked.
    fn calendar() -> Calendar {
        Calendar::new(vec![notice(2021, "2020-12-01", &["2021-01-04"], &["2021-01-09"])], &[])
    }

    fn nth(start: &str, count: u32) -> String {
        calendar().nth_working_day(date(start), count, &[], MakeUp::Count).unwrap().to_string()
    }

    #[test]
    fn the_first_day_never_counts_and_make_up_days_do() {
        assert_eq!(nth("2021-01-01", 1), "2021-01-05");
        assert_eq!(nth("2021-01-08", 1), "2021-01-09");
        assert_eq!(nth("2021-01-08", 2), "2021-01-11");
        assert_eq!(nth("2021-01-08", 0), "2021-01-08");
    }

    #[test]
    fn an_agency_may_leave_make_up_days_out() {
        let found = calendar().nth_working_day(date("2021-01-08"), 1, &[], MakeUp::Skip).unwrap();
        assert_eq!(found.to_string(), "2021-01-11");
    }

    #[test]
    fn days_that_overlap_are_left_out_once() {
        let pause = |a: &str, b: &str| Interval::new(date(a), date(b)).unwrap();
        let paused = merged(&[pause("2021-01-14", "2021-01-20"), pause("2021-01-12", "2021-01-15")]);
        let found = calendar().nth_working_day(date("2021-01-10"), 2, &paused, MakeUp::Count).unwrap();
        assert_eq!(found.to_string(), "2021-01-21");
    }

    #[test]
    fn a_pause_after_the_end_changes_nothing() {
        let pause = [Interval::new(date("2021-01-13"), date("2021-01-20")).unwrap()];
        let found = calendar().nth_working_day(date("2021-01-10"), 2, &pause, MakeUp::Count).unwrap();
        assert_eq!(found.to_string(), "2021-01-12");
    }

    #[test]
    fn days_past_the_last_notice_are_provisional() {
        let calendar = calendar();
        assert!(!calendar.is_provisional(date("2021-12-31")));
        assert!(calendar.is_provisional(date("2022-01-01")));
        assert_eq!(calendar.day(date("2022-01-01")).unwrap().kind, DayKind::Off);
    }

    #[test]
    fn a_day_before_the_first_notice_is_refused() {
        let found = calendar().nth_working_day(date("2020-12-31"), 1, &[], MakeUp::Count);
        assert_eq!(found, Err(Beyond { year: 2020, before: true }));
    }

    #[test]
    fn a_later_notice_goes_over_an_earlier_one() {
        let later = notice(2021, "2021-03-01", &[], &["2021-01-04"]);
        let earlier = notice(2021, "2020-12-01", &["2021-01-04"], &["2021-01-09"]);
        let calendar = Calendar::new(vec![later, earlier], &[]);
        let day = calendar.day(date("2021-01-04")).unwrap();
        assert_eq!((day.kind, day.notice.unwrap().date), (DayKind::Working, date("2021-03-01")));
        let before = calendar.before(date("2021-03-01"), &[]);
        assert_eq!(before.day(date("2021-01-04")).unwrap().kind, DayKind::Off);
    }

    #[test]
    fn a_year_after_a_gap_is_not_covered() {
        let year = |y: i16| notice(y, &format!("{}-12-01", y - 1), &[], &[]);
        let years = |all: &[i16]| Calendar::new(all.iter().map(|y| year(*y)).collect(), &[]).years();
        assert_eq!(years(&[2021, 2022, 2024]), 2021..2023);
        assert_eq!(years(&[2006, 2021, 2022]), 2021..2023);
        assert_eq!(years(&[2021, 2023]), 2023..2024);
    }

    #[test]
    fn a_term_ends_on_the_next_working_day() {
        assert_eq!(calendar().rolled(date("2021-01-02"), MakeUp::Count).unwrap().to_string(), "2021-01-05");
        assert_eq!(calendar().rolled(date("2021-01-09"), MakeUp::Count).unwrap().to_string(), "2021-01-09");
    }
}
