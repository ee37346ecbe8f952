//! Chinese labels as keys: `"落款日期" = …` in a request file is `date = …`, in the columns of a table too.

use crate::corpus::tree::{Entry, Node, Value};
use crate::corpus::{Parameter, ParameterType};
use crate::text::{Diagnostic, Place, Report};

/// The label of the key `letter`.
const LETTER: &str = "文书";

/// A label as it is compared: without blanks and with half-width signs, so that （） and () are the same.
#[must_use]
pub fn plain(label: &str) -> String {
    label.chars().filter(|c| !c.is_whitespace()).map(half).collect()
}

/// The half-width form of a full-width sign or digit; any other character as it is.
#[must_use]
pub fn half(c: char) -> char {
    match u32::from(c) {
        n @ 0xff01..=0xff5e => char::from_u32(n - 0xfee0).unwrap_or(c),
        0x3000 => ' ',
        _ => c,
    }
}

/// The field that a word names, by name or by label.
#[must_use]
pub fn named<'a>(parameters: &[&'a Parameter], word: &str) -> Option<&'a Parameter> {
    let wanted = plain(word);
    let by_name = parameters.iter().find(|p| p.name == wanted);
    by_name.or_else(|| parameters.iter().find(|p| plain(&p.label) == wanted)).copied()
}

/// Renames the key 文书.
pub fn letter_to_name(node: &mut Node, path: &str, report: &mut Report) {
    rename(node, |key| (key == LETTER).then(|| "letter".to_owned()), path, report);
}

/// Renames keys that are labels to names, those of rows too. A field that is given by both is an error.
pub fn to_names(node: &mut Node, parameters: &[&Parameter], path: &str, report: &mut Report) {
    rename(node, |key| named(parameters, key).map(|p| p.name.clone()), path, report);
    let Value::Table(entries) = &mut node.value else { return };
    for entry in entries {
        let rows = parameters.iter().find(|p| p.name == entry.key && p.kind == ParameterType::Rows);
        let (Some(parameter), Value::Array(rows)) = (rows, &mut entry.node.value) else { continue };
        let column = |key: &str| {
            let wanted = plain(key);
            let mut columns = parameter.columns.iter();
            columns.find(|c| plain(&c.label) == wanted).map(|c| c.name.clone())
        };
        for row in rows {
            rename(row, column, path, report);
        }
    }
}

fn rename(node: &mut Node, name: impl Fn(&str) -> Option<String>, path: &str, report: &mut Report) {
    let Value::Table(entries) = &mut node.value else { return };
    let mut all: Vec<Entry> = vec![];
    for mut entry in entries.drain(..) {
        let written = entry.key.clone();
        entry.key = name(&written).unwrap_or(entry.key);
        if all.iter().any(|e| e.key == entry.key) {
            let message = format!("「{written}」和「{}」是同一项，写了两次", entry.key);
            let place = Place::new(path, entry.key_range.clone());
            report.push(Diagnostic::error("given-twice", place, message).hint("删去其中一个"));
            continue;
        }
        all.push(entry);
    }
    *entries = all;
}
