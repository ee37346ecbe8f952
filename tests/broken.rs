//! One broken handbook for each kind of mistake: everything `gongkai check` says about it, and its exit code.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its files stops")]

use crate::common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use common::{Handbook, assert_snapshot};
use gongkai::corpus::Corpus;
use gongkai::text::Report;

const CASE: &str = "cases/example-001.md";
const CLAUSE: &str = "templates/clauses/example-notice.hbs";
const INDEX: &str = "book/index.md";
const LAW: &str = "book/laws/example-rules.md";
const OUTCOMES: &str = "book/rules/outcomes.toml";
const QUESTION: &str = "book/questions/q-example.md";
const REMEDY: &str = "book/rules/remedy.toml";
const SHELL: &str = "templates/letters/notice.hbs";
const SIGNATURE: &str = "templates/partials/signature.hbs";
const SYNONYMS: &str = "book/rules/synonyms.toml";

/// What `gongkai check` writes to standard error, after it was seen that it finds mistakes of exactly these
/// kinds, in this order, and ends with 1.
fn mistakes(handbook: &Handbook, kinds: &[&str]) -> String {
    let json = handbook.run(&["check", "--json"]);
    let found: serde_json::Value =
        serde_json::from_str(&json.stdout).unwrap_or_else(|e| panic!("{e}: {json:?}"));
    let found: Vec<&str> = found.as_array().unwrap().iter().map(|d| d["code"].as_str().unwrap()).collect();
    assert_eq!(found, kinds);
    let run = handbook.run(&["check"]);
    assert_eq!((run.code, json.code), (1, 1), "{run:?}");
    assert_eq!(run.stdout, "");
    without_lines(&run.stderr)
}

/// Lines of HTML pages are mdBook's and say nothing about the mistake: `第 182 行` becomes `第 <LINE> 行`.
fn without_lines(text: &str) -> String {
    let mut parts = text.split("第 ");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let after = part.trim_start_matches(|c: char| c.is_ascii_digit());
        let line = if after.starts_with(" 行") { "<LINE>" } else { &part[..part.len() - after.len()] };
        out.push_str(&format!("第 {line}{after}"));
    }
    out
}

/// The bare handbook after `change`.
fn broken(kinds: &[&str], change: impl Fn(&Handbook)) -> String {
    let handbook = Handbook::bare();
    change(&handbook);
    mistakes(&handbook, kinds)
}

/// The bare handbook with words of one file replaced.
fn replaced(kinds: &[&str], file: &str, old: &str, new: &str) -> String {
    broken(kinds, |handbook| handbook.replace(file, old, new))
}

/// The bare handbook with other words instead of the last of the example clause's body.
fn clause(kinds: &[&str], body: &str) -> String {
    replaced(kinds, CLAUSE, "现将有关情况告知如下：\n{{reason}}\n", body)
}

// Headers

#[test]
fn the_bare_handbook_has_no_mistakes() {
    let run = Handbook::bare().run(&["check"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
}

#[test]
fn a_misspelt_key_is_shown_with_the_key_that_was_meant() {
    assert_snapshot!(replaced(&["unknown-key"], CASE, "keywords = ", "keyword = "));
}

#[test]
fn a_key_written_by_its_chinese_name_is_shown_with_its_key() {
    assert_snapshot!(replaced(&["unknown-key"], CASE, "keywords = ", "\"关键词\" = "));
}

#[test]
fn a_key_that_is_missing_is_named_with_a_line_to_add() {
    assert_snapshot!(replaced(&["missing-key"], CASE, "result = \"示例结果\"\n", ""));
}

#[test]
fn a_file_without_a_header_is_refused() {
    assert_snapshot!(
        broken(&["missing-header"], |handbook| handbook.write(CASE, "## 基本案情\n\n张某申请公开。\n"))
    );
}

#[test]
fn a_header_that_does_not_end_is_refused() {
    assert_snapshot!(replaced(&["missing-header"], CASE, "+++\n## 基本案情", "## 基本案情"));
}

#[test]
fn every_mistake_in_broken_toml_is_shown_at_once() {
    assert_snapshot!(broken(&["toml-syntax", "toml-syntax", "toml-syntax", "toml-syntax"], |handbook| {
        handbook.replace(CASE, "title = \"张某诉示例市某局示例案\"", "title = \"张某诉示例市某局示例案");
        handbook.replace(CASE, "result = \"示例结果\"", "result = 示例结果");
        handbook.replace(CASE, "keywords = [\"示例\"]", "keywords =");
        handbook.replace(CASE, "fictional = true", "fictional = true\nfictional = true");
    }));
}

#[test]
fn an_id_that_is_not_the_name_of_its_file_is_refused() {
    assert_snapshot!(replaced(&["id-not-file-name"], CASE, "id = \"example-001\"", "id = \"example-002\""));
}

#[test]
fn an_id_that_two_files_bear_is_refused() {
    assert_snapshot!(broken(&["duplicate-id", "id-not-file-name"], |handbook| {
        handbook.write("cases/example-002.md", handbook.read(CASE));
    }));
}

#[test]
fn an_id_that_stands_twice_in_a_table_is_refused() {
    assert_snapshot!(broken(&["duplicate-id"], |handbook| {
        handbook.append(
            "book/rules/case-types.toml",
            "\n[[type]]\nid = \"example\"\ntitle = \"另一类\"\nabout = \"说明\"\n",
        );
    }));
}

#[test]
fn an_id_with_capital_letters_is_refused() {
    assert_snapshot!(broken(&["wrong-id"], |handbook| {
        fs::remove_file(handbook.path("book/questions/q-example.md")).unwrap();
        handbook.write(
            "book/questions/Q-示例.md",
            Handbook::bare().read("book/questions/q-example.md").replace("q-example", "Q-示例"),
        );
    }));
}

#[test]
fn a_name_that_two_laws_bear_is_refused() {
    assert_snapshot!(broken(&["duplicate-name"], |handbook| {
        let other = handbook.read(LAW).replace("id = \"example-rules\"", "id = \"other-rules\"");
        let other = other
            .replace("示例市政府信息公开示例规定", "另一部规定")
            .replace("short = \"示例规定\"", "short = \"另定\"");
        handbook.write("book/laws/other-rules.md", other);
    }));
}

#[test]
fn a_date_that_is_no_day_is_refused() {
    assert_snapshot!(replaced(&["wrong-date"], CASE, "checked = \"2026-11-23\"", "checked = \"2026-02-30\""));
}

#[test]
fn a_date_without_what_it_is_the_date_of_is_refused() {
    assert_snapshot!(replaced(&["date-kind"], CASE, "# date = \"2026-01-05\"", "date = \"2026-01-05\""));
}

#[test]
fn a_word_that_is_none_of_the_choices_is_refused() {
    assert_snapshot!(replaced(&["wrong-choice"], CASE, "confidence = \"G\"", "confidence = \"很高\""));
}

#[test]
fn text_where_a_list_belongs_is_refused() {
    assert_snapshot!(replaced(&["wrong-type"], CASE, "keywords = [\"示例\"]", "keywords = \"示例\""));
}

#[test]
fn an_empty_text_where_one_is_needed_is_refused() {
    assert_snapshot!(replaced(&["empty-value"], CASE, "origin = \"虚构的教学示例\"", "origin = \"\""));
}

#[test]
fn an_empty_list_where_one_is_needed_is_refused() {
    assert_snapshot!(replaced(&["empty-value"], CASE, "outcomes = [\"example-notice\"]", "outcomes = []"));
}

#[test]
fn a_law_with_no_articles_is_refused() {
    assert_snapshot!(broken(&["wrong-number"], |handbook| other_law(handbook, "articles = 0")));
}

#[test]
fn a_law_with_more_items_than_can_be_counted_is_refused() {
    assert_snapshot!(replaced(&["header"], LAW, "2 = [0, 2]", "2 = [0, 5_000_000_000]"));
}

/// Adds a law that nothing cites.
fn other_law(handbook: &Handbook, articles: &str) {
    handbook.write(
        "book/laws/other-rules.md",
        format!(
            "+++\nid = \"other-rules\"\ntitle = \"另一部规定\"\nshort = \"另定\"\nkind = \"规章\"\nissuer = \"示例市某局\"\n\
             state = \"待核\"\n{articles}\nconfidence = \"G\"\nchecked = \"2026-11-23\"\n\n[[versions]]\nlabel = \"示例\"\n+++\n"
        ),
    );
}

// Files

#[test]
fn a_file_in_gb18030_is_named_as_such_and_shown_readably() {
    assert_snapshot!(broken(&["not-utf8"], |handbook| {
        let text = handbook.read(INDEX);
        let (bytes, ..) = encoding_rs::GB18030.encode(&text);
        handbook.write(INDEX, bytes);
    }));
}

#[test]
fn a_file_with_zero_bytes_is_refused() {
    assert_snapshot!(broken(&["not-text"], |handbook| handbook.write("book/404.md", b"# \0\n")));
}

#[test]
fn a_content_file_of_nine_megabytes_is_refused() {
    assert_snapshot!(broken(&["too-large"], |handbook| {
        handbook.append("book/404.md", &"长".repeat(3 * 1024 * 1024));
    }));
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_no_mistake() {
    let handbook = Handbook::bare();
    for (path, bytes) in common::files(handbook.root()) {
        if [".md", ".hbs", ".toml"].iter().any(|ending| path.ends_with(ending)) {
            let text = String::from_utf8(bytes).unwrap().replace('\n', "\r\n");
            // mdBook reads 404.md by itself and does not take the mark off.
            let mark = if path == "book/404.md" { "" } else { "\u{feff}" };
            handbook.write(&path, format!("{mark}{text}"));
        }
    }
    let run = handbook.run(&["check"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
}

// Citations

#[test]
fn a_citation_past_the_last_article_is_refused() {
    assert_snapshot!(broken(&["no-such-article"], |handbook| {
        regulation(handbook, "《政府信息公开条例》第三百条");
    }));
}

#[test]
fn a_citation_of_the_first_of_one_paragraph_is_refused() {
    assert_snapshot!(broken(&["no-such-article"], |handbook| {
        regulation(handbook, "《政府信息公开条例》第三十六条第一款第（四）项");
    }));
}

#[test]
fn a_citation_past_the_last_item_is_refused() {
    assert_snapshot!(broken(&["no-such-article"], |handbook| {
        regulation(handbook, "《政府信息公开条例》第三十六条第（八）项");
    }));
}

/// Puts the project's own notes on the regulation into a bare handbook, and a citation into its case.
fn regulation(handbook: &Handbook, citation: &str) {
    let text = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("book/laws/foi-2019.md")).unwrap();
    handbook.write("book/laws/foi-2019.md", text);
    handbook.replace(CASE, "一两句话。", &format!("本案依据{citation}办理。"));
}

#[test]
fn a_citation_of_a_law_that_the_handbook_does_not_have_is_refused_in_a_header() {
    assert_snapshot!(replaced(
        &["unknown-law"],
        CASE,
        "cites = [\"《示例规定》第二条第二款第（一）项\"]",
        "cites = [\"《某某办法》第六条\"]"
    ));
}

#[test]
fn a_header_citation_without_an_article_is_refused() {
    assert_snapshot!(replaced(
        &["not-a-citation"],
        CASE,
        "cites = [\"《示例规定》第二条第二款第（一）项\"]",
        "cites = [\"示例规定\"]"
    ));
}

#[test]
fn an_article_without_the_name_of_its_law_is_refused() {
    assert_snapshot!(replaced(&["citation-without-law"], CASE, "一两句话。", "第三条怎样理解。"));
}

// Sections

#[test]
fn a_section_that_is_missing_is_named_with_all_that_belong_there() {
    assert_snapshot!(replaced(&["missing-section"], CASE, "## 争议焦点\n\n一两句话。\n\n", ""));
}

#[test]
fn a_section_that_does_not_belong_there_is_refused() {
    assert_snapshot!(replaced(&["unknown-section"], CASE, "## 争议焦点", "## 评论\n\n略。\n\n## 争议焦点"));
}

#[test]
fn a_section_without_text_is_refused() {
    assert_snapshot!(replaced(&["empty-section"], CASE, "一两句话。\n", ""));
}

#[test]
fn sections_in_the_wrong_order_are_refused() {
    assert_snapshot!(broken(&["section-order"], |handbook| {
        handbook.replace(CASE, "## 争议焦点\n\n一两句话。\n\n", "");
        handbook.replace(CASE, "## 要旨", "## 争议焦点\n\n一两句话。\n\n## 要旨");
    }));
}

// Laws

#[test]
fn an_article_heading_without_a_number_is_refused() {
    assert_snapshot!(broken(&["article-heading"], |handbook| handbook.append(LAW, "\n### 附件\n")));
}

#[test]
fn articles_out_of_order_are_refused() {
    assert_snapshot!(replaced(&["article-order"], LAW, "### 第三条 最后一条", "### 第一条 最后一条"));
}

#[test]
fn a_note_on_an_article_past_the_last_is_refused() {
    assert_snapshot!(replaced(&["no-such-article"], LAW, "### 第三条 最后一条", "### 第四条 最后一条"));
}

#[test]
fn a_note_on_an_item_that_the_structure_does_not_have_is_refused() {
    assert_snapshot!(replaced(&["no-such-part"], LAW, "- 第二款第（二）项：", "- 第二款第（三）项："));
}

#[test]
fn notes_on_items_out_of_order_are_refused() {
    assert_snapshot!(replaced(&["part-order"], LAW, "- 第二款第（二）项：", "- 第二款第（一）项："));
}

#[test]
fn text_after_the_notes_on_items_is_refused() {
    assert_snapshot!(replaced(&["note-after-parts"], LAW, "### 第三条", "补充一句。\n\n### 第三条"));
}

#[test]
fn text_right_under_a_chapter_heading_is_refused() {
    assert_snapshot!(replaced(
        &["text-under-chapter"],
        LAW,
        "## 第一章 示例\n",
        "## 第一章 示例\n\n这一章讲示例。\n"
    ));
}

#[test]
fn a_structure_of_an_article_past_the_last_is_refused() {
    assert_snapshot!(replaced(&["wrong-structure"], LAW, "2 = [0, 2]", "2 = [0, 2]\n9 = [3]"));
}

// References between files

#[test]
fn an_outcome_that_no_table_has_is_refused() {
    assert_snapshot!(replaced(
        &["unknown-reference"],
        CASE,
        "outcomes = [\"example-notice\"]",
        "outcomes = [\"example-notise\"]"
    ));
}

#[test]
fn a_case_type_that_no_table_has_is_refused() {
    assert_snapshot!(replaced(&["unknown-reference"], CASE, "type = \"example\"", "type = \"trade-secret\""));
}

#[test]
fn a_shell_that_no_file_holds_is_refused() {
    assert_snapshot!(replaced(
        &["unknown-reference", "unused-template", "unused-template"],
        CLAUSE,
        "shell = \"notice\"",
        "shell = \"reply\""
    ));
}

#[test]
fn a_remedy_ground_that_no_table_has_is_refused() {
    assert_snapshot!(broken(&["unknown-reference"], |handbook| {
        with_remedy(handbook);
        handbook.replace(OUTCOMES, "ground = \"example\", subject", "ground = \"exemple\", subject");
        handbook.replace(SHELL, "{{closing}}\n", "{{> remedy}}\n{{closing}}\n");
    }));
}

#[test]
fn a_letter_whose_remedy_is_not_printed_is_refused() {
    assert_snapshot!(broken(&["remedy-missing"], with_remedy));
}

/// Gives the bare handbook's one outcome a remedy.
fn with_remedy(handbook: &Handbook) {
    handbook.append(
        REMEDY,
        "\n[[ground]]\nid = \"example\"\ntitle = \"示例依据\"\n[[ground.rule]]\nfrom = \"2025-06-01\"\nclass = \"example\"\n\
         confidence = \"G\"\n[[class]]\nid = \"example\"\ntitle = \"示例救济\"\n[[class.wording]]\nfrom = \"2025-06-01\"\n\
         text = \"如对{{subject}}不服，可以申诉。\"\ncitations = [\"《示例规定》第三条\"]\nconfidence = \"G\"\n",
    );
    handbook.replace(
        OUTCOMES,
        "\nremedy = []",
        "\nremedy = [{ ground = \"example\", subject = \"本告知书\" }]",
    );
}

// Personal data. The numbers are put together here, so that none stands in any file of the project.

#[test]
fn an_identity_number_with_a_right_checksum_is_refused_in_a_case() {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    // No area has the code 000000.
    let digits: String =
        [0, 0, 0, 0, 0, 0, 1, 9, 0, 0, 0, 1, 0, 1, 0, 0, 1].map(|d: u8| d.to_string()).concat();
    let sum: u32 = digits.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let number = format!("{digits}{}", char::from(b"10X98765432"[(sum % 11) as usize]));
    let shown = replaced(&["personal-data"], CASE, "一两句话。", &format!("申请人的身份证号码是{number}。"));
    assert_snapshot!(shown.replace(&number, "<IDENTITY NUMBER>"));
}

#[test]
fn a_mobile_number_is_refused_in_a_case() {
    let number = ["1", "3"].concat() + &"0".repeat(9);
    let shown = replaced(&["personal-data"], CASE, "一两句话。", &format!("申请人的电话是{number}。"));
    assert_snapshot!(shown.replace(&number, "<MOBILE NUMBER>"));
}

// Templates

#[test]
fn a_template_that_includes_itself_is_refused() {
    assert_snapshot!(broken(&["template-cycle"], |handbook| handbook.append(SIGNATURE, "{{> signature}}\n")));
}

#[test]
fn two_templates_that_include_each_other_are_refused() {
    assert_snapshot!(broken(&["template-cycle"], |handbook| {
        handbook.write("templates/partials/one.hbs", "甲。\n{{> two}}\n");
        handbook.write("templates/partials/two.hbs", "乙。\n{{> one}}\n");
        handbook.append(CLAUSE, "{{> one}}\n");
    }));
}

#[test]
fn a_name_that_is_not_declared_is_refused() {
    assert_snapshot!(clause(&["undeclared-name"], "现将有关情况告知{{aplicant}}如下：\n{{reason}}\n"));
}

#[test]
fn a_parameter_that_is_not_used_is_refused() {
    assert_snapshot!(clause(&["unused-parameter"], "现将有关情况告知如下。\n"));
}

#[test]
fn a_misspelt_condition_is_refused() {
    assert_snapshot!(clause(
        &["undeclared-name"],
        "现将有关情况告知如下：\n{{#if reasn}}\n有理由。\n{{/if}}\n{{reason}}\n"
    ));
}

#[test]
fn a_condition_that_is_not_closed_is_refused() {
    assert_snapshot!(clause(&["template-syntax"], "{{#if reason}}\n有理由。\n"));
}

#[test]
fn blocks_nested_ten_thousand_deep_are_refused() {
    let deep = format!("{}{{{{reason}}}}{}\n", "{{#if reason}}\n".repeat(10_000), "\n{{/if}}".repeat(10_000));
    let said = found(|handbook| handbook.append(CLAUSE, &deep));
    assert!(said.contains("套了 40 层以上"), "{said}");
}

#[test]
fn a_remedy_that_a_block_could_hide_is_refused() {
    let said = found(|handbook| {
        with_remedy(handbook);
        handbook.replace(SHELL, "{{closing}}", "{{#if applicant}}\n{{> remedy}}\n{{/if}}\n{{closing}}");
    });
    assert!(said.contains("否则救济告知可能印不出来"), "{said}");
    assert_eq!(said.matches("错误:").count(), 1, "{said}");
}

#[test]
fn triple_braces_are_refused() {
    assert_snapshot!(clause(&["template-form"], "致{{{applicant}}}：\n{{reason}}\n"));
}

#[test]
fn a_directive_that_does_not_exist_is_refused() {
    assert_snapshot!(clause(&["unknown-directive"], "@titel 告知书\n{{reason}}\n"));
}

#[test]
fn a_text_field_that_does_not_stand_alone_on_its_line_is_refused() {
    assert_snapshot!(clause(&["text-not-alone"], "理由是：{{reason}}\n"));
}

#[test]
fn a_partial_that_does_not_exist_is_refused() {
    assert_snapshot!(clause(&["unknown-partial"], "{{> signatur}}\n{{reason}}\n"));
}

#[test]
fn a_partial_and_a_shell_that_no_letter_uses_are_refused() {
    assert_snapshot!(broken(&["unused-template", "unused-template"], |handbook| {
        handbook.write("templates/partials/spare.hbs", "多余。\n");
        handbook.write("templates/letters/spare.hbs", "+++\nid = \"spare\"\ntitle = \"多余\"\n+++\n多余。\n");
    }));
}

#[test]
fn a_character_that_other_machines_cannot_show_is_refused_in_a_template() {
    let shown = clause(&["bad-character"], "理由\u{e000}如下：\n{{reason}}\n");
    assert_snapshot!(shown.replace('\u{e000}', "<U+E000>"));
}

#[test]
fn a_table_row_without_a_table_is_refused() {
    assert_snapshot!(clause(&["template"], "@row 甲|乙\n{{reason}}\n"));
}

#[test]
fn a_table_row_with_too_few_cells_is_refused() {
    assert_snapshot!(clause(&["template"], "@table 甲|乙|丙\n@row 一|二\n{{reason}}\n"));
}

#[test]
fn a_date_that_no_signature_goes_before_is_refused() {
    assert_snapshot!(clause(&["template"], "@date {{date}}\n{{reason}}\n"));
}

#[test]
fn every_mistake_in_the_declaration_of_fields_is_shown_at_once() {
    let field = |name: &str, label: &str, rest: &str| {
        format!("\n[[parameters]]\nname = \"{name}\"\nlabel = \"{label}\"\nhelp = \"填写。\"\n{rest}\n")
    };
    let fields = [
        field("Capital", "大写", "type = \"line\"\nexample = \"甲\""),
        field("choice", "没有选项", "type = \"choice\"\nexample = \"甲\""),
        field("rows", "没有列", "type = \"rows\"\nexample = []"),
        field("day", "不是日期", "type = \"date\"\nexample = \"甲\""),
        field("later", "早于没有的日期", "type = \"date\"\nexample = \"2026-11-23\"\nnot_before = \"dya\""),
        field("office", "没有的设置", "type = \"line\"\nexample = \"甲\"\nagency = \"offise\""),
        field("same", "申请人", "type = \"line\"\nexample = \"甲\""),
    ];
    assert_snapshot!(broken(&[&["wrong-parameter"; 8][..], &["template-form"]].concat(), |handbook| {
        handbook.replace(CLAUSE, "+++\n{{!--", &format!("{}+++\n{{{{!--", fields.concat()));
        handbook.append(
            CLAUSE,
            "{{Capital}}{{choice}}{{day}}{{later}}{{office}}{{same}}\n{{#each rows}}\n{{this}}\n{{/each}}\n",
        );
    }));
}

// Pages

#[test]
#[cfg(not(feature = "linkcheck"))]
fn a_link_to_a_page_that_does_not_exist_is_found() {
    assert_snapshot!(
        broken(&["missing-file"], |handbook| handbook.append(INDEX, "\n[说明](guide/uasge.md)\n"))
    );
}

#[test]
#[cfg(feature = "linkcheck")]
fn a_link_to_a_page_that_does_not_exist_is_found_on_the_page_and_in_the_chapter() {
    assert_snapshot!(broken(&["missing-file", "missing-file"], |handbook| {
        handbook.append(INDEX, "\n[说明](guide/uasge.md)\n");
    }));
}

#[test]
fn a_link_to_an_anchor_that_does_not_exist_is_found() {
    assert_snapshot!(broken(&["missing-fragment"], |handbook| {
        handbook.append(INDEX, "\n[第二条](laws/example-rules.md#example-rules-art-22)\n");
    }));
}

#[test]
fn an_anchor_that_stands_twice_on_a_page_is_found() {
    assert_snapshot!(broken(&["duplicate-id"], |handbook| {
        handbook.append(INDEX, "\n## 甲 {#same}\n\n## 乙 {#same}\n");
    }));
}

#[test]
fn a_picture_from_the_network_is_found() {
    assert_snapshot!(broken(&["network-resource"], |handbook| {
        handbook.append(INDEX, "\n![图](https://example.com/a.png)\n");
    }));
}

// Settings

#[test]
fn an_output_folder_that_holds_the_sources_is_refused() {
    assert_snapshot!(replaced(
        &["book-toml"],
        "book.toml",
        "build-dir = \"target/handbook\"",
        "build-dir = \"book\""
    ));
}

#[test]
fn settings_without_the_table_of_the_preprocessor_are_refused() {
    assert_snapshot!(broken(&["book-toml"], |handbook| {
        handbook.write("book.toml", "[book]\nsrc = \"book\"\n\n[build]\nbuild-dir = \"target/handbook\"\n");
    }));
}

#[test]
fn a_misspelt_setting_of_the_agency_is_refused() {
    assert_snapshot!(replaced(&["unknown-key"], "book.toml", "\nreview_body = ", "\nreview_bodi = "));
}

// The table of synonyms

/// The bare handbook with more groups in its table of synonyms.
fn synonyms(kinds: &[&str], groups: &str) -> String {
    broken(kinds, |handbook| handbook.append(SYNONYMS, groups))
}

#[test]
fn a_phrase_of_the_synonyms_that_stands_twice_is_refused() {
    assert_snapshot!(synonyms(
        &["duplicate-phrase", "duplicate-phrase"],
        "\n[[group]]\nsay = [\"打官司\"]\nmean = [\"示例规定\", \"示例规定\"]\n",
    ));
}

#[test]
fn what_is_no_phrase_is_refused_in_the_synonyms() {
    assert_snapshot!(synonyms(
        &["wrong-phrase", "wrong-phrase", "wrong-phrase", "wrong-phrase"],
        "\n[[group]]\nsay = [\"\", \"告\", \"多 久\"]\nmean = [\"《示例规定》\"]\n",
    ));
}

#[test]
fn a_group_of_synonyms_without_words_is_refused() {
    assert_snapshot!(synonyms(
        &["missing-key", "empty-value"],
        "\n[[group]]\nsay = [\"多久\"]\n\n[[group]]\nsay = []\nmean = [\"示例规定\"]\n",
    ));
}

#[test]
fn a_synonym_of_itself_is_refused() {
    assert_snapshot!(synonyms(
        &["synonym-of-itself"],
        "\n[[group]]\nsay = [\"示例办法\", \"示例规定\"]\nmean = [\"示例规定\"]\n",
    ));
}

#[test]
fn synonyms_that_lead_back_to_themselves_are_refused_with_the_chain() {
    assert_snapshot!(synonyms(
        &["synonym-cycle"],
        "\n[[group]]\nsay = [\"示例规定\"]\nmean = [\"示例问题\"]\n\n[[group]]\nsay = [\"示例问题\"]\n\
         mean = [\"示例类型\"]\n\n[[group]]\nsay = [\"示例类型\"]\nmean = [\"示例规定\"]\n",
    ));
}

#[test]
fn a_word_of_the_synonyms_that_stands_nowhere_is_warned_about() {
    let handbook = Handbook::bare();
    handbook.append(SYNONYMS, "\n[[group]]\nsay = [\"装没看见\"]\nmean = [\"实例规定\", \"第三方\"]\n");
    let json = handbook.run(&["check", "--json"]);
    let found: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    let found: Vec<&str> = found.as_array().unwrap().iter().map(|d| d["code"].as_str().unwrap()).collect();
    assert_eq!(found, ["unknown-word", "unknown-word"]);
    let run = handbook.run(&["check"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_snapshot!(run.stderr);
}

#[test]
fn a_field_of_the_whole_may_not_take_the_place_of_a_field_of_an_item() {
    let handbook = Handbook::own();
    let path = "templates/clauses/redo-reply.hbs";
    let renamed = handbook.read(path).replace("redone_title", "previous_title");
    handbook.write(path, renamed);
    let run = handbook.run(&["check", "--json"]);
    let found: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let codes: Vec<&str> = found.as_array().unwrap().iter().map(|d| d["code"].as_str().unwrap()).collect();
    assert_eq!((run.code, codes.as_slice()), (1, &["shadowed-field"][..]), "{run:?}");
}

/// A quiz whose header is right.
fn quiz(body: &str) -> String {
    format!(
        "+++\nid = \"quiz-example\"\ntitle = \"示例自测\"\norder = 1\npart = \"示例\"\nconfidence = \"G\"\nunverified = [\"虚构的示例\"]\nchecked = \"2026-11-23\"\n+++\n{body}"
    )
}

#[test]
fn a_question_of_a_quiz_has_choices_an_answer_and_a_reason_with_its_article() {
    assert_snapshot!(broken(&["quiz-item"; 6], |handbook| {
        handbook.write("book/quiz/empty.md", quiz("还没有题。\n").replace("quiz-example", "empty"));
        let body = "## 只有一个选项？\n\n- [x] 对\n\n解析：《示例规定》第一条。\n\n## 没有标出对的？\n\n- [ ] 对\n- [ ] 错\n\n解析：《示例规定》第一条。\n\n## 没有解析？\n\n- [x] 对\n- [ ] 错\n\n## 解析没有依据？\n\n- [x] 对\n- [ ] 错\n\n解析：就是这样。\n\n## 选项是空的？\n\n- [x] 对\n- [ ] \n\n解析：《示例规定》第一条。\n";
        handbook.write("book/quiz/quiz-example.md", quiz(body));
    }));
}

#[test]
fn a_quiz_that_is_right_is_a_page_with_its_answers_folded() {
    let handbook = Handbook::bare();
    let body = "## 《示例规定》有几条？\n\n- [ ] 两条\n- [x] 三条\n\n解析：最后一条是《示例规定》第三条。\n";
    handbook.write("book/quiz/quiz-example.md", quiz(body));
    let run = handbook.run(&["check"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
}

#[test]
fn words_of_repealed_rules_and_a_needless_first_paragraph_are_warnings() {
    let handbook = Handbook::bare();
    handbook.append(
        QUESTION,
        "\n申请人应当说明特殊需要，见《示例规定》第三条第一款。2007年的特殊需要已经删除。\n",
    );
    let run = handbook.run(&["check"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_snapshot!(run.stderr);
    let found: serde_json::Value = serde_json::from_str(&handbook.run(&["check", "--json"]).stdout).unwrap();
    let found: Vec<&str> = found.as_array().unwrap().iter().map(|d| d["code"].as_str().unwrap()).collect();
    assert_eq!(found, ["outdated-wording", "only-paragraph"]);
}

#[test]
fn a_word_stands_only_once_in_the_glossary() {
    assert_snapshot!(broken(&["duplicate-phrase"], |handbook| {
        handbook.write(
        "book/rules/glossary.toml",
        "[[term]]\nid = \"a\"\nword = \"补正\"\ngroup = \"示例\"\nmeaning = \"补上缺的内容。\"\nconfidence = \"G\"\n\n[[term]]\nid = \"b\"\nword = \"更正\"\nalso = [\"补正\"]\ngroup = \"示例\"\nmeaning = \"改正写错的记录。\"\nconfidence = \"G\"\n"
    );
    }));
}

#[test]
fn every_word_of_our_own_synonyms_stands_in_our_own_pages_cases_or_templates() {
    let mut report = Report::default();
    let sources = gongkai::disk::read_sources(Handbook::own().root(), &mut report).unwrap();
    let corpus = Corpus::load(&sources, &mut report);
    let folders = [("book/", ".md"), ("cases/", ".md"), ("templates/", ".hbs")];
    let texts: Vec<&str> = folders
        .iter()
        .flat_map(|(folder, ending)| sources.within(folder, ending))
        .map(|(_, text)| text)
        .collect();
    let table = &corpus.rules.synonyms;
    let unknown: Vec<&str> = table.unknown_words(&texts).iter().map(|unknown| unknown.word).collect();
    assert_eq!(unknown, Vec::<&str>::new());
    assert!(table.group.len() >= 180, "{}", table.group.len());
    let long: Vec<&String> =
        table.group.iter().flat_map(|group| &group.say).filter(|said| said.chars().count() > 8).collect();
    assert_eq!(long, Vec::<&String>::new());
}

// All together

#[test]
fn mistakes_in_several_files_come_in_the_order_of_their_places() {
    // The pages are made, and their links looked at, only when the content is right.
    let kinds =
        ["unknown-key", "article-order", "missing-section", "empty-value", "wrong-choice", "text-not-alone"];
    assert_snapshot!(broken(&kinds, |handbook| {
        handbook.replace("book.toml", "\npostcode = ", "\npostcod = ");
        handbook.append(INDEX, "\n[第二条](laws/example-rules.md#example-rules-art-22)\n");
        handbook.replace(LAW, "### 第三条 最后一条", "### 第一条 最后一条");
        handbook.replace(QUESTION, "## 理由", "### 理由");
        handbook.replace(CASE, "origin = \"虚构的教学示例\"", "origin = \"\"");
        handbook.replace(CASE, "confidence = \"G\"", "confidence = \"很高\"");
        handbook.replace(CLAUSE, "\n{{reason}}\n", "\n理由是：{{reason}}\n");
    }));
}

#[test]
fn of_very_many_mistakes_the_first_are_shown_and_all_are_counted() {
    let handbook = Handbook::bare();
    handbook.replace(CASE, "一两句话。", &"第三条怎样理解。\n\n".repeat(300));
    let run = handbook.run(&["check"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!(run.stderr.matches("错误: ").count(), 200);
    let end: Vec<&str> = run.stderr.lines().rev().take(2).collect();
    assert_eq!(end[1], "共 300 处错误。上面只列出前 200 处，改正后再运行一次。");
}

#[test]
fn a_program_gets_every_mistake_with_its_line_and_its_column_in_characters() {
    let handbook = Handbook::bare();
    handbook.replace(CASE, "一两句话。", "张某😀问：第三条、《示例规定》第九条怎样理解。");
    let json: serde_json::Value = serde_json::from_str(&handbook.run(&["check", "--json"]).stdout).unwrap();
    let places: Vec<(&str, u64, u64, u64)> = json
        .as_array()
        .unwrap()
        .iter()
        .map(|d| {
            let number = |key: &str| d[key].as_u64().unwrap();
            assert_eq!((d["level"].as_str(), number("end_line")), (Some("error"), number("line")));
            (d["path"].as_str().unwrap(), number("line"), number("column"), number("end_column"))
        })
        .collect();
    assert_eq!(places, [(CASE, 29, 6, 9), (CASE, 29, 10, 19)]);
}

#[test]
fn a_mistake_in_a_table_is_not_repeated_for_every_file_that_needs_the_table() {
    assert_snapshot!(replaced(&["unknown-key"], OUTCOMES, "\nremedy = []", "\nremedys = []\nremedy = []"));
}

#[test]
fn a_handbook_with_mistakes_is_not_built() {
    let handbook = Handbook::bare();
    handbook.replace(CASE, "keywords = ", "keyword = ");
    let run = handbook.run(&["build"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{run:?}");
    assert!(!handbook.path("target").exists());
    assert_snapshot!(run.stderr);
}

#[test]
fn no_letter_is_made_from_a_handbook_with_mistakes() {
    let handbook = Handbook::bare();
    handbook.replace(CASE, "keywords = ", "keyword = ");
    let run = handbook.run(&["letter", "new", "example-notice"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{run:?}");
    assert_snapshot!(run.stderr);
}

// Mistakes that are not found yet. Each of these is ignored until `src` finds it.

/// What `gongkai check` says about a handbook that it must not let through.
fn found(change: impl Fn(&Handbook)) -> String {
    let handbook = Handbook::bare();
    change(&handbook);
    let run = handbook.run(&["check"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{run:?}");
    run.stderr
}

fn guide(handbook: &Handbook, name: &str, id: &str, text: &str) {
    handbook.write(
        &format!("book/guide/{name}.md"),
        format!("+++\nid = \"{id}\"\ntitle = \"{name}\"\nchecked = \"2026-11-23\"\n+++\n{text}\n"),
    );
}

#[test]
fn an_id_that_two_guide_pages_bear_is_refused() {
    let said = found(|handbook| {
        for name in ["one", "two"] {
            guide(handbook, name, "guide-same", "《示例规定》第一条。");
            handbook.append("book/SUMMARY.md", &format!("- [{name}](guide/{name}.md)\n"));
        }
    });
    assert!(said.contains("book/guide/two.md:2:6"), "{said}");
}

#[test]
fn an_id_that_is_the_name_of_an_index_page_is_refused() {
    for (file, id) in [(CASE, "by-outcome"), (CASE, "index"), (QUESTION, "index"), (CLAUSE, "index")] {
        let (folder, name) = file.rsplit_once('/').unwrap();
        let (stem, ending) = name.rsplit_once('.').unwrap();
        let said = found(|handbook| {
            let text = handbook.read(file).replacen(&format!("\"{stem}\""), &format!("\"{id}\""), 1);
            handbook.write(&format!("{folder}/{id}.{ending}"), text);
        });
        assert!(said.contains(&format!("{folder}/{id}.{ending}")), "{said}");
    }
}

#[test]
fn a_partial_with_the_name_of_a_piece_that_is_made_is_refused() {
    for name in ["remedy", "clause", "shell"] {
        let path = format!("templates/partials/{name}.hbs");
        let said = found(|handbook| {
            handbook.write(&path, "如有不服，请来电。\n");
            handbook.replace(SHELL, "{{closing}}\n", "{{> remedy}}\n{{closing}}\n");
        });
        assert!(said.contains(&path), "{said}");
    }
}

#[test]
fn a_second_signature_before_the_date_is_refused() {
    let said =
        found(|handbook| handbook.replace(CLAUSE, "\n{{reason}}\n", "\n@signature 甲局\n{{reason}}\n"));
    assert!(said.contains(CLAUSE), "{said}");
}

#[test]
fn a_guide_page_that_the_summary_does_not_name_is_found() {
    let said = found(|handbook| guide(handbook, "lost", "guide-lost", "《示例规定》第一条。"));
    assert!(said.contains("book/guide/lost.md"), "{said}");
}

#[test]
fn a_page_that_the_summary_names_and_that_does_not_exist_is_a_mistake_in_the_content() {
    let said = found(|handbook| handbook.append("book/SUMMARY.md", "- [说明](guide/none.md)\n"));
    assert!(said.contains("guide/none.md") && !said.contains("failed"), "{said}");
}

#[test]
fn a_file_that_nobody_would_read_is_found() {
    for (path, text) in [
        ("cases/2024/a.md", "+++\n+++\n"),
        ("cases/b.MD", "+++\n+++\n"),
        ("book/rules/outcome.toml", ""),
        ("book/other/x.md", "正文\n"),
    ] {
        let said = found(|handbook| handbook.write(path, text));
        assert!(said.contains(path) && said.contains("不会读它"), "{path}: {said}");
    }
    assert_snapshot!(broken(&["misplaced-file"], |handbook| handbook.write("cases/2024/a.md", "+++\n+++\n")));
}

#[test]
fn a_remedy_that_is_more_than_one_paragraph_is_refused() {
    let class = |text: &str| {
        format!(
            "since = \"2025-06-01\"\n[[class]]\nid = \"choice\"\ntitle = \"任选\"\n[[class.wording]]\nfrom = \"2025-06-01\"\ntext = \"{text}\"\ncitations = [\"《示例规定》第三条\"]\nconfidence = \"G\"\n"
        )
    };
    for text in ["甲\\n乙", "@note 甲", "## 甲"] {
        let said = found(|handbook| handbook.write(REMEDY, class(text)));
        assert!(said.contains("只能是一段文字"), "{text}: {said}");
    }
    assert_snapshot!(broken(&["remedy-text"], |handbook| handbook.write(REMEDY, class("@note 甲"))));
}

#[test]
fn a_remedy_with_a_name_that_nobody_fills_in_is_refused() {
    let said = found(|handbook| {
        with_remedy(handbook);
        handbook.replace(REMEDY, "如对{{subject}}不服，可以申诉", "如对{{subjekt}}不服，可以申诉");
    });
    assert!(said.contains("不认识的名称"), "{said}");
}

#[test]
fn rules_of_a_remedy_out_of_order_are_refused() {
    let said = found(|handbook| {
        with_remedy(handbook);
        let rule = "[[class.wording]]\nfrom = \"2025-05-01\"\ntext = \"甲\"\nconfidence = \"G\"\n";
        handbook.append(REMEDY, rule);
    });
    assert!(said.contains("2025-05-01 写在 2025-06-01 后面"), "{said}");
}

#[test]
fn a_kind_of_organ_and_a_policy_that_no_table_has_are_refused() {
    let said = found(|handbook| {
        handbook.append(
            "book.toml",
            "organ = \"departement\"\n[preprocessor.gongkai.policy]\nmake-up-day = \"count\"\nwaiting-for-reasons = \"never\"\n",
        );
        handbook.write(REMEDY, "since = \"2025-06-01\"\n[[organ]]\nid = \"department\"\ntitle = \"部门\"\n[[organ.rule]]\nfrom = \"2025-06-01\"\nbodies = [\"本级人民政府\"]\nconfidence = \"G\"\n");
    });
    for words in ["没有「departement」", "您是不是要写 department", "没有「make-up-day」", "没有「never」"]
    {
        assert!(said.contains(words), "{words}:\n{said}");
    }
}

#[test]
fn steps_that_lead_nowhere_are_refused() {
    const STEPS: &str = "[[step]]\nid = \"a\"\ntitle = \"甲\"\nabout = \"甲\"\n\
        [[question]]\nid = \"one\"\nstep = \"a\"\nask = \"甲？\"\nhelp = \"甲\"\n\
        [[question.answer]]\nid = \"yes\"\nlabel = \"是\"\nnext = \"two\"\n\
        [[question]]\nid = \"two\"\nstep = \"a\"\nask = \"乙？\"\nhelp = \"乙\"\nshow_if = [\"one=yes\"]\n\
        [[question.answer]]\nid = \"yes\"\nlabel = \"是\"\noutcome = \"example-notice\"\n";
    let file = "book/rules/steps.toml";
    let handbook = Handbook::bare();
    handbook.write(file, STEPS);
    let run = handbook.run(&["check"]);
    assert_eq!(run.code, 0, "{run:?}");
    for (old, new, words) in [
        ("step = \"a\"\nask = \"甲", "step = \"b\"\nask = \"甲", "没有「b」这一步"),
        ("next = \"two\"", "next = \"one\"", "不在这一题后面"),
        ("next = \"two\"", "next = \"three\"", "不在这一题后面"),
        ("[\"one=yes\"]", "[\"one=no\"]", "没有「one=no」"),
        ("outcome = \"example-notice\"", "outcome = \"x\"", "没有编号为「x」的答复情形"),
        ("\noutcome = \"example-notice\"", "", "没有得出结论"),
        ("outcome = \"example-notice\"", "outcome = \"example-notice\"\ninterim = true", "没有写全"),
        ("help = \"乙\"", "help = \"乙\"\ncases = [\"x\"]", "没有编号为「x」的案例"),
    ] {
        let wrong = STEPS.replacen(old, new, 1);
        assert_ne!(wrong, STEPS, "{old}");
        let said = broken(&["wrong-step"], |handbook| handbook.write(file, &wrong));
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[test]
fn a_holiday_that_contradicts_itself_is_refused() {
    const OTHERS: &str = "[[notice.holiday]]\nname = \"春节、清明节、劳动节、端午节、中秋节、国庆节\"\noff = [\"2027-02-05\"]\n";
    let year = |rest: &str| {
        format!(
            "year = 2027\n[[notice]]\nnumber = \"\"\ntitle = \"示例通知\"\ndate = \"2026-11-30\"\nconfidence = \"G\"\n{OTHERS}[[notice.holiday]]\nname = \"元旦\"\n{rest}\n"
        )
    };
    // kind: wrong-holiday
    for (rest, words) in [
        ("off = [\"2027-01-01\", \"2027-01-01\"]", "写了两次"),
        ("off = [\"2027-01-01\"]\nwork = [\"2027-01-01\"]", "写了两次"),
        ("off = [\"2028-06-01\"]", "不在2027年"),
        ("off = [\"2027-02-30\"]", "没有「2027-02-30」这一天"),
        ("off = [\"2027-01-02\"]\n[[notice.holiday]]\nname = \"国庆节\"\noff = []", "没有写哪几天"),
    ] {
        let said = broken(&["wrong-holiday"], |handbook| {
            handbook.write("book/rules/calendar/2027.toml", year(rest));
        });
        assert!(said.contains(words), "{rest}: {said}");
    }
    let said =
        found(|handbook| handbook.write("book/rules/calendar/2028.toml", year("off = [\"2027-01-01\"]")));
    assert!(said.contains("文件名是 2028，里面写的是2027年"), "{said}");
}

#[test]
fn an_id_that_the_handbook_needs_itself_is_refused() {
    assert_snapshot!(broken(&["reserved-name"], |handbook| {
        guide(handbook, "laws", "laws", "甲。");
        handbook.append("book/SUMMARY.md", "- [甲](guide/laws.md)\n");
    }));
}

#[test]
fn a_summary_that_does_not_fit_the_pages_is_refused() {
    assert_snapshot!(broken(&["summary"; 3], |handbook| {
        handbook.append("book/SUMMARY.md", "- [没有](guide/none.md)\n- [首页](index.md)\n");
        guide(handbook, "lost", "guide-lost", "甲。");
    }));
}

#[test]
fn a_number_of_articles_that_no_law_has_is_refused() {
    let said = found(|handbook| other_law(handbook, "articles = 100_000"));
    assert!(said.contains("book/laws/other-rules.md:8:12"), "{said}");
}

#[test]
fn a_file_that_cannot_be_read_is_reported_once() {
    assert_eq!(found(|handbook| handbook.write(CASE, b"+++\n\0\n+++\n")).matches("错误:").count(), 1);
    assert_eq!(
        found(|handbook| handbook.append(CASE, &"长".repeat(3 * 1024 * 1024))).matches("错误:").count(),
        1
    );
}

#[test]
fn a_mistake_in_the_header_of_a_law_is_not_repeated_for_every_page_that_cites_it() {
    let said = found(|handbook| handbook.replace(LAW, "kind = \"规范性文件\"", "kind = \"规范文件\""));
    assert_eq!(said.matches("错误:").count(), 1, "{said}");
    // The law that everything cites, the explanations of quizzes too.
    let handbook = Handbook::own();
    handbook.replace("book/laws/foi-2019.md", "\nid = \"foi-2019\"\n", "\nid = \"foi-2019\"\nidd = 1\n");
    let said = handbook.run(&["check"]).stderr;
    assert_eq!(said.matches("错误:").count(), 1, "{said}");
}

#[test]
fn no_label_under_a_caret_is_english() {
    let said = found(|handbook| {
        handbook.replace(CASE, "result = \"示例结果\"", "result = 示例结果");
        handbook.append(CLAUSE, "{{#if reason}}\n");
        other_law(handbook, "articles = 5_000_000_000");
    });
    for words in ["string values", "expected", "invalid"] {
        assert!(!said.contains(words), "{words}:\n{said}");
    }
}

/// Kinds of mistakes that only a request file can have; `letters.rs` makes them and says so (`// kind: line-break`).
const IN_REQUESTS: [&str; 8] = [
    "date-order",
    "differs-from-events",
    "doubled-mark",
    "letter-rule",
    "line-break",
    "not-printed",
    "remedy-date",
    "unknown-letter",
];

/// Kinds of mistakes in the events of a request; `clock.rs` makes them and says so (`// kind: impossible-event`).
const IN_EVENTS: [&str; 4] = ["impossible-event", "no-events", "too-many", "wrong-date"];

/// Kinds of mistakes in official texts; `statutes.rs` makes them and says so (`// kind: unreadable`).
const IN_TEXTS: [&str; 3] = ["newer-text", "structure-differs", "unreadable"];

/// Kinds of mistakes in settings and in document numbers; these files make them and say so (`// kind: no-code`).
const IN_SETTINGS: [&str; 2] = ["personal-setting", "wrong-setting"];
const IN_NUMBERS: [&str; 4] = ["no-code", "no-number", "wrong-number", "wrong-register"];

/// Kinds of mistakes in tables; `batch.rs` makes them and says so (`// kind: merged-cell`).
const IN_TABLES: [&str; 12] = [
    "cell-error",
    "cell-format",
    "given-twice",
    "hidden-row",
    "merged-cell",
    "missing-column",
    "no-counter",
    "no-rows",
    "too-many-columns",
    "unclear-column",
    "unknown-column",
    "wrong-row-number",
];

#[test]
fn every_kind_of_mistake_in_a_table_has_a_table_with_it() {
    for kind in IN_TABLES {
        assert!(include_str!("batch.rs").contains(&format!("// kind: {kind}\n")), "{kind}");
    }
}

/// Kinds of mistakes in packs, as `tests/pack.rs` names them.
const IN_PACKS: [&str; 8] = [
    "pack-checksum",
    "pack-edition",
    "pack-format",
    "pack-manifest",
    "pack-name",
    "pack-path",
    "pack-size",
    "pack-zip",
];

/// Kinds of mistakes in editions and books, as `tests/editions.rs` names them.
const IN_EDITIONS: [&str; 2] = ["book-page", "edition"];

#[test]
fn every_kind_of_mistake_in_the_source_has_a_broken_file_in_these_tests() {
    let mut named = BTreeSet::new();
    for (path, bytes) in common::files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        if path.ends_with(".rs") {
            let text = String::from_utf8(bytes).unwrap();
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            for part in ["Diagnostic::error(", "Diagnostic::placeless("]
                .iter()
                .flat_map(|call| text.split(call).skip(1))
            {
                if let Some(kind) =
                    part.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next())
                {
                    named.insert(kind.to_owned());
                }
            }
        }
    }
    assert!(named.len() > 40, "{named:?}");
    named.retain(|kind| match kind.as_str() {
        kind if IN_REQUESTS.contains(&kind) => {
            !include_str!("letters.rs").contains(&format!("// kind: {kind}\n"))
        }
        kind if IN_TEXTS.contains(&kind) => {
            !include_str!("statutes.rs").contains(&format!("// kind: {kind}\n"))
        }
        kind if IN_TABLES.contains(&kind) => false,
        kind if IN_SETTINGS.contains(&kind) => {
            !include_str!("config.rs").contains(&format!("// kind: {kind}\n"))
        }
        kind if IN_NUMBERS.contains(&kind) => {
            !include_str!("numbers.rs").contains(&format!("// kind: {kind}\n"))
        }
        kind if IN_PACKS.contains(&kind) => !include_str!("pack.rs").contains(&format!("// kind: {kind}\n")),
        kind if IN_EDITIONS.contains(&kind) => {
            !include_str!("editions.rs").contains(&format!("// kind: {kind}\n"))
        }
        kind if IN_EVENTS.contains(&kind) => {
            !include_str!("clock.rs").contains(&format!("// kind: {kind}\n"))
        }
        kind => !include_str!("broken.rs").contains(&format!("\"{kind}\"")),
    });
    assert_eq!(named, BTreeSet::new());
}
