//! The papers around a letter (审批单, 呈批说明, 送达回证, 信封, 案卷目录), filled from the same answers.

use super::block::Letter;
use super::facts::Dossier;
use super::replies;
use super::request::{Answer, Answers, Request, fields};
use crate::calendar::Date;
use crate::corpus::{Agency, Clause, Corpus, Parameter, ParameterType};
use std::collections::{BTreeMap, BTreeSet};

/// Ids of the papers, in the order in which they are used.
pub const PAPERS: [&str; 5] =
    ["approval-sheet", "submission-note", "proof-of-service", "envelope", "case-index"];

/// The table of a request file that holds what only the papers print.
pub const TABLE: &str = "pack";

/// The fields of the papers that no letter gives: they may stand in the table [`TABLE`].
#[must_use]
pub fn own_fields<'a>(corpus: &'a Corpus, request: &Request) -> Vec<&'a Parameter> {
    let mut seen = BTreeSet::new();
    let papers = PAPERS.iter().filter_map(|id| corpus.clauses.get(*id));
    papers
        .flat_map(|entry| fields(corpus, &entry.header))
        .filter(|p| !request.answers.contains_key(&p.name) && seen.insert(p.name.as_str()))
        .collect()
}

/// What one of the papers says, as far as it follows from the letter, its events, the agency's settings and what was
/// written for the papers (`own`). Everything else stays empty, to be written in by hand.
#[must_use]
pub fn answers(corpus: &Corpus, paper: &Clause, about: &About<'_>) -> Answers {
    let facts = about.facts(corpus);
    fields(corpus, paper)
        .into_iter()
        .filter_map(|p| {
            let known = [about.own.get(&p.name), facts.get(&p.name), about.request.answers.get(&p.name)];
            let setting = || {
                let text = p.agency.as_deref().and_then(|key| about.agency.get(key))?;
                Some(Answer::Text(text.to_owned()))
            };
            let found = known.into_iter().flatten().find(|a| fits(p, a)).cloned();
            Some((p.name.clone(), found.or_else(setting)?))
        })
        .collect()
}

/// The required fields of a paper that nothing gives: without them it is not made.
#[must_use]
pub fn lacking<'a>(corpus: &'a Corpus, paper: &'a Clause, answers: &Answers) -> Vec<&'a Parameter> {
    fields(corpus, paper).into_iter().filter(|p| p.required && !answers.contains_key(&p.name)).collect()
}

/// What the papers are about.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The request for the letter.
    pub request: &'a Request,
    /// The letter itself.
    pub letter: &'a Letter,
    /// What only the papers print.
    pub own: &'a Answers,
    /// The agency's settings.
    pub agency: &'a Agency,
}

impl About<'_> {
    /// What follows from the letter.
    fn facts(&self, corpus: &Corpus) -> Answers {
        let request = self.request;
        let mut all = Answers::new();
        let mut text = |name: &str, text: String| {
            if !text.is_empty() {
                all.insert(name.to_owned(), Answer::Text(text));
            }
        };
        let clause = corpus.clauses.get(&request.letter).map(|e| &e.header);
        text("letter_title", clause.map(|c| c.heading.clone()).unwrap_or_default());
        text("outcome_title", self.outcome(corpus));
        text("grounds_text", self.grounds(corpus));
        text("recipient_name", line(request.answers.get("applicant")));
        text("request_text", self.request_text());
        if let Some(Answer::Date(date)) = request.answers.get("date") {
            all.insert("letter_date".to_owned(), Answer::Date(*date));
        }
        if let Some(due) = request.dossier.as_ref().and_then(deadline) {
            all.insert("deadline".to_owned(), Answer::Date(due));
        }
        if let Some(dossier) = &request.dossier {
            for (name, fact) in dossier.facts() {
                all.entry(name).or_insert(fact);
            }
        }
        all.insert("materials".to_owned(), Answer::Rows(self.materials()));
        all
    }

    /// 信息不存在; for several items 第一项：部分公开；第二项：信息不存在.
    fn outcome(&self, corpus: &Corpus) -> String {
        let title = |letter: &str| {
            let outcome = corpus.clauses.get(letter).and_then(|c| corpus.outcome(&c.header.outcome));
            outcome.map_or(String::new(), |o| o.title.clone())
        };
        let items = replies::of(self.request);
        if items.is_empty() {
            return title(&self.request.letter);
        }
        let item = |(at, reply): (usize, &super::Reply)| {
            format!("{}：{}", replies::ordinal(at), title(&reply.letter))
        };
        items.iter().enumerate().map(item).collect::<Vec<_>>().join("；")
    }

    /// The provisions that the clauses rest on.
    fn grounds(&self, corpus: &Corpus) -> String {
        let items = replies::of(self.request).iter().map(|r| r.letter.as_str());
        let letters: Vec<&str> = if items.len() == 0 { vec![&self.request.letter] } else { items.collect() };
        let mut seen = BTreeSet::new();
        let cites = letters.iter().filter_map(|id| corpus.clauses.get(*id)).flat_map(|c| &c.header.cites);
        cites.filter(|c| seen.insert(c.as_str())).cloned().collect::<Vec<_>>().join("、")
    }

    /// The application's words; those of several items one after the other.
    fn request_text(&self) -> String {
        let items = replies::of(self.request);
        if items.is_empty() {
            return line(self.request.answers.get("request_text"));
        }
        let item = |(at, reply): (usize, &super::Reply)| {
            format!("{}：{}", replies::ordinal(at), line(reply.answers.get("request_text")))
        };
        items.iter().enumerate().map(item).collect::<Vec<_>>().join("\n")
    }

    /// What the file will hold, in the order of the case; numbers of pages are written in by hand.
    fn materials(&self) -> Vec<BTreeMap<String, String>> {
        let date = |name: &str| match self.request.answers.get(name) {
            Some(Answer::Date(date)) => date.official(),
            _ => String::new(),
        };
        let number = line(self.request.answers.get("number"));
        let replied = date("date");
        let mut rows: Vec<(&str, String, String)> = vec![
            ("政府信息公开申请及身份证明", String::new(), date("received_date")),
            ("登记回执", String::new(), String::new()),
        ];
        if self.request.answers.contains_key("corrected_date") {
            rows.push(("补正告知书及送达凭证", String::new(), String::new()));
            rows.push(("补正后的申请", String::new(), date("corrected_date")));
        }
        rows.push(("检索记录", String::new(), self.item_date("search_date")));
        if !self.item_date("consulted_date").is_empty() {
            rows.push(("征求意见书及送达凭证", String::new(), self.item_date("consulted_date")));
            rows.push(("第三方的书面意见", String::new(), self.item_date("opinion_date")));
        }
        rows.push(("呈批说明和审批单", String::new(), String::new()));
        rows.push((&self.letter.title, number, replied));
        rows.push(("送达回证和交邮凭证", String::new(), String::new()));
        let row = |(name, number, date): (&str, String, String)| {
            let cells = [("name", name.to_owned()), ("document_number", number), ("material_date", date)];
            cells.into_iter().filter(|(_, t)| !t.is_empty()).map(|(k, t)| (k.to_owned(), t)).collect()
        };
        rows.into_iter().map(row).collect()
    }

    /// A date of the letter, or of the first item that has it.
    fn item_date(&self, name: &str) -> String {
        let items = replies::of(self.request).iter().filter_map(|r| r.answers.get(name));
        match self.request.answers.get(name).or_else(|| items.into_iter().next()) {
            Some(Answer::Date(date)) => date.official(),
            _ => String::new(),
        }
    }
}

/// The last day for the reply, extensions included.
fn deadline(dossier: &Dossier) -> Option<Date> {
    let due = |id: &str| dossier.status.terms.iter().find(|t| t.id == id).and_then(|t| t.due).map(|d| d.date);
    due("extension").or_else(|| due("reply"))
}

fn line(answer: Option<&Answer>) -> String {
    match answer {
        Some(Answer::Text(text)) => text.clone(),
        _ => String::new(),
    }
}

/// Whether an answer can stand in a field of that kind.
fn fits(parameter: &Parameter, answer: &Answer) -> bool {
    match (parameter.kind, answer) {
        (ParameterType::Text, Answer::Text(_))
        | (ParameterType::Date, Answer::Date(_))
        | (ParameterType::Count, Answer::Count(_))
        | (ParameterType::List, Answer::List(_)) => true,
        (ParameterType::Line, Answer::Text(text)) => !text.contains('\n'),
        (ParameterType::Choice, Answer::Text(text)) => parameter.choices.contains(text),
        (ParameterType::Rows, Answer::Rows(rows)) => {
            rows.iter().flat_map(BTreeMap::keys).all(|key| parameter.columns.iter().any(|c| c.name == *key))
        }
        _ => false,
    }
}
