//! The adapter to mdBook: a book in, the book with all chapters out.

use super::{Page, Site};
use mdbook_preprocessor::book::{Book, BookItem, Chapter, SectionNumber};
use std::path::PathBuf;

/// Replaces the hand-written pages by their rendered form and appends the generated parts.
///
/// Chapters that the corpus does not know are left as they are.
#[must_use]
pub fn assemble(site: &Site<'_>, mut book: Book) -> Book {
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
    book
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
