//! The appendix: the words of the field, what to find by which keyword, what changed and when it was checked.

use super::Site;
use super::markup::{attribute, html, inline};
use super::page::{Page, badge};
use crate::corpus::{Change, Confidence, GlossaryTerm, Review, generated};
use crate::links::{Citing, Kind, Upkeep, upkeep};
use crate::search::filed;
use std::collections::BTreeMap;

/// Anchor of what is filed under a letter.
fn letter_anchor(letter: char) -> String {
    match letter {
        '~' => "keywords-other".to_owned(),
        _ => format!("keywords-{}", letter.to_ascii_lowercase()),
    }
}

fn letter_title(letter: char) -> String {
    match letter {
        '~' => "数字".to_owned(),
        letter => letter.to_string(),
    }
}

impl Site<'_> {
    pub(super) fn glossary_page(&self) -> Option<Page> {
        let terms = &self.corpus.rules.glossary;
        if terms.is_empty() {
            return None;
        }
        let mut page = Page::made(&generated::GLOSSARY);
        page.block(
            "手册里常用的词。<span class=\"gk-screen\">正文里第一次出现时带虚线，鼠标停在上面、或者用键盘走到那里，就能看到意思。</span>",
        );
        let mut groups: Vec<&str> = vec![];
        for term in terms {
            if !groups.contains(&term.group.as_str()) {
                groups.push(&term.group);
            }
        }
        for (index, group) in (1..).zip(&groups) {
            page.heading(2, group, &format!("glossary-{index}"));
            let items: String =
                terms.iter().filter(|t| t.group == *group).map(|t| self.term_item(&page, t)).collect();
            page.block(format!("<dl class=\"gk-terms\">\n{items}</dl>"));
        }
        Some(page)
    }

    fn term_item(&self, page: &Page, term: &GlossaryTerm) -> String {
        let also = if term.also.is_empty() {
            String::new()
        } else {
            format!("<small>（也叫{}）</small>", html(&term.also.join("、")))
        };
        let open = match term.confidence {
            Confidence::V | Confidence::S2 => String::new(),
            Confidence::S1 | Confidence::G => format!(" {}", badge("unverified", term.confidence.label())),
        };
        let cites = self.cited(page, &term.cites);
        let cites = if cites.is_empty() { String::new() } else { format!("<br><small>{cites}</small>") };
        format!(
            "<div id=\"{}\"><dt>{}{also}</dt><dd>{}{open}{cites}</dd></div>\n",
            term.anchor(),
            html(&term.word),
            self.linked(page, &term.meaning, None),
        )
    }

    /// Every keyword with the pages that name it, in the order of their pinyin, by first letter.
    pub(super) fn keywords_page(&self) -> Option<Page> {
        let mut all: BTreeMap<&str, Vec<Citing>> = BTreeMap::new();
        let corpus = self.corpus;
        macro_rules! add {
            ($kind:expr, $entries:expr) => {
                for entry in $entries {
                    for word in &entry.header.keywords {
                        let citing = Citing { kind: $kind, id: entry.header.id.clone() };
                        all.entry(word.as_str()).or_default().push(citing);
                    }
                }
            };
        }
        add!(Kind::Case, corpus.cases.values());
        add!(Kind::Question, corpus.questions.values());
        add!(Kind::Policy, corpus.policies.values());
        add!(Kind::Guide, corpus.guides.values());
        add!(Kind::Drill, corpus.drills.values());
        add!(Kind::Law, corpus.laws.values());
        if all.is_empty() {
            return None;
        }
        let mut page = Page::made(&generated::KEYWORDS);
        page.block("按拼音第一个字母排。<span class=\"gk-screen\">要找的词不在这里，用页面上方的搜索，它查全部正文。</span>");
        let mut letters: BTreeMap<char, BTreeMap<(String, &str), Vec<Citing>>> = BTreeMap::new();
        for (word, pages) in all {
            let (letter, spelt) = filed(word);
            letters.entry(letter).or_default().insert((spelt, word), pages);
        }
        let jump: String = letters
            .keys()
            .map(|l| format!("<a href=\"#{}\">{}</a> ", letter_anchor(*l), letter_title(*l)))
            .collect();
        page.block(format!("<p class=\"gk-form-jump\">{jump}</p>"));
        for (letter, words) in letters {
            page.heading(2, &letter_title(letter), &letter_anchor(letter));
            let items: String =
                words.iter().map(|((_, word), pages)| self.keyword_item(&page, word, pages)).collect();
            page.block(format!("<ul class=\"gk-keywords\">\n{items}</ul>"));
        }
        Some(page)
    }

    fn keyword_item(&self, page: &Page, word: &str, pages: &[Citing]) -> String {
        let links = pages.iter().filter_map(|citing| {
            let (path, title) = self.target(citing)?;
            Some(format!("<a href=\"{}\">{}</a>", attribute(&page.href(&path)), html(&title)))
        });
        let links: Vec<String> = links.collect();
        format!("<li><strong>{}</strong>　{}</li>\n", html(word), links.join("；"))
    }

    /// What changed on which page, and when each was last checked and by whom it was approved.
    pub(super) fn changes_page(&self) -> Page {
        let mut page = Page::made(&generated::CHANGES);
        let all = upkeep(self.corpus);
        let mut changes: Vec<(&Upkeep<'_>, &Change)> =
            all.iter().flat_map(|u| u.changes.iter().map(move |c| (u, c))).collect();
        changes.sort_by(|a, b| b.1.date.cmp(&a.1.date));
        page.heading(2, "改过什么", "changes-list");
        if changes.is_empty() {
            page.block("还没有记下改动。改一页的内容时，在它的文件头里加一段 `[[changes]]`，写日期、改了什么、为什么。");
        } else {
            let rows: String = changes.iter().filter_map(|(u, c)| self.change_row(&page, u, c)).collect();
            page.block(format!(
                "<table>\n<thead><tr><th>日期</th><th>页面</th><th>改了什么</th><th>为什么</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>"
            ));
        }
        page.heading(2, "核对和审核", "changes-checked");
        let open = all.iter().filter(|u| u.unreviewed()).count();
        let hint = "列出来：gongkai check --unreviewed；核对日期太久的：gongkai check --stale 180。";
        page.block(inline(&format!(
            "共 {} 页，其中 {open} 页还没有本机关的审核记录。{}",
            all.len(),
            if self.edition.is_whole() { hint } else { "" }
        )));
        let mut kinds: Vec<Kind> = all.iter().map(|u| u.citing.kind).collect();
        kinds.dedup();
        for kind in kinds {
            let pages: Vec<&Upkeep<'_>> = all.iter().filter(|u| u.citing.kind == kind).collect();
            let rows: String = pages.iter().filter_map(|u| self.checked_row(&page, u)).collect();
            page.block(format!(
                "<details>\n<summary>{}（{}）</summary>\n<table>\n<thead><tr><th>页面</th><th>核对日期</th><th>审核</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n</details>",
                kind.label(),
                pages.len()
            ));
        }
        page
    }

    fn change_row(&self, page: &Page, upkeep: &Upkeep<'_>, change: &Change) -> Option<String> {
        let (path, title) = self.target(&upkeep.citing)?;
        Some(format!(
            "<tr><td>{}</td><td><a href=\"{}\">{}</a></td><td>{}</td><td>{}</td></tr>\n",
            html(&change.date),
            attribute(&page.href(&path)),
            html(&title),
            html(&change.what),
            html(&change.why)
        ))
    }

    fn checked_row(&self, page: &Page, upkeep: &Upkeep<'_>) -> Option<String> {
        let (path, title) = self.target(&upkeep.citing)?;
        let reviewed = match (&upkeep.review.reviewed_by, &upkeep.review.reviewed_on) {
            (Some(_), Some(on)) if !self.edition.is_whole() => on.clone(),
            (Some(_), None) if !self.edition.is_whole() => "没有写日期".to_owned(),
            (Some(by), Some(on)) => format!("{by}，{on}"),
            (Some(by), None) => format!("{by}（没有写日期）"),
            _ => "还没有".to_owned(),
        };
        Some(format!(
            "<tr><td><a href=\"{}\">{}</a></td><td>{}</td><td>{}</td></tr>\n",
            attribute(&page.href(&path)),
            html(&title),
            html(upkeep.checked),
            html(&reviewed)
        ))
    }

    /// The foot of a page: when it was checked, who wrote and who approved it, what changed.
    pub(super) fn upkeep(&self, page: &mut Page, (checked, review, changes): (&str, &Review, &[Change])) {
        let mut parts = vec![format!("核对日期：{checked}")];
        // Names of people stay in the agency.
        let persons = [("编写", &review.written_by), ("审核", &review.reviewed_by)];
        let persons = if self.edition.is_whole() { &persons[..] } else { &[] };
        for (label, value) in [("依据版本", &review.basis)].iter().chain(persons) {
            parts.extend(value.as_ref().map(|value| format!("{label}：{value}")));
        }
        parts.extend(review.reviewed_on.as_ref().map(|on| format!("审核日期：{on}")));
        page.block(format!("<p class=\"gk-path\">{}</p>", html(&parts.join("　"))));
        if !changes.is_empty() {
            let items: String = changes
                .iter()
                .map(|c| format!("<li>{}　{}（{}）</li>\n", html(&c.date), html(&c.what), html(&c.why)))
                .collect();
            page.block(format!("<details class=\"gk-changes\">\n<summary>更新说明（{}）</summary>\n<ul>\n{items}</ul>\n</details>", changes.len()));
        }
    }
}
