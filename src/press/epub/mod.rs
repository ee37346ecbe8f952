//! The e-book: EPUB 3 with a table of contents for old readers too.
//!
//! `rbook` writes the package and its tables; the pages and the stylesheet are ours. The files of the archive are packed
//! anew, because old readers cannot open what is written as a stream.

mod front;
mod picture;
mod xhtml;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

use rbook::Epub;
use rbook::ebook::toc::TocEntryKind;
use rbook::epub::manifest::DetachedEpubManifestEntry;
use rbook::epub::metadata::{DetachedEpubMetaEntry, EpubVersion};
use rbook::epub::spine::DetachedEpubSpineEntry;
use rbook::epub::toc::DetachedEpubTocEntry;
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipArchive, ZipWriter};

use self::xhtml::{Paths, Writer, document};
use super::qr::{Code, page_address};
use super::{Chapter, Element, Finding, Imprint, Node, Volume, is_internal};

/// How an e-reader shows it: no colour for text, so that its night mode works.
const STYLE: &str = include_str!("book.css");
const LANGUAGE: &str = "zh-CN";

/// Writes a volume as an e-book. The volume has been settled ([`Volume::settle`]); the same volume gives the same bytes.
///
/// # Errors
/// An edition without title or date, an address that makes no QR code, a picture that is missing or is none: all at once.
pub fn write(volume: &Volume) -> Result<Vec<u8>, Vec<Finding>> {
    let mut findings = vec![];
    let date = date(&volume.imprint, &mut findings);
    let code = volume.imprint.address.as_ref().and_then(|address| match Code::new(address) {
        Ok(code) => Some(code),
        Err(message) => {
            findings.push(of_book(message, "请核对版本的网址，或者不写网址"));
            None
        }
    });
    let pages = page_files(&volume.chapters, &mut findings);
    let pictures = picture_files(volume, &mut findings);
    let mut parts = Parts::default();
    for (number, chapter) in volume.chapters.iter().enumerate() {
        let Some(file) = pages.get(&chapter.path) else { continue };
        let paths = Paths { file, pages: &pages, pictures: &pictures };
        match page(&volume.imprint, chapter, &paths) {
            Ok(page) => parts.add(&format!("c{}", number + 1), file, page),
            Err(message) => findings.push(Finding {
                page: chapter.path.clone(),
                message,
                hint: "请核对版本的网址，或者不要求每章印二维码".to_owned(),
            }),
        }
    }
    if !findings.is_empty() {
        findings.sort();
        findings.dedup();
        return Err(findings);
    }
    let book = Book { volume, date: &date, code: code.as_ref(), pages: &pages, pictures: &pictures };
    let epub = book.package(parts);
    let machine = |error: String| vec![of_book(format!("电子书没有写成：{error}"), "请把这句话告诉维护人员")];
    let bytes = epub.write().compression(0).to_vec().map_err(|error| machine(error.to_string()))?;
    repack(&bytes, &date).map_err(|error| machine(error.to_string()))
}

fn of_book(message: String, hint: &str) -> Finding {
    Finding { page: String::new(), message, hint: hint.to_owned() }
}

/// The day of issue as year, month, day; 1980-01-01, the first that an archive knows, beside a finding.
fn date(imprint: &Imprint, findings: &mut Vec<Finding>) -> (u16, u8, u8) {
    if imprint.title.trim().is_empty() {
        findings.push(of_book("这一版没有书名".to_owned(), "请写上 title"));
    }
    let mut parts = imprint.date.split('-').map(str::parse::<u16>);
    if let (10, Some(Ok(year)), Some(Ok(month)), Some(Ok(day)), None) =
        (imprint.date.len(), parts.next(), parts.next(), parts.next(), parts.next())
        && let (Ok(month), Ok(day)) = (u8::try_from(month), u8::try_from(day))
        && DateTime::from_date_and_time(year, month, day, 0, 0, 0).is_ok()
    {
        return (year, month, day);
    }
    let message = match imprint.date.as_str() {
        "" => "这一版没有写日期，电子书必须有".to_owned(),
        date => format!("这一版的日期「{date}」不是 2026-11-27 这样的写法"),
    };
    findings.push(of_book(message, "请写上 date，例如 date = \"2026-11-27\""));
    (1980, 1, 1)
}

/// A file of the book for each page: its path, `.xhtml` for `.html`, in characters that every archive can hold.
fn page_files(chapters: &[Chapter], findings: &mut Vec<Finding>) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for chapter in chapters {
        let file = format!("text/{}.xhtml", plain(chapter.path.trim_end_matches(".html")));
        if !taken.insert(file.to_ascii_lowercase()) {
            findings.push(Finding {
                page: chapter.path.clone(),
                message: "这一页和另一页在电子书里会是同一个文件".to_owned(),
                hint: "文件名不要只差大小写".to_owned(),
            });
        }
        files.insert(chapter.path.clone(), file);
    }
    files
}

/// The same for each picture that is shown.
fn picture_files(volume: &Volume, findings: &mut Vec<Finding>) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for chapter in &volume.chapters {
        let mut shown = vec![];
        pictures_in(&chapter.body, &mut shown);
        for src in shown {
            let finding = |message: String, hint: &str| Finding {
                page: chapter.path.clone(),
                message,
                hint: hint.to_owned(),
            };
            if src.starts_with("data:image/") {
                continue;
            }
            let Some(bytes) = volume.pictures.get(src).filter(|_| is_internal(src)) else {
                findings.push(finding(
                    format!("图片 {src} 不在手册里"),
                    "请把图片放进 book 文件夹，核对文件名的大小写",
                ));
                continue;
            };
            match picture::kind(bytes) {
                Ok(kind) => {
                    let name = src.rsplit_once('.').map_or(src, |(name, _)| name);
                    files.insert(src.to_owned(), format!("pictures/{}.{}", plain(name), kind.extension));
                }
                Err(why) => findings.push(finding(
                    format!("图片 {src} {why}"),
                    "电子书能放 PNG、JPEG、GIF、WebP、SVG；请另存为其中一种",
                )),
            }
        }
    }
    // Two pictures that differ in their ending only would be one file.
    let mut taken = BTreeSet::new();
    for (number, file) in files.values_mut().enumerate() {
        if !taken.insert(file.to_ascii_lowercase()) {
            let (name, ending) = file.rsplit_once('.').unwrap_or((file, ""));
            *file = format!("{name}-{}.{ending}", number + 1);
            taken.insert(file.to_ascii_lowercase());
        }
    }
    files
}

fn pictures_in<'a>(nodes: &'a [Node], all: &mut Vec<&'a str>) {
    for element in nodes.iter().filter_map(Node::element) {
        if element.tag == "img" {
            all.extend(element.get("src"));
        }
        pictures_in(&element.children, all);
    }
}

/// A path in letters, digits, `-`, `_`, `.` and `/`; other characters by their number.
fn plain(path: &str) -> String {
    let mut out = String::new();
    for c in path.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '.' | '/' => out.push(c),
            c => out += &format!("_{:x}", u32::from(c)),
        }
    }
    out
}

/// A chapter as a file, and whether a drawing stands in it.
fn page(imprint: &Imprint, chapter: &Chapter, paths: &Paths) -> Result<(String, bool), String> {
    let mut writer = Writer::new(paths);
    writer.nodes(&chapter.body, "body");
    if imprint.chapter_codes
        && chapter.level == 0
        && let Some(address) = &imprint.address
    {
        let address = page_address(address, &chapter.path);
        let drawing = Code::new(&address)?.drawing(&format!("二维码：{address}"));
        let caption = Node::Text("扫码看这一章的网页版".to_owned());
        let line = Element { tag: "p".to_owned(), children: vec![caption], ..Element::default() };
        let class = BTreeMap::from([("class".to_owned(), "chapter-code".to_owned())]);
        let children = vec![drawing, Node::Element(line)];
        let code = Element { tag: "div".to_owned(), attributes: class, children };
        writer.nodes(&[Node::Element(code)], "body");
    }
    let draws = writer.draws;
    let body = format!("<body epub:type=\"bodymatter\">\n{}</body>", writer.finish());
    Ok((document(&chapter.title, &paths.to("book.css"), &body), draws))
}

/// The pages of the text, in their order.
#[derive(Default)]
struct Parts(Vec<(String, String, String, bool)>);

impl Parts {
    fn add(&mut self, id: &str, file: &str, page: (String, bool)) {
        self.0.push((id.to_owned(), file.to_owned(), page.0, page.1));
    }
}

/// All that the package is made of.
struct Book<'a> {
    volume: &'a Volume,
    date: &'a (u16, u8, u8),
    code: Option<&'a Code>,
    pages: &'a BTreeMap<String, String>,
    pictures: &'a BTreeMap<String, String>,
}

impl Book<'_> {
    fn package(&self, parts: Parts) -> Epub {
        let mut epub = Epub::new();
        epub.package_mut().set_xml_language(LANGUAGE.to_owned());
        epub.package_mut().set_unique_identifier("book-id");
        self.metadata(&mut epub);
        let imprint = &self.volume.imprint;
        let add = |epub: &mut Epub, id: &str, file: &str, content: String, properties: &[&str]| {
            let mut entry = DetachedEpubManifestEntry::new(id).href(file);
            entry = entry.media_type("application/xhtml+xml").content(content);
            for property in properties {
                entry = entry.property(property);
            }
            epub.manifest_mut().push(entry);
            epub.spine_mut().push(DetachedEpubSpineEntry::new(id));
        };
        let svg: &[&str] = if self.code.is_some() { &["svg"] } else { &[] };
        add(&mut epub, "cover", "cover.xhtml", front::cover(imprint, self.code), svg);
        add(&mut epub, "imprint", "imprint.xhtml", front::imprint(imprint, self.code), svg);
        // The table itself is rbook's; this one says where it is and how it looks.
        let contents = document("目录", "book.css", "<body></body>");
        add(&mut epub, "contents", "contents.xhtml", contents, &["nav"]);
        for (id, file, content, draws) in parts.0 {
            add(&mut epub, &id, &file, content, if draws { &["svg"] } else { &[] });
        }
        let mut manifest = epub.manifest_mut();
        let style = DetachedEpubManifestEntry::new("style").href("book.css").media_type("text/css");
        manifest.push(style.content(STYLE));
        let cover = DetachedEpubManifestEntry::new("cover-image").href("cover.svg").property("cover-image");
        manifest.push(cover.media_type("image/svg+xml").content(front::picture(imprint)));
        for (number, (src, file)) in self.pictures.iter().enumerate() {
            let Some(bytes) = self.volume.pictures.get(src) else { continue };
            let Ok(kind) = picture::kind(bytes) else { continue };
            let entry = DetachedEpubManifestEntry::new(format!("p{}", number + 1)).href(file.clone());
            manifest.push(entry.media_type(kind.media_type).content(bytes.clone()));
        }
        let mut toc = epub.toc_mut();
        toc.insert_root(TocEntryKind::Toc, EpubVersion::EPUB3, self.contents());
        toc.insert_root(TocEntryKind::Landmarks, EpubVersion::EPUB3, self.landmarks());
        epub
    }

    fn metadata(&self, epub: &mut Epub) {
        let imprint = &self.volume.imprint;
        let (year, month, day) = self.date;
        let day = format!("{year:04}-{month:02}-{day:02}");
        let mut metadata = epub.metadata_mut();
        metadata.clear();
        metadata.push(DetachedEpubMetaEntry::identifier(identifier(imprint)).id("book-id".to_owned()));
        metadata.push(DetachedEpubMetaEntry::title(clean(&imprint.title)));
        metadata.push(DetachedEpubMetaEntry::language(LANGUAGE));
        if !imprint.office.trim().is_empty() {
            metadata.push(DetachedEpubMetaEntry::creator(clean(&imprint.office)));
            metadata.push(DetachedEpubMetaEntry::publisher(clean(&imprint.office)));
        }
        let lines: Vec<&str> = [imprint.version.as_str()]
            .into_iter()
            .chain(imprint.cover.iter().map(String::as_str))
            .filter(|line| !line.trim().is_empty())
            .collect();
        if !lines.is_empty() {
            metadata.push(DetachedEpubMetaEntry::description(clean(&lines.join("；"))));
        }
        if let Some(address) = &imprint.address {
            metadata.push(DetachedEpubMetaEntry::dublin_core("dc:source").value(clean(address)));
        }
        metadata.push(DetachedEpubMetaEntry::date(day.clone()));
        metadata.push(DetachedEpubMetaEntry::meta("dcterms:modified").value(format!("{day}T00:00:00Z")));
    }

    /// Parts, and chapters below chapters, as the sidebar of the handbook has them.
    fn contents(&self) -> DetachedEpubTocEntry {
        let mut root = vec![DetachedEpubTocEntry::new("版权页").href("imprint.xhtml".to_owned())];
        let chapters = &self.volume.chapters;
        let mut at = 0;
        while at < chapters.len() {
            let end = (at + 1..chapters.len()).find(|next| chapters[*next].part.is_some());
            let end = end.unwrap_or(chapters.len());
            let entries = self.entries(&chapters[at..end]);
            match &chapters[at].part {
                Some(part) => root.push(self.entry(part, &chapters[at]).children(entries)),
                None => root.extend(entries),
            }
            at = end;
        }
        DetachedEpubTocEntry::new("目录")
            .attribute([("lang", LANGUAGE), ("xml:lang", LANGUAGE)])
            .children(root)
    }

    /// Chapters of the first one's level, each with the deeper ones that follow it.
    fn entries(&self, chapters: &[Chapter]) -> Vec<DetachedEpubTocEntry> {
        let mut all = vec![];
        let mut at = 0;
        while at < chapters.len() {
            let deeper = |chapter: &Chapter| chapter.level > chapters[at].level;
            let end = at + 1 + chapters[at + 1..].iter().take_while(|chapter| deeper(chapter)).count();
            let entry = self.entry(&chapters[at].title, &chapters[at]);
            all.push(entry.children(self.entries(&chapters[at + 1..end])));
            at = end;
        }
        all
    }

    fn entry(&self, title: &str, chapter: &Chapter) -> DetachedEpubTocEntry {
        let title = clean(title);
        let title = if title.trim().is_empty() { chapter.path.clone() } else { title };
        let file = self.pages.get(&chapter.path).cloned();
        DetachedEpubTocEntry::new(title).href(file)
    }

    fn landmarks(&self) -> DetachedEpubTocEntry {
        let mut all = vec![
            DetachedEpubTocEntry::new("封面").href("cover.xhtml".to_owned()).kind(TocEntryKind::Cover),
            DetachedEpubTocEntry::new("版权页")
                .href("imprint.xhtml".to_owned())
                .kind(TocEntryKind::CopyrightPage),
            DetachedEpubTocEntry::new("目录").href("contents.xhtml".to_owned()).kind(TocEntryKind::Toc),
        ];
        if let Some(first) = self.volume.chapters.first() {
            all.push(self.entry("正文", first).kind(TocEntryKind::BodyMatter));
        }
        let attributes = [("lang", LANGUAGE), ("xml:lang", LANGUAGE), ("hidden", "hidden")];
        DetachedEpubTocEntry::new("要处").attribute(attributes).children(all)
    }
}

/// Without controls, which rbook would write and XML cannot hold.
fn clean(text: &str) -> String {
    text.chars().filter(|c| super::printable(*c)).collect()
}

/// The same for every issue of an edition: a reader replaces the older one.
fn identifier(imprint: &Imprint) -> String {
    let mut hash = Sha256::new();
    for part in ["gongkai", &imprint.edition, &imprint.title, &imprint.office] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let mut bytes = hash.finalize();
    // Version 8 (of its maker's own making), variant of RFC 9562.
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// Packs the files anew with their sizes before them: rbook writes a stream, whose first file old readers refuse.
fn repack(bytes: &[u8], date: &(u16, u8, u8)) -> zip::result::ZipResult<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))?;
    let mut out = ZipWriter::new(Cursor::new(vec![]));
    let (year, month, day) = *date;
    let time = DateTime::from_date_and_time(year, month, day, 0, 0, 0).unwrap_or_default();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index)?;
        let name = file.name()?.into_owned();
        let stored = name == "mimetype";
        let method = if stored { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        // The same on every system.
        let options = SimpleFileOptions::DEFAULT.compression_method(method).last_modified_time(time);
        let options = options.system(System::Unix).unix_permissions(0o644);
        let options = if stored { options } else { options.compression_level(Some(9)) };
        out.start_file(name, options)?;
        let mut content = vec![];
        file.read_to_end(&mut content)?;
        std::io::Write::write_all(&mut out, &content)?;
    }
    Ok(out.finish()?.into_inner())
}
