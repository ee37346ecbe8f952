//! The text of the letter: one block after another as `word/document.xml`.

use super::ending::{Ending, ending};
use super::parts::{self, CHARACTER, LINE, TEXT_WIDTH};
use super::xml::{Indent, Layout, add, paragraph};
use super::{envelope, page, table};
use crate::corpus::PageLayout;
use crate::letter::layout::{attachments, balanced, halves, paragraphs};
use crate::letter::{Block, FormRow, Letter};

/// Half characters on a line of the title: 20 characters of 二号 (22 pt) fill the 156 mm.
const TITLE_LIMIT: usize = 40;

/// Half characters on a line of the signature, so that a very long name becomes a compact group of lines.
const NAME_LIMIT: usize = 40;

/// Space between a table and the text around it, in twips.
const TABLE_GAP: usize = 145;

/// What stands around a block.
#[derive(Debug, Clone, Copy)]
struct Place<'a> {
    layout: PageLayout,
    ending: Ending,
    previous: Option<&'a Block>,
    next: Option<&'a Block>,
}

impl Place<'_> {
    /// A signature must not stand alone on a page: the block before it goes with it.
    fn before_signature(self) -> bool {
        matches!(self.next, Some(Block::Signature { .. }))
    }
}

pub(super) fn document(letter: &Letter) -> String {
    let mut blocks: Vec<&Block> = letter.blocks.iter().filter(|block| !is_blank(block)).collect();
    let mut out = String::with_capacity(16 * 1024);
    out.push_str(parts::DOCUMENT_START);
    match letter.layout {
        PageLayout::Envelope => {
            out.push_str(&envelope::envelope(&blocks));
            out.push_str(&styled("AfterTable", ""));
            // What has no place on an envelope is not lost: it follows on a page of its own.
            blocks.retain(|block| !matches!(block, Block::Number(_) | Block::Title(_) | Block::Paragraph(_)));
        }
        PageLayout::Official => {
            out.push_str(&page::official_mark(&letter.author));
            if !matches!(blocks.first(), Some(Block::Number(_))) {
                // The red rule stands there all the same.
                out.push_str(&styled("NumberOfficial", ""));
            }
        }
        PageLayout::Letter | PageLayout::Plain => {}
    }
    let ending = ending(letter, &blocks);
    for (at, block) in blocks.iter().enumerate() {
        let place = Place {
            layout: letter.layout,
            ending,
            previous: at.checked_sub(1).and_then(|at| blocks.get(at).copied()),
            next: blocks.get(at + 1).copied(),
        };
        out.push_str(&block_xml(block, place));
    }
    out.push_str(&page::section(letter.layout, &letter.author));
    out.push_str(parts::DOCUMENT_END);
    out
}

fn is_table(block: Option<&Block>) -> bool {
    matches!(block, Some(Block::Table { .. }))
}

/// Whether it would leave no trace on the page; a form has its borders also where its cells are empty.
pub(in crate::letter) fn is_blank(block: &Block) -> bool {
    match block {
        Block::Number(text)
        | Block::Title(text)
        | Block::Addressee(text)
        | Block::Heading(text)
        | Block::Subheading(text)
        | Block::Paragraph(text)
        | Block::Note(text) => text.trim().is_empty(),
        Block::Table { head, rows } => head.is_empty() && rows.iter().all(Vec::is_empty),
        Block::Form { rows, .. } => rows.is_empty(),
        Block::Attachments(names) => attachments(names).is_empty(),
        Block::Signature { name, date } => name.trim().is_empty() && date.trim().is_empty(),
    }
}

fn block_xml(block: &Block, place: Place<'_>) -> String {
    match block {
        Block::Number(text) => number(text.trim(), place),
        Block::Title(text) => title(text, place),
        Block::Addressee(text) => styled("Addressee", &format!("{}：", text.trim())),
        Block::Heading(text) => styled("Heading1", text.trim()),
        Block::Subheading(text) => styled("Heading2", text.trim()),
        Block::Paragraph(text) => text_paragraphs(text, place),
        Block::Table { head, rows } => table_xml(head, rows, place),
        Block::Form { columns, rows } => form(columns, rows, place),
        Block::Attachments(names) => attachment_list(names, place),
        Block::Signature { name, date } => signature(name.trim(), date.trim(), place),
        Block::Note(text) => styled("Note", &format!("（{}）", text.trim())),
    }
}

fn styled(style: &'static str, text: &str) -> String {
    paragraph(&Layout { style, ..Layout::default() }, text)
}

/// 发文字号: at the top of a page with a red head it has its own distance to the rule.
fn number(text: &str, place: Place<'_>) -> String {
    let style = match (place.layout, place.previous) {
        (PageLayout::Official, None) => "NumberOfficial",
        (PageLayout::Letter, None) => "NumberLetter",
        _ => "Number",
    };
    styled(style, text)
}

/// 标题: two empty lines under the number or the red rule, long titles in lines of about equal length.
fn title(text: &str, place: Place<'_>) -> String {
    let headed = matches!(place.layout, PageLayout::Official | PageLayout::Letter);
    let lines = if headed || place.previous.is_some() { 2 } else { 0 } + place.ending.lowered;
    let layout = Layout { style: "Title", before: (lines > 0).then_some(lines * LINE), ..Layout::default() };
    paragraph(&layout, &balanced(text, TITLE_LIMIT).join("\n"))
}

/// How many lines a title takes.
pub(super) fn title_lines(text: &str) -> usize {
    balanced(text, TITLE_LIMIT).len()
}

/// 正文: every line of the value is a paragraph of its own, with its first line indented.
fn text_paragraphs(text: &str, place: Place<'_>) -> String {
    let mut out = String::new();
    let mut lines = paragraphs(text).peekable();
    let mut first = true;
    while let Some(line) = lines.next() {
        let last = lines.peek().is_none();
        let layout = Layout {
            style: "Text",
            // The words that lead to a table stand on its page.
            keep_next: last && ((place.before_signature() && place.ending.tied) || is_table(place.next)),
            before: (first && is_table(place.previous)).then_some(TABLE_GAP),
            after: (last && is_table(place.next)).then_some(TABLE_GAP),
            ..Layout::default()
        };
        out.push_str(&paragraph(&layout, line));
        first = false;
    }
    out
}

/// A table needs a paragraph after it: two tables would grow together, and a document cannot end with one.
fn table_xml(head: &[String], rows: &[Vec<String>], place: Place<'_>) -> String {
    let mut out = table::table(head, rows, place.before_signature());
    match place.next {
        None => out.push_str(&styled("AfterTable", "")),
        Some(Block::Table { .. }) => out.push_str(&styled("Normal", "")),
        Some(_) => {}
    }
    out
}

/// Like a table, a form needs a paragraph after it.
fn form(columns: &[usize], rows: &[FormRow], place: Place<'_>) -> String {
    let kept = place.before_signature();
    let after = Layout { style: "AfterTable", keep_next: kept, ..Layout::default() };
    table::form(columns, rows, kept) + &paragraph(&after, "")
}

/// 附件说明 (7.3.4): an empty line, two characters in, names aligned, also where they run over the line.
fn attachment_list(names: &[String], place: Place<'_>) -> String {
    let lines = attachments(names);
    let label = 2 * CHARACTER;
    let number = label + halves("附件：") * CHARACTER / 2;
    // Room for the longest number and a half-width space; at least so much that a wider fallback font fits too.
    let widest = lines.iter().map(|line| halves(&line.number)).max().unwrap_or(0);
    let name = if widest == 0 { number } else { number + (widest + 1) * CHARACTER / 2 };
    let mut out = String::new();
    for (at, line) in lines.iter().enumerate() {
        let start = if at == 0 { label } else { number };
        let layout = Layout {
            style: "Attachment",
            keep_next: at + 1 == lines.len() && place.before_signature(),
            keep_lines: true,
            tab: Some(name),
            before: (at == 0).then_some(LINE),
            indent: Some(Indent { left: name, right: 0, hanging: name - start }),
            ..Layout::default()
        };
        let mut text = String::from(if at == 0 { "附件：" } else { "" });
        if !line.number.is_empty() {
            add(&mut text, format_args!("{}\t", line.number));
        }
        text.push_str(line.name);
        out.push_str(&paragraph(&layout, &text));
    }
    out
}

/// 署名 and 成文日期 for a sealed letter (7.3.5.1): the date four characters from the right, the name centred over it.
///
/// A name too wide for that ends at the right margin, and the date is centred under the name instead. Two empty lines
/// leave room for a seal of 42 mm whose top is within a line of the text.
fn signature(name: &str, date: &str, place: Place<'_>) -> String {
    let lines = balanced(name, NAME_LIMIT);
    let name_width = lines.iter().map(|line| halves(line)).max().unwrap_or(0) * CHARACTER / 2;
    let centred = 2 * 4 * CHARACTER + halves(date) * CHARACTER / 2;
    let fits = name_width + CHARACTER / 2 <= centred;
    let room = if fits { centred } else { name_width + CHARACTER };
    let indent = Indent { left: TEXT_WIDTH.saturating_sub(room), ..Indent::default() };
    let above = place.previous.map(|_| place.ending.gap * LINE);
    let mut out = String::new();
    if !lines.is_empty() {
        let layout = Layout { style: "Signature", before: above, indent: Some(indent), ..Layout::default() };
        out.push_str(&paragraph(&layout, &lines.join("\n")));
    }
    if !date.is_empty() {
        let layout = Layout {
            style: "LetterDate",
            keep_next: matches!(place.next, Some(Block::Note(_))),
            before: if lines.is_empty() { above } else { None },
            // Centred in the same room as the name, so they stand over each other whatever width a program gives
            // to the digits; the room ends where the date then has its four characters to the right.
            indent: Some(indent),
            align: Some("center"),
            ..Layout::default()
        };
        out.push_str(&paragraph(&layout, date));
    }
    out
}
