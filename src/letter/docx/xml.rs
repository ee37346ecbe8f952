//! Values and paragraphs as XML of Word; the one place that escapes and the one that orders `w:pPr`.

use std::fmt::Write;

/// Whether XML 1.0 can hold the character (its production `Char`).
pub(super) fn is_allowed(ch: char) -> bool {
    matches!(ch, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// A value in an attribute; a line break or a tab would be read back as a space otherwise.
pub(super) fn attribute(text: &str) -> String {
    let text = escape(text).replace('"', "&quot;");
    text.replace('\t', "&#9;").replace('\n', "&#10;").replace('\r', "&#13;")
}

/// A value as XML text; quotes stay.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        match ch {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            _ => out.push(ch),
        }
    }
    out
}

/// What one paragraph has beyond its style. Lengths are twips (1/20 pt).
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Layout {
    /// Id of the paragraph style.
    pub style: &'static str,
    /// Stay on the page of the next paragraph.
    pub keep_next: bool,
    /// Never run over a page break.
    pub keep_lines: bool,
    /// A left tab stop.
    pub tab: Option<usize>,
    /// Empty space above.
    pub before: Option<usize>,
    /// Empty space below.
    pub after: Option<usize>,
    /// Replaces the indents of the style.
    pub indent: Option<Indent>,
    /// Replaces the alignment of the style.
    pub align: Option<&'static str>,
    /// Replaces the exact height of a line.
    pub line: Option<usize>,
    /// Replaces the characters of the style.
    pub font: Font,
}

/// What the characters of a paragraph have beyond its style.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Font {
    /// Height in half points.
    pub size: Option<usize>,
    /// Width as a percentage of the usual.
    pub scale: Option<usize>,
    /// Twips between two characters.
    pub spread: Option<usize>,
}

/// Indents of a paragraph in twips.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Indent {
    /// From the left margin.
    pub left: usize,
    /// From the right margin.
    pub right: usize,
    /// How far the first line stands out to the left of the others.
    pub hanging: usize,
}

/// A paragraph with one run; `\n` becomes a line break, `\t` a tab.
pub(super) fn paragraph(layout: &Layout, text: &str) -> String {
    format!("<w:p>{}{}</w:p>", properties(layout), run(layout.font, text))
}

/// `w:pPr` with its children in the order of the schema (`CT_PPrBase`); Word rejects files with another order.
fn properties(layout: &Layout) -> String {
    let mut out = format!("<w:pPr><w:pStyle w:val=\"{}\"/>", layout.style);
    if layout.keep_next {
        out.push_str("<w:keepNext/>");
    }
    if layout.keep_lines {
        out.push_str("<w:keepLines/>");
    }
    if let Some(at) = layout.tab {
        add(&mut out, format_args!("<w:tabs><w:tab w:val=\"left\" w:pos=\"{at}\"/></w:tabs>"));
    }
    if layout.before.is_some() || layout.after.is_some() || layout.line.is_some() {
        out.push_str("<w:spacing");
        if let Some(before) = layout.before {
            add(&mut out, format_args!(" w:before=\"{before}\""));
        }
        if let Some(after) = layout.after {
            add(&mut out, format_args!(" w:after=\"{after}\""));
        }
        if let Some(line) = layout.line {
            add(&mut out, format_args!(" w:line=\"{line}\" w:lineRule=\"exact\""));
        }
        out.push_str("/>");
    }
    if let Some(Indent { left, right, hanging }) = layout.indent {
        // Zero character units, or those of the style would win over these twips.
        out.push_str("<w:ind w:leftChars=\"0\"");
        add(&mut out, format_args!(" w:left=\"{left}\" w:rightChars=\"0\" w:right=\"{right}\""));
        add(&mut out, format_args!(" w:hangingChars=\"0\" w:hanging=\"{hanging}\"/>"));
    }
    if let Some(align) = layout.align {
        add(&mut out, format_args!("<w:jc w:val=\"{align}\"/>"));
    }
    out.push_str("</w:pPr>");
    out
}

/// A run of Chinese text: the hint makes Word draw “ ” … — with the Chinese font.
fn run(font: Font, text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 128);
    out.push_str("<w:r><w:rPr><w:rFonts w:hint=\"eastAsia\"/>");
    if let Some(spread) = font.spread {
        add(&mut out, format_args!("<w:spacing w:val=\"{spread}\"/>"));
    }
    if let Some(scale) = font.scale {
        add(&mut out, format_args!("<w:w w:val=\"{scale}\"/>"));
    }
    if let Some(size) = font.size {
        add(&mut out, format_args!("<w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/>"));
    }
    out.push_str("</w:rPr>");
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            out.push_str("<w:br/>");
        }
        for (at, piece) in line.split('\t').enumerate() {
            if at > 0 {
                out.push_str("<w:tab/>");
            }
            if !piece.is_empty() {
                add(&mut out, format_args!("<w:t xml:space=\"preserve\">{}</w:t>", escape(piece)));
            }
        }
    }
    out.push_str("</w:r>");
    out
}

/// Appends formatted text. A `String` grows without failing, so there is no error to pass on.
pub(super) fn add(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_value_is_escaped() {
        assert_eq!(escape("<&>\"'"), "&lt;&amp;&gt;\"'");
    }

    #[test]
    fn every_character_that_xml_forbids_is_found() {
        for ch in ['\0', '\u{1}', '\u{B}', '\u{C}', '\u{1F}', '\u{FFFE}', '\u{FFFF}'] {
            assert!(!is_allowed(ch), "{ch:?}");
        }
        for ch in ['\t', '\n', '\r', ' ', '中', '\u{FFFD}', '𠮷', '\u{E0100}', '\u{10FFFF}'] {
            assert!(is_allowed(ch), "{ch:?}");
        }
    }

    #[test]
    fn line_breaks_and_tabs_in_a_value_become_elements() {
        assert_eq!(run(Font::default(), "a\r\nb\rc\td").matches("<w:br/>").count(), 2);
        assert!(run(Font::default(), "a\tb").contains("</w:t><w:tab/><w:t"));
    }
}
