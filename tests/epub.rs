//! The handbook as a book: rendered pages read back, and the e-book made of them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its files stops")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use common::{Handbook, files};
use gongkai::press::{self, Chapter, Element, Finding, Imprint, Node, Snapshot, Volume, page};

// Books to test with

/// What stands in `<main>` as a short text: `<p>甲<a href=x>乙</a></p>`, attributes sorted and without quotes.
fn shown(path: &str, main: &str) -> String {
    let html = format!("<!DOCTYPE html><html><body><nav>菜单</nav><main>{main}</main></body></html>");
    page::read(path, &html).unwrap().iter().map(short).collect()
}

fn short(node: &Node) -> String {
    match node {
        Node::Text(text) => text.clone(),
        Node::Element(element) => {
            let attributes: String =
                element.attributes.iter().map(|(name, value)| format!(" {name}={value}")).collect();
            let inner: String = element.children.iter().map(short).collect();
            format!("<{tag}{attributes}>{inner}</{tag}>", tag = element.tag)
        }
    }
}

fn walk<'a>(nodes: &'a [Node], see: &mut dyn FnMut(&'a Element)) {
    for element in nodes.iter().filter_map(Node::element) {
        see(element);
        walk(&element.children, see);
    }
}

/// The project's own handbook as the program renders it.
fn rendered() -> &'static BTreeMap<String, Vec<u8>> {
    static PAGES: OnceLock<BTreeMap<String, Vec<u8>>> = OnceLock::new();
    PAGES.get_or_init(|| {
        let handbook = Handbook::own();
        let run = handbook.run(&["build"]);
        assert_eq!(run.code, 0, "{run:?}");
        files(&handbook.path("target/handbook"))
    })
}

/// All of it as a volume, in the order of the sidebar.
fn volume() -> Volume {
    let pages = rendered();
    let toc = String::from_utf8(pages["toc.html"].clone()).unwrap().replace("<ol", "<main><ol");
    let mut chapters = vec![];
    entries(&page::read("toc.html", &toc).unwrap(), 0, &mut None, &mut chapters);
    for chapter in &mut chapters {
        let html = String::from_utf8(pages[&chapter.path].clone()).unwrap();
        chapter.body = page::read(&chapter.path, &html).unwrap();
    }
    let mut volume = Volume { imprint: imprint(), chapters, pictures: BTreeMap::new() };
    assert_eq!(volume.settle(), []);
    volume
}

/// Entries of the sidebar, with the headings of the parts.
fn entries(nodes: &[Node], level: usize, part: &mut Option<String>, chapters: &mut Vec<Chapter>) {
    for element in nodes.iter().filter_map(Node::element) {
        match (element.tag.as_str(), element.get("href")) {
            ("li", _) if element.has_class("part-title") => {
                *part = Some(Node::Element(element.clone()).text());
            }
            ("a", Some(href)) => chapters.push(Chapter {
                part: part.take(),
                level,
                path: href.to_owned(),
                title: Node::Element(element.clone()).text(),
                body: vec![],
            }),
            ("ol", _) if element.has_class("section") => {
                entries(&element.children, level + 1, part, chapters)
            }
            _ => entries(&element.children, level, part, chapters),
        }
    }
}

fn imprint() -> Imprint {
    Imprint {
        edition: "staff".to_owned(),
        title: "政府信息依申请公开办理手册".to_owned(),
        cover: vec!["办件人员用".to_owned()],
        office: "示例市人民政府办公室".to_owned(),
        version: "2026年第1版".to_owned(),
        date: "2026-11-27".to_owned(),
        address: Some("https://example.com/handbook/".to_owned()),
        chapter_codes: false,
        laws: vec![Snapshot {
            title: "中华人民共和国政府信息公开条例".to_owned(),
            version: "2019-05-15".to_owned(),
            official: false,
        }],
    }
}

// Pages read back

#[test]
fn what_works_only_on_a_screen_is_left_out() {
    let main = "<script>alert(1)</script><style>p{}</style><button>复制</button><p onclick='x()' data-a='1' id='p'>甲</p>\
        <div hidden><p>表单</p></div><p><span class='gk-asked'>常这样问：甲</span></p><textarea>乙</textarea>\
        <details class='gk-foot'><summary>依据</summary><p>丙</p></details><input type='text' value='丁'>";
    assert_eq!(shown("a.html", main), "<p id=p>甲</p><p></p>");
}

#[test]
fn links_become_paths_below_the_handbook() {
    let link = |path: &str, href: &str| shown(path, &format!("<p><a href='{href}'>甲</a></p>"));
    let at = |href: &str| format!("<p><a href={href}>甲</a></p>");
    assert_eq!(link("questions/q.html", "../laws/foi.html#art-1"), at("laws/foi.html#art-1"));
    assert_eq!(link("questions/q.html", "#why"), at("questions/q.html#why"));
    assert_eq!(link("questions/q.html", "p.html"), at("questions/p.html"));
    assert_eq!(link("index.html", "guide/?a=b#%E7%94%B2"), at("guide/index.html#甲"));
    assert_eq!(link("index.html", "https://example.com/a?b#c"), at("https://example.com/a?b#c"));
    for nowhere in ["javascript:alert(1)", "../../out.html", "/root.html", "file:///c:/a", ""] {
        assert_eq!(link("questions/q.html", nowhere), "<p>甲</p>", "{nowhere}");
    }
}

#[test]
fn headings_lose_their_own_links_and_keep_their_ids() {
    let main = "<h2 id='a'><a class='header' href='#a'>甲<code>乙</code></a></h2>";
    assert_eq!(shown("a.html", main), "<h2 id=a>甲<code>乙</code></h2>");
}

#[test]
fn folds_are_opened_and_their_line_stays() {
    let main = "<details class='gk-versions'><summary>历次版本（2）</summary>\n<div class='table-wrapper'><table><tr><td>甲</table></div></details>";
    assert_eq!(
        shown("a.html", main),
        "<div class=gk-versions gk-details><p class=gk-summary>历次版本（2）</p><table><tbody><tr><td>甲</td></tr></tbody></table></div>"
    );
}

#[test]
fn the_answers_of_a_quiz_stand_after_the_questions() {
    let question = |n: u8| {
        format!(
            "<fieldset class='gk-quiz' id='quiz-a-{n}'><legend>{n}. 问</legend><label><input type='radio'> <span>A. 甲</span></label>\
             <details class='gk-quiz-key'><summary>看答案</summary><p>答案：A</p></details></fieldset>"
        )
    };
    let answers = "<section class='gk-quiz-answers'><p>答案</p><ol><li>A</li></ol></section><p>完</p>";
    let text = shown("quiz/a.html", &format!("{}{}{answers}", question(1), question(2)));
    let first = "<section class=gk-quiz gk-fields-group id=quiz-a-1><p class=gk-quiz-question>1. 问</p>\
        <p class=gk-quiz-option><span>A. 甲</span></p><p class=gk-quiz-jump><a href=quiz/a.html#quiz-a-answer-1>答案和解析</a></p></section>";
    assert!(text.starts_with(first), "{text}");
    assert!(
        text.ends_with("<ol><li id=quiz-a-answer-1><p>答案：A</p></li><li id=quiz-a-answer-2><p>答案：A</p></li></ol></section><p>完</p>"),
        "{text}"
    );
}

#[test]
fn drawings_keep_their_names_and_lose_their_scripts() {
    let main = "<svg viewbox='0 0 1 1' onload='x()' style='min-width:720px'><style>a{}</style><script>x()</script>\
        <lineargradient id='g'></lineargradient><text style='fill:var(--bg, #fff)'>甲</text></svg>";
    assert_eq!(
        shown("a.html", main),
        "<svg viewBox=0 0 1 1><linearGradient id=g></linearGradient><text style=fill: #fff>甲</text></svg>"
    );
}

#[test]
fn what_no_book_can_show_is_named() {
    assert_eq!(
        shown("a.html", "<p>甲<video src='a.mp4'></video></p>"),
        "<p>甲（此处是视频，书里放不了，请看网页版手册）</p>"
    );
}

#[test]
fn wrong_html_becomes_a_right_tree() {
    assert_eq!(shown("a.html", "<center>甲<p>乙<div>丙</center>"), "<div>甲<p>乙</p><div>丙</div></div>");
    assert_eq!(shown("a.html", "<ul>甲<li>乙</ul>"), "<ul><li>甲</li><li>乙</li></ul>");
    assert_eq!(
        shown("a.html", "<p id=a>甲<p id=a>乙<blink id=b>丙</blink>"),
        "<p id=a>甲</p><p>乙<span id=b>丙</span></p>"
    );
    assert_eq!(shown("a.html", "<p>甲\u{1}\u{8}乙&#7;</p>"), "<p>甲乙</p>");
}

#[test]
fn a_page_without_content_or_without_end_is_a_finding() {
    let missing = page::read("a.html", "<p>甲</p>").unwrap_err();
    assert_eq!(
        (missing.page.as_str(), missing.message.as_str()),
        ("a.html", "这一页没有正文（没有 <main>）")
    );
    let deep = page::read("a.html", &format!("<main>{}", "<div>".repeat(100_000))).unwrap_err();
    assert_eq!(deep.message, "这一页的元素套得太深，超过200层");
}

#[test]
fn boxes_lists_of_tasks_and_footnotes_are_text() {
    let main = "<blockquote class='blockquote-tag'><p class='blockquote-tag-title'><svg><path/></svg>Note</p><p>甲</p></blockquote>\
        <ul><li><input type='checkbox' disabled checked> 乙</li></ul>\
        <p>丙<sup class='footnote-reference' id='fr-1-1'><a href='#footnote-1'>1</a></sup></p>";
    assert_eq!(
        shown("g/a.html", main),
        "<blockquote class=blockquote-tag><p class=blockquote-tag-title>说明</p><p>甲</p></blockquote><ul><li>√ 乙</li></ul>\
         <p>丙<sup class=footnote-reference id=fr-1-1><a href=g/a.html#footnote-1>1</a></sup></p>"
    );
}

#[test]
fn links_to_pages_that_are_not_in_the_book_become_their_text() {
    let body = page::read(
        "a.html",
        "<main><p><a href='b.html'>乙</a><a href='print.html'>丙</a><a id='x' href='c.html'>丁</a><a href='#no'>戊</a>\
         <img src='no.png'><img src='https://example.com/a.png'></p></main>",
    );
    let chapter = |path: &str, body: Vec<Node>| Chapter { path: path.to_owned(), body, ..Chapter::default() };
    let mut volume = Volume {
        chapters: vec![chapter("a.html", body.unwrap()), chapter("b.html", vec![])],
        ..Volume::default()
    };
    let findings: Vec<String> = volume.settle().into_iter().map(|finding: Finding| finding.message).collect();
    assert_eq!(
        findings,
        [
            "图片 https://example.com/a.png 不在手册里，书离了网看不到它",
            "图片 no.png 不在手册里",
            "链接指向的位置 a.html#no 在书里没有"
        ]
    );
    let text = short(&volume.chapters[0].body[0]);
    assert!(
        text.starts_with("<p><a href=b.html>乙</a>丙<span id=x>丁</span><a href=a.html#no>戊</a>"),
        "{text}"
    );
}

#[test]
fn every_page_of_the_handbook_is_read_and_every_link_in_it_leads_somewhere() {
    let volume = volume();
    assert!(volume.chapters.len() > 400, "{}", volume.chapters.len());
    let (mut links, mut tags) = (0, BTreeSet::new());
    for chapter in &volume.chapters {
        assert!(
            chapter.body.iter().any(|node| node.element().is_some_and(|e| e.tag == "h1")),
            "{}",
            chapter.path
        );
        walk(&chapter.body, &mut |element| {
            links += usize::from(element.get("href").is_some_and(press::is_internal));
            tags.insert(element.tag.clone());
        });
    }
    assert!(links > 20_000, "{links}");
    for gone in ["details", "summary", "fieldset", "label", "input", "script", "style"] {
        assert!(!tags.contains(gone), "{gone}");
    }
}
