//! A letter as HTML, for the sample on its page of the handbook.

use super::block::{Block, FormRow, Letter};

/// The letter's blocks as HTML, each on a line of its own, without blank lines.
#[must_use]
pub fn html(letter: &Letter) -> String {
    letter.blocks.iter().map(block).collect()
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
