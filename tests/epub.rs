//! The handbook as a book: rendered pages read back, and the e-book made of them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its files stops")]

use crate::common;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use common::{Handbook, files, skipped};
use gongkai::press::qr::{Code, QUIET, page_address};
use gongkai::press::{self, Chapter, Element, Finding, Imprint, Node, Snapshot, Volume, epub, page};
use quick_xml::Reader;
use quick_xml::events::Event;
use zip::{CompressionMethod, ZipArchive};

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
fn volume() -> &'static Volume {
    static VOLUME: OnceLock<Volume> = OnceLock::new();
    VOLUME.get_or_init(whole)
}

fn whole() -> Volume {
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
                entries(&element.children, level + 1, part, chapters);
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

/// One white dot.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xff\xff\xff\x7f\0\t\xfb\x03\xfd\x05CE\xca\0\0\0\0IEND\xaeB`\x82";

// Pages read back

#[test]
fn what_works_only_on_a_screen_is_left_out() {
    let main = "<script>alert(1)</script><style>p{}</style><button>复制</button><p onclick='x()' data-a='1' id='p'>甲</p>\
        <div hidden><p>表单</p></div><p><span class='gk-asked'>常这样问：甲</span><span class='gk-screen'>点这里</span></p><textarea>乙</textarea>\
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

// QR codes

/// What an independent reader sees on a bitmap of the drawing, eight dots to a module, with the white around it.
fn seen(code: &Code) -> String {
    let side = (code.width + 2 * QUIET) * 8;
    let mut picture = rqrr::PreparedImage::prepare_from_bitmap(side, side, |x, y| {
        let (x, y) = ((x / 8).checked_sub(QUIET), (y / 8).checked_sub(QUIET));
        matches!((x, y), (Some(x), Some(y)) if x < code.width && y < code.width && code.dark[y * code.width + x])
    });
    let grids = picture.detect_grids();
    assert_eq!(grids.len(), 1);
    let (about, text) = grids[0].decode().unwrap();
    // Two bits as they stand in the code: 11 is Q.
    assert_eq!(about.ecc_level, 3, "{about:?}");
    text
}

#[test]
fn a_code_is_read_by_another_program() {
    for address in [
        "http://a.cn",
        "https://example.com/handbook/laws/foi-2019.html",
        &format!("https://example.com/{}", "a".repeat(270)),
    ] {
        assert_eq!(seen(&Code::new(address).unwrap()), address);
    }
}

#[test]
fn the_drawing_of_a_code_has_its_modules_and_the_white_around_them() {
    let code = Code::new("https://example.com/").unwrap();
    let Node::Element(svg) = code.drawing("网址") else { panic!() };
    let side = code.width + 8;
    assert_eq!(svg.get("viewBox"), Some(format!("0 0 {side} {side}").as_str()));
    let mut dark = vec![false; code.width * code.width];
    let path = svg.children[1].element().unwrap().get("d").unwrap();
    for run in path.split('z').filter(|run| !run.is_empty()) {
        let numbers: Vec<usize> =
            run.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect();
        let [x, y, wide, 1, back] = numbers[..] else { panic!("{run}") };
        assert_eq!(wide, back);
        dark[(y - QUIET) * code.width + x - QUIET..][..wide].fill(true);
    }
    assert_eq!(dark, code.dark);
}

#[test]
fn an_address_that_makes_no_code_is_refused() {
    let refused = |address: &str| Code::new(address).unwrap_err();
    assert_eq!(refused("www.example.com"), "网址「www.example.com」不是以 http:// 或 https:// 开头");
    assert!(refused("https://example.com/手册").contains("里有「手」"));
    assert!(refused("https://example.com/a b").contains("里有空格"));
    assert_eq!(
        refused(&format!("https://example.com/{}", "a".repeat(280))),
        "网址有300个字符，做成二维码太密，扫不出来；最多292个字符"
    );
    assert!(refused(&format!("https://example.com/{}", "a".repeat(9000))).contains("太密"));
    assert_eq!(
        page_address("https://example.com", "guide/甲.html"),
        "https://example.com/guide/%E7%94%B2.html"
    );
    assert_eq!(page_address("https://example.com/b/?x#y", "index.html"), "https://example.com/b/index.html");
}

// The e-book read back

/// Files of an archive in their order: name, whether stored as it is, bytes.
fn unpacked(bytes: &[u8]) -> Vec<(String, bool, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut file = archive.by_index(index).unwrap();
            let mut content = vec![];
            file.read_to_end(&mut content).unwrap();
            let stored = file.compression() == CompressionMethod::Stored;
            (file.name().unwrap().into_owned(), stored, content)
        })
        .collect()
}

/// One XML file: for each element its name and attributes.
type Tags = Vec<(String, BTreeMap<String, String>)>;

/// Fails where it is not well-formed.
fn tags(name: &str, bytes: &[u8]) -> Tags {
    let text = std::str::from_utf8(bytes).unwrap();
    assert!(text.chars().all(press::printable), "{name}: a control");
    let mut reader = Reader::from_str(text);
    let (mut all, mut open) = (vec![], vec![]);
    loop {
        let event = reader.read_event().unwrap_or_else(|error| panic!("{name}: {error}"));
        let (Event::Start(start) | Event::Empty(start)) = &event else {
            match event {
                Event::End(end) => assert_eq!(open.pop(), Some(end.name().as_ref().to_owned()), "{name}"),
                Event::Eof => break,
                _ => {}
            }
            continue;
        };
        let tag = start.name().as_ref().to_owned();
        let attributes = start.attributes().map(|attribute| {
            let attribute = attribute.unwrap_or_else(|error| panic!("{name}: {error}"));
            let value = quick_xml::escape::unescape(attribute.value.as_ref()).unwrap().into_owned();
            (attribute.key.as_ref().to_owned(), value)
        });
        all.push((tag.clone(), attributes.collect()));
        if matches!(event, Event::Start(_)) {
            open.push(tag);
        }
    }
    assert!(open.is_empty(), "{name}: {open:?}");
    all
}

/// A link in a file of the book as a path in the archive, and the id it names.
fn target(file: &str, href: &str) -> Option<(String, Option<String>)> {
    if href.contains("://") || href.starts_with("mailto:") || href.starts_with("data:") {
        return None;
    }
    let (path, id) = href.split_once('#').map_or((href, None), |(path, id)| (path, Some(id.to_owned())));
    if path.is_empty() {
        return Some((file.to_owned(), id));
    }
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            ".." => assert!(parts.pop().is_some(), "{file}: {href}"),
            part => parts.push(part),
        }
    }
    Some((parts.join("/"), id))
}

/// Checks what can be checked without the official program. Returns the files.
fn valid(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    assert_eq!(&bytes[30..58], b"mimetypeapplication/epub+zip");
    let files = unpacked(bytes);
    assert_eq!((files[0].0.as_str(), files[0].1), ("mimetype", true));
    assert!(files[1..].iter().all(|(_, stored, _)| !stored));
    let count = files.len();
    let files: BTreeMap<String, Vec<u8>> =
        files.into_iter().map(|(name, _, content)| (name, content)).collect();
    assert_eq!(files.len(), count, "a name stands twice");
    let parsed: BTreeMap<&str, Tags> = files
        .iter()
        .filter(|(name, _)| [".xhtml", ".opf", ".ncx", ".xml", ".svg"].iter().any(|end| name.ends_with(end)))
        .map(|(name, content)| (name.as_str(), tags(name, content)))
        .collect();
    let mut ids: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, tags) in &parsed {
        let all = ids.entry(name).or_default();
        for id in tags.iter().filter_map(|(_, attributes)| attributes.get("id")) {
            assert!(all.insert(id), "{name}: {id} stands twice");
        }
    }
    let mut links = 0;
    for (name, tags) in &parsed {
        for (tag, attributes) in tags {
            let href = ["href", "src", "full-path", "xlink:href"].iter().find_map(|key| attributes.get(*key));
            let from = if tag == "rootfile" { "" } else { name };
            let Some((file, id)) = href.and_then(|href| target(from, href)) else { continue };
            assert!(files.contains_key(&file), "{name}: {href:?}");
            if let Some(id) = id {
                assert!(ids[file.as_str()].contains(id.as_str()), "{name}: {href:?}");
            }
            links += 1;
        }
        if name.ends_with(".xhtml") {
            let html = &tags[0].1;
            if *name != "OEBPS/contents.xhtml" {
                assert_eq!((html["lang"].as_str(), html["xml:lang"].as_str()), ("zh-CN", "zh-CN"), "{name}");
            }
        }
    }
    assert!(links > 5);
    let package = &parsed["OEBPS/package.opf"];
    let items: BTreeMap<&str, &BTreeMap<String, String>> = package
        .iter()
        .filter(|(tag, _)| tag == "item")
        .map(|(_, item)| (item["id"].as_str(), item))
        .collect();
    let listed: BTreeSet<String> = items.values().map(|item| format!("OEBPS/{}", item["href"])).collect();
    let held: BTreeSet<String> = files
        .keys()
        .filter(|name| !["mimetype", "META-INF/container.xml", "OEBPS/package.opf"].contains(&name.as_str()))
        .cloned()
        .collect();
    assert_eq!(listed, held);
    let spine: Vec<&str> =
        package.iter().filter(|(tag, _)| tag == "itemref").map(|(_, item)| item["idref"].as_str()).collect();
    let pages = items.values().filter(|item| item["media-type"] == "application/xhtml+xml").count();
    assert_eq!(spine.len(), pages);
    assert!(spine.iter().all(|id| items[id]["media-type"] == "application/xhtml+xml"));
    for item in items.values() {
        let drawn = parsed.get(format!("OEBPS/{}", item["href"]).as_str()).is_some_and(|tags| {
            item["media-type"] == "application/xhtml+xml" && tags.iter().any(|(tag, _)| tag == "svg")
        });
        let said = item.get("properties").is_some_and(|all| all.split(' ').any(|one| one == "svg"));
        assert_eq!(drawn, said, "{item:?}");
    }
    files
}

fn text(files: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
    String::from_utf8(files[name].clone()).unwrap()
}

/// A small book; pages as `<main>` holds them.
fn small(pages: &[(&str, &str)]) -> Volume {
    let chapters = pages.iter().map(|(path, main)| Chapter {
        path: (*path).to_owned(),
        title: format!("第{path}章"),
        body: page::read(path, &format!("<main>{main}</main>")).unwrap(),
        ..Chapter::default()
    });
    Volume { imprint: imprint(), chapters: chapters.collect(), pictures: BTreeMap::new() }
}

/// The official program, where `GONGKAI_EPUBCHECK` names its .jar or `epubcheck` can be run.
fn epubcheck(name: &str, bytes: &[u8]) {
    let mut command = match std::env::var_os("GONGKAI_EPUBCHECK").map(PathBuf::from) {
        Some(jar) => {
            let mut command = Command::new("java");
            command.arg("-jar").arg(jar);
            command
        }
        None if Command::new("epubcheck").arg("--version").output().is_ok() => Command::new("epubcheck"),
        None => return skipped("没有 epubcheck：设 GONGKAI_EPUBCHECK=epubcheck.jar，或者装 epubcheck"),
    };
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, bytes).unwrap();
    let output = command.arg("--failonwarnings").arg(&path).output().unwrap();
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{name}: {said}");
}

#[test]
fn the_whole_handbook_is_a_valid_e_book() {
    let bytes = epub::write(volume()).unwrap();
    assert!(bytes == epub::write(volume()).unwrap(), "not the same bytes twice");
    let files = valid(&bytes);
    let chapters = volume().chapters.len();
    assert_eq!(files.keys().filter(|name| name.starts_with("OEBPS/text/")).count(), chapters);
    let law = text(&files, "OEBPS/text/laws/foi-2019.xhtml");
    assert!(law.contains("<h3 id=\"foi-2019-art-36\">"), "{}", &law[..2000]);
    let question = text(&files, "OEBPS/text/questions/q-party-file.xhtml");
    assert!(question.contains("href=\"../laws/foi-2019.xhtml#foi-2019-art-"));
    let flow = text(&files, "OEBPS/text/guide/process.xhtml");
    assert!(flow.contains("viewBox=\"0 0 800 1242\"") && !flow.contains("<style"));
    for (name, content) in &files {
        let content = String::from_utf8_lossy(content);
        for screen in ["<script", "data-preview", "<button", "常这样问", "onclick"] {
            assert!(!content.contains(screen), "{name}: {screen}");
        }
    }
    epubcheck("handbook.epub", &bytes);
}

#[test]
fn the_e_book_of_the_citizens_edition_is_valid_as_the_program_writes_it() {
    let handbook = Handbook::own();
    let run = handbook.run(&["build", "--edition", "public", "--format", "epub"]);
    assert_eq!(run.code, 0, "{run:?}");
    let bytes = std::fs::read(handbook.path("target/public.epub")).unwrap();
    valid(&bytes);
    epubcheck("public.epub", &bytes);
}

#[test]
fn the_package_says_what_the_book_is() {
    let mut book =
        small(&[("index.html", "<h1>首页</h1>"), ("a/b.html", "<h1>乙</h1>"), ("a/c.html", "<h1>丙</h1>")]);
    book.chapters[1].part = Some("第一部分".to_owned());
    book.chapters[2].level = 1;
    let files = valid(&epub::write(&book).unwrap());
    let package = text(&files, "OEBPS/package.opf");
    for said in [
        "<dc:title>政府信息依申请公开办理手册</dc:title>",
        "<dc:language>zh-CN</dc:language>",
        "<dc:date>2026-11-27</dc:date>",
        "<meta property=\"dcterms:modified\">2026-11-27T00:00:00Z</meta>",
        "<dc:publisher>示例市人民政府办公室</dc:publisher>",
        ">urn:uuid:",
    ] {
        assert!(package.contains(said), "{said}\n{package}");
    }
    let contents = text(&files, "OEBPS/contents.xhtml");
    let lines: String = contents.lines().map(str::trim).collect();
    assert!(
        lines.contains(
            "<a href=\"text/a/b.xhtml\">第一部分</a><ol><li><a href=\"text/a/b.xhtml\">第a/b.html章</a><ol><li><a href=\"text/a/c.xhtml\">"
        ),
        "{contents}"
    );
    for kind in ["epub:type=\"toc\"", "epub:type=\"landmarks\"", "epub:type=\"bodymatter\"", "lang=\"zh-CN\""]
    {
        assert!(contents.contains(kind), "{kind}\n{contents}");
    }
    assert!(text(&files, "OEBPS/toc.ncx").contains("第一部分"));
    let imprint = text(&files, "OEBPS/imprint.xhtml");
    assert!(
        imprint.contains("中华人民共和国政府信息公开条例") && imprint.contains("2019年5月15日"),
        "{imprint}"
    );
    epubcheck("small.epub", &epub::write(&book).unwrap());
}

#[test]
fn an_identifier_stays_from_issue_to_issue() {
    let id = |book: &Volume| {
        let package = text(&valid(&epub::write(book).unwrap()), "OEBPS/package.opf");
        package.split("urn:uuid:").nth(1).unwrap()[..36].to_owned()
    };
    let mut book = small(&[("index.html", "<h1>首页</h1>")]);
    let first = id(&book);
    book.imprint.date = "2027-01-02".to_owned();
    book.imprint.version = "2027年第1版".to_owned();
    assert_eq!(id(&book), first);
    book.imprint.edition = "public".to_owned();
    assert_ne!(id(&book), first);
}

#[test]
fn footnotes_open_where_they_are_called() {
    let main = "<h1>甲</h1><p>乙<sup class='footnote-reference' id='fr-1-1'><a href='#footnote-1'>1</a></sup></p><hr>\
        <ol class='footnote-definition'><li id='footnote-1'><p>丙 <a href='#fr-1-1'>↩</a></p></li></ol>";
    let bytes = epub::write(&small(&[("a.html", main)])).unwrap();
    let page = text(&valid(&bytes), "OEBPS/text/a.xhtml");
    assert!(
        page.contains("<a href=\"#footnote-1\" epub:type=\"noteref\" role=\"doc-noteref\">1</a>"),
        "{page}"
    );
    assert!(
        page.contains("<aside epub:type=\"footnote\" role=\"doc-footnote\" id=\"footnote-1\">"),
        "{page}"
    );
    epubcheck("footnotes.epub", &bytes);
}

#[test]
fn codes_stand_on_the_cover_and_on_each_chapter_that_wants_one() {
    let mut book = small(&[("index.html", "<h1>首页</h1>"), ("a/b.html", "<h1>乙</h1>")]);
    book.chapters[1].level = 1;
    book.imprint.chapter_codes = true;
    let bytes = epub::write(&book).unwrap();
    let files = valid(&bytes);
    assert!(
        text(&files, "OEBPS/cover.xhtml").contains("aria-label=\"二维码：https://example.com/handbook/\"")
    );
    assert!(text(&files, "OEBPS/text/index.xhtml").contains("https://example.com/handbook/index.html"));
    assert!(!text(&files, "OEBPS/text/a/b.xhtml").contains("<svg"));
    epubcheck("codes.epub", &bytes);
    book.imprint.address = Some(format!("https://example.com/{}", "a".repeat(300)));
    let findings = epub::write(&book).unwrap_err();
    assert!(findings[0].message.starts_with("网址有320个字符"), "{findings:?}");
}

#[test]
fn html_that_no_e_book_allows_is_made_right() {
    let main = "<h1>{{ < & > \" 𠮷㐂</h1><center>甲<p>乙<table><tr><td>丙</center><a href='b.html'>丁<a href='b.html'>戊</a></a>\
        <ul>己<li>庚<li value=3>辛</ul><dl><dd>壬</dl><p id=x>癸<span id=x>子</span></p><font color=red>丑</font><h2><div>寅</div></h2>\
        <ol type=disc start=x><li value=x>卯</ol><figcaption>辰</figcaption><table><td scope=x style='width:expression(1)'>巳</table>\
        <p lang=en>午<img src='x.png' width=9% height=9></p><b><p>未</p></b><p>\u{1}申&#2;</p><a href='https://example.com/?a=b&c=d e'>酉</a><svg><a href='b.html'><text>戌</text></a></svg>";
    let mut book = small(&[("a.html", main), ("b.html", "<h1>乙</h1>")]);
    book.imprint.title = "{{ <b>&\"𠮷㐂\u{1}".to_owned();
    book.chapters[1].title = "<&>{{\u{2}".to_owned();
    book.pictures.insert("x.png".to_owned(), PNG.to_vec());
    assert_eq!(book.settle(), []);
    let bytes = epub::write(&book).unwrap();
    let page = text(&valid(&bytes), "OEBPS/text/a.xhtml");
    for kept in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳未申酉戌".chars() {
        assert!(page.contains(kept), "{kept}\n{page}");
    }
    assert!(page.contains("{{ &lt; &amp; &gt; &quot; 𠮷㐂"), "{page}");
    epubcheck("hard.epub", &bytes);
}

#[test]
fn a_table_of_5000_rows_and_a_heading_of_200_characters_come_out_whole() {
    let rows: String = (1..=5000).map(|n| format!("<tr><td>{n}</td><td>第{n}行</td></tr>")).collect();
    let heading = "长".repeat(200);
    let main = format!(
        "<h1 id='h'>{heading}</h1><table><thead><tr><th>序号</th><th>内容</th></tr></thead>{rows}</table>"
    );
    let mut book = small(&[("a.html", &main)]);
    book.chapters[0].title.clone_from(&heading);
    book.imprint.title.clone_from(&heading);
    let bytes = epub::write(&book).unwrap();
    let files = valid(&bytes);
    let page = text(&files, "OEBPS/text/a.xhtml");
    assert_eq!(page.matches("<tr>").count(), 5001);
    assert!(page.contains("第5000行") && page.contains(&heading));
    assert!(text(&files, "OEBPS/contents.xhtml").contains(&heading));
    epubcheck("large.epub", &bytes);
}

#[test]
fn pictures_are_what_they_say_or_a_finding() {
    let main = "<h1>甲</h1><p><img src='p/图 一.PNG' alt='一'><img src='b.svg'></p>";
    let mut book = small(&[("g/a.html", main)]);
    book.pictures.insert("g/p/图 一.PNG".to_owned(), PNG.to_vec());
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'><rect width='1' height='1'/></svg>";
    book.pictures.insert("g/b.svg".to_owned(), svg.into());
    book.pictures.insert("g/not-shown.png".to_owned(), PNG.to_vec());
    assert_eq!(book.settle(), []);
    let bytes = epub::write(&book).unwrap();
    let files = valid(&bytes);
    assert!(files.contains_key("OEBPS/pictures/g/p/_56fe_20_4e00.png"), "{:?}", files.keys());
    assert_eq!(files.keys().filter(|name| name.contains("pictures/")).count(), 2);
    epubcheck("pictures.epub", &bytes);
    for (content, said) in [
        (&b""[..], "图片 g/b.svg 是空的"),
        (b"<html><body>404</body></html>", "图片 g/b.svg 不是认得的图片"),
        (b"hello", "图片 g/b.svg 不是认得的图片"),
        (&PNG[..40], "图片 g/b.svg 不完整（PNG 没有结尾）"),
        (b"<svg><rect>", "图片 g/b.svg 不完整（SVG 没有结尾）"),
        (b"<svg><script>x()</script></svg>", "图片 g/b.svg 里面有脚本"),
        (
            b"<svg><image href='https://example.com/a.png'/></svg>",
            "图片 g/b.svg 要从别处取 https://example.com/a.png",
        ),
    ] {
        book.pictures.insert("g/b.svg".to_owned(), content.to_vec());
        let findings = epub::write(&book).unwrap_err();
        assert_eq!((findings[0].page.as_str(), findings[0].message.as_str()), ("g/a.html", said));
    }
    book.pictures.clear();
    assert_eq!(epub::write(&book).unwrap_err().len(), 2);
}

#[test]
fn an_edition_without_title_or_date_is_a_finding() {
    let mut book = small(&[("a.html", "<h1>甲</h1>")]);
    book.imprint.title = " ".to_owned();
    for (date, said) in [
        ("", "这一版没有写日期，电子书必须有"),
        ("2026-13-01", "这一版的日期「2026-13-01」不是 2026-11-27 这样的写法"),
        ("2026年1月1日", "这一版的日期「2026年1月1日」不是 2026-11-27 这样的写法"),
    ] {
        date.clone_into(&mut book.imprint.date);
        let messages: Vec<String> = epub::write(&book).unwrap_err().into_iter().map(|f| f.message).collect();
        assert!(
            messages.contains(&said.to_owned()) && messages.contains(&"这一版没有书名".to_owned()),
            "{messages:?}"
        );
    }
}
