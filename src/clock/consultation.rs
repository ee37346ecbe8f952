//! Opinions that were asked for: sent, arrived, answered, and when the other side's term runs out.

use super::history::{Document, Event, History, Kind, Whom};
use super::span::{Due, NoDate};
use crate::calendar::Date;

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
    pub(super) expiry: Option<Result<Due, NoDate>>,
}

impl Consultation<'_> {
    /// The last day that does not count: that of the answer, or of the end of the term where it came first.
    pub(super) fn end(&self) -> Option<Date> {
        let expiry = self.expiry.and_then(Result::ok).map(|due| due.date);
        match (self.answered, expiry) {
            (Some(answer), Some(expiry)) => Some(answer.min(expiry)),
            (one, other) => one.or(other),
        }
    }
}

/// The consultations of a request; `ends` counts a term of the table from a day on.
pub(super) fn consultations<'h>(
    history: &'h History,
    ends: impl Fn(&str, Date) -> Option<Result<Due, NoDate>>,
) -> Vec<Consultation<'h>> {
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
        found.expiry = found.served.and_then(|served| ends(term_of(found.whom)?, served));
    }
    all
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

/// The term of the table that the other side has, if the law gives it one.
pub(super) fn term_of(whom: Whom) -> Option<&'static str> {
    match whom {
        Whom::ThirdParty => Some("third-party"),
        Whom::CoProducer => Some("co-producer"),
        Whom::Agency | Whom::Coordination | Whom::Authority => None,
    }
}

/// The other side as staff call it.
pub(super) fn name(found: &Consultation<'_>) -> String {
    if found.party.is_empty() { found.whom.word().to_owned() } else { found.party.clone() }
}
