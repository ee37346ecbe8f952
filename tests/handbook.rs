//! The project's own handbook, built by the program and read back as a browser reads it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its files stops")]

use crate::common;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use common::{Handbook, Run, assert_same_files, assert_snapshot, files};
use gongkai::citation::{self, Context, Names};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind::{Rawtext, Rcdata, ScriptData};
use html5ever::tokenizer::{
    BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

// Pages as a browser reads them

/// A piece of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// A start tag with its attributes.
    Open(String, BTreeMap<String, String>),
    /// An end tag.
    Close(String),
    /// Text between tags.
    Text(String),
}

impl Piece {
    /// An attribute of a start tag with this name.
    fn attribute(&self, tag: &str, name: &str) -> Option<&str> {
        match self {
            Self::Open(found, attributes) if found == tag => attributes.get(name).map(String::as_str),
            _ => None,
        }
    }

    fn has_class(&self, tag: &str, class: &str) -> bool {
        self.attribute(tag, "class").is_some_and(|all| all.split(' ').any(|found| found == class))
    }

    fn opens(&self, tag: &str) -> bool {
        matches!(self, Self::Open(found, _) if found == tag)
    }

    fn closes(&self, tag: &str) -> bool {
        matches!(self, Self::Close(found) if found == tag)
    }
}

#[derive(Default)]
struct Sink(RefCell<Vec<Piece>>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut pieces = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) => {
                let name = tag.name.to_string();
                if tag.kind == TagKind::EndTag {
                    pieces.push(Piece::Close(name));
                    return TokenSinkResult::Continue;
                }
                let attributes = tag.attrs.iter().map(|a| (a.name.local.to_string(), a.value.to_string()));
                pieces.push(Piece::Open(name.clone(), attributes.collect()));
                return match name.as_str() {
                    "script" => TokenSinkResult::RawData(ScriptData),
                    "style" => TokenSinkResult::RawData(Rawtext),
                    "title" | "textarea" => TokenSinkResult::RawData(Rcdata),
                    _ => TokenSinkResult::Continue,
                };
            }
            Token::CharacterTokens(text) => pieces.push(Piece::Text(text.to_string())),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn pieces(html: &str) -> Vec<Piece> {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

/// What stands between a start tag and its end tag; elements of this name inside each other are not expected.
fn inside<'a>(pieces: &'a [Piece], tag: &str) -> &'a [Piece] {
    let Some(start) = pieces.iter().position(|piece| piece.opens(tag)) else { return &[] };
    let end = pieces[start..].iter().position(|piece| piece.closes(tag)).unwrap();
    &pieces[start + 1..start + end]
}

/// The text that a reader sees.
fn text(pieces: &[Piece]) -> String {
    let mut hidden = 0;
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Open(name, _) if ["script", "style"].contains(&name.as_str()) => hidden += 1,
            Piece::Close(name) if ["script", "style"].contains(&name.as_str()) => hidden -= 1,
            Piece::Text(text) if hidden == 0 => out.push_str(text),
            Piece::Open(..) | Piece::Close(_) => out.push(' '),
            Piece::Text(_) => {}
        }
    }
    out
}

// The handbook

/// Every file of the project's own handbook, built once.
fn built() -> &'static BTreeMap<String, Vec<u8>> {
    static BUILT: OnceLock<BTreeMap<String, Vec<u8>>> = OnceLock::new();
    BUILT.get_or_init(|| {
        let handbook = Handbook::own();
        fine(handbook.run(&["build", "-d", "out"]));
        files(&handbook.path("out"))
    })
}

/// The pages by path.
fn pages() -> &'static BTreeMap<String, Vec<Piece>> {
    static PAGES: OnceLock<BTreeMap<String, Vec<Piece>>> = OnceLock::new();
    PAGES.get_or_init(|| {
        let pages = built().iter().filter(|(path, _)| path.ends_with(".html"));
        pages.map(|(path, bytes)| (path.clone(), pieces(std::str::from_utf8(bytes).unwrap()))).collect()
    })
}

#[track_caller]
fn fine(run: Run) -> Run {
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    run
}

/// The names of the project's files in a folder, without their ending.
fn names(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut all: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    all.sort();
    assert!(!all.is_empty());
    all
}

#[test]
fn the_projects_own_handbook_has_no_mistake_and_no_broken_link() {
    let run = fine(Handbook::own().run(&["check"]));
    assert!(run.stdout.starts_with("检查完毕，没有错误："), "{run:?}");
}

#[test]
fn building_says_where_the_handbook_is_and_how_to_open_it() {
    let run = fine(Handbook::bare().run(&["build"]));
    assert_snapshot!(run.stdout);
}

#[test]
fn there_is_a_front_page() {
    assert!(built().contains_key("index.html"));
}

#[test]
fn every_law_case_question_policy_and_letter_has_a_page() {
    for (folder, pages) in [
        ("book/laws", "laws"),
        ("book/policies", "policies"),
        ("book/questions", "questions"),
        ("cases", "cases"),
        ("templates/clauses", "letters"),
    ] {
        for name in names(folder) {
            assert!(built().contains_key(&format!("{pages}/{name}.html")), "{folder}/{name}");
        }
    }
}

#[test]
fn every_page_has_a_title_and_a_heading() {
    for (path, pieces) in pages() {
        // The sidebar for browsers without scripts is shown inside other pages.
        if path != "toc.html" {
            assert!(!text(inside(pieces, "title")).trim().is_empty(), "{path}");
            assert!(!text(inside(inside(pieces, "main"), "h1")).trim().is_empty(), "{path}");
        }
    }
}

#[test]
fn every_page_is_marked_as_chinese() {
    for (path, pieces) in pages() {
        let language = pieces.iter().find_map(|piece| piece.attribute("html", "lang"));
        assert_eq!(language, Some("zh-CN"), "{path}");
    }
}

#[test]
fn every_article_paragraph_and_item_of_the_regulation_has_its_anchor_once() {
    let source = Handbook::own().read("book/laws/foi-2019.md");
    let header: toml::Table = toml::from_str(source.split("+++").nth(1).unwrap()).unwrap();
    let structure = header["structure"].as_table().unwrap();
    let mut wanted = vec![];
    for article in 1..=56 {
        let anchor = format!("foi-2019-art-{article}");
        let paragraphs: Vec<i64> = match structure.get(&article.to_string()) {
            Some(items) => items.as_array().unwrap().iter().map(|n| n.as_integer().unwrap()).collect(),
            None => vec![0],
        };
        wanted.push(anchor.clone());
        for (paragraph, items) in (1..).zip(&paragraphs) {
            let anchor = if paragraphs.len() > 1 { format!("{anchor}-{paragraph}") } else { anchor.clone() };
            if paragraphs.len() > 1 {
                wanted.push(anchor.clone());
            }
            wanted.extend((1..=*items).map(|item| format!("{anchor}-{item}")));
        }
    }
    assert!(wanted.len() > 140 && wanted.contains(&"foi-2019-art-36-5".to_owned()), "{wanted:?}");
    let found: Vec<&str> = pages()["laws/foi-2019.html"]
        .iter()
        .filter_map(|piece| match piece {
            Piece::Open(_, attributes) => attributes.get("id").map(String::as_str),
            _ => None,
        })
        .filter(|id| id.starts_with("foi-2019-art-"))
        .collect();
    assert_eq!(found.iter().copied().collect::<BTreeSet<_>>(), wanted.iter().map(String::as_str).collect());
    assert_eq!(found.len(), wanted.len());
}

// Citations and who cites

/// Pages that are not the text of one entry: indexes, and all chapters on one page.
fn is_index(path: &str) -> bool {
    path.ends_with("/index.html")
        || [
            "articles.html",
            "cases/by-outcome.html",
            "changes.html",
            "glossary.html",
            "keywords.html",
            "print.html",
            "toc.html",
            "404.html",
        ]
        .contains(&path)
}

/// The articles of the regulation that the citations on a page lead to.
fn cited_articles(pieces: &[Piece]) -> BTreeSet<u32> {
    let mut all = BTreeSet::new();
    let main = inside(pieces, "main");
    for (at, piece) in main.iter().enumerate() {
        if !piece.has_class("a", "gk-cite") {
            continue;
        }
        let href = piece.attribute("a", "href").unwrap();
        if let Some(anchor) = href.split("foi-2019.html#foi-2019-art-").nth(1) {
            let first: u32 = anchor.split('-').next().unwrap().parse().unwrap();
            all.insert(first);
            // A link leads to the first place only; its words may name a range: 第十四条至第十六条.
            let end = main[at..].iter().position(|piece| piece.closes("a")).unwrap();
            let words = text(&main[at..at + end]);
            for found in citation::find(words.trim(), &Names::default(), &Context::of(Some("foi-2019"))) {
                all.extend(found.provisions().iter().map(|place| place.article));
            }
        }
    }
    all
}

/// Under each article of the regulation, the pages that its list names.
fn listed() -> BTreeMap<u32, BTreeSet<String>> {
    let mut all: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
    let (mut article, mut inside_list) = (0, false);
    for piece in inside(&pages()["laws/foi-2019.html"], "main") {
        if let Some(id) = piece.attribute("h3", "id") {
            article = id.strip_prefix("foi-2019-art-").unwrap().parse().unwrap();
        }
        inside_list |= piece.has_class("details", "gk-citedby");
        inside_list &= !piece.closes("details");
        if let (true, Some(href)) = (inside_list, piece.attribute("a", "href")) {
            all.entry(article).or_default().insert(href.strip_prefix("../").unwrap().to_owned());
        }
    }
    all
}

#[test]
fn every_page_that_cites_an_article_is_listed_under_it_and_no_other() {
    let mut citing: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
    // The way through the steps and the tables name many articles; they lead to the entries and are none.
    let entry = |path: &str| {
        !is_index(path) && !path.starts_with("laws/") && !["decide.html", "terms.html"].contains(&path)
    };
    for (path, pieces) in pages().iter().filter(|(path, _)| entry(path)) {
        for article in cited_articles(pieces) {
            citing.entry(article).or_default().insert(path.clone());
        }
    }
    assert!(citing.len() > 30, "{citing:?}");
    let listed = listed();
    for article in 1..=56 {
        assert_eq!(citing.get(&article), listed.get(&article), "第{article}条: citing, listed");
    }
}

#[test]
fn cases_questions_letters_and_guides_are_all_among_those_who_cite() {
    let all: BTreeSet<String> = listed().into_values().flatten().collect();
    for folder in ["cases/", "questions/", "letters/", "guide/"] {
        assert!(all.iter().any(|path| path.starts_with(folder)), "{folder}");
    }
}

#[test]
fn every_citation_says_what_it_cites_without_being_followed() {
    let mut seen = 0;
    for (path, pieces) in pages() {
        for piece in pieces.iter().filter(|piece| piece.has_class("a", "gk-cite")) {
            for name in ["href", "data-law", "data-label"] {
                assert!(
                    piece.attribute("a", name).is_some_and(|value| !value.is_empty()),
                    "{path}: {piece:?}"
                );
            }
            seen += 1;
        }
    }
    assert!(seen > 500, "{seen}");
}

#[test]
fn every_law_and_policy_shows_its_state_and_every_entry_when_it_was_checked() {
    let entry = |path: &str| !is_index(path) && !["index.html", "decide.html", "terms.html"].contains(&path);
    for (path, pieces) in pages().iter().filter(|(path, _)| entry(path)) {
        let text = text(inside(pieces, "main"));
        assert!(text.contains("核对日期"), "{path}");
        if path.starts_with("laws/") || path.starts_with("policies/") {
            let states = ["valid", "amended", "repealed", "future", "unverified"];
            let badge =
                |piece: &Piece| states.iter().any(|s| piece.has_class("span", &format!("gk-badge--{s}")));
            assert!(pieces.iter().any(badge), "{path}");
        }
    }
}

// What no page may hold

#[test]
fn no_page_asks_anything_of_the_network() {
    for (path, pieces) in pages() {
        for piece in pieces {
            let Piece::Open(tag, attributes) = piece else { continue };
            for name in ["src", "href", "srcset", "poster", "data", "action", "xlink:href"] {
                // A link that is followed by hand is no request of the page.
                let by_hand = ["a", "area"].contains(&tag.as_str());
                if let (false, Some(value)) = (by_hand, attributes.get(name)) {
                    assert!(!value.contains("://") && !value.starts_with("//"), "{path}: {piece:?}");
                }
            }
        }
    }
}

#[test]
fn no_style_sheet_asks_anything_of_the_network() {
    let mut seen = 0;
    for (path, bytes) in built().iter().filter(|(path, _)| path.ends_with(".css")) {
        let text = String::from_utf8_lossy(bytes);
        for part in text.split("url(").skip(1).chain(text.split("@import").skip(1)) {
            let address = part.trim_start_matches([' ', '"', '\'']);
            assert!(!address.starts_with("http") && !address.starts_with("//"), "{path}: {address:.80}");
        }
        seen += 1;
    }
    assert!(seen > 5, "{seen}");
}

#[test]
fn the_handbooks_own_script_and_style_name_no_address() {
    let own = built().iter().filter(|(path, _)| path.contains("theme/gongkai"));
    let own: Vec<_> = own.filter(|(path, _)| path.ends_with(".js") || path.ends_with(".css")).collect();
    assert!(own.len() >= 2, "{:?}", built().keys());
    for (path, bytes) in own {
        let text = String::from_utf8_lossy(bytes);
        // The name of a vocabulary is no address that anything is loaded from.
        let text = text.replace("http://www.w3.org/2000/svg", "");
        assert!(!text.contains("http://") && !text.contains("https://"), "{path}");
    }
}

#[test]
fn no_header_is_left_on_any_page() {
    for (path, pieces) in pages() {
        assert!(!text(pieces).contains("+++"), "{path}");
    }
}

#[test]
fn no_template_and_no_marker_is_left_on_any_page() {
    for (path, bytes) in built().iter().filter(|(path, _)| path.ends_with(".html")) {
        let html = String::from_utf8_lossy(bytes);
        assert!(!html.contains("gongkai:"), "{path}");
        assert!(!text(&pages()[path]).contains("{{"), "{path}");
    }
}

#[test]
fn no_internal_code_of_an_outcome_is_visible_on_any_page() {
    let table: toml::Table = toml::from_str(&Handbook::own().read("book/rules/outcomes.toml")).unwrap();
    let outcomes = table["outcome"].as_array().unwrap();
    let codes: BTreeSet<&str> = outcomes.iter().map(|outcome| outcome["code"].as_str().unwrap()).collect();
    assert!(codes.contains("A05") && codes.contains("B04"), "{codes:?}");
    for (path, pieces) in pages() {
        let text = text(pieces);
        let words: BTreeSet<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).collect();
        assert_eq!(words.intersection(&codes).collect::<Vec<_>>(), Vec::<&&str>::new(), "{path}");
    }
}

// Values are never structure

/// The elements of every page of a bare handbook whose headers hold `words` wherever they hold free text, and the
/// text of its pages.
fn with_words(words: &str) -> (BTreeMap<String, Vec<String>>, BTreeMap<String, String>) {
    let handbook = Handbook::bare();
    let value = serde_json::Value::from(words).to_string();
    let single = [
        "title", "result", "number", "origin", "topic", "issuer", "label", "help", "example", "about",
        "note", "group",
    ];
    let lists = ["keywords", "unverified", "law_then", "replaces", "use_when", "avoid_when", "proof"];
    for (path, bytes) in files(handbook.root()) {
        // The names of laws are what citations name them by; letters and settings are not pages.
        if !path.ends_with(".md") && !path.ends_with(".toml") && !path.starts_with("templates/clauses/")
            || path.starts_with("book/laws/")
            || ["book.toml", "book/404.md", "book/SUMMARY.md"].contains(&path.as_str())
        {
            continue;
        }
        let text = String::from_utf8(bytes).unwrap();
        let lines = text.lines().map(|line| match line.split_once(" = ") {
            // What a form shows is one line, and that is checked; an example is filled in as paragraphs.
            Some(("label" | "help" | "example", _)) if words.contains('\n') => line.to_owned(),
            Some((key, _)) if single.contains(&key) => format!("{key} = {value}"),
            Some((key, _)) if lists.contains(&key) => format!("{key} = [{value}, {value}]"),
            _ => line.to_owned(),
        });
        handbook.write(&path, lines.map(|line| line + "\n").collect::<String>());
    }
    fine(handbook.run(&["build", "-d", "out"]));
    let (mut elements, mut texts) = (BTreeMap::new(), BTreeMap::new());
    for (path, bytes) in files(&handbook.path("out")).into_iter().filter(|(path, _)| path.ends_with(".html"))
    {
        let pieces = pieces(std::str::from_utf8(&bytes).unwrap());
        let open = pieces.iter().filter_map(|piece| match piece {
            Piece::Open(name, attributes) => Some(format!("{name} {:?}", attributes.get("class"))),
            _ => None,
        });
        elements.insert(path.clone(), open.collect());
        texts.insert(path, text(inside(&pieces, "main")));
    }
    (elements, texts)
}

fn same_elements(words: &[&str]) {
    let (plain, _) = with_words("甲乙丙");
    for words in words {
        let (found, texts) = with_words(words);
        for (path, elements) in &plain {
            assert_eq!(*elements, found[path], "{path}: {words}");
        }
        for path in ["cases/example-001.html", "questions/q-example.html", "letters/example-notice.html"] {
            assert!(texts[path].contains(words), "{path}: {words}: {}", texts[path]);
        }
    }
}

#[test]
fn no_value_of_a_header_becomes_structure_on_a_page() {
    same_elements(&[
        "# 题 <h1>甲</h1> **乙** | `丙` & &lt; \"丁\" {#id} [字](x.md) ![图](y.png) \\ 1. 一 - 二 </dd></dl>",
    ]);
}

#[test]
fn no_blank_line_in_a_value_of_a_header_becomes_structure_on_a_page() {
    let (plain, _) = with_words("甲乙丙");
    let (found, _) = with_words("甲\n\n# 乙\n\n丙");
    assert_eq!(plain, found);
}

#[test]
fn no_include_in_a_value_of_a_header_is_followed() {
    same_elements(&["{{#include ../SUMMARY.md}}", "{{#title 别的题目}}"]);
}

// Building

#[test]
fn two_builds_are_the_same_in_every_byte() {
    let handbook = Handbook::own();
    fine(handbook.run(&["build", "-d", "elsewhere/and/deeper"]));
    assert_same_files(built(), &files(&handbook.path("elsewhere/and/deeper")));
}

#[test]
fn nothing_is_built_over_a_file_or_over_the_sources() {
    let handbook = Handbook::bare();
    handbook.write("note.txt", "甲");
    let before = files(handbook.root());
    for dest in ["note.txt", "book", "book/out", "cases", "templates/out", ".", "..", "out/../book"] {
        let run = handbook.run(&["build", "-d", dest]);
        assert_eq!(run.code, 2, "{dest}: {run:?}");
        assert!(run.stderr.contains("提示"), "{dest}: {run:?}");
        assert_same_files(&files(handbook.root()), &before);
    }
}

#[test]
fn a_folder_with_other_files_is_not_replaced() {
    let handbook = Handbook::bare();
    handbook.write("out/台账.xlsx", "重要");
    let run = handbook.run(&["build", "-d", "out"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    assert_eq!(files(&handbook.path("out")).keys().collect::<Vec<_>>(), ["台账.xlsx"]);
    assert_snapshot!(run.stderr);
}

#[test]
fn a_folder_beside_the_output_is_not_touched() {
    let handbook = Handbook::bare();
    handbook.write("out.old/台账.xlsx", "重要");
    fine(handbook.run(&["build", "-d", "out"]));
    fine(handbook.run(&["build", "-d", "out"]));
    assert_eq!(files(&handbook.path("out.old")).keys().collect::<Vec<_>>(), ["台账.xlsx"]);
}

#[test]
fn an_older_handbook_is_replaced_whole() {
    let handbook = Handbook::bare();
    fine(handbook.run(&["build", "-d", "out"]));
    handbook.write("out/cases/gone.html", "旧页");
    fine(handbook.run(&["build", "-d", "out"]));
    assert!(!handbook.path("out/cases/gone.html").exists());
    assert!(handbook.path("out/index.html").exists());
}

#[test]
fn building_leaves_nothing_but_the_handbook() {
    let handbook = Handbook::bare();
    let before = files(handbook.root());
    fine(handbook.run(&["build", "-d", "out"]));
    fine(handbook.run(&["build", "-d", "out"]));
    fs::remove_dir_all(handbook.path("out")).unwrap();
    assert_same_files(&before, &files(handbook.root()));
}

#[test]
fn a_handbook_that_cannot_be_built_leaves_the_old_one() {
    let handbook = Handbook::bare();
    fine(handbook.run(&["build", "-d", "out"]));
    let before = files(&handbook.path("out"));
    handbook.replace("cases/example-001.md", "keywords = ", "keyword = ");
    assert_eq!(handbook.run(&["build", "-d", "out"]).code, 1);
    assert_same_files(&before, &files(&handbook.path("out")));
}

#[test]
fn the_root_may_be_named_before_and_after_the_subcommand() {
    let (handbook, elsewhere) = (Handbook::bare(), Handbook::empty());
    let root = handbook.root().to_str().unwrap();
    let before = fine(elsewhere.run(&["--root", root, "letter", "list"]));
    let after = fine(elsewhere.run(&["letter", "list", "--root", root]));
    assert_eq!(before, after);
    assert!(before.stdout.contains("example-notice"), "{before:?}");
}

#[test]
fn the_nearest_handbook_upwards_is_found() {
    let handbook = Handbook::bare();
    let deep = handbook.path("book/laws");
    assert!(fine(handbook.run_in(&deep, &["letter", "list"], b"")).stdout.contains("example-notice"));
}

#[test]
fn a_build_from_a_folder_below_goes_where_the_settings_say() {
    let handbook = Handbook::bare();
    fine(handbook.run_in(&handbook.path("cases"), &["build"], b""));
    assert!(handbook.path("target/handbook/index.html").exists());
}

#[test]
fn a_place_without_a_handbook_is_said_to_be_one() {
    let run = Handbook::empty().run(&["check"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    assert_snapshot!(run.stderr);
}

#[test]
fn a_root_without_a_handbook_is_said_to_be_one() {
    let handbook = Handbook::empty();
    fs::create_dir(handbook.path("empty")).unwrap();
    for (root, words) in
        [("empty", "empty 里没有 book.toml，不是手册的文件夹"), ("none", "找不到文件夹 none")]
    {
        let run = handbook.run(&["build", "--root", root]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
        assert!(run.stderr.contains(words), "{run:?}");
    }
}

#[test]
fn a_newcomer_reaches_ten_things_within_two_clicks_from_the_front_page() {
    let links = |path: &str| -> BTreeSet<String> {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let main = inside(&pages()[path], "main");
        let hrefs = main.iter().filter_map(|piece| piece.attribute("a", "href"));
        let targets = hrefs.filter_map(|href| {
            let target = href.split('#').next().filter(|t| t.ends_with(".html") && !t.contains("://"))?;
            Some(match target.strip_prefix("../") {
                Some(rest) => rest.to_owned(),
                None if folder.is_empty() => target.to_owned(),
                None => format!("{folder}/{target}"),
            })
        });
        targets.filter(|target| pages().contains_key(target)).collect()
    };
    let mut reached = links("index.html");
    for page in reached.clone() {
        reached.extend(links(&page));
    }
    let things: Vec<serde_json::Value> = serde_json::from_str(include_str!("search/newcomer.json")).unwrap();
    for thing in &things {
        let found = thing["pages"].as_array().unwrap().iter().any(|p| reached.contains(p.as_str().unwrap()));
        assert!(found, "{}", thing["need"]);
    }
    assert_eq!(things.len(), 10);
}
