//! An envelope: one table of fixed height, so that nothing moves whatever is written where.

use super::xml::{Font, Indent, Layout, add, paragraph};
use crate::letter::Block;
use crate::letter::layout::balanced;

/// Digits of a postcode.
const DIGITS: usize = 6;

/// Twips: a box of a postcode, the gap between two, the whole width between the margins.
const BOX: usize = 397;
const GAP: usize = 113;
const WIDTH: usize = 11_679;

/// Columns of the grid: six boxes, five gaps, the rest.
const COLUMNS: usize = 2 * DIGITS;

/// What stands on an envelope, sorted by the places it has there.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::letter) struct Places<'a> {
    /// Postcode of the recipient, six digits.
    pub to_code: String,
    /// Of the recipient.
    pub address: &'a str,
    /// Of the recipient.
    pub name: &'a str,
    /// Address and name of the sender; what else there is.
    pub from: Vec<&'a str>,
    /// Postcode of the sender, six digits.
    pub from_code: String,
    /// The number of what is in it.
    pub number: &'a str,
}

/// The envelope as XML. The paragraphs are, in this order, the recipient's postcode, address and name, the sender's
/// address and name, the sender's postcode; those that are missing leave their place empty.
pub(super) fn envelope(blocks: &[&Block]) -> String {
    let places = sort(blocks);
    let mut out = String::from(START);
    for at in 0..COLUMNS {
        add(&mut out, format_args!("<w:gridCol w:w=\"{}\"/>", column(at)));
    }
    out.push_str("</w:tblGrid>");
    code_row(&mut out, &places.to_code);
    let address = lines(places.address, 64, Font { size: Some(32), ..Font::default() });
    row(&mut out, 1300, "bottom", &[(WIDTH, layout(1700, "left", address.1), address.0)]);
    let name = lines(places.name, 32, Font { size: Some(52), ..Font::default() });
    row(&mut out, 1500, "center", &[(WIDTH, layout(567, "center", name.1), name.0)]);
    let from = lines(&places.from.join("\n"), 64, Font { size: Some(28), ..Font::default() });
    row(&mut out, 1500, "bottom", &[(WIDTH, layout(0, "right", from.1), from.0)]);
    last_row(&mut out, &places);
    out.push_str("</w:tbl>");
    out
}

/// Finds the place of each paragraph.
pub(in crate::letter) fn sort<'a>(blocks: &[&'a Block]) -> Places<'a> {
    let mut texts: Vec<&str> = Vec::new();
    let mut places = Places::default();
    for block in blocks {
        match block {
            Block::Paragraph(text) => texts.push(text.trim()),
            Block::Number(text) => places.number = text.trim(),
            _ => {}
        }
    }
    let mut texts = texts.as_slice();
    if let [first, rest @ ..] = texts
        && let Some(code) = postcode(first)
    {
        (places.to_code, texts) = (code, rest);
    }
    if let [rest @ .., last] = texts
        && let Some(code) = postcode(last)
    {
        (places.from_code, texts) = (code, rest);
    }
    match texts {
        [] => {}
        [name] => places.name = name,
        [address, name, from @ ..] => {
            (places.address, places.name, places.from) = (address, name, from.to_vec());
        }
    }
    places
}

/// The digits of 邮政编码：000000, also with spaces between them.
fn postcode(text: &str) -> Option<String> {
    let text = text.trim_start_matches("邮政编码").trim_start_matches("邮编").trim_start_matches(['：', ':']);
    let digits: String = text.chars().filter(|ch| !ch.is_whitespace()).collect();
    (digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

/// A text on lines of so many half characters of the given size; on more than two lines the characters get smaller, and
/// what is longer still is cut into as many lines as it takes.
fn lines(text: &str, limit: usize, font: Font) -> (String, Font) {
    let set = balanced(text, limit);
    if set.len() <= 2 {
        return (set.join("\n"), font);
    }
    let size = font.size.map(|size| size * 2 / 3);
    (balanced(text, limit * 3 / 2).join("\n"), Font { size, ..font })
}

fn layout(left: usize, align: &'static str, font: Font) -> Layout {
    let line = font.size.map(|size| size * 13);
    let indent = Indent { left, ..Indent::default() };
    Layout { style: "Envelope", align: Some(align), line, font, indent: Some(indent), ..Layout::default() }
}

fn column(at: usize) -> usize {
    if at + 1 == COLUMNS {
        WIDTH - DIGITS * BOX - (DIGITS - 1) * GAP
    } else if at.is_multiple_of(2) {
        BOX
    } else {
        GAP
    }
}

/// A row of exact height; each cell has its width, its layout and its text.
fn row(out: &mut String, height: usize, align: &str, cells: &[(usize, Layout, String)]) {
    row_start(out, height);
    for (at, (width, layout, text)) in cells.iter().enumerate() {
        let span = if at == 0 { COLUMNS + 1 - cells.len() } else { 1 };
        add(
            out,
            format_args!(
                "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/><w:gridSpan w:val=\"{span}\"/><w:vAlign w:val=\"{align}\"/></w:tcPr>"
            ),
        );
        out.push_str(&paragraph(layout, text));
        out.push_str("</w:tc>");
    }
    out.push_str("</w:tr>");
}

fn row_start(out: &mut String, height: usize) {
    add(
        out,
        format_args!(
            "<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val=\"{height}\" w:hRule=\"exact\"/></w:trPr>"
        ),
    );
}

/// Six red boxes at the upper left, empty where the postcode is not known.
fn code_row(out: &mut String, code: &str) {
    row_start(out, 510);
    let font = Font { size: Some(32), ..Font::default() };
    for at in 0..COLUMNS {
        let is_box = at.is_multiple_of(2);
        add(out, format_args!("<w:tc><w:tcPr><w:tcW w:w=\"{}\" w:type=\"dxa\"/>", column(at)));
        if is_box {
            out.push_str(RED);
        }
        out.push_str("<w:vAlign w:val=\"center\"/></w:tcPr>");
        let digit = code.get(at / 2..=at / 2).filter(|_| is_box).unwrap_or("");
        out.push_str(&paragraph(&layout(0, "center", font), digit));
        out.push_str("</w:tc>");
    }
    out.push_str("</w:tr>");
}

/// The number of what is in the envelope at the lower left, the sender's postcode at the lower right.
fn last_row(out: &mut String, places: &Places<'_>) {
    let font = Font { size: Some(28), ..Font::default() };
    let spread = Font { spread: Some(120), ..font };
    let (label, code) =
        if places.from_code.is_empty() { ("", "") } else { ("邮政编码　", places.from_code.as_str()) };
    let half = column(COLUMNS - 1);
    row(
        out,
        510,
        "center",
        &[
            (WIDTH - half, layout(0, "left", font), places.number.to_owned()),
            (half, layout(0, "right", spread), format!("{label}{code}")),
        ],
    );
}

/// No borders but those of the boxes; no space in the cells.
const START: &str = concat!(
    r#"<w:tbl><w:tblPr><w:tblW w:w="11679" w:type="dxa"/><w:tblLayout w:type="fixed"/><w:tblCellMar>"#,
    r#"<w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>"#,
);

const RED: &str = concat!(
    r#"<w:tcBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="FF0000"/>"#,
    r#"<w:left w:val="single" w:sz="8" w:space="0" w:color="FF0000"/>"#,
    r#"<w:bottom w:val="single" w:sz="8" w:space="0" w:color="FF0000"/>"#,
    r#"<w:right w:val="single" w:sz="8" w:space="0" w:color="FF0000"/></w:tcBorders>"#,
);
