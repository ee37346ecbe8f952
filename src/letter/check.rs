//! Checks every template of the corpus: names, cycles, directives, and that the examples fill a letter.

use super::fill::Filler;
use super::replies;
use super::request::Request;
use super::template::{Templates, worded};
use crate::corpus::{Choices, Corpus};
use crate::remedy::Asked;
use crate::text::{Diagnostic, Place, Report};
use std::collections::BTreeSet;

/// Reports every mistake in the templates.
pub fn check(corpus: &Corpus, report: &mut Report) {
    let mut partials = BTreeSet::new();
    let mut shells = BTreeSet::new();
    let mut filler = Filler::new(corpus);
    for entry in corpus.clauses.values() {
        let choices = Choices::new();
        let example = Request::example(corpus, &entry.header);
        let contested = replies::contested(corpus, &example);
        let today = worded(corpus, &contested, Asked::latest(&choices)).unwrap_or_default();
        let Some(templates) = Templates::new(corpus, entry, &today) else { continue };
        shells.insert(entry.header.shell.as_str());
        let mut own = Report::default();
        partials.extend(templates.check(&mut own));
        if !own.has_errors() {
            filler.fill(&example, &mut own);
        }
        for diagnostic in own.sorted() {
            report.push(diagnostic);
        }
    }
    for (id, entry) in &corpus.shells {
        if !shells.contains(id.as_str()) {
            let place = Place::new(&entry.path, entry.header_tree.place_of("id", None));
            report.push(
                Diagnostic::error("unused-template", place, "没有文书用到这个框架")
                    .hint("在条款里用 shell 指向它，或者删去"),
            );
        }
    }
    for (name, (path, text)) in &corpus.partials {
        if !partials.contains(name) {
            let place = Place::new(path, 0..text.lines().next().map_or(0, str::len));
            report.push(
                Diagnostic::error("unused-template", place, "没有文书用到这个片段")
                    .hint("在模板里用 {{> …}} 引用它，或者删去"),
            );
        }
    }
}
