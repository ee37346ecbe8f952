//! What the indexes list: articles of laws with their anchors, keywords with the pages they lead to.

use std::collections::{BTreeMap, BTreeSet};

use crate::press::{Chapter, Element, Node};

/// A law and its articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Law {
    /// Title.
    pub title: String,
    /// Anchor of its page.
    pub path: String,
    /// Heading and anchor of each article.
    pub articles: Vec<(String, String)>,
}

/// A word and what it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Keyword {
    /// The word.
    pub word: String,
    /// Anchors.
    pub to: Vec<String>,
}

/// The laws that have articles, in the order of the book.
pub(super) fn laws(chapters: &[&Chapter]) -> Vec<Law> {
    let mut laws = vec![];
    for chapter in chapters {
        let mut articles = vec![];
        sections(&chapter.body, &mut |section| {
            articles.extend(heading(section).map(|(id, text)| (text, format!("{}#{id}", chapter.path))));
        });
        if !articles.is_empty() {
            laws.push(Law { title: title(chapter), path: chapter.path.clone(), articles });
        }
    }
    laws
}

/// Every anchor in an article, with the anchor of the article.
pub(super) fn anchors(chapters: &[&Chapter]) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for chapter in chapters {
        sections(&chapter.body, &mut |section| {
            if let Some((article, _)) = heading(section) {
                let mut ids = BTreeSet::new();
                collect(&section.children, &mut ids);
                let article = format!("{}#{article}", chapter.path);
                all.extend(ids.into_iter().map(|id| (format!("{}#{id}", chapter.path), article.clone())));
            }
        });
    }
    all
}

/// All anchors of chapters.
pub(super) fn ids<'a>(chapters: impl Iterator<Item = &'a Chapter>) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for chapter in chapters {
        let mut ids = BTreeSet::new();
        collect(&chapter.body, &mut ids);
        all.extend(ids.into_iter().map(|id| format!("{}#{id}", chapter.path)));
        all.insert(chapter.path.clone());
    }
    all
}

/// The groups of the page with the keywords: title, anchor, words.
pub(super) fn keywords(chapter: &Chapter) -> Vec<(String, String, Vec<Keyword>)> {
    let mut groups: Vec<(String, String, Vec<Keyword>)> = vec![];
    for element in chapter.body.iter().filter_map(Node::element) {
        match element.tag.as_str() {
            "h2" => {
                let id = element.get("id").map_or_else(String::new, |id| format!("{}#{id}", chapter.path));
                groups.push((text(element), id, vec![]));
            }
            "ul" if element.has_class("gk-keywords") => {
                let Some((_, _, words)) = groups.last_mut() else { continue };
                for item in element.children.iter().filter_map(Node::element) {
                    let mut parts = item.children.iter().filter_map(Node::element);
                    let Some(word) = parts.find(|part| part.tag == "strong") else { continue };
                    let to = parts.filter_map(|part| part.get("href")).map(str::to_owned).collect();
                    words.push(Keyword { word: text(word), to });
                }
            }
            _ => {}
        }
    }
    groups.retain(|(_, _, words)| !words.is_empty());
    groups
}

/// The title on the page, or that in the contents.
pub(super) fn title(chapter: &Chapter) -> String {
    let mut headings = chapter.body.iter().filter_map(Node::element).filter(|element| element.tag == "h1");
    headings
        .next()
        .map(text)
        .filter(|title| !title.trim().is_empty())
        .unwrap_or_else(|| chapter.title.clone())
}

/// The headings that have bookmarks below their chapter's: how far below, id, text. All of a law and of a page at the
/// top; the others are known by their titles.
pub(super) fn headings(chapter: &Chapter, see: &mut dyn FnMut(usize, &str, String)) {
    let law = chapter.path.starts_with("laws/");
    if chapter.level == 0 || law {
        headings_of(&chapter.body, law, see);
    }
}

fn headings_of(nodes: &[Node], law: bool, see: &mut dyn FnMut(usize, &str, String)) {
    for element in nodes.iter().filter_map(Node::element) {
        let depth = match element.tag.as_str() {
            "h2" => 1,
            "h3" if law => 2,
            _ => {
                headings_of(&element.children, law, see);
                continue;
            }
        };
        if let Some(id) = element.get("id") {
            see(depth, id, text(element));
        }
    }
}

/// Whether a picture is shown.
pub(super) fn shows(nodes: &[Node], src: &str) -> bool {
    nodes.iter().filter_map(Node::element).any(|element| {
        (element.tag == "img" && element.get("src") == Some(src)) || shows(&element.children, src)
    })
}

fn sections<'a>(nodes: &'a [Node], see: &mut dyn FnMut(&'a Element)) {
    for element in nodes.iter().filter_map(Node::element) {
        if element.has_class("gk-article") {
            see(element);
        } else {
            sections(&element.children, see);
        }
    }
}

fn heading(section: &Element) -> Option<(&str, String)> {
    let heading = section.children.iter().filter_map(Node::element).find(|element| element.tag == "h3")?;
    Some((heading.get("id")?, text(heading)))
}

fn text(element: &Element) -> String {
    element.children.iter().map(Node::text).collect()
}

fn collect(nodes: &[Node], ids: &mut BTreeSet<String>) {
    for element in nodes.iter().filter_map(Node::element) {
        ids.extend(element.get("id").map(str::to_owned));
        collect(&element.children, ids);
    }
}
