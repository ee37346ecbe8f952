//! Request files on the desk whose letter would come out differently, or whose terms would move.

use super::super::dossier;
use super::super::rules::Settings;
use super::super::{Project, output};
use crate::clock::{Due, History, State, Status, Term};
use crate::corpus::Layers;
use crate::corpus::tree::{Node, Value};
use crate::disk;
use crate::letter::{self, Input, Request};
use crate::text::{Diagnostic, Level, Report};
use crate::update::Touched;
use anyhow::ensure;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// What an update does to the request files.
#[derive(Debug, Default)]
pub struct Drafts {
    /// How many request files were compared.
    pub seen: usize,
    /// Those that are touched: path and what happens.
    pub touched: Vec<(String, Vec<String>)>,
    /// Those that cannot be compared: path and why.
    pub broken: Vec<(String, String)>,
    /// Whether some draft has mistakes only because of the update, or cannot be read.
    pub wrong: bool,
}

/// Folders of a handbook that hold no requests.
const NOT_HERE: [&str; 4] = ["book", "cases", "templates", "target"];

/// Compares all request files below these folders.
pub fn compare(
    (old, new): (&Project, &Project),
    folders: &[PathBuf],
    letters: &[Touched],
) -> anyhow::Result<Drafts> {
    let mut drafts = Drafts::default();
    let (before, after) = (settings(old), settings(new));
    let mut seen = BTreeSet::new();
    for folder in folders {
        for path in scan(&old.root, folder, &mut drafts)? {
            if !seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone())) {
                continue;
            }
            let shown = path.strip_prefix(&old.root).unwrap_or(&path).display().to_string();
            let shown = shown.replace('\\', "/");
            let mut report = Report::default();
            let text = match disk::read_text(&path, dossier::LARGEST, &mut report) {
                Ok(text) => text,
                Err(error) => {
                    drafts.broken.push((shown, error.to_string()));
                    drafts.wrong = true;
                    continue;
                }
            };
            let file = File { path: &shown, text: &text };
            file.compare(((old, &before), (new, &after)), letters, &mut report, &mut drafts);
        }
    }
    Ok(drafts)
}

fn settings(project: &Project) -> Settings {
    Settings { corpus: project.corpus.clone(), agency: project.agency.clone(), layers: Layers::default() }
}

/// The .toml files below a folder, in path order; the handbook's own left out.
fn scan(root: &Path, folder: &Path, drafts: &mut Drafts) -> anyhow::Result<Vec<PathBuf>> {
    ensure!(folder.is_dir(), "{} 不是文件夹\n提示: --requests 写放申请件的文件夹", folder.display());
    let mut all = vec![];
    let walk = WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(|entry| {
        let hidden = entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with('.');
        let own = entry.file_type().is_dir() && NOT_HERE.iter().any(|name| entry.path() == root.join(name));
        !hidden && !own
    });
    for entry in walk {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(folder).display().to_string();
                output::note(&format!("错误: 读不了 {path}，里面的申请件没有看"));
                drafts.wrong = true;
                continue;
            }
        };
        let toml = entry.path().extension().is_some_and(|e| e.eq_ignore_ascii_case("toml"));
        if entry.file_type().is_file() && toml && entry.file_name() != "book.toml" {
            all.push(entry.into_path());
        }
    }
    Ok(all)
}

struct File<'a> {
    path: &'a str,
    text: &'a str,
}

type Sides<'a> = ((&'a Project, &'a Settings), (&'a Project, &'a Settings));

impl File<'_> {
    fn compare(&self, sides: Sides<'_>, letters: &[Touched], report: &mut Report, drafts: &mut Drafts) {
        let ours = self.text.contains("[[events]]")
            || self.text.lines().any(|l| l.starts_with("letter") || l.starts_with("文书"));
        let node = (!report.has_errors()).then(|| Node::parse(self.path, self.text, 0, report)).flatten();
        let Some(node) = node else {
            if ours {
                drafts.broken.push((self.path.to_owned(), first(report)));
                drafts.seen += 1;
            }
            return;
        };
        let named = ["letter", "文书"].iter().find_map(|key| node.get(key)).map(|n| &n.value);
        let events = History::is_in(&node);
        if named.is_none() && !events {
            return;
        }
        drafts.seen += 1;
        let mut happens = vec![];
        if let Some(Value::Text(wanted)) = named {
            self.letter(sides, wanted, letters, (&mut happens, drafts));
        }
        if events {
            self.terms(sides, (&mut happens, drafts));
        }
        if !happens.is_empty() {
            drafts.touched.push((self.path.to_owned(), happens));
        }
    }

    /// The letter as plain text, and the mistakes.
    fn fill(&self, project: &Project) -> (Option<String>, Report) {
        let mut report = Report::default();
        let input = Input { path: self.path, text: self.text, set: &[] };
        let letter = Request::read(&project.corpus, &project.agency, input, &mut report)
            .and_then(|request| letter::fill(&project.corpus, &request, &mut report));
        (letter.map(|letter| letter::text(&letter)), report)
    }

    fn letter(
        &self,
        ((old, _), (new, _)): Sides<'_>,
        wanted: &str,
        letters: &[Touched],
        (happens, drafts): (&mut Vec<String>, &mut Drafts),
    ) {
        let ((then, mistakes), (now, later)) = (self.fill(old), self.fill(new));
        let known: BTreeSet<String> = errors(&mistakes).map(|d| d.message.clone()).collect();
        let fresh: Vec<String> =
            errors(&later).map(|d| d.message.clone()).filter(|m| !known.contains(m)).collect();
        if !fresh.is_empty() {
            let shown: Vec<&str> = fresh.iter().take(3).map(String::as_str).collect();
            happens.push(format!("更新以后要改才能生成：{}", shown.join("；")));
            drafts.wrong = true;
            return;
        }
        match (then, now) {
            (Some(then), Some(now)) if then != now => happens.push(difference(&then, &now)),
            (Some(_), Some(_)) => {}
            (None, Some(_)) => happens.push("现在有错，生成不了；更新以后能生成".to_owned()),
            _ => {
                let clause =
                    new.corpus.clauses.values().find(|e| e.header.id == wanted || e.header.title == wanted);
                let touched = clause.and_then(|e| letters.iter().find(|t| t.path == e.path));
                match touched {
                    Some(touched) => happens.push(format!(
                        "还没有填完（{}），它用的《{}》会变：{}",
                        first(&mistakes),
                        touched.title,
                        touched.why.join("、")
                    )),
                    None => drafts.broken.push((self.path.to_owned(), first(&mistakes))),
                }
            }
        }
    }

    fn terms(&self, ((_, old), (_, new)): Sides<'_>, (happens, drafts): (&mut Vec<String>, &mut Drafts)) {
        let count = |settings: &Settings| {
            let mut report = Report::default();
            let found = dossier::counted(settings, (self.path, self.text), None, true, &mut report);
            (found, report)
        };
        let ((then, mistakes), (now, later)) = (count(old), count(new));
        match (then, now) {
            (Some((_, then)), Some((_, now))) if !now.done => happens.extend(moved(&then, &now)),
            (Some(_), None) => {
                happens.push(format!("更新以后期限算不出：{}", first(&later)));
                drafts.wrong = true;
            }
            (None, Some(_)) => happens.push("期限现在算不出，更新以后算得出".to_owned()),
            (None, None) => {
                let broken = (self.path.to_owned(), first(&mistakes));
                if !drafts.broken.contains(&broken) {
                    drafts.broken.push(broken);
                }
            }
            _ => {}
        }
    }
}

fn errors(report: &Report) -> impl Iterator<Item = Diagnostic> {
    report.sorted().into_iter().filter(|d| d.level == Level::Error)
}

fn first(report: &Report) -> String {
    errors(report).next().map_or_else(|| "读不了".to_owned(), |d| d.message)
}

/// The first line in which two letters differ.
fn difference(then: &str, now: &str) -> String {
    let short = |line: Option<&str>| match line.map(str::trim) {
        None | Some("") => "（没有）".to_owned(),
        Some(line) => {
            let start: String = line.chars().take(40).collect();
            if line.chars().count() > 40 { format!("{start}……") } else { start }
        }
    };
    let (mut a, mut b) = (then.lines(), now.lines());
    loop {
        match (a.next(), b.next()) {
            (None, None) => return "文书的文字会变".to_owned(),
            (x, y) if x == y => {}
            (x, y) => return format!("文书的文字会变，从这一段起：{} → {}", short(x), short(y)),
        }
    }
}

/// The terms that still run and end on another day.
fn moved(then: &Status, now: &Status) -> Vec<String> {
    let open = |t: &&Term| !matches!(t.state, State::Met(_) | State::Late(_) | State::Closed(_));
    let shown = |due: Option<Due>| match due {
        Some(due) => {
            format!("{}（{}）{}", due.date, due.date.weekday(), if due.provisional { "（暂定）" } else { "" })
        }
        None => "算不出".to_owned(),
    };
    let mut all = vec![];
    for term in now.terms.iter().filter(open) {
        let same = |t: &&Term| (&t.id, &t.items, &t.title) == (&term.id, &term.items, &term.title);
        let before = then.terms.iter().find(same);
        let (a, b) = (before.and_then(|t| t.due), term.due);
        if a.map(|d| (d.date, d.provisional)) != b.map(|d| (d.date, d.provisional)) {
            all.push(format!("期限变动　{}：{} → {}", term.title, shown(a), shown(b)));
        }
    }
    all
}
