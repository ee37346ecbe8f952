//! What the clock answers: the terms of one request, and how each stands.

use super::span::{Due, NoDate, Span};
use crate::calendar::Date;
use crate::corpus::Confidence;

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
    /// It ended without a reply: the applicant withdrew, or did not correct or pay in time.
    Closed(Date),
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
            Self::Closed(_) => "不再处理",
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
            Self::Closed(_) => "closed",
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
