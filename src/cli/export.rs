//! `gongkai export`: the handbook as data for other programs.

use super::output::{self, Progress};
use super::{Ending, ExportArgs, Project, edition};
use crate::corpus::SOURCES;
use crate::corpus::schema::is_id;
use crate::corpus::tree::{Node, Value};
use crate::disk::{self, Batch};
use crate::export::{BulkFile, District, Export, Handbook, elasticsearch, groonga, part_name, records};
use crate::text::{Report, nearest};
use anyhow::{Context, bail};
use std::fs;
use std::path::{Path, PathBuf};

/// Longest id of a district.
const LONGEST_DISTRICT: usize = 40;
/// Largest file of records, bytes; Elasticsearch takes twice as much at once.
const LARGEST: usize = 50 * 1024 * 1024;

/// A search engine.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Engine {
    Elasticsearch,
    Groonga,
}

impl Engine {
    fn of(word: &str) -> anyhow::Result<Self> {
        match word {
            "elasticsearch" | "opensearch" => Ok(Self::Elasticsearch),
            "groonga" => Ok(Self::Groonga),
            _ => {
                let near = nearest(word, ["elasticsearch", "groonga", "opensearch"]);
                let near = near.map(|word| format!("您是不是要写 {word}？")).unwrap_or_default();
                bail!(
                    "没有「{word}」这种搜索引擎。{near}\n提示: --bulk 可以写 elasticsearch（也能用于 OpenSearch）、groonga"
                )
            }
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Elasticsearch => "elasticsearch",
            Self::Groonga => "groonga",
        }
    }

    /// What files of records end in.
    const fn ending(self) -> &'static str {
        match self {
            Self::Elasticsearch => "ndjson",
            Self::Groonga => "grn",
        }
    }
}

/// Prints the handbook or writes the files of a search engine.
pub(super) fn run(root: Option<&Path>, args: &ExportArgs) -> anyhow::Result<Ending> {
    let engine = args.bulk.as_deref().map(Engine::of).transpose()?;
    let district = args.district.as_deref().map(checked).transpose()?;
    let address = args.address.as_deref().map(address).transpose()?;
    let progress = Progress::start("正在读取内容");
    let project = Project::load(root)?;
    if project.report.has_errors() {
        drop(progress);
        output::report(&project.report, &project.sources);
        output::note("没有导出：先改正上面的错误，再运行一次。");
        return Ok(Ending::Findings);
    }
    let (sources, mut report) = (project.sources.clone(), Report::default());
    let Some((project, left_out)) = project.edition(&args.edition, &mut report)? else {
        drop(progress);
        output::report(&report, &sources);
        output::note(&format!("{} 版没有导出：先改正上面的错误，再运行一次。", args.edition));
        return Ok(Ending::Findings);
    };
    let handbook = handbook(&project, address)?;
    let whole = project.edition.is_whole();
    let (Some(engine), Some(id)) = (engine, district) else {
        let export = Export::new(handbook, &project.corpus, &project.links, whole).printed(whole)?;
        drop(progress);
        edition::say_left_out(&project.edition, &left_out);
        let text = format!("{export:#}\n");
        match &args.output {
            // Older PowerShells write what `>` takes in another encoding.
            Some(path) => super::letter::save(path, text.as_bytes(), args.force)?,
            None => output::print(&text)?,
        }
        return Ok(Ending::Fine);
    };
    let name = args.district_name.clone().or_else(|| handbook.agency.clone());
    let district = District { id: id.to_owned(), name: name.unwrap_or_else(|| id.to_owned()) };
    let records =
        records(&handbook, &district, &project.corpus, &project.links).map_err(anyhow::Error::msg)?;
    // Neither id holds an underscore, so no two handbooks have files of one name.
    let stem = format!("{id}_{}", handbook.edition);
    let files = match engine {
        Engine::Elasticsearch => elasticsearch::files(&records, &stem, LARGEST),
        Engine::Groonga => groonga::files(&records, (&district, &handbook.edition), &stem, LARGEST),
    };
    let folder = match &args.output {
        Some(folder) => folder.clone(),
        None => project.root.join("target").join(format!("{}-{}", handbook.edition, engine.name())),
    };
    guard(&project.root, &folder)?;
    write(&folder, &files, (&stem, engine.ending()), args.force)?;
    drop(progress);
    edition::say_left_out(&project.edition, &left_out);
    output::print(&summary(&folder, &files, records.len()))?;
    Ok(Ending::Fine)
}

/// The id of a district.
fn checked(id: &str) -> anyhow::Result<&str> {
    if is_id(id) && id.len() <= LONGEST_DISTRICT {
        return Ok(id);
    }
    let lower = id.trim().to_lowercase().replace(['_', ' '], "-");
    let near = if is_id(&lower) && lower.len() <= LONGEST_DISTRICT {
        format!("您是不是要写 {lower}？")
    } else {
        String::new()
    };
    bail!(
        "「{id}」不能作地区编号。{near}\n提示: 只用小写英文字母、数字和 -，不以 - 开头，最多 {LONGEST_DISTRICT} 个字，例如六位的行政区划代码"
    )
}

/// The address of a handbook's first page or of its folder.
fn address(address: &str) -> anyhow::Result<String> {
    let below = address.strip_prefix("http://").or_else(|| address.strip_prefix("https://"));
    let host = below.unwrap_or_default();
    let odd =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>' | '\\' | '#' | '?');
    if host.is_empty() || host.starts_with('/') || host.contains(odd) {
        bail!(
            "「{address}」不是手册的网址\n提示: 以 http:// 或 https:// 开头，写到首页所在的文件夹，例如 https://www.example.cn/handbook/"
        )
    }
    Ok(address.strip_suffix("index.html").unwrap_or(address).trim_end_matches('/').to_owned() + "/")
}

/// What is said of the edition as a whole.
fn handbook(project: &Project, asked: Option<String>) -> anyhow::Result<Handbook> {
    let edition = &project.edition;
    let said = |text: &String| (!text.trim().is_empty()).then(|| text.clone());
    let address = match (asked, &edition.address) {
        (None, Some(written)) => Some(address(written)?),
        (asked, _) => asked,
    };
    Ok(Handbook {
        title: edition.title.clone().or_else(|| title(project)),
        agency: project.agency.get("name").map(str::to_owned),
        version: said(&edition.version),
        date: said(&edition.date),
        address,
        ..Handbook::new(&edition.id)
    })
}

/// What `book.toml` calls the book.
fn title(project: &Project) -> Option<String> {
    // Mistakes in it were reported when the project was read.
    let table = Node::parse("book.toml", project.sources.get("book.toml")?, 0, &mut Report::default())?;
    match &table.get("book")?.get("title")?.value {
        Value::Text(title) => Some(title.clone()),
        _ => None,
    }
}

/// Refuses to write among the sources of the handbook, where it would be taken for content.
fn guard(root: &Path, folder: &Path) -> anyhow::Result<()> {
    let (root, folder) = (root.canonicalize()?, settled(&std::path::absolute(folder)?));
    if SOURCES.iter().any(|name| folder.starts_with(root.join(name))) {
        bail!("{} 放着手册的原文，不能导出到这里\n提示: 用 -o 另写一个文件夹", folder.display());
    }
    Ok(())
}

/// The real place of a folder that may not exist yet.
fn settled(path: &Path) -> PathBuf {
    let real = |ancestor: &Path| Some(ancestor.canonicalize().ok()?.join(path.strip_prefix(ancestor).ok()?));
    path.ancestors().find_map(real).unwrap_or_else(|| path.to_path_buf())
}

/// Writes all files or none. What stands there with the same bytes stays; what has other bytes, and parts that an earlier
/// export had and this one has not, go only by `force`.
fn write(folder: &Path, files: &[BulkFile], (stem, ending): (&str, &str), force: bool) -> anyhow::Result<()> {
    let place = || format!("{} 里写不了文件", folder.display());
    let Some(batch) = Batch::begin(folder).with_context(place)? else {
        bail!("另一个 gongkai 正在往 {} 里写\n提示: 等它做完再试", folder.display());
    };
    let differs = |file: &&BulkFile| {
        let path = folder.join(&file.name);
        path.symlink_metadata().is_ok() && fs::read(path).ok().as_deref() != Some(file.text.as_bytes())
    };
    let mut taken: Vec<String> = files.iter().filter(differs).map(|file| file.name.clone()).collect();
    let parts = files.iter().filter(|file| file.name.starts_with(&format!("{stem}_"))).count();
    let left = (parts + 1..).map(|number| part_name(stem, number, ending));
    let left: Vec<String> = left.take_while(|name| folder.join(name).is_file()).collect();
    taken.extend(left.iter().cloned());
    if !force && !taken.is_empty() {
        bail!(
            "{} 里已有内容不同的文件，什么都没有写：{}\n提示: 用 -o 另写一个文件夹，或者加 --force 换掉",
            folder.display(),
            taken.join("、")
        );
    }
    for file in files {
        let at = || format!("写不了 {}", folder.join(&file.name).display());
        if batch.write(&file.name, file.text.as_bytes(), force).with_context(at)? == disk::Written::Kept {
            bail!("{}：同名文件刚刚出现，没有动它", at());
        }
    }
    for name in left {
        fs::remove_file(folder.join(&name)).with_context(|| format!("删不了多出来的 {name}"))?;
    }
    Ok(())
}

fn summary(folder: &Path, files: &[BulkFile], records: usize) -> String {
    let mut out = format!("已导出 {records} 条记录，在 {}：\n", folder.display());
    for file in files {
        out.push_str(&format!("  {}（{}）\n", file.name, size(file.text.len())));
    }
    out.push_str("怎样装进搜索引擎，见 使用说明.txt。\n");
    out
}

fn size(bytes: usize) -> String {
    if bytes < 1_000_000 {
        format!("{} KB", bytes.div_ceil(1_000))
    } else {
        format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
    }
}
