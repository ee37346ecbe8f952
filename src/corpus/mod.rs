//! What the handbook knows: laws, cases, questions, policies, guide pages, clauses and rules, by id.
//!
//! Read from [`Sources`] in one step; every mistake in a header goes to the [`Report`].

mod agency;
mod clause;
mod entry;
mod guide;
mod kinds;
mod law;
mod layout;
mod rules;
pub mod schema;
pub mod tree;

pub use agency::{Agency, SOURCES};
pub use clause::{Clause, Column, Parameter, ParameterType, Shell};
pub use entry::{Entry, Section};
pub use guide::Guide;
pub use kinds::{Case, Confidence, DateKind, Policy, Question, State};
pub use law::{Article, Law, LawKind, ProvisionNote, Version};
pub use rules::{CaseType, Outcome, OutcomeRemedy, RemedyClass, Rules};

use crate::citation::Names;
use crate::text::{Diagnostic, Place, Report, Sources};
use std::collections::BTreeMap;

/// Everything that was read, by id in id order.
#[derive(Debug, Clone, Default)]
pub struct Corpus {
    /// `book/laws/*.md`
    pub laws: BTreeMap<String, Entry<Law>>,
    /// `cases/*.md`
    pub cases: BTreeMap<String, Entry<Case>>,
    /// `book/questions/*.md`
    pub questions: BTreeMap<String, Entry<Question>>,
    /// `book/policies/*.md`
    pub policies: BTreeMap<String, Entry<Policy>>,
    /// `book/*.md` and `book/guide/*.md`, by path below `book/`.
    pub guides: BTreeMap<String, Entry<Guide>>,
    /// `templates/clauses/*.hbs`
    pub clauses: BTreeMap<String, Entry<Clause>>,
    /// `templates/letters/*.hbs`
    pub shells: BTreeMap<String, Entry<Shell>>,
    /// `templates/partials/*.hbs`: path and text, by name.
    pub partials: BTreeMap<String, (String, String)>,
    /// `book/rules/*.toml`
    pub rules: Rules,
    /// Whether a law's file could not be read, so that its names are missing.
    pub broken_laws: bool,
    /// By what names laws are cited.
    pub names: Names,
}

/// Hand-written Markdown below `book/` that mdBook itself reads and that carries no header.
const WITHOUT_HEADER: [&str; 2] = ["book/SUMMARY.md", "book/404.md"];

impl Corpus {
    /// Reads all sources.
    pub fn load(sources: &Sources, report: &mut Report) -> Self {
        let mut corpus = Self {
            laws: read(sources, "book/laws/", ".md", report),
            cases: read(sources, "cases/", ".md", report),
            questions: read(sources, "book/questions/", ".md", report),
            policies: read(sources, "book/policies/", ".md", report),
            clauses: read(sources, "templates/clauses/", ".hbs", report),
            shells: read(sources, "templates/letters/", ".hbs", report),
            rules: Rules::load(sources, report),
            ..Self::default()
        };
        let guide_schema = schema::of::<Guide>();
        for (path, text) in sources.within("book/", ".md") {
            let inner = path.strip_prefix("book/").unwrap_or(path);
            let guide = !inner.contains('/') || inner.starts_with("guide/");
            if guide
                && !WITHOUT_HEADER.contains(&path)
                && let Some(entry) = Entry::read(path, text, &guide_schema, report)
            {
                corpus.guides.insert(inner.to_owned(), entry);
            }
        }
        for (path, text) in sources.within("templates/partials/", ".hbs") {
            entry::check_characters(path, text, report);
            corpus.partials.insert(stem(path).to_owned(), (path.to_owned(), text.to_owned()));
        }
        corpus.broken_laws = corpus.laws.len() < sources.within("book/laws/", ".md").count();
        corpus.collect_names(report);
        corpus.check_references(report);
        corpus.check_ids(report);
        corpus.check_summary(sources, report);
        layout::check_files(sources, report);
        corpus
    }

    fn collect_names(&mut self, report: &mut Report) {
        for (id, entry) in &self.laws {
            let law = &entry.header;
            let aliases = law
                .aliases
                .iter()
                .enumerate()
                .map(|(i, a)| (a, entry.header_tree.place_of("aliases", Some(i))));
            let own = [
                (&law.title, entry.header_tree.place_of("title", None)),
                (&law.short, entry.header_tree.place_of("short", None)),
            ];
            for (name, range) in own.into_iter().chain(aliases) {
                if let Some(other) = self.names.add(name, id) {
                    let message = format!("「{name}」已经是 {other} 的名称");
                    let hint = "同一个名称只能指一部法规；在其中一部的 aliases 里删去它";
                    report.push(
                        Diagnostic::error("duplicate-name", Place::new(&entry.path, range), message)
                            .hint(hint),
                    );
                }
            }
        }
    }

    /// Ids that one file names and another must hold.
    fn check_references(&self, report: &mut Report) {
        for entry in self.cases.values() {
            let known = self.rules.case_types.iter().map(|t| t.id.as_str());
            // References into a table that could not be read would all be wrong for a reason said already.
            if !self.rules.broken.contains("case-types") {
                entry.check_known(("type", None), &entry.header.r#type, known, report);
            }
            self.check_outcomes(entry, &entry.header.outcomes, report);
            if entry.header.date.is_some() != entry.header.date_kind.is_some() {
                let range = entry.header_tree.place_of("date", None);
                let hint =
                    "date 和 date_kind 要么都写，要么都不写：date_kind 说明这是 公布、裁判 还是 作出 的日期";
                report.push(
                    Diagnostic::error(
                        "date-kind",
                        Place::new(&entry.path, range),
                        "只写了日期和日期种类中的一个",
                    )
                    .hint(hint),
                );
            }
        }
        for entry in self.questions.values() {
            self.check_outcomes(entry, &entry.header.outcomes, report);
        }
        for entry in self.policies.values() {
            self.check_outcomes(entry, &entry.header.outcomes, report);
        }
        for entry in self.clauses.values() {
            let known = self.rules.outcomes.iter().map(|o| o.id.as_str());
            if !self.rules.broken.contains("outcomes") {
                entry.check_known(("outcome", None), &entry.header.outcome, known, report);
            }
            let known = self.shells.keys().map(String::as_str);
            entry.check_known(("shell", None), &entry.header.shell, known, report);
        }
    }

    fn check_outcomes<T>(&self, entry: &Entry<T>, outcomes: &[String], report: &mut Report) {
        if self.rules.broken.contains("outcomes") {
            return;
        }
        for (i, outcome) in outcomes.iter().enumerate() {
            let known = self.rules.outcomes.iter().map(|o| o.id.as_str());
            entry.check_known(("outcomes", Some(i)), outcome, known, report);
        }
    }

    /// The laws, those with the most notes first.
    #[must_use]
    pub fn laws_by_weight(&self) -> Vec<&Entry<Law>> {
        let mut all: Vec<_> = self.laws.values().collect();
        all.sort_by_key(|e| std::cmp::Reverse(e.header.notes.len()));
        all
    }

    /// The clauses in the order of the table of outcomes.
    #[must_use]
    pub fn clauses_by_outcome(&self) -> Vec<&Entry<Clause>> {
        let mut all: Vec<_> = self.clauses.values().collect();
        all.sort_by_key(|e| self.rules.outcomes.iter().position(|o| o.id == e.header.outcome));
        all
    }

    /// The class of one remedy of an outcome.
    #[must_use]
    pub fn remedy(&self, row: &OutcomeRemedy) -> Option<&RemedyClass> {
        self.rules.remedies.iter().find(|class| class.id == row.class)
    }

    /// The outcome a clause is for.
    #[must_use]
    pub fn outcome(&self, id: &str) -> Option<&Outcome> {
        self.rules.outcomes.iter().find(|o| o.id == id)
    }
}

/// File name without folder and ending.
pub(crate) fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn read<T: entry::Header>(
    sources: &Sources,
    folder: &str,
    ending: &str,
    report: &mut Report,
) -> BTreeMap<String, Entry<T>> {
    let schema = schema::of::<T>();
    let mut all: BTreeMap<String, Entry<T>> = BTreeMap::new();
    for (path, text) in sources.within(folder, ending) {
        // Imported official texts live in a folder of their own.
        if path.get(folder.len()..).is_some_and(|rest| rest.contains('/')) {
            continue;
        }
        let Some(entry) = Entry::<T>::read(path, text, &schema, report) else { continue };
        let id = entry.header.id().to_owned();
        let range = entry.header_tree.place_of("id", None);
        if id != stem(path) {
            let message = format!("编号「{id}」和文件名不一致");
            let hint = format!("把文件改名为 {id}{ending}，或把编号改成 {}", stem(path));
            report.push(
                Diagnostic::error("id-not-file-name", Place::new(path, range.clone()), message).hint(hint),
            );
        }
        if let Some(other) = all.get(&id) {
            let message = format!("编号「{id}」已经被 {} 用了", other.path);
            let hint = "每个编号只能用一次";
            report.push(Diagnostic::error("duplicate-id", Place::new(path, range), message).hint(hint));
            continue;
        }
        all.insert(id, entry);
    }
    all
}
