//! The terms of the reply: 补正 before it, the reply itself for each group of items, and the other readings of the rules.

use super::check;
use super::consultation::name;
use super::history::{Event, Kind, Method, Whom};
use super::run::{Group, Options, Work};
use super::span::Due;
use super::status::{Reading, State, Term};
use crate::calendar::{Date, Interval, MakeUp, merged};
use crate::corpus::Confidence;
use crate::text::Report;

impl Work<'_, '_> {
    /// 补正: by when it must be asked for; by when the applicant must answer.
    pub(super) fn correction(&self, receipt: Date, start: Date) -> Vec<Term> {
        let mut all = vec![];
        let asked = self.last(Kind::CorrectionAsked);
        let done = self.history.items.iter().all(|i| self.finished(&i.id).is_some());
        let found = self.clock.plain("correction-notice", receipt);
        if let Some(mut term) = self.term("correction-notice", receipt, found)
            && (asked.is_some() || !done)
        {
            match (asked.and_then(|e| e.date), term.due) {
                (Some(date), Some(due)) if date <= due.date => term.state = State::Met(date),
                (Some(date), Some(_)) => {
                    term.state = State::Late(date);
                    term.why.push(
                        "补正告知超过了7个工作日：原来的20个工作日不停，收到补正前仍在走（由条文推出，待核）"
                            .to_owned(),
                    );
                }
                _ => {}
            }
            if asked.is_none() && start == receipt {
                term.why.push("内容不明确才需要补正；要补正的最晚这一天发出，一次说全".to_owned());
            }
            // After a restart the notice is history.
            if asked.is_some() || start == receipt {
                all.push(term);
            }
        }
        let open =
            self.last(Kind::CorrectionReceived).is_none() && self.last(Kind::CorrectionMissed).is_none();
        if let (Some(asked), true) = (asked, open)
            && let (Some(date), Some(until)) = (asked.date, self.correction_until())
        {
            let overdue = self.on.is_some_and(|on| on > until);
            all.push(Term {
                id: "correction".to_owned(),
                title: "申请人补正".to_owned(),
                who: "申请人".to_owned(),
                items: vec![],
                from: Some(date),
                length: "补正告知里定的期限".to_owned(),
                due: Some(Due { date: until, provisional: false }),
                no_date: None,
                readings: vec![],
                citations: vec!["《政府信息公开条例》第三十条".to_owned()],
                confidence: Confidence::V,
                state: if overdue { State::Passed } else { State::Waiting },
                why: vec![if overdue {
                    "补正期限已过：没有正当理由的，作出不再处理的决定，并记“逾期未补正”；有正当理由的，记“顺延补正期限”".to_owned()
                } else {
                    "到期没有补正、又没有正当理由的，视为放弃申请，不再处理".to_owned()
                }],
                span: None,
            });
        }
        all
    }

    /// Waiting for the applicant, and since when: nothing runs before the answer.
    pub(super) fn waiting(&self, receipt: Date) -> Option<(&'static str, &Event)> {
        let open = |asked: Kind, ends: [Kind; 2]| {
            let asked = self.last(asked)?;
            ends.iter().all(|k| self.last(*k).is_none_or(|e| e.date < asked.date)).then_some(asked)
        };
        // Asked for too late, the first term goes on: the safe reading.
        let correction = open(Kind::CorrectionAsked, [Kind::CorrectionReceived, Kind::CorrectionMissed])
            .filter(|_| !self.correction_was_late(receipt));
        let fee = open(Kind::FeeNotice, [Kind::FeePaid, Kind::FeeMissed]);
        correction
            .map(|e| ("等申请人补正；收到补正的次日起重新计算20个工作日", e))
            .or(fee.map(|e| ("等申请人缴费；缴费的次日起重新计算20个工作日（待核）", e)))
    }

    pub(super) fn replies(
        &self,
        receipt: Date,
        start: (Date, Option<Kind>),
        report: &mut Report,
    ) -> Vec<Term> {
        let groups = self.groups();
        let several = groups.len() > 1;
        let all = groups.iter().filter_map(|group| self.reply(group, (receipt, start), several, report));
        all.collect()
    }

    pub(super) fn reply(
        &self,
        group: &Group,
        (receipt, (start, restarted)): (Date, (Date, Option<Kind>)),
        several: bool,
        report: &mut Report,
    ) -> Option<Term> {
        let options = self.options();
        let extended = self.extension(start) > 0;
        let delayed = self.last(Kind::Delayed).filter(|e| e.date.is_some_and(|d| d >= start));
        let id = if extended { "extension" } else { "reply" };
        let mut term = self.term(id, start, None)?;
        let base = self.clock.rule("reply")?;
        term.title = if extended { format!("{}（已延期）", base.title) } else { base.title.clone() };
        term.from = Some(start);
        term.length = base.length();
        term.citations.clone_from(&base.citations);
        term.items = if several { group.items.clone() } else { vec![] };
        term.why = vec![match restarted {
            Some(kind) => format!("{start} {}，期限重新计算，从次日起数", kind.word()),
            None => format!("{receipt} 收到，当天不数，从次日起数"),
        }];
        if extended {
            term.length = format!("{}，延长{}个工作日", base.length(), self.extension(start));
            let before = self.due(group, start, Options { extended: false, ..options });
            if let Some(Ok(due)) = before {
                term.why.push(format!("原届满日 {}", due.date));
            }
            term.citations = self.clock.rule("extension").map(|r| r.citations.clone()).unwrap_or_default();
        }
        for event in self.history.of(Kind::Extended).filter(|e| e.date.is_some_and(|d| d < start)) {
            term.why.push(format!("{} 的延期在重新计算以前，不再累加", event.keys.date));
        }
        for i in &group.consultations {
            let Some(found) = self.consultations.get(*i) else { continue };
            if matches!(found.whom, Whom::Coordination | Whom::Authority) && !options.ruling {
                term.why.push(format!(
                    "{} 向{}{}，时间按本机关设置不扣（能不能扣有争议，待核）",
                    found.sent,
                    name(found),
                    found.whom.word()
                ));
                continue;
            }
            term.why.push(match (found.answered, found.end()) {
                (Some(_), Some(end)) => format!("{} 到 {end} 征求{}意见，不计入", found.sent, name(found)),
                (_, Some(end)) => format!(
                    "{} 起征求{}意见，不计入；到 {end} 期满还没有答复的，次日起接着数",
                    found.sent,
                    name(found)
                ),
                (_, None) => format!("{} 起征求{}意见，期限停着", found.sent, name(found)),
            });
        }
        let (due, no_date, span) = match self.span(group, start, options) {
            Ok(span) => match span.end(self.clock.calendar(), options.make_up, self.clock.provisional) {
                Ok(due) => (Some(due), None, Some(span)),
                Err(no) => (None, Some(no), Some(span)),
            },
            Err(open) => {
                if let Some(open) = open {
                    let used = self.used_before(group, start, open.sent, options);
                    let left = base.count.saturating_add(self.extension(start)).saturating_sub(used);
                    term.why.push(format!("发出前已经用了 {used} 个工作日，收到意见后还剩 {left} 个工作日"));
                }
                (None, None, None)
            }
        };
        (term.due, term.no_date, term.span) = (due, no_date, span);
        self.readings(&mut term, group, start);
        if let Some(event) = delayed
            && let Some(until) = event.until
        {
            term.id = "delay".to_owned();
            term.title = format!("{}（延迟答复）", base.title);
            if let Some(due) = term.due
                && until < due.date
            {
                let message = format!("延迟答复定的 {until} 比原来的期限 {} 还早", due.date);
                check::impossible(
                    self.history,
                    event,
                    message,
                    "合理期限要比原来的期限晚，否则不用延迟",
                    report,
                );
            }
            term.why.push(format!("{} 告知延迟到 {until} 答复", event.keys.date));
            term.citations = vec!["《政府信息公开条例》第三十五条".to_owned()];
            term.due = Some(Due { date: until, provisional: false });
            (term.no_date, term.span) = (None, None);
        }
        let waiting = self.waiting(receipt);
        self.late_correction(&mut term, group, receipt, restarted);
        self.manner_of_service(&mut term, group);
        let closed = group.items.first().and_then(|item| self.closed(item));
        term.state = match (group.finished, term.due, waiting) {
            (Some(done), ..) if closed == Some(done) => State::Closed(done),
            (Some(done), Some(due), _) if done > due.date => State::Late(done),
            (Some(done), ..) => State::Met(done),
            (None, _, Some(_)) => State::Waiting,
            (None, None, None) if term.no_date.is_some() => State::Unknown,
            (None, None, None) => State::Paused,
            (None, Some(due), None) if self.on.is_some_and(|on| on > due.date) => State::Overdue,
            (None, Some(_), None) if self.is_paused(group, options) => State::Paused,
            (None, Some(_), None) => State::Running,
        };
        if let (State::Waiting, Some((why, event))) = (term.state, waiting) {
            if let Some(due) = term.due {
                term.readings = vec![Reading { title: "原来的届满日".to_owned(), due: Some(due.date) }];
                if event.keys.kind == Kind::FeeNotice && event.date.is_some_and(|d| d > due.date) {
                    term.why.push(format!(
                        "收费通知 {} 晚于办理期限 {}：通知要在办理期限内发出，晚了能不能停表没有写明（国办函〔2020〕109号，待核原文）",
                        event.keys.date, due.date
                    ));
                }
            }
            (term.due, term.span, term.no_date) = (None, None, None);
            term.why.push(why.to_owned());
        }
        Some(term)
    }

    /// Working days that count between the start and the day on which opinions were asked for, that day left out.
    fn used_before(&self, group: &Group, start: Date, sent: Date, options: Options) -> u32 {
        let pauses: Vec<Interval> = group
            .consultations
            .iter()
            .filter_map(|i| self.consultations.get(*i))
            .filter(|c| options.ruling || !matches!(c.whom, Whom::Coordination | Whom::Authority))
            .filter_map(|c| Interval::new(c.sent, c.end()?))
            .collect();
        let paused = merged(&pauses);
        let counts = |day: &i32| {
            !paused.iter().any(|p| (p.first..=p.last).contains(day))
                && Date::of_number(*day)
                    .is_some_and(|d| self.clock.calendar().is_working(d, options.make_up).unwrap_or(false))
        };
        let used = (start.number() + 1..sent.number()).filter(counts).count();
        u32::try_from(used).unwrap_or(u32::MAX)
    }

    /// What 补正 asked for after its seven working days does: nothing, in the safe reading; the other is shown.
    fn late_correction(&self, term: &mut Term, group: &Group, receipt: Date, restarted: Option<Kind>) {
        if !self.correction_was_late(receipt) {
            return;
        }
        match restarted {
            None if self.last(Kind::CorrectionReceived).is_none() => {
                term.why.push("补正告知超过了7个工作日，期限按不停算最稳妥（由条文推出，待核）".to_owned());
                term.readings.push(Reading {
                    title: "补正告知停表，等申请人补正的".to_owned(), due: None
                });
            }
            Some(Kind::CorrectionReceived) => {
                let due = self.due(group, receipt, self.options()).and_then(Result::ok).map(|d| d.date);
                term.why.push(
                    "补正告知超过了7个工作日，收到补正能不能重新计算没有写明，待核；稳妥在原来的期限内答复"
                        .to_owned(),
                );
                term.readings
                    .push(Reading { title: "不重新计算，从收到申请起算的".to_owned(), due });
            }
            _ => {}
        }
    }

    /// What the State Council's office left open about service (国办公开办函〔2016〕235号).
    fn manner_of_service(&self, term: &mut Term, group: &Group) {
        let about = |e: &&Event| group.items.iter().any(|i| self.is_reply(e, i));
        let sent = self.history.of(Kind::Sent).find(about);
        if sent.is_some_and(|e| e.keys.method == Some(Method::Online)) {
            term.why.push("网上发出的按发出之日算，国办公开办函〔2016〕235号没有写，待核".to_owned());
        }
        if let (None, Some(refused)) = (group.finished, self.history.of(Kind::Refused).find(about)) {
            term.why.push(format!(
                "{} 直接送达被拒收：请见证人写明情况；当天交邮政企业寄出最稳妥",
                refused.keys.date
            ));
            term.readings
                .push(Reading {
                    title: "以拒收之日为答复之日的（待核）".to_owned(), due: refused.date
                });
        }
    }

    /// Whether an opinion that suspends the term is still out on the day asked about.
    pub(super) fn is_paused(&self, group: &Group, options: Options) -> bool {
        let Some(on) = self.on else { return false };
        group.consultations.iter().filter_map(|i| self.consultations.get(*i)).any(|c| {
            let suspends = options.ruling || !matches!(c.whom, Whom::Coordination | Whom::Authority);
            suspends && c.answered.is_none() && c.sent <= on && c.end().is_none_or(|end| on <= end)
        })
    }

    /// The other readings of the rules, where they lead to another day.
    pub(super) fn readings(&self, term: &mut Term, group: &Group, start: Date) {
        let main = self.options();
        let word = |said: bool, yes: &str, no: &str| if said { yes.to_owned() } else { no.to_owned() };
        let all = [
            (Options { sending_counts: true, ..main }, "发出征求意见的当天也算在期限里".to_owned()),
            (
                Options { make_up: main.make_up.other(), ..main },
                make_up_reading(main.make_up.other(), start).title,
            ),
            (
                Options { whole: !main.whole, ..main },
                word(main.whole, "其他事项照常先答复", "只要有一项在征求意见，整件都停"),
            ),
            (
                Options { ruling: !main.ruling, ..main },
                word(main.ruling, "报请确定、协商确认的时间不扣", "报请确定、协商确认的时间也扣"),
            ),
            (
                Options { reasons: !main.reasons, ..main },
                word(main.reasons, "等说明理由的时间不扣", "等说明理由的时间也扣"),
            ),
        ];
        let due = term.due.map(|d| d.date);
        for (options, title) in all {
            let other = match self.span(group, start, options) {
                Ok(span) => match span.end(self.clock.calendar(), options.make_up, self.clock.provisional) {
                    Ok(end) => Some(end.date),
                    Err(_) => continue,
                },
                Err(_) => None,
            };
            if other != due {
                term.readings.push(Reading { title, due: other });
            }
        }
    }
}

/// The last day if make-up days are treated that way.
pub(super) fn make_up_reading(policy: MakeUp, date: Date) -> Reading {
    let word = if policy == MakeUp::Count { "算" } else { "不算" };
    Reading { title: format!("调休上班的周末{word}工作日"), due: Some(date) }
}
