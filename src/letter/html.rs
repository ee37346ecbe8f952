//! A letter as HTML: for the sample on its page of the handbook, and as a page of its own to print.

use super::block::{Block, FormRow, Letter};
use crate::corpus::PageLayout;

/// How the page looks on the screen and on paper: A4 with the margins and sizes of GB/T 9704-2012.
const STYLE: &str = include_str!("page.css");

/// The letter's blocks as HTML, each on a line of its own, without blank lines.
#[must_use]
pub fn html(letter: &Letter) -> String {
    let blocks = || letter.blocks.iter();
    let rule = "<hr class=\"gk-l-rule\">\n";
    match letter.layout {
        PageLayout::Plain => blocks().map(block).collect(),
        PageLayout::Letter => {
            let text: String = blocks().map(block).collect();
            let rule = "<hr class=\"gk-l-rule gk-l-double\">\n";
            paragraph("mark", &letter.author) + rule + &text
        }
        PageLayout::Official => {
            let (number, rest): (Vec<&Block>, Vec<&Block>) = match letter.blocks.split_first() {
                Some((first @ Block::Number(_), rest)) => (vec![first], rest.iter().collect()),
                _ => (Vec::new(), blocks().collect()),
            };
            let html = |blocks: Vec<&Block>| -> String { blocks.into_iter().map(block).collect() };
            let head = paragraph("mark", &letter.author) + "<div class=\"gk-l-official\">\n" + &html(number);
            head + "</div>\n" + rule + &html(rest)
        }
        // The name of the document is not printed on it.
        PageLayout::Envelope => {
            let lines: String =
                blocks().filter(|block| !matches!(block, Block::Title(_))).map(block).collect();
            format!("<div class=\"gk-l-envelope\">\n{lines}</div>\n")
        }
    }
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
         </head>\n<body>\n<main class=\"gk-l-{layout}\">\n{blocks}</main>\n</body>\n</html>\n",
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

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(layout: PageLayout) -> String {
        let blocks = vec![
            Block::Number("示例公开〔2026〕9号".to_owned()),
            Block::Title("答复书".to_owned()),
            Block::Paragraph("现予答复。".to_owned()),
        ];
        html(&Letter { layout, author: "示例市<&>局".to_owned(), blocks, ..Letter::default() })
    }

    #[test]
    fn a_letter_begins_with_its_red_head() {
        let start = "<p class=\"gk-l-mark\">示例市&lt;&amp;&gt;局</p>\n<hr class=\"gk-l-rule gk-l-double\">\n<p class=\"gk-l-number\">";
        assert!(sample(PageLayout::Letter).starts_with(start));
    }

    #[test]
    fn the_rule_of_an_official_document_stands_under_its_number() {
        let text = sample(PageLayout::Official);
        let place = |part: &str| text.find(part).unwrap();
        assert!(place("gk-l-mark") < place("gk-l-number"));
        assert!(place("gk-l-number") < place("gk-l-rule") && place("gk-l-rule") < place("gk-l-title"));
    }

    #[test]
    fn a_plain_document_has_no_head_and_an_envelope_no_title() {
        assert!(!sample(PageLayout::Plain).contains("gk-l-mark"));
        assert!(!sample(PageLayout::Envelope).contains("gk-l-title"));
    }
}
