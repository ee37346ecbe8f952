//! What a document must be, whatever the letter.

use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::Event;

use super::{Error, write};
use crate::letter::{Block, Letter};

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

/// One block of every kind.
fn everything() -> Letter {
    letter(vec![
        Block::Number("江自然资公〔2026〕12号".to_owned()),
        Block::Title("政府信息公开告知书".to_owned()),
        Block::Addressee("张三".to_owned()),
        Block::Heading("一、申请情况".to_owned()),
        Block::Paragraph("本机关收到申请。".to_owned()),
        table(),
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
            "w:tabs",
            "w:autoSpaceDE",
            "w:autoSpaceDN",
            "w:snapToGrid",
            "w:spacing",
            "w:ind",
            "w:jc",
            "w:outlineLvl",
        ],
        "w:rPr" => &["w:rFonts", "w:spacing", "w:sz", "w:szCs", "w:lang"],
        "w:sectPr" => &["w:footerReference", "w:pgSz", "w:pgMar", "w:cols", "w:docGrid"],
        "w:tblPr" => &["w:tblW", "w:jc", "w:tblBorders", "w:tblLayout", "w:tblCellMar"],
        "w:tbl" => &["w:tblPr", "w:tblGrid", "w:tr"],
        "w:tcPr" => &["w:tcW", "w:vAlign"],
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
    assert_eq!(write(&everything()).unwrap(), write(&everything()).unwrap());
}

#[test]
fn every_part_is_well_formed() {
    for (name, text) in parts(&everything()) {
        let ended = families(&text).len();
        assert!(ended > 0, "{name}");
    }
}

#[test]
fn every_part_is_listed_in_the_content_types() {
    let types = part(&everything(), "[Content_Types].xml");
    for (name, _) in parts(&everything()) {
        let listed = types.contains(&format!("\"/{name}\"")) || name.contains("_rels/");
        assert!(listed || name == "[Content_Types].xml", "{name}");
    }
}

#[test]
fn children_stand_in_the_order_of_the_schema() {
    for (name, text) in parts(&everything()) {
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
    for (_, text) in parts(&everything()) {
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
    for (name, text) in parts(&everything()) {
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
