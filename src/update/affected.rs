//! What an update touches beyond the files that it changes: pages that cite a changed article, letters that come out
//! differently.

use super::law::LawChange;
use super::{Action, Side};
use crate::corpus::Corpus;
use crate::letter;
use crate::links::{Citing, Kind};
use std::collections::{BTreeMap, BTreeSet};

/// Pages and letters that somebody should look at again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Affected {
    /// Pages that cite what changed, and were not changed themselves.
    pub pages: Vec<Touched>,
    /// How many pages that cite what changed come changed with the pack.
    pub pages_changed: usize,
    /// Letters whose words, grounds or rules change.
    pub letters: Vec<Touched>,
}

/// One page or letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touched {
    /// 案例, 问答 …
    pub kind: &'static str,
    /// Its path.
    pub path: String,
    /// Its title.
    pub title: String,
    /// By what it is touched.
    pub why: Vec<String>,
}

/// What these changes touch in the new handbook.
#[must_use]
pub fn affected(
    old: Side<'_>,
    new: Side<'_>,
    laws: &BTreeMap<String, LawChange>,
    plan: &BTreeMap<String, Action>,
) -> Affected {
    let cited = cited(new, laws);
    let written = |path: &str| matches!(plan.get(path), Some(Action::Add | Action::Replace));
    let mut all = Affected { letters: letters(old, new, &cited), ..Affected::default() };
    for (citing, why) in cited.iter().filter(|(citing, _)| citing.kind != Kind::Letter) {
        let Some((path, title)) = page(new.corpus, citing) else { continue };
        if written(&path) {
            all.pages_changed += 1;
        } else {
            all.pages.push(Touched { kind: citing.kind.label(), path, title, why: why.clone() });
        }
    }
    all
}

/// Who cites what changed, and what of it.
fn cited(new: Side<'_>, laws: &BTreeMap<String, LawChange>) -> BTreeMap<Citing, Vec<String>> {
    let mut all: BTreeMap<Citing, Vec<String>> = BTreeMap::new();
    for (law, article) in new.links.articles() {
        let Some(change) = laws.get(law) else { continue };
        let short = new.corpus.laws.get(law).map_or(law, |e| e.header.short.as_str());
        let why = match change.articles.get(&article) {
            Some(word) => format!("《{short}》{article}（{word}）"),
            None if !change.whole.is_empty() => format!("《{short}》（{}）", change.whole.join("；")),
            None => continue,
        };
        for (citing, _) in new.links.cited_by(law, article) {
            let reasons = all.entry(citing.clone()).or_default();
            if !reasons.contains(&why) {
                reasons.push(why.clone());
            }
        }
    }
    all
}

fn page(corpus: &Corpus, citing: &Citing) -> Option<(String, String)> {
    macro_rules! find {
        ($map:expr) => {
            $map.get(&citing.id).map(|e| (e.path.clone(), e.header.title.clone()))
        };
    }
    match citing.kind {
        Kind::Case => find!(corpus.cases),
        Kind::Question => find!(corpus.questions),
        Kind::Letter => find!(corpus.clauses),
        Kind::Policy => find!(corpus.policies),
        Kind::Quiz => find!(corpus.quizzes),
        Kind::Drill => find!(corpus.drills),
        Kind::Law => find!(corpus.laws),
        Kind::Guide => {
            let mut pages = corpus.guides.values();
            pages.find(|e| e.header.id == citing.id).map(|e| (e.path.clone(), e.header.title.clone()))
        }
        Kind::Rule => None,
    }
}

fn letters(old: Side<'_>, new: Side<'_>, cited: &BTreeMap<Citing, Vec<String>>) -> Vec<Touched> {
    let mut all = vec![];
    for (id, now) in &new.corpus.clauses {
        let Some(then) = old.corpus.clauses.get(id) else { continue };
        let mut why = vec![];
        if then.text != now.text {
            why.push("条款改了".to_owned());
        }
        let shell = &now.header.shell;
        let text = |side: Side<'_>| side.corpus.shells.get(shell).map(|e| e.text.clone());
        if then.header.shell != *shell || text(old) != text(new) {
            why.push(format!("框架 {shell} 改了"));
        }
        let used: BTreeSet<String> =
            [old, new].into_iter().flat_map(|side| letter::partials(side.corpus, id)).collect();
        for name in used {
            let text = |side: Side<'_>| side.corpus.partials.get(&name).map(|(_, text)| text.clone());
            if text(old) != text(new) {
                why.push(format!("片段 {name} 改了"));
            }
        }
        let (a, b) = (old.samples.get(id), new.samples.get(id));
        if why.is_empty() && a.is_some() && b.is_some() && a != b {
            why.push("规则表改了，例文的文字跟着变".to_owned());
        }
        let citing = Citing { kind: Kind::Letter, id: id.clone() };
        why.extend(cited.get(&citing).into_iter().flatten().map(|place| format!("依据 {place}")));
        if !why.is_empty() {
            let (path, title) = (now.path.clone(), now.header.title.clone());
            all.push(Touched { kind: Kind::Letter.label(), path, title, why });
        }
    }
    all
}
