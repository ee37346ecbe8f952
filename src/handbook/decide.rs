//! The page 一步一步定答复: every question with its law, its cases and its answers, and every outcome.
//!
//! It is whole without a script, and on paper; `book/theme/decide.js` shows one question at a time. All that the script
//! needs stands in attributes of the page.

use super::markup::{attribute, html};
use super::page::badge;
use super::{Page, Site};
use crate::corpus::{Clause, Confidence, Entry, Outcome, StepAnswer, StepQuestion, generated};
use std::collections::BTreeSet;
use std::fmt::Write as _;

impl Site<'_> {
    /// The page; none where the handbook has no questions.
    pub(super) fn decide_page(&self) -> Option<Page> {
        let table = &self.corpus.rules.steps;
        if table.question.is_empty() {
            return None;
        }
        let mut page = Page::made(&generated::DECIDE);
        page.block("一问一答，走完就知道该发哪一种文书、依据哪一条、怎样告知救济。<span class=\"gk-screen\">内容只在这台电脑上，不会传出去。</span>不能用脚本的浏览器和打印出来的纸上，下面是全部题目，按顺序看。");
        let mut out = String::from("<div class=\"gk-steps\" id=\"gk-steps\">\n");
        for step in &table.step {
            let _ = writeln!(
                out,
                "<h2 class=\"gk-steps-title\" id=\"decide-{}\">{}</h2>",
                step.id,
                html(&step.title)
            );
            let _ = writeln!(out, "<p class=\"gk-steps-about\">{}</p>", html(&step.about));
            for question in table.question.iter().filter(|q| q.step == step.id) {
                self.question_section(&page, question, &step.title, &mut out);
            }
        }
        let used: BTreeSet<&str> =
            table.question.iter().flat_map(|q| &q.answer).filter_map(|a| a.outcome.as_deref()).collect();
        out.push_str("<h2 class=\"gk-steps-title\" id=\"decide-outcomes\">结论</h2>\n");
        for outcome in self.corpus.rules.outcomes.iter().filter(|o| used.contains(o.id.as_str())) {
            self.outcome_section(&page, outcome, &mut out);
        }
        out.push_str("</div>");
        page.block(out);
        Some(page)
    }

    fn question_section(&self, page: &Page, question: &StepQuestion, step: &str, out: &mut String) {
        let _ = writeln!(
            out,
            "<section class=\"gk-ask\" id=\"decide-q-{0}\" data-question=\"{0}\" data-step=\"{1}\" data-show-if=\"{2}\">",
            attribute(&question.id),
            attribute(step),
            attribute(&question.show_if.join(" ")),
        );
        let _ = writeln!(out, "<h3 class=\"gk-ask-title\" tabindex=\"-1\">{}</h3>", html(&question.ask));
        let _ = writeln!(out, "<p class=\"gk-ask-help\">{}</p>", self.linked(page, &question.help, None));
        if !question.show_if.is_empty() {
            let _ = writeln!(
                out,
                "<p class=\"gk-ask-when\">只在这样选过以后才问：{}</p>",
                html(&self.conditions(question))
            );
        }
        let mut aside = String::new();
        if !question.cites.is_empty() {
            let _ = writeln!(
                aside,
                "<dt>依据</dt><dd>{}</dd>",
                self.linked(page, &question.cites.join("；"), None)
            );
        }
        let cases: Vec<String> = question
            .cases
            .iter()
            .filter_map(|id| {
                let case = self.corpus.cases.get(id)?;
                let href = page.href(&format!("cases/{id}.md"));
                Some(format!("<a href=\"{}\">{}</a>", attribute(&href), html(&case.header.title)))
            })
            .collect();
        if !cases.is_empty() {
            let _ = writeln!(aside, "<dt>案例</dt><dd>{}</dd>", cases.join("；"));
        }
        if !aside.is_empty() {
            let _ = writeln!(out, "<dl class=\"gk-ask-law\">\n{aside}</dl>");
        }
        out.push_str("<ol class=\"gk-answers\">\n");
        for answer in &question.answer {
            self.answer_item(page, answer, out);
        }
        out.push_str("</ol>\n</section>\n");
    }

    /// The answers that a question depends on, in words.
    fn conditions(&self, question: &StepQuestion) -> String {
        let label = |condition: &String| {
            let (q, a) = condition.split_once('=')?;
            let question = self.corpus.rules.steps.question.iter().find(|x| x.id == q)?;
            Some(format!("“{}”", question.answer.iter().find(|x| x.id == a)?.label))
        };
        question.show_if.iter().filter_map(label).collect::<Vec<_>>().join("，或者 ")
    }

    fn answer_item(&self, page: &Page, answer: &StepAnswer, out: &mut String) {
        let mut extra = String::new();
        for (name, value) in [("next", &answer.next), ("outcome", &answer.outcome)] {
            if let Some(value) = value {
                let _ = write!(extra, " data-{name}=\"{}\"", attribute(value));
            }
        }
        let _ = write!(out, "<li class=\"gk-answer\" data-answer=\"{}\"{extra}>", attribute(&answer.id));
        let _ = write!(out, "<span class=\"gk-answer-label\">{}</span>", html(&answer.label));
        let mut part = |class: &str, head: &str, text: &Option<String>| {
            if let Some(text) = text {
                let _ = write!(
                    out,
                    " <span class=\"gk-answer-{class}\">{head}{}</span>",
                    self.linked(page, text, None)
                );
            }
        };
        part("note", "", &answer.note);
        part("then", "接着：", &answer.then);
        part("risk", "风险：", &answer.risk);
        let place = |path: String, words: String| {
            format!(" <span class=\"gk-answer-to\">→ <a href=\"#{path}\">{words}</a></span>")
        };
        if let Some(outcome) = answer.outcome.as_deref().and_then(|o| self.corpus.outcome(o)) {
            let word = if answer.interim { "先发" } else { "结论" };
            out.push_str(&place(
                format!("decide-o-{}", outcome.id),
                format!("{word}：{}", html(&outcome.title)),
            ));
        } else if let Some(next) = answer.next.as_deref() {
            let ask =
                self.corpus.rules.steps.question.iter().find(|q| q.id == next).map_or("", |q| q.ask.as_str());
            out.push_str(&place(format!("decide-q-{next}"), html(ask)));
        }
        out.push_str("</li>\n");
    }

    fn outcome_section(&self, page: &Page, outcome: &Outcome, out: &mut String) {
        let letters = self.corpus.letters(&outcome.id);
        let clause = letters.first();
        let _ = writeln!(
            out,
            "<section class=\"gk-outcome\" id=\"decide-o-{0}\" data-outcome=\"{0}\">\n<h3 class=\"gk-ask-title\" tabindex=\"-1\">{1}</h3>",
            attribute(&outcome.id),
            html(&outcome.title)
        );
        let kind = match outcome.confidence {
            Confidence::V | Confidence::S2 => "confidence",
            Confidence::S1 | Confidence::G => "unverified",
        };
        let _ = writeln!(out, "<p class=\"gk-badges\">{}</p>", badge(kind, outcome.confidence.label()));
        let titles: Vec<String> = outcome
            .remedy
            .iter()
            .filter_map(|row| Some(format!("{}：{}", row.subject, self.corpus.remedy(row)?.title)))
            .collect();
        let link = |e: &&Entry<Clause>| {
            let href = page.href(&format!("letters/{}.md", e.header.id));
            format!("<a href=\"{}\">{}</a>", attribute(&href), html(&e.header.title))
        };
        let links: Vec<String> = letters.iter().map(link).collect();
        let links = if links.is_empty() { "还没有模板".to_owned() } else { links.join("、") };
        let note = outcome.note.as_deref().map(|n| self.linked(page, n, None)).unwrap_or_default();
        let facts = [
            ("依据", self.linked(page, &outcome.grounds.join("；"), None)),
            ("救济", html(&outcome.remedy_summary(&titles))),
            ("文书", links),
            ("年报栏", html(outcome.annual_row.as_deref().unwrap_or_default())),
            ("提示", note),
        ];
        out.push_str("<dl class=\"gk-ask-law\">\n");
        for (name, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
            let _ = writeln!(out, "<dt>{name}</dt><dd>{value}</dd>");
        }
        out.push_str("</dl>\n");
        if let Some(form) = clause.and_then(|e| self.forms.get(&e.header.id)) {
            // Lines become one attribute: a blank line would end the block.
            let name = clause.map_or("", |e| e.header.id.as_str());
            let _ = writeln!(
                out,
                "<div class=\"gk-form\" hidden data-letter=\"{}\" data-form=\"{}\"></div>",
                attribute(name),
                attribute(form).replace('\n', "&#10;")
            );
        }
        out.push_str("</section>\n");
    }
}
