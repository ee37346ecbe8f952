//! Web pages: the text of the page, without navigation, scripts and forms.
//!
//! Tables that hold the whole page are layout, tables with short cells are tables.

use super::line::{Boundary, Line, Role, clean, is_void};
use super::shape;
use super::table::table_lines;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind::{Rawtext, Rcdata, ScriptData};
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use std::cell::RefCell;

/// Elements that end a paragraph.
const BLOCKS: [&str; 34] = [
    "address",
    "article",
    "blockquote",
    "body",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figure",
    "figcaption",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "html",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tbody",
    "thead",
    "tfoot",
    "tr",
    "td",
    "th",
    "ul",
];
/// Elements whose content is no text of the page.
const SILENT: [&str; 18] = [
    "script", "style", "noscript", "template", "nav", "aside", "form", "button", "select", "textarea",
    "iframe", "svg", "object", "footer", "noframes", "video", "audio", "canvas",
];
/// Names that pages give to what is not their text. A whole name between blanks and hyphens, so that `printContent` is kept.
const AROUND: [&str; 19] = [
    "nav",
    "navbar",
    "menu",
    "crumb",
    "crumbs",
    "breadcrumb",
    "breadcrumbs",
    "footer",
    "foot",
    "sidebar",
    "share",
    "toolbar",
    "copyright",
    "pagination",
    "pager",
    "related",
    "search",
    "header",
    "position",
];
/// Elements that such a name may silence: those that are always closed.
const CONTAINERS: [&str; 8] = ["div", "ul", "ol", "section", "span", "header", "dl", "table"];
/// Elements without an end.
const VOID: [&str; 12] =
    ["br", "hr", "img", "input", "link", "meta", "area", "base", "col", "embed", "source", "wbr"];

/// The lines of a page.
pub fn html(text: &str) -> Vec<Line<'static>> {
    let careful = read(text, true);
    let whole = read(text, false);
    // A page that names its text after its frame would lose it.
    let labels = |all: &[Line<'_>]| {
        all.iter()
            .filter(|l| {
                shape::label(clean(&l.text).as_ref()).is_some()
                    || shape::marker(clean(&l.text).as_ref()).is_some()
            })
            .count()
    };
    if labels(&careful) * 2 < labels(&whole) { whole } else { careful }
}

fn read(text: &str, around: bool) -> Vec<Line<'static>> {
    let reader = Reader { around, state: RefCell::new(State::default()) };
    let tokenizer = Tokenizer::new(reader, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(text));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let mut state = tokenizer.sink.state.into_inner();
    state.end_line(Boundary::Hard);
    while let Some(table) = state.tables.pop() {
        state.leave_table(table);
    }
    let mut lines = state.lines;
    // The name of the page stands in for a missing heading.
    if !lines.iter().any(|l| l.level == 1) && lines.is_empty() && !state.title.trim().is_empty() {
        lines.push(Line::text(state.title.trim().to_owned(), 1, Boundary::Hard));
    }
    lines
}

struct Reader {
    around: bool,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    lines: Vec<Line<'static>>,
    /// The line being read.
    text: String,
    /// How many of its characters stand inside links.
    linked: usize,
    /// Line of the file on which it began.
    number: u32,
    boundary: Option<Boundary>,
    level: u8,
    links: u32,
    preformatted: u32,
    /// Name of the silent element, and how often it is open.
    silent: Option<(String, u32)>,
    in_title: bool,
    title: String,
    tables: Vec<Table>,
}

#[derive(Default)]
struct Table {
    /// Rows of cells of lines.
    rows: Vec<Vec<Vec<Line<'static>>>>,
    nested: bool,
}

impl State {
    fn end_line(&mut self, boundary: Boundary) {
        let text = std::mem::take(&mut self.text);
        let linked = std::mem::take(&mut self.linked);
        if text.chars().all(is_void) {
            if boundary == Boundary::Hard || self.boundary.is_none() {
                self.boundary = Some(boundary);
            }
            return;
        }
        let solid = text.chars().filter(|c| !is_void(*c)).count();
        let indent = text.starts_with(['\u{3000}', '\u{a0}']);
        let mut line =
            Line::text(text.trim().to_owned(), self.number, self.boundary.unwrap_or(Boundary::Hard));
        line.indent = indent;
        line.level = self.level;
        if linked == solid {
            line.role = Role::Link;
        }
        match self.tables.last_mut().and_then(|t| t.rows.last_mut()).and_then(|r| r.last_mut()) {
            Some(cell) => cell.push(line),
            None => self.lines.push(line),
        }
        self.boundary = Some(boundary);
    }

    /// Puts the lines of a finished table where it stood.
    fn leave_table(&mut self, table: Table) {
        let mut out = table_lines(table.rows, table.nested);
        match self.tables.last_mut() {
            Some(outer) => {
                outer.nested = true;
                match outer.rows.last_mut().and_then(|r| r.last_mut()) {
                    Some(cell) => cell.append(&mut out),
                    None => outer.rows.push(vec![out]),
                }
            }
            None => self.lines.append(&mut out),
        }
    }

    fn start(&mut self, tag: &Tag, around: bool) {
        let name: &str = &tag.name;
        // Paragraphs are often left open: the next block closes them.
        if self.silent.as_ref().is_some_and(|(silent, _)| silent == "p") && BLOCKS.contains(&name) {
            self.silent = None;
        }
        if let Some((silent, depth)) = &mut self.silent {
            if silent == name && !VOID.contains(&name) {
                *depth += 1;
            }
            return;
        }
        let named = || {
            tag.attrs.iter().filter(|a| matches!(&*a.name.local, "class" | "id" | "role")).any(|a| {
                let value = a.value.to_ascii_lowercase();
                value.split([' ', '-', '_']).any(|word| AROUND.contains(&word) || word == "navigation")
            })
        };
        let hidden = || {
            tag.attrs.iter().any(|a| {
                &*a.name.local == "hidden"
                    || &*a.name.local == "style" && a.value.replace(' ', "").contains("display:none")
            })
        };
        if (SILENT.contains(&name)
            || around && (CONTAINERS.contains(&name) && (named() || hidden()) || name == "p" && hidden()))
            && !tag.self_closing
        {
            self.end_line(Boundary::Hard);
            self.silent = Some((name.to_owned(), 1));
            return;
        }
        match name {
            "br" => self.end_line(Boundary::Soft),
            "a" => self.links += 1,
            "title" => self.in_title = true,
            "pre" => self.preformatted += 1,
            _ => {}
        }
        if BLOCKS.contains(&name) {
            self.end_line(Boundary::Hard);
        }
        match name {
            "table" => self.tables.push(Table::default()),
            "tr" => {
                if let Some(table) = self.tables.last_mut() {
                    table.rows.push(vec![]);
                }
            }
            "td" | "th" => {
                if let Some(table) = self.tables.last_mut() {
                    if table.rows.is_empty() {
                        table.rows.push(vec![]);
                    }
                    if let Some(row) = table.rows.last_mut() {
                        row.push(vec![]);
                    }
                }
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.level = name.as_bytes().get(1).map_or(0, |b| b - b'0');
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if let Some((silent, depth)) = &mut self.silent {
            if silent == name {
                *depth -= 1;
                if *depth == 0 {
                    self.silent = None;
                }
            }
            return;
        }
        if BLOCKS.contains(&name) {
            self.end_line(Boundary::Hard);
        }
        match name {
            "a" => self.links = self.links.saturating_sub(1),
            "title" => self.in_title = false,
            "pre" => self.preformatted = self.preformatted.saturating_sub(1),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.level = 0,
            "table" => {
                if let Some(table) = self.tables.pop() {
                    self.leave_table(table);
                }
            }
            _ => {}
        }
    }

    fn characters(&mut self, text: &str, line: u64) {
        if self.silent.is_some() {
            return;
        }
        if self.in_title {
            self.title.push_str(text);
            return;
        }
        for (k, part) in text.split('\n').enumerate() {
            if k > 0 {
                if self.preformatted > 0 {
                    self.end_line(Boundary::Soft);
                } else if self.text.ends_with(|c: char| c.is_ascii_alphanumeric()) {
                    self.text.push(' ');
                }
            }
            // A line break in the source is a blank at most.
            let part = if k > 0 && self.preformatted == 0 {
                part.trim_start_matches([' ', '\t', '\r'])
            } else {
                part
            };
            if part.is_empty() {
                continue;
            }
            if self.text.chars().all(is_void) {
                self.number = u32::try_from(line).unwrap_or(u32::MAX);
            }
            if self.links > 0 {
                self.linked += part.chars().filter(|c| !is_void(*c)).count();
            }
            self.text.push_str(part.trim_end_matches('\r'));
        }
    }
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        let mut state = self.state.borrow_mut();
        match token {
            Token::TagToken(tag) => match tag.kind {
                TagKind::StartTag => {
                    state.start(&tag, self.around);
                    return match &*tag.name {
                        "script" => TokenSinkResult::RawData(ScriptData),
                        "style" | "noframes" | "iframe" | "xmp" => TokenSinkResult::RawData(Rawtext),
                        "textarea" | "title" => TokenSinkResult::RawData(Rcdata),
                        _ => TokenSinkResult::Continue,
                    };
                }
                TagKind::EndTag => state.end(&tag.name),
            },
            Token::CharacterTokens(text) => state.characters(&text, line),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

#[cfg(test)]
mod tests {
    use super::html;
    use crate::statute::line::Role;

    fn texts(page: &str) -> Vec<String> {
        html(page).iter().map(|l| l.text.to_string()).collect()
    }

    #[test]
    fn navigation_and_scripts_are_no_text() {
        let page = "<title>t</title><div class='nav'><a href=x>首页</a></div><script>第一条 '</script>\
                    <div id=printContent><h1>示例办法</h1><p>第一条&nbsp;甲<br>乙</p></div><footer>版权</footer>";
        assert_eq!(texts(page), ["示例办法", "第一条\u{a0}甲", "乙"]);
    }

    #[test]
    fn layout_tables_are_text_and_data_tables_are_rows() {
        let page = "<table><tr><td><p>第一条 甲</p><p>第二条 乙</p><table><tr><td>第三条</td><td>丙</td></tr></table></td></tr></table>";
        let all = html(page);
        assert_eq!(all.iter().map(|l| l.role).collect::<Vec<_>>(), [Role::Text, Role::Text, Role::Row]);
        assert_eq!(all[2].text, "第三条\t丙");
    }

    #[test]
    fn broken_pages_are_survived() {
        for page in
            ["<table><td>甲", "</table></td>", "<div class=nav>只有导航", "<p", "<a><a></a>甲", "<script>"]
        {
            let _ = html(page);
        }
    }
}
