//! A page of the volume as XHTML that the e-book's rules allow.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::super::{Element, Node, is_internal, printable};

/// Elements without an end.
const VOID: [&str; 4] = ["br", "col", "hr", "img"];
/// Elements within a line, and those that hold characters only: with a block in them they are boxes.
const LINES: [&str; 32] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "h1", "h2", "h3", "h4", "h5", "h6",
    "i", "ins", "kbd", "mark", "p", "pre", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "u",
    "rt",
];

/// Where the files of the book are, as seen from one of them.
pub(super) struct Paths<'a> {
    /// Path of the file in the book: `text/laws/foi-2019.xhtml`.
    pub(super) file: &'a str,
    /// Files of the pages, by path below the handbook.
    pub(super) pages: &'a BTreeMap<String, String>,
    /// Files of the pictures, by path below the handbook.
    pub(super) pictures: &'a BTreeMap<String, String>,
}

impl Paths<'_> {
    /// A file of the book as a link from this one.
    pub(super) fn to(&self, file: &str) -> String {
        let mut from: Vec<&str> = self.file.split('/').collect();
        from.pop();
        let to: Vec<&str> = file.split('/').collect();
        let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
        let common = common.min(to.len() - 1);
        format!("{}{}", "../".repeat(from.len() - common), to[common..].join("/"))
    }

    /// A link of the volume as a link from this file; nothing for a page that is not in the book.
    fn link(&self, href: &str) -> Option<String> {
        if !is_internal(href) {
            return Some(address(href));
        }
        let (page, id) = href.split_once('#').map_or((href, None), |(page, id)| (page, Some(id)));
        let file = self.pages.get(page)?;
        Some(match id {
            Some(id) if file == self.file => format!("#{}", address(&id.replace('%', "%25"))),
            Some(id) => format!("{}#{}", self.to(file), address(&id.replace('%', "%25"))),
            None => self.to(file),
        })
    }
}

/// An address outside, with what no address may hold written as `%20`.
fn address(href: &str) -> String {
    let mut out = String::with_capacity(href.len());
    for c in href.chars() {
        if c.is_whitespace() || "\"<>\\^`{|}".contains(c) {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                let _ = write!(out, "%{byte:02X}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// A whole file.
pub(super) fn document(title: &str, style: &str, body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!DOCTYPE html>\n\
         <html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:epub=\"http://www.idpf.org/2007/ops\" lang=\"zh-CN\" xml:lang=\"zh-CN\">\n\
         <head>\n<meta charset=\"utf-8\"/>\n<title>{}</title>\n<link rel=\"stylesheet\" type=\"text/css\" href=\"{style}\"/>\n</head>\n\
         {body}\n</html>\n",
        escape(title)
    )
}

/// Text for XML, attributes included; controls, which XML cannot hold, are left out.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| printable(*c)) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

/// Writes the elements of one file.
pub(super) struct Writer<'a> {
    paths: &'a Paths<'a>,
    ids: BTreeSet<String>,
    out: String,
    in_link: bool,
    /// Whether the element to come stands in a numbered list.
    in_numbers: bool,
    /// Whether a drawing stands in the file: its entry in the package must say so.
    pub(super) draws: bool,
}

impl<'a> Writer<'a> {
    pub(super) fn new(paths: &'a Paths<'a>) -> Self {
        Self {
            paths,
            ids: BTreeSet::new(),
            out: String::new(),
            in_link: false,
            in_numbers: false,
            draws: false,
        }
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    pub(super) fn nodes(&mut self, nodes: &[Node], parent: &str) {
        for node in nodes {
            match node {
                Node::Text(text) => self.out.push_str(&escape(text)),
                Node::Element(element) => self.element(element, parent),
            }
        }
    }

    fn element(&mut self, element: &Element, parent: &str) {
        let tag = element.tag.as_str();
        self.in_numbers = parent == "ol";
        match tag {
            "svg" => {
                self.draws = true;
                self.drawing(element, true);
            }
            "a" => self.link(element, parent),
            "img" => self.picture(element),
            "dl" if !is_paired(&element.children) => self.tagged("div", element, ""),
            "dd" | "dt" if !matches!(parent, "dl" | "dl div") => self.tagged("div", element, ""),
            "li" if !matches!(parent, "ol" | "ul") => self.tagged("div", element, ""),
            "rp" | "rt" if parent != "ruby" => self.tagged("span", element, ""),
            "ol" if element.has_class("footnote-definition") => self.footnotes(element),
            // Rooms for blocks and rooms for characters are not the same in XHTML.
            tag if tag != "a" && LINES.contains(&tag) && holds_block(&element.children) => {
                self.tagged("div", element, "");
            }
            "figcaption" if parent != "figure" => self.tagged("div", element, ""),
            "div" if parent == "dl" => self.tagged("div", element, "dl div"),
            tag => self.tagged(tag, element, ""),
        }
        if matches!(tag, "p" | "h1" | "h2" | "h3" | "li" | "tr" | "section" | "table" | "ul" | "ol" | "dd") {
            self.out.push('\n');
        }
    }

    /// An element under a name; what stands in it sees `room`, or the name, as its parent.
    fn tagged(&mut self, tag: &str, element: &Element, room: &str) {
        self.open(tag, element);
        if VOID.contains(&tag) {
            self.out.push_str("/>");
            return;
        }
        self.out.push('>');
        self.nodes(&element.children, if room.is_empty() { tag } else { room });
        let _ = write!(self.out, "</{tag}>");
    }

    fn open(&mut self, tag: &str, element: &Element) {
        let _ = write!(self.out, "<{tag}");
        for (name, value) in &element.attributes {
            let fits = match name.as_str() {
                "id" => !value.contains(char::is_whitespace) && self.ids.insert(value.clone()),
                "href" | "src" => false,
                "alt" => tag == "img",
                "width" | "height" => tag == "img" && value.parse::<u32>().is_ok(),
                "scope" => tag == "th" && matches!(value.as_str(), "row" | "col" | "rowgroup" | "colgroup"),
                "dir" => matches!(value.as_str(), "ltr" | "rtl" | "auto"),
                "type" => tag == "ol" && matches!(value.as_str(), "1" | "a" | "A" | "i" | "I"),
                "start" => tag == "ol" && value.parse::<i32>().is_ok(),
                "span" => value.parse::<u16>().is_ok_and(|span| span > 0),
                "colspan" => value.parse::<u16>().is_ok_and(|span| span > 0),
                "value" => tag == "li" && self.in_numbers,
                "reversed" | "rowspan" | "style" | "title" | "class" => true,
                "lang" => {
                    let _ = write!(self.out, " xml:lang=\"{}\"", escape(value));
                    true
                }
                _ => false,
            };
            if fits {
                let value = if name == "reversed" { "reversed" } else { value };
                let _ = write!(self.out, " {name}=\"{}\"", escape(value));
            }
        }
    }

    fn link(&mut self, element: &Element, parent: &str) {
        let href = element.get("href").and_then(|href| self.paths.link(href));
        let Some(href) = href.filter(|_| !self.in_link) else {
            // A link within a link, or one that leads out of the book: what it says stays.
            match element.get("id") {
                Some(_) => self.tagged("span", element, parent),
                None => self.nodes(&element.children, parent),
            }
            return;
        };
        self.open("a", element);
        let _ = write!(self.out, " href=\"{}\"", escape(&href));
        if element.get("href").is_some_and(|href| href.contains("#footnote-")) && parent == "sup" {
            self.out.push_str(" epub:type=\"noteref\" role=\"doc-noteref\"");
        }
        self.out.push('>');
        self.in_link = true;
        self.nodes(&element.children, parent);
        self.in_link = false;
        self.out.push_str("</a>");
    }

    fn picture(&mut self, element: &Element) {
        let Some(src) = element.get("src") else { return };
        let src = match self.paths.pictures.get(src) {
            Some(file) => self.paths.to(file),
            None if src.starts_with("data:image/") => src.to_owned(),
            None => return,
        };
        self.open("img", element);
        if element.get("alt").is_none() {
            self.out.push_str(" alt=\"\"");
        }
        let _ = write!(self.out, " src=\"{}\"/>", escape(&src));
    }

    /// Footnotes, which readers show where they are called.
    fn footnotes(&mut self, list: &Element) {
        self.out.push_str("<section epub:type=\"footnotes\" class=\"footnotes\">\n");
        for (at, note) in list.children.iter().filter_map(Node::element).enumerate() {
            self.out.push_str("<aside epub:type=\"footnote\" role=\"doc-footnote\"");
            if let Some(id) = note.get("id")
                && self.ids.insert(id.to_owned())
            {
                let _ = write!(self.out, " id=\"{}\"", escape(id));
            }
            let _ = write!(self.out, "><span class=\"footnote-number\">{}</span> ", at + 1);
            self.nodes(&note.children, "aside");
            self.out.push_str("</aside>\n");
        }
        self.out.push_str("</section>");
    }

    fn drawing(&mut self, element: &Element, outermost: bool) {
        let _ = write!(self.out, "<{}", element.tag);
        if outermost {
            self.out.push_str(
                " xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"",
            );
        }
        for (name, value) in &element.attributes {
            let name = match name.as_str() {
                "id" if !self.ids.insert(value.clone()) => continue,
                "href" => "xlink:href",
                name => name,
            };
            let _ = write!(self.out, " {name}=\"{}\"", escape(value));
        }
        self.out.push('>');
        for node in &element.children {
            match node {
                Node::Text(text) => self.out.push_str(&escape(text)),
                Node::Element(inner) => self.drawing(inner, false),
            }
        }
        let _ = write!(self.out, "</{}>", element.tag);
    }
}

/// Whether a block stands in it, at any depth.
fn holds_block(nodes: &[Node]) -> bool {
    nodes
        .iter()
        .any(|node| node.is_block() || node.element().is_some_and(|inner| holds_block(&inner.children)))
}

/// Whether each term of a list has its meaning and the other way round, in groups or without: XHTML knows no other.
fn is_paired(nodes: &[Node]) -> bool {
    let group = |nodes: &[Node]| {
        let tag = |node: &Node| node.element().map_or("", |element| element.tag.as_str()).to_owned();
        let first = nodes.first().is_some_and(|node| tag(node) == "dt");
        let last = nodes.last().is_some_and(|node| tag(node) == "dd");
        first && last && nodes.iter().all(|node| matches!(tag(node).as_str(), "dd" | "dt"))
    };
    let grouped =
        |node: &Node| node.element().is_some_and(|element| element.tag == "div" && group(&element.children));
    nodes.iter().all(grouped) || group(nodes)
}
