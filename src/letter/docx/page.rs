//! The page of each layout: its size and margins, its headers and footers.

use super::parts::{LINE, RULE_WIDTH, TEXT_WIDTH};
use super::xml::{Font, Layout, add, paragraph};
use crate::corpus::PageLayout;
use crate::letter::layout::{Mark, mark};

/// Twips on a point.
const POINT: usize = 20;

/// 30 mm: the upper edge of the mark of a letter from the edge of the page (10.1).
const LETTER_MARK: usize = 1701;

/// 35 mm: the upper edge of the mark of an official document from the upper edge of the 版心 (7.2.4).
const OFFICIAL_MARK: usize = 1984;

/// 4 mm between the mark and the red rule below (10.1), less what a border is drawn outside its paragraph.
const ABOVE_RULE: usize = 216;

/// Half points: the mark of a letter is no higher (小初 is 36 pt, 初号 42 pt), that of an official document may be.
pub(in crate::letter) const LETTER_LARGEST: usize = 84;
pub(in crate::letter) const OFFICIAL_LARGEST: usize = 104;

/// A part of the package that is a header or a footer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Margin {
    /// Its file in `word/`, without `.xml`.
    pub name: &'static str,
    /// `header` or `footer`.
    pub kind: &'static str,
    /// The pages it stands on: `first`, `default` (all others, or right ones), `even`.
    pub pages: &'static str,
    content: Content,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    /// Nothing; a program that keeps room for a header on all pages keeps hardly any.
    Empty,
    /// The agency's name over a double rule; differs from letter to letter.
    Head,
    /// A double rule.
    Rule,
    /// The page number in this style; `raised` by 5 mm, where the lowest thing on the first page stands so much lower.
    Number { style: &'static str, raised: bool },
}

const fn margin(name: &'static str, kind: &'static str, pages: &'static str, content: Content) -> Margin {
    Margin { name, kind, pages, content }
}

const NUMBERED: [Margin; 2] = [
    margin("footer1", "footer", "default", Content::Number { style: "FooterOdd", raised: false }),
    margin("footer2", "footer", "even", Content::Number { style: "FooterEven", raised: false }),
];

const LETTER: [Margin; 6] = [
    margin("header1", "header", "first", Content::Head),
    margin("header2", "header", "default", Content::Empty),
    margin("header3", "header", "even", Content::Empty),
    margin("footer1", "footer", "first", Content::Rule),
    margin("footer2", "footer", "default", Content::Number { style: "FooterOdd", raised: true }),
    margin("footer3", "footer", "even", Content::Number { style: "FooterEven", raised: true }),
];

/// The headers and footers of a layout; their relationships are numbered from [`FIRST_LINK`] in this order.
pub(super) fn margins(layout: PageLayout) -> &'static [Margin] {
    match layout {
        PageLayout::Official | PageLayout::Plain => &NUMBERED,
        PageLayout::Letter => &LETTER,
        PageLayout::Envelope => &[],
    }
}

/// Number of the first relationship of a document that is free for headers and footers.
pub(super) const FIRST_LINK: usize = 4;

impl Margin {
    /// Whether every letter of the layout has the same.
    pub(super) fn is_constant(self) -> bool {
        self.content != Content::Head
    }

    /// The part as XML; `author` stands in the red head.
    pub(super) fn xml(self, author: &str) -> String {
        let element = if self.kind == "header" { "w:hdr" } else { "w:ftr" };
        let styled = |style| paragraph(&Layout { style, ..Layout::default() }, "");
        let content = match self.content {
            Content::Empty => styled("AfterTable"),
            Content::Rule => styled("RuleBottom"),
            Content::Head => head(author),
            Content::Number { style, raised } => {
                number(style) + &if raised { styled("Blank") } else { String::new() }
            }
        };
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<{element} xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">{content}</{element}>"
        )
    }
}

/// The page number between dashes, — 1 — (7.5).
fn number(style: &str) -> String {
    format!(
        concat!(
            r#"<w:p><w:pPr><w:pStyle w:val="{}"/></w:pPr>"#,
            r#"<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">— </w:t></w:r>"#,
            r#"<w:r><w:fldChar w:fldCharType="begin"/></w:r>"#,
            r#"<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>"#,
            r#"<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>"#,
            r#"<w:r><w:fldChar w:fldCharType="end"/></w:r>"#,
            r#"<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve"> —</w:t></w:r></w:p>"#,
        ),
        style
    )
}

/// The agency's name in red and the double rule 4 mm below it.
fn head(author: &str) -> String {
    let mark = letter_mark(author);
    let rule = Layout {
        style: "RuleTop",
        before: Some(ABOVE_RULE.saturating_sub(below_ink(&mark))),
        ..Layout::default()
    };
    mark_xml(&mark, None) + &paragraph(&rule, "")
}

/// The agency's name at the top of an official document.
pub(super) fn official_mark(author: &str) -> String {
    let mark = mark(author, TEXT_WIDTH / POINT, OFFICIAL_LARGEST);
    mark_xml(&mark, Some(OFFICIAL_MARK.saturating_sub(above_ink(&mark))))
}

/// How much of the 版心 of the first page the red head takes, with the number in it where it has a place there; twips.
pub(super) fn head_height(layout: PageLayout, author: &str) -> usize {
    match layout {
        PageLayout::Letter => {
            let mark = letter_mark(author);
            let start = LETTER_MARK.saturating_sub(above_ink(&mark));
            let height = mark.lines.len().max(1) * line(&mark);
            let rule = ABOVE_RULE.saturating_sub(below_ink(&mark)) + RULE_HEIGHT;
            (start + height + rule + NUMBER_SPACE).saturating_sub(PAGE_TOP)
        }
        PageLayout::Official => {
            let mark = mark(author, TEXT_WIDTH / POINT, OFFICIAL_LARGEST);
            let number = 3 * LINE + OFFICIAL_RULE;
            OFFICIAL_MARK.saturating_sub(above_ink(&mark)) + mark.lines.len().max(1) * line(&mark) + number
        }
        PageLayout::Plain | PageLayout::Envelope => 0,
    }
}

/// Twips: the upper margin, a double rule with its borders, the space above the number of a letter, and what the rule
/// under the number of an official document takes.
const PAGE_TOP: usize = 2098;
const RULE_HEIGHT: usize = 90;
const NUMBER_SPACE: usize = 86;
const OFFICIAL_RULE: usize = 185;

fn letter_mark(author: &str) -> Mark {
    mark(author, TEXT_WIDTH / POINT, LETTER_LARGEST)
}

fn mark_xml(mark: &Mark, before: Option<usize>) -> String {
    let layout = Layout {
        style: "Mark",
        before,
        line: Some(line(mark)),
        font: Font {
            size: Some(mark.size),
            scale: (mark.scale != 100).then_some(mark.scale),
            ..Font::default()
        },
        ..Layout::default()
    };
    paragraph(&layout, &mark.lines.join("\n"))
}

/// Height of a line of the mark in twips: 1.2 times the characters, which are given in half points.
fn line(mark: &Mark) -> usize {
    mark.size * 12
}

/// From the top of the line to the top of the character: the base line is four fifths down a line of exact height, and
/// 汉字 rise 0.84 of their size above it.
fn above_ink(mark: &Mark) -> usize {
    (line(mark) * 80 / 100).saturating_sub(mark.size * 10 * 84 / 100)
}

/// From the bottom of the character, a tenth of its size under the base line, to the bottom of the line.
fn below_ink(mark: &Mark) -> usize {
    (line(mark) * 20 / 100).saturating_sub(mark.size * 10 * 10 / 100)
}

/// The page of the document. Children in the order of the schema (`CT_SectPr`).
pub(super) fn section(layout: PageLayout, author: &str) -> String {
    let mut out = String::from("<w:sectPr>");
    for (at, margin) in margins(layout).iter().enumerate() {
        add(
            &mut out,
            format_args!(
                "<w:{}Reference w:type=\"{}\" r:id=\"rId{}\"/>",
                margin.kind,
                margin.pages,
                FIRST_LINK + at
            ),
        );
    }
    match layout {
        PageLayout::Envelope => out.push_str(ENVELOPE),
        PageLayout::Official | PageLayout::Plain => a4(&mut out, 851, 1417, GRID),
        PageLayout::Letter => {
            let top = LETTER_MARK.saturating_sub(above_ink(&letter_mark(author)));
            a4(&mut out, top, LETTER_BOTTOM, TITLE_PAGE);
        }
    }
    out.push_str("</w:sectPr>");
    out
}

/// 20 mm: the double rule at the bottom of a letter from the edge of the page (10.1).
const LETTER_BOTTOM: usize = 1134;

const GRID: &str = r#"<w:docGrid w:type="lines" w:linePitch="579"/>"#;

/// No grid for a letter: LibreOffice would move the text of its first page, which begins below the red head, down to
/// make whole lines of the rest. The exact height of the lines alone gives 22 of them.
const TITLE_PAGE: &str = r#"<w:titlePg/><w:docGrid w:linePitch="579"/>"#;

/// A4 (5.1, 5.2.1): margins 37 mm above, 26 mm right, 35 mm below, 28 mm left; header and footer in twips from the
/// edges, so that a page number's dashes stand 7 mm below the text (7.5).
fn a4(out: &mut String, header: usize, footer: usize, end: &str) {
    add(
        out,
        format_args!(
            concat!(
                r#"<w:pgSz w:w="11906" w:h="16838"/>"#,
                r#"<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1587" w:header="{}" w:footer="{}" w:gutter="0"/>"#,
                r#"<w:cols w:space="720"/>{}"#
            ),
            header, footer, end
        ),
    );
}

/// 230 × 120 mm, 10 mm free above, 12 mm at the sides, 8 mm below.
const ENVELOPE: &str = concat!(
    r#"<w:pgSz w:w="13039" w:h="6803" w:orient="landscape"/>"#,
    r#"<w:pgMar w:top="567" w:right="680" w:bottom="454" w:left="680" w:header="284" w:footer="227" w:gutter="0"/>"#,
    r#"<w:cols w:space="720"/>"#
);

/// The red double rules are indented by these constants in the styles: see `parts`.
const _: () = assert!((11906 - RULE_WIDTH) / 2 == 1134);
