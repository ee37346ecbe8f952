//! Reads the finished HTML pages and reports every link a reader could not follow.
//!
//! Three steps with plain values between them: `read` turns one page into the links and anchors it
//! holds, `Site::judge` says which of them are wrong, `Hints` looks for what was probably meant.
//! Nothing here touches a file: [`check`] is a function of its arguments.

mod narrow;

pub use narrow::{style_targets, targets, unlinked};

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use html5ever::Attribute;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind::{Rawtext, Rcdata, ScriptData};
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use percent_encoding::percent_decode_str;

/// The sidebar that mdBook writes for browsers without scripts. It is shown inside other pages, so
/// it needs neither a title nor a heading.
const SIDEBAR: &str = "toc.html";
/// All chapters on one page. It repeats every anchor, so it is never suggested as a target.
const PRINT: &str = "print.html";
/// A longer line (mdBook writes the whole sidebar on one) gets no column: nobody counts that far.
const LONGEST_LINE: usize = 4096;
/// How much comparing all suggestions together may cost. Used up, further findings have no hint, so
/// that a book with every link broken is still checked in about a second.
const EFFORT: u64 = 20_000_000;
/// What one edit distance costs, where looking at a name and passing over it costs 1.
const DISTANCE_EFFORT: u64 = 50;
const LOCAL_COPY: &str = "请把该文件放进手册文件夹，再用相对路径引用";

/// One finished page of the handbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Path in the output folder, with `/`: `laws/foi-2019.html`.
    pub path: String,
    /// The whole file.
    pub html: String,
}

/// Something on a page that a reader will trip over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// [`Page::path`] of the page it stands on.
    pub page: String,
    /// Line in the HTML, counted from 1, on which the tag ends. 1 for what is missing from the page.
    pub line: u64,
    /// Column of the target in characters, counted from 1, where the line shows it exactly once.
    pub column: Option<u64>,
    /// What is wrong.
    pub kind: Kind,
    /// The address as written (entities resolved, outer blanks dropped), the repeated id, or the
    /// missing element.
    pub target: String,
    /// What to write instead, in Chinese.
    pub hint: Option<String>,
}

/// What can be wrong with a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The file is not in the output.
    MissingFile,
    /// The file exists only in another mixture of upper and lower case: opens on Windows, not on Linux.
    WrongCase,
    /// The page exists, the place after `#` does not.
    MissingFragment,
    /// Two elements of one page share an id.
    DuplicateId,
    /// No `<title>`, or an empty one.
    MissingTitle,
    /// No `<h1>` inside `<main>`.
    MissingHeading,
    /// The page loads something from the network by itself.
    NetworkResource,
    /// More `../` than there are folders.
    OutsideRoot,
    /// Starts with `/`: breaks in a subfolder of a site and on a disk.
    AbsolutePath,
    /// No address at all.
    EmptyLink,
    /// `javascript:` as an address.
    ScriptLink,
    /// A link to a Markdown source that was not turned into a page.
    MarkdownLink,
    /// `file:`, a drive letter, or an address type that no browser knows.
    UnknownScheme,
}

impl Kind {
    /// A short name that never changes, for tests, exports and exceptions.
    pub fn code(self) -> &'static str {
        match self {
            Kind::MissingFile => "missing-file",
            Kind::WrongCase => "wrong-case",
            Kind::MissingFragment => "missing-fragment",
            Kind::DuplicateId => "duplicate-id",
            Kind::MissingTitle => "missing-title",
            Kind::MissingHeading => "missing-heading",
            Kind::NetworkResource => "network-resource",
            Kind::OutsideRoot => "outside-root",
            Kind::AbsolutePath => "absolute-path",
            Kind::EmptyLink => "empty-link",
            Kind::ScriptLink => "script-link",
            Kind::MarkdownLink => "markdown-link",
            Kind::UnknownScheme => "unknown-scheme",
        }
    }

    /// What is wrong, in Chinese, without a full stop.
    pub fn message(self) -> &'static str {
        match self {
            Kind::MissingFile => "链接指向的文件不存在",
            Kind::WrongCase => "链接与实际文件名的大小写不一致，在 Windows 上能打开，在 Linux 服务器上打不开",
            Kind::MissingFragment => "链接指向的页面中没有这个位置（# 后面的锚点）",
            Kind::DuplicateId => "同一页中有两处使用了相同的锚点，链接只能跳到第一处",
            Kind::MissingTitle => "页面没有网页标题",
            Kind::MissingHeading => "页面正文没有一级标题",
            Kind::NetworkResource => "页面会自动从外部网络加载内容，手册离线时无法正常显示",
            Kind::OutsideRoot => "链接指向手册文件夹之外（../ 写多了）",
            Kind::AbsolutePath => "链接以“/”开头，手册换一个存放位置就打不开",
            Kind::EmptyLink => "链接地址是空的",
            Kind::ScriptLink => "链接地址是脚本代码，不是网页地址",
            Kind::MarkdownLink => "链接仍指向 .md 源文件，没有转换为网页",
            Kind::UnknownScheme => "链接的地址类型无法识别，或者只在本机有效，别人打不开",
        }
    }
}

/// Checks every link of `pages` against `files`, all files of the output folder (paths with `/`).
///
/// Pages count as files whether or not `files` names them. Links to the web are left alone; anchors
/// are checked only in targets that are among `pages`. The findings are sorted by page, line, kind
/// and target, each (page, kind, target) only once, and are the same for the same input.
///
/// A page with `<base href>` (mdBook's 404.html) is read as if it lay in the folder named there; a
/// base that starts with `/` means the root of the output. Content of `<noscript>` is checked like
/// any other; in `<template>` links are checked, but ids are neither targets nor repeats.
///
/// ```
/// # use gongkai::handbook::rendered::{check, Kind, Page};
/// # use std::collections::BTreeSet;
/// let html = "<title>法规</title><main><h1 id='foi-2019'>条例</h1><a href='#foi-2018'>条例</a></main>";
/// let page = Page { path: "laws.html".into(), html: html.into() };
/// let findings = check(&[page], &BTreeSet::new());
/// assert_eq!(findings[0].kind, Kind::MissingFragment);
/// assert_eq!(findings[0].hint.as_deref(), Some("您是不是要写 #foi-2019"));
/// ```
pub fn check(pages: &[Page], files: &BTreeSet<String>) -> Vec<Finding> {
    let site = Site::new(pages, files);
    let mut hints = Hints::new(&site);
    let mut findings = Vec::new();
    for sheet in site.sheets.values() {
        findings.extend(report(sheet, site.judge(sheet), &mut hints));
    }
    findings
}

// ---- reading one page ----

/// What an address is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Followed when a reader clicks.
    Link,
    /// Loaded by the browser without being asked.
    Resource,
}

/// One address on a page.
#[derive(Debug)]
struct Address {
    line: u64,
    role: Role,
    text: String,
}

/// An id that was already taken.
#[derive(Debug)]
struct Repeat {
    id: String,
    line: u64,
    first: u64,
}

/// All that the checks need to know of one page.
#[derive(Debug, Default)]
struct Content {
    addresses: Vec<Address>,
    /// Each id and the line where it first stands.
    ids: BTreeMap<String, u64>,
    repeats: Vec<Repeat>,
    /// `<a name>`, also a place a fragment can point to.
    names: BTreeSet<String>,
    base: Option<(String, u64)>,
    has_title: bool,
    has_heading: bool,
    redirects: bool,
}

/// Where the tokenizer stands while a page is read.
#[derive(Debug, Default)]
struct Reader {
    content: Content,
    templates: usize,
    /// Depth in `<svg>` and `<math>`, whose `<title>` and `<style>` are ordinary elements.
    foreign: usize,
    mains: usize,
    in_title: bool,
}

/// The tokenizer hands out tokens through a shared reference.
struct Sink(RefCell<Reader>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        let mut reader = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                return reader.open(&tag, line);
            }
            Token::TagToken(tag) => reader.close(&tag.name),
            Token::CharacterTokens(text) if reader.in_title => {
                reader.content.has_title |= !text.trim().is_empty();
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn read(html: &str) -> Content {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    let sink = Sink(RefCell::new(Reader::default()));
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let _ = tokenizer.feed(&input); // stops early only for sinks that ask for it
    tokenizer.end();
    tokenizer.sink.0.into_inner().content
}

impl Reader {
    fn open(&mut self, tag: &Tag, line: u64) -> TokenSinkResult<()> {
        self.addresses(tag, line);
        if self.templates == 0 {
            self.anchors(tag, line);
        }
        let name: &str = &tag.name;
        match name {
            "template" => self.templates += 1,
            "svg" | "math" if !tag.self_closing => self.foreign += 1,
            "main" => self.mains += 1,
            "h1" if self.mains > 0 && self.templates == 0 => self.content.has_heading = true,
            "title" => self.in_title = self.foreign == 0 && self.templates == 0,
            _ => {}
        }
        if self.foreign > 0 { TokenSinkResult::Continue } else { text_mode(name) }
    }

    fn close(&mut self, name: &str) {
        match name {
            "template" => self.templates = self.templates.saturating_sub(1),
            "svg" | "math" => self.foreign = self.foreign.saturating_sub(1),
            "main" => self.mains = self.mains.saturating_sub(1),
            "title" => self.in_title = false,
            _ => {}
        }
    }

    fn anchors(&mut self, tag: &Tag, line: u64) {
        if let Some(id) = attribute(tag, "id").filter(|id| !id.is_empty()) {
            let id = id.to_owned();
            match self.content.ids.get(&id) {
                Some(&first) => self.content.repeats.push(Repeat { id, line, first }),
                None => drop(self.content.ids.insert(id, line)),
            }
        }
        if &*tag.name == "a"
            && let Some(name) = attribute(tag, "name")
        {
            self.content.names.insert(name.to_owned());
        }
    }

    fn addresses(&mut self, tag: &Tag, line: u64) {
        for Attribute { name, value } in &tag.attrs {
            if let "srcset" | "imagesrcset" = &*name.local {
                for text in srcset(value) {
                    self.address(Role::Resource, text, line);
                }
            } else if let Some(role) = role(tag, &name.local) {
                self.address(role, value, line);
            }
        }
        match &*tag.name {
            "base" if self.content.base.is_none() => {
                self.content.base = attribute(tag, "href").map(|href| (clean(href), line));
            }
            "meta" => {
                if let Some(target) = refresh(tag) {
                    self.address(Role::Resource, target, line);
                    self.content.redirects = true;
                }
            }
            _ => {}
        }
    }

    fn address(&mut self, role: Role, text: &str, line: u64) {
        self.content.addresses.push(Address { line, role, text: clean(text) });
    }
}

/// How the tokenizer must read on after a start tag. What stands in a script is never a tag;
/// `<noscript>` is read as a browser without scripts reads it.
fn text_mode(element: &str) -> TokenSinkResult<()> {
    match element {
        "script" => TokenSinkResult::RawData(ScriptData),
        "title" | "textarea" => TokenSinkResult::RawData(Rcdata),
        "style" | "xmp" | "iframe" | "noembed" | "noframes" => TokenSinkResult::RawData(Rawtext),
        "plaintext" => TokenSinkResult::Plaintext,
        _ => TokenSinkResult::Continue,
    }
}

fn attribute<'a>(tag: &'a Tag, name: &str) -> Option<&'a str> {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| &*attribute.value)
}

fn role(tag: &Tag, attribute_name: &str) -> Option<Role> {
    match (&*tag.name, attribute_name) {
        ("a" | "area", "href" | "xlink:href") | ("form", "action") | (_, "formaction") => Some(Role::Link),
        ("link", "href") if only_names(attribute(tag, "rel").unwrap_or_default()) => Some(Role::Link),
        ("link" | "use" | "image" | "feimage" | "script", "href" | "xlink:href")
        | (_, "src" | "poster")
        | ("object", "data") => Some(Role::Resource),
        _ => None,
    }
}

/// Whether a `<link rel>` only names another page, so that no browser loads it.
fn only_names(rel: &str) -> bool {
    const NAMING: [&str; 8] =
        ["alternate", "author", "bookmark", "canonical", "help", "license", "next", "prev"];
    let mut words = rel.split_ascii_whitespace().peekable();
    words.peek().is_some() && words.all(|word| NAMING.contains(&word.to_ascii_lowercase().as_str()))
}

/// The target of `<meta http-equiv="refresh" content="0; URL=…">`.
fn refresh(tag: &Tag) -> Option<&str> {
    attribute(tag, "http-equiv").filter(|value| value.eq_ignore_ascii_case("refresh"))?;
    let (_, rest) = attribute(tag, "content")?.split_once([';', ','])?;
    let rest = rest.trim_start();
    rest.get(..3).filter(|word| word.eq_ignore_ascii_case("url"))?;
    let target = rest.get(3..)?.trim_start().strip_prefix('=')?;
    Some(target.trim().trim_matches(['"', '\'']))
}

/// The addresses of a `srcset`: each up to a blank, then a size up to a comma.
fn srcset(value: &str) -> Vec<&str> {
    let mut addresses = Vec::new();
    let mut rest = value.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
        let (address, after) = rest.split_at(end);
        let trimmed = address.trim_end_matches(',');
        addresses.push(trimmed);
        let next = if trimmed.len() < address.len() {
            after // the comma stood directly behind the address, so no size follows
        } else {
            after.split_once(',').map_or("", |(_, next)| next)
        };
        rest = next.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
    }
    addresses
}

/// An address as browsers read it: outer blanks and all line breaks and tabs do not count.
fn clean(text: &str) -> String {
    let text = text.trim_matches(|c: char| c <= ' ');
    text.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect()
}

// ---- judging ----

struct Sheet<'a> {
    page: &'a Page,
    content: Content,
    /// Where the page's relative links start: empty, or ending in `/`.
    folder: String,
}

struct Site<'a> {
    sheets: BTreeMap<&'a str, Sheet<'a>>,
    files: BTreeSet<&'a str>,
    /// Every file by its path in lower case.
    lower: BTreeMap<String, &'a str>,
}

/// A finding before it has its column and hint.
struct Draft {
    line: u64,
    kind: Kind,
    target: String,
    meant: Meant,
}

/// What the writer may have meant.
enum Meant {
    Unknown,
    /// A file, perhaps misspelt, and what stood behind its path (`?…#…`).
    File(String, String),
    /// An anchor, perhaps misspelt, in an existing page.
    Anchor(String, String),
    Advice(String),
}

impl<'a> Site<'a> {
    fn new(pages: &'a [Page], files: &'a BTreeSet<String>) -> Self {
        let sheets: BTreeMap<_, _> =
            pages.iter().map(|page| (page.path.as_str(), Sheet::new(page))).collect();
        let mut all: BTreeSet<&str> = files.iter().map(String::as_str).collect();
        all.extend(sheets.keys());
        let lower = all.iter().rev().map(|path| (path.to_lowercase(), *path)).collect();
        Site { sheets, files: all, lower }
    }

    fn judge(&self, sheet: &Sheet) -> Vec<Draft> {
        let mut drafts = missing_parts(sheet);
        for Repeat { id, line, first } in &sheet.content.repeats {
            let advice = format!("第一次出现在第 {first} 行，请改用另一个锚点");
            drafts.push(Draft::new(*line, Kind::DuplicateId, id, Meant::Advice(advice)));
        }
        for address in &sheet.content.addresses {
            if let Some((kind, meant)) = self.fault(sheet, address) {
                drafts.push(Draft::new(address.line, kind, &address.text, meant));
            }
        }
        drafts
    }

    fn fault(&self, sheet: &Sheet, address: &Address) -> Option<(Kind, Meant)> {
        let text = address.text.as_str();
        if text.is_empty() {
            return Some((Kind::EmptyLink, Meant::Unknown));
        }
        if let Some(scheme) = scheme(text) {
            return scheme_fault(&scheme, address.role);
        }
        if is_network_path(text) && address.role == Role::Resource {
            return Some((Kind::NetworkResource, Meant::Advice(LOCAL_COPY.to_owned())));
        }
        let (path, fragment) = split(text);
        if text.starts_with(['/', '\\']) {
            let rooted = walk("", path);
            return Some((Kind::AbsolutePath, Meant::File(rooted.path, text[path.len()..].to_owned())));
        }
        if path.is_empty() {
            return anchor_fault(sheet, fragment);
        }
        let walk = walk(&sheet.folder, path);
        let suffix = text[path.len()..].to_owned();
        if walk.escaped {
            return Some((Kind::OutsideRoot, Meant::File(walk.path, suffix)));
        }
        if !self.files.contains(walk.path.as_str()) {
            return Some(self.absent(walk.path, suffix, address.role));
        }
        anchor_fault(self.sheets.get(walk.path.as_str())?, fragment)
    }

    /// Why a file that is not in the output cannot be opened.
    fn absent(&self, path: String, suffix: String, role: Role) -> (Kind, Meant) {
        let lower = path.to_lowercase();
        if let Some(actual) = self.lower.get(&lower) {
            return (Kind::WrongCase, Meant::File((*actual).to_owned(), suffix));
        }
        if role == Role::Link
            && let Some((stem, ending)) = path.rsplit_once('.')
            && ending.eq_ignore_ascii_case("md")
        {
            return (Kind::MarkdownLink, Meant::File(format!("{stem}.html"), suffix));
        }
        (Kind::MissingFile, Meant::File(path, suffix))
    }
}

impl<'a> Sheet<'a> {
    fn new(page: &'a Page) -> Self {
        let content = read(&page.html);
        let folder = match &content.base {
            None => folder(&page.path).to_owned(),
            Some((base, _)) if base.starts_with('/') || scheme(base).is_some() => String::new(),
            Some((base, _)) => folder(&walk(folder(&page.path), split(base).0).path).to_owned(),
        };
        Sheet { page, content, folder }
    }

    fn has_anchor(&self, anchor: &str) -> bool {
        self.content.ids.contains_key(anchor) || self.content.names.contains(anchor)
    }
}

impl Draft {
    fn new(line: u64, kind: Kind, target: &str, meant: Meant) -> Self {
        Draft { line, kind, target: target.to_owned(), meant }
    }
}

/// What every page needs, and a base that would send every address to the network.
fn missing_parts(sheet: &Sheet) -> Vec<Draft> {
    let Content { base, has_title, has_heading, redirects, .. } = &sheet.content;
    let whole = sheet.page.path != SIDEBAR;
    let mut drafts = Vec::new();
    if whole && !has_title {
        drafts.push(Draft::new(1, Kind::MissingTitle, "<title>", Meant::Unknown));
    }
    if whole && !has_heading && !redirects {
        drafts.push(Draft::new(1, Kind::MissingHeading, "<h1>", Meant::Unknown));
    }
    if let Some((base, line)) = base
        && (scheme(base).is_some() || is_network_path(base))
    {
        drafts.push(Draft::new(*line, Kind::NetworkResource, base, Meant::Unknown));
    }
    drafts
}

/// The `https` of `https://…`, in lower case.
fn scheme(text: &str) -> Option<String> {
    let (scheme, _) = text.split_once(':')?;
    let letter_first = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
    let plain = scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    (letter_first && plain).then(|| scheme.to_ascii_lowercase())
}

fn scheme_fault(scheme: &str, role: Role) -> Option<(Kind, Meant)> {
    match scheme {
        "http" | "https" | "ftp" if role == Role::Resource => {
            Some((Kind::NetworkResource, Meant::Advice(LOCAL_COPY.to_owned())))
        }
        "http" | "https" | "ftp" | "mailto" | "tel" | "sms" | "data" | "about" | "blob" => None,
        "javascript" | "vbscript" => Some((Kind::ScriptLink, Meant::Unknown)),
        _ => Some((Kind::UnknownScheme, Meant::Unknown)),
    }
}

/// `//host/…`: takes http or https from the page, and on a disk means another computer.
fn is_network_path(text: &str) -> bool {
    let mut chars = text.chars();
    let mut slash = || matches!(chars.next(), Some('/' | '\\'));
    slash() && slash()
}

/// The path and the fragment of a relative address, without the query between them.
fn split(text: &str) -> (&str, &str) {
    let (rest, fragment) = text.split_once('#').unwrap_or((text, ""));
    (rest.split_once('?').map_or(rest, |(path, _)| path), fragment)
}

fn anchor_fault(sheet: &Sheet, fragment: &str) -> Option<(Kind, Meant)> {
    let anchor = fragment.split_once(":~:").map_or(fragment, |(anchor, _)| anchor);
    let decoded = percent_decode_str(anchor).decode_utf8_lossy();
    let found = anchor.is_empty()
        || sheet.has_anchor(anchor)
        || sheet.has_anchor(&decoded)
        || decoded.eq_ignore_ascii_case("top");
    (!found).then(|| (Kind::MissingFragment, Meant::Anchor(sheet.page.path.clone(), decoded.into_owned())))
}

/// Where a relative path leads.
struct Walk {
    path: String,
    /// Whether it left the output on the way; `path` is then as if it had stopped at the root.
    escaped: bool,
}

/// Follows a percent-encoded path from a folder as a browser does (`\` is `/`); a folder means its
/// index.html.
fn walk(folder: &str, path: &str) -> Walk {
    let mut parts: Vec<_> = folder.split('/').filter(|part| !part.is_empty()).map(Cow::Borrowed).collect();
    let mut escaped = false;
    let mut at_folder = true;
    for part in path.split(['/', '\\']) {
        let part = percent_decode_str(part).decode_utf8_lossy();
        at_folder = matches!(&*part, "" | "." | "..");
        match &*part {
            "" | "." => {}
            ".." => escaped |= parts.pop().is_none(),
            _ => parts.push(part),
        }
    }
    if at_folder {
        parts.push("index.html".into());
    }
    Walk { path: parts.join("/"), escaped }
}

/// The folder of a path, ending in `/`; empty at the root.
fn folder(path: &str) -> &str {
    path.rfind('/').map_or("", |slash| &path[..=slash])
}

fn file_name(path: &str) -> &str {
    &path[folder(path).len()..]
}

/// The address that leads from a folder to a file.
fn relative(from: &str, to: &str) -> String {
    let from: Vec<&str> = from.split_terminator('/').collect();
    let to: Vec<&str> = to.split('/').collect();
    let shared = from.iter().zip(&to[..to.len() - 1]).take_while(|(a, b)| a == b).count();
    "../".repeat(from.len() - shared) + &to[shared..].join("/")
}

// ---- reporting ----

/// Gives the drafts of one page their order, columns and hints.
fn report(sheet: &Sheet, mut drafts: Vec<Draft>, hints: &mut Hints) -> Vec<Finding> {
    if drafts.is_empty() {
        return Vec::new();
    }
    drafts.sort_by(|a, b| (a.kind, &a.target, a.line).cmp(&(b.kind, &b.target, b.line)));
    drafts.dedup_by(|a, b| (a.kind, &a.target) == (b.kind, &b.target));
    drafts.sort_by(|a, b| (a.line, a.kind, &a.target).cmp(&(b.line, b.kind, &b.target)));
    let lines: Vec<&str> = sheet.page.html.lines().collect();
    drafts
        .into_iter()
        .map(|draft| Finding {
            page: sheet.page.path.clone(),
            line: draft.line,
            column: column(&lines, draft.line, &draft.target),
            kind: draft.kind,
            hint: hints.hint(sheet, draft.meant),
            target: draft.target,
        })
        .collect()
}

/// Where a line shows the target as the whole of an attribute, if it does so exactly once.
fn column(lines: &[&str], line: u64, target: &str) -> Option<u64> {
    let index = usize::try_from(line).ok()?.checked_sub(1)?;
    let text = lines.get(index).filter(|text| text.len() <= LONGEST_LINE)?;
    let mut places = text.match_indices(target).map(|(start, _)| start).filter(|start| {
        let before = text[..*start].chars().next_back();
        let after = text[start + target.len()..].chars().next();
        matches!(before, Some('"' | '\'' | '=')) && matches!(after, Some('"' | '\'' | '>' | ' '))
    });
    let start = places.next().filter(|_| !target.is_empty() && places.next().is_none())?;
    u64::try_from(text[..start].chars().count() + 1).ok()
}

/// Looks for what was meant, within a fixed effort for the whole check.
struct Hints<'a> {
    site: &'a Site<'a>,
    effort: u64,
    /// Each anchor and the first page that has it, made when the first anchor is missing.
    homes: Option<BTreeMap<&'a str, &'a str>>,
}

impl<'a> Hints<'a> {
    fn new(site: &'a Site<'a>) -> Self {
        Hints { site, effort: EFFORT, homes: None }
    }

    fn hint(&mut self, sheet: &Sheet, meant: Meant) -> Option<String> {
        let address = match meant {
            Meant::Unknown => return None,
            Meant::Advice(advice) => return Some(advice),
            Meant::File(path, suffix) => relative(&sheet.folder, self.file(&path)?) + &suffix,
            Meant::Anchor(page, anchor) => {
                let (home, anchor) = self.anchor(&page, &anchor)?;
                let here = home == sheet.page.path;
                let path = if here { String::new() } else { relative(&sheet.folder, home) };
                format!("{path}#{anchor}")
            }
        };
        Some(format!("您是不是要写 {address}"))
    }

    /// The file itself, the index that mdBook makes of a folder or its README, a file of that name
    /// in another folder, or the one spelt most like it.
    fn file(&mut self, wanted: &str) -> Option<&'a str> {
        let site = self.site;
        let index = match wanted.strip_suffix("README.html") {
            Some(folder) => format!("{folder}index.html"),
            None => format!("{wanted}/index.html"),
        };
        if let Some(path) = site.files.get(wanted).or_else(|| site.files.get(index.as_str())) {
            return Some(path);
        }
        let name = file_name(wanted);
        let moved = if name == "index.html" { None } else { self.moved(name) };
        moved.or_else(|| self.nearest(wanted, site.files.iter().copied()))
    }

    fn moved(&mut self, name: &str) -> Option<&'a str> {
        self.effort = self.effort.checked_sub(self.site.files.len() as u64)?;
        self.site.files.iter().copied().find(|path| file_name(path) == name)
    }

    /// The page that has exactly this anchor, or the anchor of the linked page spelt most like it.
    fn anchor(&mut self, page: &str, wanted: &str) -> Option<(&'a str, &'a str)> {
        let site = self.site;
        let homes = self.homes.get_or_insert_with(|| homes(site));
        if let Some((anchor, home)) = homes.get_key_value(wanted) {
            return Some((home, anchor));
        }
        let (home, sheet) = site.sheets.get_key_value(page)?;
        let anchor = self.nearest(wanted, sheet.content.ids.keys().map(String::as_str))?;
        Some((home, anchor))
    }

    /// The first of the candidates with the smallest edit distance, if that is small: one letter in
    /// short names, up to three in long ones, two swapped neighbours counting as one.
    fn nearest(&mut self, wanted: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
        let length = wanted.chars().count();
        let limit = (length / 4).clamp(1, 3);
        let mut best: Option<(usize, &str)> = None;
        for candidate in candidates {
            self.effort = self.effort.checked_sub(1)?;
            if candidate.chars().count().abs_diff(length) > limit {
                continue;
            }
            self.effort = self.effort.checked_sub(DISTANCE_EFFORT)?;
            let distance = strsim::osa_distance(wanted, candidate);
            if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
                best = Some((distance, candidate));
            }
        }
        best.map(|(_, candidate)| candidate)
    }
}

fn homes<'a>(site: &'a Site<'a>) -> BTreeMap<&'a str, &'a str> {
    let mut homes = BTreeMap::new();
    for (path, sheet) in site.sheets.iter().filter(|(path, _)| **path != PRINT) {
        for id in sheet.content.ids.keys() {
            homes.entry(id.as_str()).or_insert(*path);
        }
    }
    homes
}

#[cfg(test)]
mod tests;
