//! `gongkai preprocess`: the same chapters for stock mdBook, over its protocol of JSON on standard input and output.

use super::output;
use super::{Ending, Project};
use crate::handbook;
use anyhow::{Context, bail};
use mdbook_preprocessor::{MDBOOK_VERSION, parse_input};
use std::io::Read;

/// `supports NAME`, or a book in and the book out.
pub fn run(words: &[String]) -> anyhow::Result<Ending> {
    match words {
        // The chapters are plain Markdown with HTML: every renderer may have them.
        [word, _] if word == "supports" => return Ok(Ending::Fine),
        [] => {}
        _ => bail!("写成 gongkai preprocess，或者 gongkai preprocess supports html"),
    }
    let mut input = vec![];
    std::io::stdin().lock().read_to_end(&mut input).context("读不了标准输入")?;
    let (context, book) = parse_input(input.as_slice()).context(
        "标准输入不是 mdBook 给的内容\n提示: 这个命令由 mdbook 调用；要生成手册，用 gongkai build",
    )?;
    if context.mdbook_version != MDBOOK_VERSION {
        output::note(&format!(
            "提醒: 这个 gongkai 按 mdBook {MDBOOK_VERSION} 制作，现在的 mdbook 是 {}，页面可能不同",
            context.mdbook_version
        ));
    }
    let project = Project::load(Some(&context.root))?;
    if !project.report.is_empty() {
        output::report(&project.report, &project.sources);
    }
    if project.report.has_errors() {
        return Ok(Ending::Findings);
    }
    let book = handbook::book::assemble(&project.site(), book);
    output::print(&serde_json::to_string(&book)?)?;
    Ok(Ending::Fine)
}
