//! Letters on paper: what LibreOffice makes of a .docx, measured against GB/T 9704-2012.
//!
//! Needs soffice, pdftotext and pdftoppm; without them the tests say so and pass. All documents are turned into PDF by
//! one run of soffice, which every test here waits for.

#![allow(clippy::print_stdout, reason = "a test that is skipped says so")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot measure stops")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use gongkai::corpus::PageLayout;
use gongkai::letter::{Block, FormCell, FormRow, Letter, docx};
use tempfile::TempDir;

const AGENCY: &str = "示例市交通运输局";
const NUMBER: &str = "示例公开〔2026〕9号";
const DATE: &str = "2026年9月28日";

/// How exactly a position is kept, in mm.
const EXACT: f64 = 0.5;

/// Edges of the 版心 in mm (5.2.1): 37 mm free above, 28 mm at the left, 156 × 225 mm.
const TOP: f64 = 37.0;
const LEFT: f64 = 28.0;
const RIGHT: f64 = 184.0;
const BOTTOM: f64 = 262.0;

/// Letters whose text has from one to so many lines.
const LENGTHS: usize = 60;

/// A piece of text on a page; edges in mm.
#[derive(Debug, Clone)]
struct Word {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
    text: String,
}

/// The ink of one colour in a band of a page without a row that is free of it; edges in mm.
#[derive(Debug, Clone, Copy)]
struct Band {
    top: f64,
    bottom: f64,
    left: f64,
    right: f64,
    /// Whether it is inked from end to end.
    full: bool,
}

struct Rendered(TempDir);

impl Rendered {
    fn pdf(&self, name: &str) -> PathBuf {
        self.0.path().join(format!("{name}.pdf"))
    }

    /// The words of each page, from top to bottom.
    fn pages(&self, name: &str) -> Vec<Vec<Word>> {
        let output = Command::new("pdftotext").arg("-bbox").arg(self.pdf(name)).arg("-").output().unwrap();
        let xml = String::from_utf8(output.stdout).unwrap();
        let pages = xml.split("<page ").skip(1);
        pages.map(|page| page.split("<word ").skip(1).map(word).collect()).collect()
    }

    /// The lines of the 版心 of each page, from top to bottom, without spaces.
    fn lines(&self, name: &str) -> Vec<Vec<String>> {
        self.pages(name).iter().map(|words| lines(words)).collect()
    }

    /// Width and height of the first page in mm.
    fn size(&self, name: &str) -> (f64, f64) {
        let output = Command::new("pdftotext").arg("-bbox").arg(self.pdf(name)).arg("-").output().unwrap();
        let xml = String::from_utf8(output.stdout).unwrap();
        let page = xml.split("<page ").nth(1).unwrap();
        (attribute(page, "width"), attribute(page, "height"))
    }

    /// The red or the black ink of a page, from top to bottom.
    fn bands(&self, name: &str, page: usize, red: bool) -> Vec<Band> {
        let output = Command::new("pdftoppm")
            .args(["-r", "150", "-f", &page.to_string(), "-l", &page.to_string()])
            .arg(self.pdf(name))
            .output()
            .unwrap();
        bands(&output.stdout, red)
    }
}

/// `xMin="1.0" … >text</word>`, lengths in points.
fn word(xml: &str) -> Word {
    let text = xml.split_once('>').unwrap().1.split("</word>").next().unwrap();
    Word {
        left: attribute(xml, "xMin"),
        top: attribute(xml, "yMin"),
        right: attribute(xml, "xMax"),
        bottom: attribute(xml, "yMax"),
        text: text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"),
    }
}

/// Points as mm.
fn attribute(xml: &str, name: &str) -> f64 {
    let (_, rest) = xml.split_once(&format!("{name}=\"")).unwrap();
    rest.split('"').next().unwrap().parse::<f64>().unwrap() / 72.0 * 25.4
}

fn lines(words: &[Word]) -> Vec<String> {
    let mut words: Vec<&Word> = words.iter().filter(|word| word.bottom < BOTTOM + 3.0).collect();
    words.sort_by(|a, b| a.top.total_cmp(&b.top));
    let mut lines: Vec<Vec<&Word>> = Vec::new();
    for word in words {
        match lines.last_mut() {
            // Digits of another font stand a little higher or lower on the same line.
            Some(line) if word.top - line[0].top < 4.0 => line.push(word),
            _ => lines.push(vec![word]),
        }
    }
    let text = |mut line: Vec<&Word>| {
        line.sort_by(|a, b| a.left.total_cmp(&b.left));
        line.iter().map(|word| word.text.as_str()).collect()
    };
    lines.into_iter().map(text).collect()
}

/// A PPM picture (P6, 150 dots to the inch) as bands.
fn bands(picture: &[u8], red: bool) -> Vec<Band> {
    let mut at = 0;
    let mut head = Vec::new();
    while head.len() < 4 {
        let end = at + picture[at..].iter().position(u8::is_ascii_whitespace).unwrap();
        head.push(std::str::from_utf8(&picture[at..end]).unwrap());
        at = end + 1;
    }
    assert_eq!(head[0], "P6");
    let width: usize = head[1].parse().unwrap();
    let inked = |pixel: &[u8]| {
        let [r, g, b] = [pixel[0], pixel[1], pixel[2]];
        if red { r > 150 && g < 130 && b < 130 } else { r < 110 && g < 110 && b < 110 }
    };
    let mm = |dots: usize| f64::from(u32::try_from(dots).unwrap()) / 150.0 * 25.4;
    let mut bands: Vec<Band> = Vec::new();
    let mut open = false;
    for (y, row) in picture[at..].chunks_exact(width * 3).enumerate() {
        let dots: Vec<usize> =
            row.chunks_exact(3).enumerate().filter(|(_, dot)| inked(dot)).map(|(x, _)| x).collect();
        let (Some(first), Some(last)) = (dots.first(), dots.last()) else {
            open = false;
            continue;
        };
        let (left, right, full) = (mm(*first), mm(last + 1), last + 1 - first == dots.len());
        match bands.last_mut() {
            Some(band) if open => {
                band.bottom = mm(y + 1);
                (band.left, band.right) = (band.left.min(left), band.right.max(right));
                band.full &= full;
            }
            _ => bands.push(Band { top: mm(y), bottom: mm(y + 1), left, right, full }),
        }
        open = true;
    }
    bands
}

#[track_caller]
fn assert_near(found: f64, wanted: f64, what: &str) {
    assert!((found - wanted).abs() <= EXACT, "{what}: {found:.2} mm, not {wanted} mm");
}

fn paragraph(text: &str) -> Block {
    Block::Paragraph(text.to_owned())
}

/// So many full lines of a paragraph, whose first line is indented by two characters.
fn full_lines(count: usize) -> String {
    let text = "本机关收到你提交的政府信息公开申请经审查现予以答复如下并请你知悉".chars().cycle();
    text.take(28 * count - 2).collect()
}

fn signature(name: &str) -> Block {
    Block::Signature { name: name.to_owned(), date: DATE.to_owned() }
}

fn letter(layout: PageLayout, author: &str, mut text: Vec<Block>) -> Letter {
    let mut blocks = vec![
        Block::Number(NUMBER.to_owned()),
        Block::Title("政府信息公开申请答复书".to_owned()),
        Block::Addressee("张某𠮷喆<&>".to_owned()),
    ];
    blocks.append(&mut text);
    Letter { layout, author: author.to_owned(), blocks, ..Letter::default() }
}

/// A name of 60 characters.
fn long_name() -> String {
    let name = "示例省示例市示例自治县人民政府自然资源和规划综合行政执法监督管理局公共资源交易监督管理委员会办公室不动产登记服务中心示例路分中心";
    name.chars().take(60).collect()
}

fn table() -> Letter {
    let head = ["序号", "信息名称", "页码", "理由"].map(str::to_owned).to_vec();
    let row = |at: usize| {
        vec![
            at.to_string(),
            format!("材料{at}"),
            format!("第{at}页"),
            "含有第三方的商业秘密，公开会对第三方合法权益造成损害".to_owned(),
        ]
    };
    let names = (1..=40).map(|at| format!("附件名称较长的政府信息公开申请相关材料清单目录之{at}")).collect();
    letter(
        PageLayout::Letter,
        AGENCY,
        vec![
            paragraph("不予公开的内容如下："),
            Block::Table { head, rows: (1..=60).map(row).collect() },
            Block::Attachments(names),
            signature(AGENCY),
        ],
    )
}

fn form() -> Letter {
    let cell =
        |text: &str| FormCell { text: text.trim_start_matches('*').to_owned(), label: text.starts_with('*') };
    let row = |lines, cells: &[&str]| FormRow { lines, cells: cells.iter().map(|text| cell(text)).collect() };
    let rows = vec![
        row(0, &["*申请人", "张某", "*日期", ""]),
        row(5, &["*承办意见", ""]),
        row(0, &["*审查情况", &"很长的审查理由需要写满很多行。".repeat(80)]),
    ];
    let blocks = vec![
        Block::Title("审批单".to_owned()),
        Block::Form { columns: vec![20, 30, 20, 30], rows },
        signature(AGENCY),
    ];
    Letter { blocks, ..Letter::default() }
}

fn envelope() -> Letter {
    let lines = [
        "010203",
        "示例省示例市示例区示例街道示例路一百二十三号示例花园四号楼五单元六零一室",
        "张某（收）",
        "示例市示例区示例路1号　示例市交通运输局",
        "405060",
    ];
    Letter {
        layout: PageLayout::Envelope,
        blocks: lines.map(paragraph).into_iter().chain([Block::Title("信封".to_owned())]).collect(),
        ..Letter::default()
    }
}

fn documents() -> Vec<(String, Letter)> {
    let text = || vec![paragraph(&full_lines(60)), signature(AGENCY)];
    let long = || vec![paragraph(&full_lines(3)), signature(&long_name())];
    let mut all = vec![
        ("letter".to_owned(), letter(PageLayout::Letter, AGENCY, text())),
        ("official".to_owned(), letter(PageLayout::Official, AGENCY, text())),
        ("plain".to_owned(), letter(PageLayout::Plain, AGENCY, text())),
        ("letter-long".to_owned(), letter(PageLayout::Letter, &long_name(), long())),
        ("official-long".to_owned(), letter(PageLayout::Official, &long_name(), long())),
        ("table".to_owned(), table()),
        ("form".to_owned(), form()),
        ("envelope".to_owned(), envelope()),
    ];
    for count in 1..=LENGTHS {
        let one = vec![paragraph(&full_lines(count)), signature(AGENCY)];
        all.push((format!("one-{count}"), letter(PageLayout::Letter, AGENCY, one)));
        let mut many: Vec<Block> = (0..count).map(|_| paragraph(&full_lines(1))).collect();
        many.extend([signature(AGENCY), Block::Note("联系人：王某".to_owned())]);
        all.push((format!("many-{count}"), letter(PageLayout::Letter, AGENCY, many)));
    }
    all
}

fn missing() -> Option<&'static str> {
    let tools = [("soffice", "--version"), ("pdftotext", "-v"), ("pdftoppm", "-v")];
    let works = |tool: &str, argument: &str| {
        Command::new(tool).arg(argument).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
    };
    tools.into_iter().find(|(tool, argument)| !works(tool, argument)).map(|(tool, _)| tool)
}

/// The documents as PDF, or nothing where a tool is missing.
fn rendered() -> Option<&'static Rendered> {
    static RENDERED: OnceLock<Option<Rendered>> = OnceLock::new();
    let rendered = RENDERED.get_or_init(|| {
        if let Some(tool) = missing() {
            println!("skipped: {tool} is not on this machine; no letter was measured on its page");
            return None;
        }
        let folder = TempDir::new().unwrap();
        let path = folder.path();
        let mut command = Command::new("soffice");
        command.arg(format!("-env:UserInstallation=file://{}", path.join("profile").display()));
        command.args(["--headless", "--convert-to", "pdf", "--outdir"]).arg(path);
        for (name, letter) in documents() {
            let file = path.join(format!("{name}.docx"));
            fs::write(&file, docx::write(&letter).unwrap()).unwrap();
            command.arg(file);
        }
        let output = command.output().unwrap();
        let rendered = Rendered(folder);
        assert!(rendered.pdf("envelope").exists(), "soffice made no PDF: {output:?}");
        Some(rendered)
    });
    rendered.as_ref()
}

/// The words that hold a text, with the page they stand on, counted from 1.
fn find(pages: &[Vec<Word>], text: &str) -> Vec<(usize, Word)> {
    let all = pages.iter().enumerate().flat_map(|(at, words)| words.iter().map(move |word| (at + 1, word)));
    all.filter(|(_, word)| word.text.contains(text)).map(|(at, word)| (at, word.clone())).collect()
}

#[test]
fn every_full_page_has_22_lines_of_28_characters() {
    let Some(rendered) = rendered() else { return };
    for name in ["letter", "official", "plain"] {
        let pages = rendered.lines(name);
        assert!(pages.len() > 3, "{name} has {} pages", pages.len());
        for (at, lines) in pages.iter().enumerate().take(pages.len() - 1).skip(1) {
            assert_eq!(lines.len(), 22, "{name}, page {}: {lines:#?}", at + 1);
            for line in lines {
                assert_eq!(line.chars().count(), 28, "{name}, page {}: {line}", at + 1);
            }
        }
    }
}

#[test]
fn the_first_page_of_a_letter_has_its_mark_and_double_rules_where_they_belong() {
    let Some(rendered) = rendered() else { return };
    for name in ["letter", "letter-long"] {
        let red = rendered.bands(name, 1, true);
        let [marks @ .., thick, thin, low_thin, low_thick] = red.as_slice() else {
            panic!("{name}: {red:#?}");
        };
        assert_near(marks[0].top, 30.0, "top of the mark");
        assert_near(thick.top - marks.last().unwrap().bottom, 4.0, "from the mark to the rule");
        assert_near(low_thick.bottom, 297.0 - 20.0, "bottom of the lower rule");
        assert!(thick.bottom - thick.top > thin.bottom - thin.top, "{red:#?}");
        assert!(low_thick.bottom - low_thick.top > low_thin.bottom - low_thin.top, "{red:#?}");
        for rule in [thick, thin, low_thin, low_thick] {
            assert!(rule.full, "{rule:?}");
            assert_near(rule.left, 20.0, "left end of a rule");
            assert_near(rule.right, 190.0, "right end of a rule");
        }
        for mark in marks {
            assert!(mark.left >= LEFT && mark.right <= RIGHT, "{mark:?}");
        }
        assert_eq!(marks.len(), if name == "letter" { 1 } else { 2 });
    }
}

#[test]
fn later_pages_have_nothing_red() {
    let Some(rendered) = rendered() else { return };
    for name in ["letter", "official"] {
        assert!(rendered.bands(name, 2, true).is_empty(), "{name}");
    }
    assert!(rendered.bands("plain", 1, true).is_empty());
}

#[test]
fn the_number_of_a_letter_stands_at_the_right_under_the_double_rule() {
    let Some(rendered) = rendered() else { return };
    let pages = rendered.pages("letter");
    let number = find(&pages, "号").remove(0).1;
    assert_near(number.right, RIGHT, "right end of the number");
    let rule = rendered.bands("letter", 1, true)[2];
    let ink = rendered.bands("letter", 1, false)[0];
    // Seven eighths of a character of 16 pt.
    assert_near(ink.top - rule.bottom, 16.0 * 7.0 / 8.0 / 72.0 * 25.4, "from the rule to the number");
}

#[test]
fn an_official_document_has_its_mark_number_and_rule_where_they_belong() {
    let Some(rendered) = rendered() else { return };
    for name in ["official", "official-long"] {
        let red = rendered.bands(name, 1, true);
        let [marks @ .., rule] = red.as_slice() else { panic!("{name}") };
        assert_near(marks[0].top, TOP + 35.0, "top of the mark");
        assert!(rule.full, "{rule:?}");
        assert_near(rule.left, LEFT, "left end of the rule");
        assert_near(rule.right, RIGHT, "right end of the rule");
        let number = rendered.bands(name, 1, false)[0];
        assert_near(rule.top - number.bottom, 4.0, "from the number to the rule");
        assert_near(
            f64::midpoint(number.left, number.right),
            f64::midpoint(LEFT, RIGHT),
            "middle of the number",
        );
    }
}

#[test]
fn a_letter_has_page_numbers_from_its_second_page_on_left_and_right_in_turn() {
    let Some(rendered) = rendered() else { return };
    for (name, first) in [("letter", 2), ("official", 1), ("plain", 1)] {
        let pages = rendered.pages(name);
        for (at, words) in pages.iter().enumerate() {
            let page = at + 1;
            let mut foot: Vec<&Word> = words.iter().filter(|word| word.top > BOTTOM).collect();
            foot.sort_by(|a, b| a.left.total_cmp(&b.left));
            let text: String = foot.iter().map(|word| word.text.as_str()).collect();
            if page < first {
                assert_eq!(text, "", "{name}, page {page}");
                continue;
            }
            assert_eq!(text, format!("—{page}—"), "{name}, page {page}");
            // One character of 14 pt from the edge.
            let character = 14.0 / 72.0 * 25.4;
            if page.is_multiple_of(2) {
                assert_near(foot[0].left, LEFT + character, "left end of the page number");
            } else {
                assert_near(foot[2].right, RIGHT - character, "right end of the page number");
            }
            // The dashes, 7 mm below the text, stand in the middle of the line.
            let dash = f64::midpoint(foot[0].top, foot[0].bottom);
            assert!((dash - BOTTOM - 7.0).abs() < 1.5, "{name}, page {page}: {dash:.2} mm");
        }
    }
}

#[test]
fn a_signature_never_stands_alone_on_a_page() {
    let Some(rendered) = rendered() else { return };
    for kind in ["one", "many"] {
        for count in 1..=LENGTHS {
            let name = format!("{kind}-{count}");
            let pages = rendered.lines(&name);
            let signed = |line: &String| line == AGENCY;
            // The last one: the red mark of the first page says the same.
            let (at, lines) = pages.iter().enumerate().rfind(|(_, lines)| lines.iter().any(signed)).unwrap();
            let place = lines.iter().rposition(signed).unwrap();
            assert!(place > 0, "{name}: the signature begins page {}", at + 1);
            assert!(
                lines.iter().any(|line| line.replace(' ', "") == DATE),
                "{name}: name and date are parted: {lines:?}"
            );
        }
    }
}

#[test]
fn the_head_of_a_table_is_on_each_of_its_pages() {
    let Some(rendered) = rendered() else { return };
    let pages = rendered.lines("table");
    let with_rows =
        |lines: &&Vec<String>| lines.iter().any(|line| line.contains("材料") && line.contains('第'));
    let pages: Vec<&Vec<String>> = pages.iter().filter(with_rows).collect();
    assert!(pages.len() > 2, "{}", pages.len());
    for lines in pages {
        assert!(lines.iter().any(|line| line.contains("信息名称")), "{lines:?}");
    }
}

#[test]
fn forty_attachments_are_aligned_at_their_names() {
    let Some(rendered) = rendered() else { return };
    let found = find(&rendered.pages("table"), "附件名称较长");
    assert_eq!(found.len(), 40);
    for (_, word) in &found {
        assert_near(word.left, found[0].1.left, &word.text);
    }
}

#[test]
fn a_long_cell_of_a_form_runs_over_the_page() {
    let Some(rendered) = rendered() else { return };
    let pages = rendered.lines("form");
    assert_eq!(pages.len(), 2);
    assert!(pages.iter().all(|lines| lines.iter().any(|line| line.contains("审查理由"))), "{pages:#?}");
}

#[test]
fn names_with_rare_characters_and_markup_are_on_the_page() {
    let Some(rendered) = rendered() else { return };
    let lines = rendered.lines("letter").concat();
    assert!(lines.iter().any(|line| line.starts_with("张某𠮷喆<&>")), "{lines:?}");
}

#[test]
fn an_envelope_is_one_page_with_everything_in_its_place() {
    let Some(rendered) = rendered() else { return };
    let (width, height) = rendered.size("envelope");
    assert_near(width, 230.0, "width");
    assert_near(height, 120.0, "height");
    let pages = rendered.pages("envelope");
    assert_eq!(pages.len(), 1);
    let upper_left = |word: &&Word| word.right < 70.0 && word.bottom < 25.0;
    let digits: String = pages[0].iter().filter(upper_left).map(|word| word.text.as_str()).collect();
    assert_eq!(digits, "010203");
    let lower_right = |word: &&Word| word.left > 115.0 && word.top > 95.0;
    let digits: String = pages[0].iter().filter(lower_right).map(|word| word.text.as_str()).collect();
    assert!(digits.ends_with("405060"), "{digits}");
    let name = find(&pages, "张某").remove(0).1;
    assert!(name.top > 40.0 && name.bottom < 80.0, "{name:?}");
    assert!(find(&pages, "信封").is_empty());
    let boxes = rendered.bands("envelope", 1, true);
    assert!(boxes[0].left < 15.0 && boxes.last().unwrap().bottom < 25.0, "{boxes:?}");
}
