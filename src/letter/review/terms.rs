//! Days: when the application came in, what moved its term, and whether the letter is in time.

use super::Review;
use super::anatomy::{Kind, is_day, told_sentences};
use super::scan::{Dated, Length, any, dates, head, spans, tail};
use crate::calendar::Date;
use crate::clock::Quick;
use crate::corpus::Unit;
use std::ops::Range;

/// What the letter tells of the course of the application.
#[derive(Debug, Default)]
struct Course {
    received: Option<Date>,
    corrected: Option<Date>,
    /// From asking others to their answer.
    asked: Vec<(Date, Date)>,
    /// Others were asked, and the letter does not say when.
    asked_some_day: bool,
    extended: u32,
    /// A term of its own: 合理期限, a new decision after a review or a judgment.
    special: bool,
}

/// A sentence of the letter with its dates.
struct Line {
    paragraph: usize,
    start: usize,
    text: String,
    dates: Vec<Dated>,
}

impl Line {
    fn range(&self, dated: &Dated) -> Range<usize> {
        self.start + dated.range.start..self.start + dated.range.end
    }
}

impl Review<'_> {
    pub(super) fn terms(&mut self) {
        let lines = self.lines();
        self.order(&lines);
        let course = self.course(&lines);
        match self.anatomy.kind {
            Kind::Reply => self.reply(&course),
            Kind::Correction => self.correction(&course),
            Kind::Extension => self.extension(&course, &lines),
            Kind::Receipt => self.receipt(&course, &lines),
            _ => {}
        }
    }

    fn lines(&self) -> Vec<Line> {
        let mut all = vec![];
        for at in &self.anatomy.own {
            for (range, text) in told_sentences(self.text(*at)) {
                let dates = dates(&text);
                all.push(Line { paragraph: *at, start: range.start, text, dates });
            }
        }
        all
    }

    fn course(&self, lines: &[Line]) -> Course {
        let mut course = Course::default();
        let mut sent: Option<Date> = None;
        for line in lines {
            let asks = any(&line.text, &["征求", "征询"]);
            for dated in &line.dates {
                let Some(date) = is_day(dated) else { continue };
                let behind = head(&line.text, dated.range.end, 22);
                let lead = tail(&line.text, dated.range.start, 8);
                if is_receipt(behind, &line.text)
                    && (course.received.is_none() || behind.contains("收到申请之日"))
                {
                    course.received = Some(date);
                } else if is_correction(behind)
                    || any(behind, &["缴纳", "缴费", "完成缴费"]) && !any(behind, &["没有", "未"])
                {
                    course.corrected = course.corrected.max(Some(date));
                } else if any(behind, &["征求", "征询", "发出征求"])
                    || asks && any(lead, &["征求", "征询"])
                    || asks && behind.starts_with('就')
                {
                    sent = Some(date);
                } else if any(behind, &["答复", "回复", "反馈", "提出意见", "回函"])
                    && (asks || sent.is_some())
                {
                    let from = sent.take().or(course.corrected).or(course.received);
                    course.asked.extend(from.filter(|f| *f <= date).map(|f| (f, date)));
                }
            }
            course.asked_some_day |= asks;
            if any(&line.text, &["延长", "延期"]) && any(&line.text, &["答复", "期限"]) {
                course.extended = 20;
            }
            course.special |= any(&line.text, &["合理期限", "延迟答复", "重新作出", "责令", "撤销"]);
        }
        if let (Some(from), Some(to)) = (sent, self.anatomy.date) {
            course.asked.extend((from <= to).then_some((from, to)));
        }
        course
    }

    /// The last day of a term from the receipt on; whether it is certain.
    fn last_day(&self, course: &Course, count: u32, extended: u32) -> Option<(Date, bool)> {
        let received = course.received?;
        let asked = course.asked.iter().copied().filter(|(from, _)| *from >= received).collect();
        let question = Quick {
            received,
            count,
            unit: Unit::Workday,
            extend: extended,
            suspended: asked,
            corrected: course.corrected,
        };
        if question.problem().is_some() {
            return None;
        }
        let answer = question.answer(&self.corpus.rules.calendar, self.make_up(), true);
        let last = answer
            .deadline?
            .max(answer.alternative?.max(answer.deadline?))
            .max(answer.other_make_up.unwrap_or(answer.deadline?));
        Some((last, !answer.provisional))
    }

    fn last(&self, course: &Course, count: u32, extended: u32) -> Option<(Date, bool)> {
        // Without suspensions there is no alternative.
        if course.asked.is_empty() {
            let question = Quick {
                received: course.received?,
                count,
                unit: Unit::Workday,
                extend: extended,
                suspended: vec![],
                corrected: course.corrected,
            };
            let answer = question.answer(&self.corpus.rules.calendar, self.make_up(), true);
            return Some((answer.deadline?, !answer.provisional));
        }
        self.last_day(course, count, extended)
    }

    fn signed(&self) -> Option<(usize, Dated, Date)> {
        let (at, dated) = self.anatomy.signature.date.clone()?;
        let date = dated.date?;
        Some((at, dated, date))
    }

    fn reply(&mut self, course: &Course) {
        let ended = self.anatomy.own.iter().any(|at| self.text(*at).contains("不再处理"));
        let Some((at, dated, date)) = self.signed() else { return };
        if ended || course.special {
            return;
        }
        let Some((last, certain)) = self.last(course, 20, course.extended) else { return };
        // Who was asked, and when, may stand in the file only: fifteen working days and the post.
        let slack = course.asked_some_day && course.asked.is_empty();
        let last = if slack { self.later(last, 20) } else { last };
        if date > last {
            let received = course.received.map(|d| d.to_string()).unwrap_or_default();
            self.at(
                "late-reply",
                (at, dated.range),
                format!("{received} 收到申请，最晚 {last} 答复，落款是 {date}"),
            );
            if !certain || slack {
                self.soften();
            }
        }
    }

    fn later(&self, date: Date, count: u32) -> Date {
        self.corpus.rules.calendar.nth_working_day(date, count, &[], self.make_up()).unwrap_or(date)
    }

    fn correction(&mut self, course: &Course) {
        let count = self.corpus.rules.terms.term("correction-notice").map_or(7, |t| t.count);
        let (Some((at, dated, date)), Some((last, _))) = (self.signed(), self.last(course, count, 0)) else {
            return;
        };
        if date > last {
            self.at("late-correction", (at, dated.range), format!("补正告知最晚 {last}，落款是 {date}"));
        }
    }

    // Extensions

    fn extension(&mut self, course: &Course, lines: &[Line]) {
        let extends = |line: &&Line| any(&line.text, &["延长", "延期"]) && !line.text.contains("不能在");
        let mut told = None;
        for line in lines.iter().filter(extends) {
            for span in
                spans(&line.text).into_iter().filter(|s| tail(&line.text, s.range.start, 6).contains('延'))
            {
                told = told.or(Some((
                    line.paragraph,
                    line.start + span.range.start..line.start + span.range.end,
                    span,
                )));
            }
        }
        let first = self.last(course, 20, 0);
        let original = lines.iter().find_map(|l| stated(l, false)).or(first.map(|(d, _)| (d, None)));
        let new = lines.iter().rev().find_map(|l| stated(l, true));
        let too_long = told.as_ref().is_some_and(|(_, _, s)| match s.length {
            Length::Workday => s.count > 20,
            Length::Day => s.count > 31,
            Length::Month | Length::Year => true,
        });
        if let Some((at, range, span)) = told.clone().filter(|_| too_long) {
            let words = self.text(at).get(range.clone()).unwrap_or_default().to_owned();
            let _ = span;
            self.at("extension-length", (at, range), format!("延长「{words}」超过了20个工作日"));
        }
        let Some((new_day, place)) = new else {
            let at = self.anatomy.own.last().copied().unwrap_or_else(|| self.head());
            self.whole("extension-no-date", at, "没有写延长到哪一天");
            return;
        };
        if let Some((_, place)) = &original {
            self.original(course, first, (original.as_ref().map(|(d, _)| *d), place.clone()));
        }
        self.late_extension(original.as_ref().map(|(d, _)| *d));
        let days =
            told.as_ref().filter(|(_, _, s)| s.length == Length::Workday).map_or(20, |(_, _, s)| s.count);
        let (Some((from, _)), Some((at, range))) = (original, place) else { return };
        let calendar = &self.corpus.rules.calendar;
        if calendar.is_provisional(new_day) {
            let message = format!("{new_day} 要用到还没有公布的放假安排，是暂定的");
            return self.at("provisional-date", (at, range), message);
        }
        let Ok(right) = calendar.nth_working_day(from, days, &[], self.make_up()) else { return };
        if !too_long && (told.is_some() && right != new_day || new_day > right) {
            let message = format!("从 {from} 起延长{days}个工作日是 {right}，这里写的是 {new_day}");
            self.at("deadline-miscounted", (at, range), message);
        }
    }

    /// Whether the first term that is told is the one that can be counted.
    fn original(
        &mut self,
        course: &Course,
        counted: Option<(Date, bool)>,
        told: (Option<Date>, Option<(usize, Range<usize>)>),
    ) {
        let (Some((right, _)), (Some(told), Some((at, range)))) = (counted, told) else { return };
        let moved = course.asked_some_day || course.corrected.is_some();
        if told < right || told > right && !moved {
            let later = told > right;
            self.at(
                "deadline-miscounted",
                (at, range),
                format!("从收到日数20个工作日是 {right}，这里写的是 {told}"),
            );
            if later {
                self.soften();
            }
        }
    }

    fn late_extension(&mut self, last: Option<Date>) {
        let (Some((at, dated, date)), Some(last)) = (self.signed(), last) else { return };
        if date > last {
            self.at("late-extension", (at, dated.range), format!("原来的期限 {last} 届满，落款是 {date}"));
        }
    }

    fn receipt(&mut self, course: &Course, lines: &[Line]) {
        let Some((right, certain)) = self.last(course, 20, 0) else { return };
        for line in lines.iter().filter(|l| any(&l.text, &["20个工作日", "二十个工作日"])) {
            let Some((told, Some((at, range)))) = stated(line, false).or_else(|| stated(line, true)) else {
                continue;
            };
            if told != right {
                let message = format!("从收到日数20个工作日是 {right}，这里写的是 {told}");
                self.at("deadline-miscounted", (at, range), message);
            } else if !certain {
                self.at(
                    "provisional-date",
                    (at, range),
                    format!("{told} 要用到还没有公布的放假安排，是暂定的"),
                );
            }
        }
    }

    // Order

    /// What is told as done cannot lie after the day of the letter.
    fn order(&mut self, lines: &[Line]) {
        let Some((_, _, signed)) = self.signed() else { return };
        for line in lines {
            for dated in &line.dates {
                let Some(date) = is_day(dated) else { continue };
                let lead = tail(&line.text, dated.range.start, 6);
                let behind = head(&line.text, dated.range.end, 6);
                let done = [
                    "收到", "作出", "发出", "送达", "完成", "征求", "书面", "核实", "签收", "移交", "划入",
                    "电话", "形成", "询问",
                ];
                let past = lead.ends_with('于') || lead.ends_with("关在");
                let planned =
                    any(lead, &["拟", "将", "应", "前", "可"]) || any(behind, &["前", "届满", "起"]);
                if past && !planned && any(behind, &done) && date > signed {
                    let range = line.range(dated);
                    self.at("date-order", (line.paragraph, range), format!("{date} 在落款 {signed} 以后"));
                }
            }
        }
    }
}

/// 于…收到你的…申请, …签收, 为收到申请之日.
fn is_receipt(behind: &str, sentence: &str) -> bool {
    if behind.contains("收到申请之日") {
        return true;
    }
    let Some(at) = ["收到", "签收"].iter().filter_map(|w| behind.find(w)).min() else { return false };
    let near = behind.get(..at).is_some_and(|t| t.chars().count() <= 10);
    let after = behind.get(at..).unwrap_or_default();
    near && sentence.contains("申请") && !any(after, &["补正", "说明", "意见", "缴", "答复", "回函", "复函"])
}

fn is_correction(behind: &str) -> bool {
    let Some(at) = behind.find("收到").or_else(|| behind.find("提交")) else { return false };
    behind.get(..at).is_some_and(|t| t.chars().count() <= 10)
        && behind.get(at..).is_some_and(|t| t.contains("补正"))
        && !behind.contains("补正告知")
}

type Stated = (Date, Option<(usize, Range<usize>)>);

/// A last day that a sentence names; `new` for that of the extension.
fn stated(line: &Line, new: bool) -> Option<Stated> {
    let extends = ["延长", "延期"].iter().filter_map(|w| line.text.find(w)).min();
    let mut found = line.dates.iter().filter(|dated| {
        let behind = head(&line.text, dated.range.end, 9);
        let lead = tail(&line.text, dated.range.start, 5);
        let last = behind.starts_with('前')
            || behind.contains("届满")
            || any(lead, &["至", "到", "延长后", "为"])
            || behind.starts_with("之前");
        let after = extends.is_some_and(|at| dated.range.start > at);
        last && after == new
    });
    let dated = found.next_back()?;
    Some((is_day(dated)?, Some((line.paragraph, line.range(dated)))))
}
