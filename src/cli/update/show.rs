//! What a person reads before an update.

use super::{Shown, Update};
use crate::bundle::About;
use crate::update::{Action, Change, Touched};
use std::fmt::Write as _;

/// Most entries of one list that are shown.
const MOST: usize = 200;

/// 《手册》2026年第1版（2026-11-27）
pub fn name(about: &About) -> String {
    let date = if about.date.is_empty() { String::new() } else { format!("（{}）", about.date) };
    format!("《{}》{}{date}", about.title, about.version)
}

/// All of it.
pub fn text(update: &Update, shown: &Shown) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = all(&mut out, update, shown);
    out
}

fn all(out: &mut String, update: &Update, shown: &Shown) -> std::fmt::Result {
    let manifest = &update.pack.manifest;
    writeln!(out, "更新包：{}，校验值都对。", name(&manifest.about))?;
    match &update.state {
        Some(state) => writeln!(out, "上一次更新：{}", name(&state.about))?,
        None => writeln!(
            out,
            "本机还没有这样更新过：和程序自带的内容不一样的文件，都当作本机自己改过的，不去动它。"
        )?,
    }
    changes(out, shown)?;
    conflicts(out, update)?;
    if !shown.items.is_empty() {
        affected(out, shown)?;
    }
    let own = update.plan.values().filter(|action| **action == Action::Own).count();
    if own > 0 {
        writeln!(out, "\n本机自己的文件 {own} 个，不动。book.toml、申请件、登记册也不动。")?;
    }
    let settings = std::fs::read_to_string(update.root.join("book.toml")).unwrap_or_default();
    for item in shown.items.iter().filter(|item| item.change == Change::Added) {
        let inner = item.path.strip_prefix("book/theme/").unwrap_or_default();
        let script = inner.ends_with(".js") || inner.ends_with(".css");
        if script && !inner.contains('/') && !settings.contains(&item.path) {
            writeln!(out, "注意：{} 是新的，要在 book.toml 的 [output.html] 里写上才会用到。", item.path)?;
        }
    }
    Ok(())
}

fn changes(out: &mut String, shown: &Shown) -> std::fmt::Result {
    if shown.items.is_empty() {
        return writeln!(out, "\n没有要换的文件。");
    }
    let count = |change: Change| shown.items.iter().filter(|item| item.change == change).count();
    writeln!(
        out,
        "\n改什么：新增 {} 个文件，修改 {} 个，删去 {} 个",
        count(Change::Added),
        count(Change::Changed),
        count(Change::Removed)
    )?;
    let mut group = None;
    for item in &shown.items {
        if group != Some(item.group) {
            writeln!(out, "\n【{}】", item.group.label())?;
            group = Some(item.group);
        }
        writeln!(out, "  {}　{}　{}", item.change.label(), item.title, item.path)?;
        for detail in &item.details {
            writeln!(out, "    · {detail}")?;
        }
    }
    Ok(())
}

fn conflicts(out: &mut String, update: &Update) -> std::fmt::Result {
    let all: Vec<_> = update.conflicts().collect();
    if all.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n冲突（{} 个文件，本机的都保留）", all.len())?;
    for (path, why) in all {
        let beside =
            if why.has_new() { format!("；新的放到 .gongkai/new/{path}") } else { String::new() };
        writeln!(out, "  {path}\n    {}{beside}", why.label())?;
    }
    Ok(())
}

fn affected(out: &mut String, shown: &Shown) -> std::fmt::Result {
    writeln!(out, "\n影响什么")?;
    list(out, "要复核的页面（引用了变动的条文，自己没有跟着改）", &shown.affected.pages)?;
    if shown.affected.pages_changed > 0 {
        writeln!(out, "  另有 {} 个页面引用了变动的条文，已经随包一起改了。", shown.affected.pages_changed)?;
    }
    list(out, "文书", &shown.affected.letters)?;
    let Some(drafts) = &shown.drafts else {
        return writeln!(out, "  申请件：内容有错误，没有比较。");
    };
    writeln!(out, "  申请件：看了 {} 份，{} 份有变化", drafts.seen, drafts.touched.len())?;
    for (path, happens) in &drafts.touched {
        writeln!(out, "    {path}")?;
        for line in happens {
            writeln!(out, "      · {line}")?;
        }
    }
    if !drafts.broken.is_empty() {
        writeln!(out, "  没有填完或者有错、比不了的申请件：{} 份", drafts.broken.len())?;
        for (path, why) in drafts.broken.iter().take(MOST) {
            writeln!(out, "    {path}　{why}")?;
        }
    }
    Ok(())
}

fn list(out: &mut String, title: &str, all: &[Touched]) -> std::fmt::Result {
    writeln!(
        out,
        "  {title}：{}",
        if all.is_empty() { "没有".to_owned() } else { format!("{} 个", all.len()) }
    )?;
    for touched in all.iter().take(MOST) {
        writeln!(out, "    {}　{}　{}", touched.kind, touched.title, touched.path)?;
        let why: Vec<&str> = touched.why.iter().take(6).map(String::as_str).collect();
        let more = if touched.why.len() > 6 { "……" } else { "" };
        writeln!(out, "      · {}{more}", why.join("；"))?;
    }
    if all.len() > MOST {
        writeln!(out, "    ……还有 {} 个", all.len() - MOST)?;
    }
    Ok(())
}

/// Why it is not done.
pub fn refusal(update: &Update, shown: &Shown, older: bool) -> String {
    let mut all = vec![];
    if older && let Some(state) = &update.state {
        all.push(format!(
            "这个包（{}）比上一次更新的（{}）旧。",
            update.pack.manifest.about.date, state.about.date
        ));
    }
    if shown.mistakes.has_errors() {
        let known = match shown.before {
            0 => String::new(),
            n => format!("，其中 {n} 处现在就有"),
        };
        all.push(format!("更新以后，内容会有上面这些错误{known}。"));
        let (packed, own) = (&update.pack.manifest.program, env!("CARGO_PKG_VERSION"));
        if packed != own {
            all.push(format!("包是用 gongkai {packed} 做的，这个程序是 {own}；可能要先换程序。"));
        }
    }
    all.push("什么都没有改。先解决上面的问题；确定要先更新、再来改的，加上 --apply --force。".to_owned());
    all.join("\n")
}
