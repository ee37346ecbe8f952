//! The first page of an edition that does not hold the staff's own.

use super::Site;
use super::markup::{attribute, html, inline};
use super::page::Page;

/// A line of the contents.
#[derive(Debug, Clone, Default)]
pub(super) struct FrontEntry {
    /// What it says.
    pub title: String,
    /// Its page; a heading has none.
    pub path: Option<String>,
    /// The pages below it.
    pub below: Vec<FrontEntry>,
}

impl Site<'_> {
    /// Title, who issued it and when, and the contents.
    pub(super) fn front(&self, entries: &[FrontEntry]) -> Page {
        let edition = self.edition;
        let title = edition.title.as_deref().unwrap_or("目录");
        let mut page = Page::new("index.md", title, "front");
        for line in &edition.cover {
            page.block(inline(line));
        }
        page.facts(&[
            ("编印单位", html(&edition.office)),
            ("版次", html(&edition.version)),
            ("日期", html(&edition.date)),
        ]);
        for (number, part) in (1..).zip(parts(entries)) {
            if let Some(heading) = part.iter().find(|entry| entry.path.is_none()) {
                page.heading(2, &heading.title, &format!("front-{number}"));
            }
            let list = list(&page, part);
            page.block(list);
        }
        page.block("内容是对法规、政策的说明，不是官方文本；以公布的原文为准。标着“待核”的还没有核对原文。");
        page
    }
}

/// The entries from each heading to the next.
fn parts(entries: &[FrontEntry]) -> impl Iterator<Item = &[FrontEntry]> {
    entries.chunk_by(|_, next| next.path.is_some())
}

fn list(page: &Page, entries: &[FrontEntry]) -> String {
    let item = |entry: &FrontEntry| {
        let href = attribute(&page.href(entry.path.as_deref()?));
        let below = list(page, &entry.below);
        Some(format!("<li><a href=\"{href}\">{}</a>{below}</li>\n", html(&entry.title)))
    };
    let items: String = entries.iter().filter_map(item).collect();
    if items.is_empty() { items } else { format!("<ul>\n{items}</ul>") }
}
