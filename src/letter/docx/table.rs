//! A table with borders: columns as wide as their content asks, the head repeated on every page.

use super::parts::TEXT_WIDTH;
use super::xml::{Layout, add, paragraph};
use crate::letter::FormRow;
use crate::letter::layout::halves;

/// Width of half a character of 小四 (12 pt) in twips.
const HALF: usize = 120;

/// Left and right space in a cell together, in twips.
const PADDING: usize = 160;

/// A row with more lines than this (about a third of a page) may run over a page break.
const TALL: usize = 12;

/// A column of text narrower than this (about seven characters) is tiresome to read; in twips.
const READABLE: usize = 1800;

/// Cells wider than this many half characters are read as text and start at the left.
const LONG: usize = 18;

/// A column that wants no more than this (a document number) gets it, whatever the others want; in twips.
const SHORT: usize = 2600;

/// The table as `w:tbl`; `keep_next` ties its last row to what follows.
pub(super) fn table(head: &[String], rows: &[Vec<String>], keep_next: bool) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0).max(head.len());
    let columns: Vec<Column> = measure(head, rows, columns);
    let mut out = String::from(START);
    for column in &columns {
        add(&mut out, format_args!("<w:gridCol w:w=\"{}\"/>", column.width));
    }
    out.push_str("</w:tblGrid>");
    if !head.is_empty() {
        out.push_str(&row(&columns, head, Role::Head));
    }
    for (at, cells) in rows.iter().enumerate() {
        let role = if keep_next && at + 1 == rows.len() { Role::Kept } else { Role::Body };
        out.push_str(&row(&columns, cells, role));
    }
    out.push_str("</w:tbl>");
    out
}

/// Properties in the order of the schema (`CT_TblPr`); fixed layout, so that every program draws the same widths.
const START: &str = concat!(
    r#"<w:tbl><w:tblPr><w:tblW w:w="8845" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>"#,
    r#"<w:top w:val="single" w:sz="4" w:space="0" w:color="000000"/>"#,
    r#"<w:left w:val="single" w:sz="4" w:space="0" w:color="000000"/>"#,
    r#"<w:bottom w:val="single" w:sz="4" w:space="0" w:color="000000"/>"#,
    r#"<w:right w:val="single" w:sz="4" w:space="0" w:color="000000"/>"#,
    r#"<w:insideH w:val="single" w:sz="4" w:space="0" w:color="000000"/>"#,
    r#"<w:insideV w:val="single" w:sz="4" w:space="0" w:color="000000"/>"#,
    r#"</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>"#,
    r#"<w:top w:w="40" w:type="dxa"/><w:left w:w="80" w:type="dxa"/>"#,
    r#"<w:bottom w:w="40" w:type="dxa"/><w:right w:w="80" w:type="dxa"/>"#,
    r#"</w:tblCellMar></w:tblPr><w:tblGrid>"#,
);

/// A form: columns in the given proportions, the last cell of a short row goes on to the border.
pub(super) fn form(columns: &[usize], rows: &[FormRow]) -> String {
    let widths = share(TEXT_WIDTH, columns);
    let mut out = String::from(START);
    for width in &widths {
        add(&mut out, format_args!("<w:gridCol w:w=\"{width}\"/>"));
    }
    out.push_str("</w:tblGrid>");
    for row in rows {
        let height = row.lines.max(1) * 360 + 120;
        add(
            &mut out,
            format_args!(
                "<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val=\"{height}\" w:hRule=\"atLeast\"/></w:trPr>"
            ),
        );
        let last = row.cells.len().saturating_sub(1);
        for (at, cell) in row.cells.iter().enumerate() {
            let span = if at == last { widths.len().saturating_sub(last) } else { 1 };
            let width: usize = widths.iter().skip(at).take(span).sum();
            add(&mut out, format_args!("<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>"));
            if span > 1 {
                add(&mut out, format_args!("<w:gridSpan w:val=\"{span}\"/>"));
            }
            out.push_str("<w:vAlign w:val=\"center\"/></w:tcPr>");
            let style = if cell.label { "CellHead" } else { "Cell" };
            out.push_str(&paragraph(&Layout { style, ..Layout::default() }, &cell.text));
            out.push_str("</w:tc>");
        }
        out.push_str("</w:tr>");
    }
    out.push_str("</w:tbl>");
    out
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Head,
    Body,
    /// The last row, tied to the paragraph after the table.
    Kept,
}

#[derive(Debug, Clone, Copy)]
struct Column {
    /// Twips.
    width: usize,
    /// Short values stand in the middle, long ones at the left.
    centred: bool,
}

fn row(columns: &[Column], cells: &[String], role: Role) -> String {
    let cell = |at: usize| cells.get(at).map_or("", |cell| cell.trim());
    let lines = |(at, column): (usize, &Column)| cell_lines(cell(at), column.width);
    let lines = columns.iter().enumerate().map(lines).max().unwrap_or(1);
    let mut out = String::from("<w:tr><w:trPr>");
    if lines <= TALL || role == Role::Head {
        out.push_str("<w:cantSplit/>");
    }
    out.push_str("<w:trHeight w:val=\"480\" w:hRule=\"atLeast\"/>");
    if role == Role::Head {
        out.push_str("<w:tblHeader/>");
    }
    out.push_str("</w:trPr>");
    for (at, column) in columns.iter().enumerate() {
        let layout = Layout {
            style: if role == Role::Head { "CellHead" } else { "Cell" },
            keep_next: role != Role::Body,
            align: (role != Role::Head && column.centred).then_some("center"),
            ..Layout::default()
        };
        add(&mut out, format_args!("<w:tc><w:tcPr><w:tcW w:w=\"{}\" w:type=\"dxa\"/>", column.width));
        out.push_str("<w:vAlign w:val=\"center\"/></w:tcPr>");
        out.push_str(&paragraph(&layout, cell(at)));
        out.push_str("</w:tc>");
    }
    out.push_str("</w:tr>");
    out
}

/// How many lines a value takes in a column.
fn cell_lines(text: &str, width: usize) -> usize {
    let room = (width.saturating_sub(PADDING) / HALF).max(1);
    text.split(['\n', '\r']).map(|line| halves(line).div_ceil(room).max(1)).sum()
}

fn measure(head: &[String], rows: &[Vec<String>], columns: usize) -> Vec<Column> {
    let longest = |cells: &[String], at: usize| {
        let lines = cells.get(at).into_iter().flat_map(|cell| cell.split(['\n', '\r']));
        lines.map(|line| halves(line.trim())).max().unwrap_or(0)
    };
    let bodies: Vec<usize> =
        (0..columns).map(|at| rows.iter().map(|row| longest(row, at)).max().unwrap_or(0)).collect();
    let wanted: Vec<usize> = bodies
        .iter()
        .enumerate()
        .map(|(at, body)| body.max(&longest(head, at)).max(&2) * HALF + PADDING + HALF)
        .collect();
    widths(&wanted)
        .into_iter()
        .zip(bodies)
        .map(|(width, body)| Column { width, centred: body <= LONG && body * HALF + PADDING <= width })
        .collect()
}

/// Shares the width of the text among columns; the shares add up to it exactly.
///
/// The [`SHORT`] columns get what they ask for, as long as the others can stay [`READABLE`]; those share the rest by
/// the square root of what they want, so that one very long column does not squeeze the next. If all get what they
/// want, room left over goes to all.
fn widths(wanted: &[usize]) -> Vec<usize> {
    let total: usize = wanted.iter().sum();
    if total <= TEXT_WIDTH {
        return share(TEXT_WIDTH, wanted);
    }
    let mut narrowest: Vec<(usize, usize)> = wanted.iter().copied().enumerate().collect();
    narrowest.sort_by_key(|(at, want)| (*want, *at));
    let mut granted = vec![false; wanted.len()];
    let mut rest = TEXT_WIDTH;
    for (done, (at, want)) in narrowest.iter().enumerate() {
        let others = wanted.len() - done - 1;
        if *want > SHORT || want + others * READABLE > rest {
            break;
        }
        rest -= want;
        if let Some(granted) = granted.get_mut(*at) {
            *granted = true;
        }
    }
    let pairs = || wanted.iter().zip(&granted);
    let roots: Vec<usize> = pairs().map(|(want, granted)| if *granted { 0 } else { want.isqrt() }).collect();
    let shares = share(rest, &roots);
    pairs().zip(shares).map(|((want, granted), share)| if *granted { *want } else { share }).collect()
}

/// Splits `whole` in proportion to `weights`, without losing a twip to rounding.
fn share(whole: usize, weights: &[usize]) -> Vec<usize> {
    let total = weights.iter().sum::<usize>().max(1);
    let mut sum = 0;
    let mut given = 0;
    weights
        .iter()
        .map(|weight| {
            sum += weight;
            let part = whole * sum / total - given;
            given += part;
            part
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn column_widths_add_up_to_the_width_of_the_text() {
        for wanted in [vec![500], vec![500, 900, 4000], vec![500, 900, 40_000, 90_000], vec![9000; 20]] {
            assert_eq!(widths(&wanted).iter().sum::<usize>(), TEXT_WIDTH, "{wanted:?}");
        }
    }

    #[test]
    fn a_short_column_beside_a_long_one_keeps_the_room_it_needs() {
        assert_eq!(widths(&[700, 90_000]), [700, TEXT_WIDTH - 700]);
    }

    #[test]
    fn a_document_number_stays_on_one_line_beside_two_long_columns() {
        let shares = widths(&[760, 2440, 7000, 1240, 6500]);
        assert_eq!((shares[0], shares[1], shares[3]), (760, 2440, 1240));
    }

    #[test]
    fn rows_with_missing_cells_are_filled_up() {
        let rows = vec![vec!["1".to_owned()], vec!["2".to_owned(), "x".to_owned()]];
        assert_eq!(table(&[], &rows, false).matches("<w:tc>").count(), 4);
    }
}
