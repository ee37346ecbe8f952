//! Escaping, and bodies with their citations made into links.

use super::Site;
use super::page::Page;
use crate::citation::{self, Context};
use crate::corpus::generated::GLOSSARY;
use crate::corpus::{Entry, GlossaryTerm};
use crate::links::{blocks, joins, plain, strong};
use std::ops::Range;

/// Text inside HTML.
pub(super) fn html(text: &str) -> String {
    // A line break would end an HTML block in the middle.
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace(['\n', '\r'], " ")
}

/// Text inside a double-quoted HTML attribute.
pub(super) fn attribute(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(html).collect();
    lines.join("&#10;").replace('"', "&quot;")
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

/// At most the first `most` characters of a text: whole sentences if any fits, else cut, with ….
pub(super) fn shortened(text: &str, most: usize) -> String {
    let cut: String = text.chars().take(most).collect();
    if cut.len() == text.len() {
        return cut;
    }
    match cut.rfind(['。', '；', '？']) {
        Some(end) => cut.get(..end).unwrap_or_default().to_owned() + "。",
        None => cut + "…",
    }
}

/// Bytes to replace, and by what.
type Edit = (Range<usize>, String);

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
        let joined = joins(source).into_iter().map(|r| (r, String::new()));
        let strong = strong(source).into_iter().map(|(r, tag)| (r, tag.to_owned()));
        let mut edits: Vec<Edit> = self.links_within(page, entry, range);
        edits.extend(self.terms_within(page, source, &edits));
        let links = edits.len();
        edits.extend(joined.chain(strong));
        // Where edits overlap the link wins: what it replaces was joined already.
        let mut order: Vec<usize> = (0..edits.len()).collect();
        order.sort_by_key(|i| (edits.get(*i).map(|(r, _)| r.start), *i >= links));
        let (mut out, mut at) = (String::with_capacity(source.len() * 2), 0);
        for (r, text) in order.into_iter().filter_map(|i| edits.get(i)) {
            if r.start >= at {
                out.push_str(source.get(at..r.start).unwrap_or_default());
                out.push_str(text);
                at = r.end;
            }
        }
        out.push_str(source.get(at..).unwrap_or_default());
        with_heading_ids(&out, prefix)
    }

    /// The citations in a part of a file as links; places count from the start of the part.
    fn links_within<T>(&self, page: &Page, entry: &Entry<T>, range: &Range<usize>) -> Vec<Edit> {
        let all = self.links.in_text(&entry.path);
        let first = all.partition_point(|c| c.range.start < range.start);
        let inside = all.iter().skip(first).take_while(|c| c.range.end <= range.end);
        inside
            .filter_map(|citation| {
                let place = citation.provisions.first()?;
                let words = entry.text.get(citation.range.clone())?;
                // A tag of emphasis inside a citation would be torn apart by the link.
                let start = citation.range.start + words.rfind("**").map_or(0, |i| i + 2);
                let words = entry.text.get(start..citation.range.end)?.replace('\n', "");
                let link = self.citation_link(page, &citation.law, *place, &words);
                Some((start - range.start..citation.range.end - range.start, link))
            })
            .collect()
    }

    /// The first mention of each term of the glossary that the page has not explained yet; places count from the start
    /// of `source`.
    fn terms_within(&self, page: &Page, source: &str, taken: &[Edit]) -> Vec<Edit> {
        let mut all: Vec<Edit> = vec![];
        for (range, term) in terms(source, &self.corpus.rules.glossary) {
            let anchor = term.anchor();
            let mark = format!("#{anchor}\"");
            let free =
                |edits: &[Edit]| edits.iter().all(|(r, _)| r.end <= range.start || range.end <= r.start);
            if page.markdown.contains(&mark) || !free(taken) || all.iter().any(|(_, l)| l.contains(&mark)) {
                continue;
            }
            let link = format!(
                "<a class=\"gk-term\" href=\"{}\" data-label=\"{}\" data-preview=\"{}\">{}</a>",
                attribute(&page.href(&format!("{}.md#{anchor}", GLOSSARY.path))),
                attribute(&term.word),
                attribute(&term.meaning),
                source.get(range.clone()).unwrap_or_default(),
            );
            all.push((range, link));
        }
        all
    }

    /// A header's text as HTML, with its citations linked.
    pub(super) fn linked(&self, page: &Page, text: &str, own: Option<&str>) -> String {
        self.linked_in(page, text, &Context::of(own))
    }

    /// The same for a text that stands at a known place of a law.
    pub(super) fn linked_in(&self, page: &Page, text: &str, context: &Context) -> String {
        let mut out = String::new();
        let mut at = 0;
        for found in citation::find(text, &self.corpus.names, context) {
            let Some(citation::Law::Known(law)) = &found.law else { continue };
            let Some(entry) = self.corpus.laws.get(law) else { continue };
            for target in &found.targets {
                let Ok(place) = entry.header.locate(target.from) else { continue };
                // The members of 第一、二项 share their words; the first has the link.
                if target.range.start < at {
                    continue;
                }
                out.push_str(&html(text.get(at..target.range.start).unwrap_or_default()));
                let words = html(text.get(target.range.clone()).unwrap_or_default());
                out.push_str(&self.citation_link(page, law, place, &words));
                at = target.range.end;
            }
        }
        out.push_str(&html(text.get(at..).unwrap_or_default()));
        out
    }

    /// The first words of a part of an entry's file, as plain text.
    pub(super) fn words<T>(&self, entry: &Entry<T>, range: &Range<usize>, most: usize) -> String {
        shortened(&plain(entry.text.get(range.clone()).unwrap_or_default()), most)
    }
}

/// What stands between title marks.
fn titles<T>(text: &str) -> Vec<(Range<usize>, Option<T>)> {
    let starts = text.match_indices('《').map(|(at, _)| at);
    starts.filter_map(|at| Some((at..at + text.get(at..)?.find('》')?, None))).collect()
}

/// Where terms stand in the running text of `source`, the longest at each place, in order.
fn terms<'a>(source: &str, glossary: &'a [GlossaryTerm]) -> Vec<(Range<usize>, &'a GlossaryTerm)> {
    let mut words: Vec<(&str, Option<&GlossaryTerm>)> = vec![];
    for term in glossary {
        words.extend(term.words().map(|word| (word, Some(term))));
        words.extend(term.except.iter().map(|word| (word.as_str(), None)));
    }
    words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    let mut all: Vec<(Range<usize>, &GlossaryTerm)> = vec![];
    for block in blocks(source) {
        // Titles first: 《保守国家秘密法》 explains no 国家秘密. Then the longest words take their places.
        let mut taken: Vec<(Range<usize>, Option<&GlossaryTerm>)> = titles(&block.text);
        for (word, term) in &words {
            for (at, _) in block.text.match_indices(word) {
                let range = at..at + word.len();
                if taken.iter().all(|(r, _)| r.end <= range.start || range.end <= r.start) {
                    taken.push((range, *term));
                }
            }
        }
        all.extend(taken.into_iter().filter_map(|(range, term)| {
            let place = block.source(&range);
            // Words torn apart by markup or a line break are left alone.
            let whole = source.get(place.clone()) == block.text.get(range);
            term.filter(|_| whole).map(|term| (place, term))
        }));
    }
    all.sort_by_key(|(range, _)| range.start);
    all
}

/// Words that a paragraph of notes may begin with, shown so that the eye finds them.
const LEADS: [&str; 6] = ["易错：", "救济：", "注意：", "提示：", "解析：", "沿革："];

/// How a paragraph begins that says in which words people ask for an article.
const ASKED: &str = "问法：";

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
        } else if let Some(asked) = line.strip_prefix(ASKED).filter(|_| !fenced) {
            out.push_str(&format!("<span class=\"gk-asked\">常这样问：{}</span>\n", asked.trim_end()));
        } else if let Some(lead) = LEADS.iter().find(|lead| !fenced && line.starts_with(**lead)) {
            out.push_str(&format!("<strong>{lead}</strong>{}", line.get(lead.len()..).unwrap_or_default()));
        } else {
            out.push_str(line);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{attribute, inline, shortened, terms, with_heading_ids};
    use crate::corpus::{Confidence, GlossaryTerm};

    #[test]
    fn a_term_is_neither_part_of_a_title_nor_of_another_word() {
        let term = GlossaryTerm {
            id: "defendant".to_owned(),
            word: "被告".to_owned(),
            also: vec![],
            except: vec!["被告知".to_owned()],
            group: String::new(),
            meaning: String::new(),
            cites: vec![],
            confidence: Confidence::G,
        };
        let glossary = [term];
        let found = |text: &str| terms(text, &glossary).into_iter().map(|(r, _)| r.start).collect::<Vec<_>>();
        assert_eq!(found("他被告知；见《被告须知》；被告答辩。"), ["他被告知；见《被告须知》；".len()]);
        assert_eq!(found("[被告](a.md)、`被告`"), Vec::<usize>::new());
    }

    #[test]
    fn nothing_in_a_title_is_markup() {
        assert_eq!(inline("a*b{#x}<i>"), "a\\*b\\{\\#x\\}\\<i\\>");
    }

    #[test]
    fn an_attribute_cannot_be_left() {
        assert_eq!(attribute("a\"><b"), "a&quot;&gt;&lt;b");
    }

    #[test]
    fn a_long_text_is_cut_after_a_sentence() {
        assert_eq!(shortened("第一句。第二句很长很长", 6), "第一句。");
        assert_eq!(shortened("没有句号的一段", 3), "没有句…");
        assert_eq!(shortened("短", 3), "短");
    }

    #[test]
    fn headings_without_an_anchor_get_one() {
        assert_eq!(
            with_heading_ids("## 甲\n### 乙 {#own}\n```\n# no\n```\n", "p"),
            "## 甲 {#p-1}\n### 乙 {#own}\n```\n# no\n```\n"
        );
    }
}
