//! Letters as PDF: what stands in the file is what the letter says, on the page that GB/T 9704-2012 asks for.
//!
//! Needs a Chinese font (Debian: fonts-noto-cjk) and poppler's pdftotext; each test that cannot run says so.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its files stops")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, OnceLock};

use common::{Handbook, corpus, skipped};
use gongkai::cli::fonts;
use gongkai::corpus::PageLayout;
use gongkai::letter::pdf::{self, Error, Fonts, Given, Typeface};
use gongkai::letter::{self, Block, FormCell, FormRow, Letter, Request};
use gongkai::text::Report;

/// Points in a millimetre.
const MM: f64 = 72.0 / 25.4;

/// This machine's fonts, read once.
fn machine() -> Option<&'static Fonts> {
    static FONTS: OnceLock<Option<Fonts>> = OnceLock::new();
    let fonts = FONTS.get_or_init(|| fonts::load().ok());
    if fonts.is_none() {
        skipped("no Chinese font on this machine");
    }
    fonts.as_ref()
}

/// The fonts, where pdftotext is there too.
fn reading() -> Option<&'static Fonts> {
    static POPPLER: OnceLock<bool> = OnceLock::new();
    let there = *POPPLER.get_or_init(|| Command::new("pdftotext").arg("-v").output().is_ok());
    if !there {
        skipped("no pdftotext on this machine");
        return None;
    }
    machine()
}

fn write(letter: &Letter, fonts: &Fonts) -> Vec<u8> {
    pdf::write(letter, fonts).unwrap_or_else(|error| panic!("{}: {error}", letter.title)).bytes
}

fn letter(layout: PageLayout, blocks: Vec<Block>) -> Letter {
    Letter {
        title: "政府信息公开告知书".to_owned(),
        author: "示例市自然资源局".to_owned(),
        layout,
        blocks,
        ..Letter::default()
    }
}

fn text(words: &str) -> Block {
    Block::Paragraph(words.to_owned())
}

fn signature() -> Block {
    Block::Signature { name: "示例市自然资源局".to_owned(), date: "2026年11月23日".to_owned() }
}

/// A sentence of exactly so many 汉字, without punctuation that could be squeezed.
fn characters(count: usize) -> String {
    "本机关依法答复申请人提出的政府信息公开申请".chars().cycle().take(count).collect()
}

/// What pdftotext prints.
fn pdftotext(bytes: &[u8], options: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letter.pdf");
    fs::write(&path, bytes).unwrap();
    let output = Command::new("pdftotext").args(options).arg(&path).arg("-").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The text of each page in the order in which it is drawn, without white space and without its page number.
fn pages(bytes: &[u8]) -> Vec<String> {
    let text = pdftotext(bytes, &["-raw"]);
    let pages = text.trim_end_matches('\u{c}').split('\u{c}').enumerate();
    pages.map(|(at, page)| bare(page).replace(&format!("—{}—", at + 1), "")).collect()
}

/// Without white space, and without the places to break in long words.
fn bare(text: &str) -> String {
    text.chars().filter(|ch| !ch.is_whitespace() && *ch != '\u{200b}').collect()
}

/// What the letter says, in the order of the page.
fn said(letter: &Letter) -> String {
    let headed = matches!(letter.layout, PageLayout::Official | PageLayout::Letter);
    let mut out = if headed { letter.author.clone() } else { String::new() };
    for block in &letter.blocks {
        match block {
            Block::Title(_) if letter.layout == PageLayout::Envelope => {}
            // Of the two postcodes of an envelope the sender's has a label.
            Block::Paragraph(text) if letter.layout == PageLayout::Envelope => {
                let last = letter.blocks.last().is_some_and(|last| std::ptr::eq(last, block));
                out.push_str(if last { "邮政编码" } else { "" });
                out.push_str(text);
            }
            Block::Number(text)
            | Block::Title(text)
            | Block::Heading(text)
            | Block::Subheading(text)
            | Block::Paragraph(text) => out.push_str(text),
            Block::Addressee(text) => out.push_str(&format!("{text}：")),
            Block::Note(text) => out.push_str(&format!("（{text}）")),
            Block::Table { head, rows } => {
                out.extend(head.iter().chain(rows.iter().flatten()).map(String::as_str));
            }
            Block::Form { rows, .. } => {
                out.extend(rows.iter().flat_map(|row| &row.cells).map(|cell| cell.text.as_str()));
            }
            Block::Attachments(names) => {
                out.push_str("附件：");
                for (number, name) in (1..).zip(names) {
                    let number = if names.len() == 1 { String::new() } else { format!("{number}.") };
                    out.push_str(&format!("{number}{}", name.trim_end_matches(['。', '；'])));
                }
            }
            Block::Signature { name, date } => out.push_str(&format!("{name}{date}")),
        }
    }
    bare(&out)
}

/// The text of all pages, without the heads of tables that go on from the page before.
fn without_repeats(pages: Vec<String>, letter: &Letter) -> String {
    let heads: Vec<String> = letter
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Table { head, .. } if !head.is_empty() => Some(bare(&head.concat())),
            _ => None,
        })
        .collect();
    let mut out = String::new();
    for page in pages {
        let repeated = heads.iter().find(|head| out.contains(*head) && page.starts_with(*head));
        out.push_str(page.strip_prefix(repeated.map_or("", String::as_str)).unwrap());
    }
    out
}

/// A word of a page: left, top, right and bottom edge in points, and the text.
type Word = (f64, f64, f64, f64, String);

/// The words of each page with their places.
fn words(bytes: &[u8]) -> Vec<Vec<Word>> {
    let text = pdftotext(bytes, &["-bbox"]);
    let pages = text.split("<page ").skip(1);
    let word = |line: &str| {
        let number = |name: &str| {
            let rest = line.split(&format!("{name}=\"")).nth(1).unwrap();
            rest.split('"').next().unwrap().parse().unwrap()
        };
        let text = line.split('>').nth(1).unwrap().split('<').next().unwrap().to_owned();
        (number("xMin"), number("yMin"), number("xMax"), number("yMax"), text)
    };
    pages
        .map(|page| page.lines().filter(|line| line.trim().starts_with("<word")).map(word).collect())
        .collect()
}

/// The lines of a page from top to bottom: how far down, and the text; without the page number.
fn lines(page: &[Word]) -> Vec<(f64, String)> {
    let mut rows: BTreeMap<i64, Vec<&Word>> = BTreeMap::new();
    for word in page.iter().filter(|word| word.1 < (297.0 - 35.0) * MM - 5.0) {
        let middle = (word.1 + word.3) / 2.0;
        rows.entry((middle / 4.0).round() as i64).or_default().push(word);
    }
    rows.into_values()
        .map(|mut row| {
            row.sort_by(|a, b| a.0.total_cmp(&b.0));
            ((row[0].1 + row[0].3) / 2.0, row.iter().map(|word| word.4.as_str()).collect())
        })
        .collect()
}

fn close(a: f64, b: f64, within: f64) {
    assert!((a - b).abs() <= within, "{a} is not within {within} of {b}");
}

// What every letter says

#[test]
fn every_example_says_in_pdf_what_it_says_in_the_letter() {
    let Some(fonts) = reading() else { return };
    let corpus = corpus();
    let agency = gongkai::corpus::Agency::default();
    let mut seen = 0;
    for clause in corpus.clauses.values().map(|entry| &entry.header) {
        let mut report = Report::default();
        let answers = Request::example(corpus, clause).answers;
        let toml = letter::skeleton(corpus, clause, &agency, &answers);
        let input = letter::Input { path: "request.toml", text: &toml, set: &[] };
        let letter = Request::read(corpus, &agency, input, &mut report)
            .and_then(|request| letter::fill(corpus, &request, &mut report))
            .unwrap_or_else(|| panic!("{}", clause.id));
        assert_eq!(without_repeats(pages(&write(&letter, fonts)), &letter), said(&letter), "{}", clause.id);
        seen += 1;
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn markup_of_typst_in_a_value_is_only_text() {
    let Some(fonts) = reading() else { return };
    let evil =
        "#eval(\"1+1\") #panic() $x^2$ *甲* _乙_ = 丙 // 丁 <&> \\n @ref `raw` [括号] ~ -- --- ' \" {戊}";
    let letter = letter(
        PageLayout::Letter,
        vec![
            Block::Number(evil.to_owned()),
            Block::Title("#strong[告知书]".to_owned()),
            Block::Addressee("张某 $*#<&>".to_owned()),
            text(evil),
            Block::Table { head: vec!["#a".to_owned()], rows: vec![vec!["$b$".to_owned()]] },
            text(evil),
            Block::Attachments(vec!["*目录*".to_owned(), "#let x = 1".to_owned()]),
            signature(),
            Block::Note("= 附注".to_owned()),
        ],
    );
    assert_eq!(pages(&write(&letter, fonts)).concat(), said(&letter));
}

#[test]
fn a_rare_name_is_printed_and_said_to_come_from_another_font() {
    let Some(fonts) = reading() else { return };
    let letter = letter(PageLayout::Plain, vec![Block::Addressee("喆堃昇玥珺翀赟頔鋆瑀祎".to_owned())]);
    let pdf = pdf::write(&letter, fonts).unwrap();
    assert_eq!(pages(&pdf.bytes).concat(), said(&letter));
}

// What cannot be printed

#[test]
fn a_character_that_no_font_has_is_named_with_its_place() {
    let Some(fonts) = machine() else { return };
    let letter =
        letter(PageLayout::Plain, vec![text("现予告知。"), Block::Addressee("张\u{10FFFD}".to_owned())]);
    let error = pdf::write(&letter, fonts).unwrap_err();
    assert!(matches!(error, Error::Missing { ch: '\u{10FFFD}', .. }), "{error:?}");
    let message = error.to_string();
    assert!(message.starts_with("第2部分（主送）里的「"), "{message}");
    assert!(message.contains("U+10FFFD") && message.contains("\n提示: "), "{message}");
}

#[test]
fn a_control_character_is_named_with_its_place() {
    let Some(fonts) = machine() else { return };
    let error = pdf::write(&letter(PageLayout::Plain, vec![text("甲\u{1}乙")]), fonts).unwrap_err();
    assert_eq!(error.to_string(), "第1部分（正文）含有印不出来的控制字符 U+0001");
}

#[test]
fn bytes_that_are_no_font_are_no_fonts() {
    let given = Given {
        typeface: Some(Typeface::FangSong),
        own: true,
        name: "仿宋".to_owned(),
        bytes: Arc::from(&b"no font"[..]),
        index: 0,
    };
    assert!(matches!(Fonts::new([given]), Err(Error::NoFonts)));
}

// The file

#[test]
fn the_file_is_pdf_a_2b_with_title_author_and_language_and_always_the_same() {
    let Some(fonts) = machine() else { return };
    let letter = letter(PageLayout::Letter, vec![text("现予告知。"), signature()]);
    let bytes = write(&letter, fonts);
    let file = String::from_utf8_lossy(&bytes);
    for mark in [
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>B</pdfaid:conformance>",
        "政府信息公开告知书",
        "示例市自然资源局",
        "/Lang (zh-CN)",
    ] {
        assert!(file.contains(mark), "{mark}");
    }
    // The date of the letter, not of the day.
    assert!(file.contains("<xmp:CreateDate>2026-11-23"), "{file}");
    assert!(bytes == write(&letter, fonts) && bytes == write(&letter, &fonts::load().unwrap()));
}

#[test]
fn a_strict_reader_finds_nothing_wrong() {
    let Some(fonts) = machine() else { return };
    if Command::new("verapdf").arg("--version").output().is_err() {
        return skipped("no verapdf on this machine");
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letter.pdf");
    fs::write(&path, write(&everything(PageLayout::Official), fonts)).unwrap();
    let output = Command::new("verapdf").args(["-f", "2b", "--format", "text"]).arg(&path).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("PASS"), "{output:?}");
}

// The page

#[test]
fn a_full_page_has_twenty_two_lines_of_twenty_eight_characters() {
    let Some(fonts) = reading() else { return };
    let letter = letter(PageLayout::Plain, vec![text(&characters(28 * 22 * 3 - 2))]);
    let pages = words(&write(&letter, fonts));
    assert_eq!(pages.len(), 3, "{:?}", pages.iter().map(|page| lines(page)).collect::<Vec<_>>());
    for page in &pages {
        let lines = lines(page);
        assert_eq!(lines.len(), 22);
        let counts: Vec<usize> = lines.iter().map(|(_, line)| line.chars().count()).collect();
        let first = if std::ptr::eq(page, &pages[0]) { 26 } else { 28 };
        assert_eq!((counts[0], &counts[1..]), (first, &[28; 21][..]));
        // The lines are 225 mm / 22 apart, the first and the last in the 版心.
        close((lines[21].0 - lines[0].0) / 21.0, 225.0 / 22.0 * MM, 0.02);
        close(lines[0].0 - 37.0 * MM, 225.0 / 44.0 * MM, 3.0);
        let left = page.iter().map(|word| word.0).fold(f64::MAX, f64::min);
        let right = page.iter().map(|word| word.2).fold(0.0, f64::max);
        close(left, 28.0 * MM, 0.6);
        close(right, (210.0 - 26.0) * MM, 0.6);
    }
}

#[test]
fn page_numbers_stand_right_on_odd_pages_and_left_on_even_ones() {
    let Some(fonts) = reading() else { return };
    for layout in [PageLayout::Official, PageLayout::Letter, PageLayout::Plain] {
        let pages = words(&write(&letter(layout, vec![text(&characters(28 * 22 * 3 - 2))]), fonts));
        for (page, at) in pages.iter().zip(1..) {
            let below: Vec<&Word> = page.iter().filter(|word| word.1 > (297.0 - 35.0) * MM).collect();
            let text: String = below.iter().map(|word| word.4.as_str()).collect();
            if layout == PageLayout::Letter && at == 1 {
                assert_eq!(text, "");
                continue;
            }
            assert_eq!(text, format!("—{at}—"), "{layout:?}");
            let (first, last) = (below[0], below[below.len() - 1]);
            close((first.1 + first.3) / 2.0, (297.0 - 35.0 + 7.0) * MM, 3.0);
            if at % 2 == 1 {
                close(last.2, (210.0 - 26.0) * MM - 14.0, 1.0);
            } else {
                close(first.0, 28.0 * MM + 14.0, 1.0);
            }
        }
    }
}

#[test]
fn the_date_ends_four_characters_from_the_right_and_the_name_stands_over_its_middle() {
    let Some(fonts) = reading() else { return };
    let pages = words(&write(&letter(PageLayout::Plain, vec![text("现予告知。"), signature()]), fonts));
    let edges = |start: &str| {
        let at = pages[0].iter().position(|word| word.4.starts_with(start)).unwrap();
        let line = pages[0].iter().filter(|word| (word.1 - pages[0][at].1).abs() < 4.0);
        line.fold((f64::MAX, 0.0_f64), |(left, right), word| (left.min(word.0), right.max(word.2)))
    };
    let (name, date) = (edges("示例"), edges("2026"));
    close(date.1, (210.0 - 26.0) * MM - 4.0 * 156.0 / 28.0 * MM, 1.0);
    close((name.0 + name.1) / 2.0, (date.0 + date.1) / 2.0, 1.0);
}

#[test]
fn attachments_stand_on_the_lines_of_the_text_with_their_names_below_each_other() {
    let Some(fonts) = reading() else { return };
    let names = vec!["甲目录".to_owned(), format!("乙{}", characters(30)), "丙目录".to_owned()];
    let letter = letter(PageLayout::Plain, vec![text("现予告知。"), Block::Attachments(names)]);
    let pages = words(&write(&letter, fonts));
    let down: Vec<f64> = lines(&pages[0]).iter().map(|line| line.0).collect();
    assert_eq!(down.len(), 5);
    for (at, lines) in [2.0, 3.0, 4.0, 5.0].into_iter().enumerate() {
        close(down[at + 1] - down[0], lines * 225.0 / 22.0 * MM, 0.1);
    }
    let line = lines(&pages[0]);
    assert!(line[1].1.starts_with("附件：1.甲") && line[4].1.starts_with("3.丙"), "{line:?}");
}

#[test]
fn a_signature_never_stands_alone_on_a_page() {
    let Some(fonts) = reading() else { return };
    for count in (28 * 16..28 * 22).step_by(28) {
        let long = letter(PageLayout::Plain, vec![text(&characters(count - 2)), signature()]);
        for closing in [vec![], vec![Block::Attachments(vec!["目录".to_owned()])]] {
            let mut letter = long.clone();
            letter.blocks.splice(1..1, closing);
            let pages = pages(&write(&letter, fonts));
            let last = pages.last().unwrap();
            assert!(!last.starts_with("示例市"), "{count}: {pages:?}");
            assert_eq!(pages.concat(), said(&letter));
        }
    }
}

#[test]
fn forty_attachments_and_a_long_agency_lose_nothing_and_stay_on_the_paper() {
    let Some(fonts) = reading() else { return };
    let agency: String =
        "示例市江城新区城乡建设和交通运输综合行政执法服务中心".chars().cycle().take(60).collect();
    let names =
        (1..=40).map(|n| format!("示例项目第{n}号规划图及其说明材料和有关部门审查意见的复印件{n}")).collect();
    for layout in [PageLayout::Official, PageLayout::Letter, PageLayout::Plain] {
        let letter = Letter {
            author: agency.clone(),
            ..letter(
                layout,
                vec![
                    Block::Number("示例公开〔2026〕12号".to_owned()),
                    Block::Title(format!("{agency}关于示例事项的告知书")),
                    text(
                        "见 http://www.example.com/a/very/long/address/that/no/line/of/a/letter/could/ever/hold/12345678901234567890",
                    ),
                    Block::Attachments(Vec::clone(&names)),
                    Block::Signature { name: agency.clone(), date: "2026年11月23日".to_owned() },
                ],
            )
        };
        let bytes = write(&letter, fonts);
        assert_eq!(pages(&bytes).concat(), said(&letter), "{layout:?}");
        for word in words(&bytes).iter().flatten() {
            assert!(word.0 > 27.0 * MM && word.2 < (210.0 - 25.0) * MM, "{word:?}");
        }
    }
}

/// Every kind of block.
fn everything(layout: PageLayout) -> Letter {
    let cell = |text: &str, label| FormCell { text: text.to_owned(), label };
    letter(
        layout,
        vec![
            Block::Number("示例公开〔2026〕12号".to_owned()),
            Block::Title("政府信息公开告知书".to_owned()),
            Block::Addressee("张某".to_owned()),
            Block::Heading("一、申请情况".to_owned()),
            Block::Subheading("（一）收到申请".to_owned()),
            text("本机关收到申请。\n现予答复。"),
            Block::Table {
                head: vec!["序号".to_owned(), "名称".to_owned()],
                rows: (1..60).map(|n| vec![n.to_string(), "《示例规划图》".to_owned()]).collect(),
            },
            text("特此告知。"),
            Block::Form {
                columns: vec![20, 30, 20, 30],
                rows: vec![
                    FormRow { lines: 1, cells: vec![cell("姓名", true), cell("张某", false)] },
                    FormRow { lines: 5, cells: vec![cell("意见", true), cell("", false)] },
                ],
            },
            Block::Attachments(vec!["甲".to_owned(), "乙".to_owned()]),
            signature(),
            Block::Note("联系人：李某".to_owned()),
        ],
    )
}

#[test]
fn the_head_of_a_table_is_repeated_on_every_page() {
    let Some(fonts) = reading() else { return };
    let letter = everything(PageLayout::Plain);
    let pages = pages(&write(&letter, fonts));
    assert!(pages.len() > 2, "{pages:?}");
    assert!(pages[1].starts_with("序号名称"), "{pages:?}");
    assert_eq!(without_repeats(pages, &letter), said(&letter));
}

// The program

#[test]
fn the_program_writes_a_pdf_and_says_which_fonts_stood_in() {
    if machine().is_none() {
        return;
    }
    let handbook = Handbook::bare();
    let run = handbook.run(&["letter", "new", "example-notice", "--example", "-o", "request.toml"]);
    assert_eq!(run.code, 0, "{run:?}");
    let run = handbook.run(&["letter", "fill", "request.toml", "--format", "pdf"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("request.pdf"), "{run:?}");
    assert!(fs::read(handbook.path("request.pdf")).unwrap().starts_with(b"%PDF-"));
    let fangsong =
        Path::new("/usr/share/fonts/opentype/noto").exists() && run.stderr.contains("本机没有仿宋");
    assert!(fangsong == run.stderr.contains("Noto Serif CJK"), "{run:?}");
}
