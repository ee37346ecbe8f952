//! One request counted: what the clock counts with, the days that do not count, and what only counting shows.

use super::check;
use super::consultation::{Consultation, consultations, name, term_of};
use super::history::{Channel, Document, Event, History, Kind, Method, Whom};
use super::quick::{provisional_note, year_end_note};
use super::receipt::receipt;
use super::reply::make_up_reading;
use super::span::{Due, NoDate, Span};
use super::status::{AfterReply, State, Status, Term};
use crate::calendar::{Calendar, Date, Interval, MakeUp, merged};
use crate::corpus::{Choices, Effect, Rules, TermRule, Unit};
use crate::text::Report;

/// What the clock counts with.
#[derive(Debug, Clone, Copy)]
pub struct Clock<'a> {
    /// Terms, events, policies, the calendar.
    pub rules: &'a Rules,
    /// What the agency chose on the points that the law leaves open.
    pub choices: &'a Choices,
    /// Whether dates may rest on years without a notice.
    pub provisional: bool,
}

/// Which reading of the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Options {
    pub(super) make_up: MakeUp,
    /// The day of sending counts.
    pub(super) sending_counts: bool,
    /// Asking for a ruling suspends.
    pub(super) ruling: bool,
    /// Waiting for reasons suspends.
    pub(super) reasons: bool,
    /// A consultation about one item suspends all.
    pub(super) whole: bool,
    pub(super) extended: bool,
}

impl<'a> Clock<'a> {
    pub(super) fn calendar(&self) -> &'a Calendar {
        &self.rules.calendar
    }

    /// The choice that holds on a point.
    pub(super) fn choice(&self, policy: &str) -> &'a str {
        let found = self.rules.policies.iter().find(|p| p.id == policy);
        found.map_or("", |p| p.chosen(self.choices).0.id.as_str())
    }

    /// Whether make-up days count here.
    #[must_use]
    pub fn make_up(&self) -> MakeUp {
        if self.choice("make-up-days") == "skip" { MakeUp::Skip } else { MakeUp::Count }
    }

    pub(super) fn rule(&self, id: &str) -> Option<&'a TermRule> {
        self.rules.terms.term(id)
    }

    /// A term of the table from a day on.
    pub(super) fn plain(&self, id: &str, start: Date) -> Option<Result<Due, NoDate>> {
        let rule = self.rule(id)?;
        let span = Span { start, count: rule.count, unit: rule.unit, paused: vec![] };
        Some(span.end(self.calendar(), self.make_up(), self.provisional))
    }

    /// Counts. What is contradictory or impossible goes to `report`, and then there is no result. `on` is the day as of
    /// which terms are running or overdue.
    pub fn run(
        &self,
        history: &History,
        on: Option<Date>,
        after: &[AfterReply],
        report: &mut Report,
    ) -> Option<Status> {
        let before = report.clone();
        check::order(history, report);
        let receipt = receipt(history);
        let mut asks = vec![];
        if receipt.date.is_none() {
            asks.push(receipt.reason.clone());
        }
        let work = Work {
            clock: *self,
            history,
            on,
            consultations: consultations(history, |id, start| self.plain(id, start)),
        };
        let mut terms = vec![];
        let mut notes = work.notes();
        let start = receipt.date.and_then(|date| work.start(date));
        if let (Some(receipt), Some(start)) = (receipt.date, start) {
            work.check(start.0, report);
            terms.extend(work.correction(receipt, start.0));
            terms.extend(work.replies(receipt, start, report));
        }
        terms.extend(work.consulted());
        terms.extend(work.fee());
        terms.extend(work.after_reply(after));
        terms.extend(work.proceedings());
        let done = history.items.iter().all(|item| work.finished(&item.id).is_some());
        let provisional = terms.iter().filter_map(|t| t.due).filter(|d| d.provisional).map(|d| d.date).max();
        notes.extend(provisional.map(|last| provisional_note(self.calendar(), last)));
        notes.extend(terms.iter().filter_map(|t| year_end_note(self.calendar(), t.due?.date)).take(1));
        asks.extend(work.asks());
        (*report == before || !report.has_errors()).then_some(Status { receipt, terms, asks, notes, done })
    }
}

/// One run.
pub(super) struct Work<'a, 'h> {
    pub(super) clock: Clock<'a>,
    pub(super) history: &'h History,
    pub(super) on: Option<Date>,
    pub(super) consultations: Vec<Consultation<'h>>,
}

/// Items that share their pauses and their end.
pub(super) struct Group {
    pub(super) items: Vec<String>,
    pub(super) consultations: Vec<usize>,
    pub(super) finished: Option<Date>,
}

impl<'a> Work<'a, '_> {
    pub(super) fn options(&self) -> Options {
        Options {
            make_up: self.clock.make_up(),
            sending_counts: false,
            ruling: self.clock.choice("asking-for-a-ruling") == "suspended",
            reasons: self.clock.choice("waiting-for-reasons") == "suspended",
            whole: self.clock.choice("one-item-consulted") == "whole-term",
            extended: true,
        }
    }

    pub(super) fn last(&self, kind: Kind) -> Option<&Event> {
        self.history.of(kind).next_back()
    }

    /// From which day the reply's term runs, and because of what: receipt, or the last event that begins it anew.
    pub(super) fn start(&self, receipt: Date) -> Option<(Date, Option<Kind>)> {
        let restarts = |e: &&Event| {
            let rule = self.clock.rules.terms.event(e.keys.kind.word());
            rule.is_some_and(|r| r.effect == Effect::Restart)
        };
        let last =
            self.history.events.iter().filter(restarts).filter_map(|e| Some((e.date?, e.keys.kind))).max();
        Some(match last {
            Some((date, kind)) if date >= receipt => (date, Some(kind)),
            _ => (receipt, None),
        })
    }

    /// When an item was answered or closed.
    pub(super) fn finished(&self, item: &str) -> Option<Date> {
        // Sent more than once, the first that counts counts: posting does, handing over only once it is signed for.
        let posted = |e: &&Event| matches!(e.keys.method, Some(Method::Mail | Method::Online));
        let sent = self.history.of(Kind::Sent).filter(posted).find(|e| self.is_reply(e, item));
        let served = self.history.of(Kind::Served).find(|e| self.is_reply(e, item));
        let answered = [sent, served].into_iter().flatten().filter_map(|e| e.date).min();
        [answered, self.closed(item)].into_iter().flatten().min()
    }

    /// When an item ended without a reply.
    pub(super) fn closed(&self, item: &str) -> Option<Date> {
        let kinds = [Kind::CorrectionMissed, Kind::FeeMissed, Kind::Withdrawn];
        kinds.iter().filter_map(|k| self.history.of(*k).find(|e| e.concerns(item))?.date).min()
    }

    /// Whether an event is about the reply to an item: it says so, or it says nothing and the decision was made.
    pub(super) fn is_reply(&self, event: &Event, item: &str) -> bool {
        let decided = || self.history.of(Kind::Decided).any(|e| e.concerns(item) && e.date <= event.date);
        match event.keys.document {
            Some(Document::Reply) => event.concerns(item),
            Some(_) => false,
            None => event.concerns(item) && decided(),
        }
    }

    /// The last day that the applicant was given for the correction.
    pub(super) fn correction_until(&self) -> Option<Date> {
        let asked = self.history.of(Kind::CorrectionAsked).chain(self.history.of(Kind::CorrectionProlonged));
        asked.filter_map(|e| e.until).max()
    }

    /// Whether 补正 was asked for after its seven working days: what that does to the term is open.
    pub(super) fn correction_was_late(&self, receipt: Date) -> bool {
        let asked = self.last(Kind::CorrectionAsked).and_then(|e| e.date);
        let last = self.clock.plain("correction-notice", receipt).and_then(Result::ok);
        matches!((asked, last), (Some(asked), Some(last)) if asked > last.date)
    }

    pub(super) fn groups(&self) -> Vec<Group> {
        let mut all: Vec<Group> = vec![];
        for item in &self.history.items {
            let about: Vec<usize> = (0..self.consultations.len())
                .filter(|i| self.consultations.get(*i).is_some_and(|c| c.event.concerns(&item.id)))
                .collect();
            let finished = self.finished(&item.id);
            match all.iter_mut().find(|g| g.consultations == about && g.finished == finished) {
                Some(group) => group.items.push(item.id.clone()),
                None => all.push(Group { items: vec![item.id.clone()], consultations: about, finished }),
            }
        }
        all
    }

    /// The days that do not count for a group, or the consultation that nobody knows the end of.
    pub(super) fn pauses(&self, group: &Group, options: Options) -> Result<Vec<Interval>, &Consultation<'_>> {
        let mut all = vec![];
        for (i, found) in self.consultations.iter().enumerate() {
            if !options.whole && !group.consultations.contains(&i) {
                continue;
            }
            if matches!(found.whom, Whom::Coordination | Whom::Authority) && !options.ruling {
                continue;
            }
            let first = if options.sending_counts { found.sent.tomorrow() } else { Some(found.sent) };
            let end = found.end().ok_or(found)?;
            all.extend(first.and_then(|first| Interval::new(first, end)));
        }
        if options.reasons
            && let (Some(asked), Some(given)) = (
                self.last(Kind::ReasonsDemanded).and_then(|e| e.date),
                self.last(Kind::ReasonsGiven).and_then(|e| e.date),
            )
        {
            all.extend(Interval::new(asked, given));
        }
        Ok(merged(&all))
    }

    /// Working days that were added after the last restart.
    pub(super) fn extension(&self, start: Date) -> u32 {
        let days = self.history.of(Kind::Extended).filter(|e| e.date.is_some_and(|d| d >= start));
        days.filter_map(|e| e.keys.days).sum()
    }

    pub(super) fn span(
        &self,
        group: &Group,
        start: Date,
        options: Options,
    ) -> Result<Span, Option<&Consultation<'_>>> {
        let rule = self.clock.rule("reply").ok_or(None)?;
        let paused = self.pauses(group, options).map_err(Some)?;
        let extra = if options.extended { self.extension(start) } else { 0 };
        Ok(Span { start, count: rule.count.saturating_add(extra), unit: Unit::Workday, paused })
    }

    pub(super) fn due(&self, group: &Group, start: Date, options: Options) -> Option<Result<Due, NoDate>> {
        let span = self.span(group, start, options).ok()?;
        Some(span.end(self.clock.calendar(), options.make_up, self.clock.provisional))
    }

    /// Contradictions that only show once dates are counted.
    pub(super) fn check(&self, start: Date, report: &mut Report) {
        let plain = Options { extended: false, ..self.options() };
        let groups = self.groups();
        let base = groups.iter().filter_map(|g| self.due(g, start, plain)?.ok()).map(|d| d.date).max();
        for event in self.history.of(Kind::Extended) {
            let Some(date) = event.date.filter(|d| *d >= start) else { continue };
            if base.is_some_and(|base| date > base) {
                let base = base.map(|d| d.to_string()).unwrap_or_default();
                let message = format!("{date} 才告知延期，首个期限 {base} 已经届满");
                let hint = "延期要在首个期限届满以前告知（《政府信息公开条例》第三十三条第二款，由条文推出，待核）；已经超期的，立即答复";
                check::impossible(self.history, event, message, hint, report);
            }
        }
        if let Some(event) = self.last(Kind::CorrectionMissed)
            && let (Some(date), Some(until)) = (event.date, self.correction_until())
            && date <= until
        {
            let message = format!("补正期限到 {until} 才届满，{date} 还不能认定逾期");
            check::impossible(
                self.history,
                event,
                message,
                "期限届满以后再认定，并且申请人没有正当理由（《政府信息公开条例》第三十条）",
                report,
            );
        }
        if let Some(event) = self.last(Kind::FeeMissed)
            && let (Some(date), Some(Ok(due))) = (event.date, self.fee_due())
            && date <= due.date
        {
            let message = format!("缴费期限到 {} 才届满，{date} 还不能认定逾期", due.date);
            check::impossible(
                self.history,
                event,
                message,
                "期限届满以后再认定（国办函〔2020〕109号，待核原文）",
                report,
            );
        }
    }

    /// What is not known yet and must be asked for.
    pub(super) fn asks(&self) -> Vec<String> {
        let mut all = vec![];
        for found in &self.consultations {
            if found.served.is_none() && found.answered.is_none() && term_of(found.whom).is_some() {
                all.push(format!(
                    "{}哪天收到征求意见书还没有记：15个工作日从收到之日起算，收到后加上“送达”（document = \"征求意见书\"）",
                    name(found)
                ));
            }
        }
        let items = &self.history.items;
        for event in self.history.of(Kind::Sent).chain(self.history.of(Kind::Served)) {
            if event.keys.document.is_none() && !items.iter().any(|i| self.is_reply(event, &i.id)) {
                all.push(format!(
                    "{} {}的是哪份文书没有写（document），也没有记“作出决定”，不能算作答复",
                    event.keys.date,
                    event.keys.kind.word()
                ));
            }
        }
        for event in self.history.of(Kind::Sent).filter(|e| items.iter().any(|i| self.is_reply(e, &i.id))) {
            if event.keys.method.is_none() {
                all.push(format!(
                    "{} 发出的文书没有写送达方式（method）：邮寄以交邮之日为答复之日，直接送达以签收之日为准",
                    event.keys.date
                ));
            }
        }
        all
    }

    pub(super) fn notes(&self) -> Vec<String> {
        let mut all = vec![];
        for found in &self.consultations {
            let expiry = found.expiry.and_then(Result::ok).map(|d| d.date);
            if let (Some(answered), Some(expiry)) = (found.answered, expiry)
                && answered > expiry
            {
                all.push(format!(
                    "{}的意见 {answered} 才到，期限从 {expiry} 届满后已经接着走；意见的内容仍要考虑",
                    name(found)
                ));
            }
        }
        let quoted = [Kind::Unreachable, Kind::Returned, Kind::Refused];
        for event in self.history.events.iter().filter(|e| quoted.contains(&e.keys.kind)) {
            let note = self.clock.rules.terms.event(event.keys.kind.word()).and_then(|r| r.note.as_deref());
            all.extend(note.map(|note| format!("{} {}：{note}", event.keys.date, event.keys.kind.word())));
        }
        let received = self.history.of(Kind::Received).next();
        let confirmed = self.history.of(Kind::Confirmed).next().and_then(|e| e.date);
        if let (Some(event), Some(confirmed)) = (received, confirmed)
            && event.keys.channel == Some(Channel::PlainMail)
            && event.date.is_some_and(|d| d < confirmed)
        {
            all.push("平信应当在收到的当天与申请人确认（《政府信息公开条例》第三十一条第（二）项），确认晚了要说得出原因".to_owned());
        }
        if let (Some(on), Some(later)) = (self.on, self.history.events.iter().filter_map(|e| e.date).max())
            && later > on
        {
            all.push(format!("办理记录里有 {on} 以后的事情（最晚 {later}），也算进去了"));
        }
        all
    }

    pub(super) fn term(&self, id: &str, from: Date, found: Option<Result<Due, NoDate>>) -> Option<Term> {
        let rule = self.clock.rule(id)?;
        let (due, no_date) = match found {
            Some(Ok(due)) => (Some(due), None),
            Some(Err(no)) => (None, Some(no)),
            None => (None, None),
        };
        let span = Span { start: from, count: rule.count, unit: rule.unit, paused: vec![] };
        let mut readings = vec![];
        if let Some(due) = due {
            let other = self.clock.make_up().other();
            if let Ok(end) = span.end(self.clock.calendar(), other, self.clock.provisional)
                && end.date != due.date
            {
                readings.push(make_up_reading(other, end.date));
            }
        }
        let state = match (due, self.on) {
            (None, _) => State::Unknown,
            (Some(due), Some(on)) if on > due.date => State::Passed,
            _ => State::Running,
        };
        Some(Term {
            id: id.to_owned(),
            title: rule.title.clone(),
            who: rule.who.clone(),
            items: vec![],
            from: Some(from),
            length: rule.length(),
            due,
            no_date,
            readings,
            citations: rule.citations.clone(),
            confidence: rule.confidence,
            state,
            why: rule.note.iter().cloned().collect(),
            span: Some(span),
        })
    }
}
