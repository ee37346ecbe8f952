//! The running text of a Markdown body, block by block, each character with its place in the source.
//!
//! Only this room knows `pulldown-cmark`.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// The text of one block: a paragraph, a list item, a table row, a heading is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Block {
    /// Text without markup. Where markup other than emphasis interrupts it, a NUL stands.
    pub text: String,
    /// Pieces: offset in `text`, bytes in the source.
    pieces: Vec<(usize, Range<usize>)>,
}

impl Block {
    /// The bytes of the source from which `range` of the text came.
    #[must_use]
    pub fn source(&self, range: &Range<usize>) -> Range<usize> {
        self.offset(range.start, false)..self.offset(range.end, true)
    }

    fn offset(&self, at: usize, end: bool) -> usize {
        let index = self.pieces.partition_point(|(start, _)| if end { *start < at } else { *start <= at });
        let Some((start, source)) = index.checked_sub(1).and_then(|i| self.pieces.get(i)) else { return 0 };
        (source.start + (at - start)).min(source.end)
    }

    fn push(&mut self, text: &str, source: Range<usize>) {
        // Emphasis that CommonMark left literal is emphasis all the same (see `strong`); it comes star by star.
        let star = self.pieces.last().is_some_and(|(_, last)| last.len() == 1 && last.end == source.start);
        if text == "*" && star && self.text.ends_with('*') {
            self.pieces.pop();
            self.text.pop();
            return;
        }
        // Where the parser changed the text (an entity, an escape), places inside it cannot be told apart.
        if text.len() == source.len() {
            self.pieces.push((self.text.len(), source));
            self.text.push_str(text);
        } else {
            self.stop();
        }
    }

    fn stop(&mut self) {
        if !self.text.ends_with('\0') && !self.text.is_empty() {
            self.text.push('\0');
        }
    }
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
}

/// The blocks of `markdown` whose text may hold citations: not headings, code, links or raw HTML.
#[must_use]
pub fn blocks(markdown: &str) -> Vec<Block> {
    let mut all = vec![];
    let mut block = Block::default();
    let mut silent = 0_u32;
    for (event, range) in Parser::new_ext(markdown, options()).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { .. } | Tag::CodeBlock(_) | Tag::HtmlBlock) => silent += 1,
            Event::End(TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::HtmlBlock) => silent -= 1,
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => {
                block.stop();
                silent += 1;
            }
            Event::End(TagEnd::Link | TagEnd::Image) => silent -= 1,
            Event::Text(text) if silent == 0 => block.push(&text, range),
            Event::Code(_) | Event::InlineHtml(_) | Event::FootnoteReference(_) => block.stop(),
            Event::Start(
                Tag::Paragraph | Tag::Item | Tag::TableHead | Tag::TableRow | Tag::DefinitionListDefinition,
            )
            | Event::End(
                TagEnd::Paragraph
                | TagEnd::Item
                | TagEnd::TableHead
                | TagEnd::TableRow
                | TagEnd::DefinitionListDefinition,
            ) if !block.text.is_empty() => {
                all.push(std::mem::take(&mut block));
            }
            Event::End(TagEnd::TableCell) | Event::HardBreak => block.stop(),
            _ => {}
        }
    }
    if !block.text.is_empty() {
        all.push(block);
    }
    all
}

/// Line breaks inside Chinese sentences (bytes of the source): shown as they are they would become blanks.
#[must_use]
pub fn joins(markdown: &str) -> Vec<Range<usize>> {
    let wide = |c: Option<char>| {
        c.is_some_and(|c| matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}' | '“' | '”' | '‘' | '’' | '—' | '…' | '\u{20000}'..='\u{3ffff}'))
    };
    let mut all = vec![];
    for (event, range) in Parser::new_ext(markdown, options()).into_offset_iter() {
        if !matches!(event, Event::SoftBreak) {
            continue;
        }
        // The indentation of the next line belongs to the break.
        let after = markdown.get(range.end..).unwrap_or_default();
        let blanks = after.len() - after.trim_start_matches([' ', '\t', '>']).len();
        let before = markdown.get(..range.start).and_then(|t| t.chars().next_back());
        if wide(before) && wide(after.trim_start_matches([' ', '\t', '>']).chars().next()) {
            all.push(range.start..range.end + blanks);
        }
    }
    all
}

/// `**` in pairs: the bytes of the source, and the tag that belongs there. CommonMark leaves some literal beside Chinese
/// punctuation (`**（一）总则。**后文`), and those it takes would become literal where a link is put beside them.
#[must_use]
pub fn strong(markdown: &str) -> Vec<(Range<usize>, &'static str)> {
    let mut all = vec![];
    let mut open: Vec<usize> = vec![];
    let (mut code, mut star) = (false, None);
    for (event, range) in Parser::new_ext(markdown, options()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock) => code = true,
            Event::End(TagEnd::CodeBlock | TagEnd::HtmlBlock) => code = false,
            Event::Start(Tag::Strong) if range.len() > 4 => {
                all.push((range.start..range.start + 2, "<strong>"));
                all.push((range.end - 2..range.end, "</strong>"));
            }
            // The parser hands out literal stars one by one.
            Event::Text(text) if !code && &*text == "*" => {
                star = if star == Some(range.start) {
                    open.push(range.start - 1);
                    None
                } else {
                    Some(range.end)
                };
            }
            Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::TableCell | TagEnd::Heading(_)) => {
                for pair in open.chunks_exact(2) {
                    if let [from, to] = pair {
                        all.push((*from..from + 2, "<strong>"));
                        all.push((*to..to + 2, "</strong>"));
                    }
                }
                open.clear();
            }
            _ => {}
        }
    }
    all
}

/// The text of `markdown` without any markup, a line for each block.
#[must_use]
pub fn plain(markdown: &str) -> String {
    let mut out = String::new();
    for event in Parser::new_ext(markdown, options()) {
        match event {
            Event::Text(text) | Event::Code(text) => out.push_str(&text),
            Event::HardBreak
            | Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::TableCell | TagEnd::Heading(_))
                if !out.ends_with('\n') && !out.is_empty() =>
            {
                out.push('\n');
            }
            _ => {}
        }
    }
    out.truncate(out.trim_end().len());
    out.replace("**", "")
}

#[cfg(test)]
mod tests {
    use super::{blocks, joins, plain, strong};

    #[test]
    fn text_knows_its_source() {
        let markdown =
            "# 标题第一条\n\n依据**《条例》**第三十\n六条办理。\n\n- 一项 [第二条](x.md) `第三条`\n";
        let all = blocks(markdown);
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].text, "依据《条例》第三十六条办理。");
        let start = all[0].text.find("第三十六条").unwrap();
        let source = all[0].source(&(start..start + "第三十六条".len()));
        assert_eq!(&markdown[source], "第三十\n六条");
        assert!(!all[1].text.contains("第二条") && !all[1].text.contains("第三条"));
    }

    #[test]
    fn literal_emphasis_beside_chinese_punctuation_is_found_in_pairs() {
        let markdown = "**（一）总则。**后文，`**` 和单独的 ** 不算\n\n**好**\n";
        let edits = strong(markdown);
        let good = markdown.find("**好").unwrap();
        assert_eq!(
            edits.iter().map(|(r, tag)| (r.start, *tag)).collect::<Vec<_>>(),
            [(0, "<strong>"), (20, "</strong>"), (good, "<strong>"), (good + 5, "</strong>")]
        );
    }

    #[test]
    fn breaks_between_chinese_characters_are_found() {
        assert_eq!(joins("甲\n乙 a\nb").len(), 1);
    }

    #[test]
    fn plain_text_has_no_markup() {
        assert_eq!(plain("**甲**乙\n\n- [丙](d)\n"), "甲乙\n丙");
    }
}
