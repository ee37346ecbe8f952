//! Index pages: laws, policies, cases by type, everything by outcome, everything by article.

use super::Site;
use super::entries::dated;
use super::letter::kind_title;
use super::markup::{attribute, html, inline};
use super::page::{Page, badge, state_badge};
use crate::corpus::{Case, Clause, DocumentKind, Entry, LawKind, generated};

const LAW_KINDS: [(LawKind, &str); 6] = [
    (LawKind::Regulation, "regulation"),
    (LawKind::Statute, "statute"),
    (LawKind::Interpretation, "interpretation"),
    (LawKind::Party, "party"),
    (LawKind::Rule, "rule"),
    (LawKind::Document, "document"),
];

impl Site<'_> {
    pub(super) fn laws_index(&self) -> Page {
        let mut page = Page::made(&generated::LAWS);
        page.block(format!(
            "每部法规一页：哪一条讲什么、容易错在哪里、手册里哪些内容用到它。{}",
            if self.edition.holds("articles") {
                "按条号查，看[按条文索引](../articles.md)。"
            } else {
                ""
            }
        ));
        for (kind, id) in LAW_KINDS {
            let laws: Vec<_> =
                self.corpus.laws_by_weight().into_iter().filter(|e| e.header.kind == kind).collect();
            if laws.is_empty() {
                continue;
            }
            page.heading(2, kind.label(), &format!("laws-{id}"));
            let numbered = laws.iter().any(|e| e.header.number.is_some());
            let number = |cell: &str| if numbered { cell.to_owned() } else { String::new() };
            let rows: String = laws
                .iter()
                .map(|e| {
                    let law = &e.header;
                    let notes = if law.notes.is_empty() {
                        "只有基本信息".to_owned()
                    } else {
                        format!("{} 条要点", law.notes.len())
                    };
                    format!(
                        "<tr><td><a href=\"{}\">{}</a></td>{}<td>{}</td><td>{notes}</td></tr>\n",
                        attribute(&page.href(&format!("laws/{}.md", law.id))),
                        html(&law.short),
                        number(&format!("<td>{}</td>", html(law.number.as_deref().unwrap_or("—")))),
                        state_badge(law.state),
                    )
                })
                .collect();
            page.block(format!(
                "<table>\n<thead><tr><th>名称</th>{}<th>效力</th><th>手册里有</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>",
                number("<th>文号</th>")
            ));
        }
        page
    }

    pub(super) fn policies_index(&self) -> Page {
        let mut page = Page::made(&generated::POLICIES);
        let rows: String = self
            .corpus
            .policies
            .values()
            .map(|e| {
                let policy = &e.header;
                format!(
                    "<tr><td><a href=\"{}\">{}</a></td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                    attribute(&page.href(&format!("policies/{}.md", policy.id))),
                    html(&policy.title),
                    html(&policy.number),
                    html(policy.date.as_deref().unwrap_or("待核")),
                    state_badge(policy.state),
                )
            })
            .collect();
        if rows.is_empty() {
            page.block("还没有政策文件。");
        } else {
            page.block(format!(
                "<table>\n<thead><tr><th>名称</th><th>文号</th><th>成文日期</th><th>效力</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>"
            ));
        }
        page
    }

    pub(super) fn cases_index(&self) -> Page {
        let mut page = Page::made(&generated::CASES);
        page.title = "典型案例".to_owned();
        page.block(format!(
            "旧案多数依 2007 年的条例作出。每个案例都写明当时的条文和今天的条文；引用时用今天的。{}",
            if self.edition.holds("cases/by-outcome") {
                "按答复情形查，看[按答复情形索引](by-outcome.md)。"
            } else {
                ""
            }
        ));
        for case_type in &self.corpus.rules.case_types {
            let all = self.corpus.cases_by_type().into_iter();
            let cases: Vec<_> = all.filter(|e| e.header.r#type == case_type.id).collect();
            if cases.is_empty() {
                continue;
            }
            page.heading(2, &case_type.title, &format!("cases-{}", case_type.id));
            page.block(inline(&case_type.about));
            let cards: String = cases.iter().map(|e| self.case_card(&page, e)).collect();
            page.block(format!("<div class=\"gk-cards\">\n{cards}</div>"));
        }
        if self.corpus.cases.is_empty() {
            page.block("还没有案例。");
        }
        page
    }

    fn case_card(&self, page: &Page, entry: &Entry<Case>) -> String {
        let case = &entry.header;
        let holding = entry.sections().into_iter().find(|s| s.title == "要旨");
        let summary = holding.map(|s| self.words(entry, &s.content, 90)).unwrap_or_default();
        let mut meta = vec![
            case.body.clone().unwrap_or_else(|| "审理机关待核".to_owned()),
            dated(case),
            case.result.clone(),
        ];
        meta.extend(case.prevailed.map(|side| side.label().to_owned()));
        if case.fictional {
            meta.insert(0, "教学示例（虚构）".to_owned());
        }
        format!(
            "<a class=\"gk-card gk-card--case\" href=\"{}\"><strong>{}</strong><span class=\"gk-card-meta\">{}</span><span>{}</span></a>\n",
            attribute(&page.href(&format!("cases/{}.md", case.id))),
            html(&case.title),
            html(&meta.join(" · ")),
            html(&summary),
        )
    }

    pub(super) fn questions_index(&self) -> Page {
        let mut page = Page::made(&generated::QUESTIONS);
        page.title = "问答".to_owned();
        let topics = self.corpus.questions_by_topic();
        let jump = (1..).zip(&topics).map(|(at, (topic, all))| {
            format!("<a href=\"#questions-{at}\">{}（{}）</a> ", html(topic), all.len())
        });
        let jump: String = jump.collect();
        page.block(format!("<p class=\"gk-form-jump\">{jump}</p>"));
        for (at, (topic, all)) in (1..).zip(&topics) {
            page.heading(2, topic, &format!("questions-{at}"));
            let lines: String = all
                .iter()
                .map(|e| {
                    let answer = e.sections().into_iter().find(|s| s.title == "简答");
                    let answer = answer.map(|s| self.words(e, &s.content, 80)).unwrap_or_default();
                    format!(
                        "<li><a href=\"{}\">{}</a><br><small>{}</small></li>\n",
                        attribute(&page.href(&format!("questions/{}.md", e.header.id))),
                        html(&e.header.title),
                        html(&answer),
                    )
                })
                .collect();
            page.block(format!("<ul>\n{lines}</ul>"));
        }
        if topics.is_empty() {
            page.block("还没有问答。");
        }
        page
    }

    pub(super) fn letters_index(&self) -> Page {
        let mut page = Page::made(&generated::LETTERS);
        page.title = "参考文书".to_owned();
        page.block("先认准情形，再看那一种文书：什么时候用、什么时候不用、要留什么材料、填好是什么样子。");
        let groups: String = self
            .letter_groups()
            .into_iter()
            .map(|(at, group, letters)| {
                format!("<a href=\"#letters-group-{at}\">{}（{}）</a> ", html(group), letters.len())
            })
            .collect();
        page.block(format!("<p class=\"gk-form-jump\">{groups}</p>"));
        let list = self.letters_by_group(&page, 2, "letters");
        page.block(if list.is_empty() { "还没有文书。".to_owned() } else { list });
        page
    }

    /// The groups of outcomes that have letters, numbered among all groups, each with its letters; all in the order of
    /// the table of outcomes.
    fn letter_groups(&self) -> Vec<(usize, &str, Vec<&Clause>)> {
        let mut groups: Vec<(usize, &str, Vec<&Clause>)> = vec![];
        for outcome in &self.corpus.rules.outcomes {
            let clauses = self.corpus.clauses.values().map(|e| &e.header);
            let letters = clauses.filter(|c| c.outcome == outcome.id);
            match groups.iter_mut().find(|(_, group, _)| *group == outcome.group) {
                Some((_, _, all)) => all.extend(letters),
                None => groups.push((groups.len() + 1, &outcome.group, letters.collect())),
            }
        }
        groups.retain(|(_, _, letters)| !letters.is_empty());
        groups
    }

    /// The letters under the headings of their outcome groups.
    pub(super) fn letters_by_group(&self, page: &Page, level: usize, prefix: &str) -> String {
        let line = |clause: &&Clause| {
            let badge = match self.corpus.kind(clause) {
                DocumentKind::Letter => String::new(),
                kind => format!(" {}", badge("neutral", kind_title(kind))),
            };
            format!(
                "<li><a href=\"{}\">{}</a>{badge}<br><small>{}</small></li>\n",
                attribute(&page.href(&format!("letters/{}.md", clause.id))),
                html(&clause.title),
                html(clause.use_when.first().map_or("", String::as_str)),
            )
        };
        let mut out = String::new();
        for (at, group, letters) in self.letter_groups() {
            out.push_str(&format!(
                "{} {} {{#{prefix}-group-{at}}}\n\n<ul>\n{}</ul>\n\n",
                "#".repeat(level),
                inline(group),
                letters.iter().map(line).collect::<String>(),
            ));
        }
        out
    }

    pub(super) fn articles_index(&self) -> Page {
        let mut page = Page::made(&generated::ARTICLES);
        page.block("从条文出发：哪些案例、问答、文书、政策用到了它。");
        for entry in self.corpus.laws_by_weight() {
            let law = &entry.header;
            let articles: Vec<_> = self.links.articles().filter(|(id, _)| *id == law.id).collect();
            if articles.is_empty() {
                continue;
            }
            page.heading(2, &law.short, &format!("articles-{}", law.id));
            for (_, article) in articles {
                let heading = law.note(article).map(|n| n.heading.as_str()).unwrap_or_default();
                let link = self.citation_link(&page, &law.id, article, &article.to_string());
                let lines = self.citing_list(&page, &law.id, article);
                page.block(format!(
                    "<details class=\"gk-citedby\"><summary>{link}　{}（{}）</summary>\n<ul>\n{}</ul>\n</details>",
                    html(heading),
                    lines.len(),
                    lines.concat()
                ));
            }
        }
        page
    }

    pub(super) fn outcomes_index(&self) -> Page {
        let mut page = Page::made(&generated::OUTCOMES);
        page.block("从答复情形出发：依据、救济、年报栏，以及手册里的文书、案例、问答。");
        let mut group = "";
        let mut groups = 0;
        for outcome in &self.corpus.rules.outcomes {
            let about = self.about(&outcome.id);
            if about.is_empty() {
                continue;
            }
            if outcome.group != group {
                group = &outcome.group;
                groups += 1;
                page.heading(2, group, &format!("outcomes-{groups}"));
            }
            page.heading(3, &outcome.title, &format!("outcome-{}", outcome.id));
            let remedy: Vec<&str> = outcome
                .remedy
                .iter()
                .filter_map(|row| self.corpus.remedy(row))
                .map(|class| class.title.as_str())
                .collect();
            let facts = [
                ("依据", self.linked(&page, &outcome.grounds.join("；"), None)),
                ("救济", html(&outcome.remedy_summary(&remedy))),
                ("年报栏", html(outcome.annual_row.as_deref().unwrap_or_default())),
                ("核实程度", badge("confidence", outcome.confidence.label())),
            ];
            page.facts(&facts);
            let lines: String = about
                .iter()
                .filter_map(|citing| {
                    let (path, title) = self.target(citing)?;
                    Some(format!(
                        "<li><span class=\"gk-kind\">{}</span> <a href=\"{}\">{}</a></li>\n",
                        citing.kind.label(),
                        attribute(&page.href(&path)),
                        html(&title)
                    ))
                })
                .collect();
            page.block(format!("<ul class=\"gk-related\">\n{lines}</ul>"));
        }
        page
    }

    /// How much there is, for the front page.
    pub(super) fn counts(&self) -> String {
        let corpus = self.corpus;
        let notes: usize = corpus.laws.values().map(|e| e.header.notes.len()).sum();
        let counts = [
            (corpus.laws.len(), "部法规"),
            (notes, "条要点"),
            (corpus.policies.len(), "份政策"),
            (corpus.cases.len(), "个案例"),
            (corpus.questions.len(), "个问答"),
            (corpus.clauses.len(), "份文书"),
            (corpus.quizzes.values().map(|e| e.header.items.len()).sum(), "道自测题"),
            (corpus.drills.len(), "个演练"),
        ];
        let items: String = counts
            .iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, what)| format!("<span><strong>{n}</strong> {what}</span>\n"))
            .collect();
        format!("<div class=\"gk-counts\">\n{items}</div>")
    }
}
