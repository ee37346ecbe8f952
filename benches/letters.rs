//! Letters a second: the same one-page letter filled and written as .docx files by this crate, and by docxtpl and
//! docxtemplater where they are installed. All three count the processor time, user and system, of filling and writing;
//! reading the handbook, and starting Python or Node, is left out for all of them.
//!
//! `cargo bench --bench letters`; for the peers `pip install docxtpl` and `npm install docxtemplater pizzip`, the folder
//! of the latter in `NODE_PATH`. The peers get a template made from our own letter, every answer replaced by its
//! placeholder, so that all three write the same page.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a bench that cannot prepare its files stops, and it prints"
)]

use gongkai::cli::Project;
use gongkai::letter::{Answer, Block, Filler, Letter, Request, docx};
use gongkai::text::Report;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

/// A one-page letter.
const LETTER: &str = "not-responsible";
const OURS: usize = 20_000;
const PEERS: usize = 300;

fn main() {
    let project = Project::load(Some(Path::new(env!("CARGO_MANIFEST_DIR")))).unwrap();
    let clause = &project.corpus.clauses[LETTER].header;
    let example = Request::example(&project.corpus, clause);
    let folder = tempfile::tempdir().unwrap();
    let mut filler = Filler::new(&project.corpus);
    let letter = filler.fill(&example, &mut Report::default()).unwrap();
    println!("《{}》, {} parameters, files written, one core", letter.title, example.answers.len());

    let start = processor_seconds();
    for number in 0..OURS {
        let mut request = example.clone();
        request.answers.insert("applicant".to_owned(), Answer::Text(format!("张某{number}")));
        let letter = filler.fill(&request, &mut Report::default()).unwrap();
        fs::write(folder.path().join(format!("{}.docx", number % 1000)), docx::write(&letter).unwrap())
            .unwrap();
    }
    let ours = OURS as f64 / (processor_seconds() - start);
    println!(
        "gongkai        {ours:8.0} letters/s of processor time (every letter checked against the rules of the field)"
    );

    let answers: BTreeMap<&str, String> =
        example.answers.iter().filter_map(|(name, answer)| Some((name.as_str(), text(answer)?))).collect();
    fs::write(folder.path().join("answers.json"), serde_json::to_string(&answers).unwrap()).unwrap();
    for (name, program, script, open, close) in [
        ("docxtpl", "python3", "docxtpl_letters.py", "{{ ", " }}"),
        ("docxtemplater", "node", "docxtemplater_letters.js", "{", "}"),
    ] {
        let template = folder.path().join("template.docx");
        fs::write(&template, docx::write(&templated(&letter, &answers, (open, close))).unwrap()).unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers").join(script);
        let out = Command::new(program)
            .arg(script)
            .arg(&template)
            .arg(folder.path().join("answers.json"))
            .arg(PEERS.to_string())
            .arg(folder.path())
            .output();
        let said = out.ok().filter(|out| out.status.success());
        match said.and_then(|out| String::from_utf8_lossy(&out.stdout).trim().parse::<f64>().ok()) {
            Some(theirs) => println!("{name:14} {theirs:8.0} letters/s, {:.0} times slower", ours / theirs),
            None => println!("{name:14} not installed, skipped"),
        }
    }
}

/// Processor time of this process, as Linux tells it: user and system time in ticks of 10 ms.
fn processor_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    // The fields after the program's name, which may hold blanks, begin with the third.
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    fields.split(' ').skip(11).take(2).map(|ticks| ticks.parse::<f64>().unwrap()).sum::<f64>() / 100.0
}

fn text(answer: &Answer) -> Option<String> {
    match answer {
        Answer::Text(text) => Some(text.clone()),
        Answer::Date(date) => Some(date.official()),
        _ => None,
    }
}

/// The letter with a placeholder wherever an answer stands, the longest answers first.
fn templated(letter: &Letter, answers: &BTreeMap<&str, String>, (open, close): (&str, &str)) -> Letter {
    let mut all: Vec<(&&str, &String)> =
        answers.iter().filter(|(_, text)| text.chars().count() > 1).collect();
    all.sort_by_key(|(_, text)| std::cmp::Reverse(text.len()));
    let put = |text: &mut String| {
        for (name, answer) in &all {
            *text = text.replace(answer.as_str(), &format!("{open}{name}{close}"));
        }
    };
    let mut letter = letter.clone();
    for block in &mut letter.blocks {
        match block {
            Block::Number(text)
            | Block::Title(text)
            | Block::Addressee(text)
            | Block::Paragraph(text)
            | Block::Note(text) => {
                put(text);
            }
            Block::Signature { name, date } => {
                put(name);
                put(date);
            }
            _ => {}
        }
    }
    letter.origin.clear();
    letter
}
