//! `gongkai law import`: takes official texts into the agency's own folder.

use super::{read, summary};
use crate::cli::{Ending, ImportArgs, Project, output};
use crate::corpus::{Corpus, OfficialText, TEXTS, UNKNOWN_DATE};
use crate::disk;
use crate::statute::{self, Dates, Statute, Text};
use anyhow::{Context, bail};
use pinyin::ToPinyin;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, IsTerminal};
use std::path::Path;

/// Imports every file; one that cannot be imported does not keep the others out.
pub fn run(root: Option<&Path>, args: &ImportArgs) -> anyhow::Result<Ending> {
    if args.files.len() > 1 && (args.id.is_some() || args.effective.is_some() || args.number.is_some()) {
        bail!("--id、--effective、--number 只能用在一个文件上\n提示: 几个文件分开导入");
    }
    let effective = args
        .effective
        .as_deref()
        .map(|d| if d == UNKNOWN_DATE { Ok(d.to_owned()) } else { super::date(d) })
        .transpose()?;
    let mut ending = Ending::Fine;
    for file in &args.files {
        // Each file is judged by what the ones before it left behind.
        let project = Project::load(root)?;
        let importer = Importer { project: &project, args, effective: effective.as_deref() };
        if importer.file(file)? == Ending::Findings {
            ending = Ending::Findings;
        }
    }
    if ending == Ending::Fine {
        output::note("导入完毕。生成手册：gongkai build");
    }
    Ok(ending)
}

struct Importer<'a> {
    project: &'a Project,
    args: &'a ImportArgs,
    effective: Option<&'a str>,
}

/// Where a text goes, and what is written.
struct Plan {
    id: String,
    /// The notes of a law that is new.
    notes: Option<String>,
    header: OfficialText,
    path: String,
}

impl Importer<'_> {
    fn corpus(&self) -> &Corpus {
        &self.project.corpus
    }

    fn file(&self, file: &Path) -> anyhow::Result<Ending> {
        let Some((bytes, text)) = read(file)? else { return Ok(Ending::Findings) };
        let statute = &text.parsed.statute;
        output::print(&format!("{}\n{}", file.display(), summary(statute)))?;
        if statute.articles.is_empty() {
            return Ok(refuse(
                "没有找到条文，所以没有导入",
                "检查是不是选错了文件；网页存下来的，换成 Word 版再试",
            ));
        }
        if statute.title.is_empty() && self.args.id.is_none() {
            return Ok(refuse(
                "没有找到标题，不知道是哪一部法规，所以没有导入",
                "用 --id 指明法规编号，或者在文件第一行补上标题",
            ));
        }
        let Some(plan) = self.plan(file, &bytes, &text)? else { return Ok(Ending::Findings) };
        self.write(&plan, statute)
    }

    fn plan(&self, file: &Path, bytes: &[u8], text: &Text) -> anyhow::Result<Option<Plan>> {
        let statute = &text.parsed.statute;
        let mut dates = statute::dates(statute);
        let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        named(&name, &mut dates);
        let Some((id, fresh)) = self.id(statute, &dates)? else { return Ok(None) };
        let effective = match self.effective {
            Some(date) => date.to_owned(),
            None => match self.known_effective(&id, &dates) {
                Some(date) => date,
                None => ask_effective(self.args.yes)?,
            },
        };
        if effective == UNKNOWN_DATE {
            output::note(
                "  提醒: 不知道这个版本什么时候施行，记作“未知”；知道以后加 --effective 日期 重新导入",
            );
        }
        let sha = hex(&Sha256::digest(bytes));
        let header = OfficialText {
            law: id.clone(),
            title: if statute.title.is_empty() { id.clone() } else { statute.title.clone() },
            number: self.args.number.clone().or(dates.number.clone()),
            promulgated: dates.promulgated.clone(),
            effective: effective.clone(),
            expired: None,
            amended_by: None,
            source_name: name,
            source_date: disk::modified(file),
            source_sha256: sha,
            source_format: format!("{} {}", text.format.name(), text.encoding),
            statute: Statute::default(),
            structure: std::collections::BTreeMap::new(),
        };
        let version = match (effective.as_str(), &dates.promulgated) {
            (UNKNOWN_DATE, Some(made)) => format!("made-{made}"),
            (UNKNOWN_DATE, None) => "undated".to_owned(),
            (date, _) => date.to_owned(),
        };
        let notes = fresh.then(|| notes(&id, statute, &header));
        Ok(Some(Plan { path: format!("{TEXTS}{id}/{version}.md"), id, notes, header }))
    }

    /// The law's id, and whether the law is new. `None` if that was refused, and said.
    fn id(&self, statute: &Statute, dates: &Dates) -> anyhow::Result<Option<(String, bool)>> {
        let laws = &self.corpus().laws;
        if let Some(id) = &self.args.id {
            let valid = !id.is_empty()
                && id.len() <= 60
                && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
                && !id.starts_with('-');
            if !valid {
                refuse(
                    &format!("编号「{id}」不能用"),
                    "只用小写英文字母、数字和 -，例如 example-measures-2026",
                );
                return Ok(None);
            }
            let other = self.corpus().names.titled(&statute.title);
            if let (Some(crate::citation::Law::Known(known)), true) = (&other, !statute.title.is_empty())
                && known != id
            {
                refuse(
                    &format!("《{}》在手册里的编号是 {known}，不是 {id}", statute.title),
                    "去掉 --id，或者改成这个编号",
                );
                return Ok(None);
            }
            return Ok(Some((id.clone(), !laws.contains_key(id))));
        }
        if let Some(crate::citation::Law::Known(id)) = self.corpus().names.titled(&statute.title) {
            return Ok(Some((id, false)));
        }
        let base = initials(&statute.title);
        let year = dates
            .promulgated
            .as_deref()
            .and_then(|d| d.get(..4))
            .map(|y| format!("-{y}"))
            .unwrap_or_default();
        let taken =
            |id: &str| laws.contains_key(id) || self.project.root.join(format!("book/laws/{id}.md")).exists();
        let first = format!("{base}{year}");
        let id = std::iter::once(first.clone())
            .chain((2..).map(|n| format!("{first}-{n}")))
            .find(|id| !taken(id))
            .unwrap_or(first);
        Ok(Some((id, true)))
    }

    /// The day on which this version took effect: from the text, or from what the notes say of it.
    fn known_effective(&self, id: &str, dates: &Dates) -> Option<String> {
        let noted = self.corpus().laws.get(id).and_then(|entry| {
            let made = dates.promulgated.as_ref()?;
            let version = entry.header.versions.iter().find(|v| v.promulgated.as_ref() == Some(made))?;
            version.effective.clone()
        });
        noted.or_else(|| dates.effective.clone())
    }

    fn write(&self, plan: &Plan, statute: &Statute) -> anyhow::Result<Ending> {
        let root = &self.project.root;
        let target = root.join(&plan.path);
        let body = statute::store(statute);
        let content = format!("+++\n{}+++\n{body}", header(&plan.header)?);
        check_round_trip(statute, &body)?;
        if let Ok(old) = fs::read_to_string(&target) {
            if old == content {
                output::note(&format!("  已经导入过，没有变化：{}", plan.path));
                return Ok(Ending::Fine);
            }
            if !self.args.yes && !confirm(&format!("  {} 已经有了，要换成这一份吗？", plan.path))?
            {
                return Ok(refuse(
                    &format!("{} 已经有了，没有动它", plan.path),
                    "要换成这一份，加 --yes 再运行一次",
                ));
            }
        }
        let notes = root.join(format!("book/laws/{}.md", plan.id));
        if let Some(text) = &plan.notes {
            output::note(&format!(
                "  手册里还没有这部法规，新建 book/laws/{}.md（种类、制定机关等请核对）",
                plan.id
            ));
            disk::write_atomic(&notes, text.as_bytes(), false)
                .with_context(|| format!("写不了 {}", notes.display()))?;
        }
        let folder = target.parent().map(Path::to_path_buf).unwrap_or_default();
        fs::create_dir_all(&folder).with_context(|| format!("建不了文件夹 {}", folder.display()))?;
        disk::write_atomic(&target, content.as_bytes(), true)
            .with_context(|| format!("写不了 {}", target.display()))?;
        self.drop_undated(plan)?;
        output::note(&format!("  已导入：{}（{}，施行日期 {}）", plan.path, plan.id, plan.header.effective));
        Ok(Ending::Fine)
    }
}

impl Importer<'_> {
    /// The same file that was imported before without its date, or as another version, has its date now: the other one goes.
    fn drop_undated(&self, plan: &Plan) -> anyhow::Result<()> {
        for entry in self.corpus().texts.get(&plan.id).into_iter().flatten() {
            let same = entry.header.source_sha256 == plan.header.source_sha256 && entry.path != plan.path;
            let undated = entry.header.effective == UNKNOWN_DATE;
            if same && (undated || entry.header.promulgated != plan.header.promulgated) {
                let path = self.project.root.join(&entry.path);
                fs::remove_file(&path).with_context(|| format!("删不了 {}", path.display()))?;
                let was = if undated { "没有施行日期的" } else { "记作别的版本的" };
                output::note(&format!("  换掉了原来{was} {}", entry.path));
            }
        }
        Ok(())
    }
}

/// Says why a file was not imported.
fn refuse(message: &str, hint: &str) -> Ending {
    output::note(&format!("错误: {message}\n提示: {hint}"));
    Ending::Findings
}

/// What was written must come back as what was read.
fn check_round_trip(statute: &Statute, body: &str) -> anyhow::Result<()> {
    let again = statute::restore(body);
    let same = again.articles.len() == statute.articles.len()
        && again
            .articles
            .iter()
            .zip(&statute.articles)
            .all(|(a, b)| (&a.label, &a.path, &a.paragraphs) == (&b.label, &b.path, &b.paragraphs))
        && (&again.title, &again.headings, &again.annexes)
            == (&statute.title, &statute.headings, &statute.annexes);
    if same {
        Ok(())
    } else {
        bail!("存下来的原文和读到的不一样，所以没有导入。这是程序的错误，请把这个文件发给维护程序的人")
    }
}

fn header(text: &OfficialText) -> anyhow::Result<String> {
    let mut out = String::new();
    let value = serde_json::to_value(text)?;
    for (key, value) in value.as_object().into_iter().flatten() {
        if let Some(value) = value.as_str() {
            // JSON's escapes are TOML's.
            let _ = writeln!(out, "{key} = {}", serde_json::to_string(value)?);
        }
    }
    Ok(out)
}

/// Asks a person; without a terminal, or with `--yes`, nobody is asked.
fn ask_effective(yes: bool) -> anyhow::Result<String> {
    if yes || !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Ok(UNKNOWN_DATE.to_owned());
    }
    loop {
        output::note("  这个版本哪一天施行？写成 2019-05-15；不知道就直接按回车：");
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line)?;
        match line.trim() {
            "" => return Ok(UNKNOWN_DATE.to_owned()),
            text => match super::date(text) {
                Ok(date) => return Ok(date),
                Err(error) => output::note(&format!("  {error}")),
            },
        }
    }
}

fn confirm(question: &str) -> anyhow::Result<bool> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Ok(false);
    }
    output::note(&format!("{question} 要就输入 y 再按回车，不要就直接按回车："));
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(matches!(line.trim(), "y" | "Y" | "是" | "要"))
}

/// What a file's name says of the day on which its text was made: official databases and collectors put that day behind the
/// title. A later day than any in the text is that of the publication, if the text took effect after it, or else that of an
/// amendment which the text does not name; since when that holds is not known then, whatever the last article says of the
/// first version.
fn named(name: &str, dates: &mut Dates) {
    let Some((date, last)) = date_in_name(name) else { return };
    match &dates.promulgated {
        None => {
            output::note(&format!(
                "  提醒: 正文没有写哪一天公布，按文件名里的日期记作 {date}；不对的话，把文件名里的日期改对再导入"
            ));
            dates.promulgated = Some(date);
        }
        Some(made) if last && *made < date && dates.effective.as_ref() != Some(&date) => {
            let said = format!("  提醒: 文件名里的日期 {date} 比正文写的最后一个日期 {made} 晚，");
            dates.effective = dates.effective.take().filter(|holds| *holds > date);
            let taken = if dates.effective.is_some() {
                "记作公布日期"
            } else {
                // The decree that the text names is that of an earlier version.
                dates.number = None;
                "按那一天修改过的版本记"
            };
            output::note(&format!("{said}{taken}；不对的话，把文件名里的日期改对再导入"));
            dates.promulgated = Some(date);
        }
        Some(_) => {}
    }
}

/// The date in a file's name, 2019-04-03 or 20190403, and whether it stands alone at the end: 甲办法(2019-04-03).docx,
/// 甲办法_20190403.docx.
fn date_in_name(name: &str) -> Option<(String, bool)> {
    let all: Vec<char> = name.chars().collect();
    let parse = |digits: &[char]| {
        let text: String = match digits {
            [year @ .., a, b, c, d] if digits.len() == 8 => {
                year.iter().chain(['-', *a, *b, '-', *c, *d].iter()).collect()
            }
            _ => digits.iter().collect(),
        };
        crate::calendar::Date::parse(&text).map(|date| date.to_string())
    };
    let is_digit = |at: Option<&char>| at.is_some_and(char::is_ascii_digit);
    (0..all.len()).find_map(|start| {
        if start > 0 && is_digit(all.get(start - 1)) {
            return None;
        }
        [10, 8].into_iter().find_map(|length| {
            let date = all.get(start..start + length).and_then(parse)?;
            let rest = all.get(start + length..).unwrap_or_default();
            let before = start.checked_sub(1).and_then(|at| all.get(at));
            let alone =
                matches!(before, Some('(' | '（' | '_')) && matches!(rest, ['.', ..] | [')' | '）', '.', ..]);
            (!is_digit(rest.first())).then_some((date, alone))
        })
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

/// An id from the first letters of a title's syllables: 示例市信息办法 → slsxxbf.
fn initials(title: &str) -> String {
    let short = title.replace("中华人民共和国", "");
    let mut out: String = short
        .chars()
        .filter_map(|c| match c.to_pinyin() {
            Some(p) => p.first_letter().chars().next(),
            None => c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase()),
        })
        .filter(char::is_ascii_alphanumeric)
        .take(24)
        .collect();
    if out.is_empty() {
        out.push_str("law");
    }
    out
}

/// The notes of a law that was imported: what the text says of itself, the rest to be checked.
fn notes(id: &str, statute: &Statute, header: &OfficialText) -> String {
    let title = &header.title;
    let info = statute.info.join(" ");
    let (kind, issuer) = kind(title, &info);
    let short = title.replace("中华人民共和国", "");
    let mut out = String::from("+++\n");
    let quoted = |text: &str| serde_json::to_string(text).unwrap_or_default();
    let _ = writeln!(
        out,
        "id = {}\ntitle = {}\nshort = {}",
        quoted(id),
        quoted(title),
        quoted(if short.is_empty() { title } else { &short })
    );
    let _ = writeln!(out, "kind = {}\nissuer = {}", quoted(kind), quoted(issuer.unwrap_or("待核")));
    if let Some(number) = &header.number {
        let _ = writeln!(out, "number = {}", quoted(number));
    }
    let _ = writeln!(out, "state = \"待核\"\nconfidence = \"V\"");
    let _ =
        writeln!(out, "unverified = [\"种类、制定机关、效力由程序从原文推得，或者还没有填，请核对后改正\"]");
    let checked = header.source_date.as_deref().or(header.promulgated.as_deref()).unwrap_or("1949-10-01");
    let _ = writeln!(
        out,
        "checked = {}\nsource = {}",
        quoted(checked),
        quoted(&format!("导入的文件：{}", header.source_name))
    );
    let _ = writeln!(out, "\n[[versions]]\nlabel = {}", quoted(&label(header)));
    for (key, value) in [("number", &header.number), ("promulgated", &header.promulgated)] {
        if let Some(value) = value {
            let _ = writeln!(out, "{key} = {}", quoted(value));
        }
    }
    if header.effective != UNKNOWN_DATE {
        let _ = writeln!(out, "effective = {}", quoted(&header.effective));
    }
    out.push_str("+++\n");
    out
}

fn label(header: &OfficialText) -> String {
    match header.promulgated.as_deref().and_then(|d| d.get(..4)) {
        Some(year) => format!("{year}年版本"),
        None => "导入的版本".to_owned(),
    }
}

/// What kind of law it is, as far as its title and its dates tell.
fn kind(title: &str, info: &str) -> (&'static str, Option<&'static str>) {
    if title.starts_with("最高人民法院") || title.starts_with("最高人民检察院") {
        return ("司法解释", title.starts_with("最高人民法院").then_some("最高人民法院"));
    }
    if info.contains("全国人民代表大会常务委员会") && title.ends_with('法') {
        return ("法律", Some("全国人民代表大会常务委员会"));
    }
    if info.contains("国务院令") && title.ends_with("条例") {
        return ("行政法规", Some("国务院"));
    }
    let local = ["省", "市", "自治区", "自治州", "县"].iter().any(|w| title.contains(w));
    if local && title.ends_with("条例") {
        return ("地方性法规", None);
    }
    if title.ends_with("办法")
        || title.ends_with("规定")
        || title.ends_with("细则")
        || title.ends_with("规则")
    {
        return ("规章", None);
    }
    ("规范性文件", None)
}

#[cfg(test)]
mod tests {
    use super::{Dates, date_in_name, initials, named};

    #[test]
    fn an_id_comes_from_the_title() {
        assert_eq!(initials("示例市信息办法"), "slsxxbf");
        assert_eq!(initials("（）"), "law");
    }

    #[test]
    fn a_date_in_a_files_name_is_found() {
        let day = |alone| Some(("2019-04-03".to_owned(), alone));
        assert_eq!(date_in_name("示例办法(2019-04-03).docx"), day(true));
        assert_eq!(date_in_name("示例办法（2019-04-03）.docx"), day(true));
        assert_eq!(date_in_name("示例办法_20190403.docx"), day(true));
        assert_eq!(date_in_name("2019-04-03下载的示例办法.docx"), day(false));
        for name in ["示例办法.docx", "示例办法_20191303.docx", "示例办法_1201904031.docx", ""] {
            assert_eq!(date_in_name(name), None, "{name}");
        }
    }

    #[test]
    fn a_later_day_in_the_name_is_an_amendment_of_which_the_text_does_not_say_since_when_it_holds() {
        let text = |made: Option<&str>, holds: Option<&str>| Dates {
            promulgated: made.map(str::to_owned),
            effective: holds.map(str::to_owned),
            number: None,
        };
        let after = |name, mut dates| {
            named(name, &mut dates);
            (dates.promulgated.unwrap_or_default(), dates.effective.unwrap_or_default())
        };
        let day = |made: &str, holds: &str| (made.to_owned(), holds.to_owned());
        let first = || text(Some("2003-04-27"), Some("2004-01-01"));
        assert_eq!(after("示例办法(2010-12-20).md", first()), day("2010-12-20", ""));
        // The day it took effect, an earlier one, and one that says something else.
        assert_eq!(after("示例办法(2004-01-01).md", first()), day("2003-04-27", "2004-01-01"));
        assert_eq!(after("示例办法(2001-01-01).md", first()), day("2003-04-27", "2004-01-01"));
        assert_eq!(after("2020-05-06下载 示例办法.md", first()), day("2003-04-27", "2004-01-01"));
        assert_eq!(
            after("示例办法(2010-12-20).md", text(Some("2003-04-27"), Some("2011-01-01"))),
            day("2010-12-20", "2011-01-01")
        );
        assert_eq!(after("示例办法(2010-12-20).md", text(None, None)), day("2010-12-20", ""));
        // The decree of the first version is not that of the amendment.
        for (name, number) in [("示例办法(2010-12-20).md", None), ("示例办法.md", Some("示例市令第3号"))]
        {
            let mut dates = Dates { number: Some("示例市令第3号".to_owned()), ..first() };
            named(name, &mut dates);
            assert_eq!(dates.number.as_deref(), number, "{name}");
        }
    }
}
