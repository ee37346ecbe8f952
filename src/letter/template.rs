//! Templates: which names they use, whether they fit what is declared, and the text they render to.
//!
//! Only this room knows `handlebars`. Its strict mode lets a misspelt `{{#if}}` pass as false and drops a
//! paragraph silently, so the names a template uses are compared with the names it declares before it is ever
//! rendered.

use super::origin;
use super::replies;
use crate::corpus::{Agency, Clause, Corpus, Entry, OutcomeRemedy, Parameter, ParameterType, RemedyGround};
use crate::remedy::{self, Asked};
use crate::text::{Diagnostic, Place, Report, nearest};
use handlebars::template::{DecoratorTemplate, HelperTemplate, Parameter as Word, TemplateElement};
use handlebars::{
    Handlebars, Helper, HelperDef, Path, RenderContext, RenderError, RenderErrorReason, ScopedJson, Template,
};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, Mutex};

/// Names that every letter has without declaring them.
const CONSTANTS: [&str; 2] = ["heading", "closing"];
/// Where the paragraphs about remedies stand.
const REMEDY: &str = "book/rules/remedy.toml";
/// Deepest nesting of blocks: more is a mistake, and the parser is recursive.
const DEEPEST: usize = 40;
/// Directives a line may begin with.
const DIRECTIVES: [&str; 12] = [
    "number",
    "title",
    "to",
    "table",
    "row",
    "form",
    "line",
    "tall",
    "attachment",
    "signature",
    "date",
    "note",
];
/// Where the replies to the items, and what is attached to them, go.
const REPLIES: char = '\u{F0002}';
const REPLIES_ATTACHMENTS: char = '\u{F0003}';
/// The end of a template name and of a template.
const START: char = '\u{F0000}';
const END: char = '\u{F0001}';

/// A piece of template text: where it stands, and the text itself.
#[derive(Debug, Clone)]
struct Piece {
    path: String,
    offset: usize,
    text: String,
    whole: String,
    /// The place for every mistake in it, where its text stands nowhere as it is.
    fixed: Option<Range<usize>>,
}

/// Everything one letter is rendered from.
#[derive(Debug, Clone)]
pub struct Templates<'a> {
    clause: &'a Entry<Clause>,
    parameters: Vec<&'a Parameter>,
    pieces: BTreeMap<String, Piece>,
}

/// The remedy paragraphs of an outcome, in order: the name of the class and the paragraph, with its subject put
/// in and `{{review_body}}` left. Empty for procedural documents.
///
/// # Errors
///
/// When the table of remedies has no law for the day.
pub fn remedies(
    corpus: &Corpus,
    outcome: &str,
    asked: Asked<'_>,
) -> Result<Vec<(String, String)>, remedy::Refused> {
    let Some(outcome) = corpus.outcome(outcome) else { return Ok(vec![]) };
    let ground =
        |row: &OutcomeRemedy| Some((corpus.rules.remedies.ground(&row.ground)?, row.subject.clone()));
    let parts: Vec<_> = outcome.remedy.iter().filter_map(ground).collect();
    worded(corpus, &parts, asked)
}

/// The same for what can be contested in a letter.
pub(super) fn worded(
    corpus: &Corpus,
    parts: &[(&RemedyGround, String)],
    asked: Asked<'_>,
) -> Result<Vec<(String, String)>, remedy::Refused> {
    let all = remedy::paragraphs(&corpus.rules, parts, asked)?;
    let worded = all.into_iter().filter(|(remedy, _)| !remedy.wording.text.is_empty());
    Ok(worded
        .map(|(remedy, subject)| (remedy.class.title.clone(), remedy.paragraph(&subject, None)))
        .collect())
}

impl<'a> Templates<'a> {
    /// The templates of a clause: its own body, its shell, the partials, and its [`remedies`].
    #[must_use]
    pub fn new(corpus: &'a Corpus, clause: &'a Entry<Clause>, remedies: &[(String, String)]) -> Option<Self> {
        let shell = corpus.shells.get(&clause.header.shell)?;
        let piece = |path: &str, whole: &str, range: Range<usize>| Piece {
            path: path.to_owned(),
            offset: range.start,
            text: whole.get(range).unwrap_or_default().to_owned(),
            whole: whole.to_owned(),
            fixed: None,
        };
        let mut pieces: BTreeMap<String, Piece> = corpus
            .partials
            .iter()
            .map(|(name, (path, text))| (name.clone(), piece(path, text, 0..text.len())))
            .collect();
        let remedy: String = remedies.iter().map(|(_, text)| format!("{text}\n")).collect();
        let table = corpus.rules.trees.iter().find(|(path, _)| path == REMEDY);
        let fixed = table.and_then(|(_, tree)| tree.get("class")).map(|n| n.range.clone());
        let remedy = Piece { fixed: Some(fixed.unwrap_or(0..0)), ..piece(REMEDY, &remedy, 0..remedy.len()) };
        pieces.insert("remedy".into(), remedy);
        if replies::has_items(corpus, &clause.header) {
            for (name, mark) in [("replies", REPLIES), ("replies-attachments", REPLIES_ATTACHMENTS)] {
                let own =
                    Piece { text: mark.to_string(), fixed: Some(0..0), ..piece(&clause.path, "", 0..0) };
                pieces.insert(name.into(), own);
            }
        }
        pieces.insert("clause".into(), piece(&clause.path, &clause.text, clause.body.clone()));
        pieces.insert("shell".into(), piece(&shell.path, &shell.text, shell.body.clone()));
        let parameters = shell.header.parameters.iter().chain(&clause.header.parameters).collect();
        Some(Self { clause, parameters, pieces })
    }

    /// Reports every template that cannot be read, includes itself, or uses a name that is not declared; and
    /// every declared name that is not used. Returns the names of the partials that the letter uses.
    pub fn check(&self, report: &mut Report) -> BTreeSet<String> {
        let mut walker = Walker {
            templates: self,
            report,
            used: BTreeSet::new(),
            open: vec![],
            partials: BTreeSet::new(),
            depth: 0,
            remedies: 0,
            broken: false,
        };
        walker.enter("shell", None, &[]);
        let Walker { mut used, mut partials, remedies, broken, .. } = walker;
        let replies = self.parameters.iter().filter(|p| p.kind == ParameterType::Replies);
        if partials.contains("replies") && partials.contains("replies-attachments") {
            used.extend(replies.map(|p| p.name.clone()));
            partials.retain(|p| !p.starts_with("replies"));
        }
        self.check_examples(report);
        // A template that cannot be read to its end seems to use nothing after that place.
        if !broken {
            for (index, parameter) in self.parameters.iter().enumerate() {
                self.check_parameter(index, parameter, &used, report);
            }
            self.check_constants(&used, remedies, report);
        }
        for (_, piece) in self.pieces.iter().filter(|(name, _)| partials.contains(*name)) {
            self.check_lines(piece, report);
        }
        partials
    }

    /// The examples that the clause replaces are those of its fields.
    fn check_examples(&self, report: &mut Report) {
        for (name, example) in &self.clause.header.example {
            let place = || Place::new(&self.clause.path, self.clause.header_tree.place_of("example", None));
            let empty = example.as_str() == Some("") || example.as_array().is_some_and(Vec::is_empty);
            let known = self.parameters.iter().find(|p| p.name == *name);
            let message = match known {
                None => format!("example 里的「{name}」不是这种文书的字段"),
                Some(p) if !p.fits(example) && (!empty || p.required) => {
                    format!("example 里「{}」的示例和类型不符", p.label)
                }
                Some(_) => continue,
            };
            let hint = "写字段名称 = 示例，示例要能直接填进文书；不填的写 \"\"";
            report.push(Diagnostic::error("wrong-parameter", place(), message).hint(hint));
        }
    }

    /// Over the shell, the clause and the partials that they use, and what the clause's header prints.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut open = vec!["shell"];
        let mut used: BTreeSet<&str> = BTreeSet::new();
        while let Some(name) = open.pop() {
            let Some(piece) = self.pieces.get(name).filter(|_| name != "remedy" && used.insert(name)) else {
                continue;
            };
            let names = piece.text.split("{{>").skip(1).filter_map(|rest| rest.split("}}").next());
            open.extend(names.map(str::trim));
        }
        let texts = used.iter().filter_map(|name| self.pieces.get(*name)).map(|piece| piece.text.as_str());
        let header = &self.clause.header;
        origin::template(texts.chain([header.heading.as_str(), header.closing.as_str()]))
    }

    /// What every letter must print: its heading, its closing words, and its remedy, each where nothing can hide it.
    fn check_constants(&self, used: &BTreeSet<String>, remedies: usize, report: &mut Report) {
        let place = || Place::new(&self.clause.path, self.clause.header_tree.place_of("shell", None));
        let title = &self.clause.header.title;
        let wordless = |name: &str| name == "closing" && self.clause.header.closing.is_empty();
        for name in CONSTANTS.iter().filter(|name| !used.contains(**name) && !wordless(name)) {
            let message = format!("《{title}》的模板没有用 {{{{{name}}}}}");
            let hint = "文书标题和结尾语在条款的文件头里，模板要印出来";
            report.push(Diagnostic::error("unused-parameter", place(), message).hint(hint));
        }
        // The remedies of a reply to several items are those of its items.
        let several = self.pieces.contains_key("replies");
        let wanted =
            usize::from(several || self.pieces.get("remedy").is_some_and(|p| !p.text.trim().is_empty()));
        // One inside a block was reported where it stands.
        let hidden = remedies == 0 && used.contains("{{> remedy}}");
        if remedies != wanted && (wanted == 1 || remedies > 1) && !hidden {
            let message = format!("《{title}》的模板里 {{{{> remedy}}}} 有 {remedies} 处，应当正好一处");
            report.push(
                Diagnostic::error("remedy-missing", place(), message).hint("在框架里写一次 {{> remedy}}"),
            );
        }
    }

    fn check_parameter(
        &self,
        index: usize,
        parameter: &Parameter,
        used: &BTreeSet<String>,
        report: &mut Report,
    ) {
        let place = Place::new(&self.clause.path, self.parameter_place(index));
        let mut unused = |name: &str| {
            if !used.contains(name) {
                let message = format!("《{}》声明了字段 {name}，模板里却没有用", self.clause.header.title);
                let hint = "在模板里用上它，或者删去这个字段；填了不印的字段会让人以为印了";
                report.push(Diagnostic::error("unused-parameter", place.clone(), message).hint(hint));
            }
        };
        unused(&parameter.name);
        for column in &parameter.columns {
            unused(&format!("{}.{}", parameter.name, column.name));
        }
        if self.parameters.iter().take(index).any(|p| p.name == parameter.name || p.label == parameter.label)
        {
            let message = format!("字段「{}」在文书框架里已经有了", parameter.label);
            report.push(
                Diagnostic::error("wrong-parameter", place.clone(), message)
                    .hint("条款里的字段换一个名称和中文名"),
            );
        }
        if let Some(key) = &parameter.agency
            && !Agency::KEYS.contains(&key.as_str())
        {
            let message = format!("机关设置里没有「{key}」");
            let hint = format!("可以写的有：{}", Agency::KEYS.join("、"));
            report.push(Diagnostic::error("wrong-parameter", place.clone(), message).hint(hint));
        }
        for other in [&parameter.not_before, &parameter.not_after].into_iter().flatten() {
            if !self.parameters.iter().any(|p| p.name == *other && p.kind == ParameterType::Date) {
                let message = format!("字段「{}」要和「{other}」比先后，但没有这个日期字段", parameter.label);
                let hint = "not_before 和 not_after 写另一个 type = \"date\" 的字段名称";
                report.push(Diagnostic::error("wrong-parameter", place.clone(), message).hint(hint));
            }
        }
    }

    /// Where a field is declared in the clause's file; its header where the shell declares it.
    fn parameter_place(&self, index: usize) -> Range<usize> {
        let own = self.clause.header.parameters.len();
        let from_shell = self.parameters.len() - own;
        match index.checked_sub(from_shell) {
            Some(own) => self.clause.header_tree.place_of("parameters", Some(own)),
            None => self.clause.header_tree.place_of("shell", None),
        }
    }

    /// Directives that do not exist, and `text` fields that do not stand alone on their line.
    fn check_lines(&self, piece: &Piece, report: &mut Report) {
        let mut at = piece.offset;
        for line in piece.text.split_inclusive('\n') {
            let range = at..at + line.trim_end().len();
            at += line.len();
            let place = || Place::new(&piece.path, piece.fixed.clone().unwrap_or(range.clone()));
            if let Some(rest) = line.strip_prefix('@') {
                let word = rest.split_whitespace().next().unwrap_or_default();
                if !DIRECTIVES.contains(&word) {
                    let hint = nearest(word, DIRECTIVES).map_or_else(
                        || format!("可以写的有：@{}", DIRECTIVES.join("、@")),
                        |w| format!("您是不是要写 @{w}？"),
                    );
                    report.push(
                        Diagnostic::error("unknown-directive", place(), format!("不认识 @{word}")).hint(hint),
                    );
                }
            }
            let indented = line.trim_start();
            if indented.len() < line.len() && indented.starts_with(['@', '#']) {
                let message = "@ 和 ## 要写在一行的最前面";
                report.push(Diagnostic::error("unknown-directive", place(), message).hint("删去前面的空格"));
            }
            if ["{{{{", "\\{{"].iter().any(|form| line.contains(form)) {
                let message = "文书模板里不能用这种写法";
                let hint = "只用两层花括号：{{名称}}";
                report.push(Diagnostic::error("template-form", place(), message).hint(hint));
            }
            // A cell of a form may hold several paragraphs.
            let form = ["@line ", "@tall "].iter().any(|word| line.starts_with(word));
            let tight: String = line.chars().filter(|c| !c.is_whitespace()).collect();
            for parameter in self.parameters.iter().filter(|p| p.kind == ParameterType::Text) {
                let tag = format!("{{{{{}}}}}", parameter.name);
                if tight.contains(&tag) && tight != tag && !form {
                    let message = format!("{tag} 可以有好几段，要单独占一行");
                    report.push(
                        Diagnostic::error("text-not-alone", place(), message)
                            .hint("把它前后的文字移到别的行"),
                    );
                }
            }
        }
    }
}

/// The values of the letters that are being rendered, in the order of their tokens.
pub(super) type Values = Arc<Mutex<Vec<String>>>;

/// The templates of one clause, compiled once and rendered for any number of letters.
///
/// Values stand in what is rendered as tokens, so that nothing in a value can become structure; [`Lines::resolve`] puts
/// them back.
pub(super) struct Prepared {
    registry: Handlebars<'static>,
    /// The paragraphs about remedies that are registered: they depend on the day of a letter.
    remedy: String,
    /// Whether the letter lists what is attached to it.
    attached: bool,
    /// Of everything that it is rendered from, the remedies left out.
    pub fingerprint: String,
    /// The laws that it rests on, each with the day from which that version holds.
    pub versions: BTreeMap<String, String>,
}

impl Prepared {
    /// Compiles the templates of a clause; what is rendered puts its values into `values`.
    pub fn new(
        templates: &Templates<'_>,
        versions: BTreeMap<String, String>,
        values: &Values,
    ) -> Result<Self, RenderError> {
        let mut registry = Handlebars::new();
        registry.set_strict_mode(true);
        registry.set_prevent_indent(true);
        let sink = Arc::clone(values);
        registry.register_escape_fn(move |value| token(&sink, value));
        registry.register_helper("ordinal", Box::new(Ordinal));
        for (name, piece) in &templates.pieces {
            // A partial that cannot be read matters only where it is used, and then rendering says so.
            if let Err(error) = registry.register_template_string(name, &piece.text)
                && matches!(name.as_str(), "shell" | "clause" | "remedy")
            {
                return Err(RenderErrorReason::TemplateError(error).into());
            }
        }
        let remedy = templates.pieces.get("remedy").map(|p| p.text.clone()).unwrap_or_default();
        let shell = templates.pieces.get("shell").map(|p| p.text.as_str()).unwrap_or_default();
        let attached = shell.contains("{{> attachments}}");
        Ok(Self { registry, remedy, attached, fingerprint: templates.fingerprint(), versions })
    }

    /// One of the templates, filled: `shell` for a whole letter, `clause` for what it says.
    pub fn render(&self, name: &str, data: &Json) -> Result<String, RenderError> {
        self.registry.render(name, data)
    }

    /// The list of what is attached, where the letter has one.
    pub fn attachments(&self, data: &Json) -> Result<String, RenderError> {
        if self.attached { self.render("attachments", data) } else { Ok(String::new()) }
    }

    /// Sets the paragraphs about remedies.
    pub fn set_remedy(&mut self, remedies: &[(String, String)]) -> Result<(), RenderError> {
        let text: String = remedies.iter().map(|(_, text)| format!("{text}\n")).collect();
        if text != self.remedy {
            let wrong = |error| RenderError::from(RenderErrorReason::TemplateError(error));
            self.registry.register_template_string("remedy", &text).map_err(wrong)?;
            self.remedy = text;
        }
        Ok(())
    }
}

/// A value's token.
pub(super) fn token(values: &Values, value: &str) -> String {
    let Ok(mut values) = values.lock() else { return String::new() };
    values.push(value.to_owned());
    format!("{START}{}{END}", values.len() - 1)
}

/// Rendered lines, the values still apart from the structure.
#[derive(Debug, Clone)]
pub struct Lines {
    /// The text, with a token for every value.
    pub text: String,
    values: Vec<String>,
}

impl Lines {
    /// What was rendered, with its values, which are taken out of `values`.
    pub fn new(text: String, values: &Values) -> Self {
        let values = values.lock().map(|mut v| std::mem::take(&mut *v)).unwrap_or_default();
        Self { text, values }
    }

    /// The shell with the replies to the items, and what is attached to them, where they go.
    pub fn with_replies(shell: &str, replies: &str, attachments: &str) -> String {
        shell.replace(REPLIES, replies).replace(REPLIES_ATTACHMENTS, attachments)
    }

    /// The text of a part of a line, with its values in place.
    #[must_use]
    pub fn resolve(&self, part: &str) -> String {
        let mut out = String::new();
        let mut rest = part;
        while let Some((before, after)) = rest.split_once(START) {
            out.push_str(before);
            let Some((index, tail)) = after.split_once(END) else { break };
            out.push_str(
                index.parse().ok().and_then(|i: usize| self.values.get(i)).map_or("", String::as_str),
            );
            rest = tail;
        }
        out.push_str(rest);
        out
    }

    /// Values that end with a mark where the template sets one of its own: 张某：：, 材料多，，.
    #[must_use]
    pub fn doubled(&self) -> Vec<&str> {
        const MARKS: [char; 10] = ['。', '，', '；', '：', '、', '.', ',', ';', ':', '！'];
        let mut all = vec![];
        for (end, _) in self.text.match_indices(END) {
            let before = self.text.get(..end).and_then(|t| t.rsplit_once(START)).map(|(_, index)| index);
            let value = before.and_then(|i| i.parse::<usize>().ok()).and_then(|i| self.values.get(i));
            let after = self.text.get(end + END.len_utf8()..).unwrap_or_default();
            let Some(value) = value else { continue };
            if value.ends_with(MARKS) && after.starts_with(MARKS) {
                all.push(value.as_str());
            }
        }
        all
    }

    /// Whether a value was printed anywhere.
    #[must_use]
    pub fn holds(&self, value: &str) -> bool {
        self.values.iter().any(|v| v == value)
    }

    /// The value, where a line is nothing but one value.
    #[must_use]
    pub fn only_value(&self, line: &str) -> Option<&str> {
        let inner = line.trim().strip_prefix(START)?.strip_suffix(END)?;
        self.values.get(inner.parse::<usize>().ok()?).map(String::as_str)
    }
}

/// `{{ordinal @index}}`: counts from 1.
struct Ordinal;

impl HelperDef for Ordinal {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc handlebars::Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let index = helper.param(0).and_then(|p| p.value().as_u64());
        let index = index.ok_or(RenderErrorReason::ParamNotFoundForIndex("ordinal", 0))?;
        Ok(ScopedJson::Derived(Json::from(index + 1)))
    }
}

struct Walker<'t, 'a, 'r> {
    templates: &'t Templates<'a>,
    report: &'r mut Report,
    used: BTreeSet<String>,
    open: Vec<String>,
    partials: BTreeSet<String>,
    /// How many blocks are open here.
    depth: usize,
    /// How often `{{> remedy}}` stands outside of all blocks.
    remedies: usize,
    /// Whether some template could not be read.
    broken: bool,
}

/// What `{{#each}}` blocks are open, innermost last.
type Scope<'s> = &'s [&'s Parameter];

impl Walker<'_, '_, '_> {
    fn enter(&mut self, name: &str, from: Option<Place>, scope: Scope<'_>) {
        let Some(piece) = self.templates.pieces.get(name) else {
            let hint = nearest(name, self.templates.pieces.keys().map(String::as_str)).map_or_else(
                || "在 templates/partials/ 里建这个文件".to_owned(),
                |w| format!("您是不是要写 {w}？"),
            );
            if let Some(place) = from {
                self.report.push(
                    Diagnostic::error("unknown-partial", place, format!("没有名为「{name}」的片段"))
                        .hint(hint),
                );
            }
            return;
        };
        if self.open.iter().any(|open| open == name) {
            self.broken = true;
            let place = from.unwrap_or_else(|| Place::new(&piece.path, piece.offset..piece.offset));
            let chain = self
                .open
                .iter()
                .chain([&name.to_owned()])
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join(" → ");
            let message = "模板绕了一圈又包含了自己";
            self.report.push(
                Diagnostic::error("template-cycle", place, message).label(chain).hint("去掉其中一处 {{> …}}"),
            );
            return;
        }
        self.partials.insert(name.to_owned());
        if name == "remedy" && self.depth == 0 {
            self.remedies += 1;
        } else if name == "remedy" && !piece.text.trim().is_empty() {
            let place = from.clone().unwrap_or_else(|| Place::new(&piece.path, 0..0));
            self.used.insert("{{> remedy}}".to_owned());
            let message = "{{> remedy}} 不能放在 {{#if}}、{{#each}} 里面，否则救济告知可能印不出来";
            self.report
                .push(Diagnostic::error("remedy-missing", place, message).hint("把它移到外面，单独占一行"));
        }
        if deepest(&piece.text) > DEEPEST {
            self.broken = true;
            let place = place_at(piece, 1, 1);
            let message = format!("模板里 {{{{#…}}}} 套了 {DEEPEST} 层以上");
            self.report.push(
                Diagnostic::error("template-syntax", place, message)
                    .hint("检查是不是少了 {{/if}} 或 {{/each}}"),
            );
            return;
        }
        match Template::compile(&piece.text) {
            Ok(template) => {
                self.open.push(name.to_owned());
                self.walk(&template, piece, scope);
                self.open.pop();
            }
            Err(error) => {
                self.broken = true;
                let (line, column) = error.pos().unwrap_or((1, 1));
                let place = place_at(piece, line, column);
                let what = "模板的写法不对，读不下去";
                let hint = "检查 {{ }} 是否成对，{{#if}}、{{#each}} 是否都有 {{/if}}、{{/each}}";
                self.report.push(Diagnostic::error("template-syntax", place, what).hint(hint));
            }
        }
    }

    fn walk(&mut self, template: &Template, piece: &Piece, scope: Scope<'_>) {
        for (index, element) in template.elements.iter().enumerate() {
            let place = template.mapping.get(index).map_or_else(
                || Place::new(&piece.path, piece.offset..piece.offset),
                |m| place_at(piece, m.0, m.1),
            );
            match element {
                TemplateElement::RawString(_) | TemplateElement::Comment(_) => {}
                TemplateElement::Expression(helper) => self.expression(helper, &place, scope),
                TemplateElement::HelperBlock(helper) => self.block(helper, piece, (&place, scope)),
                TemplateElement::PartialExpression(partial) => self.partial(partial, place, scope),
                _ => self.refuse(place),
            }
        }
    }

    fn refuse(&mut self, place: Place) {
        let hint = "能用的只有 {{名称}}、{{#if}}、{{#unless}}、{{#each}}、{{> 片段}}、{{ordinal @index}}";
        self.report.push(Diagnostic::error("template-form", place, "文书模板里不能用这种写法").hint(hint));
    }

    fn expression(&mut self, helper: &HelperTemplate, place: &Place, scope: Scope<'_>) {
        if helper.params.is_empty() && helper.hash.is_empty() {
            self.check_printable(&helper.name, place, scope);
            self.word(&helper.name, place, scope);
        } else if word_name(&helper.name) == Some("ordinal") {
            for param in &helper.params {
                self.word(param, place, scope);
            }
        } else {
            self.refuse(place.clone());
        }
    }

    /// A list or a table is not text, and neither is a row of one.
    fn check_printable(&mut self, word: &Word, place: &Place, scope: Scope<'_>) {
        let several = |p: &Parameter| matches!(p.kind, ParameterType::List | ParameterType::Rows);
        let name = word_name(word).unwrap_or_default();
        let row = name == "this" && scope.last().is_some_and(|p| p.kind == ParameterType::Rows);
        let list =
            self.templates.parameters.iter().any(|p| p.name == name.trim_start_matches("../") && several(p));
        if row || list {
            let message = format!("{{{{{name}}}}} 不是一段文字，不能直接印");
            let hint = "用 {{#each 字段}}…{{/each}} 逐条列出；表里写列的名称";
            self.report.push(Diagnostic::error("template-form", place.clone(), message).hint(hint));
        }
    }

    fn block(&mut self, helper: &HelperTemplate, piece: &Piece, (place, scope): (&Place, Scope<'_>)) {
        let name = word_name(&helper.name).unwrap_or_default();
        let inner = match name {
            "if" | "unless" => None,
            "each" => {
                let over = helper.params.first().and_then(word_name).unwrap_or_default();
                let list =
                    self.templates.parameters.iter().copied().find(|p| {
                        p.name == over && matches!(p.kind, ParameterType::List | ParameterType::Rows)
                    });
                if list.is_none() {
                    let message = format!("{{{{#each {over}}}}} 后面要写一个可以有多条的字段");
                    let hint = "type 是 list 或 rows 的字段才能逐条列出";
                    self.report.push(Diagnostic::error("undeclared-name", place.clone(), message).hint(hint));
                    return;
                }
                list
            }
            _ => return self.refuse(place.clone()),
        };
        for param in &helper.params {
            self.word(param, place, scope);
        }
        let mut deeper = scope.to_vec();
        deeper.extend(inner);
        self.depth += 1;
        if let Some(template) = &helper.template {
            self.walk(template, piece, &deeper);
        }
        if let Some(template) = &helper.inverse {
            self.walk(template, piece, scope);
        }
        self.depth -= 1;
    }

    fn partial(&mut self, partial: &DecoratorTemplate, place: Place, scope: Scope<'_>) {
        match word_name(&partial.name) {
            Some(name) if partial.params.is_empty() && partial.hash.is_empty() => {
                let name = name.to_owned();
                self.enter(&name, Some(place), scope);
            }
            _ => self.refuse(place),
        }
    }

    /// One name or literal.
    fn word(&mut self, word: &Word, place: &Place, scope: Scope<'_>) {
        match word {
            Word::Literal(_) => {}
            Word::Subexpression(inner) => match inner.element.as_ref() {
                TemplateElement::Expression(helper)
                    if matches!(word_name(&helper.name), Some("eq" | "ne" | "not" | "and" | "or")) =>
                {
                    for param in &helper.params {
                        self.word(param, place, scope);
                    }
                }
                _ => self.refuse(place.clone()),
            },
            Word::Path(Path::Local(_)) => {
                if scope.is_empty() {
                    self.refuse(place.clone());
                }
            }
            Word::Name(name) | Word::Path(Path::Relative((_, name))) => self.name(name, place, scope),
            _ => self.refuse(place.clone()),
        }
    }

    fn name(&mut self, name: &str, place: &Place, scope: Scope<'_>) {
        if CONSTANTS.contains(&name) {
            self.used.insert(name.to_owned());
            return;
        }
        if name == "this" && !scope.is_empty() {
            return;
        }
        if let Some(rows) = scope.last() {
            if rows.columns.iter().any(|c| c.name == name) {
                self.used.insert(format!("{}.{name}", rows.name));
                return;
            }
            let outer = name.strip_prefix("../");
            if let Some(outer) = outer {
                return self.name(outer, place, scope.get(..scope.len() - 1).unwrap_or_default());
            }
            let known: Vec<&str> = rows.columns.iter().map(|c| c.name.as_str()).collect();
            return self.undeclared(name, place, &known);
        }
        if self.templates.parameters.iter().any(|p| p.name == name) {
            self.used.insert(name.to_owned());
            return;
        }
        let known: Vec<&str> = self.templates.parameters.iter().map(|p| p.name.as_str()).collect();
        self.undeclared(name, place, &known);
    }

    fn undeclared(&mut self, name: &str, place: &Place, known: &[&str]) {
        let message = format!("《{}》用到了没有声明的名称「{name}」", self.templates.clause.header.title);
        let hint = nearest(name, known.iter().copied()).map_or_else(
            || "在文件头里加一段 [[parameters]] 声明它，或者改正名称".to_owned(),
            |w| format!("您是不是要写 {w}？"),
        );
        self.report.push(Diagnostic::error("undeclared-name", place.clone(), message).hint(hint));
    }
}

fn word_name(word: &Word) -> Option<&str> {
    match word {
        Word::Name(name) | Word::Path(Path::Relative((_, name))) => Some(name),
        Word::Literal(Json::String(name)) => Some(name),
        _ => None,
    }
}

/// How deep blocks are nested in a text, as far as their tags tell.
fn deepest(text: &str) -> usize {
    let (mut depth, mut most) = (0_usize, 0);
    for (at, _) in text.match_indices("{{") {
        match text.get(at + 2..).map(|t| t.trim_start_matches(['~', '{'])).and_then(|t| t.chars().next()) {
            Some('#') => depth += 1,
            Some('/') => depth = depth.saturating_sub(1),
            _ => {}
        }
        most = most.max(depth);
    }
    most
}

/// The rest of the tag that starts at `line` and `column` (from 1, in characters) of a piece.
fn place_at(piece: &Piece, line: usize, column: usize) -> Place {
    if let Some(range) = &piece.fixed {
        return Place::new(&piece.path, range.clone());
    }
    let start: usize = piece.text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let text = piece.text.get(start..).unwrap_or_default();
    let skip: usize = text.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum();
    let rest = text.get(skip..).unwrap_or_default();
    let length = rest.find("}}").map_or_else(|| rest.find('\n').unwrap_or(rest.len()), |end| end + 2);
    let at = (piece.offset + start + skip).min(piece.whole.len());
    Place::new(&piece.path, at..(at + length).min(piece.whole.len()))
}
