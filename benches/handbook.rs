//! Our handbook beside bare mdBook on the same chapters: time and peak memory, `cargo bench --bench handbook`.
//!
//! Makes a synthetic handbook of a given size in a temporary folder, takes the chapters that gongkai assembles
//! from it, and lets mdBook alone render these chapters once more with the same `[output.html]`. Every
//! measurement is a process of its own, so that its peak memory is its own; the two take turns.

#![allow(clippy::print_stdout, reason = "a table on standard output is what a bench is for")]

use anyhow::{Context, ensure};
use gongkai::cli::{Project, render};
use gongkai::handbook::book::assemble;
use mdbook_driver::MDBook;
use mdbook_driver::book::{Book, BookItem};
use mdbook_driver::config::{Config, HtmlConfig};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

/// How many entries, and how often each of the two builds is measured.
const SIZES: [(usize, usize); 2] = [(300, 9), (1_000, 7)];
/// What is measured, and its unit. Processor time is steadier than time where others use the machine too.
const MEASURES: [(&str, &str); 3] = [("时间", "秒"), ("处理器时间", "秒"), ("内存", "MB")];
/// Set in the processes that measure: `ours` or `bare`.
const SIDE: &str = "GONGKAI_BENCH_SIDE";
/// The folder of the handbook to build.
const ROOT: &str = "GONGKAI_BENCH_ROOT";
/// Articles of the made-up law.
const ARTICLES: usize = 120;

fn main() -> anyhow::Result<()> {
    if let Ok(side) = std::env::var(SIDE) {
        return measure(&side, Path::new(&std::env::var(ROOT)?));
    }
    println!("每行是几次交替测量的中位数；内存是进程的最高值。\n");
    println!("| 条目 | 网页 | | 本程序 | 只用 mdBook | 倍数 |\n|---|---|---|---|---|---|");
    for (entries, runs) in SIZES {
        let folder = tempfile::tempdir()?;
        let (ours, bare) = (folder.path().join("ours"), folder.path().join("bare"));
        write_handbook(&ours, entries)?;
        write_plain(&ours, &bare)?;
        let mut of_ours = vec![run("ours", &ours)?];
        let mut of_bare = vec![run("bare", &bare)?];
        let pages = same_pages(&ours, &bare)?;
        while of_ours.len() < runs {
            of_ours.push(run("ours", &ours)?);
            of_bare.push(run("bare", &bare)?);
        }
        let mut first = format!("{entries} | {pages}");
        for (index, (what, unit)) in MEASURES.into_iter().enumerate() {
            let (a, b) = (middle(&of_ours, index), middle(&of_bare, index));
            match (a, b) {
                (Some(a), Some(b)) => {
                    println!("| {first} | {what} | {a:.2} {unit} | {b:.2} {unit} | {:.2} |", a / b);
                }
                _ => println!("| {first} | {what} | 不详 | 不详 | 不详 |"),
            }
            first = " | ".to_owned();
        }
    }
    Ok(())
}

/// What one build took, in the order and the units of [`MEASURES`]; `None` where the system does not tell.
type Cost = [Option<f64>; 3];

/// Builds once in a process of its own.
fn run(side: &str, root: &Path) -> anyhow::Result<Cost> {
    let output = Command::new(std::env::current_exe()?).env(SIDE, side).env(ROOT, root).output()?;
    ensure!(output.status.success(), "{side}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout);
    let mut numbers = text.split_whitespace().map(|word| word.parse().ok());
    Ok(std::array::from_fn(|_| numbers.next().flatten()))
}

/// Builds the handbook in `root` and prints what that took.
fn measure(side: &str, root: &Path) -> anyhow::Result<()> {
    let dest = root.join("out");
    let start = Instant::now();
    match side {
        "ours" => render(&Arc::new(Project::load(Some(root))?), &dest, &[])?,
        _ => {
            let mut config = html_config(root)?;
            config.build.build_dir = dest;
            config.set("preprocessor", BTreeMap::<String, String>::new())?;
            MDBook::load_with_config(root, config)?.build()?;
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    let shown = |number: Option<f64>| number.map_or("?".to_owned(), |n| n.to_string());
    println!("{seconds} {} {}", shown(processor_seconds()), shown(peak_megabytes()));
    Ok(())
}

/// Processor time of this process, as Linux tells it: user and system time in ticks of 10 ms.
fn processor_seconds() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The fields after the program's name, which may hold blanks, begin with the third.
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

/// `book.toml` as `gongkai build` takes it.
fn html_config(root: &Path) -> anyhow::Result<Config> {
    let mut config = Config::from_disk(root.join("book.toml"))?;
    if let Some(mut html) = config.get::<HtmlConfig>("output.html")? {
        html.search = None;
        config.set("output.html", html)?;
    }
    Ok(config)
}

/// The median of one of the measures.
fn middle(all: &[Cost], index: usize) -> Option<f64> {
    let mut all = all.iter().map(|cost| *cost.get(index)?).collect::<Option<Vec<f64>>>()?;
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied()
}

/// Refuses to compare unlike things: both folders must hold the same pages, byte for byte. Returns how many.
fn same_pages(ours: &Path, bare: &Path) -> anyhow::Result<usize> {
    let pages = |root: &Path| -> anyhow::Result<BTreeMap<PathBuf, Vec<u8>>> {
        let out = root.join("out");
        let mut all = BTreeMap::new();
        for entry in walkdir::WalkDir::new(&out) {
            let entry = entry?;
            if entry.path().extension().is_some_and(|e| e == "html") {
                all.insert(entry.path().strip_prefix(&out)?.to_owned(), fs::read(entry.path())?);
            }
        }
        Ok(all)
    };
    let (ours, bare) = (pages(ours)?, pages(bare)?);
    ensure!(ours.keys().eq(bare.keys()), "the two books have different pages");
    let differ = ours.iter().find(|(path, html)| bare.get(*path) != Some(html));
    ensure!(differ.is_none(), "{:?} is not the same in both books", differ.map(|(path, _)| path));
    Ok(ours.len())
}

/// The chapters that gongkai makes of the handbook in `root`, as a plain mdBook in `plain`.
fn write_plain(root: &Path, plain: &Path) -> anyhow::Result<()> {
    let project = Project::load(Some(root))?;
    let mistakes = project.report.render(&project.sources, false);
    ensure!(!project.report.has_errors(), "the synthetic handbook has mistakes:\n{mistakes}");
    let book = MDBook::load_with_config(root, html_config(root)?)?.book;
    let book: Book = assemble(&project.site(), book);
    let mut summary = String::from("# 目录\n\n");
    for item in &book.items {
        write_item(item, 0, &plain.join("book"), &mut summary)?;
    }
    write(&plain.join("book/SUMMARY.md"), &summary)?;
    for path in ["book.toml", "book/404.md", "book/theme", "book/rules"] {
        copy(&root.join(path), &plain.join(path))?;
    }
    Ok(())
}

fn write_item(item: &BookItem, depth: usize, src: &Path, summary: &mut String) -> anyhow::Result<()> {
    match item {
        BookItem::PartTitle(title) => writeln!(summary, "\n# {title}\n")?,
        BookItem::Separator => summary.push_str("\n---\n\n"),
        BookItem::Chapter(chapter) => {
            let path = chapter.path.as_deref().context("a chapter without a file")?;
            write(&src.join(path), &chapter.content)?;
            let bullet = if chapter.number.is_some() { "- " } else { "" };
            let indent = "  ".repeat(depth);
            writeln!(summary, "{indent}{bullet}[{}]({})", chapter.name, path.display())?;
            for item in &chapter.sub_items {
                write_item(item, depth + 1, src, summary)?;
            }
        }
    }
    Ok(())
}

/// A handbook of `entries` made-up cases, questions and policies (60, 30 and 10 of 100), which cite a made-up law
/// and the regulation. Laws, rules, letters and look are those of this repository.
fn write_handbook(root: &Path, entries: usize) -> anyhow::Result<()> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    for path in ["book.toml", "book/404.md", "book/theme", "book/rules", "book/laws", "templates"] {
        copy(&repository.join(path), &root.join(path))?;
    }
    write(&root.join("book/SUMMARY.md"), "# 目录\n\n[首页](index.md)\n")?;
    let index = "+++\nid = \"home\"\ntitle = \"合成手册\"\nchecked = \"2026-11-23\"\n+++\n用来测量速度。\n";
    write(&root.join("book/index.md"), index)?;
    write(&root.join("book/laws/synthetic.md"), &law())?;
    let mut words = Words(20_261_123);
    for n in 0..entries {
        let (path, text) = match n % 10 {
            0..=5 => (format!("cases/synthetic-{n:05}.md"), case(n, &mut words)),
            6..=8 => (format!("book/questions/q-synthetic-{n:05}.md"), question(n, &mut words)),
            _ => (format!("book/policies/policy-synthetic-{n:05}.md"), policy(n, &mut words)),
        };
        write(&root.join(path), &text)?;
    }
    Ok(())
}

const LAW_HEADER: &str = "\
+++
id = \"synthetic\"
title = \"合成信息公开办法\"
short = \"合成办法\"
aliases = [\"合成办法\"]
kind = \"规范性文件\"
issuer = \"合成市人民政府\"
state = \"待核\"
articles = ARTICLES
confidence = \"G\"
unverified = [\"测速用，没有这部办法\"]
checked = \"2026-11-23\"

[[versions]]
label = \"合成版本\"

[structure]
";

fn law() -> String {
    let mut text = LAW_HEADER.replace("ARTICLES", &ARTICLES.to_string());
    for article in (5..=ARTICLES).step_by(5) {
        text.push_str(&format!("{article} = [6]\n"));
    }
    text.push_str("+++\n");
    let mut words = Words(7);
    for article in 1..=ARTICLES {
        text.push_str(&format!("\n### {} 合成要点\n\n{}\n", label(article), words.prose(60)));
        for item in 1..=6 {
            if article.is_multiple_of(5) {
                text.push_str(&format!("\n- 第（{}）项：{}", numeral(item), words.prose(20)));
            }
        }
    }
    text.push('\n');
    text
}

fn case(n: usize, words: &mut Words) -> String {
    let (first, second) = (words.citation(), words.citation());
    let mut text = format!(
        "+++\nid = \"synthetic-{n:05}\"\ntitle = \"张某诉合成市某局案（{n}）\"\ntype = \"{}\"\noutcomes = [\"{}\"]\nresult = \"合成结果\"\nbody = \"合成市人民法院\"\norigin = \"测速用，没有这个案件\"\ncites = [\"{first}\", \"{second}\"]\nkeywords = [\"合成\"]\nconfidence = \"G\"\nfictional = true\nchecked = \"2026-11-23\"\n+++\n",
        words.pick(&CASE_TYPES),
        words.pick(&OUTCOMES),
    );
    for title in ["基本案情", "争议焦点", "处理结果", "要旨", "启示"] {
        text.push_str(&format!("\n## {title}\n\n{}依照{}。\n", words.prose(70), words.citation()));
    }
    text
}

fn question(n: usize, words: &mut Words) -> String {
    let mut text = format!(
        "+++\nid = \"q-synthetic-{n:05}\"\ntitle = \"合成问题{n}怎么办？\"\ntopic = \"{}\"\noutcomes = [\"{}\"]\ncites = [\"{}\"]\nconfidence = \"G\"\nchecked = \"2026-11-23\"\n+++\n",
        words.pick(&["期限", "救济", "答复内容", "征求意见"]),
        words.pick(&OUTCOMES),
        words.citation(),
    );
    for title in ["简答", "理由", "怎么办"] {
        text.push_str(&format!("\n## {title}\n\n{}依照{}。\n", words.prose(130), words.citation()));
    }
    text
}

fn policy(n: usize, words: &mut Words) -> String {
    let mut text = format!(
        "+++\nid = \"policy-synthetic-{n:05}\"\ntitle = \"关于合成事项{n}的通知\"\nnumber = \"合成办〔2026〕{n}号\"\nissuer = \"合成市人民政府办公室\"\nstate = \"待核\"\ncites = [\"{}\"]\nconfidence = \"G\"\nchecked = \"2026-11-23\"\n+++\n\n## 要求了什么\n",
        words.citation(),
    );
    for _ in 0..3 {
        text.push_str(&format!("\n{}依照{}。\n", words.prose(130), words.citation()));
    }
    text
}

const CASE_TYPES: [&str; 8] = [
    "government-information",
    "existence-search",
    "state-secret",
    "trade-secret",
    "privacy",
    "internal-affairs",
    "process",
    "procedure-deadline",
];
const OUTCOMES: [&str; 16] = [
    "correction-notice",
    "extension-notice",
    "consult-third-party",
    "already-public",
    "grant",
    "grant-in-part",
    "refuse-state-secret",
    "refuse-trade-secret",
    "refuse-privacy",
    "refuse-internal-affairs",
    "refuse-process",
    "not-exist",
    "not-responsible",
    "still-unclear",
    "petition",
    "repeat-request",
];
const PROVISIONS: [&str; 16] = [
    "第十三条第一款",
    "第十四条",
    "第十五条",
    "第十六条第一款",
    "第十六条第二款",
    "第二十七条",
    "第二十九条第二款",
    "第三十条",
    "第三十一条第（二）项",
    "第三十二条",
    "第三十三条第二款",
    "第三十六条第（三）项",
    "第三十六条第（四）项",
    "第三十六条第（五）项",
    "第三十七条",
    "第四十条",
];
/// What the prose is made of; it says nothing.
const PHRASES: [&str; 8] = [
    "某局收到一份来信",
    "经办人查了三个柜子",
    "张某对结果有疑问",
    "两个科室看法不同",
    "材料装订成一册",
    "登记本上写着日期",
    "会上没有人反对",
    "事情到此告一段落",
];

/// Always the same words in the same order.
struct Words(u64);

impl Words {
    fn next(&mut self, below: usize) -> usize {
        // Knuth's MMIX generator; the upper bits are the good ones.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % below
    }

    fn pick(&mut self, all: &[&'static str]) -> &'static str {
        all.get(self.next(all.len())).copied().unwrap_or_default()
    }

    /// At least so many characters of sentences.
    fn prose(&mut self, characters: usize) -> String {
        let mut text = String::new();
        while text.chars().count() < characters {
            text.push_str(self.pick(&PHRASES));
            text.push_str(self.pick(&["，", "，", "。"]));
        }
        text.truncate(text.len() - '，'.len_utf8());
        text + "。"
    }

    fn citation(&mut self) -> String {
        if self.next(3) > 0 {
            return format!("《政府信息公开条例》{}", self.pick(&PROVISIONS));
        }
        let article = 1 + self.next(ARTICLES);
        let item = if article.is_multiple_of(5) {
            format!("第（{}）项", numeral(1 + self.next(6)))
        } else {
            String::new()
        };
        format!("《合成办法》{}{item}", label(article))
    }
}

fn label(article: usize) -> String {
    format!("第{}条", numeral(article))
}

fn numeral(n: usize) -> String {
    gongkai::text::chinese(u32::try_from(n).unwrap_or(0))
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::create_dir_all(path.parent().context("a file in no folder")?)?;
    fs::write(path, text).with_context(|| path.display().to_string())
}

/// Copies a file, or a folder with all that is in it.
fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry?;
        let target = to.join(entry.path().strip_prefix(from)?);
        // `to.join("")` ends in a slash, which no file may.
        let target: PathBuf = target.components().collect();
        if entry.file_type().is_file() {
            fs::create_dir_all(target.parent().context("a file in no folder")?)?;
            fs::copy(entry.path(), &target).with_context(|| entry.path().display().to_string())?;
        }
    }
    Ok(())
}
