//! One rendered page read back: what stands in its `<main>`, as a book can print it.
//!
//! What works only on a screen is left out, as `@media print` of the handbook's stylesheet leaves it out; what is folded
//! is opened; what is a form becomes text. Two classes are left for whoever sets the page to decide on: `gk-form-jump`
//! and `gk-quiz-jump` hold links within a page, which paper has no use for.

mod sink;

use std::collections::{BTreeMap, BTreeSet};

use html5ever::{Attribute, QualName, ns};
use percent_encoding::percent_decode_str;

use self::sink::{Kind, Tree};
use super::{Element, Finding, Node};

/// Elements within elements that a page may have. Real pages have some fifteen.
const DEEPEST: usize = 200;
/// Elements that stay what they are. All others are opened: what stands in them stays.
const KEPT: [&str; 59] = [
    "a",
    "abbr",
    "aside",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
];
/// Elements that are left out with all that stands in them.
const DROPPED: [&str; 13] = [
    "base", "button", "datalist", "head", "link", "meta", "nav", "script", "select", "style", "template",
    "textarea", "title",
];
/// What a book has no means to show. A note takes its place.
const SHOWS: [(&str, &str); 6] = [
    ("audio", "录音"),
    ("canvas", "画面"),
    ("embed", "画面"),
    ("iframe", "画面"),
    ("object", "画面"),
    ("video", "视频"),
];
/// Classes of what paper does not show: see `@media print` in `book/theme/gongkai.css`.
const SCREEN: [&str; 8] = [
    "buttons",
    "fa-svg",
    "gk-asked",
    "gk-foot",
    "gk-form-jump--page",
    "gk-form-way--page",
    "gk-print-foot",
    "gk-screen",
];
/// Boxes that only make their content scroll.
const FRAMES: [&str; 3] = ["gk-rules", "gk-scroll", "table-wrapper"];
/// Attributes that mean something in a book.
const ATTRIBUTES: [&str; 17] = [
    "alt", "class", "colspan", "dir", "height", "href", "id", "lang", "reversed", "rowspan", "scope", "span",
    "src", "start", "title", "type", "value",
];
/// Properties of a `style` that say something about the content.
const STYLES: [&str; 3] = ["height", "text-align", "width"];
/// What mdBook calls its boxes, as `gongkai.js` translates it.
const BOXES: [(&str, &str); 5] =
    [("Note", "说明"), ("Tip", "提示"), ("Important", "重要"), ("Warning", "注意"), ("Caution", "警告")];

/// Reads a rendered page; `path` is where it lies below the handbook, `laws/foi-2019.html`.
///
/// Links within the handbook come out as `page.html#id` below the handbook, those within the page too; addresses keep
/// their scheme. The same for the `src` of pictures. No id stands twice.
///
/// # Errors
/// A page without `<main>`, or nested deeper than any real page.
///
/// ```
/// # use gongkai::press::page::read;
/// let html = "<main><h2 id='a'><a class='header' href='#a'>甲</a></h2><p>见<a href='../b.html#c'>乙</a></p></main>";
/// let nodes = read("questions/q.html", html).unwrap();
/// assert_eq!(nodes[0].text(), "甲");
/// assert_eq!(nodes[1].element().unwrap().children[1].element().unwrap().get("href"), Some("b.html#c"));
/// ```
pub fn read(path: &str, html: &str) -> Result<Vec<Node>, Finding> {
    let too_deep = || Finding {
        page: path.to_owned(),
        message: format!("这一页的元素套得太深，超过{DEEPEST}层"),
        hint: "请检查页面里手写的 HTML，多半是有没有关上的标签".to_owned(),
    };
    let tree = sink::parse(html, DEEPEST).ok_or_else(too_deep)?;
    let Some(main) = tree.main() else {
        return Err(Finding {
            page: path.to_owned(),
            message: "这一页没有正文（没有 <main>）".to_owned(),
            hint: "主题里改过 index.hbs 的，请把正文放回 <main> 里".to_owned(),
        });
    };
    let mut reader =
        Reader { tree: &tree, path, ids: BTreeSet::new(), keys: vec![], depth: 0, too_deep: false };
    let mut nodes = reader.children(main, "main");
    if reader.too_deep {
        return Err(too_deep());
    }
    if !reader.keys.is_empty() {
        let answers = reader.answers();
        nodes.push(answers);
    }
    tidy(&mut nodes, "main");
    Ok(nodes)
}

/// Walks a parsed page.
struct Reader<'a> {
    tree: &'a Tree,
    path: &'a str,
    /// Those seen so far: the first one keeps its name.
    ids: BTreeSet<String>,
    /// What stands in the answers to the questions seen so far.
    keys: Vec<Vec<Node>>,
    depth: usize,
    too_deep: bool,
}

impl Reader<'_> {
    fn children(&mut self, node: usize, parent: &str) -> Vec<Node> {
        let mut out = vec![];
        if self.depth >= DEEPEST {
            self.too_deep = true;
            return out;
        }
        self.depth += 1;
        let tree = self.tree;
        for child in &tree.0[node].children {
            match &tree.0[*child].kind {
                Kind::Other => {}
                Kind::Text(text) => push_text(&mut out, text),
                Kind::Element { name, attributes } => {
                    for node in self.element(*child, (name, attributes), parent) {
                        match node {
                            Node::Text(text) => push_text(&mut out, &text),
                            node => out.push(node),
                        }
                    }
                }
            }
        }
        self.depth -= 1;
        out
    }

    /// What an element becomes: itself, another, what stands in it, or nothing.
    fn element(&mut self, node: usize, start: (&QualName, &[Attribute]), parent: &str) -> Vec<Node> {
        let (name, attributes) = start;
        if name.ns == ns!(svg) && is_name(&name.local) {
            return vec![self.drawing(node, name, attributes)];
        }
        let tag = &*name.local;
        let has = |class: &str| {
            value(attributes, "class").is_some_and(|all| all.split_ascii_whitespace().any(|one| one == class))
        };
        if DROPPED.contains(&tag)
            || value(attributes, "hidden").is_some()
            || SCREEN.iter().any(|class| has(class))
        {
            return vec![];
        }
        if let Some((_, what)) = SHOWS.iter().find(|(show, _)| *show == tag) {
            return vec![Node::Text(format!("（此处是{what}，书里放不了，请看网页版手册）"))];
        }
        match tag {
            "input" => checkbox(attributes),
            "details" if has("gk-quiz-key") && parent == "fieldset" => {
                let answer = self.unfolded(node);
                self.keys.push(answer);
                self.jump()
            }
            "section" if has("gk-quiz-answers") && !self.keys.is_empty() => vec![self.answers()],
            "details" => self.made("div", node, (attributes, "gk-details")),
            "summary" => self.summary(node, attributes),
            "fieldset" => self.made("section", node, (attributes, "gk-fields-group")),
            "legend" => self.made("p", node, (attributes, "gk-quiz-question")),
            "label" if parent == "fieldset" => self.made("p", node, (attributes, "gk-quiz-option")),
            "center" | "article" | "header" | "footer" | "address" | "form" => {
                self.made("div", node, (attributes, ""))
            }
            "strike" => self.made("s", node, (attributes, "")),
            "tt" => self.made("code", node, (attributes, "")),
            "var" => self.made("i", node, (attributes, "")),
            "a" if has("header") => self.children(node, parent),
            "a" => self.link(node, attributes),
            "div" if FRAMES.iter().any(|class| has(class)) && value(attributes, "id").is_none() => {
                self.children(node, parent)
            }
            "p" if has("blockquote-tag-title") => {
                let mut title = self.made("p", node, (attributes, ""));
                title.iter_mut().for_each(translate);
                title
            }
            "img" => self.picture(attributes),
            tag if KEPT.contains(&tag) => self.made(tag, node, (attributes, "")),
            // Its id stays a place to go to.
            _ if value(attributes, "id").is_some() => self.opened(node, attributes),
            _ => self.children(node, parent),
        }
    }

    /// An element of another name, with a class more.
    fn made(&mut self, tag: &str, node: usize, and: (&[Attribute], &str)) -> Vec<Node> {
        let (attributes, class) = and;
        let mut attributes = self.attributes(tag, attributes);
        if !class.is_empty() {
            let all = attributes.entry("class".to_owned()).or_default();
            *all = format!("{all} {class}").trim().to_owned();
        }
        // Children of a fieldset are known by where they stand, whatever it becomes.
        let parent = if class == "gk-fields-group" { "fieldset" } else { tag };
        let children = self.children(node, parent);
        vec![Node::Element(Element { tag: tag.to_owned(), attributes, children })]
    }

    /// An unknown element with an id: a box for blocks or for characters.
    fn opened(&mut self, node: usize, attributes: &[Attribute]) -> Vec<Node> {
        let mut attributes = self.attributes("span", attributes);
        attributes.retain(|name, _| name == "id" || name == "class");
        let children = self.children(node, "span");
        let tag = if children.iter().any(Node::is_block) { "div" } else { "span" };
        vec![Node::Element(Element { tag: tag.to_owned(), attributes, children })]
    }

    /// The line that stays when a fold is opened.
    fn summary(&mut self, node: usize, attributes: &[Attribute]) -> Vec<Node> {
        let attributes = self.attributes("p", attributes);
        let children = self.children(node, "p");
        let tag = if children.iter().any(Node::is_block) { "div" } else { "p" };
        let mut element = Element { tag: tag.to_owned(), attributes, children };
        let class = element.attributes.entry("class".to_owned()).or_default();
        *class = format!("{class} gk-summary").trim().to_owned();
        vec![Node::Element(element)]
    }

    /// What stands in a fold, without its line.
    fn unfolded(&mut self, node: usize) -> Vec<Node> {
        let mut all = self.children(node, "div");
        all.retain(|node| node.element().is_none_or(|element| !element.has_class("gk-summary")));
        all
    }

    /// The way from a question to its answer.
    fn jump(&self) -> Vec<Node> {
        let href = format!("{}#{}", self.path, self.answer(self.keys.len()));
        let attributes = BTreeMap::from([("href".to_owned(), href)]);
        let link = Element { tag: "a".to_owned(), attributes, children: vec![text("答案和解析")] };
        vec![element("p", "gk-quiz-jump", vec![Node::Element(link)])]
    }

    /// Unique over the book, as anchors of the handbook are.
    fn answer(&self, question: usize) -> String {
        let page = self.path.trim_end_matches(".html").replace('/', "-");
        format!("{page}-answer-{question}")
    }

    /// All answers, after the questions.
    fn answers(&mut self) -> Node {
        let keys = std::mem::take(&mut self.keys);
        let mut items = vec![];
        for (at, children) in keys.into_iter().enumerate() {
            let mut item = Element { tag: "li".to_owned(), children, ..Element::default() };
            let id = self.answer(at + 1);
            if self.ids.insert(id.clone()) {
                item.attributes.insert("id".to_owned(), id);
            }
            items.push(Node::Element(item));
        }
        let title = element("p", "gk-quiz-answers-title", vec![text("答案和解析")]);
        element("section", "gk-quiz-answers", vec![title, element("ol", "", items)])
    }

    fn link(&mut self, node: usize, attributes: &[Attribute]) -> Vec<Node> {
        let mut kept = self.attributes("a", attributes);
        let href = value(attributes, "href").and_then(|href| resolve(self.path, href));
        kept.remove("href");
        if let Some(name) = value(attributes, "name").filter(|name| !name.is_empty())
            && !kept.contains_key("id")
            && self.ids.insert(name.to_owned())
        {
            kept.insert("id".to_owned(), name.to_owned());
        }
        let children = self.children(node, "a");
        match href {
            Some(href) => {
                kept.insert("href".to_owned(), href);
                vec![Node::Element(Element { tag: "a".to_owned(), attributes: kept, children })]
            }
            None if kept.contains_key("id") => {
                vec![Node::Element(Element { tag: "span".to_owned(), attributes: kept, children })]
            }
            None => children,
        }
    }

    fn picture(&mut self, attributes: &[Attribute]) -> Vec<Node> {
        let mut kept = self.attributes("img", attributes);
        let src = value(attributes, "src").unwrap_or_default().trim();
        let src = resolve(self.path, src).unwrap_or_else(|| src.to_owned());
        kept.insert("src".to_owned(), src);
        kept.entry("alt".to_owned()).or_default();
        vec![Node::Element(Element { tag: "img".to_owned(), attributes: kept, children: vec![] })]
    }

    fn attributes(&mut self, tag: &str, all: &[Attribute]) -> BTreeMap<String, String> {
        let mut kept = BTreeMap::new();
        for attribute in all {
            let (name, value) = (&*attribute.name.local, clean(&attribute.value));
            let keep = match name {
                "id" => {
                    let id = !value.is_empty() && !value.contains(char::is_whitespace);
                    id && self.ids.insert(value.clone())
                }
                "class" => !value.trim().is_empty(),
                "href" => false,
                "src" | "alt" => tag == "img",
                "width" | "height" => tag == "img" && value.bytes().all(|b| b.is_ascii_digit()),
                "type" | "start" | "reversed" => tag == "ol",
                "value" => tag == "li" && value.trim().parse::<i32>().is_ok(),
                "colspan" | "rowspan" => matches!(tag, "td" | "th") && value.trim().parse::<u16>().is_ok(),
                "span" => matches!(tag, "col" | "colgroup") && value.trim().parse::<u16>().is_ok(),
                "scope" => tag == "th",
                "style" => {
                    let style = style(&value);
                    if !style.is_empty() {
                        kept.insert("style".to_owned(), style);
                    }
                    false
                }
                name => ATTRIBUTES.contains(&name),
            };
            if keep {
                kept.insert(name.to_owned(), value.trim().to_owned());
            }
        }
        kept
    }

    /// A picture in lines, as it is but for what acts.
    fn drawing(&mut self, node: usize, name: &QualName, attributes: &[Attribute]) -> Node {
        let mut element = Element { tag: name.local.to_string(), ..Element::default() };
        for attribute in attributes {
            let name = attribute.name.local.to_string();
            let value = clean(&attribute.value);
            let prefix = attribute.name.prefix.as_ref().map(ToString::to_string);
            let acts = !is_name(&name)
                || name.starts_with("data-")
                || name.starts_with("on")
                || name == "tabindex"
                || name == "xmlns"
                || name == "hidden";
            let links = name == "href" && !value.trim().starts_with('#');
            let id = name != "id" || self.ids.insert(value.clone());
            if acts || links || !id || prefix.as_deref() == Some("xmlns") || prefix.as_deref() == Some("xml")
            {
                continue;
            }
            let value = if name == "style" { drawn(&value) } else { value };
            if !value.is_empty() {
                element.attributes.insert(name, value);
            }
        }
        if self.depth >= DEEPEST {
            self.too_deep = true;
            return Node::Element(element);
        }
        self.depth += 1;
        let tree = self.tree;
        for child in &tree.0[node].children {
            match &tree.0[*child].kind {
                Kind::Text(text) if element.tag != "svg" && element.tag != "g" => {
                    push_text(&mut element.children, text);
                }
                Kind::Element { name, attributes }
                    if name.ns == ns!(svg)
                        && is_name(&name.local)
                        && !matches!(&*name.local, "script" | "style" | "foreignObject" | "animate") =>
                {
                    // A link in a drawing leads nowhere in print: what it shows stays.
                    let mut drawing = self.drawing(*child, name, attributes);
                    if let Node::Element(inner) = &mut drawing
                        && inner.tag == "a"
                    {
                        "g".clone_into(&mut inner.tag);
                    }
                    element.children.push(drawing);
                }
                _ => {}
            }
        }
        self.depth -= 1;
        Node::Element(element)
    }
}

/// Whether XML takes it as a name; HTML takes `a"b` as one.
fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

fn value<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a str> {
    attributes.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| &*attribute.value)
}

fn text(text: &str) -> Node {
    Node::Text(text.to_owned())
}

fn element(tag: &str, class: &str, children: Vec<Node>) -> Node {
    let mut attributes = BTreeMap::new();
    if !class.is_empty() {
        attributes.insert("class".to_owned(), class.to_owned());
    }
    Node::Element(Element { tag: tag.to_owned(), attributes, children })
}

/// Characters after characters are one text.
fn push_text(out: &mut Vec<Node>, more: &str) {
    match out.last_mut() {
        Some(Node::Text(text)) => text.push_str(&clean(more)),
        _ => out.push(Node::Text(clean(more))),
    }
}

/// Without controls, which show nowhere and which XML cannot hold.
fn clean(text: &str) -> String {
    text.chars().filter(|c| super::printable(*c)).collect()
}

/// A box of a task list as a character that Chinese fonts have; other fields are left out.
fn checkbox(attributes: &[Attribute]) -> Vec<Node> {
    match (value(attributes, "type"), value(attributes, "checked")) {
        (Some("checkbox"), Some(_)) => vec![text("√")],
        (Some("checkbox"), None) => vec![text("□")],
        _ => vec![],
    }
}

fn translate(node: &mut Node) {
    match node {
        Node::Text(text) => {
            if let Some((_, word)) = BOXES.iter().find(|(english, _)| *english == text.trim()) {
                (*word).clone_into(text);
            }
        }
        Node::Element(element) => {
            element.children.retain(|node| node.element().is_none_or(|inner| inner.tag != "svg"));
            element.children.iter_mut().for_each(translate);
        }
    }
}

/// The declarations that a book follows.
fn style(all: &str) -> String {
    let kept = all.split(';').filter_map(|one| {
        let (name, value) = one.split_once(':')?;
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
        (STYLES.contains(&name.as_str()) && !value.contains('(')).then(|| format!("{name}: {value}"))
    });
    kept.collect::<Vec<_>>().join("; ")
}

/// The style of a drawing, with the colour that it has where no theme is.
fn drawn(all: &str) -> String {
    let kept = all.split(';').filter_map(|one| {
        let (name, value) = one.split_once(':')?;
        let (name, value) = (name.trim(), value.trim());
        let value = match value.strip_prefix("var(").and_then(|inner| inner.strip_suffix(')')) {
            Some(inner) => inner.split_once(',')?.1.trim(),
            None => value,
        };
        (name != "min-width" && !value.contains("url(")).then(|| format!("{name}: {value}"))
    });
    kept.collect::<Vec<_>>().join("; ")
}

/// Where a link leads: an address as it is, a place in the handbook as `page.html#id`; nothing for scripts, for paths
/// out of the handbook, and for no path at all.
fn resolve(page: &str, href: &str) -> Option<String> {
    let href = href.trim();
    if let Some((scheme, _)) = href.split_once(':')
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
    {
        let follows = ["http", "https", "mailto", "tel", "data"];
        return follows.iter().any(|known| scheme.eq_ignore_ascii_case(known)).then(|| href.to_owned());
    }
    if href.starts_with("//") || href.starts_with('/') {
        return None;
    }
    let (path, fragment) = href.split_once('#').map_or((href, None), |(path, id)| (path, Some(id)));
    let path = path.split('?').next().unwrap_or_default();
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let target = if path.is_empty() {
        fragment.map(|_| page.to_owned())?
    } else {
        let mut parts: Vec<&str> = page.split('/').collect();
        parts.pop();
        let path = decode(path);
        let mut folders: Vec<String> = parts.into_iter().map(str::to_owned).collect();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => drop(folders.pop()?),
                part => folders.push(part.to_owned()),
            }
        }
        if path.ends_with('/') {
            folders.push("index.html".to_owned());
        }
        folders.join("/")
    };
    Some(match fragment.filter(|id| !id.is_empty()) {
        Some(id) => format!("{target}#{}", decode(id)),
        None => target,
    })
}

// Blanks

/// Elements that hold elements only: blanks between these are the source's.
const STRUCTURES: [&str; 9] = ["colgroup", "dl", "ol", "table", "tbody", "tfoot", "thead", "tr", "ul"];

/// Makes blanks what a reader sees: none around blocks, one between words. What lists cannot hold gets an entry.
fn tidy(nodes: &mut Vec<Node>, parent: &str) {
    if parent == "pre" || parent == "text" {
        return;
    }
    let structure = STRUCTURES.contains(&parent);
    for node in nodes.iter_mut() {
        match node {
            Node::Text(text) => *text = collapse(text),
            Node::Element(element) => tidy(&mut element.children, &element.tag),
        }
    }
    if structure {
        nodes.retain(|node| !matches!(node, Node::Text(text) if text.trim_matches(' ').is_empty()));
        for node in nodes.iter_mut() {
            entry(node, parent);
        }
        return;
    }
    let around = super::is_block(parent) || parent == "main";
    let breaks = |node: &Node| node.is_block() || node.element().is_some_and(|element| element.tag == "br");
    let edges: Vec<(bool, bool)> = (0..nodes.len())
        .map(|at| {
            let before = at.checked_sub(1).map_or(around, |before| breaks(&nodes[before]));
            (before, nodes.get(at + 1).map_or(around, breaks))
        })
        .collect();
    for (node, (before, after)) in nodes.iter_mut().zip(edges) {
        if let Node::Text(text) = node {
            if before {
                *text = text.trim_start_matches(' ').to_owned();
            }
            if after {
                *text = text.trim_end_matches(' ').to_owned();
            }
        }
    }
    nodes.retain(|node| !matches!(node, Node::Text(text) if text.is_empty()));
}

/// Puts into an entry what stands in a list without one.
fn entry(node: &mut Node, parent: &str) {
    let tag = node.element().map_or("", |element| element.tag.as_str());
    let (wanted, fits) = match parent {
        "ol" | "ul" => ("li", tag == "li"),
        "dl" => ("dd", matches!(tag, "dd" | "div" | "dt")),
        _ => return,
    };
    if !fits {
        *node = element(wanted, "", vec![node.clone()]);
    }
}

fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' ' | '\t' | '\n' | '\r' | '\u{c}' if out.ends_with(' ') => {}
            ' ' | '\t' | '\n' | '\r' | '\u{c}' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
