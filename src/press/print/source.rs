//! A chapter as typst code: calls of what `book.typ` defines, with every text as a literal.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::literal::{CELL_WORD, LINE_WORD, breakable, literal};
use super::{drawing, table};
use crate::press::{Chapter, Element, Node, is_internal};

/// Elements within elements that typst can set, which stops at 64 show rules; a table counts for three more. Real pages
/// have some fifteen.
const DEEPEST: usize = 30;
const TABLE: usize = 3;

/// Classes of what only leads to another place of the page on the screen.
const SCREEN: [&str; 2] = ["gk-form-jump", "gk-quiz-jump"];

/// Characters on a page with more, from which on it begins on a new page of the book.
const LONG: usize = 2600;

/// Characters of chapters that follow on each other, some thirty pages.
const TOGETHER: usize = 30_000;

/// A list of pages that is printed when the pages are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slot {
    /// Kind of what cites (案例), and the anchors of what cites.
    pub groups: Vec<(String, Vec<String>)>,
}

/// What is the same for all chapters.
pub(super) struct Plan<'a> {
    /// Anchors in articles of laws, each with the anchor of its article.
    pub articles: &'a BTreeMap<String, String>,
    /// Where each chapter begins.
    pub starts: &'a [Start],
    /// Digits of the largest page number.
    pub digits: usize,
    /// Families for the texts of drawings.
    pub families: &'a str,
    /// Width of the text in points.
    pub width: f64,
    /// Height of the text in points.
    pub height: f64,
    /// Pictures of the volume by path: the file's name for typst.
    pub pictures: &'a BTreeMap<&'a str, String>,
}

/// What the chapters need that stands outside of them.
#[derive(Default)]
pub(super) struct Outside {
    /// Lists of pages.
    pub slots: Vec<Slot>,
    /// Drawings as SVG.
    pub drawings: Vec<String>,
    /// Links with their chapter, for whoever checks them.
    pub links: Vec<(String, usize)>,
    /// Texts of drawings, and the chapter.
    pub drawn: Vec<(usize, String)>,
    /// The QR code of the chapter that is written next.
    pub code: Option<String>,
}

/// Why a chapter cannot be printed.
pub(super) enum Trouble {
    /// A control character.
    Control(char),
    /// Elements in elements without end.
    Deep,
    /// A picture that is not in the volume.
    Picture(String),
}

/// The code of a chapter.
pub(super) fn write(
    chapter: &Chapter,
    number: usize,
    plan: &Plan<'_>,
    outside: &mut Outside,
) -> Result<String, Trouble> {
    let mut writer = Writer {
        plan,
        outside,
        chapter,
        number,
        out: String::new(),
        pending: vec![],
        marked: BTreeSet::new(),
        notes: BTreeMap::new(),
        longest: LINE_WORD,
        indent: true,
        quiet: false,
        depth: 0,
    };
    writer.notes(&chapter.body);
    writer.chapter()?;
    Ok(writer.out)
}

/// Where a chapter begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// On a right-hand page.
    Right,
    /// On a new page.
    Fresh,
    /// Below the one before.
    On,
}

/// Where each chapter begins: short ones below an index page follow on, which saves a third of the book. Not without
/// end: pages between two fresh ones are set in one go.
pub(super) fn starts(chapters: &[&Chapter]) -> Vec<Start> {
    let mut size = 0;
    let mut starts = vec![];
    for chapter in chapters {
        let own = count(&chapter.body);
        let start = if chapter.level == 0 {
            Start::Right
        } else if chapter.path.starts_with("laws/") || own > LONG || size > TOGETHER {
            Start::Fresh
        } else {
            Start::On
        };
        size = if start == Start::On { size + own } else { own };
        starts.push(start);
    }
    starts
}

/// Characters in nodes, white space not counted.
pub(super) fn count(nodes: &[Node]) -> usize {
    nodes
        .iter()
        .map(|node| match node {
            Node::Text(text) => text.chars().filter(|ch| !ch.is_whitespace()).count(),
            Node::Element(element) => count(&element.children),
        })
        .sum()
}

struct Writer<'a, 'b> {
    plan: &'b Plan<'b>,
    outside: &'b mut Outside,
    chapter: &'a Chapter,
    number: usize,
    out: String,
    /// Anchors of what begins here, for the next text.
    pending: Vec<String>,
    /// What a page number was printed for.
    marked: BTreeSet<String>,
    /// Footnotes by id.
    notes: BTreeMap<&'a str, &'a Element>,
    /// Signs of a word that need no place to break.
    longest: usize,
    /// Whether paragraphs begin with two blanks.
    indent: bool,
    /// Whether links get no page numbers.
    quiet: bool,
    depth: usize,
}

type Done = Result<(), Trouble>;

impl<'a> Writer<'a, '_> {
    fn chapter(&mut self) -> Done {
        let chapter = self.chapter;
        let mut body: Vec<&'a Node> = chapter.body.iter().collect();
        self.pending.push(chapter.path.clone());
        let first = body.iter().position(|node| node.element().is_some_and(|element| element.tag == "h1"));
        let title = match first.map(|at| body.remove(at)) {
            Some(Node::Element(title)) => {
                self.anchor(title);
                title.children.as_slice()
            }
            _ => &[],
        };
        let start = match self.plan.starts.get(self.number).copied().unwrap_or(Start::Right) {
            Start::Right => "right",
            Start::Fresh => "fresh",
            Start::On => "on",
        };
        self.out.push_str("#import \"/book.typ\": *\n#{");
        let _ = write!(self.out, "chapter(\"{start}\",");
        match &chapter.part {
            Some(part) => literal(part, &mut self.out),
            None => self.out.push_str("none"),
        }
        self.out.push(',');
        match self.outside.code.take() {
            Some(code) => {
                let _ = write!(self.out, "\"/drawings/{}.svg\",", self.outside.drawings.len());
                self.outside.drawings.push(code);
            }
            None => self.out.push_str("none,"),
        }
        if title.is_empty() {
            let title = [Node::Text(chapter.title.clone())];
            self.anchors_and_text(&title[0])?;
        } else {
            self.quiet = true;
            self.run(&title.iter().collect::<Vec<_>>())?;
            self.quiet = false;
        }
        self.out.push_str(");");
        self.blocks(&body)?;
        if !self.pending.is_empty() {
            self.out.push_str("q(");
            self.run(&[])?;
            self.out.push_str(");");
        }
        self.out.push('}');
        Ok(())
    }

    fn anchors_and_text(&mut self, node: &Node) -> Done {
        self.out.push('{');
        self.flush();
        if let Node::Text(text) = node {
            self.text(text)?;
        }
        self.out.push('}');
        Ok(())
    }

    /// Footnotes stand at the foot of their page, not where the list of them is.
    fn notes(&mut self, nodes: &'a [Node]) {
        for element in nodes.iter().filter_map(Node::element) {
            match element.get("id") {
                Some(id) if element.tag == "li" && id.starts_with("footnote-") => {
                    self.notes.insert(id, element);
                }
                _ => self.notes(&element.children),
            }
        }
    }

    /// Remembers the anchor of what begins here.
    fn anchor(&mut self, element: &Element) {
        if let Some(id) = element.get("id") {
            self.pending.push(format!("{}#{id}", self.chapter.path));
        }
    }

    fn flush(&mut self) {
        for id in std::mem::take(&mut self.pending) {
            self.out.push_str("a(");
            literal(&id, &mut self.out);
            self.out.push_str(");");
        }
    }

    fn text(&mut self, text: &str) -> Done {
        if let Some(ch) = text.chars().find(|ch| ch.is_control() && !ch.is_whitespace()) {
            return Err(Trouble::Control(ch));
        }
        breakable(text, self.longest, &mut self.out);
        Ok(())
    }

    // Blocks

    fn blocks(&mut self, nodes: &[&'a Node]) -> Done {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Trouble::Deep);
        }
        let mut run: Vec<&'a Node> = vec![];
        for node in nodes.iter().copied() {
            match node {
                Node::Element(element) if is_blockish(node) => {
                    self.paragraph(&mut run)?;
                    self.block(element)?;
                }
                node => run.push(node),
            }
        }
        self.paragraph(&mut run)?;
        self.depth -= 1;
        Ok(())
    }

    fn all(&mut self, nodes: &'a [Node]) -> Done {
        self.blocks(&nodes.iter().collect::<Vec<_>>())
    }

    /// Characters that stand between blocks are a paragraph.
    fn paragraph(&mut self, run: &mut Vec<&'a Node>) -> Done {
        let run = std::mem::take(run);
        if run.iter().all(|node| is_empty(node)) {
            run.iter().filter_map(|node| node.element()).for_each(|element| self.anchors(element));
            return Ok(());
        }
        self.out.push_str(if self.indent { "p(" } else { "q(" });
        self.run(&run)?;
        self.out.push_str(");");
        Ok(())
    }

    /// The anchors of what is not printed.
    fn anchors(&mut self, element: &Element) {
        self.anchor(element);
        for inner in element.children.iter().filter_map(Node::element) {
            self.anchors(inner);
        }
    }

    fn block(&mut self, element: &'a Element) -> Done {
        if SCREEN.iter().any(|class| element.has_class(class)) {
            self.anchors(element);
            return Ok(());
        }
        if element.has_class("gk-citedby") && self.cited_by(element) {
            return Ok(());
        }
        self.anchor(element);
        let has = |class: &str| element.has_class(class);
        match element.tag.as_str() {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let _ = write!(self.out, "h{}(", element.tag[1..].parse().unwrap_or(2).clamp(2, 5));
                self.run(&element.children.iter().collect::<Vec<_>>())?;
                self.out.push_str(");");
                Ok(())
            }
            "p" => self.p(element),
            "ul" | "ol" if has("footnote-definition") => Ok(()),
            "ul" => self.list(element, "ul"),
            "ol" => self.list(element, "ol"),
            "table" => self.table(element),
            "dl" if has("gk-terms") => self.terms(element),
            "dl" => self.pairs(element),
            "pre" => self.pre(element),
            "hr" if has("gk-l-double") => self.bare("double-rule"),
            "hr" if has("gk-l-rule") => self.bare("red-rule"),
            "hr" => self.bare("rule"),
            "svg" => self.drawing(element),
            "img" => self.picture(element),
            "blockquote" => self.within("quotation", element),
            "aside" => self.within("notice", element),
            "figcaption" => self.line("caption", element),
            "div" | "section" | "figure" => self.division(element),
            _ => self.all(&element.children),
        }
    }

    fn division(&mut self, element: &'a Element) -> Done {
        let has = |class: &str| element.has_class(class);
        if has("gk-badges") {
            return self.badges(element);
        }
        if has("gk-cards") {
            return self.cards(element);
        }
        if has("gk-letter-sample") {
            let (indent, quiet) = (self.indent, self.quiet);
            (self.indent, self.quiet) = (false, true);
            self.within("letter", element)?;
            (self.indent, self.quiet) = (indent, quiet);
            return Ok(());
        }
        const BOXES: [(&str, &str); 12] = [
            ("gk-unverified", "unverified"),
            ("gk-incoming", "incoming"),
            ("gk-original", "original"),
            ("gk-ask", "card"),
            ("gk-outcome", "card"),
            ("gk-quiz", "question"),
            ("gk-quiz-answers", "answers"),
            ("gk-l-envelope", "envelope"),
            ("gk-l-official", "plain"),
            ("gk-article", "article"),
            ("gk-details", "fold"),
            ("gk-flow", "figure"),
        ];
        match BOXES.iter().find(|(class, _)| has(class)) {
            Some((_, "plain")) | None => self.all(&element.children),
            Some((_, "article")) => {
                self.bare("article")?;
                self.all(&element.children)
            }
            Some((_, "figure")) => self.all(&element.children),
            Some((_, "fold")) => {
                self.bare("gap")?;
                self.all(&element.children)
            }
            Some((_, function)) => self.within(function, element),
        }
    }

    /// A call without anything.
    fn bare(&mut self, function: &str) -> Done {
        self.out.push_str(function);
        self.out.push_str("();");
        Ok(())
    }

    /// A call with all that stands in an element, as blocks.
    fn within(&mut self, function: &str, element: &'a Element) -> Done {
        let indent = std::mem::replace(&mut self.indent, false);
        self.out.push_str(function);
        self.out.push_str("({");
        self.all(&element.children)?;
        self.out.push_str("});");
        self.indent = indent;
        Ok(())
    }

    /// A call with what stands in an element, as a line.
    fn line(&mut self, function: &str, element: &'a Element) -> Done {
        self.out.push_str(function);
        self.out.push('(');
        self.run(&element.children.iter().collect::<Vec<_>>())?;
        self.out.push_str(");");
        Ok(())
    }

    fn p(&mut self, element: &'a Element) -> Done {
        const LINES: [(&str, &str); 17] = [
            ("gk-l-mark", "l-mark"),
            ("gk-l-number", "l-number"),
            ("gk-l-title", "l-title"),
            ("gk-l-to", "l-to"),
            ("gk-l-heading", "l-heading"),
            ("gk-l-subheading", "l-subheading"),
            ("gk-l-attachment", "l-attachment"),
            ("gk-l-signature", "l-signature"),
            ("gk-l-date", "l-date"),
            ("gk-l-note", "l-note"),
            ("gk-l-p", "l-p"),
            ("gk-summary", "summary"),
            ("gk-path", "muted"),
            ("gk-bare", "muted"),
            ("gk-quiz-question", "asked"),
            ("gk-quiz-option", "option"),
            ("gk-quiz-answers-title", "summary"),
        ];
        if element.has_class("gk-badges") {
            return self.badges(element);
        }
        if element.children.iter().any(is_blockish) {
            return self.all(&element.children);
        }
        if element.children.iter().all(is_empty) {
            self.anchors(element);
            return Ok(());
        }
        if let Some((_, function)) = LINES.iter().find(|(class, _)| element.has_class(class)) {
            return self.line(function, element);
        }
        if let [Node::Element(only)] = element.children.as_slice()
            && only.has_class("gk-provision")
        {
            self.anchor(only);
            let item = if only.has_class("gk-provision--item") { "item" } else { "provision" };
            return self.line(item, only);
        }
        self.line(if self.indent { "p" } else { "q" }, element)
    }

    fn list(&mut self, element: &'a Element, function: &str) -> Done {
        let (indent, plain) = (self.indent, element.has_class("gk-related"));
        self.indent = false;
        // Before a badge, which is never broken, a line would be spread.
        let ragged = element.children.iter().any(|item| {
            let parts = item.element().into_iter().flat_map(|item| &item.children);
            parts.filter_map(Node::element).any(|part| part.has_class("gk-badge"))
        });
        self.out.push_str(if ragged { "ragged(" } else { "" });
        self.out.push_str(if plain { "rows" } else { function });
        self.out.push('(');
        if let Some(start) = element.get("start").and_then(|start| start.parse::<u32>().ok()) {
            let _ = write!(self.out, "start:{start},");
        }
        for item in element.children.iter().filter_map(Node::element) {
            let value = item.get("value").and_then(|value| value.parse::<u32>().ok());
            match value {
                Some(value) if function == "ol" => {
                    let _ = write!(self.out, "enum.item({value},{{");
                }
                _ => self.out.push('{'),
            }
            self.anchor(item);
            self.mixed(item)?;
            self.out.push_str(if value.is_some() && function == "ol" { "})," } else { "}," });
        }
        self.out.push_str(if ragged { "));" } else { ");" });
        self.indent = indent;
        Ok(())
    }

    /// What stands in an entry or a cell: characters as they are, blocks as blocks.
    fn mixed(&mut self, element: &'a Element) -> Done {
        if element.children.iter().any(is_blockish) {
            return self.all(&element.children);
        }
        self.flush();
        self.inlines(&element.children.iter().collect::<Vec<_>>())
    }

    fn table(&mut self, element: &'a Element) -> Done {
        let grid = table::grid(element);
        if grid.columns == 0 {
            return Ok(());
        }
        let measure = table::measure(&grid);
        if let Some(caption) = grid.caption {
            self.line("caption", caption)?;
        }
        self.depth += TABLE;
        let (indent, longest) = (self.indent, self.longest);
        (self.indent, self.longest) = (false, CELL_WORD);
        let form = element.has_class("gk-l-form");
        self.out.push_str(if form { "form((" } else { "tb((" });
        for width in &measure.widths {
            let _ = write!(self.out, "{width:.2}fr,");
        }
        let _ = write!(self.out, "),{:.3},(", measure.scale);
        for row in &grid.head {
            self.row(row, false)?;
        }
        self.out.push_str("),(");
        for (row, tall) in grid.body.iter().zip(&measure.tall) {
            self.row(row, *tall)?;
        }
        self.depth -= TABLE;
        self.out.push_str("));");
        (self.indent, self.longest) = (indent, longest);
        Ok(())
    }

    fn row(&mut self, (row, cells): &(&'a Element, Vec<table::Cell<'a>>), tall: bool) -> Done {
        self.anchor(row);
        for cell in cells {
            self.anchor(cell.element);
            let head = cell.element.tag == "th";
            let spans = cell.columns > 1 || cell.rows > 1;
            if spans || tall {
                let _ = write!(self.out, "cell({},{},{head},{tall},{{", cell.columns, cell.rows);
            } else {
                self.out.push_str(if head { "th({" } else { "{" });
            }
            let before = self.out.len();
            self.mixed(cell.element)?;
            let empty = self.out.len() == before;
            if empty {
                self.out.push_str("\"\"");
            }
            self.out.push_str(if spans || head || tall { "})," } else { "}," });
        }
        Ok(())
    }

    /// Names and what they stand for: short ones two to a line.
    fn pairs(&mut self, element: &'a Element) -> Done {
        let mut all: Vec<(&'a Element, Option<&'a Element>)> = vec![];
        flatten(element, &mut all);
        if all.is_empty() {
            return Ok(());
        }
        let (indent, longest) = (self.indent, self.longest);
        self.indent = false;
        self.out.push_str("pairs(");
        for (name, value) in all {
            let short = count(&name.children) <= 5 && value.is_none_or(|value| count(&value.children) <= 14);
            let _ = write!(self.out, "({short},");
            self.anchor(name);
            self.run(&name.children.iter().collect::<Vec<_>>())?;
            self.out.push_str(",{");
            if let Some(value) = value {
                self.anchor(value);
                self.mixed(value)?;
            }
            self.out.push_str("\"\"}),");
        }
        self.out.push_str(");");
        (self.indent, self.longest) = (indent, longest);
        Ok(())
    }

    fn terms(&mut self, element: &'a Element) -> Done {
        let mut all = vec![];
        flatten(element, &mut all);
        // A box around a term has its anchor.
        let mut boxes = element.children.iter().filter_map(Node::element).filter(|inner| inner.tag == "div");
        let indent = std::mem::replace(&mut self.indent, false);
        for (name, value) in all {
            if let Some(around) = boxes.next() {
                self.anchor(around);
            }
            self.out.push_str("term(");
            self.anchor(name);
            self.run(&name.children.iter().collect::<Vec<_>>())?;
            self.out.push_str(",{");
            if let Some(value) = value {
                self.anchor(value);
                self.mixed(value)?;
            }
            self.out.push_str("\"\"});");
        }
        self.indent = indent;
        Ok(())
    }

    fn pre(&mut self, element: &'a Element) -> Done {
        let text: String = element.children.iter().map(Node::text).collect();
        self.out.push_str("pre({");
        self.flush();
        self.out.push_str("},");
        for line in text.trim_end_matches('\n').split('\n') {
            let line: String = line.replace('\t', "    ").replace(' ', "\u{a0}");
            self.out.push('{');
            self.text(&line)?;
            self.out.push_str("},");
        }
        self.out.push_str(");");
        Ok(())
    }

    fn badges(&mut self, element: &'a Element) -> Done {
        self.out.push_str("badges(");
        let quiet = std::mem::replace(&mut self.quiet, true);
        self.run(&element.children.iter().collect::<Vec<_>>())?;
        self.quiet = quiet;
        self.out.push_str(");");
        Ok(())
    }

    /// Entries that lead to pages: title with page number, what it is, what it says.
    fn cards(&mut self, element: &'a Element) -> Done {
        let mut rest: Vec<&'a Element> = vec![];
        for card in element.children.iter().filter_map(Node::element) {
            if card.has_class("gk-card") {
                self.entry(None, std::mem::take(&mut rest))?;
                self.entry(Some(card), card.children.iter().filter_map(Node::element).collect())?;
                continue;
            }
            // What led to a page that is not in the book is its parts now.
            if card.tag == "strong" {
                self.entry(None, std::mem::take(&mut rest))?;
            }
            rest.push(card);
        }
        self.entry(None, rest)
    }

    fn entry(&mut self, card: Option<&Element>, mut parts: Vec<&'a Element>) -> Done {
        if parts.is_empty() {
            return Ok(());
        }
        if let Some(card) = card {
            self.anchor(card);
        }
        self.out.push_str("entry(");
        match card.and_then(|card| card.get("href")).filter(|href| is_internal(href)) {
            Some(to) => {
                self.outside.links.push((to.to_owned(), self.number));
                literal(to, &mut self.out);
            }
            None => self.out.push_str("none"),
        }
        let _ = write!(self.out, ",{},", self.plan.digits);
        match parts.iter().position(|part| part.tag == "strong").map(|at| parts.remove(at)) {
            Some(title) => self.run(&title.children.iter().collect::<Vec<_>>())?,
            None => self.out.push_str("\"\""),
        }
        for part in parts {
            let _ = write!(self.out, ",({},", part.has_class("gk-card-meta"));
            self.run(&part.children.iter().collect::<Vec<_>>())?;
            self.out.push(')');
        }
        self.out.push_str(");");
        Ok(())
    }

    /// 引用本条的内容: pages in place of titles. Says whether it was such a list.
    fn cited_by(&mut self, element: &'a Element) -> bool {
        let mut groups: Vec<(String, Vec<String>)> = vec![];
        let lists = element.children.iter().filter_map(Node::element).filter(|inner| inner.tag == "ul");
        for item in lists.flat_map(|list| list.children.iter().filter_map(Node::element)) {
            let mut parts = item.children.iter().filter_map(Node::element);
            let kind = parts.clone().find(|part| part.has_class("gk-kind"));
            let link = parts.find_map(|part| part.get("href").filter(|href| is_internal(href)));
            let (Some(kind), Some(link)) = (kind, link) else { return false };
            let kind: String = kind.children.iter().map(Node::text).collect();
            self.outside.links.push((link.to_owned(), self.number));
            match groups.iter_mut().find(|(known, _)| *known == kind) {
                Some((_, all)) => all.push(link.to_owned()),
                None => groups.push((kind, vec![link.to_owned()])),
            }
        }
        if groups.is_empty() {
            return false;
        }
        self.anchors(element);
        // In characters of 8 pt: a number, a sign; the names of the kinds.
        let number = self.plan.digits as f64 * 0.56 + 1.1;
        let all: f64 = groups
            .iter()
            .map(|(kind, all)| kind.chars().count() as f64 + 2.0 + all.len() as f64 * number)
            .sum();
        let lines = ((all + 5.0) / (self.plan.width / 8.0 - 3.0)).ceil().max(1.0);
        let _ = write!(self.out, "slot({},{lines});", self.outside.slots.len());
        self.outside.slots.push(Slot { groups });
        true
    }

    fn drawing(&mut self, element: &Element) -> Done {
        let Some((width, height)) = drawing::size(element) else { return Ok(()) };
        // With room for its caption.
        let scale = (self.plan.width / width).min((self.plan.height - 40.0) / height).min(1.0);
        self.outside.drawn.push((self.number, element.children.iter().map(drawn).collect()));
        let name = format!("/drawings/{}.svg", self.outside.drawings.len());
        self.outside.drawings.push(drawing::file(element, self.plan.families));
        let _ = write!(self.out, "drawing({{");
        self.flush();
        let _ = write!(self.out, "}},\"{name}\",{:.2}pt);", width * scale);
        Ok(())
    }

    fn picture(&mut self, element: &Element) -> Done {
        let src = element.get("src").unwrap_or_default();
        let Some(name) = self.plan.pictures.get(src) else {
            return Err(Trouble::Picture(src.to_owned()));
        };
        self.out.push_str("picture({");
        self.flush();
        let width = element.get("width").and_then(|width| width.parse::<f64>().ok());
        // Pixels of a screen: 96 to the inch.
        let width = width.map(|width| (width * 0.75).min(self.plan.width));
        let _ = write!(self.out, "}},\"{name}\",");
        match width {
            Some(width) => {
                let _ = write!(self.out, "{width:.2}pt,");
            }
            None => self.out.push_str("auto,"),
        }
        literal(element.get("alt").unwrap_or_default(), &mut self.out);
        self.out.push_str(");");
        Ok(())
    }

    // Characters

    /// A block of code with a run of characters.
    fn run(&mut self, nodes: &[&'a Node]) -> Done {
        self.out.push('{');
        self.flush();
        self.inlines(nodes)?;
        // A block with nothing in it would be nothing at all.
        self.out.push_str("\"\"}");
        Ok(())
    }

    fn inlines(&mut self, nodes: &[&'a Node]) -> Done {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Trouble::Deep);
        }
        for node in nodes {
            match node {
                Node::Text(text) => self.text(text)?,
                Node::Element(element) => self.inline(element)?,
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn inline(&mut self, element: &'a Element) -> Done {
        if let Some(id) = element.get("id") {
            self.out.push_str("a(");
            literal(&format!("{}#{id}", self.chapter.path), &mut self.out);
            self.out.push_str(");");
        }
        let has = |class: &str| element.has_class(class);
        match element.tag.as_str() {
            "br" => {
                self.out.push_str("linebreak();");
                Ok(())
            }
            "img" => self.picture(element),
            "svg" => self.drawing(element),
            "sup" if has("footnote-reference") => self.footnote(element),
            "a" => self.link(element),
            "strong" | "b" | "th" => self.span("b", element),
            "em" | "i" | "cite" | "dfn" => self.span("i", element),
            "code" | "samp" => self.span("c", element),
            "kbd" => self.span("k", element),
            "small" => self.span("s", element),
            "del" | "s" => self.span("strike", element),
            "ins" | "u" => self.span("underline", element),
            "sup" => self.span("super", element),
            "sub" => self.span("sub", element),
            "span" if has("gk-badge") => self.badge(element),
            "span" if has("gk-kind") => self.span("kind", element),
            "span" if has("gk-provision-label") || has("gk-answer-label") => self.span("b", element),
            "span" if has("gk-pair-label") => self.span("s", element),
            _ => self.inlines(&element.children.iter().collect::<Vec<_>>()),
        }
    }

    fn span(&mut self, function: &str, element: &'a Element) -> Done {
        self.out.push_str(function);
        self.out.push('(');
        self.run(&element.children.iter().collect::<Vec<_>>())?;
        self.out.push_str(");");
        Ok(())
    }

    fn badge(&mut self, element: &'a Element) -> Done {
        const KINDS: [&str; 6] = ["valid", "amended", "repealed", "future", "unverified", "fictional"];
        let kind = KINDS.iter().find(|kind| element.has_class(&format!("gk-badge--{kind}")));
        let _ = write!(self.out, "badge(\"{}\",", kind.unwrap_or(&"neutral"));
        self.run(&element.children.iter().collect::<Vec<_>>())?;
        self.out.push_str(");");
        Ok(())
    }

    fn link(&mut self, element: &'a Element) -> Done {
        let children: Vec<&'a Node> = element.children.iter().collect();
        let Some(href) = element.get("href") else { return self.inlines(&children) };
        if !is_internal(href) {
            self.out.push_str("web(");
            literal(href, &mut self.out);
            self.out.push(',');
            // The address itself need not be printed twice.
            let text: String = element.children.iter().map(Node::text).collect();
            let said = text.trim() == href.trim()
                || !href.starts_with("http")
                || !self.marked.insert(href.to_owned());
            if said {
                self.out.push_str("none");
            } else {
                self.out.push('{');
                breakable(href, 16, &mut self.out);
                self.out.push('}');
            }
            self.out.push(',');
            self.run(&children)?;
            self.out.push_str(");");
            return Ok(());
        }
        self.outside.links.push((href.to_owned(), self.number));
        self.out.push_str("l(");
        literal(href, &mut self.out);
        self.out.push(',');
        if element.has_class("gk-badge") {
            self.out.push('{');
            self.badge(element)?;
            self.out.push('}');
        } else {
            self.run(&children)?;
        }
        self.out.push_str(");");
        let page = href.split('#').next().unwrap_or_default();
        let elsewhere = page != self.chapter.path && !element.has_class("gk-term");
        let article = self.plan.articles.get(href).map_or(href, String::as_str);
        if elsewhere && !self.quiet && self.marked.insert(article.to_owned()) {
            self.out.push_str("m(");
            literal(href, &mut self.out);
            let _ = write!(self.out, ",{});", self.plan.digits);
        }
        Ok(())
    }

    fn footnote(&mut self, element: &'a Element) -> Done {
        let href = element.children.iter().filter_map(Node::element).find_map(|link| link.get("href"));
        let id = href.and_then(|href| href.split_once('#')).map(|(_, id)| id);
        let Some(note) = id.and_then(|id| self.notes.get(id).copied()) else {
            return self.span("super", element);
        };
        // The way back to the text is of no use on paper.
        let back = |node: &Node| {
            node.element().is_some_and(|element| {
                element.tag == "a" && element.get("href").is_some_and(|href| href.contains("#fr-"))
            })
        };
        let mut parts: Vec<&'a Node> = vec![];
        for node in &note.children {
            match node {
                Node::Element(inner) if inner.tag == "p" => parts.extend(&inner.children),
                node => parts.push(node),
            }
        }
        parts.retain(|node| !back(node));
        self.out.push_str("footnote(");
        let id = note.get("id").map(|id| format!("{}#{id}", self.chapter.path));
        self.pending.extend(id);
        self.run(&parts)?;
        self.out.push_str(");");
        Ok(())
    }
}

/// Whether something begins a line of its own; links around blocks do, and pictures that stand alone.
fn is_blockish(node: &Node) -> bool {
    node.is_block()
        || node.element().is_some_and(|element| {
            matches!(element.tag.as_str(), "svg" | "img") || element.children.iter().any(is_blockish)
        })
}

fn is_empty(node: &Node) -> bool {
    match node {
        Node::Text(text) => text.trim().is_empty(),
        Node::Element(element) => {
            !matches!(element.tag.as_str(), "br" | "img" | "svg") && element.children.iter().all(is_empty)
        }
    }
}

fn drawn(node: &Node) -> String {
    match node {
        Node::Text(text) => text.clone(),
        Node::Element(element) if matches!(element.tag.as_str(), "title" | "desc" | "style") => String::new(),
        Node::Element(element) => element.children.iter().map(drawn).collect(),
    }
}

/// The names of a list with what follows each.
fn flatten<'a>(list: &'a Element, all: &mut Vec<(&'a Element, Option<&'a Element>)>) {
    for element in list.children.iter().filter_map(Node::element) {
        match (element.tag.as_str(), all.last_mut()) {
            ("div", _) => flatten(element, all),
            ("dd", Some((_, value @ None))) => *value = Some(element),
            _ => all.push((element, None)),
        }
    }
}
