//! A reply to several items of one application: each item with the words of its own letter, the remedies and the row of
//! the annual report for the whole.

use super::request::{Answer, Reply, Request, fields, item_fields};
use crate::corpus::{Clause, Corpus, LocalPolicy, Outcome, Parameter, ParameterType, RemedyGround};
use crate::text::{Place, chinese};
use std::collections::BTreeMap;

/// What letters call themselves, and what a reply to several items does.
pub(super) const LETTER: &str = "本告知书";
/// See [`LETTER`].
pub(super) const WHOLE: &str = "本答复书";

/// Rows of the annual report: 予以公开, 部分公开.
const GRANTED: &str = "三（一）";
const PARTLY: &str = "三（二）";

/// One part of a letter: the fields and answers that are its own.
pub(super) struct Part<'a> {
    pub fields: Vec<&'a Parameter>,
    pub answers: &'a BTreeMap<String, Answer>,
    pub places: &'a BTreeMap<String, Place>,
}

/// The replies to the items; empty for a letter that answers as a whole.
pub(super) fn of(request: &Request) -> &[Reply] {
    request.answers.values().find_map(Answer::replies).unwrap_or_default()
}

/// Whether a clause answers item by item.
pub(super) fn has_items(corpus: &Corpus, clause: &Clause) -> bool {
    fields(corpus, clause).iter().any(|p| p.kind == ParameterType::Replies)
}

/// The whole, then each reply.
pub(super) fn parts<'a>(corpus: &'a Corpus, request: &'a Request) -> Vec<Part<'a>> {
    let Some(clause) = corpus.clauses.get(&request.letter) else { return vec![] };
    let whole = fields(corpus, &clause.header);
    let mut all = vec![];
    for reply in of(request) {
        let Some(clause) = corpus.clauses.get(&reply.letter) else { continue };
        let fields = item_fields(corpus, &clause.header, &whole);
        all.push(Part { fields, answers: &reply.answers, places: &reply.places });
    }
    let part = Part { fields: whole, answers: &request.answers, places: &request.places };
    all.insert(0, part);
    all
}

/// One reply as if it were a letter of its own: its answers together with those of the whole.
pub(super) fn alone(request: &Request, reply: &Reply) -> Request {
    let mut alone = request.clone();
    alone.answers.retain(|_, answer| answer.replies().is_none());
    alone.letter.clone_from(&reply.letter);
    alone.answers.extend(reply.answers.clone());
    alone.places.extend(reply.places.clone());
    alone
}

/// 第三项
pub(super) fn ordinal(at: usize) -> String {
    format!("第{}项", number(at))
}

/// 三, for the third; counted from 0.
pub(super) fn number(at: usize) -> String {
    chinese(u32::try_from(at + 1).unwrap_or(u32::MAX))
}

/// What can be contested, each with its ground: 本告知书, or 本答复书第二项中不予公开的部分.
pub(super) fn contested<'a>(corpus: &'a Corpus, request: &Request) -> Vec<(&'a RemedyGround, String)> {
    let rows = |letter: &str| {
        let outcome = corpus.clauses.get(letter).and_then(|c| corpus.outcome(&c.header.outcome));
        outcome.map(|o| o.remedy.as_slice()).unwrap_or_default()
    };
    let replies = of(request);
    let mut all = vec![];
    for row in rows(&request.letter) {
        all.extend(corpus.rules.remedies.ground(&row.ground).map(|g| (g, row.subject.clone())));
    }
    for (at, reply) in replies.iter().enumerate() {
        let name = if replies.len() > 1 { format!("{WHOLE}{}", ordinal(at)) } else { WHOLE.to_owned() };
        for row in rows(&reply.letter) {
            let subject = row.subject.replace(LETTER, &name);
            all.extend(corpus.rules.remedies.ground(&row.ground).map(|g| (g, subject)));
        }
    }
    all
}

/// 本答复书第一项、本答复书第三项 → 本答复书第一项、第三项; what the remedy's words call the letter likewise.
pub(super) fn joined(text: &str) -> String {
    text.replace(&format!("、{WHOLE}"), "、").replace(LETTER, WHOLE)
}

/// The row of the annual report that a letter counts in (国办公开办函〔2021〕30号).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnualRow<'a> {
    /// 三（四）1
    pub row: &'a str,
    /// Where the rules leave it open: the agency's policy and the choice that was followed.
    pub policy: Option<(&'a LocalPolicy, &'a str)>,
}

/// Which row one application counts in; `None` for letters that decide nothing.
///
/// One application counts once. What several different answers count as, the rules do not say: the policy
/// `row-of-several` decides.
#[must_use]
pub fn annual_row<'a>(corpus: &'a Corpus, request: &Request) -> Option<AnnualRow<'a>> {
    let outcome =
        |letter: &str| -> Option<&'a Outcome> { corpus.outcome(&corpus.clauses.get(letter)?.header.outcome) };
    let replies = of(request);
    // What corrects an earlier answer says itself that it counts no second time.
    let whole = outcome(&request.letter).and_then(|o| o.annual_row.as_deref());
    if let Some(row) = whole {
        return Some(AnnualRow { row, policy: None });
    }
    let rows: Vec<&str> = replies.iter().filter_map(|r| outcome(&r.letter)?.annual_row.as_deref()).collect();
    let first = *rows.first()?;
    if rows.iter().all(|row| *row == first) {
        return Some(AnnualRow { row: first, policy: None });
    }
    let policy = corpus.rules.policies.iter().find(|p| p.id == "row-of-several")?;
    let (option, _) = policy.chosen(&request.choices);
    // Some of it was given and some was not.
    let partly = option.id == "partly-granted" && rows.iter().any(|row| [GRANTED, PARTLY].contains(row));
    let row = if partly { PARTLY } else { first };
    Some(AnnualRow { row, policy: Some((policy, &option.title)) })
}
