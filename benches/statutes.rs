//! How fast official text is taken apart, and citations are found: `cargo bench --bench statutes`.
//!
//! The real statutes, repeated to 100 MB, are read on one core. Without `../shared/laws` the invented texts of the tests
//! are repeated instead, and that is said.

#![allow(clippy::print_stdout, reason = "the table is the result")]
#![allow(clippy::unwrap_used, reason = "a bench that cannot prepare its text stops")]

use std::fs;
use std::path::Path;
use std::time::Instant;

use gongkai::citation::{self, Context, Names, Outside};
use gongkai::statute::{self, Format};

/// How much text; another amount in MB may be given in `GONGKAI_BENCH_MB`.
const WANTED: usize = 100;
const ROUNDS: usize = 3;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (source, folder) = match root.join("../shared/laws") {
        laws if laws.is_dir() => ("真实法规", laws),
        _ => ("虚构的测试文本（没有 ../shared/laws）", root.join("tests/statutes/fixtures")),
    };
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let texts: Vec<String> = paths
        .iter()
        .filter(|p| p.extension().is_some_and(|e| e == "md" || e == "txt"))
        .filter_map(|p| fs::read_to_string(p).ok())
        .collect();
    let once = texts.join("\n");
    let wanted = std::env::var("GONGKAI_BENCH_MB").ok().and_then(|v| v.parse().ok()).unwrap_or(WANTED);
    let text = once.repeat(wanted * 1_000_000 / once.len() + 1);
    let megabytes = text.len() as f64 / 1e6;
    println!("{source}，重复到 {megabytes:.0} MB，一个核心，{ROUNDS} 次取最快");

    let start = memory();
    let (mut best, mut articles, mut peak) = (f64::MAX, 0, 0);
    for _ in 0..ROUNDS {
        let began = Instant::now();
        let parsed = statute::read_text(Format::Markdown, &text).unwrap();
        best = best.min(began.elapsed().as_secs_f64());
        articles = parsed.statute.articles.len();
        peak = peak.max(memory());
    }
    let grown = (peak.saturating_sub(start)) as f64 / 1000.0;
    println!(
        "读法规（含逐字核对）  {:6.1} MB/s   {articles} 条   内存 {grown:.0} MB，是文本的 {:.1} 倍",
        megabytes / best,
        grown / megabytes
    );

    let names = names(root);
    let mut best = f64::MAX;
    let mut found = 0;
    for _ in 0..ROUNDS {
        let began = Instant::now();
        found = citation::find(&text, &names, &Context::default()).len();
        best = best.min(began.elapsed().as_secs_f64());
    }
    println!("找引用              {:6.1} MB/s   {found} 处", megabytes / best);
}

/// The names that every handbook has.
fn names(root: &Path) -> Names {
    let mut names = Names::default();
    let table = fs::read_to_string(root.join("book/rules/law-names.toml")).unwrap();
    let quoted =
        |line: &str| -> Vec<String> { line.split('"').skip(1).step_by(2).map(str::to_owned).collect() };
    let mut title = String::new();
    for line in table.lines() {
        if line.starts_with("title = ") {
            title = quoted(line).remove(0);
        } else if line.starts_with("names = ") {
            let law = Outside { title: title.clone(), repealed: false, replaced_by: None };
            names.add_outside(law, quoted(line).iter().map(String::as_str));
        }
    }
    names
}

/// Most memory used so far, in kB; 0 where the system does not say.
fn memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM"));
    line.and_then(|l| l.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}
