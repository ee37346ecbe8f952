//! `gongkai letter batch`: one letter for each row of a table, and a table of what became of the rows.

use super::letter::pairs_of;
use super::numbers::{self, RowNumbers, Wanted};
use super::sheet::{Source, Table, given, request, unreadable};
use super::{BatchArgs, Ending, Format, Project, output};
use crate::calendar::Date;
use crate::clock::{Clock, Span};
use crate::corpus::{Clause, DocumentKind};
use crate::disk::{self, Batch, Written};
use crate::letter::sheet::CellText;
use crate::letter::{self, Answer, Block, COMMAND_LINE, Filler, Letter, Request, labels};
use crate::table::{self, Book, Row, Value};
use crate::text::{CellPlace, Diagnostic, Level, Place, Report, Sources, forbidden};
use anyhow::{Context, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// The table of results.
const RESULTS: &str = "结果.csv";
/// Its first line, after the mark by which a spreadsheet knows UTF-8. A file that begins otherwise is not ours.
const RESULTS_HEAD: &str =
    "\u{feff}行,序号,文件,状态,答复期限（自收到之日推算，未计征求意见和延期）,说明\r\n";
/// The column of files in it, from 1.
const FILES: u32 = 3;
/// Longest file name, in characters and in bytes: Windows counts the former together with the folder, Linux the latter.
const LONGEST_NAME: (usize, usize) = (100, 240);
/// What is said of a file that the last run made and no row of this one is for.
const LEFT: &str = "上次生成、这次没有对应的行";
const LEFT_HINT: &str = "改过申请人、删去了行或者换过次序的，核对以后自己删去这个文件，不要误发";
/// Most mistakes that are kept to be shown; the others stand in the table of results.
const MOST_KEPT: usize = 1000;

/// What stands in the place of a number that the program is to take.
const COUNTED: &str = "自动";
/// The field of the number.
const NUMBER: &str = "number";
/// Rows whose numbers are taken together: the register is read and written once for all of them.
const TOGETHER: usize = 200;

/// Makes the letters of a table.
pub fn run(project: &Project, args: &BatchArgs) -> anyhow::Result<Ending> {
    let mut source = Source::open(&args.table)?;
    let clause = clause(project, args, &source)?;
    let mut set = pairs_of(&args.set, args.date.as_deref())?;
    let given = given(project, clause, &set);
    let all_counted = counted(project, clause, &mut set);
    let (mut report, mut cells) = (Report::default(), CellText::default());
    let path = source.path.clone();
    let set_text: String = set.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
    let Some(table) = source.table(project, clause, (&path, &given), (&mut cells, &mut report))? else {
        let mut sources = project.sources.clone();
        sources.insert(COMMAND_LINE, set_text);
        sources.insert_table(path.as_str(), cells.text, cells.cells);
        output::report(&report, &sources);
        output::note("文书一份也没有生成。");
        return Ok(Ending::Findings);
    };
    let earlier = earlier(args)?;
    let Some(folder) = Batch::begin(&args.out).with_context(|| format!("写不了 {}", args.out.display()))?
    else {
        bail!("另一个 gongkai 正在往 {} 里写\n提示: 等它做完，或者换一个文件夹", args.out.display());
    };
    let mut work = Work {
        project,
        clause,
        table: &table,
        path: &path,
        set: &set,
        format: args.format.unwrap_or(Format::Docx),
        args,
        folder: &folder,
        all_counted,
        register: numbers::register_path(project, args.numbering.register.as_deref()),
        opened: Opened::NotYet,
        earlier,
        filler: Filler::new(&project.corpus),
        repeated: repeated(&table.numbers),
        shown: Shown::default(),
        tally: Tally::default(),
    };
    work.shown.take(&report, cells, &path);
    work.rows(&mut source)?;
    let Work { shown, tally, .. } = work;
    finish(project, (shown, set_text), &tally, args)
}

/// The letter that the command or the table names.
fn clause<'a>(project: &'a Project, args: &BatchArgs, source: &Source) -> anyhow::Result<&'a Clause> {
    let path = &source.path;
    match (&args.template, source.letter()) {
        (Some(wanted), own) => {
            let clause = project.clause(wanted)?;
            if let Some(own) = own.filter(|own| *own != clause.id) {
                let made = project.clause(own).map_or_else(|_| own.to_owned(), |c| c.title.clone());
                bail!(
                    "{path} 是《{made}》的登记表，不是《{}》的\n提示: 去掉 --template，或者换一张表",
                    clause.title
                );
            }
            Ok(clause)
        }
        (None, Some(own)) => project.clause(own),
        (None, None) => {
            bail!("没有写是哪一种文书\n提示: 加上 --template 文书名称；用 gongkai letter list 看有哪些")
        }
    }
}

/// The files that the last run made, by its table of results. That table is ours to replace; another file of that name is
/// not.
fn earlier(args: &BatchArgs) -> anyhow::Result<BTreeSet<String>> {
    let path = args.out.join(RESULTS);
    let Ok(bytes) = std::fs::read(&path) else { return Ok(BTreeSet::new()) };
    let ours = bytes.starts_with(RESULTS_HEAD.as_bytes());
    if !args.force && !ours {
        bail!(
            "{} 不是这个命令写的，或者改过，没有动它\n提示: 把它改个名字；确定要换掉它，加上 --force",
            path.display()
        )
    }
    let mut files = BTreeSet::new();
    // What cannot be read names no files.
    if let Some(mut book) = ours.then(|| Book::open(bytes).ok()).flatten() {
        let _ = book.rows("", &mut |row| {
            if let Some(Value::Text(file)) = row.get(FILES).filter(|_| row.number > 1) {
                files.insert(file.clone());
            }
            true
        });
    }
    Ok(files)
}

struct Work<'a> {
    project: &'a Project,
    clause: &'a Clause,
    table: &'a Table<'a>,
    path: &'a str,
    set: &'a [(String, String)],
    format: Format,
    args: &'a BatchArgs,
    folder: &'a Batch,
    /// Whether every row is to get a number from the register.
    all_counted: bool,
    register: PathBuf,
    opened: Opened,
    /// Files of the last run that no row of this one made or has mistakes in.
    earlier: BTreeSet<String>,
    filler: Filler<'a>,
    /// How often each number was met, of those that stand in more than one row.
    repeated: BTreeMap<u32, u32>,
    shown: Shown,
    tally: Tally,
}

/// The register as far as this batch knows it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opened {
    NotYet,
    Fine,
    /// It has mistakes, which were shown.
    Wrong,
}

#[derive(Default)]
struct Tally {
    made: usize,
    kept: usize,
    wrong: usize,
    /// Files of the last run that no row of this one is for.
    left: usize,
}

/// A row that was read, and no letter made of it yet.
struct Waiting {
    row: u32,
    number: u32,
    /// Where it says that its number is to be taken from the register.
    counted: Option<Place>,
    request: Option<Request>,
    report: Report,
    cells: CellText,
}

/// A row's letter, not written yet.
struct Made {
    row: u32,
    number: u32,
    /// The file, and what goes into it; nothing where a mistake is in the way.
    letter: Option<(String, Letter, Request)>,
    /// Whether a file of that name stands in the way of taking a number.
    kept: bool,
    message: String,
}

/// What became of a row.
struct Outcome {
    file: String,
    status: &'static str,
    deadline: String,
    message: String,
}

impl Work<'_> {
    /// Goes through the rows once; nothing of a row is kept but its mistakes.
    fn rows(&mut self, source: &mut Source) -> anyhow::Result<()> {
        let out = &self.args.out;
        let mut results = self.folder.growing()?;
        results.add(RESULTS_HEAD)?;
        let bar = output::Count::start(self.table.numbers.len());
        let mut next = 0;
        let mut failed = None;
        let mut waiting: Vec<Waiting> = vec![];
        let mut settle = |work: &mut Self, waiting: &mut Vec<Waiting>| -> anyhow::Result<()> {
            for made in work.made(std::mem::take(waiting))? {
                let (row, number) = (made.row, made.number);
                results.add(&line(row, number, &work.written(made)?))?;
                bar.one_more();
            }
            Ok(())
        };
        let read = source.book.rows(&source.sheet, &mut |row| {
            if !self.table.reading.heading.is_data(&row) {
                return true;
            }
            let number = self.table.numbers.get(next).copied().unwrap_or(0);
            next += 1;
            waiting.push(self.row(&row, number));
            let more = waiting.len() < TOGETHER && waiting.iter().any(|w| w.counted.is_some());
            failed = if more { None } else { settle(self, &mut waiting).err() };
            failed.is_none()
        });
        read.map_err(|why| unreadable(self.path, &why))?;
        let failed = failed.or_else(|| settle(self, &mut waiting).err());
        if let Some(error) = failed {
            return Err(error.context(format!("写不了 {}", out.display())));
        }
        for file in std::mem::take(&mut self.earlier).into_iter().filter(|file| out.join(file).is_file()) {
            self.tally.left += 1;
            results.add(&format!(",,{},{LEFT},,{LEFT_HINT}\r\n", table::escape(&table::safe(&file))))?;
        }
        results.finish(&out.join(RESULTS)).with_context(|| {
            format!("写不了 {}；它正开着的话，先关上，再运行一次", out.join(RESULTS).display())
        })
    }

    /// Reads one row.
    fn row(&self, row: &Row, number: u32) -> Waiting {
        let mut report = Report::default();
        let mut tree =
            self.table.reading.row(&self.clause.id, row, (number, &self.table.details), &mut report);
        if row.hidden {
            let range = tree.cells.text.len()..tree.cells.text.len();
            tree.cells.add(("", row.number, 1), "隐藏的行", "");
            let message = format!("第 {} 行在表里是隐藏的，也生成了", row.number);
            let hint = "不要这一行的，取消隐藏，把它删去，再删去生成的文书";
            report.push(
                Diagnostic::error("hidden-row", Place::new(self.path, range), message).warning().hint(hint),
            );
        }
        let mut counted = self.all_counted.then(|| Place::new(self.path, 0..0));
        if let Some(node) = tree.field(NUMBER).filter(|node| node.text() == COUNTED) {
            counted = Some(Place::new(self.path, node.range()));
            node.set(placeholder(self.project));
        }
        let cells = tree.cells.clone();
        let request = request(self.project, tree, (self.path, self.set), &mut report);
        let request = request.filter(|_| !report.has_errors());
        let mut waiting = Waiting { row: row.number, number, counted, request, report, cells };
        if waiting.counted.is_some() {
            let known = self.table.reading.heading.number(row).is_ok_and(|n| n.is_some());
            self.countable(&mut waiting, known);
        }
        waiting
    }

    /// Whether a number can be taken for a row: there must be a code, and the row must be known again the next time.
    fn countable(&self, waiting: &mut Waiting, known: bool) {
        let (Some(place), Some(request)) = (&waiting.counted, &waiting.request) else { return };
        let wrong = if self.project.agency.get("code").is_none() {
            let hint = "在 book.toml 的 [preprocessor.gongkai.agency] 下面写 code = \"示例公开\" 这样一行，写本机关的代字";
            ("no-code", "还没有设机关代字，取不了文号".to_owned(), hint)
        } else if self.repeated.contains_key(&waiting.number) {
            let message = format!("序号 {} 有两行，不知道哪一行取过哪个文号", waiting.number);
            ("no-counter", message, "由程序取文号的表，每一行的序号要不同")
        } else if !known && registration(request).is_empty() {
            let message = "这一行没有序号，也没有申请编号，下一次认不出它取过哪个文号".to_owned();
            ("no-counter", message, "在表里加一列“序号”，每行写一个不同的数；以后不要改")
        } else if !matches!(request.answers.get("date"), Some(Answer::Date(_))) {
            let message = "这种文书没有落款日期，不知道取哪一年的文号".to_owned();
            ("no-counter", message, "手工登记文号，写在这一格里")
        } else {
            return;
        };
        let (kind, message, hint) = wrong;
        let found = match kind {
            "no-code" => Diagnostic::error("no-code", place.clone(), message),
            _ => Diagnostic::error("no-counter", place.clone(), message),
        };
        waiting.report.push(found.hint(hint));
        waiting.request = None;
    }

    /// Makes the letters of some rows. Those that are to be counted get their numbers together; these are on disk, in the
    /// register, before any of the letters is.
    fn made(&mut self, waiting: Vec<Waiting>) -> anyhow::Result<Vec<Made>> {
        let counted = waiting.iter().any(|w| w.counted.is_some() && w.request.is_some());
        if !counted || self.opened == Opened::Wrong {
            return Ok(waiting.into_iter().map(|w| self.make(w, None)).collect());
        }
        let mut waiting = waiting;
        let (path, first) = (self.register.clone(), self.opened == Opened::NotYet);
        let all = numbers::open_saying(&path, first, |register| {
            let mut numbers = RowNumbers::new(register, &self.args.table);
            let all: Vec<Made> =
                waiting.drain(..).map(|waiting| self.make(waiting, Some(&mut numbers))).collect();
            numbers.save()?;
            Ok(all)
        })?;
        self.opened = if all.is_some() { Opened::Fine } else { Opened::Wrong };
        Ok(all.unwrap_or_else(|| waiting.into_iter().map(|w| self.make(w, None)).collect()))
    }

    /// Makes the letter of one row. A letter that cannot be made or would not be written takes no number.
    fn make(&mut self, waiting: Waiting, numbers: Option<&mut RowNumbers<'_>>) -> Made {
        let Waiting { row, number, counted, request, mut report, cells } = waiting;
        let (mut kept, mut said) = (false, String::new());
        let letter = request.and_then(|mut request| {
            let Some(place) = counted else {
                let letter = self.filler.fill(&request, &mut report)?;
                return Some((self.name(number, &letter, &request), letter, request));
            };
            let Some(numbers) = numbers else {
                let message = "文号登记册读不对，没有取号";
                let hint = "先照上面的提示改好登记册，再运行一次";
                report.push(Diagnostic::error("no-counter", place, message).hint(hint));
                return None;
            };
            let Some(Answer::Date(date)) = request.answers.get("date") else { return None };
            let (year, registration) = (date.year(), registration(&request).to_owned());
            let key = numbers.key(number);
            let wanted = Wanted {
                code: self.project.agency.get("code").unwrap_or_default(),
                year,
                key: &key,
                title: &self.clause.title,
                registration: &registration,
                day: disk::today().or(Some(*date)),
                first: self.args.numbering.from.unwrap_or(1),
            };
            let given = match numbers.of(&wanted) {
                Ok(given) => given,
                Err((message, hint)) => {
                    report.push(Diagnostic::error("wrong-number", place, message).hint(hint));
                    return None;
                }
            };
            request.answers.insert(NUMBER.to_owned(), Answer::Text(given.to_string()));
            let letter = self.filler.fill(&request, &mut report)?;
            let file = self.name(number, &letter, &request);
            kept = !given.held && !self.args.force && self.args.out.join(&file).exists();
            if kept {
                said = "没有取文号".to_owned();
            } else {
                numbers.take(&given, &wanted);
                said = format!("文号 {given}");
            }
            Some((file, letter, request))
        });
        let message = joined([messages(&report, cells.cells.as_slice(), self.path), said]);
        self.shown.take(&report, cells, self.path);
        Made { row, number, letter, kept, message }
    }

    /// Writes the letter of one row. An error is machine trouble.
    fn written(&mut self, made: Made) -> anyhow::Result<Outcome> {
        let Made { number, letter, kept, message, .. } = made;
        let Some((file, letter, request)) = letter else {
            self.tally.wrong += 1;
            // The file of a row with mistakes still has its row.
            let head = format!("{number:04}");
            self.earlier.retain(|file| file.split([' ', '-', '.']).next() != Some(&head));
            let deadline = String::new();
            return Ok(Outcome { file: String::new(), status: "有错，没有生成", deadline, message });
        };
        self.earlier.remove(&file);
        let written = if kept {
            Written::Kept
        } else {
            self.folder.write(&file, &self.format.write(&letter)?, self.args.force)?
        };
        let status = match written {
            Written::Done => {
                self.tally.made += 1;
                "已生成"
            }
            Written::Kept => {
                self.tally.kept += 1;
                "没有动：已有同名文件，内容不同"
            }
        };
        let (deadline, late) = self.deadline(&request);
        Ok(Outcome { file, status, deadline, message: joined([message, late]) })
    }

    /// `0001 张某 政府信息公开告知书.docx`: safe on Windows, the same every time, and different for every row.
    fn name(&mut self, number: u32, letter: &Letter, request: &Request) -> String {
        let mut head = format!("{number:04}");
        if let Some(met) = self.repeated.get_mut(&number) {
            *met += 1;
            head.push_str(&format!("-{met}"));
        }
        let who = match request.answers.get("applicant") {
            Some(Answer::Text(name)) => name.as_str(),
            _ => letter.blocks.iter().find_map(addressee).unwrap_or_default(),
        };
        let tail = format!(" {}.{}", safe(&letter.title), self.format.ending());
        let who = safe(who);
        let fits = |who: &str| {
            let name = format!("{head} {who}{tail}");
            name.chars().count() <= LONGEST_NAME.0 && name.len() <= LONGEST_NAME.1
        };
        let mut who: String = who;
        while !fits(&who) && who.pop().is_some() {}
        let who = who.trim_end_matches([' ', '.']);
        if who.is_empty() { format!("{head}{tail}") } else { format!("{head} {who}{tail}") }
    }

    /// The last day of the reply's term as far as the row says it, and what is to be looked at.
    fn deadline(&self, request: &Request) -> (String, String) {
        let corpus = &self.project.corpus;
        let date = |name: &str| match request.answers.get(name) {
            Some(Answer::Date(date)) => Some(*date),
            _ => None,
        };
        if let Some(own) = date("new_deadline").or_else(|| date("deadline")) {
            return (own.to_string(), String::new());
        }
        let shell = corpus.shells.get(&self.clause.shell);
        let applies = corpus.kind(self.clause) == DocumentKind::Letter
            && shell.is_some_and(|s| s.header.parameters.iter().any(|p| p.name == "received_date"));
        let start = date("corrected_date").or_else(|| date("received_date"));
        let (true, Some(start), Some(rule)) = (applies, start, corpus.rules.terms.term("reply")) else {
            return (String::new(), String::new());
        };
        let clock = Clock { rules: &corpus.rules, choices: &request.choices, provisional: false };
        let span = Span { start, count: rule.count, unit: rule.unit, paused: vec![] };
        match span.end(&corpus.rules.calendar, clock.make_up(), false) {
            Ok(due) => (due.date.to_string(), late(date("date"), due.date)),
            Err(why) => (String::new(), why.to_string()),
        }
    }
}

/// Numbers that stand in more than one row, met no time yet.
fn repeated(numbers: &[u32]) -> BTreeMap<u32, u32> {
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable();
    sorted.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| (pair[0], 0)).collect()
}

fn late(signed: Option<Date>, due: Date) -> String {
    match signed {
        Some(signed) if signed > due => format!("落款日期 {signed} 晚于 {due}，核对有没有征求意见或者延期"),
        _ => String::new(),
    }
}

fn addressee(block: &Block) -> Option<&str> {
    match block {
        Block::Addressee(name) => Some(name),
        _ => None,
    }
}

/// A number as good as any, to read a row with before its own is taken.
fn placeholder(project: &Project) -> String {
    format!("{}〔2000〕1号", project.agency.get("code").unwrap_or("待定"))
}

/// Whether `--set` says that every row gets a number from the register. Then a placeholder stands there, as the last, so
/// that the places of the others stay.
fn counted(project: &Project, clause: &Clause, set: &mut Vec<(String, String)>) -> bool {
    let fields = letter::fields(&project.corpus, clause);
    let asks = |(word, value): &(String, String)| {
        value.trim() == COUNTED && labels::named(&fields, word).is_some_and(|p| p.name == NUMBER)
    };
    let Some(at) = set.iter().position(asks) else { return false };
    let (word, _) = set.remove(at);
    set.push((word, placeholder(project)));
    true
}

fn registration(request: &Request) -> &str {
    match request.answers.get("request_number") {
        Some(Answer::Text(text)) => text.trim(),
        _ => "",
    }
}

fn joined(parts: [String; 2]) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("；")
}

/// Characters that file names may not have on Windows, and those that nobody sees, become `_` or nothing.
fn safe(name: &str) -> String {
    let name: String = name
        .chars()
        .filter(|c| !forbidden(*c) || c.is_whitespace())
        .map(|c| match c {
            '\\' | '/' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
            c if c.is_whitespace() => ' ',
            c => c,
        })
        .collect();
    let words: Vec<&str> = name.split(' ').filter(|w| !w.is_empty()).collect();
    words.join(" ").trim_matches([' ', '.']).to_owned()
}

/// A line of the table of results.
fn line(row: u32, number: u32, outcome: &Outcome) -> String {
    let Outcome { file, status, deadline, message } = outcome;
    let field = |text: &str| table::escape(&table::safe(text));
    format!("{row},{number},{},{},{deadline},{}\r\n", field(file), field(status), field(message))
}

/// The mistakes of a row in one line.
fn messages(report: &Report, cells: &[CellPlace], path: &str) -> String {
    let mut sources = Sources::default();
    sources.insert_table(path, "", cells.to_vec());
    let said = |d: &Diagnostic| {
        let place = d.place.as_ref().and_then(|p| sources.cell(&p.path, p.range.start));
        let place = place.map_or(String::new(), |cell| format!("{}：", cell.name));
        let hint = if d.hint.is_empty() { String::new() } else { format!("（{}）", d.hint) };
        format!("{place}{}{hint}", d.message)
    };
    report.sorted().iter().map(said).collect::<Vec<_>>().join("；")
}

/// The mistakes to be shown at the end, and the cells they stand in.
#[derive(Default)]
struct Shown {
    report: Report,
    cells: CellText,
    count: usize,
    left_out: usize,
}

impl Shown {
    /// Takes in the mistakes of a row; their places move to behind those of the rows before.
    fn take(&mut self, report: &Report, cells: CellText, path: &str) {
        let all = report.sorted();
        if all.is_empty() {
            return;
        }
        if self.count >= MOST_KEPT {
            self.left_out += all.iter().filter(|d| d.level == Level::Error).count();
            return;
        }
        let base = self.cells.text.len();
        self.count += all.len();
        for mut d in all {
            if let Some(place) = d.place.as_mut().filter(|p| p.path == path) {
                place.range = place.range.start + base..place.range.end + base;
            }
            self.report.push(d);
        }
        self.cells.text.push_str(&cells.text);
        let moved = cells.cells.into_iter().map(|cell| CellPlace { start: cell.start + base, ..cell });
        self.cells.cells.extend(moved);
    }
}

/// Says what was done.
fn finish(
    project: &Project,
    (shown, set_text): (Shown, String),
    tally: &Tally,
    args: &BatchArgs,
) -> anyhow::Result<Ending> {
    let path = args.table.display().to_string().replace('\\', "/");
    if !shown.report.is_empty() {
        let mut sources = project.sources.clone();
        sources.insert(COMMAND_LINE, set_text);
        sources.insert_table(path, shown.cells.text, shown.cells.cells);
        output::report(&shown.report, &sources);
        if shown.left_out > 0 {
            output::note(&format!("后面还有 {} 处错误，没有列出来，都写在 {RESULTS} 里。", shown.left_out));
        }
    }
    let Tally { made, kept, wrong, left } = tally;
    let mut said = format!("生成 {made} 份");
    if *kept > 0 {
        said.push_str(&format!("；{kept} 份没有动：已有同名文件，内容不同（改过的）；要换掉，加 --force"));
    }
    if *wrong > 0 {
        said.push_str(&format!("；{wrong} 行有错，没有生成"));
    }
    if *left > 0 {
        said.push_str(&format!("；{left} 个文件是{LEFT}，没有动，列在 {RESULTS} 最后，核对以后自己删去"));
    }
    let folder = args.out.display();
    output::print(&format!(
        "{said}。放在 {folder}，每一行的结果见 {}\n打印前请再核对一遍日期、条文和救济告知。\n",
        args.out.join(RESULTS).display()
    ))?;
    Ok(if *kept + *wrong > 0 { Ending::Findings } else { Ending::Fine })
}
