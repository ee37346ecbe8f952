//! The page of a letter: when to use it, what must be on file, a filled sample, a form for its fields, the cases, and
//! where the handbook leads to it.

use super::Site;
use super::entries::dated;
use super::form::example_of;
use super::markup::{attribute, html};
use super::page::{Page, badge, confidence_badges, internal_badge};
use crate::corpus::{Case, Clause, Column, Confidence, DocumentKind, Entry, Parameter, ParameterType};
use crate::links::{Citing, Kind};
use serde_json::Value as Json;

impl Site<'_> {
    pub(super) fn letter(&self, entry: &Entry<Clause>) -> Page {
        let clause = &entry.header;
        let id = format!("letter-{}", clause.id);
        let mut page = Page::new(format!("letters/{}.md", clause.id), &clause.title, &id);
        let outcome = self.corpus.outcome(&clause.outcome);
        let mut badges = vec![badge("neutral", kind_title(self.corpus.kind(clause)))];
        badges.extend(outcome.map(|o| badge("neutral", &o.group)));
        badges.extend(confidence_badges(&page.path, Some(clause.confidence), &clause.unverified));
        badges.extend(internal_badge(clause.internal));
        page.badges(&badges);
        page.block(format!(
            "<p class=\"gk-form-jump gk-form-jump--page\"><a href=\"#{id}-fields\">填写</a> <a href=\"#{id}-sample\">看填好的样子</a></p>"
        ));
        let facts = [
            ("依据条文", self.cited(&page, &clause.cites)),
            ("救济告知", html(&self.remedy_titles(clause))),
            ("年报栏", html(outcome.and_then(|o| o.annual_row.as_deref()).unwrap_or_default())),
        ];
        page.facts(&facts);
        if let Some(note) = outcome.and_then(|o| o.note.as_deref()) {
            page.block(format!(
                "<aside class=\"gk-notice\"><p><strong>注意</strong>：{}</p></aside>",
                html(note)
            ));
        }
        for (title, suffix, points) in [
            ("什么时候用", "use", &clause.use_when),
            ("什么时候不用", "avoid", &clause.avoid_when),
            ("要留存的材料", "proof", &clause.proof),
        ] {
            if !points.is_empty() {
                page.heading(2, title, &format!("{id}-{suffix}"));
                let list: String =
                    points.iter().map(|p| format!("<li>{}</li>\n", self.linked(&page, p, None))).collect();
                page.block(format!("<ul>\n{list}</ul>"));
            }
        }
        if let Some(sample) = self.samples.get(&clause.id) {
            page.heading(2, "填好的样子", &format!("{id}-sample"));
            page.block("下面的人名、单位、日期都是虚构的。");
            page.block(format!("<div class=\"gk-letter-sample\">\n{sample}</div>"));
        }
        page.heading(2, "要填的内容", &format!("{id}-fields"));
        page.block(self.form(clause));
        let fields = self.field_table(&page, clause);
        page.block(fields);
        page.heading(2, "怎么生成", &format!("{id}-make"));
        page.block(self.ways_to_make(clause));
        self.cases_of(&mut page, &clause.outcome, &id);
        self.unverified(&mut page, &clause.unverified, None);
        self.where_used(&mut page, clause, &id);
        self.upkeep(&mut page, (&clause.checked, &clause.review, &clause.changes));
        page
    }

    /// The ways to a letter, the easiest first.
    fn ways_to_make(&self, clause: &Clause) -> String {
        let id = &clause.id;
        let new = format!("gongkai letter new {id}{} -o request.toml", self.example_items(clause));
        let mut ways = vec![format!("一问一答地填：<code>gongkai letter ask {id}</code>")];
        let mut list = String::new();
        if self.has_form(clause) {
            // Named, so that a book, which has no forms, leaves it out.
            list += "<li class=\"gk-form-way--page\">在本页“要填的内容”里填表（看不到表单的，是浏览器不让运行脚本，用下面的办法），检查以后保存申请件，把它放进手册所在的文件夹（有 book.toml 的那一个），再运行 <code>gongkai letter fill 申请件.toml</code>，得到 Word 文书。</li>\n";
            ways.push(format!("用表格软件填：<code>gongkai letter sheet {id} -o 登记表.xlsx</code>，填好保存，再运行 <code>gongkai letter fill 登记表.xlsx</code>"));
        }
        ways.push(format!("用记事本填：<code>{}</code> 得到一张带说明的空表，填好保存，再运行 <code>gongkai letter fill request.toml</code>", html(&new)));
        list.extend(ways.iter().map(|way| format!("<li>{way}</li>\n")));
        format!("<ol class=\"gk-form-ways\">\n{list}</ol>")
    }

    /// ` --item 部分公开告知书 --item …`, for a letter that answers item by item.
    fn example_items(&self, clause: &Clause) -> String {
        let several = self.fields(clause).filter(|p| p.kind == ParameterType::Replies);
        let rows = several.filter_map(|p| example_of(clause, p).as_array()).flatten();
        let ids = rows.filter_map(|row| row.get("letter")?.as_str());
        let titles = ids.filter_map(|id| Some(&self.corpus.clauses.get(id)?.header.title));
        titles.map(|title| format!(" --item {title}")).collect()
    }

    /// The cases about the outcome, each with its result, those that were checked first.
    fn cases_of(&self, page: &mut Page, outcome: &str, id: &str) {
        page.heading(2, "案例和结果", &format!("{id}-cases"));
        let about = |c: &&Case| c.outcomes.iter().any(|o| o == outcome);
        let all: Vec<&Case> = self.corpus.cases.values().map(|e| &e.header).filter(about).collect();
        let (checked, other): (Vec<&Case>, Vec<&Case>) = all.into_iter().partition(|c| is_checked(c));
        if checked.is_empty() {
            let more = if other.is_empty() { "" } else { "下面的还待核，或者是教学示例。" };
            page.block(format!("没有核实的案例。{more}"));
        }
        let list: String = checked.into_iter().chain(other).map(|c| self.case_line(page, c)).collect();
        if !list.is_empty() {
            page.block(format!("<ul class=\"gk-cases\">\n{list}</ul>"));
        }
    }

    fn case_line(&self, page: &Page, case: &Case) -> String {
        let mut badges = vec![];
        if case.fictional {
            badges.push(format!(" {}", badge("fictional", "教学示例（虚构）")));
        }
        if !is_checked(case) {
            badges.push(format!(" {}", badge("unverified", case.confidence.label())));
        }
        format!(
            "<li><a href=\"{}\">{}</a>{}<br><strong>结果：</strong>{}<br><small>{}</small></li>\n",
            attribute(&page.href(&format!("cases/{}.md", case.id))),
            html(&case.title),
            badges.concat(),
            self.linked(page, &case.result, None),
            html(&dated(case)),
        )
    }

    /// The steps, guide pages, questions and policies that lead to a letter, and the other letters of its outcome.
    fn where_used(&self, page: &mut Page, clause: &Clause, id: &str) {
        let mut lines: Vec<String> = vec![];
        let mut line = |page: &Page, kind: &str, path: &str, words: String| {
            let href = attribute(&page.href(path));
            lines.push(format!(
                "<li><span class=\"gk-kind\">{kind}</span> <a href=\"{href}\">{words}</a></li>\n"
            ));
        };
        let table = &self.corpus.rules.steps;
        for question in &table.question {
            for answer in question.answer.iter().filter(|a| a.outcome.as_ref() == Some(&clause.outcome)) {
                let step = table.step.iter().find(|s| s.id == question.step).map_or("", |s| &s.title);
                let words = format!("{}：{}选“{}”", html(step), html(&question.ask), html(&answer.label));
                line(page, "定答复", &format!("decide.md#decide-q-{}", question.id), words);
            }
        }
        let link = format!("letters/{}.md", clause.id);
        for (path, entry) in &self.corpus.guides {
            if names(&entry.text, &link) {
                line(page, Kind::Guide.label(), path, html(&entry.header.title));
            }
        }
        let mut all = self.about(&clause.outcome);
        let questions = self.corpus.questions.iter().filter(|(_, e)| names(&e.text, &link));
        all.extend(questions.map(|(id, _)| Citing { kind: Kind::Question, id: id.clone() }));
        all.retain(|c| c.kind != Kind::Case && *c != Citing { kind: Kind::Letter, id: clause.id.clone() });
        all.sort();
        all.dedup();
        for citing in &all {
            if let Some((path, title)) = self.target(citing) {
                line(page, citing.kind.label(), &path, html(&title));
            }
        }
        if !lines.is_empty() {
            page.heading(2, "哪里用到本文书", &format!("{id}-used"));
            page.block(format!("<ul class=\"gk-related\">\n{}</ul>", lines.concat()));
        }
    }

    fn remedy_titles(&self, clause: &Clause) -> String {
        let Some(outcome) = self.corpus.outcome(&clause.outcome) else { return String::new() };
        let titles: Vec<String> = outcome
            .remedy
            .iter()
            .filter_map(|row| {
                let class = self.corpus.remedy(row)?;
                Some(format!("{}：{}", row.subject, class.title))
            })
            .collect();
        outcome.remedy_summary(&titles)
    }

    fn field_table(&self, page: &Page, clause: &Clause) -> String {
        let rows: String = self
            .fields(clause)
            .map(|p| {
                let example = self.example(example_of(clause, p), p);
                row(p, &(self.linked(page, &p.help, None), self.column_helps(page, p)), &example)
            })
            .collect();
        format!(
            "<table class=\"gk-fields\">\n<thead><tr><th>内容</th><th>必填</th><th>怎么填</th><th>示例</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>"
        )
    }

    /// What to write in each column of a field that is a table, as HTML.
    fn column_helps(&self, page: &Page, parameter: &Parameter) -> String {
        let line = |column: &Column| {
            format!(
                "<li>{}（{}）：<span data-column=\"{}\">{}</span></li>",
                html(&column.label),
                must(column.required),
                attribute(&column.name),
                self.linked(page, &column.help, None)
            )
        };
        let lines: String = parameter.columns.iter().map(line).collect();
        if lines.is_empty() { lines } else { format!("<ul class=\"gk-field-columns\">{lines}</ul>") }
    }

    /// An example as HTML.
    fn example(&self, value: &Json, parameter: &Parameter) -> String {
        match value {
            Json::String(text) if text.is_empty() => "（示例里不填）".to_owned(),
            Json::String(text) => html(text),
            Json::Array(items) => {
                items.iter().map(|i| self.example(i, parameter)).collect::<Vec<_>>().join("<br>")
            }
            // One reply of several: the letter whose words it has.
            Json::Object(reply) if parameter.kind == ParameterType::Replies => {
                let id = reply.get("letter").and_then(Json::as_str).unwrap_or_default();
                html(self.corpus.clauses.get(id).map_or(id, |e| &e.header.title))
            }
            Json::Object(cells) => parameter
                .columns
                .iter()
                .filter_map(|c| Some(format!("{}：{}", html(&c.label), html(cells.get(&c.name)?.as_str()?))))
                .collect::<Vec<_>>()
                .join("；"),
            other => html(&other.to_string()),
        }
    }
}

/// What staff call a kind of document.
pub(super) const fn kind_title(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Letter => "对外文书",
        DocumentKind::Form => "表单",
        DocumentKind::Internal => "内部文书",
    }
}

/// A case that happened and that two sources or the text itself confirm.
fn is_checked(case: &Case) -> bool {
    !case.fictional && matches!(case.confidence, Confidence::V | Confidence::S2)
}

/// Whether a text links to a page.
fn names(text: &str, link: &str) -> bool {
    text.contains(&format!("/{link}")) || text.contains(&format!("({link}"))
}

const fn must(required: bool) -> &'static str {
    if required { "必填" } else { "可不填" }
}

/// One field; its help, that of its columns, and its example are HTML.
fn row(parameter: &Parameter, (help, columns): &(String, String), example: &str) -> String {
    let kind = match parameter.kind {
        ParameterType::Line => "一行文字",
        ParameterType::Text => "文字，可分段",
        ParameterType::Date => "日期",
        ParameterType::Count => "数字",
        ParameterType::Choice => "选一个",
        ParameterType::List => "可写多条",
        ParameterType::Rows => "可写多行的表",
        ParameterType::Replies => "几项，每项用一种文书的内容",
    };
    let from = if parameter.agency.is_some() { "；不填就用机关设置里的" } else { "" };
    format!(
        "<tr data-field=\"{1}\"><th scope=\"row\">{0}<br><code>{1}</code></th><td>{2}</td><td><span class=\"gk-field-help\">{help}</span>{columns}<br><small>{kind}{from}</small></td><td>{example}</td></tr>\n",
        html(&parameter.label),
        attribute(&parameter.name),
        must(parameter.required),
    )
}
