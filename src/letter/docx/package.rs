//! The archive: what all letters of a layout share is compressed once, what differs for each letter.

use std::io::{Cursor, Write};
use std::sync::OnceLock;

use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipArchive, ZipWriter};

use super::page::{FIRST_LINK, margins};
use super::xml::add;
use super::{Error, body, parts};
use crate::corpus::PageLayout;
use crate::letter::{Letter, origin};

type Shared = ZipArchive<Cursor<Vec<u8>>>;

/// The archives of the parts that never differ, made when they are first needed: four layouts, without and with custom
/// properties. They follow from this source alone, so keeping them changes no result.
static SHARED: [OnceLock<Shared>; 8] = [const { OnceLock::new() }; 8];

/// Compression of the parts of each letter: higher levels take longer for hardly fewer bytes.
const LEVEL: i64 = 1;

/// Parts of each letter with fewer bytes are stored as they are: a compressor takes longer to start (it clears some hundred
/// kilobytes) than to compress them, and saves less than a kilobyte.
const SMALL: usize = 2048;

/// The bytes of the .docx file.
pub(super) fn package(letter: &Letter) -> Result<Vec<u8>, Error> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::with_capacity(24 * 1024)));
    archive.merge_archive(shared(letter.layout, !letter.origin.is_empty())?.clone())?;
    let mut store = |name: &str, content: String| -> ZipResult<()> {
        let options = options(LEVEL);
        let stored = options.compression_method(CompressionMethod::Stored).compression_level(None);
        archive.start_file(name, if content.len() < SMALL { stored } else { options })?;
        Ok(archive.write_all(content.as_bytes())?)
    };
    let document = body::document(letter);
    // What the text was when the letter was made.
    let text =
        (!letter.origin.is_empty()).then(|| (origin::TEXT.to_owned(), origin::fingerprints(&document)));
    store("word/document.xml", document)?;
    for margin in margins(letter.layout).iter().filter(|margin| !margin.is_constant()) {
        store(&format!("word/{}.xml", margin.name), margin.xml(&letter.author))?;
    }
    store("docProps/core.xml", parts::core(&letter.title, &letter.author))?;
    if !letter.origin.is_empty() {
        let all: Vec<(String, String)> = letter.origin.iter().cloned().chain(text).collect();
        store("docProps/custom.xml", parts::custom(&all))?;
    }
    Ok(archive.finish()?.into_inner())
}

fn shared(layout: PageLayout, custom: bool) -> Result<&'static Shared, Error> {
    let place = match layout {
        PageLayout::Official => &SHARED[0..2],
        PageLayout::Letter => &SHARED[2..4],
        PageLayout::Plain => &SHARED[4..6],
        PageLayout::Envelope => &SHARED[6..8],
    };
    let [without, with] = place else { return Err(zip::result::ZipError::FileNotFound.into()) };
    let place = if custom { with } else { without };
    if let Some(made) = place.get() {
        return Ok(made);
    }
    let made = make(layout, custom)?;
    Ok(place.get_or_init(|| made))
}

/// Content types come first, as readers expect.
fn make(layout: PageLayout, custom: bool) -> Result<Shared, Error> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let mut store = |name: &str, content: &str| -> ZipResult<()> {
        archive.start_file(name, options(9))?;
        Ok(archive.write_all(content.as_bytes())?)
    };
    store("[Content_Types].xml", &content_types(layout, custom))?;
    store("_rels/.rels", &package_links(custom))?;
    store("word/_rels/document.xml.rels", &document_links(layout))?;
    store("word/styles.xml", parts::STYLES)?;
    store("word/settings.xml", parts::SETTINGS)?;
    store("word/fontTable.xml", parts::FONTS)?;
    for margin in margins(layout).iter().filter(|margin| margin.is_constant()) {
        store(&format!("word/{}.xml", margin.name), &margin.xml(""))?;
    }
    store("docProps/app.xml", parts::APP)?;
    Ok(ZipArchive::new(archive.finish()?)?)
}

/// Everything that would otherwise depend on the day or the machine is fixed here.
fn options(level: i64) -> SimpleFileOptions {
    SimpleFileOptions::DEFAULT
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(level))
        .last_modified_time(DateTime::DEFAULT)
        .system(System::Unix)
        .unix_permissions(0o644)
}

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

fn content_types(layout: PageLayout, custom: bool) -> String {
    let mut out = format!(
        "{DECLARATION}<Types xmlns=\"{PACKAGE}/content-types\">\n\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\n\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>\n"
    );
    let mut part = |name: &str, kind: &str| {
        add(
            &mut out,
            format_args!(
                "<Override PartName=\"/{name}\" ContentType=\"application/vnd.openxmlformats-{kind}+xml\"/>\n"
            ),
        );
    };
    let word = "officedocument.wordprocessingml";
    part("word/document.xml", &format!("{word}.document.main"));
    part("word/styles.xml", &format!("{word}.styles"));
    part("word/settings.xml", &format!("{word}.settings"));
    part("word/fontTable.xml", &format!("{word}.fontTable"));
    for margin in margins(layout) {
        part(&format!("word/{}.xml", margin.name), &format!("{word}.{}", margin.kind));
    }
    part("docProps/core.xml", "package.core-properties");
    part("docProps/app.xml", "officedocument.extended-properties");
    if custom {
        part("docProps/custom.xml", "officedocument.custom-properties");
    }
    out.push_str("</Types>");
    out
}

/// Relationships as (type, target), numbered from 1.
fn links<'a>(targets: impl Iterator<Item = (String, &'a str)>) -> String {
    let mut out = format!("{DECLARATION}<Relationships xmlns=\"{PACKAGE}/relationships\">\n");
    for (at, (kind, target)) in targets.enumerate() {
        add(
            &mut out,
            format_args!("<Relationship Id=\"rId{}\" Type=\"{kind}\" Target=\"{target}\"/>\n", at + 1),
        );
    }
    out.push_str("</Relationships>");
    out
}

fn package_links(custom: bool) -> String {
    let mut all = vec![
        (format!("{OFFICE}/officeDocument"), "word/document.xml"),
        (format!("{PACKAGE}/relationships/metadata/core-properties"), "docProps/core.xml"),
        (format!("{OFFICE}/extended-properties"), "docProps/app.xml"),
    ];
    if custom {
        all.push((format!("{OFFICE}/custom-properties"), "docProps/custom.xml"));
    }
    links(all.into_iter())
}

fn document_links(layout: PageLayout) -> String {
    let fixed = ["styles", "settings", "fontTable"];
    debug_assert_eq!(fixed.len() + 1, FIRST_LINK);
    let files: Vec<(String, String)> = fixed
        .iter()
        .map(|name| (format!("{OFFICE}/{name}"), format!("{name}.xml")))
        .chain(
            margins(layout)
                .iter()
                .map(|margin| (format!("{OFFICE}/{}", margin.kind), format!("{}.xml", margin.name))),
        )
        .collect();
    links(files.iter().map(|(kind, file)| (kind.clone(), file.as_str())))
}
