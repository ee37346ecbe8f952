//! `gongkai letter sheet`: a workbook to fill in; and tables opened for `letter fill` and `letter batch`.

use super::letter::{Filled, pairs_of, save};
use super::{Ending, FillArgs, Project, output};
use crate::corpus::{Clause, Parameter};
use crate::disk;
use crate::letter::labels;
use crate::letter::sheet::{self, CellText, Details, HEAD, Other, Preface, Reading};
use crate::letter::{self, Answers, COMMAND_LINE, Input, Request};
use crate::table::{self, Book, Row};
use crate::text::{Diagnostic, Place, Report};
use anyhow::bail;
use std::path::{Path, PathBuf};

/// Largest table, in bytes.
const LARGEST: u64 = 64 * 1024 * 1024;
/// File name endings of tables; what they hold is seen from the content.
const ENDINGS: [&str; 9] = ["xlsx", "xlsm", "xls", "et", "ett", "xlt", "ods", "csv", "tsv"];

/// Writes the workbook of a letter.
pub fn blank(
    project: &Project,
    id: &str,
    (output, example): (Option<PathBuf>, bool),
    force: bool,
) -> anyhow::Result<Ending> {
    let clause = project.clause(id)?;
    let corpus = &project.corpus;
    let answers = if example { Request::example(corpus, clause).answers } else { Answers::new() };
    let Some(plan) = sheet::plan(corpus, clause, &project.agency, &answers) else {
        bail!(
            "《{}》有几项各不相同的答复，一张表填不下\n提示: 用 gongkai letter new {} 得到申请件来填，或者用 gongkai letter ask {} 一问一答",
            clause.title,
            clause.id,
            clause.id
        );
    };
    let path = output.unwrap_or_else(|| PathBuf::from("登记表.xlsx"));
    let ending = path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
    if ending.as_deref() != Some("xlsx") {
        bail!("{} 的文件名要以 .xlsx 结尾", path.display());
    }
    save(&path, &table::write(&plan)?, force)?;
    output::print(&format!(
        "《{}》的登记表已写到 {1}。用 WPS 或 Excel 填好保存。只填一行的，运行：gongkai letter fill {1}\n填许多行的，运行：gongkai letter batch {1} --out 文书\n",
        clause.title,
        path.display()
    ))?;
    Ok(Ending::Fine)
}

/// Whether a file is a table, by its name or by what it holds.
pub fn is_table(file: &Path) -> bool {
    let ending = file.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
    if ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str())) {
        return true;
    }
    file.as_os_str() != "-" && disk::read_bytes(file, LARGEST).is_ok_and(|bytes| Book::is_binary(&bytes))
}

/// An open table: the sheet that is read, and its first rows.
pub(super) struct Source {
    /// Path for messages.
    pub path: String,
    /// The file.
    pub book: Book,
    /// The sheet that is read; empty for a .csv file.
    pub sheet: String,
    head: Vec<Row>,
}

/// How a table's rows are read, and what is known of all of them.
pub(super) struct Table<'a> {
    /// The labels.
    pub reading: Reading<'a>,
    /// The rows of other sheets.
    pub details: Details,
    /// The number of each row that holds anything.
    pub numbers: Vec<u32>,
}

impl Source {
    /// Opens a table.
    ///
    /// # Errors
    ///
    /// When it cannot be read, with what to do about it.
    pub fn open(file: &Path) -> anyhow::Result<Self> {
        let path = file.display().to_string().replace('\\', "/");
        let bytes = disk::read_bytes(file, LARGEST)?;
        let mut book = Book::open(bytes).map_err(|why| anyhow::anyhow!("读不了 {path}：{why}"))?;
        let sheets = book.sheets();
        let named = sheets.iter().find(|s| s.name.trim() == sheet::FIRST);
        let Some(first) = named.or_else(|| sheets.iter().find(|s| !s.hidden)) else {
            bail!("{path} 里没有工作表");
        };
        let sheet = first.name.clone();
        let head = rows(&mut book, &path, &sheet, HEAD)?;
        Ok(Self { path, book, sheet, head })
    }

    /// The letter that the table was made for, if it says so.
    pub fn letter(&self) -> Option<&str> {
        sheet::letter_of(&self.head)
    }

    /// Reads the labels, the other sheets and the numbers of the rows. `None` if there are mistakes; the report has them,
    /// with places in `text`.
    pub fn table<'a>(
        &mut self,
        project: &'a Project,
        clause: &'a Clause,
        (path, given): (&'a str, &'a [String]),
        (text, report): (&mut CellText, &mut Report),
    ) -> anyhow::Result<Option<Table<'a>>> {
        let fields = letter::fields(&project.corpus, clause);
        let others = self.others(&fields)?;
        let merged = self.book.merged(&self.sheet).map_err(|why| unreadable(&self.path, &why))?;
        let preface = Preface {
            path,
            sheet: &self.sheet,
            head: &self.head,
            merged,
            since_1904: self.book.since_1904(),
            others: others.iter().map(|o| o.0.name.clone()).collect(),
            given,
        };
        let reading = Reading::new(&project.corpus, (clause, &project.agency), preface, text, report);
        let Some(reading) = reading else { return Ok(None) };
        let mut numbers = vec![];
        let mut wrong = vec![];
        let heading = &reading.heading;
        let counted = self.book.rows(&self.sheet, &mut |row| {
            if heading.is_data(&row) {
                let ordinal = u32::try_from(numbers.len() + 1).unwrap_or(u32::MAX);
                match heading.number(&row) {
                    Ok(number) => numbers.push(number.unwrap_or(ordinal)),
                    Err(written) => {
                        numbers.push(ordinal);
                        wrong.push((row.number, written));
                    }
                }
            }
            true
        });
        counted.map_err(|why| unreadable(&self.path, &why))?;
        for (row, written) in wrong {
            let range = text.add((&self.sheet, row, 1), "序号", &written);
            let message = format!("序号「{written}」不是整数");
            let place = Place::new(&self.path, range);
            report.push(Diagnostic::error("wrong-row-number", place, message).hint("写 1、2、3 这样的数"));
        }
        if numbers.is_empty() {
            let place = Place::new(&self.path, text.add((&self.sheet, 1, 1), "", ""));
            let hint = "从说明行的下一行开始填；只写了序号的行不算";
            report.push(Diagnostic::error("no-rows", place, "表里一行也没有填").hint(hint));
        }
        let mut details = Details::default();
        for (field, sheet, rows) in others {
            let other = Other { field, sheet: &sheet, rows };
            details.add(other, &numbers, (&self.path, text), report);
        }
        Ok((!report.has_errors()).then_some(Table { reading, details, numbers }))
    }

    /// The sheets that hold rows of a field, with all of their rows.
    fn others<'f>(
        &mut self,
        fields: &[&'f Parameter],
    ) -> anyhow::Result<Vec<(&'f Parameter, String, Vec<Row>)>> {
        let mut all: Vec<(&Parameter, String, Vec<Row>)> = vec![];
        for other in self.book.sheets() {
            if other.name == self.sheet {
                continue;
            }
            let head = rows(&mut self.book, &self.path, &other.name, HEAD)?;
            let Some(field) = sheet::field_of(fields, &other.name, &head) else { continue };
            if let Some((_, first, _)) = all.iter().find(|(f, ..)| f.name == field.name) {
                bail!(
                    "{} 里“{first}”和“{}”都是「{}」的表\n提示: 留一张，另一张删去",
                    self.path,
                    other.name,
                    field.label
                );
            }
            let rows = rows(&mut self.book, &self.path, &other.name, usize::MAX)?;
            all.push((field, other.name, rows));
        }
        Ok(all)
    }
}

/// At most so many rows of a sheet.
fn rows(book: &mut Book, path: &str, sheet: &str, most: usize) -> anyhow::Result<Vec<Row>> {
    let mut all = vec![];
    let read = book.rows(sheet, &mut |row| {
        all.push(row);
        all.len() < most
    });
    read.map_err(|why| unreadable(path, &why))?;
    Ok(all)
}

/// The error of a table that cannot be read to its end.
pub(super) fn unreadable(path: &str, why: &table::Unreadable) -> anyhow::Error {
    anyhow::anyhow!("读不了 {path}：{why}")
}

/// The names of the fields that `--set` and `--date` give, by name or label.
pub(super) fn given(project: &Project, clause: &Clause, set: &[(String, String)]) -> Vec<String> {
    let fields = letter::fields(&project.corpus, clause);
    let name = |word: &String| labels::named(&fields, word).map_or_else(|| word.clone(), |p| p.name.clone());
    set.iter().map(|(word, _)| name(word)).collect()
}

/// One row as a request. What its cells could not say is not said a second time as missing.
pub(super) fn request(
    project: &Project,
    tree: sheet::RowTree,
    (path, set): (&str, &[(String, String)]),
    report: &mut Report,
) -> Option<Request> {
    let mut found = Report::default();
    let input = Input { path, text: &tree.cells.text, set };
    let request = Request::of_tree(&project.corpus, &project.agency, (tree.node, input), &mut found);
    let told = |d: &Diagnostic| !tree.whole && d.code == "missing-key";
    found.sorted().into_iter().filter(|d| !told(d)).for_each(|d| report.push(d));
    request.filter(|_| tree.whole)
}

/// Reads a table with one row and fills its letter. `None` if there are mistakes, and then those were shown.
pub(super) fn read_and_fill(project: &Project, args: &FillArgs) -> anyhow::Result<Option<Filled>> {
    let mut source = Source::open(&args.request)?;
    let path = source.path.clone();
    let Some(letter) = source.letter().map(str::to_owned) else {
        bail!(
            "{path} 里没有写是哪一种文书\n提示: 用 gongkai letter batch {path} --template 文书名称 --out 文件夹；或者用 gongkai letter sheet 得到一张做好的表"
        );
    };
    let clause = project.clause(&letter)?;
    let set = pairs_of(&args.set, args.date.as_deref())?;
    let given = given(project, clause, &set);
    let (mut report, mut cells) = (Report::default(), CellText::default());
    let mut sources = project.sources.clone();
    let set_text: String = set.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
    sources.insert(COMMAND_LINE, set_text);
    let table = source.table(project, clause, (&path, &given), (&mut cells, &mut report))?;
    let filled = match table {
        Some(table) if table.numbers.len() > 1 => {
            bail!(
                "{path} 填了 {} 行，这个命令只生成一份\n提示: 用 gongkai letter batch {path} --out 文件夹",
                table.numbers.len()
            );
        }
        Some(Table { reading, details, numbers }) => {
            let number = numbers.first().copied().unwrap_or(1);
            let mut only = None;
            let read = source.book.rows(&source.sheet, &mut |row| {
                if reading.heading.is_data(&row) {
                    only = Some(row);
                }
                only.is_none()
            });
            read.map_err(|why| unreadable(&path, &why))?;
            let Some(row) = only else { return Ok(None) };
            let tree = reading.row(&clause.id, &row, (number, &details), &mut report);
            cells = tree.cells.clone();
            request(project, tree, (&path, &set), &mut report)
                .and_then(|request| Some((letter::fill(&project.corpus, &request, &mut report)?, request)))
        }
        None => None,
    };
    sources.insert_table(path.as_str(), cells.text, cells.cells);
    if !report.is_empty() {
        output::report(&report, &sources);
    }
    let Some((letter, request)) = filled else {
        output::note("文书没有生成。");
        return Ok(None);
    };
    Ok(Some(Filled { path, text: String::new(), request, letter, sources }))
}
