//! A letter as a workbook to fill in, and the rows of a table as the trees that requests are read from.
//!
//! The workbook's first sheet has one column for each field, and a sheet for each field that is a table itself. A
//! hidden row holds the names, so that a label that somebody changed is still understood; a table that people made
//! themselves needs only a row of labels or names.

use super::labels::{half, plain};
use super::request::{Answer, Answers, fields};
use crate::calendar::Date;
use crate::corpus::tree::{Entry as KeyValue, Node, Value as Tree};
use crate::corpus::{Agency, Clause, Corpus, Parameter, ParameterType};
use crate::table::{self, Column, Entry, Merged, Page, Plan, Row, Value};
use crate::text::{CellPlace, Diagnostic, Place, Report, nearest};
use std::collections::BTreeMap;
use std::ops::Range;

/// The sheet to fill in.
pub const FIRST: &str = "填表";
/// The column that numbers the rows of the first sheet.
const NUMBER: &str = "序号";
/// The column of the other sheets that says which row of the first they belong to.
const BELONGS: &str = "行号";
/// First cell of the row that explains the columns.
const HELP: &str = "说明";
/// First words of a first sheet's hidden row, before the letter's id, and of another sheet's, before the field's name.
const LETTER_MARK: &str = "letter=";
const ROWS_MARK: &str = "rows=";
/// Rows in which the labels are looked for.
pub const HEAD: usize = 12;

/// A workbook for one kind of letter, with some answers filled in. `None` for a letter whose fields do not fit into the
/// cells of a table.
#[must_use]
pub fn plan(corpus: &Corpus, clause: &Clause, agency: &Agency, answers: &Answers) -> Option<Plan> {
    let fields = fields(corpus, clause);
    if fields.iter().any(|p| p.kind == ParameterType::Replies) {
        return None;
    }
    let mut columns = vec![number_column(NUMBER, "从 1 往下编。只有一份就写 1。")];
    columns.extend(fields.iter().filter(|p| p.kind != ParameterType::Rows).map(|p| column(p, agency)));
    let filled = !answers.is_empty();
    let entries = |p: &&Parameter| answers.get(&p.name).map_or(Entry::Empty, entry);
    let mut first = vec![Entry::Number(1)];
    first.extend(fields.iter().filter(|p| p.kind != ParameterType::Rows).map(entries));
    let mut rows = vec![first];
    if !filled {
        rows.extend((2..=10).map(|n| vec![Entry::Number(n)]));
    }
    let mut pages =
        vec![Page { name: FIRST.to_owned(), marker: format!("{LETTER_MARK}{}", clause.id), columns, rows }];
    for parameter in fields.iter().filter(|p| p.kind == ParameterType::Rows) {
        let name = page_name(&parameter.label, &pages);
        pages.push(rows_page(parameter, name, answers.get(&parameter.name)));
    }
    let about = about(clause, &pages);
    Some(Plan { title: format!("{}登记表", clause.title), pages, about })
}

fn number_column(label: &str, help: &str) -> Column {
    Column {
        name: label.to_owned(),
        label: label.to_owned(),
        required: false,
        must: String::new(),
        help: help.to_owned(),
        example: String::new(),
        entry: Entry::Number(0),
        choices: vec![],
        most: 1_000_000,
        width: 7,
    }
}

fn column(parameter: &Parameter, agency: &Agency) -> Column {
    let settled = parameter.agency.as_deref().and_then(|key| agency.get(key));
    let must = match settled {
        Some(_) => "不填就用机关设置",
        None if parameter.required => "必填",
        None => "可不填",
    };
    let (entry, width) = match parameter.kind {
        ParameterType::Date => (Entry::Date(Date::LAST), 16),
        ParameterType::Count => (Entry::Number(0), 14),
        ParameterType::Text => (Entry::Text(String::new()), 44),
        ParameterType::List => (Entry::Text(String::new()), 36),
        ParameterType::Choice => (Entry::Text(String::new()), 20),
        _ => (Entry::Text(String::new()), 26),
    };
    let mut help = parameter.help.clone();
    if let Some(value) = settled {
        help.push_str(&format!("不填就用“{value}”。"));
    }
    match parameter.kind {
        ParameterType::List => help.push_str("一行一条，按 Alt+Enter 换行。"),
        ParameterType::Text => help.push_str("分段就按 Alt+Enter 换行。"),
        _ => {}
    }
    Column {
        name: parameter.name.clone(),
        label: parameter.label.clone(),
        required: parameter.required && settled.is_none(),
        must: must.to_owned(),
        help,
        example: example(parameter),
        entry,
        choices: parameter.choices.clone(),
        most: parameter.max.unwrap_or(u32::MAX),
        width,
    }
}

fn example(parameter: &Parameter) -> String {
    match &parameter.example {
        serde_json::Value::Array(all) => {
            let lines: Vec<&str> = all.iter().filter_map(serde_json::Value::as_str).collect();
            lines.join("；")
        }
        serde_json::Value::String(text) => text.replace('\n', " "),
        other => other.to_string(),
    }
}

fn entry(answer: &Answer) -> Entry {
    match answer {
        Answer::Text(text) => Entry::Text(text.clone()),
        Answer::Date(date) => Entry::Date(*date),
        Answer::Count(n) => Entry::Number(*n),
        Answer::List(lines) => Entry::Text(lines.join("\n")),
        Answer::Rows(_) | Answer::Replies(_) => Entry::Empty,
    }
}

fn rows_page(parameter: &Parameter, name: String, answer: Option<&Answer>) -> Page {
    let help = format!("写“{FIRST}”里那一行的{NUMBER}；只有一份文书可以不写。");
    let mut columns = vec![number_column(BELONGS, &help)];
    columns.extend(parameter.columns.iter().map(|c| Column {
        name: c.name.clone(),
        label: c.label.clone(),
        required: c.required,
        must: if c.required { "必填" } else { "可不填" }.to_owned(),
        help: c.help.clone(),
        example: c.example.clone(),
        entry: Entry::Text(String::new()),
        choices: vec![],
        most: 0,
        width: 36,
    }));
    let cell = |row: &BTreeMap<String, String>, name: &str| {
        row.get(name).map_or(Entry::Empty, |text| Entry::Text(text.clone()))
    };
    let rows = match answer {
        Some(Answer::Rows(rows)) => rows
            .iter()
            .map(|row| {
                let own = parameter.columns.iter().map(|c| cell(row, &c.name));
                std::iter::once(Entry::Number(1)).chain(own).collect()
            })
            .collect(),
        _ => vec![],
    };
    Page { name, marker: format!("{ROWS_MARK}{}", parameter.name), columns, rows }
}

/// A label as the name of a sheet: no more than 31 characters, none of those that spreadsheets refuse, and no name twice.
fn page_name(label: &str, pages: &[Page]) -> String {
    let legal: String =
        label.chars().map(|c| if r"[]:*?/\'".contains(c) || c.is_control() { ' ' } else { c }).collect();
    let cut = |most: usize| legal.trim().chars().take(most).collect::<String>();
    let taken = |name: &str| [FIRST, HELP, "选项"].contains(&name) || pages.iter().any(|p| p.name == name);
    let numbered = (2..).map(|n| format!("{}{n}", cut(28)));
    std::iter::once(cut(31)).chain(numbered).find(|name| !taken(name) && !name.is_empty()).unwrap_or_default()
}

fn about(clause: &Clause, pages: &[Page]) -> Vec<String> {
    let mut all = vec![
        format!("《{}》登记表怎样填", clause.title),
        format!(
            "1. 在“{FIRST}”里填，一行一份文书。橙色的列必填，灰色的可以不填。点一下格子，旁边会出现填法。"
        ),
        "2. 灰色小字的说明行不用删，它不会变成文书。列可以换位置，不要改第一行的列名。".to_owned(),
        "3. 日期写成 2026-11-03 的样子。编号、电话、邮编前面的 0 会照样保留。".to_owned(),
        "4. 一格里要写几段或者几条的，按 Alt+Enter 换行。".to_owned(),
    ];
    let others: Vec<String> = pages.iter().skip(1).map(|p| format!("“{}”", p.name)).collect();
    if !others.is_empty() {
        all.push(format!(
            "5. 有几行内容的，填到 {} 里，每行一条；第一列“{BELONGS}”写它属于“{FIRST}”里哪一行的{NUMBER}。",
            others.join("、")
        ));
    }
    all.extend([
        "填好以后保存成 .xlsx，在手册的文件夹里运行：".to_owned(),
        "　　只有一行：gongkai letter fill 登记表.xlsx".to_owned(),
        "　　有许多行：gongkai letter batch 登记表.xlsx --out 文书".to_owned(),
        "填错的格子会一次全部列出来：哪张表、第几行、第几列、怎样改。".to_owned(),
        "什么时候用：".to_owned(),
    ]);
    all.extend(clause.use_when.iter().map(|line| format!("　　· {line}")));
    all.push("什么时候不用：".to_owned());
    all.extend(clause.avoid_when.iter().map(|line| format!("　　· {line}")));
    all
}

/// The letter that the hidden row of a first sheet names.
#[must_use]
pub fn letter_of(head: &[Row]) -> Option<&str> {
    mark(head, LETTER_MARK).map(|(_, letter)| letter)
}

/// The field that a sheet holds the rows of: by its hidden row, or by its name.
#[must_use]
pub fn field_of<'a>(fields: &[&'a Parameter], sheet: &str, head: &[Row]) -> Option<&'a Parameter> {
    let mut rows = fields.iter().filter(|p| p.kind == ParameterType::Rows);
    match mark(head, ROWS_MARK) {
        Some((_, name)) => rows.find(|p| p.name == name).copied(),
        None => rows.find(|p| page_name(&p.label, &[]) == sheet.trim() || p.name == sheet.trim()).copied(),
    }
}

/// The hidden row with this mark, and what stands after it.
fn mark<'a>(head: &'a [Row], mark: &str) -> Option<(&'a Row, &'a str)> {
    head.iter().find_map(|row| match row.get(1) {
        Some(Value::Text(text)) => Some((row, text.trim().strip_prefix(mark)?)),
        _ => None,
    })
}

/// Words that a column may be called by.
#[derive(Debug, Clone)]
struct Word {
    name: String,
    label: String,
}

/// Where a sheet says what.
#[derive(Debug, Clone)]
pub struct Heading {
    sheet: String,
    /// Row of the labels.
    row: u32,
    /// By column: which word, by index.
    columns: BTreeMap<u32, usize>,
    words: Vec<Word>,
    /// The column of the row's number.
    number: Option<u32>,
}

/// Text of cells, and where each begins: what places in a row's diagnostics count in.
#[derive(Debug, Clone, Default)]
pub struct CellText {
    /// What stands in the cells.
    pub text: String,
    /// Their places.
    pub cells: Vec<CellPlace>,
}

impl CellText {
    /// Adds a cell; the bytes of what it shows.
    pub fn add(&mut self, (sheet, row, column): (&str, u32, u32), label: &str, shown: &str) -> Range<usize> {
        let start = self.text.len();
        let place = format!("{}{row}", table::letters(column));
        let place = if sheet.is_empty() { place } else { format!("{sheet}!{place}") };
        let name = if label.is_empty() { place } else { format!("{place}（{label}）") };
        self.cells.push(CellPlace { start, row, column, name });
        self.text.push_str(shown);
        self.text.push('\n');
        start..start + shown.len()
    }
}

/// What a cell shows.
fn shown(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Formula) => String::new(),
        Some(Value::Text(t) | Value::Number(t) | Value::Error(t) | Value::Unclear(t)) => t.clone(),
        Some(Value::Date(date)) => date.to_string(),
    }
}

impl Heading {
    /// Finds the row of labels among the first rows of a sheet. What is wrong with it goes to `report`; places count in
    /// `text`.
    fn find(
        (sheet, head): (&str, &[Row]),
        words: Vec<Word>,
        (path, text): (&str, &mut CellText),
        report: &mut Report,
    ) -> Option<Self> {
        let hidden = mark(head, LETTER_MARK).or_else(|| mark(head, ROWS_MARK)).map(|(row, _)| row);
        let rest = || head.iter().filter(|row| hidden.is_none_or(|hidden| row.number > hidden.number));
        let known = |row: &&Row| row.cells.iter().filter(|c| find_word(&words, &c.value).is_some()).count();
        // Of rows that know as many words the first; a title above the labels knows none.
        let most = rest().map(|row| known(&row)).max().unwrap_or(0);
        let row = rest().find(|row| known(row) == most && (most > 0 || hidden.is_none() || !is_help(row)))?;
        let mut out =
            Self { sheet: sheet.to_owned(), row: row.number, columns: BTreeMap::new(), words, number: None };
        for cell in &row.cells {
            let written = shown(Some(&cell.value));
            let here = |text: &mut CellText| {
                Place::new(path, text.add((sheet, row.number, cell.column), "列名", &written))
            };
            let by_name = hidden.and_then(|row| row.get(cell.column)).and_then(|v| find_word(&out.words, v));
            match (find_word(&out.words, &cell.value), by_name) {
                // The hidden row says in this cell what the sheet is for.
                (None, _) if cell.column == 1 && hidden.is_some() => out.number = Some(1),
                (Some(Found::Number), _) | (None, Some(Found::Number)) => out.number = Some(cell.column),
                (Some(Found::Word(by_label)), Some(Found::Word(by_name))) if by_label != by_name => {
                    let message = format!(
                        "列名是「{}」，隐藏的第一行里是「{}」",
                        written.trim(),
                        out.words[by_name].label
                    );
                    let hint =
                        "改了列名或者只挪了一部分；用 gongkai letter sheet 重新得到一张空表，把内容贴进去";
                    report.push(Diagnostic::error("unclear-column", here(text), message).hint(hint));
                }
                (Some(Found::Word(word)), _) | (None, Some(Found::Word(word))) => {
                    if out.columns.values().any(|w| *w == word) {
                        let message = format!("「{}」有两列", out.words[word].label);
                        report.push(
                            Diagnostic::error("unclear-column", here(text), message)
                                .hint("留一列，另一列删去"),
                        );
                    }
                    out.columns.insert(cell.column, word);
                }
                _ => report.push(out.unknown(&written, here(text))),
            }
        }
        Some(out)
    }

    fn unknown(&self, written: &str, place: Place) -> Diagnostic {
        let word = written.lines().next().unwrap_or_default().trim();
        let candidates = self.words.iter().flat_map(|w| [w.label.as_str(), w.name.as_str()]);
        let labels: Vec<&str> = self.words.iter().map(|w| w.label.as_str()).collect();
        let hint = nearest(word, candidates).map_or_else(
            || format!("能用的列名：{}；用不上的列删去", labels.join("、")),
            |near| format!("您是不是要写「{near}」？用不上的列删去"),
        );
        Diagnostic::error("unknown-column", place, format!("不认识「{word}」这一列")).hint(hint)
    }

    /// The column of a word.
    fn column(&self, name: &str) -> Option<u32> {
        self.columns.iter().find(|(_, word)| self.words[**word].name == name).map(|(column, _)| *column)
    }

    /// Whether a row is one to fill in and holds anything but its number.
    #[must_use]
    pub fn is_data(&self, row: &Row) -> bool {
        row.number > self.row && !is_help(row) && row.cells.iter().any(|c| Some(c.column) != self.number)
    }

    /// The row's number: what its own column says, `None` where that is empty; `Err` where it is no number.
    pub fn number(&self, row: &Row) -> Result<Option<u32>, String> {
        let Some(value) = self.number.and_then(|column| row.get(column)) else { return Ok(None) };
        let text: String = shown(Some(value)).chars().map(half).filter(|c| !c.is_whitespace()).collect();
        text.parse().map(Some).map_err(|_| text)
    }
}

fn is_help(row: &Row) -> bool {
    matches!(row.get(1), Some(Value::Text(text)) if text.trim() == HELP)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Number,
    Word(usize),
}

/// What a column is called, marks such as 必填 left out.
fn find_word(words: &[Word], value: &Value) -> Option<Found> {
    let Value::Text(text) = value else { return None };
    let first = text.trim().lines().next().unwrap_or_default();
    [text.as_str(), first].into_iter().find_map(|text| {
        let wanted = unmarked(&plain(text));
        if [NUMBER, BELONGS].contains(&wanted.as_str()) {
            return Some(Found::Number);
        }
        let at = words.iter().position(|w| w.name == wanted || plain(&w.label) == wanted);
        at.map(Found::Word)
    })
}

fn unmarked(text: &str) -> String {
    let mut text = text.trim_matches('*');
    loop {
        let cut = ["(必填)", "[必填]", "必填", "(可不填)", "可不填", "(选填)", "选填", "*", ":"]
            .iter()
            .find_map(|mark| text.strip_suffix(mark));
        match cut {
            Some(rest) if !rest.is_empty() => text = rest,
            _ => return text.to_owned(),
        }
    }
}

/// Rows of another sheet by the number of the row of the first that they belong to.
type RowsByNumber = BTreeMap<u32, Vec<Row>>;

/// The rows of the fields that are tables, from sheets of their own.
#[derive(Debug, Clone, Default)]
pub struct Details {
    /// By field: its columns, and its rows by the number of the row that they belong to.
    fields: BTreeMap<String, (Heading, RowsByNumber)>,
}

/// A sheet, its first rows and all of its rows.
pub struct Other<'a> {
    /// The field whose rows it holds.
    pub field: &'a Parameter,
    /// Its name.
    pub sheet: &'a str,
    /// Its rows.
    pub rows: Vec<Row>,
}

impl Details {
    /// Takes in the sheet of a field. `numbers` are those of the first sheet's rows.
    pub fn add(
        &mut self,
        other: Other<'_>,
        numbers: &[u32],
        (path, text): (&str, &mut CellText),
        report: &mut Report,
    ) {
        let Other { field, sheet, rows } = other;
        let words = field.columns.iter().map(|c| Word { name: c.name.clone(), label: c.label.clone() });
        let head = &rows[..rows.len().min(HEAD)];
        let Some(heading) = Heading::find((sheet, head), words.collect(), (path, text), report) else {
            return;
        };
        let mut all = RowsByNumber::new();
        let mut known: BTreeMap<u32, usize> = BTreeMap::new();
        numbers.iter().for_each(|n| *known.entry(*n).or_default() += 1);
        for row in rows.into_iter().filter(|row| heading.is_data(row)) {
            let column = heading.number.unwrap_or(1);
            let written = heading.number.and_then(|c| row.get(c));
            let mut wrong = |message: String, hint: &str| {
                let range = text.add((sheet, row.number, column), BELONGS, &shown(written));
                report
                    .push(Diagnostic::error("wrong-row-number", Place::new(path, range), message).hint(hint));
            };
            match heading.number(&row) {
                Ok(Some(number)) if !known.contains_key(&number) => {
                    wrong(format!("“{FIRST}”里没有{NUMBER}是 {number} 的行"), "核对行号");
                }
                Ok(Some(number)) if known.get(&number).is_some_and(|met| *met > 1) => {
                    let hint = format!("{NUMBER}不能重复，改成不同的");
                    wrong(format!("“{FIRST}”里{NUMBER}是 {number} 的不止一行"), &hint);
                }
                Ok(None) if numbers.len() > 1 => {
                    let hint = format!("有许多份文书时，写它属于“{FIRST}”里哪一行的{NUMBER}");
                    wrong(format!("没有写{BELONGS}"), &hint);
                }
                Ok(number) => {
                    // Without a number the only row is meant.
                    let number = number.or(numbers.first().copied()).unwrap_or(1);
                    all.entry(number).or_default().push(row);
                }
                Err(written) => wrong(format!("{BELONGS}「{written}」不是整数"), "写 1、2、3 这样的数"),
            }
        }
        self.fields.insert(field.name.clone(), (heading, all));
    }
}

/// How the rows of a table are read.
pub struct Reading<'a> {
    /// The letter's fields.
    fields: Vec<&'a Parameter>,
    agency: &'a Agency,
    /// Names that the command line gives: their columns are not looked at.
    given: &'a [String],
    path: &'a str,
    since_1904: bool,
    /// Where the first sheet says what.
    pub heading: Heading,
    merged: Vec<Merged>,
}

/// What is known of a table before its rows.
pub struct Preface<'a, 'h> {
    /// Path for messages.
    pub path: &'a str,
    /// Name of the sheet; empty for a .csv file.
    pub sheet: &'h str,
    /// Its first rows, up to [`HEAD`].
    pub head: &'h [Row],
    /// Its merged cells.
    pub merged: Vec<Merged>,
    /// Whether its days count from 1904.
    pub since_1904: bool,
    /// Fields whose rows have sheets of their own.
    pub others: Vec<String>,
    /// Names of fields that the command line gives.
    pub given: &'a [String],
}

/// One row as a tree.
pub struct RowTree {
    /// What `Request::of_tree` reads.
    pub node: Node,
    /// What its places count in.
    pub cells: CellText,
    /// Whether every cell could be read; if not, what misses in the tree was reported already.
    pub whole: bool,
}

/// A text field of a row.
pub struct TextField<'a>(&'a mut Node);

impl TextField<'_> {
    /// What stands there, without blanks around it.
    #[must_use]
    pub fn text(&self) -> &str {
        if let Tree::Text(text) = &self.0.value { text.trim() } else { "" }
    }

    /// Its bytes in the row's cells.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.0.range.clone()
    }

    /// Puts something else there.
    pub fn set(self, text: String) {
        self.0.value = Tree::Text(text);
    }
}

impl RowTree {
    /// A field of the row.
    pub fn field(&mut self, name: &str) -> Option<TextField<'_>> {
        let Tree::Table(entries) = &mut self.node.value else { return None };
        entries.iter_mut().find(|e| e.key == name).map(|e| TextField(&mut e.node))
    }
}

impl<'a> Reading<'a> {
    /// Reads the labels. `None` if they are not there or wrong; then the report says why.
    pub fn new(
        corpus: &'a Corpus,
        (clause, agency): (&'a Clause, &'a Agency),
        preface: Preface<'a, '_>,
        text: &mut CellText,
        report: &mut Report,
    ) -> Option<Self> {
        let fields = fields(corpus, clause);
        let words = fields.iter().map(|p| Word { name: p.name.clone(), label: p.label.clone() }).collect();
        let Preface { path, sheet, head, merged, since_1904, others, given } = preface;
        let mut found = Report::default();
        let Some(heading) = Heading::find((sheet, head), words, (path, text), &mut found) else {
            let place = Place::new(path, text.add((sheet, 1, 1), "", ""));
            let hint = "第一行写列名；用 gongkai letter sheet 得到一张做好的空表";
            report.push(Diagnostic::error("missing-column", place, "这张表是空的").hint(hint));
            return None;
        };
        for parameter in &fields {
            let settled = parameter.agency.as_deref().is_some_and(|key| agency.get(key).is_some());
            let elsewhere = others.contains(&parameter.name) || given.contains(&parameter.name);
            let has = heading.column(&parameter.name).is_some();
            if parameter.required && !settled && !elsewhere && !has {
                let place = Place::new(path, text.add((sheet, heading.row, 1), "列名", ""));
                let message = format!("缺少「{}」这一列", parameter.label);
                found.push(Diagnostic::error("missing-column", place, message).hint(&parameter.help));
            }
            if has && others.contains(&parameter.name) {
                let column = heading.column(&parameter.name).unwrap_or(1);
                let place = Place::new(path, text.add((sheet, heading.row, column), "列名", ""));
                let message = format!("「{}」既有一列，又有一张工作表", parameter.label);
                found.push(Diagnostic::error("unclear-column", place, message).hint("留一处，另一处删去"));
            }
        }
        let fine = !found.has_errors();
        found.sorted().into_iter().for_each(|d| report.push(d));
        fine.then_some(Self { fields, agency, given, path, since_1904, heading, merged })
    }

    /// One row as a tree of the letter. Cells that cannot be read are reported.
    pub fn row(
        &self,
        letter: &str,
        row: &Row,
        (number, details): (u32, &Details),
        report: &mut Report,
    ) -> RowTree {
        let mut cells = CellText::default();
        let mut found = Report::default();
        let nothing = Node { range: 0..0, value: Tree::Text(letter.to_owned()) };
        let mut entries = vec![KeyValue { key: "letter".to_owned(), key_range: 0..0, node: nothing }];
        for (column, word) in &self.heading.columns {
            let name = &self.heading.words[*word].name;
            let Some(parameter) = self.fields.iter().find(|p| p.name == *name) else { continue };
            if self.given.contains(name) {
                continue;
            }
            let value = row.get(*column);
            let at = (self.heading.sheet.as_str(), row.number, *column);
            let range = cells.add(at, &parameter.label, &shown(value));
            let key_range = range.clone();
            let mut reader =
                CellReader { path: self.path, since_1904: self.since_1904, report: &mut found, range };
            let node = match value {
                Some(value) => reader.node(parameter, value),
                None => self.empty(parameter, &mut reader),
            };
            entries.extend(node.map(|node| KeyValue { key: name.clone(), key_range, node }));
        }
        self.strange(row, &mut cells, &mut found);
        self.merged(row, &mut cells, &mut found);
        for parameter in &self.fields {
            let Some((heading, rows)) = details.fields.get(&parameter.name) else { continue };
            if self.given.contains(&parameter.name) {
                continue;
            }
            let own = rows.get(&number).map_or(&[][..], Vec::as_slice);
            let node = self.details(parameter, (heading, own), (&mut cells, &mut found));
            let settled = own.is_empty() && !parameter.required;
            if !settled {
                entries.push(KeyValue { key: parameter.name.clone(), key_range: node.range.clone(), node });
            }
        }
        let whole = !found.has_errors();
        found.sorted().into_iter().for_each(|d| report.push(d));
        RowTree { node: Node { range: 0..0, value: Tree::Table(entries) }, cells, whole }
    }

    /// A cell without anything, where something is wanted.
    fn empty(&self, parameter: &Parameter, reader: &mut CellReader<'_>) -> Option<Node> {
        let settled = parameter.agency.as_deref().is_some_and(|key| self.agency.get(key).is_some());
        if settled || !parameter.required {
            return None;
        }
        let value = match parameter.kind {
            ParameterType::Count => {
                let message = format!("「{}」（{}）还没有填", parameter.label, parameter.name);
                reader.wrong("empty-value", message, &parameter.help);
                return None;
            }
            ParameterType::List | ParameterType::Rows | ParameterType::Replies => Tree::Array(vec![]),
            _ => Tree::Text(String::new()),
        };
        Some(Node { range: reader.range.clone(), value })
    }

    /// Cells in columns without a label.
    fn strange(&self, row: &Row, cells: &mut CellText, report: &mut Report) {
        for cell in &row.cells {
            if self.heading.columns.contains_key(&cell.column) || self.heading.number == Some(cell.column) {
                continue;
            }
            let range = cells.add(
                (&self.heading.sheet, row.number, cell.column),
                "没有列名",
                &shown(Some(&cell.value)),
            );
            let message = "这一列没有列名，不知道是什么";
            let hint = "在上面写列名；用不上就删去";
            report
                .push(Diagnostic::error("unknown-column", Place::new(self.path, range), message).hint(hint));
        }
    }

    /// Merged cells: all but the first are empty, and nobody can say which of them the content is for.
    fn merged(&self, row: &Row, cells: &mut CellText, report: &mut Report) {
        for merged in self.merged.iter().filter(|m| (m.rows.0..=m.rows.1).contains(&row.number)) {
            let column = merged.columns.0;
            let shown = shown(row.get(column));
            let range = cells.add((&self.heading.sheet, row.number, column), "合并的单元格", &shown);
            let message = format!(
                "{}{}:{}{} 是合并的单元格，只有左上角那一格有内容",
                table::letters(column),
                merged.rows.0,
                table::letters(merged.columns.1),
                merged.rows.1
            );
            let hint = "取消合并，每一格都填上";
            report.push(Diagnostic::error("merged-cell", Place::new(self.path, range), message).hint(hint));
        }
    }

    /// The rows of a field, from a sheet of their own.
    fn details(
        &self,
        parameter: &Parameter,
        (heading, rows): (&Heading, &[Row]),
        (cells, report): (&mut CellText, &mut Report),
    ) -> Node {
        let start = cells.text.len();
        if rows.is_empty() {
            cells.add((&heading.sheet, heading.row + 1, 1), &parameter.label, "");
        }
        let mut items = vec![];
        for row in rows {
            let from = cells.text.len();
            let mut entries = vec![];
            for column in &parameter.columns {
                let at = heading.column(&column.name);
                let value = at.and_then(|at| row.get(at));
                let place = (heading.sheet.as_str(), row.number, at.unwrap_or(1));
                let range = cells.add(place, &column.label, &shown(value));
                let key_range = range.clone();
                let mut reader =
                    CellReader { path: self.path, since_1904: self.since_1904, report, range: range.clone() };
                let text = match value {
                    Some(value) => reader.text(&column.label, value),
                    None => column.required.then(String::new),
                };
                let node = text.map(|text| Node { range, value: Tree::Text(text) });
                entries.extend(node.map(|node| KeyValue { key: column.name.clone(), key_range, node }));
            }
            items.push(Node { range: from..from, value: Tree::Table(entries) });
        }
        Node { range: start..start, value: Tree::Array(items) }
    }
}

/// Reads what stands in one cell.
struct CellReader<'a> {
    path: &'a str,
    since_1904: bool,
    report: &'a mut Report,
    range: Range<usize>,
}

impl CellReader<'_> {
    fn wrong(&mut self, kind: &'static str, message: String, hint: &str) {
        let place = Place::new(self.path, self.range.clone());
        self.report.push(Diagnostic::error(kind, place, message).hint(hint));
    }

    /// The tree of a field; `None` if the cell cannot be read, and that was reported.
    fn node(&mut self, parameter: &Parameter, value: &Value) -> Option<Node> {
        let label = &parameter.label;
        let value = match parameter.kind {
            ParameterType::Line | ParameterType::Text => Tree::Text(self.text(label, value)?),
            ParameterType::Choice => {
                let written = self.text(label, value)?;
                let same = parameter.choices.iter().find(|c| plain(c) == plain(&written));
                Tree::Text(same.cloned().unwrap_or(written))
            }
            ParameterType::Date => Tree::Text(self.date(label, value)?.to_string()),
            ParameterType::Count => Tree::Integer(self.count(label, value)?),
            ParameterType::List => {
                let text = self.text(label, value)?;
                Tree::Array(
                    self.lines(&text).into_iter().map(|(range, line)| text_node(range, line)).collect(),
                )
            }
            ParameterType::Rows => {
                let text = self.text(label, value)?;
                let lines = self.lines(&text);
                let rows: Option<Vec<Node>> =
                    lines.into_iter().map(|(range, line)| self.in_one_line(parameter, range, line)).collect();
                Tree::Array(rows?)
            }
            ParameterType::Replies => return None,
        };
        Some(Node { range: self.range.clone(), value })
    }

    /// The lines of a cell that hold something, each with its bytes.
    fn lines<'t>(&self, text: &'t str) -> Vec<(Range<usize>, &'t str)> {
        let mut at = self.range.start;
        let mut all = vec![];
        for line in text.split('\n') {
            let before = line.len() - line.trim_start().len();
            let trimmed = line.trim();
            if !trimmed.is_empty() {
                all.push((at + before..at + before + trimmed.len(), trimmed));
            }
            at += line.len() + 1;
        }
        all
    }

    /// A row of a table, written in one line with | between its columns.
    fn in_one_line(&mut self, parameter: &Parameter, range: Range<usize>, line: &str) -> Option<Node> {
        let parts: Vec<&str> = line.split(['|', '｜']).map(str::trim).collect();
        if parts.len() > parameter.columns.len() {
            let labels: Vec<&str> = parameter.columns.iter().map(|c| c.label.as_str()).collect();
            let message =
                format!("「{}」这一行有 {} 段，只有 {} 列", parameter.label, parts.len(), labels.len());
            self.wrong("too-many-columns", message, &format!("一行一条，各列之间写 |：{}", labels.join("|")));
            return None;
        }
        let entry = |(column, text): (&crate::corpus::Column, &str)| KeyValue {
            key: column.name.clone(),
            key_range: range.clone(),
            node: text_node(range.clone(), text),
        };
        let texts = parts.into_iter().chain(std::iter::repeat(""));
        let cells = parameter.columns.iter().zip(texts).filter(|(c, text)| c.required || !text.is_empty());
        let entries = cells.map(entry).collect();
        Some(Node { range, value: Tree::Table(entries) })
    }

    /// What a cell says in words, exactly as it shows it.
    fn text(&mut self, label: &str, value: &Value) -> Option<String> {
        match value {
            Value::Text(text) | Value::Number(text) => Some(text.clone()),
            Value::Date(date) => {
                let message = format!("「{label}」这一格是日期格式，存的是 {date}，显示的可能不一样");
                self.wrong("cell-format", message, AS_TEXT);
                None
            }
            _ => self.unreadable(label, value),
        }
    }

    fn unreadable<T>(&mut self, label: &str, value: &Value) -> Option<T> {
        match value {
            Value::Error(error) => {
                let message = format!("「{label}」这一格是 {error}，公式算不出结果");
                self.wrong("cell-error", message, "改好公式，或者直接写内容");
            }
            Value::Formula => {
                let message = format!("「{label}」这一格的公式还没有结果");
                self.wrong("cell-error", message, "用 WPS 或 Excel 打开这张表，保存一次；或者直接写内容");
            }
            other => {
                let message = format!("「{label}」这一格存的是 {}，显示的可能不一样", shown(Some(other)));
                self.wrong("cell-format", message, AS_TEXT);
            }
        }
        None
    }

    fn date(&mut self, label: &str, value: &Value) -> Option<Date> {
        let text = match value {
            Value::Date(date) => return Some(*date),
            Value::Text(text) => text,
            Value::Number(text) => {
                let serial = text.parse::<f64>().ok().filter(|n| (36_526.0..73_051.0).contains(n));
                if let Some(date) = serial.and_then(|n| table::day(n, self.since_1904)) {
                    return Some(date);
                }
                text
            }
            _ => return self.unreadable(label, value),
        };
        match date(text) {
            Ok(date) => Some(date),
            Err(hint) => {
                self.wrong("wrong-date", format!("「{label}」「{}」不是一个清楚的日期", text.trim()), hint);
                None
            }
        }
    }

    fn count(&mut self, label: &str, value: &Value) -> Option<i64> {
        let text = match value {
            Value::Text(text) | Value::Number(text) => text,
            Value::Date(date) => {
                let message = format!("「{label}」要写整数，这里是日期 {date}");
                self.wrong("wrong-number", message, "把这一格设成“常规”格式，再输入数字");
                return None;
            }
            _ => return self.unreadable(label, value),
        };
        let digits: String = text.chars().map(half).filter(|c| !c.is_whitespace()).collect();
        if digits.bytes().all(|b| b.is_ascii_digit())
            && let Ok(n) = digits.parse()
        {
            return Some(n);
        }
        self.wrong(
            "wrong-number",
            format!("「{label}」要写整数，这里是「{}」", text.trim()),
            "只写数字，例如 3",
        );
        None
    }
}

const AS_TEXT: &str = "把这一格设成“文本”格式，再照原样重新输入；长号码可以先输入一个英文单引号 ' 再输入";

fn text_node(range: Range<usize>, text: &str) -> Node {
    Node { range, value: Tree::Text(text.to_owned()) }
}

/// A day as people write it: 2026-11-03, 2026/11/3, 2026.11.3, 2026年11月3日, 20261103. The error says what to write.
pub fn date(text: &str) -> Result<Date, &'static str> {
    const CLEAR: &str = "写成 2026-11-03 的样子：先四位的年，再月，再日，并且确有这一天";
    const YEAR_LAST: &str = "分不清哪个是年、哪个是月、哪个是日；写成 2026-11-03 的样子";
    let text: String = text.chars().map(half).collect();
    // A time of day may follow.
    let text = text.trim();
    let day = match text.split_once([' ', 'T']) {
        Some((day, time)) if time.contains(':') => day,
        _ => text,
    };
    let day: String = day.chars().filter(|c| !c.is_whitespace()).collect();
    if day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit()) {
        return Date::parse(&format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..])).ok_or(CLEAR);
    }
    let parts: Vec<&str> = match day.strip_suffix(['日', '号']) {
        Some(rest) => rest.split(['年', '月']).collect(),
        None => day.split(['-', '/', '.']).collect(),
    };
    let digits = |p: &&str| !p.is_empty() && p.len() <= 4 && p.bytes().all(|b| b.is_ascii_digit());
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 && [month, day].into_iter().all(digits) => {
            Date::parse(&format!("{year}-{month}-{day}")).ok_or(CLEAR)
        }
        [first, second, third] if [first, second, third].into_iter().all(digits) => Err(YEAR_LAST),
        _ => Err(CLEAR),
    }
}
