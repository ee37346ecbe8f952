//! Pages that nobody writes, as far as they can be found: the lists, the tables of rules, the way to a reply, the glossary.

use super::shelf::{self, Kind, Line, Page, Record, line};
use crate::corpus::generated::{self, Generated};
use crate::corpus::{Confidence, Corpus, Edition, Law, Publication, comparison_id, comparison_title};
use crate::links::plain;

/// Those that the edition holds.
pub(super) fn pages(corpus: &Corpus, edition: &Publication) -> Vec<Page> {
    let chosen = |page: &Generated| edition.holds(page.path);
    let mut all = vec![];
    let tables: [(Generated, Vec<Line>); 3] = [
        (generated::DECIDE, decide(corpus)),
        (generated::TERMS, terms(corpus)),
        (generated::GLOSSARY, glossary(corpus)),
    ];
    all.extend(
        tables.into_iter().filter(|(p, lines)| chosen(p) && !lines.is_empty()).map(|(p, l)| page(&p, l)),
    );
    for law in corpus.laws.values().map(|entry| &entry.header) {
        let editions = corpus.editions(&law.id);
        let imported: Vec<&Edition<'_>> = editions.iter().filter(|e| e.text.is_some()).collect();
        for (n, two) in (1..).zip(imported.windows(2)) {
            if let [old, new] = two {
                all.push(comparison(law, n, old, new));
            }
        }
    }
    let mut list = |made: &Generated, is_there: bool| {
        if is_there {
            all.push(page(made, vec![]));
        }
    };
    // In the staff's edition an index stands there though nothing is below it.
    let whole = edition.is_whole();
    list(&generated::LAWS, whole || !corpus.laws.is_empty());
    list(&generated::POLICIES, whole || !corpus.policies.is_empty());
    list(&generated::LETTERS, whole || !corpus.clauses.is_empty());
    list(&generated::CASES, whole || !corpus.cases.is_empty());
    list(&generated::QUESTIONS, whole || !corpus.questions.is_empty());
    list(&generated::QUIZZES, !corpus.quizzes.is_empty());
    list(&generated::DRILLS, !corpus.drills.is_empty());
    for made in [&generated::ARTICLES, &generated::OUTCOMES, &generated::CHANGES] {
        list(made, chosen(made));
    }
    macro_rules! named {
        ($($entries:ident),*) => { $( corpus.$entries.values().any(|e| !e.header.keywords.is_empty()) )||* };
    }
    let is_any = named!(laws, policies, cases, questions, drills, guides);
    list(&generated::KEYWORDS, is_any && chosen(&generated::KEYWORDS));
    all
}

fn page(made: &Generated, lines: Vec<Line>) -> Page {
    let keywords = made.keywords.iter().map(|word| (*word).to_owned()).collect();
    tool((made.path, made.anchor), made.title, keywords, lines)
}

/// Two versions of a law side by side.
fn comparison(law: &Law, n: usize, old: &Edition<'_>, new: &Edition<'_>) -> Page {
    let id = comparison_id(&law.id, n);
    let keywords =
        vec![format!("{}新旧对照", law.short), format!("{}修订对照", law.short), "新旧对照".to_owned()];
    tool((&format!("laws/{id}"), &id), &comparison_title(&law.short, old, new), keywords, vec![])
}

fn tool((path, anchor): (&str, &str), title: &str, keywords: Vec<String>, lines: Vec<Line>) -> Page {
    let record = Record { title: title.to_owned(), lines, ..Record::default() };
    let page = shelf::page(Kind::Tool, ("", ""), anchor, record);
    Page { url: format!("{path}.html"), keywords, ..page }
}

/// What a reader must know before relying on a row.
fn doubt(confidence: Confidence) -> String {
    match confidence {
        Confidence::V | Confidence::S2 => String::new(),
        Confidence::S1 | Confidence::G => format!("（{}）", confidence.label()),
    }
}

/// The rows of tables; the first of each begins with the heading, which alone would say nothing.
#[derive(Default)]
struct Rows {
    lines: Vec<Line>,
    heading: Option<&'static str>,
}

impl Rows {
    fn head(&mut self, title: &'static str) {
        self.heading = Some(title);
    }

    fn row(&mut self, anchor: &str, text: &str, confidence: Confidence, note: Option<&str>) {
        let heading = self.heading.take().map(|title| format!("〔{title}〕")).unwrap_or_default();
        let note = note.map(|n| format!(" {}", plain(n))).unwrap_or_default();
        self.lines.push(line(anchor, &format!("{heading}{}{}{note}", plain(text), doubt(confidence))));
    }
}

fn terms(corpus: &Corpus) -> Vec<Line> {
    let rules = &corpus.rules;
    if rules.terms.term.is_empty() {
        return vec![];
    }
    let mut rows = Rows::default();
    rows.head("期限");
    for term in &rules.terms.term {
        let text = format!("{}：{}，{}，{}", term.title, term.who, term.length(), term.from);
        rows.row("-terms", &text, term.confidence, term.note.as_deref());
    }
    rows.head("办理中的事情对答复期限的作用");
    for event in &rules.terms.event {
        let text = format!("{}：{}", event.kind, event.effect.label());
        rows.row("-events", &text, event.confidence, event.note.as_deref());
    }
    rows.head("救济告知");
    for ground in &rules.remedies.ground {
        let Some(rule) = ground.rule.last() else { continue };
        let class = rules.remedies.class(&rule.class).map_or("", |c| c.title.as_str());
        let note = rule.note.as_deref().or(ground.note.as_deref());
        rows.row(
            "-remedies",
            &format!("{}（{}起）：{class}", ground.title, rule.from),
            rule.confidence,
            note,
        );
    }
    rows.head("向谁申请复议");
    for organ in &rules.remedies.organ {
        let Some(rule) = organ.rule.last() else { continue };
        let text = format!("{}（{}起）：{}", organ.title, rule.from, rule.bodies.join("，或者"));
        rows.row("-organs", &text, rule.confidence, rule.note.as_deref());
    }
    if !rules.fees.method.is_empty() {
        rows.head("信息处理费");
        for method in &rules.fees.method {
            let text = format!("{}：{}{}以内不收，{}", method.title, method.free, method.unit, method.scope);
            rows.row("-fees", &text, method.confidence, method.note.as_deref());
        }
        for rule in &rules.fees.rule {
            rows.row("-fees", &format!("{}：{}", rule.title, rule.text), rule.confidence, None);
        }
    }
    rows.head("由本机关自己定的点");
    for policy in &rules.policies {
        rows.row("-policies", &policy.title, policy.confidence, Some(&policy.note));
    }
    rows.head("放假安排的依据");
    for notice in rules.holidays.iter().rev().flat_map(|year| &year.notice) {
        rows.row("-notices", &format!("{} {}", notice.title, notice.number), notice.confidence, None);
    }
    rows.lines
}

fn decide(corpus: &Corpus) -> Vec<Line> {
    let table = &corpus.rules.steps;
    let mut all = vec![];
    for step in &table.step {
        all.push(line(&format!("-{}", step.id), &format!("〔{}〕{}", step.title, plain(&step.about))));
        for question in table.question.iter().filter(|q| q.step == step.id) {
            let anchor = format!("-q-{}", question.id);
            let answers: Vec<&str> = question.answer.iter().map(|a| a.label.as_str()).collect();
            all.push(line(&anchor, &format!("{} {}", plain(&question.ask), plain(&question.help))));
            all.push(line(&anchor, &plain(&answers.join("；"))));
        }
    }
    if table.question.is_empty() { vec![] } else { all }
}

fn glossary(corpus: &Corpus) -> Vec<Line> {
    let term = |term: &crate::corpus::GlossaryTerm| {
        let also = if term.also.is_empty() {
            String::new()
        } else {
            format!("（也叫{}）", term.also.join("、"))
        };
        let doubt = doubt(term.confidence);
        line(&format!("#{}", term.anchor()), &format!("{}{also}：{}{doubt}", term.word, plain(&term.meaning)))
    };
    corpus.rules.glossary.iter().map(term).collect()
}
