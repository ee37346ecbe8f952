//! What is known only when the pages are set: contents, indexes, and the sheets that are printed over the pages.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Chapter, Place, Set, index};
use crate::calendar::Date;
use crate::typeset::Link;

/// What pages without a kind of their own are called.
const OTHERS: &str = "其他";

/// Signs of a running head that fit over any page.
const HEAD: usize = 34;

impl Set<'_> {
    /// Cover, 版权页, contents.
    pub(super) fn front(&self) -> String {
        let imprint = &self.book.volume.imprint;
        let day = Date::parse(&imprint.date).map_or_else(|| imprint.date.clone(), long);
        let stand = |(name, text): (&str, &str)| (!text.is_empty()).then(|| format!("{name}：{text}"));
        let about: Vec<String> =
            [("编印", imprint.office.as_str()), ("版本", &imprint.version), ("日期", &day)]
                .into_iter()
                .filter_map(stand)
                .collect();
        let laws: Vec<[String; 3]> = imprint
            .laws
            .iter()
            .map(|law| {
                let what = if law.official { "官方文本和本书要点" } else { "只有本书要点" };
                [law.title.clone(), law.version.clone(), what.to_owned()]
            })
            .collect();
        let made = [
            "书里写的要点、说明和问答是编写人员用自己的话写的，不是官方文本。引用法规的原话，写文书、打官司，以官方公布的文本为准。",
            "写有“待核”的内容没有核对原文，使用前请先核实。〔〕里的数字是页码，见第几页。",
            "本书由 gongkai 从同一份源文件生成：内容和日期相同，生成的文件就相同。",
        ];
        json!({
            "title": imprint.title,
            "cover": imprint.cover,
            "office": imprint.office,
            "version": imprint.version,
            "day": day,
            "code": self.book.code.is_some(),
            "about": about,
            "address": imprint.address,
            "laws": laws,
            "made": made,
            "contents": self.contents(),
        })
        .to_string()
    }

    fn contents(&self) -> Vec<Value> {
        let entry = |part: Option<&String>, level: usize, title: String, place: Place| {
            let number = self.number(place.page);
            json!({ "part": part, "level": level, "title": title, "number": number, "place": value(place) })
        };
        let mut all = vec![];
        for chapter in &self.book.chapters {
            if let Some(place) = self.place(&chapter.path) {
                all.push(entry(chapter.part.as_ref(), chapter.level, chapter.title.clone(), place));
            }
        }
        // The first index begins on the page after the chapters; the second is found in the first's bookmarks.
        let behind = Place { page: self.front + self.pages + 1, x: 0.0, y: 0.0 };
        if !self.book.laws.is_empty() || self.keywords().is_some() {
            all.push(entry(None, 0, "索引".to_owned(), behind));
        }
        all
    }

    fn keywords(&self) -> Option<&Chapter> {
        self.book.volume.chapters.iter().find(|chapter| chapter.path == "keywords.html")
    }

    /// The indexes; nothing where there is nothing to list.
    pub(super) fn back(&self) -> Option<String> {
        let cited = self.cited();
        let laws: Vec<Value> = self
            .book
            .laws
            .iter()
            .filter_map(|law| {
                let items: Vec<Value> = law
                    .articles
                    .iter()
                    .filter_map(|(title, id)| {
                        let place = self.place(id)?;
                        let kinds = cited.get(id.as_str()).into_iter().flatten();
                        let cited: Vec<Value> = kinds
                            .map(|(kind, pages)| json!([kind, self.list(pages.values().copied())]))
                            .collect();
                        // What nobody cites is found in the contents.
                        (!cited.is_empty()).then(|| json!({
                    "title": title, "number": self.number(place.page), "place": value(place), "cited": cited,
                }))
                    })
                    .collect();
                let anchor = format!("articles.html#articles-{}", stem(&law.path));
                (!items.is_empty()).then(|| json!({ "title": law.title, "id": anchor, "items": items }))
            })
            .collect();
        let keywords: Vec<Value> = self
            .keywords()
            .map(index::keywords)
            .unwrap_or_default()
            .into_iter()
            .map(|(title, id, words)| {
                let items: Vec<Value> = words
                    .into_iter()
                    .map(|word| {
                        let places: BTreeMap<usize, Place> = word
                            .to
                            .iter()
                            .filter_map(|to| self.place(to))
                            .map(|place| (place.page, place))
                            .collect();
                        json!({ "title": word.word, "pages": self.list(places.into_values()) })
                    })
                    .collect();
                json!({ "title": title, "id": id, "items": items })
            })
            .collect();
        (!laws.is_empty() || !keywords.is_empty())
            .then(|| json!({ "articles": laws, "keywords": keywords }).to_string())
    }

    /// Where each article is cited, by kind: on how many pages a chapter says it does not matter, so the first of each.
    fn cited(&self) -> BTreeMap<&str, BTreeMap<&str, BTreeMap<usize, Place>>> {
        let kinds: BTreeMap<&str, &str> = self
            .book
            .outside
            .slots
            .iter()
            .flat_map(|slot| &slot.groups)
            .flat_map(|(kind, all)| all.iter().map(move |to| (folder(to), kind.as_str())))
            .collect();
        let mut starts: BTreeMap<(usize, i64), &Chapter> = BTreeMap::new();
        for chapter in &self.book.chapters {
            if let Some(place) = self.body.anchors.get(&chapter.path) {
                starts.insert(order(place), chapter);
            }
        }
        let mut seen = BTreeSet::new();
        let mut all: BTreeMap<&str, BTreeMap<&str, BTreeMap<usize, Place>>> = BTreeMap::new();
        for link in &self.body.links {
            let Some(article) = self.book.articles.get(&link.to) else { continue };
            let Some((_, chapter)) = starts.range(..=order(&link.place)).next_back() else { continue };
            // Within a law its articles are near each other.
            let own = article.split('#').next() == Some(&chapter.path);
            if own || !seen.insert((article, &chapter.path)) {
                continue;
            }
            let kind = kinds.get(folder(&chapter.path)).copied().unwrap_or(OTHERS);
            let place = Place { page: link.place.page + self.front, ..link.place };
            all.entry(article).or_default().entry(kind).or_default().entry(place.page).or_insert(place);
        }
        all
    }

    /// Pages by number, three or more in a row as one.
    fn list(&self, places: impl Iterator<Item = Place>) -> Vec<Value> {
        let mut runs: Vec<(Place, usize)> = vec![];
        for place in places {
            match runs.last_mut() {
                Some((_, last)) if *last + 1 == place.page => *last = place.page,
                _ => runs.push((place, place.page)),
            }
        }
        let mut all = vec![];
        for (place, last) in runs {
            let one = |page: usize| {
                let place = if page == place.page { place } else { Place { page, x: 0.0, y: 0.0 } };
                json!({ "number": self.number(page), "place": value(place) })
            };
            if last >= place.page + 2 {
                let number = format!("{}—{}", self.number(place.page), self.number(last));
                all.push(json!({ "number": number, "place": value(place) }));
            } else {
                all.extend((place.page..=last).map(one));
            }
        }
        all
    }

    /// What is printed over each page of the book.
    pub(super) fn sheets(&self, pages: usize) -> Vec<Value> {
        let mut marks: BTreeMap<usize, Vec<Value>> = BTreeMap::new();
        let mut lists: BTreeMap<usize, Vec<Value>> = BTreeMap::new();
        let surveys = [(self.front, &self.body), (self.front + self.pages, &self.back)];
        for (before, link) in
            surveys.iter().flat_map(|(before, survey)| survey.links.iter().map(move |link| (before, link)))
        {
            if !link.mark {
                continue;
            }
            let page = link.place.page + before;
            match link.to.strip_prefix("slot:") {
                Some(slot) => lists.entry(page).or_default().extend(self.slot(slot, link)),
                None => {
                    if let Some(to) = self.place(&link.to) {
                        marks.entry(page).or_default().push(json!({
                            "x": link.place.x, "y": link.place.y, "width": link.width, "height": link.height,
                            "number": self.number(to.page),
                        }));
                    }
                }
            }
        }
        let heads = self.heads();
        (1..=pages)
            .map(|page| {
                let right = page % 2 == 1;
                let inside = page.checked_sub(self.front).filter(|page| *page > 0);
                let (head, number) = match inside {
                    None if page <= 2 => (String::new(), String::new()),
                    None => ("目录".to_owned(), roman(page - 2)),
                    Some(page) => (heads.get(&page).cloned().unwrap_or_default(), page.to_string()),
                };
                let empty = self.is_blank(page);
                let head = match (&head, empty, right) {
                    (_, true, _) => String::new(),
                    (head, _, false) if !head.is_empty() && inside.is_some() => {
                        shortened(&self.book.volume.imprint.title)
                    }
                    (head, ..) => shortened(head),
                };
                json!({
                    "right": right,
                    "head": head,
                    "number": if empty { String::new() } else { number },
                    "marks": marks.remove(&page).unwrap_or_default(),
                    "lists": lists.remove(&page).unwrap_or_default(),
                })
            })
            .collect()
    }

    fn is_blank(&self, page: usize) -> bool {
        let (inside, survey) = match page.checked_sub(self.front) {
            None | Some(0) => return false,
            Some(page) if page <= self.pages => (page, &self.body),
            Some(page) => (page - self.pages, &self.back),
        };
        !survey.printed.contains(&inside)
    }

    /// The running head of each page with one, by the page's number: what begins on it, or else what goes on.
    fn heads(&self) -> BTreeMap<usize, String> {
        let mut starts: BTreeMap<usize, String> = BTreeMap::new();
        let mut opening = BTreeSet::new();
        for chapter in &self.book.chapters {
            let Some(place) = self.body.anchors.get(&chapter.path) else { continue };
            starts.entry(place.page).or_insert_with(|| chapter.title.clone());
            if chapter.level == 0 {
                opening.insert(place.page);
            }
        }
        // What goes on is the last that began before.
        let mut last: BTreeMap<usize, String> = BTreeMap::new();
        for chapter in &self.book.chapters {
            if let Some(place) = self.body.anchors.get(&chapter.path) {
                last.insert(place.page, chapter.title.clone());
            }
        }
        let mut heads = BTreeMap::new();
        for page in 1..=self.pages {
            let going_on = last.range(..page).next_back().map(|(_, title)| title.clone());
            let head = starts.get(&page).cloned().or(going_on).unwrap_or_default();
            if !opening.contains(&page) {
                heads.insert(page, head);
            }
        }
        for (id, title) in [("articles.html", "按条文索引"), ("keywords.html", "按关键词索引")] {
            if let Some(place) = self.back.anchors.get(id) {
                // Until the next index begins.
                heads.split_off(&(self.pages + place.page));
                for page in place.page + 1..=self.back.printed.last().copied().unwrap_or(0) {
                    heads.insert(self.pages + page, title.to_owned());
                }
            }
        }
        heads
    }

    /// The pages of what cites an article, in the room that was left for them.
    fn slot(&self, slot: &str, link: &Link) -> Option<Value> {
        let slot = self.book.outside.slots.get(slot.parse::<usize>().ok()?)?;
        let groups: Vec<Value> = slot
            .groups
            .iter()
            .map(|(kind, all)| {
                let places: BTreeMap<usize, Place> =
                    all.iter().filter_map(|to| self.place(to)).map(|place| (place.page, place)).collect();
                json!([kind, self.list(places.into_values())])
            })
            .collect();
        Some(json!({ "x": link.place.x, "y": link.place.y, "width": link.width, "groups": groups }))
    }
}

fn value(place: Place) -> Value {
    // A little above, so that a reader sees the whole line.
    json!({ "page": place.page, "x": 0.0, "y": (place.y - 12.0).max(0.0) })
}

/// The order of places in the book: page, then how far down.
fn order(place: &Place) -> (usize, i64) {
    (place.page, (place.y * 100.0) as i64)
}

/// The folder of a page: pages of a kind stand together.
fn folder(path: &str) -> &str {
    path.split_once('/').map_or("", |(folder, _)| folder)
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= HEAD {
        return text.to_owned();
    }
    text.chars().take(HEAD - 1).chain(['…']).collect()
}

fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".html").unwrap_or(name)
}

/// 2026年11月27日.
fn long(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// i, ii, iii.
fn roman(mut number: usize) -> String {
    const SIGNS: [(usize, &str); 9] =
        [(100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")];
    let mut out = String::new();
    for (value, sign) in SIGNS {
        while number >= value {
            out.push_str(sign);
            number -= value;
        }
    }
    out
}
