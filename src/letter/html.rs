//! A letter as HTML, for the sample on its page of the handbook.

use super::block::{Block, Letter};

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

fn paragraph(kind: &str, text: &str) -> String {
    format!("<p class=\"gk-l-{kind}\">{}</p>\n", escape(text))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\n', "<br>")
}
