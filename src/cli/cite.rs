//! `gongkai cite`: the citations of a text, each with its law, its places and a judgment.

use super::{Ending, output};
use crate::citation::{self, Context, Found, Position, Provision};
use crate::corpus::Corpus;
use crate::links::{Verdict, judge};
use crate::statute;
use anyhow::{Context as _, bail};
use serde::Serialize;
use std::fmt::Write as _;
use std::io::Read;
use std::path::{Path, PathBuf};

/// What the command line says.
pub struct Options {
    /// The file; `None` or `-` for standard input.
    pub file: Option<PathBuf>,
    /// Title or id of the law that 本法 means.
    pub own: Option<String>,
    /// 条[.款]
    pub at: Option<String>,
    /// As of this day.
    pub on: Option<String>,
    /// For programs.
    pub json: bool,
}

/// One citation as programs read it. `start` and `end` count characters.
#[derive(Serialize)]
struct Row<'a> {
    start: usize,
    end: usize,
    text: &'a str,
    law: Option<&'a str>,
    targets: Vec<Target>,
    status: crate::links::Status,
    hint: Option<&'a str>,
}

#[derive(Serialize)]
struct Target {
    #[serde(flatten)]
    from: Place,
    to: Option<Place>,
}

#[derive(Serialize)]
struct Place {
    article: u32,
    sub: Option<u32>,
    paragraph: Option<u32>,
    item: Option<u32>,
    subitem: Option<u32>,
}

impl From<Provision> for Place {
    fn from(p: Provision) -> Self {
        Self { article: p.article, sub: p.sub, paragraph: p.paragraph, item: p.item, subitem: p.subitem }
    }
}

/// Finds, judges and prints.
pub fn run(root: Option<&Path>, options: &Options) -> anyhow::Result<Ending> {
    let at = match &options.at {
        Some(at) => Some(at.parse::<Position>().map_err(|()| {
            anyhow::anyhow!("--at 不能写「{at}」\n提示: 写条号，或者条号.款号，例如 --at 149 或 --at 149.1；之一写成 133_1")
        })?),
        None => None,
    };
    let on = options.on.as_deref().map(super::law::date).transpose()?;
    let corpus = super::law::corpus(root)?;
    let own = options.own.as_deref().map(|own| named(&corpus, own));
    let text = read(options.file.as_deref())?;
    let found = citation::find(&text, &corpus.names, &Context { own, at, loose: true });
    let verdicts: Vec<Verdict> = found.iter().map(|f| judge(&corpus, f, on.as_deref())).collect();
    output::print(&if options.json {
        json(&text, &found, &verdicts)?
    } else {
        lines(&text, &found, &verdicts)
    })?;
    Ok(Ending::Fine)
}

/// The law that a person names by title, alias or id; a law that nobody knows is taken at its word.
fn named(corpus: &Corpus, name: &str) -> citation::Law {
    corpus.names.named(name).unwrap_or_else(|| {
        citation::Law::Unknown(name.trim_start_matches('《').trim_end_matches('》').to_owned())
    })
}

fn read(file: Option<&Path>) -> anyhow::Result<String> {
    let (name, bytes) = match file {
        Some(file) if file != Path::new("-") => {
            (file.display().to_string(), crate::disk::read_bytes(file, statute::LARGEST)?)
        }
        _ => {
            let mut bytes = vec![];
            std::io::stdin()
                .lock()
                .take(statute::LARGEST + 1)
                .read_to_end(&mut bytes)
                .context("读不了标准输入")?;
            ("标准输入".to_owned(), bytes)
        }
    };
    if bytes.len() as u64 > statute::LARGEST {
        bail!("{name} 超过 {} MB，太大了\n提示: 分成几个文件", statute::LARGEST / 1024 / 1024);
    }
    if bytes.starts_with(b"PK\x03\x04")
        || bytes.starts_with(b"%PDF")
        || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0])
    {
        bail!("{name} 不是文本文件\n提示: 打开它，全选复制，粘贴到记事本存成 .txt 再试");
    }
    match statute::decode(&bytes) {
        Ok((text, _)) => Ok(text.into_owned()),
        Err(at) => bail!(
            "{name} 的第 {} 个字节认不出来，既不是 UTF-8 也不是 GB18030\n提示: 用记事本打开，另存为 UTF-8 再试",
            at + 1
        ),
    }
}

/// An array with a line for each citation.
fn json(text: &str, found: &[Found], verdicts: &[Verdict]) -> anyhow::Result<String> {
    let mut out = String::from("[");
    let mut count = Counter { text, byte: 0, chars: 0 };
    for (i, (found, verdict)) in found.iter().zip(verdicts).enumerate() {
        let row = Row {
            start: count.to(found.range.start),
            end: count.to(found.range.end),
            text: text.get(found.range.clone()).unwrap_or_default(),
            law: verdict.law.as_deref(),
            targets: found
                .targets
                .iter()
                .map(|t| Target { from: t.from.into(), to: t.to.map(Place::from) })
                .collect(),
            status: verdict.status,
            hint: verdict.hint.as_deref(),
        };
        out.push_str(if i > 0 { ",\n " } else { "\n " });
        out.push_str(&serde_json::to_string(&row)?);
    }
    out.push_str("\n]\n");
    Ok(out)
}

/// Counts characters from one place to the next.
struct Counter<'a> {
    text: &'a str,
    byte: usize,
    chars: usize,
}

impl Counter<'_> {
    fn to(&mut self, byte: usize) -> usize {
        if byte < self.byte {
            (self.byte, self.chars) = (0, 0);
        }
        self.chars += self.text.get(self.byte..byte).map_or(0, |t| t.chars().count());
        self.byte = byte;
        self.chars
    }
}

fn lines(text: &str, found: &[Found], verdicts: &[Verdict]) -> String {
    let mut out = String::new();
    let (mut line, mut seen) = (1, 0);
    for (found, verdict) in found.iter().zip(verdicts) {
        let start = found.range.start;
        let before = text.get(seen.min(start)..start).unwrap_or_default();
        line += before.matches('\n').count();
        seen = start.max(seen);
        let line_start = text.get(..start).and_then(|t| t.rfind('\n')).map_or(0, |i| i + 1);
        let column = text.get(line_start..start).map_or(0, |t| t.chars().count()) + 1;
        let words = text.get(found.range.clone()).unwrap_or_default().replace('\n', "");
        let law = match verdict.law.as_deref() {
            None => "？".to_owned(),
            Some(number) if number.ends_with('号') => number.to_owned(),
            Some(title) => format!("《{title}》"),
        };
        let places: Vec<String> = found
            .targets
            .iter()
            .map(|t| match t.to {
                Some(to) => format!("{}至{to}", t.from),
                None => t.from.to_string(),
            })
            .collect();
        let _ = writeln!(
            out,
            "{line}:{column}  {words}\n    {law}{}　{}",
            places.join("、"),
            label(verdict.status)
        );
        if let Some(hint) = &verdict.hint {
            let _ = writeln!(out, "    {hint}");
        }
    }
    if found.is_empty() {
        out.push_str("没有找到引用的条文。\n");
    }
    out
}

/// What staff read.
fn label(status: crate::links::Status) -> &'static str {
    use crate::links::Status;
    match status {
        Status::Resolved => "条文存在",
        Status::UnknownLaw => "手册没有收录这部法规",
        Status::NoSuchArticle => "没有这一条",
        Status::NoSuchItem => "没有这一款或这一项",
        Status::VersionMissing => "没有这个版本的原文",
        Status::Unresolvable => "看不出是哪一条",
    }
}
