//! The quick form: one term from what stands on the command line.

use super::span::Span;
use crate::calendar::{Calendar, Date, Interval, MakeUp, merged};
use crate::corpus::Unit;

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quick {
    /// 收到日
    pub received: Date,
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: Unit,
    /// Added after the suspensions.
    pub extend: u32,
    /// From the day of sending to the day of the answer; neither counts.
    pub suspended: Vec<(Date, Date)>,
    /// 收到补正之日: the term runs anew from it.
    pub corrected: Option<Date>,
}

/// What came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuickAnswer {
    /// The last day.
    pub deadline: Option<Date>,
    /// The last day if the day of sending counts; none where nothing is suspended.
    pub alternative: Option<Date>,
    /// The last day if the agency treats make-up days the other way, where that differs.
    pub other_make_up: Option<Date>,
    /// The date rests on a year without a notice.
    pub provisional: bool,
    /// Days that may still move it.
    pub moving: Vec<Date>,
    /// How it came about, or why there is none.
    pub reasons: Vec<String>,
    /// The span, for the day-by-day table.
    pub span: Span,
}

impl Quick {
    /// What is impossible in the question: the rule that it breaks.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        if let Some(corrected) = self.corrected
            && corrected < self.received
        {
            return Some(format!("收到补正的日期 {corrected} 早于收到申请的日期 {}", self.received));
        }
        for (from, to) in &self.suspended {
            if from > to {
                return Some(format!("{from}..{to} 写反了：前面写发出的日期，后面写收到意见的日期"));
            }
            if *from < self.received {
                return Some(format!("{from} 早于收到申请的日期 {}，收到以前不会征求意见", self.received));
            }
        }
        if self.extend > LONGEST_EXTENSION {
            return Some(format!(
                "延长 {} 个工作日太长：《政府信息公开条例》第三十三条第二款最长 {LONGEST_EXTENSION} 个工作日",
                self.extend
            ));
        }
        if self.extend > 0 && self.unit != Unit::Workday {
            return Some("只有工作日的期限能延长（《政府信息公开条例》第三十三条第二款）".to_owned());
        }
        if self.count == 0 {
            return Some("期限至少是 1".to_owned());
        }
        None
    }

    /// The term's span, with the days of sending left out or not.
    fn span(&self, count_sending: bool) -> Span {
        let start = self.corrected.unwrap_or(self.received);
        let interval = |(from, to): &(Date, Date)| {
            let first = if count_sending { from.tomorrow()? } else { *from };
            Interval::new(first, *to)
        };
        let paused = merged(&self.suspended.iter().filter_map(interval).collect::<Vec<_>>());
        Span { start, count: self.count.saturating_add(self.extend), unit: self.unit, paused }
    }

    /// Counts.
    #[must_use]
    pub fn answer(&self, calendar: &Calendar, policy: MakeUp, provisional: bool) -> QuickAnswer {
        let span = self.span(false);
        let mut reasons = self.reasons(&span, policy);
        let found = span.end(calendar, policy, provisional);
        let mut answer = QuickAnswer {
            deadline: None,
            alternative: None,
            other_make_up: None,
            provisional: false,
            moving: vec![],
            reasons: vec![],
            span,
        };
        match found {
            Ok(due) => {
                answer.deadline = Some(due.date);
                answer.provisional = due.provisional;
                for (from, _) in self.suspended.iter().filter(|(from, _)| *from > due.date) {
                    reasons.push(format!("{from} 起的征求意见在期限届满以后，不影响"));
                }
                if due.provisional {
                    answer.moving = calendar.may_move(answer.span.start, due.date);
                    reasons.push(provisional_note(calendar, due.date));
                }
                reasons.extend(year_end_note(calendar, due.date));
            }
            Err(no) => reasons.push(no.to_string()),
        }
        if answer.deadline.is_some() && !self.suspended.is_empty() {
            let other = self.span(true).end(calendar, policy, provisional).ok();
            answer.alternative = other.map(|due| due.date);
            if let Some(date) = answer.alternative.filter(|d| Some(*d) != answer.deadline) {
                reasons.push(format!("发出征求意见的当天也算在期限里的，届满日是 {date}"));
            }
        }
        if let (Some(deadline), Ok(other)) =
            (answer.deadline, answer.span.end(calendar, policy.other(), provisional))
            && other.date != deadline
        {
            answer.other_make_up = Some(other.date);
            let word = if policy == MakeUp::Count { "不算" } else { "算" };
            reasons.push(format!("调休上班的周末{word}工作日的，届满日是 {}", other.date));
        }
        answer.reasons = reasons;
        answer
    }

    fn reasons(&self, span: &Span, policy: MakeUp) -> Vec<String> {
        let mut all = vec![format!("{} 收到，当天不数，从次日起数", self.received)];
        if let Some(corrected) = self.corrected {
            all.push(format!(
                "{corrected} 收到补正，期限重新计算，从次日起数（《政府信息公开条例》第三十条）"
            ));
        }
        let length = format!("{}{}", self.count, self.unit.label());
        all.push(match self.unit {
            Unit::Workday if policy == MakeUp::Skip => {
                format!("数 {length}；周末和放假不数，调休上班的周末按本机关设置也不数")
            }
            Unit::Workday => format!("数 {length}；周末和放假不数，调休上班的周末按工作日数"),
            Unit::Day | Unit::Month => format!("数 {length}；最后一天是休息日的，顺延到下一个工作日"),
        });
        for (from, to) in &self.suspended {
            let effect = if *to > span.start {
                "不计入，两头的日子也不数（《政府信息公开条例》第三十三条第三款；起止的口径由条文推出，待核）"
            } else {
                "在重新计算以前，不影响"
            };
            all.push(format!("{from} 到 {to} 征求意见，{effect}"));
        }
        if self.extend > 0 {
            all.push(format!(
                "延长 {}{}（《政府信息公开条例》第三十三条第二款）",
                self.extend,
                self.unit.label()
            ));
        }
        all
    }
}

/// 政府信息公开条例第三十三条第二款
pub(super) const LONGEST_EXTENSION: u32 = 20;

/// What a provisional date rests on.
pub(super) fn provisional_note(calendar: &Calendar, last: Date) -> String {
    let first = calendar.years().end;
    let unknown: Vec<String> =
        (first..=last.year()).filter(|y| !calendar.knows_holidays(*y)).map(|y| format!("{y}年")).collect();
    let year = if last.year() > first { format!("{first}年到{}", last.year()) } else { first.to_string() };
    if !unknown.is_empty() {
        return format!(
            "暂定：{year}年的放假安排还没有导入；{}的春节、清明、端午、中秋是哪几天也没有数据，没有扣除，每一天都可能变动",
            unknown.join("、")
        );
    }
    format!(
        "暂定：{year}年的放假安排还没有导入，只扣除了周末和能确定的法定节日；国务院办公厅的通知公布以后要重新推算"
    )
}

/// A warning for the last days of the last year: the next year's notice may still set them.
pub(super) fn year_end_note(calendar: &Calendar, date: Date) -> Option<String> {
    let end = calendar.years().end;
    let last = Date::of(end - 1, 12, 25)?;
    (date >= last && !calendar.is_provisional(date))
        .then(|| format!("临近年底：{end}年的通知可能把{}年12月最后几天设成调休，公布后再核一次", end - 1))
}
