//! `gongkai build`: the handbook as a folder of HTML.

use super::output::{self, Progress};
use super::{BookFormat, BuildArgs, Ending, PaperSize, Project, edition, volume};
use crate::corpus::{SOURCES, STAFF};
use crate::handbook::rendered::{self, Page};
use crate::search::Shelf;
use crate::text::Report;
use crate::{disk, handbook};
use anyhow::{Context, bail};
use mdbook_driver::MDBook;
use mdbook_driver::config::{Config, HtmlConfig};
use mdbook_preprocessor::book::{Book, BookItem};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use walkdir::WalkDir;

/// Builds an edition of the handbook and says how to open it.
pub fn run(root: Option<&Path>, args: &BuildArgs) -> anyhow::Result<Ending> {
    let progress = Progress::start("正在读取内容");
    let project = Project::load(root)?;
    if project.report.has_errors() {
        drop(progress);
        output::report(&project.report, &project.sources);
        output::note("手册没有生成：先改正上面的错误，再运行一次。");
        return Ok(Ending::Findings);
    }
    let (sources, warnings) = (project.sources.clone(), project.report.clone());
    let mut report = Report::default();
    let Some((project, left_out)) = project.edition(&args.edition, &mut report)? else {
        drop(progress);
        output::report(&report, &sources);
        output::note(&format!("{} 版没有生成：先改正上面的错误，再运行一次。", args.edition));
        return Ok(Ending::Findings);
    };
    let project = Arc::new(project);
    let made = match args.format {
        BookFormat::Html => pages(&project, args, &progress)?,
        BookFormat::Epub | BookFormat::Pdf => match book(&project, args, &progress, &mut report)? {
            Some(made) => made,
            None => {
                drop(progress);
                output::report(&report, &sources);
                output::note("没有生成：先改正上面的错误，再运行一次。");
                return Ok(Ending::Findings);
            }
        },
    };
    drop(progress);
    if !warnings.is_empty() {
        output::report(&warnings, &sources);
    }
    edition::say_left_out(&project.edition, &left_out);
    output::print(&made)?;
    Ok(Ending::Fine)
}

/// Builds the pages; what to tell about them.
fn pages(project: &Arc<Project>, args: &BuildArgs, progress: &Progress) -> anyhow::Result<String> {
    if args.output.is_some() || args.paper.is_some() {
        bail!(
            "-o 和 --paper 用于电子书和 PDF，要和 --format epub 或者 --format pdf 一起写\n提示: 网页放到别处，用 -d 文件夹"
        );
    }
    progress.stage("正在生成网页");
    let dest = match &args.dest {
        Some(dest) => settled(&std::path::absolute(dest)?),
        None => edition_dir(project)?,
    };
    build_into(project, &dest)?;
    Ok(summary(project, &pages_in(dest)))
}

/// Makes a book of the pages; what to tell about it. `None` if the report says why there is none.
fn book(
    project: &Arc<Project>,
    args: &BuildArgs,
    progress: &Progress,
    report: &mut Report,
) -> anyhow::Result<Option<String>> {
    if args.dest.is_some() {
        bail!("-d 用于网页；电子书和 PDF 是一个文件，用 -o 文件");
    }
    let paper = match (args.format, args.paper) {
        (BookFormat::Epub, Some(_)) => bail!("--paper 只用于 --format pdf；电子书没有开本"),
        (_, paper) => paper.unwrap_or(PaperSize::A4),
    };
    let ending = if args.format == BookFormat::Epub { "epub" } else { "pdf" };
    let path = match &args.output {
        Some(path) => std::path::absolute(path)?,
        None => book_file(project, ending, paper)?,
    };
    if args.output.is_some() && !args.force && path.symlink_metadata().is_ok() {
        bail!("{} 已经存在，没有动\n提示: 换一个文件名，或者加 --force", path.display());
    }
    progress.stage("正在排书");
    let volume = volume::of(project, report)?;
    if report.has_errors() {
        return Ok(None);
    }
    let (bytes, about) = match args.format {
        BookFormat::Epub => match volume::epub(&volume, report) {
            Some(bytes) => (bytes, "打开方法：用手机、平板或者电脑上的阅读软件打开。".to_owned()),
            None => return Ok(None),
        },
        _ => match volume::pdf(&volume, paper, report)? {
            Some((bytes, about)) => (bytes, about),
            None => return Ok(None),
        },
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("建不了文件夹 {}", folder.display()))?;
    }
    // What stands in the default place was made by us.
    disk::write_atomic(&path, &bytes, true).with_context(|| format!("写不了 {}", path.display()))?;
    let kind = if ending == "epub" { "电子书" } else { "PDF" };
    let size = bytes.len().div_ceil(1024);
    Ok(Some(format!(
        "{kind}已生成：《{}》，{size} kB。\n  {}\n{about}\n",
        volume.imprint.title,
        path.display()
    )))
}

/// `target/public.epub`, `target/staff-16k.pdf`: beside the pages.
pub(super) fn book_file(project: &Project, ending: &str, paper: PaperSize) -> anyhow::Result<PathBuf> {
    let folder = build_dir(&project.root)?;
    let size = if ending == "pdf" && paper == PaperSize::K16 { "-16k" } else { "" };
    Ok(folder.with_file_name(format!("{}{size}.{ending}", project.edition.id)))
}

/// Where the pages of an edition go: the staff's where `book.toml` says, another beside them in a folder of its name.
fn edition_dir(project: &Project) -> anyhow::Result<PathBuf> {
    let staff = build_dir(&project.root)?;
    if project.edition.id == STAFF {
        return Ok(staff);
    }
    Ok(staff.parent().map_or_else(|| staff.clone(), |p| p.join(&project.edition.id)))
}

fn summary(project: &Project, folder: &Path) -> String {
    let corpus = &project.corpus;
    let notes: usize = corpus.laws.values().map(|e| e.header.notes.len()).sum();
    let index = folder.join("index.html");
    let index = index.canonicalize().unwrap_or(index);
    // Windows marks absolute paths with \\?\, which a browser's address line does not take.
    let index = index.display().to_string();
    let index = index.strip_prefix(r"\\?\").unwrap_or(&index);
    format!(
        "手册已生成：{} 部法规（{notes} 条要点）、{} 份政策、{} 个案例、{} 个问答、{} 份文书。\n\n打开方法：双击下面这个文件，或者把它拖进浏览器。\n  {index}\n打印整本：打开后点右上角的打印机图标。拷给别人：把整个文件夹一起拷走。\n",
        corpus.laws.len(),
        corpus.policies.len(),
        corpus.cases.len(),
        corpus.questions.len(),
        corpus.clauses.len(),
    )
}

/// The output folder that `book.toml` names.
fn build_dir(root: &Path) -> anyhow::Result<PathBuf> {
    let config = config(root)?;
    Ok(settled(&std::path::absolute(root.join(&config.build.build_dir))?))
}

fn config(root: &Path) -> anyhow::Result<Config> {
    Config::from_disk(root.join("book.toml")).context("book.toml 读不了")
}

/// The title of the handbook in `book.toml`.
pub(super) fn title(root: &Path) -> anyhow::Result<String> {
    Ok(config(root)?.book.title.unwrap_or_else(|| "手册".to_owned()))
}

/// Renders beside `dest` and puts the result in its place only when it is whole.
fn build_into(project: &Arc<Project>, dest: &Path) -> anyhow::Result<()> {
    guard(&project.root, dest)?;
    let fresh = disk::beside(dest).with_context(|| format!("{} 旁边写不了文件", dest.display()))?;
    let inner = fresh.path().join("handbook");
    render(project, &inner, &[])?;
    disk::swap(&inner, dest).with_context(|| format!("换不了 {} 的内容", dest.display()))
}

/// Refuses to build where something else would be lost: over the sources, over a file, over a foreign folder.
///
/// # Errors
///
/// Says in Chinese what stands in the way.
pub fn guard(root: &Path, dest: &Path) -> anyhow::Result<()> {
    const HINT: &str = "换一个空文件夹（-d 文件夹，或者改 book.toml 里的 build-dir）";
    let shown = dest.display();
    if dest.components().any(|part| part == Component::ParentDir) {
        bail!("输出文件夹 {shown} 里有 ..，说不清是哪里\n提示: 写完整的路径");
    }
    let (root, place) = (root.canonicalize()?, dest);
    if root.starts_with(place) || SOURCES.iter().any(|name| place.starts_with(root.join(name))) {
        bail!("{shown} 放着手册的原文，生成手册会把它清掉，所以没有动\n提示: {HINT}");
    }
    let Ok(meta) = dest.symlink_metadata() else { return Ok(()) };
    if !meta.is_dir() {
        bail!("{shown} 是一个文件或链接，不是文件夹\n提示: {HINT}");
    }
    let foreign = fs::read_dir(dest)?.filter_map(Result::ok).any(|_| true)
        && ![dest.to_path_buf(), dest.join("html")].iter().any(|d| is_handbook(d));
    if foreign {
        bail!("{shown} 里有别的文件，生成手册会把它们清掉，所以没有动\n提示: {HINT}");
    }
    Ok(())
}

/// Whether a folder looks as `build` leaves it.
fn is_handbook(folder: &Path) -> bool {
    ["toc.html", "index.html", ".nojekyll"].iter().all(|name| folder.join(name).is_file())
        && folder.join("book/theme").is_dir()
}

/// The real place of a folder that may not exist yet, links and `..` resolved as far as they exist.
fn settled(path: &Path) -> PathBuf {
    for ancestor in path.ancestors() {
        if let (Ok(real), Ok(rest)) = (ancestor.canonicalize(), path.strip_prefix(ancestor)) {
            // Joining nothing would leave a slash at the end.
            return if rest.as_os_str().is_empty() { real } else { real.join(rest) };
        }
    }
    path.to_path_buf()
}

/// Renders the edition into `dest`, which is emptied first. `settings` are set over those of `book.toml`.
///
/// # Errors
///
/// When mdBook cannot read its configuration or summary, or cannot write.
pub fn render(project: &Arc<Project>, dest: &Path, settings: &[(&str, &str)]) -> anyhow::Result<()> {
    outline(project, dest, settings).map(|_| ())
}

/// A page in the order of the contents, or a heading between pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entry {
    /// A heading in the sidebar.
    Part(String),
    /// Level from 0, path of the page in the output, title.
    Page(usize, String, String),
}

/// As [`render`]; returns the contents of what was rendered.
pub(super) fn outline(
    project: &Arc<Project>,
    dest: &Path,
    settings: &[(&str, &str)],
) -> anyhow::Result<Vec<Entry>> {
    let mut config = config(&project.root)?;
    config.build.build_dir = dest.to_path_buf();
    let whole = project.edition.is_whole();
    if let Some(title) = &project.edition.title {
        config.book.title = Some(title.clone());
    }
    // Its search finds no Chinese and is not compiled in; without this it would warn about its own table.
    let html =
        config.get::<HtmlConfig>("output.html").context("book.toml 的 [output.html] 里有写错的地方")?;
    if let Some(mut html) = html {
        html.search = None;
        if !whole {
            // Nothing that the agency wrote goes out unless it was chosen.
            html.input_404 = Some(String::new());
            (config.book.description, config.book.authors) = (project.edition.title.clone(), vec![]);
        }
        config.set("output.html", html).context("book.toml 的 [output.html] 读不了")?;
    }
    for (key, value) in settings {
        config.set(*key, *value).with_context(|| format!("book.toml 的 {key} 设不了"))?;
    }
    // mdBook leaves its own output out of what it copies only when both paths are of one form.
    let root = std::path::absolute(&project.root)?;
    let mut book = MDBook::load_with_config(&root, config).context("mdBook 读不了这本手册")?;
    let contents = Arc::new(Mutex::new(vec![]));
    book.with_preprocessor(InProcess(Arc::clone(project), Arc::clone(&contents)));
    book.build().context("mdBook 没有生成成功")?;
    let contents = std::mem::take(&mut *contents.lock().unwrap_or_else(PoisonError::into_inner));
    let pages = pages_in(dest.to_path_buf());
    keep_only_needed(&pages, &contents, whole)?;
    write_search(project, &pages.join("search"))?;
    Ok(contents)
}

/// Where the pages lie: with more than one kind of output mdBook puts them one folder deeper.
pub(super) fn pages_in(dest: PathBuf) -> PathBuf {
    if dest.join("index.html").is_file() { dest } else { dest.join("html") }
}

/// Files that no page names and every handbook has.
const ALWAYS: [&str; 5] = [".nojekyll", "404.html", "index.html", "print.html", "toc.html"];
/// What the handbook is made from and that never goes out with it, whoever links to it.
const NEVER: [&str; 2] = ["rules/", "laws/text/"];

/// mdBook copies everything that lies under the sources. What is no page and is needed by none is taken away again; in an
/// edition that does not hold everything, links to what is not there become words.
fn keep_only_needed(dest: &Path, contents: &[Entry], whole: bool) -> anyhow::Result<()> {
    let mut files = BTreeSet::new();
    for entry in WalkDir::new(dest).sort_by_file_name() {
        let entry = entry.context("读不了生成的网页")?;
        if entry.file_type().is_file() {
            let below = entry.path().strip_prefix(dest)?;
            files.insert(
                below.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"),
            );
        }
    }
    let pages = contents.iter().filter_map(|entry| match entry {
        Entry::Page(_, path, _) => Some(path.as_str()),
        Entry::Part(_) => None,
    });
    let mut open: Vec<String> =
        pages.chain(ALWAYS).map(str::to_owned).filter(|p| files.contains(p)).collect();
    let mut needed: BTreeSet<String> = open.iter().cloned().collect();
    let read =
        |path: &str| fs::read_to_string(dest.join(path)).with_context(|| format!("读不了生成的文件 {path}"));
    let pages: Vec<String> = open.clone();
    while let Some(path) = open.pop() {
        let found = if path.ends_with(".html") {
            rendered::targets(&Page { html: read(&path)?, path })
        } else if path.ends_with(".css") {
            rendered::style_targets(&path, &read(&path)?)
        } else {
            BTreeSet::new()
        };
        for target in found {
            let may = files.contains(&target) && !NEVER.iter().any(|folder| target.starts_with(folder));
            if may && needed.insert(target.clone()) {
                open.push(target);
            }
        }
    }
    for path in files.difference(&needed) {
        fs::remove_file(dest.join(path)).with_context(|| format!("删不了 {path}"))?;
    }
    remove_empty_folders(dest)?;
    if !whole {
        for path in pages.iter().filter(|path| path.ends_with(".html")) {
            let page = Page { html: read(path)?, path: path.clone() };
            let html = rendered::unlinked(&page, &needed);
            if html != page.html {
                fs::write(dest.join(path), html).with_context(|| format!("写不了 {path}"))?;
            }
        }
    }
    Ok(())
}

fn remove_empty_folders(dest: &Path) -> anyhow::Result<()> {
    for entry in WalkDir::new(dest).min_depth(1).contents_first(true) {
        let entry = entry.context("读不了生成的网页")?;
        if entry.file_type().is_dir() && fs::read_dir(entry.path())?.next().is_none() {
            fs::remove_dir(entry.path())?;
        }
    }
    Ok(())
}

/// The data of the search beside the pages; the box loads it when it is opened.
fn write_search(project: &Project, folder: &Path) -> anyhow::Result<()> {
    Shelf::new(&project.corpus, &project.links, &project.edition).write(|name, script| {
        let path = folder.join(name);
        let written =
            path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, script));
        written.with_context(|| format!("写不了 {}", path.display()))
    })
}

/// The preprocessor without a second process; it notes the contents of what it made.
struct InProcess(Arc<Project>, Arc<Mutex<Vec<Entry>>>);

impl Preprocessor for InProcess {
    fn name(&self) -> &str {
        "gongkai"
    }

    fn run(&self, _: &PreprocessorContext, book: Book) -> anyhow::Result<Book> {
        let book = handbook::book::assemble(&self.0.site(), book);
        let mut contents = vec![];
        list(&book.items, 0, &mut contents);
        *self.1.lock().unwrap_or_else(PoisonError::into_inner) = contents;
        Ok(book)
    }
}

fn list(items: &[BookItem], level: usize, contents: &mut Vec<Entry>) {
    for item in items {
        match item {
            BookItem::PartTitle(title) => contents.push(Entry::Part(title.clone())),
            BookItem::Chapter(chapter) => {
                if let Some(path) = &chapter.path {
                    let path = path.with_extension("html");
                    let path: Vec<_> = path.components().map(|c| c.as_os_str().to_string_lossy()).collect();
                    contents.push(Entry::Page(level, path.join("/"), chapter.name.clone()));
                }
                list(&chapter.sub_items, level + 1, contents);
            }
            BookItem::Separator => {}
        }
    }
}
