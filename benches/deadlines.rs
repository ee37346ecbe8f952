//! How many deadlines a core counts in a second: `cargo bench --bench deadlines`.
//!
//! Once the last day of twenty working days with a suspension and an extension; once a whole request, from its events to
//! all its terms, as `deadline recheck` counts them. In the same run the Python package chinesecalendar counts what it
//! can (twenty working days, without suspension), where Python and the package are installed.

#![allow(clippy::print_stdout, reason = "the table is the result")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a bench that cannot prepare its data stops")]

use gongkai::calendar::{Date, Interval, MakeUp};
use gongkai::clock::{Clock, History};
use gongkai::corpus::tree::Node;
use gongkai::corpus::{Choices, Corpus};
use gongkai::disk;
use gongkai::text::Report;
use std::collections::BTreeSet;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

const ROUNDS: usize = 5;

const REQUEST: &str = r#"
request_number = "20260031"
applicant = "张某"
[[items]]
id = "1"
text = "甲"
[[items]]
id = "2"
text = "乙"
[[events]]
date = "2026-03-02"
kind = "收到申请"
channel = "邮寄签收"
[[events]]
date = "2026-03-09"
kind = "征求意见"
whom = "第三方"
party = "示例公司"
items = ["2"]
[[events]]
date = "2026-03-10"
kind = "送达"
document = "征求意见书"
party = "示例公司"
[[events]]
date = "2026-03-20"
kind = "收到意见"
party = "示例公司"
[[events]]
date = "2026-03-25"
kind = "延期"
days = 10
approver = "李某"
"#;

/// The best of some rounds, in calls per second.
fn rate(count: u32, mut run: impl FnMut()) -> f64 {
    let mut best = f64::MAX;
    for _ in 0..ROUNDS {
        let began = Instant::now();
        run();
        best = best.min(began.elapsed().as_secs_f64());
    }
    f64::from(count) / best
}

fn main() {
    let mut report = Report::default();
    let sources = disk::read_sources(Path::new(env!("CARGO_MANIFEST_DIR")), &mut report).unwrap();
    let corpus = Corpus::load(&sources, &mut report);
    let calendar = &corpus.rules.calendar;
    let first = Date::parse("2008-01-01").unwrap().number();
    let last = Date::parse("2025-12-31").unwrap().number();
    let days: Vec<Date> = (first..last).filter_map(Date::of_number).collect();
    println!("一个核心，{ROUNDS} 次取最快");

    let count = u32::try_from(days.len() * 20).unwrap();
    let found = rate(count, || {
        for _ in 0..20 {
            for day in &days {
                let pause = [Interval { first: day.number() + 5, last: day.number() + 12 }];
                black_box(calendar.nth_working_day(*day, 40, &pause, MakeUp::Count).unwrap());
            }
        }
    });
    println!("20+20个工作日，扣一段征求意见    {:>12.0} 次/秒", found);

    let node = Node::parse("bench", REQUEST, 0, &mut report).unwrap();
    let history = History::read(&node, "bench", &BTreeSet::new(), &mut report).unwrap();
    let choices = Choices::new();
    let clock = Clock { rules: &corpus.rules, choices: &choices, provisional: false };
    let count = 20_000;
    let found = rate(count, || {
        for _ in 0..count {
            black_box(clock.run(&history, None, &[], &mut Report::default()).unwrap());
        }
    });
    println!("整件申请的全部期限（两项、征求意见、延期）{found:>9.0} 件/秒");

    let python = "import time, datetime, chinese_calendar as c\n\
        d=[datetime.date(2008,1,1)+datetime.timedelta(i) for i in range(0,6500,13)]\n\
        def end(s,n):\n\
        \x20while n:\n\
        \x20\x20s+=datetime.timedelta(1)\n\
        \x20\x20n-=c.is_workday(s)\n\
        \x20return s\n\
        t=time.perf_counter()\n\
        for s in d: end(s,20)\n\
        print(len(d)/(time.perf_counter()-t))";
    match Command::new("python3").args(["-c", python]).output() {
        Ok(output) if output.status.success() => {
            let rate: f64 = String::from_utf8_lossy(&output.stdout).trim().parse().unwrap_or(0.0);
            println!("chinesecalendar（Python），20个工作日     {rate:>10.0} 次/秒");
        }
        _ => println!("chinesecalendar（Python）没有装，跳过：pip install chinesecalendar"),
    }
}
