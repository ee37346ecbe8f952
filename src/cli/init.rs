//! `gongkai init`: a new handbook from the program alone.

use super::Ending;
use super::output;
use crate::disk;
use anyhow::{Context, bail};
use rust_embed::RustEmbed;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

#[derive(RustEmbed)]
#[folder = "book"]
#[prefix = "book/"]
#[exclude = "laws/text/*"]
struct Book;

#[derive(RustEmbed)]
#[folder = "cases"]
#[prefix = "cases/"]
struct Cases;

#[derive(RustEmbed)]
#[folder = "templates"]
#[prefix = "templates/"]
struct Templates;

const SETTINGS: &str = include_str!("../../book.toml");

/// The bare handbook: one commented, plainly fictional example of each kind.
const BARE: [(&str, &str); 15] = [
    ("book/SUMMARY.md", include_str!("starter/SUMMARY.md")),
    ("book/404.md", include_str!("../../book/404.md")),
    ("book/index.md", include_str!("starter/index.md")),
    ("book/laws/example-rules.md", include_str!("starter/law.md")),
    ("book/questions/q-example.md", include_str!("starter/question.md")),
    ("book/policies/example-policy.md", include_str!("starter/policy.md")),
    ("book/rules/case-types.toml", include_str!("starter/case-types.toml")),
    ("book/rules/outcomes.toml", include_str!("starter/outcomes.toml")),
    ("book/rules/remedy.toml", include_str!("starter/remedy.toml")),
    ("book/rules/synonyms.toml", include_str!("starter/synonyms.toml")),
    ("cases/example-001.md", include_str!("starter/case.md")),
    ("templates/clauses/example-notice.hbs", include_str!("starter/clause.hbs")),
    ("templates/letters/notice.hbs", include_str!("starter/shell.hbs")),
    ("templates/partials/signature.hbs", include_str!("starter/signature.hbs")),
    (".gitignore", "/target\n/book/laws/text/\n"),
];

/// Head of the table of the citizens' edition.
const PUBLIC: &str = "[preprocessor.gongkai.editions.public]";

/// The look is the same in every handbook.
const THEME: &str = "book/theme/";

/// Writes a new handbook into `folder`.
pub fn run(folder: &Path, bare: bool) -> anyhow::Result<Ending> {
    if folder.exists() {
        let mut entries = fs::read_dir(folder).with_context(|| format!("打不开 {}", folder.display()))?;
        if entries.next().is_some() {
            bail!("{} 里已经有文件，没有动它\n提示: 换一个新的文件夹名称", folder.display());
        }
    }
    let files = if bare { bare_files() } else { starter_files() };
    // Written aside first: a full disk leaves nothing half done.
    let target = std::path::absolute(folder)?;
    let aside = disk::beside(&target).with_context(|| format!("{} 旁边写不了文件", folder.display()))?;
    let fresh = aside.path().join("handbook");
    for (path, bytes) in &files {
        let file = fresh.join(path);
        let inside = file.parent().unwrap_or(&fresh);
        fs::create_dir_all(inside).with_context(|| format!("建不了文件夹 {}", inside.display()))?;
        disk::write_atomic(&file, bytes, false)
            .with_context(|| format!("写不了 {}", folder.join(path).display()))?;
    }
    disk::swap(&fresh, &target).with_context(|| format!("写不了 {}", folder.display()))?;
    output::print(&format!(
        "新手册已经放在 {0}（{1} 个文件）。\n\n接下来：\n  1. 打开 {0} 里的 book.toml，把 [preprocessor.gongkai.agency] 下面换成本机关的名称、地址、电话、复议机关。\n  2. 生成手册：gongkai build --root {0}\n  3. 改完内容后检查：gongkai check --root {0}\n",
        folder.display(),
        files.len()
    ))?;
    Ok(Ending::Fine)
}

type Files = BTreeMap<String, Cow<'static, [u8]>>;

fn starter_files() -> Files {
    let mut files = embedded::<Book>();
    files.extend(embedded::<Cases>());
    files.extend(embedded::<Templates>());
    files.insert("book.toml".into(), SETTINGS.as_bytes().into());
    files.insert(".gitignore".into(), b"/target\n/book/laws/text/\n".as_slice().into());
    files
}

/// The laws and tables that the program brings along, for commands that are run outside of a handbook.
pub fn own_laws() -> crate::text::Sources {
    let mut sources = crate::text::Sources::default();
    for (path, bytes) in embedded::<Book>() {
        if (path.starts_with("book/laws/") || path.starts_with("book/rules/"))
            && let Ok(text) = std::str::from_utf8(&bytes)
        {
            sources.insert(path, text);
        }
    }
    sources
}

/// The same with the templates.
pub fn own_sources() -> crate::text::Sources {
    let mut sources = own_laws();
    for (path, bytes) in embedded::<Templates>() {
        if let Ok(text) = std::str::from_utf8(&bytes) {
            sources.insert(path, text);
        }
    }
    sources
}

/// Every file that a new handbook may begin with: path and bytes; some have two forms.
pub fn beginnings() -> Vec<(String, Cow<'static, [u8]>)> {
    starter_files().into_iter().chain(bare_files()).collect()
}

fn bare_files() -> Files {
    let mut files: Files =
        embedded::<Book>().into_iter().filter(|(path, _)| path.starts_with(THEME)).collect();
    files.extend(BARE.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().into())));
    // The citizens' edition chooses pages that a bare handbook has not; its table ends with a blank line.
    let (before, rest) = SETTINGS.split_once(PUBLIC).unwrap_or((SETTINGS, ""));
    let after = rest.split_once("\n\n").map_or("", |(_, after)| after);
    files.insert("book.toml".into(), format!("{before}{after}").into_bytes().into());
    files
}

fn embedded<T: RustEmbed>() -> Files {
    T::iter()
        .filter(|path| !path.rsplit('/').next().is_some_and(|name| name.starts_with('.')))
        .filter_map(|path| Some((path.to_string(), T::get(&path)?.data)))
        .collect()
}
