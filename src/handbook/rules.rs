//! The page 期限、救济、收费一览: the tables of rules as staff and lawyers read them.

use super::markup::html;
use super::{Page, Site};
use crate::corpus::{Confidence, generated};
use std::fmt::Write as _;

impl Site<'_> {
    /// The page; none where the handbook has no table of terms.
    pub(super) fn rules_page(&self) -> Option<Page> {
        if self.corpus.rules.terms.term.is_empty() {
            return None;
        }
        let mut page = Page::made(&generated::TERMS);
        page.block("这一页由 `book/rules/` 里的表生成，程序推算期限、写救济告知、算信息处理费，用的就是这些表。要改规则，改表；每一条都写明依据和核实程度。");
        self.terms_table(&mut page);
        self.events_table(&mut page);
        self.remedies_table(&mut page);
        self.organs_table(&mut page);
        self.fees_table(&mut page);
        self.policies_table(&mut page);
        self.notices_table(&mut page);
        Some(page)
    }

    /// A cell with its citations linked.
    fn cell(&self, page: &Page, text: &str) -> String {
        self.linked(page, text, None)
    }

    fn terms_table(&self, page: &mut Page) {
        page.heading(2, "期限", "terms-terms");
        page.block("起算的那一天不数，从次日数起。工作日不数周末和放假的日子，调休上班的周末要数。日和月的最后一天是休息日的，顺延到下一个工作日。");
        let rows = self.corpus.rules.terms.term.iter().map(|t| {
            [
                html(&t.title),
                html(&t.who),
                html(&t.length()),
                self.cell(page, &t.from),
                self.cell(page, &t.citations.join("；")),
                sure(t.confidence, t.note.as_deref().map(|n| self.cell(page, n))),
            ]
        });
        let table = table(["做什么", "谁", "多长", "从哪天起", "依据", "核实程度"], rows);
        page.block(table);
    }

    fn events_table(&self, page: &mut Page) {
        page.heading(2, "办理中的事情对答复期限的作用", "terms-events");
        page.block("补正和缴费使期限**重新计算**，征求意见使它**停下来**，延期使它**加长**；三样不能混。");
        let rows = self.corpus.rules.terms.event.iter().map(|e| {
            [
                html(&e.kind),
                e.effect.label().to_owned(),
                self.cell(page, &e.citations.join("；")),
                sure(e.confidence, e.note.as_deref().map(|n| self.cell(page, n))),
            ]
        });
        let table = table(["事情", "作用", "依据", "核实程度"], rows);
        page.block(table);
    }

    fn remedies_table(&self, page: &mut Page) {
        page.heading(2, "救济告知", "terms-remedies");
        page.block("按答复的依据和答复作出的日期查。文书里的救济告知就是按这张表写的。");
        let remedies = &self.corpus.rules.remedies;
        let shared: &Page = page;
        let rows = remedies.ground.iter().flat_map(|g| {
            g.rule.iter().enumerate().map(move |(i, rule)| {
                let class = remedies.class(&rule.class).map_or("", |c| c.title.as_str());
                let first = i == 0;
                let grounds = if first { self.cell(shared, &g.grounds.join("；")) } else { String::new() };
                let note = rule.note.as_deref().or(g.note.as_deref().filter(|_| first));
                [
                    if first { html(&g.title) } else { String::new() },
                    grounds,
                    html(&rule.from),
                    html(class),
                    sure(rule.confidence, note.map(|n| self.cell(shared, n))),
                ]
            })
        });
        let grounds = table(["依据", "条文", "从哪天起", "救济", "核实程度"], rows);
        page.block(grounds);
        let rows = remedies.class.iter().filter_map(|c| {
            let wording = c.wording.last().filter(|w| !w.text.is_empty())?;
            let text =
                wording.text.replace("{{subject}}", "本告知书").replace("{{review_body}}", "〔复议机关〕");
            Some([
                html(&c.title),
                html(&text),
                self.cell(page, &wording.citations.join("；")),
                sure(wording.confidence, c.note.as_deref().map(|n| self.cell(page, n))),
            ])
        });
        let classes = table(["救济", "现在的告知文字", "依据", "核实程度"], rows);
        page.block(classes);
    }

    fn organs_table(&self, page: &mut Page) {
        page.heading(2, "向谁申请复议", "terms-organs");
        let shared: &Page = page;
        let rows = self.corpus.rules.remedies.organ.iter().flat_map(|o| {
            o.rule.iter().enumerate().map(move |(i, rule)| {
                [
                    if i == 0 { html(&o.title) } else { String::new() },
                    html(&rule.from),
                    html(&rule.bodies.join("，或者")),
                    self.cell(shared, &[rule.citations.clone(), rule.law_then.clone()].concat().join("；")),
                    sure(rule.confidence, rule.note.as_deref().map(|n| self.cell(shared, n))),
                ]
            })
        });
        let table = table(["本机关是", "从哪天起", "复议机关", "依据", "核实程度"], rows);
        page.block(table);
    }

    fn fees_table(&self, page: &mut Page) {
        let fees = &self.corpus.rules.fees;
        if fees.method.is_empty() {
            return;
        }
        page.heading(2, "信息处理费", "terms-fees");
        let rows = fees.method.iter().map(|m| {
            let mut bands = format!("{}{}以内不收", m.free, m.unit);
            for band in &m.band {
                let _ = write!(bands, "；第{}{}起每{}{}元", band.from, m.unit, m.unit, band.rate);
                if let (Some(every), Some(step)) = (band.every, band.step) {
                    let _ = write!(bands, "，以后每多{every}{}每{}多{step}元", m.unit, m.unit);
                }
            }
            [
                html(&m.title),
                html(&bands),
                html(&m.scope),
                sure(m.confidence, m.note.as_deref().map(|n| self.cell(page, n))),
            ]
        });
        let methods = table(["计收方式", "标准", "怎样累计", "核实程度"], rows);
        page.block(methods);
        let rows =
            fees.rule.iter().map(|r| [html(&r.title), self.cell(page, &r.text), sure(r.confidence, None)]);
        let rules = table(["规则", "内容", "核实程度"], rows);
        page.block(rules);
    }

    fn policies_table(&self, page: &mut Page) {
        page.heading(2, "由本机关自己定的点", "terms-policies");
        page.block("法律没有写明、各地做法不一。定好以后写进 `book.toml` 的 `[preprocessor.gongkai.policy]`；没有定的按默认。");
        let rows = self.corpus.rules.policies.iter().map(|p| {
            let options: Vec<String> = p
                .option
                .iter()
                .map(|o| format!("{}{}", html(&o.title), if o.id == p.default { "（默认）" } else { "" }))
                .collect();
            [
                format!("{}<br><code>{}</code>", html(&p.title), html(&p.id)),
                options.join("<br>"),
                sure(p.confidence, Some(self.cell(page, &p.note))),
            ]
        });
        let table = table(["哪一点", "怎样定", "说明"], rows);
        page.block(table);
    }

    fn notices_table(&self, page: &mut Page) {
        page.heading(2, "放假安排的依据", "terms-notices");
        page.block("每一个放假的日子、调休上班的日子都出自这些通知。新的通知公布以后，用 `gongkai calendar add` 导入。");
        let rows = self.corpus.rules.holidays.iter().rev().flat_map(|year| {
            year.notice.iter().map(move |n| {
                let number = if n.number.is_empty() { "待核" } else { &n.number };
                [
                    year.year.to_string(),
                    html(&n.title),
                    html(number),
                    html(&n.date),
                    sure(n.confidence, n.note.as_deref().map(html)),
                ]
            })
        });
        let table = table(["年份", "通知", "文号", "日期", "核实程度"], rows);
        page.block(table);
    }
}

/// How sure, and what to know.
fn sure(confidence: Confidence, note: Option<String>) -> String {
    let note = note.map(|n| format!("<br>{n}")).unwrap_or_default();
    format!("{}{note}", html(confidence.label()))
}

/// A table; the cells are HTML.
fn table<const N: usize>(head: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let head: String = head.iter().map(|h| format!("<th scope=\"col\">{h}</th>")).collect();
    let mut out = format!("<div class=\"gk-rules\">\n<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n");
    for row in rows {
        let cells: String = row.iter().map(|c| format!("<td>{c}</td>")).collect();
        let _ = writeln!(out, "<tr>{cells}</tr>");
    }
    out.push_str("</tbody>\n</table>\n</div>");
    out
}
