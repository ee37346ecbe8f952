//! What a citation is worth: which law, does the place exist, as of which day.

use crate::citation::{Found, Law as Named, Provision};
use crate::corpus::{Concordance, Corpus, Edition, Located, State, Structure, earlier, in_force};
use serde::Serialize;

/// How a citation was resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The law is known and the places exist.
    Resolved,
    /// The law is not in the handbook.
    UnknownLaw,
    /// The law has no such article.
    NoSuchArticle,
    /// The article has no such 款 or 项.
    NoSuchItem,
    /// The version meant is not known well enough to say.
    VersionMissing,
    /// Nobody can say which law or place is meant.
    Unresolvable,
}

/// The judgment on one citation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Full title, or what was written where that is not known.
    pub law: Option<String>,
    /// How it was resolved.
    pub status: Status,
    /// What a person should know, in Chinese.
    pub hint: Option<String>,
}

/// Judges a citation as of `on` (ISO; `None` for today's law).
#[must_use]
pub fn judge(corpus: &Corpus, found: &Found, on: Option<&str>) -> Verdict {
    let verdict = |law: Option<String>, status, hint: Option<String>| Verdict { law, status, hint };
    let (id, year, former) = match &found.law {
        None if found.targets.is_empty() => {
            let hint = "“前款”“本条”要看这段文字在哪里：用 --self 指明法规，--at 指明条和款";
            return verdict(None, Status::Unresolvable, Some(hint.to_owned()));
        }
        None => {
            let hint = "看不出是哪一部法规；在前面写出名称，或者用 --self 指明";
            return verdict(None, Status::Unresolvable, Some(hint.to_owned()));
        }
        Some(Named::Lost) => {
            return verdict(None, Status::Unresolvable, Some("法规名称被隐去了，查不出是哪一部".to_owned()));
        }
        Some(Named::Unknown(title)) => {
            if found.targets.is_empty() {
                let hint = "用 --at 指明这段文字在第几条第几款";
                return verdict(Some(title.clone()), Status::Unresolvable, Some(hint.to_owned()));
            }
            return verdict(Some(title.clone()), Status::UnknownLaw, Some(outside(corpus, title)));
        }
        Some(Named::Earlier { id: None, name, .. }) => {
            return verdict(
                Some(name.clone()),
                Status::VersionMissing,
                Some("手册没有这部法规的旧版本".to_owned()),
            );
        }
        Some(Named::Earlier { id: Some(id), year, .. }) => (id, *year, true),
        Some(Named::Known(id)) => (id, None, false),
    };
    let Some(entry) = corpus.laws.get(id) else {
        return verdict(Some(id.clone()), Status::UnknownLaw, None);
    };
    let law = &entry.header;
    let title = Some(law.title.clone());
    if found.targets.is_empty() {
        return verdict(title, Status::Unresolvable, Some("用 --at 指明这段文字在第几条第几款".to_owned()));
    }
    let editions = corpus.editions(id);
    let edition = match (former, on) {
        (true, _) => match earlier(&editions, year) {
            Some(edition) => edition,
            None => {
                let which = year.map_or("旧".to_owned(), |y| format!("{y}年"));
                return verdict(
                    title,
                    Status::VersionMissing,
                    Some(format!("手册没有《{}》的{which}版本", law.short)),
                );
            }
        },
        (false, Some(on)) => match in_force(&editions, on) {
            Some(edition) => edition,
            None if editions.iter().all(|e| e.since().or(e.made()).is_none()) => {
                let hint = format!("手册没有记载《{}》各版本的施行日期，不知道 {on} 适用哪一版", law.short);
                return verdict(title, Status::VersionMissing, Some(hint));
            }
            None => {
                let hint = format!("{on} 时《{}》还没有施行，或者手册没有当时的版本", law.short);
                return verdict(title, Status::VersionMissing, Some(hint));
            }
        },
        (false, None) => match editions.iter().find(|e| e.current).copied() {
            Some(edition) => edition,
            None => return verdict(title, Status::Resolved, None),
        },
    };
    let (status, mut hints) = places(&edition, found);
    if !edition.current {
        if edition.structure().is_none() {
            hints.push(format!(
                "这是《{}》的{}，这个版本的原文没有导入，条文没有核对",
                law.short,
                edition.label()
            ));
        } else {
            hints.push(format!("这是《{}》的{}，不是现行文本", law.short, edition.label()));
        }
        hints.extend(found.provisions().into_iter().filter_map(|p| today(corpus, id, &edition, p)));
    }
    if law.state == State::Repealed {
        let last = law.versions.last();
        let when = last.and_then(|v| v.expired.as_deref()).map(|d| format!("，{d} 失效")).unwrap_or_default();
        let by =
            last.and_then(|v| v.amended_by.as_deref()).map(|b| format!("，由{b}取代")).unwrap_or_default();
        hints.push(format!("《{}》已废止{when}{by}", law.short));
    }
    hints.dedup();
    verdict(title, status, (!hints.is_empty()).then(|| hints.join("；")))
}

/// Whether all places exist in a version; the worst answer counts.
fn places(edition: &Edition<'_>, found: &Found) -> (Status, Vec<String>) {
    let Some(structure) = edition.structure() else { return (Status::VersionMissing, vec![]) };
    let (mut status, mut hints) = (Status::Resolved, vec![]);
    // The ends of a range are enough.
    for place in found.targets.iter().flat_map(|t| [Some(t.from), t.to]).flatten() {
        let (worse, hint) = match locate(&structure, edition, place) {
            Located::Found(_) => continue,
            Located::Unusual(_, hint) => (Status::Resolved, hint),
            Located::NoArticle(hint) => (Status::NoSuchArticle, hint),
            Located::NoPart(hint) => (Status::NoSuchItem, hint),
        };
        if status == Status::Resolved || worse == Status::NoSuchArticle {
            status = worse;
        }
        hints.push(hint);
    }
    (status, hints)
}

fn locate(structure: &Structure<'_>, edition: &Edition<'_>, place: Provision) -> Located {
    let noted = edition.current && edition.law.note(place).is_some();
    structure.locate(place, noted)
}

/// What is known of a law outside the handbook.
fn outside(corpus: &Corpus, title: &str) -> String {
    match corpus.names.outside(title) {
        Some(law) if law.repealed => match &law.replaced_by {
            Some(by) => format!("《{title}》已废止，由《{by}》取代"),
            None => format!("《{title}》已废止"),
        },
        _ => "手册没有收录这部法规，条文没有核对".to_owned(),
    }
}

/// Where a place of an older version stands today, with how sure that is.
fn today(corpus: &Corpus, law: &str, edition: &Edition<'_>, place: Provision) -> Option<String> {
    let table = concordance(corpus, law, &edition.label())?;
    let words = successors(table, place)?;
    Some(format!("{place}今天是{words}（新旧条文对照，{}）", table.confidence.label()))
}

/// The concordance that starts from a version of a law.
#[must_use]
pub fn concordance<'a>(corpus: &'a Corpus, law: &str, from: &str) -> Option<&'a Concordance> {
    corpus.rules.concordances.iter().find(|c| c.law == law && c.from == from)
}

/// What a place became, in words: 第三十六条第（四）项、第三十六条第（五）项, or 已删去; `None` where the table does not say.
#[must_use]
pub fn successors(table: &Concordance, place: Provision) -> Option<String> {
    let rows = table.rows(place);
    if rows.is_empty() {
        return None;
    }
    let all: Vec<&str> = rows.iter().flat_map(|r| r.new.iter().map(String::as_str)).collect();
    Some(if all.is_empty() { "（已删去）".to_owned() } else { all.join("、") })
}
