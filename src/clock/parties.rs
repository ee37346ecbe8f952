//! The terms of the others: those who were consulted, the applicant's payment, review and suit; and ours in them.

use super::consultation::{name, term_of};
use super::history::{Document, Event, Kind, Procedure};
use super::run::Work;
use super::span::{Due, NoDate, Span};
use super::status::{AfterReply, State, Term};
use crate::calendar::Date;

impl Work<'_, '_> {
    /// The terms of those who were asked.
    pub(super) fn consulted(&self) -> Vec<Term> {
        let mut all = vec![];
        for found in &self.consultations {
            let (Some(id), Some(served)) = (term_of(found.whom), found.served) else { continue };
            let Some(mut term) = self.term(id, served, found.expiry) else { continue };
            term.title = format!("{}（{}）", term.title, name(found));
            term.items = found.event.keys.items.clone();
            term.state = match (found.answered, term.due, self.on) {
                (Some(date), Some(due), _) if date > due.date => State::Late(date),
                (Some(date), ..) => State::Met(date),
                (None, Some(due), Some(on)) if on > due.date => State::Passed,
                _ => term.state,
            };
            all.push(term);
        }
        all
    }

    pub(super) fn fee_due(&self) -> Option<Result<Due, NoDate>> {
        let served = self.history.of(Kind::Served).filter(|e| e.keys.document == Some(Document::Fee));
        let date = served.filter_map(|e| e.date).next_back()?;
        self.clock.plain("fee-payment", date)
    }

    pub(super) fn fee(&self) -> Option<Term> {
        let notice = self.last(Kind::FeeNotice)?;
        let served = self.history.of(Kind::Served).filter(|e| e.keys.document == Some(Document::Fee));
        let served = served.filter_map(|e| e.date).next_back();
        let mut term = self.term("fee-payment", served.or(notice.date)?, self.fee_due())?;
        if served.is_none() {
            term.from = None;
            term.span = None;
            term.state = State::Waiting;
            term.why.push(
                "还没有记申请人收到收费通知的日期（送达，document = \"收费通知\"），收到的次日起20个工作日"
                    .to_owned(),
            );
        }
        let paid = self.last(Kind::FeePaid).and_then(|e| e.date);
        term.state = match (paid, term.due) {
            (Some(date), Some(due)) if date > due.date => State::Late(date),
            (Some(date), _) => State::Met(date),
            (None, Some(due)) if self.on.is_some_and(|on| on > due.date) => State::Passed,
            (None, _) => State::Waiting,
        };
        match term.state {
            State::Late(_) => {
                term.why.push("缴费晚于期限：要不要接着办没有写明，待核；这里按缴费重新计算".to_owned());
            }
            State::Passed if self.last(Kind::FeeMissed).is_none() => {
                term.why
                    .push("缴费期限已过：作出不再处理的决定，并记“逾期未缴费”（单一来源，待核）".to_owned());
            }
            _ => {}
        }
        Some(term)
    }

    /// What the applicant may do after the reply was served.
    pub(super) fn after_reply(&self, after: &[AfterReply]) -> Vec<Term> {
        let mut all = vec![];
        for group in after {
            let about = |e: &&Event| group.items.iter().any(|i| self.is_reply(e, i));
            let served = self.history.of(Kind::Served).filter(about).find_map(|e| e.date);
            let Some(served) = served else { continue };
            for (id, count) in [("review", group.review_days), ("suit", group.direct_months)] {
                let (Some(count), Some(rule)) = (count, self.clock.rule(id)) else { continue };
                let span = Span { start: served, count, unit: rule.unit, paused: vec![] };
                let found = span.end(self.clock.calendar(), self.clock.make_up(), self.clock.provisional);
                let Some(mut term) = self.term(id, served, Some(found)) else { continue };
                term.length = format!("{count}{}", rule.unit.label());
                term.span = Some(span);
                term.title = format!("{}（{}）", term.title, group.subject);
                term.items.clone_from(&group.items);
                all.push(term);
            }
        }
        let decided = self.last(Kind::ReviewDecided).and_then(|e| e.date);
        if let Some(date) = decided {
            all.extend(self.term("suit-after-review", date, self.clock.plain("suit-after-review", date)));
        }
        all
    }

    /// The agency's own terms in review and suit.
    pub(super) fn proceedings(&self) -> Vec<Term> {
        let mut all = vec![];
        for event in self.history.of(Kind::ReviewReceived) {
            let simple = event.keys.procedure == Some(Procedure::Simple);
            let id = if simple { "review-answer-simple" } else { "review-answer" };
            let Some(date) = event.date else { continue };
            if let Some(mut term) = self.term(id, date, self.clock.plain(id, date)) {
                if event.keys.procedure.is_none() {
                    term.why.push(
                        "没有写是哪种程序（procedure），按普通程序算；简易程序只有5个工作日".to_owned(),
                    );
                }
                term.state = self.own(&term, date, &[Kind::ReviewAnswered, Kind::ReviewDecided]);
                all.push(term);
            }
        }
        for date in self.history.of(Kind::SuitReceived).filter_map(|e| e.date) {
            if let Some(mut term) = self.term("suit-answer", date, self.clock.plain("suit-answer", date)) {
                term.state = self.own(&term, date, &[Kind::SuitAnswered]);
                all.push(term);
            }
        }
        all
    }

    /// A term of ours: done by the first of some events after its start, else overdue once it ran out.
    pub(super) fn own(&self, term: &Term, start: Date, done: &[Kind]) -> State {
        let end = done
            .iter()
            .flat_map(|k| self.history.of(*k))
            .filter_map(|e| e.date)
            .filter(|d| *d >= start)
            .min();
        match (end, term.due) {
            (Some(end), Some(due)) if end > due.date => State::Late(end),
            (Some(end), _) => State::Met(end),
            (None, _) if term.state == State::Passed => State::Overdue,
            (None, _) => term.state,
        }
    }
}
