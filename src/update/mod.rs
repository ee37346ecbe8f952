//! A desk's handbook and a newer one from a pack, compared: what each file would do here, what changes in the field's
//! words, and which pages and letters that touches.
//!
//! Nothing is written here; `cli::update` shows what these functions find and lets `disk` do it.

mod affected;
mod changes;
mod law;
mod plan;
mod rules;

pub use affected::{Affected, Touched, affected};
pub use changes::{Change, Group, Item, changes, title};
pub use law::{LawChange, laws};
pub use plan::{Action, Conflict, Known, Sums, canonical, plan};

use crate::corpus::Corpus;
use crate::links::Links;
use std::collections::BTreeMap;

/// One of the two handbooks.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// All content.
    pub corpus: &'a Corpus,
    /// All citations.
    pub links: &'a Links,
    /// For each clause its example letter; empty where the content has mistakes.
    pub samples: &'a BTreeMap<String, String>,
}
