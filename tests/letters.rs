//! Letters: from a request file, the command line or answers to a finished document, and what is refused on the way.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its files stops")]

use crate::common;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Cursor, Read};
use std::sync::OnceLock;

use common::{Handbook, Run, assert_snapshot, files, project, skipped};
use gongkai::letter::{self, Answer, Input, Letter, Request};
use gongkai::text::Report;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value as Json;

// What the tests start from

/// The fields of every letter of the project's own handbook, by the letter's id.
fn letters() -> &'static BTreeMap<String, Vec<Json>> {
    static LETTERS: OnceLock<BTreeMap<String, Vec<Json>>> = OnceLock::new();
    LETTERS.get_or_init(|| {
        let corpus = &project().corpus;
        let clauses = corpus.clauses.values().map(|entry| &entry.header);
        let all: BTreeMap<String, Vec<Json>> = clauses
            .map(|clause| {
                let example = Request::example(corpus, clause).answers;
                let field = |parameter| {
                    let mut field = serde_json::to_value(parameter).unwrap();
                    let name = field["name"].as_str().unwrap();
                    // What the letter's own example says of the field, which may be nothing.
                    field["example"] = example.get(name).map_or(Json::from(""), answer);
                    field
                };
                (clause.id.clone(), letter::fields(corpus, clause).into_iter().map(field).collect())
            })
            .collect();
        assert!(all.len() >= 10, "{:?}", all.keys());
        all
    })
}

/// An answer as it stands in a request file.
fn answer(answer: &Answer) -> Json {
    match answer {
        Answer::Text(text) => Json::from(text.clone()),
        Answer::Date(date) => Json::from(date.to_string()),
        Answer::Count(n) => Json::from(*n),
        Answer::List(lines) => Json::from(lines.clone()),
        Answer::Rows(rows) => serde_json::to_value(rows).unwrap(),
        Answer::Replies(replies) => replies
            .iter()
            .map(|reply| {
                let mut all: BTreeMap<String, Json> =
                    reply.answers.iter().map(|(name, said)| (name.clone(), self::answer(said))).collect();
                all.insert("letter".to_owned(), Json::from(reply.letter.clone()));
                serde_json::to_value(all).unwrap()
            })
            .collect(),
    }
}

/// Fills a letter in this process; what is wrong with the request is the error.
fn filled(text: &str) -> Result<Letter, String> {
    let (project, mut report) = (project(), Report::default());
    let input = Input { path: "request.toml", text, set: &[] };
    let letter = Request::read(&project.corpus, &project.agency, input, &mut report)
        .and_then(|request| letter::fill(&project.corpus, &request, &mut report));
    let mut sources = project.sources.clone();
    sources.insert("request.toml", text);
    letter.ok_or_else(|| report.render(&sources, false))
}

/// A request with the examples of a letter's fields, each given a chance to change.
fn request(id: &str, change: impl Fn(&Json, &mut Json)) -> String {
    let mut out = format!("letter = \"{id}\"\n");
    for field in &letters()[id] {
        let mut value = field["example"].clone();
        change(field, &mut value);
        out.push_str(&format!("{} = {}\n", field["name"].as_str().unwrap(), toml(&value)));
    }
    out
}

/// A value as TOML on one line; JSON's strings, numbers and lists are TOML, its tables are not.
fn toml(value: &Json) -> String {
    match value {
        Json::Array(items) => format!("[{}]", items.iter().map(toml).collect::<Vec<_>>().join(", ")),
        Json::Object(cells) => {
            let cells: Vec<String> =
                cells.iter().map(|(name, value)| format!("{name} = {}", toml(value))).collect();
            format!("{{ {} }}", cells.join(", "))
        }
        // JSON leaves DEL as it is, TOML refuses it.
        other => other.to_string().replace('\u{7f}', "\\u007F"),
    }
}

/// A bare handbook with one letter that has a field of every kind, each required.
fn every_kind() -> Handbook {
    let handbook = Handbook::bare();
    let field = |name: &str, label: &str, kind: &str, rest: &str| {
        format!(
            "\n[[parameters]]\nname = \"{name}\"\nlabel = \"{label}\"\ntype = \"{kind}\"\nrequired = true\n\
             help = \"{label}怎么填。\"\n{rest}\n"
        )
    };
    let fields = [
        field("subject_line", "一行", "line", "example = \"甲\""),
        field("day", "日期", "date", "example = \"2026-11-20\"\nnot_after = \"date\""),
        field("days", "数字", "count", "example = 20\nmax = 20"),
        field("way", "方式", "choice", "example = \"邮寄\"\nchoices = [\"当面\", \"邮寄\"]"),
        field("names", "几条", "list", "example = [\"甲\", \"乙\"]"),
        field(
            "rows",
            "表",
            "rows",
            "example = [{ part = \"甲\", why = \"乙\" }]\ncolumns = [\n  { name = \"part\", label = \"部分\", required = true },\n  \
             { name = \"why\", label = \"理由\" },\n]",
        ),
    ];
    handbook.replace(
        "templates/clauses/example-notice.hbs",
        "+++\n{{!-- 一行就是一段。能用的写法见说明文档 CONTRIBUTING --}}\n现将有关情况告知如下：\n",
        &format!(
            "{}+++\n{{{{subject_line}}}}，{{{{day}}}}，{{{{days}}}}，{{{{way}}}}。\n@table 序号|部分|理由\n{{{{#each rows}}}}\n\
             @row {{{{ordinal @index}}}}|{{{{part}}}}|{{{{why}}}}\n{{{{/each}}}}\n{{{{#each names}}}}\n@attachment {{{{this}}}}\n{{{{/each}}}}\n",
            fields.concat()
        ),
    );
    // Nothing comes from the agency's settings, so every field is asked for.
    handbook.replace("templates/letters/notice.hbs", "agency = \"name\"\n", "");
    handbook
}

const EVERY_KIND: &str = "\
letter = \"example-notice\"
applicant = \"张某\"
agency_name = \"示例市某局\"
date = \"2026-11-23\"
reason = \"理由一。\"
subject_line = \"甲\"
day = \"2026-11-20\"
days = 20
way = \"邮寄\"
names = [\"甲\", \"乙\"]
rows = [{ part = \"甲\", why = \"乙\" }]
";

#[track_caller]
fn fine(run: Run) -> Run {
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    run
}

/// A request of [`EVERY_KIND`] with one line changed, given to `fill` as text.
fn fill_changed(name: &str, value: &str) -> Run {
    let handbook = every_kind();
    let lines: Vec<String> = EVERY_KIND
        .lines()
        .map(|line| match line.split_once(" = ") {
            Some((found, _)) if found == name => format!("{name} = {value}"),
            _ => line.to_owned(),
        })
        .collect();
    let text = lines.join("\n") + "\n";
    assert_ne!(text, EVERY_KIND, "{name}");
    handbook.write("request.toml", text);
    let run = handbook.run(&["letter", "fill", "request.toml", "--format", "txt"]);
    assert_eq!(handbook.path("request.txt").exists(), run.code == 0, "{run:?}");
    run
}

/// What `fill` says about a changed request that it must refuse with exit code 1.
#[track_caller]
fn refused(name: &str, value: &str) -> String {
    let run = fill_changed(name, value);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{run:?}");
    run.stderr
}

// The same bytes

/// The request files that `letter new ID --example` prints, by id.
fn examples() -> &'static BTreeMap<String, String> {
    static EXAMPLES: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    EXAMPLES.get_or_init(|| {
        let handbook = Handbook::own();
        let example = |id: &String| fine(handbook.run(&["letter", "new", id, "--example"])).stdout;
        letters().keys().map(|id| (id.clone(), example(id))).collect()
    })
}

/// Every letter, filled from its example twice in this process.
fn twice() -> &'static BTreeMap<String, [Letter; 2]> {
    static TWICE: OnceLock<BTreeMap<String, [Letter; 2]>> = OnceLock::new();
    TWICE.get_or_init(|| {
        let fill = |text: &String| [(); 2].map(|()| filled(text).unwrap());
        examples().iter().map(|(id, text)| (id.clone(), fill(text))).collect()
    })
}

/// Writes what was filled twice, and has letter in `step` filled by the program too.
fn same_bytes(format: &str, step: usize, write: impl Fn(&Letter) -> Vec<u8>) {
    let handbook = Handbook::own();
    for (nth, (id, [one, other])) in twice().iter().enumerate() {
        let bytes = write(one);
        assert!(bytes.len() > 150 && bytes == write(other), "{id}");
        if nth % step == 0 {
            handbook.write(&format!("{id}.toml"), &examples()[id]);
            fine(handbook.run(&["letter", "fill", &format!("{id}.toml"), "--format", format]));
            assert!(bytes == fs::read(handbook.path(format!("{id}.{format}"))).unwrap(), "{id}");
        }
    }
}

#[test]
fn every_letter_filled_twice_from_its_example_is_the_same_docx() {
    same_bytes("docx", 1, |letter| letter::docx::write(letter).unwrap());
}

#[test]
fn every_letter_filled_twice_from_its_example_is_the_same_text() {
    same_bytes("txt", 6, |letter| letter::text(letter).into_bytes());
}

#[test]
fn every_letter_filled_twice_from_its_example_is_the_same_markdown() {
    same_bytes("md", 6, |letter| letter::markdown(letter).into_bytes());
}

#[test]
fn a_docx_is_an_archive_whose_first_part_is_the_content_types() {
    let bytes = letter::docx::write(&filled(&request("grant", |_, _| {})).unwrap()).unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    assert_eq!(archive.by_index(0).unwrap().name().unwrap(), "[Content_Types].xml");
    assert!(archive.by_name("word/document.xml").is_ok());
}

// Skeletons

#[test]
fn an_unfilled_skeleton_is_answered_with_every_required_field_at_once() {
    let handbook = every_kind();
    fine(handbook.run(&["letter", "new", "example-notice", "-o", "request.toml"]));
    let run = handbook.run(&["letter", "fill", "request.toml"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{run:?}");
    assert!(!handbook.path("request.docx").exists());
    assert_snapshot!(run.stderr);
}

#[test]
fn a_skeleton_explains_every_field_in_comments() {
    assert_snapshot!(fine(every_kind().run(&["letter", "new", "example-notice"])).stdout);
}

#[test]
fn the_unfilled_skeleton_of_every_letter_is_answered_with_each_required_field_and_no_other() {
    let handbook = Handbook::own();
    for (id, fields) in letters() {
        let skeleton = fine(handbook.run(&["letter", "new", id])).stdout;
        let said = filled(&skeleton).unwrap_err();
        for field in fields {
            let (name, label) = (field["name"].as_str().unwrap(), field["label"].as_str().unwrap());
            // What the agency's settings give stands in the skeleton as a comment.
            let settled = skeleton.contains(&format!("\n# {name} = "));
            let missing = field["required"].as_bool().unwrap() && !settled;
            let reported = said.lines().any(|line| line.contains(&format!("「{label}」（{name}）")));
            assert_eq!(missing, reported, "{id} {name}:\n{said}");
            assert!(skeleton.contains(&format!("【{label}】")), "{id} {name}");
        }
    }
}

#[test]
fn a_field_that_the_agencys_settings_give_need_not_be_filled() {
    let run = fill_letter_without("contact_name");
    assert!(run.contains("联系人：王某"), "{run}");
}

/// The text of a letter whose request lacks a field.
fn fill_letter_without(name: &str) -> String {
    let text: String = request("grant", |_, _| {})
        .lines()
        .filter(|l| !l.starts_with(&format!("{name} = ")))
        .map(|l| format!("{l}\n"))
        .collect();
    letter::text(&filled(&text).unwrap())
}

// Values are never structure

/// Words that are structure somewhere: in Markdown, in templates, in the lines of letters, in XML, in tables.
const HOSTILE: [&str; 17] = [
    "# 标题",
    "## ",
    "##",
    "> 引用",
    "{{applicant}}",
    "{{> remedy}}",
    "<w:p>",
    "</w:t></w:r></w:p><w:p>",
    "a|b",
    "@title x",
    "@row 1|2",
    "&amp;号",
    "1. 一",
    "- 一",
    "```",
    "[字](https://example.com)",
    r"甲\n乙",
];

/// A request in which every value that is text begins with `words` and ends with a number of its own.
fn with_words(id: &str, words: &str) -> (String, Vec<String>) {
    let written = std::cell::RefCell::new(vec![]);
    // Some examples stay at the end: those that name a law, and the number of the document.
    let write = |example: &str| {
        let mut written = written.borrow_mut();
        let value = format!("{words}其{}{example}", written.len() + 100);
        written.push(value.clone());
        Json::from(value)
    };
    let text = request(id, |field, value| match field["type"].as_str().unwrap() {
        "line" => {
            let example = value.as_str().unwrap().to_owned();
            let kept = field["name"] == "number" || example.contains(['《', '条']);
            *value = write(if kept { &example } else { "" });
        }
        "text" => *value = write(""),
        "list" => value.as_array_mut().unwrap().iter_mut().for_each(|item| *item = write("")),
        "rows" => {
            let cells = value
                .as_array_mut()
                .unwrap()
                .iter_mut()
                .flat_map(|row| row.as_object_mut().unwrap().values_mut());
            cells.for_each(|cell| *cell = write(cell.as_str().unwrap()));
        }
        _ => {}
    });
    (text, written.into_inner())
}

#[test]
fn no_value_of_a_field_becomes_structure_in_text() {
    for id in letters().keys() {
        for words in HOSTILE {
            let (request, values) = with_words(id, words);
            let text = letter::text(&filled(&request).unwrap_or_else(|said| panic!("{id} {words}:\n{said}")));
            for value in values {
                assert!(text.contains(&value), "{id}: {value} in\n{text}");
            }
        }
    }
}

#[test]
fn no_value_of_a_field_becomes_structure_in_docx() {
    for id in letters().keys() {
        let plain = document(&filled(&with_words(id, "字").0).unwrap());
        assert!(plain.paragraphs.len() >= if id == "envelope" { 5 } else { 9 }, "{id}");
        for words in HOSTILE {
            let (request, values) = with_words(id, words);
            let found = document(&filled(&request).unwrap());
            assert_eq!(plain.elements, found.elements, "{id}: {words}");
            for value in values {
                assert!(found.paragraphs.iter().any(|text| text.contains(&value)), "{id}: {value}");
            }
        }
    }
}

#[test]
fn no_value_of_a_field_becomes_structure_in_markdown() {
    for id in letters().keys() {
        let plain = markdown(&filled(&with_words(id, "字").0).unwrap());
        for words in HOSTILE {
            let (request, values) = with_words(id, words);
            let found = markdown(&filled(&request).unwrap());
            assert_eq!(plain.elements, found.elements, "{id}: {words}");
            for value in values {
                assert!(found.paragraphs.iter().any(|text| text.contains(&value)), "{id}: {value}");
            }
        }
    }
}

/// A document as a reader of its format sees it.
struct Seen {
    /// The elements that make paragraphs and tables, in order.
    elements: Vec<String>,
    /// The text of each paragraph.
    paragraphs: Vec<String>,
}

fn document(letter: &Letter) -> Seen {
    let mut archive = zip::ZipArchive::new(Cursor::new(letter::docx::write(letter).unwrap())).unwrap();
    let mut xml = String::new();
    archive.by_name("word/document.xml").unwrap().read_to_string(&mut xml).unwrap();
    let (mut reader, mut seen) = (Reader::from_str(&xml), Seen { elements: vec![], paragraphs: vec![] });
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) => {
                let name = tag.name();
                let name: &str = name.as_ref();
                if name == "w:p" {
                    seen.paragraphs.push(String::new());
                }
                // Long titles are broken into lines and long cells are set smaller.
                if ["w:p", "w:tbl", "w:tr", "w:tc", "w:pStyle", "w:sectPr"].contains(&name) {
                    let style =
                        tag.attributes().flatten().find(|a| a.key.as_ref() == "w:val" && name == "w:pStyle");
                    let style = style.map(|a| a.value.into_owned()).unwrap_or_default();
                    seen.elements.push(format!("{name} {style}"));
                }
            }
            Event::Text(text) => {
                if let Some(paragraph) = seen.paragraphs.last_mut() {
                    paragraph.push_str(&text.xml10_content());
                }
            }
            Event::GeneralRef(name) => {
                let sign = match name.into_inner().as_ref() {
                    "amp" => '&',
                    "lt" => '<',
                    "gt" => '>',
                    "quot" => '"',
                    "apos" => '\'',
                    other => panic!("&{other};"),
                };
                seen.paragraphs.last_mut().unwrap().push(sign);
            }
            Event::Eof => return seen,
            _ => {}
        }
    }
}

fn markdown(letter: &Letter) -> Seen {
    use pulldown_cmark::{Event, Options, Parser};
    let text = letter::markdown(letter);
    let mut seen = Seen { elements: vec![], paragraphs: vec![String::new()] };
    for event in Parser::new_ext(&text, Options::all()) {
        match event {
            Event::Start(tag) => {
                seen.elements.push(format!("{tag:?}"));
                seen.paragraphs.push(String::new());
            }
            Event::Text(text) => seen.paragraphs.last_mut().unwrap().push_str(&text),
            Event::End(_) => {}
            other => seen.elements.push(format!("{other:?}")),
        }
    }
    seen
}

// Characters

#[test]
fn a_character_that_is_none_is_refused_with_its_code_point() {
    assert_snapshot!(refused("subject_line", r#""甲\uFFFE乙""#));
}

#[test]
fn a_zero_width_space_is_refused_with_its_code_point() {
    assert_snapshot!(refused("reason", r#""甲\u200B乙""#));
}

#[test]
fn a_line_break_in_a_line_is_refused() {
    // kind: line-break
    assert_snapshot!(refused("subject_line", r#""甲\n乙""#));
}

#[test]
fn characters_that_no_letter_may_hold_are_refused_in_every_kind_of_text() {
    for code in [
        "0000", "0008", "001B", "007F", "0085", "200B", "200F", "2028", "202E", "2060", "E000", "FEFF",
        "FFFE", "FFFF",
    ] {
        let bad = format!("\"甲\\u{code}乙\"");
        let handbook = every_kind();
        let text = EVERY_KIND
            .replace("\"张某\"", &bad)
            .replace("\"理由一。\"", &bad)
            .replace("[\"甲\", \"乙\"]", &format!("[\"甲\", {bad}]"))
            .replace("part = \"甲\", why = \"乙\"", &format!("part = {bad}, why = {bad}"));
        handbook.write("request.toml", text);
        let run = handbook.run(&["letter", "fill", "request.toml"]);
        assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{run:?}");
        assert_eq!(run.stderr.matches(&format!("字符 U+{code}\n")).count(), 5, "{run:?}");
    }
}

#[test]
fn a_line_break_is_refused_in_the_items_of_a_list_and_in_the_cells_of_a_table() {
    for (name, value) in [("names", r#"["甲\n乙"]"#), ("rows", r#"[{ part = "甲\n乙" }]"#)] {
        let said = refused(name, value);
        assert!(said.contains("只能写一行"), "{name} = {value}:\n{said}");
    }
}

#[test]
fn a_text_field_of_three_lines_becomes_three_paragraphs() {
    let handbook = every_kind();
    handbook.write(
        "request.toml",
        EVERY_KIND.replace("\"理由一。\"", "\"\"\"\n理由一。\n\n理由二。\n理由三。\n\"\"\""),
    );
    let text = fine(handbook.run(&["letter", "fill", "request.toml", "--format", "txt", "-o", "-"])).stdout;
    assert!(text.contains("\n　　理由一。\n　　理由二。\n　　理由三。\n"), "{text}");
}

// Wrong values

#[test]
fn a_day_that_does_not_exist_is_refused() {
    assert_snapshot!(refused("day", "\"2026-02-30\""));
}

#[test]
fn a_date_later_than_the_one_it_must_not_be_later_than_is_refused() {
    // kind: date-order
    assert_snapshot!(refused("day", "\"2026-11-24\""));
}

#[test]
fn a_mark_at_the_end_of_an_answer_that_the_letter_sets_itself_is_refused() {
    // kind: doubled-mark
    assert_snapshot!(refused("subject_line", "\"甲，\""));
}

#[test]
fn an_article_that_does_not_exist_is_refused_in_an_answer() {
    assert_snapshot!(refused("subject_line", "\"依《示例规定》第九条\""));
}

#[test]
fn the_kind_of_letter_cannot_be_changed_on_the_command_line() {
    let handbook = every_kind();
    handbook.write("request.toml", EVERY_KIND);
    let run = handbook.run(&["letter", "fill", "request.toml", "--set", "letter=example-notice"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("文书的种类不能在命令行里改"), "{run:?}");
}

#[test]
fn a_request_is_never_written_over_by_its_letter() {
    let handbook = every_kind();
    handbook.write("request.txt", EVERY_KIND);
    let run = handbook.run(&["letter", "fill", "request.txt", "--format", "txt", "--force"]);
    assert_eq!(run.code, 2);
    assert_eq!(handbook.read("request.txt"), EVERY_KIND);
}

#[test]
fn a_number_above_the_largest_is_refused() {
    assert_snapshot!(refused("days", "21"));
}

#[test]
fn a_word_that_is_none_of_the_choices_is_refused() {
    assert_snapshot!(refused("way", "\"传真\""));
}

#[test]
fn a_row_without_a_required_cell_is_refused() {
    assert_snapshot!(refused("rows", "[{ why = \"乙\" }]"));
}

#[test]
fn a_column_that_the_table_does_not_have_is_refused() {
    assert_snapshot!(refused("rows", "[{ part = \"甲\", wy = \"乙\" }]"));
}

#[test]
fn a_letter_that_the_handbook_does_not_have_is_refused() {
    // kind: unknown-letter
    assert_snapshot!(refused("letter", "\"example-notise\""));
}

#[test]
fn an_answer_that_the_letter_would_not_print_is_refused() {
    // kind: not-printed
    let handbook = every_kind();
    handbook.replace(
        "templates/clauses/example-notice.hbs",
        "{{subject_line}}，",
        "{{#if late}}{{subject_line}}，{{/if}}",
    );
    handbook.replace(
        "templates/clauses/example-notice.hbs",
        "\n[[parameters]]\nname = \"day\"",
        "\n[[parameters]]\nname = \"late\"\nlabel = \"补充\"\ntype = \"line\"\nhelp = \"可不填。\"\nexample = \"甲\"\n\n[[parameters]]\nname = \"day\"",
    );
    handbook.replace("templates/clauses/example-notice.hbs", "{{day}}，", "{{day}}，{{late}}");
    handbook.write(
        "request.toml",
        EVERY_KIND.replace("subject_line = \"甲\"", "subject_line = \"没有印出的话\""),
    );
    let run = handbook.run(&["letter", "fill", "request.toml"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{run:?}");
    assert_snapshot!(run.stderr);
}

#[test]
fn a_letter_dated_before_the_request_was_received_is_refused() {
    for id in letters().keys().filter(|id| has_field(id, "received_date")) {
        let text = request(id, |field, value| {
            if field["name"] == "received_date" {
                *value = Json::from("2099-01-01");
            }
        });
        let said = filled(&text).unwrap_err();
        assert!(said.contains("「收到申请的日期」2099-01-01"), "{id}:\n{said}");
    }
}

fn has_field(id: &str, name: &str) -> bool {
    letters()[id].iter().any(|field| field["name"] == name)
}

/// Whether a letter answers several items, each with the words of another letter (tests/items.rs).
fn answers_items(id: &str) -> bool {
    letters()[id].iter().any(|field| field["type"] == "replies")
}

/// The example of a letter with all its dates on one day.
fn on(id: &str, day: &str) -> Result<Letter, String> {
    filled(&request(id, |field, value| {
        if field["type"] == "date" {
            *value = Json::from(day);
        }
    }))
}

#[test]
fn a_letter_dated_before_the_regulation_of_2019_is_refused_and_one_of_that_day_is_made() {
    // kind: remedy-date
    for id in letters().keys().filter(|id| has_field(id, "date") && !answers_items(id)) {
        let said = on(id, "2019-05-14").unwrap_err();
        assert!(said.contains("落款日期 2019-05-14 早于 2019-05-15"), "{id}:\n{said}");
        // An extension that ends on the day on which it begins is refused for that.
        assert!(on(id, "2019-05-15").is_ok() || id == "extension-notice", "{id}");
    }
}

#[test]
fn a_refusal_names_the_review_first_from_the_new_review_law_on_and_leaves_the_choice_before() {
    let mut seen = 0;
    for id in letters().keys().filter(|id| remedies(id).iter().all(|(class, _)| class == "review-first")) {
        if remedies(id).is_empty() {
            continue;
        }
        let text = |day: &str| letter::text(&on(id, day).unwrap());
        let (before, after) = (text("2023-12-31"), text("2024-01-01"));
        assert!(
            before.contains("或者自收到本告知书之日起6个月内直接向") && !before.contains("应当先"),
            "{id}:\n{before}"
        );
        assert!(after.contains("应当先申请行政复议") && !after.contains("6个月"), "{id}:\n{after}");
        seen += 1;
    }
    assert!(seen >= 3, "{seen}");
}

// The command line

#[test]
fn an_existing_file_is_kept_unless_forced() {
    let handbook = every_kind();
    handbook.write("request.toml", EVERY_KIND);
    handbook.write("request.docx", "先前的文书");
    let run = handbook.run(&["letter", "fill", "request.toml"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    assert_eq!(handbook.read("request.docx"), "先前的文书");
    fine(handbook.run(&["letter", "fill", "request.toml", "--force"]));
    assert!(fs::read(handbook.path("request.docx")).unwrap().starts_with(b"PK"));
    assert_snapshot!(run.stderr);
}

#[test]
fn an_existing_request_is_kept_unless_forced() {
    let handbook = Handbook::bare();
    handbook.write("request.toml", "填好的申请件");
    let run = handbook.run(&["letter", "new", "example-notice", "-o", "request.toml"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    assert_eq!(handbook.read("request.toml"), "填好的申请件");
    fine(handbook.run(&["letter", "new", "example-notice", "-o", "request.toml", "--force"]));
    assert!(handbook.read("request.toml").contains("letter = \"example-notice\""));
}

#[test]
fn a_file_name_ending_that_is_no_format_is_refused() {
    let handbook = every_kind();
    handbook.write("request.toml", EVERY_KIND);
    let run = handbook.run(&["letter", "fill", "request.toml", "-o", "out.xyz"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    assert!(run.stderr.contains("不知道「.xyz」是什么格式"), "{run:?}");
    assert!(!handbook.path("out.xyz").exists());
}

#[cfg(not(feature = "pdf"))]
#[test]
fn a_program_without_pdf_says_how_to_get_one_and_writes_nothing() {
    let handbook = every_kind();
    handbook.write("request.toml", EVERY_KIND);
    for how in [["-o", "out.pdf"], ["--format", "pdf"]] {
        let run = handbook.run(&["letter", "fill", "request.toml", how[0], how[1]]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
        assert!(run.stderr.contains("另存为 PDF") && run.stderr.contains("--features pdf"), "{run:?}");
        assert!(!handbook.path("out.pdf").exists() && !handbook.path("request.pdf").exists());
    }
}

#[test]
fn a_web_page_holds_the_whole_letter_and_its_values_as_text() {
    let handbook = every_kind();
    handbook.write("request.toml", EVERY_KIND);
    let name = "<b>&\"张";
    let set = format!("applicant={name}");
    fine(handbook.run(&["letter", "fill", "request.toml", "-o", "a.html", "--set", &set]));
    let page = handbook.read("a.html");
    assert!(
        page.starts_with("<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">"),
        "{page}"
    );
    assert!(page.contains("@page { size: A4;") && page.ends_with("</html>\n"), "{page}");
    assert!(page.contains("<p class=\"gk-l-to\">&lt;b&gt;&amp;\"张：</p>"), "{page}");
    assert_eq!(page.matches("<b>").count(), 0);
    // Nothing is fetched from elsewhere.
    assert!(!page.contains("http") && !page.contains("src=") && !page.contains("<link"), "{page}");
}

#[test]
fn the_ending_of_the_file_name_chooses_the_format() {
    let handbook = every_kind();
    handbook.write("request.toml", EVERY_KIND);
    for (name, start) in [("a.docx", "PK"), ("a.TXT", "　"), ("a.md", "# "), ("a.htm", "<!DOC")] {
        fine(handbook.run(&["letter", "fill", "request.toml", "-o", name]));
        let bytes = fs::read(handbook.path(name)).unwrap();
        assert!(bytes.starts_with(start.as_bytes()), "{name}: {:?}", bytes.get(..40));
    }
}

#[test]
fn set_and_date_go_over_the_request() {
    let handbook = every_kind();
    handbook.write("request.toml", EVERY_KIND);
    let run = fine(handbook.run(&[
        "letter",
        "fill",
        "request.toml",
        "--set",
        "applicant=李某=乙",
        "--set",
        "days=5",
        "--date",
        "2026-12-01",
        "-o",
        "-",
        "--format",
        "txt",
    ]));
    assert!(run.stdout.contains("李某=乙：\n") && !run.stdout.contains("张某"), "{run:?}");
    assert!(run.stdout.contains("，5，"), "{run:?}");
    assert!(run.stdout.contains("2026年12月1日\n") && !run.stdout.contains("2026年11月23日"), "{run:?}");
}

#[test]
fn set_may_give_what_the_request_lacks() {
    let handbook = every_kind();
    handbook.write("request.toml", EVERY_KIND.replace("applicant = \"张某\"\n", ""));
    assert_eq!(handbook.run(&["letter", "fill", "request.toml"]).code, 1);
    fine(handbook.run(&["letter", "fill", "request.toml", "--set", "applicant=李某"]));
}

#[test]
fn wrong_names_and_values_on_the_command_line_are_refused_all_at_once() {
    let handbook = every_kind();
    handbook.write("request.toml", EVERY_KIND);
    let run = handbook.run(&[
        "letter",
        "fill",
        "request.toml",
        "--set",
        "aplicant=李某",
        "--set",
        "days=许多",
        "--set",
        "names=甲",
        "--set",
        "way=传真",
        "--date",
        "2026-13-01",
    ]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{run:?}");
    assert!(!handbook.path("request.docx").exists());
    assert_snapshot!(run.stderr);
}

#[test]
fn set_without_an_equals_sign_is_wrong_usage() {
    let handbook = every_kind();
    handbook.write("request.toml", EVERY_KIND);
    let run = handbook.run(&["letter", "fill", "request.toml", "--set", "applicant"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    assert_snapshot!(run.stderr);
}

#[test]
fn a_request_may_come_from_standard_input() {
    let handbook = every_kind();
    handbook.write("request.toml", EVERY_KIND);
    fine(handbook.run(&["letter", "fill", "request.toml"]));
    fine(handbook.run_with(&["letter", "fill", "-", "-o", "other.docx"], EVERY_KIND.as_bytes()));
    assert!(
        fs::read(handbook.path("request.docx")).unwrap() == fs::read(handbook.path("other.docx")).unwrap()
    );
}

// Machines and files

#[test]
fn a_folder_that_may_not_be_written_to_gets_no_letter() {
    let handbook = every_kind();
    handbook.write("request.toml", EVERY_KIND);
    let folder = handbook.path("locked");
    fs::create_dir(&folder).unwrap();
    let mut permissions = fs::metadata(&folder).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&folder, permissions).unwrap();
    if File::create(folder.join("try")).is_ok() {
        skipped("this user (root) may write everywhere");
        return;
    }
    let run = handbook.run(&["letter", "fill", "request.toml", "-o", "locked/a.docx"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    assert!(run.stderr.contains("没有权限"), "{run:?}");
    assert_eq!(files(&folder).len(), 0);
}

#[test]
fn a_folder_that_does_not_exist_gets_no_letter() {
    let handbook = every_kind();
    handbook.write("request.toml", EVERY_KIND);
    let run = handbook.run(&["letter", "fill", "request.toml", "-o", "no/a.docx"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    assert!(!handbook.path("no").exists());
    assert_snapshot!(run.stderr);
}

#[test]
fn a_request_that_does_not_exist_is_machine_trouble() {
    let run = every_kind().run(&["letter", "fill", "request.toml"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    assert_snapshot!(run.stderr);
}

#[test]
fn a_request_of_fifty_megabytes_is_refused() {
    let handbook = every_kind();
    File::create(handbook.path("request.toml")).unwrap().set_len(50 * 1024 * 1024).unwrap();
    let run = handbook.run(&["letter", "fill", "request.toml"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    assert_snapshot!(run.stderr);
}

#[test]
fn a_request_in_gb18030_is_refused_and_shown_readably() {
    let handbook = every_kind();
    let (bytes, ..) = encoding_rs::GB18030.encode(EVERY_KIND);
    handbook.write("request.toml", bytes);
    let run = handbook.run(&["letter", "fill", "request.toml"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{run:?}");
    assert!(!handbook.path("request.docx").exists());
    assert_snapshot!(run.stderr);
}

#[test]
fn a_request_in_utf_16_with_its_mark_makes_the_same_letter() {
    let handbook = every_kind();
    let units = || "\u{feff}".encode_utf16().chain(EVERY_KIND.encode_utf16()).collect::<Vec<u16>>();
    handbook.write("plain.toml", EVERY_KIND);
    handbook.write("little.toml", units().into_iter().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
    handbook.write("big.toml", units().into_iter().flat_map(u16::to_be_bytes).collect::<Vec<u8>>());
    for name in ["plain", "little", "big"] {
        fine(handbook.run(&["letter", "fill", &format!("{name}.toml")]));
        assert!(
            fs::read(handbook.path("plain.docx")).unwrap()
                == fs::read(handbook.path(format!("{name}.docx"))).unwrap()
        );
    }
}

#[test]
fn a_request_with_windows_line_ends_makes_the_same_letter() {
    let handbook = every_kind();
    handbook.write("plain.toml", EVERY_KIND);
    handbook.write("windows.toml", format!("\u{feff}{}", EVERY_KIND.replace('\n', "\r\n")));
    for name in ["plain", "windows"] {
        fine(handbook.run(&["letter", "fill", &format!("{name}.toml")]));
    }
    assert!(
        fs::read(handbook.path("plain.docx")).unwrap() == fs::read(handbook.path("windows.docx")).unwrap()
    );
}

#[test]
fn every_mistake_in_a_broken_request_is_shown_at_once() {
    let handbook = every_kind();
    let text = EVERY_KIND
        .replace("\"张某\"", "张某")
        .replace("\"示例市某局\"", "“示例市某局”")
        .replace("days = 20", "days =");
    handbook.write("request.toml", text);
    let run = handbook.run(&["letter", "fill", "request.toml"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{run:?}");
    assert_snapshot!(run.stderr);
}

// Answers

/// What a person types to answer every field with its example.
fn answers(fields: &[Json]) -> String {
    let mut out = String::new();
    for field in fields {
        let example = &field["example"];
        match field["type"].as_str().unwrap() {
            _ if example == "" => out.push('\n'),
            "text" => out.push_str(&format!("{}\n\n", example.as_str().unwrap())),
            "count" => out.push_str(&format!("{example}\n")),
            "choice" => {
                let place =
                    field["choices"].as_array().unwrap().iter().position(|choice| choice == example).unwrap();
                out.push_str(&format!("{}\n", place + 1));
            }
            "list" => {
                for item in example.as_array().unwrap() {
                    out.push_str(&format!("{}\n", item.as_str().unwrap()));
                }
                out.push('\n');
            }
            "rows" => {
                for row in example.as_array().unwrap() {
                    for column in field["columns"].as_array().unwrap() {
                        let cell = row.get(column["name"].as_str().unwrap());
                        out.push_str(&format!("{}\n", cell.and_then(Json::as_str).unwrap_or_default()));
                    }
                }
                out.push('\n');
            }
            "replies" => {
                for reply in example.as_array().unwrap() {
                    let id = reply["letter"].as_str().unwrap();
                    let own = letters()[id].iter().filter(|f| fields.iter().all(|w| w["name"] != f["name"]));
                    let own: Vec<Json> = own
                        .map(|field| {
                            let name = field["name"].as_str().unwrap();
                            let mut field = field.clone();
                            field["example"] = reply.get(name).cloned().unwrap_or(Json::from(""));
                            field
                        })
                        .collect();
                    out.push_str(&format!("{id}\n{}", answers(&own)));
                }
                out.push('\n');
            }
            _ => out.push_str(&format!("{}\n", example.as_str().unwrap())),
        }
    }
    out
}

#[test]
fn answers_make_the_same_letter_as_the_request() {
    let handbook = Handbook::own();
    for (id, fields) in letters() {
        let run = handbook.run_with(&["letter", "ask", id], answers(fields).as_bytes());
        assert_eq!(run.code, 0, "{id}: {run:?}");
        let asked = fs::read(handbook.path(format!("{id}.docx"))).unwrap();
        let filled = letter::docx::write(&filled(&request(id, |_, _| {})).unwrap()).unwrap();
        assert!(asked == filled, "{id}");
    }
}

#[test]
fn answers_that_end_early_leave_no_file() {
    let handbook = every_kind();
    let before = files(handbook.root());
    for input in ["", "张某\n", "张某\n示例市某局\n2026-11-23\n理由一。\n"] {
        let run = handbook.run_with(&["letter", "ask", "example-notice"], input.as_bytes());
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
        assert!(run.stderr.contains("回答还没有完就结束了，文书没有生成"), "{run:?}");
    }
    assert_eq!(files(handbook.root()).keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
}

#[test]
fn a_wrong_answer_from_a_file_is_named_and_leaves_no_file() {
    let handbook = every_kind();
    let before = files(handbook.root());
    let run =
        handbook.run_with(&["letter", "ask", "example-notice"], "张某\n示例市某局\n2026-02-30\n".as_bytes());
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    assert!(run.stderr.contains("「2026-02-30」不是一个日期"), "{run:?}");
    assert_eq!(files(handbook.root()).keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
}

#[test]
fn nothing_is_asked_when_the_letter_could_not_be_written() {
    let handbook = every_kind();
    handbook.write("example-notice.docx", "先前的文书");
    let run = handbook.run(&["letter", "ask", "example-notice"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    assert!(!run.stderr.contains("【"), "{run:?}");
    assert_eq!(handbook.read("example-notice.docx"), "先前的文书");
}

// Remedies

/// The sentences of a letter's example.
fn sentences(id: &str) -> Vec<String> {
    let text = letter::text(&filled(&request(id, |_, _| {})).unwrap());
    text.split(['。', '\n'])
        .map(|sentence| sentence.trim().to_owned())
        .filter(|sentence| !sentence.is_empty())
        .collect()
}

/// The remedies of a letter's outcome, as the table has them: class and subject.
fn remedies(id: &str) -> Vec<(String, String)> {
    let corpus = &project().corpus;
    let outcome = corpus.outcome(&corpus.clauses[id].header.outcome).unwrap();
    let class = |row| corpus.remedy(row).unwrap().id.clone();
    outcome.remedy.iter().map(|row| (class(row), row.subject.clone())).collect()
}

/// The sentence that says what can be done against `subject`.
fn remedy_sentence(id: &str, subject: &str) -> String {
    let all = sentences(id);
    let found: Vec<&String> = all.iter().filter(|s| s.starts_with(&format!("如对{subject}不服"))).collect();
    assert_eq!(found.len(), 1, "{id}: {all:#?}");
    found[0].clone()
}

#[test]
fn where_a_review_comes_first_the_letter_says_so_and_offers_no_direct_suit() {
    let mut seen = 0;
    for id in letters().keys() {
        for (_, subject) in remedies(id).iter().filter(|(class, _)| class == "review-first") {
            let sentence = remedy_sentence(id, subject);
            assert!(sentence.contains("应当先申请行政复议"), "{id}: {sentence}");
            assert!(!sentence.contains("直接") && !sentence.contains("或者"), "{id}: {sentence}");
            seen += 1;
        }
        if remedies(id).iter().all(|(class, _)| class == "review-first") && !answers_items(id) {
            assert!(sentences(id).iter().all(|s| !(s.contains("直接向") && s.contains("诉讼"))), "{id}");
        }
    }
    assert!(seen >= 3, "{seen}");
}

#[test]
fn where_there_is_a_choice_the_letter_offers_both_and_puts_neither_first() {
    let mut seen = 0;
    for id in letters().keys() {
        for (_, subject) in remedies(id).iter().filter(|(class, _)| class.starts_with("choice")) {
            let sentence = remedy_sentence(id, subject);
            assert!(sentence.contains("60日内") && sentence.contains("6个月内"), "{id}: {sentence}");
            assert!(!sentence.contains('先'), "{id}: {sentence}");
            seen += 1;
        }
    }
    assert!(seen >= 4, "{seen}");
}

#[test]
fn a_letter_on_the_way_to_a_reply_names_no_remedy() {
    // Those that answer a review or a suit speak of it.
    let answer = ["review-reply", "evidence-list", "legal-basis-list", "suit-defence"];
    let on_the_way = |id: &&String| !answers_items(id) && !answer.contains(&id.as_str());
    let mut seen = 0;
    for id in letters().keys().filter(|id| remedies(id).is_empty()).filter(on_the_way) {
        for sentence in sentences(id) {
            for word in ["行政复议", "行政诉讼", "起诉", "不服"] {
                assert!(!sentence.contains(word), "{id}: {sentence}");
            }
        }
        seen += 1;
    }
    assert!(seen >= 3, "{seen}");
}

#[test]
fn every_letter_with_a_remedy_names_the_body_that_hears_the_review() {
    for id in letters().keys().filter(|id| !remedies(id).is_empty()) {
        let all = sentences(id).join("。");
        assert!(all.contains("向示例市人民政府"), "{id}: {all}");
    }
}

#[test]
fn no_letter_uses_words_of_repealed_rules() {
    for id in letters().keys() {
        for sentence in sentences(id) {
            for word in
                ["3个月", "三个月", "上一级主管部门", "特殊需要", "生产、生活、科研", "15个工作日内答复"]
            {
                assert!(!sentence.contains(word), "{id}: {sentence}");
            }
        }
    }
}

#[test]
fn the_letter_to_a_third_party_does_not_take_silence_as_consent_or_refusal() {
    for sentence in sentences("consult-third-party") {
        assert!(!sentence.contains("视为同意") && !sentence.contains("视为不同意"), "{sentence}");
    }
}

#[test]
fn the_legal_ground_shown_for_a_letter_is_what_its_header_cites() {
    let handbook = Handbook::own();
    for (id, entry) in &project().corpus.clauses {
        let shown: Json =
            serde_json::from_str(&fine(handbook.run(&["letter", "show", id, "--json"])).stdout).unwrap();
        let shown: Vec<&str> =
            shown["cites"].as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect();
        let cited: Vec<&str> = entry.header.cites.iter().map(String::as_str).collect();
        assert_eq!(shown, cited, "{id}");
    }
}

// The rules of the field, each broken once

/// The example of a letter with the values of some fields changed.
fn with(id: &str, changes: &[(&str, &str)]) -> Result<Letter, String> {
    filled(&request(id, |field, value| {
        if let Some((_, new)) = changes.iter().find(|(name, _)| field["name"] == *name) {
            *value = if field["type"] == "count" {
                Json::from(new.parse::<u32>().unwrap())
            } else {
                Json::from(*new)
            };
        }
    }))
}

#[track_caller]
fn breaks(id: &str, changes: &[(&str, &str)], words: &str) {
    // kind: letter-rule
    let said = with(id, changes).err().unwrap_or_else(|| panic!("{id} {changes:?} was made"));
    assert!(said.contains(words), "{words}:\n{said}");
}

#[test]
fn rule_1_a_refusal_that_offers_a_direct_suit_is_refused() {
    let remedy = "book/rules/remedy.toml";
    let handbook = Handbook::own();
    let text = handbook.read(remedy);
    let wrong = text.replace("应当先申请行政复议，可以自收到", "可以自收到");
    assert_ne!(wrong, text);
    handbook.write(remedy, wrong);
    let said = handbook.run(&["letter", "new", "refuse-process"]).stderr;
    assert!(said.contains("没有写成先复议"), "{said}");
    let handbook = Handbook::own();
    handbook.write(remedy, text.replace("6个月内直接向", "6个月内应当先申请行政复议再直接向"));
    let said = handbook.run(&["letter", "new", "not-exist"]).stderr;
    assert!(said.contains("写成了先复议"), "{said}");
    breaks(
        "refuse-process",
        &[("discretion", "现在公开不利。如对本决定不服，可以在60日内申请行政复议。")],
        "另外写了一段救济告知",
    );
}

#[test]
fn rule_2_a_special_inquiry_that_names_no_law_is_refused() {
    let fields: Vec<String> = letters()["special-inquiry"]
        .iter()
        .filter(|f| f["example"].as_str().is_some_and(|e| e.contains("条例》") || e.contains("法》")))
        .map(|f| f["name"].as_str().unwrap().to_owned())
        .collect();
    assert!(!fields.is_empty());
    let changes: Vec<(&str, &str)> = fields.iter().map(|f| (f.as_str(), "《示例登记办法》第三条")).collect();
    breaks("special-inquiry", &changes, "没有写出法律、行政法规的具体条文");
}

#[test]
fn rule_3_what_is_withheld_for_another_ground_is_refused() {
    let text = request("grant-in-part", |field, value| {
        if field["name"] == "withheld" {
            value[0]["ground"] = Json::from("《条例》第三十八条");
        }
    });
    let said = filled(&text).unwrap_err();
    assert!(said.contains("不是第十四条、第十五条、第十六条第一款"), "{said}");
    for ground in ["《保守国家秘密法》第十五条", "《条例》第十六条"] {
        let text = request("grant-in-part", |field, value| {
            if field["name"] == "withheld" {
                value[0]["ground"] = Json::from(ground);
            }
        });
        assert!(filled(&text).is_err(), "{ground}");
    }
}

#[test]
fn rule_4_a_correction_that_is_asked_for_too_late_is_warned_of() {
    // It is made, since the regulation does not forbid it, and the officer is warned.
    let warned = |day: &str| {
        let handbook = Handbook::own();
        handbook.run(&["letter", "new", "correction-notice", "--example", "-o", "a.toml"]);
        let set = format!("date={day}");
        let run = handbook.run(&["letter", "fill", "a.toml", "--format", "txt", "-o", "-", "--set", &set]);
        assert_eq!(run.code, 0, "{run:?}");
        run.stderr
    };
    assert!(warned("2026-09-30").contains("已经超过7个工作日（最晚 2026-09-29）"));
    assert_eq!(warned("2026-09-29"), "");
}

#[test]
fn an_answer_to_a_review_or_a_suit_that_goes_in_too_late_is_warned_of() {
    let warned = |id: &str, sets: &[&str]| {
        let handbook = Handbook::own();
        handbook.run(&["letter", "new", id, "--example", "-o", "a.toml"]);
        let mut words = vec!["letter", "fill", "a.toml", "--format", "txt", "-o", "-"];
        words.extend(sets.iter().flat_map(|set| ["--set", set]));
        let run = handbook.run(&words);
        assert_eq!(run.code, 0, "{run:?}");
        run.stderr
    };
    // Received on Thursday 12 November 2026.
    assert_eq!(warned("review-reply", &["date=2026-11-26"]), "");
    assert!(warned("review-reply", &["date=2026-11-27"]).contains("10个工作日（最晚 2026-11-26）"));
    let simple = "procedure=简易程序";
    assert_eq!(warned("review-reply", &[simple, "date=2026-11-19"]), "");
    assert!(warned("review-reply", &[simple, "date=2026-11-20"]).contains("5个工作日（最晚 2026-11-19）"));
    assert_eq!(warned("suit-defence", &["date=2026-11-27"]), "");
    assert!(warned("suit-defence", &["date=2026-11-28"]).contains("15日（最晚 2026-11-27）"));
}

#[test]
fn rule_5_an_extension_whose_days_do_not_add_up_is_refused() {
    breaks("extension-notice", &[("new_deadline", "2026-11-20")], "延长 20 个工作日是 2026-11-19");
    breaks(
        "extension-notice",
        &[("original_deadline", "2026-10-21"), ("new_deadline", "2026-11-18")],
        "数20个工作日是 2026-10-22",
    );
    breaks("extension-notice", &[("date", "2026-10-23")], "晚于");
}

#[test]
fn rule_6_a_third_party_whose_silence_is_taken_for_consent_is_refused() {
    breaks("refuse-trade-secret", &[("public_interest", "该公司逾期没有答复，视为同意")], "视为同意");
    let handbook = Handbook::own();
    handbook.append("templates/clauses/consult-third-party.hbs", "{{you}}逾期没有答复的，视为同意公开。\n");
    let said = handbook.run(&["letter", "new", "consult-third-party"]).stderr;
    assert!(said.contains("写了“视为同意”"), "{said}");
    // Between agencies it is so (条例第三十四条).
    assert!(letter::text(&with("consult-co-producer", &[]).unwrap()).contains("视为同意公开"));
}

#[test]
fn the_inner_papers_may_speak_of_a_remedy_and_of_a_co_producers_silence() {
    let said = "申请人不服的，可以在60日内申请行政复议。共同制作机关逾期未提出意见，视为同意公开。";
    assert!(with("submission-note", &[("risks", said)]).is_ok());
    assert!(with("review-reply", &[("claims", "申请人不服，在60日内申请行政复议。")]).is_ok());
    breaks("submission-note", &[("risks", "第三方逾期没有答复，视为同意。")], "视为同意");
    breaks("approval-sheet", &[("summary", "应当收取成本费。")], "成本费");
    assert!(with("approval-sheet", &[("request_text", "申请公开成本费的收取依据")]).is_ok());
}

#[test]
fn rule_6_silence_before_the_fifteen_working_days_are_over_is_refused() {
    for id in ["refuse-trade-secret", "refuse-privacy", "refuse-third-party-rights"] {
        let silent = [("consulted_date", "2026-09-28"), ("opinion_date", ""), ("opinion_reason", "")];
        let last = [&silent[..], &[("date", "2026-10-23")]].concat();
        breaks(id, &last, "15个工作日还没有满");
        let after = [&silent[..], &[("date", "2026-10-26")]].concat();
        assert!(with(id, &after).is_ok(), "{id}: {:?}", with(id, &after));
    }
}

#[test]
fn what_is_no_government_information_is_told_by_whom_it_was_made() {
    breaks("not-government-information", &[("formation", "")], "没有填");
}

#[test]
fn rule_7_a_fee_that_is_not_the_one_of_the_table_is_refused() {
    breaks("fee-notice", &[("amount", "200")], "应缴金额是 100 元");
    breaks("fee-notice", &[("month_before", "9")], "不收费");
    let by_page = [("method", "按量计收"), ("month_before", "0"), ("quantity", "68"), ("amount", "380")];
    assert!(with("fee-notice", &by_page).is_ok());
    breaks(
        "fee-notice",
        &[("method", "按量计收"), ("month_before", "0"), ("quantity", "68"), ("amount", "390")],
        "应缴金额是 380 元",
    );
}

#[test]
fn rule_8_a_body_that_does_not_hear_the_review_is_refused() {
    for body in ["上一级主管部门", "本级人民政府", "有关机关"] {
        breaks("refuse-process", &[("review_body", body)], "复议机关要写全称");
    }
    let handbook = Handbook::own();
    handbook.append("book.toml", "organ = \"department\"\n");
    handbook.run(&["letter", "new", "refuse-process", "--example", "-o", "a.toml"]);
    let fill = |body: &str| {
        let set = format!("review_body={body}");
        handbook.run(&["letter", "fill", "a.toml", "--format", "txt", "-o", "-", "--set", &set])
    };
    assert_eq!(fill("示例市人民政府").code, 0);
    let run = fill("示例省交通运输厅");
    assert!(run.code == 1 && run.stderr.contains("应当是人民政府"), "{run:?}");
    handbook.replace("book.toml", "\norgan = \"department\"", "\norgan = \"tax\"");
    // The settings are held to the same table.
    handbook.replace(
        "book.toml",
        "review_body = \"示例市人民政府\"",
        "review_body = \"国家税务总局示例省税务局\"",
    );
    assert_eq!(fill("国家税务总局示例省税务局").code, 0);
    let run = fill("示例市人民政府");
    assert!(run.code == 1 && run.stderr.contains("第二十七条"), "{run:?}");
}

#[test]
fn rule_9_the_number_of_a_letter_has_its_form() {
    for number in [
        "示例公开[2026]12号",
        "示例公开〔2026〕012号",
        "示例公开〔2026〕第12号",
        "示例公开〔26〕12号",
        "〔2026〕12号",
        "示例公开〔2026〕12",
    ] {
        breaks("not-exist", &[("number", number)], "的写法不对");
    }
}

#[test]
fn rule_10_a_term_that_needs_a_year_without_a_notice_is_refused() {
    breaks(
        "extension-notice",
        &[
            ("received_date", "2026-11-27"),
            ("date", "2026-12-20"),
            ("original_deadline", "2026-12-25"),
            ("new_deadline", "2027-01-25"),
        ],
        "要用到2027年的放假安排",
    );
}

#[test]
fn rule_13_words_of_rules_that_no_longer_hold_are_refused() {
    for (words, said) in [
        ("你没有说明特殊需要", "特殊需要"),
        ("可以自收到之日起3个月内起诉", "3个月内"),
        ("收取成本费", "成本费"),
        ("依据法释〔2011〕17号处理", "法释〔2011〕17号"),
        ("依据《反不正当竞争法》第九条认定", "第九条"),
        ("决定不予受理", "不予受理"),
    ] {
        breaks("refuse-process", &[("discretion", words)], said);
    }
    // What the applicant wrote is copied as it is.
    assert!(with("refuse-process", &[("request_text", "申请公开成本费的收取依据")]).is_ok());
}

// A request file with its events

const EVENTS: &str = "\n[[events]]\ndate = \"2026-09-18\"\nkind = \"收到申请\"\nchannel = \"邮寄签收\"\n";

#[test]
fn the_events_of_a_request_fill_the_letter_and_contradict_a_wrong_date() {
    // kind: differs-from-events
    let whole = request("not-exist", |_, _| {});
    let without: String = whole
        .lines()
        .filter(|line| !["received_date", "channel", "corrected_date"].iter().any(|n| line.starts_with(n)))
        .map(|line| format!("{line}\n"))
        .collect();
    let text = letter::text(&filled(&format!("{without}{EVENTS}")).unwrap());
    assert!(text.contains("本机关于2026年9月18日收到你的政府信息公开申请（提交方式：邮寄"), "{text}");
    let said = filled(&format!("received_date = \"2026-09-17\"\n{without}{EVENTS}")).unwrap_err();
    assert!(said.contains("办理记录（events）不一致，那里是 2026-09-18"), "{said}");
    let said = filled(&format!("{without}{EVENTS}[[events]]\ndate = \"2026-09-17\"\nkind = \"送达\"\n"))
        .unwrap_err();
    assert!(said.contains("早于收到申请"), "{said}");
}

#[test]
fn an_extension_that_was_recorded_fills_its_notice() {
    let whole = request("extension-notice", |_, _| {});
    let known =
        ["received_date", "channel", "original_deadline", "new_deadline", "extension_days", "request_number"];
    let without: String = whole
        .lines()
        .filter(|line| !known.iter().any(|n| line.starts_with(n)))
        .map(|line| format!("{line}\n"))
        .collect();
    let events = format!(
        "request_number = \"20260031\"\n{without}{EVENTS}[[events]]\ndate = \"2026-09-28\"\nkind = \"征求意见\"\nwhom = \"第三方\"\nparty = \"甲\"\n\
         [[events]]\ndate = \"2026-10-12\"\nkind = \"收到意见\"\nparty = \"甲\"\n\
         [[events]]\ndate = \"2026-10-22\"\nkind = \"延期\"\ndays = 10\napprover = \"李某\"\n"
    );
    let text = letter::text(&filled(&events).unwrap());
    assert!(
        text.contains("应当在2026年11月2日前")
            && text.contains("延长10个工作日")
            && text.contains("到2026年11月16日届满"),
        "{text}"
    );
}
