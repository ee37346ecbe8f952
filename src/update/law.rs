//! What changed in the laws: articles whose notes or text changed, and laws of which all citations need a look.

use super::Side;
use crate::citation::Provision;
use crate::corpus::{Article, Entry, Law, State};
use crate::statute;
use std::collections::{BTreeMap, BTreeSet};

/// What changed in one law.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LawChange {
    /// What concerns the whole law, as sentences without full stop.
    pub whole: Vec<String>,
    /// Articles whose notes or text changed, came or went.
    pub articles: BTreeMap<Provision, &'static str>,
}

impl LawChange {
    /// The articles as staff read them, those of one kind together: 修改 第三条、第四条.
    #[must_use]
    pub fn said(&self) -> Vec<String> {
        let mut kinds: Vec<&str> = self.articles.values().copied().collect();
        kinds.sort_unstable();
        kinds.dedup();
        let of = |kind: &str| {
            let all: Vec<String> =
                self.articles.iter().filter(|(_, k)| **k == kind).map(|(a, _)| a.to_string()).collect();
            format!("{kind}：{}", super::changes::several(&all, 20))
        };
        kinds.into_iter().map(of).collect()
    }
}

/// What changed in each law that both handbooks hold.
#[must_use]
pub fn laws(old: Side<'_>, new: Side<'_>) -> BTreeMap<String, LawChange> {
    let mut all = BTreeMap::new();
    for (id, now) in &new.corpus.laws {
        let Some(then) = old.corpus.laws.get(id) else { continue };
        let mut change = LawChange { whole: whole(&then.header, &now.header), articles: BTreeMap::new() };
        notes(then, now, &mut change.articles);
        if let (Some(a), Some(b)) = (old.corpus.text(id), new.corpus.text(id)) {
            texts(&a.statute, &b.statute, &mut change.articles);
        }
        if change != LawChange::default() {
            all.insert(id.clone(), change);
        }
    }
    all
}

fn whole(then: &Law, now: &Law) -> Vec<String> {
    let mut all = vec![];
    if then.title != now.title {
        all.push(format!("名称：{} → {}", then.title, now.title));
    }
    if then.state != now.state {
        let word = |state: State| state.label();
        all.push(format!("效力：{} → {}", word(then.state), word(now.state)));
    }
    let dated = |v: &crate::corpus::Version| match v.effective.as_deref() {
        Some(day) => format!("{}（{day} 起施行）", v.label),
        None => v.label.clone(),
    };
    let labels = |law: &Law| law.versions.iter().map(dated).collect::<BTreeSet<_>>();
    let (a, b) = (labels(then), labels(now));
    all.extend(b.difference(&a).map(|v| format!("版本：新增 {v}")));
    all.extend(a.difference(&b).map(|v| format!("版本：不再有 {v}")));
    if then.articles != now.articles || then.structure != now.structure {
        all.push("条、款、项的结构变了".to_owned());
    }
    all
}

/// Everything that is noted on an article.
fn note<'a>(entry: &'a Entry<Law>, article: &'a Article) -> Vec<&'a str> {
    let text = |range: &std::ops::Range<usize>| entry.text.get(range.clone()).unwrap_or_default().trim();
    let parts = article.parts.iter().map(|part| text(&part.content));
    [article.heading.as_str(), text(&article.content)].into_iter().chain(parts).collect()
}

fn notes(then: &Entry<Law>, now: &Entry<Law>, all: &mut BTreeMap<Provision, &'static str>) {
    let of = |entry: &Entry<Law>| {
        entry
            .header
            .notes
            .iter()
            .map(|a| {
                let places: Vec<Provision> = a.parts.iter().map(|p| p.provision).collect();
                let words: Vec<String> = note(entry, a).into_iter().map(str::to_owned).collect();
                (a.provision, (places, words))
            })
            .collect::<BTreeMap<_, _>>()
    };
    let (a, b) = (of(then), of(now));
    for place in a.keys().chain(b.keys()) {
        let word = match (a.get(place), b.get(place)) {
            (Some(a), Some(b)) if a == b => continue,
            (Some(_), Some(_)) => "要点修改",
            (None, _) => "要点新增",
            (_, None) => "要点删去",
        };
        all.insert(*place, word);
    }
}

/// The articles that differ between two texts, by the numbers of both.
pub(super) fn texts(
    then: &statute::Statute,
    now: &statute::Statute,
    all: &mut BTreeMap<Provision, &'static str>,
) {
    for pair in statute::compare(then, now) {
        let word = match pair.change {
            statute::Change::Same => continue,
            statute::Change::Renumbered => "原文只改条号",
            statute::Change::Changed => "原文修改",
            statute::Change::Added => "原文新增",
            statute::Change::Removed => "原文删去",
        };
        for article in [pair.old, pair.new].into_iter().flatten() {
            all.insert(Provision { sub: article.sub, ..Provision::article(article.number) }, word);
        }
    }
}
