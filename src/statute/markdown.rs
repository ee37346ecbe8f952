//! Plain text and Markdown, line by line.

use super::line::{Boundary, Line, Role, holds};
use std::borrow::Cow;

/// The lines of plain text.
pub fn plain(text: &str) -> Vec<Line<'_>> {
    let mut all = Vec::with_capacity(text.len() / 80);
    let mut boundary = Boundary::Hard;
    for (number, raw) in (1..).zip(text.split('\n')) {
        let raw = raw.strip_suffix('\r').unwrap_or(raw);
        for (k, part) in raw.split(['\u{c}', '\r', '\u{2028}', '\u{2029}', '\u{85}', '\u{b}']).enumerate() {
            if k > 0 {
                boundary = if raw.contains('\u{c}') { Boundary::Page } else { Boundary::Soft };
            }
            if is_blank(part) {
                boundary = if boundary == Boundary::Page { Boundary::Page } else { Boundary::Hard };
                continue;
            }
            let mut line = Line::text(part, number, boundary);
            line.indent = part.starts_with([' ', '\u{3000}', '\t', '\u{a0}']);
            // Cells that a table left behind when it was pasted.
            if part.trim().matches('\t').count() >= 2 && !part.trim().contains("\t\t\t\t") {
                line.role = Role::Row;
            }
            all.push(line);
            boundary = Boundary::Soft;
        }
    }
    all
}

fn is_blank(text: &str) -> bool {
    text.is_empty() || text.chars().all(super::line::is_void)
}

/// The lines of Markdown: headings, bold labels, bullets and tables without their marks, comments left out.
pub fn markdown(text: &str) -> Vec<Line<'_>> {
    let mut all = Vec::with_capacity(text.len() / 80);
    let mut boundary = Boundary::Hard;
    let mut comment = false;
    for (number, raw) in (1..).zip(text.split('\n')) {
        let raw = raw.strip_suffix('\r').unwrap_or(raw);
        let kept: Cow<'_, str> =
            if comment || holds(raw, "<!--") { uncommented(raw, &mut comment) } else { Cow::Borrowed(raw) };
        if is_blank(&kept) {
            boundary = Boundary::Hard;
            continue;
        }
        let broken = if holds(&kept, "<br") {
            parts(&kept).into_iter().map(|p| Cow::Owned(p.into_owned())).collect()
        } else {
            vec![]
        };
        let whole = broken.is_empty().then_some(kept);
        for (k, part) in whole.into_iter().chain(broken).enumerate() {
            let (mut text, indent) = match part {
                Cow::Borrowed(p) => (Cow::Borrowed(p.trim()), p.starts_with([' ', '\u{3000}', '\t'])),
                Cow::Owned(p) => {
                    let indent = p.starts_with([' ', '\u{3000}', '\t']);
                    (Cow::Owned(p.trim().to_owned()), indent)
                }
            };
            let mut line = Line::text("", number, if k > 0 { Boundary::Soft } else { boundary });
            line.indent = indent;
            if text.starts_with('|') && text.ends_with('|') && text.len() > 1 {
                if text.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ')) {
                    continue;
                }
                let cells: Vec<String> =
                    text.trim_matches('|').split('|').map(|c| c.trim().to_owned()).collect();
                line.text = Cow::Owned(cells.join("\t"));
                line.role = Role::Row;
                all.push(line);
                boundary = Boundary::Soft;
                continue;
            }
            let hashes = text.bytes().take_while(|b| *b == b'#').count();
            if (1..=6).contains(&hashes)
                && text.get(hashes..).is_some_and(|t| t.starts_with([' ', '\u{3000}', '第']))
            {
                line.level = u8::try_from(hashes).unwrap_or(6);
                text = cut(text, hashes);
                line.boundary = Boundary::Hard;
            }
            if text.starts_with("[^") && text.contains("]:") {
                line.role = Role::Note;
            }
            while let Some(mark) = ["> ", "- ", "* ", "+ "].iter().find(|m| text.starts_with(**m)) {
                text = cut(text, mark.len());
            }
            line.text = unmarked(text);
            if !line.text.is_empty() {
                let heading = line.level > 0;
                all.push(line);
                boundary = if heading { Boundary::Hard } else { Boundary::Soft };
            }
        }
    }
    all
}

fn cut(text: Cow<'_, str>, at: usize) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(t) => Cow::Borrowed(t.get(at..).unwrap_or_default().trim()),
        Cow::Owned(t) => Cow::Owned(t.get(at..).unwrap_or_default().trim().to_owned()),
    }
}

/// The parts of a line between `<br>`.
fn parts(line: &str) -> Vec<Cow<'_, str>> {
    let line = line.replace("<br/>", "<br>").replace("<br />", "<br>");
    line.split("<br>").map(|p| Cow::Owned(p.to_owned())).collect()
}

/// The line without comments; `open` says whether one is still open.
fn uncommented<'a>(line: &str, open: &mut bool) -> Cow<'a, str> {
    let (mut out, mut rest) = (String::new(), line);
    loop {
        if *open {
            let Some(end) = rest.find("-->") else { break };
            rest = rest.get(end + 3..).unwrap_or_default();
            *open = false;
        }
        let Some(start) = rest.find("<!--") else {
            out.push_str(rest);
            break;
        };
        out.push_str(rest.get(..start).unwrap_or_default());
        rest = rest.get(start + 4..).unwrap_or_default();
        *open = true;
    }
    Cow::Owned(out)
}

/// Without marks of emphasis, escapes and entities.
fn unmarked(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.bytes().any(|b| matches!(b, b'*' | b'\\' | b'&' | b'`' | b'_' | b'^')) {
        return text;
    }
    let mut out = text.replace("**", "").replace("__", "");
    // [^1] in the text, and in front of the note.
    while let Some(start) = out.find("[^")
        && let Some(end) = out.get(start..).and_then(|t| t.find(']')).map(|i| start + i + 1)
    {
        let end = if out.get(end..).is_some_and(|t| t.starts_with(": ")) { end + 2 } else { end };
        out.replace_range(start..end, "");
    }
    if out.contains('&') {
        for (entity, c) in [
            ("&nbsp;", "\u{a0}"),
            ("&emsp;", "\u{3000}"),
            ("&#12288;", "\u{3000}"),
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&quot;", "\""),
            ("&amp;", "&"),
        ] {
            out = out.replace(entity, c);
        }
    }
    if out.contains('\\') {
        let mut plain = String::with_capacity(out.len());
        let mut chars = out.chars().peekable();
        while let Some(c) = chars.next() {
            if c == '\\' && chars.peek().is_some_and(char::is_ascii_punctuation) {
                continue;
            }
            plain.push(c);
        }
        out = plain;
    }
    Cow::Owned(out.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::{markdown, plain};
    use crate::statute::line::{Boundary, Role};

    #[test]
    fn marks_of_markdown_are_no_text() {
        let all = markdown(
            "# 标题\n\n<!-- 注\n释 -->\n**第一条** 甲<br>乙\n\n| 一 | 二 |\n|---|---|\n| 第三条 | 丙 |\n",
        );
        let texts: Vec<_> = all.iter().map(|l| l.text.as_ref()).collect();
        assert_eq!(texts, ["标题", "第一条 甲", "乙", "一\t二", "第三条\t丙"]);
        assert_eq!((all[0].level, all[3].role, all[2].boundary), (1, Role::Row, Boundary::Soft));
    }

    #[test]
    fn form_feeds_are_pages_and_empty_lines_end_paragraphs() {
        let all = plain("甲\n乙\n\n丙\u{c}丁\r\n戊");
        let boundaries: Vec<_> = all.iter().map(|l| l.boundary).collect();
        use Boundary::{Hard, Page, Soft};
        assert_eq!(boundaries, [Hard, Soft, Hard, Page, Soft]);
        assert_eq!(all[4].text, "戊");
    }
}
