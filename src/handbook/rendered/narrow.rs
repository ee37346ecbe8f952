//! Pages of an edition that does not hold everything: which files they need, and links that would lead to what it leaves
//! out.

use super::{Page, Sheet, folder, is_network_path, scheme, split, walk};
use std::collections::BTreeSet;

/// Every file of the output that a page links to or loads, as paths with `/`, whether or not they exist.
#[must_use]
pub fn targets(page: &Page) -> BTreeSet<String> {
    let sheet = Sheet::new(page);
    let addresses = sheet.content.addresses.iter().map(|a| a.text.as_str());
    addresses.filter_map(|text| target(&sheet.folder, text)).collect()
}

/// The files that a style sheet at `path` loads.
#[must_use]
pub fn style_targets(path: &str, css: &str) -> BTreeSet<String> {
    let inner =
        css.split("url(").skip(1).filter_map(|rest| rest.split_once(')')).map(|(text, _)| text.trim());
    let imports = css.split("@import").skip(1).filter_map(|rest| {
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        rest.get(1..)?.split_once(quote).map(|(text, _)| text)
    });
    let all = inner.chain(imports).map(|text| text.trim_matches(['"', '\'']));
    all.filter_map(|text| target(folder(path), text)).collect()
}

/// Where an address leads in the output; `None` for the web, and for places on the same page.
fn target(from: &str, text: &str) -> Option<String> {
    if scheme(text).is_some() || is_network_path(text) {
        return None;
    }
    let (path, _) = split(text);
    (!path.is_empty()).then(|| walk(from, path).path)
}

/// The page with every link to a file that is not there as plain words.
#[must_use]
pub fn unlinked(page: &Page, files: &BTreeSet<String>) -> String {
    let html = page.html.as_str();
    let from = folder(&page.path);
    let (mut out, mut at) = (String::with_capacity(html.len()), 0);
    while let Some(start) = html.get(at..).and_then(|rest| rest.find("<a ")).map(|found| at + found) {
        out.push_str(html.get(at..start).unwrap_or_default());
        let end = tag_end(html, start);
        let tag = html.get(start..end).unwrap_or_default();
        let close = html.get(end..).and_then(|rest| rest.find("</a>")).map(|found| end + found);
        let lost = href(tag).and_then(|text| target(from, &text)).is_some_and(|path| !files.contains(&path));
        match close {
            Some(close) if lost => {
                out.push_str(html.get(end..close).unwrap_or_default());
                at = close + "</a>".len();
            }
            _ => {
                out.push_str(tag);
                at = end;
            }
        }
    }
    out.push_str(html.get(at..).unwrap_or_default());
    out
}

/// Where the tag that begins at `start` ends; `>` inside quotes does not count.
fn tag_end(html: &str, start: usize) -> usize {
    let mut quote = None;
    for (at, c) in html.get(start..).unwrap_or_default().char_indices() {
        match (c, quote) {
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            ('>', None) => return start + at + 1,
            _ => {}
        }
    }
    html.len()
}

/// The address of a link as mdBook and our pages write it, in double quotes.
fn href(tag: &str) -> Option<String> {
    let (_, rest) = tag.split_once(" href=\"")?;
    let (text, _) = rest.split_once('"')?;
    Some(text.replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::{style_targets, targets, unlinked};
    use crate::handbook::rendered::Page;
    use std::collections::BTreeSet;

    fn page(html: &str) -> Page {
        Page { path: "laws/a.html".to_owned(), html: html.to_owned() }
    }

    #[test]
    fn links_to_what_is_not_there_become_words_and_others_stay() {
        let files = BTreeSet::from(["laws/a.html".to_owned(), "laws/b.html".to_owned()]);
        let html = "<p><a title=\"1 > 0\" href=\"../cases/x.html#y\">案例<b>甲</b></a>、<a href=\"b.html\">乙</a>、<a href=\"#c\">丙</a>、<a href=\"https://example.gov.cn/\">丁</a></p>";
        let left = unlinked(&page(html), &files);
        assert!(left.starts_with("<p>案例<b>甲</b>、<a href=\"b.html\">乙</a>、<a href=\"#c\">"));
        assert!(left.contains("<a href=\"https://example.gov.cn/\">") && !left.contains("cases/x"));
    }

    #[test]
    fn what_a_page_and_a_style_sheet_need_is_found() {
        let found = targets(&page("<img src='../p/a%20b.png'><a href='b.html?x#y'>b</a><a href='#z'>z</a>"));
        assert_eq!(found, BTreeSet::from(["laws/b.html".to_owned(), "p/a b.png".to_owned()]));
        let css = "@import 'x.css'; a { background: url( \"../i.png\" ) } b { background: url(data:x) }";
        let wanted = BTreeSet::from(["css/x.css".to_owned(), "i.png".to_owned()]);
        assert_eq!(style_targets("css/a.css", css), wanted);
    }
}
