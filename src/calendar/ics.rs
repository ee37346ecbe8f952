//! iCalendar files: holidays in, terms out.
//!
//! Only this file knows `icalendar`.

use super::Date;
use icalendar::{Calendar, Component, DatePerhapsTime, Event, Property};

/// Days that a file gives a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What stands there: 春节 休, 国庆节 班 …
    pub name: String,
    /// First day.
    pub first: Date,
    /// Last day.
    pub last: Date,
}

/// One entry that is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Unique and always the same for the same term.
    pub uid: String,
    /// The day.
    pub date: Date,
    /// The title.
    pub summary: String,
    /// What to know.
    pub description: String,
}

/// The whole-day entries of a file.
///
/// # Errors
///
/// What is wrong with it.
pub fn read(text: &str) -> Result<Vec<Named>, String> {
    let calendar: Calendar = text.parse().map_err(|_| "这不是能读的 .ics 日历文件".to_owned())?;
    let day = |date: DatePerhapsTime| match date {
        DatePerhapsTime::Date(date) => Date::parse(&date.to_string()),
        DatePerhapsTime::DateTime(_) => None,
    };
    let mut all = vec![];
    for event in calendar.events() {
        let Some(first) = event.get_start().and_then(day) else { continue };
        // The end is the day after the last one (RFC 5545, 3.6.1).
        let last = event.get_end().and_then(day).and_then(|end| Date::of_number(end.number() - 1));
        let name = event.get_summary().unwrap_or_default().to_owned();
        all.push(Named { name, first, last: last.unwrap_or(first).max(first) });
    }
    if all.is_empty() { Err("这个 .ics 文件里没有整天的日程".to_owned()) } else { Ok(all) }
}

/// A calendar of whole-day entries.
#[must_use]
pub fn write(name: &str, entries: &[Entry]) -> String {
    let mut calendar = Calendar::empty();
    calendar.append_property(Property::new("VERSION", "2.0"));
    calendar.append_property(Property::new("PRODID", "-//gongkai//deadline//ZH"));
    calendar.append_property(Property::new("CALSCALE", "GREGORIAN"));
    calendar.name(name);
    for entry in entries {
        let compact = |date: Date| date.to_string().replace('-', "");
        let after = entry.date.tomorrow().unwrap_or(entry.date);
        let date = |key: &str, date: Date| {
            let mut property = Property::new(key, compact(date));
            property.add_parameter("VALUE", "DATE");
            property.done()
        };
        let mut event = Event::new();
        event.uid(&entry.uid);
        // The stamp is the day itself: the same terms make the same bytes.
        event.add_property("DTSTAMP", format!("{}T000000Z", compact(entry.date)));
        event.append_property(date("DTSTART", entry.date));
        event.append_property(date("DTEND", after));
        event.summary(&entry.summary);
        event.description(&entry.description);
        calendar.push(event.done());
    }
    calendar.to_string()
}
