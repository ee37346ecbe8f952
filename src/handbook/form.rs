//! The form on a letter's page: what `book/theme/letter.js` needs to ask for the fields, check them and write the
//! request file.
//!
//! The data stand in the page as JSON that no browser runs; help texts stand only in the table of the fields, where the
//! script finds them. Without a script the table is what staff read.

use super::Site;
use super::markup::attribute;
use crate::corpus::{Clause, Parameter, ParameterType};
use serde_json::{Map, Value as Json, json};

impl Site<'_> {
    /// The fields of a letter: those of its shell, then its own.
    pub(super) fn fields<'a>(&'a self, clause: &'a Clause) -> impl Iterator<Item = &'a Parameter> {
        let shell = self.corpus.shells.get(&clause.shell);
        shell.into_iter().flat_map(|s| &s.header.parameters).chain(&clause.parameters)
    }

    /// The place of the form with its data; why there is none where the letter has a field that a form on one page
    /// cannot ask for.
    pub(super) fn form(&self, clause: &Clause) -> String {
        let Some(data) = self.form_data(clause) else {
            return "<p class=\"gk-form-none\">本文书的每一项答复要填的内容不一样，一张表单填不下，所以本页没有表单：用下面“怎么生成”里的命令得到空表。</p>".to_owned();
        };
        format!(
            "<div class=\"gk-form-box\" id=\"letter-{0}-form\" data-letter=\"{0}\" hidden>\n<script type=\"application/json\">{1}</script>\n</div>",
            attribute(&clause.id),
            harmless(&data)
        )
    }

    /// Whether the page has a form.
    pub(super) fn has_form(&self, clause: &Clause) -> bool {
        self.fields(clause).all(|p| control(p.kind).is_some())
    }

    /// What the script must know of the fields; `None` where a form cannot ask for one of them.
    fn form_data(&self, clause: &Clause) -> Option<Json> {
        let fields: Option<Vec<Json>> = self.fields(clause).map(|p| self.form_field(clause, p)).collect();
        Some(json!({
            "letter": clause.id,
            "title": clause.title,
            "since": self.corpus.rules.remedies.letters_since,
            "fields": fields?,
        }))
    }

    fn form_field(&self, clause: &Clause, parameter: &Parameter) -> Option<Json> {
        let kind = control(parameter.kind)?;
        let mut field = Map::new();
        let mut put = |key: &str, value: Json| {
            let empty = match &value {
                Json::Null | Json::Bool(false) => true,
                Json::String(text) => text.is_empty(),
                Json::Array(all) => all.is_empty(),
                _ => false,
            };
            if !empty {
                field.insert(key.to_owned(), value);
            }
        };
        put("name", Json::from(parameter.name.clone()));
        put("label", Json::from(parameter.label.clone()));
        put("kind", Json::from(kind));
        put("required", Json::from(parameter.required));
        put("settled", Json::from(parameter.agency.as_deref().and_then(|key| self.agency.get(key))));
        put("example", example_of(clause, parameter).clone());
        put("choices", Json::from(parameter.choices.clone()));
        put("max", Json::from(parameter.max));
        put("not_before", Json::from(parameter.not_before.clone()));
        put("not_after", Json::from(parameter.not_after.clone()));
        put("quoted", Json::from(parameter.quoted));
        // Where the letter sets the mark itself, the help says so.
        put("bare", Json::from(["末尾不加", "后面不加"].iter().any(|w| parameter.help.contains(w))));
        let column = |c: &crate::corpus::Column| json!({ "name": c.name, "label": c.label, "required": c.required, "example": c.example });
        put("columns", Json::from(parameter.columns.iter().map(column).collect::<Vec<_>>()));
        Some(Json::Object(field))
    }
}

/// The example of a field: that of the letter where it tells a story of its own.
pub(super) fn example_of<'a>(clause: &'a Clause, parameter: &'a Parameter) -> &'a Json {
    clause.example.get(&parameter.name).unwrap_or(&parameter.example)
}

/// The name that the script has for a type of field; `None` for a type that one page cannot ask for.
const fn control(kind: ParameterType) -> Option<&'static str> {
    Some(match kind {
        ParameterType::Line => "line",
        ParameterType::Text => "text",
        ParameterType::Date => "date",
        ParameterType::Count => "count",
        ParameterType::Choice => "choice",
        ParameterType::List => "list",
        ParameterType::Rows => "rows",
        // The fields of each reply are those of another letter.
        ParameterType::Replies => return None,
    })
}

/// JSON in which nothing is a tag, an entity or a directive of mdBook, on one line.
fn harmless(data: &Json) -> String {
    let text = data.to_string();
    text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026").replace("{{", "{\\u007b")
}

#[cfg(test)]
mod tests {
    use super::harmless;
    use serde_json::json;

    #[test]
    fn a_value_can_neither_end_the_script_nor_draw_in_a_file() {
        let value = json!({ "a": "</script><!-- & {{#include x}} {{{{#y", "b": "第一行\n第二行" });
        let text = harmless(&value);
        assert!(!text.contains(['<', '>', '&', '\n']) && !text.contains("{{"), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).ok(), Some(value));
    }
}
