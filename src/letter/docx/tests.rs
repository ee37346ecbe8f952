//! What a document must be, whatever the letter.

use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::Event;

use super::{Error, write};
use crate::corpus::PageLayout;
use crate::letter::{Block, FormCell, FormRow, Letter};

const LAYOUTS: [PageLayout; 4] =
    [PageLayout::Official, PageLayout::Letter, PageLayout::Plain, PageLayout::Envelope];

fn letter(blocks: Vec<Block>) -> Letter {
    Letter {
        title: "政府信息公开告知书".to_owned(),
        author: "江城市自然资源和规划局".to_owned(),
        blocks,
        ..Letter::default()
    }
}

fn table() -> Block {
    let row = |number: &str| vec![number.to_owned(), "《规划图》".to_owned(), "公开".to_owned()];
    Block::Table { head: row("序号"), rows: vec![row("1"), row("2")] }
}

fn form() -> Block {
    let cell =
        |text: &str| FormCell { text: text.trim_start_matches('*').to_owned(), label: text.starts_with('*') };
    let row = |lines, cells: &[&str]| FormRow { lines, cells: cells.iter().map(|text| cell(text)).collect() };
    Block::Form {
        columns: vec![20, 30, 20, 30],
        rows: vec![
            row(0, &["*申请人", "张某", "*日期", ""]),
            row(5, &["*意见", "拟同意。\n另行报告。"]),
            row(0, &["*理由", &"很长的理由。".repeat(100)]),
        ],
    }
}

/// Every layout, with one block of every kind and properties that say where the letter came from.
fn every_layout() -> Vec<Letter> {
    let origin = vec![("模板".to_owned(), "notice".to_owned())];
    LAYOUTS.into_iter().map(|layout| Letter { layout, origin: origin.clone(), ..everything() }).collect()
}

/// One block of every kind.
fn everything() -> Letter {
    letter(vec![
        Block::Number("江自然资公〔2026〕12号".to_owned()),
        Block::Title("政府信息公开告知书".to_owned()),
        Block::Addressee("张三".to_owned()),
        Block::Heading("一、申请情况".to_owned()),
        Block::Paragraph("本机关收到申请。".to_owned()),
        Block::Subheading("（一）申请内容".to_owned()),
        table(),
        form(),
        Block::Paragraph("特此告知。".to_owned()),
        Block::Attachments(vec!["甲".to_owned(), "乙".to_owned()]),
        Block::Signature {
            name: "江城市自然资源和规划局".to_owned(), date: "2026年11月23日".to_owned()
        },
        Block::Note("联系人：李四".to_owned()),
    ])
}

fn parts(letter: &Letter) -> Vec<(String, String)> {
    let bytes = write(letter).expect("a letter");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    (0..archive.len())
        .map(|at| {
            let mut file = archive.by_index(at).expect("a part");
            let mut text = String::new();
            file.read_to_string(&mut text).expect("UTF-8");
            (file.name().expect("a name").into_owned(), text)
        })
        .collect()
}

fn part(letter: &Letter, name: &str) -> String {
    parts(letter).into_iter().find(|(found, _)| found == name).expect("this part").1
}

fn body(blocks: Vec<Block>) -> String {
    part(&letter(blocks), "word/document.xml")
}

/// The paragraphs of a document as XML, in order.
fn paragraphs(document: &str) -> Vec<&str> {
    document.split("<w:p>").skip(1).map(|rest| rest.split("</w:p>").next().expect("an end")).collect()
}

/// Every element as (parent, children).
fn families(xml: &str) -> Vec<(String, Vec<String>)> {
    let mut reader = Reader::from_str(xml);
    let mut open: Vec<(String, Vec<String>)> = vec![(String::new(), Vec::new())];
    let mut done = Vec::new();
    loop {
        let event = reader.read_event().expect("well-formed XML");
        if let Event::Start(tag) | Event::Empty(tag) = &event {
            let name = tag.name().as_ref().to_owned();
            for attribute in tag.attributes() {
                attribute.expect("a well-formed attribute that is not repeated");
            }
            open.last_mut().expect("a parent").1.push(name.clone());
            open.push((name, Vec::new()));
        }
        match event {
            Event::End(_) | Event::Empty(_) => done.push(open.pop().expect("an open element")),
            Event::Eof => return done,
            _ => {}
        }
    }
}

/// The order that the schema of ECMA-376 gives to the children that this writer uses.
fn schema(parent: &str) -> Option<&'static [&'static str]> {
    Some(match parent {
        "w:pPr" => &[
            "w:pStyle",
            "w:keepNext",
            "w:keepLines",
            "w:widowControl",
            "w:pBdr",
            "w:tabs",
            "w:autoSpaceDE",
            "w:autoSpaceDN",
            "w:snapToGrid",
            "w:spacing",
            "w:ind",
            "w:jc",
            "w:outlineLvl",
        ],
        "w:rPr" => &["w:rFonts", "w:color", "w:spacing", "w:w", "w:sz", "w:szCs", "w:lang"],
        "w:pBdr" | "w:tcBorders" | "w:tcMar" => &["w:top", "w:left", "w:bottom", "w:right"],
        // The schema lets headers and footers stand in any order.
        "w:sectPr" => &[
            "w:headerReference",
            "w:footerReference",
            "w:pgSz",
            "w:pgMar",
            "w:cols",
            "w:titlePg",
            "w:docGrid",
        ],
        "w:tblPr" => &["w:tblW", "w:jc", "w:tblBorders", "w:tblLayout", "w:tblCellMar"],
        "w:tbl" => &["w:tblPr", "w:tblGrid", "w:tr"],
        "w:tcPr" => &["w:tcW", "w:gridSpan", "w:tcBorders", "w:vAlign"],
        "w:style" => &["w:name", "w:basedOn", "w:next", "w:qFormat", "w:pPr", "w:rPr"],
        "w:settings" => &[
            "w:zoom",
            "w:defaultTabStop",
            "w:evenAndOddHeaders",
            "w:characterSpacingControl",
            "w:compat",
            "w:themeFontLang",
            "w:decimalSymbol",
            "w:listSeparator",
        ],
        "w:font" => &["w:altName", "w:charset", "w:family", "w:pitch"],
        _ => return None,
    })
}

#[test]
fn the_same_letter_gives_the_same_bytes() {
    for letter in every_layout() {
        assert_eq!(write(&letter).unwrap(), write(&letter).unwrap());
    }
}

/// The shared parts of a layout are made once; a letter of another layout in between changes nothing.
#[test]
fn no_letter_depends_on_the_ones_before_it() {
    let first: Vec<Vec<u8>> = every_layout().iter().map(|letter| write(letter).unwrap()).collect();
    let mut again: Vec<Vec<u8>> = every_layout().iter().rev().map(|letter| write(letter).unwrap()).collect();
    again.reverse();
    assert_eq!(first, again);
}

#[test]
fn every_part_is_well_formed() {
    for (name, text) in every_layout().iter().flat_map(parts) {
        let ended = families(&text).len();
        assert!(ended > 0, "{name}");
    }
}

/// And nothing is listed that is not there, which Word calls damaged.
#[test]
fn content_types_list_the_parts_that_are_there() {
    let plain = Letter::default();
    for letter in every_layout().iter().chain([&plain]) {
        let types = part(letter, "[Content_Types].xml");
        let mut listed: Vec<&str> =
            types.split("PartName=\"/").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        listed.sort_unstable();
        let parts = parts(letter);
        let mut there: Vec<&str> = parts
            .iter()
            .map(|(name, _)| name.as_str())
            .filter(|name| !name.contains("_rels/") && *name != "[Content_Types].xml")
            .collect();
        there.sort_unstable();
        assert_eq!(listed, there, "{:?}", letter.layout);
        assert_eq!(parts[0].0, "[Content_Types].xml");
    }
}

#[test]
fn every_relationship_leads_to_a_part_and_every_reference_to_a_relationship() {
    for letter in every_layout() {
        let parts = parts(&letter);
        for (links, folder) in [("_rels/.rels", ""), ("word/_rels/document.xml.rels", "word/")] {
            for target in part(&letter, links).split("Target=\"").skip(1) {
                let target = format!("{folder}{}", target.split('"').next().unwrap());
                assert!(parts.iter().any(|(name, _)| *name == target), "{target}");
            }
        }
        let links = part(&letter, "word/_rels/document.xml.rels");
        for used in part(&letter, "word/document.xml").split("r:id=\"").skip(1) {
            let id = used.split('"').next().unwrap();
            assert!(links.contains(&format!("Id=\"{id}\"")), "{id}");
        }
    }
}

#[test]
fn children_stand_in_the_order_of_the_schema() {
    for (name, text) in every_layout().iter().flat_map(parts) {
        for (parent, children) in families(&text) {
            let Some(order) = schema(&parent) else {
                continue;
            };
            let place = |child: &String| {
                order.iter().position(|known| known == child).unwrap_or_else(|| panic!("{child} in {parent}"))
            };
            let places: Vec<usize> = children.iter().map(place).collect();
            assert!(places.is_sorted(), "{name}: {parent} has {children:?}");
        }
    }
}

#[test]
fn every_style_that_is_used_is_defined() {
    let styles = part(&everything(), "word/styles.xml");
    for (_, text) in every_layout().iter().flat_map(parts) {
        for used in text.split("<w:pStyle w:val=\"").skip(1) {
            let id = used.split('"').next().unwrap();
            assert!(styles.contains(&format!("w:styleId=\"{id}\"")), "{id}");
        }
    }
}

#[test]
fn markup_in_a_name_is_text_in_the_document() {
    let text = body(vec![Block::Addressee("<张&三>".to_owned())]);
    assert!(text.contains("&lt;张&amp;三&gt;：</w:t>"), "{text}");
}

#[test]
fn markup_in_the_title_and_the_author_is_text_in_the_properties() {
    let letter = Letter { title: "<&>".to_owned(), author: "]]>".to_owned(), ..Letter::default() };
    let core = part(&letter, "docProps/core.xml");
    assert!(core.contains("<dc:title>&lt;&amp;&gt;</dc:title><dc:creator>]]&gt;</dc:creator>"), "{core}");
}

#[test]
fn a_character_outside_the_basic_plane_is_kept() {
    assert!(body(vec![Block::Paragraph("申请人𠮷某".to_owned())]).contains("申请人𠮷某"));
}

#[test]
fn a_character_that_xml_forbids_is_an_error_that_says_where() {
    let letter = letter(vec![Block::Title("标题".to_owned()), Block::Paragraph("甲\u{FFFE}乙".to_owned())]);
    let error = write(&letter).expect_err("U+FFFE");
    assert_eq!(error.to_string(), "第2部分（正文）含有 Word 文档不能保存的字符 U+FFFE");
    let Error::Character { ch, context } = error else {
        panic!("an error");
    };
    assert_eq!((ch, context.as_str()), ('\u{FFFE}', "第2部分（正文）"));
}

#[test]
fn a_forbidden_character_in_any_value_is_an_error() {
    let bad = || "\u{1}".to_owned();
    let blocks = [
        Block::Number(bad()),
        Block::Title(bad()),
        Block::Addressee(bad()),
        Block::Heading(bad()),
        Block::Paragraph(bad()),
        Block::Table { head: vec![bad()], rows: Vec::new() },
        Block::Table { head: Vec::new(), rows: vec![vec![bad()]] },
        Block::Attachments(vec![bad()]),
        Block::Signature { name: bad(), date: String::new() },
        Block::Signature { name: String::new(), date: bad() },
        Block::Note(bad()),
    ];
    for block in blocks {
        assert!(matches!(write(&letter(vec![block.clone()])), Err(Error::Character { .. })), "{block:?}");
    }
    let bad = Letter { title: bad(), author: bad(), ..Letter::default() };
    assert!(write(&bad).is_err());
}

#[test]
fn an_empty_letter_is_still_a_document() {
    families(&body(Vec::new()));
}

#[test]
fn blank_blocks_leave_no_empty_paragraph() {
    let blank = || " ".to_owned();
    let text = body(vec![
        Block::Number(blank()),
        Block::Paragraph(String::new()),
        Block::Attachments(vec![blank()]),
        Block::Table { head: Vec::new(), rows: Vec::new() },
        Block::Note(blank()),
    ]);
    assert!(paragraphs(&text).is_empty(), "{text}");
}

#[test]
fn each_line_of_a_paragraph_is_a_paragraph_of_its_own() {
    assert_eq!(paragraphs(&body(vec![Block::Paragraph("甲\n\n乙".to_owned())])).len(), 2);
}

#[test]
fn the_last_paragraph_of_the_text_stays_with_the_signature() {
    let text = body(vec![
        Block::Paragraph("甲\n乙".to_owned()),
        Block::Signature { name: "某局".to_owned(), date: "2026年1月2日".to_owned() },
    ]);
    let kept: Vec<bool> = paragraphs(&text).iter().map(|xml| xml.contains("<w:keepNext/>")).collect();
    // The style of the name keeps it with the date.
    assert_eq!(kept, [false, true, false, false]);
}

#[test]
fn the_last_row_of_a_table_stays_with_the_signature() {
    let text =
        body(vec![table(), Block::Signature { name: "某局".to_owned(), date: "2026年1月2日".to_owned() }]);
    assert_eq!(text.matches("<w:keepNext/>").count(), 6, "three cells of the head, three of the last row");
}

#[test]
fn name_and_date_are_centred_in_one_room_that_leaves_the_date_four_characters_to_the_right() {
    let document = part(&everything(), "word/document.xml");
    let indent = |style: &str| {
        let xml = paragraphs(&document).into_iter().find(|xml| xml.contains(style)).expect("the paragraph");
        assert!(!xml.contains("w:jc") || xml.contains("<w:jc w:val=\"center\"/>"), "{xml}");
        let (_, rest) = xml.split_once("<w:ind ").expect("an indent");
        rest.split_once("/>").expect("an end").0.to_owned()
    };
    assert_eq!(indent("LetterDate"), indent("\"Signature\""));
    assert!(indent("LetterDate").contains("w:right=\"0\""), "{}", indent("LetterDate"));
}

#[test]
fn the_date_moves_under_a_name_too_wide_to_be_centred_over_it() {
    let text = body(vec![Block::Signature { name: "某".repeat(60), date: "2026年1月2日".to_owned() }]);
    let found = paragraphs(&text);
    assert_eq!(found[0].matches("<w:br/>").count(), 2);
    assert!(found[1].contains("<w:jc w:val=\"center\"/>"), "{}", found[1]);
}

#[test]
fn tables_never_touch_and_never_end_the_document() {
    let text = body(vec![table(), table()]);
    assert_eq!(text.matches("</w:tbl><w:p>").count(), 2);
}

#[test]
fn the_head_of_a_table_is_repeated_and_short_rows_stay_whole() {
    let text = body(vec![table()]);
    assert_eq!(text.matches("<w:tblHeader/>").count(), 1);
    assert_eq!(text.matches("<w:cantSplit/>").count(), 3);
}

#[test]
fn no_font_is_taken_from_a_theme() {
    for (name, text) in every_layout().iter().flat_map(parts) {
        assert!(!text.contains("Theme="), "{name}");
    }
}

#[test]
fn one_attachment_has_no_number_and_several_are_numbered() {
    assert!(body(vec![Block::Attachments(vec!["目录。".to_owned()])]).contains(">附件：目录</w:t>"));
    let text = body(vec![Block::Attachments(vec!["甲".to_owned(), "乙".to_owned()])]);
    assert!(text.contains(">附件：1.</w:t><w:tab/>") && text.contains(">2.</w:t><w:tab/>"), "{text}");
}

#[test]
fn a_signature_without_name_or_date_leaves_no_empty_paragraph() {
    for (name, date) in [("某局", ""), ("", "2026年1月2日")] {
        let text = body(vec![
            Block::Paragraph("甲".to_owned()),
            Block::Signature { name: name.to_owned(), date: date.to_owned() },
        ]);
        let found = paragraphs(&text);
        assert_eq!(found.len(), 2);
        assert!(found[1].contains("w:before=\"1158\""), "{}", found[1]);
    }
}

fn laid_out(layout: PageLayout, author: &str, blocks: Vec<Block>) -> Letter {
    Letter { layout, author: author.to_owned(), ..letter(blocks) }
}

#[test]
fn the_name_of_the_agency_is_the_red_mark_of_a_letter_and_its_markup_is_text() {
    let letter = laid_out(PageLayout::Letter, "示例市<&>局", Vec::new());
    let head = part(&letter, "word/header1.xml");
    assert!(head.contains("\"Mark\"") && head.contains("示例市&lt;&amp;&gt;局"), "{head}");
    assert!(part(&letter, "word/styles.xml").contains("<w:color w:val=\"FF0000\"/>"));
}

#[test]
fn only_the_first_page_of_a_letter_has_rules_and_it_has_no_number() {
    let letter = laid_out(PageLayout::Letter, "示例市某局", Vec::new());
    let document = part(&letter, "word/document.xml");
    assert!(document.contains("<w:titlePg/>"));
    for (name, text) in parts(&letter) {
        let numbered = text.contains(" PAGE ");
        let ruled = text.contains("\"RuleTop\"") || text.contains("\"RuleBottom\"");
        match name.as_str() {
            "word/header1.xml" | "word/footer1.xml" => assert!(ruled && !numbered, "{name}"),
            "word/footer2.xml" | "word/footer3.xml" => assert!(!ruled && numbered, "{name}"),
            "word/document.xml" | "word/header2.xml" | "word/header3.xml" => {
                assert!(!ruled && !numbered, "{name}");
            }
            _ => {}
        }
    }
    for (kind, first) in [("header", "rId4"), ("footer", "rId7")] {
        let reference = format!("<w:{kind}Reference w:type=\"first\" r:id=\"{first}\"/>");
        assert!(document.contains(&reference), "{document}");
    }
}

#[test]
fn an_official_document_has_its_red_rule_also_without_a_number() {
    for blocks in [Vec::new(), vec![Block::Number("示例公开〔2026〕9号".to_owned())]] {
        let letter = laid_out(PageLayout::Official, "示例市某局", blocks);
        let document = part(&letter, "word/document.xml");
        assert_eq!(document.matches("\"NumberOfficial\"").count(), 1);
        assert_eq!(document.matches("\"Mark\"").count(), 1);
    }
}

#[test]
fn a_name_of_sixty_characters_stands_on_two_lines_of_the_mark() {
    let name = "示例市人民政府自然资源和规划委员会".chars().cycle().take(60).collect::<String>();
    let head = part(&laid_out(PageLayout::Letter, &name, Vec::new()), "word/header1.xml");
    assert_eq!(head.matches("<w:br/>").count(), 1);
    assert!(head.contains("<w:w w:val="), "{head}");
}

#[test]
fn a_plain_document_has_nothing_red() {
    let letter = laid_out(PageLayout::Plain, "示例市某局", Vec::new());
    for (name, text) in parts(&letter) {
        assert!(
            !text.contains("<w:pStyle w:val=\"Mark\"/>") && !text.contains("<w:pStyle w:val=\"Rule"),
            "{name}"
        );
    }
}

fn envelope(lines: &[&str]) -> String {
    let mut blocks: Vec<Block> = lines.iter().map(|line| Block::Paragraph((*line).to_owned())).collect();
    blocks.push(Block::Title("信封".to_owned()));
    part(&laid_out(PageLayout::Envelope, "示例市某局", blocks), "word/document.xml")
}

/// The text of the rows of an envelope, paragraphs apart.
fn envelope_rows(document: &str) -> Vec<String> {
    let text = |row: &str| -> String {
        let pieces = row.split("<w:t xml:space=\"preserve\">").skip(1);
        pieces.map(|rest| rest.split("</w:t>").next().unwrap()).collect()
    };
    document.split("<w:tr>").skip(1).map(text).collect()
}

#[test]
fn an_envelope_has_a_place_for_each_paragraph_and_none_for_its_title() {
    let document = envelope(&["010203", "示例市示例路1号", "张某（收）", "示例市某局", "邮政编码：40 50 60"]);
    let rows = envelope_rows(&document);
    assert_eq!(rows, ["010203", "示例市示例路1号", "张某（收）", "示例市某局", "邮政编码　405060"]);
    assert!(document.contains("w:w=\"13039\" w:h=\"6803\" w:orient=\"landscape\""));
    assert!(!document.contains("信封"));
    assert_eq!(document.matches("<w:tcBorders>").count(), 6);
}

#[test]
fn an_envelope_with_missing_or_more_paragraphs_keeps_all_that_there_is() {
    assert_eq!(envelope_rows(&envelope(&[])), ["", "", "", "", ""]);
    assert_eq!(envelope_rows(&envelope(&["张某"])), ["", "", "张某", "", ""]);
    assert_eq!(envelope_rows(&envelope(&["010203"])), ["010203", "", "", "", ""]);
    assert_eq!(
        envelope_rows(&envelope(&["示例路", "张某", "405060"])),
        ["", "示例路", "张某", "", "邮政编码　405060"]
    );
    let rows = envelope_rows(&envelope(&["甲路", "张某", "乙路", "某局", "某科", "某室"]));
    assert_eq!(rows, ["", "甲路", "张某", "乙路某局某科某室", ""]);
}

#[test]
fn what_has_no_place_on_an_envelope_follows_it() {
    let letter = laid_out(PageLayout::Envelope, "", vec![Block::Note("附注".to_owned())]);
    assert!(part(&letter, "word/document.xml").contains("（附注）"));
}

#[test]
fn where_a_letter_came_from_stands_in_its_custom_properties() {
    let origin = vec![("模板 \"甲\"".to_owned(), "<1>".to_owned()), ("法规".to_owned(), "a&b".to_owned())];
    let text = part(&Letter { origin, ..Letter::default() }, "docProps/custom.xml");
    let property = |pid: usize, name: &str, value: &str| {
        format!(
            "<property fmtid=\"{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}\" pid=\"{pid}\" name=\"{name}\"><vt:lpwstr>{value}</vt:lpwstr></property>"
        )
    };
    assert!(text.contains(&property(2, "模板 &quot;甲&quot;", "&lt;1&gt;")), "{text}");
    assert!(text.contains(&property(3, "法规", "a&amp;b")), "{text}");
}

#[test]
fn a_letter_of_unknown_origin_has_no_custom_properties() {
    assert!(parts(&everything()).iter().all(|(name, _)| name != "docProps/custom.xml"));
}

#[test]
fn a_forbidden_character_in_the_origin_is_an_error() {
    let origin = vec![("模板".to_owned(), "\u{1}".to_owned())];
    let error = write(&Letter { origin, ..Letter::default() }).expect_err("U+0001");
    assert_eq!(error.to_string(), "文书来源含有 Word 文档不能保存的字符 U+0001");
}

#[test]
fn rows_of_a_form_are_as_high_as_asked_and_only_long_ones_may_break() {
    let document = body(vec![form()]);
    let rows: Vec<&str> = document.split("<w:tr>").skip(1).collect();
    assert!(rows[0].contains("<w:trHeight w:val=\"680\""), "written by hand: {}", rows[0]);
    assert!(rows[1].contains("<w:trHeight w:val=\"1880\""), "five lines: {}", rows[1]);
    let whole: Vec<bool> = rows.iter().map(|row| row.contains("<w:cantSplit/>")).collect();
    assert_eq!(whole, [true, true, false]);
}

#[test]
fn each_line_of_a_value_in_a_form_is_a_paragraph_and_no_row_is_a_head() {
    let document = body(vec![form()]);
    assert!(document.contains("拟同意。</w:t></w:r></w:p><w:p>"), "{document}");
    assert!(!document.contains("<w:tblHeader/>"));
}

#[test]
fn a_form_before_a_signature_stays_with_it() {
    let text =
        body(vec![form(), Block::Signature { name: "某局".to_owned(), date: "2026年1月2日".to_owned() }]);
    assert!(text.contains("<w:pStyle w:val=\"AfterTable\"/><w:keepNext/>"), "{text}");
}

/// Letters a second on one core: `cargo test --release --lib letters_a_second -- --ignored --nocapture`.
#[test]
#[ignore = "measures, and proves nothing"]
#[allow(clippy::print_stdout, reason = "the number is the result")]
fn letters_a_second() {
    let blocks = vec![
        Block::Number("示例公开〔2026〕9号".to_owned()),
        Block::Title("政府信息公开申请答复书".to_owned()),
        Block::Addressee("张某".to_owned()),
        Block::Paragraph("本机关收到你的政府信息公开申请，现予答复，理由如下。".repeat(6)),
        Block::Paragraph("如不服本答复，可以依法申请行政复议或者提起行政诉讼。".repeat(4)),
        Block::Signature { name: "示例市交通运输局".to_owned(), date: "2026年9月28日".to_owned() },
        Block::Note("联系人：王某，联系电话：000-00000000".to_owned()),
    ];
    let letter = laid_out(PageLayout::Letter, "示例市交通运输局", blocks);
    let start = std::time::Instant::now();
    let rounds = 5000;
    let bytes: usize = (0..rounds).map(|_| write(&letter).unwrap().len()).sum();
    let rate = f64::from(rounds) / start.elapsed().as_secs_f64();
    println!("{rate:.0} letters a second, {} bytes each", bytes / 5000);
}
