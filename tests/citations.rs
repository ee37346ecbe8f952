//! Citations are found and resolved as a careful lawyer would: sentences and passages labelled by hand.
//!
//! `cargo test --test citations -- --nocapture` prints precision and recall. The labels of passages from statutes name a
//! file, its SHA-256 and a range of characters, never the words; without `../shared/laws` they are skipped, and that is
//! said. Each list was measured once before anything was mended after it; the README has those measures.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its files stops")]
#![allow(clippy::print_stdout, reason = "the measures are what is asked for")]

use crate::common;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use common::Handbook;
use gongkai::citation::{self, Context, Law, Position, Provision};
use gongkai::corpus::Corpus;
use gongkai::links::judge;
use gongkai::text::Report;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// One labelled text.
struct Labelled {
    id: String,
    text: String,
    own: Option<String>,
    at: Option<String>,
    on: Option<String>,
    expected: Vec<Json>,
}

fn lines(name: &str) -> Vec<Json> {
    let path = project().join("tests/citations").join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.lines().filter(|l| !l.trim().is_empty()).map(|l| serde_json::from_str(l).unwrap()).collect()
}

fn labelled(row: &Json, text: String) -> Labelled {
    let word = |key: &str| row[key].as_str().map(str::to_owned);
    let expected = row["expected"].as_array().unwrap().clone();
    Labelled {
        id: row["id"].as_str().unwrap().to_owned(),
        text,
        own: word("self"),
        at: word("at"),
        on: word("on"),
        expected,
    }
}

fn sentences(list: &str) -> Vec<Labelled> {
    let rows = lines(list);
    rows.iter().map(|r| labelled(r, r["text"].as_str().unwrap().to_owned())).collect()
}

/// Passages of the real statutes; `None` where they are not at hand.
fn passages(list: &str) -> Option<Vec<Labelled>> {
    let folder = project().join("../shared/laws");
    if !folder.is_dir() {
        println!("跳过：没有 ../shared/laws，法规里的句子没有检验");
        return None;
    }
    let mut files: BTreeMap<String, Vec<char>> = BTreeMap::new();
    let rows = lines(list);
    let all = rows.iter().map(|row| {
        let name = row["file"].as_str().unwrap().to_owned();
        let chars = files.entry(name.clone()).or_insert_with(|| {
            let bytes = fs::read(folder.join(&name)).unwrap();
            let sum = Sha256::digest(&bytes).iter().fold(String::new(), |mut out, b| {
                let _ = write!(out, "{b:02x}");
                out
            });
            assert_eq!(sum, row["sha256"].as_str().unwrap(), "{name} is another version");
            String::from_utf8(bytes).unwrap().chars().collect()
        });
        let at = |key: &str| usize::try_from(row[key].as_u64().unwrap()).unwrap();
        labelled(row, chars[at("start")..at("end")].iter().collect())
    });
    Some(all.collect())
}

/// What `gongkai cite --json` prints, without a process for each sentence.
fn cite(corpus: &Corpus, one: &Labelled) -> Vec<Json> {
    let own = one
        .own
        .as_deref()
        .map(|name| corpus.names.named(name).unwrap_or_else(|| Law::Unknown(name.to_owned())));
    let at = one.at.as_deref().map(|at| at.parse::<Position>().unwrap());
    let chars = |byte: usize| one.text[..byte].chars().count();
    let place = |p: &Provision| json!({ "article": p.article, "sub": p.sub, "paragraph": p.paragraph, "item": p.item, "subitem": p.subitem });
    citation::find(&one.text, &corpus.names, &Context { own, at, loose: true })
        .iter()
        .map(|found| {
            let verdict = judge(corpus, found, one.on.as_deref());
            let targets: Vec<Json> = found
                .targets
                .iter()
                .map(|t| {
                    let mut target = place(&t.from);
                    target["to"] = t.to.as_ref().map_or(Json::Null, place);
                    target
                })
                .collect();
            json!({
                "start": chars(found.range.start), "end": chars(found.range.end), "law": verdict.law, "targets": targets,
                "status": verdict.status, "hint": verdict.hint,
            })
        })
        .collect()
}

/// What counts: where, which law, which places.
fn key(citation: &Json) -> String {
    // Inner title marks are written in three styles.
    let law = citation["law"].as_str().map(|l| l.replace(['〈', '<'], "《").replace(['〉', '>'], "》"));
    json!([citation["start"], citation["end"], law, citation["targets"]]).to_string()
}

/// Labels leave out what is null.
fn whole(citation: &Json) -> Json {
    let place = |p: &Json| -> Json {
        if p.is_null() {
            return Json::Null;
        }
        json!({ "article": p["article"], "sub": p["sub"], "paragraph": p["paragraph"], "item": p["item"], "subitem": p["subitem"] })
    };
    let targets: Vec<Json> = citation["targets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| {
            let mut target = place(t);
            target["to"] = place(&t["to"]);
            target
        })
        .collect();
    json!({ "start": citation["start"], "end": citation["end"], "law": citation["law"], "targets": targets, "status": citation["status"], "hint": citation["hint"] })
}

#[derive(Default)]
struct Measure {
    texts: usize,
    hits: usize,
    extra: usize,
    missed: usize,
    statuses: usize,
    wrong_statuses: usize,
    report: String,
}

impl Measure {
    fn precision(&self) -> f64 {
        self.hits as f64 * 100.0 / (self.hits + self.extra).max(1) as f64
    }

    fn recall(&self) -> f64 {
        self.hits as f64 * 100.0 / (self.hits + self.missed).max(1) as f64
    }

    fn line(&self, name: &str) -> String {
        format!(
            "{name}：{} 段，{} 处引用；准确率 {:.1}%，召回率 {:.1}%，结论一致 {:.1}%",
            self.texts,
            self.hits + self.missed,
            self.precision(),
            self.recall(),
            (self.statuses - self.wrong_statuses) as f64 * 100.0 / self.statuses.max(1) as f64
        )
    }
}

/// `show` says whether the words may be shown: those of statutes never.
fn measure(all: &[Labelled], corpus: &Corpus, show: bool) -> Measure {
    let mut measure = Measure::default();
    for one in all {
        let found: Vec<Json> = cite(corpus, one).iter().map(whole).collect();
        let expected: Vec<Json> = one.expected.iter().map(whole).collect();
        let keys = |all: &[Json]| -> Vec<String> { all.iter().map(key).collect() };
        let (is, wanted) = (keys(&found), keys(&expected));
        measure.texts += 1;
        measure.hits += is.iter().filter(|k| wanted.contains(k)).count();
        measure.extra += is.iter().filter(|k| !wanted.contains(k)).count();
        measure.missed += wanted.iter().filter(|k| !is.contains(k)).count();
        for (found, key) in found.iter().zip(&is) {
            if let Some(i) = wanted.iter().position(|w| w == key) {
                measure.statuses += 1;
                // The labels know fewer laws and fewer texts than this handbook.
                let wanted = &expected[i]["status"];
                let known = found["status"] == "resolved"
                    && (wanted == "unknown-law"
                        || wanted == "version-missing"
                            && found["hint"].as_str().is_some_and(|h| h.contains("不是现行文本")));
                if expected[i]["status"] != found["status"] && !known {
                    measure.wrong_statuses += 1;
                    let _ = writeln!(
                        measure.report,
                        "{} 结论 {} 不是 {}",
                        one.id, found["status"], expected[i]["status"]
                    );
                }
            }
        }
        if is != wanted {
            let words = if show { one.text.as_str() } else { "" };
            let _ = writeln!(measure.report, "{} {words}\n  得到 {is:?}\n  应当 {wanted:?}", one.id);
        }
    }
    measure
}

#[test]
fn citations_are_found_as_a_careful_lawyer_would() {
    let (sentences, others) = (sentences("sentences.jsonl"), sentences("own.jsonl"));
    let (passages, second) =
        (passages("statutes.jsonl").unwrap_or_default(), passages("laws.jsonl").unwrap_or_default());
    assert!(sentences.len() + passages.len() > 150);
    // With the texts imported, places are judged down to the 项.
    let handbook = Handbook::own();
    if !passages.is_empty() {
        let folder = project().join("../shared/laws");
        let mut files: Vec<String> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap().path().display().to_string()).collect();
        files.sort();
        let mut arguments = vec!["law", "import", "--yes"];
        arguments.extend(files.iter().map(String::as_str));
        assert_eq!(handbook.run(&arguments).code, 0);
    }
    let mut report = Report::default();
    let sources = gongkai::disk::read_sources(handbook.root(), &mut report).unwrap();
    let corpus = Corpus::load(&sources, &mut report);
    let mut all = Measure::default();
    for (name, set, show) in [
        ("自拟的句子", &sentences, true),
        ("另一批自拟的句子", &others, true),
        ("法规里的句子", &passages, false),
        ("另一批法规里的句子", &second, false),
    ] {
        if set.is_empty() {
            continue;
        }
        let measure = measure(set, &corpus, show);
        println!("{}\n{}", measure.line(name), measure.report);
        all.texts += measure.texts;
        all.hits += measure.hits;
        all.extra += measure.extra;
        all.missed += measure.missed;
        all.statuses += measure.statuses;
        all.wrong_statuses += measure.wrong_statuses;
    }
    println!("{}", all.line("全部"));
    assert!(all.precision() >= 99.0 && all.recall() >= 98.0, "{}", all.line("全部"));
}

#[test]
fn the_command_prints_what_programs_read() {
    let handbook = Handbook::own();
    let text = "依《条例》第三十六条第（一）至（三）项、前款，和《×××》第二条。";
    let run =
        handbook.run_with(&["cite", "-", "--json", "--self", "foi-2019", "--at", "33.2"], text.as_bytes());
    assert_eq!(run.code, 0, "{run:?}");
    let found: Json = serde_json::from_str(&run.stdout).unwrap();
    let place = |article: u32, paragraph: Json, item: Json| json!({ "article": article, "sub": null, "paragraph": paragraph, "item": item, "subitem": null });
    let mut range = place(36, Json::Null, json!(1));
    range["to"] = place(36, Json::Null, json!(3));
    let expected = json!({
        "start": 1, "end": 19, "text": "《条例》第三十六条第（一）至（三）项", "law": "中华人民共和国政府信息公开条例",
        "targets": [range], "status": "resolved", "hint": null,
    });
    assert_eq!(found[0], expected);
    assert_eq!(found[1]["text"], "前款");
    assert_eq!(found[1]["targets"][0]["paragraph"], 1);
    assert_eq!((&found[2]["status"], &found[2]["law"]), (&json!("unresolvable"), &Json::Null));
}

#[test]
fn citations_are_found_outside_of_a_handbook_too() {
    let empty = Handbook::empty();
    let run = empty.run_with(&["cite", "--json"], "违反行诉法第四十五条、示例市某办法第三条".as_bytes());
    assert_eq!(run.code, 0, "{run:?}");
    let found: Json = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(found[0]["law"], "中华人民共和国行政诉讼法");
    assert_eq!((&found[0]["status"], &found[1]["status"]), (&json!("resolved"), &json!("unknown-law")));
    assert_eq!(empty.run_with(&["cite", "--json"], b"").stdout.trim(), "[\n]");
    let gb = encoding_rs::GB18030.encode("依照行政复议法第三百条").0.into_owned();
    let run = empty.run_with(&["cite", "--json"], &gb);
    assert!(
        run.code == 0 && run.stdout.contains("no-such-article") && run.stdout.contains("到第九十条为止"),
        "{run:?}"
    );
    let run = empty.run_with(&["cite", "--json"], "法释〔2011〕17号第七条".as_bytes());
    assert!(run.stdout.contains("\"resolved\"") && run.stdout.contains("已废止，2025-06-01 失效"), "{run:?}");
    let run = empty.run_with(&["cite", "--at", "三"], b"");
    assert!(run.code == 2 && run.stderr.contains("--at"), "{run:?}");
}
