//! `gongkai letter pack`: a letter with the papers around it, each in a file of its own.

use super::letter::{Filled, read_and_fill, save};
use super::{Ending, Format, PackArgs, Project, output};
use crate::corpus::Clause;
use crate::corpus::tree::Node;
use crate::letter::{self, Answers, Input, Request, pack};
use crate::text::{Diagnostic, Place, Report, Sources, nearest};
use anyhow::{Context, bail};
use std::path::{Path, PathBuf};

/// Makes the letter and its papers, all or none.
pub fn run(project: &Project, args: &PackArgs) -> anyhow::Result<Ending> {
    let Some(filled) = read_and_fill(project, &args.request, &args.set, args.date.as_deref())? else {
        return Ok(Ending::Findings);
    };
    if pack::PAPERS.contains(&filled.request.letter.as_str()) {
        bail!("{} 本身就是配套的表单，不能再打包\n提示: 用 gongkai letter fill", filled.letter.title);
    }
    let mut sources = filled.sources.clone();
    let Some(own) = own_answers(project, &filled, &mut sources)? else { return Ok(Ending::Findings) };
    let about =
        pack::About { request: &filled.request, letter: &filled.letter, own: &own, agency: &project.agency };
    let mut files = vec![(filled.letter.title.clone(), filled.letter.clone())];
    let (mut missing, mut skipped) = (vec![], vec![]);
    for id in pack::PAPERS {
        let Some(entry) = project.corpus.clauses.get(id) else {
            missing.push(id);
            continue;
        };
        let answers = pack::answers(&project.corpus, &entry.header, &about);
        // An envelope without an address is no use; the others are written on by hand.
        let lacking = pack::lacking(&project.corpus, &entry.header, &answers);
        if !lacking.is_empty() {
            skipped.push((entry.header.title.as_str(), lacking));
            continue;
        }
        match paper(project, &entry.header, &answers, &mut sources)? {
            Some(paper) => files.push((entry.header.title.clone(), paper)),
            None => return Ok(Ending::Findings),
        }
    }
    let format = args.format.unwrap_or(Format::Docx);
    let folder = args
        .output
        .clone()
        .unwrap_or_else(|| args.request.with_extension("").with_file_name(folder_name(&args.request)));
    let paths: Vec<PathBuf> = (1..)
        .zip(&files)
        .map(|(n, (title, _))| folder.join(format!("{n}-{}.{}", safe(title), format.ending())))
        .collect();
    if !args.force
        && let Some(path) = paths.iter().find(|p| p.symlink_metadata().is_ok())
    {
        bail!(
            "{} 已经存在，什么也没有动\n提示: 用 -o 换一个文件夹；确定要换掉，加上 --force",
            path.display()
        );
    }
    // Everything is written only after everything was made.
    let written: Vec<Vec<u8>> =
        files.iter().map(|(_, letter)| format.write(letter)).collect::<Result<_, _>>()?;
    std::fs::create_dir_all(&folder).with_context(|| format!("建不了文件夹 {}", folder.display()))?;
    for (path, bytes) in paths.iter().zip(written) {
        save(path, &bytes, args.force)?;
    }
    output::print(&format!("已生成 {} 份，放在 {}：\n", files.len(), folder.display()))?;
    for path in &paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        output::print(&format!("  {name}\n"))?;
    }
    if !missing.is_empty() {
        output::note(&format!("这本手册里没有这些表单，没有生成：{}", missing.join("、")));
    }
    for (title, fields) in skipped {
        let keys = fields.iter().map(|p| format!("  {} = \"{}\"", p.name, p.label));
        output::note(&format!(
            "《{title}》没有生成，缺 {}。要一起生成，在申请件最后加上：\n  [pack]\n{}",
            fields.iter().map(|p| p.label.as_str()).collect::<Vec<_>>().join("、"),
            keys.collect::<Vec<_>>().join("\n")
        ));
    }
    output::print("空着的格子打印后手写；签名、日期、页数都要核对。\n")?;
    Ok(Ending::Fine)
}

/// What stands in the request file's table for the papers. `None` if it has mistakes, and then those were shown.
fn own_answers(project: &Project, filled: &Filled, sources: &mut Sources) -> anyhow::Result<Option<Answers>> {
    let mut report = Report::default();
    let node = Node::parse(&filled.path, &filled.text, 0, &mut report);
    let Some(table) = node.as_ref().and_then(|n| n.get(pack::TABLE)) else { return Ok(Some(Answers::new())) };
    let fields = pack::own_fields(&project.corpus, &filled.request);
    for entry in table.entries() {
        if fields.iter().all(|p| p.name != entry.key) {
            let names = fields.iter().map(|p| p.name.as_str());
            let hint = nearest(&entry.key, names.clone()).map_or_else(
                || {
                    format!(
                        "能写的有：{}",
                        fields
                            .iter()
                            .map(|p| format!("{}（{}）", p.name, p.label))
                            .collect::<Vec<_>>()
                            .join("、")
                    )
                },
                |w| format!("您是不是要写 {w}？"),
            );
            let place = Place::new(&filled.path, entry.key_range.clone());
            let message = format!("[pack] 里不认识「{}」，或者它在文书里已经填了", entry.key);
            report.push(Diagnostic::error("unknown-key", place, message).hint(hint));
        }
    }
    let answers = letter::read_answers(&project.corpus, (&fields, table), &filled.path, &mut report);
    if report.has_errors() {
        output::report(&report, sources);
        output::note("没有生成。");
        return Ok(None);
    }
    Ok(Some(answers))
}

/// One paper, read and filled as if somebody had typed its request file.
fn paper(
    project: &Project,
    clause: &Clause,
    answers: &Answers,
    sources: &mut Sources,
) -> anyhow::Result<Option<letter::Letter>> {
    let text = letter::skeleton(&project.corpus, clause, &project.agency, answers);
    let path = format!("{}（由申请件推出）", clause.title);
    let mut report = Report::default();
    let input = Input { path: &path, text: &text, set: &[] };
    let filled = Request::read(&project.corpus, &project.agency, input, &mut report)
        .and_then(|request| letter::fill(&project.corpus, &request, &mut report));
    if filled.is_none() {
        sources.insert(path.as_str(), text.as_str());
        output::report(&report, sources);
        output::note("没有生成。缺的内容写进申请件的 [pack] 里。");
    }
    Ok(filled)
}

/// 申请件-案卷, beside the request file.
fn folder_name(request: &Path) -> String {
    format!("{}-案卷", request.file_stem().unwrap_or_default().to_string_lossy())
}

/// A title as a name that every file system takes.
fn safe(title: &str) -> String {
    title.chars().map(|c| if "\\/:*?\"<>|".contains(c) || c.is_control() { '_' } else { c }).collect()
}
