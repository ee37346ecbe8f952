//! The pages of cases, questions, policies and the hand-written guide.

use super::Site;
use super::markup::{attribute, html};
use super::page::{Page, badge, confidence_badges, internal_badge, state_badge};
use crate::citation::{self, Context, Provision};
use crate::corpus::{Case, Entry, Guide, Policy, Prevailed, Question, section_anchor};
use crate::links::{Citing, Kind};
use std::collections::{BTreeMap, BTreeSet};

/// Most pages of one kind that are listed as related; the index of outcomes lists all.
const MOST_RELATED: usize = 10;

impl Site<'_> {
    pub(super) fn case(&self, entry: &Entry<Case>) -> Page {
        let case = &entry.header;
        let id = format!("case-{}", case.id);
        let mut page = Page::new(format!("cases/{}.md", case.id), &case.title, &id);
        let mut badges = vec![];
        if case.fictional {
            badges.push(badge("fictional", "教学示例（虚构）"));
        }
        if let Some(case_type) = self.corpus.rules.case_types.iter().find(|t| t.id == case.r#type) {
            let href = page.href(&format!("cases/index.md#cases-{}", case_type.id));
            badges.push(format!(
                "<a class=\"gk-badge gk-badge--neutral\" href=\"{}\">{}</a>",
                attribute(&href),
                html(&case_type.title)
            ));
        }
        badges.extend(confidence_badges(&page.path, Some(case.confidence), &case.unverified));
        badges.extend(internal_badge(case.internal));
        page.badges(&badges);
        let facts = [
            ("处理结果", html(&case.result)),
            ("支持谁", html(case.prevailed.map(Prevailed::label).unwrap_or_default())),
            ("审理机关", html(case.body.as_deref().unwrap_or("待核"))),
            ("日期", html(&dated(case))),
            ("案号", html(case.number.as_deref().unwrap_or_default())),
            ("出处", html(&case.origin)),
            ("当时法条", html(&case.law_then.join("；"))),
            (
                "新旧对照（通行实务，待核）",
                html(&self.then_and_now(&case.law_then.join("；")).unwrap_or_default()),
            ),
            ("现行法条", self.cited(&page, &case.cites)),
            ("关键词", html(&case.keywords.join("、"))),
        ];
        page.facts(&facts);
        self.unverified(&mut page, &case.unverified, None);
        self.sections(&mut page, entry, &id);
        self.related(&mut page, (Kind::Case, &case.id), &case.outcomes);
        self.upkeep(&mut page, (&case.checked, &case.review, &case.changes));
        page
    }

    pub(super) fn question(&self, entry: &Entry<Question>) -> Page {
        let question = &entry.header;
        let mut page = Page::new(format!("questions/{}.md", question.id), &question.title, &question.id);
        let mut badges = vec![badge("neutral", &question.topic)];
        badges.extend(confidence_badges(&page.path, Some(question.confidence), &question.unverified));
        badges.extend(internal_badge(question.internal));
        page.badges(&badges);
        self.sections(&mut page, entry, &question.id);
        self.unverified(&mut page, &question.unverified, None);
        let facts = [
            ("依据条文", self.cited(&page, &question.cites)),
            ("关键词", html(&question.keywords.join("、"))),
        ];
        page.facts(&facts);
        self.related(&mut page, (Kind::Question, &question.id), &question.outcomes);
        self.upkeep(&mut page, (&question.checked, &question.review, &question.changes));
        page
    }

    pub(super) fn policy(&self, entry: &Entry<Policy>) -> Page {
        let policy = &entry.header;
        let id = format!("policy-{}", policy.id);
        let mut page = Page::new(format!("policies/{}.md", policy.id), &policy.title, &id);
        let mut badges = vec![state_badge(policy.state)];
        badges.extend(confidence_badges(&page.path, Some(policy.confidence), &policy.unverified));
        badges.extend(internal_badge(policy.internal));
        page.badges(&badges);
        let facts = [
            ("文号", html(&policy.number)),
            ("制发机关", html(&policy.issuer)),
            ("成文日期", html(policy.date.as_deref().unwrap_or("待核"))),
            ("取代", html(&policy.replaces.join("；"))),
            ("相关条文", self.cited(&page, &policy.cites)),
        ];
        page.facts(&facts);
        self.unverified(&mut page, &policy.unverified, None);
        let body = self.prose(&page, entry, &entry.body, &id);
        page.block(body);
        self.related(&mut page, (Kind::Policy, &policy.id), &policy.outcomes);
        self.upkeep(&mut page, (&policy.checked, &policy.review, &policy.changes));
        page
    }

    /// A hand-written page: its header becomes title and badges, its markers are filled.
    pub(super) fn guide(&self, path: &str, entry: &Entry<Guide>) -> Page {
        let guide = &entry.header;
        let mut page = Page::new(path, &guide.title, &guide.id);
        let mut badges = confidence_badges(&page.path, guide.confidence, &guide.unverified);
        badges.extend(internal_badge(guide.internal));
        page.badges(&badges);
        let body = self.prose(&page, entry, &entry.body, &guide.id);
        let body = body
            .replace("<!-- gongkai:counts -->", &self.counts())
            .replace("<!-- gongkai:letters -->", &self.letters_by_group(&page, 3, &guide.id));
        page.block(body);
        self.unverified(&mut page, &guide.unverified, None);
        let cited = self.cited(&page, &guide.cites);
        if !cited.is_empty() {
            page.block(format!(
                "<details class=\"gk-foot\">\n<summary>依据条文</summary>\n<p>{cited}</p>\n</details>"
            ));
        }
        self.related(&mut page, (Kind::Guide, &guide.id), &guide.outcomes);
        self.upkeep(&mut page, (&guide.checked, &guide.review, &guide.changes));
        page
    }

    fn sections<T>(&self, page: &mut Page, entry: &Entry<T>, id: &str) {
        for section in entry.sections() {
            let anchor = format!("{id}-{}", section_anchor(&section.title));
            page.heading(2, &section.title, &anchor);
            let text = self.prose(page, entry, &section.content, &anchor);
            page.block(text);
        }
    }

    /// The header's citations as links, in the order of the header.
    pub(super) fn cited(&self, page: &Page, cites: &[String]) -> String {
        let places = cites
            .iter()
            .flat_map(|text| citation::find(text, &self.corpus.names, &Context::default()))
            .flat_map(|found| {
                let known = match &found.law {
                    Some(citation::Law::Known(law)) => self.corpus.laws.get(law),
                    _ => None,
                };
                let places = found.targets.iter().filter_map(|t| {
                    let entry = known?;
                    Some((entry.header.id.clone(), entry.header.locate(t.from).ok()?))
                });
                places.collect::<Vec<_>>()
            });
        self.citation_list(page, places)
    }

    /// Places as links; a law is named once for all its places that follow each other.
    pub(super) fn citation_list(
        &self,
        page: &Page,
        places: impl Iterator<Item = (String, Provision)>,
    ) -> String {
        let (mut out, mut last) = (String::new(), None);
        for (law, place) in places {
            let Some(entry) = self.corpus.laws.get(&law) else { continue };
            let words = if last.as_ref() == Some(&law) {
                out.push('、');
                place.to_string()
            } else {
                out.push_str(if out.is_empty() { "" } else { "；" });
                format!("《{}》{place}", html(&entry.header.short))
            };
            out.push_str(&self.citation_link(page, &law, place, &words));
            last = Some(law);
        }
        out
    }

    /// Letters, cases and questions about the same outcomes.
    pub(super) fn related(&self, page: &mut Page, own: (Kind, &str), outcomes: &[String]) {
        let mut all: BTreeSet<Citing> = BTreeSet::new();
        for outcome in outcomes {
            all.extend(self.about(outcome));
        }
        all.remove(&Citing { kind: own.0, id: own.1.to_owned() });
        let (mut lines, mut more) = (String::new(), false);
        let mut shown: BTreeMap<Kind, usize> = BTreeMap::new();
        for citing in &all {
            let count = shown.entry(citing.kind).or_default();
            *count += 1;
            more |= *count > MOST_RELATED;
            if let (Some((path, title)), true) = (self.target(citing), *count <= MOST_RELATED) {
                lines.push_str(&format!(
                    "<li><span class=\"gk-kind\">{}</span> <a href=\"{}\">{}</a>{}</li>\n",
                    citing.kind.label(),
                    attribute(&page.href(&path)),
                    html(&title),
                    self.came_of_it(citing)
                ));
            }
        }
        let more = more && self.edition.holds("cases/by-outcome");
        if let (Some(outcome), true) = (outcomes.first(), more) {
            let href = page.href(&format!("cases/by-outcome.md#outcome-{outcome}"));
            lines.push_str(&format!("<li><a href=\"{}\">同类情形的全部内容</a></li>\n", attribute(&href)));
        }
        if !lines.is_empty() {
            let id = format!("{}-related", page.path.trim_end_matches(".md").replace('/', "-"));
            page.heading(2, "相关内容", &id);
            page.block(format!("<ul class=\"gk-related\">\n{lines}</ul>"));
        }
    }

    /// What came of a case, to stand behind its title.
    fn came_of_it(&self, citing: &Citing) -> String {
        let case = (citing.kind == Kind::Case).then(|| self.corpus.cases.get(&citing.id)).flatten();
        let Some(case) = case.map(|e| &e.header) else { return String::new() };
        let mut parts: Vec<&str> = case.fictional.then_some("教学示例").into_iter().collect();
        parts.extend(case.prevailed.map(Prevailed::label));
        if parts.is_empty() { String::new() } else { format!("<small>（{}）</small>", parts.join("，")) }
    }

    /// Everything about one outcome.
    pub(super) fn about(&self, outcome: &str) -> Vec<Citing> {
        let citing = |kind, id: &String| Citing { kind, id: id.clone() };
        let has = |outcomes: &[String]| outcomes.iter().any(|o| o == outcome);
        let corpus = self.corpus;
        let cases = corpus
            .cases
            .iter()
            .filter(|(_, e)| has(&e.header.outcomes))
            .map(|(id, _)| citing(Kind::Case, id));
        let questions = corpus
            .questions
            .iter()
            .filter(|(_, e)| has(&e.header.outcomes))
            .map(|(id, _)| citing(Kind::Question, id));
        let letters = corpus
            .clauses
            .iter()
            .filter(|(_, e)| e.header.outcome == outcome)
            .map(|(id, _)| citing(Kind::Letter, id));
        let policies = corpus
            .policies
            .iter()
            .filter(|(_, e)| has(&e.header.outcomes))
            .map(|(id, _)| citing(Kind::Policy, id));
        let guides = corpus
            .guides
            .values()
            .filter(|e| has(&e.header.outcomes))
            .map(|e| citing(Kind::Guide, &e.header.id));
        cases.chain(questions).chain(letters).chain(policies).chain(guides).collect()
    }
}

/// 2014-09-12（公布）
pub(super) fn dated(case: &Case) -> String {
    match (&case.date, case.date_kind) {
        (Some(date), Some(kind)) => format!("{date}（{}）", kind.label()),
        _ => "待核".to_owned(),
    }
}
