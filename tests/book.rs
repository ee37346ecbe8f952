//! The printed book: the PDF read back with libraries that did not write it.
//!
//! Needs a Chinese font (Debian: fonts-noto-cjk), and poppler's pdftotext where texts and their places are asked for;
//! each test that cannot run says so.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its files stops")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;
use std::sync::OnceLock;

use common::{Handbook, files, skipped};
use gongkai::cli::fonts;
use gongkai::press::print::{self, Error, Paper, Pdf};
use gongkai::press::{Chapter, Imprint, Node, Snapshot, Volume, page};
use gongkai::typeset::{Error as Typesetting, Fonts};
use lopdf::{Dictionary, Document, Object, ObjectId};

/// Points in a millimetre.
const MM: f64 = 72.0 / 25.4;

// What is printed

/// This machine's fonts, read once.
fn machine() -> Option<&'static Fonts> {
    static FONTS: OnceLock<Option<Fonts>> = OnceLock::new();
    let fonts = FONTS.get_or_init(|| fonts::load().ok());
    if fonts.is_none() {
        skipped("no Chinese font on this machine");
    }
    fonts.as_ref()
}

/// The fonts, where pdftotext is there too.
fn reading() -> Option<&'static Fonts> {
    if Command::new("pdftotext").arg("-v").output().is_err() {
        skipped("no pdftotext on this machine");
        return None;
    }
    machine()
}

fn chapter(level: usize, path: &str, main: &str) -> Chapter {
    let html = format!("<!DOCTYPE html><html><body><main>{main}</main></body></html>");
    let body = page::read(path, &html).unwrap();
    let title = body.first().map(Node::text).unwrap_or_default();
    Chapter { part: None, level, path: path.to_owned(), title, body }
}

fn imprint() -> Imprint {
    Imprint {
        edition: "staff".to_owned(),
        title: "示例市政府信息公开手册".to_owned(),
        cover: vec!["供工作人员使用".to_owned()],
        office: "示例市人民政府办公室".to_owned(),
        version: "2026年第1版".to_owned(),
        date: "2026-11-27".to_owned(),
        laws: vec![Snapshot {
            title: "示例市政府信息公开示例办法".to_owned(),
            version: "2026-01-01".to_owned(),
            official: false,
        }],
        ..Imprint::default()
    }
}

fn book(chapters: Vec<Chapter>) -> Volume {
    Volume { imprint: imprint(), chapters, pictures: BTreeMap::new() }
}

/// A book of one page of the handbook.
fn one(main: &str) -> Volume {
    book(vec![chapter(0, "guide/one.html", &format!("<h1 id='one'>第一页</h1>{main}"))])
}

fn write(volume: &Volume, paper: Paper, fonts: &Fonts) -> Pdf {
    print::write(volume, paper, fonts).unwrap_or_else(|error| panic!("{error}"))
}

/// Pages of the project's own handbook, some of each kind, as the program renders them.
fn handbook() -> &'static Volume {
    static VOLUME: OnceLock<Volume> = OnceLock::new();
    VOLUME.get_or_init(|| {
        let handbook = Handbook::own();
        let run = handbook.run(&["build"]);
        assert_eq!(run.code, 0, "{run:?}");
        let pages = files(&handbook.path("target/handbook"));
        let html = |path: &str| String::from_utf8(pages[path].clone()).unwrap();
        let toc = html("toc.html").replacen("<ol", "<main><ol", 1);
        let mut chapters = vec![];
        entries(&page::read("toc.html", &toc).unwrap(), 0, &mut None, &mut chapters);
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        chapters.retain(|chapter| {
            let folder = chapter.path.split_once('/').map_or("", |(folder, _)| folder).to_owned();
            let count = seen.entry(folder).or_default();
            *count += 1;
            chapter.level == 0 || *count < 5
        });
        for chapter in &mut chapters {
            chapter.body = page::read(&chapter.path, &html(&chapter.path)).unwrap();
        }
        let mut volume = book(chapters);
        assert_eq!(volume.settle(), []);
        volume
    })
}

/// The list of contents beside the pages.
fn entries(nodes: &[Node], level: usize, part: &mut Option<String>, all: &mut Vec<Chapter>) {
    for element in nodes.iter().filter_map(Node::element) {
        let text = || element.children.iter().map(Node::text).collect::<String>();
        match element.get("href") {
            _ if element.has_class("part-title") => *part = Some(text()),
            Some(href) if element.tag == "a" => all.push(Chapter {
                part: part.take(),
                level,
                path: href.to_owned(),
                title: text(),
                body: vec![],
            }),
            _ => {
                let deeper = usize::from(element.tag == "ol" && !element.has_class("chapter"));
                entries(&element.children, level + deeper, part, all);
            }
        }
    }
}

/// The pages that are set as they are.
fn chapters() -> impl Iterator<Item = &'static Chapter> {
    let indexes = ["articles.html", "keywords.html"];
    handbook().chapters.iter().filter(move |chapter| !indexes.contains(&chapter.path.as_str()))
}

/// The heading of a page.
fn headed(chapter: &Chapter) -> String {
    let heading = chapter.body.iter().find(|node| node.element().is_some_and(|it| it.tag == "h1"));
    heading.map_or_else(|| chapter.title.clone(), Node::text)
}

fn printed(paper: Paper) -> Option<&'static Pdf> {
    static A4: OnceLock<Pdf> = OnceLock::new();
    static K16: OnceLock<Pdf> = OnceLock::new();
    let fonts = reading()?;
    let place = if paper == Paper::A4 { &A4 } else { &K16 };
    Some(place.get_or_init(|| write(handbook(), paper, fonts)))
}

// Reading it back

fn pdftotext(bytes: &[u8], options: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.pdf");
    fs::write(&path, bytes).unwrap();
    let output = Command::new("pdftotext").args(options).arg(&path).arg("-").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The text of each page without white space and places to break.
fn pages(bytes: &[u8]) -> Vec<String> {
    let text = pdftotext(bytes, &["-raw"]);
    text.trim_end_matches('\u{c}').split('\u{c}').map(bare).collect()
}

fn bare(text: &str) -> String {
    text.chars().filter(|ch| !ch.is_whitespace() && !matches!(ch, '\u{200b}' | '\u{a0}')).collect()
}

/// A word of a page: left, top, right and bottom edge in points, and the text.
type Word = (f64, f64, f64, f64, String);

fn words(bytes: &[u8]) -> Vec<Vec<Word>> {
    let text = pdftotext(bytes, &["-bbox"]);
    let word = |line: &str| {
        let number = |name: &str| {
            let rest = line.split(&format!("{name}=\"")).nth(1).unwrap();
            rest.split('"').next().unwrap().parse().unwrap()
        };
        let text = line.split('>').nth(1).unwrap().split('<').next().unwrap().to_owned();
        (number("xMin"), number("yMin"), number("xMax"), number("yMax"), text)
    };
    let pages = text.split("<page ").skip(1);
    pages
        .map(|page| page.lines().filter(|line| line.trim().starts_with("<word")).map(word).collect())
        .collect()
}

/// Words that reach over the edge of the text. A full stop at the end of a line may: half of it is empty.
fn overfull(bytes: &[u8], paper: Paper) -> Vec<(usize, Word)> {
    let (width, inside, outside) = if paper == Paper::A4 { (210.0, 27.0, 23.0) } else { (185.0, 23.0, 19.0) };
    let mut all = vec![];
    for (page, words) in words(bytes).into_iter().enumerate() {
        let (left, right) = if page % 2 == 0 { (inside, outside) } else { (outside, inside) };
        for word in words {
            let empty = word.4.ends_with([
                '，', '。', '、', '；', '：', '）', '》', '”', '？', '！', '〕', '」', '』', '】',
            ]);
            let slack = if empty { 6.5 } else { 1.0 };
            let before =
                if word.4.starts_with(['（', '《', '“', '〔', '「', '『', '【']) { 6.5 } else { 1.0 };
            if word.0 < left * MM - before || word.2 > (width - right) * MM + slack {
                all.push((page + 1, word));
            }
        }
    }
    all
}

struct Read {
    document: Document,
    /// The number of each page from 1 on, by its object.
    numbers: BTreeMap<ObjectId, u32>,
}

/// An entry of the outline: how deep, what it says, the page.
type Entry = (usize, String, u32);

impl Read {
    fn new(bytes: &[u8]) -> Self {
        let document = Document::load_mem(bytes).unwrap();
        let numbers = document.get_pages().into_iter().map(|(number, id)| (id, number)).collect();
        Self { document, numbers }
    }

    fn follow<'a>(&'a self, object: &'a Object) -> &'a Object {
        self.document.dereference(object).unwrap().1
    }

    fn get<'a>(&'a self, dictionary: &'a Dictionary, key: &str) -> Option<&'a Object> {
        dictionary.get(key.as_bytes()).ok().map(|object| self.follow(object))
    }

    fn text(&self, dictionary: &Dictionary, key: &str) -> String {
        lopdf::decode_text_string(self.get(dictionary, key).unwrap()).unwrap()
    }

    /// The page that a destination leads to.
    fn destination(&self, object: &Object) -> u32 {
        let array = self.follow(object).as_array().unwrap();
        self.numbers[&array[0].as_reference().unwrap()]
    }

    /// Every link of a page: the page it leads to, or its address.
    fn links(&self, page: ObjectId) -> Vec<Result<u32, String>> {
        let page = self.document.get_dictionary(page).unwrap();
        let Some(all) = self.get(page, "Annots") else { return vec![] };
        let link = |object: &Object| {
            let link = self.follow(object).as_dict().unwrap();
            assert_eq!(link.get(b"Subtype").unwrap().as_name().unwrap(), b"Link");
            match (self.get(link, "Dest"), self.get(link, "A")) {
                (Some(to), _) => Ok(self.destination(to)),
                (None, Some(action)) => Err(self.text(action.as_dict().unwrap(), "URI")),
                (None, None) => panic!("a link to nothing: {link:?}"),
            }
        };
        all.as_array().unwrap().iter().map(link).collect()
    }

    fn outline(&self) -> Vec<Entry> {
        let catalog = self.document.catalog().unwrap();
        let mut all = vec![];
        if let Some(root) = self.get(catalog, "Outlines") {
            self.below(root.as_dict().unwrap(), 1, &mut all);
        }
        all
    }

    fn below(&self, parent: &Dictionary, level: usize, all: &mut Vec<Entry>) {
        let mut next = self.get(parent, "First");
        while let Some(entry) = next {
            let entry = entry.as_dict().unwrap();
            let to = self.get(entry, "Dest").unwrap();
            all.push((level, self.text(entry, "Title"), self.destination(to)));
            self.below(entry, level + 1, all);
            next = self.get(entry, "Next");
        }
    }
}

// The whole book

#[test]
fn every_link_of_the_handbook_leads_to_a_page_of_the_book() {
    for paper in [Paper::A4, Paper::K16] {
        let Some(pdf) = printed(paper) else { return };
        let read = Read::new(&pdf.bytes);
        assert_eq!(read.numbers.len(), pdf.pages);
        let links: Vec<_> = read.numbers.keys().flat_map(|page| read.links(*page)).collect();
        let addresses: BTreeSet<&String> = links.iter().filter_map(|link| link.as_ref().err()).collect();
        assert!(links.len() > 2_000, "{}", links.len());
        assert!(addresses.iter().all(|address| address.starts_with("http")), "{addresses:?}");
    }
}

#[test]
fn every_chapter_has_its_bookmark_on_the_page_where_it_begins() {
    let Some(pdf) = printed(Paper::A4) else { return };
    let read = Read::new(&pdf.bytes);
    let outline = read.outline();
    let pages = pages(&pdf.bytes);
    for chapter in chapters() {
        let title = headed(chapter);
        let there = outline
            .iter()
            .any(|(_, text, page)| *text == title && pages[*page as usize - 1].contains(&bare(&title)));
        assert!(there, "{title}");
    }
    assert!(chapters().count() > 40);
    for title in ["办理流程", "按条文索引", "按关键词索引"] {
        assert!(outline.iter().any(|(_, text, _)| text == title), "{title}");
    }
    // Articles stand below the law, chapters below their part.
    let article = outline.iter().find(|(_, text, _)| text.starts_with("第三十六条")).unwrap();
    assert!(article.0 >= 4 && pages[article.2 as usize - 1].contains(&bare(&article.1)), "{article:?}");
    // In the order of the book.
    assert!(outline.windows(2).all(|pair| pair[0].2 <= pair[1].2));
}

#[test]
fn the_contents_name_the_number_that_is_printed_on_the_page() {
    let Some(pdf) = printed(Paper::K16) else { return };
    let read = Read::new(&pdf.bytes);
    let pages = pages(&pdf.bytes);
    let start = pages.iter().position(|page| page.contains("目录")).unwrap();
    let (_, _, first) = read.outline()[0];
    let contents = pages[start..first as usize - 1].concat().replace('.', "");
    let outline = read.outline();
    for chapter in chapters() {
        let (_, _, page) = outline.iter().find(|(_, title, _)| *title == headed(chapter)).unwrap();
        let printed = (page + 1 - first).to_string();
        let entry = format!("{}{printed}", bare(&chapter.title).replace('.', ""));
        assert!(contents.contains(&entry), "{entry}");
        assert!(pages[*page as usize - 1].contains(&printed), "{entry}");
    }
}

#[test]
fn no_line_of_the_handbook_reaches_over_the_edge_of_the_text() {
    for paper in [Paper::A4, Paper::K16] {
        let Some(pdf) = printed(paper) else { return };
        assert_eq!(overfull(&pdf.bytes, paper), []);
    }
}

#[test]
fn the_indexes_begin_on_the_right_where_the_pages_before_end_there() {
    let Some(fonts) = reading() else { return };
    let mut chapters = handbook().chapters.clone();
    chapters.insert(0, chapter(0, "guide/first.html", "<h1 id='first'>第一页</h1>"));
    chapters.push(chapter(0, "guide/last.html", "<h1 id='last'>最后一页</h1>"));
    let pdf = write(&book(chapters), Paper::K16, fonts);
    assert_eq!(overfull(&pdf.bytes, Paper::K16), []);
    let outline = Read::new(&pdf.bytes).outline();
    let page = |title: &str| outline.iter().find(|(_, text, _)| text == title).unwrap().2;
    assert_eq!(page("最后一页") % 2, 1);
    assert_eq!(page("按条文索引"), page("最后一页") + 2);
    let pages = pages(&pdf.bytes);
    assert_eq!(pages[page("最后一页") as usize], "");
    assert!(
        pages[page("按条文索引") as usize - 1]
            .ends_with(&(page("按条文索引") + 1 - outline[0].2).to_string())
    );
}

#[test]
fn the_indexes_name_the_pages_of_articles_and_keywords() {
    let Some(pdf) = printed(Paper::A4) else { return };
    let read = Read::new(&pdf.bytes);
    let outline = read.outline();
    let page = |title: &str| outline.iter().find(|(_, text, _)| text.starts_with(title)).unwrap().2;
    let (_, _, first) = outline[0];
    let texts = pages(&pdf.bytes);
    let articles = texts[page("按条文索引") as usize - 1..page("按关键词索引") as usize - 1].concat();
    let keywords = texts[page("按关键词索引") as usize - 1..].concat();
    let (_, title, stands) = outline.iter().find(|(_, text, _)| text.starts_with("第三十六条")).unwrap();
    let entry = format!("{}{}", bare(title), stands + 1 - first);
    assert!(articles.contains(&entry), "{entry}");
    assert!(keywords.chars().filter(char::is_ascii_digit).count() > 100);
    // 〔〕 says the page where the link leads.
    assert!(texts.iter().any(|text| text.contains(&format!("〔{}〕", stands + 1 - first))));
}

#[test]
fn the_flow_chart_is_made_of_lines_and_letters() {
    let Some(pdf) = printed(Paper::A4) else { return };
    let document = Document::load_mem(&pdf.bytes).unwrap();
    let images = document.objects.values().filter(|object| {
        let dictionary = object.as_stream().map(|stream| &stream.dict);
        dictionary
            .is_ok_and(|it| it.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Image"))
    });
    assert_eq!(images.count(), 0);
    let pages = pages(&pdf.bytes);
    assert!(pages.iter().any(|page| page.contains("收到申请") && page.contains("要件齐不齐")), "no chart");
}

// The file

#[test]
fn the_pages_have_the_size_of_the_paper_and_the_file_says_what_it_is() {
    let Some(fonts) = machine() else { return };
    for (paper, width, height) in [(Paper::A4, 210.0, 297.0), (Paper::K16, 185.0, 260.0)] {
        let pdf = write(&one("<p>正文。</p>"), paper, fonts);
        let read = Read::new(&pdf.bytes);
        for page in read.numbers.keys() {
            let page = read.document.get_dictionary(*page).unwrap();
            let edges = read.get(page, "MediaBox").unwrap().as_array().unwrap();
            let edges: Vec<f64> = edges.iter().map(|edge| f64::from(edge.as_float().unwrap())).collect();
            assert!(
                (edges[2] - width * MM).abs() < 0.01 && (edges[3] - height * MM).abs() < 0.01,
                "{edges:?}"
            );
        }
        let file = String::from_utf8_lossy(&pdf.bytes);
        for mark in
            ["/Lang (zh-CN)", "示例市政府信息公开手册", "示例市人民政府办公室", "<xmp:CreateDate>2026-11-27"]
        {
            assert!(file.contains(mark), "{mark}");
        }
    }
}

#[test]
fn a_book_without_a_day_says_none() {
    let Some(fonts) = machine() else { return };
    let mut volume = one("<p>正文。</p>");
    volume.imprint = Imprint { title: "手册".to_owned(), ..Imprint::default() };
    let file = write(&volume, Paper::A4, fonts).bytes;
    assert!(!String::from_utf8_lossy(&file).contains("CreateDate"));
}

#[test]
fn the_same_book_has_the_same_bytes() {
    let Some(fonts) = machine() else { return };
    let volume = one(
        "<p>见<a href='#one'>上面</a>。</p><table><thead><tr><th>甲</th></tr></thead><tr><td>乙</td></tr></table>",
    );
    let first = write(&volume, Paper::A4, fonts);
    assert!(first == write(&volume, Paper::A4, fonts));
    assert!(first == write(&volume, Paper::A4, &fonts::load().unwrap()));
}

#[test]
fn the_cover_and_the_page_behind_it_say_what_the_book_is() {
    let Some(fonts) = reading() else { return };
    let pages = pages(&write(&one("<p>正文。</p>"), Paper::K16, fonts).bytes);
    for text in
        ["示例市政府信息公开手册", "供工作人员使用", "示例市人民政府办公室", "2026年第1版", "2026年11月27日"]
    {
        assert!(pages[0].contains(text), "{text}");
    }
    for text in ["示例市政府信息公开示例办法2026-01-01只有本书要点", "不是官方文本", "2026年第1版"]
    {
        assert!(pages[1].contains(text), "{text}");
    }
    assert!(pages[2].contains("目录") && pages[2].contains("第一页"), "{}", pages[2]);
    // The first chapter begins on the right.
    assert!(pages[4].starts_with("第一页") && pages[4].ends_with('1'), "{}", pages[4]);
}

#[test]
fn chapters_begin_on_the_right_and_short_ones_below_an_index_follow_on() {
    let Some(fonts) = reading() else { return };
    let text = "<p>这里是正文。</p>".repeat(5);
    let pages = pages(
        &write(
            &book(vec![
                chapter(0, "a.html", &format!("<h1>第一章</h1>{text}")),
                chapter(0, "questions/index.html", &format!("<h1>问答</h1>{text}")),
                chapter(1, "questions/a.html", &format!("<h1>甲问</h1>{text}")),
                chapter(1, "questions/b.html", &format!("<h1>乙问</h1>{text}")),
            ]),
            Paper::A4,
            fonts,
        )
        .bytes,
    );
    let at = |title: &str| pages.iter().skip(4).position(|page| page.contains(title)).unwrap() + 1;
    assert_eq!((at("第一章"), at("问答"), at("甲问"), at("乙问")), (1, 3, 3, 3));
    assert_eq!(pages[5], "");
}

#[test]
fn page_numbers_stand_at_the_outer_edge() {
    let Some(fonts) = machine().and(reading()) else { return };
    let volume = one(&"<p>这里是正文，一段接着一段。</p>".repeat(120));
    let pages = words(&write(&volume, Paper::A4, fonts).bytes);
    for (at, page) in pages.iter().enumerate().skip(4) {
        let number = (at - 3).to_string();
        let foot = page.iter().filter(|word| word.1 > (297.0 - 24.0) * MM).collect::<Vec<_>>();
        assert_eq!(foot.iter().map(|word| word.4.as_str()).collect::<Vec<_>>(), [number]);
        let edge = if at % 2 == 0 { (210.0 - 23.0) * MM - foot[0].2 } else { foot[0].0 - 23.0 * MM };
        assert!(edge.abs() < 1.5, "{edge}");
    }
    assert!(pages.len() > 6);
}

// What cannot be printed

#[test]
fn a_character_that_no_font_has_is_named_with_its_number_and_page() {
    let Some(fonts) = machine() else { return };
    for main in ["<p>张\u{10FFFD}某</p>", "<svg viewBox='0 0 9 9'><text x='1' y='8'>\u{10FFFD}</text></svg>"]
    {
        let error = print::write(&one(main), Paper::A4, fonts).unwrap_err();
        assert!(
            matches!(error, Error::Typesetting(Typesetting::Missing { ch: '\u{10FFFD}', .. })),
            "{error:?}"
        );
        let message = error.to_string();
        assert!(message.starts_with("《第一页》里的「") && message.contains("U+10FFFD"), "{message}");
    }
    let mut volume = one("<p>正文。</p>");
    volume.imprint.office = "\u{10FFFD}局".to_owned();
    let message = print::write(&volume, Paper::A4, fonts).unwrap_err().to_string();
    assert!(message.starts_with("《封面、版权页和目录》里的「"), "{message}");
}

#[test]
fn a_link_to_nothing_stops_the_book() {
    let Some(fonts) = machine() else { return };
    let error =
        print::write(&one("<p>见<a href='../laws/x.html#y'>某条</a></p>"), Paper::A4, fonts).unwrap_err();
    let link = Error::Link { page: "guide/one.html".to_owned(), href: "laws/x.html#y".to_owned() };
    assert_eq!(error, link);
    assert!(error.to_string().contains("\n提示: "), "{error}");
}

#[test]
fn a_picture_that_is_missing_or_broken_is_named_with_its_page() {
    let Some(fonts) = machine() else { return };
    let mut volume = one("<p><img src='../pictures/a.png' alt='图'></p>");
    let message = print::write(&volume, Paper::A4, fonts).unwrap_err().to_string();
    assert!(message.starts_with("guide/one.html 里的图片 pictures/a.png 不在手册里"), "{message}");
    for (name, bytes) in
        [("pictures/a.png", &b"no picture"[..]), ("pictures/a.png", &PNG[..40]), ("pictures/a.png", b"")]
    {
        volume.pictures.insert(name.to_owned(), bytes.to_vec());
        let message = print::write(&volume, Paper::A4, fonts).unwrap_err().to_string();
        assert!(message.starts_with("guide/one.html 里的图片 pictures/a.png 打不开"), "{message}");
    }
    volume.pictures.insert("pictures/a.png".to_owned(), PNG.to_vec());
    assert_eq!(write(&volume, Paper::A4, fonts).pages, 5);
}

/// One black point.
const PNG: [u8; 67] = [
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0,
    0, 1, 8, 0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63,
    0x60, 0, 0, 0, 2, 0, 1, 0x48, 0xaf, 0xa4, 0x71, 0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60,
    0x82,
];

#[test]
fn elements_without_end_are_said_and_not_set() {
    let Some(fonts) = machine() else { return };
    let main = format!("{}深{}", "<blockquote>".repeat(60), "</blockquote>".repeat(60));
    let table = format!("{}深{}", "<table><tr><td>".repeat(12), "</td></tr></table>".repeat(12));
    let deep = Error::Deep { page: "guide/one.html".to_owned() };
    assert_eq!(print::write(&one(&table), Paper::A4, fonts).unwrap_err(), deep);
    assert_eq!(
        print::write(&one(&main), Paper::A4, fonts).unwrap_err(),
        Error::Deep { page: "guide/one.html".to_owned() }
    );
    let message = print::write(&book(vec![]), Paper::A4, fonts).unwrap_err().to_string();
    assert!(message.contains("一页也没有"), "{message}");
}

#[test]
fn lists_in_lists_as_deep_as_any_page_has_are_set() {
    let Some(fonts) = machine() else { return };
    let main = format!("{}深{}", "<ul><li>".repeat(8), "</li></ul>".repeat(8));
    write(&one(&format!("<section>{main}</section>")), Paper::K16, fonts);
}

// What is hard to print

#[test]
fn markup_of_typst_on_a_page_is_only_text() {
    let Some(fonts) = reading() else { return };
    let evil = r##"#eval("1+1") #panic() $x^2$ *甲* _乙_ = 丙 // 丁 &lt;a&gt; \n @ref `raw` [括号] ~ -- --- ' " {戊} \u{41}"##;
    let said = bare(&evil.replace("&lt;", "<").replace("&gt;", ">"));
    let main = format!(
        "<p>{evil}</p><h2>{evil}</h2><ul><li>{evil}</li></ul><table><tr><td>{evil}</td></tr></table><pre>{evil}</pre>"
    );
    let mut volume = one(&main);
    volume.imprint.cover = vec!["#strong[甲]".to_owned()];
    let pages = pages(&write(&volume, Paper::A4, fonts).bytes);
    assert_eq!(pages[4..].concat().matches(&said).count(), 5, "{}", pages[4]);
    assert!(pages[0].contains("#strong[甲]"));
}

#[test]
fn the_head_of_a_table_of_five_thousand_rows_stands_on_every_page() {
    let Some(fonts) = reading() else { return };
    let rows: String = (1..=5_000)
        .map(|row| format!("<tr><td>行{row}。</td><td>示例</td><td>第{row}件</td></tr>"))
        .collect();
    let main = format!(
        "<table><thead><tr><th>序号</th><th>事项</th><th>编号</th></tr></thead><tbody>{rows}</tbody></table>"
    );
    let pdf = write(&one(&main), Paper::A4, fonts);
    let pages = pages(&pdf.bytes);
    let inside = &pages[4..];
    assert!(inside.len() > 60, "{}", inside.len());
    for page in inside.iter().filter(|page| page.contains("行")) {
        assert_eq!(page.matches("序号事项编号").count(), 1, "{page}");
    }
    let text = inside.concat();
    assert!((1..=5_000).all(|row| text.contains(&format!("行{row}。示例第{row}件"))));
    assert_eq!(overfull(&pdf.bytes, Paper::A4), []);
}

#[test]
fn long_words_long_headings_and_many_columns_stay_on_the_paper() {
    let Some(fonts) = reading() else { return };
    let heading: String = "办理政府信息公开申请的流程和期限".chars().cycle().take(200).collect();
    let word: String = "abcdefghij".chars().cycle().take(500).collect();
    let address = "https://www.example.com/a/very/long/address/that/no/line/of/a/book/could/hold/12345678901234567890.html?x=1&y=2";
    let cells = |count: usize| (0..count).map(|at| format!("<td>第{at}栏的内容</td>")).collect::<String>();
    let main = format!(
        "<h2 id='long'>{heading}</h2><p>{word}</p><h3>{word}</h3><ul><li>{word}</li></ul><p><a href='{address}'>网站</a></p>\
         <p><code>{word}</code></p><pre>{word}</pre>\
         <table><tr>{}</tr></table><table><tr><td>{word}</td><td>{heading}</td></tr></table>\
         <div class='gk-letter-sample'><p class='gk-l-title'>{heading}</p><p class='gk-l-p'>{word}</p></div>",
        cells(18)
    );
    for paper in [Paper::A4, Paper::K16] {
        let mut volume = one(&main);
        volume.chapters[0].title = heading.clone();
        let pdf = write(&volume, paper, fonts);
        assert_eq!(overfull(&pdf.bytes, paper), []);
        let text = pages(&pdf.bytes).concat();
        assert!(text.matches(&word).count() >= 5 && text.matches(&heading).count() >= 3, "{text}");
        assert!(text.contains(address), "{text}");
        // A bookmark says all of it.
        assert!(Read::new(&pdf.bytes).outline().iter().any(|(_, title, _)| *title == heading));
    }
}

#[test]
fn no_heading_stands_at_the_foot_of_a_page() {
    let Some(fonts) = reading() else { return };
    let parts: String = (0..150)
        .map(|at| format!("<h2>题目{at}。</h2><h3>小题{at}。</h3>{}", "<p>正文一段。</p>".repeat(at % 7 + 1)))
        .collect();
    for page in pages(&write(&one(&parts), Paper::A4, fonts).bytes).iter().skip(4) {
        // What is printed over the pages comes last.
        let page = page.trim_end_matches(|ch: char| ch.is_ascii_digit());
        let page = page.trim_end_matches("第一页").trim_end_matches("示例市政府信息公开手册");
        assert!(page.is_empty() || page.ends_with("正文一段。"), "{page}");
    }
}

#[test]
fn a_footnote_stands_at_the_foot_of_its_page() {
    let Some(fonts) = reading() else { return };
    let filler = "<p>这里是正文，一段接着一段。</p>".repeat(60);
    let main = format!(
        "<p>正文<sup class='footnote-reference' id='fr-a-1'><a href='#footnote-a'>1</a></sup>。</p>{filler}\
         <hr><ol class='footnote-definition'><li id='footnote-a'><p>脚注的内容。 <a href='#fr-a-1'>↩</a></p></li></ol>"
    );
    let pages = pages(&write(&one(&main), Paper::A4, fonts).bytes);
    assert!(pages[4].contains("脚注的内容。") && !pages[5].contains("脚注的内容"), "{:?}", &pages[4..]);
    assert!(!pages.concat().contains('↩'));
}

#[test]
fn an_address_is_a_code_on_the_cover_and_a_wrong_one_is_said() {
    let Some(fonts) = reading() else { return };
    let mut volume = one("<p>正文。</p>");
    volume.imprint.address = Some("https://www.example.com/handbook/".to_owned());
    let plain = write(&volume, Paper::A4, fonts);
    let texts = pages(&plain.bytes);
    assert!(texts[0].contains("扫码看网页版") && texts[1].contains("https://www.example.com/handbook/"));
    volume.imprint.chapter_codes = true;
    assert!(write(&volume, Paper::A4, fonts).bytes.len() > plain.bytes.len());
    volume.imprint.address = Some("示例网址".to_owned());
    let message = print::write(&volume, Paper::A4, fonts).unwrap_err().to_string();
    assert!(message.starts_with("二维码没有做成：网址「示例网址」"), "{message}");
}

#[test]
fn what_is_folded_on_the_screen_is_open_and_badges_have_signs() {
    let Some(fonts) = reading() else { return };
    let main = "<div class='gk-badges'><span class='gk-badge gk-badge--unverified'>待核 2 处</span></div>\
                <details class='gk-unverified' id='u'><summary>待核</summary><ul><li>折起来的一条</li></ul></details>";
    let pages = pages(&write(&one(main), Paper::K16, fonts).bytes);
    assert!(pages[4].contains("？待核2处") && pages[4].contains("折起来的一条"), "{}", pages[4]);
}
