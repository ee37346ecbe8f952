//! A page: its path, title and Markdown; and the pieces every page is made of.

use super::Site;
use super::markup::{attribute, html, inline};
use crate::citation::Provision;
use crate::corpus::generated::Generated;
use crate::corpus::{Confidence, State};
use crate::links::{Citing, Kind};
use std::collections::BTreeSet;

/// A chapter of the handbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Path of the Markdown below the source folder, with `/`.
    pub path: String,
    /// Title in the sidebar.
    pub title: String,
    /// The Markdown.
    pub markdown: String,
}

impl Page {
    /// A page that begins with its title as H1 with the anchor `id`.
    pub(super) fn new(path: impl Into<String>, title: &str, id: &str) -> Self {
        let markdown = format!("# {} {{#{id}}}\n\n", inline(title));
        Self { path: path.into(), title: title.to_owned(), markdown }
    }

    /// A page that is made from tables and lists, with its title.
    pub(super) fn made(page: &Generated) -> Self {
        Self::new(format!("{}.md", page.path), page.title, page.anchor)
    }

    /// Adds Markdown as a block of its own.
    pub(super) fn block(&mut self, markdown: impl AsRef<str>) {
        let markdown = markdown.as_ref().trim_matches('\n');
        if !markdown.is_empty() {
            self.markdown.push_str(markdown);
            self.markdown.push_str("\n\n");
        }
    }

    /// Adds a heading with an anchor.
    pub(super) fn heading(&mut self, level: usize, title: &str, id: &str) {
        self.block(format!("{} {} {{#{id}}}", "#".repeat(level), inline(title)));
    }

    /// The relative link from this page to `target` (a path below the source folder, with or without `#…`).
    pub(super) fn href(&self, target: &str) -> String {
        relative(&self.path, target)
    }

    /// A row of badges, already HTML.
    pub(super) fn badges(&mut self, badges: &[String]) {
        if !badges.is_empty() {
            self.block(format!("<div class=\"gk-badges\">{}</div>", badges.join(" ")));
        }
    }

    /// A grid of facts: label and value (already HTML). Empty values are left out.
    pub(super) fn facts(&mut self, facts: &[(&str, String)]) {
        let rows: String = facts
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(label, value)| format!("<div><dt>{}</dt><dd>{value}</dd></div>\n", html(label)))
            .collect();
        if !rows.is_empty() {
            self.block(format!("<dl class=\"gk-meta\">\n{rows}</dl>"));
        }
    }
}

/// The relative link between two paths below the source folder.
pub(super) fn relative(from: &str, target: &str) -> String {
    let (path, anchor) = target.split_once('#').map_or((target, ""), |(p, a)| (p, a));
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let anchor = if anchor.is_empty() { String::new() } else { format!("#{anchor}") };
    if path == from && !anchor.is_empty() {
        return anchor;
    }
    match path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')) {
        Some(name) if !folder.is_empty() => format!("{name}{anchor}"),
        _ => format!("{}{path}{anchor}", "../".repeat(from.matches('/').count())),
    }
}

/// A badge with a kind that the stylesheet knows.
pub(super) fn badge(kind: &str, text: &str) -> String {
    format!("<span class=\"gk-badge gk-badge--{kind}\">{}</span>", html(text))
}

/// The badge of a rule's state.
pub(super) fn state_badge(state: State) -> String {
    let kind = match state {
        State::Valid => "valid",
        State::Amended => "amended",
        State::Repealed => "repealed",
        State::Future => "future",
        State::Unverified => "unverified",
    };
    badge(kind, state.label())
}

/// More open points than this are folded.
const MOST_OPEN: usize = 3;

/// The anchor of a page's box of open points.
fn unverified_id(path: &str) -> String {
    format!("{}-unverified", path.trim_end_matches(".md").replace('/', "-"))
}

/// The badge of a page that never leaves the agency.
pub(super) fn internal_badge(internal: bool) -> Option<String> {
    internal.then(|| badge("unverified", "只限内部"))
}

/// Badges for how sure the page at `path` is: its confidence, and 待核 where points are open.
pub(super) fn confidence_badges(
    path: &str,
    confidence: Option<Confidence>,
    unverified: &[String],
) -> Vec<String> {
    let mut all: Vec<String> = vec![];
    if let Some(confidence) = confidence {
        let kind = match confidence {
            Confidence::V | Confidence::S2 => "confidence",
            Confidence::S1 | Confidence::G => "unverified",
        };
        all.push(badge(kind, confidence.label()));
    }
    if !unverified.is_empty() {
        let id = unverified_id(path);
        let count = unverified.len();
        all.push(format!("<a class=\"gk-badge gk-badge--unverified\" href=\"#{id}\">待核 {count} 处</a>"));
    }
    all
}

impl Site<'_> {
    /// Adds the box of points still to be checked.
    pub(super) fn unverified(&self, page: &mut Page, points: &[String], own: Option<&str>) {
        if points.is_empty() {
            return;
        }
        let list: String =
            points.iter().map(|p| format!("<li>{}</li>\n", self.linked(page, p, own))).collect();
        let id = unverified_id(&page.path);
        // A long list would push the page itself out of sight.
        page.block(if points.len() > MOST_OPEN {
            format!(
                "<details class=\"gk-unverified\" id=\"{id}\">\n<summary><strong>待核 {} 处</strong>：还没有核对原文，使用前请先核实</summary>\n<ul>\n{list}</ul>\n</details>",
                points.len()
            )
        } else {
            format!(
                "<aside class=\"gk-unverified\" id=\"{id}\">\n<p><strong>待核</strong>：以下各点还没有核对原文，使用前请先核实。</p>\n<ul>\n{list}</ul>\n</aside>"
            )
        });
    }

    /// Path and anchor of the page of a citing entry, and its title.
    pub(super) fn target(&self, citing: &Citing) -> Option<(String, String)> {
        let id = &citing.id;
        let corpus = self.corpus;
        Some(match citing.kind {
            Kind::Case => (format!("cases/{id}.md"), corpus.cases.get(id)?.header.title.clone()),
            Kind::Question => (format!("questions/{id}.md"), corpus.questions.get(id)?.header.title.clone()),
            Kind::Letter => (format!("letters/{id}.md"), corpus.clauses.get(id)?.header.title.clone()),
            Kind::Policy => (format!("policies/{id}.md"), corpus.policies.get(id)?.header.title.clone()),
            Kind::Guide => {
                let (path, entry) = corpus.guides.iter().find(|(_, e)| e.header.id == *id)?;
                (path.clone(), entry.header.title.clone())
            }
            Kind::Quiz => (format!("quiz/{id}.md"), corpus.quizzes.get(id)?.header.title.clone()),
            Kind::Drill => (format!("drills/{id}.md"), corpus.drills.get(id)?.header.title.clone()),
            Kind::Law => (format!("laws/{id}.md"), corpus.laws.get(id)?.header.title.clone()),
            Kind::Rule => return None,
        })
    }

    /// The entries that cite an article as list lines, HTML.
    pub(super) fn citing_list(&self, page: &Page, law: &str, article: Provision) -> Vec<String> {
        self.links
            .cited_by(law, article)
            .filter_map(|(citing, places)| self.citing_line(page, citing, places))
            .collect()
    }

    fn citing_line(&self, page: &Page, citing: &Citing, places: &BTreeSet<Provision>) -> Option<String> {
        let (path, title) = self.target(citing)?;
        let parts: Vec<String> = places
            .iter()
            .filter(|p| **p != p.whole())
            .map(|p| {
                let label = p.to_string();
                label.strip_prefix(&p.whole().to_string()).unwrap_or(&label).to_owned()
            })
            .collect();
        let parts = if parts.is_empty() { String::new() } else { format!("（{}）", parts.join("、")) };
        Some(format!(
            "<li><span class=\"gk-kind\">{}</span> <a href=\"{}\">{}</a>{parts}</li>\n",
            citing.kind.label(),
            attribute(&page.href(&path)),
            html(&title)
        ))
    }

    /// A link to a place of a law with its preview; `words` is what is shown, already escaped for its context.
    pub(super) fn citation_link(&self, page: &Page, law: &str, place: Provision, words: &str) -> String {
        let Some(entry) = self.corpus.laws.get(law) else { return words.to_owned() };
        let href = page.href(&format!("laws/{law}.md#{}", self.anchor(law, place)));
        format!(
            "<a class=\"gk-cite\" href=\"{}\" data-law=\"{}\" data-label=\"{}\" data-preview=\"{}\">{words}</a>",
            attribute(&href),
            attribute(&entry.header.short),
            attribute(&self.label(law, place)),
            attribute(&self.preview(law, place)),
        )
    }

    /// What a preview is headed with: the place, and our heading of the article where all of it is meant.
    fn label(&self, law: &str, place: Provision) -> String {
        let note =
            self.corpus.laws.get(law).and_then(|e| e.header.note(place)).filter(|_| place == place.whole());
        match note {
            Some(note) if !note.heading.is_empty() => format!("{place}　{}", note.heading),
            _ => place.to_string(),
        }
    }

    /// The anchor of a place: of the article where the structure of the law is not known.
    pub(super) fn anchor(&self, law: &str, place: Provision) -> String {
        let known = self.corpus.laws.get(law).is_some_and(|e| {
            e.header.articles.is_some()
                || e.header.note(place).is_some()
                || self.links.cited_by(law, place).next().is_some()
        });
        if !known {
            return law.to_owned();
        }
        let structured = self.corpus.laws.get(law).is_some_and(|e| e.header.structure.is_some());
        if structured { Provision { subitem: None, ..place }.anchor(law) } else { place.whole().anchor(law) }
    }
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn links_are_relative_to_the_page_they_stand_on() {
        assert_eq!(relative("cases/a.md", "laws/b.md#x"), "../laws/b.md#x");
        assert_eq!(relative("cases/a.md", "cases/b.md"), "b.md");
        assert_eq!(relative("index.md", "laws/b.md"), "laws/b.md");
        assert_eq!(relative("laws/b.md", "laws/b.md#x"), "#x");
        assert_eq!(relative("cases/a.md", "articles.md"), "../articles.md");
    }
}
