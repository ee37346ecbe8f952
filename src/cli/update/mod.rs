//! `gongkai update`: a desk without network takes a pack over: first what changes and what that touches, then all of it or
//! nothing.

mod apply;
mod drafts;
mod show;

use super::output::{self, Progress};
use super::project::locate;
use super::share::carried;
use super::{Ending, Project, UpdateArgs, config, init};
use crate::bundle::{self, Files, Unpacked, digest};
use crate::corpus::{is_content, is_look};
use crate::disk;
use crate::text::{Diagnostic, Level, Report, Sources};
use crate::update::{self, Action, Affected, Conflict, Item, Known, Side, Sums, canonical};
use anyhow::{Context, bail};
use apply::State;
use drafts::Drafts;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, IsTerminal};
use std::path::{Path, PathBuf};

/// Everything an update would do.
struct Update {
    root: PathBuf,
    pack: Unpacked,
    /// What the last update left, if there was one.
    state: Option<State>,
    /// The desk's files, canonical.
    desk: Files,
    plan: BTreeMap<String, Action>,
}

/// What a person is shown before anything is changed.
struct Shown {
    items: Vec<Item>,
    affected: Affected,
    /// `None` where the content has mistakes.
    drafts: Option<Drafts>,
    /// Mistakes that the content would have.
    mistakes: Report,
    /// How many of them it has already.
    before: usize,
    sources: Sources,
}

/// Runs the command.
pub fn run(root: Option<&Path>, args: &UpdateArgs) -> anyhow::Result<Ending> {
    let root = locate(root)?;
    let resumed = apply::resume(&root)?;
    if args.undo {
        return apply::undo(&root, args.force);
    }
    let Some(path) = &args.pack else {
        if resumed {
            return Ok(Ending::Fine);
        }
        bail!("没有写更新包\n提示: 写收到的 .zip，例如 gongkai update E:\\staff.zip");
    };
    let progress = Progress::start("正在核对更新包");
    let Some(pack) = read(path)? else {
        drop(progress);
        output::note("更新包不能用，什么都没有改。");
        return Ok(Ending::Findings);
    };
    let update = prepare(root, pack)?;
    progress.stage("正在比较");
    let shown = compare(&update, &args.requests)?;
    drop(progress);
    output::print(&show::text(&update, &shown))?;
    let wrong = shown.mistakes.has_errors();
    if wrong {
        output::report(&shown.mistakes, &shown.sources);
    }
    let older = update.is_older();
    if (wrong || older) && !args.force {
        output::note(&show::refusal(&update, &shown, older));
        return Ok(Ending::Findings);
    }
    let conflicts = update.conflicts().next().is_some();
    let findings = wrong || conflicts || shown.drafts.as_ref().is_some_and(|d| d.wrong);
    let ending = if findings { Ending::Findings } else { Ending::Fine };
    // The first time it must be remembered what was taken over, even if nothing differs.
    if shown.items.is_empty() && !conflicts && update.is_remembered() {
        return Ok(ending);
    }
    let nothing = shown.items.is_empty() && !conflicts;
    if args.apply || (!nothing && confirm()?) {
        let report = apply::apply(&update)?;
        output::print(&report)?;
    } else if nothing {
        output::note(
            "什么都没有改。加上 --apply 记下这个包，下一次更新就分得清哪些是本机改的、哪些是包改的。",
        );
    } else {
        output::note("什么都没有改。看过以后要更新，再运行一次，最后加上 --apply。");
    }
    Ok(ending)
}

/// Asks at a terminal; anywhere else nobody is there to ask.
fn confirm() -> anyhow::Result<bool> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Ok(false);
    }
    output::note("要更新吗？要就输入 y 再按回车，不要就直接按回车：");
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(matches!(line.trim(), "y" | "Y" | "是" | "要"))
}

/// The pack, checked. `None` if it is no good, and then that was shown.
fn read(path: &Path) -> anyhow::Result<Option<Unpacked>> {
    let bytes = disk::read_bytes(path, bundle::LARGEST)?;
    let mut report = Report::default();
    let pack = bundle::unpack(&bytes, &mut report);
    if let Some(pack) = &pack {
        check_sources(pack, &mut report);
    }
    if !report.is_empty() {
        output::report(&report, &Sources::default());
    }
    Ok(pack.filter(|_| !report.has_errors()))
}

/// A pack must hold sources, and nothing else than what a handbook reads.
fn check_sources(pack: &Unpacked, report: &mut Report) {
    if pack.sources.is_empty() {
        let message = format!(
            "这个包是“{}”版，只用来看，里面没有更新手册要用的原文（sources）",
            pack.manifest.about.edition
        );
        let hint = "要更新本机关的手册，用 staff 版的包（gongkai pack 做出来的 staff.zip）";
        report.push(Diagnostic::placeless("pack-edition", message).hint(hint));
    }
    for (path, bytes) in &pack.sources {
        let hint = "这不是 gongkai pack 做出来的包，不要用";
        if !is_content(path) && !is_look(path) {
            let message = format!("更新包里有手册不用的文件 sources/{path}");
            report.push(Diagnostic::placeless("pack-path", message).hint(hint));
        } else if is_content(path) && std::str::from_utf8(bytes).map_or(true, |text| text.contains('\0')) {
            let message = format!("更新包里的 sources/{path} 不是 UTF-8 文本");
            report.push(Diagnostic::placeless("pack-path", message).hint(hint));
        } else if is_content(path) && bytes.len() as u64 > disk::LARGEST {
            let message = format!("更新包里的 sources/{path} 有 {} MB，太大", bytes.len() / 1024 / 1024);
            report.push(Diagnostic::placeless("pack-size", message).hint(hint));
        }
    }
}

fn sums(files: &Files) -> Sums {
    files.iter().map(|(path, bytes)| (path.clone(), digest(bytes))).collect()
}

fn prepare(root: PathBuf, mut pack: Unpacked) -> anyhow::Result<Update> {
    for bytes in pack.sources.values_mut() {
        *bytes = canonical(bytes).into_owned();
    }
    let state = State::read(&root)?;
    let desk = carried(&root)?;
    let shipped: BTreeSet<(String, String)> =
        init::beginnings().into_iter().map(|(path, bytes)| (path, digest(&canonical(&bytes)))).collect();
    let known = Known { base: state.as_ref().map(|s| &s.files), shipped: &shipped };
    let mut plan = update::plan(&sums(&desk), &sums(&pack.sources), known);
    // What the settings name must not go away under them.
    let settings = std::fs::read_to_string(root.join("book.toml")).unwrap_or_default();
    for (path, action) in &mut plan {
        if *action == Action::Remove && settings.contains(path.as_str()) {
            *action = Action::Own;
        }
    }
    Ok(Update { root, pack, state, desk, plan })
}

impl Update {
    fn conflicts(&self) -> impl Iterator<Item = (&str, Conflict)> {
        self.plan.iter().filter_map(|(path, action)| match action {
            Action::Conflict(why) => Some((path.as_str(), *why)),
            _ => None,
        })
    }

    /// Whether the pack was issued before the last one that was taken over.
    fn is_older(&self) -> bool {
        let last = self.state.as_ref().map_or("", |state| state.about.date.as_str());
        let date = self.pack.manifest.about.date.as_str();
        !date.is_empty() && !last.is_empty() && date < last
    }

    /// Whether the last update took over these very files.
    fn is_remembered(&self) -> bool {
        self.state.as_ref().is_some_and(|state| {
            state.files == sums(&self.pack.sources) && state.about == self.pack.manifest.about
        })
    }

    /// The sources as they would be, from those that are.
    fn merged(&self, old: &Sources, found: &Report) -> (Sources, Report) {
        let (mut sources, mut report) = (Sources::default(), Report::default());
        let stays = |path: &str| !matches!(self.plan.get(path), Some(Action::Replace | Action::Remove));
        for (path, text) in old.iter().filter(|(path, _)| stays(path)) {
            sources.insert(path, text);
        }
        for diagnostic in found.sorted() {
            let path = diagnostic.place.as_ref().map(|place| place.path.clone());
            if path.as_deref().is_none_or(stays) {
                if let Some(path) = path.filter(|path| !sources.holds(path)) {
                    sources.insert_unreadable(path);
                }
                report.push(diagnostic);
            }
        }
        for (path, action) in &self.plan {
            if matches!(action, Action::Add | Action::Replace)
                && is_content(path)
                && let Some(Ok(text)) = self.pack.sources.get(path).map(|bytes| std::str::from_utf8(bytes))
            {
                sources.insert(path, text);
            }
        }
        (sources, report)
    }
}

/// Both handbooks, and what the difference does.
fn compare(update: &Update, folders: &[PathBuf]) -> anyhow::Result<Shown> {
    let mut found = Report::default();
    let sources = disk::read_sources(&update.root, &mut found)?;
    let (merged, left) = update.merged(&sources, &found);
    let user = config::user_file()?;
    let old = Project::of(update.root.clone(), sources, user.as_deref(), found)?;
    let new = Project::of(update.root.clone(), merged, user.as_deref(), left)?;
    let (before, after) = (old.site(), new.site());
    let old_side = Side { corpus: &old.corpus, links: &old.links, samples: before.samples };
    let new_side = Side { corpus: &new.corpus, links: &new.links, samples: after.samples };
    let laws = update::laws(old_side, new_side);
    let items = update::changes(old_side, new_side, &laws, &update.plan);
    let affected = update::affected(old_side, new_side, &laws, &update.plan);
    let own = [update.root.clone()];
    let folders = if folders.is_empty() { &own[..] } else { folders };
    // What is made from content with mistakes says nothing.
    let sound = !old.report.has_errors() && !new.report.has_errors();
    let drafts = sound.then(|| drafts::compare((&old, &new), folders, &affected.letters)).transpose()?;
    let errors = |report: &Report| -> Vec<Diagnostic> {
        report.sorted().into_iter().filter(|d| d.level == Level::Error).collect()
    };
    let known = errors(&old.report);
    let mut mistakes = Report::default();
    let all = errors(&new.report);
    let kept = |d: &Diagnostic| {
        known.iter().any(|k| {
            let path = |d: &Diagnostic| d.place.as_ref().map(|p| p.path.clone());
            (k.code, &k.message, path(k)) == (d.code, &d.message, path(d))
        })
    };
    let before = all.iter().filter(|d| kept(d)).count();
    all.into_iter().for_each(|d| mistakes.push(d));
    // A page that an edition of the desk's own chooses may be gone; what was wrong before is no matter of the update.
    let chosen = errors(&editions(&old));
    errors(&editions(&new)).into_iter().filter(|d| !chosen.contains(d)).for_each(|d| mistakes.push(d));
    Ok(Shown { items, affected, drafts, mistakes, before, sources: new.sources })
}

/// What is wrong with the editions that the settings describe.
fn editions(project: &Project) -> Report {
    let mut report = Report::default();
    for publication in &project.publications {
        project.corpus.choose(publication, &mut report);
    }
    report
}

/// Reads a file of the desk's own folder, if it is there.
fn read_own(path: &Path) -> anyhow::Result<Option<Vec<u8>>> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("读不了 {}", path.display())),
    }
}
