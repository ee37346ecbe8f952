//! Settings in layers: which one holds, where it comes from, and what an officer may set.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its files stops")]

use crate::common;

use std::fs;

use common::{Handbook, Run, assert_same_files, files, gongkai};
use serde_json::Value as Json;

const OFFICIAL: &str = "book/rules/agency.toml";

/// Runs the program with the officer's own settings in `个人/config.toml` of the handbook's folder.
fn at_desk(handbook: &Handbook, arguments: &[&str]) -> Run {
    let mut command = gongkai(handbook.root());
    command.env("GONGKAI_CONFIG", handbook.path("个人/config.toml"));
    let output = command.args(arguments).output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

fn settings(handbook: &Handbook, list: &str, key: &str) -> Json {
    let run = at_desk(handbook, &["config", "show", "--json"]);
    let shown: Json = serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {run:?}"));
    shown[list].as_array().unwrap().iter().find(|row| row["key"] == key).unwrap().clone()
}

/// One more line among the agency's settings.
fn set(handbook: &Handbook, line: &str) {
    handbook.replace("book.toml", "\nreview_body = ", &format!("\n{line}\nreview_body = "));
}

#[test]
fn the_officers_setting_stands_over_the_agencys_and_that_over_the_one_for_all() {
    let handbook = Handbook::bare();
    handbook.write(OFFICIAL, "phone = \"000-00000001\"\nportal = \"https://www.example.gov.cn/\"\n");
    handbook.write("个人/config.toml", "# 我的\n\nphone = \"000-00000003\"\n");
    let phone = settings(&handbook, "settings", "phone");
    assert_eq!((&phone["value"], &phone["layer"]), (&"000-00000003".into(), &"user".into()));
    assert!(phone["place"].as_str().unwrap().ends_with("个人/config.toml:3"), "{phone}");
    let over: Vec<&str> =
        phone["overrides"].as_array().unwrap().iter().map(|o| o["layer"].as_str().unwrap()).collect();
    assert_eq!(over, ["agency", "official"]);
    let portal = settings(&handbook, "settings", "portal");
    assert_eq!((&portal["layer"], &portal["place"]), (&"official".into(), &format!("{OFFICIAL}:2").into()));
    let run = at_desk(&handbook, &["config", "show"]);
    assert!(run.stdout.contains("联系电话（phone）：000-00000003\n    来自本人："), "{run:?}");
    assert!(run.stdout.contains("盖过上级统一的“000-00000001”：book/rules/agency.toml:1"), "{run:?}");
    assert!(run.stdout.contains("有管辖权的法院（court）：可以不写"), "{run:?}");
}

#[test]
fn what_is_left_empty_in_a_layer_is_taken_from_the_one_below() {
    let handbook = Handbook::bare();
    handbook.write(OFFICIAL, "code = \"示例办公开\"\n");
    handbook.replace("book.toml", "code = \"示例公开\"", "code = \"\"");
    assert_eq!(settings(&handbook, "settings", "code")["layer"], "official");
}

#[test]
fn letters_have_the_officers_telephone_and_the_handbook_has_not() {
    let handbook = Handbook::own();
    handbook.write("个人/config.toml", "phone = \"000-99999999\"\n");
    let form = at_desk(&handbook, &["letter", "new", "grant"]);
    assert!(form.stdout.contains("不填就用机关设置里的“000-99999999”"), "{form:?}");
    assert_eq!(at_desk(&handbook, &["build", "-d", "甲"]).code, 0);
    assert_eq!(handbook.run(&["build", "-d", "乙"]).code, 0);
    assert_same_files(&files(&handbook.path("甲")), &files(&handbook.path("乙")));
    // Not even a broken file of the officer keeps the handbook from being built.
    handbook.write("个人/config.toml", "phone = \n");
    assert_eq!(at_desk(&handbook, &["build", "-d", "丙"]).code, 0);
    assert_eq!(at_desk(&handbook, &["letter", "list"]).code, 1);
}

#[test]
fn an_officer_cannot_change_who_hears_reviews_or_what_the_agency_chose() {
    // kind: personal-setting
    let handbook = Handbook::bare();
    for (line, word) in [
        ("review_body = \"示例市人民政府\"", "行政复议机关"),
        ("[policy]\nmake-up-days = \"skip\"", "由机关自定的点"),
        ("layout = \"official\"", "红头版式"),
    ] {
        handbook.write("个人/config.toml", format!("{line}\n"));
        let run = at_desk(&handbook, &["letter", "list"]);
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.stderr.contains(&format!("「{word}」（")) && run.stderr.contains("不能写在个人设置里"));
        assert!(run.stderr.contains("config.toml:1:"), "{run:?}");
        let refused = at_desk(&handbook, &["config", "set", "review_body", "示例市人民政府"]);
        assert_eq!(refused.code, 2, "{refused:?}");
    }
}

#[test]
fn a_personal_setting_is_written_and_everything_else_stays() {
    let handbook = Handbook::bare();
    let path = at_desk(&handbook, &["config", "path"]);
    assert!(path.stdout.trim().ends_with("config.toml") && path.stderr.contains("还没有"), "{path:?}");
    let run = at_desk(&handbook, &["config", "set", "contact", "李某"]);
    assert_eq!(run.code, 0, "{run:?}");
    handbook.append("个人/config.toml", "# 分机以后改\nphone = \"000-00000003\" # 办公室\n");
    assert_eq!(at_desk(&handbook, &["config", "set", "联系电话", "000-00000004"]).code, 0);
    let text = handbook.read("个人/config.toml");
    assert_eq!(text, "contact = \"李某\"\n# 分机以后改\nphone = \"000-00000004\" # 办公室\n");
    let wrong = at_desk(&handbook, &["config", "set", "phone", "打总机"]);
    assert!(wrong.code == 1 && wrong.stderr.contains("不是电话号码"), "{wrong:?}");
    assert_eq!(handbook.read("个人/config.toml"), text);
    // An empty name of a file is none.
    assert_eq!(handbook.run(&["config", "path"]).code, 2);
}

#[test]
fn a_setting_of_the_wrong_form_is_shown_with_its_line_and_what_to_write() {
    // kind: wrong-setting
    for (line, message) in [
        ("postcode = \"00000\"", "不是邮政编码"),
        ("phone = \"王某\"", "不是电话号码"),
        ("code = \"示例公开〔2026〕\"", "不是机关代字"),
        ("portal = \"www.example.gov.cn\"", "不是网址"),
        ("online_channel = \"https：//fuyi.example\"", "里的网址写得不对"),
        ("court = \"示例区法庭\"", "不是法院的名称"),
        ("layout = \"红头\"", "不是红头版式"),
        ("seal = \"示例市某局\"", "印章上的名称「示例市某局」和机关全称"),
    ] {
        let handbook = Handbook::bare();
        let key = line.split(' ').next().unwrap();
        let old = handbook.read("book.toml").lines().find(|l| l.starts_with(key)).map(str::to_owned);
        if let Some(old) = old {
            handbook.replace("book.toml", &format!("\n{old}\n"), "\n");
        }
        set(&handbook, line);
        let run = handbook.run(&["check"]);
        assert_eq!(run.code, 1, "{line}: {run:?}");
        assert!(run.stderr.contains(message) && run.stderr.contains("book.toml:"), "{line}: {run:?}");
        assert!(run.stderr.contains("提示: "), "{line}: {run:?}");
    }
}

#[test]
fn a_seal_with_another_name_is_taken_where_the_agency_says_so() {
    let handbook = Handbook::bare();
    set(&handbook, "seal = \"示例市交通运输局信息公开专用章\"\nseal_differs = true");
    let run = handbook.run(&["check"]);
    assert_eq!(run.code, 0, "{run:?}");
}

#[test]
fn a_review_body_that_does_not_fit_the_kind_of_organ_is_refused_before_any_letter() {
    let handbook = Handbook::own();
    set(&handbook, "organ = \"tax\"");
    let run = handbook.run(&["config", "show"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains("复议机关不是人民政府，这里是「示例市人民政府」"), "{run:?}");
    handbook.replace("book.toml", "organ = \"tax\"", "organ = \"department\"");
    assert_eq!(handbook.run(&["config", "show"]).code, 0);
    handbook.replace("book.toml", "\nreview_body = \"示例市人民政府\"", "\nreview_body = \"本级人民政府\"");
    assert!(handbook.run(&["config", "show"]).stderr.contains("看不出是哪一个机关"));
}

#[test]
fn a_policy_says_whether_it_was_chosen_and_by_whom_and_that_it_is_to_be_checked() {
    let handbook = Handbook::own();
    let unset = settings(&handbook, "policies", "make-up-days");
    assert_eq!(
        (&unset["chosen"], &unset["value"], &unset["unverified"]),
        (&false.into(), &"count".into(), &true.into())
    );
    handbook.write(OFFICIAL, "[policy]\nmake-up-days = \"skip\"\n");
    let chosen = settings(&handbook, "policies", "make-up-days");
    assert_eq!(
        (&chosen["chosen"], &chosen["value"], &chosen["layer"]),
        (&true.into(), &"skip".into(), &"official".into())
    );
    handbook.write(OFFICIAL, "[policy]\nmake-up-days = \"maybe\"\n");
    let wrong = handbook.run(&["config", "show"]);
    assert!(wrong.code == 1 && wrong.stderr.contains("book/rules/agency.toml:2:"), "{wrong:?}");
}

#[test]
fn the_agencys_layout_is_for_documents_with_a_red_head_only() {
    use gongkai::corpus::PageLayout;
    use gongkai::letter::{Request, fill};
    let corpus = common::corpus();
    let mut seen = [0, 0];
    for entry in corpus.clauses.values() {
        let own = corpus.shells[&entry.header.shell].header.layout;
        let mut request = Request::example(corpus, &entry.header);
        request.layout = Some(PageLayout::Official);
        let letter = fill(corpus, &request, &mut gongkai::text::Report::default()).unwrap();
        let red = matches!(own, PageLayout::Letter | PageLayout::Official);
        assert_eq!(letter.layout, if red { PageLayout::Official } else { own }, "{}", entry.header.id);
        seen[usize::from(red)] += 1;
    }
    assert!(seen[1] > 0, "{seen:?}");
}

#[test]
fn the_file_for_all_is_optional_and_belongs_to_the_handbook() {
    let handbook = Handbook::bare();
    handbook.write(OFFICIAL, "nmae = \"示例市某局\"\n");
    let run = handbook.run(&["check"]);
    assert!(run.code == 1 && run.stderr.contains("您是不是要写 name"), "{run:?}");
    fs::remove_file(handbook.path(OFFICIAL)).unwrap();
    assert_eq!(handbook.run(&["check"]).code, 0);
}

#[test]
fn a_letter_that_sends_to_review_first_names_no_court() {
    let handbook = Handbook::own();
    set(&handbook, "court = \"示例市示例区人民法院\"");
    let new = ["letter", "new", "refuse-trade-secret", "--example", "-o", "一.toml"];
    assert_eq!(handbook.run(&new).code, 0);
    let run = handbook.run(&["letter", "fill", "一.toml", "-o", "一.txt"]);
    assert_eq!(run.code, 0, "the setting alone stands in no letter: {run:?}");
    let table = handbook.read("book/rules/remedy.toml");
    handbook.write("book/rules/remedy.toml", table.replace("有管辖权的人民法院", "示例市示例区人民法院"));
    let run = handbook.run(&["letter", "fill", "一.toml", "-o", "二.txt"]);
    assert!(run.code == 1 && run.stderr.contains("先复议的文书写了具体的法院"), "{run:?}");
}
