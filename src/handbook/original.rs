//! Imported official text on the pages of a law: beside our notes, and two versions side by side.

use super::Site;
use super::markup::html;
use super::page::Page;
use crate::citation::{Context, Law as Named, Position, Provision};
use crate::corpus::{
    Edition, Entry, Law, OfficialText, comparison_id, comparison_title, earlier, old_text_id,
};
use crate::links::{concordance, successors};
use crate::statute::{Article, Change, Kind, Pair, Piece, compare, pieces};
use std::collections::BTreeSet;

impl Site<'_> {
    /// The text of one article as HTML. The anchors of its 款 and 项 that stand in `wanted` are set, and taken out of it.
    pub(super) fn original(
        &self,
        page: &Page,
        law: &str,
        article: &Article,
        wanted: &mut BTreeSet<Provision>,
    ) -> String {
        self.original_at(page, (law, law), article, wanted)
    }

    /// The same with anchors that begin with something else than the id of the law.
    fn original_at(
        &self,
        page: &Page,
        (law, prefix): (&str, &str),
        article: &Article,
        wanted: &mut BTreeSet<Provision>,
    ) -> String {
        let whole = Provision { sub: article.sub, ..Provision::article(article.number) };
        let many = article.paragraphs.len() > 1;
        let mut out = String::new();
        for (number, paragraph) in (1..).zip(&article.paragraphs) {
            let place = Provision { paragraph: many.then_some(number), ..whole };
            let at = Some(Position { article: article.number, sub: article.sub, paragraph: Some(number) });
            let context = Context { own: Some(Named::Known(law.to_owned())), at, loose: false };
            let mut start = 0;
            for line in paragraph.text.split('\n') {
                let item = paragraph.items.iter().find(|i| i.marker.start == start);
                let sub = paragraph.items.iter().any(|i| i.subitems.iter().any(|s| s.marker.start == start));
                let (place, class) = match item {
                    Some(item) => {
                        (Some(Provision { item: Some(item.number), ..place }), " class=\"gk-original-item\"")
                    }
                    None if start == 0 => (Some(place), ""),
                    None if sub => (None, " class=\"gk-original-subitem\""),
                    None => (None, " class=\"gk-original-item\""),
                };
                let id = place
                    .filter(|p| wanted.remove(p))
                    .map(|p| format!(" id=\"{}\"", p.anchor(prefix)))
                    .unwrap_or_default();
                out.push_str(&format!("<p{class}{id}>{}</p>\n", self.linked_in(page, line, &context)));
                start += line.len() + 1;
            }
        }
        out
    }

    /// Where the text of a version came from.
    pub(super) fn source(text: &OfficialText) -> String {
        let dated = text.source_date.as_deref().map(|d| format!("，文件日期 {d}")).unwrap_or_default();
        format!("{}{dated}，SHA-256 {}…", text.source_name, text.source_sha256.get(..12).unwrap_or_default())
    }

    /// What of a text belongs to no article: preamble, annexes, notes; and all of a text without articles.
    pub(super) fn outside_articles(&self, page: &mut Page, law: &Law, text: &OfficialText) {
        let lines =
            |text: &str| -> String { text.lines().map(|l| format!("<p>{}</p>\n", html(l))).collect() };
        let statute = &text.statute;
        if statute.kind != Kind::Articles {
            page.heading(2, "原文", &format!("{}-text", law.id));
            for (index, article) in (1..).zip(&statute.articles) {
                page.heading(3, &article.label, &format!("{}-part-{index}", law.id));
                let text = self.original(page, &law.id, article, &mut BTreeSet::new());
                page.block(format!("<div class=\"gk-original\">\n{text}</div>"));
            }
        }
        for (index, annex) in (1..).zip(&statute.annexes) {
            page.heading(2, &annex.title, &format!("{}-annex-{index}", law.id));
            page.block(format!("<div class=\"gk-original\">\n{}</div>", lines(&annex.text)));
        }
        if !statute.notes.is_empty() {
            page.block(format!("<details><summary>原文所附的注释（{}）</summary>\n<div class=\"gk-original\">\n{}</div>\n</details>", statute.notes.len(), lines(&statute.notes.join("\n"))));
        }
    }

    /// A page for each imported text that is not the one in force, so that cases decided under it can be read with it.
    pub(super) fn old_texts(&self, entry: &Entry<Law>) -> Vec<Page> {
        let law = &entry.header;
        let editions = self.corpus.editions(&law.id);
        let old = editions.iter().filter(|e| !e.current && e.text.is_some());
        (1..).zip(old).filter_map(|(n, edition)| self.old_text(law, n, edition)).collect()
    }

    fn old_text(&self, law: &Law, n: usize, edition: &Edition<'_>) -> Option<Page> {
        let text = edition.text?;
        let id = old_text_id(&law.id, n);
        let label = edition.label();
        let title = format!("{}（{label}）", law.title);
        let mut page = Page::new(format!("laws/{id}.md"), &title, &id);
        page.title = format!("{}（{label}）", law.short);
        page.block(format!(
            "<aside class=\"gk-notice\"><p>这一页是<strong>{}</strong>的原文，施行日期 {}，不是手册所列的现行版本；办理现在的申请，看<a href=\"{}\">《{}》</a>。原文来自导入的文件：{}。</p></aside>",
            html(&label),
            html(edition.since().unwrap_or("未知")),
            html(&page.href(&format!("laws/{}.md", law.id))),
            html(&law.short),
            html(&Self::source(text))
        ));
        let mut headings = text.statute.headings.iter().peekable();
        let mut chapters = 0;
        for (index, article) in text.statute.articles.iter().enumerate() {
            while let Some(heading) = headings.next_if(|h| h.before <= index) {
                chapters += 1;
                page.heading(2, &heading.text, &format!("{id}-ch-{chapters}"));
            }
            let place = Provision { sub: article.sub, ..Provision::article(article.number) };
            page.heading(3, &article.label, &place.anchor(&id));
            let mut wanted = of_article(article);
            let html = self.original_at(&page, (&law.id, &id), article, &mut wanted);
            page.block(format!("<div class=\"gk-original\">\n{html}</div>"));
        }
        Some(page)
    }

    /// A page for each two versions of a law that follow each other and whose texts were imported.
    pub(super) fn comparisons(&self, entry: &Entry<Law>) -> Vec<Page> {
        let editions = self.corpus.editions(&entry.header.id);
        let imported: Vec<&Edition<'_>> = editions.iter().filter(|e| e.text.is_some()).collect();
        (1..).zip(imported.windows(2)).filter_map(|(n, two)| self.comparison(entry, n, two)).collect()
    }

    /// Path of the page that compares the imported version number `n` (from 1) with the next.
    pub(super) fn comparison_path(law: &str, n: usize) -> String {
        format!("laws/{}.md", comparison_id(law, n))
    }

    fn comparison(&self, entry: &Entry<Law>, n: usize, two: &[&Edition<'_>]) -> Option<Page> {
        let [old, new] = two else { return None };
        let (before, after) = (old.text?, new.text?);
        let law = &entry.header;
        let title = comparison_title(&law.short, old, new);
        let mut page = Page::new(Self::comparison_path(&law.id, n), &title, &comparison_id(&law.id, n));
        page.title = format!("{}对照", law.short);
        page.facts(&[
            ("旧版本", html(&format!("{}，施行 {}", old.label(), old.since().unwrap_or("未知")))),
            ("旧版本原文", html(&Self::source(before))),
            ("新版本", html(&format!("{}，施行 {}", new.label(), new.since().unwrap_or("未知")))),
            ("新版本原文", html(&Self::source(after))),
        ]);
        let rows = compare(&before.statute, &after.statute);
        let count = |c: Change| rows.iter().filter(|r| r.change == c).count();
        page.block(format!(
            "新增 {} 条，删去 {} 条，修改 {} 条，只改条号 {} 条，未改 {} 条。哪一条对应哪一条由程序按文字的相似程度判断，引用前请核对。",
            count(Change::Added),
            count(Change::Removed),
            count(Change::Changed),
            count(Change::Renumbered),
            count(Change::Same)
        ));
        let mut body = String::new();
        for (k, row) in (1..).zip(&rows) {
            body.push_str(&compared((law, n, k), row));
        }
        page.block(format!(
            "<table class=\"gk-compare\">\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>\n<tbody>\n{body}</tbody>\n</table>",
            html(&old.label()),
            html(&new.label())
        ));
        Some(page)
    }

    /// Under a case: where the articles of the law as it was then stand today.
    pub(super) fn then_and_now(&self, words: &str) -> Option<String> {
        let found = crate::citation::find(words, &self.corpus.names, &Context::default());
        let mut all = vec![];
        for found in &found {
            let Some(Named::Earlier { id: Some(id), year, .. }) = &found.law else { continue };
            let editions = self.corpus.editions(id);
            let edition = earlier(&editions, *year)?;
            let table = concordance(self.corpus, id, &edition.label())?;
            for place in found.provisions() {
                if let Some(words) = successors(table, place) {
                    all.push(format!("{place} → {words}"));
                }
            }
        }
        (!all.is_empty()).then(|| all.join("；"))
    }
}

/// The 款 and 项 of an article that get anchors: those that [`Site::original`] shows as lines of their own.
fn of_article(article: &Article) -> BTreeSet<Provision> {
    let whole = Provision { sub: article.sub, ..Provision::article(article.number) };
    let many = article.paragraphs.len() > 1;
    let mut all = BTreeSet::new();
    for (number, paragraph) in (1..).zip(&article.paragraphs) {
        let place = Provision { paragraph: many.then_some(number), ..whole };
        if many {
            all.insert(place);
        }
        all.extend(paragraph.items.iter().map(|i| Provision { item: Some(i.number), ..place }));
    }
    all
}

/// Text as HTML with its line breaks kept.
fn html_lines(text: &str) -> String {
    text.split('\n').map(html).collect::<Vec<_>>().join("\n")
}

/// One row of a comparison.
fn compared((law, n, k): (&Law, usize, usize), row: &Pair<'_>) -> String {
    let label = |a: &Article| {
        let place = Provision { sub: a.sub, ..Provision::article(a.number) };
        format!("<strong>{}</strong>", html(&place.to_string()))
    };
    let side = |article: Option<&Article>, marked: &dyn Fn(&Article) -> String| match article {
        Some(a) => format!("{}　{}", label(a), marked(a).replace('\n', "<br>")),
        None => "—".to_owned(),
    };
    let plain = |a: &Article| html_lines(&a.text());
    let all = match (row.change, row.old, row.new) {
        (Change::Changed, Some(old), Some(new)) => Some(pieces(&old.text(), &new.text())),
        _ => None,
    };
    let marked = |old: bool| {
        all.as_ref().map(|all| -> String {
            all.iter()
                .map(|p| match p {
                    Piece::Kept(t) => html_lines(t),
                    Piece::Removed(t) if old => format!("<del>{}</del>", html_lines(t)),
                    Piece::Added(t) if !old => format!("<ins>{}</ins>", html_lines(t)),
                    _ => String::new(),
                })
                .collect()
        })
    };
    let left = side(row.old, &|a| marked(true).unwrap_or_else(|| plain(a)));
    let right = side(row.new, &|a| marked(false).unwrap_or_else(|| plain(a)));
    let kind = match row.change {
        Change::Same => "same",
        Change::Renumbered => "renumbered",
        Change::Changed => "changed",
        Change::Added => "added",
        Change::Removed => "removed",
    };
    format!(
        "<tr class=\"gk-compare-row gk-compare-row--{kind}\" id=\"{}-diff-{n}-{k}\"><td>{left}</td><td><span class=\"gk-compare-kind\">{}</span> {right}</td></tr>\n",
        law.id,
        row.change.label()
    )
}
