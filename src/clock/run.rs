//! The terms of one request.

use super::check;
use super::history::{Channel, Document, Event, History, Kind, Method, Procedure, Whom};
use super::quick::{provisional_note, year_end_note};
use super::span::{Due, NoDate, Span};
use crate::calendar::{Calendar, Date, Interval, MakeUp, merged};
use crate::corpus::{Choices, Confidence, Effect, Rules, TermRule, Unit};
use crate::text::Report;
use std::collections::BTreeMap;

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

/// What may be done against the reply, for the terms after it; from the table of remedies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AfterReply {
    /// What is contested: 第1项.
    pub subject: String,
    /// The items.
    pub items: Vec<String>,
    /// Days for a review.
    pub review_days: Option<u32>,
    /// Months for a suit without review.
    pub direct_months: Option<u32>,
}

/// The day of receipt (条例第三十一条).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The day; none while it must still be asked for.
    pub date: Option<Date>,
    /// Why that day, or what to do to learn it.
    pub reason: String,
    /// The provision.
    pub citation: &'static str,
}

/// How a term stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It runs.
    Running,
    /// It stands still: opinions have been asked for.
    Paused,
    /// It waits for the applicant: correction, payment.
    Waiting,
    /// What was to be done was done in time, on that day.
    Met(Date),
    /// It was done too late, on that day.
    Late(Date),
    /// It ran out.
    Overdue,
    /// It ran out, and that was the end of it: nothing had to be done.
    Passed,
    /// No date can be given.
    Unknown,
}

impl State {
    /// What staff read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Running => "进行中",
            Self::Paused => "停（征求意见）",
            Self::Waiting => "等申请人",
            Self::Met(_) => "按期办结",
            Self::Late(_) => "超期办结",
            Self::Overdue => "已超期",
            Self::Passed => "已过",
            Self::Unknown => "算不出",
        }
    }

    /// The name that programs read.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Waiting => "waiting",
            Self::Met(_) => "met",
            Self::Late(_) => "late",
            Self::Overdue => "overdue",
            Self::Passed => "passed",
            Self::Unknown => "unknown",
        }
    }
}

/// The last day under another reading of the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Which reading.
    pub title: String,
    /// The day; none where it cannot be said.
    pub due: Option<Date>,
}

/// One term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Id of the rule.
    pub id: String,
    /// What is to be done.
    pub title: String,
    /// By whom.
    pub who: String,
    /// For which items; none for all.
    pub items: Vec<String>,
    /// From which day.
    pub from: Option<Date>,
    /// 20个工作日
    pub length: String,
    /// The last day.
    pub due: Option<Due>,
    /// Why there is no day, if the calendar is why.
    pub no_date: Option<NoDate>,
    /// The last day under other readings, where it differs.
    pub readings: Vec<Reading>,
    /// The law.
    pub citations: Vec<String>,
    /// How sure the rule is.
    pub confidence: Confidence,
    /// How it stands.
    pub state: State,
    /// How it came about.
    pub why: Vec<String>,
    /// For the day-by-day table.
    pub span: Option<Span>,
}

/// All terms of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The day of receipt.
    pub receipt: Receipt,
    /// The terms, the agency's own first.
    pub terms: Vec<Term>,
    /// What has to be found out before anything can be counted.
    pub asks: Vec<String>,
    /// What else to know.
    pub notes: Vec<String>,
    /// Whether every item is answered or closed.
    pub done: bool,
}

impl Status {
    /// The earliest day by which the agency has to answer, and the term it belongs to.
    #[must_use]
    pub fn next(&self) -> Option<(&Term, Date)> {
        let open = |t: &&Term| {
            REPLY.contains(&t.id.as_str())
                && matches!(t.state, State::Running | State::Overdue | State::Paused)
        };
        self.terms.iter().filter(open).filter_map(|t| Some((t, t.due?.date))).min_by_key(|(_, date)| *date)
    }
}

/// The terms of the reply itself.
const REPLY: [&str; 3] = ["reply", "extension", "delay"];

/// Opinions that were asked for, and what came of it.
#[derive(Debug, Clone)]
pub(super) struct Consultation<'a> {
    pub(super) event: &'a Event,
    pub(super) whom: Whom,
    pub(super) party: String,
    pub(super) sent: Date,
    pub(super) served: Option<Date>,
    pub(super) answered: Option<Date>,
    /// When the other side's term ran out.
    expiry: Option<Result<Due, NoDate>>,
}

impl Consultation<'_> {
    /// The last day that does not count: that of the answer, or of the end of the term where it came first.
    fn end(&self) -> Option<Date> {
        let expiry = self.expiry.and_then(Result::ok).map(|due| due.date);
        match (self.answered, expiry) {
            (Some(answer), Some(expiry)) => Some(answer.min(expiry)),
            (one, other) => one.or(other),
        }
    }
}

/// Which reading of the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Options {
    make_up: MakeUp,
    /// The day of sending counts.
    sending_counts: bool,
    /// Asking for a ruling suspends.
    ruling: bool,
    /// Waiting for reasons suspends.
    reasons: bool,
    /// A consultation about one item suspends all.
    whole: bool,
    extended: bool,
}

impl<'a> Clock<'a> {
    fn calendar(&self) -> &'a Calendar {
        &self.rules.calendar
    }

    /// The choice that holds on a point.
    fn choice(&self, policy: &str) -> &'a str {
        let found = self.rules.policies.iter().find(|p| p.id == policy);
        found.map_or("", |p| p.chosen(self.choices).0.id.as_str())
    }

    /// Whether make-up days count here.
    #[must_use]
    pub fn make_up(&self) -> MakeUp {
        if self.choice("make-up-days") == "skip" { MakeUp::Skip } else { MakeUp::Count }
    }

    fn rule(&self, id: &str) -> Option<&'a TermRule> {
        self.rules.terms.term(id)
    }

    /// A term of the table from a day on.
    fn plain(&self, id: &str, start: Date) -> Option<Result<Due, NoDate>> {
        let rule = self.rule(id)?;
        let span = Span { start, count: rule.count, unit: rule.unit, paused: vec![] };
        Some(span.end(self.calendar(), self.make_up(), self.provisional))
    }

    /// The last day of a term of the table that starts on a day and knows no pauses.
    #[must_use]
    pub fn ends(&self, id: &str, start: Date) -> Option<Result<Due, NoDate>> {
        self.plain(id, start)
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
        let work = Work { clock: *self, history, on, consultations: self.consultations(history) };
        let mut terms = vec![];
        let mut notes = work.notes();
        let start = receipt.date.and_then(|date| work.start(date));
        if let (Some(receipt), Some(start)) = (receipt.date, start) {
            work.check(receipt, start, report);
            terms.extend(work.correction(receipt, start.0));
            terms.extend(work.replies(receipt, start, report));
        }
        terms.extend(work.consulted());
        terms.extend(work.fee());
        terms.extend(work.after_reply(after));
        terms.extend(work.proceedings());
        let done = history.items.iter().all(|item| work.finished(&item.id).is_some());
        let provisional = terms.iter().any(|t| t.due.is_some_and(|d| d.provisional));
        if provisional {
            notes.push(provisional_note(self.calendar()));
        }
        notes.extend(terms.iter().filter_map(|t| year_end_note(self.calendar(), t.due?.date)).take(1));
        asks.extend(work.asks());
        (*report == before || !report.has_errors()).then_some(Status { receipt, terms, asks, notes, done })
    }

    fn consultations<'h>(&self, history: &'h History) -> Vec<Consultation<'h>> {
        let mut all: Vec<Consultation<'h>> = vec![];
        for event in &history.events {
            let Some(date) = event.date else { continue };
            match event.keys.kind {
                Kind::ConsultationSent => all.push(Consultation {
                    event,
                    whom: event.keys.whom.unwrap_or(Whom::ThirdParty),
                    party: event.keys.party.clone().unwrap_or_default(),
                    sent: date,
                    served: None,
                    answered: None,
                    expiry: None,
                }),
                Kind::Served if event.keys.document == Some(Document::Consultation) => {
                    if let Some(found) = matching(&mut all, event, |c| c.served.is_none()) {
                        found.served = Some(date);
                    }
                }
                Kind::ConsultationAnswered => {
                    if let Some(found) = matching(&mut all, event, |c| c.answered.is_none()) {
                        found.answered = Some(date);
                    }
                }
                _ => {}
            }
        }
        for found in &mut all {
            found.expiry = found.served.and_then(|served| self.plain(term_of(found.whom)?, served));
        }
        all
    }
}

/// The consultation that an event about one belongs to: the named party's, or the only one that is open.
fn matching<'c, 'h>(
    all: &'c mut [Consultation<'h>],
    event: &Event,
    open: impl Fn(&Consultation<'h>) -> bool,
) -> Option<&'c mut Consultation<'h>> {
    let party = event.keys.party.as_deref();
    let mut fits = all.iter_mut().filter(|c| open(c) && party.is_none_or(|p| p == c.party));
    let first = fits.next();
    // Without a name only one may be open.
    if party.is_none() && fits.next().is_some() { None } else { first }
}

fn term_of(whom: Whom) -> Option<&'static str> {
    match whom {
        Whom::ThirdParty => Some("third-party"),
        Whom::CoProducer => Some("co-producer"),
        Whom::Agency | Whom::Coordination | Whom::Authority => None,
    }
}

/// The day of receipt.
fn receipt(history: &History) -> Receipt {
    const MISSING: &str = "《政府信息公开条例》第三十一条";
    let Some(event) = history.of(Kind::Received).next() else {
        return Receipt {
            date: None, reason: "还没有记“收到申请”".to_owned(), citation: MISSING
        };
    };
    let confirmed = history.of(Kind::Confirmed).next().and_then(|e| e.date);
    let channel = event.keys.channel;
    let citation = match channel {
        Some(Channel::InPerson | Channel::Oral) => "《政府信息公开条例》第三十一条第（一）项",
        Some(Channel::SignedMail | Channel::PlainMail) => "《政府信息公开条例》第三十一条第（二）项",
        Some(Channel::Online | Channel::Email | Channel::Fax) => "《政府信息公开条例》第三十一条第（三）项",
        None => MISSING,
    };
    let (date, reason) = match channel {
        None => (
            None,
            "还没有写申请是怎么来的（channel）：当面、邮寄签收、平信、网络、传真，收到日各不相同".to_owned(),
        ),
        Some(channel) if channel.needs_confirmation() => match confirmed {
            Some(date) => (Some(date), format!("{}提交的，以与申请人确认之日为收到日", channel.word())),
            None => (
                None,
                format!("{}提交的，要与申请人确认收到日；确认后在办理记录里加上“确认收到日”", channel.word()),
            ),
        },
        Some(channel) => match (event.date, channel) {
            (Some(date), Channel::SignedMail) => (Some(date), "邮寄的，以签收之日为收到日".to_owned()),
            (Some(date), Channel::Oral) => {
                (Some(date), "口头提出、当场代填的，以提交之日为收到日".to_owned())
            }
            (Some(date), _) => (Some(date), "当面提交的，以提交之日为收到日".to_owned()),
            (None, Channel::SignedMail) => (None, "收到日写的是未知：查邮件签收记录，写签收之日".to_owned()),
            (None, _) => (None, "收到日写的是未知：问清提交之日再写".to_owned()),
        },
    };
    Receipt { date, reason, citation }
}

/// One run.
struct Work<'a, 'h> {
    clock: Clock<'a>,
    history: &'h History,
    on: Option<Date>,
    consultations: Vec<Consultation<'h>>,
}

/// Items that share their pauses and their end.
struct Group {
    items: Vec<String>,
    consultations: Vec<usize>,
    finished: Option<Date>,
}

impl<'a> Work<'a, '_> {
    fn options(&self) -> Options {
        Options {
            make_up: self.clock.make_up(),
            sending_counts: false,
            ruling: self.clock.choice("asking-for-a-ruling") == "suspended",
            reasons: self.clock.choice("waiting-for-reasons") == "suspended",
            whole: self.clock.choice("one-item-consulted") == "whole-term",
            extended: true,
        }
    }

    fn last(&self, kind: Kind) -> Option<&Event> {
        self.history.of(kind).next_back()
    }

    /// From which day the reply's term runs, and because of what: receipt, or the last event that begins it anew.
    fn start(&self, receipt: Date) -> Option<(Date, Option<Kind>)> {
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
    fn finished(&self, item: &str) -> Option<Date> {
        let reply = |e: &&Event| matches!(e.keys.document, None | Some(Document::Reply)) && e.concerns(item);
        let served = self.history.of(Kind::Served).filter(reply).find_map(|e| e.date);
        let sent = self.history.of(Kind::Sent).find(reply);
        let answered = match sent {
            Some(event) if matches!(event.keys.method, Some(Method::Mail | Method::Online)) => event.date,
            Some(_) | None => served,
        };
        let closed = [Kind::CorrectionMissed, Kind::FeeMissed, Kind::Withdrawn];
        let closed = closed.iter().filter_map(|k| self.history.of(*k).find(|e| e.concerns(item))?.date).min();
        [answered, closed].into_iter().flatten().min()
    }

    fn groups(&self) -> Vec<Group> {
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
    fn pauses(&self, group: &Group, options: Options) -> Result<Vec<Interval>, &Consultation<'_>> {
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
    fn extension(&self, start: Date) -> u32 {
        let days = self.history.of(Kind::Extended).filter(|e| e.date.is_some_and(|d| d >= start));
        days.filter_map(|e| e.keys.days).sum()
    }

    fn span(&self, group: &Group, start: Date, options: Options) -> Result<Span, Option<&Consultation<'_>>> {
        let rule = self.clock.rule("reply").ok_or(None)?;
        let paused = self.pauses(group, options).map_err(Some)?;
        let extra = if options.extended { self.extension(start) } else { 0 };
        Ok(Span { start, count: rule.count.saturating_add(extra), unit: Unit::Workday, paused })
    }

    fn due(&self, group: &Group, start: Date, options: Options) -> Option<Result<Due, NoDate>> {
        let span = self.span(group, start, options).ok()?;
        Some(span.end(self.clock.calendar(), options.make_up, self.clock.provisional))
    }

    /// Contradictions that only show once dates are counted.
    fn check(&self, receipt: Date, start: (Date, Option<Kind>), report: &mut Report) {
        let plain = Options { extended: false, ..self.options() };
        let groups = self.groups();
        let base = groups.iter().filter_map(|g| self.due(g, start.0, plain)?.ok()).map(|d| d.date).max();
        for event in self.history.of(Kind::Extended) {
            let Some(date) = event.date.filter(|d| *d >= start.0) else { continue };
            if base.is_some_and(|base| date > base) {
                let base = base.map(|d| d.to_string()).unwrap_or_default();
                let message = format!("{date} 才告知延期，首个期限 {base} 已经届满");
                let hint = "延期要在首个期限届满以前告知（《政府信息公开条例》第三十三条第二款，由条文推出，待核）；已经超期的，立即答复";
                check::impossible(self.history, event, message, hint, report);
            }
        }
        if let Some(event) = self.last(Kind::CorrectionMissed)
            && let (Some(date), Some(until)) =
                (event.date, self.last(Kind::CorrectionAsked).and_then(|e| e.until))
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
        let notice = self.last(Kind::FeeNotice);
        if let (Some(event), Some(base)) = (
            notice,
            groups.iter().filter_map(|g| self.due(g, receipt, self.options())?.ok()).map(|d| d.date).max(),
        ) && event.date.is_some_and(|d| d > base)
            && start.1.is_none()
        {
            let message = format!("收费通知 {} 晚于办理期限 {base}", event.keys.date);
            let hint = "收费通知要在办理期限内发出（国办函〔2020〕109号，待核原文）";
            check::impossible(self.history, event, message, hint, report);
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
    fn asks(&self) -> Vec<String> {
        let mut all = vec![];
        for found in &self.consultations {
            if found.served.is_none() && found.answered.is_none() && term_of(found.whom).is_some() {
                all.push(format!(
                    "{}哪天收到征求意见书还没有记：15个工作日从收到之日起算，收到后加上“送达”（document = \"征求意见书\"）",
                    name(found)
                ));
            }
        }
        for event in self.history.of(Kind::Sent) {
            if event.keys.method.is_none() {
                all.push(format!(
                    "{} 发出的文书没有写送达方式（method）：邮寄以交邮之日为答复之日，直接送达以签收之日为准",
                    event.keys.date
                ));
            }
        }
        all
    }

    fn notes(&self) -> Vec<String> {
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

    fn term(&self, id: &str, from: Date, found: Option<Result<Due, NoDate>>) -> Option<Term> {
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

    /// 补正: by when it must be asked for; by when the applicant must answer.
    fn correction(&self, receipt: Date, start: Date) -> Vec<Term> {
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
            && let (Some(date), Some(until)) = (asked.date, asked.until)
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
                why: vec!["到期没有补正、又没有正当理由的，视为放弃申请，不再处理".to_owned()],
                span: None,
            });
        }
        all
    }

    /// Waiting for the applicant, and since when: nothing runs before the answer.
    fn waiting(&self) -> Option<(&'static str, &Event)> {
        let open = |asked: Kind, ends: [Kind; 2]| {
            let asked = self.last(asked)?;
            ends.iter().all(|k| self.last(*k).is_none_or(|e| e.date < asked.date)).then_some(asked)
        };
        let correction = open(Kind::CorrectionAsked, [Kind::CorrectionReceived, Kind::CorrectionMissed]);
        let fee = open(Kind::FeeNotice, [Kind::FeePaid, Kind::FeeMissed]);
        correction
            .map(|e| ("等申请人补正；收到补正的次日起重新计算20个工作日", e))
            .or(fee.map(|e| ("等申请人缴费；缴费的次日起重新计算20个工作日（待核）", e)))
    }

    fn replies(&self, receipt: Date, start: (Date, Option<Kind>), report: &mut Report) -> Vec<Term> {
        let groups = self.groups();
        let several = groups.len() > 1;
        let all = groups.iter().filter_map(|group| self.reply(group, (receipt, start), several, report));
        all.collect()
    }

    fn reply(
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
                    let used = self.clock.calendar().working_days_between(start, open.sent, options.make_up);
                    // The day of sending does not count.
                    let used = used.unwrap_or(0).saturating_sub(u32::from(
                        self.clock.calendar().is_working(open.sent, options.make_up).unwrap_or(false),
                    ));
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
        let waiting = self.waiting();
        term.state = match (group.finished, term.due, waiting) {
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
                let title = if event.keys.kind == Kind::CorrectionAsked {
                    "补正告知不停表的，原来的届满日"
                } else {
                    "原来的届满日"
                };
                term.readings = vec![Reading { title: title.to_owned(), due: Some(due.date) }];
            }
            (term.due, term.span, term.no_date) = (None, None, None);
            term.why.push(why.to_owned());
        }
        Some(term)
    }

    /// Whether an opinion that suspends the term is still out on the day asked about.
    fn is_paused(&self, group: &Group, options: Options) -> bool {
        let Some(on) = self.on else { return false };
        group.consultations.iter().filter_map(|i| self.consultations.get(*i)).any(|c| {
            let suspends = options.ruling || !matches!(c.whom, Whom::Coordination | Whom::Authority);
            suspends && c.answered.is_none() && c.sent <= on && c.end().is_none_or(|end| on <= end)
        })
    }

    /// The other readings of the rules, where they lead to another day.
    fn readings(&self, term: &mut Term, group: &Group, start: Date) {
        let main = self.options();
        let all: BTreeMap<&str, (Options, String)> = [
            ("1", Options { sending_counts: true, ..main }, "发出征求意见的当天也算在期限里".to_owned()),
            (
                "2",
                Options { make_up: main.make_up.other(), ..main },
                make_up_reading(main.make_up.other(), start).title,
            ),
            (
                "3",
                Options { whole: !main.whole, ..main },
                if main.whole {
                    "其他事项照常先答复"
                } else {
                    "只要有一项在征求意见，整件都停"
                }
                .to_owned(),
            ),
            (
                "4",
                Options { ruling: !main.ruling, ..main },
                if main.ruling {
                    "报请确定、协商确认的时间不扣"
                } else {
                    "报请确定、协商确认的时间也扣"
                }
                .to_owned(),
            ),
            (
                "5",
                Options { reasons: !main.reasons, ..main },
                if main.reasons {
                    "等说明理由的时间不扣"
                } else {
                    "等说明理由的时间也扣"
                }
                .to_owned(),
            ),
        ]
        .into_iter()
        .map(|(key, options, title)| (key, (options, title)))
        .collect();
        let due = term.due.map(|d| d.date);
        for (options, title) in all.into_values() {
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

    /// The terms of those who were asked.
    fn consulted(&self) -> Vec<Term> {
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

    fn fee_due(&self) -> Option<Result<Due, NoDate>> {
        let served = self.history.of(Kind::Served).filter(|e| e.keys.document == Some(Document::Fee));
        let date = served.filter_map(|e| e.date).next_back()?;
        self.clock.plain("fee-payment", date)
    }

    fn fee(&self) -> Option<Term> {
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
        Some(term)
    }

    /// What the applicant may do after the reply was served.
    fn after_reply(&self, after: &[AfterReply]) -> Vec<Term> {
        let mut all = vec![];
        let reply = |e: &&Event| matches!(e.keys.document, None | Some(Document::Reply));
        for group in after {
            let about = |e: &&Event| group.items.iter().any(|i| e.concerns(i));
            let served = self.history.of(Kind::Served).filter(reply).filter(about).find_map(|e| e.date);
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
    fn proceedings(&self) -> Vec<Term> {
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
                term.state = self.own(&term);
                all.push(term);
            }
        }
        for date in self.history.of(Kind::SuitReceived).filter_map(|e| e.date) {
            if let Some(mut term) = self.term("suit-answer", date, self.clock.plain("suit-answer", date)) {
                term.state = self.own(&term);
                all.push(term);
            }
        }
        all
    }

    /// A term of ours that ran out is overdue.
    fn own(&self, term: &Term) -> State {
        if term.state == State::Passed { State::Overdue } else { term.state }
    }
}

fn make_up_reading(policy: MakeUp, date: Date) -> Reading {
    let word = if policy == MakeUp::Count { "算" } else { "不算" };
    Reading { title: format!("调休上班的周末{word}工作日"), due: Some(date) }
}

/// The other side as staff call it.
fn name(found: &Consultation<'_>) -> String {
    if found.party.is_empty() { found.whom.word().to_owned() } else { found.party.clone() }
}
