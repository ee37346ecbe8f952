//! The agency's own settings: `book.toml`, `[preprocessor.gongkai]`.

use super::remedies::Choices;
use super::rules::Rules;
use super::schema;
use super::tree::{Node, Value};
use crate::text::{Diagnostic, Place, Report, forbidden, nearest};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `[preprocessor.gongkai.agency]`: what letters take from here where a request does not say otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "机关设置")]
pub struct Agency {
    /// Full name, as on the seal.
    #[schemars(title = "机关全称")]
    pub name: Option<String>,
    /// Short name.
    #[schemars(title = "机关简称")]
    pub short: Option<String>,
    /// Postal address.
    #[schemars(title = "通信地址")]
    pub address: Option<String>,
    /// Postal code.
    #[schemars(title = "邮政编码")]
    pub postcode: Option<String>,
    /// Telephone.
    #[schemars(title = "联系电话")]
    pub phone: Option<String>,
    /// Person to ask for.
    #[schemars(title = "联系人")]
    pub contact: Option<String>,
    /// The body that hears reviews against this agency (行政复议法第二十四至二十八条).
    #[schemars(title = "行政复议机关")]
    pub review_body: Option<String>,
    /// Where a review can be applied for on line (行政复议法第二十二条第二款).
    #[schemars(title = "网上提交复议申请的渠道")]
    pub online_channel: Option<String>,
    /// Kind of organ, an id of `book/rules/remedy.toml`: who hears the reviews depends on it.
    #[schemars(title = "机关种类", description = "book/rules/remedy.toml 里 organ 的编号，例如 department")]
    pub organ: Option<String>,
    /// `[preprocessor.gongkai.policy]`: what the agency chose on the points that the law leaves open.
    #[serde(skip)]
    #[schemars(skip)]
    pub policy: Choices,
}

/// The table `[preprocessor.gongkai]` of `book.toml`, mdBook's own keys included.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "mdBook's own keys are read only to be allowed")]
struct Table {
    command: Option<String>,
    before: Option<Vec<String>>,
    after: Option<Vec<String>>,
    renderers: Option<Vec<String>>,
    optional: Option<bool>,
    #[serde(default)]
    agency: Agency,
    /// Points that the law leaves open.
    #[serde(default)]
    #[schemars(title = "由机关自定的点")]
    policy: Choices,
}

impl Agency {
    /// Reads the settings from the text of `book.toml`, and checks of the rest of it what this project relies on;
    /// mistakes go to `report`. Everything else mdBook checks itself.
    #[must_use]
    pub fn read(path: &str, text: &str, report: &mut Report) -> Self {
        let Some(node) = Node::parse(path, text, 0, report) else { return Self::default() };
        check_folders(&node, path, report);
        let Some(table) = node.get("preprocessor").and_then(|p| p.get("gongkai")) else {
            let hint =
                "加上三行：[preprocessor.gongkai]，command = \"gongkai preprocess\"，before = [\"links\"]";
            let message = "book.toml 里没有 [preprocessor.gongkai]";
            report.push(Diagnostic::error("book-toml", Place::new(path, 0..0), message).hint(hint));
            return Self::default();
        };
        if !schema::check(table, &schema::of::<Table>(), path, report) {
            return Self::default();
        }
        check_values(table, path, report);
        serde_json::from_value(table.to_json())
            .map(|table: Table| Self { policy: table.policy, ..table.agency })
            .unwrap_or_default()
    }

    /// Compares the kind of organ and the choices with the tables that say what there is.
    pub fn check(path: &str, text: &str, rules: &Rules, report: &mut Report) {
        let Some(node) = Node::parse(path, text, 0, &mut Report::default()) else { return };
        let Some(table) = node.get("preprocessor").and_then(|p| p.get("gongkai")) else { return };
        let mut unknown = |range: std::ops::Range<usize>, word: &str, known: Vec<&str>| {
            let hint = nearest(word, known.iter().copied()).map_or_else(
                || format!("可以写的有：{}", known.join("、")),
                |w| format!("您是不是要写 {w}？可以写的有：{}", known.join("、")),
            );
            let message = format!("没有「{word}」这一种");
            report.push(Diagnostic::error("unknown-reference", Place::new(path, range), message).hint(hint));
        };
        if let Some(organ) = table.get("agency").and_then(|a| a.get("organ"))
            && let Value::Text(word) = &organ.value
            && !rules.broken.contains("remedy")
            && !word.is_empty()
            && rules.remedies.organ(word).is_none()
        {
            let known = rules.remedies.organ.iter().map(|o| o.id.as_str()).collect();
            unknown(organ.range.clone(), word, known);
        }
        for entry in table.get("policy").map(Node::entries).unwrap_or_default() {
            let Value::Text(word) = &entry.node.value else { continue };
            match rules.policies.iter().find(|p| p.id == entry.key) {
                None => {
                    let known = rules.policies.iter().map(|p| p.id.as_str()).collect();
                    unknown(entry.key_range.clone(), &entry.key, known);
                }
                Some(policy) if policy.option.iter().all(|o| o.id != *word) => {
                    let known = policy.option.iter().map(|o| o.id.as_str()).collect();
                    unknown(entry.node.range.clone(), word, known);
                }
                Some(_) => {}
            }
        }
    }

    /// One setting by its key, if it is filled in.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        let value = match key {
            "name" => &self.name,
            "short" => &self.short,
            "address" => &self.address,
            "postcode" => &self.postcode,
            "phone" => &self.phone,
            "contact" => &self.contact,
            "review_body" => &self.review_body,
            "online_channel" => &self.online_channel,
            "organ" => &self.organ,
            _ => return None,
        };
        value.as_deref().filter(|v| !v.trim().is_empty())
    }

    /// The keys that [`Agency::get`] knows.
    pub const KEYS: [&'static str; 9] = [
        "name",
        "short",
        "address",
        "postcode",
        "phone",
        "contact",
        "review_body",
        "online_channel",
        "organ",
    ];
}

/// Settings are printed in letters: one line each, and only characters that a letter may hold.
fn check_values(table: &Node, path: &str, report: &mut Report) {
    for entry in table.get("agency").map(Node::entries).unwrap_or_default() {
        let Value::Text(text) = &entry.node.value else { continue };
        if text.contains(['\n', '\r']) || text.contains(forbidden) {
            let place = Place::new(path, entry.node.range.clone());
            let message = format!("机关设置「{}」里有换行或看不见的字符", entry.key);
            report.push(Diagnostic::error("bad-character", place, message).hint("写成一行；删去后重新输入"));
        }
    }
}

/// The sources must be in `book`, and what is built must go elsewhere: mdBook empties its output folder first,
/// and by default that is `book`.
fn check_folders(node: &Node, path: &str, report: &mut Report) {
    let text = |table: &str, key: &str| node.get(table)?.get(key).map(|n| (n.to_json(), n.range.clone()));
    let source = text("book", "src");
    if source.as_ref().and_then(|(v, _)| v.as_str()) != Some("book") {
        let place = Place::new(path, source.map_or(0..0, |(_, range)| range));
        let hint = "在 [book] 下面写 src = \"book\"";
        report.push(Diagnostic::error("book-toml", place, "手册的文字要放在 book 文件夹里").hint(hint));
    }
    let built = text("build", "build-dir");
    let folder =
        built.as_ref().and_then(|(v, _)| v.as_str()).unwrap_or("book").replace('\\', "/").to_lowercase();
    let parts: Vec<&str> = folder.split('/').filter(|p| !matches!(*p, "" | ".")).collect();
    let absolute = folder.starts_with('/') || folder.contains(':');
    let ours = parts.first().is_none_or(|first| SOURCES.contains(first));
    if !absolute && (ours || parts.contains(&"..")) {
        let place = Place::new(path, built.map_or(0..0, |(_, range)| range));
        let message = "生成手册会清空输出文件夹，不能设成现在这个";
        let hint = "在 [build] 下面写 build-dir = \"target/handbook\"；要放到别处，写完整的路径";
        report.push(Diagnostic::error("book-toml", place, message).hint(hint));
    }
}

/// Folders of a handbook that are not to be written into.
pub const SOURCES: [&str; 4] = ["book", "cases", "templates", "book.toml"];

#[cfg(test)]
mod tests {
    use super::Agency;
    use crate::text::Report;

    const FOLDERS: &str = "[book]\nsrc = \"book\"\n[build]\nbuild-dir = \"target/handbook\"\n";

    #[test]
    fn an_output_folder_that_would_empty_the_sources_is_refused() {
        for folder in
            ["book", "./book/", "cases", ".", "", "book/out", "target/../book", "..", "../h/book", "BOOK"]
        {
            let text = format!(
                "[book]\nsrc = \"book\"\n[build]\nbuild-dir = \"{folder}\"\n[preprocessor.gongkai]\n"
            );
            let mut report = Report::default();
            let _ = Agency::read("book.toml", &text, &mut report);
            assert_eq!(report.sorted().len(), 1, "{folder}");
        }
    }

    #[test]
    fn every_key_can_be_looked_up() {
        let lines: String = Agency::KEYS.iter().map(|k| format!("{k} = \"{k} 的值\"\n")).collect();
        let mut report = Report::default();
        let agency = Agency::read(
            "book.toml",
            &format!("{FOLDERS}[preprocessor.gongkai.agency]\n{lines}"),
            &mut report,
        );
        assert!(report.is_empty());
        for key in Agency::KEYS {
            assert_eq!(agency.get(key), Some(format!("{key} 的值").as_str()));
        }
    }

    #[test]
    fn a_misspelt_setting_is_reported() {
        let mut report = Report::default();
        let _ = Agency::read(
            "book.toml",
            &format!("{FOLDERS}[preprocessor.gongkai.agency]\nnmae = \"x\"\n"),
            &mut report,
        );
        assert_eq!(report.sorted()[0].code, "unknown-key");
    }
}
