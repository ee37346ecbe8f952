//! A table with borders: columns as wide as their content asks, the head repeated on every page.

use super::parts::TEXT_WIDTH;
use super::xml::{Layout, add, paragraph};
use crate::letter::layout::{halves, paragraphs};
use crate::letter::{FormCell, FormRow};

/// Width of half a character of 小四 (12 pt) in twips.
const HALF: usize = 120;

/// What a digit may be wider than that in a font that stands in for 仿宋, in twips.
const DIGIT: usize = 36;

/// Left and right space in a cell together, in twips.
const PADDING: usize = 200;

/// Height of a line in a cell, and of the space above and below the text of a cell together, in twips.
const CELL_LINE: usize = 360;
const MARGINS: usize = 80;

/// Least height of a row of a table, of a form, and of one in which something is written by hand (12 mm), in twips.
const ROW: usize = 480;
const FORM_ROW: usize = 560;
const HAND: usize = 680;

/// Least width of an empty cell of a form, about 30 mm, in twips.
const WRITABLE: usize = 1700;

/// A row with more lines than this (about a third of a page) may run over a page break.
pub(in crate::letter) const TALL: usize = 12;

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
    r#"<w:top w:w="40" w:type="dxa"/><w:left w:w="100" w:type="dxa"/>"#,
    r#"<w:bottom w:w="40" w:type="dxa"/><w:right w:w="100" w:type="dxa"/>"#,
    r#"</w:tblCellMar></w:tblPr><w:tblGrid>"#,
);

/// A form: columns in about the given proportions, the last cell of a short row goes on to the border; `keep_next` ties
/// its last row to what follows.
pub(super) fn form(columns: &[usize], rows: &[FormRow], keep_next: bool) -> String {
    let widths = form_widths(columns, rows);
    let mut out = String::from(START);
    for width in &widths {
        add(&mut out, format_args!("<w:gridCol w:w=\"{width}\"/>"));
    }
    out.push_str("</w:tblGrid>");
    for (at, row) in rows.iter().enumerate() {
        out.push_str(&form_row(&widths, row, keep_next && at + 1 == rows.len()));
    }
    out.push_str("</w:tbl>");
    out
}

fn form_row(widths: &[usize], row: &FormRow, keep_next: bool) -> String {
    let last = row.cells.len().saturating_sub(1);
    let span = |at: usize| if at == last { widths.len().saturating_sub(last).max(1) } else { 1 };
    let width = |at: usize| widths.iter().skip(at).take(span(at)).sum::<usize>();
    let cells = || row.cells.iter().enumerate();
    let lines = cells().map(|(at, cell)| cell_lines(&cell.text, width(at))).max().unwrap_or(1);
    let height = form_row_height(row);
    let mut out = String::from("<w:tr><w:trPr>");
    if lines <= TALL {
        out.push_str("<w:cantSplit/>");
    }
    add(&mut out, format_args!("<w:trHeight w:val=\"{height}\" w:hRule=\"atLeast\"/></w:trPr>"));
    for (at, cell) in cells() {
        add(&mut out, format_args!("<w:tc><w:tcPr><w:tcW w:w=\"{}\" w:type=\"dxa\"/>", width(at)));
        if span(at) > 1 {
            add(&mut out, format_args!("<w:gridSpan w:val=\"{}\"/>", span(at)));
        }
        out.push_str("<w:vAlign w:val=\"center\"/></w:tcPr>");
        // A row that may break is not tied to what follows: LibreOffice would move it to the next page as a whole.
        let kept = keep_next && lines <= TALL;
        out.push_str(&form_cell(cell, width(at), row.lines <= 1, kept));
        out.push_str("</w:tc>");
    }
    out.push_str("</w:tr>");
    out
}

/// The least height of a row of a form, in twips: as many lines as it asks for, room to write where a cell is empty.
pub(in crate::letter) fn form_row_height(row: &FormRow) -> usize {
    let by_hand = row.cells.iter().any(|cell| !cell.label && cell.text.trim().is_empty());
    let least = if by_hand { HAND } else { FORM_ROW };
    if row.lines == 0 { least } else { least.max(row.lines * CELL_LINE + MARGINS) }
}

/// Labels stand in the middle, and so do values of one short line where the row is `low`; others start at the left.
pub(in crate::letter) fn is_centred(cell: &FormCell, width: usize, low: bool) -> bool {
    let widest = cell.text.lines().map(|line| halves(line.trim())).max().unwrap_or(0);
    let short =
        low && widest <= LONG && widest * HALF + PADDING <= width && paragraphs(&cell.text).nth(1).is_none();
    cell.label || short
}

/// A paragraph for each line of the value.
fn form_cell(cell: &FormCell, width: usize, low: bool, keep_next: bool) -> String {
    let layout = Layout {
        style: if cell.label { "FormLabel" } else { "Cell" },
        keep_next,
        align: (!cell.label && is_centred(cell, width, low)).then_some("center"),
        ..Layout::default()
    };
    let all: String = paragraphs(&cell.text).map(|line| paragraph(&layout, line)).collect();
    if all.is_empty() { paragraph(&layout, "") } else { all }
}

/// The given proportions, but no column narrower than what must stand in it: an empty cell that is written in by hand,
/// a label of four characters on one line. Where there is no room for that, the proportions as they are.
pub(in crate::letter) fn form_widths(columns: &[usize], rows: &[FormRow]) -> Vec<usize> {
    let widths = share(TEXT_WIDTH, columns);
    let mut least = vec![0; columns.len()];
    for row in rows {
        let alone = row.cells.len().saturating_sub(usize::from(row.cells.len() < columns.len()));
        for (cell, least) in row.cells.iter().take(alone).zip(&mut least) {
            let wanted = match (cell.label, cell.text.trim().is_empty()) {
                (true, _) => cell.text.lines().map(halves).max().unwrap_or(0).min(8) * HALF + PADDING + HALF,
                (false, true) => WRITABLE,
                (false, false) => 0,
            };
            *least = wanted.max(*least);
        }
    }
    let missing: usize = widths.iter().zip(&least).map(|(width, least)| least.saturating_sub(*width)).sum();
    let spare: Vec<usize> =
        widths.iter().zip(&least).map(|(width, least)| width.saturating_sub(*least)).collect();
    if missing > spare.iter().sum() {
        return widths;
    }
    let taken = share(missing, &spare);
    widths.iter().zip(&least).zip(taken).map(|((width, least), taken)| (*width).max(*least) - taken).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Head,
    Body,
    /// The last row, tied to the paragraph after the table.
    Kept,
}

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub(in crate::letter) struct Column {
    /// Twips.
    pub width: usize,
    /// Short values stand in the middle, long ones at the left.
    pub centred: bool,
}

fn row(columns: &[Column], cells: &[String], role: Role) -> String {
    let cell = |at: usize| cells.get(at).map_or("", |cell| cell.trim());
    let lines = |(at, column): (usize, &Column)| cell_lines(cell(at), column.width);
    let lines = columns.iter().enumerate().map(lines).max().unwrap_or(1);
    let mut out = String::from("<w:tr><w:trPr>");
    if lines <= TALL || role == Role::Head {
        out.push_str("<w:cantSplit/>");
    }
    add(&mut out, format_args!("<w:trHeight w:val=\"{ROW}\" w:hRule=\"atLeast\"/>"));
    if role == Role::Head {
        out.push_str("<w:tblHeader/>");
    }
    out.push_str("</w:trPr>");
    for (at, column) in columns.iter().enumerate() {
        let layout = Layout {
            style: if role == Role::Head { "CellHead" } else { "Cell" },
            // A last row that may break is not tied: LibreOffice would move it to the next page as a whole.
            keep_next: role == Role::Head || (role == Role::Kept && lines <= TALL),
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
pub(in crate::letter) fn cell_lines(text: &str, width: usize) -> usize {
    let room = (width.saturating_sub(PADDING) / HALF).max(1);
    text.split(['\n', '\r']).map(|line| halves(line).div_ceil(room).max(1)).sum()
}

/// The columns of a table, as wide as their content asks.
pub(in crate::letter) fn measure(head: &[String], rows: &[Vec<String>], columns: usize) -> Vec<Column> {
    let longest = |cells: &[String], at: usize| {
        let lines = cells.get(at).into_iter().flat_map(|cell| cell.split(['\n', '\r']));
        lines.map(|line| halves(line.trim())).max().unwrap_or(0)
    };
    let bodies: Vec<usize> =
        (0..columns).map(|at| rows.iter().map(|row| longest(row, at)).max().unwrap_or(0)).collect();
    let wanted: Vec<usize> = bodies
        .iter()
        .enumerate()
        .map(|(at, body)| {
            body.max(&longest(head, at)).max(&2) * HALF + digits(rows, at) * DIGIT + PADDING + HALF
        })
        .collect();
    widths(&wanted)
        .into_iter()
        .zip(bodies)
        .map(|(width, body)| Column { width, centred: body <= LONG && body * HALF + PADDING <= width })
        .collect()
}

/// Most digits in a cell of a column.
fn digits(rows: &[Vec<String>], at: usize) -> usize {
    let cells = rows.iter().filter_map(|row| row.get(at));
    cells.map(|cell| cell.chars().filter(char::is_ascii_digit).count()).max().unwrap_or(0)
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
