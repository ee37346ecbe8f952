//! What the handbook knows: laws, cases, questions, policies, guide pages, clauses and rules, by id.
//!
//! Read from [`Sources`] in one step; every mistake in a header goes to the [`Report`].

mod agency;
mod clause;
mod entry;
mod fees;
pub mod generated;
mod glossary;
mod guide;
mod holidays;
mod kinds;
mod law;
mod layout;
mod learning;
mod materials;
mod official;
mod publication;
mod remedies;
mod review_body;
mod rules;
pub mod schema;
mod settings;
mod steps;
mod structure;
mod synonyms;
mod terms;
pub mod tree;

pub use agency::{Agency, SOURCES};
pub use clause::{Clause, Column, DocumentKind, PageLayout, Parameter, ParameterType, Shell};
pub use entry::{Entry, Section, section_anchor};
pub use fees::{FeeBand, FeeMethod, FeeNote, FeeRule, FeeTable};
pub use glossary::GlossaryTerm;
pub use guide::Guide;
pub use holidays::{CALENDAR, FESTIVALS, HolidayDays, HolidayNotice, HolidayYear};
pub use kinds::{Case, Change, Confidence, DateKind, Policy, Prevailed, Question, Review, State};
pub use law::{Article, Law, LawKind, ProvisionNote, Version};
pub use layout::{is_content, is_look};
pub use learning::{Drill, Level, Quiz, QuizItem};
pub use materials::{Material, MaterialTable, Needed};
pub use official::{
    Edition, OfficialText, Texts, UNKNOWN_DATE, comparison_id, comparison_title, earlier, in_force,
    old_text_id,
};
pub use publication::{Chosen, PUBLIC_PAGES, Publication, STAFF};
pub use remedies::{
    Choices, GroundRule, LocalPolicy, Organ, OrganRule, PolicyOption, RemedyClass, RemedyGround, RemedyTable,
    Wording, holding,
};
pub use review_body::{hearing_body, review_body_mistake};
pub use rules::{CaseType, Concordance, ConcordanceRow, LawName, Outcome, OutcomeRemedy, Rules};
pub use settings::{Layer, Layers, OFFICIAL_SETTINGS, PERSONAL, Setting};
pub use steps::{Step, StepAnswer, StepQuestion, StepTable};
pub use structure::{Located, Structure, article_key, of_text};
pub use synonyms::{SynonymGroup, SynonymTable, UnknownWord};
pub use terms::{Effect, EventRule, TermRule, TermTable, Unit};

use crate::citation::Names;
use crate::text::{Diagnostic, Place, Report, Sources, nearest};
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
    /// `book/quiz/*.md`
    pub quizzes: BTreeMap<String, Entry<Quiz>>,
    /// `book/drills/*.md`
    pub drills: BTreeMap<String, Entry<Drill>>,
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
    /// `book/laws/text/`: the official texts that were imported, by law.
    pub texts: Texts,
    /// Whether a law's file could not be read, so that its names are missing.
    pub broken_laws: bool,
    /// By what names laws are cited.
    pub names: Names,
}

/// Topics of questions in the order in which a request meets them.
const TOPICS: [&str; 11] = [
    "申请与登记",
    "补正",
    "期限",
    "征求意见",
    "不予公开",
    "答复内容",
    "费用",
    "送达",
    "救济",
    "更正与其他",
    "主动公开",
];

/// Where imported texts lie, a folder for each law.
pub const TEXTS: &str = "book/laws/text/";

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
            quizzes: read(sources, "book/quiz/", ".md", report),
            drills: read(sources, "book/drills/", ".md", report),
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
        let notes = sources.within("book/laws/", ".md").filter(|(path, _)| !path.starts_with(TEXTS)).count();
        corpus.broken_laws = corpus.laws.len() < notes;
        corpus.read_texts(sources, report);
        corpus.collect_names(report);
        corpus.describe_names();
        corpus.check_references(report);
        corpus.check_ids(report);
        corpus.check_summary(sources, report);
        layout::check_files(sources, report);
        corpus
    }

    /// Reads the imported texts, and takes from those in force the structure that the notes do not give.
    fn read_texts(&mut self, sources: &Sources, report: &mut Report) {
        let schema = schema::of::<OfficialText>();
        for (path, text) in sources.within(TEXTS, ".md") {
            let Some(entry) = Entry::<OfficialText>::read(path, text, &schema, report) else { continue };
            let id = entry.header.law.clone();
            let place = || Place::new(path, entry.header_tree.place_of("law", None));
            if !self.laws.contains_key(&id) {
                let hint = "先有 book/laws/ 里的法规文件，才能有它的原文；用 gongkai law import 重新导入";
                let message = format!("没有编号为「{id}」的法规");
                report.push(Diagnostic::error("unknown-reference", place(), message).hint(hint));
            } else if path.get(TEXTS.len()..).is_none_or(|rest| !rest.starts_with(&format!("{id}/"))) {
                let hint = format!("放到 {TEXTS}{id}/ 里");
                report
                    .push(Diagnostic::error("misplaced-file", place(), "这份原文放的文件夹不对").hint(hint));
            } else {
                self.texts.entry(id).or_default().push(entry);
            }
        }
        for (id, entry) in &mut self.laws {
            let texts = self.texts.get(id).map_or(&[][..], Vec::as_slice);
            let editions = official::editions(&entry.header, texts);
            if let Some(newer) = official::newer(&editions) {
                let place = Place::new(&entry.path, entry.header_tree.place_of("versions", None));
                let message = format!("导入的原文比文件头里最后一个版本新：{}", newer.label());
                let hint = "施行以后，在文件头的 [[versions]] 最后加上这个版本，并核对要点、条数和款项结构";
                report.push(Diagnostic::error("newer-text", place, message).warning().hint(hint));
            }
            let Some(text) = editions.iter().find(|e| e.current).and_then(|e| e.text) else { continue };
            let (structure, last) = (text.structure.clone(), text.statute.last());
            match &entry.header.structure {
                None if text.statute.kind == crate::statute::Kind::Articles && last.is_some() => {
                    entry.header.structure = Some(structure);
                    entry.header.articles = last;
                }
                Some(noted) => {
                    let all = structure.keys().chain(noted.keys());
                    let other = all.filter(|k| {
                        noted.get(*k).cloned().unwrap_or_else(|| vec![0])
                            != structure.get(*k).cloned().unwrap_or_default()
                    });
                    let other: std::collections::BTreeSet<_> = other.map(|k| k.replace('_', "之")).collect();
                    if !other.is_empty() {
                        let shown: Vec<_> = other.iter().take(6).map(|k| format!("第{k}条")).collect();
                        let place = Place::new(&entry.path, entry.header_tree.place_of("structure", None));
                        let message = format!(
                            "款项结构和导入的原文不一样：{}{}",
                            shown.join("、"),
                            if other.len() > 6 { "等" } else { "" }
                        );
                        let hint = "对照原文核一遍：结构写错了就改文件头，导入错了就改 book/laws/text/ 里的原文；改好以前锚点按文件头";
                        report.push(
                            Diagnostic::error("structure-differs", place, message).warning().hint(hint),
                        );
                    }
                }
                None => {}
            }
        }
    }

    /// The versions of a law, the oldest first.
    #[must_use]
    pub fn editions(&self, law: &str) -> Vec<Edition<'_>> {
        let texts = self.texts.get(law).map_or(&[][..], Vec::as_slice);
        self.laws.get(law).map_or_else(Vec::new, |entry| official::editions(&entry.header, texts))
    }

    /// The imported text of the version in force.
    #[must_use]
    pub fn text(&self, law: &str) -> Option<&OfficialText> {
        self.editions(law).iter().find(|e| e.current).and_then(|e| e.text)
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

    /// Full titles, the years of the versions in force, and the names of laws outside.
    fn describe_names(&mut self) {
        for (id, entry) in &self.laws {
            let law = &entry.header;
            let current = law.versions.last();
            let dates = current.into_iter().flat_map(|v| [&v.effective, &v.promulgated]).flatten();
            let mut years: Vec<u32> = dates.filter_map(|d| d.get(..4)?.parse().ok()).collect();
            // 2019年修订
            years.extend(current.and_then(|v| v.label.get(..4)?.parse::<u32>().ok()));
            self.names.describe(id, &law.title, years);
            for (row, version) in (1..).zip(&law.versions) {
                let year = version.promulgated.as_deref().and_then(|d| d.get(..4)?.parse().ok());
                if let Some(number) = &version.number {
                    self.names.number(number, (id, year, row == law.versions.len()));
                }
            }
        }
        for law in &self.rules.law_names {
            let outside = crate::citation::Outside {
                title: law.title.clone(),
                repealed: law.repealed,
                replaced_by: law.replaced_by.clone(),
            };
            self.names.add_outside(outside, law.names.iter().map(String::as_str));
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
        for entry in self.guides.values() {
            self.check_outcomes(entry, &entry.header.outcomes, report);
        }
        for entry in self.drills.values() {
            self.check_outcomes(entry, &entry.header.outcomes, report);
            for (index, letter) in entry.header.letters.iter().enumerate() {
                let known = self.clauses.keys().map(String::as_str);
                entry.check_known(("letters", Some(index)), letter, known, report);
            }
        }
        let known = steps::Known {
            outcomes: self.rules.outcomes.iter().map(|o| o.id.as_str()).collect(),
            cases: self.cases.keys().map(String::as_str).collect(),
        };
        if let Some((path, tree)) = self.rules.trees.iter().find(|(path, _)| path.ends_with("/steps.toml"))
            && !self.rules.broken.contains("outcomes")
        {
            self.rules.steps.check((path, tree), &known, report);
        }
        self.check_materials(report);
        for entry in self.clauses.values() {
            let known = self.rules.outcomes.iter().map(|o| o.id.as_str());
            if !self.rules.broken.contains("outcomes") {
                entry.check_known(("outcome", None), &entry.header.outcome, known, report);
            }
            let known = self.shells.keys().map(String::as_str);
            entry.check_known(("shell", None), &entry.header.shell, known, report);
        }
    }

    /// Outcomes and letters that the table of materials names.
    fn check_materials(&self, report: &mut Report) {
        let Some((path, tree)) = self.rules.trees.iter().find(|(path, _)| path.ends_with("/materials.toml"))
        else {
            return;
        };
        let rows = tree.get("material").map(tree::Node::items).unwrap_or_default();
        for (material, node) in self.rules.materials.iter().zip(rows) {
            let mut unknown = |key: &str, at: usize, word: &str, known: Vec<&str>| {
                let message = format!("没有「{word}」");
                let hint = nearest(word, known.iter().copied()).map_or_else(
                    || "用 gongkai letter list 查编号".to_owned(),
                    |w| format!("您是不是要写 {w}？"),
                );
                let place = Place::new(path, node.place_of(key, Some(at)));
                report.push(Diagnostic::error("unknown-reference", place, message).hint(hint));
            };
            for (at, id) in material.outcomes.iter().enumerate() {
                if self.outcome(id).is_none() && !self.rules.broken.contains("outcomes") {
                    unknown("outcomes", at, id, self.rules.outcomes.iter().map(|o| o.id.as_str()).collect());
                }
            }
            for (at, id) in material.letters.iter().enumerate() {
                if !self.clauses.contains_key(id) {
                    unknown("letters", at, id, self.clauses.keys().map(String::as_str).collect());
                }
            }
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

    /// The laws, those that cases, questions, policies and letters rest on most first, then those with the most notes.
    #[must_use]
    pub fn laws_by_weight(&self) -> Vec<&Entry<Law>> {
        let cases = self.cases.values().flat_map(|e| &e.header.cites);
        let questions = self.questions.values().flat_map(|e| &e.header.cites);
        let policies = self.policies.values().flat_map(|e| &e.header.cites);
        let clauses = self.clauses.values().flat_map(|e| &e.header.cites);
        let mut cited: BTreeMap<&str, usize> = BTreeMap::new();
        for cite in cases.chain(questions).chain(policies).chain(clauses) {
            let name = cite.strip_prefix('《').and_then(|rest| rest.split_once('》'));
            *cited.entry(name.map_or("", |(name, _)| name)).or_default() += 1;
        }
        let weight = |law: &Law| {
            let names = [law.short.as_str(), law.title.as_str()];
            let cited: usize = names.iter().filter_map(|name| cited.get(name)).sum();
            std::cmp::Reverse((cited, law.notes.len()))
        };
        let mut all: Vec<_> = self.laws.values().collect();
        all.sort_by_key(|e| weight(&e.header));
        all
    }

    /// The cases in the order of their types; in each the real ones first.
    #[must_use]
    pub fn cases_by_type(&self) -> Vec<&Entry<Case>> {
        let mut all: Vec<_> = self.cases.values().collect();
        let place = |id: &str| self.rules.case_types.iter().position(|t| t.id == id);
        all.sort_by_key(|e| (place(&e.header.r#type), e.header.fictional));
        all
    }

    /// The quizzes in their order.
    #[must_use]
    pub fn quizzes_in_order(&self) -> Vec<&Entry<Quiz>> {
        let mut all: Vec<_> = self.quizzes.values().collect();
        all.sort_by_key(|e| e.header.order);
        all
    }

    /// The drills, the easy ones first.
    #[must_use]
    pub fn drills_by_level(&self) -> Vec<&Entry<Drill>> {
        let mut all: Vec<_> = self.drills.values().collect();
        all.sort_by_key(|e| e.header.level);
        all
    }

    /// The topics of the questions, in the order in which a request meets them, others after these; each with its
    /// questions.
    #[must_use]
    pub fn questions_by_topic(&self) -> Vec<(&str, Vec<&Entry<Question>>)> {
        let mut all: Vec<(&str, Vec<&Entry<Question>>)> = vec![];
        for entry in self.questions.values() {
            match all.iter_mut().find(|(topic, _)| *topic == entry.header.topic) {
                Some((_, questions)) => questions.push(entry),
                None => all.push((&entry.header.topic, vec![entry])),
            }
        }
        let place = |topic: &str| TOPICS.iter().position(|t| *t == topic).unwrap_or(TOPICS.len());
        all.sort_by_key(|(topic, _)| (place(topic), *topic));
        all
    }

    /// The clauses in the order of the table of outcomes.
    #[must_use]
    pub fn clauses_by_outcome(&self) -> Vec<&Entry<Clause>> {
        let mut all: Vec<_> = self.clauses.values().collect();
        all.sort_by_key(|e| self.rules.outcomes.iter().position(|o| o.id == e.header.outcome));
        all
    }

    /// Who a document is for.
    #[must_use]
    pub fn kind(&self, clause: &Clause) -> DocumentKind {
        self.shells.get(&clause.shell).map(|s| s.header.kind).unwrap_or_default()
    }

    /// The class that one remedy of an outcome has today, as far as the table knows.
    #[must_use]
    pub fn remedy(&self, row: &OutcomeRemedy) -> Option<&RemedyClass> {
        let rule = self.rules.remedies.ground(&row.ground)?.rule.last()?;
        self.rules.remedies.class(&rule.class)
    }

    /// The outcome a clause is for.
    #[must_use]
    pub fn outcome(&self, id: &str) -> Option<&Outcome> {
        self.rules.outcomes.iter().find(|o| o.id == id)
    }

    /// The letters of an outcome: the one of the same id first, the others by id.
    #[must_use]
    pub fn letters(&self, outcome: &str) -> Vec<&Entry<Clause>> {
        let mut all: Vec<_> = self.clauses.values().filter(|e| e.header.outcome == outcome).collect();
        all.sort_by_key(|e| e.header.id != outcome);
        all
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
