//! The handbook as a book: rendered pages become a [`Volume`], a volume becomes an e-book or a printed book.
//!
//! A volume is plain values: what stands on each page as a tree of elements, cleaned of everything that works only on a
//! screen (scripts, buttons, forms). Nothing here touches a file.

pub mod epub;
pub mod page;
#[cfg(feature = "pdf")]
pub mod print;
pub mod qr;

use std::collections::{BTreeMap, BTreeSet};

/// A whole book.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Volume {
    /// What stands on the cover and behind it.
    pub imprint: Imprint,
    /// Every page, in the order of the contents.
    pub chapters: Vec<Chapter>,
    /// The pictures that the pages show, by path below the handbook, with `/`.
    pub pictures: BTreeMap<String, Vec<u8>>,
}

/// What a cover and a 版权页 say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imprint {
    /// Id of the edition: `staff`, `public`. Name of the file.
    pub edition: String,
    /// Title of the book.
    pub title: String,
    /// Lines under the title; may be empty.
    pub cover: Vec<String>,
    /// Who issues it; empty where nobody is named.
    pub office: String,
    /// 2026年第1版; empty where none is given.
    pub version: String,
    /// Day of issue, `2026-11-27`; empty where none is given.
    pub date: String,
    /// Where the edition can be read online: goes into the QR code.
    pub address: Option<String>,
    /// Whether each chapter of the top level shows a code with its own address.
    pub chapter_codes: bool,
    /// The laws the book rests on: title, day of the version, whether the official text is in the book.
    pub laws: Vec<Snapshot>,
}

/// Which version of a law a book was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Full title.
    pub title: String,
    /// Day from which the version is in force, `2019-05-15`.
    pub version: String,
    /// Whether the official text was imported; otherwise the book has our notes only.
    pub official: bool,
}

/// One page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chapter {
    /// Heading of the part that begins with this page.
    pub part: Option<String>,
    /// 0 at the top, 1 below an index page.
    pub level: usize,
    /// Path of the page below the handbook, `laws/foi-2019.html`.
    pub path: String,
    /// Title in the contents.
    pub title: String,
    /// What stands on it, the `<h1>` included.
    pub body: Vec<Node>,
}

/// A piece of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// Characters.
    Text(String),
    /// An element with what stands in it.
    Element(Element),
}

/// An HTML (or SVG) element.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Element {
    /// Lower case for HTML, as written for SVG: `p`, `table`, `svg`, `linearGradient`.
    pub tag: String,
    /// Attributes by name, as far as they mean something in a book: `id`, `class`, `href`, `src`, `alt`, `colspan`, …
    pub attributes: BTreeMap<String, String>,
    /// What stands in it.
    pub children: Vec<Node>,
}

impl Node {
    /// The element, if it is one.
    #[must_use]
    pub fn element(&self) -> Option<&Element> {
        match self {
            Node::Text(_) => None,
            Node::Element(element) => Some(element),
        }
    }

    /// Whether it begins a line of its own: a paragraph, a table, a heading, a drawing's box.
    #[must_use]
    pub fn is_block(&self) -> bool {
        self.element().is_some_and(|element| is_block(&element.tag))
    }

    /// All its characters, one after another.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Node::Text(text) => text.clone(),
            Node::Element(element) => element.children.iter().map(Node::text).collect(),
        }
    }
}

impl Element {
    /// The value of an attribute.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }

    /// Whether the element has a class.
    #[must_use]
    pub fn has_class(&self, class: &str) -> bool {
        self.get("class").is_some_and(|all| all.split_ascii_whitespace().any(|c| c == class))
    }
}

/// What is wrong with a page of a book, for its editors.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Path of the page below the handbook; empty where it is the book as a whole.
    pub page: String,
    /// What is wrong, without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

impl Volume {
    /// Turns links to pages that are not in the volume into their text, and says which other links and pictures lead
    /// nowhere. Sorted, each once.
    pub fn settle(&mut self) -> Vec<Finding> {
        let mut places: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for chapter in &self.chapters {
            ids(&chapter.body, places.entry(chapter.path.clone()).or_default());
        }
        let mut findings = BTreeSet::new();
        for chapter in &mut self.chapters {
            let settled = Settling { page: &chapter.path, places: &places, pictures: &self.pictures };
            chapter.body = settled.nodes(std::mem::take(&mut chapter.body), &mut findings);
        }
        findings.into_iter().collect()
    }
}

/// What the links of a page are judged by.
struct Settling<'a> {
    page: &'a str,
    places: &'a BTreeMap<String, BTreeSet<String>>,
    pictures: &'a BTreeMap<String, Vec<u8>>,
}

impl Settling<'_> {
    fn nodes(&self, nodes: Vec<Node>, findings: &mut BTreeSet<Finding>) -> Vec<Node> {
        let mut out = vec![];
        for node in nodes {
            let Node::Element(mut element) = node else {
                out.push(node);
                continue;
            };
            element.children = self.nodes(std::mem::take(&mut element.children), findings);
            match self.judge(&element) {
                Verdict::Fine => out.push(Node::Element(element)),
                Verdict::Elsewhere => {
                    element.attributes.remove("href");
                    if element.get("id").is_some() {
                        "span".clone_into(&mut element.tag);
                        out.push(Node::Element(element));
                    } else {
                        out.append(&mut element.children);
                    }
                }
                Verdict::Wrong(message, hint) => {
                    findings.insert(Finding { page: self.page.to_owned(), message, hint: hint.to_owned() });
                    out.push(Node::Element(element));
                }
            }
        }
        out
    }

    fn judge(&self, element: &Element) -> Verdict {
        match (element.tag.as_str(), element.get("href"), element.get("src")) {
            ("a", Some(href), _) if is_internal(href) => {
                let (page, id) = href.split_once('#').map_or((href, None), |(page, id)| (page, Some(id)));
                let Some(ids) = self.places.get(page) else { return Verdict::Elsewhere };
                match id {
                    Some(id) if !ids.contains(id) => Verdict::Wrong(
                        format!("链接指向的位置 {page}#{id} 在书里没有"),
                        "请看那一页有没有这个位置，或者它是不是只在网页上显示",
                    ),
                    _ => Verdict::Fine,
                }
            }
            ("img", _, Some(src)) if is_internal(src) && !self.pictures.contains_key(src) => Verdict::Wrong(
                format!("图片 {src} 不在手册里"),
                "请把图片放进 book 文件夹，核对文件名的大小写",
            ),
            ("img", _, Some(src)) if !is_internal(src) && !src.starts_with("data:image/") => Verdict::Wrong(
                format!("图片 {src} 不在手册里，书离了网看不到它"),
                "请把图片存进 book 文件夹，再用相对路径引用",
            ),
            _ => Verdict::Fine,
        }
    }
}

enum Verdict {
    Fine,
    Elsewhere,
    Wrong(String, &'static str),
}

/// Whether a link as [`page::read`] gives it leads into the handbook.
#[must_use]
pub fn is_internal(href: &str) -> bool {
    href.split_once(':').is_none_or(|(scheme, _)| {
        !scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            || !scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
    })
}

/// All ids in these nodes.
fn ids(nodes: &[Node], all: &mut BTreeSet<String>) {
    for element in nodes.iter().filter_map(Node::element) {
        all.extend(element.get("id").map(str::to_owned));
        ids(&element.children, all);
    }
}

/// Whether an element begins a line of its own.
#[must_use]
pub fn is_block(tag: &str) -> bool {
    const BLOCKS: [&str; 31] = [
        "aside",
        "blockquote",
        "caption",
        "col",
        "colgroup",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ];
    BLOCKS.contains(&tag)
}

/// Whether a character may stand in a book: no control, which shows nowhere and which XML cannot hold.
#[must_use]
pub fn printable(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{b}'..='\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}
