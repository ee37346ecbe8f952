//! Tables of pages and documents: those that only lay out the text become its lines, the others rows.

use super::line::{Boundary, Line, Role, clean};
use super::shape;

/// Cells of lines, row by row.
pub type Rows = Vec<Vec<Vec<Line<'static>>>>;

/// A cell with so many lines holds text, not a datum.
const TEXT: usize = 6;

/// The lines of a table; `layout` says that it is known to be one of layout.
pub fn table_lines(rows: Rows, layout: bool) -> Vec<Line<'static>> {
    let labels = |cell: &Vec<Line<'_>>| {
        cell.iter()
            .filter(|l| shape::label(clean(&l.text).as_ref()).is_some_and(|l| !l.rest.is_empty()))
            .count()
    };
    let single = rows.iter().all(|row| row.iter().filter(|c| !c.is_empty()).count() <= 1);
    let layout = layout || single || rows.iter().flatten().any(|c| labels(c) >= 2 || c.len() >= TEXT);
    let mut out: Vec<Line<'static>> = vec![];
    for row in rows {
        if layout {
            for mut cell in row {
                if let Some(first) = cell.first_mut() {
                    first.boundary = Boundary::Hard;
                }
                out.append(&mut cell);
            }
            continue;
        }
        let Some(first) = row.iter().flatten().next() else { continue };
        let mut line = Line::text("", first.number, Boundary::Hard);
        let all = |role| row.iter().flatten().all(|l| l.role == role);
        line.role = [Role::Link, Role::Aside].into_iter().find(|r| all(*r)).unwrap_or(Role::Row);
        let texts: Vec<String> =
            row.iter().map(|c| c.iter().map(|l| l.text.as_ref()).collect::<Vec<_>>().join("")).collect();
        line.text = texts.join("\t").into();
        out.push(line);
    }
    out
}
