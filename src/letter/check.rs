//! Checks every template of the corpus: names, cycles, directives, and that the examples fill a letter.

use super::fill::Filler;
use super::replies;
use super::request::{Request, items};
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
    check_shadows(corpus, report);
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

/// The names of the partials that a letter uses, in any depth; none where there is no such letter.
#[must_use]
pub fn partials(corpus: &Corpus, clause: &str) -> BTreeSet<String> {
    let templates = corpus.clauses.get(clause).and_then(|entry| Templates::new(corpus, entry, &[]));
    let used = templates.map(|templates| templates.check(&mut Report::default())).unwrap_or_default();
    used.into_iter().filter(|name| corpus.partials.contains_key(name)).collect()
}

/// Reports fields of a letter with several answers that would take the place of a field of one of these answers: what was
/// filled in for the whole would be printed as if it were said of the item.
fn check_shadows(corpus: &Corpus, report: &mut Report) {
    for entry in corpus.clauses.values().filter(|entry| replies::has_items(corpus, &entry.header)) {
        let own: Vec<&str> = entry.header.parameters.iter().map(|p| p.name.as_str()).collect();
        for item in items(corpus) {
            let shadowed = item.header.parameters.iter().find(|p| own.contains(&p.name.as_str()));
            let Some(parameter) = shadowed else { continue };
            let place = Place::new(&entry.path, entry.header_tree.place_of("parameters", None));
            let message =
                format!("字段 {} 和《{}》的字段同名，填一处会印到另一处", parameter.name, item.header.title);
            report.push(Diagnostic::error("shadowed-field", place, message).hint("换一个字段名称"));
        }
    }
}
