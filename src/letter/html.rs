//! A letter as HTML: for the sample on its page of the handbook, and as a page of its own to print.

use super::block::{Block, FormRow, Letter};
use crate::corpus::PageLayout;

/// How the page looks on the screen and on paper: A4 with the margins and sizes of GB/T 9704-2012.
const STYLE: &str = include_str!("page.css");

/// The letter's blocks as HTML, each on a line of its own, without blank lines.
#[must_use]
pub fn html(letter: &Letter) -> String {
    letter.blocks.iter().map(block).collect()
}

/// The letter as a whole page, with everything it needs in itself: opened in a browser, it prints on A4 (an envelope on
/// 230 × 120 mm).
///
/// ```
/// use gongkai::letter::{Block, Letter, page};
///
/// let letter = Letter { blocks: vec![Block::Paragraph("<甲>".to_owned())], ..Letter::default() };
/// assert!(page(&letter).contains("<p class=\"gk-l-p\">&lt;甲&gt;</p>"));
/// ```
#[must_use]
pub fn page(letter: &Letter) -> String {
    let layout = match letter.layout {
        PageLayout::Official => "official",
        PageLayout::Letter => "letter",
        PageLayout::Plain => "plain",
        PageLayout::Envelope => "envelope",
    };
    let headed = matches!(letter.layout, PageLayout::Official | PageLayout::Letter);
    let head = if headed { paragraph("head", &letter.author) } else { String::new() };
    // The size of the paper cannot depend on a class.
    let paper = if letter.layout == PageLayout::Envelope {
        "@page { size: 230mm 120mm; margin: 12mm 20mm; }"
    } else {
        "@page { size: A4; margin: 37mm 26mm 35mm 28mm; }"
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"author\" content=\"{author}\">\n<title>{title}</title>\n<style>\n{paper}\n{STYLE}</style>\n\
         </head>\n<body>\n<main class=\"gk-l-{layout}\">\n{head}{blocks}</main>\n</body>\n</html>\n",
        author = escape(&letter.author).replace('"', "&quot;").replace("<br>", " "),
        title = escape(&letter.title).replace("<br>", " "),
        blocks = html(letter),
    )
}

fn block(block: &Block) -> String {
    match block {
        Block::Number(text) => paragraph("number", text),
        Block::Title(text) => paragraph("title", text),
        Block::Addressee(text) => paragraph("to", &format!("{text}：")),
        Block::Heading(text) => paragraph("heading", text),
        Block::Subheading(text) => paragraph("subheading", text),
        Block::Paragraph(text) => paragraph("p", text),
        Block::Table { head, rows } => {
            let cells = |tag: &str, row: &[String]| -> String {
                row.iter().map(|cell| format!("<{tag}>{}</{tag}>", escape(cell))).collect()
            };
            let body: String = rows.iter().map(|row| format!("<tr>{}</tr>\n", cells("td", row))).collect();
            format!(
                "<table>\n<thead><tr>{}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n",
                cells("th", head)
            )
        }
        Block::Form { columns, rows } => form(columns, rows),
        Block::Attachments(names) => super::layout::attachments(names)
            .iter()
            .enumerate()
            .map(|(i, a)| {
                let lead = if i == 0 { "附件：" } else { "　　　" };
                paragraph("attachment", &format!("{lead}{}{}", a.number, a.name))
            })
            .collect(),
        Block::Signature { name, date } => paragraph("signature", name) + &paragraph("date", date),
        Block::Note(text) => paragraph("note", &format!("（{text}）")),
    }
}

/// A form as a table: labels are its heads.
fn form(columns: &[usize], rows: &[FormRow]) -> String {
    let whole = columns.iter().sum::<usize>().max(1);
    let widths: String =
        columns.iter().map(|width| format!("<col style=\"width: {}%\">", width * 100 / whole)).collect();
    let mut out = format!("<table class=\"gk-l-form\">\n<colgroup>{widths}</colgroup>\n<tbody>\n");
    for row in rows {
        let last = row.cells.len().saturating_sub(1);
        out.push_str("<tr>");
        for (at, cell) in row.cells.iter().enumerate() {
            let tag = if cell.label { "th scope=\"row\"" } else { "td" };
            let span = columns.len().saturating_sub(last);
            let span = if at == last && span > 1 { format!(" colspan=\"{span}\"") } else { String::new() };
            let tall =
                if row.lines > 1 { format!(" style=\"height: {}em\"", row.lines * 2) } else { String::new() };
            let end = if cell.label { "th" } else { "td" };
            out.push_str(&format!("<{tag}{span}{tall}>{}</{end}>", escape(&cell.text)));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n");
    out
}

fn paragraph(kind: &str, text: &str) -> String {
    format!("<p class=\"gk-l-{kind}\">{}</p>\n", escape(text))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\n', "<br>")
}
