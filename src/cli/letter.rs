//! `gongkai letter`: list, show, new, fill, ask; `check` is in `review`, `sheet` and `batch` are files of their own.

use super::{
    Ending, FillArgs, Format, LetterCommand, Project, Target, batch, numbers, output, pack, sheet, verify,
};
use crate::corpus::{Clause, Parameter, ParameterType};
use crate::disk;
use crate::letter::{self, Answer, Answers, COMMAND_LINE, Input, Reply, Request};
use crate::text::{Report, Sources, nearest};
use anyhow::{Context, bail};
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{BufRead, ErrorKind, IsTerminal, Read};
use std::path::{Path, PathBuf};

/// Largest request file, in bytes.
const LARGEST_REQUEST: u64 = 2 * 1024 * 1024;

/// A program without the feature `pdf`.
const NO_PDF: &str = "这个程序编译时没有带上 PDF，不能直接生成 PDF\n提示: 先生成 docx，用 Word 或 WPS 打开后另存为 PDF；\
                      或者用 cargo build --release --features pdf 重新编译程序";

/// Runs one of the letter commands.
pub fn run(root: Option<&Path>, command: LetterCommand) -> anyhow::Result<Ending> {
    let project = Project::at_desk(root)?;
    // Letters come only from content without mistakes: a wrong article in a template must not reach a citizen.
    if project.report.has_errors() {
        output::report(&project.report, &project.sources);
        output::note("手册的内容有错，先改正再生成文书。");
        return Ok(Ending::Findings);
    }
    match command {
        LetterCommand::List { json } => list(&project, json),
        LetterCommand::Show { id, json } => show(&project, &id, json),
        LetterCommand::New { id, items, output, example, force } => {
            let clause = project.clause(&id)?;
            let answers = answers(&project, clause, &items, example)?;
            let text = letter::skeleton(&project.corpus, clause, &project.agency, &answers);
            match output.filter(|path| path.as_os_str() != "-") {
                None => output::print(&text)?,
                Some(path) => {
                    save(&path, text.as_bytes(), force)?;
                    let path = path.display();
                    output::print(&if example {
                        format!(
                            "填好的样子已写到 {path}，里面的人和事是虚构的。换成真的内容再办件；先看文书是什么样：gongkai letter fill {path}\n"
                        )
                    } else {
                        format!("空表已写到 {path}。用记事本填好保存，再运行：gongkai letter fill {path}\n")
                    })?;
                }
            }
            Ok(Ending::Fine)
        }
        LetterCommand::Check(args) => super::review::check(&project, &args),
        LetterCommand::Fill(args) => fill(&project, &args),
        LetterCommand::Sheet { id, output, example, force } => {
            sheet::blank(&project, &id, (output, example), force)
        }
        LetterCommand::Batch(args) => batch::run(&project, &args),
        LetterCommand::Pack(args) => pack::run(&project, &args),
        LetterCommand::Verify { file, json } => verify::run(&project, &file, json),
        LetterCommand::Number(args) => numbers::run(&project, &args),
        LetterCommand::Ask { id, target } => ask(&project, &id, &target),
    }
}

/// What stands in a new request file already: the example, and the items that were asked for.
fn answers(project: &Project, clause: &Clause, items: &[String], example: bool) -> anyhow::Result<Answers> {
    let corpus = &project.corpus;
    let several = letter::fields(corpus, clause).into_iter().find(|p| p.kind == ParameterType::Replies);
    let mut clauses = vec![];
    for item in items {
        let own = project.clause(item)?;
        if !letter::items(corpus).any(|e| e.header.id == own.id) {
            bail!(
                "《{}》不能作为几项答复中的一项\n提示: 看哪些可以：gongkai letter show {}",
                own.title,
                clause.id
            );
        }
        clauses.push(own);
    }
    match several {
        None if !items.is_empty() => {
            bail!(
                "《{}》是对整件申请的，不能写 --item\n提示: 几项分别答复，用 gongkai letter new reply-items --item …",
                clause.title
            )
        }
        Some(_) if example && !clauses.is_empty() => {
            Ok(Request::example_of(corpus, clause, Some(&clauses)).answers)
        }
        _ if example => Ok(Request::example(corpus, clause).answers),
        Some(parameter) if !clauses.is_empty() => {
            let blank = |c: &&Clause| Reply {
                letter: c.id.clone(),
                answers: Answers::new(),
                places: BTreeMap::new(),
            };
            let replies = Answer::Replies(clauses.iter().map(blank).collect());
            Ok(Answers::from([(parameter.name.clone(), replies)]))
        }
        _ => Ok(Answers::new()),
    }
}

fn list(project: &Project, json: bool) -> anyhow::Result<Ending> {
    let clauses: Vec<&Clause> = project.corpus.clauses_by_outcome().into_iter().map(|e| &e.header).collect();
    if json {
        let rows: Vec<_> = clauses
            .iter()
            .map(|c| {
                let code = project.corpus.outcome(&c.outcome).map(|o| o.code.as_str());
                json!({ "id": c.id, "code": code, "title": c.title, "outcome": c.outcome, "kind": project.corpus.kind(c) })
            })
            .collect();
        output::print(&format!("{}\n", serde_json::to_string_pretty(&rows)?))?;
        return Ok(Ending::Fine);
    }
    if clauses.is_empty() {
        output::print(
            "这本手册里还没有文书。文书的文字放在 templates/clauses/，怎样加见 CONTRIBUTING.md。\n",
        )?;
        return Ok(Ending::Fine);
    }
    let width = clauses.iter().map(|c| c.id.len()).max().unwrap_or(0);
    let mut out = String::new();
    let mut group = "";
    for clause in clauses {
        let own = project.corpus.outcome(&clause.outcome).map_or("", |o| o.group.as_str());
        if own != group {
            out.push_str(&format!("{}{own}\n", if out.is_empty() { "" } else { "\n" }));
            group = own;
        }
        out.push_str(&format!("  {:width$}  {}\n", clause.id, clause.title));
    }
    out.push_str(
        "\n看一种文书：gongkai letter show 编号\n得到空表：gongkai letter new 编号 -o 申请件.toml\n",
    );
    output::print(&out)?;
    Ok(Ending::Fine)
}

fn show(project: &Project, id: &str, json: bool) -> anyhow::Result<Ending> {
    let clause = project.clause(id)?;
    let fields = letter::fields(&project.corpus, clause);
    let asked = crate::remedy::Asked::latest(&project.agency.policy);
    let remedies = letter::remedies(&project.corpus, &clause.outcome, asked)?;
    let cites = &clause.cites;
    let cases: Vec<_> = project
        .corpus
        .cases
        .values()
        .map(|e| &e.header)
        .filter(|c| c.outcomes.contains(&clause.outcome))
        .collect();
    if json {
        let value = json!({
            "id": clause.id,
            "title": clause.title,
            "outcome": clause.outcome,
            "use_when": clause.use_when,
            "avoid_when": clause.avoid_when,
            "proof": clause.proof,
            "cites": cites,
            "confidence": clause.confidence,
            "unverified": clause.unverified,
            "remedies": remedies.iter().map(|(title, _)| title).collect::<Vec<_>>(),
            "cases": cases.iter().map(|c| json!({ "id": c.id, "title": c.title })).collect::<Vec<_>>(),
            "fields": fields,
        });
        output::print(&format!("{}\n", serde_json::to_string_pretty(&value)?))?;
        return Ok(Ending::Fine);
    }
    let mut out = format!("{}（{}）\n", clause.title, clause.id);
    let mut section = |title: &str, lines: &[String]| {
        if !lines.is_empty() {
            out.push_str(&format!("\n{title}\n"));
            out.extend(lines.iter().map(|line| format!("  · {line}\n")));
        }
    };
    section("什么时候用", &clause.use_when);
    section("什么时候不用", &clause.avoid_when);
    section("要留存的材料", &clause.proof);
    section("依据", cites);
    let titles: Vec<String> = remedies.into_iter().map(|(title, _)| title).collect();
    section(
        "救济告知",
        &project
            .corpus
            .outcome(&clause.outcome)
            .map(|o| o.remedy_summary(&titles))
            .into_iter()
            .collect::<Vec<_>>(),
    );
    section("要填的内容", &fields.iter().map(|p| field_line(project, p)).collect::<Vec<_>>());
    section("相关案例", &cases.iter().map(|c| format!("{}（{}）", c.title, c.result)).collect::<Vec<_>>());
    section("待核", &clause.unverified);
    out.push_str(&format!("\n得到空表：gongkai letter new {} -o 申请件.toml\n", clause.id));
    output::print(&out)?;
    Ok(Ending::Fine)
}

fn field_line(project: &Project, parameter: &Parameter) -> String {
    let settled = parameter.agency.as_deref().and_then(|key| project.agency.get(key));
    let must = match (parameter.required, settled) {
        (_, Some(value)) => format!("不填就用“{value}”"),
        (true, None) => "必填".to_owned(),
        (false, None) => "可不填".to_owned(),
    };
    format!("{}（{}，{must}）：{}", parameter.label, parameter.name, parameter.help)
}

/// A request file that was read, and the letter that it makes.
pub(super) struct Filled {
    /// The file's path for messages.
    pub path: String,
    /// Its text.
    pub text: String,
    /// What it asks for.
    pub request: Request,
    /// The letter.
    pub letter: letter::Letter,
    /// Everything that messages may point into.
    pub sources: Sources,
}

/// Reads a request file (`-` for standard input) and fills its letter. `None` if there are mistakes, and then those were
/// shown.
pub(super) fn read_and_fill(
    project: &Project,
    file: &Path,
    pairs: &[String],
    date: Option<&str>,
) -> anyhow::Result<Option<Filled>> {
    let mut report = Report::default();
    let standard_input = file.as_os_str() == "-";
    let path = if standard_input {
        "标准输入".to_owned()
    } else {
        file.display().to_string().replace('\\', "/")
    };
    let text = if standard_input {
        read_standard_input(&mut report)?
    } else {
        disk::read_text(file, LARGEST_REQUEST, &mut report)?
    };
    let set = pairs_of(pairs, date)?;
    let set_text: String = set.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
    let mut sources = project.sources.clone();
    sources.insert(path.as_str(), text.as_str());
    sources.insert(COMMAND_LINE, set_text.as_str());
    let input = Input { path: &path, text: &text, set: &set };
    let filled = if report.has_errors() {
        None
    } else {
        Request::read(&project.corpus, &project.agency, input, &mut report)
            .and_then(|request| Some((letter::fill(&project.corpus, &request, &mut report)?, request)))
    };
    // Warnings do not keep a letter from being made.
    if !report.is_empty() {
        output::report(&report, &sources);
    }
    let Some((letter, request)) = filled else {
        output::note(&format!("文书没有生成。\n{}", super::review::closing_of(&report)));
        return Ok(None);
    };
    Ok(Some(Filled { path, text, request, letter, sources }))
}

/// What `--set` and `--date` say.
pub(super) fn pairs_of(pairs: &[String], date: Option<&str>) -> anyhow::Result<Vec<(String, String)>> {
    let mut set = vec![];
    for pair in pairs {
        let Some((name, value)) = pair.split_once('=') else {
            bail!("--set 要写成 名称=内容，例如 --set applicant=张某；现在是「{pair}」");
        };
        set.push((name.trim().to_owned(), value.to_owned()));
    }
    set.extend(date.map(|date| ("date".to_owned(), date.to_owned())));
    Ok(set)
}

fn fill(project: &Project, args: &FillArgs) -> anyhow::Result<Ending> {
    let standard_input = args.request.as_os_str() == "-";
    let beside = if standard_input { PathBuf::from("文书") } else { args.request.clone() };
    let request = (!standard_input).then_some(args.request.as_path());
    let destination = Destination::of(&args.target, &beside, request)?;
    if args.take_number {
        if standard_input {
            bail!("从标准输入读的申请件写不回文号；先存成文件再取号");
        }
        if sheet::is_table(&args.request) {
            bail!(
                "表格里的文号不能这样取\n提示: 用 gongkai letter new 得到申请件，填好再取号；或者在表格的“文号”一列直接写文号"
            );
        }
        let set = pairs_of(&args.set, args.date.as_deref())?;
        let register = numbers::register_path(project, args.numbering.register.as_deref());
        let first = args.numbering.from.unwrap_or(1);
        let asked = numbers::Asked { request: &args.request, set: &set, register: &register, first };
        let Some(number) = numbers::give(project, &asked)? else { return Ok(Ending::Findings) };
        output::note(&format!("文号：{number}"));
    } else if args.numbering.register.is_some() || args.numbering.from.is_some() {
        bail!("--register、--from 和 --take-number 一起用");
    }
    let filled = if sheet::is_table(&args.request) {
        sheet::read_and_fill(project, args)?
    } else {
        read_and_fill(project, &args.request, &args.set, args.date.as_deref())?
    };
    let Some(Filled { letter, request, .. }) = filled else { return Ok(Ending::Findings) };
    let ending = destination.write(&letter)?;
    if let (Some(_), Some(row)) = (&destination.path, letter::annual_row(&project.corpus, &request)) {
        output::print(&format!("{}\n", annual_note(&row)))?;
    }
    Ok(ending)
}

/// Where the application counts in the annual report, and what that rests on.
fn annual_note(row: &letter::AnnualRow<'_>) -> String {
    let open = row.policy.map_or(String::new(), |(policy, option)| {
        format!("（{}，没有明文，待核；本机关按“{option}”）", policy.title)
    });
    let counts = if row.row.starts_with("不另计") { "" } else { "计入" };
    format!("年报统计表{counts}：{}{open}", row.row)
}

fn read_standard_input(report: &mut Report) -> anyhow::Result<String> {
    let mut bytes = vec![];
    std::io::stdin().lock().take(LARGEST_REQUEST + 1).read_to_end(&mut bytes).context("读不了标准输入")?;
    if bytes.len() as u64 > LARGEST_REQUEST {
        bail!("标准输入的内容太大，不像是申请件（最多 {} MB）", LARGEST_REQUEST / 1024 / 1024);
    }
    Ok(disk::decode_text("标准输入", bytes, report).unwrap_or_default())
}

/// Where a letter goes, and in which format.
struct Destination {
    /// `None` for standard output.
    path: Option<PathBuf>,
    format: Format,
    force: bool,
}

impl Destination {
    /// What the person asked for; `request` is the file it is made from, which is never written over.
    fn of(target: &Target, beside: &Path, request: Option<&Path>) -> anyhow::Result<Self> {
        let named = target.output.as_deref().and_then(Path::extension).and_then(|e| e.to_str());
        let format = match (target.format, named.map(str::to_ascii_lowercase).as_deref()) {
            (Some(format), _) => format,
            (None, None | Some("docx")) => Format::Docx,
            (None, Some("txt")) => Format::Txt,
            (None, Some("md")) => Format::Md,
            (None, Some("pdf")) => Format::Pdf,
            (None, Some("html" | "htm")) => Format::Html,
            (None, Some(other)) => {
                bail!("不知道「.{other}」是什么格式；可以写 .docx、.pdf、.html、.txt、.md")
            }
        };
        if format == Format::Pdf && cfg!(not(feature = "pdf")) {
            bail!(NO_PDF);
        }
        let path = match &target.output {
            Some(path) if path.as_os_str() == "-" => None,
            Some(path) => Some(path.clone()),
            None => Some(beside.with_extension(format.ending())),
        };
        if let Some(path) = &path {
            let same = |request: &Path| {
                request == path
                    || matches!((request.canonicalize(), path.canonicalize()), (Ok(a), Ok(b)) if a == b)
            };
            if request.is_some_and(same) {
                bail!("{} 是申请件本身，文书不能写到它上面\n提示: 用 -o 换一个文件名", path.display());
            }
            if !target.force && path.symlink_metadata().is_ok() {
                return Err(exists(path));
            }
            let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
            if let Some(folder) = folder.filter(|f| !f.is_dir()) {
                bail!("没有 {} 这个文件夹\n提示: 先建好文件夹，或者用 -o 换一个地方", folder.display());
            }
        }
        Ok(Self { path, format, force: target.force })
    }

    fn write(&self, letter: &letter::Letter) -> anyhow::Result<Ending> {
        let bytes = self.format.write(letter)?;
        let Some(path) = &self.path else {
            output::bytes(&bytes)?;
            return Ok(Ending::Fine);
        };
        save(path, &bytes, self.force)?;
        output::print(&format!(
            "已生成《{}》：{}\n打印前请再核对一遍日期、条文和救济告知。\n",
            letter.title,
            path.display()
        ))?;
        Ok(Ending::Fine)
    }
}

#[cfg(feature = "pdf")]
use super::fonts::write as pdf;

/// Says what to do instead.
#[cfg(not(feature = "pdf"))]
fn pdf(_: &letter::Letter) -> anyhow::Result<Vec<u8>> {
    bail!(NO_PDF)
}

impl Format {
    /// The letter's bytes.
    pub(super) fn write(self, letter: &letter::Letter) -> anyhow::Result<Vec<u8>> {
        Ok(match self {
            Self::Docx => letter::docx::write(letter)?,
            Self::Pdf => pdf(letter)?,
            Self::Html => letter::page(letter).into_bytes(),
            Self::Txt => letter::text(letter).into_bytes(),
            Self::Md => letter::markdown(letter).into_bytes(),
        })
    }

    pub(super) const fn ending(self) -> &'static str {
        match self {
            Self::Docx => "docx",
            Self::Pdf => "pdf",
            Self::Html => "html",
            Self::Txt => "txt",
            Self::Md => "md",
        }
    }
}

fn exists(path: &Path) -> anyhow::Error {
    anyhow::anyhow!(
        "{} 已经存在，没有动它\n提示: 用 -o 换一个文件名；确定要换掉它，加上 --force",
        path.display()
    )
}

pub(super) fn save(path: &Path, bytes: &[u8], force: bool) -> anyhow::Result<()> {
    match disk::write_atomic(path, bytes, force) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(exists(path)),
        done => done.with_context(|| format!("写不了 {}", path.display())),
    }
}

/// The first of `name.toml`, `name-2.toml`, … that is free.
fn free_name(name: &str) -> PathBuf {
    let numbered = (2..).map(|n| PathBuf::from(format!("{name}-{n}.toml")));
    std::iter::once(PathBuf::from(format!("{name}.toml")))
        .chain(numbered)
        .find(|p| !p.exists())
        .unwrap_or_default()
}

/// Asks for every field on the terminal, then writes the letter.
fn ask(project: &Project, id: &str, target: &Target) -> anyhow::Result<Ending> {
    let clause = project.clause(id)?;
    // What would stop the letter at the end is said before the first question.
    let destination = Destination::of(target, Path::new(&clause.id), None)?;
    let mut lines = std::io::stdin().lock().lines();
    let mut prompt = Prompt { project, interactive: std::io::stdin().is_terminal(), lines: &mut lines };
    output::note(&format!(
        "{}。一项一项回答，按回车进入下一项；不填的直接按回车；要停下按 Ctrl+C，什么也不会留下。",
        clause.title
    ));
    let mut text = format!("letter = {}\n", toml_text(&clause.id));
    for parameter in letter::fields(&project.corpus, clause) {
        let value = prompt.field(clause, parameter)?;
        if let Some(value) = value {
            text.push_str(&format!("{} = {value}\n", parameter.name));
        }
    }
    let mut report = Report::default();
    let input = Input { path: "回答", text: &text, set: &[] };
    let letter = Request::read(&project.corpus, &project.agency, input, &mut report)
        .and_then(|request| letter::fill(&project.corpus, &request, &mut report));
    let Some(letter) = letter else {
        let mut sources = project.sources.clone();
        sources.insert("回答", text.as_str());
        output::report(&report, &sources);
        // Nothing the officer typed is lost: it can be mended and filled.
        let saved = free_name(&clause.id);
        save(&saved, text.as_bytes(), false)?;
        output::note(&format!("回答已存到 {0}。改正后运行：gongkai letter fill {0}", saved.display()));
        return Ok(Ending::Findings);
    };
    destination.write(&letter)
}

struct Prompt<'a, 'b> {
    project: &'a Project,
    interactive: bool,
    lines: &'b mut std::io::Lines<std::io::StdinLock<'static>>,
}

impl Prompt<'_, '_> {
    /// One field as a TOML value; `None` where it was left empty. Asks again until the answer fits.
    fn field(&mut self, clause: &Clause, parameter: &Parameter) -> anyhow::Result<Option<String>> {
        let settled = parameter.agency.as_deref().and_then(|key| self.project.agency.get(key));
        let must = match settled {
            Some(value) => format!("直接回车就用“{value}”"),
            None if parameter.required => "必填".to_owned(),
            None => "可不填".to_owned(),
        };
        output::note(&format!("\n【{}】{must}。{}", parameter.label, parameter.help));
        for (number, choice) in (1..).zip(&parameter.choices) {
            output::note(&format!("  {number}. {choice}"));
        }
        loop {
            let value = self.value(parameter)?;
            if value.is_none() && (settled.is_some() || !parameter.required) {
                return Ok(None);
            }
            let Some(value) = value else {
                self.again("这一项必须填。")?;
                continue;
            };
            if let Some(problem) = self.problem(clause, parameter, &value) {
                self.again(&problem)?;
                continue;
            }
            return Ok(Some(value));
        }
    }

    /// Only a person can answer again; from a file the answer stays wrong.
    fn again(&self, problem: &str) -> anyhow::Result<()> {
        output::note(problem);
        if self.interactive { Ok(()) } else { bail!("{problem}") }
    }

    /// What is wrong with one answer, if anything.
    fn problem(&self, clause: &Clause, parameter: &Parameter, value: &str) -> Option<String> {
        let mut report = Report::default();
        let text = format!("letter = {}\n{} = {value}\n", toml_text(&clause.id), parameter.name);
        let input = Input { path: "回答", text: &text, set: &[] };
        Request::read(&self.project.corpus, &self.project.agency, input, &mut report);
        let wrong = report.sorted().into_iter().find(|d| !matches!(d.code, "missing-key" | "remedy-date"))?;
        Some(format!("{}。{}", wrong.message, wrong.hint))
    }

    fn value(&mut self, parameter: &Parameter) -> anyhow::Result<Option<String>> {
        match parameter.kind {
            ParameterType::Text => {
                output::note("  可以写几段，写完后单独按一次回车结束。");
                let lines = self.several()?;
                Ok((!lines.is_empty()).then(|| toml_text(&lines.join("\n"))))
            }
            ParameterType::List => {
                output::note("  一行一条，写完后单独按一次回车结束。");
                let lines: Vec<String> = self.several()?.iter().map(|l| toml_text(l)).collect();
                Ok((!lines.is_empty()).then(|| format!("[{}]", lines.join(", "))))
            }
            ParameterType::Rows => self.rows(parameter),
            ParameterType::Replies => self.replies(parameter),
            ParameterType::Choice => Ok(self.line("> ")?.map(|line| {
                let picked =
                    line.parse::<usize>().ok().and_then(|n| parameter.choices.get(n.checked_sub(1)?));
                toml_text(picked.unwrap_or(&line))
            })),
            ParameterType::Count => {
                Ok(self.line("> ")?.map(|l| if l.parse::<u32>().is_ok() { l } else { toml_text(&l) }))
            }
            ParameterType::Line | ParameterType::Date => Ok(self.line("> ")?.map(|l| toml_text(&l))),
        }
    }

    fn rows(&mut self, parameter: &Parameter) -> anyhow::Result<Option<String>> {
        let mut rows = vec![];
        loop {
            output::note(&format!("  第 {} 行（没有了就直接按回车）", rows.len() + 1));
            let mut cells = vec![];
            for (index, column) in parameter.columns.iter().enumerate() {
                let cell = self.line(&format!("  {}：", column.label))?;
                match cell {
                    None if index == 0 => {
                        return Ok((!rows.is_empty()).then(|| format!("[{}]", rows.join(", "))));
                    }
                    None => {}
                    Some(cell) => cells.push(format!("{} = {}", column.name, toml_text(&cell))),
                }
            }
            rows.push(format!("{{ {} }}", cells.join(", ")));
        }
    }

    /// The items one after the other: which letter's words, then its fields.
    fn replies(&mut self, parameter: &Parameter) -> anyhow::Result<Option<String>> {
        let project = self.project;
        let whole: Vec<&Parameter> = project
            .corpus
            .clauses
            .values()
            .map(|c| letter::fields(&project.corpus, &c.header))
            .find(|fields| fields.iter().any(|p| p.name == parameter.name && p.kind == parameter.kind))
            .unwrap_or_default();
        let mut all: Vec<String> = vec![];
        loop {
            output::note(&format!("\n第 {} 项用哪一种文书的内容？写名称；没有了就直接按回车", all.len() + 1));
            let Some(named) = self.line("> ")? else {
                return Ok((!all.is_empty()).then(|| format!("[{}]", all.join(", "))));
            };
            let known = letter::items(&project.corpus)
                .map(|e| &e.header)
                .find(|c| [&c.id, &c.title].contains(&&named));
            let Some(clause) = known else {
                let titles: Vec<&str> =
                    letter::items(&project.corpus).map(|e| e.header.title.as_str()).collect();
                let near = nearest(&named, titles.iter().copied());
                let hint = near.map_or_else(
                    || format!("能写的有：{}", titles.join("、")),
                    |w| format!("您是不是要写 {w}？"),
                );
                self.again(&format!("「{named}」不能作为其中一项。{hint}"))?;
                continue;
            };
            let mut fields = vec![format!("letter = {}", toml_text(&clause.id))];
            for own in letter::item_fields(&project.corpus, clause, &whole) {
                if let Some(value) = self.field(clause, own)? {
                    fields.push(format!("{} = {value}", own.name));
                }
            }
            all.push(format!("{{ {} }}", fields.join(", ")));
        }
    }

    fn several(&mut self) -> anyhow::Result<Vec<String>> {
        let mut all = vec![];
        while let Some(line) = self.line("> ")? {
            all.push(line);
        }
        Ok(all)
    }

    /// One line, `None` if it is empty.
    fn line(&mut self, sign: &str) -> anyhow::Result<Option<String>> {
        if self.interactive {
            use std::io::Write;
            let mut err = std::io::stderr().lock();
            write!(err, "{sign}")?;
            err.flush()?;
        }
        match self.lines.next() {
            Some(line) => {
                let line = line.context("读不了回答")?;
                let line = line.trim().to_owned();
                Ok((!line.is_empty()).then_some(line))
            }
            None => bail!("回答还没有完就结束了，文书没有生成"),
        }
    }
}

/// A TOML string.
fn toml_text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
