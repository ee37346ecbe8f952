//! A volume as a printed book: a PDF for two-sided printing, with cover, contents, running heads and indexes.
//!
//! `print/book.typ` is the design. Chapters reach it as code whose texts are literals, the rest as values: nothing that
//! stands on a page is run. The pages are set once; where everything stands on them is then looked up, and contents,
//! indexes, page numbers and 见第几页 are set from that and printed over the pages. So a book of a thousand pages needs no
//! second pass, and a link that leads nowhere is found before the file is written.

mod drawing;
mod index;
mod literal;
mod sheets;
mod source;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;
use std::sync::LazyLock;

use serde_json::json;

use self::source::{Outside, Plan, Start, Trouble};
use super::qr::{self, Code};
use super::{Chapter, Volume};
use crate::calendar::Date;
use crate::typeset::{
    self, Bookmark, Desk, Error as Typesetting, Fallback, Fonts, Place, Record, Standard, Survey, Template,
    Typeface,
};

/// The size of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    /// 210 × 297 mm.
    A4,
    /// 16开, 185 × 260 mm.
    K16,
}

/// A book as PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// All pages, the cover included.
    pub pages: usize,
    /// Typefaces that this machine lacks, and what stood in.
    pub fallbacks: BTreeSet<Fallback>,
}

/// Why no book was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// A link leads to nothing that is in the book.
    Link {
        /// Path of the page.
        page: String,
        /// Where it leads.
        href: String,
    },
    /// A picture is not in the volume, or is none.
    Picture {
        /// Path of the page.
        page: String,
        /// Path of the picture.
        src: String,
        /// What is wrong with it.
        reason: String,
    },
    /// An address that cannot be a QR code: what is wrong with it.
    Address(String),
    /// Elements stand in elements without end.
    Deep {
        /// Path of the page.
        page: String,
    },
    /// A character that cannot be printed, no fonts, or what typst says.
    Typesetting(Typesetting),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Link { page, href } => write!(
                f,
                "{page} 里的链接指向 {href}，书里没有这个位置，没有生成 PDF\n提示: 先运行 gongkai check，改好链接再生成"
            ),
            Self::Picture { page, src, reason } => write!(
                f,
                "{page} 里的图片 {src} {reason}，没有生成 PDF\n提示: 核对文件名；图片用 PNG、JPEG、GIF、WebP 或者 SVG，能用看图软件打开的再放进来"
            ),
            Self::Address(reason) => write!(f, "二维码没有做成：{reason}"),
            Self::Deep { page } => write!(
                f,
                "{page} 里一层套一层的内容太深，排不出来，没有生成 PDF\n提示: 减少列表、引用、表格互相嵌套的层数"
            ),
            // A book has no .docx to go by instead.
            Self::Typesetting(Typesetting::NoFonts) => write!(
                f,
                "本机没有找到能用的中文字体，不能生成 PDF\n提示: Windows、麒麟、统信系统自带中文字体，字体文件夹不要清空；Debian、Ubuntu 运行 apt install fonts-noto-cjk"
            ),
            Self::Typesetting(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

impl From<Typesetting> for Error {
    fn from(error: Typesetting) -> Self {
        Self::Typesetting(error)
    }
}

/// The design.
const BOOK: &str = include_str!("print/book.typ");

/// What is set: chapters, what stands before and behind them, what is printed over them.
static BODY: LazyLock<Template> = LazyLock::new(|| main("chapters"));
static FRONT: LazyLock<Template> = LazyLock::new(|| main("front"));
static BACK: LazyLock<Template> = LazyLock::new(|| main("back"));
static SHEETS: LazyLock<Template> = LazyLock::new(|| main("sheets"));

/// Calls what the design has by this name with the values by this name.
fn main(name: &str) -> Template {
    Template::new(format!("#import \"/book.typ\": *\n#{name}(json(\"/{name}.json\"))"))
}

/// The pages with the indexes of the handbook: in print their places are taken by indexes with page numbers.
const INDEXES: [&str; 2] = ["articles.html", "keywords.html"];

/// Characters that are set at a time, some fifty pages.
const BATCH: usize = 50_000;

/// Sheets that are set at a time.
const SHEETS_AT_A_TIME: usize = 200;

/// Writes the book.
///
/// # Errors
///
/// [`Error`]: nothing is left out, drawn as a blank box, or linked to nowhere.
pub fn write(volume: &Volume, paper: Paper, fonts: &Fonts) -> Result<Pdf, Error> {
    let book = Book::new(volume, paper, fonts)?;
    let written = book.write();
    typeset::forget(0);
    written
}

/// A volume with what is found out about it before it is set.
struct Book<'a> {
    volume: &'a Volume,
    fonts: &'a Fonts,
    /// Those that are set as they are.
    chapters: Vec<&'a Chapter>,
    outside: Outside,
    /// Values for the design.
    values: String,
    sources: Vec<String>,
    starts: Vec<Start>,
    laws: Vec<index::Law>,
    articles: BTreeMap<String, String>,
    pictures: BTreeMap<&'a str, String>,
    /// The address as a drawing.
    code: Option<String>,
}

/// What was set: where everything stands in the whole book.
struct Set<'a> {
    book: &'a Book<'a>,
    /// Pages before the first chapter.
    front: usize,
    body: Survey,
    back: Survey,
    /// Pages of the chapters.
    pages: usize,
}

impl<'a> Book<'a> {
    fn new(volume: &'a Volume, paper: Paper, fonts: &'a Fonts) -> Result<Self, Error> {
        let chapters: Vec<&Chapter> =
            volume.chapters.iter().filter(|chapter| !INDEXES.contains(&chapter.path.as_str())).collect();
        let laws = index::laws(&chapters);
        let articles = index::anchors(&chapters);
        let pictures: BTreeMap<&str, String> = volume
            .pictures
            .keys()
            .enumerate()
            .map(|(at, path)| (path.as_str(), format!("/pictures/{at}{}", extension(path))))
            .collect();
        let characters: usize = chapters.iter().map(|chapter| source::count(&chapter.body)).sum();
        let (width, height) = paper.text();
        let families = |typeface| fonts.families(typeface);
        let drawn = families(Typeface::Hei).join(",");
        let starts = source::starts(&chapters);
        let plan = Plan {
            starts: &starts,
            articles: &articles,
            // Pages hold some thousand characters; the room for numbers need not be exact.
            digits: (characters / 900 + 20).to_string().len(),
            families: &drawn,
            width,
            height,
            pictures: &pictures,
        };
        let mut outside = Outside::default();
        let mut sources = vec![];
        let address = volume.imprint.address.as_deref();
        let code = address.map(code).transpose()?;
        let per_chapter = address.filter(|_| volume.imprint.chapter_codes);
        for (number, chapter) in chapters.iter().enumerate() {
            if let Some(address) = per_chapter.filter(|_| chapter.level == 0) {
                outside.code = Some(code_of(address, chapter)?);
            }
            let code =
                source::write(chapter, number, &plan, &mut outside).map_err(|trouble| match trouble {
                    Trouble::Control(ch) => {
                        Typesetting::Character { ch, context: named(&chapter.title) }.into()
                    }
                    Trouble::Deep => Error::Deep { page: chapter.path.clone() },
                    Trouble::Picture(src) => {
                        let reason = "不在手册里".to_owned();
                        Error::Picture { page: chapter.path.clone(), src, reason }
                    }
                })?;
            sources.push(code);
        }
        let values = json!({
            "wide": paper == Paper::A4,
            "fonts": {
                "body": families(Typeface::Song),
                "title": families(Typeface::XiaoBiaoSong),
                "heading": families(Typeface::Hei),
                "sub": families(Typeface::Kai),
                "quote": families(Typeface::FangSong),
            },
        })
        .to_string();
        Ok(Self { volume, fonts, chapters, outside, values, sources, starts, laws, articles, pictures, code })
    }

    /// A desk with the design.
    fn desk(&self, main: &Template) -> Desk {
        Desk::new(main)
            .source("/book.typ", BOOK.to_owned())
            .file("/book.json", self.values.clone().into_bytes())
    }

    fn front_desk(&self, set: &Set<'_>) -> Desk {
        let desk = self.desk(&FRONT).file("/front.json", set.front().into_bytes());
        match &self.code {
            Some(code) => desk.file("/code.svg", code.clone().into_bytes()),
            None => desk,
        }
    }

    fn write(&self) -> Result<Pdf, Error> {
        let fallbacks = self.check()?;
        let body = self.body()?;
        let survey = body.survey();
        self.missing(&survey, |page| self.at(&survey, page).map(|chapter| chapter.title.as_str()))?;
        self.check_links(&survey)?;
        let mut set =
            Set { book: self, front: 0, body: survey, back: Survey::default(), pages: body.pages() };

        // How many pages the contents take does not depend on the numbers in them.
        let front = typeset::set(&self.front_desk(&set), self.fonts)?;
        set.front = front.pages().next_multiple_of(2);
        let front = typeset::set(&self.front_desk(&set), self.fonts)?;
        self.missing(&front.survey(), |_| Some("封面、版权页和目录"))?;
        let front = if front.pages() < set.front { front.with_blank() } else { front };
        let mut layout = front.then(body);

        if let Some(values) = set.back() {
            // Which side of a leaf a page of the indexes is on is counted from their first: they begin on the right.
            if layout.pages() % 2 == 1 {
                layout = layout.with_blank();
                set.pages += 1;
            }
            let back = typeset::set(&self.desk(&BACK).file("/back.json", values.into_bytes()), self.fonts)?;
            set.back = back.survey();
            self.missing(&set.back, |_| Some("索引"))?;
            layout = layout.then(back);
        }
        let pages = layout.pages();
        let mut sheets: Option<typeset::Layout> = None;
        for some in set.sheets(pages).chunks(SHEETS_AT_A_TIME) {
            let values = json!(some).to_string().into_bytes();
            let next = typeset::set(&self.desk(&SHEETS).file("/sheets.json", values), self.fonts)?;
            typeset::forget(0);
            self.missing(&next.survey(), |_| Some("书眉"))?;
            sheets = Some(match sheets {
                None => next,
                Some(before) => before.then(next),
            });
        }
        let layout = layout.point(|id| set.place(id));
        let layout = match sheets {
            Some(sheets) => layout.under(sheets),
            None => layout,
        };
        let bytes = layout.marked(&set.bookmarks()).write(Standard::Plain, Some(&self.record()))?;
        Ok(Pdf { bytes, pages, fallbacks })
    }

    /// The chapters, some fifty pages at a time: only what is being set takes much memory.
    fn body(&self) -> Result<typeset::Layout, Error> {
        let mut whole: Option<typeset::Layout> = None;
        let mut start = 0;
        while start < self.chapters.len() {
            let mut size = 0;
            let more =
                self.chapters[start..].iter().zip(&self.starts[start..]).take_while(|(chapter, begins)| {
                    let fits = size < BATCH || **begins == Start::On;
                    size += source::count(&chapter.body);
                    fits
                });
            let end = start + more.count();
            let odd = whole.as_ref().is_some_and(|before| before.pages() % 2 == 1);
            let batch = self.batch(start..end, odd)?;
            typeset::forget(0);
            whole = Some(match whole {
                None => batch,
                Some(before) => before.then(batch),
            });
            start = end;
        }
        whole.ok_or_else(|| Typesetting::Typesetting("书里一页也没有".to_owned()).into())
    }

    /// Some chapters as they stand after an even or an odd number of pages.
    fn batch(&self, chapters: Range<usize>, after_odd: bool) -> Result<typeset::Layout, Error> {
        let names: Vec<String> = chapters.clone().map(|at| format!("/chapters/{at}.typ")).collect();
        let list = json!({ "after-odd": after_odd, "files": names }).to_string();
        let mut desk = self.desk(&BODY).file("/chapters.json", list.into_bytes());
        for (name, source) in names.iter().zip(&self.sources[chapters]) {
            desk = desk.source(name, source.clone());
        }
        for (at, drawing) in self.outside.drawings.iter().enumerate() {
            desk = desk.file(&format!("/drawings/{at}.svg"), drawing.clone().into_bytes());
        }
        for (path, name) in &self.pictures {
            desk = desk.file(name, self.volume.pictures.get(*path).cloned().unwrap_or_default());
        }
        let layout = typeset::set(&desk, self.fonts);
        let layout = layout.map_err(|error| self.broken_picture().unwrap_or(error.into()))?;
        // Which side of a leaf a page is on is counted from the first one: one stood in for those before.
        Ok(if after_odd { layout.without_first() } else { layout })
    }

    /// Which picture typst could not read, where it was one.
    fn broken_picture(&self) -> Option<Error> {
        let main = Template::new("#image(json(\"/picture.json\"))");
        self.pictures.iter().find_map(|(path, name)| {
            let bytes = self.volume.pictures.get(*path).cloned().unwrap_or_default();
            let desk = Desk::new(&main)
                .file(name, bytes)
                .file("/picture.json", json!(name).to_string().into_bytes());
            typeset::set(&desk, self.fonts).err()?;
            let page = self.chapters.iter().find(|chapter| index::shows(&chapter.body, path))?;
            let reason = "打不开，不是完好的图片".to_owned();
            Some(Error::Picture { page: page.path.clone(), src: (*path).to_owned(), reason })
        })
    }

    /// Typefaces that are not there; texts of drawings, which no survey sees.
    fn check(&self) -> Result<BTreeSet<Fallback>, Error> {
        let mut fallbacks = BTreeSet::new();
        for typeface in Typeface::ALL {
            let fallback = self.fonts.find(typeface, '公', &|| "正文".to_owned())?;
            fallbacks.extend(fallback);
        }
        for (number, text) in &self.outside.drawn {
            for ch in text.chars().filter(|ch| !ch.is_whitespace()) {
                let title = self.chapters.get(*number).map_or("", |chapter| chapter.title.as_str());
                self.fonts.find(Typeface::Hei, ch, &|| named(title))?;
            }
        }
        Ok(fallbacks)
    }

    /// The first character that no font had.
    fn missing<'b>(&self, survey: &Survey, at: impl Fn(usize) -> Option<&'b str>) -> Result<(), Error> {
        let Some((ch, page)) = survey.missing.first() else { return Ok(()) };
        let context = || at(*page).map_or_else(|| "正文".to_owned(), named);
        self.fonts.find(Typeface::Song, *ch, &context)?;
        // A font has the character and did not draw it: it is joined with others in a way that no font knows.
        Err(Typesetting::Missing { ch: *ch, context: context(), tried: vec![] }.into())
    }

    /// The chapter on a page, counted from the first of the chapters.
    fn at(&self, survey: &Survey, page: usize) -> Option<&'a Chapter> {
        let starts =
            |chapter: &&&Chapter| survey.anchors.get(&chapter.path).is_some_and(|place| place.page <= page);
        self.chapters.iter().rev().find(starts).copied()
    }

    fn check_links(&self, survey: &Survey) -> Result<(), Error> {
        let known = index::ids(self.volume.chapters.iter().filter(|it| INDEXES.contains(&it.path.as_str())));
        for (href, chapter) in &self.outside.links {
            if !survey.anchors.contains_key(href) && !known.contains(href) {
                let page =
                    self.chapters.get(*chapter).map_or_else(String::new, |chapter| chapter.path.clone());
                return Err(Error::Link { page, href: href.clone() });
            }
        }
        Ok(())
    }

    fn record(&self) -> Record {
        let imprint = &self.volume.imprint;
        let date = Date::parse(&imprint.date).map(|date| (i32::from(date.year()), date.month(), date.day()));
        Record {
            title: imprint.title.clone(),
            author: imprint.office.clone(),
            date: date.and_then(|(year, month, day)| {
                Some((year, u8::try_from(month).ok()?, u8::try_from(day).ok()?))
            }),
        }
    }
}

impl Set<'_> {
    /// A place of the whole book by its anchor.
    fn place(&self, id: &str) -> Option<Place> {
        let inside = self.body.anchors.get(id).map(|place| Place { page: place.page + self.front, ..*place });
        let behind = || {
            // Every place of an index page is in the index; what has none of its own leads to where the index begins.
            let page = id.split('#').next().unwrap_or(id);
            let place = self.back.anchors.get(id).or_else(|| self.back.anchors.get(page))?;
            Some(Place { page: place.page + self.front + self.pages, ..*place })
        };
        inside.or_else(behind)
    }

    /// What is printed for the number of a page of the whole book.
    fn number(&self, page: usize) -> String {
        page.checked_sub(self.front).map_or_else(String::new, |number| number.to_string())
    }

    fn bookmarks(&self) -> Vec<Bookmark> {
        let mut all = vec![];
        let mut under = 1;
        for chapter in &self.book.chapters {
            let Some(place) = self.place(&chapter.path) else { continue };
            if let Some(part) = &chapter.part {
                all.push(Bookmark { level: 1, title: part.clone(), place });
                under = 2;
            }
            let level = under + chapter.level;
            all.push(Bookmark { level, title: index::title(chapter), place });
            index::headings(chapter, &mut |depth, id, title| {
                let place = self.place(&format!("{}#{id}", chapter.path));
                all.extend(place.map(|place| Bookmark { level: level + depth, title, place }));
            });
        }
        for (id, title) in [("articles.html", "按条文索引"), ("keywords.html", "按关键词索引")] {
            if let Some(place) = self.back.anchors.get(id) {
                let place = Place { page: place.page + self.front + self.pages, ..*place };
                all.push(Bookmark { level: 1, title: title.to_owned(), place });
            }
        }
        all
    }
}

impl Paper {
    /// Width and height of the text in points, as `book.typ` has them.
    fn text(self) -> (f64, f64) {
        const MM: f64 = 72.0 / 25.4;
        match self {
            Self::A4 => ((210.0 - 50.0) * MM, (297.0 - 51.0) * MM),
            Self::K16 => ((185.0 - 42.0) * MM, (260.0 - 44.0) * MM),
        }
    }
}

/// An address as a QR code.
fn code(address: &str) -> Result<String, Error> {
    let code = Code::new(address).map_err(Error::Address)?;
    Ok(code.drawing(address).element().map_or_else(String::new, |svg| drawing::file(svg, "")))
}

/// The QR code of a chapter's own address.
fn code_of(edition: &str, chapter: &Chapter) -> Result<String, Error> {
    code(&qr::page_address(edition, &chapter.path))
}

/// A page as a message names it.
fn named(title: &str) -> String {
    format!("《{title}》")
}

/// With the dot; typst reads the kind of a picture from it.
fn extension(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or_else(String::new, |(_, kind)| format!(".{}", kind.to_ascii_lowercase()))
}
