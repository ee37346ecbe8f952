//! Pages that were set: where things stand on them, pages joined and laid over each other, the file.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;

use typst::foundations::{Datetime, NativeElement, Smart, Value};
use typst::introspection::{IntrospectorBuilder, Location, MetadataElem, Tag, TagFlags};
use typst::layout::{Abs, Frame, FrameItem, GroupItem, Page, PagedDocument, Point, Position, Transform};
use typst::model::{Destination, HeadingElem};
use typst::text::TextElem;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use super::{Error, reasons};

/// The scheme of a link to an anchor, `to:ID`; [`Layout::point`] turns it into a place.
const TO: &str = "to:";

/// The scheme of a mark for a page number, `page:ID`: a link too, and a place to print the number in.
const PAGE: &str = "page:";

/// A document that was set.
#[derive(Debug, Clone)]
pub struct Layout(PagedDocument);

/// A point of a page, in points from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Counted from 1.
    pub page: usize,
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// A link or a mark to an anchor.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// The anchor.
    pub to: String,
    /// Whether the number of the anchor's page is to be printed here.
    pub mark: bool,
    /// Upper left corner.
    pub place: Place,
    /// In points.
    pub width: f64,
    /// In points.
    pub height: f64,
}

/// What stands where.
#[derive(Debug, Clone, Default)]
pub struct Survey {
    /// `metadata("…")` by its text, the first of each.
    pub anchors: BTreeMap<String, Place>,
    /// Every piece of a `link("to:…")` or `link("page:…")`, page by page.
    pub links: Vec<Link>,
    /// Characters that no font had, and the page.
    pub missing: Vec<(char, usize)>,
    /// Pages with anything on them.
    pub printed: BTreeSet<usize>,
}

/// An entry of the list of contents that readers show beside the pages.
#[derive(Debug, Clone, PartialEq)]
pub struct Bookmark {
    /// 1 at the top.
    pub level: usize,
    /// What it says.
    pub title: String,
    /// Where it leads.
    pub place: Place,
}

/// What the file says about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// Title.
    pub title: String,
    /// Author; empty where nobody is named.
    pub author: String,
    /// Year, month, day; nothing is said where there is none.
    pub date: Option<(i32, u8, u8)>,
}

/// The kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standard {
    /// PDF/A-2b, with the structure of the document in it.
    Archive,
    /// PDF 1.7 without it: pages that were joined have none.
    Plain,
}

impl Layout {
    pub(super) const fn new(document: PagedDocument) -> Self {
        Self(document)
    }

    /// How many pages there are.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.0.pages.len()
    }

    /// Looks at every page.
    #[must_use]
    pub fn survey(&self) -> Survey {
        let mut survey = Survey::default();
        for (page, number) in self.0.pages.iter().zip(1..) {
            walk(&page.frame, number, Transform::identity(), &mut survey);
        }
        survey
    }

    /// These pages and then those.
    #[must_use]
    pub fn then(mut self, next: Self) -> Self {
        self.0.pages.extend(next.0.pages);
        self
    }

    /// These pages and an empty one like the last.
    #[must_use]
    pub fn with_blank(mut self) -> Self {
        if let Some(last) = self.0.pages.last() {
            let frame = Frame::new(last.frame.size(), last.frame.kind());
            let number = last.number + 1;
            self.0.pages.push(Page { frame, number, ..last.clone() });
        }
        self
    }

    /// These pages but for the first.
    #[must_use]
    pub fn without_first(mut self) -> Self {
        self.0.pages.drain(..1.min(self.0.pages.len()));
        self
    }

    /// With these bookmarks and no others.
    #[must_use]
    pub fn marked(mut self, bookmarks: &[Bookmark]) -> Self {
        for (bookmark, number) in bookmarks.iter().zip(1..) {
            let index = bookmark.place.page.saturating_sub(1);
            let (Some(page), Some(level)) = (self.0.pages.get_mut(index), NonZeroUsize::new(bookmark.level))
            else {
                continue;
            };
            let title = TextElem::packed(bookmark.title.as_str());
            let mut heading = HeadingElem::new(title).with_level(Smart::Custom(level)).pack();
            heading.set_location(Location::new(number));
            let flags = TagFlags { introspectable: true, tagged: false };
            let at = Point::new(Abs::pt(bookmark.place.x), Abs::pt(bookmark.place.y));
            page.frame.push(at, FrameItem::Tag(Tag::Start(heading, flags)));
        }
        self
    }

    /// Prints the pages of `sheets` over the pages with the same place.
    #[must_use]
    pub fn under(mut self, sheets: Self) -> Self {
        for (page, sheet) in self.0.pages.iter_mut().zip(sheets.0.pages) {
            page.frame.push_frame(Point::zero(), sheet.frame);
        }
        self
    }

    /// Lets every link to an anchor lead to its place; those to an anchor that `place` does not know lead nowhere.
    #[must_use]
    pub fn point(mut self, place: impl Fn(&str) -> Option<Place>) -> Self {
        for page in &mut self.0.pages {
            page.frame = pointed(&page.frame, &place);
        }
        self
    }

    /// The bytes of the file, in the language zh-CN.
    ///
    /// # Errors
    ///
    /// [`Error::Typesetting`] with what typst says.
    pub fn write(mut self, standard: Standard, record: Option<&Record>) -> Result<Vec<u8>, Error> {
        if let Some(record) = record {
            let info = &mut self.0.info;
            info.title = Some(record.title.as_str().into());
            info.author = Some(record.author.as_str())
                .filter(|name| !name.is_empty())
                .map(Into::into)
                .into_iter()
                .collect();
            let date = record.date.and_then(|(year, month, day)| Datetime::from_ymd(year, month, day));
            info.date = Smart::Custom(date);
        }
        let standards: &[PdfStandard] = match standard {
            Standard::Archive => &[PdfStandard::A_2b],
            Standard::Plain => &[],
        };
        let standards =
            PdfStandards::new(standards).map_err(|reason| Error::Typesetting(reason.to_string()))?;
        if standard == Standard::Plain {
            self.introspect();
        }
        let options = PdfOptions {
            ident: Smart::Auto,
            timestamp: None,
            standards,
            tagged: standard == Standard::Archive,
            ..PdfOptions::default()
        };
        typst_pdf::pdf(&self.0, &options).map_err(|errors| reasons(&errors))
    }

    /// Bookmarks are found by it, on the pages as they are joined now.
    fn introspect(&mut self) {
        let mut builder = IntrospectorBuilder::new();
        builder.pages = self.0.pages.len();
        let mut found = vec![];
        for (page, number) in self.0.pages.iter().zip(1..) {
            builder.page_numberings.push(page.numbering.clone());
            builder.page_supplements.push(page.supplement.clone());
            if let Some(number) = NonZeroUsize::new(number) {
                builder.discover_in_frame(&mut found, &page.frame, number, Transform::identity());
            }
        }
        self.0.introspector = builder.finalize(found);
    }
}

fn walk(frame: &Frame, page: usize, transform: Transform, survey: &mut Survey) {
    for (at, item) in frame.items() {
        match item {
            FrameItem::Group(group) => {
                let inner =
                    transform.pre_concat(Transform::translate(at.x, at.y)).pre_concat(group.transform);
                walk(&group.frame, page, inner, survey);
            }
            FrameItem::Tag(Tag::Start(element, _)) => {
                if let Some(metadata) = element.to_packed::<MetadataElem>()
                    && let Value::Str(id) = &metadata.value
                {
                    let place = place(at.transform(transform), page);
                    survey.anchors.entry(id.as_str().to_owned()).or_insert(place);
                }
            }
            FrameItem::Link(Destination::Url(url), size) => {
                if let Some((to, mark)) = target(url) {
                    survey.links.push(Link {
                        to: to.to_owned(),
                        mark,
                        place: place(at.transform(transform), page),
                        width: size.x.to_pt(),
                        height: size.y.to_pt(),
                    });
                }
            }
            FrameItem::Text(text) => {
                survey.printed.insert(page);
                let missing = text.glyphs.iter().filter(|glyph| glyph.id == 0);
                let characters = missing.filter_map(|glyph| text.text.get(glyph.range())?.chars().next());
                survey.missing.extend(characters.map(|ch| (ch, page)));
            }
            FrameItem::Image(..) => {
                survey.printed.insert(page);
            }
            _ => {}
        }
    }
}

fn place(at: Point, page: usize) -> Place {
    Place { page, x: at.x.to_pt(), y: at.y.to_pt() }
}

/// The anchor of a link of ours, and whether the number of its page is to be printed.
fn target(url: &str) -> Option<(&str, bool)> {
    let link = url.strip_prefix(TO).map(|id| (id, false));
    link.or_else(|| url.strip_prefix(PAGE).map(|id| (id, true)))
}

/// The same frame with its links led to their places, and without the tags that only typst needs.
fn pointed(frame: &Frame, place: &impl Fn(&str) -> Option<Place>) -> Frame {
    let mut out = Frame::new(frame.size(), frame.kind());
    if frame.has_baseline() {
        out.set_baseline(frame.baseline());
    }
    for (at, item) in frame.items() {
        let item = match item {
            FrameItem::Group(group) => {
                let frame = pointed(&group.frame, place);
                FrameItem::Group(GroupItem { frame, ..group.clone() })
            }
            FrameItem::Tag(_) => continue,
            FrameItem::Link(Destination::Url(url), size) => match target(url) {
                None => item.clone(),
                Some((id, _)) => match place(id).and_then(position) {
                    Some(position) => FrameItem::Link(Destination::Position(position), *size),
                    None => continue,
                },
            },
            _ => item.clone(),
        };
        out.push(*at, item);
    }
    out
}

fn position(place: Place) -> Option<Position> {
    let page = NonZeroUsize::new(place.page)?;
    Some(Position { page, point: Point::new(Abs::pt(place.x), Abs::pt(place.y)) })
}
