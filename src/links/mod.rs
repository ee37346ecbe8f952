//! Citations resolved, and backwards: who cites this article.

mod coverage;
mod judge;
mod prose;
mod radar;
mod upkeep;
mod wording;

pub use coverage::{Coverage, OutcomeCount};
pub use judge::{Status, Verdict, concordance, judge, successors};
pub use prose::{blocks, joins, plain, strong};
pub use radar::{Stale, radar};
pub use upkeep::{Upkeep, upkeep};
pub use wording::check as check_wording;

use crate::citation::{self, Context, Found, Law as Named, Provision};
use crate::corpus::tree::{Node, Value};
use crate::corpus::{Clause, Corpus, Entry, Quiz};
use crate::text::{Diagnostic, Place, Report};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What kind of page a citation stands on. The order is the order of display.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// 案例
    Case,
    /// 问答
    Question,
    /// 文书
    Letter,
    /// 政策
    Policy,
    /// 指南
    Guide,
    /// 自测
    Quiz,
    /// 演练
    Drill,
    /// 法规
    Law,
    /// A table of rules; not a page.
    Rule,
}

impl Kind {
    /// What staff read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Case => "案例",
            Self::Question => "问答",
            Self::Letter => "文书",
            Self::Policy => "政策",
            Self::Guide => "指南",
            Self::Quiz => "自测",
            Self::Drill => "演练",
            Self::Law => "法规",
            Self::Rule => "规则",
        }
    }
}

/// A citation of a law of the corpus that stands somewhere in a page's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// Bytes in the file.
    pub range: Range<usize>,
    /// The law's id.
    pub law: String,
    /// The places, as anchors have them; at least one.
    pub provisions: Vec<Provision>,
}

/// A page that cites an article.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Citing {
    /// What kind of page.
    pub kind: Kind,
    /// Its id.
    pub id: String,
}

/// All citations of the corpus, resolved.
#[derive(Debug, Clone, Default)]
pub struct Links {
    /// Citations in the running text of each file, in order.
    in_text: BTreeMap<String, Vec<Citation>>,
    /// For each law and article, who cites which place in it.
    cited_by: BTreeMap<(String, Provision), BTreeMap<Citing, BTreeSet<Provision>>>,
    /// For each page, what it cites.
    cites: BTreeMap<Citing, BTreeSet<(String, Provision)>>,
}

impl Links {
    /// Resolves every citation in headers, bodies, templates and tables.
    pub fn resolve(corpus: &Corpus, report: &mut Report) -> Self {
        let mut resolver = Resolver { corpus, report, links: Self::default() };
        for (id, entry) in &corpus.laws {
            resolver.text(Kind::Law, id, entry, Some(id));
        }
        for (id, entry) in &corpus.cases {
            resolver.text(Kind::Case, id, entry, None);
        }
        for (id, entry) in &corpus.questions {
            resolver.text(Kind::Question, id, entry, None);
        }
        for (id, entry) in &corpus.policies {
            resolver.text(Kind::Policy, id, entry, None);
        }
        for (id, entry) in &corpus.clauses {
            resolver.template(Kind::Letter, id, entry);
            resolver.shown_on_letter(id, entry);
        }
        for (id, entry) in &corpus.shells {
            resolver.template(Kind::Rule, id, entry);
        }
        for entry in corpus.guides.values() {
            resolver.text(Kind::Guide, &entry.header.id, entry, None);
        }
        for (id, entry) in &corpus.quizzes {
            resolver.text(Kind::Quiz, id, entry, None);
            resolver.explained(entry);
        }
        for (id, entry) in &corpus.drills {
            resolver.text(Kind::Drill, id, entry, None);
        }
        for (path, tree) in &corpus.rules.trees {
            resolver.header((Kind::Rule, path), path, tree, None);
        }
        resolver.links
    }

    /// The citations in the running text of the file `path`, in order.
    #[must_use]
    pub fn in_text(&self, path: &str) -> &[Citation] {
        self.in_text.get(path).map_or(&[], Vec::as_slice)
    }

    /// Who cites an article, and which places in it.
    pub fn cited_by(
        &self,
        law: &str,
        article: Provision,
    ) -> impl Iterator<Item = (&Citing, &BTreeSet<Provision>)> {
        self.cited_by.get(&(law.to_owned(), article.whole())).into_iter().flatten()
    }

    /// Every article that is cited by anyone, in order.
    pub fn articles(&self) -> impl Iterator<Item = (&str, Provision)> {
        self.cited_by.keys().map(|(law, article)| (law.as_str(), *article))
    }

    /// What a page cites, in order.
    pub fn cites(&self, kind: Kind, id: &str) -> impl Iterator<Item = (&str, Provision)> {
        let key = Citing { kind, id: id.to_owned() };
        self.cites.get(&key).into_iter().flatten().map(|(law, place)| (law.as_str(), *place))
    }
}

/// Header keys whose values are citations and nothing else.
const CITATIONS: [&str; 3] = ["cites", "grounds", "citations"];
/// Header keys whose values name laws without citing them today.
const NOT_SENTENCES: [&str; 10] = [
    "title",
    "short",
    "aliases",
    "law_then",
    "number",
    "issuer",
    "versions",
    "structure",
    "review",
    "changes",
];
/// Header keys whose values are parts of sentences: the law may stand in the template around them.
const FRAGMENTS: [&str; 3] = ["label", "choices", "example"];

struct Resolver<'a> {
    corpus: &'a Corpus,
    report: &'a mut Report,
    links: Links,
}

impl Resolver<'_> {
    /// Citations in the header and in the running text of a body.
    fn text<T>(&mut self, kind: Kind, id: &str, entry: &Entry<T>, own: Option<&str>) {
        self.header((kind, id), &entry.path, &entry.header_tree, own);
        let mut all = vec![];
        let context = Context::of(own);
        for block in blocks(entry.body()) {
            for found in citation::find(&block.text, &self.corpus.names, &context) {
                let place = |range: &Range<usize>| {
                    let inner = block.source(range);
                    Place::new(&entry.path, inner.start + entry.body.start..inner.end + entry.body.start)
                };
                all.extend(self.resolve((kind, id), &place, found));
            }
        }
        all.sort_by_key(|c| c.range.start);
        self.links.in_text.insert(entry.path.clone(), all);
    }

    /// Reports questions of a quiz whose explanation names no article.
    fn explained(&mut self, entry: &Entry<Quiz>) {
        // A law that cannot be read is said once; what cites it is not to blame.
        if self.corpus.broken_laws {
            return;
        }
        let cited = self.links.in_text(&entry.path);
        let without =
            |why: &Range<usize>| !cited.iter().any(|c| why.start <= c.range.start && c.range.end <= why.end);
        for item in entry.header.items.iter().filter(|item| without(&item.why)) {
            let place = Place::new(&entry.path, item.heading.clone());
            let hint = "在解析里写明法规名称和条号，例如 《政府信息公开条例》第三十六条第（五）项";
            self.report
                .push(Diagnostic::error("quiz-item", place, "这一题的解析没有写依据的条文").hint(hint));
        }
    }

    /// Citations in the header and the body of a template, line by line.
    fn template<T>(&mut self, kind: Kind, id: &str, entry: &Entry<T>) {
        self.header((kind, id), &entry.path, &entry.header_tree, None);
        let mut at = entry.body.start;
        for line in entry.body().split_inclusive('\n') {
            for found in citation::find(line, &self.corpus.names, &Context::default()) {
                let place = |range: &Range<usize>| Place::new(&entry.path, range.start + at..range.end + at);
                self.resolve((kind, id), &place, found);
            }
            at += line.len();
        }
    }

    /// What a letter's page shows from elsewhere: the fields of its shell, the note of its outcome.
    fn shown_on_letter(&mut self, id: &str, entry: &Entry<Clause>) {
        if let Some(shell) = self.corpus.shells.get(&entry.header.shell) {
            self.header((Kind::Letter, id), &shell.path, &shell.header_tree, None);
        }
        if let Some(note) = self.corpus.outcome(&entry.header.outcome).and_then(|o| o.note.as_deref()) {
            let place = Place::new(&entry.path, entry.header_tree.place_of("outcome", None));
            self.sentence((Kind::Letter, id), ("note", place), note, None);
        }
    }

    /// Citations in the values of a header or a table: those that must be one, and those in sentences.
    fn header(&mut self, page: (Kind, &str), path: &str, node: &Node, own: Option<&str>) {
        for entry in node.entries() {
            if NOT_SENTENCES.contains(&entry.key.as_str()) {
                continue;
            }
            // The rows of an example are as little a citation of the page as an example of one line.
            let inner = if FRAGMENTS.contains(&entry.key.as_str()) { (Kind::Rule, page.1) } else { page };
            for value in entry.node.items().iter().chain([&entry.node]) {
                let place = Place::new(path, value.range.clone());
                match &value.value {
                    Value::Text(text) if CITATIONS.contains(&entry.key.as_str()) => {
                        self.value(page, &place, text);
                    }
                    Value::Text(text) => self.sentence(page, (&entry.key, place), text, own),
                    _ => self.header(inner, path, value, own),
                }
            }
        }
    }

    fn sentence(&mut self, page: (Kind, &str), (key, place): (&str, Place), text: &str, own: Option<&str>) {
        let fragment = FRAGMENTS.contains(&key);
        // Parts of sentences are checked where they name a law, but they are no citations of the page.
        let page = if fragment { (Kind::Rule, page.1) } else { page };
        for found in citation::find(text, &self.corpus.names, &Context::of(own)) {
            if found.law.is_some() || !fragment {
                self.resolve(page, &|_| place.clone(), found);
            }
        }
    }

    /// One header value that must be a citation.
    fn value(&mut self, page: (Kind, &str), place: &Place, text: &str) {
        let found = citation::find(text, &self.corpus.names, &Context::default());
        if found.is_empty() {
            let message = format!("看不出「{text}」是哪一条");
            let hint = "写明法规名称和条号，例如 《政府信息公开条例》第三十六条第（五）项";
            self.report.push(Diagnostic::error("not-a-citation", place.clone(), message).hint(hint));
        }
        for found in found {
            if let (Some(Named::Unknown(title)), false) = (&found.law, self.corpus.broken_laws) {
                let message = format!("手册没有收录《{title}》");
                let hint = "在 book/laws/ 里给它建一个文件（只有文件头也可以），或者改正名称";
                self.report.push(Diagnostic::error("unknown-law", place.clone(), message).hint(hint));
            }
            self.resolve(page, &|_| place.clone(), found);
        }
    }

    /// A citation of a law of the corpus, member by member; its mistakes are reported.
    fn resolve(
        &mut self,
        (kind, id): (Kind, &str),
        place: &dyn Fn(&Range<usize>) -> Place,
        found: Found,
    ) -> Vec<Citation> {
        let law = match found.law {
            Some(Named::Known(law)) => law,
            Some(Named::Unknown(_) | Named::Earlier { .. } | Named::Lost) => return vec![],
            None => {
                // A policy's own articles need no name, and 前款 says nothing outside the law's own text.
                if kind != Kind::Policy && !self.corpus.broken_laws && !found.relative {
                    let hint = "在同一段里写上法规名称，例如 《政府信息公开条例》第三十六条";
                    self.report.push(
                        Diagnostic::error(
                            "citation-without-law",
                            place(&found.range),
                            "看不出这是哪一部法规的条文",
                        )
                        .hint(hint),
                    );
                }
                return vec![];
            }
        };
        let Some(entry) = self.corpus.laws.get(&law) else { return vec![] };
        let mut all: Vec<Citation> = vec![];
        for target in &found.targets {
            let place = place(&target.range);
            for wanted in target.provisions() {
                let located = match entry.header.locate(wanted) {
                    Ok(located) => located,
                    Err(valid) => {
                        let message = format!("《{}》没有{wanted}这样的条文", entry.header.short);
                        self.report
                            .push(Diagnostic::error("no-such-article", place.clone(), message).hint(valid));
                        continue;
                    }
                };
                self.record((kind, id), &law, located);
                match all.last_mut() {
                    // The members of 第一、二项 share their words.
                    Some(last) if last.range == place.range => last.provisions.push(located),
                    _ => all.push(Citation {
                        range: place.range.clone(),
                        law: law.clone(),
                        provisions: vec![located],
                    }),
                }
            }
        }
        all
    }

    fn record(&mut self, (kind, id): (Kind, &str), law: &str, place: Provision) {
        if matches!(kind, Kind::Law | Kind::Rule) {
            return;
        }
        let citing = Citing { kind, id: id.to_owned() };
        let article = (law.to_owned(), place.whole());
        self.links.cited_by.entry(article).or_default().entry(citing.clone()).or_default().insert(place);
        self.links.cites.entry(citing).or_default().insert((law.to_owned(), place));
    }
}
