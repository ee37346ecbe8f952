//! An edition as a book: its pages rendered, read back and put in order.

use super::build::{Entry, outline, pages_in, title};
use super::{PaperSize, Project};
use crate::corpus::Edition;
use crate::press::{Chapter, Element, Finding, Imprint, Node, Snapshot, Volume, epub, is_internal, page};
use crate::text::{Diagnostic, Report};
use anyhow::Context;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

/// Renders the pages and makes the whole book of them. What a reader would trip over goes to `report`.
///
/// # Errors
///
/// When the pages cannot be rendered or read back.
pub fn of(project: &Arc<Project>, report: &mut Report) -> anyhow::Result<Volume> {
    let scratch = tempfile::tempdir().context("建不了临时文件夹")?;
    let dest = scratch.path().join("handbook");
    let contents = outline(project, &dest, &[])?;
    read(project, &pages_in(dest), contents, report)
}

/// As [`of`], of pages rendered before.
///
/// # Errors
///
/// When the pages cannot be read back.
pub(super) fn read(
    project: &Project,
    html: &Path,
    contents: Vec<Entry>,
    report: &mut Report,
) -> anyhow::Result<Volume> {
    let mut volume = Volume { imprint: imprint(project)?, ..Volume::default() };
    let mut part = None;
    for entry in contents {
        match entry {
            Entry::Part(title) => part = Some(title),
            Entry::Page(level, path, title) => {
                let text = fs::read_to_string(html.join(&path))
                    .with_context(|| format!("读不了生成的网页 {path}"))?;
                match page::read(&path, &text) {
                    Ok(body) => {
                        volume.chapters.push(Chapter { part: part.take(), level, path, title, body });
                    }
                    Err(finding) => report.push(diagnostic(finding)),
                }
            }
        }
    }
    let mut wanted = BTreeSet::new();
    for chapter in &volume.chapters {
        pictures(&chapter.body, &mut wanted);
    }
    for path in wanted {
        read_picture(html, path, &mut volume)?;
    }
    for finding in volume.settle() {
        report.push(diagnostic(finding));
    }
    Ok(volume)
}

fn read_picture(html: &Path, path: String, volume: &mut Volume) -> anyhow::Result<()> {
    let file = html.join(&path);
    if file.is_file() {
        let bytes = fs::read(&file).with_context(|| format!("读不了图片 {path}"))?;
        volume.pictures.insert(path, bytes);
    }
    Ok(())
}

/// The pictures of the handbook that these nodes show.
fn pictures(nodes: &[Node], all: &mut BTreeSet<String>) {
    for Element { tag, children, attributes } in nodes.iter().filter_map(Node::element) {
        let source = attributes.get("src").filter(|src| tag == "img" && is_internal(src));
        all.extend(source.cloned());
        pictures(children, all);
    }
}

fn diagnostic(finding: Finding) -> Diagnostic {
    let page = if finding.page.is_empty() { String::new() } else { format!("{}：", finding.page) };
    let message = format!("{page}{}", finding.message);
    Diagnostic::placeless("book-page", message).hint(finding.hint)
}

fn imprint(project: &Project) -> anyhow::Result<Imprint> {
    let edition = &project.edition;
    let corpus = &project.corpus;
    let laws = corpus.laws_by_weight().into_iter().map(|entry| {
        let law = &entry.header;
        let editions = corpus.editions(&law.id);
        let current = editions.iter().find(|e| e.current);
        Snapshot {
            title: law.title.clone(),
            version: current.and_then(Edition::since).unwrap_or_default().to_owned(),
            official: current.is_some_and(|e| e.text.is_some()),
        }
    });
    Ok(Imprint {
        edition: edition.id.clone(),
        title: match &edition.title {
            Some(title) => title.clone(),
            None => title(&project.root)?,
        },
        cover: edition.cover.clone(),
        office: edition.office.clone(),
        version: edition.version.clone(),
        date: edition.date.clone(),
        address: edition.address.clone(),
        chapter_codes: edition.chapter_codes,
        laws: laws.collect(),
    })
}

/// The e-book. `None` if the report says why there is none.
pub fn epub(volume: &Volume, report: &mut Report) -> Option<Vec<u8>> {
    match epub::write(volume) {
        Ok(bytes) => Some(bytes),
        Err(findings) => {
            findings.into_iter().for_each(|finding| report.push(diagnostic(finding)));
            None
        }
    }
}

/// The printed book, and what to tell about it. `None` if the report says why there is none.
///
/// # Errors
///
/// When there are no fonts.
#[cfg(feature = "pdf")]
pub fn pdf(
    volume: &Volume,
    paper: PaperSize,
    report: &mut Report,
) -> anyhow::Result<Option<(Vec<u8>, String)>> {
    use crate::press::print;
    let paper = match paper {
        PaperSize::A4 => print::Paper::A4,
        PaperSize::K16 => print::Paper::K16,
    };
    let fonts = super::fonts::load()?;
    match print::write(volume, paper, &fonts) {
        Ok(pdf) => Ok(Some((pdf.bytes, "打印方法：双面打印，装订边在左。".to_owned()))),
        Err(error) => {
            report.push(Diagnostic::placeless("book-page", error.to_string()));
            Ok(None)
        }
    }
}

/// Says what to do instead.
///
/// # Errors
///
/// Always.
#[cfg(not(feature = "pdf"))]
pub fn pdf(_: &Volume, _: PaperSize, _: &mut Report) -> anyhow::Result<Option<(Vec<u8>, String)>> {
    anyhow::bail!(
        "这个程序没有带 PDF，什么也没有生成\n提示: 用带 PDF 的程序：cargo build --release --features pdf；或者打开网页版，点右上角的打印机图标，打印成 PDF"
    )
}
