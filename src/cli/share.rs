//! `gongkai pack`: one .zip for a USB stick: the handbook, how to open it, checksums, and for the staff edition what a desk
//! without network updates its own handbook from.

use super::letter::save;
use super::output::{self, Progress};
use super::{Ending, PaperSize, Project, ShareArgs, build, edition, volume};
use crate::bundle::{self, About, Files};
use crate::corpus::{STAFF, is_content, is_look};
use crate::disk;
use crate::press::Volume;
use crate::text::Report;
use crate::update::canonical;
use anyhow::{Context, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use walkdir::WalkDir;

/// Packs an edition.
pub fn run(root: Option<&Path>, args: &ShareArgs) -> anyhow::Result<Ending> {
    let progress = Progress::start("正在读取内容");
    let project = Project::load(root)?;
    let texts = project.sources.clone();
    let refused = |report: &Report, progress: Progress| {
        drop(progress);
        output::report(report, &texts);
        output::note("没有打包：先改正上面的错误，再运行一次。");
        Ok(Ending::Findings)
    };
    if project.report.has_errors() {
        return refused(&project.report, progress);
    }
    let mut report = Report::default();
    let own = if args.edition == STAFF { sources(&project)? } else { Files::new() };
    let Some((project, left_out)) = project.edition(&args.edition, &mut report)? else {
        return refused(&report, progress);
    };
    let about = about(&project)?;
    let target = target(&project, args)?;
    let name = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    progress.stage("正在生成网页");
    let project = Arc::new(project);
    let absolute = std::path::absolute(&target)?;
    let fresh = disk::beside(&absolute).with_context(|| format!("{} 旁边写不了文件", absolute.display()))?;
    let inner = fresh.path().join("handbook");
    let contents = build::outline(&project, &inner, &[])?;
    let inner = build::pages_in(inner);
    let mut files = pages(&inner)?;
    if !args.no_books {
        progress.stage("正在排书");
        let volume = volume::read(&project, &inner, contents, &mut report)?;
        files.extend(books(&project, &volume, &mut report)?);
        if report.has_errors() {
            return refused(&report, progress);
        }
    }
    progress.stage("正在打包");
    files.extend(own);
    let guide = bundle::guide(&about, &name, &files);
    files.insert(bundle::GUIDE.to_owned(), guide);
    let Some(packed) = bundle::pack(&about, &files, &mut report) else {
        return refused(&report, progress);
    };
    drop(progress);
    save(&target, &packed, args.force || args.output.is_none())?;
    edition::say_left_out(&project.edition, &left_out);
    output::print(&summary(&target, packed.len(), &files))?;
    Ok(Ending::Fine)
}

/// Where the pack goes.
fn target(project: &Project, args: &ShareArgs) -> anyhow::Result<PathBuf> {
    let Some(path) = &args.output else {
        let path = build::book_file(project, "zip", PaperSize::A4)?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(|| format!("建不了文件夹 {}", folder.display()))?;
        }
        return Ok(path);
    };
    if !path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip")) {
        bail!("{} 不是 .zip\n提示: 文件名以 .zip 结尾", path.display());
    }
    if !args.force && path.symlink_metadata().is_ok() {
        bail!("{} 已经存在，没有动它\n提示: 换一个文件名；确定要换掉，加上 --force", path.display());
    }
    Ok(path.clone())
}

/// The e-book, and the printed book in both sizes where the program has PDF.
fn books(project: &Project, volume: &Volume, report: &mut Report) -> anyhow::Result<Files> {
    let mut files = Files::new();
    if report.has_errors() {
        return Ok(files);
    }
    let name = |ending: &str| format!("{}{ending}", project.edition.id);
    if let Some(bytes) = volume::epub(volume, report) {
        files.insert(name(".epub"), bytes);
    }
    if cfg!(feature = "pdf") {
        for (paper, ending) in [(PaperSize::A4, ".pdf"), (PaperSize::K16, "-16k.pdf")] {
            let made = volume::pdf(volume, paper, report).context("PDF 没有做成；不要书，加上 --no-books")?;
            if let Some((bytes, _)) = made {
                files.insert(name(ending), bytes);
            }
        }
    }
    Ok(files)
}

fn summary(target: &Path, size: usize, files: &Files) -> String {
    let count = |folder: &str| files.keys().filter(|path| path.starts_with(folder)).count();
    let books: Vec<&str> =
        files.keys().map(String::as_str).filter(|p| p.ends_with(".epub") || p.ends_with(".pdf")).collect();
    let books: String = books.iter().map(|name| format!("，{name}")).collect();
    let sources = match count(bundle::SOURCES) {
        0 => String::new(),
        n => format!("，{n} 个更新用的原文"),
    };
    format!(
        "已打包：{}（{}.{} MB）\n里面有：手册网页 {} 个文件{books}{sources}，{}，{}。\n拷到 U 盘上，交给别的单位；怎样打开、怎样更新，都写在{}里。\n",
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
fn about(project: &Project) -> anyhow::Result<About> {
    let edition = &project.edition;
    let title = match &edition.title {
        Some(title) => title.clone(),
        None => build::title(&project.root)?,
    };
    Ok(About {
        edition: edition.id.clone(),
        title,
        office: edition.office.clone(),
        version: edition.version.clone(),
        date: edition.date.clone(),
    })
}

/// The pages, below `handbook/`.
fn pages(rendered: &Path) -> anyhow::Result<Files> {
    let mut files = Files::new();
    for path in below(rendered)? {
        let bytes = fs::read(rendered.join(&path)).with_context(|| format!("读不了 {path}"))?;
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
