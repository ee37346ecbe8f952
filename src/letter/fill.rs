//! A request becomes a [`Letter`].

use super::block::{Block, FormCell, FormRow, Letter};
use super::origin::{self, Snapshot};
use super::replies;
use super::request::{Answer, Answers, Request, fields};
use super::rules;
use super::template::{Lines, Prepared, Templates, Values, token, worded};
use crate::corpus::{Clause, Column, Corpus, Entry, PageLayout, Parameter, ParameterType};
use crate::text::{Diagnostic, Place, Report};
use handlebars::{RenderError, RenderErrorReason};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;

/// Fills one letter. The request must have been read against the same corpus; mistakes of the templates go to
/// `report`, and then there is no letter.
pub fn fill(corpus: &Corpus, request: &Request, report: &mut Report) -> Option<Letter> {
    Filler::new(corpus).fill(request, report)
}

/// Fills letters one after the other; each template is compiled once.
pub struct Filler<'a> {
    corpus: &'a Corpus,
    snapshot: Snapshot,
    values: Values,
    prepared: BTreeMap<String, Prepared>,
}

impl<'a> Filler<'a> {
    /// A filler for the templates of this corpus.
    #[must_use]
    pub fn new(corpus: &'a Corpus) -> Self {
        Self { corpus, snapshot: Snapshot::of(corpus), values: Values::default(), prepared: BTreeMap::new() }
    }

    /// Fills a letter, as [`fill`] does.
    pub fn fill(&mut self, request: &Request, report: &mut Report) -> Option<Letter> {
        let corpus = self.corpus;
        let clause = corpus.clauses.get(&request.letter)?;
        let contested = replies::contested(corpus, request);
        let remedies = match worded(corpus, &contested, request.asked(corpus)) {
            Ok(remedies) => remedies,
            Err(refused) => {
                let date = request.places.get("date").cloned();
                let place = date.unwrap_or_else(|| Place::new(&clause.path, 0..0));
                let hint = "核对落款日期；更早的文书请找法制机构核对当时的法律";
                report.push(Diagnostic::error("remedy-date", place, refused.to_string()).hint(hint));
                return None;
            }
        };
        let failed = |message: String| {
            let place = Place::new(&clause.path, clause.body.clone());
            let message = format!("《{}》的模板{message}", clause.header.title);
            Diagnostic::error("template", place, message).hint("用 gongkai check 检查模板")
        };
        let lines = match self.lines(clause, request, &remedies) {
            Ok(lines) => lines,
            Err(error) => {
                report.push(failed(format!("不能用：{error}")));
                return None;
            }
        };
        let mut wrong = unprinted(corpus, request, &lines);
        wrong.extend(doubled(corpus, request, &lines));
        if !wrong.is_empty() {
            wrong.into_iter().for_each(|d| report.push(d));
            return None;
        }
        let blocks = match blocks(&lines) {
            Ok(blocks) => blocks,
            Err(message) => {
                report.push(failed(message));
                return None;
            }
        };
        let author = match request.answers.get("agency_name") {
            Some(Answer::Text(name)) => name.clone(),
            _ => String::new(),
        };
        let layout = corpus.shells.get(&clause.header.shell).map(|s| s.header.layout).unwrap_or_default();
        // Forms and envelopes have no red head that could look otherwise.
        let red = matches!(layout, PageLayout::Official | PageLayout::Letter);
        let layout = request.layout.filter(|_| red).unwrap_or(layout);
        let origin = self.origin(request);
        let letter = Letter { title: clause.header.title.clone(), author, layout, blocks, origin };
        let mut broken = Report::default();
        rules::audit(corpus, request, &letter, &mut broken);
        let fine = !broken.has_errors();
        broken.sorted().into_iter().for_each(|d| report.push(d));
        fine.then_some(letter)
    }

    /// The lines of the letter, with those of its replies where it answers item by item.
    fn lines(
        &mut self,
        clause: &Entry<Clause>,
        request: &Request,
        remedies: &[(String, String)],
    ) -> Result<Lines, RenderError> {
        if let Ok(mut values) = self.values.lock() {
            values.clear();
        }
        let replies = replies::of(request);
        if replies.is_empty() {
            let data = data(self.corpus, clause, &request.answers);
            let prepared = self.prepared(clause)?;
            prepared.set_remedy(remedies)?;
            let text = prepared.render("shell", &data)?;
            return Ok(Lines::new(text, &self.values));
        }
        let (mut items, mut attached) = (String::new(), String::new());
        let mut abbreviated = false;
        for (at, reply) in replies.iter().enumerate() {
            let Some(own) = self.corpus.clauses.get(&reply.letter) else { continue };
            let data = data(self.corpus, own, &replies::alone(request, reply).answers);
            if replies.len() > 1 {
                items.push_str(&format!("## {}、关于{}申请\n", replies::number(at), replies::ordinal(at)));
            }
            if let Some(Answer::Text(text)) = reply.answers.get("request_text") {
                let which = if replies.len() > 1 { replies::ordinal(at) } else { String::new() };
                items.push_str(&format!("{which}申请内容原文如下：\n{}\n", token(&self.values, text)));
            }
            let prepared = self.prepared(own)?;
            let mut said = prepared.render("clause", &data)?.replace(replies::LETTER, replies::WHOLE);
            attached.push_str(&prepared.attachments(&data)?);
            // 《条例》 is introduced once.
            if abbreviated {
                said =
                    said.replace(&format!("{REGULATION}{SHORT}"), "《条例》").replace(REGULATION, "《条例》");
            }
            abbreviated |= said.contains(SHORT);
            items.push_str(&said);
            if !said.ends_with('\n') {
                items.push('\n');
            }
        }
        let remedies: Vec<(String, String)> =
            remedies.iter().map(|(title, text)| (title.clone(), replies::joined(text))).collect();
        let data = data(self.corpus, clause, &request.answers);
        let prepared = self.prepared(clause)?;
        prepared.set_remedy(&remedies)?;
        let text = prepared.render("shell", &data)?;
        Ok(Lines::new(Lines::with_replies(&text, &items, &attached), &self.values))
    }

    /// Where the letter comes from: its templates were compiled to fill it.
    fn origin(&self, request: &Request) -> Vec<(String, String)> {
        let items = replies::of(request).iter().map(|r| &r.letter);
        let ids = std::iter::once(&request.letter).chain(items);
        let prepared: Vec<&Prepared> = ids.filter_map(|id| self.prepared.get(id)).collect();
        origin::properties(request, &self.snapshot, &prepared)
    }

    fn prepared(&mut self, clause: &Entry<Clause>) -> Result<&mut Prepared, RenderError> {
        match self.prepared.entry(clause.header.id.clone()) {
            Slot::Occupied(slot) => Ok(slot.into_mut()),
            Slot::Vacant(slot) => {
                let templates = Templates::new(self.corpus, clause, &[]);
                let missing = || RenderErrorReason::TemplateNotFound(clause.header.shell.clone());
                let templates = templates.ok_or_else(missing)?;
                let versions = origin::versions(self.corpus, &clause.header);
                Ok(slot.insert(Prepared::new(&templates, versions, &self.values)?))
            }
        }
    }
}

/// The regulation's full name, and how it is introduced.
const REGULATION: &str = "《中华人民共和国政府信息公开条例》";
const SHORT: &str = "（以下简称《条例》）";

/// The fields of a letter for its templates.
fn data(corpus: &Corpus, clause: &Entry<Clause>, answers: &Answers) -> Json {
    let mut data = Map::new();
    data.insert("heading".into(), Json::from(clause.header.heading.clone()));
    data.insert("closing".into(), Json::from(clause.header.closing.clone()));
    for parameter in fields(corpus, &clause.header) {
        if parameter.kind != ParameterType::Replies {
            data.insert(parameter.name.clone(), value(parameter, answers));
        }
    }
    Json::Object(data)
}

/// Answers that a person gave and that the letter does not print: it would look as if they stood in it.
fn unprinted(corpus: &Corpus, request: &Request, lines: &Lines) -> Vec<Diagnostic> {
    let printed = |answer: &Answer| match answer {
        Answer::Text(text) => lines.holds(text),
        Answer::Date(date) => lines.holds(&date.official()),
        Answer::Count(n) => lines.holds(&n.to_string()),
        Answer::List(all) => all.iter().all(|text| lines.holds(text)),
        Answer::Rows(rows) => rows.iter().flat_map(BTreeMap::values).all(|text| lines.holds(text)),
        // Their own answers are looked at one by one.
        Answer::Replies(_) => true,
    };
    let mut all = vec![];
    for part in replies::parts(corpus, request) {
        // A choice may only decide which sentence is printed.
        for p in part.fields.iter().filter(|p| p.kind != ParameterType::Choice) {
            let (Some(place), Some(answer)) = (part.places.get(&p.name), part.answers.get(&p.name)) else {
                continue;
            };
            if !printed(answer) {
                let message = format!("填了「{}」（{}），但文书不会印出它", p.label, p.name);
                let hint = format!("它要和别的内容一起填才用得上；用不上就清空。填法：{}", p.help);
                all.push(Diagnostic::error("not-printed", place.clone(), message).hint(hint));
            }
        }
    }
    all
}

/// Answers that end with a mark where the letter sets its own.
fn doubled(corpus: &Corpus, request: &Request, lines: &Lines) -> Vec<Diagnostic> {
    let doubled = lines.doubled();
    let mut all = vec![];
    for part in replies::parts(corpus, request) {
        for p in &part.fields {
            let (Some(place), Some(Answer::Text(text))) =
                (part.places.get(&p.name), part.answers.get(&p.name))
            else {
                continue;
            };
            if doubled.contains(&text.as_str()) {
                let message = format!("「{}」（{}）末尾多了一个标点", p.label, p.name);
                let hint = "文书在它后面自己会加标点，删去末尾的标点";
                all.push(Diagnostic::error("doubled-mark", place.clone(), message).hint(hint));
            }
        }
    }
    all
}

/// A field's value for the templates; fields without an answer are empty, which `{{#if}}` takes as false.
fn value(parameter: &Parameter, answers: &Answers) -> Json {
    match answers.get(&parameter.name) {
        Some(Answer::Text(text)) => Json::from(text.clone()),
        Some(Answer::Date(date)) => Json::from(date.official()),
        Some(Answer::Count(n)) => Json::from(*n),
        Some(Answer::List(lines)) => Json::from(lines.clone()),
        Some(Answer::Rows(rows)) => {
            Json::Array(rows.iter().map(|row| row_value(row, &parameter.columns)).collect())
        }
        // Rendered on their own.
        Some(Answer::Replies(_)) => Json::Null,
        None if matches!(parameter.kind, ParameterType::List | ParameterType::Rows) => Json::Array(vec![]),
        None => Json::from(""),
    }
}

fn row_value(row: &BTreeMap<String, String>, columns: &[Column]) -> Json {
    let cell = |c: &Column| (c.name.clone(), Json::from(row.get(&c.name).cloned().unwrap_or_default()));
    Json::Object(columns.iter().map(cell).collect())
}

/// Lines of a rendered template as blocks. What is wrong with the template is said in Chinese.
fn blocks(lines: &Lines) -> Result<Vec<Block>, String> {
    let mut all: Vec<Block> = vec![];
    let mut signer: Option<String> = None;
    for line in lines.text.lines() {
        let (word, rest) = match line.strip_prefix('@') {
            Some(rest) => rest.split_once(' ').unwrap_or((rest, "")),
            None => ("", line),
        };
        let text = lines.resolve(rest).trim().to_owned();
        match word {
            "" => paragraph(lines, line, &mut all),
            "title" => all.push(Block::Title(lines.resolve(&rest.replace("\\n", "\n")).trim().to_owned())),
            "number" => all.push(Block::Number(text)),
            "to" => all.push(Block::Addressee(text.trim_end_matches(['：', ':']).to_owned())),
            "note" => all.push(Block::Note(text)),
            "table" => all.push(Block::Table { head: cells(lines, rest), rows: vec![] }),
            "row" => match all.last_mut() {
                Some(Block::Table { head, rows }) => {
                    let row = cells(lines, rest);
                    if row.len() != head.len() {
                        return Err(format!("有一行表格是 {} 格，表头是 {} 格", row.len(), head.len()));
                    }
                    rows.push(row);
                }
                _ => return Err("里 @row 前面没有 @table".to_owned()),
            },
            "form" => all.push(Block::Form { columns: widths(rest)?, rows: vec![] }),
            "line" | "tall" => match all.last_mut() {
                Some(Block::Form { columns, rows }) => {
                    let row = form_row(lines, rest, word == "tall")?;
                    if row.cells.len() > columns.len() {
                        return Err(format!(
                            "有一行表单是 {} 格，只有 {} 列",
                            row.cells.len(),
                            columns.len()
                        ));
                    }
                    rows.push(row);
                }
                _ => return Err(format!("里 @{word} 前面没有 @form")),
            },
            "attachment" if text.is_empty() => {}
            "attachment" => match all.last_mut() {
                Some(Block::Attachments(names)) => names.push(text),
                _ => all.push(Block::Attachments(vec![text])),
            },
            "signature" if signer.is_some() => return Err("里有两个 @signature".to_owned()),
            "signature" => signer = Some(text),
            "date" => match signer.take() {
                Some(name) => all.push(Block::Signature { name, date: text }),
                None => return Err("里 @date 前面没有 @signature".to_owned()),
            },
            other => return Err(format!("里有不认识的 @{other}")),
        }
    }
    if signer.is_some() {
        return Err("里 @signature 后面没有 @date".to_owned());
    }
    Ok(all)
}

/// `@form 20 30 20 30`
fn widths(rest: &str) -> Result<Vec<usize>, String> {
    let widths: Option<Vec<usize>> =
        rest.split_whitespace().map(|w| w.parse().ok().filter(|w| *w > 0)).collect();
    widths
        .filter(|w| (1..=12).contains(&w.len()))
        .ok_or_else(|| "里 @form 后面要写各列的宽度，例如 @form 20 30 20 30".to_owned())
}

/// `*申请人|{{applicant}}`: a cell that the template begins with `*` is a label. A tall row says first how many lines.
fn form_row(lines: &Lines, rest: &str, tall: bool) -> Result<FormRow, String> {
    let (height, rest) = if tall {
        let (height, rest) = rest.trim_start().split_once(' ').unwrap_or((rest, ""));
        let height = height.parse().ok().filter(|n| (1..=30).contains(n));
        (height.ok_or("里 @tall 后面要先写几行高，例如 @tall 5 *意见|")?, rest)
    } else {
        (0, rest)
    };
    let cell = |raw: &str| {
        let raw = raw.trim();
        let (label, raw) = raw.strip_prefix('*').map_or((false, raw), |raw| (true, raw));
        FormCell { text: lines.resolve(&raw.replace("\\n", "\n")).trim().to_owned(), label }
    };
    Ok(FormRow { lines: height, cells: rest.split('|').map(cell).collect() })
}

fn paragraph(lines: &Lines, line: &str, all: &mut Vec<Block>) {
    if let Some(heading) = line.strip_prefix("### ") {
        all.push(Block::Subheading(lines.resolve(heading).trim().to_owned()));
        return;
    }
    if let Some(heading) = line.strip_prefix("## ") {
        all.push(Block::Heading(lines.resolve(heading).trim().to_owned()));
        return;
    }
    // A field of several paragraphs stands alone on its line; in any other line a break in a value is a blank.
    let several = lines.only_value(line).map(|value| value.lines().map(str::to_owned).collect::<Vec<_>>());
    for text in several.unwrap_or_else(|| vec![lines.resolve(line).replace(['\n', '\r'], " ")]) {
        let text = text.trim();
        if !text.is_empty() {
            all.push(Block::Paragraph(text.to_owned()));
        }
    }
}

fn cells(lines: &Lines, rest: &str) -> Vec<String> {
    rest.split('|').map(|cell| lines.resolve(cell).trim().to_owned()).collect()
}
