//! The calendar and the clock: every date against an independent count, the events of a request, and what is impossible.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its files stops")]

use crate::common;

use common::{Handbook, Run};
use gongkai::calendar::{Calendar, Date, DayKind, Interval, MakeUp, merged};
use gongkai::clock::{AfterReply, Clock, History, Quick, State, Status, Term};
use gongkai::corpus::tree::Node;
use gongkai::corpus::{Choices, Rules, Unit};
use gongkai::text::{Report, Sources};
use proptest::prelude::*;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn rules() -> &'static Rules {
    &common::corpus().rules
}

fn calendar() -> &'static Calendar {
    &rules().calendar
}

fn date(text: &str) -> Date {
    Date::parse(text).unwrap_or_else(|| panic!("{text}"))
}

// The calendar against published data sets

/// Days that are not worked though Monday to Friday, and days that are worked though Saturday or Sunday.
struct Published {
    name: String,
    off: BTreeSet<String>,
    work: BTreeSet<String>,
}

fn published() -> Vec<Published> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/calendar");
    let mut all = vec![];
    for (path, bytes) in common::files(&folder) {
        if !path.ends_with(".json") {
            continue;
        }
        let value: Json = serde_json::from_slice(&bytes).unwrap();
        let days = |key: &str| -> BTreeSet<String> {
            value[key].as_array().unwrap().iter().map(|d| d.as_str().unwrap().to_owned()).collect()
        };
        let name = format!("{} {}", value["name"].as_str().unwrap(), value["version"].as_str().unwrap());
        all.push(Published { name, off: days("off"), work: days("work") });
    }
    assert!(all.len() >= 2, "two independent data sets are wanted");
    all
}

fn days(first: &str, last: &str) -> impl Iterator<Item = Date> + use<> {
    (date(first).number()..=date(last).number()).filter_map(Date::of_number)
}

fn weekend(date: Date) -> bool {
    matches!(date.weekday(), "周六" | "周日")
}

#[test]
fn every_day_from_2008_to_2026_is_what_two_independent_data_sets_say() {
    for set in published() {
        let mut differences = vec![];
        for day in days("2008-01-01", "2026-12-31") {
            let text = day.to_string();
            let theirs = if weekend(day) { set.work.contains(&text) } else { !set.off.contains(&text) };
            let ours = calendar().is_working(day, MakeUp::Count).unwrap();
            if ours != theirs {
                differences.push(text);
            }
        }
        assert_eq!(differences, Vec::<String>::new(), "{}", set.name);
    }
}

#[test]
fn every_day_that_is_not_as_the_week_has_it_names_its_notice() {
    let mut seen = 0;
    for day in days("2008-01-01", "2026-12-31") {
        let found = calendar().day(day).unwrap();
        let plain = if weekend(day) { DayKind::Weekend } else { DayKind::Working };
        if found.kind != plain {
            let notice = found.notice.unwrap_or_else(|| panic!("{day} has no notice"));
            assert!(notice.title.contains("通知"), "{day}: {}", notice.title);
            assert!(found.holiday.is_some(), "{day}");
            seen += 1;
        }
    }
    assert!(seen > 500, "{seen}");
}

/// Counts by looking at one day after the other in a data set of somebody else.
fn naive(set: &Published, start: Date, count: u32) -> Option<Date> {
    let mut day = start;
    let mut left = count;
    while left > 0 {
        day = day.tomorrow()?;
        if day > date("2026-12-31") {
            return None;
        }
        let text = day.to_string();
        let works = if weekend(day) { set.work.contains(&text) } else { !set.off.contains(&text) };
        left -= u32::from(works);
    }
    Some(day)
}

#[test]
fn twenty_working_days_after_every_day_of_receipt_agree_with_an_independent_count() {
    for set in published() {
        let mut seen = 0;
        for start in days("2008-01-01", "2026-12-31") {
            for count in [7, 15, 20, 40] {
                let ours = quick(start, count).answer(calendar(), MakeUp::Count, false);
                assert_eq!(ours.deadline, naive(&set, start, count), "{start} + {count}, {}", set.name);
                seen += 1;
            }
        }
        assert!(seen > 27_000, "{seen}");
    }
}

/// domain.md §6.3
const VECTORS: [(&str, [&str; 4]); 8] = [
    ("2025-12-01", ["2025-12-10", "2025-12-22", "2025-12-29", "2026-01-27"]),
    ("2026-01-15", ["2026-01-26", "2026-02-05", "2026-02-12", "2026-03-18"]),
    ("2026-02-10", ["2026-02-26", "2026-03-09", "2026-03-16", "2026-04-14"]),
    ("2026-04-27", ["2026-05-09", "2026-05-20", "2026-05-27", "2026-06-25"]),
    ("2026-09-10", ["2026-09-20", "2026-10-08", "2026-10-14", "2026-11-11"]),
    ("2026-09-18", ["2026-09-29", "2026-10-15", "2026-10-22", "2026-11-19"]),
    ("2026-10-08", ["2026-10-16", "2026-10-28", "2026-11-04", "2026-12-02"]),
    ("2026-11-23", ["2026-12-02", "2026-12-14", "2026-12-21", ""]),
];

#[test]
fn the_known_dates_hold() {
    for (received, ends) in VECTORS {
        for (count, end) in [7, 15, 20].into_iter().zip(ends) {
            let found = quick(date(received), count).answer(calendar(), MakeUp::Count, false);
            assert_eq!(found.deadline, Some(date(end)), "{received} + {count}");
        }
        let extended =
            Quick { extend: 20, ..quick(date(received), 20) }.answer(calendar(), MakeUp::Count, false);
        assert_eq!(extended.deadline, Date::parse(ends[3]), "{received} + 20 + 20");
    }
}

// The quick form

fn quick(received: Date, count: u32) -> Quick {
    Quick { received, count, unit: Unit::Workday, extend: 0, suspended: vec![], corrected: None }
}

#[test]
fn a_date_beyond_the_notices_is_refused_or_marked() {
    let question = Quick { extend: 20, ..quick(date("2026-11-23"), 20) };
    let refused = question.answer(calendar(), MakeUp::Count, false);
    assert_eq!((refused.deadline, refused.provisional), (None, false));
    assert!(refused.reasons.iter().any(|r| r.contains("2027年的放假安排")), "{:?}", refused.reasons);
    let marked = question.answer(calendar(), MakeUp::Count, true);
    assert!(marked.provisional && marked.deadline.is_some(), "{marked:?}");
    assert!(marked.moving.contains(&date("2027-01-01")), "{:?}", marked.moving);
    assert!(marked.moving.iter().all(|d| *d >= date("2027-01-01") && *d <= marked.deadline.unwrap()));
}

#[test]
fn both_ends_of_a_suspension_are_left_out_and_the_other_reading_counts_the_day_of_sending() {
    let question =
        Quick { suspended: vec![(date("2026-05-06"), date("2026-05-20"))], ..quick(date("2026-04-27"), 20) };
    let found = question.answer(calendar(), MakeUp::Count, false);
    // By hand: 28, 29, 30 April are 3; 6 to 20 May do not count; 21, 22, 25–29 May are 7; 1–5, 8–12 June are 10.
    assert_eq!(found.deadline, Some(date("2026-06-12")));
    assert_eq!(found.alternative, Some(date("2026-06-11")));
    assert_eq!(quick(date("2026-04-27"), 20).answer(calendar(), MakeUp::Count, false).alternative, None);
}

#[test]
fn a_correction_begins_the_term_anew_and_what_was_suspended_before_it_is_forgotten() {
    let question = Quick {
        suspended: vec![(date("2026-04-28"), date("2026-05-06"))],
        corrected: Some(date("2026-05-08")),
        ..quick(date("2026-04-27"), 20)
    };
    let found = question.answer(calendar(), MakeUp::Count, false).deadline;
    assert_eq!(found, quick(date("2026-05-08"), 20).answer(calendar(), MakeUp::Count, false).deadline);
}

#[test]
fn days_and_months_end_on_the_next_working_day() {
    let term = |received: &str, count, unit| {
        Quick { unit, ..quick(date(received), count) }
            .answer(calendar(), MakeUp::Count, false)
            .deadline
            .unwrap()
    };
    // The sixtieth day is Saturday the 21st of March.
    assert_eq!(term("2026-01-20", 60, Unit::Day), date("2026-03-23"));
    // The sixtieth day is a make-up Saturday.
    assert_eq!(term("2026-03-10", 60, Unit::Day), date("2026-05-09"));
    // Into the holidays of October.
    assert_eq!(term("2026-04-03", 6, Unit::Month), date("2026-10-08"));
    // There is no 31st of February.
    assert_eq!(term("2025-08-31", 6, Unit::Month), date("2026-02-28"));
}

#[test]
fn where_make_up_days_decide_both_dates_are_shown() {
    let found = quick(date("2026-04-27"), 7).answer(calendar(), MakeUp::Count, false);
    assert_eq!((found.deadline, found.other_make_up), (Some(date("2026-05-09")), Some(date("2026-05-11"))));
    let found = quick(date("2026-04-27"), 7).answer(calendar(), MakeUp::Skip, false);
    assert_eq!((found.deadline, found.other_make_up), (Some(date("2026-05-11")), Some(date("2026-05-09"))));
    let same = quick(date("2026-06-22"), 7).answer(calendar(), MakeUp::Count, false);
    assert_eq!(same.other_make_up, None);
}

#[test]
fn what_the_quick_form_cannot_be_is_said() {
    let base = quick(date("2026-04-27"), 20);
    for (question, words) in [
        (Quick { corrected: Some(date("2026-04-26")), ..base.clone() }, "早于收到申请"),
        (Quick { extend: 21, ..base.clone() }, "最长 20 个工作日"),
        (Quick { suspended: vec![(date("2026-05-20"), date("2026-05-06"))], ..base.clone() }, "写反了"),
        (Quick { suspended: vec![(date("2026-04-20"), date("2026-05-06"))], ..base.clone() }, "早于收到申请"),
        (Quick { count: 0, ..base.clone() }, "至少是 1"),
    ] {
        assert!(question.problem().is_some_and(|p| p.contains(words)), "{words}");
    }
    assert_eq!(base.problem(), None);
}

/// A day of the covered years, and pauses after it.
fn received() -> impl Strategy<Value = Date> {
    (date("2008-01-01").number()..date("2025-06-01").number()).prop_map(|n| Date::of_number(n).unwrap())
}

fn pauses() -> impl Strategy<Value = Vec<(i32, i32)>> {
    proptest::collection::vec((0..60_i32, 0..30_i32), 0..6)
}

fn suspended(received: Date, pauses: &[(i32, i32)]) -> Vec<(Date, Date)> {
    let day = |n: i32| Date::of_number(received.number() + n).unwrap();
    pauses.iter().map(|(from, length)| (day(*from), day(from + length))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_order_of_suspensions_does_not_matter(received in received(), pauses in pauses(), turn in 0..6_usize) {
        let all = suspended(received, &pauses);
        let mut turned = all.clone();
        if !turned.is_empty() { let n = turn % turned.len(); turned.rotate_left(n); }
        let end = |suspended| Quick { suspended, ..quick(received, 20) }.answer(calendar(), MakeUp::Count, false).deadline;
        prop_assert_eq!(end(all), end(turned));
    }

    #[test]
    fn suspensions_that_overlap_count_once_and_agree_with_a_count_day_by_day(received in received(), pauses in pauses(), extend in 0..21_u32) {
        let all = suspended(received, &pauses);
        let question = Quick { suspended: all.clone(), extend, ..quick(received, 20) };
        let found = question.answer(calendar(), MakeUp::Count, false).deadline.unwrap();
        let mut day = received;
        let mut left = 20 + extend;
        while left > 0 {
            day = day.tomorrow().unwrap();
            let paused = all.iter().any(|(a, b)| (*a..=*b).contains(&day));
            left -= u32::from(!paused && calendar().is_working(day, MakeUp::Count).unwrap());
        }
        prop_assert_eq!(found, day);
        // A term of working days always ends on one.
        prop_assert!(calendar().is_working(found, MakeUp::Count).unwrap());
    }

    #[test]
    fn a_longer_suspension_or_extension_never_makes_the_term_shorter(received in received(), pauses in pauses(), extend in 0..20_u32) {
        let all = suspended(received, &pauses);
        let end = |suspended, extend| Quick { suspended, extend, ..quick(received, 20) }.answer(calendar(), MakeUp::Count, false).deadline.unwrap();
        prop_assert!(end(all.clone(), extend) >= end(vec![], extend));
        prop_assert!(end(all.clone(), extend + 1) > end(all, extend));
    }

    #[test]
    fn merged_intervals_hold_the_same_days_and_lie_apart(pauses in pauses()) {
        let intervals: Vec<Interval> = pauses.iter().map(|(a, n)| Interval { first: *a, last: a + n }).collect();
        let all = merged(&intervals);
        let days = |all: &[Interval]| -> BTreeSet<i32> { all.iter().flat_map(|i| i.first..=i.last).collect() };
        prop_assert_eq!(days(&all), days(&intervals));
        prop_assert!(all.windows(2).all(|w| w[0].last + 1 < w[1].first));
    }
}

// The events of a request

fn history(text: &str) -> Result<History, String> {
    let mut report = Report::default();
    let found = Node::parse("request.toml", text, 0, &mut report)
        .and_then(|node| History::read(&node, "request.toml", &BTreeSet::new(), &mut report));
    found.ok_or_else(|| shown(&report, text))
}

fn shown(report: &Report, text: &str) -> String {
    let mut sources = Sources::default();
    sources.insert("request.toml", text);
    report.render(&sources, false)
}

/// Events as lines: 日期 事情 key=value…
fn events(lines: &str) -> String {
    let mut out = String::new();
    for line in lines.lines().map(str::trim).filter(|l| !l.is_empty()) {
        let mut parts = line.split_whitespace();
        let (date, kind) = (parts.next().unwrap(), parts.next().unwrap());
        out.push_str(&format!("[[events]]\ndate = \"{date}\"\nkind = \"{kind}\"\n"));
        for part in parts {
            let (key, value) = part.split_once('=').unwrap();
            let number = value.parse::<u32>().is_ok() && key != "items";
            let value = match key {
                "items" => format!("{:?}", value.split(',').collect::<Vec<_>>()),
                _ if number => value.to_owned(),
                _ => format!("\"{value}\""),
            };
            out.push_str(&format!("{key} = {value}\n"));
        }
    }
    out
}

fn run_with(lines: &str, on: Option<&str>, choices: &Choices) -> Result<Status, String> {
    let text = if lines.contains("[[items]]") { lines.to_owned() } else { events(lines) };
    let history = history(&text)?;
    let mut report = Report::default();
    let after = [AfterReply {
        subject: "答复".into(),
        items: history.items.iter().map(|i| i.id.clone()).collect(),
        review_days: Some(60),
        direct_months: Some(6),
    }];
    let clock = Clock { rules: rules(), choices, provisional: false };
    clock.run(&history, on.map(date), &after, &mut report).ok_or_else(|| shown(&report, &text))
}

fn run(lines: &str) -> Status {
    run_with(lines, None, &Choices::new()).unwrap_or_else(|said| panic!("{said}"))
}

fn on(lines: &str, day: &str) -> Status {
    run_with(lines, Some(day), &Choices::new()).unwrap_or_else(|said| panic!("{said}"))
}

#[track_caller]
fn refused(lines: &str, words: &str) {
    let said = run_with(lines, None, &Choices::new()).err().unwrap_or_else(|| panic!("accepted: {lines}"));
    assert!(said.contains(words) && said.contains("request.toml:"), "{words}\n{said}");
}

fn term<'a>(status: &'a Status, id: &str) -> &'a Term {
    status.terms.iter().find(|t| t.id == id).unwrap_or_else(|| panic!("no {id}: {:#?}", status.terms))
}

fn due(status: &Status, id: &str) -> String {
    term(status, id).due.map(|d| d.date.to_string()).unwrap_or_default()
}

const RECEIVED: &str = "2026-09-18 收到申请 channel=邮寄签收\n";

#[test]
fn the_channel_decides_the_day_of_receipt() {
    for channel in ["当面", "口头", "邮寄签收"] {
        let found = run(&format!("2026-09-18 收到申请 channel={channel}"));
        assert_eq!(found.receipt.date, Some(date("2026-09-18")), "{channel}");
        assert_eq!(due(&found, "reply"), "2026-10-22", "{channel}");
    }
    for channel in ["平信", "网络", "电子邮件", "传真"] {
        let open = run(&format!("2026-09-17 收到申请 channel={channel}"));
        assert_eq!(open.receipt.date, None, "{channel}");
        assert!(open.asks.iter().any(|a| a.contains("确认收到日")), "{channel}: {:?}", open.asks);
        assert!(open.terms.is_empty(), "{channel}: nothing runs from a day that is not known");
        let settled = run(&format!("2026-09-17 收到申请 channel={channel}\n2026-09-18 确认收到日"));
        assert_eq!(due(&settled, "reply"), "2026-10-22", "{channel}");
    }
}

#[test]
fn an_unknown_day_of_receipt_is_asked_for() {
    let found = run("未知 收到申请 channel=邮寄签收");
    assert_eq!(found.receipt.date, None);
    assert!(found.asks.iter().any(|a| a.contains("签收")), "{:?}", found.asks);
    let found = run("2026-09-18 收到申请");
    assert!(found.asks.iter().any(|a| a.contains("channel")), "{:?}", found.asks);
    let found = run("2026-09-17 收到申请 channel=网络\n2026-09-18 联系不上");
    assert!(found.notes.iter().any(|n| n.contains("恢复联络")), "{:?}", found.notes);
}

#[test]
fn a_correction_begins_the_term_anew_and_nothing_runs_while_it_is_awaited() {
    let asked = format!("{RECEIVED}2026-09-28 通知补正 until=2026-10-20\n");
    let waiting = on(&asked, "2026-10-09");
    assert_eq!(term(&waiting, "reply").state, State::Waiting);
    assert_eq!(due(&waiting, "reply"), "");
    assert_eq!(due(&waiting, "correction"), "2026-10-20");
    assert_eq!(term(&waiting, "correction-notice").state, State::Met(date("2026-09-28")));
    let corrected = run(&format!("{asked}2026-10-08 收到补正\n"));
    assert_eq!(due(&corrected, "reply"), "2026-11-04");
    let missed = run(&format!("{asked}2026-10-21 逾期未补正\n"));
    assert!(missed.done);
}

#[test]
fn a_correction_asked_for_too_late_is_shown_as_late_and_the_old_day_is_kept_in_sight() {
    let late = format!("{RECEIVED}2026-09-30 通知补正 until=2026-10-20\n");
    let found = on(&late, "2026-10-09");
    assert_eq!(term(&found, "correction-notice").state, State::Late(date("2026-09-30")));
    let reply = term(&found, "reply");
    assert_eq!(
        (due(&found, "reply"), reply.state),
        ("2026-10-22".to_owned(), State::Running),
        "the first term goes on"
    );
    assert!(
        reply.readings.iter().any(|r| r.title.contains("停表") && r.due.is_none()),
        "{:?}",
        reply.readings
    );
    assert_eq!(term(&on(&late, "2026-10-23"), "reply").state, State::Overdue);
    let corrected = run(&format!("{late}2026-10-12 收到补正\n"));
    assert_eq!(due(&corrected, "reply"), "2026-11-09");
    let readings = &term(&corrected, "reply").readings;
    assert!(readings.iter().any(|r| r.due == Some(date("2026-10-22"))), "{readings:?}");
}

#[test]
fn a_longer_time_for_the_correction_is_no_second_demand() {
    let asked =
        format!("{RECEIVED}2026-09-28 通知补正 until=2026-10-20\n2026-10-19 顺延补正期限 until=2026-11-10\n");
    assert_eq!(due(&on(&asked, "2026-10-21"), "correction"), "2026-11-10");
    refused(&format!("{asked}2026-11-10 逾期未补正\n"), "还不能认定逾期");
    let passed = on(&asked, "2026-11-11");
    assert_eq!(term(&passed, "correction").state, State::Passed);
    assert!(term(&passed, "correction").why[0].contains("不再处理"), "{:?}", term(&passed, "correction").why);
}

#[test]
fn a_document_on_the_way_is_not_taken_for_the_reply() {
    let extension = format!(
        "{RECEIVED}2026-10-20 延期 days=10 approver=李某\n2026-10-20 发出 method=邮寄 document=延期告知\n"
    );
    assert!(!run(&extension).done);
    let nameless = run(&format!("{RECEIVED}2026-09-25 发出 method=邮寄\n"));
    assert!(!nameless.done && nameless.asks.iter().any(|a| a.contains("哪份文书")), "{:?}", nameless.asks);
    let named = run(&format!("{RECEIVED}2026-09-25 发出 method=邮寄 document=答复\n"));
    assert!(named.done);
}

#[test]
fn a_new_term_may_be_extended_again() {
    let lines = format!(
        "{RECEIVED}2026-09-25 延期 days=5 approver=李某\n2026-09-28 通知补正 until=2026-10-20\n2026-10-12 收到补正\n2026-11-05 延期 days=5 approver=李某\n"
    );
    assert_eq!(due(&run(&lines), "extension"), "2026-11-16");
}

#[test]
fn a_signature_that_was_refused_is_shown_with_the_reading_that_it_was_in_time() {
    let found = on(
        &format!("{RECEIVED}2026-10-22 作出决定\n2026-10-22 发出 method=直接送达\n2026-10-22 拒收\n"),
        "2026-10-26",
    );
    assert_eq!(term(&found, "reply").state, State::Overdue);
    assert!(term(&found, "reply").readings.iter().any(|r| r.due == Some(date("2026-10-22"))));
}

#[test]
fn consultation_suspends_and_a_late_answer_does_not_suspend_longer() {
    let sent = format!(
        "{RECEIVED}2026-09-28 征求意见 whom=第三方 party=甲公司\n2026-09-29 送达 document=征求意见书 party=甲公司\n"
    );
    // Five working days were used; fifteen are left.
    let answered = run(&format!("{sent}2026-10-12 收到意见 party=甲公司 view=同意公开\n"));
    assert_eq!(due(&answered, "reply"), "2026-11-02");
    let silent = on(&sent, "2026-10-12");
    assert_eq!(due(&silent, "third-party"), "2026-10-26");
    assert_eq!(
        (due(&silent, "reply"), term(&silent, "reply").state),
        ("2026-11-16".to_owned(), State::Paused)
    );
    let late = run(&format!("{sent}2026-11-05 收到意见 party=甲公司 view=不同意公开\n"));
    assert_eq!(due(&late, "reply"), "2026-11-16");
    assert!(late.notes.iter().any(|n| n.contains("内容仍要考虑")), "{:?}", late.notes);
    let note = rules().terms.term("third-party").unwrap().note.clone().unwrap();
    assert!(note.contains("不是视为同意"), "{note}");
    assert!(rules().terms.term("co-producer").unwrap().note.as_ref().unwrap().contains("视为同意公开"));
}

#[test]
fn a_consultation_whose_arrival_is_not_known_stops_the_clock_and_is_asked_for() {
    let found = on(&format!("{RECEIVED}2026-09-28 征求意见 whom=第三方 party=甲公司\n"), "2026-09-29");
    let reply = term(&found, "reply");
    assert_eq!((reply.state, reply.due), (State::Paused, None));
    assert!(
        reply.why.iter().any(|w| w.contains("用了 5 个工作日") && w.contains("还剩 15 个")),
        "{:?}",
        reply.why
    );
    assert!(found.asks.iter().any(|a| a.contains("甲公司")), "{:?}", found.asks);
}

#[test]
fn overlapping_consultations_count_once_and_the_order_of_events_does_not_matter() {
    let all = [
        "2026-09-18 收到申请 channel=邮寄签收",
        "2026-09-28 征求意见 whom=第三方 party=甲公司",
        "2026-09-29 征求意见 whom=共同制作机关 party=乙局",
        "2026-10-12 收到意见 party=乙局",
        "2026-10-12 收到意见 party=甲公司",
        "2026-10-20 延期 days=10 approver=李某",
    ];
    let expected = due(&run(&all.join("\n")), "extension");
    assert_eq!(expected, "2026-11-16");
    for turn in 0..all.len() {
        let mut turned = all.to_vec();
        turned.rotate_left(turn);
        assert_eq!(due(&run(&turned.join("\n")), "extension"), expected, "{turn}");
        turned.reverse();
        assert_eq!(due(&run(&turned.join("\n")), "extension"), expected, "{turn}");
    }
}

#[test]
fn asking_for_a_ruling_does_not_suspend_unless_the_agency_says_so_and_both_days_are_shown() {
    let lines = format!(
        "{RECEIVED}2026-09-28 征求意见 whom=主管部门 party=保密局\n2026-10-12 收到意见 party=保密局\n"
    );
    let plain = run(&lines);
    assert_eq!(due(&plain, "reply"), "2026-10-22");
    assert!(
        term(&plain, "reply").readings.iter().any(|r| r.due == Some(date("2026-11-02"))),
        "{:?}",
        term(&plain, "reply").readings
    );
    let choices = Choices::from([("asking-for-a-ruling".to_owned(), "suspended".to_owned())]);
    let suspended = run_with(&lines, None, &choices).unwrap();
    assert_eq!(due(&suspended, "reply"), "2026-11-02");
}

#[test]
fn an_extension_adds_up_to_twenty_working_days() {
    let found = run(&format!("{RECEIVED}2026-10-22 延期 days=20 approver=李某\n"));
    assert_eq!(due(&found, "extension"), "2026-11-19");
    assert!(term(&found, "extension").why.iter().any(|w| w.contains("2026-10-22")), "the first end is told");
}

#[test]
fn reasons_and_a_reasonable_later_day() {
    let lines = format!(
        "{RECEIVED}2026-09-21 要求说明理由 until=2026-09-28\n2026-09-24 说明理由\n2026-10-20 延迟答复 until=2026-12-18\n"
    );
    let found = run(&lines);
    assert_eq!(due(&found, "delay"), "2026-12-18");
    assert_eq!(term(&found, "delay").citations, ["《政府信息公开条例》第三十五条"]);
}

#[test]
fn a_fee_is_awaited_and_its_payment_begins_the_term_anew() {
    let asked = format!("{RECEIVED}2026-10-09 收费通知 amount=100\n2026-10-12 送达 document=收费通知\n");
    let waiting = on(&asked, "2026-10-20");
    assert_eq!(due(&waiting, "fee-payment"), "2026-11-09");
    assert_eq!(term(&waiting, "reply").state, State::Waiting);
    let paid = run(&format!("{asked}2026-10-20 缴费\n"));
    assert_eq!(due(&paid, "reply"), "2026-11-17");
    let missed = run(&format!("{asked}2026-11-10 逾期未缴费\n"));
    assert!(missed.done);
}

const TWO_ITEMS: &str = "[[items]]\nid = \"1\"\ntext = \"甲\"\n[[items]]\nid = \"2\"\ntext = \"乙\"\n";

#[test]
fn the_items_that_nobody_is_asked_about_are_answered_first() {
    let lines = format!(
        "{TWO_ITEMS}{}",
        events(&format!(
            "{RECEIVED}2026-09-28 征求意见 whom=第三方 party=甲公司 items=2\n2026-10-12 收到意见 party=甲公司\n"
        ))
    );
    let found = run(&lines);
    let of = |item: &str| {
        found.terms.iter().find(|t| t.id == "reply" && t.items == [item]).unwrap_or_else(|| panic!("{item}"))
    };
    assert_eq!(of("1").due.unwrap().date, date("2026-10-22"));
    assert_eq!(of("2").due.unwrap().date, date("2026-11-02"));
    assert!(
        of("1").readings.iter().any(|r| r.due == Some(date("2026-11-02")) && r.title.contains("整件")),
        "{:?}",
        of("1").readings
    );
    let choices = Choices::from([("one-item-consulted".to_owned(), "whole-term".to_owned())]);
    let whole = run_with(&lines, None, &choices).unwrap();
    assert!(
        whole.terms.iter().filter(|t| t.id == "reply").all(|t| t.due.unwrap().date == date("2026-11-02"))
    );
}

#[test]
fn a_reply_by_post_counts_from_the_day_of_posting_and_one_handed_over_from_the_signature() {
    let posted = on(
        &format!("{RECEIVED}2026-10-22 作出决定\n2026-10-22 发出 method=邮寄\n2026-10-26 送达\n"),
        "2026-10-26",
    );
    assert_eq!(term(&posted, "reply").state, State::Met(date("2026-10-22")));
    let handed = on(
        &format!("{RECEIVED}2026-10-22 作出决定\n2026-10-22 发出 method=直接送达\n2026-10-26 送达\n"),
        "2026-10-26",
    );
    assert_eq!(term(&handed, "reply").state, State::Late(date("2026-10-26")));
    assert!(posted.done && handed.done);
}

#[test]
fn the_terms_after_the_reply_run_from_service() {
    let lines = "2026-03-02 收到申请 channel=当面\n2026-03-20 作出决定\n2026-03-20 发出 method=邮寄\n2026-03-23 送达\n";
    let found = run(lines);
    assert_eq!(due(&found, "review"), "2026-05-22");
    assert_eq!(due(&found, "suit"), "2026-09-23");
    let after = run(&format!(
        "{lines}2026-05-25 收到复议申请书副本 procedure=简易程序\n2026-07-20 收到复议决定\n2026-08-03 收到起诉状副本\n"
    ));
    assert_eq!(due(&after, "review-answer-simple"), "2026-06-01");
    assert_eq!(due(&after, "suit-after-review"), "2026-08-04");
    assert_eq!(due(&after, "suit-answer"), "2026-08-18");
    let ordinary = run(&format!("{lines}2026-05-25 收到复议申请书副本 procedure=普通程序\n"));
    assert_eq!(due(&ordinary, "review-answer"), "2026-06-08");
}

#[test]
fn mail_that_came_back_and_a_refused_signature_are_part_of_life() {
    let found = run(&format!(
        "{RECEIVED}2026-10-20 作出决定\n2026-10-20 发出 method=邮寄\n2026-10-28 退回\n2026-11-02 拒收\n"
    ));
    assert_eq!(term(&found, "reply").state, State::Met(date("2026-10-20")));
    assert!(found.notes.iter().any(|n| n.contains("退回")) && found.notes.iter().any(|n| n.contains("拒收")));
}

#[test]
fn a_term_that_ran_out_is_overdue_on_the_next_day_and_not_before() {
    let state = |day: &str| term(&on(RECEIVED, day), "reply").state;
    assert_eq!((state("2026-10-22"), state("2026-10-23")), (State::Running, State::Overdue));
}

#[test]
fn impossible_events_are_refused_with_their_place_and_rule() {
    // kind: impossible-event
    let after = |line: &str| format!("{RECEIVED}{line}\n");
    for (line, words) in [
        ("2026-09-17 征求意见 whom=第三方", "早于收到申请"),
        ("2026-10-08 收到补正", "没有“通知补正”"),
        ("2026-09-20 收到申请 channel=当面", "记了不止一次"),
        ("2026-10-08 收到意见", "没有“征求意见”"),
        ("2026-09-28 征求意见 party=甲公司", "没有写征求谁的"),
        ("2026-10-10 缴费", "没有“收费通知”"),
        ("2026-10-20 延期 days=21 approver=李某", "太长"),
        ("2026-10-20 延期 approver=李某", "没有写延长几个工作日"),
        ("2026-10-20 延期 days=20", "没有写批准人"),
        ("2026-10-23 延期 days=20 approver=李某", "已经届满"),
        ("2026-10-20 延迟答复 until=2026-12-01", "没有“说明理由”"),
        ("2026-09-28 通知补正", "没有写补正期限"),
        ("2026-09-28 通知补正 until=2026-09-28", "不晚于"),
    ] {
        refused(&after(line), words);
    }
    for (lines, words) in [
        ("2026-09-28 通知补正 until=2026-10-20\n2026-10-09 通知补正 until=2026-10-28", "一次性告知"),
        ("2026-09-28 通知补正 until=2026-10-20\n2026-10-20 逾期未补正", "还不能认定逾期"),
        (
            "2026-09-28 通知补正 until=2026-10-20\n2026-10-09 收到补正\n2026-10-22 逾期未补正",
            "两样只能有一样",
        ),
        (
            "2026-09-28 征求意见 whom=第三方 party=甲公司\n2026-09-25 收到意见 party=甲公司",
            "早于征求意见发出",
        ),
        ("2026-09-28 征求意见 whom=第三方 party=甲公司\n2026-10-09 收到意见 party=乙公司", "对不上哪一次"),
        (
            "2026-09-28 征求意见 whom=第三方 party=甲公司\n2026-09-28 征求意见 whom=第三方 party=乙公司\n2026-10-09 收到意见",
            "没有写是哪一方",
        ),
        ("2026-10-08 延期 days=10 approver=李某\n2026-10-20 延期 days=10 approver=李某", "记了不止一次"),
        ("2026-10-22 作出决定\n2026-10-21 发出 method=邮寄", "还没有作出决定就发出"),
        ("2026-10-20 发出 method=邮寄\n2026-10-19 送达", "还没有发出就送达"),
        ("2026-10-20 撤回\n2026-10-21 作出决定", "已经撤回"),
        ("2026-10-20 作出决定\n2026-10-21 作出决定", "两次决定"),
        (
            "2026-10-09 收费通知 amount=100\n2026-10-12 送达 document=收费通知\n2026-11-09 逾期未缴费",
            "还不能认定逾期",
        ),
    ] {
        refused(&after(lines), words);
    }
}

#[test]
fn what_is_wrong_with_the_writing_of_events_is_shown_with_its_place() {
    // kind: wrong-date
    refused("2026-02-30 收到申请 channel=当面", "没有「2026-02-30」这一天");
    refused("2026-09-18 收到申请 channel=快递", "channel");
    refused("2026-09-18 收到申请了 channel=当面", "kind");
    refused(
        &format!("{TWO_ITEMS}{}", events("2026-09-18 收到申请 channel=当面 items=3")),
        "没有编号为「3」的事项",
    );
    refused("2026-09-18 收到申请 chanel=当面", "您是不是要写 channel");
}

// The day-by-day table

#[test]
fn every_term_can_be_explained_day_by_day() {
    let question =
        Quick { suspended: vec![(date("2026-05-06"), date("2026-05-20"))], ..quick(date("2026-04-27"), 20) };
    let answer = question.answer(calendar(), MakeUp::Count, false);
    let rows = gongkai::clock::explain(calendar(), &answer.span, MakeUp::Count).unwrap();
    assert_eq!(rows.last().map(|r| (r.date, r.number)), Some((answer.deadline.unwrap(), Some(20))));
    let counted: Vec<u32> = rows.iter().filter_map(|r| r.number).collect();
    assert_eq!(counted, (1..=20).collect::<Vec<_>>());
    let why: BTreeMap<String, String> = rows.iter().map(|r| (r.date.to_string(), r.why.clone())).collect();
    assert!(why["2026-05-01"].contains("劳动节放假") && why["2026-05-01"].contains('号'), "{why:?}");
    assert!(why["2026-05-09"].contains("停，不计入") && why["2026-05-09"].contains("调休上班"), "{why:?}");
    assert!(why["2026-04-27"].contains("不数"), "{why:?}");
}

// The command line

fn json(run: &Run) -> Json {
    serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {run:?}"))
}

#[test]
fn the_quick_form_answers_in_json_and_refuses_beyond_the_calendar() {
    let handbook = Handbook::bare();
    let run =
        handbook.run(&["deadline", "--received", "2026-04-27", "--days", "20", "--extend", "20", "--json"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(json(&run)["deadline"], "2026-06-25");
    assert_eq!(json(&run)["alternative"], Json::Null);
    assert_eq!(json(&run)["provisional"], false);
    let beyond = ["deadline", "--received", "2026-12-20", "--days", "20", "--json"];
    let run = handbook.run(&beyond);
    assert_eq!((run.code, &json(&run)["deadline"]), (1, &Json::Null), "{run:?}");
    let run = handbook.run(&[&beyond[..], &["--provisional"]].concat());
    assert_eq!((run.code, &json(&run)["provisional"]), (0, &Json::Bool(true)), "{run:?}");
    for wrong in [
        &["deadline"][..],
        &["deadline", "--received", "2026-04-31", "--days", "20"],
        &["deadline", "--received", "2026-04-27"],
        &["deadline", "--received", "2026-04-27", "--days", "20", "--suspend", "2026-05-06"],
        &["deadline", "--received", "2026-04-27", "--days", "20", "--unit", "week"],
    ] {
        let run = handbook.run(wrong);
        assert!(run.code == 2 && run.stderr.contains("提示"), "{wrong:?}: {run:?}");
    }
    let run =
        handbook.run(&["deadline", "--received", "2026-04-27", "--days", "20", "--extend", "21", "--json"]);
    assert_eq!((run.code, &json(&run)["deadline"]), (1, &Json::Null), "{run:?}");
}

fn request(lines: &str) -> String {
    format!(
        "request_number = \"20260031\"\napplicant = \"张某\"\nrequest_text = \"示例方案\"\n{}",
        events(lines)
    )
}

#[test]
fn a_request_file_gives_its_terms_its_calendar_file_and_its_json() {
    let handbook = Handbook::bare();
    handbook.write("甲.toml", request(RECEIVED));
    let run = handbook.run(&["deadline", "甲.toml", "--on", "2026-10-20", "--explain", "--ics", "甲.ics"]);
    assert_eq!(run.code, 0, "{run:?}");
    for words in [
        "收到日：2026-09-18",
        "届满日  2026-10-22（周四）",
        "还有 2 个工作日",
        "第三十三条第二款",
        "国庆节放假",
    ] {
        assert!(run.stdout.contains(words), "{words}: {}", run.stdout);
    }
    let ics = handbook.read("甲.ics");
    assert!(ics.contains("BEGIN:VEVENT\r\n") && ics.contains("DTSTART;VALUE=DATE:20261022\r\n"), "{ics}");
    let again = handbook.run(&["deadline", "甲.toml", "--on", "2026-10-20", "--ics", "甲.ics"]);
    assert_eq!(again.code, 2, "an existing file is kept: {again:?}");
    handbook.run(&["deadline", "甲.toml", "--on", "2026-10-20", "--ics", "乙.ics"]);
    assert_eq!(handbook.read("乙.ics"), ics, "the same terms make the same bytes");
    let run = handbook.run(&["deadline", "甲.toml", "--on", "2026-10-23", "--json"]);
    let value = json(&run);
    assert_eq!(
        (&value["deadline"], &value["received"]),
        (&Json::from("2026-10-22"), &Json::from("2026-09-18"))
    );
    let terms = value["terms"].as_array().unwrap();
    let reply = terms.iter().find(|t| t["id"] == "reply").unwrap();
    assert_eq!((&reply["state"], &reply["days_left"]), (&Json::from("overdue"), &Json::from(-1)));
}

#[test]
fn a_request_without_events_is_told_how_to_get_them() {
    // kind: no-events
    let handbook = Handbook::bare();
    handbook.write("甲.toml", "letter = \"example-notice\"\n");
    let run = handbook.run(&["deadline", "甲.toml"]);
    assert!(run.code == 1 && run.stderr.contains("没有办理记录"), "{run:?}");
}

#[test]
fn what_is_due_comes_with_the_overdue_first() {
    let handbook = Handbook::bare();
    handbook.write("台账/1.toml", request("2026-10-08 收到申请 channel=当面"));
    handbook
        .write("台账/2.toml", request("2026-09-18 收到申请 channel=当面").replace("20260031", "20260002"));
    handbook
        .write("台账/3.toml", request("2026-10-30 收到申请 channel=当面").replace("20260031", "20260003"));
    handbook.write("台账/别的.toml", "a = 1\n");
    let run = handbook.run(&["deadline", "due", "台账", "--within", "5", "--on", "2026-11-02", "--json"]);
    let rows = json(&run);
    let found: Vec<(String, i64)> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["request_number"].as_str().unwrap().to_owned(), r["days_left"].as_i64().unwrap()))
        .collect();
    assert_eq!(found, [("20260002".to_owned(), -7), ("20260031".to_owned(), 2)]);
    handbook.write("台账/坏.toml", "[[events]]\nkind = 1\n");
    let run = handbook.run(&["deadline", "due", "台账", "--on", "2026-11-02"]);
    assert!(run.code == 1 && run.stdout.contains("20260002") && run.stderr.contains("坏.toml"), "{run:?}");
}

const YEAR_2027: &str = "year = 2027\n[[notice]]\nnumber = \"示例〔2026〕1号\"\ntitle = \"示例的2027年放假通知\"\ndate = \"2026-11-30\"\nconfidence = \"G\"\n\
    [[notice.holiday]]\nname = \"元旦\"\noff = [\"2027-01-01\", \"2027-01-02\", \"2027-01-03\", \"2027-01-04\"]\nwork = [\"2027-01-09\"]\n\
    [[notice.holiday]]\nname = \"春节\"\noff = [\"2027-02-05\", \"2027-02-08\"]\n[[notice.holiday]]\nname = \"清明节\"\noff = [\"2027-04-05\"]\n\
    [[notice.holiday]]\nname = \"劳动节\"\noff = [\"2027-05-03\"]\n[[notice.holiday]]\nname = \"端午节\"\noff = [\"2027-06-09\"]\n\
    [[notice.holiday]]\nname = \"中秋节\"\noff = [\"2027-09-15\"]\n[[notice.holiday]]\nname = \"国庆节\"\noff = [\"2027-10-01\"]\n";

#[test]
fn a_new_notice_is_taken_in_and_the_requests_that_it_moves_are_found() {
    let handbook = Handbook::bare();
    handbook.write("台账/1.toml", request("2026-12-08 收到申请 channel=当面"));
    handbook
        .write("台账/2.toml", request("2026-09-18 收到申请 channel=当面").replace("20260031", "20260002"));
    handbook.write("2027.toml", YEAR_2027);
    assert_eq!(handbook.run(&["deadline", "台账/1.toml", "--on", "2026-12-09"]).code, 1);
    let run = handbook.run(&["calendar", "add", "2027.toml"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(handbook.run(&["calendar", "add", "2027.toml"]).code, 2, "it is there already");
    let run = handbook.run(&["calendar", "show", "2027"]);
    assert!(run.stdout.contains("1-4（周一）") && run.stdout.contains("示例〔2026〕1号"), "{run:?}");
    let run = handbook.run(&["deadline", "recheck", "台账", "--on", "2026-12-09", "--json"]);
    let value = json(&run);
    assert_eq!(value["checked"], 2, "{value}");
    let moved: Vec<&Json> =
        value["moved"].as_array().unwrap().iter().filter(|m| m["term"] == "reply").collect();
    assert_eq!(moved.len(), 1, "{value}");
    assert_eq!(moved[0]["from"], "2027-01-06");
    assert_eq!(moved[0]["to"], "2027-01-07");
    assert!(moved[0]["days"].to_string().contains("2027-01-04"), "{value}");
}

/// The rest of a year's holidays, as rows of the usual JSON.
const OTHERS: &str = r#"{"name":"春节","date":"2027-02-08","isOffDay":true},{"name":"清明节","date":"2027-04-05","isOffDay":true},
    {"name":"劳动节","date":"2027-05-03","isOffDay":true},{"name":"端午节","date":"2027-06-09","isOffDay":true},
    {"name":"中秋节","date":"2027-09-15","isOffDay":true},{"name":"国庆节","date":"2027-10-01","isOffDay":true}"#;

#[test]
fn holidays_come_in_as_the_usual_json_and_as_a_calendar_file() {
    let handbook = Handbook::bare();
    let own = r#"{"name":"元旦","date":"2027-01-01","isOffDay":true},{"name":"元旦","date":"2027-01-09","isOffDay":false}"#;
    handbook.write("2027.json", format!("{{\"year\":2027,\"days\":[{own},{OTHERS}]}}"));
    let run = handbook.run(&["calendar", "add", "2027.json"]);
    assert!(run.code == 2 && run.stderr.contains("--date"), "{run:?}");
    let with = ["--date", "2026-11-30", "--number", "示例〔2026〕1号"];
    let run = handbook.run(&[&["calendar", "add", "2027.json"][..], &with].concat());
    assert_eq!(run.code, 0, "{run:?}");
    let from_json = handbook.read("book/rules/calendar/2027.toml");
    assert!(
        from_json.contains("off = [\"2027-01-01\"]") && from_json.contains("work = [\"2027-01-09\"]"),
        "{from_json}"
    );
    let event = |name: &str, day: &str| {
        format!("BEGIN:VEVENT\r\nUID:{day}\r\nDTSTART;VALUE=DATE:{day}\r\nSUMMARY:{name}\r\nEND:VEVENT\r\n")
    };
    let days = [
        ("元旦（休）", "20270101"),
        ("元旦（班）", "20270109"),
        ("春节 休", "20270208"),
        ("清明节 休", "20270405"),
        ("劳动节 休", "20270503"),
        ("端午节 休", "20270609"),
        ("中秋节 休", "20270915"),
        ("国庆节 休", "20271001"),
        ("寒假", "20270111"),
        ("值班", "20270110"),
        ("休渔期开始", "20270501"),
    ];
    let all: String = days.iter().map(|(name, day)| event(name, day)).collect();
    handbook
        .write("2027.ics", format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{all}END:VCALENDAR\r\n"));
    let run = handbook.run(&[&["calendar", "add", "2027.ics", "--force"][..], &with].concat());
    assert!(run.code == 0 && run.stderr.contains("寒假") && run.stderr.contains("休渔期"), "{run:?}");
    assert_eq!(handbook.read("book/rules/calendar/2027.toml"), from_json);
    for (name, text) in [("a.json", "{"), ("a.json", "{}"), ("a.ics", "x"), ("a.txt", "x")] {
        handbook.write(name, text);
        let run = handbook.run(&["calendar", "add", name, "--date", "2026-11-30"]);
        assert!(run.code != 0 && !run.stderr.is_empty(), "{name} {text}: {run:?}");
    }
}

#[test]
fn a_year_with_a_holiday_missing_and_a_year_apart_do_no_harm() {
    let handbook = Handbook::bare();
    let part = r#"{"days":[{"name":"元旦","date":"2027-01-01","isOffDay":true}]}"#;
    handbook.write("part.json", part);
    let run = handbook.run(&["calendar", "add", "part.json", "--date", "2026-11-30"]);
    assert!(run.code == 1 && run.stderr.contains("春节、清明、劳动、端午、中秋、国庆"), "{run:?}");
    assert!(!handbook.path("book/rules/calendar/2027.toml").exists(), "nothing is written");
    handbook.write(
        "2006.json",
        format!("{{\"days\":[{},{OTHERS}]}}", r#"{"name":"元旦","date":"2027-01-01","isOffDay":true}"#)
            .replace("2027-", "2006-"),
    );
    let run = handbook.run(&["calendar", "add", "2006.json", "--date", "2005-12-01"]);
    assert!(run.code == 0 && run.stderr.contains("不相连"), "{run:?}");
    let run = handbook.run(&["deadline", "--received", "2026-04-27", "--days", "20"]);
    assert!(run.stdout.contains("2026-05-27"), "{run:?}");
    // A file of 2027 is not one of 2026 for its first of January.
    handbook.write(
        "2027.json",
        format!("{{\"days\":[{},{OTHERS}]}}", r#"{"name":"元旦","date":"2027-01-01","isOffDay":true}"#),
    );
    let run =
        handbook.run(&["calendar", "add", "2027.json", "--year", "2026", "--date", "2026-11-30", "--force"]);
    assert_ne!(run.code, 0, "{run:?}");
}

// What a hostile tester found

#[test]
fn events_added_at_the_same_time_are_all_kept() {
    let handbook = Handbook::bare();
    handbook.write("甲.toml", request(RECEIVED));
    std::thread::scope(|scope| {
        for n in 0..8 {
            let handbook = &handbook;
            scope.spawn(move || {
                let note = format!("note=第{n}次");
                let run = handbook.run(&[
                    "request",
                    "add",
                    "甲.toml",
                    "联系不上",
                    "--date",
                    "2026-09-21",
                    "--set",
                    &note,
                ]);
                assert_eq!(run.code, 0, "{run:?}");
            });
        }
    });
    assert_eq!(handbook.read("甲.toml").matches("联系不上").count(), 8);
}

#[test]
fn requests_registered_at_the_same_time_have_numbers_of_their_own() {
    let handbook = Handbook::bare();
    handbook.write("20261231会议.txt", "");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            let handbook = &handbook;
            scope.spawn(move || {
                let run = handbook.run(&[
                    "request",
                    "new",
                    "--channel",
                    "当面",
                    "--date",
                    "2026-09-18",
                    "--applicant",
                    "张某",
                    "--item",
                    "示例",
                    "--on",
                    "2026-09-18",
                ]);
                assert_eq!(run.code, 0, "{run:?}");
            });
        }
    });
    let numbers: Vec<String> = (1..=8).map(|n| format!("2026000{n}.toml")).collect();
    assert!(numbers.iter().all(|n| handbook.path(n).is_file()), "{numbers:?}");
}

#[test]
fn what_the_applicant_let_pass_is_no_lateness_of_ours() {
    for lines in [
        "2026-09-28 通知补正 until=2026-11-20\n2026-11-21 逾期未补正",
        "2026-10-09 收费通知 amount=100\n2026-10-12 送达 document=收费通知\n2026-11-10 逾期未缴费",
        "2026-09-28 通知补正 until=2026-11-20\n2026-11-10 撤回",
    ] {
        let found = run(&format!("{RECEIVED}{lines}\n"));
        assert!(
            matches!(term(&found, "reply").state, State::Closed(_)),
            "{lines}: {:?}",
            term(&found, "reply").state
        );
    }
}

#[test]
fn days_used_before_a_second_consultation_leave_out_the_first() {
    let found = on(
        &format!(
            "{RECEIVED}2026-09-21 征求意见 whom=第三方 party=甲\n2026-10-09 收到意见 party=甲\n2026-10-13 征求意见 whom=第三方 party=乙\n"
        ),
        "2026-10-14",
    );
    // The 20th of September, the 10th and the 12th of October.
    assert!(
        term(&found, "reply").why.iter().any(|w| w.contains("用了 3 个工作日") && w.contains("还剩 17 个")),
        "{:?}",
        term(&found, "reply").why
    );
}

#[test]
fn a_second_sending_counts_where_the_first_did_not_arrive() {
    let found = on(
        &format!(
            "{RECEIVED}2026-10-20 作出决定\n2026-10-20 发出 method=直接送达\n2026-10-22 发出 method=邮寄\n"
        ),
        "2026-11-20",
    );
    assert_eq!(term(&found, "reply").state, State::Met(date("2026-10-22")));
}

#[test]
fn an_answer_without_a_name_belongs_to_what_was_sent_by_then() {
    let found = run(&format!(
        "{RECEIVED}2026-09-21 征求意见 whom=第三方 party=甲\n2026-09-24 收到意见\n2026-10-13 征求意见 whom=第三方 party=乙\n2026-10-14 收到意见\n"
    ));
    assert!(term(&found, "reply").due.is_some());
}

#[test]
fn the_answers_in_review_and_suit_can_be_recorded() {
    let lines = "2026-03-02 收到申请 channel=当面\n2026-03-20 作出决定\n2026-03-20 发出 method=邮寄\n2026-03-23 送达\n2026-05-25 收到复议申请书副本 procedure=普通程序\n";
    let state = |more: &str, id: &str| term(&on(&format!("{lines}{more}"), "2026-11-20"), id).state;
    assert_eq!(state("", "review-answer"), State::Overdue);
    assert_eq!(state("2026-06-05 提交复议答复\n", "review-answer"), State::Met(date("2026-06-05")));
    assert_eq!(
        state("2026-08-03 收到起诉状副本\n2026-08-20 提交答辩状\n", "suit-answer"),
        State::Late(date("2026-08-20"))
    );
}

#[test]
fn after_a_withdrawal_nothing_more_is_done() {
    refused(&format!("{RECEIVED}2026-10-08 撤回\n2026-10-09 征求意见 whom=第三方 party=甲\n"), "已经撤回");
}

#[test]
fn a_file_that_is_too_large_and_a_name_with_control_characters_are_refused() {
    // kind: too-many
    let many: String = (0..501).map(|n| format!("[[items]]\nid = \"{n}\"\ntext = \"甲\"\n")).collect();
    let said = history(&format!("{many}{}", events(RECEIVED))).unwrap_err();
    assert!(said.contains("501 条"), "{said}");
    let said = history(&format!("applicant = \"张\\u001B[31m某\"\n{}", events(RECEIVED))).unwrap_err();
    assert!(said.contains("看不见的字符"), "{said}");
    let said = history(&events(&format!("{RECEIVED}2026-10-20 延期 days=99999 approver=李某"))).unwrap_err();
    assert!(said.contains("days") && !said.contains("expected"), "{said}");
}

#[test]
fn a_request_that_cannot_be_read_or_counted_does_not_hide_the_others() {
    let handbook = Handbook::bare();
    handbook.write("台账/1.toml", request(RECEIVED));
    handbook.write("台账/2.toml", " ".repeat(3 << 20));
    handbook
        .write("台账/3.toml", request("2026-09-18 收到申请 channel=网络").replace("20260031", "20260003"));
    let run = handbook.run(&["deadline", "due", "台账", "--on", "2026-10-22", "--json"]);
    assert!(run.code == 1 && run.stderr.contains("太大"), "{run:?}");
    let rows = json(&run);
    assert_eq!(rows.as_array().unwrap().len(), 2, "{rows}");
    assert!(rows[1]["reason"].as_str().unwrap().contains("确认收到日"), "{rows}");
    // A computer whose clock is wrong still sees that the request is overdue.
    let run = handbook.run(&["deadline", "due", "台账", "--on", "2040-01-01"]);
    assert!(run.stdout.contains("20260031") && run.stdout.contains("超了"), "{run:?}");
}

#[test]
fn an_agency_that_leaves_make_up_days_out_reads_so() {
    let handbook = Handbook::bare();
    handbook.append("book.toml", "\n[preprocessor.gongkai.policy]\nmake-up-days = \"skip\"\n");
    let run = handbook.run(&["deadline", "--received", "2026-01-30", "--days", "20", "--explain"]);
    assert!(
        run.stdout.contains("按本机关设置也不数") && run.stdout.contains("按本机关设置不数"),
        "{}",
        run.stdout
    );
    handbook.write("甲.toml", request("2026-01-30 收到申请 channel=当面"));
    let run = handbook.run(&["deadline", "甲.toml", "--on", "2026-01-30"]);
    assert!(run.stdout.contains("还有 20 个工作日"), "{}", run.stdout);
}

#[test]
fn years_whose_lunar_holidays_nobody_knows_say_so() {
    let found = quick(date("2029-02-01"), 20).answer(calendar(), MakeUp::Count, true);
    assert!(found.provisional && found.moving.contains(&date("2029-02-13")), "{found:?}");
    assert!(found.reasons.iter().any(|r| r.contains("春节、清明、端午、中秋")), "{:?}", found.reasons);
}

#[test]
fn on_the_weekend_after_its_last_day_a_term_is_not_due_today() {
    let handbook = Handbook::bare();
    // The twentieth working day is Friday the 23rd of October.
    handbook.write("台账/1.toml", request("2026-09-20 收到申请 channel=当面"));
    for arguments in [&["deadline", "台账/1.toml"][..], &["deadline", "due", "台账"]] {
        let said = |day: &str| handbook.run(&[arguments, &["--on", day]].concat()).stdout;
        assert!(said("2026-10-23").contains("就是今天"), "{}", said("2026-10-23"));
        assert!(
            said("2026-10-24").contains("已经过了") && !said("2026-10-24").contains("就是今天"),
            "{}",
            said("2026-10-24")
        );
        assert!(said("2026-10-26").contains("超了 1 个工作日"), "{}", said("2026-10-26"));
    }
}
