//! `gongkai check`: every mistake in the content, and every link of the pages it makes.

use super::build::render;
use super::output::{self, Progress};
use super::{Ending, Project, edition};
use crate::calendar::Date;
use crate::disk;
use crate::handbook::rendered::{self, Page};
use crate::links::{Upkeep, check_wording, upkeep};
use crate::search;
use crate::text::{Diagnostic, Place, Report, Sources};
use anyhow::Context;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use walkdir::WalkDir;

/// Checks everything and shows all that was found.
pub fn run(root: Option<&Path>, json: bool) -> anyhow::Result<Ending> {
    let progress = Progress::start("正在检查内容");
    let project = Arc::new(Project::load(root)?);
    let mut report = project.report.clone();
    // Pages made from broken content would only repeat its mistakes.
    let mut pages = 0;
    if !report.has_errors() {
        check_wording(&project.corpus, &project.links, &mut report);
        search::check(&project.corpus, &project.links, &mut report);
        for publication in &project.publications {
            let chosen = project.corpus.choose(publication, &mut report);
            if !publication.is_whole() {
                edition::check(&chosen.corpus, &project.sources, &mut report);
            }
        }
        progress.stage("正在生成网页并检查链接");
        let scratch = tempfile::tempdir().context("建不了临时文件夹")?;
        let dest = scratch.path().join("handbook");
        render(&project, &dest, &[])?;
        // With a second renderer the pages lie one folder deeper.
        let html = if dest.join("index.html").is_file() { dest } else { dest.join("html") };
        pages = check_pages(&html, &project.sources, &mut report)?;
        #[cfg(feature = "linkcheck")]
        check_chapters(&project, scratch.path(), &mut report)?;
    }
    drop(progress);
    if json {
        output::print(&format!("{}\n", serde_json::to_string_pretty(&report.to_json(&project.sources))?))?;
    } else {
        show(&project.sources, &report, pages)?;
    }
    Ok(if report.has_errors() { Ending::Findings } else { Ending::Fine })
}

/// Lists the pages that are older than the law they cite.
pub fn radar(root: Option<&Path>, json: bool) -> anyhow::Result<Ending> {
    let project = Project::load(root)?;
    if project.report.has_errors() {
        output::report(&project.report, &project.sources);
        output::note("先改正上面的错误，再运行一次。");
        return Ok(Ending::Findings);
    }
    let all = crate::links::radar(&project.corpus, &project.links);
    if json {
        let rows: Vec<_> = all.iter().map(stale_json).collect();
        output::print(&format!("{}\n", serde_json::to_string_pretty(&rows)?))?;
        return Ok(Ending::Fine);
    }
    let mut out = String::new();
    let mut last = "";
    for stale in &all {
        if stale.path != last {
            out.push_str(&format!(
                "待复核　{}　{}（{}{}）\n",
                stale.path, stale.title, stale.date, stale.date_kind
            ));
            last = &stale.path;
        }
        out.push_str(&format!(
            "  《{}》{}，{} 起施行，晚于这一页的日期\n",
            stale.law, stale.version, stale.since
        ));
        for (place, change) in &stale.places {
            let change = change.as_deref().unwrap_or("当时的原文没有导入，也没有新旧对照，不知道改了什么");
            out.push_str(&format!("    {place}　{change}\n"));
        }
    }
    let pages: BTreeSet<&str> = all.iter().map(|s| s.path.as_str()).collect();
    out.push_str(&match pages.len() {
        0 => "没有页面比它引用的法规旧。\n".to_owned(),
        n => format!("共 {n} 页比引用的法规旧，请逐页看一遍还能不能用。\n"),
    });
    output::print(&out)?;
    Ok(Ending::Fine)
}

/// Lists the pages that were last checked more than `days` days before `on`. Any is a finding.
pub fn stale(root: Option<&Path>, days: u32, on: Option<&str>, json: bool) -> anyhow::Result<Ending> {
    let on = match on {
        Some(text) => {
            Date::parse(text).with_context(|| format!("--on 要写成 2026-11-23 这样的日期，「{text}」不是"))?
        }
        None => disk::today().context("电脑的日期读不出来；用 --on 写明按哪一天算")?,
    };
    // A date that is later than today is a slip of the pen, and the page is to be looked at as well.
    let old = |page: &Upkeep<'_>| page.age(on).is_none_or(|age| i64::from(age) > i64::from(days));
    let says = |page: &Upkeep<'_>| match page.age(on) {
        Some(age) => format!("核对日期 {}，已过 {age} 天", page.checked),
        None => format!("核对日期 {}，晚于 {on}", page.checked),
    };
    let none = format!("没有页面的核对日期超过 {days} 天。");
    let some = |count: usize| {
        format!("共 {count} 页的核对日期超过 {days} 天：对照现行法条重新看一遍，再改文件头的 checked。")
    };
    pages_to_look_at(root, json, &old, &says, (&none, &some))
}

/// Lists the pages that nobody approved, or that changed afterwards.
pub fn unreviewed(root: Option<&Path>, json: bool) -> anyhow::Result<Ending> {
    let says = |page: &Upkeep<'_>| match (&page.review.reviewed_by, &page.review.reviewed_on) {
        (Some(by), Some(on)) => format!("{by} {on} 审核以后又改过"),
        (Some(by), None) => format!("审核人 {by}，没有写审核日期 reviewed_on"),
        _ => "还没有审核".to_owned(),
    };
    let some = |count: usize| {
        format!(
            "共 {count} 页还没有审核。审核以后在文件头写 [review]：reviewed_by = \"谁\"，reviewed_on = \"2026-11-23\"。"
        )
    };
    pages_to_look_at(root, json, &|page: &Upkeep<'_>| page.unreviewed(), &says, ("每一页都审核过了。", &some))
}

/// Prints the pages that `wanted` takes, each with what `says` says of it.
fn pages_to_look_at(
    root: Option<&Path>,
    json: bool,
    wanted: &dyn Fn(&Upkeep<'_>) -> bool,
    says: &dyn Fn(&Upkeep<'_>) -> String,
    (none, some): (&str, &dyn Fn(usize) -> String),
) -> anyhow::Result<Ending> {
    let project = Project::load(root)?;
    if project.report.has_errors() {
        output::report(&project.report, &project.sources);
        output::note("先改正上面的错误，再运行一次。");
        return Ok(Ending::Findings);
    }
    let pages: Vec<_> = upkeep(&project.corpus).into_iter().filter(wanted).collect();
    if json {
        let rows: Vec<_> = pages
            .iter()
            .map(|page| {
                serde_json::json!({
                    "path": page.path, "title": page.title, "kind": page.citing.kind.label(), "checked": page.checked,
                    "written_by": page.review.written_by, "reviewed_by": page.review.reviewed_by,
                    "reviewed_on": page.review.reviewed_on, "basis": page.review.basis,
                })
            })
            .collect();
        output::print(&format!("{}\n", serde_json::to_string_pretty(&rows)?))?;
    } else {
        let lines = pages.iter().map(|page| format!("{}　{}：{}\n", page.path, page.title, says(page)));
        let mut out: String = lines.collect();
        out.push_str(&if pages.is_empty() { none.to_owned() } else { some(pages.len()) });
        output::print(&format!("{out}\n"))?;
    }
    Ok(if pages.is_empty() { Ending::Fine } else { Ending::Findings })
}

fn stale_json(stale: &crate::links::Stale) -> serde_json::Value {
    let places: Vec<_> = stale
        .places
        .iter()
        .map(|(place, change)| serde_json::json!({ "place": place.to_string(), "change": change }))
        .collect();
    serde_json::json!({
        "path": stale.path, "title": stale.title, "date": stale.date, "date_kind": stale.date_kind, "law": stale.law,
        "version": stale.version, "since": stale.since, "places": places,
    })
}

fn show(sources: &Sources, report: &Report, pages: usize) -> anyhow::Result<()> {
    if !report.is_empty() {
        output::report(report, sources);
    }
    if pages == 0 {
        output::note("链接还没有检查：先改正上面的错误，再运行一次。");
    } else if !report.has_errors() {
        output::print(&format!("检查完毕，没有错误：{pages} 个网页的链接都能打开，引用的条文都存在。\n"))?;
    }
    Ok(())
}

/// Where a link of a rendered page stands in the file it was made from; `None` where the page itself made it.
fn written(sources: &Sources, page: &str, target: &str) -> Option<Place> {
    let stem = page.strip_suffix(".html")?;
    let path = match stem.split_once('/') {
        Some(("cases", _)) => format!("{stem}.md"),
        Some(("letters", id)) => format!("templates/clauses/{id}.hbs"),
        _ => format!("book/{stem}.md"),
    };
    let text = sources.get(&path)?;
    let markdown = target.replacen(".html", ".md", 1);
    let found = [markdown.as_str(), target].into_iter().find_map(|t| Some((text.find(t)?, t.len())));
    found.map(|(at, length)| Place::new(path, at..at + length))
}

/// Checks every link and anchor of the rendered pages below `dest`. Returns how many pages there are.
fn check_pages(dest: &Path, sources: &Sources, report: &mut Report) -> anyhow::Result<usize> {
    let mut files = BTreeSet::new();
    let mut all = vec![];
    for entry in WalkDir::new(dest).sort_by_file_name() {
        let entry = entry.context("读不了生成的网页")?;
        if !entry.file_type().is_file() {
            continue;
        }
        let below = entry.path().strip_prefix(dest)?;
        let path = below.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        if path.ends_with(".html") {
            let html =
                fs::read_to_string(entry.path()).with_context(|| format!("读不了生成的网页 {path}"))?;
            all.push(Page { path: path.clone(), html });
        }
        files.insert(path);
    }
    for finding in rendered::check(&all, &files) {
        // The print page repeats every chapter; what is wrong there is shown on the chapter's own page.
        if finding.page == "print.html" && finding.kind != rendered::Kind::MissingTitle {
            continue;
        }
        let message = format!(
            "网页 {} 第 {} 行：{}「{}」",
            finding.page,
            finding.line,
            finding.kind.message(),
            finding.target
        );
        let mut diagnostic = Diagnostic::placeless(finding.kind.code(), message);
        diagnostic.place = written(sources, &finding.page, &finding.target);
        report.push(diagnostic.hint(finding.hint.unwrap_or_default()));
    }
    Ok(all.len())
}

/// The client's link checker over the chapters' Markdown.
#[cfg(feature = "linkcheck")]
fn check_chapters(project: &Arc<Project>, scratch: &Path, report: &mut Report) -> anyhow::Result<()> {
    use crate::handbook::linkcheck2;
    let mut config = mdbook_driver::config::Config::from_disk(project.root.join("book.toml"))?;
    config.build.create_missing = false;
    let book = mdbook_driver::MDBook::load_with_config(&project.root, config.clone())?.book;
    let book = crate::handbook::book::assemble(&project.site(), book);
    let folder = scratch.join("chapters");
    fs::create_dir_all(&folder)?;
    for finding in linkcheck2::run(&book, &config, &folder)?.findings {
        let message = format!(
            "章节 {} 第 {} 行：{}「{}」",
            finding.chapter,
            finding.line,
            finding.kind.message(),
            finding.target
        );
        let mut diagnostic = Diagnostic::placeless(finding.kind.code(), message);
        if finding.warning {
            diagnostic = diagnostic.warning();
        }
        report.push(diagnostic);
    }
    Ok(())
}
