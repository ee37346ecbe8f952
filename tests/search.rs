//! The search: both twins give the same answers, every answer leads somewhere, and the command says what it found.

#![allow(clippy::unwrap_used, reason = "a test that cannot prepare its files stops")]

use crate::common;

use common::{Handbook, project};
use gongkai::search::{Answer, Engine, Options, Shelf};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::new(Shelf::new(&project().corpus, &project().links, &project().edition)))
}

fn ask(query: &str) -> Answer {
    engine().search(query, &Options::default())
}

fn first(query: &str) -> String {
    ask(query).hits.first().map(|hit| hit.url.clone()).unwrap_or_default()
}

#[test]
fn every_page_of_an_edition_can_be_found_and_no_other() {
    let (own, bare) = (Handbook::own(), Handbook::bare());
    let editions = [(&own, "staff", "handbook"), (&own, "public", "public"), (&bare, "staff", "handbook")];
    for (handbook, edition, folder) in editions {
        let run = handbook.run(&["build", "--edition", edition]);
        assert_eq!(run.code, 0, "{run:?}");
        let folder = handbook.path("target").join(folder);
        let mut there = BTreeSet::new();
        for entry in walkdir::WalkDir::new(&folder) {
            let path = entry.unwrap().into_path();
            let path = path.strip_prefix(&folder).unwrap().to_string_lossy().replace('\\', "/");
            if path.ends_with(".html") {
                there.insert(path);
            }
        }
        // The first page of the public edition is made of the contents alone.
        let beside = ["404.html", "index.html", "print.html", "toc.html"];
        let project = gongkai::cli::Project::load(Some(handbook.root())).unwrap();
        let mut report = gongkai::text::Report::default();
        let (project, _) = project.edition(edition, &mut report).unwrap().unwrap();
        let shelf = Shelf::new(&project.corpus, &project.links, &project.edition);
        let found: BTreeSet<String> = shelf.pages().iter().map(|page| page.url.clone()).collect();
        let hidden: Vec<_> = there.difference(&found).filter(|p| !beside.contains(&p.as_str())).collect();
        let nowhere: Vec<_> = found.difference(&there).collect();
        assert!(hidden.is_empty() && nowhere.is_empty(), "{edition}: {hidden:?}, {nowhere:?}");
    }
}

#[test]
fn lists_tables_the_glossary_and_exercises_are_found() {
    for (query, page) in [
        ("期限、救济、收费一览", "terms.html"),
        ("该用哪种答复", "decide.html"),
        ("术语表", "glossary.html"),
        ("文书模板", "letters/index.html"),
        ("法规目录", "laws/index.html"),
        ("案例汇编", "cases/index.html"),
        ("练习题", "quiz/index.html"),
        ("更新记录", "changes.html"),
        ("条文索引", "articles.html"),
    ] {
        assert_eq!(first(query).split('#').next(), Some(page), "{query}");
    }
    let hits = ask("期限一览").hits;
    assert!(hits.iter().take(3).any(|hit| hit.url.starts_with("terms.html")), "{hits:?}");
    // A term leads to its own line, and what the trainer keeps is not told.
    let options = Options { kind: Some("practice"), ..Options::default() };
    let drill = engine().search("写不清的平信 治河", &options).hits;
    assert!(drill[0].url.starts_with("drills/vague-letter.html"), "{drill:?}");
    let kept = engine().search("评分表 讲评 参考走法", &options).hits;
    assert!(kept.iter().all(|hit| !hit.url.ends_with("-marks") && !hit.url.ends_with("-way")), "{kept:?}");
}

/// Every kind of query, good and bad.
fn queries() -> Vec<String> {
    let plain = [
        "重复申请",
        "条例36条",
        "条例第三十六条第五项",
        "复议法23条1款4项",
        "条例第十四条、第十五条",
        "36、37条",
        "条例36条、复议法23条和第5条",
        "罚款一下子交不起，能慢慢交吗",
        "同样的事我又要了一遍",
        "收到答复后几天之内可以找上级评理",
        "保密法 第十九条",
        "保密法",
        "行诉法 38",
        "36(5)",
        "第三十三条",
        "条例第999条",
        "多久必须答复",
        "打官司找哪个法院",
        "查不到的文件怎么回",
        "商业秘密 征求意见",
        "20个工作日",
        "二十个工作日",
        "政府資訊公開條例",
        "ＧＢ１８０３０",
        "cfsq",
        "chongfushenqing",
        "chongfsq",
        "zzzz",
        "怎么办",
        "法",
        "第",
        "第条",
        "十百",
        "",
        "　 ",
        "，。！？",
        "<script>alert(1)</script>",
        ".*+?^${}()|[]\\",
        "😀😀",
        "𠮷野",
        "\u{0}\u{7f}",
        "国办函〔2020〕109号",
        "信息不存在 检索 证明",
        "第三方不同意公开商业秘密还能不能公开",
    ];
    let mut all: Vec<String> = plain.map(str::to_owned).to_vec();
    all.push("重复申请".repeat(2_500));
    all.push("a".repeat(10_000));
    all
}

/// Puts the data and the program together as the box does, and answers queries.
const DRIVER: &str = r"
const vm = require('vm'), fs = require('fs'), [folder] = process.argv.slice(1);
let shelf, part, loaded = 0;
const room = { atob, gongkaiSearchData: (all) => { shelf = all; }, gongkaiSearchPart: (kind, number, all) => { part = all; } };
vm.createContext(room);
const run = (path) => vm.runInContext(fs.readFileSync(folder + '/' + path, 'utf8'), room);
run('search/engine.js');
run('search/data.js');
const { Engine, Store } = vm.runInContext('gongkaiSearchEngine', room)();
const load = async (path) => { loaded++; run(path); return part; };
const ready = new Engine(shelf, shelf.parts ? new Store(shelf, load) : null, 'rest');
if (!shelf.parts) ready.take(structuredClone(new Engine(shelf, null, 'index').index));
const calls = JSON.parse(fs.readFileSync(0, 'utf8'));
(async () => {
  const answers = [];
  for (const [query, options] of calls) {
    // What is done while nobody types changes no answer, begun or finished.
    if (!shelf.parts && answers.length === 20) ready.prepare(100);
    if (!shelf.parts && answers.length === 40) while (ready.prepare(1000));
    const { count, rest, ...answer } = await ready.search(query, { ...options, now: 4 });
    answer.hits.push(...rest());
    if (answer.hits.length !== count) throw new Error(query);
    answers.push(answer);
  }
  console.log(JSON.stringify(answers));
})();
";

/// What the twin in JavaScript answers from data of which more than `most_units` comes in parts; `None` where there is
/// no Node.
fn twin(most_units: usize, calls: &[Json]) -> Option<Vec<Json>> {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::new(&project().corpus, &project().links, &project().edition);
    let put = &mut |name: &str, script: &str| {
        let path = folder.path().join("search").join(name);
        fs::create_dir_all(path.parent().unwrap())?;
        fs::write(path, script)
    };
    shelf.write_with(most_units, put).unwrap();
    assert_eq!(folder.path().join("search/p/00000.js").is_file(), most_units == 0);
    let node = Command::new("node")
        .args(["-e", DRIVER])
        .arg(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut node) = node else {
        common::skipped("node is not installed");
        return None;
    };
    node.stdin.take().unwrap().write_all(Json::from(calls).to_string().as_bytes()).unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn both_twins_give_the_same_answers() {
    same_answers(2_000_000);
}

#[test]
fn a_handbook_that_comes_in_parts_gives_the_same_answers() {
    same_answers(0);
}

fn same_answers(most_units: usize) {
    let mut calls: Vec<(String, Json)> = queries().into_iter().map(|q| (q, json!({}))).collect();
    calls.push(("期限".into(), json!({ "kind": "question", "limit": 3 })));
    calls.push(("期限".into(), json!({ "state": "已废止" })));
    calls.push(("不予公开".into(), json!({ "kind": "case", "outcome": "没有这样的情形" })));
    let asked: Vec<Json> = calls.iter().map(|(query, options)| json!([query, options])).collect();
    let Some(answers) = twin(most_units, &asked) else { return };
    for ((query, options), theirs) in calls.iter().zip(&answers) {
        let text = |key: &str| options[key].as_str();
        let limit = options["limit"].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        let options = Options {
            limit,
            kind: text("kind"),
            outcome: text("outcome"),
            year: text("year"),
            state: text("state"),
        };
        let mut ours = serde_json::to_value(engine().search(query, &options)).unwrap();
        let mut theirs = theirs.clone();
        let name: String = query.chars().take(40).collect();
        let (one, other) = (scores(&mut ours), scores(&mut theirs));
        assert_eq!(ours, theirs, "{name}");
        // Reading a number back from JSON may change its last bit.
        let same = |(a, b): (&f64, &f64)| (a - b).abs() <= a.abs() * 1e-12;
        assert!(one.iter().zip(&other).all(same), "{name}: {one:?} {other:?}");
    }
}

/// Takes the scores out of an answer.
fn scores(answer: &mut Json) -> Vec<f64> {
    let hits = answer["hits"].as_array_mut().unwrap();
    hits.iter_mut()
        .map(|hit| hit.as_object_mut().unwrap().remove("score").unwrap().as_f64().unwrap())
        .collect()
}

#[test]
fn an_article_is_found_in_every_spelling_first() {
    for query in [
        "条例36条",
        "条例第36条",
        "《条例》第三十六条",
        "信息公开条例 三十六条",
        "政府信息公开条例36",
        "条例３６条",
        "中华人民共和国政府信息公开条例第三十六条",
    ] {
        assert!(first(query).starts_with("laws/foi-2019.html#foi-2019-art-36"), "{query}: {}", first(query));
    }
}

#[test]
fn an_item_that_was_asked_for_is_where_the_hit_leads() {
    for query in ["条例36(5)", "条例三十六条第五项", "条例第36条第（五）项", "条例36条第一款第五项"]
    {
        assert_eq!(first(query), "laws/foi-2019.html#foi-2019-art-36-5", "{query}");
    }
    assert_eq!(first("复议法23条1款4项"), "laws/reconsideration-2023.html#reconsideration-2023-art-23-1-4");
}

#[test]
fn several_articles_are_found_together() {
    let foi = |article: u32| format!("laws/foi-2019.html#foi-2019-art-{article}");
    let review = "laws/reconsideration-2023.html#reconsideration-2023-art-23".to_owned();
    for (query, places) in [
        ("条例第十四条、第十五条", [foi(14), foi(15)]),
        ("条例36、37条", [foi(36), foi(37)]),
        ("条例第14条和第十五条", [foi(14), foi(15)]),
        ("条例36条和行政复议法23条", [foi(36), review]),
    ] {
        let hits = ask(query).hits;
        for (hit, place) in hits.iter().zip(&places) {
            assert!(hit.url.starts_with(place), "{query}: {} is not {place}", hit.url);
        }
    }
    assert_eq!(ask("条例36条5项和37条").hits[0].url, foi(36) + "-5");
    // A number and another that is an article are no list.
    assert!(ask("20日和家属").hits.iter().all(|hit| hit.score < 500.0));
}

#[test]
fn what_is_only_nearly_said_is_understood() {
    // The table knows 分几次交 and the like, never these sentences.
    for (query, place) in [
        (
            "罚款一下子交不起，能慢慢交吗",
            "laws/administrative-penalty-2021.html#administrative-penalty-2021-art-66",
        ),
        ("同样的事我又要了一遍", "questions/q-repeat-request.html"),
    ] {
        assert!(first(query).starts_with(place), "{query}: {}", first(query));
    }
}

#[test]
fn a_question_brings_the_article_and_the_letter_that_belong_to_it() {
    let hits = ask("要我们专门给他做一张汇总表，有义务做吗").hits;
    for place in [
        "laws/foi-2019.html#foi-2019-art-38",
        "questions/q-needs-summary.html",
        "letters/needs-processing.html",
    ] {
        assert!(hits.iter().any(|hit| hit.url.starts_with(place)), "{place}");
    }
}

#[test]
fn the_name_of_a_law_is_the_law() {
    for (query, url) in [
        ("保密法", "laws/secrets-2024.html#secrets-2024"),
        ("行政复议法", "laws/reconsideration-2023.html#reconsideration-2023"),
        ("保密法实施条例", "laws/secrets-regulation-2024.html#secrets-regulation-2024"),
    ] {
        assert_eq!(first(query), url, "{query}");
    }
}

#[test]
fn letters_are_read_as_pinyin_also_where_a_character_has_two_sounds() {
    for query in ["cfsq", "chongfushenqing", "chongfusq", "CFSQ"] {
        assert_eq!(ask(query).reading.as_deref(), Some("重复申请"), "{query}");
    }
    assert_eq!(ask("重复申请").reading, None);
}

#[test]
fn numbers_are_the_same_in_digits_and_in_characters() {
    let urls = |query| ask(query).hits.iter().map(|hit| hit.url.clone()).collect::<BTreeSet<_>>();
    let (one, other) = (urls("20个工作日"), urls("二十个工作日"));
    assert!(one.intersection(&other).count() >= 5, "{one:?} {other:?}");
}

#[test]
fn a_facet_counts_what_its_filter_leaves() {
    let all = ask("不予公开");
    for (kind, count) in &all.facets["kind"] {
        let options = Options { kind: Some(kind), limit: 1_000, ..Options::default() };
        assert_eq!(engine().search("不予公开", &options).total, *count, "{kind}");
    }
}

#[test]
fn what_is_no_longer_in_force_says_so() {
    let options = Options { state: Some("已废止"), ..Options::default() };
    let answer = engine().search("政府信息公开", &options);
    assert!(!answer.hits.is_empty());
    assert!(answer.hits.iter().all(|hit| hit.state == Some("已废止")), "{answer:?}");
}

#[test]
fn marks_lie_on_what_was_asked() {
    let answer = ask("重复申请");
    let hit = answer.hits.iter().find(|hit| hit.snippet.contains("重复申请")).unwrap();
    let units: Vec<u16> = hit.snippet.encode_utf16().collect();
    let marked: Vec<String> =
        hit.marks.iter().map(|(a, b)| String::from_utf16_lossy(&units[*a..*b])).collect();
    assert!(marked.iter().any(|text| text == "重复申请"), "{marked:?} in {}", hit.snippet);
}

/// A law of our own with two versions, so that a text that is not in force has a page too.
const OLD: &str = "示例市测试办法\n（2015年3月1日示例市人民政府公布，自2015年4月1日起施行）\n第一条　为了测试，写这一条。\n第二条　下列情形可以测试：\n（一）天气好；\n（二）有旧雨伞。\n第三条　本办法自2015年4月1日起施行。\n";
const NEW: &str = "示例市测试办法\n（2022年3月1日示例市人民政府公布，自2022年4月1日起施行）\n第一条　为了检验，写这一条。\n第二条　下列情形可以检验：\n（一）天气好；\n（二）有新雨伞。\n第二款不编号，也是一款。\n第三条　本办法自2022年4月1日起施行。\n";

#[test]
fn every_place_that_a_hit_may_lead_to_exists() {
    let handbook = Handbook::own();
    for (text, day) in [(NEW, "2022-04-01"), (OLD, "2015-04-01")] {
        handbook.write("办法.txt", text);
        let run = handbook.run(&["law", "import", "办法.txt", "--effective", day, "--yes"]);
        assert_eq!(run.code, 0, "{run:?}");
    }
    fs::remove_file(handbook.path("办法.txt")).unwrap();
    assert_eq!(handbook.run(&["build"]).code, 0);
    let project = gongkai::cli::Project::load(Some(handbook.root())).unwrap();
    let engine = Engine::new(Shelf::new(&project.corpus, &project.links, &project.edition));
    let compared = &engine.search("新旧对照", &Options { kind: Some("tool"), ..Options::default() }).hits[0];
    assert!(compared.url.contains("-diff-1.html#"), "{compared:?}");
    let places = Shelf::new(&project.corpus, &project.links, &project.edition).places();
    assert!(places.iter().any(|p| p.contains("-old-1.html#") && p.ends_with("-art-2-2")), "{places:?}");
    let mut missing = vec![];
    let mut pages = std::collections::BTreeMap::new();
    for place in &places {
        let (page, anchor) = place.split_once('#').unwrap();
        let text = pages.entry(page.to_owned()).or_insert_with(|| {
            fs::read_to_string(handbook.path("target/handbook").join(page)).unwrap_or_default()
        });
        if !text.contains(&format!("id=\"{anchor}\"")) {
            missing.push(place);
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
    for name in ["engine.js", "data.js"] {
        assert!(handbook.path("target/handbook/search").join(name).is_file(), "{name}");
    }
    let run = handbook.run(&["search", "旧雨伞", "--json"]);
    let hits: Json = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(hits[0]["law"], "示例市测试办法");
    assert_eq!(hits[0]["article"], "第二条");
    assert_eq!(hits[0]["state"], "旧版本");
}

#[test]
fn the_command_lists_hits_for_people_and_for_programs() {
    let handbook = Handbook::own();
    let run = handbook.run(&["search", "条例36条"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("《中华人民共和国政府信息公开条例》第三十六条"), "{}", run.stdout);
    let run = handbook.run(&["search", "条例", "36条", "--json", "--limit", "3"]);
    let hits: Json = serde_json::from_str(&run.stdout).unwrap();
    let keys = ["rank", "score", "kind", "title", "law", "article", "url", "snippet", "marks"];
    for hit in hits.as_array().unwrap() {
        assert!(keys.iter().all(|key| hit.get(key).is_some()), "{hit}");
    }
    assert_eq!(hits.as_array().unwrap().len(), 3);
    assert_eq!(hits[0]["law"], "中华人民共和国政府信息公开条例");
    assert_eq!(hits[0]["article"], "第三十六条");
    let run = handbook.run(&["search", "重复申请", "--kind", "问答", "--json"]);
    let hits: Json = serde_json::from_str(&run.stdout).unwrap();
    assert!(hits.as_array().unwrap().iter().all(|hit| hit["kind"] == "question" && hit["law"].is_null()));
    let run = handbook.run(&["search", "重复申请", "--kind", "小说"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("--kind 可以写 法规、问答、案例、文书、政策、指南"), "{}", run.stderr);
}

#[test]
fn nothing_found_is_no_mistake_and_says_what_to_try() {
    let handbook = Handbook::bare();
    let run = handbook.run(&["search", "，。"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("没有找到"), "{}", run.stdout);
}

/// What a newcomer must find in the first week, written down by somebody who had not seen the engine; pages that were
/// written because of it were added.
fn newcomer() -> Vec<Json> {
    serde_json::from_str(include_str!("search/newcomer.json")).unwrap()
}

#[test]
fn a_newcomer_finds_ten_things_with_one_search_among_the_first_three() {
    let missed: Vec<String> = newcomer()
        .iter()
        .filter(|thing| {
            let hits = ask(thing["query"].as_str().unwrap()).hits;
            let pages: Vec<&str> = hits.iter().take(3).filter_map(|hit| hit.url.split('#').next()).collect();
            !thing["pages"].as_array().unwrap().iter().any(|page| pages.contains(&page.as_str().unwrap()))
        })
        .map(|thing| thing["query"].to_string())
        .collect();
    assert_eq!((newcomer().len(), missed), (10, vec![]));
}

#[test]
fn a_policy_is_found_by_its_number_and_a_real_case_by_who_sued() {
    let corpus = &project().corpus;
    let mut missed = vec![];
    for policy in corpus.policies.values().map(|e| &e.header) {
        let number = policy.number.replace("（待核）", "");
        if !first(&number).starts_with(&format!("policies/{}.html", policy.id)) {
            missed.push(number);
        }
    }
    for case in corpus.cases.values().map(|e| &e.header).filter(|c| !c.fictional) {
        let Some((who, _)) = case.title.split_once('诉') else { continue };
        if !first(&format!("{who}案")).starts_with(&format!("cases/{}.html", case.id)) {
            missed.push(format!("{who}案"));
        }
    }
    assert_eq!(missed, Vec::<String>::new());
}
