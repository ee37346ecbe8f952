//! `gongkai pack`: one .zip for a USB stick: the handbook, how to open it, checksums, and for the staff edition what a desk
//! without network updates its own handbook from.

use super::letter::save;
use super::output::{self, Progress};
use super::{Ending, Project, ShareArgs, build};
use crate::bundle::{self, About, Files};
use crate::corpus::tree::{Node, Value};
use crate::corpus::{is_content, is_look};
use crate::disk;
use crate::text::Report;
use crate::update::canonical;
use anyhow::{Context, bail};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use walkdir::WalkDir;

/// The edition that holds everything; the only one whose packs carry sources.
const STAFF: &str = "staff";

/// Packs an edition.
pub fn run(root: Option<&Path>, args: &ShareArgs) -> anyhow::Result<Ending> {
    let progress = Progress::start("正在读取内容");
    let project = Project::load(root)?;
    if project.report.has_errors() {
        drop(progress);
        output::report(&project.report, &project.sources);
        output::note("没有打包：先改正上面的错误，再运行一次。");
        return Ok(Ending::Findings);
    }
    let about = about(&project, args)?;
    let target = match &args.output {
        Some(path) => path.clone(),
        None => project.root.join("target").join(format!("{}.zip", about.edition)),
    };
    let name = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if !name.to_lowercase().ends_with(".zip") {
        bail!("{} 不是 .zip\n提示: 文件名以 .zip 结尾", target.display());
    }
    if args.output.is_none() {
        fs::create_dir_all(project.root.join("target")).context("建不了 target 文件夹")?;
    } else if !args.force && target.symlink_metadata().is_ok() {
        bail!("{} 已经存在，没有动它\n提示: 换一个文件名；确定要换掉，加上 --force", target.display());
    }
    progress.stage("正在生成网页");
    let project = Arc::new(project);
    let mut files = pages(&project, &target)?;
    progress.stage("正在打包");
    let mut report = Report::default();
    if about.edition == STAFF {
        files.extend(sources(&project)?);
    }
    let guide = bundle::guide(&about, &name, &files);
    files.insert(bundle::GUIDE.to_owned(), guide);
    let packed = bundle::pack(&about, &files, &mut report);
    drop(progress);
    let Some(packed) = packed.filter(|_| !report.has_errors()) else {
        output::report(&report, &project.sources);
        output::note("没有打包。");
        return Ok(Ending::Findings);
    };
    save(&target, &packed, args.force || args.output.is_none())?;
    output::print(&summary(&target, packed.len(), &files))?;
    Ok(Ending::Fine)
}

fn summary(target: &Path, size: usize, files: &Files) -> String {
    let count = |folder: &str| files.keys().filter(|path| path.starts_with(folder)).count();
    let sources = match count(bundle::SOURCES) {
        0 => String::new(),
        n => format!("，{n} 个更新用的原文"),
    };
    format!(
        "已打包：{}（{}.{} MB）\n里面有：手册网页 {} 个文件{sources}，{}，{}。\n拷到 U 盘上，交给别的单位；怎样打开、怎样更新，都写在{}里。\n",
        target.display(),
        size / 1024 / 1024,
        size / 1024 % 1024 * 10 / 1024,
        count("handbook/"),
        bundle::GUIDE,
        bundle::CHECKSUMS,
        bundle::GUIDE,
    )
}

/// What the pack says of itself.
fn about(project: &Project, args: &ShareArgs) -> anyhow::Result<About> {
    let edition = args.edition.as_deref().unwrap_or(STAFF);
    if edition != STAFF {
        bail!("没有「{edition}」这个版本\n提示: 可以写的有 {STAFF}");
    }
    let date = match &args.date {
        Some(date) => super::deadline::date(date)?.to_string(),
        None => String::new(),
    };
    let settings = project.sources.get("book.toml").unwrap_or_default();
    let settings = Node::parse("book.toml", settings, 0, &mut Report::default());
    let title = match settings.as_ref().and_then(|n| n.get("book")?.get("title")).map(|n| &n.value) {
        Some(Value::Text(title)) => title.clone(),
        _ => bail!("book.toml 的 [book] 里没有写书名（title）"),
    };
    Ok(About {
        edition: edition.to_owned(),
        title,
        office: project.agency.name.clone().unwrap_or_default(),
        version: args.issue.clone().unwrap_or_default(),
        date,
    })
}

/// The pages, below `handbook/`.
fn pages(project: &Arc<Project>, target: &Path) -> anyhow::Result<Files> {
    let target = std::path::absolute(target)?;
    let fresh = disk::beside(&target).with_context(|| format!("{} 旁边写不了文件", target.display()))?;
    let inner = fresh.path().join("handbook");
    build::render(project, &inner, &[])?;
    // With more than one kind of output mdBook puts the pages one folder deeper.
    let inner = if inner.join("index.html").is_file() { inner } else { inner.join("html") };
    let mut files = Files::new();
    for path in below(&inner)? {
        let bytes = fs::read(inner.join(&path)).with_context(|| format!("读不了 {path}"))?;
        files.insert(format!("handbook/{path}"), bytes);
    }
    Ok(files)
}

/// Every regular file below a folder, by its path from there with `/`, sorted.
fn below(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut all = vec![];
    for entry in WalkDir::new(folder).follow_links(true).sort_by_file_name() {
        let entry = entry.with_context(|| format!("读不了 {} 里的文件", folder.display()))?;
        if entry.file_type().is_file() {
            let below = entry.path().strip_prefix(folder).unwrap_or(entry.path());
            let Some(path) = below.to_str() else {
                bail!("{} 的文件名不是 UTF-8\n提示: 把文件改名", entry.path().display());
            };
            all.push(path.replace('\\', "/"));
        }
    }
    all.sort_unstable();
    Ok(all)
}

/// The files of a desk that a pack may carry and an update may touch, canonical, by path below the root: what the
/// handbook reads, and how it looks. Settings, requests, registers and whatever else lies around are never among them.
pub fn carried(root: &Path) -> anyhow::Result<Files> {
    let mut all = Files::new();
    for folder in ["book", "cases", "templates"] {
        let top = root.join(folder);
        if !top.exists() {
            continue;
        }
        for inner in below(&top)? {
            let path = format!("{folder}/{inner}");
            if is_content(&path) || is_look(&path) {
                let file = root.join(&path);
                let bytes = fs::read(&file).with_context(|| format!("读不了 {}", file.display()))?;
                all.insert(path, canonical(&bytes).into_owned());
            }
        }
    }
    Ok(all)
}

/// What of that goes into a pack, below `sources/`: pictures only where a page names them.
fn sources(project: &Project) -> anyhow::Result<Files> {
    let pages: Vec<&str> = project.sources.within("book/", ".md").map(|(_, text)| text).collect();
    let mut all = Files::new();
    for (path, bytes) in carried(&project.root)? {
        let name = path.rsplit('/').next().unwrap_or_default();
        let shown = || pages.iter().any(|text| text.contains(name));
        if is_content(&path) || path.starts_with("book/theme/") || shown() {
            all.insert(format!("{}{path}", bundle::SOURCES), bytes);
        }
    }
    Ok(all)
}
