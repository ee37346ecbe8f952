//! The way from a request to the outcome: which questions are asked given the answers so far, and where it ends.
//!
//! `book/theme/decide.js` does the same in the handbook. Answers to questions that are no longer on the way are kept:
//! who goes back and changes nothing finds them again.

use crate::corpus::{StepAnswer, StepQuestion, StepTable};
use std::collections::{BTreeMap, BTreeSet};

/// The answers, by question.
pub type Chosen = BTreeMap<String, String>;

/// The way so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walk<'a> {
    /// The questions that were answered, each with its answer.
    pub answered: Vec<(&'a StepQuestion, &'a StepAnswer)>,
    /// The question that is open; none where the way has ended.
    pub open: Option<&'a StepQuestion>,
}

impl<'a> Walk<'a> {
    /// The answer that ended the way.
    #[must_use]
    pub fn end(&self) -> Option<&'a StepAnswer> {
        match (self.open, self.answered.last()) {
            (None, Some((_, answer))) if answer.outcome.is_some() => Some(answer),
            _ => None,
        }
    }
}

/// Follows the answers from the first question on.
#[must_use]
pub fn walk<'a>(table: &'a StepTable, chosen: &Chosen) -> Walk<'a> {
    let mut answered: Vec<(&StepQuestion, &StepAnswer)> = vec![];
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut at = next(table, 0, &seen);
    while let Some(i) = at {
        let Some(question) = table.question.get(i) else { break };
        let answer = chosen.get(&question.id).and_then(|id| question.answer.iter().find(|a| a.id == *id));
        let Some(answer) = answer else { return Walk { answered, open: Some(question) } };
        answered.push((question, answer));
        seen.insert(format!("{}={}", question.id, answer.id));
        at = after(table, i, answer, &seen);
    }
    Walk { answered, open: None }
}

/// The question after an answer; none where it ends the way.
#[must_use]
pub fn after(table: &StepTable, at: usize, answer: &StepAnswer, seen: &BTreeSet<String>) -> Option<usize> {
    match (&answer.outcome, &answer.next) {
        (Some(_), _) => None,
        // Only forward, so that no way comes back to where it was.
        (None, Some(id)) => table.position(id).filter(|to| *to > at),
        (None, None) => next(table, at + 1, seen),
    }
}

/// The first question from `from` on that is asked after these answers.
fn next(table: &StepTable, from: usize, seen: &BTreeSet<String>) -> Option<usize> {
    let asked = |q: &StepQuestion| q.show_if.is_empty() || q.show_if.iter().any(|c| seen.contains(c));
    table.question.iter().enumerate().skip(from).find(|(_, q)| asked(q)).map(|(i, _)| i)
}
