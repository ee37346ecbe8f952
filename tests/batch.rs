//! Letters from tables: a workbook to fill in, one letter from it, and many at once.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its files stops")]

use crate::common;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{Cursor, Read, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use common::{Handbook, Run, assert_same_files, corpus, files};
use gongkai::corpus::{Agency, ParameterType};
use gongkai::letter::sheet::{self, CellText, Details, Other, Preface, Reading};
use gongkai::letter::{self, Answers, Input, Request};
use gongkai::table::{self, Book};
use gongkai::text::Report;

/// The letter that most tests make: simple fields, and none that is a table.
const ID: &str = "refuse-trade-secret";

/// The columns of a table for [`ID`], with an example in each.
fn columns() -> Vec<(String, String)> {
    let clause = &corpus().clauses[ID].header;
    let example = |p: &&gongkai::corpus::Parameter| match &p.example {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let all = letter::fields(corpus(), clause);
    assert!(all.iter().all(|p| !matches!(p.kind, ParameterType::Rows | ParameterType::List)));
    all.iter().map(|p| (p.label.clone(), example(p))).collect()
}

/// A .csv table for [`ID`]: the examples in every row, but for what a row says otherwise.
fn csv(rows: &[&[(&str, &str)]]) -> String {
    let columns = columns();
    let field = |text: &str| table::escape(text);
    let mut out = columns.iter().map(|(label, _)| field(label)).collect::<Vec<_>>().join(",");
    out.push_str("\r\n");
    for row in rows {
        let cell = |(label, example): &(String, String)| {
            let own = row.iter().find(|(name, _)| name == label).map(|(_, text)| *text);
            field(own.unwrap_or(example))
        };
        out.push_str(&columns.iter().map(cell).collect::<Vec<_>>().join(","));
        out.push_str("\r\n");
    }
    out
}

fn batch(handbook: &Handbook, table: &str, more: &[&str]) -> Run {
    let mut arguments = vec!["letter", "batch", table, "--template", ID, "--out", "文书"];
    arguments.extend(more);
    handbook.run(&arguments)
}

/// What stands in the folder of letters.
fn made(handbook: &Handbook) -> BTreeMap<String, Vec<u8>> {
    files(&handbook.path("文书"))
}

/// The text of the letter whose file begins so.
fn text_of(handbook: &Handbook, start: &str) -> String {
    let all = made(handbook);
    let (_, bytes) =
        all.iter().find(|(name, _)| name.starts_with(start)).unwrap_or_else(|| panic!("{all:?}"));
    String::from_utf8(bytes.clone()).unwrap()
}

/// Changes the parts of a workbook.
fn rewritten(bytes: &[u8], change: impl Fn(&str, String) -> String) -> Vec<u8> {
    let mut old = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut new = zip::ZipWriter::new(Cursor::new(vec![]));
    for at in 0..old.len() {
        let mut file = old.by_index(at).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        new.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        new.write_all(change(&name, text).as_bytes()).unwrap();
    }
    new.finish().unwrap().into_inner()
}

/// A small workbook: the cells of its only sheet as XML, and what stands beside the cells.
fn workbook(rows: &str, beside: &str, since_1904: bool) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(Cursor::new(vec![]));
    let properties = if since_1904 { "<workbookPr date1904=\"1\"/>" } else { "" };
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let parts = [
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"r\">{properties}<sheets><sheet name=\"登记\" sheetId=\"1\" r:id=\"a\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<Relationships><Relationship Id=\"a\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
                .to_owned(),
        ),
        (
            "xl/styles.xml",
            format!(
                "<styleSheet xmlns=\"{main}\"><numFmts count=\"2\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/><numFmt numFmtId=\"165\" formatCode=\"00000000\"/></numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/><xf numFmtId=\"4\"/></cellXfs></styleSheet>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData>{beside}</worksheet>"),
        ),
    ];
    for (name, text) in parts {
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(text.as_bytes()).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// A workbook for [`ID`] in which some cells are given as XML: attributes and content of `<c>`.
fn cells(rows: &[&[(&str, &str, &str)]], beside: &str, since_1904: bool) -> Vec<u8> {
    let columns = columns();
    let inline = |text: &str| {
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>")
    };
    let mut all = String::from("<row r=\"1\">");
    columns.iter().for_each(|(label, _)| all.push_str(&inline(label)));
    all.push_str("</row>");
    for (number, row) in (2..).zip(rows) {
        let _ = write!(all, "<row r=\"{number}\">");
        for (label, example) in &columns {
            match row.iter().find(|(name, ..)| name == label) {
                Some((_, attributes, content)) => {
                    let _ = write!(all, "<c {attributes}>{content}</c>");
                }
                None => all.push_str(&inline(example)),
            }
        }
        all.push_str("</row>");
    }
    workbook(&all, beside, since_1904)
}

// One letter

/// The only letter of a workbook as text, made in this process.
fn letter_of(bytes: Vec<u8>, id: &str) -> String {
    let (corpus, agency, mut report) = (corpus(), Agency::default(), Report::default());
    let clause = &corpus.clauses[id].header;
    let fields = letter::fields(corpus, clause);
    let mut book = Book::open(bytes).unwrap();
    let mut read = |sheet: &str| {
        let mut rows = vec![];
        book.rows(sheet, &mut |row| {
            rows.push(row);
            true
        })
        .unwrap();
        rows
    };
    let first = read(sheet::FIRST);
    assert_eq!(sheet::letter_of(&first), Some(id));
    let plan = sheet::plan(corpus, clause, &agency, &Answers::new()).unwrap();
    let mut text = CellText::default();
    let mut details = Details::default();
    let mut others = vec![];
    for page in plan.pages.iter().skip(1) {
        let rows = read(&page.name);
        let field = sheet::field_of(&fields, &page.name, &rows).unwrap();
        others.push(field.name.clone());
        details.add(Other { field, sheet: &page.name, rows }, &[1], ("表.xlsx", &mut text), &mut report);
    }
    let preface = Preface {
        path: "表.xlsx",
        sheet: sheet::FIRST,
        head: &first,
        merged: vec![],
        since_1904: false,
        others,
        given: &[],
    };
    let reading = Reading::new(corpus, (clause, &agency), preface, &mut text, &mut report).unwrap();
    let row = first.iter().find(|row| reading.heading.is_data(row)).unwrap();
    let tree = reading.row(id, row, (1, &details), &mut report);
    let input = Input { path: "表.xlsx", text: "", set: &[] };
    let made = Request::of_tree(corpus, &agency, (tree.node, input), &mut report)
        .and_then(|request| letter::fill(corpus, &request, &mut report));
    letter::text(&made.unwrap_or_else(|| panic!("{id}: {:?}", report.sorted())))
}

#[test]
fn the_example_in_every_workbook_makes_the_letter_that_the_example_in_the_request_file_makes() {
    let (corpus, agency) = (corpus(), Agency::default());
    let mut several = vec![];
    for (id, entry) in &corpus.clauses {
        let example = Request::example(corpus, &entry.header);
        let Some(plan) = sheet::plan(corpus, &entry.header, &agency, &example.answers) else {
            several.push(id.as_str());
            continue;
        };
        let text = letter::skeleton(corpus, &entry.header, &agency, &example.answers);
        let mut report = Report::default();
        let input = Input { path: "件.toml", text: &text, set: &[] };
        let typed = Request::read(corpus, &agency, input, &mut report)
            .and_then(|request| letter::fill(corpus, &request, &mut report));
        let typed = letter::text(&typed.unwrap_or_else(|| panic!("{id}: {:?}", report.sorted())));
        assert_eq!(letter_of(table::write(&plan).unwrap(), id), typed, "{id}");
    }
    let replies = |id: &&String| {
        let fields = letter::fields(corpus, &corpus.clauses[id.as_str()].header);
        fields.iter().any(|p| p.kind == ParameterType::Replies)
    };
    assert_eq!(
        several,
        corpus.clauses.keys().filter(replies).collect::<Vec<_>>(),
        "all others fit into a table"
    );
}

#[test]
fn the_program_makes_the_same_letter_from_a_workbook_as_from_a_request_file() {
    let handbook = Handbook::own();
    for id in [ID, "grant-in-part", "extension-notice"] {
        assert_eq!(handbook.run(&["letter", "sheet", id, "--example", "-o", "表.xlsx", "--force"]).code, 0);
        assert_eq!(handbook.run(&["letter", "new", id, "--example", "-o", "件.toml", "--force"]).code, 0);
        let letters = ["表.xlsx", "件.toml"].map(|file| {
            let run = handbook.run(&["letter", "fill", file, "--format", "txt", "-o", "-"]);
            assert_eq!(run.code, 0, "{id} {file}: {}", run.stderr);
            run.stdout
        });
        assert_eq!(letters[0], letters[1], "{id}");
    }
    let run = handbook.run(&["letter", "sheet", "reply-items"]);
    assert!(run.code == 2 && run.stderr.contains("一张表填不下"), "{run:?}");
}

#[test]
fn a_workbook_is_the_same_every_time_and_holds_drop_downs_dates_and_text() {
    let handbook = Handbook::own();
    for name in ["一.xlsx", "二.xlsx"] {
        assert_eq!(handbook.run(&["letter", "sheet", ID, "-o", name]).code, 0);
    }
    let bytes = fs::read(handbook.path("一.xlsx")).unwrap();
    assert_eq!(bytes, fs::read(handbook.path("二.xlsx")).unwrap());
    let mut sheet = String::new();
    let mut archive = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
    archive.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut sheet).unwrap();
    for part in [
        "<formula1>\"你,您,你单位,贵单位\"</formula1>",
        "type=\"date\"",
        "hidden=\"1\"",
        "state=\"frozen\"",
        "promptTitle=\"申请编号\"",
    ] {
        assert!(sheet.contains(part), "{part}");
    }
    let again = handbook.run(&["letter", "sheet", ID, "-o", "一.xlsx"]);
    assert_eq!(again.code, 2, "{again:?}");
}

#[test]
fn a_label_that_somebody_changed_is_understood_by_the_hidden_row() {
    let handbook = Handbook::own();
    handbook.run(&["letter", "sheet", ID, "--example", "-o", "表.xlsx"]);
    let bytes = fs::read(handbook.path("表.xlsx")).unwrap();
    let changed = rewritten(&bytes, |_, text| text.replace("落款日期\n必填", "什么时候发"));
    assert_ne!(bytes, changed);
    handbook.write("表.xlsx", changed);
    let run = handbook.run(&["letter", "fill", "表.xlsx", "--format", "txt", "-o", "-"]);
    assert_eq!(run.code, 0, "{run:?}");
}

#[test]
fn every_bad_cell_is_told_by_sheet_row_and_column() {
    let handbook = Handbook::own();
    handbook.run(&["letter", "sheet", ID, "--example", "-o", "登记表.xlsx"]);
    let bytes = fs::read(handbook.path("登记表.xlsx")).unwrap();
    let changed = rewritten(&bytes, |name, text| match name {
        "xl/sharedStrings.xml" => {
            text.replace(">你</t>", ">尔</t>").replace(">张某</t>", ">张\u{200b}某</t>")
        }
        _ => text,
    });
    handbook.write("登记表.xlsx", changed);
    let run = handbook.run(&["letter", "fill", "登记表.xlsx"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("登记表.xlsx 填表!F4（正文怎样称呼申请人）\n"), "{}", run.stderr);
    assert!(run.stderr.contains("登记表.xlsx 填表!E4（申请人姓名或者名称）\n"), "{}", run.stderr);
    assert!(run.stderr.contains("不能写「尔」") && run.stderr.contains("U+200B"), "{}", run.stderr);
    assert!(!handbook.path("登记表.docx").exists());
}

#[test]
fn an_empty_workbook_and_one_with_many_rows_make_no_single_letter() {
    let handbook = Handbook::own();
    handbook.run(&["letter", "sheet", ID, "-o", "空.xlsx"]);
    let run = handbook.run(&["letter", "fill", "空.xlsx"]);
    // kind: no-rows
    assert!(run.code == 1 && run.stderr.contains("表里一行也没有填"), "{run:?}");
    let marked = |rows: &[&[(&str, &str)]]| format!("letter={ID}\r\n{}", csv(rows));
    handbook.write("二.csv", marked(&[&[], &[]]));
    let run = handbook.run(&["letter", "fill", "二.csv"]);
    assert!(
        run.code == 2 && run.stderr.contains("填了 2 行") && run.stderr.contains("letter batch"),
        "{run:?}"
    );
    handbook.write("一.csv", marked(&[&[]]));
    let run = handbook.run(&["letter", "fill", "一.csv"]);
    assert!(run.code == 0 && handbook.path("一.docx").is_file(), "{run:?}");
}

#[test]
fn files_that_are_no_tables_are_named_for_what_they_are() {
    let handbook = Handbook::own();
    let mut old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    old.resize(2048, 0);
    handbook.write("旧.et", &old);
    old.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    handbook.write("密.xlsx", &old);
    handbook.run(&["letter", "new", ID, "--example", "-o", "件.toml"]);
    handbook.run(&["letter", "fill", "件.toml"]);
    let docx = fs::read(handbook.path("件.docx")).unwrap();
    handbook.write("文书.xlsx", &docx);
    handbook.write("坏.xlsx", &docx[..docx.len() / 2]);
    handbook.write("半.csv", "文号,\"落款日期\n1,2\n");
    for (file, words) in [
        ("旧.et", "另存为 .xlsx"),
        ("密.xlsx", "密码"),
        ("文书.xlsx", "不是表格"),
        ("坏.xlsx", "文件坏了"),
        ("半.csv", "双引号没有配对"),
    ] {
        let run = handbook.run(&["letter", "fill", file]);
        assert!(run.code == 2 && run.stderr.contains(words), "{file}: {run:?}");
    }
}

// Fields that are tables

#[test]
fn rows_of_a_field_come_from_their_own_sheet_or_from_one_cell() {
    let handbook = Handbook::own();
    let id = "grant-in-part";
    handbook.run(&["letter", "sheet", id, "--example", "-o", "表.xlsx"]);
    let one = handbook.run(&["letter", "fill", "表.xlsx", "--format", "txt", "-o", "-"]);
    let mut head = vec![];
    let mut cells = vec![];
    for parameter in letter::fields(corpus(), &corpus().clauses[id].header) {
        head.push(table::escape(&parameter.label));
        let text = match (&parameter.example, parameter.kind) {
            (serde_json::Value::Array(rows), ParameterType::Rows) => {
                let line = |row: &serde_json::Value| {
                    let cells = parameter.columns.iter().map(|c| row[c.name.as_str()].as_str().unwrap_or(""));
                    cells.collect::<Vec<_>>().join(" ｜ ")
                };
                rows.iter().map(line).collect::<Vec<_>>().join("\n")
            }
            (serde_json::Value::String(text), _) => text.clone(),
            (other, _) => other.to_string(),
        };
        cells.push(table::escape(&text));
    }
    handbook.write("表.csv", format!("letter={id}\n{}\n{}\n", head.join(","), cells.join(",")));
    let other = handbook.run(&["letter", "fill", "表.csv", "--format", "txt", "-o", "-"]);
    assert!(one.code == 0 && one.stdout == other.stdout, "{one:?}\n{other:?}");
    let long = cells.join(",").replace(" ｜ ", " ｜ 多 ｜ ");
    handbook.write("表.csv", format!("letter={id}\n{}\n{long}\n", head.join(",")));
    let run = handbook.run(&["letter", "fill", "表.csv", "--format", "txt", "-o", "-"]);
    // kind: too-many-columns
    assert!(run.code == 1 && run.stderr.contains("只有 3 列"), "{run:?}");
}

#[test]
fn a_row_of_another_sheet_belongs_to_the_row_with_its_number() {
    let handbook = Handbook::own();
    handbook.run(&["letter", "sheet", "grant-in-part", "--example", "-o", "表.xlsx"]);
    let bytes = fs::read(handbook.path("表.xlsx")).unwrap();
    let numbered = |from: &'static str, to: &'static str| {
        rewritten(&bytes, move |name, text| match name {
            "xl/worksheets/sheet3.xml" => text.replace(from, to),
            _ => text,
        })
    };
    handbook.write("无.xlsx", numbered("<v>1</v>", "<v>7</v>"));
    let run = handbook.run(&["letter", "fill", "无.xlsx"]);
    // kind: wrong-row-number
    assert!(run.code == 1 && run.stderr.contains("没有序号是 7 的行"), "{run:?}");
    assert!(run.stderr.contains("无.xlsx 不予公开的内容!A4（行号）"), "{run:?}");
}

// Many letters

#[test]
fn good_rows_are_made_and_every_bad_cell_is_told() {
    let handbook = Handbook::own();
    handbook.write(
        "表.csv",
        csv(&[
            &[("申请人姓名或者名称", "张某"), ("申请编号", "00120031")],
            &[("申请人姓名或者名称", "李某"), ("收到申请的日期", "3/9/2026"), ("申请编号", "1.2E+17")],
            &[("申请人姓名或者名称", "王某"), ("落款日期", ""), ("联系人", "#REF!"), ("提交方式", "骑马")],
        ]),
    );
    let run = batch(&handbook, "表.csv", &["--format", "txt"]);
    assert_eq!(run.code, 1, "{run:?}");
    for words in [
        "「3/9/2026」不是一个清楚的日期",
        "分不清哪个是年",
        "1.2E+17",
        "（落款日期）",
        "还没有填",
        "#REF!",
        "不能写「骑马」",
        "共 5 处错误",
    ] {
        // kind: wrong-date
        // kind: cell-format
        // kind: cell-error
        assert!(run.stderr.contains(words), "{words}\n{}", run.stderr);
    }
    assert!(run.stdout.contains("生成 1 份；2 行有错，没有生成"), "{run:?}");
    let all = made(&handbook);
    assert_eq!(all.keys().collect::<Vec<_>>(), ["0001 张某 不予公开告知书（商业秘密）.txt", "结果.csv"]);
    assert!(text_of(&handbook, "0001").contains("00120031"));
    let results = text_of(&handbook, "结果");
    let lines: Vec<&str> = results.lines().collect();
    assert!(results.starts_with('\u{feff}') && lines.len() == 4, "{results}");
    // Twenty working days from the correction of 2026-10-09; 10-10 is a Saturday that is worked.
    assert!(
        lines[1].starts_with("2,1,0001 张某 不予公开告知书（商业秘密）.txt,已生成,2026-11-05"),
        "{results}"
    );
    assert!(lines[2].starts_with("3,2,,有错，没有生成,,"), "{results}");
    assert!(lines[3].contains("没有填"), "{results}");
}

#[test]
fn every_encoding_and_separator_of_a_spreadsheet_makes_the_same_letters() {
    let handbook = Handbook::own();
    let text = csv(&[&[("申请内容原文", "第一段，有逗号,\n第二段")]]);
    let (gb, _, broken) = encoding_rs::GB18030.encode(&text);
    assert!(!broken);
    let tabs = text.replace(',', "\t").replace("逗号\t", "逗号,");
    let utf16: Vec<u8> = format!("\u{feff}{tabs}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let semicolons = text.replace(',', ";").replace("逗号;", "逗号,");
    let mut first = None;
    for (name, bytes) in [
        ("u.csv", text.as_bytes()),
        ("b.csv", format!("\u{feff}{text}").as_bytes()),
        ("g.csv", &gb),
        ("t.csv", &utf16),
        ("s.csv", semicolons.as_bytes()),
    ] {
        handbook.write(name, bytes);
        let run = batch(&handbook, name, &["--force"]);
        assert_eq!(run.code, 0, "{name}: {run:?}");
        let all = made(&handbook);
        assert_same_files(first.get_or_insert_with(|| all.clone()), &all);
    }
}

#[test]
fn dates_are_read_as_people_and_spreadsheets_write_them() {
    let handbook = Handbook::own();
    let ways = [
        "2026-09-18",
        "2026/9/18",
        "2026.9.18",
        "2026年9月18日",
        "２０２６－９－１８",
        "20260918",
        "2026/9/18 17:20",
    ];
    let rows: Vec<Vec<(&str, &str)>> = ways.iter().map(|way| vec![("收到申请的日期", *way)]).collect();
    handbook.write("表.csv", csv(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>()));
    let run = batch(&handbook, "表.csv", &["--format", "txt"]);
    assert_eq!(run.code, 0, "{run:?}");
    for row in 1..=ways.len() {
        assert!(text_of(&handbook, &format!("{row:04}")).contains("2026年9月18日"), "{row}");
    }
    let serials: [(u32, bool); 2] = [(46_283, false), (46_283 - 1462, true)];
    for (serial, since_1904) in serials {
        let value = format!("<v>{serial}</v>");
        let row = [("收到申请的日期", "s=\"1\"", value.as_str())];
        handbook.write("表.xlsx", cells(&[&row], "", since_1904));
        let run = batch(&handbook, "表.xlsx", &["--format", "txt", "--force"]);
        assert_eq!(run.code, 0, "{run:?}");
        assert!(text_of(&handbook, "0001").contains("2026年9月18日"));
    }
}

#[test]
fn numbers_are_printed_as_the_cell_shows_them() {
    let handbook = Handbook::own();
    let good = |attributes, content, shown: &str| {
        handbook.write("表.xlsx", cells(&[&[("申请编号", attributes, content)]], "", false));
        let run = batch(&handbook, "表.xlsx", &["--format", "txt", "--force"]);
        assert_eq!(run.code, 0, "{content}: {run:?}");
        assert!(text_of(&handbook, "0001").contains(shown), "{content}");
    };
    good("", "<v>20260031</v>", "20260031");
    good("s=\"2\"", "<v>31</v>", "00000031");
    good("t=\"str\"", "<f>A1</f><v>甲-7</v>", "甲-7");
    for (attributes, content) in [
        ("", "<v>1.2345678901234568E17</v>"),
        ("s=\"3\"", "<v>12000</v>"),
        ("s=\"1\"", "<v>46283</v>"),
        ("t=\"e\"", "<f>X1</f><v>#REF!</v>"),
        ("", "<f>A1+1</f>"),
    ] {
        handbook.write("表.xlsx", cells(&[&[("申请编号", attributes, content)]], "", false));
        let run = batch(&handbook, "表.xlsx", &[]);
        assert!(run.code == 1 && run.stderr.contains("登记!F2（申请编号）"), "{content}: {run:?}");
    }
}

#[test]
fn merged_cells_are_refused_and_hidden_rows_are_said() {
    let handbook = Handbook::own();
    let merged = "<mergeCells count=\"1\"><mergeCell ref=\"D2:D3\"/></mergeCells>";
    handbook.write("表.xlsx", cells(&[&[], &[], &[]], merged, false));
    let run = batch(&handbook, "表.xlsx", &[]);
    // kind: merged-cell
    assert!(run.code == 1 && run.stderr.contains("D2:D3 是合并的单元格"), "{run:?}");
    assert!(run.stdout.contains("生成 1 份；2 行有错"), "{run:?}");
    let hidden = rewritten(&cells(&[&[], &[]], "", false), |_, text| {
        text.replace("<row r=\"3\">", "<row r=\"3\" hidden=\"1\">")
    });
    handbook.write("藏.xlsx", hidden);
    let run = batch(&handbook, "藏.xlsx", &["--force"]);
    // kind: hidden-row
    assert!(run.code == 0 && run.stderr.contains("第 3 行在表里是隐藏的"), "{run:?}");
}

#[test]
fn columns_that_miss_or_are_unknown_or_twice_stop_the_batch() {
    let handbook = Handbook::own();
    let text = csv(&[&[]]);
    let said = |text: String| {
        handbook.write("表.csv", text);
        let run = batch(&handbook, "表.csv", &[]);
        assert!(run.code == 1 && !handbook.path("文书").exists(), "{run:?}");
        run.stderr
    };
    // kind: missing-column
    assert!(said(text.replacen("落款日期,", "落款日,", 1)).contains("您是不是要写「落款日期」"));
    assert!(said(text.replacen("落款日期,", "落款日,", 1)).contains("缺少「落款日期」这一列"));
    // kind: unknown-column
    assert!(said(text.replacen("申请编号,", "备注,", 1)).contains("不认识「备注」这一列"));
    // kind: unclear-column
    assert!(said(text.replacen("申请编号,", "文号,", 1)).contains("「文号」有两列"));
    let given = text.replacen("落款日期,", "联系人,", 1);
    handbook.write("表.csv", given.replacen("联系人,", "", 1).replacen("2026-10-22,", "", 1));
    let run = batch(&handbook, "表.csv", &["--date", "2026-10-22", "--set", "联系人=王某"]);
    assert_eq!(run.code, 0, "{run:?}");
}

#[test]
fn a_header_may_carry_marks_and_names_and_stand_below_a_title() {
    let handbook = Handbook::own();
    let text = csv(&[&[]]);
    let head = text.lines().next().unwrap();
    let marked = head
        .replace("落款日期", "＊落款日期（必填）")
        .replace("申请编号", "申请编号 可不填")
        .replace("联系人", "contact_name")
        .replace("申请人姓名或者名称", "\"申请人姓名\n或者名称\"");
    handbook.write("表.csv", format!("2026年答复登记,,\r\n\r\n{}", text.replacen(head, &marked, 1)));
    let run = batch(&handbook, "表.csv", &[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(text_of_results(&handbook).contains("\n4,1,") || text_of_results(&handbook).contains("\n5,1,"));
}

fn text_of_results(handbook: &Handbook) -> String {
    text_of(handbook, "结果")
}

#[test]
fn file_names_are_safe_everywhere_and_different() {
    let handbook = Handbook::own();
    let long = "很".repeat(120);
    let names = ["CON", "a\\b/c:d*e?f\"g<h>i|j", "尾点. . .", long.as_str(), "=1+1", "𠮷野"];
    let rows: Vec<Vec<(&str, &str)>> = names.iter().map(|n| vec![("申请人姓名或者名称", *n)]).collect();
    handbook.write("表.csv", csv(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>()));
    let run = batch(&handbook, "表.csv", &[]);
    assert_eq!(run.code, 0, "{run:?}");
    let all = made(&handbook);
    assert_eq!(all.len(), names.len() + 1);
    for name in all.keys() {
        assert!(name.chars().count() <= 100 && name.len() <= 255, "{name}");
        assert!(!name.contains(['\\', '/', ':', '*', '?', '"', '<', '>', '|']), "{name}");
    }
    assert!(all.contains_key("0001 CON 不予公开告知书（商业秘密）.docx"), "{:?}", all.keys());
    assert!(all.contains_key("0003 尾点 不予公开告知书（商业秘密）.docx"), "{:?}", all.keys());
    let mut twice = csv(&[&[], &[]]);
    let example = &columns()[0].1;
    twice = twice.replacen("文号,", "序号,文号,", 1).replace(example.as_str(), &format!("7,{example}"));
    handbook.write("重.csv", twice);
    let run = handbook.run(&["letter", "batch", "重.csv", "--template", ID, "--out", "重"]);
    assert_eq!(run.code, 0, "{run:?}");
    let names: Vec<String> = files(&handbook.path("重")).into_keys().collect();
    assert!(names[0].starts_with("0007-1 ") && names[1].starts_with("0007-2 "), "{names:?}");
}

#[test]
fn nothing_in_the_table_of_results_runs_as_a_formula() {
    let handbook = Handbook::own();
    for bad in ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)"] {
        handbook.write("表.csv", csv(&[&[("提交方式", bad), ("申请人姓名或者名称", bad)]]));
        let run = batch(&handbook, "表.csv", &[]);
        assert_eq!(run.code, 1, "{run:?}");
        let results = text_of_results(&handbook);
        for field in results.split([',', '\n']).map(|f| f.trim_start_matches('"')) {
            assert!(!field.starts_with(['=', '+', '-', '@']), "{results}");
        }
    }
}

#[test]
fn a_file_that_was_edited_is_kept_and_said() {
    let handbook = Handbook::own();
    handbook.write("表.csv", csv(&[&[], &[("申请人姓名或者名称", "李某")]]));
    assert_eq!(batch(&handbook, "表.csv", &["--format", "txt"]).code, 0);
    let before = made(&handbook);
    assert_eq!(batch(&handbook, "表.csv", &["--format", "txt"]).code, 0);
    assert_same_files(&before, &made(&handbook));
    let name = before.keys().next().unwrap().clone();
    handbook.write(&format!("文书/{name}"), "改过");
    let run = batch(&handbook, "表.csv", &["--format", "txt"]);
    assert!(run.code == 1 && run.stdout.contains("1 份没有动"), "{run:?}");
    assert_eq!(made(&handbook)[&name], "改过".as_bytes());
    assert!(text_of_results(&handbook).contains("没有动：已有同名文件"));
    assert_eq!(batch(&handbook, "表.csv", &["--format", "txt", "--force"]).code, 0);
    assert_same_files(&before, &made(&handbook));
    handbook.write("文书/结果.csv", "我的表");
    let run = batch(&handbook, "表.csv", &["--format", "txt"]);
    assert!(run.code == 2 && run.stderr.contains("没有动它"), "{run:?}");
}

#[test]
fn a_file_that_no_row_is_for_any_more_is_kept_and_said() {
    let handbook = Handbook::own();
    let rows = |names: [&str; 2]| {
        let text: String = csv(&[&[("申请人姓名或者名称", names[0])], &[("申请人姓名或者名称", names[1])]]);
        handbook.write("表.csv", text);
        batch(&handbook, "表.csv", &["--format", "txt"])
    };
    assert_eq!(rows(["张某", "李某"]).code, 0);
    let old = made(&handbook);
    for _ in 0..2 {
        let run = rows(["章某", "李某"]);
        assert!(run.code == 0 && run.stdout.contains("1 个文件是上次生成、这次没有对应的行"), "{run:?}");
        let name = "0001 张某 不予公开告知书（商业秘密）.txt";
        assert_eq!(made(&handbook)[name], old[name]);
        let results = text_of_results(&handbook);
        assert!(results.contains(&format!("\r\n,,{name},上次生成、这次没有对应的行,,")), "{results}");
        assert_eq!(results.matches("没有对应的行").count(), 1, "{results}");
    }
    // A row with a mistake still has its file; and what was deleted is not spoken of.
    fs::remove_file(handbook.path("文书/0001 张某 不予公开告知书（商业秘密）.txt")).unwrap();
    let run = rows(["章某", ""]);
    assert!(run.code == 1 && !run.stdout.contains("没有对应的行"), "{run:?}");
}

#[test]
fn a_batch_that_was_killed_and_run_again_leaves_the_identical_folder() {
    let handbook = Handbook::own();
    let rows: Vec<Vec<(&str, &str)>> = (0..300).map(|_| vec![]).collect();
    handbook.write("表.csv", csv(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>()));
    let whole = handbook.run(&["letter", "batch", "表.csv", "--template", ID, "--out", "整"]);
    assert_eq!(whole.code, 0, "{whole:?}");
    let count = || fs::read_dir(handbook.path("文书")).map_or(0, Iterator::count);
    let mut killed = 0;
    for least in [2, 40, 120] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_gongkai"))
            .current_dir(handbook.root())
            .args(["letter", "batch", "表.csv", "--template", ID, "--out", "文书"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let start = Instant::now();
        while count() < least && start.elapsed() < Duration::from_secs(120) {
            std::thread::sleep(Duration::from_millis(1));
        }
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            killed += 1;
        }
        child.wait().unwrap();
    }
    assert!(killed > 0 && !handbook.path("文书/结果.csv").exists(), "{killed}");
    // What a kill at the worst moment leaves.
    handbook.write("文书/.gongkai-batch-Ab12cd", "半份");
    let again = batch(&handbook, "表.csv", &[]);
    assert_eq!(again.code, 0, "{again:?}");
    assert_same_files(&files(&handbook.path("整")), &made(&handbook));
}

#[test]
fn two_batches_never_write_into_one_folder_at_once() {
    let handbook = Handbook::own();
    handbook.write("表.csv", csv(&[&[]]));
    fs::create_dir(handbook.path("文书")).unwrap();
    let lock = File::create(handbook.path("文书/.gongkai-batch")).unwrap();
    lock.lock().unwrap();
    let run = batch(&handbook, "表.csv", &[]);
    assert!(run.code == 2 && run.stderr.contains("另一个 gongkai"), "{run:?}");
}

// Numbers from the register

const REGISTER: &str = "numbers.csv";

/// A table of so many rows whose numbers are to be taken, for applicants of this name.
fn counted(applicant: &str, rows: usize) -> String {
    let names: Vec<String> = (1..=rows).map(|n| format!("{applicant}{n}")).collect();
    let rows: Vec<[(&str, &str); 2]> =
        names.iter().map(|name| [("文号", "自动"), ("申请人姓名或者名称", name.as_str())]).collect();
    csv(&rows.iter().map(<[_; 2]>::as_slice).collect::<Vec<_>>())
}

/// The serials of the register, in its order, and what each was taken for.
fn register(handbook: &Handbook) -> Vec<(u32, String)> {
    let text = handbook.read(REGISTER);
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        (cells[2].parse().unwrap(), cells[5].to_owned())
    };
    text.lines().skip(1).map(row).collect()
}

fn in_order(table: &str, serials: impl IntoIterator<Item = u32>) -> Vec<(u32, String)> {
    (1..).zip(serials).map(|(row, serial): (u32, u32)| (serial, format!("{table}#{row}"))).collect()
}

#[test]
fn rows_take_their_numbers_in_order_and_a_bad_row_takes_none() {
    let handbook = Handbook::own();
    let text = counted("张某", 4);
    let bad = text.replacen("张某2", "", 1);
    handbook.write("表.csv", &bad);
    let run = batch(&handbook, "表.csv", &["--format", "txt"]);
    assert!(run.code == 1 && run.stdout.contains("生成 3 份；1 行有错"), "{run:?}");
    let taken = |row: u32, serial: u32| (serial, format!("表.csv#{row}"));
    assert_eq!(register(&handbook), [taken(1, 1), taken(3, 2), taken(4, 3)]);
    assert!(text_of(&handbook, "0003").contains("〔2026〕2号") && !handbook.read(REGISTER).contains("张某"));
    let (before, results) = (made(&handbook), text_of_results(&handbook));
    assert!(results.contains(",文号 示例公开〔2026〕2号\r\n"), "{results}");
    // Again: nobody gets another number, and the row that was put right gets the next.
    assert_eq!(batch(&handbook, "表.csv", &["--format", "txt"]).code, 1);
    assert_same_files(&before, &made(&handbook));
    handbook.write("表.csv", text);
    assert_eq!(batch(&handbook, "表.csv", &["--format", "txt"]).code, 0);
    assert_eq!(register(&handbook), [taken(1, 1), taken(3, 2), taken(4, 3), taken(2, 4)]);
    assert!(text_of(&handbook, "0002").contains("〔2026〕4号"));
    let other = ["letter", "batch", "表.csv", "--template", ID, "--out", "另", "--format", "txt"];
    assert_eq!(handbook.run(&other).code, 0);
    assert_eq!(register(&handbook).len(), 4, "the same letter into another folder is the same letter");
    assert_same_files(&files(&handbook.path("文书")), &files(&handbook.path("另")));
}

#[test]
fn a_batch_with_numbers_that_was_killed_and_run_again_leaves_the_identical_folder() {
    const ROWS: u32 = 450;
    let handbook = Handbook::own();
    handbook.write("表.csv", counted("张某", ROWS as usize));
    let arguments = ["letter", "batch", "表.csv", "--template", ID, "--out", "文书"];
    let count = || fs::read_dir(handbook.path("文书")).map_or(0, Iterator::count);
    let mut killed = 0;
    for least in [0, 3, 150, 300] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_gongkai"))
            .current_dir(handbook.root())
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let start = Instant::now();
        while (count() < least || least == 0 && !handbook.path(REGISTER).exists())
            && start.elapsed() < Duration::from_secs(120)
        {
            std::thread::sleep(Duration::from_millis(1));
        }
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            killed += 1;
        }
        child.wait().unwrap();
    }
    assert!(killed > 0 && !handbook.path("文书/结果.csv").exists(), "{killed}");
    let again = handbook.run(&arguments);
    assert_eq!(again.code, 0, "{again:?}");
    assert_eq!(register(&handbook), in_order("表.csv", 1..=ROWS), "in order, no gap, nothing twice");
    let whole = Handbook::own();
    whole.write("表.csv", counted("张某", ROWS as usize));
    assert_eq!(whole.run(&arguments).code, 0);
    assert_same_files(&files(&whole.path("文书")), &made(&handbook));
}

#[test]
fn batches_at_once_never_take_the_same_number() {
    const ROWS: u32 = 210;
    let handbook = Handbook::own();
    let tables = ["甲.csv", "乙.csv"];
    tables.iter().for_each(|table| handbook.write(table, counted("张某", ROWS as usize)));
    std::thread::scope(|scope| {
        for table in tables {
            let handbook = &handbook;
            scope.spawn(move || {
                let out = table.trim_end_matches(".csv");
                let run = handbook.run(&["letter", "batch", table, "--template", ID, "--out", out]);
                assert_eq!(run.code, 0, "{run:?}");
            });
        }
    });
    let all = register(&handbook);
    assert_eq!(all.iter().map(|row| row.0).collect::<Vec<_>>(), (1..=2 * ROWS).collect::<Vec<_>>());
    for table in tables {
        let own: Vec<(u32, String)> = all.iter().filter(|row| row.1.starts_with(table)).cloned().collect();
        assert_eq!(own, in_order(table, own.iter().map(|row| row.0)), "each in the order of its rows");
        assert_eq!(own.len(), ROWS as usize);
    }
}

#[test]
fn from_and_set_and_an_own_register_go_with_a_batch() {
    let handbook = Handbook::own();
    handbook.write("表.csv", counted("张某", 2).replace("自动", ""));
    let more = ["--set", "文号=自动", "--from", "12", "--register", "共享.csv", "--format", "txt"];
    for _ in 0..2 {
        let run = batch(&handbook, "表.csv", &more);
        assert_eq!(run.code, 0, "may be said again when it is run again: {run:?}");
        assert_eq!(handbook.read("共享.csv").lines().count(), 3);
    }
    assert!(text_of(&handbook, "0002").contains("〔2026〕13号"));
    handbook.write("乙.csv", counted("李某", 1));
    let run = batch(&handbook, "乙.csv", &["--from", "30", "--register", "共享.csv"]);
    assert!(run.code == 1 && run.stderr.contains("已经到 13 号"), "{run:?}");
}

#[test]
fn a_file_in_the_way_keeps_a_row_from_taking_a_number() {
    let handbook = Handbook::own();
    handbook.write("表.csv", counted("张某", 1));
    handbook.write("文书/0001 张某1 不予公开告知书（商业秘密）.txt", "旧");
    let run = batch(&handbook, "表.csv", &["--format", "txt"]);
    assert!(run.code == 1 && run.stdout.contains("1 份没有动"), "{run:?}");
    assert!(!handbook.path(REGISTER).exists() && text_of_results(&handbook).contains("没有取文号"));
    assert_eq!(batch(&handbook, "表.csv", &["--format", "txt", "--force"]).code, 0);
    assert_eq!(register(&handbook), in_order("表.csv", [1]));
    // A request file cannot take what is a row's.
    handbook.run(&["letter", "new", ID, "--example", "-o", "一.toml"]);
    let request = handbook.read("一.toml");
    let line = request.lines().find(|l| l.starts_with("number = ")).unwrap().to_owned();
    handbook.write("一.toml", request.replace(&line, "number = \"示例公开〔2026〕1号\""));
    let run = handbook.run(&["letter", "number", "一.toml"]);
    assert!(run.code == 1 && run.stderr.contains("登记给了表格 表.csv 序号 1 的那一行"), "{run:?}");
}

#[test]
fn a_row_that_is_not_known_again_takes_no_number() {
    let handbook = Handbook::own();
    let refused = |text: &str, words: &str| {
        handbook.write("表.csv", text);
        let before = fs::read(handbook.path(REGISTER)).ok();
        let run = batch(&handbook, "表.csv", &[]);
        assert!(run.code == 1 && run.stderr.contains(words), "{run:?}");
        assert!(before == fs::read(handbook.path(REGISTER)).ok(), "{run:?}");
    };
    let text = counted("张某", 2);
    // kind: no-counter
    let twice = text.replacen("文号,", "序号,文号,", 1).replace("\n自动", "\n7,自动");
    refused(&twice, "序号 7 有两行");
    handbook.write("表.csv", &text);
    assert_eq!(batch(&handbook, "表.csv", &[]).code, 0);
    let columns = columns();
    let example = &columns.iter().find(|(label, _)| label == "申请编号").unwrap().1;
    refused(&text.replace(example.as_str(), "99990001"), "现在这一行是申请 99990001");
    refused(&text.replace("2026-", "2025-"), "是 2026 年的，落款日期是 2025 年");
    handbook.replace(REGISTER, "示例公开〔2026〕2号,2026,2,", "示例公开〔2026〕2号,2026,3,");
    refused(&text, "没有取号");
    handbook.replace(REGISTER, "2号,2026,3,", "2号,2026,2,");
    let code = handbook.read("book.toml").lines().find(|l| l.starts_with("code = ")).unwrap().to_owned();
    handbook.replace("book.toml", &code, "");
    refused(&text, "还没有设机关代字");
}

#[test]
fn hostile_cells_are_printed_as_they_are_or_refused() {
    let handbook = Handbook::own();
    for text in ["{{agency_name}}", "@signature 假", "<w:p>&amp;", "甲\"乙", "## 标题"] {
        handbook.write("表.csv", csv(&[&[("申请内容原文", text)]]));
        let run = batch(&handbook, "表.csv", &["--format", "txt", "--force"]);
        if run.code == 0 {
            assert!(text_of(&handbook, "0001").contains(text), "{text}");
        } else {
            assert!(run.stderr.contains("（申请内容原文）"), "{text}: {run:?}");
        }
    }
}

// Chinese keys

#[test]
fn chinese_labels_are_keys_of_a_request_file_and_of_the_command_line() {
    let handbook = Handbook::own();
    let id = "grant-in-part";
    handbook.run(&["letter", "new", id, "--example", "-o", "英.toml"]);
    let english = handbook.run(&["letter", "fill", "英.toml", "--format", "txt", "-o", "-"]);
    let mut text = handbook.read("英.toml").replace("\nletter = ", "\n\"文书\" = ");
    for parameter in letter::fields(corpus(), &corpus().clauses[id].header) {
        text = text.replace(&format!("\n{} = ", parameter.name), &format!("\n\"{}\" = ", parameter.label));
        for column in &parameter.columns {
            text = text.replace(&format!(" {} = \"", column.name), &format!(" \"{}\" = \"", column.label));
        }
    }
    handbook.write("中.toml", &text);
    let chinese = handbook.run(&["letter", "fill", "中.toml", "--format", "txt", "-o", "-"]);
    assert!(english.code == 0 && english.stdout == chinese.stdout, "{english:?}\n{chinese:?}");
    let set = ["letter", "fill", "中.toml", "--set", "申请人姓名或者名称=李某", "--format", "txt", "-o", "-"];
    let run = handbook.run(&set);
    assert!(run.code == 0 && run.stdout.contains("李某"), "{run:?}");
    handbook.write("双.toml", format!("{text}\napplicant = \"李某\"\n"));
    let run = handbook.run(&["letter", "fill", "双.toml"]);
    // kind: given-twice
    assert!(run.code == 1 && run.stderr.contains("是同一项，写了两次"), "{run:?}");
    handbook.write("裸.toml", text.replace("\"申请编号\" = ", "申请编号 = "));
    let run = handbook.run(&["letter", "fill", "裸.toml"]);
    assert!(run.code == 1 && run.stderr.contains("中文名称两头也要加英文双引号"), "{run:?}");
}

#[test]
fn a_letter_is_named_by_its_id_its_title_or_its_code_everywhere() {
    let handbook = Handbook::own();
    let title = corpus().clauses[ID].header.title.as_str();
    handbook.write("表.csv", csv(&[&[]]));
    for word in [ID, title] {
        for arguments in [
            vec!["letter", "show", word],
            vec!["letter", "new", word],
            vec!["letter", "sheet", word, "--force"],
            vec!["letter", "batch", "表.csv", "--template", word, "--out", "文书"],
        ] {
            let run = handbook.run(&arguments);
            assert_eq!(run.code, 0, "{arguments:?} {run:?}");
        }
    }
    let coded = corpus().outcome(&corpus().clauses[ID].header.outcome).unwrap().code.clone();
    let run = handbook.run(&["letter", "show", &coded]);
    assert!(run.code == 0 && !run.stdout.contains(&coded), "{run:?}");
    for command in ["show", "new", "sheet"] {
        let run = handbook.run(&["letter", command, "信息不存在告知"]);
        assert!(run.code == 2 && run.stderr.contains("您是不是要写"), "{run:?}");
    }
}

// The names of the sheets

#[test]
fn sheets_have_names_that_spreadsheets_take() {
    for entry in corpus().clauses.values() {
        let Some(plan) = sheet::plan(corpus(), &entry.header, &Agency::default(), &Answers::new()) else {
            continue;
        };
        let names: Vec<&str> = plan.pages.iter().map(|p| p.name.as_str()).collect();
        for name in &names {
            assert!(
                name.chars().count() <= 31 && !name.contains(['[', ']', ':', '*', '?', '/', '\\']),
                "{name}"
            );
            assert_eq!(names.iter().filter(|other| *other == name).count(), 1);
        }
    }
}
