//! Runs the crate mdbook-linkcheck2 over Markdown chapters and brings back what it finds as data.
//!
//! `mdbook_linkcheck2::run` prints its findings to stderr and returns only that there were some. The
//! same public steps that it is made of are called here one by one instead, so nothing is printed.
//! It checks links to files, not to anchors, and knows no raw HTML: [`rendered`](super::rendered) does both.

use std::fs;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::thread;

use anyhow::{Context, anyhow, bail};
use codespan::{FileId, Files, Span};
use linkcheck2::validation::{Cache, InvalidLink, Reason};
use mdbook_driver::book::Book;
use mdbook_driver::config::Config;
use mdbook_linkcheck2::{MarkdownExtensionRequired, NotInSummary, ValidationOutcome, WarningPolicy};

/// What mdbook-linkcheck2 had to say about a book.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// In order of chapters, then of place in the chapter.
    pub findings: Vec<Finding>,
    /// How many links to files were looked up.
    pub checked: usize,
    /// How many were not: mail, anchors of the same chapter, excluded addresses.
    pub skipped: usize,
}

/// A link in a chapter that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Path of the chapter in the book's sources, with `/`.
    pub chapter: String,
    /// Byte range of the whole link in the text of the chapter as it was handed in.
    pub span: Range<usize>,
    /// Line in that text, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    /// What is wrong.
    pub kind: Kind,
    /// The address as written, for [`Kind::UndefinedReference`] the name in brackets.
    pub target: String,
    /// Whether the book's `warning-policy` lets this pass.
    pub warning: bool,
}

/// What can be wrong with a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// There is no such file.
    MissingFile,
    /// The file lies outside the book's sources.
    OutsideRoot,
    /// The Markdown file exists but is no chapter.
    NotInBook,
    /// Ends in `.html` although the book sets `require-md-extension`.
    HtmlLink,
    /// Starts with `/`.
    AbsolutePath,
    /// `[name]` without an address. May be meant as plain text.
    UndefinedReference,
    /// No address at all.
    EmptyLink,
    /// Not an address that mdbook-linkcheck2 can read, such as one with blanks in it.
    Unreadable,
    /// The operating system refused to look.
    Unknown,
}

impl Kind {
    /// A short name that never changes.
    pub fn code(self) -> &'static str {
        match self {
            Kind::MissingFile => "missing-file",
            Kind::OutsideRoot => "outside-root",
            Kind::NotInBook => "not-in-book",
            Kind::HtmlLink => "html-link",
            Kind::AbsolutePath => "absolute-path",
            Kind::UndefinedReference => "undefined-reference",
            Kind::EmptyLink => "empty-link",
            Kind::Unreadable => "unreadable",
            Kind::Unknown => "unknown",
        }
    }

    /// What is wrong, in Chinese, without a full stop.
    pub fn message(self) -> &'static str {
        match self {
            Kind::MissingFile => "链接指向的文件不存在",
            Kind::OutsideRoot => "链接指向手册源文件夹之外",
            Kind::NotInBook => "链接指向的文件没有列入目录，不会出现在手册中",
            Kind::HtmlLink => "请链接到 .md 源文件，不要链接到 .html 网页",
            Kind::AbsolutePath => "链接以“/”开头，手册换一个存放位置就打不开",
            Kind::UndefinedReference => "方括号后面没有写链接地址",
            Kind::EmptyLink => "链接地址是空的",
            Kind::Unreadable => "链接地址无法识别，例如其中有空格",
            Kind::Unknown => "无法检查这个链接",
        }
    }
}

/// Checks the links between the chapters of `book`, and from them to other files.
///
/// `scratch` stands in for the book's source folder: every chapter is written there first. Files that
/// chapters link to but that are no chapters (pictures, forms) must already lie in it; their content
/// does not matter. The options come from `[output.linkcheck2]` or `[output.linkcheck]` of `config`,
/// except that no address on the web is ever asked for. Nothing is printed; mdbook-linkcheck2 reports
/// its progress to the `log` crate.
///
/// # Errors
///
/// If `scratch` cannot be written, an option has the wrong type, a chapter's path leads out of the
/// book, or mdbook-linkcheck2 panics. It does so where no TLS client can be set up, which it tries even
/// though it is not used.
pub fn run(book: &Book, config: &Config, scratch: &Path) -> anyhow::Result<Outcome> {
    let root = dunce::canonicalize(scratch)
        .with_context(|| format!("cannot find the folder {}", scratch.display()))?;
    write_chapters(book, &root)?;
    let options = options(config)?;
    // On a thread of its own, where a panic ends as an error and no async runtime is in the way.
    let inspection = thread::scope(|scope| scope.spawn(|| inspect(book, &options, &root)).join());
    inspection.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or_default();
        Err(anyhow!("mdbook-linkcheck2 panicked: {text}"))
    })
}

fn write_chapters(book: &Book, root: &Path) -> anyhow::Result<()> {
    for chapter in book.chapters() {
        // A README.md is the chapter index.md, and links may use either name.
        for path in chapter.path.iter().chain(&chapter.source_path) {
            let file = inside(root, path)?;
            if let Some(folder) = file.parent() {
                fs::create_dir_all(folder)
                    .with_context(|| format!("cannot make the folder {}", folder.display()))?;
            }
            fs::write(&file, &chapter.content).with_context(|| format!("cannot write {}", file.display()))?;
        }
    }
    Ok(())
}

fn inside(root: &Path, path: &Path) -> anyhow::Result<PathBuf> {
    let plain = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    if !path.components().all(plain) {
        bail!("the chapter path {} leads out of the book", path.display());
    }
    Ok(root.join(path))
}

fn options(config: &Config) -> anyhow::Result<mdbook_linkcheck2::Config> {
    let mut options: mdbook_linkcheck2::Config = match config.get("output.linkcheck2")? {
        Some(options) => options,
        None => config.get("output.linkcheck")?.unwrap_or_default(),
    };
    options.follow_web_links = false;
    options.http_headers.clear(); // would be filled in from environment variables
    Ok(options)
}

fn inspect(book: &Book, options: &mdbook_linkcheck2::Config, root: &Path) -> anyhow::Result<Outcome> {
    let mut files = Files::new();
    let (_, chapters) = mdbook_linkcheck2::load_files_into_memory(book, &mut files, |_: &Path| false);
    let (links, incomplete) = mdbook_linkcheck2::extract_links(options, chapters.iter().copied(), &files);
    let on_the_web = []; // no chapter's web links are looked at
    let outcome = mdbook_linkcheck2::validate(
        &links,
        options,
        root,
        &mut Cache::default(),
        &files,
        &on_the_web,
        &chapters,
        incomplete,
    )?;
    Ok(report(&outcome, &files, options.warning_policy))
}

/// A finding before its place is looked up.
type Draft<'a> = (FileId, Span, Kind, &'a str);

fn report(outcome: &ValidationOutcome, files: &Files<String>, policy: WarningPolicy) -> Outcome {
    let ValidationOutcome { valid_links, invalid_links, ignored, .. } = outcome;
    let mut drafts: Vec<Draft> = errors(outcome);
    if policy != WarningPolicy::Ignore {
        drafts.extend(warnings(outcome));
    }
    drafts.sort();
    Outcome {
        findings: drafts.into_iter().map(|draft| finding(files, policy, draft)).collect(),
        checked: valid_links.len() + invalid_links.len(),
        skipped: ignored.len(),
    }
}

fn errors(outcome: &ValidationOutcome) -> Vec<Draft<'_>> {
    let invalid = outcome
        .invalid_links
        .iter()
        .map(|InvalidLink { link, reason, .. }| (link.file, link.span, kind(reason), link.href.as_str()));
    let unread = outcome.unknown_category.iter().map(|link| {
        let kind = if link.href.is_empty() { Kind::EmptyLink } else { Kind::Unreadable };
        (link.file, link.span, kind, link.href.as_str())
    });
    invalid.chain(unread).collect()
}

fn warnings(outcome: &ValidationOutcome) -> Vec<Draft<'_>> {
    let absolute = outcome
        .valid_links
        .iter()
        .filter(|link| link.href.starts_with('/'))
        .map(|link| (link.file, link.span, Kind::AbsolutePath, link.href.as_str()));
    let undefined = outcome
        .incomplete_links
        .iter()
        .map(|link| (link.file, link.span, Kind::UndefinedReference, link.reference.as_str()));
    absolute.chain(undefined).collect()
}

/// Files that are refused for a reason of the book's own come back as an I/O error around that reason.
fn kind(reason: &Reason) -> Kind {
    match reason {
        Reason::TraversesParentDirectories => Kind::OutsideRoot,
        _ if reason.file_not_found() => Kind::MissingFile,
        Reason::Io(error) => match error.get_ref() {
            Some(inner) if inner.is::<NotInSummary>() => Kind::NotInBook,
            Some(inner) if inner.is::<MarkdownExtensionRequired>() => Kind::HtmlLink,
            _ => Kind::Unknown,
        },
        _ => Kind::Unknown,
    }
}

fn finding(files: &Files<String>, policy: WarningPolicy, draft: Draft) -> Finding {
    let (file, place, kind, target) = draft;
    let span = place.start().to_usize()..place.end().to_usize();
    let before = files.source(file).get(..span.start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    Finding {
        chapter: files.name(file).to_string_lossy().replace('\\', "/"),
        span,
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        kind,
        target: target.to_owned(),
        warning: policy == WarningPolicy::Warn
            && matches!(kind, Kind::AbsolutePath | Kind::UndefinedReference),
    }
}
