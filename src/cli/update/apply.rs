//! An update is done, gone on with, or taken back.

use super::{Update, read_own, show, sums};
use crate::bundle::{About, digest};
use crate::cli::{Ending, output};
use crate::disk::{Change, FileChange, OWN};
use crate::update::{Action, Sums, canonical};
use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// What the last update left, in [`OWN`].
const STATE: &str = "pack.json";
/// Files of a pack that did not take their place, in [`OWN`].
const BESIDE: &str = "new";

/// What an update remembers for the next one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    format: u32,
    /// The pack.
    pub about: About,
    /// Its sources: the base of the next update.
    pub files: Sums,
    /// The folder in [`OWN`] with what stood there before.
    backup: String,
    /// Every file that was written, with its checksum, or removed, without.
    done: BTreeMap<String, Option<String>>,
}

impl State {
    /// The state of a handbook; `None` if it was never updated.
    pub fn read(root: &Path) -> anyhow::Result<Option<Self>> {
        let path = root.join(OWN).join(STATE);
        let Some(bytes) = read_own(&path)? else { return Ok(None) };
        let Ok(state) = serde_json::from_slice::<Self>(&bytes) else {
            bail!(
                "{} 坏了，说不清上一次更新了什么\n提示: 删掉它，下次就按第一次更新办：和程序自带的不一样的文件都当作本机改过的",
                path.display()
            );
        };
        if state.format != 1 {
            bail!("{} 是更新的程序写的\n提示: 换上新的 gongkai 程序", path.display());
        }
        Ok(Some(state))
    }
}

/// Goes on with an update that was interrupted; whether there was one.
pub fn resume(root: &Path) -> anyhow::Result<bool> {
    if !Change::is_pending(root) {
        return Ok(false);
    }
    let done = Change::alone(root, || match Change::resume(root)? {
        Some(change) => change.finish().map(|()| true),
        None => Ok(false),
    });
    let done = done.and_then(|done| done).with_context(|| {
        format!("上一次更新没有做完，现在也做不完；关掉打开的文件再试，旧文件在 {OWN} 里")
    })?;
    if done {
        output::note("上一次更新中途停了，已经把它做完。要退回去，用 gongkai update --undo。");
    }
    Ok(done)
}

/// Does the update; what to say about it.
pub fn apply(update: &Update) -> anyhow::Result<String> {
    let root = &update.root;
    let done = Change::alone(root, || -> anyhow::Result<String> {
        if Change::is_pending(root) {
            bail!("另一个 gongkai update 正在更新\n提示: 等它做完");
        }
        unchanged(update)?;
        let backup = free(root, &format!("backup-{}", label(&update.pack.manifest.about)));
        let mut files = files(update)?;
        let done = files
            .iter()
            .filter(|file| !file.path.starts_with(OWN))
            .map(|file| (file.path.clone(), file.bytes.as_deref().map(digest)))
            .collect();
        let state = State {
            format: 1,
            about: update.pack.manifest.about.clone(),
            files: sums(&update.pack.sources),
            backup: backup.clone(),
            done,
        };
        let bytes = serde_json::to_vec_pretty(&state)?;
        files.push(FileChange { path: format!("{OWN}/{STATE}"), bytes: Some(bytes) });
        let change = Change::stage(root, &backup, &files).context("更新没有做成，什么都没有改")?;
        finish(change, root, "更新没有做成")?;
        Ok(summary(update, &state))
    });
    done.context("手册的文件夹写不了")?
}

/// All of it, or what it was before.
fn finish(change: Change, root: &Path, failed: &str) -> anyhow::Result<()> {
    change.finish().with_context(|| {
        if Change::is_pending(root) {
            format!("{failed}，停在中间；关掉打开的文件，再运行一次 gongkai update，会接着做完")
        } else {
            format!("{failed}，已经全部退回原样；关掉打开的文件再试")
        }
    })
}

/// Fails if somebody changed a file since it was compared.
fn unchanged(update: &Update) -> anyhow::Result<()> {
    for path in update.plan.keys() {
        let now = read_own(&update.root.join(path))?;
        let now = now.as_deref().map(canonical);
        if now.as_deref() != update.desk.get(path).map(Vec::as_slice) {
            bail!("{path} 刚刚被人改了，什么都没有更新\n提示: 再运行一次");
        }
    }
    Ok(())
}

fn files(update: &Update) -> anyhow::Result<Vec<FileChange>> {
    let mut all = vec![];
    for (path, action) in &update.plan {
        let new = || update.pack.sources.get(path).cloned();
        let beside = format!("{OWN}/{BESIDE}/{path}");
        match action {
            Action::Add | Action::Replace => all.push(FileChange { path: path.clone(), bytes: new() }),
            Action::Remove => all.push(FileChange { path: path.clone(), bytes: None }),
            Action::Conflict(why) if why.has_new() => {
                let (bytes, there) = (new(), read_own(&update.root.join(&beside))?);
                if there != bytes {
                    all.push(FileChange { path: beside, bytes });
                }
                continue;
            }
            _ => {}
        }
        // What lay beside from an earlier update has been settled.
        if !matches!(action, Action::Own | Action::Conflict(_))
            && update.root.join(&beside).symlink_metadata().is_ok()
        {
            all.push(FileChange { path: beside, bytes: None });
        }
    }
    Ok(all)
}

/// A name for a folder: the date of a pack, or its version.
fn label(about: &About) -> String {
    let word = [&about.date, &about.version].into_iter().find(|w| !w.is_empty());
    let word = word.map_or("pack", String::as_str);
    word.chars().take(40).map(|c| if c.is_alphanumeric() || c == '-' { c } else { '_' }).collect()
}

/// The first of `name`, `name-2`, … that is free.
fn free(root: &Path, name: &str) -> String {
    let own = root.join(OWN);
    let mut names = std::iter::once(name.to_owned()).chain((2..).map(|n: u32| format!("{name}-{n}")));
    names.find(|name| own.join(name).symlink_metadata().is_err()).unwrap_or_else(|| name.to_owned())
}

fn summary(update: &Update, state: &State) -> String {
    let written = state.done.len();
    if written == 0 && update.conflicts().next().is_none() {
        return "\n本机和这个包一样，已经记下；下一次更新以它为准。\n".to_owned();
    }
    let mut out = format!(
        "\n已更新：{}，换了 {written} 个文件。换下来的旧文件在 {OWN}/{}。\n",
        show::name(&state.about),
        state.backup
    );
    if update.conflicts().next().is_some() {
        out.push_str(&format!(
            "有冲突的文件，本机的没有动；和 {OWN}/{BESIDE} 里的新文件对照，把要的内容抄过来。\n"
        ));
    }
    out.push_str("接下来：\n  检查：gongkai check\n  重新生成手册：gongkai build\n  退回更新以前：gongkai update --undo\n");
    out
}

/// Takes the last update back.
pub fn undo(root: &Path, force: bool) -> anyhow::Result<Ending> {
    let done = Change::alone(root, || -> anyhow::Result<Ending> {
        let Some(state) = State::read(root)? else {
            bail!("没有可以退回的更新：这本手册还没有用 gongkai update 更新过");
        };
        let kept = root.join(OWN).join(&state.backup);
        if !kept.is_dir() {
            bail!("换下来的旧文件不在了：{}\n提示: 从别的备份里找回来", kept.display());
        }
        let mut edited = vec![];
        let mut files = vec![];
        for (path, sum) in &state.done {
            let now = read_own(&root.join(path))?.map(|bytes| digest(&canonical(&bytes)));
            if now != *sum {
                edited.push(path.clone());
            }
            files.push(FileChange { path: path.clone(), bytes: read_own(&kept.join(path))? });
        }
        if !edited.is_empty() && !force {
            output::note(&format!(
                "这些文件更新以后又改过，退回去会丢掉这些改动，所以什么都没有动：\n  {}\n提示: 确定要退回的，加上 --force；改过的会留在 {OWN} 的备份里",
                edited.join("\n  ")
            ));
            return Ok(Ending::Findings);
        }
        let own = format!("{OWN}/{STATE}");
        files.push(FileChange { bytes: read_own(&kept.join(&own))?, path: own });
        // What is not there needs no removing.
        files.retain(|file| file.bytes.is_some() || root.join(&file.path).symlink_metadata().is_ok());
        let backup = free(root, &format!("undone-{}", label(&state.about)));
        let change = Change::stage(root, &backup, &files).context("没有退回，什么都没有改")?;
        finish(change, root, "没有退回")?;
        output::print(&format!(
            "已经退回到更新 {} 以前，{} 个文件。退下来的在 {OWN}/{backup}。\n",
            show::name(&state.about),
            state.done.len()
        ))?;
        Ok(Ending::Fine)
    });
    done.context("手册的文件夹写不了")?
}
