//! What the events of a request file already say of a letter's fields, so that nobody types it twice.

use super::request::{Answer, Answers};
use crate::calendar::Date;
use crate::clock::{Channel, Clock, History, Kind, Status};
use crate::corpus::{Choices, Rules};
use crate::text::Report;

/// The history of a request, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dossier {
    /// Its events.
    pub history: History,
    /// Its terms.
    pub status: Status,
    /// The end of the reply's term without any extension.
    pub original: Option<Date>,
}

impl Dossier {
    /// Counts the terms of a history; mistakes go to `report`.
    pub fn new(rules: &Rules, choices: &Choices, history: History, report: &mut Report) -> Option<Self> {
        let clock = Clock { rules, choices, provisional: false };
        let status = clock.run(&history, None, &[], report)?;
        let mut plain = history.clone();
        plain.events.retain(|e| e.keys.kind != Kind::Extended);
        let before = clock.run(&plain, None, &[], &mut Report::default());
        let original = before.and_then(|s| s.terms.iter().find(|t| t.id == "reply").and_then(|t| t.due));
        Some(Self { history, status, original: original.map(|d| d.date) })
    }

    /// The fields that follow from the events.
    #[must_use]
    pub fn facts(&self) -> Answers {
        let mut all = Answers::new();
        let mut date = |name: &str, date: Option<Date>| {
            if let Some(date) = date {
                all.insert(name.to_owned(), Answer::Date(date));
            }
        };
        let first = |kind: Kind| self.history.of(kind).next();
        date("received_date", self.status.receipt.date);
        date("submitted_date", first(Kind::Received).and_then(|e| e.date));
        date("corrected_date", first(Kind::CorrectionReceived).and_then(|e| e.date));
        let end =
            |id: &str| self.status.terms.iter().find(|t| t.id == id).and_then(|t| t.due).map(|d| d.date);
        date("deadline", end("reply"));
        date("original_deadline", self.original);
        date("new_deadline", end("extension"));
        let extended = self.history.of(Kind::Extended).next_back().and_then(|e| e.keys.days);
        if let Some(days) = extended {
            all.insert("extension_days".to_owned(), Answer::Count(days));
        }
        let text = |text: &str| Answer::Text(text.to_owned());
        if let Some(channel) = first(Kind::Received).and_then(|e| e.keys.channel) {
            all.insert("channel".to_owned(), text(channel_word(channel)));
        }
        if let Some(number) = &self.history.number {
            all.insert("request_number".to_owned(), text(number));
        }
        if let Some(applicant) = &self.history.applicant {
            all.insert("applicant".to_owned(), text(applicant));
        }
        if self.status.receipt.date.is_some() {
            all.insert("received_reason".to_owned(), text(&self.status.receipt.reason));
        }
        all
    }
}

/// A channel in the words of the letters.
#[must_use]
pub fn channel_word(channel: Channel) -> &'static str {
    match channel {
        Channel::InPerson => "当面提交",
        Channel::Oral => "口头提出并由本机关代为填写",
        Channel::SignedMail | Channel::PlainMail => "邮寄",
        Channel::Online => "网络",
        Channel::Email => "电子邮件",
        Channel::Fax => "传真",
    }
}
