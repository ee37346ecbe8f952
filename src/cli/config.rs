//! `gongkai config`: the settings that hold and where each comes from; the officer's own file.

use super::rules::{self, Settings};
use super::{ConfigCommand, Ending, output, project};
use crate::corpus::tree::Node;
use crate::corpus::{Agency, Confidence, Layers, LocalPolicy, PERSONAL, PolicyOption, Setting, schema};
use crate::disk;
use crate::text::{Report, Sources, nearest};
use anyhow::{Context, bail};
use etcetera::{BaseStrategy, choose_base_strategy};
use serde_json::{Value as Json, json};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Names another file for the officer's own settings; an empty value is none.
const VARIABLE: &str = "GONGKAI_CONFIG";
/// Largest file of the officer's own settings, in bytes.
const LARGEST: u64 = 64 * 1024;

/// Runs one of the commands.
pub fn run(root: Option<&Path>, command: &ConfigCommand) -> anyhow::Result<Ending> {
    match command {
        ConfigCommand::Show { json } => show(root, *json),
        ConfigCommand::Path => path(),
        ConfigCommand::Set { key, value } => set(key, value),
    }
}

/// Where the officer's own settings are, whether they are there or not; `None` where the platform has no such place or
/// [`VARIABLE`] says none.
pub fn user_file() -> anyhow::Result<Option<PathBuf>> {
    match std::env::var_os(VARIABLE) {
        Some(named) if named.is_empty() => Ok(None),
        Some(named) => {
            let path = PathBuf::from(named);
            Ok(Some(std::path::absolute(&path).with_context(|| format!("{VARIABLE} 写的路径用不了"))?))
        }
        // Without a home there is no such file.
        None => Ok(choose_base_strategy().ok().map(|base| base.config_dir().join("gongkai/config.toml"))),
    }
}

/// Adds the officer's own file to the sources, if it is there; its path as in them.
pub fn read_user(
    path: Option<&Path>,
    sources: &mut Sources,
    report: &mut Report,
) -> anyhow::Result<Option<String>> {
    let Some(path) = path.filter(|path| path.exists()) else { return Ok(None) };
    let shown = path.display().to_string().replace('\\', "/");
    let text = disk::read_text(path, LARGEST, report)?;
    sources.insert(shown.as_str(), text);
    Ok(Some(shown))
}

fn path() -> anyhow::Result<Ending> {
    let Some(path) = user_file()? else {
        bail!("没有个人设置文件：{VARIABLE} 是空的，或者这台电脑没有存放个人设置的文件夹");
    };
    output::print(&format!("{}\n", path.display()))?;
    if !path.exists() {
        output::note("这个文件还没有。用 gongkai config set 写入，例如 gongkai config set contact 王某");
    }
    Ok(Ending::Fine)
}

/// Writes one of the officer's own settings; everything else in the file stays as it is.
fn set(key: &str, value: &str) -> anyhow::Result<Ending> {
    let Some(path) = user_file()? else {
        bail!("没有个人设置文件：{VARIABLE} 是空的，或者这台电脑没有存放个人设置的文件夹");
    };
    let titles = schema::of::<Agency>();
    let title = |key: &str| {
        titles.pointer(&format!("/properties/{key}/title")).and_then(Json::as_str).unwrap_or_default()
    };
    let Some(key) = PERSONAL.into_iter().find(|known| *known == key || title(known) == key) else {
        let near = nearest(key, PERSONAL).map(|w| format!("您是不是要写 {w}？")).unwrap_or_default();
        let all: Vec<String> = PERSONAL.iter().map(|k| format!("{k}（{}）", title(k))).collect();
        bail!(
            "「{key}」不能写在个人设置里\n提示: {near}个人设置只有 {}；其余的整个机关要一致，写在手册的 book.toml 里",
            all.join("、")
        );
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("建不了文件夹 {}", folder.display()))?;
    }
    disk::alone(&path, || write(&path, key, value))
        .with_context(|| format!("锁不住 {} 所在的文件夹", path.display()))?
}

fn write(path: &Path, key: &str, value: &str) -> anyhow::Result<Ending> {
    let mut report = Report::default();
    let mut sources = Sources::default();
    let shown = path.display().to_string().replace('\\', "/");
    let old = if path.exists() { disk::read_text(path, LARGEST, &mut report)? } else { String::new() };
    let value = value.trim();
    // Checked with what was there already: what is broken is not added to.
    let new = match Node::parse(&shown, &old, 0, &mut report) {
        Some(node) if !report.has_errors() => edited(&old, &node, key, value),
        _ => old.clone(),
    };
    sources.insert(shown.as_str(), new.as_str());
    if !report.has_errors() {
        let mut found = Report::default();
        let _ = Layers::read(&Sources::default(), Some((&shown, &new)), &mut found);
        // The handbook's settings are not looked at here.
        found
            .sorted()
            .into_iter()
            .filter(|d| d.place.as_ref().is_some_and(|p| p.path == shown))
            .for_each(|d| report.push(d));
    }
    if report.has_errors() {
        output::report(&report, &sources);
        output::note("没有写进去，个人设置没有动。");
        return Ok(Ending::Findings);
    }
    disk::write_atomic(path, new.as_bytes(), true).with_context(|| format!("写不了 {shown}"))?;
    output::print(&format!("已写入 {shown}：{key} = {value}\n"))?;
    Ok(Ending::Fine)
}

/// The text with one key set to a text: its value replaced where it stands, else a line added.
fn edited(text: &str, node: &Node, key: &str, value: &str) -> String {
    let value = Json::from(value).to_string();
    if let Some(old) = node.get(key) {
        let (before, after) = (text.get(..old.range.start), text.get(old.range.end..));
        return format!("{}{value}{}", before.unwrap_or_default(), after.unwrap_or_default());
    }
    let separator = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    format!("{text}{separator}{key} = {value}\n")
}

fn show(root: Option<&Path>, as_json: bool) -> anyhow::Result<Ending> {
    let root = project::find(root)?;
    let (settings, sources, report) = rules::read(&root)?;
    let rows = rows(&settings, &sources);
    let user = user_file()?;
    if as_json {
        let (policies, settings): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|r| r.policy.is_some());
        let value = json!({
            "settings": settings.into_iter().map(value).collect::<Vec<_>>(),
            "policies": policies.into_iter().map(value).collect::<Vec<_>>(),
            "user_file": user.map(|path| path.display().to_string()),
            "errors": report.to_json(&sources),
        });
        output::print(&format!("{}\n", serde_json::to_string_pretty(&value)?))?;
    } else {
        output::print(&text(&rows))?;
    }
    if !report.is_empty() && !as_json {
        output::report(&report, &sources);
    }
    Ok(if report.has_errors() { Ending::Findings } else { Ending::Fine })
}

/// One setting as it is shown.
struct Row<'a> {
    key: String,
    title: String,
    /// What it is for.
    about: String,
    /// What holds, then what it stands over: value, whose, `file:line`.
    found: Vec<(&'a Setting, String)>,
    policy: Option<&'a LocalPolicy>,
}

fn rows<'a>(settings: &'a Settings, sources: &Sources) -> Vec<Row<'a>> {
    let schema = schema::of::<Agency>();
    let mut all = vec![];
    for (key, property) in schema.get("properties").and_then(Json::as_object).into_iter().flatten() {
        let word = |name: &str| property.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
        let found = placed(settings.layers.setting(key), sources);
        all.push(Row {
            key: key.clone(),
            title: word("title"),
            about: word("description"),
            found,
            policy: None,
        });
    }
    for policy in &settings.corpus.rules.policies {
        let found = placed(settings.layers.policy(&policy.id), sources);
        let (key, title, about) = (policy.id.clone(), policy.title.clone(), policy.note.clone());
        all.push(Row { key, title, about, found, policy: Some(policy) });
    }
    all
}

fn placed<'a>(found: Vec<&'a Setting>, sources: &Sources) -> Vec<(&'a Setting, String)> {
    let line = |setting: &Setting| {
        let text = sources.get(&setting.place.path).unwrap_or_default();
        let before = text.get(..setting.place.range.start).unwrap_or_default();
        format!("{}:{}", setting.place.path, before.matches('\n').count() + 1)
    };
    found.into_iter().map(|setting| (setting, line(setting))).collect()
}

fn value(row: &Row<'_>) -> Json {
    let origin = |(setting, place): &(&Setting, String)| json!({ "value": setting.value, "layer": setting.layer.id(), "layer_title": setting.layer.label(), "place": place });
    let winner = row.found.first();
    let mut out = json!({
        "key": row.key,
        "title": row.title,
        "about": row.about,
        "value": winner.map(|(setting, _)| setting.value.as_str()),
        "layer": winner.map(|(setting, _)| setting.layer.id()),
        "layer_title": winner.map(|(setting, _)| setting.layer.label()),
        "place": winner.map(|(_, place)| place),
        "overrides": row.found.iter().skip(1).map(origin).collect::<Vec<_>>(),
    });
    if let (Some(policy), Some(out)) = (row.policy, out.as_object_mut()) {
        let (option, chosen) = chosen(policy, row);
        out.insert("value".into(), Json::from(option.id.clone()));
        out.insert("value_title".into(), Json::from(option.title.clone()));
        out.insert("chosen".into(), Json::from(chosen));
        out.insert("default".into(), Json::from(policy.default.clone()));
        out.insert("confidence".into(), json!(policy.confidence));
        out.insert("unverified".into(), Json::from(unverified(policy)));
    }
    out
}

fn chosen<'a>(policy: &'a LocalPolicy, row: &Row<'_>) -> (&'a PolicyOption, bool) {
    let choices = row.found.first().map(|(setting, _)| (policy.id.clone(), setting.value.clone()));
    policy.chosen(&choices.into_iter().collect())
}

/// Whether what is said of a policy is still to be checked against its source.
fn unverified(policy: &LocalPolicy) -> bool {
    matches!(policy.confidence, Confidence::S1 | Confidence::G) || policy.note.contains("待核")
}

fn text(rows: &[Row<'_>]) -> String {
    let mut out = String::from("机关设置\n");
    let origin = |out: &mut String, row: &Row<'_>| {
        for (i, (setting, place)) in row.found.iter().enumerate() {
            let label = setting.layer.label();
            // Strings never fail to be written to.
            let _ = match i {
                0 => writeln!(out, "    来自{label}：{place}"),
                _ => writeln!(out, "    盖过{label}的“{}”：{place}", setting.value),
            };
        }
    };
    for row in rows.iter().filter(|r| r.policy.is_none() && !r.found.is_empty()) {
        let value = row.found.first().map_or("", |(setting, _)| setting.value.as_str());
        let _ = writeln!(out, "  {}（{}）：{value}", row.title, row.key);
        origin(&mut out, row);
    }
    let unset: Vec<&Row<'_>> = rows.iter().filter(|r| r.policy.is_none() && r.found.is_empty()).collect();
    if !unset.is_empty() {
        out.push_str("\n没有写的\n");
        for row in unset {
            let _ = writeln!(out, "  {}（{}）：{}", row.title, row.key, row.about);
        }
    }
    out.push_str("\n由机关自定的点\n");
    for row in rows {
        let Some(policy) = row.policy else { continue };
        let (option, is_chosen) = chosen(policy, row);
        let how = if is_chosen { "" } else { "（没有定，按默认）" };
        let doubt = if unverified(policy) { "，待核" } else { "" };
        let _ = writeln!(out, "  {}（{}）：{}{how}{doubt}", row.title, row.key, option.title);
        origin(&mut out, row);
    }
    out.push_str("\n后面的盖过前面的：上级统一（book/rules/agency.toml）、本机关（book.toml）、本人（gongkai config path 看在哪里）。手册的网页不用本人的设置。\n");
    out
}
