//! Which 条, 款 and 项 a version of a law has, and whether a place is one of them.

use crate::citation::Provision;
use crate::statute::Statute;
use crate::text::chinese;
use std::collections::BTreeMap;

/// What exists in one version of a law.
#[derive(Debug, Clone, Copy)]
pub struct Structure<'a> {
    /// What the law is called in a message.
    pub name: &'a str,
    /// Number of the last article, absent where unknown.
    pub last: Option<u32>,
    /// For each article (36, 133_1) the number of 项 in each of its 款. An article that is not listed has one 款 and no
    /// 项. Absent where not known.
    pub parts: Option<&'a BTreeMap<String, Vec<u32>>>,
    /// Whether `parts` lists every article there is.
    pub complete: bool,
}

/// What became of the search for a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Located {
    /// It exists; the place as anchors have it: the only 款 of an article is left out.
    Found(Provision),
    /// It exists and is written in an unusual way: 第一款 of an article with one 款. With what would be usual.
    Unusual(Provision, String),
    /// There is no such article. With what there is.
    NoArticle(String),
    /// There is no such 款 or 项. With what there is.
    NoPart(String),
}

/// Key of an article in a table of structure: 36, 133_1.
#[must_use]
pub fn article_key(article: Provision) -> String {
    match article.sub {
        Some(sub) => format!("{}_{sub}", article.article),
        None => article.article.to_string(),
    }
}

/// The structure of an imported text; every article is listed.
#[must_use]
pub fn of_text(statute: &Statute) -> BTreeMap<String, Vec<u32>> {
    let key =
        |a: &crate::statute::Article| article_key(Provision { sub: a.sub, ..Provision::article(a.number) });
    // An article that says nothing has one empty 款.
    let parts = |a: &crate::statute::Article| if a.paragraphs.is_empty() { vec![0] } else { a.structure() };
    statute.articles.iter().map(|a| (key(a), parts(a))).collect()
}

fn count(n: usize) -> String {
    chinese(u32::try_from(n).unwrap_or(0))
}

impl Structure<'_> {
    /// The number of 项 in each 款 of an article; `None` where that is not known.
    #[must_use]
    pub fn paragraphs(&self, article: Provision) -> Option<Vec<u32>> {
        Some(self.parts?.get(&article_key(article)).cloned().unwrap_or_else(|| vec![0]))
    }

    /// Looks for a place; `noted` says that an article exists though the table does not list it.
    #[must_use]
    pub fn locate(&self, place: Provision, noted: bool) -> Located {
        let whole = place.whole();
        let last = self.last.unwrap_or(u32::MAX);
        let listed = self.parts.is_some_and(|p| p.contains_key(&article_key(whole)));
        if place.article == 0 || place.article > last {
            return Located::NoArticle(format!("《{}》到第{}条为止", self.name, chinese(last)));
        }
        let missing = self.complete || place.sub.is_some() && self.parts.is_some();
        if missing && !listed && !noted {
            return Located::NoArticle(format!("《{}》没有{whole}", self.name));
        }
        let Some(paragraphs) = self.paragraphs(whole) else { return Located::Found(place) };
        let single = paragraphs.len() == 1;
        let mut unusual = None;
        let paragraph = match place.paragraph {
            Some(p) if p as usize > paragraphs.len() => {
                return Located::NoPart(if single {
                    format!("{whole}只有一款")
                } else {
                    format!("{whole}共{}款", count(paragraphs.len()))
                });
            }
            Some(p) => {
                if single && place.item.is_some() {
                    let item = Provision { paragraph: None, ..place };
                    unusual = Some(format!("{whole}只有一款，引用时不写“第一款”，写成{item}"));
                }
                p
            }
            None if place.item.is_some() && !single => {
                let hint = format!("{whole}共{}款，引用项时要写明第几款", count(paragraphs.len()));
                // Told which 款 is meant only where one alone has such an item.
                let having: Vec<u32> = (1..)
                    .zip(&paragraphs)
                    .filter(|(_, n)| place.item.is_some_and(|i| i <= **n))
                    .map(|(p, _)| p)
                    .collect();
                let [only] = having.as_slice() else {
                    return if having.is_empty() {
                        Located::NoPart(format!("{whole}没有这样的项"))
                    } else {
                        Located::Unusual(place, hint)
                    };
                };
                unusual = Some(format!("{hint}：{}", Provision { paragraph: Some(*only), ..place }));
                *only
            }
            None => 1,
        };
        if let Some(item) = place.item {
            let items = paragraphs.get(paragraph as usize - 1).copied().unwrap_or(0);
            if item > items || item == 0 {
                let parent = Provision { item: None, subitem: None, ..place };
                return Located::NoPart(if items == 0 {
                    format!("{parent}没有项")
                } else {
                    format!("{parent}到第（{}）项为止", chinese(items))
                });
            }
        }
        let located = if single {
            Provision { paragraph: None, ..place }
        } else if place.item.is_some() {
            Provision { paragraph: Some(paragraph), ..place }
        } else {
            place
        };
        match unusual {
            Some(hint) => Located::Unusual(located, hint),
            None => Located::Found(located),
        }
    }
}
