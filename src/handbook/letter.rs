//! The page of a letter: when to use it, what must be on file, its fields, and a filled sample.

use super::Site;
use super::markup::html;
use super::page::{Page, badge, confidence_badges};
use crate::corpus::{Clause, Entry, Parameter, ParameterType};
use crate::links::Kind;
use serde_json::Value as Json;

impl Site<'_> {
    pub(super) fn letter(&self, entry: &Entry<Clause>) -> Page {
        let clause = &entry.header;
        let id = format!("letter-{}", clause.id);
        let mut page = Page::new(format!("letters/{}.md", clause.id), &clause.title, &id);
        let outcome = self.corpus.outcome(&clause.outcome);
        let mut badges: Vec<String> = outcome.map(|o| badge("neutral", &o.group)).into_iter().collect();
        badges.extend(confidence_badges(&page.path, Some(clause.confidence), &clause.unverified));
        page.badges(&badges);
        let facts = [
            ("依据条文", self.cited(&page, &clause.cites)),
            ("救济告知", html(&self.remedy_titles(clause))),
            ("年报栏", html(outcome.and_then(|o| o.annual_row.as_deref()).unwrap_or_default())),
            ("核对日期", html(&clause.checked)),
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
        let fields = self.field_table(&page, clause);
        page.block(fields);
        page.heading(2, "怎么生成", &format!("{id}-make"));
        page.block(format!(
            "```text\ngongkai letter new {0} -o request.toml\ngongkai letter fill request.toml\n```\n\n\
             第一条命令得到一张带说明的空表，用记事本填好后保存；第二条命令生成 Word 文书。也可以用 `gongkai letter ask {0}`，一问一答地填。",
            clause.id
        ));
        self.unverified(&mut page, &clause.unverified, None);
        self.related(&mut page, (Kind::Letter, &clause.id), std::slice::from_ref(&clause.outcome));
        page
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
        let shell = self.corpus.shells.get(&clause.shell);
        let own = clause.parameters.iter();
        let common = shell.iter().flat_map(|s| s.header.parameters.iter());
        let rows: String = common.chain(own).map(|p| row(p, &self.linked(page, &p.help, None))).collect();
        format!(
            "<table class=\"gk-fields\">\n<thead><tr><th>内容</th><th>必填</th><th>怎么填</th><th>示例</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>"
        )
    }
}

/// One field; `help` is HTML.
fn row(parameter: &Parameter, help: &str) -> String {
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
        "<tr><th scope=\"row\">{}<br><code>{}</code></th><td>{}</td><td>{}<br><small>{kind}{from}</small></td><td>{}</td></tr>\n",
        html(&parameter.label),
        html(&parameter.name),
        if parameter.required { "必填" } else { "可不填" },
        help,
        example(&parameter.example, parameter),
    )
}

fn example(value: &Json, parameter: &Parameter) -> String {
    match value {
        Json::String(text) => html(text),
        Json::Array(items) => items.iter().map(|i| example(i, parameter)).collect::<Vec<_>>().join("<br>"),
        Json::Object(cells) => parameter
            .columns
            .iter()
            .filter_map(|c| Some(format!("{}：{}", html(&c.label), html(cells.get(&c.name)?.as_str()?))))
            .collect::<Vec<_>>()
            .join("；"),
        other => html(&other.to_string()),
    }
}
