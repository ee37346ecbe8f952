//! Document numbers (文号) from a register that an office shares: each taken once, without gaps, whoever takes it.
//!
//! The register is a table that Excel opens (`numbers.csv`). It is read, changed and written whole while nobody else
//! does (`disk::alone`), so of two people at once the second sees the row of the first. A number stands in the register
//! before it stands anywhere else: a run that died in between is taken up again.

use super::{Ending, NumberArgs, Project, output};
use crate::calendar::Date;
use crate::corpus::tree::{Node, Value};
use crate::disk;
use crate::letter::{self, Answer, COMMAND_LINE, Input, Request};
use crate::text::{Diagnostic, Place, Report, Sources};
use anyhow::{Context, bail};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Largest register, in bytes.
const LARGEST: u64 = 64 * 1024 * 1024;
/// Largest request file, in bytes.
const LARGEST_REQUEST: u64 = 2 * 1024 * 1024;
/// The register of a handbook that names no other.
const REGISTER: &str = "numbers.csv";

/// The columns, in the order of a new register. No personal data: the applicant is not among them.
const COLUMNS: [&str; 9] = ["文号", "年份", "序号", "取号日期", "文书", "申请件", "登记编号", "状态", "说明"];
const NUMBER: &str = COLUMNS[0];
const YEAR: &str = COLUMNS[1];
const SERIAL: &str = COLUMNS[2];
const TAKEN: &str = COLUMNS[3];
const TITLE: &str = COLUMNS[4];
const REQUEST: &str = COLUMNS[5];
const REGISTRATION: &str = COLUMNS[6];
const STATE: &str = COLUMNS[7];
const REASON: &str = COLUMNS[8];
/// A register must have these; the others may be missing.
const NEEDED: [&str; 5] = [NUMBER, YEAR, SERIAL, REQUEST, STATE];

/// The number is taken and does not stand in its request yet.
const PENDING: &str = "未写入";
/// The number stands in its request. A row that a person wrote may leave the cell empty.
const USED: &str = "已写入";
/// The number is never used again.
const VOID: &str = "作废";

/// 示例公开〔2026〕12号
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Number {
    code: String,
    year: i16,
    serial: u32,
}

impl Number {
    fn parse(text: &str) -> Option<Self> {
        let (code, rest) = text.split_once('〔')?;
        let (year, rest) = rest.split_once('〕')?;
        let serial = rest.strip_suffix('号')?;
        let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
        let fits = !code.is_empty() && year.len() == 4 && digits(year) && digits(serial);
        if !fits || serial.starts_with('0') {
            return None;
        }
        Some(Self { code: code.to_owned(), year: year.parse().ok()?, serial: serial.parse().ok()? })
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}〔{}〕{}号", self.code, self.year, self.serial)
    }
}

/// One number of the register.
struct Row {
    number: Number,
    /// By the names of the register's columns; what the row leaves out is empty.
    cells: Vec<String>,
}

/// The register, read while nobody else has it.
pub struct Register {
    path: PathBuf,
    head: Vec<String>,
    rows: Vec<Row>,
}

/// What a number is taken for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// 机关代字.
    pub code: &'a str,
    /// Year of the letter.
    pub year: i16,
    /// What asks: [`Register::key`] of a request file, with `#` and the row for a row of a table.
    pub key: &'a str,
    /// Title of the letter.
    pub title: &'a str,
    /// 登记编号 of the request; may be empty.
    pub registration: &'a str,
    /// The day on which the number is taken.
    pub day: Option<Date>,
    /// The first number of a year that has none yet.
    pub first: u32,
}

/// Does something with a register while nobody else has it. What was changed is on disk only after
/// [`Register::save`]. `None` if the register has mistakes, and then those were shown and nothing was done.
pub fn open<T>(
    path: &Path,
    work: impl FnOnce(&mut Register) -> anyhow::Result<T>,
) -> anyhow::Result<Option<T>> {
    open_saying(path, true, work)
}

/// As [`open`]; who opens a register many times shows its warnings once.
pub fn open_saying<T>(
    path: &Path,
    warnings: bool,
    work: impl FnOnce(&mut Register) -> anyhow::Result<T>,
) -> anyhow::Result<Option<T>> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    anyhow::ensure!(
        folder.is_dir(),
        "没有 {} 这个文件夹，文号登记册放不进去\n提示: 先建好文件夹，或者用 --register 写另一个文件",
        folder.display()
    );
    let locked = disk::alone(path, || -> anyhow::Result<Option<T>> {
        let Some(mut register) = Register::read(path, warnings)? else { return Ok(None) };
        work(&mut register).map(Some)
    });
    locked.with_context(|| format!("锁不住 {} 所在的文件夹", path.display()))?
}

/// Numbers for the rows of one table, while its register is nobody else's. What was taken is on disk only after
/// [`RowNumbers::save`].
pub struct RowNumbers<'a> {
    register: &'a mut Register,
    table: String,
    /// The rows of the register by what they were taken for, void ones left out.
    held: BTreeMap<String, Vec<usize>>,
    changed: bool,
}

/// The number of a row of a table.
pub struct RowNumber {
    number: Number,
    /// Whether the row had it before.
    pub held: bool,
}

impl std::fmt::Display for RowNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.number.fmt(f)
    }
}

impl<'a> RowNumbers<'a> {
    /// For the rows of `table`.
    pub fn new(register: &'a mut Register, table: &Path) -> Self {
        let table = register.key(table);
        let mut held: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for row in (0..register.rows.len()).filter(|row| !register.is_void(*row)) {
            held.entry(register.cell(row, REQUEST).to_owned()).or_default().push(row);
        }
        Self { register, table, held, changed: false }
    }

    /// What a row is called in the register, by its number in the table.
    #[must_use]
    pub fn key(&self, row: u32) -> String {
        format!("{}#{row}", self.table)
    }

    /// The number that a row has already, else the next of its year. It is the row's only with [`RowNumbers::take`].
    ///
    /// # Errors
    ///
    /// What is wrong, and what to do.
    pub fn of(&self, wanted: &Wanted<'_>) -> Result<RowNumber, (String, String)> {
        let same = |row: &&usize| [wanted.title, ""].contains(&self.register.cell(**row, TITLE));
        let held = self.held.get(wanted.key).and_then(|rows| rows.iter().rev().find(same));
        let Some((row, number)) = held.and_then(|row| Some((*row, &self.register.rows.get(*row)?.number)))
        else {
            let number = self.next(wanted).map_err(|error| {
                let message = error.to_string();
                let (message, hint) = message.split_once("\n提示: ").unwrap_or((&message, ""));
                (message.to_owned(), hint.to_owned())
            })?;
            return Ok(RowNumber { number, held: false });
        };
        if !self.register.agrees(row, wanted) {
            let message = format!(
                "这一行取过的文号「{number}」登记的是申请 {}，现在这一行是申请 {}",
                self.register.cell(row, REGISTRATION),
                wanted.registration
            );
            let hint = "取过号的行不要换位置，中间不要插入、删去行，新的加在最后；申请编号原来写错的，登记册里也改过来";
            return Err((message, hint.to_owned()));
        }
        if number.year != wanted.year {
            let message =
                format!("这一行取过的文号「{number}」是 {} 年的，落款日期是 {} 年", number.year, wanted.year);
            let hint = "核对落款日期；跨年才发出的，原来的号作废（letter number --void），再运行一次";
            return Err((message, hint.to_owned()));
        }
        Ok(RowNumber { number: number.clone(), held: true })
    }

    /// The next number. `--from` may be said again when a batch that it began is run again.
    fn next(&self, wanted: &Wanted<'_>) -> anyhow::Result<Number> {
        let first = Number { code: wanted.code.to_owned(), year: wanted.year, serial: wanted.first };
        let ours = |row| self.register.cell(row, REQUEST).rsplit_once('#').map(|(table, _)| table);
        let begun = wanted.first > 1
            && self.register.row_of(&first).and_then(ours).is_some_and(|table| table == self.table);
        self.register.next(wanted.code, wanted.year, if begun { 1 } else { wanted.first })
    }

    /// Registers a number for its row.
    pub fn take(&mut self, number: &RowNumber, wanted: &Wanted<'_>) {
        if !number.held {
            self.held.entry(wanted.key.to_owned()).or_default().push(self.register.rows.len());
            self.register.add(&number.number, wanted, USED);
            self.changed = true;
        }
    }

    /// Writes what was taken.
    ///
    /// # Errors
    ///
    /// When the register cannot be written; then nothing was taken.
    pub fn save(self) -> anyhow::Result<()> {
        if self.changed { self.register.save() } else { Ok(()) }
    }
}

impl Register {
    /// Reads and checks it; one that is not there yet is empty. `None` if it has mistakes, and then those were shown.
    fn read(path: &Path, warnings: bool) -> anyhow::Result<Option<Self>> {
        let head = COLUMNS.iter().map(|c| (*c).to_owned()).collect();
        if !path.exists() {
            return Ok(Some(Self { path: path.to_path_buf(), head, rows: vec![] }));
        }
        let shown = path.display().to_string().replace('\\', "/");
        let mut report = Report::default();
        let bytes = disk::read_bytes(path, LARGEST)?;
        let text = disk::decode_table(&shown, bytes, &mut report).unwrap_or_default();
        let found = (!report.has_errors()).then(|| rows(&shown, &text, &mut report)).flatten();
        if report.has_errors() || warnings && !report.is_empty() {
            let mut sources = Sources::default();
            sources.insert(shown, text);
            output::report(&report, &sources);
        }
        if report.has_errors() {
            output::note("文号登记册读不对，没有取号，登记册没有动。");
            return Ok(None);
        }
        Ok(found.map(|(head, rows)| Self { path: path.to_path_buf(), head, rows }))
    }

    /// Writes it whole, as Excel reads it: UTF-8 with byte order mark, CRLF.
    ///
    /// # Errors
    ///
    /// When the file cannot be written, e.g. because Excel has it open; then it is as before.
    pub fn save(&self) -> anyhow::Result<()> {
        let mut text = String::from("\u{feff}");
        for cells in std::iter::once(&self.head).chain(self.rows.iter().map(|r| &r.cells)) {
            let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
            text.push_str(&cells.join(","));
            text.push_str("\r\n");
        }
        let shown = self.path.display();
        disk::write_atomic(&self.path, text.as_bytes(), true)
            .with_context(|| format!("写不了文号登记册 {shown}（正用 Excel、WPS 打开的先关掉）"))
    }

    /// How a request file is named in the register: its path below the register's folder, else its whole path.
    #[must_use]
    pub fn key(&self, request: &Path) -> String {
        let whole = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path));
        let folder = self.path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let request = whole(request).unwrap_or_else(|_| request.to_path_buf());
        let below = whole(folder).ok().and_then(|f| request.strip_prefix(f).ok().map(Path::to_path_buf));
        let key = below.unwrap_or(request).display().to_string().replace('\\', "/");
        key.strip_prefix("//?/").map_or_else(|| key.clone(), str::to_owned)
    }

    fn file(&self, key: &str) -> PathBuf {
        self.path.parent().unwrap_or(Path::new("")).join(key)
    }

    fn column(&self, name: &str) -> Option<usize> {
        self.head.iter().position(|c| c == name)
    }

    fn cell(&self, row: usize, name: &str) -> &str {
        let found = self.column(name).and_then(|column| self.rows.get(row)?.cells.get(column));
        found.map_or("", |cell| cell.trim())
    }

    fn set(&mut self, row: usize, name: &str, value: &str) {
        if let Some(column) = self.column(name)
            && let Some(row) = self.rows.get_mut(row)
        {
            if row.cells.len() <= column {
                row.cells.resize(column + 1, String::new());
            }
            if let Some(cell) = row.cells.get_mut(column) {
                value.clone_into(cell);
            }
        }
    }

    fn is_void(&self, row: usize) -> bool {
        self.cell(row, STATE) == VOID
    }

    /// The row of a number.
    fn row_of(&self, number: &Number) -> Option<usize> {
        self.rows.iter().position(|r| r.number == *number)
    }

    /// The row that a key holds, void ones left out: the last.
    fn row_for(&self, key: &str) -> Option<usize> {
        (0..self.rows.len()).rev().find(|row| !self.is_void(*row) && self.cell(*row, REQUEST) == key)
    }

    /// The next number of a year; `first` where it has none.
    fn next(&self, code: &str, year: i16, first: u32) -> anyhow::Result<Number> {
        let serials = self.rows.iter().filter(|r| r.number.code == code && r.number.year == year);
        let last = serials.map(|r| r.number.serial).max();
        if let Some(last) = last.filter(|_| first > 1) {
            bail!(
                "登记册里 {code}〔{year}〕已经到 {last} 号，不能再用 --from 定从几号开始\n提示: 去掉 --from，接着取 {} 号",
                last + 1
            );
        }
        let serial = last.map_or(Some(first.max(1)), |last| last.checked_add(1)).context("文号用完了")?;
        Ok(Number { code: code.to_owned(), year, serial })
    }

    fn add(&mut self, number: &Number, wanted: &Wanted<'_>, state: &str) {
        self.rows.push(Row { number: number.clone(), cells: vec![String::new(); self.head.len()] });
        let row = self.rows.len() - 1;
        let day = wanted.day.map(|d| d.to_string()).unwrap_or_default();
        let cells = [
            (NUMBER, number.to_string()),
            (YEAR, number.year.to_string()),
            (SERIAL, number.serial.to_string()),
            (TAKEN, day),
            (TITLE, wanted.title.to_owned()),
            (REQUEST, wanted.key.to_owned()),
            (REGISTRATION, wanted.registration.to_owned()),
            (STATE, state.to_owned()),
        ];
        for (name, value) in cells {
            self.set(row, name, &value);
        }
    }

    /// Whether a row may belong to this letter: what both say of themselves must agree.
    fn agrees(&self, row: usize, wanted: &Wanted<'_>) -> bool {
        let registered = self.cell(row, REGISTRATION);
        registered.is_empty() || wanted.registration.is_empty() || registered == wanted.registration
    }

    /// The row of the number that the request has already. Else what is wrong, and what to do.
    fn held(&self, held: &str, wanted: &Wanted<'_>) -> Result<usize, (String, String)> {
        let row = Number::parse(held).and_then(|n| self.row_of(&n)).ok_or_else(|| {
            (
                format!("申请件里写了文号「{held}」，登记册里没有"),
                "手工编的号，先在登记册里补一行；要由程序取号，把申请件里的文号清空".to_owned(),
            )
        })?;
        if self.is_void(row) {
            let hint = "把申请件里的文号清空，再取一个新的".to_owned();
            return Err((format!("文号「{held}」已经作废"), hint));
        }
        let other = self.cell(row, REQUEST);
        if !self.agrees(row, wanted) {
            let message = format!(
                "文号「{held}」登记的是申请 {} 的文书，这个申请件是 {}",
                self.cell(row, REGISTRATION),
                wanted.registration
            );
            return Err((message, "把申请件里的文号清空，再取一个新的".to_owned()));
        }
        if other == wanted.key || other.is_empty() {
            return Ok(row);
        }
        // Elsewhere: moved if nothing with this number is left there, else a copy.
        let there = number_in(&self.file(other));
        if let Some((table, row)) = other.rsplit_once('#')
            && self.file(table).is_file()
        {
            let message = format!("文号「{held}」登记给了表格 {table} 序号 {row} 的那一行");
            return Err((message, "把申请件里的文号清空，再取一个新的".to_owned()));
        }
        let same_letter = self.cell(row, TITLE).is_empty() || self.cell(row, TITLE) == wanted.title;
        if there.as_deref() == Some(held) || !same_letter {
            let message = format!("文号「{held}」登记给了 {other}，这个申请件像是从它复制来的");
            let hint = "另一份文书：把这里的文号清空，再取一个新的。就是同一份、只是挪了地方：删去原来那一份";
            return Err((message, hint.to_owned()));
        }
        Ok(row)
    }

    /// The row of a request that has no number: one that a run took and could not write down. None if it never had one.
    fn resumed(&self, wanted: &Wanted<'_>) -> Result<Option<usize>, (String, String)> {
        let Some(row) = self.row_for(wanted.key) else { return Ok(None) };
        let number = self.rows.get(row).map(|r| r.number.clone());
        let same = self.agrees(row, wanted)
            && self.cell(row, TITLE) == wanted.title
            && number.as_ref().is_some_and(|n| n.code == wanted.code && n.year == wanted.year);
        if self.cell(row, STATE) == PENDING && same {
            return Ok(Some(row));
        }
        let number = number.map(|n| n.to_string()).unwrap_or_default();
        let message = format!(
            "{} 已经取过文号「{number}」（《{}》），现在文件里没有",
            wanted.key,
            self.cell(row, TITLE)
        );
        let hint = format!(
            "还是那一份文书：写回 number = \"{number}\"。另一份文书：换一个文件名再取号。那个号不用了：gongkai letter number --void {number} --reason 原因"
        );
        Err((message, hint))
    }
}

/// The number that a request file has, if it can be read.
fn number_in(path: &Path) -> Option<String> {
    let text = disk::read_text(path, LARGEST_REQUEST, &mut Report::default()).ok()?;
    let node = Node::parse("", &text, 0, &mut Report::default())?;
    written(node.get("number")?)
}

/// A number as it is written in a request file, none if it is empty.
fn written(node: &Node) -> Option<String> {
    let text = match &node.value {
        Value::Text(text) => text.trim().to_owned(),
        other => format!("{other:?}"),
    };
    (!text.is_empty()).then_some(text)
}

/// A cell as it stands in the file. What a spreadsheet would take for a formula is not ours to write: titles and paths
/// are given a blank in front.
fn quoted(cell: &str) -> String {
    let cell = if cell.starts_with(['=', '+', '@']) { format!(" {cell}") } else { cell.to_owned() };
    if cell.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

type Cell = (String, Range<usize>);

/// The cells of a table, by line; each with its bytes. A quote that is not closed is an error.
fn cells(path: &str, text: &str, report: &mut Report) -> Vec<Vec<Cell>> {
    let mut lines = vec![vec![]];
    let mut at = 0;
    while at < text.len() {
        let rest = text.get(at..).unwrap_or_default();
        let (cell, length) = match rest.strip_prefix('"') {
            Some(inner) => match end_of_quoted(inner) {
                Some(end) => (inner.get(..end).unwrap_or_default().replace("\"\"", "\""), end + 2),
                None => {
                    let line = at..at + rest.find('\n').unwrap_or(rest.len());
                    let message = "这一格的引号没有配对";
                    let hint = "用 Excel、WPS 打开登记册改好再保存，或者从备份里找回";
                    report.push(
                        Diagnostic::error("wrong-register", Place::new(path, line), message).hint(hint),
                    );
                    return vec![];
                }
            },
            None => {
                let end = rest.find([',', '\n']).unwrap_or(rest.len());
                (rest.get(..end).unwrap_or_default().to_owned(), end)
            }
        };
        // What stands between a closing quote and the next comma belongs to the cell.
        let after = rest.get(length..).unwrap_or_default();
        let extra = after.find([',', '\n']).unwrap_or(after.len());
        let cell = format!("{cell}{}", after.get(..extra).unwrap_or_default());
        let end = at + length + extra;
        if let Some(line) = lines.last_mut() {
            line.push((cell.trim().to_owned(), at..end));
        }
        match text.as_bytes().get(end) {
            Some(b'\n') => lines.push(vec![]),
            // A line may end with an empty cell.
            Some(_) if matches!(text.as_bytes().get(end + 1), None | Some(b'\n')) => {
                if let Some(line) = lines.last_mut() {
                    line.push((String::new(), end + 1..end + 1));
                }
                if text.as_bytes().get(end + 1).is_some() {
                    lines.push(vec![]);
                }
                at = end + 2;
                continue;
            }
            _ => {}
        }
        at = end + 1;
    }
    lines.retain(|line| line.iter().any(|(cell, _)| !cell.is_empty()));
    lines
}

/// Where a quoted cell ends: at a quote that is not doubled.
fn end_of_quoted(text: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        let quote = at + text.get(at..)?.find('"')?;
        if text.as_bytes().get(quote + 1) != Some(&b'"') {
            return Some(quote);
        }
        at = quote + 2;
    }
}

/// The head and the rows of a register, checked. `None` where there is none.
fn rows(path: &str, text: &str, report: &mut Report) -> Option<(Vec<String>, Vec<Row>)> {
    let lines = cells(path, text, report);
    if report.has_errors() {
        return None;
    }
    let mut push = |range: Range<usize>, message: String, hint: &str| {
        report.push(Diagnostic::error("wrong-register", Place::new(path, range), message).hint(hint));
    };
    let mut lines = lines.into_iter();
    let head = lines.next().unwrap_or_default();
    let first = head.first().map_or(0, |c| c.1.start)..head.last().map_or(0, |c| c.1.end);
    let head: Vec<String> = head.into_iter().map(|c| c.0).collect();
    let missing: Vec<&str> = NEEDED.into_iter().filter(|n| !head.iter().any(|h| h == n)).collect();
    if !missing.is_empty() {
        let hint = format!(
            "第一行写各栏的名称：{}。选错了文件的换一个；空的登记册直接删去，程序会新建",
            COLUMNS.join("、")
        );
        push(first, format!("文号登记册的第一行没有“{}”这些栏", missing.join("”“")), &hint);
        return None;
    }
    let column = |name: &str| head.iter().position(|h| h == name);
    let mut rows: Vec<(Row, Range<usize>)> = vec![];
    let mut seen = BTreeSet::new();
    for line in lines {
        let whole = line.first().map_or(0, |c| c.1.start)..line.last().map_or(0, |c| c.1.end);
        let cell = |name: &str| {
            let found = column(name).and_then(|i| line.get(i)).cloned();
            found.unwrap_or_else(|| (String::new(), whole.clone()))
        };
        if let Some((text, range)) =
            line.get(head.len()..).and_then(|more| more.iter().find(|c| !c.0.is_empty()))
        {
            let hint = "内容里有逗号的，整格放在英文双引号里；用 Excel、WPS 改最稳妥";
            push(range.clone(), format!("这一行比第一行多了一格「{text}」"), hint);
            continue;
        }
        let (written, place) = cell(NUMBER);
        let Some(number) = Number::parse(&written) else {
            let hint = "写成 示例公开〔2026〕12号：年份用六角括号〔〕，序号不加“第”、不补零";
            push(place, format!("文号「{written}」的写法不对"), hint);
            continue;
        };
        let same = [(YEAR, number.year.to_string()), (SERIAL, number.serial.to_string())];
        for (name, should) in same {
            let (found, place) = cell(name);
            if found != should {
                push(place, format!("“{name}”是「{found}」，文号里是 {should}"), "核对以后改成一致");
            }
        }
        let (state, place) = cell(STATE);
        if ![PENDING, USED, VOID, ""].contains(&state.as_str()) {
            let hint = format!("可以写 {PENDING}、{USED}、{VOID}");
            push(place, format!("没有「{state}」这种状态"), &hint);
        }
        if !seen.insert(number.clone()) {
            let hint = "一个号只能登记一次；核对是哪一份文书的，另一份重新取号";
            push(cell(NUMBER).1, format!("文号「{number}」登记了两次"), hint);
        }
        let mut cells: Vec<String> = line.into_iter().map(|c| c.0).collect();
        cells.resize(head.len(), String::new());
        rows.push((Row { number, cells }, whole));
    }
    gaps(path, &rows, report);
    Some((head, rows.into_iter().map(|(row, _)| row).collect()))
}

/// Warns of numbers that are missing between others: a row that was deleted.
fn gaps(path: &str, rows: &[(Row, Range<usize>)], report: &mut Report) {
    let mut all: Vec<&(Row, Range<usize>)> = rows.iter().collect();
    all.sort_by(|a, b| a.0.number.cmp(&b.0.number));
    for pair in all.windows(2) {
        let [(before, _), (after, place)] = pair else { continue };
        let (one, two) = (&before.number, &after.number);
        if one.code == two.code && one.year == two.year && two.serial > one.serial + 1 {
            let message = format!("{one} 后面就是 {two}，中间缺号");
            let hint = "删去的行要找回来；没有用的号也登记一行，状态写 作废";
            let place = Place::new(path, place.clone());
            report.push(Diagnostic::error("wrong-register", place, message).warning().hint(hint));
        }
    }
}

/// The register that a person means: `--register`, else the agency's setting, else the one in the handbook's folder.
pub fn register_path(project: &Project, named: Option<&Path>) -> PathBuf {
    match named {
        Some(named) => named.to_path_buf(),
        None => project.root.join(project.agency.get("register").unwrap_or(REGISTER)),
    }
}

/// How a number is to be taken.
pub struct Asked<'a> {
    /// The request file.
    pub request: &'a Path,
    /// What goes over it for this letter (`--set`, `--date`).
    pub set: &'a [(String, String)],
    /// The register.
    pub register: &'a Path,
    /// The first number of a year that has none yet.
    pub first: u32,
}

/// Takes a number for a request file and writes it there, after it was seen that the letter can be made with it. The
/// same file gets the same number again. `None` if there are mistakes, and then those were shown; nothing was taken.
pub fn give(project: &Project, asked: &Asked<'_>) -> anyhow::Result<Option<String>> {
    if asked.set.iter().any(|(name, _)| name == "number") {
        bail!("取号的时候不能再用 --set number= 写文号");
    }
    let Some(code) = project.agency.get("code") else {
        let message = "还没有设机关代字，取不了文号";
        let hint = "在 book.toml 的 [preprocessor.gongkai.agency] 下面写 code = \"示例公开\" 这样一行，写本机关的代字";
        let mut report = Report::default();
        report.push(Diagnostic::error("no-code", Place::new("book.toml", 0..0), message).hint(hint));
        output::report(&report, &project.sources);
        return Ok(None);
    };
    // Both folders are kept to ourselves, always in the same order: `request add` may write the same request.
    let folder = |path: &Path| {
        let parent = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        parent.canonicalize().ok()
    };
    let work = |register: &mut Register| given(project, asked, code, register);
    let (one, two) = (folder(asked.register), folder(asked.request));
    let shown = asked.request.display();
    anyhow::ensure!(asked.request.is_file(), "找不到申请件 {shown}");
    let found = if one.is_none() || one == two {
        open(asked.register, work)?
    } else if one < two {
        open(asked.register, |register| {
            disk::alone(asked.request, || work(register))
                .with_context(|| format!("锁不住 {shown} 所在的文件夹"))?
        })?
    } else {
        disk::alone(asked.request, || open(asked.register, work))
            .with_context(|| format!("锁不住 {shown} 所在的文件夹"))??
    };
    Ok(found.flatten())
}

fn given(
    project: &Project,
    asked: &Asked<'_>,
    code: &str,
    register: &mut Register,
) -> anyhow::Result<Option<String>> {
    let mut report = Report::default();
    let path = asked.request.display().to_string().replace('\\', "/");
    let bytes = disk::read_bytes(asked.request, LARGEST_REQUEST)?;
    let text = disk::decode_text(&path, bytes.clone(), &mut report).unwrap_or_default();
    let file = File { path: &path, text: &text };
    let fine = !report.has_errors();
    let chosen = fine.then(|| choose(project, asked, code, (&file, &*register), &mut report)).flatten();
    let Some((number, choice, day)) = chosen else {
        let mut sources = project.sources.clone();
        sources.insert(path.as_str(), text.as_str());
        let set: String = asked.set.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
        sources.insert(COMMAND_LINE, set);
        output::report(&report, &sources);
        output::note("没有取号。");
        return Ok(None);
    };
    let key = register.key(asked.request);
    let wanted = Wanted { code, year: number.year, key: &key, day, first: asked.first, ..choice.wanted() };
    // First the register, then the request: whatever happens in between, the number is nobody else's.
    let row = choice.row.unwrap_or_else(|| {
        register.add(&number, &wanted, PENDING);
        register.rows.len() - 1
    });
    let before = register.rows.get(row).map(|r| r.cells.clone());
    register.set(row, REQUEST, &key);
    register.set(row, TITLE, wanted.title);
    if !wanted.registration.is_empty() {
        register.set(row, REGISTRATION, wanted.registration);
    }
    if choice.row.is_none() {
        register.save()?;
    }
    let number = number.to_string();
    if !choice.written {
        let new = edited(&text, &number).with_context(|| format!("文号写不进 {path}，申请件没有动"))?;
        disk::write_atomic(asked.request, &as_before(&bytes, &new), true)
            .with_context(|| format!("写不了 {path}；文号 {number} 已经留给它，改好以后再运行一次"))?;
    }
    register.set(row, STATE, USED);
    if register.rows.get(row).map(|r| r.cells.clone()) != before {
        register.save()?;
    }
    Ok(Some(number))
}

/// A request file's path for messages, and its text.
struct File<'a> {
    path: &'a str,
    text: &'a str,
}

/// Which number a request gets.
struct Choice {
    /// Its row, where it has one.
    row: Option<usize>,
    /// Whether it stands in the request already.
    written: bool,
    title: String,
    registration: String,
}

impl Choice {
    fn wanted(&self) -> Wanted<'_> {
        Wanted {
            code: "",
            year: 0,
            key: "",
            title: &self.title,
            registration: &self.registration,
            day: None,
            first: 1,
        }
    }
}

/// The number for a request, after the letter was made with it in memory; and the day of taking it.
fn choose(
    project: &Project,
    asked: &Asked<'_>,
    code: &str,
    (file, register): (&File<'_>, &Register),
    report: &mut Report,
) -> Option<(Number, Choice, Option<Date>)> {
    let node = Node::parse(file.path, file.text, 0, report)?;
    let place = |key: &str| Place::new(file.path, node.get(key).map_or(0..0, |n| n.range.clone()));
    // With some number in the place of the one to come, to see the letter's kind and date.
    let first = Number { code: code.to_owned(), year: 2000, serial: 1 };
    let named = node.get("letter").and_then(|n| if let Value::Text(t) = &n.value { Some(t) } else { None });
    let clauses = &project.corpus.clauses;
    let clause =
        named.and_then(|n| clauses.get(n).or_else(|| clauses.values().find(|c| c.header.title == *n)));
    if let Some(clause) = clause
        && letter::fields(&project.corpus, &clause.header).iter().all(|p| p.name != "number")
    {
        let message = format!("《{}》没有文号，不用取", clause.header.title);
        let hint = "登记回执、表单这样的文书不编文号";
        report.push(Diagnostic::error("no-number", place("letter"), message).hint(hint));
        return None;
    }
    let request = filled(project, asked, (file, &first), report)?;
    let clause = clauses.get(&request.letter)?;
    let Some(Answer::Date(date)) = request.answers.get("date") else {
        let message = "这种文书没有落款日期，不知道取哪一年的文号";
        report.push(Diagnostic::error("no-number", place("letter"), message).hint("手工登记文号"));
        return None;
    };
    let registration = match request.answers.get("request_number") {
        Some(Answer::Text(text)) => text.clone(),
        _ => String::new(),
    };
    let mut choice = Choice { row: None, written: false, title: clause.header.title.clone(), registration };
    let key = register.key(asked.request);
    let held = node.get("number").and_then(written);
    choice.written = held.is_some();
    let found = {
        let wanted = Wanted { code, year: date.year(), key: &key, ..choice.wanted() };
        match &held {
            Some(held) => register.held(held, &wanted).map(Some),
            None => register.resumed(&wanted),
        }
    };
    choice.row = match found {
        Ok(row) => row,
        Err((message, hint)) => {
            report.push(Diagnostic::error("wrong-number", place("number"), message).hint(hint));
            return None;
        }
    };
    let number = match choice.row.and_then(|row| register.rows.get(row)) {
        Some(row) => row.number.clone(),
        None => match register.next(code, date.year(), asked.first) {
            Ok(number) => number,
            Err(error) => {
                let message = error.to_string();
                let (message, hint) = message.split_once("\n提示: ").unwrap_or((&message, ""));
                report.push(Diagnostic::error("wrong-number", place("number"), message).hint(hint));
                return None;
            }
        },
    };
    if number.year != date.year() {
        let message = format!("文号是 {} 年的，落款日期是 {date}", number.year);
        let hint = "核对落款日期；跨年才发出的，原来的号作废（letter number --void），取新一年的";
        report.push(Diagnostic::error("wrong-number", place("number"), message).hint(hint));
        return None;
    }
    // A letter that cannot be made must not burn a number.
    let request = filled(project, asked, (file, &number), report)?;
    letter::fill(&project.corpus, &request, report)?;
    Some((number, choice, disk::today().or(Some(*date))))
}

fn filled(
    project: &Project,
    asked: &Asked<'_>,
    (file, number): (&File<'_>, &Number),
    report: &mut Report,
) -> Option<Request> {
    let mut set = asked.set.to_vec();
    set.push(("number".to_owned(), number.to_string()));
    let input = Input { path: file.path, text: file.text, set: &set };
    Request::read(&project.corpus, &project.agency, input, report)
}

/// The text of a request file with its number, everything else as it was.
fn edited(text: &str, number: &str) -> Option<String> {
    let node = Node::parse("", text, 0, &mut Report::default())?;
    let value = Json::from(number).to_string();
    let new = if let Some(old) = node.get("number") {
        format!("{}{value}{}", text.get(..old.range.start)?, text.get(old.range.end..)?)
    } else {
        // Under the line that says which letter it is: at the end it would belong to the last table.
        let end = node.get("letter")?.range.end;
        let line = text.get(end..)?.find('\n').map_or(text.len(), |i| end + i);
        format!("{}\nnumber = {value}{}", text.get(..line)?, text.get(line..)?)
    };
    let read = Node::parse("", &new, 0, &mut Report::default())?;
    (read.get("number").and_then(written).as_deref() == Some(number)).then_some(new)
}

/// A text with the byte order mark and the line ends that its file had.
fn as_before(old: &[u8], new: &str) -> Vec<u8> {
    let mut out =
        if old.starts_with("\u{feff}".as_bytes()) { "\u{feff}".as_bytes().to_vec() } else { vec![] };
    if old.windows(2).any(|pair| pair == b"\r\n") {
        out.extend(new.replace('\n', "\r\n").into_bytes());
    } else {
        out.extend(new.as_bytes());
    }
    out
}

/// `gongkai letter number`.
pub fn run(project: &Project, args: &NumberArgs) -> anyhow::Result<Ending> {
    let register = register_path(project, args.numbering.register.as_deref());
    if let Some(number) = &args.void {
        return void(&register, number, args.reason.as_deref().unwrap_or_default());
    }
    let Some(request) = &args.request else { bail!("没有写申请件") };
    let set: Vec<_> = args.date.iter().map(|date| ("date".to_owned(), date.clone())).collect();
    let asked = Asked { request, set: &set, register: &register, first: args.numbering.from.unwrap_or(1) };
    let Some(number) = give(project, &asked)? else { return Ok(Ending::Findings) };
    output::print(&format!("{number}\n已经写进 {}，登记在 {}。\n", request.display(), register.display()))?;
    Ok(Ending::Fine)
}

fn void(path: &Path, wanted: &str, reason: &str) -> anyhow::Result<Ending> {
    if reason.trim().is_empty() || reason.contains(['\n', '\r']) {
        bail!("作废要写一行原因，例如 --reason 文书没有发出");
    }
    anyhow::ensure!(path.is_file(), "没有文号登记册 {}\n提示: 用 --register 指明在哪里", path.display());
    let done = open(path, |register| {
        let Some(row) = Number::parse(wanted).and_then(|n| register.row_of(&n)) else {
            bail!("登记册里没有文号「{wanted}」\n提示: 照登记册写全，例如 示例公开〔2026〕12号");
        };
        if register.is_void(row) {
            return Ok(format!("{wanted} 原来就已经作废：{}\n", register.cell(row, REASON)));
        }
        let request = register.cell(row, REQUEST).to_owned();
        register.set(row, STATE, VOID);
        if register.column(REASON).is_none() {
            register.head.push(REASON.to_owned());
        }
        register.set(row, REASON, reason.trim());
        register.save()?;
        Ok(format!("{wanted} 已经作废，不会再用。申请件 {request} 里的文号请清空。\n"))
    })?;
    let Some(said) = done else { return Ok(Ending::Findings) };
    output::print(&said)?;
    Ok(Ending::Fine)
}
