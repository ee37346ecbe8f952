//! A printed book of some five hundred pages: time after the program has started, processor time and peak memory,
//! `cargo bench --bench press --features pdf`.
//!
//! The book is made up: laws with articles that cite each other, cases, questions, tables. Each measurement is a process
//! of its own, so that its peak memory is its own and nothing is remembered from the one before.

#![allow(clippy::print_stdout, reason = "a table on standard output is what a bench is for")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::process::Command;
use std::time::Instant;

use anyhow::ensure;
use gongkai::cli::fonts;
use gongkai::press::print::{self, Paper};
use gongkai::press::{Chapter, Imprint, Node, Volume, page};

/// Set in the processes that measure: `A4` or `K16`.
const SIDE: &str = "GONGKAI_BENCH_SIDE";
/// How often each paper is measured.
const RUNS: usize = 5;
/// How much there is of each kind of page.
const LAWS: usize = 4;
const CASES: usize = 55;
const QUESTIONS: usize = 75;
/// Articles of a law.
const ARTICLES: usize = 60;

fn main() -> anyhow::Result<()> {
    if let Ok(side) = std::env::var(SIDE) {
        return measure(&side);
    }
    println!("每行是{RUNS}次测量的中位数；读字体算在时间里，启动程序不算；内存是进程的最高值。\n");
    println!(
        "| 纸张 | 页 | 时间（秒） | 处理器时间（秒） | 内存（MB） | 文件（MB） |\n|---|---|---|---|---|---|"
    );
    for side in ["A4", "K16"] {
        let mut all = vec![];
        for _ in 0..RUNS {
            let output = Command::new(std::env::current_exe()?).env(SIDE, side).output()?;
            ensure!(output.status.success(), "{side}: {}", String::from_utf8_lossy(&output.stderr));
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let numbers: Vec<f64> =
                text.split_whitespace().map(|word| word.parse().unwrap_or(f64::NAN)).collect();
            all.push(numbers);
        }
        let middle = |index: usize| {
            let mut values: Vec<f64> = all.iter().filter_map(|run| run.get(index).copied()).collect();
            values.sort_by(f64::total_cmp);
            values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
        };
        println!(
            "| {side} | {:.0} | {:.2} | {:.2} | {:.0} | {:.1} |",
            middle(0),
            middle(1),
            middle(2),
            middle(3),
            middle(4)
        );
    }
    Ok(())
}

/// Writes the book once and prints pages, seconds, processor seconds, megabytes of memory and of the file.
fn measure(side: &str) -> anyhow::Result<()> {
    let paper = if side == "A4" { Paper::A4 } else { Paper::K16 };
    let volume = volume()?;
    let (start, before) = (Instant::now(), processor_seconds());
    let fonts = fonts::load().map_err(|error| anyhow::anyhow!("{error}"))?;
    let pdf = print::write(&volume, paper, &fonts).map_err(|error| anyhow::anyhow!("{error}"))?;
    let seconds = start.elapsed().as_secs_f64();
    let used = processor_seconds().zip(before).map_or(f64::NAN, |(after, before)| after - before);
    let memory = peak_megabytes().unwrap_or(f64::NAN);
    println!("{} {seconds} {used} {memory} {}", pdf.pages, pdf.bytes.len() as f64 / 1e6);
    Ok(())
}

fn volume() -> anyhow::Result<Volume> {
    let mut chapters = vec![];
    let mut add = |level: usize, path: String, title: String, main: String| -> anyhow::Result<()> {
        let html = format!("<html><body><main><h1 id='top'>{title}</h1>{main}</main></body></html>");
        let body: Vec<Node> =
            page::read(&path, &html).map_err(|finding| anyhow::anyhow!("{}", finding.message))?;
        chapters.push(Chapter { part: None, level, path, title, body });
        Ok(())
    };
    add(0, "laws/index.html".into(), "法规".into(), "<p>示例法规。</p>".into())?;
    for law in 0..LAWS {
        add(1, format!("laws/law-{law}.html"), format!("示例办法之{law}"), articles(law)?)?;
    }
    add(0, "cases/index.html".into(), "案例".into(), "<p>示例案例。</p>".into())?;
    for case in 0..CASES {
        add(
            1,
            format!("cases/case-{case}.html"),
            format!("张某诉示例市某局案（之{case}）"),
            page_of("case", case)?,
        )?;
    }
    add(0, "questions/index.html".into(), "问答".into(), "<p>示例问答。</p>".into())?;
    for question in 0..QUESTIONS {
        let title = format!("申请内容不明确的第{question}种情形，怎么办？");
        add(1, format!("questions/q-{question}.html"), title, page_of("question", question)?)?;
    }
    let imprint = Imprint { title: "示例市政府信息公开手册".to_owned(), ..Imprint::default() };
    Ok(Volume { imprint, chapters, pictures: BTreeMap::new() })
}

fn articles(law: usize) -> anyhow::Result<String> {
    let mut out = String::new();
    for article in 1..=ARTICLES {
        write!(
            out,
            "<section class='gk-article'><h3 id='law-{law}-art-{article}'>第{article}条　示例事项</h3>"
        )?;
        for part in 0..3 {
            write!(
                out,
                "<p>{}{}</p>",
                sentences(law * 71 + article * 7 + part, 4),
                citation(law, article + part)
            )?;
        }
        write!(
            out,
            "<p><span class='gk-provision' id='law-{law}-art-{article}-1'><span class='gk-provision-label'>第一款</span> {}</span></p>",
            sentences(article, 2)
        )?;
        out.push_str("</section>");
    }
    Ok(out)
}

fn page_of(kind: &str, number: usize) -> anyhow::Result<String> {
    let mut out = format!(
        "<div class='gk-badges'><span class='gk-badge gk-badge--unverified'>待核</span></div>\
         <dl class='gk-meta'><div><dt>依据</dt><dd>{}</dd></div><div><dt>日期</dt><dd>2026-11-27</dd></div></dl>",
        citation(number, number * 3)
    );
    for (at, title) in ["基本情况", "争议焦点", "处理结果", "怎么办"].into_iter().enumerate() {
        write!(out, "<h2 id='{kind}-{number}-{at}'>{title}</h2>")?;
        for part in 0..4 {
            let seed = number * 31 + at * 11 + part;
            write!(out, "<p>{}{}</p>", sentences(seed, 5), citation(seed, seed * 5))?;
        }
        write!(out, "<ul><li>{}</li><li>{}</li></ul>", sentences(number + at, 1), sentences(number, 1))?;
    }
    out.push_str("<table><thead><tr><th>事项</th><th>期限</th><th>依据</th></tr></thead><tbody>");
    for row in 0..6 {
        write!(
            out,
            "<tr><td>{}</td><td>{}个工作日</td><td>{}</td></tr>",
            sentences(row, 1),
            row + 5,
            citation(row, row + number)
        )?;
    }
    out.push_str("</tbody></table>");
    Ok(out)
}

/// A link to an article, as the handbook makes them.
fn citation(law: usize, article: usize) -> String {
    let (law, article) = (law % LAWS, article % ARTICLES + 1);
    format!(
        "<a class='gk-cite' href='../laws/law-{law}.html#law-{law}-art-{article}'>《示例办法之{law}》第{article}条</a>"
    )
}

/// Sentences that differ from each other, so that nothing is set only once.
fn sentences(seed: usize, count: usize) -> String {
    const WORDS: [&str; 16] = [
        "本机关",
        "收到申请",
        "应当",
        "依法答复",
        "在规定期限内",
        "书面告知",
        "说明理由",
        "申请人",
        "提供信息",
        "征求第三方意见",
        "作出决定",
        "留存凭证",
        "逐项核对",
        "保守秘密",
        "及时公布",
        "接受监督",
    ];
    let mut out = String::new();
    for sentence in 0..count {
        for word in 0..9 {
            let at = (seed * 7 + sentence * 13 + word * word * 5 + seed / 16 * word) % WORDS.len();
            out.push_str(WORDS[at]);
            out.push_str(if word == 4 { "，" } else { "" });
        }
        out.push('。');
    }
    out
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
