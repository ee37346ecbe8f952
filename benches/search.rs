//! The search on real statutes, beside its peers: `cargo bench --bench search`.
//!
//! Imports `../shared/laws` into a copy of our own handbook and asks the labelled queries of `tests/search`: MRR@10 and
//! recall@10 by kind of query, for the half that the ranking was tuned on (odd) and the other (even), and the queries that
//! nothing was tuned on; then the same queries by MiniSearch, FlexSearch, Pagefind and mdBook's own search, where Node and
//! the packages are installed; the same on other laws, where somebody has them; then a handbook of 57 MB made by repeating
//! and varying the statutes: what building its search takes, and what a query loads.

#![allow(clippy::print_stdout, reason = "a table on standard output is what a bench is for")]

use anyhow::{Context, ensure};
use gongkai::cli::Project;
use gongkai::search::{Engine, Line, Options, Page, Record, Shelf};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Bytes of text in the large handbook.
const LARGE: usize = 57_000_000;
/// Set in the process that measures the large handbook: where it writes.
const DEST: &str = "GONGKAI_BENCH_DEST";
/// The handbook with the statutes.
const ROOT: &str = "GONGKAI_BENCH_ROOT";
/// A folder with the texts of `tests/search/other-laws.jsonl` and `other-laws-plain.jsonl`, where somebody has them.
const OTHER_LAWS: &str = "GONGKAI_OTHER_LAWS";
/// The kinds of query, in the order of the table.
const KINDS: [&str; 6] = ["reference", "clause", "fragment", "two-terms", "keyword", "question"];

fn main() -> anyhow::Result<()> {
    if let Ok(dest) = std::env::var(DEST) {
        return build_large(Path::new(&std::env::var(ROOT)?), Path::new(&dest));
    }
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let laws = project.join("../shared/laws");
    if !laws.is_dir() {
        println!("跳过：没有 ../shared/laws，没有真实法规可以查");
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let root = folder.path().join("handbook");
    import(project, &laws, &root)?;
    let shelf = shelf(&root)?;
    let (labelled, fresh) = (queries(project, &laws)?, lines(project, "fresh.jsonl")?);
    let more = [("句平常的话", "spoken.jsonl"), ("条两个词的", "two-terms.jsonl")];
    let engine = Engine::new(shelf.clone());
    quality(&engine, "写程序以前标注的", &labelled, &HALVES);
    quality(&engine, "事后另外写的", &fresh, &ALL);
    for (name, file) in more {
        let queries = lines(project, file)?;
        let [n, mrr, recall, _] =
            queries.iter().fold([0.0; 4], |sum, query| plus(sum, measured(&engine, query)));
        println!("\n另有 {n} {name}，也用来调试：{:.3} / {:.3}", mrr / n, recall / n);
    }
    let small = folder.path().join("small");
    peers(project, &small, &shelf, &labelled, "even")?;
    peers(project, &small, &shelf, &fresh, "all")?;
    let large = folder.path().join("large");
    let output = Command::new(std::env::current_exe()?).env(DEST, &large).env(ROOT, &root).output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    println!("\n{}", String::from_utf8_lossy(&output.stdout).trim());
    // The answers stand in the copies too: here only what a query loads is of interest.
    let empty = folder.path().join("empty.json");
    fs::write(&empty, corpus_json(&[], &labelled).to_string())?;
    println!("{}", node(project, &["ours.mjs", &shown(&empty), &shown(&large)]).unwrap_or_else(|e| e));
    match std::env::var(OTHER_LAWS) {
        Ok(laws) => others(project, Path::new(&laws), folder.path(), &root)?,
        Err(_) => println!("\n别的法规没有查：把文本放进一个文件夹，把它的路径写进 {OTHER_LAWS}"),
    }
    Ok(())
}

/// What the search of a project holds.
fn shelf(root: &Path) -> anyhow::Result<Shelf> {
    let project = Project::load(Some(root))?;
    Ok(Shelf::new(&project.corpus, &project.links, &project.edition))
}

fn lines(project: &Path, name: &str) -> anyhow::Result<Vec<Json>> {
    let text = fs::read_to_string(project.join("tests/search").join(name))?;
    Ok(text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// Our own handbook with the statutes, as `gongkai law import` takes them.
fn import(project: &Path, laws: &Path, root: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(root)?;
    fs::copy(project.join("book.toml"), root.join("book.toml"))?;
    for name in ["book", "cases", "templates"] {
        for entry in walkdir::WalkDir::new(project.join(name)) {
            let entry = entry?;
            let to = root.join(entry.path().strip_prefix(project)?);
            if entry.path().starts_with(project.join("book/laws/text")) {
            } else if entry.file_type().is_dir() {
                fs::create_dir_all(to)?;
            } else {
                fs::copy(entry.path(), to)?;
            }
        }
    }
    import_into(root, laws)
}

fn import_into(root: &Path, laws: &Path) -> anyhow::Result<()> {
    let mut files: Vec<_> = fs::read_dir(laws)?.map(|f| f.map(|f| f.path())).collect::<Result<_, _>>()?;
    files.sort();
    let output = Command::new(env!("CARGO_BIN_EXE_gongkai"))
        .args(["law", "import", "--yes", "--root"])
        .arg(root)
        .args(files)
        .output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// An empty handbook with laws of which ours says nothing, and the queries on them; then ours with these laws, too.
fn others(project: &Path, laws: &Path, folder: &Path, full: &Path) -> anyhow::Result<()> {
    let root = folder.join("others");
    let output = Command::new(env!("CARGO_BIN_EXE_gongkai")).arg("init").arg(&root).arg("--bare").output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    import_into(&root, laws)?;
    let shelf = shelf(&root)?;
    let engine = Engine::new(shelf.clone());
    let plain = lines(project, "other-laws-plain.jsonl")?;
    quality(&engine, "别的法规，平常怎样问就怎样问", &plain, &HALVES);
    peers(project, &folder.join("other-small"), &shelf, &plain, "even")?;
    quality(&engine, "别的法规，故意避开法条的词", &lines(project, "other-laws.jsonl")?, &HALVES);
    import_into(full, laws)?;
    let engine = Engine::new(self::shelf(full)?);
    quality(&engine, "别的法规，导入本手册，平常怎样问就怎样问", &plain, &HALVES);
    Ok(())
}

/// The labelled queries, those by reference cut out of the statutes.
fn queries(project: &Path, laws: &Path) -> anyhow::Result<Vec<Json>> {
    let mut all = vec![];
    for line in fs::read_to_string(project.join("tests/search/queries.jsonl"))?.lines() {
        let mut query: Json = serde_json::from_str(line)?;
        if let Some(file) = query["file"].as_str() {
            let text = fs::read_to_string(laws.join(file))?;
            let at =
                |key: &str| query[key].as_u64().and_then(|n| usize::try_from(n).ok()).context("no place");
            let (start, end) = (at("start")?, at("end")?);
            query["query"] = text.chars().skip(start).take(end - start).collect::<String>().into();
        }
        all.push(query);
    }
    Ok(all)
}

/// The columns of a table, by lines: which were used for tuning and which not.
const HALVES: [&str; 2] = ["调试用（单数行）", "没有用来调试（双数行）"];
const ALL: [&str; 1] = ["没有用来调试"];

fn quality(engine: &Engine, title: &str, queries: &[Json], columns: &[&str]) {
    println!("\n{title}，{} 条。MRR@10 / recall@10：\n", queries.len());
    println!("| 种类 | {} | 没有结果 |\n|---{}|---|", columns.join(" | "), "|---".repeat(columns.len()));
    let mut sums: BTreeMap<(&str, usize), [f64; 4]> = BTreeMap::new();
    for (nth, query) in queries.iter().enumerate() {
        let one = measured(engine, query);
        let kind = KINDS.into_iter().find(|k| query["kind"] == **k).unwrap_or("?");
        for kind in [kind, "全部"] {
            let sum = sums.entry((kind, nth % columns.len())).or_default();
            *sum = plus(*sum, one);
        }
    }
    for kind in KINDS.into_iter().chain(["全部"]) {
        let of = |column| sums.get(&(kind, column)).copied().unwrap_or_default();
        let all: Vec<[f64; 4]> = (0..columns.len()).map(of).collect();
        let cell = |[n, mrr, recall, _]: &[f64; 4]| format!("{:.3} / {:.3}（{n}）", mrr / n, recall / n);
        if all.iter().any(|[n, ..]| *n > 0.0) {
            let cells: Vec<String> = all.iter().map(cell).collect();
            println!("| {kind} | {} | {} |", cells.join(" | "), all.iter().map(|sum| sum[3]).sum::<f64>());
        }
    }
}

fn plus(sum: [f64; 4], one: [f64; 4]) -> [f64; 4] {
    std::array::from_fn(|i| sum[i] + one[i])
}

/// 1, then 1 / rank of the first right answer, the share of right answers among the ten, and 1 if nothing was found.
fn measured(engine: &Engine, query: &Json) -> [f64; 4] {
    let hits = engine.search(query["query"].as_str().unwrap_or_default(), &Options::default()).hits;
    let list = |key: &str| query[key].as_array().map_or(&[][..], Vec::as_slice);
    let (answers, also) = (list("answers"), list("also"));
    let is = |hit: &gongkai::search::Found, answer: &Json| match answer["url"].as_str() {
        Some(url) => hit.url.split('#').next() == Some(url),
        None => {
            hit.law.as_deref() == answer["law"].as_str()
                && hit.article.as_deref() == answer["article"].as_str()
        }
    };
    let first = hits.iter().position(|hit| answers.iter().chain(also).any(|a| is(hit, a)));
    let found = answers.iter().filter(|a| hits.iter().any(|hit| is(hit, a))).count();
    [
        1.0,
        first.map_or(0.0, |n| 1.0 / (n + 1) as f64),
        found.min(10) as f64 / answers.len().min(10) as f64,
        f64::from(u8::from(hits.is_empty())),
    ]
}

/// What peers index: a record for each article and page.
fn corpus_json(pages: &[Page], queries: &[Json]) -> Json {
    let mut records = vec![];
    for page in pages {
        for record in &page.records {
            let article = record.label();
            let lines: Vec<&str> = record.lines.iter().map(|l| l.text.as_str()).collect();
            records.push(json!({
                "id": records.len(),
                "title": record.title,
                "law": (page.kind == gongkai::search::Kind::Law).then_some(&page.title),
                "article": article,
                "url": record.url(page, ""),
                "text": lines.join("\n"),
            }));
        }
    }
    json!({ "records": records, "queries": queries })
}

/// The same queries by our own search in Node and by its peers; `folder` is for our own.
fn peers(project: &Path, folder: &Path, shelf: &Shelf, queries: &[Json], half: &str) -> anyhow::Result<()> {
    shelf.write(|name, script| put(folder, name, script))?;
    let corpus = folder.join("corpus.json");
    fs::write(&corpus, corpus_json(shelf.pages(), queries).to_string())?;
    println!("\n同样的内容、同样的查询（{half}），一行一个：\n");
    let (corpus, folder) = (shown(&corpus), shown(folder));
    let ours = ["ours.mjs", corpus.as_str(), folder.as_str(), "--half", half];
    println!("{}", node(project, &ours).unwrap_or_else(|e| e));
    for engine in ["minisearch", "flexsearch", "pagefind", "mdbook"] {
        let call = ["search.mjs", corpus.as_str(), "--engine", engine, "--half", half];
        println!("{}", node(project, &call).unwrap_or_else(|e| format!("{engine}: {e}")));
    }
    Ok(())
}

/// What a script of `benches/peers` prints, or why it did not run.
fn node(project: &Path, arguments: &[&str]) -> Result<String, String> {
    let (script, rest) = arguments.split_first().ok_or("no script")?;
    let script = project.join("benches/peers").join(script);
    let output = Command::new("node").arg(script).args(rest).output();
    let output = output.map_err(|error| format!("跳过：没有 Node（{error}）"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(format!("跳过：{}", text(&output.stderr)))
    }
}

/// Repeats the articles of the statutes, each time with other characters here and there, until there is text enough.
fn build_large(root: &Path, dest: &Path) -> anyhow::Result<()> {
    // Gone before anything is measured.
    let shelf = {
        let project = Project::load(Some(root))?;
        Shelf::new(&project.corpus, &project.links, &project.edition)
    };
    let laws: Vec<&Page> = shelf.pages().iter().filter(|p| p.records.len() > 30).collect();
    ensure!(!laws.is_empty(), "no law has its text");
    let (mut pages, mut bytes, mut records) = (vec![], 0, 0);
    for copy in 0.. {
        let law = laws.get(copy % laws.len()).context("no law")?;
        let mut page = (*law).clone();
        page.anchor = format!("{}-{copy}", law.anchor);
        page.url = format!("laws/{}.html", page.anchor);
        page.title = varied(&law.title, copy);
        page.names.truncate(1);
        page.names = page.names.iter().map(|name| varied(name, copy)).collect();
        page.records = law.records.iter().map(|record| other(record, copy)).collect();
        bytes += page.records.iter().flat_map(|r| &r.lines).map(|l| l.text.len()).sum::<usize>();
        records += page.records.len();
        pages.push(page);
        if bytes >= LARGE {
            break;
        }
    }
    drop(shelf);
    let (count, before) = (pages.len(), processor_seconds().unwrap_or_default());
    let shelf = Shelf::of_pages(pages, &BTreeMap::new());
    let (mut files, mut size) = (0, 0);
    shelf.write(|name, script| {
        files += 1;
        size += script.len();
        put(dest, &format!("search/{name}"), script)
    })?;
    println!(
        "{} MB，{count} 部法规，{records} 条：处理器时间 {:.2} 秒，内存最高 {:.0} MB，{files} 个文件共 {} MB",
        bytes / 1_000_000,
        processor_seconds().unwrap_or_default() - before,
        peak_megabytes().unwrap_or_default(),
        size / 1_000_000
    );
    Ok(())
}

fn other(record: &Record, copy: usize) -> Record {
    let lines = record.lines.iter();
    let lines = lines.map(|l| Line { text: varied(&l.text, copy), ..l.clone() }).collect();
    Record { article: record.article, title: varied(&record.title, copy), lines }
}

/// Every seventeenth character is another one in every copy.
fn varied(text: &str, copy: usize) -> String {
    let other = |nth: usize, c: char| {
        let n = u32::try_from((nth * 7 + copy * 13) % 2_000).unwrap_or(0);
        if copy > 0 && (nth + copy).is_multiple_of(17) { char::from_u32(0x4E00 + n).unwrap_or(c) } else { c }
    };
    text.chars().enumerate().map(|(nth, c)| other(nth, c)).collect()
}

fn put(folder: &Path, name: &str, text: &str) -> std::io::Result<()> {
    let name = if name.starts_with("search/") { name.to_owned() } else { format!("search/{name}") };
    let path = folder.join(name);
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::write(path, text)
}

/// Processor time of this process, as Linux tells it: user and system time in ticks of 10 ms.
fn processor_seconds() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = stat.rsplit_once(") ")?;
    let ticks: Vec<f64> = fields.split(' ').skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
    Some(ticks.iter().sum::<f64>() / 100.0)
}

/// Peak memory of this process, as Linux tells it.
fn peak_megabytes() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(peak.trim().strip_suffix(" kB")?.parse::<f64>().ok()? / 1024.0)
}
