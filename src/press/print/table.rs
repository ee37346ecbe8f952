//! How wide the columns of a table are, from what stands in them.

use super::literal::breaks_anywhere;
use crate::press::{Element, Node};

/// Characters that a line of a table holds on A4; less on 16开, but what counts is how columns compare.
const LINE: f64 = 48.0;

/// Around what stands in a cell, left and right together, in characters.
const AROUND: f64 = 1.2;

/// Characters in a column that stay on one line if they can: dates, 必填, numbers of articles.
const SHORT: f64 = 7.0;

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
    let mut widest = vec![0.0_f64; columns];
    let mut least = vec![2.0_f64; columns];
    let mut volume = vec![0.0_f64; columns];
    let rows = grid.head.iter().chain(&grid.body).count();
    for (_, cells) in grid.head.iter().chain(&grid.body) {
        for cell in cells.iter().filter(|cell| cell.columns == 1 && cell.column < columns) {
            let text = lines(cell.element);
            let at = cell.column;
            widest[at] = widest[at].max(text.iter().map(|line| width(line)).fold(0.0, f64::max));
            volume[at] += text.iter().map(|line| width(line)).sum::<f64>();
            let word = text.iter().map(|line| longest_word(line)).fold(0.0, f64::max);
            least[at] = least[at].max(word.min(SHORT));
        }
    }
    for (least, widest) in least.iter_mut().zip(&mut widest) {
        *widest = widest.max(1.0);
        *least = least.max(widest.min(SHORT)) + AROUND;
        *widest += AROUND;
    }
    let needed: f64 = least.iter().sum();
    let scale = (LINE / needed).clamp(0.6, 1.0);
    let line = LINE / scale;
    let natural: f64 = widest.iter().sum();
    let widths: Vec<f64> = if natural <= line {
        widest.clone()
    } else {
        // What is left over goes to the columns with most in them, less than in proportion: lines of a narrow column
        // get too short to read.
        let left = (line - needed).max(0.0);
        let want = |at: usize| {
            let average = volume[at] / rows.max(1) as f64;
            (widest[at] - least[at]).max(0.0).min(average.powf(0.75) * 3.0)
        };
        let wanted: f64 = (0..columns).map(want).sum();
        (0..columns).map(|at| least[at] + left * want(at) / wanted.max(0.001)).collect()
    };
    let share = line / widths.iter().sum::<f64>().max(1.0);
    let tall = |cell: &Cell<'_>| {
        let end = (cell.column + cell.columns).min(columns);
        let room: f64 = widths[cell.column.min(end)..end].iter().sum::<f64>() * share - AROUND;
        lines(cell.element).iter().map(|text| (width(text) / room.max(1.0)).ceil()).sum::<f64>() > TALL
    };
    let tall = grid.body.iter().map(|(_, cells)| cells.iter().any(tall)).collect();
    Measure { widths, tall, scale }
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
