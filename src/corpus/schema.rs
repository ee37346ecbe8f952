//! Checks a [`Node`] against a JSON Schema, all mistakes at once, each with its place and its Chinese label.
//!
//! The schemas come from the Rust types, so what `gongkai schema` prints is what is checked. Only the keywords
//! that `schemars` emits for them are known here.

use super::tree::{Entry, Node, Value};
use crate::calendar::Date;
use crate::text::{Diagnostic, Place, Report, nearest};
use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::Value as Json;

/// The schema of a type, self-contained (no `$ref`).
#[must_use]
pub fn of<T: JsonSchema>() -> Json {
    self_contained::<T>(SchemaSettings::draft2020_12())
}

/// The same for what a type is written as: every key is there, and what is not known is `null`.
#[must_use]
pub fn of_output<T: JsonSchema>() -> Json {
    self_contained::<T>(SchemaSettings::draft2020_12().for_serialize())
}

fn self_contained<T: JsonSchema>(settings: SchemaSettings) -> Json {
    let settings = settings.with(|s| s.inline_subschemas = true);
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    drop_english(&mut schema);
    schema
}

/// Takes out the descriptions that come from the English documentation of the types: staff read the others.
fn drop_english(schema: &mut Json) {
    match schema {
        Json::Object(map) => {
            if map.get("description").and_then(Json::as_str).is_some_and(|d| !d.contains(is_chinese)) {
                map.remove("description");
            }
            map.values_mut().for_each(drop_english);
        }
        Json::Array(items) => items.iter_mut().for_each(drop_english),
        _ => {}
    }
}

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Reports every way in which `node` (of the file `path`) breaks `schema`. True if there is none.
pub fn check(node: &Node, schema: &Json, path: &str, report: &mut Report) -> bool {
    let mut checker = Checker { path, report, fine: true };
    checker.value(node, schema, "");
    checker.fine
}

struct Checker<'a> {
    path: &'a str,
    report: &'a mut Report,
    fine: bool,
}

impl Checker<'_> {
    fn push(&mut self, diagnostic: Diagnostic) {
        self.fine = false;
        self.report.push(diagnostic);
    }

    fn place(&self, range: &std::ops::Range<usize>) -> Place {
        Place::new(self.path, range.clone())
    }

    fn value(&mut self, node: &Node, schema: &Json, name: &str) {
        let schema = present(schema);
        if let Some(allowed) = choices(schema) {
            return self.choice(node, &allowed, &named(name, schema));
        }
        let kind = kind(schema);
        let fits = matches!(
            (&node.value, kind),
            (Value::Table(_), "object")
                | (Value::Array(_), "array")
                | (Value::Text(_) | Value::Date(_), "string")
                | (Value::Integer(_), "integer" | "number")
                | (Value::Float(_), "number")
                | (Value::Bool(_), "boolean")
                | (_, "")
        );
        if !fits {
            let message =
                format!("{}要写{}，这里是{}", named(name, schema), expected(kind), found(&node.value));
            let place = self.place(&node.range);
            return self.push(Diagnostic::error("wrong-type", place, message).hint(example(kind, name)));
        }
        match &node.value {
            Value::Table(entries) => self.table(node, entries, schema),
            Value::Array(items) => self.list(node, items, schema, name),
            Value::Text(text) | Value::Date(text) => self.text(node, text, schema, name),
            Value::Integer(n) => self.number(node, *n, schema, name),
            Value::Float(_) | Value::Bool(_) => {}
        }
    }

    fn table(&mut self, node: &Node, entries: &[Entry], schema: &Json) {
        let empty = serde_json::Map::new();
        let known = schema.get("properties").and_then(Json::as_object).unwrap_or(&empty);
        for entry in entries {
            match (known.get(&entry.key), schema.get("additionalProperties")) {
                (Some(inner), _) => self.value(&entry.node, inner, &entry.key),
                (None, Some(inner)) if inner.is_object() => self.value(&entry.node, inner, &entry.key),
                (None, Some(Json::Bool(false))) => self.unknown(entry, known),
                _ => {}
            }
        }
        let required = schema.get("required").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
        for key in required.iter().filter_map(Json::as_str) {
            if entries.iter().all(|e| e.key != key) {
                let inner = known.get(key).unwrap_or(&Json::Null);
                let message = format!("缺少{}", named(key, inner));
                let start = node.range.start;
                let place = Place::new(self.path, start..start);
                self.push(Diagnostic::error("missing-key", place, message).hint(missing_hint(key, inner)));
            }
        }
    }

    fn unknown(&mut self, entry: &Entry, known: &serde_json::Map<String, Json>) {
        let by_title = known
            .iter()
            .find(|(_, s)| s.get("title").and_then(Json::as_str) == Some(&entry.key))
            .map(|(k, _)| k.as_str());
        let hint = match by_title.or_else(|| nearest(&entry.key, known.keys().map(String::as_str))) {
            Some(word) => format!("您是不是要写 {word}？"),
            None => {
                format!("这里可以写的有：{}", known.keys().map(String::as_str).collect::<Vec<_>>().join("、"))
            }
        };
        let message = format!("不认识「{}」这一项", entry.key);
        self.push(Diagnostic::error("unknown-key", self.place(&entry.key_range), message).hint(hint));
    }

    fn list(&mut self, node: &Node, items: &[Node], schema: &Json, name: &str) {
        let least = schema.get("minItems").and_then(Json::as_u64).unwrap_or(0);
        if (items.len() as u64) < least {
            let message = format!("{}还是空的，至少要写 {least} 条", named(name, schema));
            self.push(Diagnostic::error("empty-value", self.place(&node.range), message).hint(help(schema)));
        }
        if let Some(inner) = schema.get("items") {
            for item in items {
                self.value(item, inner, name);
            }
        }
    }

    fn choice(&mut self, node: &Node, allowed: &[&str], label: &str) {
        let written = match &node.value {
            Value::Text(text) => text.as_str(),
            _ => "",
        };
        if allowed.contains(&written) {
            return;
        }
        let message = if written.is_empty() {
            format!("{label}还没有填")
        } else {
            format!("{label}不能写「{written}」")
        };
        let hint = format!("从这些里面选一个：{}", allowed.join("、"));
        self.push(Diagnostic::error("wrong-choice", self.place(&node.range), message).hint(hint));
    }

    fn text(&mut self, node: &Node, text: &str, schema: &Json, name: &str) {
        let date = schema.get("format").and_then(Json::as_str) == Some("date");
        let required = schema.get("minLength").and_then(Json::as_u64).unwrap_or(0) > 0;
        if text.trim().is_empty() {
            if required {
                let message = format!("{}还没有填", named(name, schema));
                self.push(
                    Diagnostic::error("empty-value", self.place(&node.range), message).hint(help(schema)),
                );
            }
        } else if date && Date::parse(text).is_none() {
            let message = format!("{}「{text}」不是一个日期", named(name, schema));
            let hint = "日期写成 2026-11-23 的样子，先年后月再日，并且确有这一天";
            self.push(Diagnostic::error("wrong-date", self.place(&node.range), message).hint(hint));
        } else if schema.get("pattern").is_some() && !is_id(text) {
            let message = format!("{}「{text}」写得不对", named(name, schema));
            let hint = "编号只用小写英文字母、数字和连字符 -，例如 refuse-trade-secret";
            self.push(Diagnostic::error("wrong-id", self.place(&node.range), message).hint(hint));
        }
    }

    fn number(&mut self, node: &Node, n: i64, schema: &Json, name: &str) {
        let least = schema.get("minimum").and_then(Json::as_i64).unwrap_or(i64::MIN);
        let most = schema.get("maximum").and_then(Json::as_i64).unwrap_or(i64::MAX);
        if n < least || n > most {
            let message = format!("{}不能是 {n}", named(name, schema));
            let hint = if most == i64::MAX {
                format!("不小于 {least}")
            } else {
                format!("在 {least} 和 {most} 之间")
            };
            self.push(Diagnostic::error("wrong-number", self.place(&node.range), message).hint(hint));
        }
    }
}

/// The pattern that ids carry in the schemas.
pub(super) const ID: &str = "^[a-z0-9][a-z0-9-]*$";

/// Whether `text` is an id: lower-case ASCII letters, digits and hyphens.
#[must_use]
pub fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 80
        && !text.starts_with('-')
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// The schema of the value where it is given: what `Option` adds is taken off.
fn present(schema: &Json) -> &Json {
    let Some(any) = schema.get("anyOf").and_then(Json::as_array) else { return schema };
    any.iter().find(|s| s.get("type").and_then(Json::as_str) != Some("null")).unwrap_or(schema)
}

fn kind(schema: &Json) -> &str {
    match schema.get("type") {
        Some(Json::String(kind)) => kind,
        Some(Json::Array(kinds)) => {
            kinds.iter().filter_map(Json::as_str).find(|k| *k != "null").unwrap_or_default()
        }
        _ => "",
    }
}

fn choices(schema: &Json) -> Option<Vec<&str>> {
    if let Some(listed) = schema.get("enum").and_then(Json::as_array) {
        return Some(listed.iter().filter_map(Json::as_str).collect());
    }
    let one_of = schema.get("oneOf")?.as_array()?;
    let mut all = vec![];
    for member in one_of {
        match (member.get("const"), member.get("enum")) {
            (Some(Json::String(word)), _) => all.push(word.as_str()),
            (_, Some(Json::Array(words))) => all.extend(words.iter().filter_map(Json::as_str)),
            _ => return None,
        }
    }
    Some(all)
}

/// 「applicant（申请人）」 or, without a label, 「applicant」.
fn named(name: &str, schema: &Json) -> String {
    let title = schema.get("title").and_then(Json::as_str).unwrap_or_default();
    match (name.is_empty(), title.is_empty()) {
        (true, _) => "这里".to_owned(),
        (false, true) => format!("「{name}」"),
        (false, false) => format!("「{title}」（{name}）"),
    }
}

fn help(schema: &Json) -> String {
    schema.get("description").and_then(Json::as_str).unwrap_or_default().to_owned()
}

fn missing_hint(key: &str, schema: &Json) -> String {
    let schema = present(schema);
    let line = match (choices(schema), kind(schema)) {
        (Some(words), _) => format!("{key} = \"{}\"", words.first().copied().unwrap_or_default()),
        (None, "array") => format!("{key} = [\"…\"]"),
        (None, "integer") => format!("{key} = 1"),
        (None, "boolean") => format!("{key} = false"),
        (None, "object") => format!("[{key}]"),
        _ if schema.get("format").and_then(Json::as_str) == Some("date") => format!("{key} = \"2026-11-23\""),
        _ => format!("{key} = \"…\""),
    };
    let help = help(schema);
    if help.is_empty() { format!("加上一行 {line}") } else { format!("加上一行 {line}（{help}）") }
}

fn expected(kind: &str) -> &'static str {
    match kind {
        "object" => "一个表",
        "array" => "一个列表（方括号）",
        "string" => "文字（两头加双引号）",
        "integer" => "整数（不加引号）",
        "number" => "数字（不加引号）",
        "boolean" => "true 或 false",
        _ => "别的内容",
    }
}

fn found(value: &Value) -> &'static str {
    match value {
        Value::Text(_) => "文字",
        Value::Integer(_) | Value::Float(_) => "数字",
        Value::Bool(_) => "true 或 false",
        Value::Date(_) => "日期",
        Value::Array(_) => "列表",
        Value::Table(_) => "表",
    }
}

fn example(kind: &str, name: &str) -> String {
    match kind {
        "array" => format!("写成 {name} = [\"第一条\", \"第二条\"]"),
        "string" => format!("写成 {name} = \"…\""),
        "integer" => format!("写成 {name} = 3"),
        "boolean" => format!("写成 {name} = true"),
        "object" => format!("写成 [{name}] 另起一段"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{check, of};
    use crate::corpus::tree::Node;
    use crate::text::Report;
    use schemars::JsonSchema;
    use std::collections::BTreeMap;

    #[derive(JsonSchema)]
    #[schemars(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Sample {
        #[schemars(title = "名称", length(min = 1))]
        name: String,
        #[schemars(title = "数目")]
        count: Option<u32>,
        list: Option<Vec<Word>>,
        map: Option<BTreeMap<String, Vec<u32>>>,
    }

    #[derive(JsonSchema)]
    #[allow(dead_code)]
    enum Word {
        #[schemars(rename = "甲")]
        First,
        #[schemars(rename = "乙")]
        Second,
    }

    fn codes(text: &str) -> Vec<&'static str> {
        let mut report = Report::default();
        let node = Node::parse("a", text, 0, &mut report).unwrap();
        let fine = check(&node, &of::<Sample>(), "a", &mut report);
        assert_eq!(fine, report.is_empty());
        report.sorted().iter().map(|d| d.code).collect()
    }

    #[test]
    fn what_fits_is_let_through() {
        assert!(codes("name = \"x\"\ncount = 2\nlist = [\"甲\"]\n[map]\nany = [1]\n").is_empty());
    }

    #[test]
    fn every_mistake_is_reported_at_once() {
        assert_eq!(
            codes("nam = \"x\"\ncount = \"2\"\nlist = [\"丙\", 3]\n"),
            ["missing-key", "unknown-key", "wrong-type", "wrong-choice", "wrong-choice"]
        );
    }

    #[test]
    fn an_empty_required_text_is_not_filled() {
        assert_eq!(codes("name = \" \""), ["empty-value"]);
    }

    #[test]
    fn numbers_below_the_least_are_refused() {
        assert_eq!(codes("name = \"x\"\ncount = -1\n[map]\na = [-2]\n"), ["wrong-number", "wrong-number"]);
    }
}
