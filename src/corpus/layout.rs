//! Where files lie: what SUMMARY.md lists, files that nobody would read, ids that would take each other's pages.

use super::Corpus;
use crate::text::{Diagnostic, Place, Report, Sources, nearest};
use std::collections::BTreeMap;
use std::ops::Range;

const SUMMARY: &str = "book/SUMMARY.md";
/// Pages that the generated parts make; ids must not take their file names or anchors.
const RESERVED: [&str; 16] = [
    "decide",
    "index",
    "by-outcome",
    "laws",
    "cases",
    "questions",
    "policies",
    "letters",
    "terms",
    "articles",
    "outcomes",
    "glossary",
    "keywords",
    "changes",
    "quiz",
    "drills",
];
/// Folders whose files are read, with the ending of their names.
const FOLDERS: [(&str, &str); 11] = [
    ("book/laws/", ".md"),
    ("book/questions/", ".md"),
    ("book/policies/", ".md"),
    ("book/guide/", ".md"),
    ("book/quiz/", ".md"),
    ("book/drills/", ".md"),
    ("book/rules/", ".toml"),
    ("cases/", ".md"),
    ("templates/clauses/", ".hbs"),
    ("templates/letters/", ".hbs"),
    ("templates/partials/", ".hbs"),
];
const RULES: [&str; 13] = [
    super::OFFICIAL_SETTINGS,
    "book/rules/case-types.toml",
    "book/rules/concordance.toml",
    "book/rules/fee.toml",
    "book/rules/glossary.toml",
    "book/rules/law-names.toml",
    "book/rules/materials.toml",
    "book/rules/outcomes.toml",
    "book/rules/policies.toml",
    "book/rules/remedy.toml",
    "book/rules/steps.toml",
    "book/rules/synonyms.toml",
    "book/rules/terms.toml",
];
/// Names that templates have without a file.
const PARTIALS: [&str; 3] = ["clause", "remedy", "shell"];

/// Reports files that would be left out silently.
pub(super) fn check_files(sources: &Sources, report: &mut Report) {
    for (path, _) in sources.iter() {
        if path != "book.toml" && !is_content(path) && !path.starts_with(super::TEXTS) {
            let message = "这个文件放的地方或文件名不对，手册不会读它";
            let hint = match FOLDERS.iter().find(|(folder, _)| path.starts_with(folder)) {
                Some(("book/rules/", _)) => format!("规则表只有 {}", RULES.join("、")),
                Some((folder, ending)) => format!("直接放在 {folder} 里，文件名以小写的 {ending} 结尾"),
                None => "手写的页面放在 book/ 或 book/guide/ 里".to_owned(),
            };
            report.push(Diagnostic::error("misplaced-file", Place::new(path, 0..0), message).hint(hint));
        }
        let partial = path.strip_prefix("templates/partials/").and_then(|n| n.strip_suffix(".hbs"));
        if partial.is_some_and(|name| PARTIALS.contains(&name)) {
            let message = "片段不能叫 clause、remedy 或 shell，这几个名称另有所指";
            report.push(
                Diagnostic::error("reserved-name", Place::new(path, 0..0), message).hint("换一个文件名"),
            );
        }
    }
}

/// Whether a handbook reads its content from a file of this path. `book.toml`, which holds the agency's own settings, is
/// none; of the imported texts those in the folder of a law are.
#[must_use]
pub fn is_content(path: &str) -> bool {
    if let Some(text) = path.strip_prefix(super::TEXTS) {
        return text.ends_with(".md") && text.split('/').filter(|part| !part.is_empty()).count() == 2;
    }
    if is_calendar(path) {
        return true;
    }
    match FOLDERS.iter().find(|(folder, _)| path.starts_with(folder)) {
        Some((folder, ending)) => {
            let name = path.get(folder.len()..).unwrap_or_default();
            name.ends_with(ending)
                && !name.contains('/')
                && (*folder != "book/rules/" || RULES.contains(&path))
        }
        None => path.strip_prefix("book/").is_some_and(|n| !n.contains('/') && n.ends_with(".md")),
    }
}

/// Endings of what the look of a handbook is made of.
const LOOK: [&str; 11] =
    [".css", ".js", ".hbs", ".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".woff2"];
/// Endings of pictures.
const PICTURES: [&str; 6] = [".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp"];

/// Whether a file of this path is part of the look: in `book/theme/`, or a picture that a page may show.
#[must_use]
pub fn is_look(path: &str) -> bool {
    let hidden = path.split('/').any(|name| name.starts_with('.'));
    let ends = |endings: &[&str]| endings.iter().any(|ending| path.ends_with(ending));
    let look = path.starts_with("book/theme/") && ends(&LOOK);
    let picture = path.starts_with("book/")
        && !path.starts_with(super::TEXTS)
        && !path.starts_with("book/rules/")
        && ends(&PICTURES);
    !hidden && (look || picture)
}

/// `2026.toml` and `provisional.toml` in the folder of the holiday notices.
fn is_calendar(path: &str) -> bool {
    let name = path.strip_prefix(super::CALENDAR).and_then(|n| n.strip_suffix(".toml"));
    name.is_some_and(|n| n == "provisional" || (n.len() == 4 && n.bytes().all(|b| b.is_ascii_digit())))
}

impl Corpus {
    /// Reports ids whose page or anchor is taken.
    pub(super) fn check_ids(&self, report: &mut Report) {
        let laws = self.laws.iter().map(|(id, e)| (id.clone(), id, &e.path, &e.header_tree));
        let cases = self.cases.iter().map(|(id, e)| (format!("case-{id}"), id, &e.path, &e.header_tree));
        let questions = self.questions.iter().map(|(id, e)| (id.clone(), id, &e.path, &e.header_tree));
        let policies =
            self.policies.iter().map(|(id, e)| (format!("policy-{id}"), id, &e.path, &e.header_tree));
        let letters =
            self.clauses.iter().map(|(id, e)| (format!("letter-{id}"), id, &e.path, &e.header_tree));
        let quizzes = self.quizzes.iter().map(|(id, e)| (format!("quiz-{id}"), id, &e.path, &e.header_tree));
        let drills = self.drills.iter().map(|(id, e)| (format!("drill-{id}"), id, &e.path, &e.header_tree));
        let guides =
            self.guides.values().map(|e| (e.header.id.clone(), &e.header.id, &e.path, &e.header_tree));
        let mut taken: BTreeMap<String, String> = BTreeMap::new();
        for (anchor, id, path, tree) in laws
            .chain(cases)
            .chain(questions)
            .chain(policies)
            .chain(letters)
            .chain(quizzes)
            .chain(drills)
            .chain(guides)
        {
            let place = Place::new(path, tree.place_of("id", None));
            let article = self
                .laws
                .keys()
                .any(|law| anchor.strip_prefix(law).is_some_and(|rest| rest.starts_with("-art-")));
            if RESERVED.contains(&id.as_str()) || article {
                let message = format!("编号「{id}」是手册自己要用的");
                report.push(Diagnostic::error("reserved-name", place, message).hint("换一个编号"));
            } else if let Some(other) = taken.insert(anchor, path.clone()) {
                let message = format!("编号「{id}」已经被 {other} 用了");
                report.push(
                    Diagnostic::error("duplicate-id", place, message).hint("每个编号在整本手册里只能用一次"),
                );
            }
        }
    }

    /// Checks SUMMARY.md against the hand-written pages: each listed once, each there.
    pub(super) fn check_summary(&self, sources: &Sources, report: &mut Report) {
        let Some(text) = sources.get(SUMMARY) else {
            let message = "没有 book/SUMMARY.md（目录）";
            let hint = "建这个文件，至少写一行 [首页](index.md)";
            report.push(Diagnostic::placeless("summary", message).hint(hint));
            return;
        };
        let mut listed: BTreeMap<String, Range<usize>> = BTreeMap::new();
        for (range, target) in targets(text) {
            let place = || Place::new(SUMMARY, range.clone());
            let path = target.trim_start_matches("./").to_owned();
            if listed.insert(path.clone(), range.clone()).is_some() {
                report.push(
                    Diagnostic::error("summary", place(), format!("目录里写了两次 {path}"))
                        .hint("删去其中一行"),
                );
            } else if !self.guides.contains_key(&path) && !sources.holds(&format!("book/{path}")) {
                let hint = nearest(&path, self.guides.keys().map(String::as_str)).map_or_else(
                    || {
                        "目录只列 book/ 和 book/guide/ 里手写的页面；法规、案例、问答、文书会自动加上"
                            .to_owned()
                    },
                    |w| format!("您是不是要写 {w}？"),
                );
                report.push(
                    Diagnostic::error("summary", place(), format!("目录里的 {path} 不存在")).hint(hint),
                );
            } else if !self.guides.contains_key(&path) && (path.contains('/') && !path.starts_with("guide/"))
            {
                let hint = "删去这一行：法规、案例、问答、文书会自动加进目录";
                report.push(Diagnostic::error("summary", place(), format!("目录里不用写 {path}")).hint(hint));
            }
        }
        for (path, entry) in &self.guides {
            if !listed.contains_key(path) {
                let place = Place::new(&entry.path, entry.header_tree.place_of("id", None));
                let hint = format!("在 book/SUMMARY.md 里加一行：- [{}]({path})", entry.header.title);
                report.push(
                    Diagnostic::error("summary", place, "这一页没有列进目录，手册里看不到它").hint(hint),
                );
            }
        }
    }
}

/// The link targets of a summary, with their places; drafts (`[…]()`) have none.
fn targets(text: &str) -> Vec<(Range<usize>, String)> {
    let mut all = vec![];
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|t| t.find("](")).map(|i| at + i + 2) {
        let rest = text.get(start..).unwrap_or_default();
        let end = rest.find([')', '\n']).unwrap_or(rest.len());
        let target = rest.get(..end).unwrap_or_default().trim();
        if !target.is_empty() {
            all.push((start..start + end, target.to_owned()));
        }
        at = start + end;
    }
    all
}
