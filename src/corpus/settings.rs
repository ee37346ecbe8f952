//! The agency's settings in layers, later ones over earlier ones, key by key: what a superior authority ships for all
//! (`book/rules/agency.toml`), the agency's own (`book.toml`), the officer's own (name and telephone).

use super::agency::{Agency, book_table, mistake};
use super::publication::Publication;
use super::remedies::Choices;
use super::review_body::review_body_mistake;
use super::rules::Rules;
use super::schema;
use super::tree::{Entry, Node, Value};
use crate::calendar::Date;
use crate::text::{Diagnostic, Place, Report, Sources, nearest};
use serde_json::{Map, Value as Json};

/// The optional file of the layer below the agency's own.
pub const OFFICIAL_SETTINGS: &str = "book/rules/agency.toml";
const BOOK: &str = "book.toml";

/// Whose setting it is. Later layers win.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// `book/rules/agency.toml`
    Official,
    /// `book.toml`
    Agency,
    /// The officer's own file.
    User,
}

impl Layer {
    /// For programs.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Agency => "agency",
            Self::User => "user",
        }
    }

    /// What staff read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Official => "上级统一",
            Self::Agency => "本机关",
            Self::User => "本人",
        }
    }
}

/// One setting that is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Key of [`Agency`], or id of a policy.
    pub key: String,
    /// As it is written, without blanks around.
    pub value: String,
    /// Whose it is.
    pub layer: Layer,
    /// Where its value stands.
    pub place: Place,
    /// Where its key stands.
    pub key_place: Place,
}

/// Every setting of every layer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layers {
    settings: Vec<Setting>,
    policies: Vec<Setting>,
    /// The editions that `book.toml` describes, by id.
    pub publications: Vec<Publication>,
}

impl Layers {
    /// Reads the layers: those of the handbook from its sources, the officer's own, path and text, where there is one.
    /// Mistakes go to `report`; a layer with mistakes of form is left out.
    #[must_use]
    pub fn read(sources: &Sources, user: Option<(&str, &str)>, report: &mut Report) -> Self {
        let mut layers = Self::default();
        if let Some(text) = sources.get(OFFICIAL_SETTINGS)
            && let Some(node) = Node::parse(OFFICIAL_SETTINGS, text, 0, report)
            && schema::check(&node, &official_schema(), OFFICIAL_SETTINGS, report)
        {
            let own = node.entries().iter().filter(|e| e.key != "policy");
            layers.add(own, (Layer::Official, OFFICIAL_SETTINGS), report);
            layers.choose(node.get("policy"), (Layer::Official, OFFICIAL_SETTINGS));
        }
        if let Some(table) = book_table(BOOK, sources.get(BOOK).unwrap_or_default(), report) {
            let own = table.get("agency").map(Node::entries).unwrap_or_default();
            layers.add(own.iter(), (Layer::Agency, BOOK), report);
            layers.choose(table.get("policy"), (Layer::Agency, BOOK));
            layers.publications = Publication::read(table.get("editions"), BOOK, report);
        }
        if let Some((path, text)) = user
            && let Some(node) = personal(path, text, report)
        {
            layers.add(node.entries().iter(), (Layer::User, path), report);
        }
        layers
    }

    fn add<'a>(
        &mut self,
        entries: impl Iterator<Item = &'a Entry>,
        (layer, path): (Layer, &str),
        report: &mut Report,
    ) {
        for entry in entries {
            let value = match &entry.node.value {
                Value::Text(text) => text.trim().to_owned(),
                Value::Bool(is) => is.to_string(),
                _ => continue,
            };
            // What is left empty is not given.
            if value.is_empty() {
                continue;
            }
            let place = Place::new(path, entry.node.range.clone());
            if let Some((code, message, hint)) = mistake(&entry.key, &value) {
                report.push(Diagnostic::error(code, place.clone(), message).hint(hint));
            }
            let key_place = Place::new(path, entry.key_range.clone());
            self.settings.push(Setting { key: entry.key.clone(), value, layer, place, key_place });
        }
    }

    fn choose(&mut self, table: Option<&Node>, (layer, path): (Layer, &str)) {
        for entry in table.map(Node::entries).unwrap_or_default() {
            let Value::Text(value) = &entry.node.value else { continue };
            let place = Place::new(path, entry.node.range.clone());
            let key_place = Place::new(path, entry.key_range.clone());
            let (key, value) = (entry.key.clone(), value.clone());
            self.policies.push(Setting { key, value, layer, place, key_place });
        }
    }

    /// What holds for a key, and what it stands over, the nearest first.
    #[must_use]
    pub fn setting(&self, key: &str) -> Vec<&Setting> {
        of(&self.settings, key)
    }

    /// The same for a point that the law leaves open.
    #[must_use]
    pub fn policy(&self, id: &str) -> Vec<&Setting> {
        of(&self.policies, id)
    }

    /// The settings that hold.
    #[must_use]
    pub fn agency(&self) -> Agency {
        let mut all = Map::new();
        for setting in &self.settings {
            let value = match (setting.key.as_str(), setting.value.as_str()) {
                ("seal_differs", value) => Json::from(value == "true"),
                (_, value) => Json::from(value),
            };
            all.insert(setting.key.clone(), value);
        }
        let policy = self.policies.iter().map(|s| (s.key.clone(), s.value.clone())).collect();
        // The keys were checked against the schema of this very type.
        let agency: Agency = serde_json::from_value(Json::Object(all)).unwrap_or_default();
        Agency { policy, ..agency }
    }

    /// Compares the settings with the tables that say what there is, and with each other.
    pub fn check(&self, rules: &Rules, report: &mut Report) {
        let mut unknown = |setting: &Setting, place: &Place, known: Vec<&str>| {
            let word = &setting.value;
            let hint = nearest(word, known.iter().copied()).map_or_else(
                || format!("可以写的有：{}", known.join("、")),
                |w| format!("您是不是要写 {w}？可以写的有：{}", known.join("、")),
            );
            let message = format!("没有「{word}」这一种");
            report.push(Diagnostic::error("unknown-reference", place.clone(), message).hint(hint));
        };
        let remedies = (!rules.broken.contains("remedy")).then_some(&rules.remedies);
        for setting in self.settings.iter().filter(|s| s.key == "organ") {
            if let Some(table) = remedies.filter(|t| t.organ(&setting.value).is_none()) {
                unknown(setting, &setting.place, table.organ.iter().map(|o| o.id.as_str()).collect());
            }
        }
        for setting in &self.policies {
            match rules.policies.iter().find(|p| p.id == setting.key) {
                None => {
                    let named = Setting { value: setting.key.clone(), ..setting.clone() };
                    unknown(
                        &named,
                        &setting.key_place,
                        rules.policies.iter().map(|p| p.id.as_str()).collect(),
                    );
                }
                Some(policy) if policy.option.iter().all(|o| o.id != setting.value) => {
                    let known = policy.option.iter().map(|o| o.id.as_str()).collect();
                    unknown(setting, &setting.place, known);
                }
                Some(_) => {}
            }
        }
        let holds = |key: &str| self.setting(key).first().copied();
        if let Some(body) = holds("review_body") {
            let organ = holds("organ").and_then(|o| remedies?.organ(&o.value));
            if let Some((message, hint)) = review_body_mistake(organ, &body.value, Date::LAST) {
                report.push(Diagnostic::error("wrong-setting", body.place.clone(), message).hint(hint));
            }
        }
        if let (Some(seal), Some(name)) = (holds("seal"), holds("name"))
            && seal.value != name.value
            && holds("seal_differs").is_none_or(|d| d.value != "true")
        {
            let message = format!("印章上的名称「{}」和机关全称「{}」不一致", seal.value, name.value);
            let hint = "对照公章改成一致；公章上确实是另一个名称的，加一行 seal_differs = true";
            report.push(Diagnostic::error("wrong-setting", seal.place.clone(), message).hint(hint));
        }
    }
}

fn of<'a>(all: &'a [Setting], key: &str) -> Vec<&'a Setting> {
    all.iter().rev().filter(|s| s.key == key).collect()
}

/// The schema of `book/rules/agency.toml`: the agency's keys, and `[policy]`.
fn official_schema() -> Json {
    let mut schema = schema::of::<Agency>();
    if let Some(properties) = schema.get_mut("properties").and_then(Json::as_object_mut) {
        properties.insert("policy".to_owned(), schema::of::<Choices>());
    }
    schema
}

/// What an officer may set: nothing that would change the law of a letter, or how the agency's letters look, for one
/// desk.
pub const PERSONAL: [&str; 2] = ["contact", "phone"];

/// The officer's own file, with what belongs to the agency refused.
fn personal(path: &str, text: &str, report: &mut Report) -> Option<Node> {
    let mut node = Node::parse(path, text, 0, report)?;
    let titles = schema::of::<Agency>();
    let before = report.clone();
    for entry in node.entries() {
        let agencys = Agency::KEYS.contains(&entry.key.as_str())
            || ["policy", "seal_differs"].contains(&entry.key.as_str());
        if agencys && !PERSONAL.contains(&entry.key.as_str()) {
            let title = titles.pointer(&format!("/properties/{}/title", entry.key)).and_then(Json::as_str);
            let message =
                format!("「{}」（{}）不能写在个人设置里", title.unwrap_or("由机关自定的点"), entry.key);
            let hint = format!(
                "个人设置只能写 {}；其余的整个机关要一致，写在手册的 book.toml 里，这里删去",
                PERSONAL.join("、")
            );
            let place = Place::new(path, entry.key_range.clone());
            report.push(Diagnostic::error("personal-setting", place, message).hint(hint));
        }
    }
    if let Value::Table(entries) = &mut node.value {
        let known = Agency::KEYS.iter().chain(&["policy", "seal_differs"]);
        let agencys: Vec<&str> = known.copied().filter(|key| !PERSONAL.contains(key)).collect();
        entries.retain(|e| !agencys.contains(&e.key.as_str()));
    }
    let mut wanted = titles;
    if let Some(properties) = wanted.get_mut("properties").and_then(Json::as_object_mut) {
        properties.retain(|key, _| PERSONAL.contains(&key.as_str()));
    }
    (schema::check(&node, &wanted, path, report) && *report == before).then_some(node)
}

#[cfg(test)]
mod tests {
    use super::{Layer, Layers, OFFICIAL_SETTINGS};
    use crate::text::{Report, Sources};

    const BOOK: &str = "[book]\nsrc = \"book\"\n[build]\nbuild-dir = \"target/handbook\"\n[preprocessor.gongkai.agency]\nphone = \"000-00000002\"\naddress = \"\"\n";

    fn read(official: &str, user: &str) -> (Layers, Vec<&'static str>) {
        let mut sources = Sources::default();
        sources.insert("book.toml", BOOK);
        sources.insert(OFFICIAL_SETTINGS, official);
        let mut report = Report::default();
        let layers = Layers::read(&sources, Some(("config.toml", user)), &mut report);
        (layers, report.sorted().iter().map(|d| d.code).collect())
    }

    #[test]
    fn later_layers_win_key_by_key_and_what_is_empty_is_not_given() {
        let (layers, wrong) =
            read("phone = \"000-00000001\"\naddress = \"示例路1号\"\n", "phone = \"000-00000003\"\n");
        assert!(wrong.is_empty(), "{wrong:?}");
        let phones: Vec<Layer> = layers.setting("phone").iter().map(|s| s.layer).collect();
        assert_eq!(phones, [Layer::User, Layer::Agency, Layer::Official]);
        assert_eq!(layers.agency().get("phone"), Some("000-00000003"));
        assert_eq!(layers.agency().get("address"), Some("示例路1号"));
    }

    #[test]
    fn an_officer_may_set_nothing_that_changes_the_law_of_a_letter() {
        let (layers, wrong) = read("", "review_body = \"示例市人民政府\"\nphone = \"000-00000003\"\n");
        assert_eq!(wrong, ["personal-setting"]);
        assert_eq!(layers.agency().get("review_body"), None);
        assert_eq!(read("", "[policy]\nmake-up-days = \"skip\"\n").1, ["personal-setting"]);
        assert_eq!(read("", "fone = \"1\"\n").1, ["unknown-key"]);
    }

    #[test]
    fn the_file_for_all_refuses_unknown_keys_and_takes_policies() {
        assert_eq!(read("nmae = \"x\"\n", "").1, ["unknown-key"]);
        let (layers, wrong) = read("[policy]\nmake-up-days = \"skip\"\n", "");
        assert!(wrong.is_empty());
        assert_eq!(layers.agency().policy.get("make-up-days").map(String::as_str), Some("skip"));
    }
}
