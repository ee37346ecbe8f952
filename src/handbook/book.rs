//! The adapter to mdBook: a book in, the book with all chapters out.

use super::front::FrontEntry;
use super::{Page, Site};
use mdbook_preprocessor::book::{Book, BookItem, Chapter, SectionNumber};
use std::path::PathBuf;

/// Replaces the hand-written pages by their rendered form and appends the generated parts.
///
/// Chapters that the corpus does not know are left as they are.
#[must_use]
pub fn assemble(site: &Site<'_>, mut book: Book) -> Book {
    let whole = site.edition.is_whole();
    if !whole {
        book.items = chosen(site, std::mem::take(&mut book.items));
    }
    book.for_each_chapter_mut(|chapter| {
        let path = chapter.source_path.as_deref().map(slashed);
        if let Some((path, entry)) = path.and_then(|p| site.corpus.guides.get_key_value(&p)) {
            chapter.content = literal(&site.guide(path, entry).markdown);
        }
    });
    let mut number = top_numbers(&book);
    for part in site.parts() {
        book.items.push(BookItem::PartTitle(part.title.to_owned()));
        for chapter in part.chapters {
            number += 1;
            book.items.push(BookItem::Chapter(nested(&chapter, number)));
        }
    }
    if !whole && !site.edition.holds("index") {
        let entries = front_entries(&book.items);
        let page = site.front(&entries);
        let mut front = chapter(&page, vec![], vec![]);
        // Before everything else, and without a number.
        front.number = None;
        book.items.insert(0, BookItem::Chapter(front));
    }
    book
}

/// The hand-written chapters that the edition holds. What stood below one that it does not hold moves up; headings with
/// nothing under them go.
fn chosen(site: &Site<'_>, items: Vec<BookItem>) -> Vec<BookItem> {
    let mut all: Vec<BookItem> = vec![];
    for item in items {
        match item {
            BookItem::Chapter(mut chapter) => {
                let below = chosen(site, std::mem::take(&mut chapter.sub_items));
                let path = chapter.source_path.as_deref().map(slashed);
                if path.is_some_and(|path| site.corpus.guides.contains_key(&path)) {
                    chapter.sub_items = below;
                    all.push(BookItem::Chapter(chapter));
                } else {
                    all.extend(below);
                }
            }
            other => {
                while !matches!(all.last(), None | Some(BookItem::Chapter(_))) {
                    all.pop();
                }
                all.push(other);
            }
        }
    }
    while !matches!(all.last(), None | Some(BookItem::Chapter(_))) {
        all.pop();
    }
    all
}

/// The headings and the chapters with what is below them.
fn front_entries(items: &[BookItem]) -> Vec<FrontEntry> {
    let entry = |item: &BookItem| match item {
        BookItem::PartTitle(title) => Some(FrontEntry { title: title.clone(), ..FrontEntry::default() }),
        BookItem::Chapter(chapter) => Some(FrontEntry {
            title: chapter.name.clone(),
            path: chapter.path.as_deref().map(slashed),
            below: front_entries(&chapter.sub_items),
        }),
        BookItem::Separator => None,
    };
    items.iter().filter_map(entry).collect()
}

fn slashed(path: &std::path::Path) -> String {
    path.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// How many numbered chapters stand at the top level.
fn top_numbers(book: &Book) -> u32 {
    let numbered =
        book.items.iter().filter(|item| matches!(item, BookItem::Chapter(c) if c.number.is_some()));
    u32::try_from(numbered.count()).unwrap_or(u32::MAX)
}

/// The sidebar nests by the number of dots, so the pages below an index carry two numbers.
fn nested(chapter: &super::Chapter, number: u32) -> Chapter {
    let parent = chapter.index.title.clone();
    let mut index = self::chapter(&chapter.index, vec![number], vec![]);
    for (sub, page) in (1..).zip(&chapter.pages) {
        index.sub_items.push(BookItem::Chapter(self::chapter(page, vec![number, sub], vec![parent.clone()])));
    }
    index
}

/// mdBook's own directives (`{{#include}}` and the like) stay text: content must not draw in other files.
fn literal(markdown: &str) -> String {
    markdown.replace("{{#", "\\{{#")
}

fn chapter(page: &Page, number: Vec<u32>, parents: Vec<String>) -> Chapter {
    let mut chapter = Chapter::new(&page.title, literal(&page.markdown), PathBuf::from(&page.path), parents);
    chapter.number = Some(SectionNumber::new(number));
    chapter
}
