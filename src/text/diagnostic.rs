//! What staff got wrong, as data: a byte range in their own file, the mistake, and a 提示 of what to write.
//!
//! Only this room knows `annotate-snippets`, which measures Chinese text by display width.

use annotate_snippets::{AnnotationKind, Level as Severity, Renderer, Snippet};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Source files by their path relative to the root, with `/`, text without byte order mark and with LF only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    files: BTreeMap<String, String>,
    unreadable: BTreeSet<String>,
    cells: BTreeMap<String, Vec<CellPlace>>,
}

/// One cell of a table whose text stands in [`Sources`]: from `start` to the next cell. A place there is told by sheet,
/// row and column instead of by line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellPlace {
    /// First byte of what stands in the cell.
    pub start: usize,
    /// Row, from 1.
    pub row: u32,
    /// Column, from 1.
    pub column: u32,
    /// How people call it: `填表!C3（收到申请的日期）`.
    pub name: String,
}

impl Sources {
    /// Adds or replaces a file.
    pub fn insert(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.files.insert(path.into(), text.into());
    }

    /// Adds or replaces a table: what stands in its cells, one after the other, and where each begins.
    pub fn insert_table(&mut self, path: impl Into<String>, text: impl Into<String>, cells: Vec<CellPlace>) {
        let path = path.into();
        self.files.insert(path.clone(), text.into());
        self.cells.insert(path, cells);
    }

    /// The cell that a byte of a table belongs to; `None` where the file is no table.
    #[must_use]
    pub fn cell(&self, path: &str, offset: usize) -> Option<&CellPlace> {
        let cells = self.cells.get(path)?;
        cells.get(cells.partition_point(|cell| cell.start <= offset).checked_sub(1)?)
    }

    /// Notes a file that is there and whose text could not be read.
    pub fn insert_unreadable(&mut self, path: impl Into<String>) {
        self.unreadable.insert(path.into());
    }

    /// Whether there is such a file, readable or not.
    #[must_use]
    pub fn holds(&self, path: &str) -> bool {
        self.files.contains_key(path) || self.unreadable.contains(path)
    }

    /// The text of one file.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// All files in path order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The files of one folder (`prefix` ends with `/`) with one file name ending, in path order.
    pub fn within<'a>(
        &'a self,
        prefix: &'a str,
        ending: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.iter().filter(move |(path, _)| path.starts_with(prefix) && path.ends_with(ending))
    }
}

/// How bad it is: errors make the exit code 1, warnings are only shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Must be mended.
    Error,
    /// Should be looked at.
    Warning,
}

/// Where: a byte range in one source file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Path as in [`Sources`].
    pub path: String,
    /// Bytes of that file's text.
    pub range: Range<usize>,
}

impl Place {
    /// The place of `range` in the file `path`.
    pub fn new(path: impl Into<String>, range: Range<usize>) -> Self {
        Self { path: path.into(), range }
    }
}

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Error or warning.
    pub level: Level,
    /// A stable name for the kind of mistake, e.g. `unknown-key`.
    pub code: &'static str,
    /// Where, if it has a place at all.
    pub place: Option<Place>,
    /// What is wrong, one Chinese sentence without a full stop.
    pub message: String,
    /// Words under the caret; may be empty.
    pub label: String,
    /// 提示: what to do about it; may be empty.
    pub hint: String,
}

impl Diagnostic {
    /// An error of kind `code` at `place`.
    pub fn error(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self {
            level: Level::Error,
            code,
            place: Some(place),
            message: message.into(),
            label: String::new(),
            hint: String::new(),
        }
    }

    /// An error that belongs to no single place.
    pub fn placeless(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            level: Level::Error,
            code,
            place: None,
            message: message.into(),
            label: String::new(),
            hint: String::new(),
        }
    }

    /// The same as a warning.
    #[must_use]
    pub fn warning(mut self) -> Self {
        self.level = Level::Warning;
        self
    }

    /// With words under the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// With a 提示.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

/// All mistakes found so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// Adds one mistake.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// The mistakes, sorted by place and without repeats.
    #[must_use]
    pub fn sorted(&self) -> Vec<Diagnostic> {
        let mut all = self.diagnostics.clone();
        all.sort_by(|a, b| key(a).cmp(&key(b)));
        all.dedup();
        all
    }

    /// Whether any error (not only warnings) was found.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|d| d.level == Level::Error)
    }

    /// Whether nothing at all was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// For people: file, line, column, caret, 提示, one after the other, then a closing count. Empty if nothing
    /// was found; of very many mistakes only the first are shown, and that is said. `styled` adds terminal colours.
    #[must_use]
    pub fn render(&self, sources: &Sources, styled: bool) -> String {
        let all = self.sorted();
        if all.is_empty() {
            return String::new();
        }
        let mut lines = Lines::new(sources);
        let mut out = String::new();
        for diagnostic in all.iter().take(MOST_SHOWN) {
            out.push_str(&render_one(diagnostic, &mut lines, styled));
            out.push_str("\n\n");
        }
        let errors = all.iter().filter(|d| d.level == Level::Error).count();
        let warnings = all.len() - errors;
        out.push_str(&match (errors, warnings) {
            (0, warnings) => format!("共 {warnings} 处提醒，没有错误。"),
            (errors, 0) => format!("共 {errors} 处错误。"),
            (errors, warnings) => format!("共 {errors} 处错误，{warnings} 处提醒。"),
        });
        if all.len() > MOST_SHOWN {
            out.push_str(&format!("上面只列出前 {MOST_SHOWN} 处，改正后再运行一次。"));
        }
        out.push('\n');
        out
    }

    /// For programs: a JSON array of `{level, code, path, line, column, end_line, end_column, message, label,
    /// hint}`; lines and columns count from 1, columns in characters; `null` where there is no place. In a table the line
    /// is the row, the column is the column, and `cell` names the cell.
    #[must_use]
    pub fn to_json(&self, sources: &Sources) -> serde_json::Value {
        let mut lines = Lines::new(sources);
        serde_json::Value::Array(self.sorted().iter().map(|d| json(d, &mut lines)).collect())
    }
}

/// Most mistakes that are shown to a person at once.
const MOST_SHOWN: usize = 200;

/// Where lines begin, for each source that was asked for.
struct Lines<'a> {
    sources: &'a Sources,
    starts: BTreeMap<String, Vec<usize>>,
}

impl<'a> Lines<'a> {
    fn new(sources: &'a Sources) -> Self {
        Self { sources, starts: BTreeMap::new() }
    }

    fn text(&self, path: &str) -> Option<&'a str> {
        self.sources.get(path)
    }

    /// Number of the line (from 1) that holds `offset`, and where it starts.
    fn line(&mut self, path: &str, offset: usize) -> (usize, usize) {
        let text = self.sources.get(path).unwrap_or_default();
        let starts = self.starts.entry(path.to_owned()).or_insert_with(|| {
            std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect()
        });
        let number = starts.partition_point(|start| *start <= offset).max(1);
        (number, starts.get(number - 1).copied().unwrap_or(0))
    }
}

fn key(d: &Diagnostic) -> (Option<(&str, usize, usize)>, Level, &str, &str) {
    (
        d.place.as_ref().map(|p| (p.path.as_str(), p.range.start, p.range.end)),
        d.level,
        d.code,
        d.message.as_str(),
    )
}

fn json(d: &Diagnostic, lines: &mut Lines<'_>) -> serde_json::Value {
    let mut at = |offset: fn(&Place) -> usize| {
        d.place.as_ref().and_then(|p| Some(line_column(lines.text(&p.path)?, &p.path, offset(p), lines)))
    };
    let (mut start, mut end) = (at(|p| p.range.start), at(|p| p.range.end));
    let cell = d.place.as_ref().and_then(|p| lines.sources.cell(&p.path, p.range.start));
    if let Some(cell) = cell {
        start = Some((cell.row as usize, cell.column as usize));
        end = start;
    }
    let mut out = serde_json::json!({
        "level": d.level,
        "code": d.code,
        "path": d.place.as_ref().map(|p| &p.path),
        "line": start.map(|s| s.0),
        "column": start.map(|s| s.1),
        "end_line": end.map(|s| s.0),
        "end_column": end.map(|s| s.1),
        "message": d.message,
        "label": d.label,
        "hint": d.hint,
    });
    if let (Some(cell), Some(out)) = (cell, out.as_object_mut()) {
        out.insert("cell".into(), cell.name.clone().into());
    }
    out
}

/// Line and column of a byte offset, both from 1, the column in characters.
fn line_column(text: &str, path: &str, offset: usize, lines: &mut Lines<'_>) -> (usize, usize) {
    let offset = floor(text, offset);
    let (line, start) = lines.line(path, offset);
    (line, text.get(start..offset).unwrap_or_default().chars().count() + 1)
}

fn floor(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn render_one(d: &Diagnostic, lines: &mut Lines<'_>, styled: bool) -> String {
    let level = match d.level {
        Level::Error => Severity::ERROR.with_name("错误"),
        Level::Warning => Severity::WARNING.with_name("提醒"),
    };
    let mut group = annotate_snippets::Group::with_title(level.primary_title(d.message.as_str()));
    let text = d.place.as_ref().and_then(|p| lines.text(&p.path));
    let mut shorten = None;
    if let (Some(place), Some(text)) = (&d.place, text) {
        let (line, line_start) = lines.line(&place.path, floor(text, place.range.start));
        let (excerpt, range, cut) = excerpt(text, line_start, &place.range);
        let mut annotation = AnnotationKind::Primary.span(range.clone());
        if !d.label.is_empty() {
            annotation = annotation.label(d.label.as_str());
        }
        let cell = lines.sources.cell(&place.path, place.range.start);
        let line = cell.map_or(line, |cell| cell.row as usize);
        let column = excerpt.get(..range.start).unwrap_or_default().chars().count() + 1;
        let empty = excerpt.trim().is_empty();
        let snippet = Snippet::source(excerpt).line_start(line).annotation(annotation);
        if let Some(cell) = cell {
            // The number beside what stands in the cell is its row; the column within the cell helps nobody.
            let origin = format!("{} {}", place.path, cell.name);
            shorten = Some((format!("{origin}:{line}:{column}"), origin.clone()));
            group = if empty {
                group.element(annotate_snippets::Origin::path(origin))
            } else {
                group.element(snippet.path(origin))
            };
        } else if cut {
            // The snippet starts in the middle of the line, so the column is said apart from it.
            let (_, column) = line_column(text, &place.path, place.range.start, lines);
            let origin = annotate_snippets::Origin::path(place.path.as_str()).line(line).char_column(column);
            group = group.element(origin).element(snippet);
        } else {
            group = group.element(snippet.path(place.path.as_str()));
        }
    } else if let Some(place) = &d.place {
        group = group.element(annotate_snippets::Origin::path(place.path.as_str()));
    }
    if !d.hint.is_empty() {
        group = group.element(Severity::HELP.with_name("提示").message(d.hint.as_str()));
    }
    let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
    let shown = renderer.render(&[group]);
    match shorten {
        Some((long, short)) => shown.replacen(&long, &short, 1),
        None => shown,
    }
}

/// The line that holds the start of `range`, the range within it, and whether its beginning was cut off (only
/// of very long lines).
fn excerpt(text: &str, line_start: usize, range: &Range<usize>) -> (String, Range<usize>, bool) {
    const MOST: usize = 4000;
    let (start, mut end) = (floor(text, range.start), floor(text, range.end.max(range.start)));
    // A range over several lines is shown by its first line: what is wrong starts there.
    if let Some(newline) = text.get(start..end).and_then(|t| t.find('\n')) {
        end = start + newline;
    }
    end = floor(text, end.min(start + MOST));
    let line_end = text.get(end..).and_then(|t| t.find('\n')).map_or(text.len(), |i| end + i);
    let from = floor(text, line_start.max(start.saturating_sub(MOST)));
    let to = floor(text, line_end.min(end + MOST)).max(end);
    let excerpt = text.get(from..to).unwrap_or_default().to_owned();
    (excerpt, start - from..end - from, from > line_start)
}

#[cfg(test)]
mod tests {
    use super::{CellPlace, Diagnostic, Place, Report, Sources};

    fn report(text: &str, word: &str) -> String {
        let mut sources = Sources::default();
        sources.insert("cases/a.md", text);
        let start = text.find(word).unwrap();
        let mut report = Report::default();
        report.push(
            Diagnostic::error("sample", Place::new("cases/a.md", start..start + word.len()), "这里不对")
                .label("看这里")
                .hint("改成别的"),
        );
        report.render(&sources, false)
    }

    #[test]
    fn the_caret_stands_under_the_chinese_word() {
        let shown = report("甲\n依据《条例》第三百条办理\n", "第三百条");
        assert!(shown.contains("cases/a.md:2:7"), "{shown}");
        let lines: Vec<&str> = shown.lines().collect();
        let caret = lines.iter().find(|l| l.contains('^')).unwrap();
        // Six Chinese characters before the word are twelve columns wide, four in the word are eight.
        assert!(caret.contains(&format!("{}{}", " ".repeat(12), "^".repeat(8))), "{shown}");
        assert!(shown.contains("提示: 改成别的"), "{shown}");
    }

    #[test]
    fn a_very_long_line_is_cut_around_the_place() {
        let text = format!("{}坏{}", "前".repeat(50_000), "后".repeat(50_000));
        let shown = report(&text, "坏");
        assert!(shown.len() < 20_000);
        assert!(shown.contains("cases/a.md:1:50001"), "{shown}");
    }

    #[test]
    fn of_very_many_mistakes_the_first_are_shown_and_all_are_counted() {
        let mut sources = Sources::default();
        sources.insert("a", "字\n".repeat(30_000));
        let mut report = Report::default();
        for line in 0..30_000 {
            report.push(Diagnostic::error("x", Place::new("a", line * 4..line * 4 + 3), "不对"));
        }
        let shown = report.render(&sources, false);
        assert_eq!(shown.matches("不对").count(), 200);
        assert!(shown.contains("共 30000 处错误。上面只列出前 200 处"), "{}", shown.lines().last().unwrap());
        assert_eq!(report.to_json(&sources)[29_999]["line"], 30_000);
    }

    #[test]
    fn mistakes_come_in_the_order_of_their_places() {
        let mut report = Report::default();
        for (path, start) in [("b", 0), ("a", 5), ("a", 1)] {
            report.push(Diagnostic::error("x", Place::new(path, start..start + 1), "m"));
        }
        let places: Vec<_> = report.sorted().into_iter().map(|d| d.place.unwrap()).collect();
        assert_eq!(
            places.iter().map(|p| (p.path.as_str(), p.range.start)).collect::<Vec<_>>(),
            [("a", 1), ("a", 5), ("b", 0)]
        );
    }

    #[test]
    fn a_place_in_a_table_is_told_by_sheet_row_and_column() {
        let mut sources = Sources::default();
        let cell = |start, row, name: &str| CellPlace { start, row, column: 3, name: name.to_owned() };
        let cells = vec![cell(0, 4, "填表!C4（甲）"), cell(7, 5, "填表!C5（乙）")];
        sources.insert_table("表.xlsx", "一二\n三四\n", cells);
        let mut report = Report::default();
        report.push(Diagnostic::error("x", Place::new("表.xlsx", 7..13), "不对"));
        let shown = report.render(&sources, false);
        assert!(shown.contains("表.xlsx 填表!C5（乙）\n") && shown.contains("5 | 三四"), "{shown}");
        let json = report.to_json(&sources);
        assert_eq!((&json[0]["line"], &json[0]["cell"]), (&5.into(), &"填表!C5（乙）".into()));
    }

    #[test]
    fn json_counts_columns_in_characters() {
        let mut sources = Sources::default();
        sources.insert("a", "汉字x");
        let mut report = Report::default();
        report.push(Diagnostic::error("x", Place::new("a", 6..7), "m"));
        assert_eq!(report.to_json(&sources)[0]["column"], 3);
    }
}
