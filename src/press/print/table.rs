//! How wide the columns of a table are, from what stands in them.

use super::literal::breaks_anywhere;
use crate::press::{Element, Node};

/// Characters that a line of a table holds on A4; less on 16开, but what counts is how columns compare.
const LINE: f64 = 48.0;

/// Around what stands in a cell, left and right together, in characters.
const AROUND: f64 = 1.2;

/// Characters in a column that stay on one line if they can: dates, 必填, numbers of articles.
const SHORT: f64 = 7.0;

/// What a column grows by at a time, in characters.
const STEP: f64 = 0.5;

/// Rows that are looked at to share the line.
const SAMPLE: usize = 100;

/// Lines of a cell from which its row may break over pages.
const TALL: f64 = 14.0;

/// Columns and rows that one cell may take.
const MOST: usize = 60;

/// A cell with its place.
pub(super) struct Cell<'a> {
    pub element: &'a Element,
    pub column: usize,
    pub columns: usize,
    pub rows: usize,
}

/// The rows of a table, each with its cells.
pub(super) struct Grid<'a> {
    pub caption: Option<&'a Element>,
    pub head: Vec<(&'a Element, Vec<Cell<'a>>)>,
    pub body: Vec<(&'a Element, Vec<Cell<'a>>)>,
    pub columns: usize,
}

/// Finds the rows of a table and the place of each cell.
pub(super) fn grid(table: &Element) -> Grid<'_> {
    let mut grid = Grid { caption: None, head: vec![], body: vec![], columns: 0 };
    let mut taken: Vec<usize> = vec![];
    for element in table.children.iter().filter_map(Node::element) {
        match element.tag.as_str() {
            "caption" => grid.caption = Some(element),
            "tr" => row(element, false, &mut grid, &mut taken),
            tag => {
                taken.clear();
                for inner in element.children.iter().filter_map(Node::element).filter(|row| row.tag == "tr") {
                    row(inner, tag == "thead", &mut grid, &mut taken);
                }
            }
        }
    }
    grid
}

fn row<'a>(element: &'a Element, head: bool, grid: &mut Grid<'a>, taken: &mut Vec<usize>) {
    let span = |cell: &Element, name: &str| {
        cell.get(name).and_then(|value| value.parse::<usize>().ok()).unwrap_or(1).clamp(1, MOST)
    };
    let mut cells = vec![];
    let mut column = 0;
    for cell in
        element.children.iter().filter_map(Node::element).filter(|cell| cell.tag == "td" || cell.tag == "th")
    {
        while taken.get(column).is_some_and(|rows| *rows > 0) {
            column += 1;
        }
        let (columns, rows) = (span(cell, "colspan"), span(cell, "rowspan"));
        taken.resize(taken.len().max(column + columns), 0);
        taken[column..column + columns].fill(rows);
        cells.push(Cell { element: cell, column, columns, rows });
        column += columns;
    }
    grid.columns = grid.columns.max(taken.len());
    taken.iter_mut().for_each(|rows| *rows = rows.saturating_sub(1));
    if cells.is_empty() {
        return;
    }
    if head { &mut grid.head } else { &mut grid.body }.push((element, cells));
}

/// How the columns share the line, and whether rows may break over pages.
pub(super) struct Measure {
    /// Parts of the line.
    pub widths: Vec<f64>,
    /// Whether each row of the body is too tall to stay together.
    pub tall: Vec<bool>,
    /// How much smaller the letters have to be, 1 where they need not.
    pub scale: f64,
}

/// Measures what stands in the columns.
pub(super) fn measure(grid: &Grid<'_>) -> Measure {
    let columns = grid.columns;
    let (mut widest, mut least) = (vec![1.0_f64; columns], vec![2.0_f64; columns]);
    let mut rows: Vec<Vec<Vec<f64>>> = vec![];
    for (_, cells) in grid.head.iter().chain(&grid.body) {
        let mut row = vec![vec![]; columns];
        for cell in cells.iter().filter(|cell| cell.columns == 1 && cell.column < columns) {
            let (text, at) = (lines(cell.element), cell.column);
            row[at] = text.iter().map(|line| width(line)).collect();
            widest[at] = row[at].iter().copied().fold(widest[at], f64::max);
            let word = text.iter().map(|line| longest_word(line)).fold(0.0, f64::max);
            least[at] = least[at].max(word.min(SHORT));
        }
        rows.push(row);
    }
    // What fits on a short line stays on one; what does not has room for four characters.
    for (least, widest) in least.iter_mut().zip(&widest) {
        *least = if *widest <= SHORT { *widest } else { least.max(4.0) };
    }
    let around = AROUND * columns as f64;
    let needed: f64 = least.iter().sum::<f64>() + around;
    let scale = (LINE / needed).clamp(0.6, 1.0);
    let room = LINE / scale - around;
    let mut widths = least;
    if widest.iter().sum::<f64>() <= room {
        widths.clone_from(&widest);
    } else {
        // Some rows say enough of a long table.
        let every = rows.len().div_ceil(SAMPLE).max(1);
        let some: Vec<&Vec<Vec<f64>>> = rows.iter().step_by(every).collect();
        while widths.iter().sum::<f64>() + STEP <= room {
            let Some(at) = most_relieved(&some, &widths, &widest) else { break };
            widths[at] += STEP;
        }
    }
    let share = room / widths.iter().sum::<f64>().max(1.0);
    let tall = |cell: &Cell<'_>| {
        let end = (cell.column + cell.columns).min(columns);
        let room: f64 = widths[cell.column.min(end)..end].iter().sum::<f64>() * share;
        lines(cell.element).iter().map(|text| (width(text) / room.max(1.0)).ceil()).sum::<f64>() > TALL
    };
    let tall = grid.body.iter().map(|(_, cells)| cells.iter().any(tall)).collect();
    widths.iter_mut().for_each(|width| *width += AROUND);
    Measure { widths, tall, scale }
}

/// The column that makes the table lowest by growing a little; `None` where every one has room enough.
fn most_relieved(rows: &[&Vec<Vec<f64>>], widths: &[f64], widest: &[f64]) -> Option<usize> {
    let height = |cell: &[f64], width: f64| cell.iter().map(|line| (line / width).max(1.0)).sum::<f64>();
    let mut gains = vec![0.0_f64; widths.len()];
    for row in rows {
        let heights: Vec<f64> = row.iter().zip(widths).map(|(cell, width)| height(cell, *width)).collect();
        let tallest = heights.iter().copied().fold(0.0, f64::max);
        for (at, cell) in row.iter().enumerate() {
            let gain = heights[at] - height(cell, widths[at] + STEP);
            // A cell that is not the tallest of its row hardly matters.
            gains[at] += if heights[at] >= tallest - 0.01 { gain } else { gain * 0.1 };
        }
    }
    let open = (0..widths.len()).filter(|at| widths[*at] < widest[*at]);
    open.max_by(|a, b| gains[*a].total_cmp(&gains[*b]).then(b.cmp(a)))
}

/// The lines of a cell before any is broken.
fn lines(cell: &Element) -> Vec<String> {
    let mut all = vec![String::new()];
    collect(&cell.children, &mut all);
    all
}

fn collect(nodes: &[Node], all: &mut Vec<String>) {
    for node in nodes {
        match node {
            Node::Text(text) => {
                if let Some(last) = all.last_mut() {
                    last.push_str(text);
                }
            }
            Node::Element(element) => {
                if element.tag == "br" || node.is_block() {
                    all.push(String::new());
                }
                collect(&element.children, all);
                if node.is_block() {
                    all.push(String::new());
                }
            }
        }
    }
}

/// In Chinese characters, with the gaps between these and letters or digits.
fn width(text: &str) -> f64 {
    let letter = |ch: &char| ch.is_ascii_alphanumeric();
    let gaps = text
        .chars()
        .zip(text.chars().skip(1))
        .filter(|(a, b)| (letter(a) && is_ideograph(*b)) || (is_ideograph(*a) && letter(b)));
    let signs: f64 = text.chars().map(|ch| if ch.is_ascii() { 0.55 } else { 1.0 }).sum();
    signs + gaps.count() as f64 * 0.25
}

const fn is_ideograph(ch: char) -> bool {
    matches!(ch, '\u{3400}'..='\u{9fff}')
}

fn longest_word(text: &str) -> f64 {
    text.split(|ch: char| ch.is_whitespace() || breaks_anywhere(ch)).map(width).fold(0.0, f64::max)
}
