//! `gongkai build`: the handbook as a folder of HTML.

use super::output::{self, Progress};
use super::{Ending, Project};
use crate::corpus::SOURCES;
use crate::search::Shelf;
use crate::{disk, handbook};
use anyhow::{Context, bail};
use mdbook_driver::MDBook;
use mdbook_driver::config::{Config, HtmlConfig};
use mdbook_preprocessor::book::Book;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// Builds the handbook and says how to open it.
pub fn run(root: Option<&Path>, dest: Option<&Path>) -> anyhow::Result<Ending> {
    let progress = Progress::start("正在读取内容");
    let project = Project::load(root)?;
    if project.report.has_errors() {
        drop(progress);
        output::report(&project.report, &project.sources);
        output::note("手册没有生成：先改正上面的错误，再运行一次。");
        return Ok(Ending::Findings);
    }
    progress.stage("正在生成网页");
    let dest = match dest {
        Some(dest) => settled(&std::path::absolute(dest)?),
        None => build_dir(&project.root)?,
    };
    let project = Arc::new(project);
    build_into(&project, &dest)?;
    drop(progress);
    if !project.report.is_empty() {
        output::report(&project.report, &project.sources);
    }
    let index = if dest.join("index.html").is_file() { dest.clone() } else { dest.join("html") };
    output::print(&summary(&project, &index))?;
    Ok(Ending::Fine)
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

/// Renders the handbook into `dest`, which is emptied first. `settings` are set over those of `book.toml`.
///
/// # Errors
///
/// When mdBook cannot read its configuration or summary, or cannot write.
pub fn render(project: &Arc<Project>, dest: &Path, settings: &[(&str, &str)]) -> anyhow::Result<()> {
    let mut config = config(&project.root)?;
    config.build.build_dir = dest.to_path_buf();
    // Its search finds no Chinese and is not compiled in; without this it would warn about its own table.
    let html =
        config.get::<HtmlConfig>("output.html").context("book.toml 的 [output.html] 里有写错的地方")?;
    if let Some(mut html) = html {
        html.search = None;
        config.set("output.html", html).context("book.toml 的 [output.html] 读不了")?;
    }
    for (key, value) in settings {
        config.set(*key, *value).with_context(|| format!("book.toml 的 {key} 设不了"))?;
    }
    // mdBook leaves its own output out of what it copies only when both paths are of one form.
    let root = std::path::absolute(&project.root)?;
    let mut book = MDBook::load_with_config(&root, config).context("mdBook 读不了这本手册")?;
    book.with_preprocessor(InProcess(Arc::clone(project)));
    book.build().context("mdBook 没有生成成功")?;
    // With more than one kind of output mdBook puts the pages one folder deeper.
    let pages = if dest.join("index.html").is_file() { dest.to_path_buf() } else { dest.join("html") };
    write_search(project, &pages.join("search"))
}

/// The data of the search beside the pages; the box loads it when it is opened.
fn write_search(project: &Project, folder: &Path) -> anyhow::Result<()> {
    Shelf::new(&project.corpus).write(|name, script| {
        let path = folder.join(name);
        let written =
            path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, script));
        written.with_context(|| format!("写不了 {}", path.display()))
    })
}

/// The preprocessor without a second process.
struct InProcess(Arc<Project>);

impl Preprocessor for InProcess {
    fn name(&self) -> &str {
        "gongkai"
    }

    fn run(&self, _: &PreprocessorContext, book: Book) -> anyhow::Result<Book> {
        Ok(handbook::book::assemble(&self.0.site(), book))
    }
}
