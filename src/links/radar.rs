//! Pages that are older than the law they cite: what to look at again, and what changed.

use super::{Kind, Links, concordance};
use crate::citation::Provision;
use crate::corpus::{Concordance, Corpus, Edition, in_force};
use crate::statute::{Change, Pair, compare};
use std::collections::BTreeMap;

/// A page to look at again, for one law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// File of the page.
    pub path: String,
    /// Its title.
    pub title: String,
    /// Its date: of the decision, of the document, or of the last check.
    pub date: String,
    /// What that date is: 裁判, 成文, 核对, ….
    pub date_kind: &'static str,
    /// Short title of the law.
    pub law: String,
    /// Label of the version in force today.
    pub version: String,
    /// The day since which it holds.
    pub since: String,
    /// The places that the page cites, and what became of them; `None` where nobody can say.
    pub places: Vec<(Provision, Option<String>)>,
}

/// A page and its date.
struct Dated<'a> {
    kind: Kind,
    id: &'a str,
    path: &'a str,
    title: &'a str,
    date: &'a str,
    date_kind: &'static str,
}

/// Every page that is older than the version in force of a law it cites, in the order of kinds and ids.
#[must_use]
pub fn radar(corpus: &Corpus, links: &Links) -> Vec<Stale> {
    let mut compared: BTreeMap<(String, String), Vec<Pair<'_>>> = BTreeMap::new();
    let mut all = vec![];
    for page in dated(corpus) {
        let mut places: BTreeMap<&str, Vec<Provision>> = BTreeMap::new();
        for (law, place) in links.cites(page.kind, page.id) {
            places.entry(law).or_default().push(place);
        }
        for (law, places) in places {
            let editions = corpus.editions(law);
            let Some(current) = editions.iter().find(|e| e.current).copied() else { continue };
            let Some(since) = current.since().or(current.made()).filter(|since| *since > page.date) else {
                continue;
            };
            let then = in_force(&editions, page.date);
            let rows = match (then.and_then(|e| e.text), current.text) {
                (Some(old), Some(new)) => {
                    let key = (law.to_owned(), then.map(|e| e.key()).unwrap_or_default());
                    Some(&*compared.entry(key).or_insert_with(|| compare(&old.statute, &new.statute)))
                }
                _ => None,
            };
            let table = then.and_then(|e| concordance(corpus, law, &e.label()));
            let places = places
                .into_iter()
                .map(|p| (p, changed(p, rows.map(Vec::as_slice), (then.as_ref(), table))))
                .collect();
            all.push(Stale {
                path: page.path.to_owned(),
                title: page.title.to_owned(),
                date: page.date.to_owned(),
                date_kind: page.date_kind,
                law: current.law.short.clone(),
                version: current.label(),
                since: since.to_owned(),
                places,
            });
        }
    }
    all
}

fn dated(corpus: &Corpus) -> Vec<Dated<'_>> {
    let mut all = vec![];
    for (id, e) in &corpus.cases {
        if let (Some(date), Some(kind)) = (&e.header.date, e.header.date_kind) {
            all.push(Dated {
                kind: Kind::Case,
                id,
                path: &e.path,
                title: &e.header.title,
                date,
                date_kind: kind.label(),
            });
        }
    }
    for (id, e) in &corpus.questions {
        let (title, date) = (&e.header.title, &e.header.checked);
        all.push(Dated { kind: Kind::Question, id, path: &e.path, title, date, date_kind: "核对" });
    }
    for (id, e) in &corpus.clauses {
        let (title, date) = (&e.header.title, &e.header.checked);
        all.push(Dated { kind: Kind::Letter, id, path: &e.path, title, date, date_kind: "核对" });
    }
    for (id, e) in &corpus.policies {
        if let Some(date) = &e.header.date {
            all.push(Dated {
                kind: Kind::Policy,
                id,
                path: &e.path,
                title: &e.header.title,
                date,
                date_kind: "成文",
            });
        }
    }
    all
}

/// What became of today's place since: by the two texts, else by the concordance.
fn changed(
    place: Provision,
    rows: Option<&[Pair<'_>]>,
    (then, table): (Option<&Edition<'_>>, Option<&Concordance>),
) -> Option<String> {
    if let Some(rows) = rows {
        let row =
            rows.iter().find(|r| r.new.is_some_and(|a| a.number == place.article && a.sub == place.sub))?;
        let old = row.old.map(|a| a.label.clone()).unwrap_or_default();
        return Some(match row.change {
            Change::Same => "文字没有变".to_owned(),
            Change::Added => "当时还没有这一条".to_owned(),
            Change::Renumbered => format!("当时是{old}，文字没有变"),
            _ if Some(place.article) == row.old.map(|a| a.number) => "条号没有变，文字改了".to_owned(),
            _ => format!("当时是{old}，文字改了"),
        });
    }
    then?;
    let table = table?;
    let mut olds = vec![];
    let mut notes = vec![];
    for row in &table.row {
        let hit = row
            .new
            .iter()
            .filter_map(|n| Provision::parse(n))
            .any(|n| n == place || n.is_within(place) || place.is_within(n));
        // The rows of whole articles say less than those of their parts.
        let whole = row.old.as_deref().and_then(Provision::parse).is_some_and(|o| {
            o == o.whole()
                && table
                    .row
                    .iter()
                    .any(|r| r.old.as_deref().and_then(Provision::parse).is_some_and(|p| p.is_within(o)))
        });
        if hit && !whole {
            match &row.old {
                Some(old) => olds.push(format!("当时是{old}")),
                None => olds.push("当时没有".to_owned()),
            }
            notes.extend(row.change.clone());
        }
    }
    // Several rows may say the same of parts of one article.
    notes.dedup();
    olds.dedup();
    let change = if notes.is_empty() { String::new() } else { format!("：{}", notes.join("；")) };
    (!olds.is_empty())
        .then(|| format!("{}{change}（新旧条文对照，{}）", olds.join("、"), table.confidence.label()))
}
