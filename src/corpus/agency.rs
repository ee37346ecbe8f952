//! The agency's own settings: `book.toml`, `[preprocessor.gongkai]`.

use super::clause::PageLayout;
use super::remedies::Choices;
use super::schema;
use super::tree::Node;
use crate::text::{Diagnostic, Place, Report, forbidden};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `[preprocessor.gongkai.agency]`: what letters take from here where a request does not say otherwise.
///
/// Made of layers by [`super::Layers`]; what is left empty is not given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "机关设置")]
pub struct Agency {
    /// Full name, as on the seal.
    #[schemars(title = "机关全称", description = "文书的署名，与公章一致")]
    pub name: Option<String>,
    /// Short name.
    #[schemars(title = "机关简称", description = "手册和列表里用")]
    pub short: Option<String>,
    /// What document numbers begin with (GB/T 9704-2012, 7.2.5).
    #[schemars(title = "机关代字", description = "文号〔〕前面的文字，例如 示例公开；取文号要用")]
    pub code: Option<String>,
    /// Kind of organ, an id of `book/rules/remedy.toml`: who hears the reviews depends on it.
    #[schemars(title = "机关种类", description = "book/rules/remedy.toml 里 organ 的编号，例如 department")]
    pub organ: Option<String>,
    /// Postal address.
    #[schemars(title = "通信地址", description = "文书里申请人联系、查阅的地址")]
    pub address: Option<String>,
    /// Postal code.
    #[schemars(title = "邮政编码", description = "6 位数字")]
    pub postcode: Option<String>,
    /// Telephone.
    #[schemars(title = "联系电话", description = "工作时间有人接听的电话")]
    pub phone: Option<String>,
    /// Person to ask for.
    #[schemars(title = "联系人", description = "能答复询问的承办人")]
    pub contact: Option<String>,
    /// The body that hears reviews against this agency (行政复议法第二十四至二十八条).
    #[schemars(title = "行政复议机关", description = "救济告知里向谁申请复议，写全称")]
    pub review_body: Option<String>,
    /// Where a review can be applied for on line (行政复议法第二十二条第二款).
    #[schemars(title = "网上提交复议申请的渠道", description = "通过互联网送达的文书要写；平台名称和网址")]
    pub online_channel: Option<String>,
    /// The court; letters that send the applicant to review first never name one.
    #[schemars(
        title = "有管辖权的法院",
        description = "可以不写；要先复议的文书不写具体的法院，复议后由谁管辖随复议结果变"
    )]
    pub court: Option<String>,
    /// The name on the seal.
    #[schemars(title = "印章上的名称", description = "与机关全称一致；确实不同的，另写 seal_differs = true")]
    pub seal: Option<String>,
    /// Says that the seal bears another name on purpose.
    #[schemars(title = "印章名称与机关全称确实不同", description = "核对过公章以后写 true")]
    pub seal_differs: Option<bool>,
    /// Where what is published can be read.
    #[schemars(
        title = "政府信息公开平台网址",
        description = "已经主动公开的，告诉申请人到哪里查；以 http:// 或 https:// 开头"
    )]
    pub portal: Option<String>,
    /// How letters with a red head stand on paper, over what the shell says.
    #[schemars(
        title = "红头版式",
        description = "letter 信函格式、official 公文格式、plain 不套红；只用于套红的文书，不写就按各文书自己的"
    )]
    pub layout: Option<String>,
    /// The register of document numbers.
    #[schemars(
        title = "文号登记册的位置",
        description = "几个人共用时写共享文件夹里的文件；不写就是手册文件夹里的 numbers.csv"
    )]
    pub register: Option<String>,
    /// `[preprocessor.gongkai.policy]`: what the agency chose on the points that the law leaves open.
    #[serde(skip)]
    #[schemars(skip)]
    pub policy: Choices,
}

/// The table `[preprocessor.gongkai]` of `book.toml`, mdBook's own keys included.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "read only for its schema")]
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
    /// The editions of the handbook.
    #[serde(default)]
    #[schemars(title = "手册的几个版本")]
    editions: BTreeMap<String, super::publication::Settings>,
}

impl Agency {
    /// One setting by its key, if it is filled in.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        let value = match key {
            "name" => &self.name,
            "short" => &self.short,
            "code" => &self.code,
            "organ" => &self.organ,
            "address" => &self.address,
            "postcode" => &self.postcode,
            "phone" => &self.phone,
            "contact" => &self.contact,
            "review_body" => &self.review_body,
            "online_channel" => &self.online_channel,
            "court" => &self.court,
            "seal" => &self.seal,
            "portal" => &self.portal,
            "layout" => &self.layout,
            "register" => &self.register,
            _ => return None,
        };
        value.as_deref().filter(|v| !v.trim().is_empty())
    }

    /// How letters with a red head are to stand on paper, where the agency chose.
    #[must_use]
    pub fn layout(&self) -> Option<PageLayout> {
        self.get("layout").and_then(layout)
    }

    /// The keys that [`Agency::get`] knows.
    pub const KEYS: [&'static str; 15] = [
        "name",
        "short",
        "code",
        "organ",
        "address",
        "postcode",
        "phone",
        "contact",
        "review_body",
        "online_channel",
        "court",
        "seal",
        "portal",
        "layout",
        "register",
    ];
}

fn layout(word: &str) -> Option<PageLayout> {
    match word {
        "letter" => Some(PageLayout::Letter),
        "official" => Some(PageLayout::Official),
        "plain" => Some(PageLayout::Plain),
        _ => None,
    }
}

/// The table `[preprocessor.gongkai]` of the text of `book.toml`, if it has the right shape; mistakes go to `report`.
/// Checks of the rest of it what this project relies on. Everything else mdBook checks itself.
pub(super) fn book_table(path: &str, text: &str, report: &mut Report) -> Option<Node> {
    let node = Node::parse(path, text, 0, report)?;
    check_folders(&node, path, report);
    let Some(table) = node.get("preprocessor").and_then(|p| p.get("gongkai")) else {
        let hint = "加上三行：[preprocessor.gongkai]，command = \"gongkai preprocess\"，before = [\"links\"]";
        let message = "book.toml 里没有 [preprocessor.gongkai]";
        report.push(Diagnostic::error("book-toml", Place::new(path, 0..0), message).hint(hint));
        return None;
    };
    schema::check(table, &schema::of::<Table>(), path, report).then(|| table.clone())
}

/// What is wrong with one setting, whatever the others are, and what to write instead. They are printed in letters: one
/// line each, and only characters that a letter may hold.
pub(super) fn mistake(key: &str, text: &str) -> Option<(&'static str, String, &'static str)> {
    if text.contains(['\n', '\r']) || text.contains(forbidden) {
        let message = format!("机关设置「{key}」里有换行或看不见的字符");
        return Some(("bad-character", message, "写成一行；删去后重新输入"));
    }
    let (fits, what, hint) = match key {
        "phone" => (
            text.split(['、', '，', ',', '；', ';', '/']).all(|one| is_phone(one.trim())),
            "不是电话号码",
            "写成 000-00000000 这样，只写数字、区号的横线和括号、转分机；几个号码用顿号隔开",
        ),
        "postcode" => {
            (text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()), "不是邮政编码", "写 6 位数字")
        }
        "code" => (
            is_code(text),
            "不是机关代字",
            "只写〔〕前面的文字，例如 示例公开；年份、序号、括号、“第”“号”由程序加",
        ),
        "portal" => (
            is_address(text),
            "不是网址",
            "写成 https://www.example.gov.cn/ 这样，以 http:// 或者 https:// 开头，中间没有空格",
        ),
        "online_channel" => (
            !text.contains("：//")
                && text.match_indices("://").all(|(at, _)| {
                    text.get(..at).is_some_and(|before| before.ends_with("http") || before.ends_with("https"))
                }),
            "里的网址写得不对",
            "写平台名称和网址，例如 示例市行政复议服务平台（网址：https://fuyi.example）",
        ),
        "court" => (
            text.ends_with("法院"),
            "不是法院的名称",
            "写法院的全称，例如 示例市示例区人民法院；不写具体的法院就留空",
        ),
        "layout" => (
            layout(text).is_some(),
            "不是红头版式",
            "可以写 letter（信函格式）、official（公文格式）、plain（不套红）",
        ),
        _ => return None,
    };
    (!fits).then(|| ("wrong-setting", format!("「{text}」{what}"), hint))
}

/// 000-00000000, (000) 00000000, 12345, +86 000 00000000 转 123
fn is_phone(text: &str) -> bool {
    let (number, extension) = match text.split_once("转") {
        Some((number, extension)) => (number, extension.trim().trim_start_matches("分机").trim()),
        None => (text, "0"),
    };
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
    let known = |c: char| c.is_ascii_digit() || " -()（）+".contains(c);
    (3..=15).contains(&digits(number))
        && number.chars().all(known)
        && number.starts_with(|c: char| c.is_ascii_digit() || "(（+".contains(c))
        && (1..=8).contains(&extension.len())
        && extension.bytes().all(|b| b.is_ascii_digit())
}

/// 示例公开: letters only, no brackets, digits, 年, 第, 号.
fn is_code(text: &str) -> bool {
    let fits = |c: char| c.is_alphabetic() && !"年第号".contains(c);
    (1..=20).contains(&text.chars().count()) && text.chars().all(fits)
}

/// `https://host.domain/…` without blanks and Chinese marks.
pub(super) fn is_address(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let part = |p: &str| !p.is_empty() && p.chars().all(|c| c.is_alphanumeric() || c == '-');
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    let strange = |c: char| c.is_whitespace() || "，。；：（）、“”《》／．".contains(c);
    host.contains('.') && host.split('.').all(part) && !rest.contains(strange)
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
    use super::{book_table, mistake};
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
            let _ = book_table("book.toml", &text, &mut report);
            assert_eq!(report.sorted().len(), 1, "{folder}");
        }
    }

    #[test]
    fn settings_of_the_wrong_form_are_mistakes_and_those_of_the_right_form_none() {
        let right = [
            ("phone", "000-00000000"),
            ("phone", "（000）00000000、000-00000001转123"),
            ("phone", "+86 000 00000000"),
            ("phone", "12345"),
            ("postcode", "000000"),
            ("code", "示例公开"),
            ("portal", "https://www.example.gov.cn/zwgk?id=1"),
            ("portal", "http://示例.政务:8080"),
            ("online_channel", "示例平台（网址：fuyi.example）"),
            ("online_channel", "示例平台（https://fuyi.example）"),
            ("court", "示例市示例区人民法院"),
            ("layout", "official"),
            ("name", "示例市某局"),
        ];
        for (key, text) in right {
            assert_eq!(mistake(key, text), None, "{key} = {text}");
        }
        let wrong = [
            ("phone", "王某"),
            ("phone", "０００-００００００００"),
            ("phone", "12"),
            ("phone", "000-00000000转"),
            ("postcode", "00000"),
            ("postcode", "００００００"),
            ("code", "示例公开〔2026〕"),
            ("code", "示例公开第"),
            ("code", "示例2"),
            ("code", "示例 公开"),
            ("portal", "www.example.gov.cn"),
            ("portal", "https：//www.example.gov.cn"),
            ("portal", "https://localhost"),
            ("portal", "https://www.example.gov.cn，另见网站"),
            ("online_channel", "平台 https：//fuyi.example"),
            ("online_channel", "ftp://fuyi.example"),
            ("court", "示例区法庭"),
            ("layout", "envelope"),
            ("name", "示例市\n某局"),
        ];
        for (key, text) in wrong {
            assert!(mistake(key, text).is_some(), "{key} = {text}");
        }
    }

    #[test]
    fn a_misspelt_setting_is_reported() {
        let mut report = Report::default();
        let text = format!("{FOLDERS}[preprocessor.gongkai.agency]\nnmae = \"x\"\n");
        assert!(book_table("book.toml", &text, &mut report).is_none());
        assert_eq!(report.sorted()[0].code, "unknown-key");
    }
}
