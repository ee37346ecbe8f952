//! Escaping, and bodies with their citations made into links.

use super::Site;
use super::page::Page;
use crate::citation;
use crate::corpus::Entry;
use crate::links::{joins, plain, strong};
use std::ops::Range;

/// Text inside HTML.
pub(super) fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Text inside a double-quoted HTML attribute.
pub(super) fn attribute(text: &str) -> String {
    html(text).replace('"', "&quot;").replace(['\n', '\r'], " ")
}

/// Text inside a line of Markdown: nothing in it is markup.
pub(super) fn inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(
            c,
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '$'
        ) {
            out.push('\\');
        }
        out.push(if c == '\n' { ' ' } else { c });
    }
    out
}

/// The first `most` characters of a text, with … where it was cut.
pub(super) fn shortened(text: &str, most: usize) -> String {
    let mut out: String = text.chars().take(most).collect();
    if text.chars().count() > most {
        out.push('…');
    }
    out
}

impl Site<'_> {
    /// `range` of an entry's file as Markdown: citations linked, line breaks inside Chinese joined, and every
    /// heading given an anchor that begins with `prefix`.
    pub(super) fn prose<T>(
        &self,
        page: &Page,
        entry: &Entry<T>,
        range: &Range<usize>,
        prefix: &str,
    ) -> String {
        let source = entry.text.get(range.clone()).unwrap_or_default();
        let mut edits: Vec<(Range<usize>, String)> = joins(source)
            .into_iter()
            .map(|r| (r.start + range.start..r.end + range.start, String::new()))
            .collect();
        edits.extend(
            strong(source)
                .into_iter()
                .map(|(r, tag)| (r.start + range.start..r.end + range.start, tag.to_owned())),
        );
        for citation in self.links.in_text(&entry.path) {
            let inside = citation.range.start >= range.start && citation.range.end <= range.end;
            if let (true, Some(first)) = (inside, citation.provisions.first()) {
                let words = entry.text.get(citation.range.clone()).unwrap_or_default();
                // A tag of emphasis inside a citation would be torn apart by the link.
                let start = citation.range.start + words.rfind("**").map_or(0, |i| i + 2);
                let words = entry.text.get(start..citation.range.end).unwrap_or_default().replace('\n', "");
                edits.retain(|(r, _)| r.end <= start || r.start >= citation.range.end);
                edits.push((
                    start..citation.range.end,
                    self.citation_link(page, &citation.law, *first, &words),
                ));
            }
        }
        // From the last to the first, so that the places before stay right.
        edits.sort_by_key(|(r, _)| std::cmp::Reverse(r.start));
        let mut out = source.to_owned();
        for (r, text) in edits {
            out.replace_range(r.start - range.start..r.end - range.start, &text);
        }
        with_heading_ids(&out, prefix)
    }

    /// A header's text as HTML, with its citations linked.
    pub(super) fn linked(&self, page: &Page, text: &str, own: Option<&str>) -> String {
        let mut out = String::new();
        let mut at = 0;
        for found in citation::find(text, &self.corpus.names, own) {
            let Some(citation::Law::Known(law)) = &found.law else { continue };
            let Some(entry) = self.corpus.laws.get(law) else { continue };
            let Some(place) = found.provisions.first().and_then(|p| entry.header.locate(*p).ok()) else {
                continue;
            };
            out.push_str(&html(text.get(at..found.range.start).unwrap_or_default()));
            let words = html(text.get(found.range.clone()).unwrap_or_default());
            out.push_str(&self.citation_link(page, law, place, &words));
            at = found.range.end;
        }
        out.push_str(&html(text.get(at..).unwrap_or_default()));
        out
    }

    /// The first words of a part of an entry's file, as plain text.
    pub(super) fn words<T>(&self, entry: &Entry<T>, range: &Range<usize>, most: usize) -> String {
        shortened(&plain(entry.text.get(range.clone()).unwrap_or_default()), most)
    }
}

/// Headings without `{#…}` get `{#prefix-1}`, `{#prefix-2}`, …: no anchor comes from a Chinese title.
fn with_heading_ids(markdown: &str, prefix: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let (mut fenced, mut count) = (false, 0);
    for line in markdown.split_inclusive('\n') {
        fenced ^= line.trim_start().starts_with("```");
        let hashes = line.bytes().take_while(|b| *b == b'#').count();
        let heading = !fenced && (1..=6).contains(&hashes) && line.as_bytes().get(hashes) == Some(&b' ');
        if heading && !line.contains("{#") {
            count += 1;
            out.push_str(&format!("{} {{#{prefix}-{count}}}\n", line.trim_end()));
        } else {
            out.push_str(line);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{attribute, inline, with_heading_ids};

    #[test]
    fn nothing_in_a_title_is_markup() {
        assert_eq!(inline("a*b{#x}<i>"), "a\\*b\\{\\#x\\}\\<i\\>");
    }

    #[test]
    fn an_attribute_cannot_be_left() {
        assert_eq!(attribute("a\"><b"), "a&quot;&gt;&lt;b");
    }

    #[test]
    fn headings_without_an_anchor_get_one() {
        assert_eq!(
            with_heading_ids("## 甲\n### 乙 {#own}\n```\n# no\n```\n", "p"),
            "## 甲 {#p-1}\n### 乙 {#own}\n```\n# no\n```\n"
        );
    }
}
