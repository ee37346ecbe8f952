//! Quizzes and drills: what is asked first, the answers folded; on paper a question sheet and a key.
//!
//! They are whole without a script; `book/theme/learn.js` marks the answers that were chosen.

use super::Site;
use super::markup::{attribute, html};
use super::page::{Page, badge, confidence_badges, internal_badge};
use crate::corpus::{Drill, Entry, Quiz, QuizItem, generated, section_anchor};
use crate::links::{Kind, plain};

/// A, B, C, …
fn letter(index: usize) -> char {
    u8::try_from(index).ok().and_then(|i| b'A'.checked_add(i)).map_or('?', char::from)
}

/// B、D
fn answer(item: &QuizItem) -> String {
    let right = item.options.iter().enumerate().filter(|(_, (_, right))| *right);
    right.map(|(at, _)| letter(at).to_string()).collect::<Vec<_>>().join("、")
}

impl Site<'_> {
    pub(super) fn quiz(&self, entry: &Entry<Quiz>) -> Page {
        let quiz = &entry.header;
        let id = format!("quiz-{}", quiz.id);
        let mut page = Page::new(format!("quiz/{}.md", quiz.id), &quiz.title, &id);
        let mut badges = vec![badge("neutral", &quiz.part)];
        badges.extend(confidence_badges(&page.path, Some(quiz.confidence), &quiz.unverified));
        badges.extend(internal_badge(quiz.internal));
        page.badges(&badges);
        let start = quiz.items.first().map_or(entry.body.end, |item| item.heading.start);
        let intro = self.prose(&page, entry, &(entry.body.start..start), &id);
        page.block(intro);
        page.block(format!(
            "<p class=\"gk-quiz-hint\" data-total=\"{}\">共 {} 题。先自己选，再看答案；打印出来前面是题，后面是答案。</p>",
            quiz.items.len(),
            quiz.items.len()
        ));
        for (number, item) in (1..).zip(&quiz.items) {
            self.quiz_item(&mut page, entry, (number, item));
        }
        let key = (1..).zip(&quiz.items).map(|(number, item)| self.key_line(&page, entry, (number, item)));
        let key: String = key.collect();
        page.block(format!(
            "<section class=\"gk-quiz-answers\">\n<p><strong>答案</strong></p>\n<ol>\n{key}</ol>\n</section>"
        ));
        self.unverified(&mut page, &quiz.unverified, None);
        self.upkeep(&mut page, (&quiz.checked, &quiz.review, &quiz.changes));
        page
    }

    fn quiz_item(&self, page: &mut Page, entry: &Entry<Quiz>, (number, item): (usize, &QuizItem)) {
        let id = format!("quiz-{}-{number}", entry.header.id);
        let kind = if item.several() { "checkbox" } else { "radio" };
        let mut options = String::new();
        for (at, (words, _)) in item.options.iter().enumerate() {
            options.push_str(&format!(
                "<label><input type=\"{kind}\" name=\"{id}\" value=\"{at}\"> <span>{}. {}</span></label>\n",
                letter(at),
                html(&plain(entry.text.get(words.clone()).unwrap_or_default()))
            ));
        }
        let right = item.options.iter().enumerate().filter(|(_, (_, right))| *right);
        let right: Vec<String> = right.map(|(at, _)| at.to_string()).collect();
        let several = if item.several() { "<small>（多选）</small>" } else { "" };
        page.block(format!(
            "<fieldset class=\"gk-quiz\" id=\"{id}\" data-right=\"{}\">\n<legend>{number}. {}{several}</legend>\n{options}<details class=\"gk-quiz-key\">\n<summary>看答案和解析</summary>\n<p><strong>答案：{}</strong></p>",
            right.join(" "),
            html(&item.ask),
            answer(item),
        ));
        let why = self.prose(page, entry, &item.why, &id);
        page.block(why);
        page.block("</details>\n</fieldset>");
    }

    /// One line of the key: the answer, and where it stands.
    fn key_line(&self, page: &Page, entry: &Entry<Quiz>, (number, item): (usize, &QuizItem)) -> String {
        let cited = self.links.in_text(&entry.path);
        let inside = cited.iter().filter(|c| item.why.start <= c.range.start && c.range.end <= item.why.end);
        let mut places: Vec<_> =
            inside.flat_map(|c| c.provisions.iter().map(|p| (c.law.clone(), *p))).collect();
        places.dedup();
        format!(
            "<li value=\"{number}\">{}　{}</li>\n",
            answer(item),
            self.citation_list(page, places.into_iter())
        )
    }

    pub(super) fn quiz_index(&self) -> Page {
        let mut page = Page::made(&generated::QUIZZES);
        let total: usize = self.corpus.quizzes.values().map(|e| e.header.items.len()).sum();
        page.block(format!(
            "读完一部分，做一组题。共 {} 组 {total} 题；每题的解析写明依据哪一条，答错了顺着链接去看原条的要点。每一组都可以打印成试卷，答案在最后另起一页。",
            self.corpus.quizzes.len()
        ));
        let line = |e: &&Entry<Quiz>| {
            format!(
                "<li><a href=\"{}\">{}</a>（{} 题）<br><small>对应：{}</small></li>\n",
                attribute(&page.href(&format!("quiz/{}.md", e.header.id))),
                html(&e.header.title),
                e.header.items.len(),
                html(&e.header.part)
            )
        };
        let lines: String = self.corpus.quizzes_in_order().iter().map(line).collect();
        page.block(format!("<ul>\n{lines}</ul>"));
        page
    }

    pub(super) fn drill(&self, entry: &Entry<Drill>) -> Page {
        let drill = &entry.header;
        let id = format!("drill-{}", drill.id);
        let mut page = Page::new(format!("drills/{}.md", drill.id), &drill.title, &id);
        let mut badges = vec![
            badge("fictional", "教学示例（虚构）"),
            badge("neutral", drill.level.label()),
            badge("neutral", &format!("约 {} 分钟", drill.minutes)),
        ];
        badges.extend(confidence_badges(&page.path, Some(drill.confidence), &drill.unverified));
        badges.extend(internal_badge(drill.internal));
        page.badges(&badges);
        let (key, given): (Vec<_>, Vec<_>) =
            entry.sections().into_iter().partition(|section| Drill::is_key(&section.title));
        for section in &given {
            let anchor = format!("{id}-{}", section_anchor(&section.title));
            page.heading(2, &section.title, &anchor);
            let text = self.prose(&page, entry, &section.content, &anchor);
            let letter = section_anchor(&section.title) == "request";
            page.block(if letter {
                format!("<div class=\"gk-incoming\">\n\n{}\n\n</div>", text.trim())
            } else {
                text
            });
        }
        page.block(
            "<details class=\"gk-drill-key\">\n<summary>带练人用：参考走法、应出文书、评分表、讲评</summary>",
        );
        for section in &key {
            let anchor = format!("{id}-{}", section_anchor(&section.title));
            page.heading(2, &section.title, &anchor);
            let text = self.prose(&page, entry, &section.content, &anchor);
            page.block(text);
            if section_anchor(&section.title) == "letters" {
                let lines: String = drill.letters.iter().filter_map(|l| self.letter_line(&page, l)).collect();
                page.block(format!("<ul>\n{lines}</ul>"));
            }
        }
        page.block("</details>");
        page.facts(&[("练到的条文", self.cited(&page, &drill.cites))]);
        self.unverified(&mut page, &drill.unverified, None);
        self.related(&mut page, (Kind::Drill, &drill.id), &drill.outcomes);
        self.upkeep(&mut page, (&drill.checked, &drill.review, &drill.changes));
        page
    }

    fn letter_line(&self, page: &Page, id: &str) -> Option<String> {
        let clause = &self.corpus.clauses.get(id)?.header;
        let href = page.href(&format!("letters/{id}.md"));
        Some(format!("<li><a href=\"{}\">{}</a></li>\n", attribute(&href), html(&clause.title)))
    }

    pub(super) fn drills_index(&self) -> Page {
        let mut page = Page::made(&generated::DRILLS);
        page.block("一封虚构的来信，一组人讨论怎样走、出什么文书，再对照评分表。来信和任务可以打印出来发给学员；“带练人用”的部分打印在另一页。");
        let all = self.corpus.drills_by_level();
        let rows: String = all
            .iter()
            .map(|e| {
                format!(
                    "<tr><td><a href=\"{}\">{}</a></td><td>{}</td><td>{} 分钟</td></tr>\n",
                    attribute(&page.href(&format!("drills/{}.md", e.header.id))),
                    html(&e.header.title),
                    e.header.level.label(),
                    e.header.minutes
                )
            })
            .collect();
        page.block(format!(
            "<table>\n<thead><tr><th>演练</th><th>难度</th><th>用时</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>"
        ));
        page
    }
}
