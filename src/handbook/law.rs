//! The page of a law: every 条, 款 and 项 with its anchor, our notes, and who cites it.

use super::Site;
use super::markup::{html, shortened};
use super::page::{Page, confidence_badges, internal_badge, state_badge};
use crate::citation::Provision;
use crate::corpus::{Article, Edition, Entry, Law};
use crate::links::plain;
use crate::statute::{self, Kind};
use std::collections::BTreeSet;

/// What is shown of one article.
#[derive(Clone, Copy)]
struct Shown<'a> {
    article: Provision,
    note: Option<&'a Article>,
    original: Option<&'a statute::Article>,
    /// List lines of those who cite it.
    cited: &'a [String],
}

/// Longest preview of a note, in characters.
const PREVIEW: usize = 160;

impl Site<'_> {
    pub(super) fn law(&self, entry: &Entry<Law>) -> Page {
        let law = &entry.header;
        let mut page = Page::new(format!("laws/{}.md", law.id), &law.title, &law.id);
        page.title.clone_from(&law.short);
        let mut badges = vec![state_badge(law.state)];
        badges.extend(confidence_badges(&page.path, Some(law.confidence), &law.unverified));
        badges.extend(internal_badge(law.internal));
        page.badges(&badges);
        page.facts(&[
            ("种类", html(law.kind.label())),
            ("制定机关", html(&law.issuer)),
            ("文号", html(law.number.as_deref().unwrap_or_default())),
            ("条数", law.articles.map(|n| n.to_string()).unwrap_or_default()),
            ("核对依据", html(law.source.as_deref().unwrap_or_default())),
        ]);
        let text = self.corpus.text(&law.id);
        page.block(match text {
            None => "<aside class=\"gk-notice\"><p>以下是本手册用自己的话写的<strong>要点</strong>，不是法规原文。写文书、打官司时，以官方公布的文本为准。</p></aside>".to_owned(),
            Some(text) => format!(
                "<aside class=\"gk-notice\"><p>每一条先列<strong>原文</strong>，再列本手册用自己的话写的<strong>要点</strong>。原文来自导入的文件：{}。写文书、打官司时，以官方公布的文本为准。</p></aside>",
                html(&Self::source(text))
            ),
        });
        self.unverified(&mut page, &law.unverified, Some(&law.id));
        self.versions(&mut page, law);
        let intro_end =
            entry.body().find("\n## ").or_else(|| entry.body().find("\n### ")).unwrap_or(entry.body().len());
        if !entry.body().starts_with('#') {
            let intro = self.prose(&page, entry, &(entry.body.start..entry.body.start + intro_end), &law.id);
            page.block(intro);
        }
        if let Some(text) = text {
            let lines: String =
                text.statute.preamble.iter().map(|l| format!("<p>{}</p>\n", html(l))).collect();
            if !lines.is_empty() {
                page.block(format!("<div class=\"gk-original\">\n{lines}</div>"));
            }
        }
        self.articles(&mut page, entry);
        if let Some(text) = text {
            self.outside_articles(&mut page, law, text);
        }
        self.upkeep(&mut page, (&law.checked, &law.review, &law.changes));
        page
    }

    fn articles(&self, page: &mut Page, entry: &Entry<Law>) {
        let law = &entry.header;
        let mut chapters = 0;
        let mut bare: Vec<Provision> = vec![];
        let text = self.corpus.text(&law.id).filter(|t| t.statute.kind == Kind::Articles).map(|t| &t.statute);
        // Where our notes name no chapters, the text does.
        let noted = law.notes.iter().any(|n| n.chapter.is_some());
        let mut headings = text.filter(|_| !noted).map(|t| t.headings.iter().peekable());
        for article in self.all_articles(law) {
            let note = law.note(article);
            let index = text.and_then(|t| {
                t.articles.iter().position(|a| a.number == article.article && a.sub == article.sub)
            });
            let original = index.and_then(|i| text?.articles.get(i));
            if let (Some(headings), Some(index)) = (&mut headings, index) {
                while let Some(heading) = headings.next_if(|h| h.before <= index) {
                    self.flush(page, law, &mut bare);
                    chapters += 1;
                    page.heading(2, &heading.text, &format!("{}-ch-{chapters}", law.id));
                }
            }
            let cited = self.citing_list(page, &law.id, article);
            if let Some(chapter) = note.and_then(|n| n.chapter.as_ref()) {
                // What stands before the first chapter heading belongs under it; later on nobody has said.
                if chapters > 0 {
                    self.flush(page, law, &mut bare);
                }
                chapters += 1;
                page.heading(2, chapter, &format!("{}-ch-{chapters}", law.id));
            }
            if note.is_none() && cited.is_empty() && original.is_none() {
                bare.push(article);
                continue;
            }
            self.flush(page, law, &mut bare);
            self.article(page, entry, Shown { article, note, original, cited: &cited });
        }
        self.flush(page, law, &mut bare);
    }

    /// All articles that have a place on the page: those that are known to exist, have notes, or are cited.
    fn all_articles(&self, law: &Law) -> Vec<Provision> {
        let mut all: Vec<Provision> = (1..=law.articles.unwrap_or(0)).map(Provision::article).collect();
        all.extend(law.notes.iter().map(|n| n.provision));
        if let Some(text) = self.corpus.text(&law.id).filter(|t| t.statute.kind == Kind::Articles) {
            all.extend(
                text.statute
                    .articles
                    .iter()
                    .map(|a| Provision { sub: a.sub, ..Provision::article(a.number) }),
            );
        }
        all.extend(self.links.articles().filter(|(id, _)| *id == law.id).map(|(_, article)| article));
        all.sort_unstable();
        all.dedup();
        all
    }

    fn article(&self, page: &mut Page, entry: &Entry<Law>, shown: Shown<'_>) {
        let law = &entry.header;
        let Shown { article, note, original, cited } = shown;
        page.block("<section class=\"gk-article\">");
        let title = match note {
            Some(note) if !note.heading.is_empty() => format!("{article}　{}", note.heading),
            _ => article.to_string(),
        };
        page.heading(3, &title, &article.anchor(&law.id));
        // Every 款 and 项 has one anchor: in the text where there is one, else in our notes.
        let mut wanted: BTreeSet<Provision> = law.parts(article).into_iter().collect();
        if let Some(original) = original {
            let text = self.original(page, &law.id, original, &mut wanted);
            page.block(format!(
                "<div class=\"gk-pair\">\n\n<div class=\"gk-original\"><span class=\"gk-pair-label\">原文</span>\n{text}</div>"
            ));
            page.block("<div class=\"gk-notes\">");
            if note.is_some() {
                page.block("<span class=\"gk-pair-label\">要点（不是原文）</span>");
            }
        }
        match note {
            Some(note) => {
                let text = self.prose(page, entry, &note.content, &article.anchor(&law.id));
                page.block(text);
            }
            None if original.is_some() => page.block("<p class=\"gk-bare\">本手册没有写这一条的要点。</p>"),
            None => page.block("本手册没有写这一条的要点，请查官方文本。"),
        }
        self.noted_parts(page, entry, &shown, &mut wanted);
        if original.is_some() {
            page.block("</div>");
            page.block("</div>");
        }
        if !cited.is_empty() {
            page.block(format!(
                "<details class=\"gk-citedby\"><summary>引用本条的内容（{}）</summary>\n<ul>\n{}</ul>\n</details>",
                cited.len(),
                cited.concat()
            ));
        }
        page.block("</section>");
    }

    /// Our notes on 款 and 项, and the anchors that have no text.
    fn noted_parts(
        &self,
        page: &mut Page,
        entry: &Entry<Law>,
        shown: &Shown<'_>,
        wanted: &mut BTreeSet<Provision>,
    ) {
        let law = &entry.header;
        let article = shown.article;
        let mut silent = String::new();
        for part in law.parts(article) {
            let anchor = part.anchor(&law.id);
            let id = if wanted.remove(&part) { format!(" id=\"{anchor}\"") } else { String::new() };
            match shown.note.and_then(|n| n.parts.iter().find(|p| p.provision == part)) {
                Some(found) => {
                    let kind = if part.item.is_some() { "item" } else { "paragraph" };
                    let label = part.to_string();
                    let label = label.strip_prefix(&article.to_string()).unwrap_or(&label).to_owned();
                    let text = self.prose(page, entry, &found.content, &anchor);
                    page.block(format!(
                        "{silent}<span class=\"gk-provision gk-provision--{kind}\"{id}><span class=\"gk-provision-label\">{label}</span> {}</span>",
                        text.trim()
                    ));
                    silent.clear();
                }
                None if !id.is_empty() => silent.push_str(&format!("<span{id}></span>")),
                None => {}
            }
        }
        if !silent.is_empty() {
            page.block(format!("<div>{silent}</div>"));
        }
    }

    /// Articles without notes that nothing cites: only their anchors, in one line; runs are shown as ranges.
    fn flush(&self, page: &mut Page, law: &Law, bare: &mut Vec<Provision>) {
        let mut runs: Vec<Vec<Provision>> = vec![];
        for article in bare.drain(..) {
            match runs.last_mut() {
                Some(run) if run.last().is_some_and(|l| l.article + 1 == article.article) => {
                    run.push(article);
                }
                _ => runs.push(vec![article]),
            }
        }
        let items: Vec<String> = runs.iter().map(|run| bare_run(law, run)).collect();
        if !items.is_empty() {
            page.block(format!("<p class=\"gk-bare\">没有写要点的条文：{}</p>", items.join("、")));
        }
    }

    /// The versions of the law, and whether their texts were imported.
    fn versions(&self, page: &mut Page, law: &Law) {
        let editions = self.corpus.editions(&law.id);
        if editions.len() < 2 {
            if let Some(only) = law.versions.first() {
                let date =
                    |label: &str, d: &Option<String>| d.as_ref().map(|d| format!("{}{label}", html(d)));
                let parts: Vec<String> = [date("公布", &only.promulgated), date("施行", &only.effective)]
                    .into_iter()
                    .flatten()
                    .collect();
                if !parts.is_empty() {
                    page.block(format!("{}：{}。", html(&only.label), parts.join("，")));
                }
            }
            return;
        }
        let imported: Vec<_> = editions.iter().filter(|e| e.text.is_some()).map(Edition::key).collect();
        let mut table = String::from(
            "| 版本 | 文号 | 公布 | 施行 | 原文 | 说明 |\n| --- | --- | --- | --- | --- | --- |\n",
        );
        for edition in editions.iter().rev() {
            let cell = |value: Option<&str>| super::markup::inline(value.unwrap_or("—"));
            let version = edition.version;
            let number = version
                .and_then(|v| v.number.as_deref())
                .or_else(|| edition.text.and_then(|t| t.number.as_deref()));
            let nth = imported.iter().position(|k| edition.text.is_some() && *k == edition.key());
            let text = match nth {
                Some(0) => "已导入".to_owned(),
                Some(n) => {
                    format!("已导入，[与前一版对照]({})", page.href(&Self::comparison_path(&law.id, n)))
                }
                None => "没有导入".to_owned(),
            };
            table.push_str(&format!(
                "| {} | {} | {} | {} | {text} | {} |\n",
                super::markup::inline(&edition.label()),
                cell(number),
                cell(edition.made()),
                cell(edition.since()),
                super::markup::inline(version.and_then(|v| v.note.as_deref()).unwrap_or_default()),
            ));
        }
        page.block(format!(
            "<details class=\"gk-versions\"><summary>历次版本（{}）</summary>\n\n{table}\n</details>",
            editions.len()
        ));
    }

    /// The note on a place as plain text, for the preview of a citation.
    pub(super) fn preview(&self, law: &str, place: Provision) -> String {
        let Some(entry) = self.corpus.laws.get(law) else { return String::new() };
        let text =
            |range: &std::ops::Range<usize>| entry.text.get(range.clone()).map(plain).unwrap_or_default();
        let Some(note) = entry.header.note(place) else {
            let article = self.corpus.text(law).and_then(|t| t.statute.article(place.article, place.sub));
            return article.map(|a| shortened(&a.text(), PREVIEW)).unwrap_or_default();
        };
        let part = note.parts.iter().find(|p| p.provision == place).map(|p| text(&p.content));
        let whole = text(&note.content);
        let found = part.unwrap_or_else(|| if whole.is_empty() { note.heading.clone() } else { whole });
        shortened(&found, PREVIEW)
    }
}

/// 第一条至第九条, with the anchors of every 条, 款 and 项 in it.
fn bare_run(law: &Law, run: &[Provision]) -> String {
    let anchors: String = run
        .iter()
        .flat_map(|article| std::iter::once(*article).chain(law.parts(*article)))
        .map(|place| format!("<span id=\"{}\"></span>", place.anchor(&law.id)))
        .collect();
    let words = match run {
        [first, .., last] => format!("{first}至{last}"),
        _ => run.iter().map(ToString::to_string).collect(),
    };
    anchors + &words
}
