//! A request file: which letter, and what is to stand in it. Read, checked all at once, and written as a
//! skeleton whose comments explain every field.

use super::facts::Dossier;
use super::{labels, pack};
use crate::calendar::Date;
use crate::citation;
use crate::clock::History;
use crate::corpus::tree::{Entry as KeyValue, Node, Value};
use crate::corpus::{Agency, Choices, Clause, Corpus, Entry, PageLayout, Parameter, ParameterType, schema};
use crate::remedy::Asked;
use crate::text::{Diagnostic, Place, Report, forbidden, nearest};
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// One answer, by kind of field. Fields left empty have none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A line, a choice, or several paragraphs.
    Text(String),
    /// A date.
    Date(Date),
    /// A whole number.
    Count(u32),
    /// Lines.
    List(Vec<String>),
    /// Rows of a table, by column name.
    Rows(Vec<BTreeMap<String, String>>),
    /// Items of the application, each with its own answer.
    Replies(Vec<Reply>),
}

/// What one item of the application is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Id of the clause.
    pub letter: String,
    /// The answers that are its own.
    pub answers: Answers,
    /// Where each of them stands that a person gave.
    pub places: BTreeMap<String, Place>,
}

/// What was answered, by field name.
pub type Answers = BTreeMap<String, Answer>;

/// Name under which values of the command line are reported.
pub const COMMAND_LINE: &str = "命令行";

/// A letter that was asked for, complete and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Id of the clause.
    pub letter: String,
    /// Its answers; what the agency's settings gave included.
    pub answers: Answers,
    /// Where each answer stands that a person gave.
    pub places: BTreeMap<String, Place>,
    /// Kind of organ, from the agency's settings.
    pub organ: Option<String>,
    /// What the agency chose on the points that the law leaves open.
    pub choices: Choices,
    /// How letters with a red head stand on paper, where the agency chose.
    pub layout: Option<PageLayout>,
    /// The events of the request, where its file has them.
    pub dossier: Option<Dossier>,
}

/// What is read: the request file and what goes over it.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Path for messages.
    pub path: &'a str,
    /// Text of the file.
    pub text: &'a str,
    /// `name = value` pairs that replace those of the file (`--set`, `--date`). Their places count in a text that has
    /// one `name=value` on each line, called [`COMMAND_LINE`].
    pub set: &'a [(String, String)],
}

/// The fields of a letter: those of its shell, then its own.
#[must_use]
pub fn fields<'a>(corpus: &'a Corpus, clause: &'a Clause) -> Vec<&'a Parameter> {
    let shell = corpus.shells.get(&clause.shell);
    shell.iter().flat_map(|s| &s.header.parameters).chain(&clause.parameters).collect()
}

/// The fields of one of several answers: those that the reply as a whole does not have already.
#[must_use]
pub fn item_fields<'a>(corpus: &'a Corpus, clause: &'a Clause, whole: &[&Parameter]) -> Vec<&'a Parameter> {
    let own = |p: &&Parameter| whole.iter().all(|w| w.name != p.name);
    fields(corpus, clause).into_iter().filter(own).collect()
}

/// The letters whose words may be one of several answers.
pub fn items(corpus: &Corpus) -> impl Iterator<Item = &Entry<Clause>> {
    let fits = |c: &&Entry<Clause>| corpus.shells.get(&c.header.shell).is_some_and(|s| s.header.item);
    corpus.clauses_by_outcome().into_iter().filter(fits)
}

/// The JSON Schema of a letter's request file. Fields that the agency's settings fill are not required.
#[must_use]
pub fn request_schema(corpus: &Corpus, clause: &Clause, agency: &Agency) -> Json {
    schema_of(&clause.title, &fields(corpus, clause), agency)
}

fn schema_of(title: &str, parameters: &[&Parameter], agency: &Agency) -> Json {
    let mut properties = Map::new();
    properties.insert("letter".into(), json!({ "type": "string", "title": "文书", "minLength": 1 }));
    let mut required = vec![Json::from("letter")];
    for parameter in parameters {
        let settled = parameter.agency.as_deref().is_some_and(|key| agency.get(key).is_some());
        let must = parameter.required && !settled;
        properties.insert(parameter.name.clone(), property(parameter, must));
        if must {
            required.push(Json::from(parameter.name.clone()));
        }
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn property(parameter: &Parameter, must: bool) -> Json {
    let mut out = match parameter.kind {
        ParameterType::Line | ParameterType::Text => json!({ "type": "string" }),
        ParameterType::Date => json!({ "type": "string", "format": "date" }),
        ParameterType::Count => {
            json!({ "type": "integer", "minimum": u32::from(must), "maximum": parameter.max.unwrap_or(u32::MAX) })
        }
        ParameterType::Choice => {
            let mut choices: Vec<&str> = parameter.choices.iter().map(String::as_str).collect();
            if !must {
                choices.push("");
            }
            json!({ "type": "string", "enum": choices })
        }
        ParameterType::List => json!({ "type": "array", "items": { "type": "string" } }),
        ParameterType::Rows => json!({ "type": "array", "items": rows_schema(parameter) }),
        // Which fields a reply has depends on its letter; they are checked one by one.
        ParameterType::Replies => json!({
            "type": "array",
            "items": {
                "type": "object",
                "properties": { "letter": { "type": "string", "title": "文书", "minLength": 1 } },
                "required": ["letter"],
            },
        }),
    };
    if let Some(out) = out.as_object_mut() {
        out.insert("title".into(), Json::from(parameter.label.clone()));
        out.insert("description".into(), Json::from(parameter.help.clone()));
        let least = match parameter.kind {
            ParameterType::List | ParameterType::Rows | ParameterType::Replies => "minItems",
            ParameterType::Count | ParameterType::Choice => "",
            _ => "minLength",
        };
        if must && !least.is_empty() {
            out.insert(least.into(), Json::from(1));
        }
    }
    out
}

fn rows_schema(parameter: &Parameter) -> Json {
    let columns: Map<String, Json> = parameter
        .columns
        .iter()
        .map(|c| {
            let least = u32::from(c.required);
            (
                c.name.clone(),
                json!({ "type": "string", "title": c.label, "description": c.help, "minLength": least }),
            )
        })
        .collect();
    let required: Vec<&str> =
        parameter.columns.iter().filter(|c| c.required).map(|c| c.name.as_str()).collect();
    json!({ "type": "object", "properties": columns, "required": required, "additionalProperties": false })
}

impl Request {
    /// Reads and checks a request. Every missing or wrong field goes to `report`; `None` if there was any.
    pub fn read(corpus: &Corpus, agency: &Agency, input: Input<'_>, report: &mut Report) -> Option<Self> {
        let node = Node::parse(input.path, input.text, 0, report)?;
        Self::of_tree(corpus, agency, (node, input), report)
    }

    /// The same from a tree that came from elsewhere, a row of a table for instance. Its places are those of the text
    /// that `input` names.
    pub fn of_tree(
        corpus: &Corpus,
        agency: &Agency,
        (mut node, input): (Node, Input<'_>),
        report: &mut Report,
    ) -> Option<Self> {
        let before = report.clone();
        labels::letter_to_name(&mut node, input.path, report);
        let clause = named_clause(corpus, &node, input.path, report)?;
        let parameters = fields(corpus, &clause.header);
        labels::to_names(&mut node, &parameters, input.path, report);
        // What only the papers around the letter print.
        if let Value::Table(entries) = &mut node.value {
            entries.retain(|e| e.key != pack::TABLE || !matches!(e.node.value, Value::Table(_)));
        }
        let dossier = dossier(corpus, agency, (&parameters, &mut node), input.path, report);
        let mut facts = dossier.as_ref().map(Dossier::facts).unwrap_or_default();
        // A fact that does not fit its field must not make the field look answered.
        facts.retain(|name, fact| parameters.iter().any(|p| p.name == *name && fits(p, fact)));
        let over = command_line(&parameters, input, report);
        let mut wanted = request_schema(corpus, &clause.header, agency);
        // What the command line gives is not asked of the file.
        if let Some(Json::Array(required)) = wanted.get_mut("required") {
            let given = |key: &str| over.iter().any(|e| e.key == key) || facts.contains_key(key);
            required.retain(|key| !key.as_str().is_some_and(given));
        }
        if let Value::Table(entries) = &mut node.value {
            entries.retain(|e| over.iter().all(|o| o.key != e.key));
        }
        let fine = schema::check(&node, &wanted, input.path, report);
        let over = Node { range: 0..0, value: Value::Table(over) };
        let over_fine = schema::check(&over, &optional(&wanted), COMMAND_LINE, report);
        let given = Given { parameters: &parameters, over: &over, node: &node, facts: &facts };
        let (answers, places) = given.take(corpus, agency, input.path, report);
        // Whatever the reason: a letter with a hole is never made.
        if fine && over_fine {
            for parameter in parameters.iter().filter(|p| p.required && !answers.contains_key(&p.name)) {
                let message = format!("缺少「{}」（{}）", parameter.label, parameter.name);
                let place = place(&parameter.name, (&over, &node), input.path);
                report.push(Diagnostic::error("missing-key", place, message).hint(&parameter.help));
            }
        }
        check_order(&parameters, &answers, |name| place(name, (&over, &node), input.path), report);
        check_replies(corpus, (&parameters, &answers), input.path, report);
        let date = (answers.get("date"), place("date", (&over, &node), input.path));
        check_date(corpus, date, report);
        (fine && over_fine && *report == before).then(|| Self {
            letter: clause.header.id.clone(),
            answers,
            places,
            organ: agency.organ.clone(),
            choices: agency.policy.clone(),
            layout: agency.layout(),
            dossier,
        })
    }

    /// What the remedy of the letter depends on besides its ground.
    #[must_use]
    pub fn asked<'a>(&'a self, corpus: &'a Corpus) -> Asked<'a> {
        let date = match self.answers.get("date") {
            Some(Answer::Date(date)) => *date,
            _ => Date::LAST,
        };
        let organ = self.organ.as_deref().and_then(|organ| corpus.rules.remedies.organ(organ));
        Asked { date, organ, choices: &self.choices }
    }

    /// The request that a clause's examples make: plainly fictional, every field filled.
    #[must_use]
    pub fn example(corpus: &Corpus, clause: &Clause) -> Self {
        Self::example_of(corpus, clause, None)
    }

    /// The same with these letters as answers to the items, where the letter has several.
    #[must_use]
    pub fn example_of(corpus: &Corpus, clause: &Clause, replies: Option<&[&Clause]>) -> Self {
        let whole = fields(corpus, clause);
        let example = |p: &&Parameter| {
            let said = clause.example.get(&p.name).unwrap_or(&p.example);
            let answer = match p.kind {
                ParameterType::Replies => example_replies(corpus, (said, &whole), replies),
                _ => answer_of(p, said),
            };
            Some((p.name.clone(), answer?))
        };
        let answers = whole.iter().filter_map(example).collect();
        Self {
            letter: clause.id.clone(),
            answers,
            places: BTreeMap::new(),
            organ: None,
            choices: Choices::new(),
            layout: None,
            dossier: None,
        }
    }
}

/// What stands in a table of a request file, and what goes over and under it.
struct Given<'a> {
    parameters: &'a [&'a Parameter],
    /// From the command line.
    over: &'a Node,
    node: &'a Node,
    /// From the events.
    facts: &'a Answers,
}

impl Given<'_> {
    /// The answers, with what the agency's settings give, and the places of those that a person gave.
    fn take(
        &self,
        corpus: &Corpus,
        agency: &Agency,
        path: &str,
        report: &mut Report,
    ) -> (Answers, BTreeMap<String, Place>) {
        let (mut answers, mut places) = (Answers::new(), BTreeMap::new());
        for parameter in self.parameters {
            let found = self.over.get(&parameter.name).map(|n| (n, COMMAND_LINE));
            let found = found.or_else(|| self.node.get(&parameter.name).map(|n| (n, path)));
            let answer = match found {
                Some((n, _)) if parameter.kind == ParameterType::Replies => {
                    self.replies(corpus, agency, (n, path), report)
                }
                _ => found.and_then(|(n, path)| answer(parameter, n, path, report)),
            };
            if let (Some((n, path)), false) = (found, parameter.quoted)
                && parameter.kind != ParameterType::Replies
            {
                check_citations(corpus, n, path, report);
            }
            if let (Some((n, path)), Some(_)) = (found, &answer) {
                places.insert(parameter.name.clone(), Place::new(path, n.range.clone()));
            }
            let setting = parameter.agency.as_deref().and_then(|key| agency.get(key));
            let fact = self.facts.get(&parameter.name).cloned();
            if let (Some(said), Some(fact), Some((n, path))) = (&answer, &fact, found)
                && said != fact
                && EVENTS_DECIDE.contains(&parameter.name.as_str())
            {
                let message =
                    format!("「{}」和办理记录（events）不一致，那里是 {}", parameter.label, plain(fact));
                let place = Place::new(path, n.range.clone());
                let hint = "先核对哪一个对；删去这一行就按办理记录填";
                report.push(Diagnostic::error("differs-from-events", place, message).hint(hint));
            }
            if let Some(answer) = answer.or(fact).or_else(|| setting.map(|t| Answer::Text(t.to_owned()))) {
                answers.insert(parameter.name.clone(), answer);
            }
        }
        (answers, places)
    }

    /// The answers to the items of an application, `None` if there is none or one of them is wrong.
    fn replies(
        &self,
        corpus: &Corpus,
        agency: &Agency,
        (node, path): (&Node, &str),
        report: &mut Report,
    ) -> Option<Answer> {
        let mut all = vec![];
        for item in node.items() {
            let mut item = item.clone();
            labels::letter_to_name(&mut item, path, report);
            let clause = named_clause(corpus, &item, path, report)?;
            if !items(corpus).any(|c| c.header.id == clause.header.id) {
                let titles: Vec<&str> = items(corpus).map(|c| c.header.title.as_str()).collect();
                let message = format!("《{}》不能作为几项答复中的一项", clause.header.title);
                let hint = format!("能写的有：{}", titles.join("、"));
                let place = Place::new(path, item.place_of("letter", None));
                report.push(Diagnostic::error("unknown-letter", place, message).hint(hint));
                return None;
            }
            let parameters = item_fields(corpus, &clause.header, self.parameters);
            labels::to_names(&mut item, &parameters, path, report);
            let wanted = schema_of(&clause.header.title, &parameters, agency);
            if !schema::check(&item, &wanted, path, report) {
                return None;
            }
            let nothing = Node { range: 0..0, value: Value::Table(vec![]) };
            let given =
                Given { parameters: &parameters, over: &nothing, node: &item, facts: &Answers::new() };
            let (answers, places) = given.take(corpus, agency, path, report);
            for missing in parameters.iter().filter(|p| p.required && !answers.contains_key(&p.name)) {
                let message = format!("缺少「{}」（{}）", missing.label, missing.name);
                let place = Place::new(path, item.place_of(&missing.name, None));
                report.push(Diagnostic::error("missing-key", place, message).hint(&missing.help));
            }
            all.push(Reply { letter: clause.header.id.clone(), answers, places });
        }
        (!all.is_empty()).then_some(Answer::Replies(all))
    }
}

/// The answers in a table of a request file that is no letter's: each checked by the kind of its field.
#[must_use]
pub fn read_answers(
    corpus: &Corpus,
    (parameters, node): (&[&Parameter], &Node),
    path: &str,
    report: &mut Report,
) -> Answers {
    let optional = optional(&schema_of("", parameters, &Agency::default()));
    if !schema::check(node, &optional, path, report) {
        return Answers::new();
    }
    let nothing = Node { range: 0..0, value: Value::Table(vec![]) };
    let given = Given { parameters, over: &nothing, node, facts: &Answers::new() };
    given.take(corpus, &Agency::default(), path, report).0
}

/// The dates of each reply against each other and against those of the whole.
fn check_replies(
    corpus: &Corpus,
    (whole, answers): (&[&Parameter], &Answers),
    path: &str,
    report: &mut Report,
) {
    for reply in answers.values().filter_map(Answer::replies).flatten() {
        let Some(clause) = corpus.clauses.get(&reply.letter) else { continue };
        let own = item_fields(corpus, &clause.header, whole);
        let all: Answers =
            answers.iter().chain(&reply.answers).map(|(k, v)| (k.clone(), v.clone())).collect();
        let labels = |name: &str| {
            own.iter().chain(whole).find(|p| p.name == name).map_or(String::new(), |p| p.label.clone())
        };
        let place = |name: &str| reply.places.get(name).cloned().unwrap_or_else(|| Place::new(path, 0..0));
        check_dates(&own, &all, (&labels, &place), report);
    }
}

impl Answer {
    /// The replies to several items.
    #[must_use]
    pub fn replies(&self) -> Option<&[Reply]> {
        match self {
            Self::Replies(all) => Some(all),
            _ => None,
        }
    }
}

/// Fields whose value the events decide.
const EVENTS_DECIDE: [&str; 6] = [
    "received_date",
    "corrected_date",
    "submitted_date",
    "request_number",
    "original_deadline",
    "new_deadline",
];

fn plain(answer: &Answer) -> String {
    match answer {
        Answer::Date(date) => date.to_string(),
        Answer::Text(text) => text.clone(),
        _ => String::new(),
    }
}

/// Whether a fact is of the field's kind, and one of its words where it has some.
fn fits(parameter: &Parameter, fact: &Answer) -> bool {
    match (parameter.kind, fact) {
        (ParameterType::Count, Answer::Count(_))
        | (ParameterType::Date, Answer::Date(_))
        | (ParameterType::Line | ParameterType::Text, Answer::Text(_)) => true,
        (ParameterType::Choice, Answer::Text(text)) => parameter.choices.contains(text),
        _ => false,
    }
}

/// Takes the events out of a request file and counts its terms. What other letters of the same request need may stand in
/// the file too: it is taken out as well.
fn dossier(
    corpus: &Corpus,
    agency: &Agency,
    (parameters, node): (&[&Parameter], &mut Node),
    path: &str,
    report: &mut Report,
) -> Option<Dossier> {
    if !History::is_in(node) {
        return None;
    }
    let keys: BTreeSet<String> =
        node.entries().iter().map(|e| e.key.clone()).filter(|k| k != "items" && k != "events").collect();
    let history = History::read(node, path, &keys, report);
    if let Value::Table(entries) = &mut node.value {
        let shared = ["request_number", "applicant", "request_text", "you"];
        let known = |key: &str| parameters.iter().any(|p| p.name == key);
        entries.retain(|e| {
            e.key != "items" && e.key != "events" && (known(&e.key) || !shared.contains(&e.key.as_str()))
        });
    }
    Dossier::new(&corpus.rules, &agency.policy, history?, report)
}

fn place(name: &str, (over, node): (&Node, &Node), path: &str) -> Place {
    match over.get(name) {
        Some(found) => Place::new(COMMAND_LINE, found.range.clone()),
        None => Place::new(path, node.get(name).map_or(0..0, |n| n.range.clone())),
    }
}

/// The schema with nothing required at the top.
fn optional(schema: &Json) -> Json {
    let mut schema = schema.clone();
    if let Some(map) = schema.as_object_mut() {
        map.remove("required");
    }
    schema
}

/// The clause that the key `letter` names.
fn named_clause<'a>(
    corpus: &'a Corpus,
    node: &Node,
    path: &str,
    report: &mut Report,
) -> Option<&'a Entry<Clause>> {
    let ids = || corpus.clauses.keys().map(String::as_str);
    let titles = || corpus.clauses.values().map(|c| c.header.title.as_str());
    let Some(named) = node.get("letter") else {
        let hint = "第一行写 letter = \"文书编号\"；用 gongkai letter list 查编号，用 gongkai letter new 编号 得到空表";
        report.push(
            Diagnostic::error("missing-key", Place::new(path, 0..0), "没有写是哪一种文书（letter）")
                .hint(hint),
        );
        return None;
    };
    let wanted = match &named.value {
        Value::Text(text) => text.as_str(),
        _ => "",
    };
    let found =
        corpus.clauses.get(wanted).or_else(|| corpus.clauses.values().find(|c| c.header.title == wanted));
    if found.is_none() {
        let hint = nearest(wanted, ids().chain(titles())).map_or_else(
            || format!("可以写的有：{}", ids().collect::<Vec<_>>().join("、")),
            |w| format!("您是不是要写 {w}？"),
        );
        let place = Place::new(path, named.range.clone());
        report
            .push(Diagnostic::error("unknown-letter", place, format!("没有「{wanted}」这种文书")).hint(hint));
    }
    found
}

/// The values of the command line as entries of a table, each by the type of its field.
fn command_line(parameters: &[&Parameter], input: Input<'_>, report: &mut Report) -> Vec<KeyValue> {
    let mut all: Vec<KeyValue> = vec![];
    let mut at = 0;
    for (written, value) in input.set {
        let key_range = at..at + written.len();
        let name = labels::named(parameters, written).map_or(written, |p| &p.name);
        if name == "letter" {
            let message = "文书的种类不能在命令行里改";
            let hint = "改申请件里的 letter，或者用 gongkai letter new 另作一张空表";
            report.push(
                Diagnostic::error("unknown-key", Place::new(COMMAND_LINE, key_range.clone()), message)
                    .hint(hint),
            );
        }
        let range = key_range.end + 1..key_range.end + 1 + value.len();
        at = range.end + 1;
        let kind = parameters.iter().find(|p| p.name == *name).map(|p| p.kind);
        if matches!(kind, Some(ParameterType::List | ParameterType::Rows)) {
            let message = format!("「{written}」可以有多条，不能在命令行里填");
            report.push(
                Diagnostic::error("wrong-type", Place::new(COMMAND_LINE, range), message)
                    .hint("把它写进申请件文件里"),
            );
            continue;
        }
        let parsed = value.parse().ok().filter(|_| kind == Some(ParameterType::Count));
        let value = parsed.map_or_else(|| Value::Text(value.clone()), Value::Integer);
        all.retain(|e| e.key != *name);
        all.push(KeyValue { key: name.clone(), key_range, node: Node { range, value } });
    }
    all
}

/// What a field's node says, `None` where it is empty. Characters that cannot stand in a letter are reported.
fn answer(parameter: &Parameter, node: &Node, path: &str, report: &mut Report) -> Option<Answer> {
    let mut text = |node: &Node, several: bool| -> Option<String> {
        let (Value::Text(text) | Value::Date(text)) = &node.value else { return None };
        check_characters(parameter, (text, several), Place::new(path, node.range.clone()), report);
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    match parameter.kind {
        ParameterType::Line | ParameterType::Choice => text(node, false).map(Answer::Text),
        ParameterType::Text => text(node, true).map(Answer::Text),
        ParameterType::Date => text(node, false).as_deref().and_then(Date::parse).map(Answer::Date),
        ParameterType::Count => match node.value {
            // Forms write 0 where an optional number is left open.
            Value::Integer(0) if !parameter.required => None,
            Value::Integer(n) => u32::try_from(n).ok().map(Answer::Count),
            _ => None,
        },
        ParameterType::List => {
            let lines: Vec<String> = node.items().iter().filter_map(|n| text(n, false)).collect();
            (!lines.is_empty()).then_some(Answer::List(lines))
        }
        ParameterType::Rows => {
            let rows: Vec<BTreeMap<String, String>> = node
                .items()
                .iter()
                .map(|row| {
                    row.entries()
                        .iter()
                        .filter_map(|e| Some((e.key.clone(), text(&e.node, false)?)))
                        .collect()
                })
                .collect();
            (!rows.is_empty()).then_some(Answer::Rows(rows))
        }
        // Read where the corpus is at hand.
        ParameterType::Replies => None,
    }
}

fn check_characters(parameter: &Parameter, (text, several): (&str, bool), place: Place, report: &mut Report) {
    if !several && text.trim().contains(['\n', '\r']) {
        let message = format!("「{}」（{}）只能写一行", parameter.label, parameter.name);
        report.push(Diagnostic::error("line-break", place.clone(), message).hint("删去换行"));
    }
    if let Some(c) = text.chars().find(|c| forbidden(*c)) {
        let message = format!(
            "「{}」（{}）里有不能写进文书的字符 U+{:04X}",
            parameter.label,
            parameter.name,
            u32::from(c)
        );
        let hint =
            "这是看不见的控制字符或别的电脑显示不出来的字符，多半是从网页或 PDF 里复制来的；删去后重新输入";
        report.push(Diagnostic::error("bad-character", place, message).hint(hint));
    }
}

/// Articles named in an answer must exist: it goes out in a letter.
fn check_citations(corpus: &Corpus, node: &Node, path: &str, report: &mut Report) {
    match &node.value {
        Value::Text(text) => {
            for found in citation::find(text, &corpus.names, &citation::Context::default()) {
                let Some(citation::Law::Known(law)) = &found.law else { continue };
                let Some(entry) = corpus.laws.get(law) else { continue };
                for place in found.provisions() {
                    if let Err(valid) = entry.header.locate(place) {
                        let message = format!("《{}》没有{place}这样的条文", entry.header.short);
                        let place = Place::new(path, node.range.clone());
                        report.push(Diagnostic::error("no-such-article", place, message).hint(valid));
                    }
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| check_citations(corpus, item, path, report)),
        Value::Table(entries) => entries.iter().for_each(|e| check_citations(corpus, &e.node, path, report)),
        _ => {}
    }
}

/// Dates that must not be earlier, or not later, than another.
fn check_order(
    parameters: &[&Parameter],
    answers: &Answers,
    place: impl Fn(&str) -> Place,
    report: &mut Report,
) {
    let label =
        |name: &str| parameters.iter().find(|p| p.name == name).map_or(String::new(), |p| p.label.clone());
    check_dates(parameters, answers, (&label, &place), report);
}

/// How a field is called, and where its answer stands.
type Named<'a> = (&'a dyn Fn(&str) -> String, &'a dyn Fn(&str) -> Place);

fn check_dates(parameters: &[&Parameter], answers: &Answers, (label, place): Named<'_>, report: &mut Report) {
    for parameter in parameters {
        let pairs = [(&parameter.not_before, "早于"), (&parameter.not_after, "晚于")];
        for (other, word) in pairs.into_iter().filter_map(|(other, word)| Some((other.as_deref()?, word))) {
            let (Some(Answer::Date(date)), Some(Answer::Date(limit))) =
                (answers.get(&parameter.name), answers.get(other))
            else {
                continue;
            };
            if (word == "早于" && date < limit) || (word == "晚于" && date > limit) {
                let message = format!("「{}」{date} {word}「{}」{limit}", parameter.label, label(other));
                let hint = format!("先核对这两个日期，多半有一个写错了。填法：{}", parameter.help);
                report.push(Diagnostic::error("date-order", place(&parameter.name), message).hint(hint));
            }
        }
    }
}

/// The templates rest on the law of a day and later.
fn check_date(corpus: &Corpus, (date, place): (Option<&Answer>, Place), report: &mut Report) {
    let since = corpus.rules.remedies.letters_since.as_deref().and_then(Date::parse);
    if let (Some(Answer::Date(date)), Some(since)) = (date, since)
        && *date < since
    {
        let message = format!("落款日期 {date} 早于 {since}，那时的条例和现在不同");
        let hint = "核对落款日期；更早的文书请找法制机构核对当时的法律";
        report.push(Diagnostic::error("remedy-date", place, message).hint(hint));
    }
}

/// The examples of the letters that are named, or of those given; what stands beside a letter's id replaces its example.
fn example_replies(
    corpus: &Corpus,
    (said, whole): (&Json, &[&Parameter]),
    given: Option<&[&Clause]>,
) -> Option<Answer> {
    let none = Json::Null;
    let rows: Vec<(&str, &Json)> = match given {
        Some(clauses) => clauses.iter().map(|c| (c.id.as_str(), &none)).collect(),
        None => said.as_array()?.iter().filter_map(|row| Some((row.get("letter")?.as_str()?, row))).collect(),
    };
    let reply = |(id, row): (&str, &Json)| {
        let clause = &corpus.clauses.get(id)?.header;
        let example = |p: &Parameter| {
            let said = row.get(&p.name).or_else(|| clause.example.get(&p.name)).unwrap_or(&p.example);
            Some((p.name.clone(), answer_of(p, said)?))
        };
        let answers = item_fields(corpus, clause, whole).into_iter().filter_map(example).collect();
        Some(Reply { letter: id.to_owned(), answers, places: BTreeMap::new() })
    };
    let all: Option<Vec<Reply>> = rows.into_iter().map(reply).collect();
    all.map(Answer::Replies)
}

/// An example as an answer; `None` where it is empty.
fn answer_of(parameter: &Parameter, example: &Json) -> Option<Answer> {
    let text = || example.as_str().filter(|t| !t.is_empty()).map(str::to_owned);
    match parameter.kind {
        ParameterType::Line | ParameterType::Text | ParameterType::Choice => text().map(Answer::Text),
        ParameterType::Date => text().as_deref().and_then(Date::parse).map(Answer::Date),
        ParameterType::Count => example.as_u64().and_then(|n| u32::try_from(n).ok()).map(Answer::Count),
        ParameterType::List => {
            let lines: Vec<String> =
                example.as_array()?.iter().filter_map(|v| Some(v.as_str()?.to_owned())).collect();
            (!lines.is_empty()).then_some(Answer::List(lines))
        }
        ParameterType::Rows => {
            let rows = example.as_array()?.iter().filter_map(Json::as_object).map(|row| {
                row.iter().filter_map(|(k, v)| Some((k.clone(), v.as_str()?.to_owned()))).collect()
            });
            let rows: Vec<BTreeMap<String, String>> = rows.collect();
            (!rows.is_empty()).then_some(Answer::Rows(rows))
        }
        ParameterType::Replies => None,
    }
}

/// A request file to fill in, every field explained in comments. With `answers` they are written in; what the
/// agency's settings give is written as a comment.
#[must_use]
pub fn skeleton(corpus: &Corpus, clause: &Clause, agency: &Agency, answers: &Answers) -> String {
    let mut out = format!(
        "# {}\n# 填好以后保存（编码选 UTF-8），再运行：gongkai letter fill 这个文件\n# 以 # 开头的行是说明，不用改。文字写在英文双引号里面。\n\nletter = \"{}\"\n",
        clause.title, clause.id
    );
    let whole = fields(corpus, clause);
    let (several, single): (Vec<&Parameter>, Vec<&Parameter>) =
        whole.iter().partition(|p| p.kind == ParameterType::Replies);
    for parameter in single {
        out.push_str(&field(parameter, agency, answers));
    }
    // Tables of their own come after all keys.
    for parameter in several {
        let replies = answers.get(&parameter.name).and_then(Answer::replies).unwrap_or_default();
        out.push_str(&format!(
            "\n# 【{}】必填。{}\n# 每项一段，以 [[{}]] 开头；能写的文书：{}\n",
            parameter.label,
            parameter.help,
            parameter.name,
            items(corpus).map(|c| c.header.title.as_str()).collect::<Vec<_>>().join("、")
        ));
        if replies.is_empty() {
            out.push_str(&format!(
                "# 用这条命令得到带各项字段的空表：gongkai letter new {} --item 部分公开告知书 --item 信息不存在告知书\n",
                clause.id
            ));
        }
        for reply in replies {
            let Some(entry) = corpus.clauses.get(&reply.letter) else { continue };
            out.push_str(&format!("\n[[{}]]\n", parameter.name));
            out.push_str(&format!("# {}\nletter = \"{}\"\n", entry.header.title, entry.header.id));
            for parameter in item_fields(corpus, &entry.header, &whole) {
                out.push_str(&field(parameter, agency, &reply.answers));
            }
        }
    }
    out
}

/// One field with its explanation.
fn field(parameter: &Parameter, agency: &Agency, answers: &Answers) -> String {
    let mut out = String::new();
    let settled = parameter.agency.as_deref().and_then(|key| agency.get(key));
    let must = match (parameter.required, settled) {
        (_, Some(value)) => format!("不填就用机关设置里的“{value}”"),
        (true, None) => "必填".to_owned(),
        (false, None) => "可以不填".to_owned(),
    };
    out.push_str(&format!("\n# 【{}】{must}。{}\n", parameter.label, parameter.help));
    if !parameter.choices.is_empty() {
        out.push_str(&format!("# 从这些里面选一个：{}\n", parameter.choices.join("、")));
    }
    for column in &parameter.columns {
        let must = if column.required { "必填" } else { "可以不填" };
        out.push_str(&format!("#   {}：{}，{must}。{}\n", column.name, column.label, column.help));
    }
    out.push_str(&format!("# 例如：{}\n", one_line(&example_value(parameter))));
    let given = answers.get(&parameter.name).map(|a| toml_answer(a, parameter));
    let line = given.unwrap_or_else(|| blank(parameter));
    // A setting that stands in book.toml is taken from there unless the officer takes the # away.
    let hash = if settled.is_some() && !answers.contains_key(&parameter.name) { "# " } else { "" };
    out.push_str(&format!("{hash}{} = {line}\n", parameter.name));
    out
}

fn blank(parameter: &Parameter) -> String {
    match parameter.kind {
        ParameterType::Count => "0".to_owned(),
        ParameterType::List => "[\n]".to_owned(),
        ParameterType::Rows | ParameterType::Replies => "[\n]".to_owned(),
        ParameterType::Text => "\"\"\"\n\"\"\"".to_owned(),
        _ => "\"\"".to_owned(),
    }
}

fn example_value(parameter: &Parameter) -> String {
    answer_of(parameter, &parameter.example).map_or_else(String::new, |a| toml_answer(&a, parameter))
}

fn one_line(text: &str) -> String {
    text.split('\n').map(str::trim).collect::<Vec<_>>().join(" ")
}

fn toml_answer(answer: &Answer, parameter: &Parameter) -> String {
    match answer {
        Answer::Text(text) if text.contains('\n') => format!("\"\"\"\n{}\n\"\"\"", escape(text, true)),
        Answer::Text(text) => quoted(text),
        Answer::Date(date) => quoted(&date.to_string()),
        Answer::Count(n) => n.to_string(),
        Answer::List(lines) => {
            format!("[\n{}]", lines.iter().map(|l| format!("  {},\n", quoted(l))).collect::<String>())
        }
        Answer::Rows(rows) => {
            let row = |row: &BTreeMap<String, String>| {
                let cells: Vec<String> = parameter
                    .columns
                    .iter()
                    .filter_map(|c| Some(format!("{} = {}", c.name, quoted(row.get(&c.name)?))))
                    .collect();
                format!("  {{ {} }},\n", cells.join(", "))
            };
            format!("[\n{}]", rows.iter().map(row).collect::<String>())
        }
        Answer::Replies(_) => String::new(),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", escape(text, false))
}

fn escape(text: &str, several: bool) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' if several => out.push('\n'),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}
