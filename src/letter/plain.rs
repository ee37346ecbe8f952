//! Writes a letter as plain text and as Markdown: functions from [`Letter`] to a string.

use super::layout::{LINE_CHARACTERS, attachments, balanced, halves, paragraphs};
use crate::letter::{Block, FormRow, Letter};

/// Half characters on a line.
const LINE: usize = 2 * LINE_CHARACTERS;

/// Half characters on a line of a long title or name.
const LIMIT: usize = 40;

/// The letter as text: paragraphs start with two full-width spaces, the number and the signature stand at the right of
/// a line of 28 characters, tables are aligned columns where they fit on such a line and one line per row elsewhere.
///
/// Paragraphs are not broken into lines; the text ends with a line feed unless it is empty.
///
/// ```
/// use gongkai::letter::{Block, Letter};
///
/// let letter = Letter {
///     blocks: vec![Block::Addressee("张三".to_owned()), Block::Paragraph("现予告知。".to_owned())],
///     ..Letter::default()
/// };
/// assert_eq!(gongkai::letter::text(&letter), "张三：\n　　现予告知。\n");
/// ```
#[must_use]
pub fn text(letter: &Letter) -> String {
    let mut out = String::new();
    for block in &letter.blocks {
        let lines = text_lines(block);
        if lines.is_empty() {
            continue;
        }
        if !out.is_empty() && stands_apart(block) && !out.ends_with("\n\n") {
            out.push('\n');
        }
        for line in lines {
            out.push_str(line.trim_end());
            out.push('\n');
        }
        if matches!(block, Block::Title(_) | Block::Table { .. } | Block::Form { .. }) {
            out.push('\n');
        }
    }
    out.truncate(out.trim_end_matches('\n').len());
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// Whether an empty line stands before the block.
fn stands_apart(block: &Block) -> bool {
    matches!(
        block,
        Block::Title(_)
            | Block::Table { .. }
            | Block::Form { .. }
            | Block::Attachments(_)
            | Block::Signature { .. }
    )
}

fn text_lines(block: &Block) -> Vec<String> {
    let centred = |line: String| indented((LINE / 2).saturating_sub(halves(&line) / 2), &line);
    let about = |before: &str, text: &str, after: &str| match one_line(text) {
        text if text.is_empty() => Vec::new(),
        text => vec![format!("{before}{text}{after}")],
    };
    match block {
        Block::Number(text) => {
            about("", text, "").iter().map(|line| indented(LINE.saturating_sub(halves(line)), line)).collect()
        }
        Block::Title(text) => balanced(text, LIMIT).into_iter().map(centred).collect(),
        Block::Addressee(text) => about("", text, "："),
        Block::Heading(text) | Block::Subheading(text) => about("　　", text, ""),
        Block::Paragraph(text) => paragraphs(text).map(|line| format!("　　{line}")).collect(),
        Block::Table { head, rows } => table_lines(head, rows),
        Block::Form { rows, .. } => rows.iter().map(form_line).collect(),
        Block::Attachments(names) => attachment_lines(names),
        Block::Signature { name, date } => signature_lines(name, &one_line(date)),
        Block::Note(text) => about("　　（", text, "）"),
    }
}

/// A line moved right by half characters: full-width spaces, and one half-width space where the count is odd.
fn indented(count: usize, line: &str) -> String {
    format!("{}{line}", spaces(count))
}

fn spaces(count: usize) -> String {
    format!("{}{}", "　".repeat(count / 2), " ".repeat(count % 2))
}

/// A value on one line: line breaks and tabs become a space, ends are trimmed.
fn one_line(text: &str) -> String {
    let pieces = text.split(['\n', '\r', '\t']).map(str::trim);
    pieces.filter(|piece| !piece.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Like the page: the date four characters from the right, the name centred over it as far as the line reaches.
fn signature_lines(name: &str, date: &str) -> Vec<String> {
    let names = balanced(name, LIMIT);
    let width = names.iter().map(|line| halves(line)).max().unwrap_or(0);
    let centre = (8 + halves(date) / 2).max(width / 2);
    let lines = names.iter().map(String::as_str).chain([date]);
    lines
        .filter(|line| !line.is_empty())
        .map(|line| indented(LINE.saturating_sub(centre + halves(line).div_ceil(2)), line))
        .collect()
}

fn attachment_lines(names: &[String]) -> Vec<String> {
    let lines = attachments(names).into_iter().enumerate();
    lines
        .map(|(at, line)| {
            let start = if at == 0 { "　　附件：" } else { "　　　　　" };
            let space = if line.number.is_empty() { "" } else { " " };
            format!("{start}{}{space}{}", line.number, one_line(line.name))
        })
        .collect()
}

/// 「名称：内容」 for each label of a form and what stands beside it.
fn form_line(row: &FormRow) -> String {
    let mut line = String::from("　　");
    for (at, cell) in row.cells.iter().enumerate() {
        let after_label =
            at.checked_sub(1).and_then(|at| row.cells.get(at)).is_some_and(|before| before.label);
        if at > 0 {
            line.push_str(if after_label && !cell.label { "：" } else { "；" });
        }
        line.push_str(&one_line(&cell.text));
    }
    line
}

/// Aligned columns if the widest row fits on a line, else 「列名：值；列名：值」 for each row.
fn table_lines(head: &[String], rows: &[Vec<String>]) -> Vec<String> {
    let clean = |row: &[String]| row.iter().map(|cell| one_line(cell)).collect::<Vec<_>>();
    let head = clean(head);
    let rows: Vec<Vec<String>> = rows.iter().map(|row| clean(row)).collect();
    let all = || [&head].into_iter().chain(&rows).filter(|row| !row.is_empty());
    let columns = all().map(Vec::len).max().unwrap_or(0);
    let width = |at: usize| all().filter_map(|row| row.get(at)).map(|cell| halves(cell)).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    if widths.iter().map(|width| width + 2).sum::<usize>() <= LINE {
        return all().map(|row| aligned(row, &widths)).collect();
    }
    rows.iter().map(|row| named(&head, row)).collect()
}

fn aligned(row: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for (cell, width) in row.iter().zip(widths) {
        line.push_str(cell);
        line.push_str(&spaces((width + 2).saturating_sub(halves(cell))));
    }
    line
}

fn named(head: &[String], row: &[String]) -> String {
    let cells = row.iter().enumerate().filter(|(_, cell)| !cell.is_empty());
    let cells = cells.map(|(at, cell)| match head.get(at) {
        Some(name) if !name.is_empty() => format!("{name}：{cell}"),
        _ => cell.clone(),
    });
    format!("　　{}", cells.collect::<Vec<_>>().join("；"))
}

/// The letter as Markdown. Values are escaped, so that none of them can become a heading, list, link, tag or table.
///
/// ```
/// use gongkai::letter::{Block, Letter};
///
/// let letter = Letter {
///     blocks: vec![Block::Title("告知书".to_owned()), Block::Paragraph("# 不是标题".to_owned())],
///     ..Letter::default()
/// };
/// assert_eq!(gongkai::letter::markdown(&letter), "# 告知书\n\n\\# 不是标题\n");
/// ```
#[must_use]
pub fn markdown(letter: &Letter) -> String {
    let parts: Vec<String> = letter.blocks.iter().flat_map(markdown_parts).collect();
    match parts.join("\n\n") {
        text if text.is_empty() => text,
        text => text + "\n",
    }
}

/// A block as Markdown blocks, to be parted by empty lines.
fn markdown_parts(block: &Block) -> Vec<String> {
    let about = |before: &str, text: &str, after: &str| match escape(text) {
        text if text.is_empty() => Vec::new(),
        text => vec![format!("{before}{text}{after}")],
    };
    match block {
        Block::Number(text) => about("", text, ""),
        Block::Title(text) => about("# ", &paragraphs(text).collect::<String>(), ""),
        Block::Addressee(text) => about("", text, "："),
        Block::Heading(text) => about("## ", text, ""),
        Block::Subheading(text) => about("### ", text, ""),
        Block::Paragraph(text) => paragraphs(text).flat_map(|line| about("", line, "")).collect(),
        Block::Table { head, rows } => markdown_table(head, rows),
        Block::Form { columns, rows } => {
            let cells = |row: &FormRow| row.cells.iter().map(|cell| cell.text.clone()).collect();
            let rows: Vec<Vec<String>> = rows.iter().map(cells).collect();
            markdown_table(&vec![String::new(); columns.len()], &rows)
        }
        Block::Attachments(names) => markdown_attachments(names),
        Block::Signature { name, date } => {
            let lines = [escape(name), escape(date)];
            let lines: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).collect();
            if lines.is_empty() { Vec::new() } else { vec![lines.join("\\\n")] }
        }
        Block::Note(text) => about("（", text, "）"),
    }
}

fn markdown_attachments(names: &[String]) -> Vec<String> {
    let lines = attachments(names);
    match lines.as_slice() {
        [] => Vec::new(),
        [line] => vec![format!("附件：{}", escape(line.name))],
        lines => {
            let items = lines.iter().map(|line| format!("{} {}", line.number, escape(line.name)));
            vec!["附件：".to_owned(), items.collect::<Vec<_>>().join("\n")]
        }
    }
}

/// A pipe table; one without a head gets an empty one, which the syntax asks for.
fn markdown_table(head: &[String], rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0).max(head.len());
    if columns == 0 {
        return Vec::new();
    }
    let row = |cells: &[String]| {
        let cells = (0..columns).map(|at| cells.get(at).map(|cell| escape(cell)).unwrap_or_default());
        format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
    };
    let rule = format!("|{}", " --- |".repeat(columns));
    let lines = [row(head), rule].into_iter().chain(rows.iter().map(|cells| row(cells)));
    vec![lines.collect::<Vec<_>>().join("\n")]
}

/// A value on one line with a backslash before every sign that could be Markdown where it stands.
fn escape(text: &str) -> String {
    let text: String = one_line(text).chars().map(|ch| if ch.is_control() { ' ' } else { ch }).collect();
    let text = text.trim();
    let mut out = String::with_capacity(text.len());
    for (at, ch) in text.char_indices() {
        let (before, rest) = text.split_at_checked(at).unwrap_or_default();
        let after = rest.chars().nth(1);
        if is_markup(before, ch, after) {
            out.push('\\');
        }
        out.push(ch);
    }
    out
}

/// Whether a sign could be markup between what stands before it and after it: `CommonMark`, the extensions of GitHub and
/// of mdBook (tables, footnotes, mathematics, definition lists, heading attributes, `{{#include}}`, smart quotes).
fn is_markup(before: &str, ch: char, after: Option<char>) -> bool {
    let first = before.is_empty();
    let numbered = !first && before.len() < 10 && before.bytes().all(|byte| byte.is_ascii_digit());
    match ch {
        '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '$' | '^'
        | '"' | '\'' => true,
        '+' | '=' | ':' => first,
        '-' => first || before.ends_with('-') || after == Some('-'),
        '.' => numbered || before.ends_with('.') || after == Some('.'),
        ')' => numbered,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Options, Parser, Tag};

    use super::*;

    fn letter(blocks: Vec<Block>) -> Letter {
        Letter { blocks, ..Letter::default() }
    }

    fn strings(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    /// Values that want to be something else.
    const TRAPS: [&str; 44] = [
        "# 标题",
        "## a ##",
        "- 项",
        "* 项",
        "+ 项",
        "1. 项",
        "2) 项",
        "123456789. 项",
        "> 引文",
        "---",
        "===",
        "***",
        "***粗***",
        "_斜_",
        "`码`",
        "```rust",
        "~~~",
        "~~删~~",
        "[文](http://x)",
        "![图](x)",
        "[^1]",
        "[^1]: 注",
        "<b>粗</b>",
        "<!-- 注 -->",
        "<http://x>",
        "&lt;",
        "a|b",
        "|a|b|",
        "| --- |",
        "$x$",
        "$$x$$",
        "a^2^",
        "{#id}",
        "{{#include /etc/passwd}}",
        "\\",
        "a\\",
        "\\# x",
        ": 定义",
        "+++",
        "    码",
        "\t码",
        "\"引\" 'x' -- ...",
        "[[链]]",
        "- [ ] 任务",
    ];

    /// What a reader of Markdown with all extensions makes of it: the names of the tags, and the text.
    fn read(markdown: &str) -> (Vec<String>, String) {
        let mut tags = Vec::new();
        let mut text = String::new();
        for event in Parser::new_ext(markdown, Options::all()) {
            match event {
                Event::Start(Tag::Heading { level, id, classes, attrs }) => {
                    assert!(id.is_none() && classes.is_empty() && attrs.is_empty());
                    tags.push(level.to_string());
                }
                Event::Start(tag) => {
                    tags.push(format!("{tag:?}").split(['(', ' ']).next().unwrap().to_owned());
                }
                Event::Text(piece) => text.push_str(&piece),
                Event::End(_) | Event::HardBreak => {}
                other => panic!("{other:?} in {markdown:?}"),
            }
        }
        (tags, text)
    }

    #[test]
    fn a_value_in_markdown_is_always_just_text() {
        for trap in TRAPS {
            let plain = one_line(trap);
            let paragraph = read(&markdown(&letter(vec![Block::Paragraph(trap.to_owned())])));
            assert_eq!(paragraph, (strings(&["Paragraph"]), plain.clone()), "{trap:?}");
            let title = read(&markdown(&letter(vec![Block::Title(trap.to_owned())])));
            assert_eq!(title, (strings(&["h1"]), plain.clone()), "{trap:?}");
            let note = read(&markdown(&letter(vec![Block::Note(trap.to_owned())])));
            assert_eq!(note, (strings(&["Paragraph"]), format!("（{plain}）")), "{trap:?}");
        }
    }

    #[test]
    fn a_value_in_a_signature_is_always_just_text() {
        for trap in TRAPS {
            let block = Block::Signature { name: "某局".to_owned(), date: trap.to_owned() };
            let expected = (strings(&["Paragraph"]), format!("某局{}", one_line(trap)));
            assert_eq!(read(&markdown(&letter(vec![block]))), expected, "{trap:?}");
        }
    }

    #[test]
    fn a_value_in_a_table_never_makes_another_cell() {
        for trap in TRAPS {
            let block = Block::Table { head: strings(&[trap, "乙"]), rows: vec![strings(&[trap, "1"])] };
            let (tags, text) = read(&markdown(&letter(vec![block])));
            let expected =
                ["Table", "TableHead", "TableCell", "TableCell", "TableRow", "TableCell", "TableCell"];
            assert_eq!(tags, expected, "{trap:?}");
            assert_eq!(text, format!("{0}乙{0}1", one_line(trap)));
        }
    }

    #[test]
    fn a_value_in_a_list_of_attachments_is_always_just_text() {
        for trap in TRAPS {
            let (tags, _) = read(&markdown(&letter(vec![Block::Attachments(strings(&[trap, "乙"]))])));
            assert_eq!(tags, ["Paragraph", "List", "Item", "Item"], "{trap:?}");
        }
    }

    #[test]
    fn ordinary_text_is_not_littered_with_backslashes() {
        let text = "江自然资公〔2026〕12号（2026-11-23），电话：0000-12345678，第3.2节。";
        assert_eq!(escape(text), text);
    }

    #[test]
    fn the_number_ends_at_the_right_of_the_line() {
        let text = text(&letter(vec![Block::Number("江公〔2026〕3号".to_owned())]));
        assert_eq!(halves(text.trim_end()), LINE);
        assert!(text.starts_with('　'));
    }

    #[test]
    fn the_name_is_centred_over_the_date() {
        let name = "江城市自然资源和规划局".to_owned();
        let text = text(&letter(vec![Block::Signature { name, date: "2026年11月23日".to_owned() }]));
        let centres: Vec<usize> =
            text.lines().map(|line| halves(line) * 2 - halves(line.trim_start())).collect();
        assert_eq!(centres.len(), 2);
        assert!(centres[0].abs_diff(centres[1]) <= 1, "{centres:?}");
        assert_eq!(halves(text.lines().last().unwrap()), LINE - 8);
    }

    #[test]
    fn a_very_long_name_stays_on_the_line() {
        let block = Block::Signature { name: "某".repeat(60), date: "2026年1月2日".to_owned() };
        let text = text(&letter(vec![block]));
        assert!(text.lines().all(|line| halves(line) <= LINE), "{text}");
    }

    #[test]
    fn a_small_table_is_aligned() {
        let rows = vec![strings(&["1", "甲"]), strings(&["12", "乙"])];
        let text = text(&letter(vec![Block::Table { head: strings(&["序号", "名称"]), rows }]));
        assert_eq!(text, "序号　名称\n1　　 甲\n12　　乙\n");
    }

    #[test]
    fn a_wide_table_is_one_line_for_each_row() {
        let rows = vec![vec!["1".to_owned(), "甲".repeat(30), String::new()]];
        let text = text(&letter(vec![Block::Table { head: strings(&["序号", "名称", "备注"]), rows }]));
        assert_eq!(text, format!("　　序号：1；名称：{}\n", "甲".repeat(30)));
    }

    #[test]
    fn attachments_are_aligned_under_each_other() {
        let text = text(&letter(vec![Block::Attachments(strings(&["甲。", "乙"]))]));
        assert_eq!(text, "　　附件：1. 甲\n　　　　　2. 乙\n");
    }

    #[test]
    fn empty_values_leave_no_trace() {
        let blank = || " ".to_owned();
        let blocks = vec![
            Block::Number(blank()),
            Block::Title(blank()),
            Block::Addressee(blank()),
            Block::Heading(blank()),
            Block::Paragraph(blank()),
            Block::Table { head: Vec::new(), rows: Vec::new() },
            Block::Attachments(vec![blank()]),
            Block::Signature { name: blank(), date: blank() },
            Block::Note(blank()),
        ];
        assert_eq!(text(&letter(blocks.clone())), "");
        assert_eq!(markdown(&letter(blocks)), "");
    }
}
