//! Ground, date and kind of organ in, the remedy out: its class, the bodies, the terms, the paragraph of the letter.
//!
//! What it says comes from `book/rules/remedy.toml`; a date that the table has no law for is refused.

use crate::calendar::Date;
use crate::citation::Provision;
use crate::corpus::{
    Choices, Confidence, Corpus, LocalPolicy, Organ, OrganRule, RemedyClass, RemedyGround, Rules, Wording,
    holding,
};

/// What the remedy depends on besides the ground.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// When the decision was made.
    pub date: Date,
    /// The kind of organ that made it, where that is known.
    pub organ: Option<&'a Organ>,
    /// What the agency chose on the points that the law leaves open.
    pub choices: &'a Choices,
}

impl<'a> Asked<'a> {
    /// What the table says last, with its defaults: for pages that show no particular decision.
    #[must_use]
    pub fn latest(choices: &'a Choices) -> Self {
        Self { date: Date::LAST, organ: None, choices }
    }
}

/// A policy that decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyUsed<'a> {
    /// Its name.
    pub title: &'a str,
    /// The choice that was followed.
    pub option: &'a str,
    /// Whether the agency made it; else it is the table's default.
    pub chosen: bool,
    /// Why it is open.
    pub note: &'a str,
}

/// The remedy against one decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedy<'a> {
    /// What the decision rests on.
    pub ground: &'a RemedyGround,
    /// The class.
    pub class: &'a RemedyClass,
    /// Its words on that day.
    pub wording: &'a Wording,
    /// Who hears the review.
    pub organ: Option<&'a OrganRule>,
    /// The agency's own choice that went into it.
    pub policy: Option<PolicyUsed<'a>>,
    /// For staff: everything to know before relying on it.
    pub notes: Vec<&'a str>,
    /// The least sure of what it rests on.
    pub confidence: Confidence,
}

/// Why there is no remedy for that day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// The table begins later.
    TooEarly {
        /// Its first day for this ground.
        since: String,
    },
    /// The table lacks the class or the kind of organ for that day.
    Missing,
}

impl std::error::Error for Refused {}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooEarly { since } => write!(f, "救济规则从 {since} 开始，更早的日期没有核实的规则"),
            Self::Missing => write!(f, "救济规则表（book/rules/remedy.toml）里没有这一天的规则"),
        }
    }
}

/// The remedy against a decision on one ground.
///
/// # Errors
///
/// When the table has no law for the day.
pub fn decide<'a>(
    rules: &'a Rules,
    ground: &'a RemedyGround,
    asked: Asked<'a>,
) -> Result<Remedy<'a>, Refused> {
    let table = &rules.remedies;
    let since =
        ground.rule.first().map_or(table.since.as_str(), |r| r.from.as_str()).max(table.since.as_str());
    let early = || Refused::TooEarly { since: since.to_owned() };
    if Date::parse(since).is_none_or(|first| asked.date < first) {
        return Err(early());
    }
    let rule = holding(&ground.rule, |r| &r.from, asked.date).ok_or_else(early)?;
    let worded = |id: &str| {
        let class = table.class(id)?;
        Some((class, holding(&class.wording, |w| &w.from, asked.date)?))
    };
    let mut notes: Vec<&str> = vec![];
    let policy = ground.policy.as_ref().and_then(|id| rules.policies.iter().find(|p| p.id == *id));
    let chosen = policy.map(|p| (p, p.chosen(asked.choices)));
    // A choice can only put a class in that had words on that day.
    let other = chosen.and_then(|(_, (option, _))| worded(option.class.as_deref()?));
    let (class, wording) = match other.or_else(|| worded(&rule.class)) {
        Some(found) => found,
        None => return Err(Refused::Missing),
    };
    let organ = match asked.organ {
        Some(organ) if !wording.text.is_empty() && wording.review_days.is_some() => {
            Some(holding(&organ.rule, |r| &r.from, asked.date).ok_or(Refused::Missing)?)
        }
        _ => None,
    };
    let said = [&ground.note, &rule.note, &class.note, &wording.note];
    notes.extend(said.into_iter().flatten().map(String::as_str));
    notes.extend(organ.and_then(|o| o.note.as_deref()));
    let sure = [Some(rule.confidence), Some(wording.confidence), organ.map(|o| o.confidence)];
    let confidence = sure.into_iter().flatten().max().unwrap_or(Confidence::G);
    // A point is open only while one of the choices would have had words.
    let open =
        |p: &LocalPolicy| p.option.iter().filter_map(|o| o.class.as_deref()).any(|c| worded(c).is_some());
    let policy = chosen.filter(|(p, _)| open(p)).map(|(policy, (option, chosen))| PolicyUsed {
        title: &policy.title,
        option: &option.title,
        chosen,
        note: &policy.note,
    });
    Ok(Remedy { ground, class, wording, organ, policy, notes, confidence })
}

impl Remedy<'_> {
    /// The class that programs are told.
    #[must_use]
    pub fn class_id(&self) -> &str {
        self.class.shown_as.as_deref().unwrap_or(&self.class.id)
    }

    /// The bodies, as kinds of bodies: 本级人民政府.
    #[must_use]
    pub fn bodies(&self) -> &[String] {
        self.organ.map_or(&[], |organ| &organ.bodies)
    }

    /// The paragraph, its subject put in. `{{review_body}}` stays where `body` is `None`.
    #[must_use]
    pub fn paragraph(&self, subject: &str, body: Option<&str>) -> String {
        let mut text = self.wording.text.replace("{{subject}}", subject);
        if self.organ.is_some_and(|organ| organ.ruling) && !text.is_empty() {
            text.push_str(RULING);
        }
        match body {
            Some(body) => text.replace("{{review_body}}", body),
            None => text,
        }
    }
}

/// 行政复议法第二十六条
const RULING: &str = "对上述机关作出的行政复议决定不服的，也可以不提起行政诉讼，而向国务院申请裁决，国务院作出的裁决为最终裁决。";

/// One paragraph for each class, in the order in which the classes come first: what is contested with the same remedy
/// is named together.
///
/// # Errors
///
/// When the table has no law for the day.
pub fn paragraphs<'a>(
    rules: &'a Rules,
    parts: &[(&'a RemedyGround, String)],
    asked: Asked<'a>,
) -> Result<Vec<(Remedy<'a>, String)>, Refused> {
    let mut all: Vec<(Remedy<'a>, String)> = vec![];
    for (ground, subject) in parts {
        let remedy = decide(rules, ground, asked)?;
        match all.iter_mut().find(|(known, _)| known.class.id == remedy.class.id) {
            Some((known, subjects)) => {
                if subjects != subject {
                    subjects.push('、');
                    subjects.push_str(subject);
                }
                known.confidence = known.confidence.max(remedy.confidence);
                known.notes.extend(remedy.notes);
                known.policy = known.policy.take().or(remedy.policy);
            }
            None => all.push((remedy, subject.clone())),
        }
    }
    Ok(all)
}

/// The grounds that a person names: an article of the regulation (15, 36(4), 第三十九条第一款), or an outcome by id or
/// title. Each with what is contested.
///
/// # Errors
///
/// What to write instead.
pub fn named<'a>(corpus: &'a Corpus, text: &str) -> Result<Vec<(&'a RemedyGround, String)>, String> {
    let text = text.trim();
    let table = &corpus.rules.remedies;
    let whole = |ground| vec![(ground, "本告知书".to_owned())];
    if let Some(outcome) = corpus.rules.outcomes.iter().find(|o| o.id == text || o.title == text) {
        let found: Vec<_> = outcome
            .remedy
            .iter()
            .filter_map(|row| Some((table.ground(&row.ground)?, row.subject.clone())))
            .collect();
        let none = table.ground.iter().find(|g| g.rule.iter().all(|r| r.class == "none"));
        return match (found.is_empty(), none) {
            (false, _) => Ok(found),
            (true, Some(none)) if outcome.remedy_note.is_none() => Ok(whole(none)),
            (true, _) => Err(outcome.remedy_note.clone().unwrap_or_default()),
        };
    }
    if let Some(ground) = table.ground.iter().find(|g| g.id == text || g.title == text) {
        return Ok(whole(ground));
    }
    let Some(place) = article(text) else {
        return Err("写条例的条款，例如 15、36(4)、39.1（第三十九条第一款）、第三十六条第（四）项；或者写答复情形，例如 信息不存在".to_owned());
    };
    match table.of_article(place) {
        Some(ground) => Ok(whole(ground)),
        None => {
            let inside: Vec<String> = table
                .ground
                .iter()
                .flat_map(|g| g.places().map(move |p| (p, g)))
                .filter(|(p, _)| p.is_within(place))
                .map(|(a, g)| format!("{a}（{}）", g.title))
                .collect();
            Err(if inside.is_empty() {
                format!(
                    "表里没有{place}。不予公开写 14、15、16，其余写 36(1) 到 36(7)、30、32、35、38、39、42 等"
                )
            } else {
                format!("{place}有几种，写清是哪一种：{}", inside.join("、"))
            })
        }
    }
}

/// 36(4), 36（四）, 39.1, 39.1(2), 36条4项, 第三十六条第（四）项.
fn article(text: &str) -> Option<Provision> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if let Some(place) = Provision::parse(&text) {
        return Some(place);
    }
    let plain = text.replace(['（', '('], "|").replace(['）', ')'], "").replace(['．', '-'], ".");
    let (front, item) = plain.split_once('|').map_or((plain.as_str(), None), |(a, b)| (a, Some(b)));
    let (article, paragraph) = front.split_once('.').map_or((front, None), |(a, b)| (a, Some(b)));
    let number = |t: &str| crate::text::number(t).filter(|n| (1..=9999).contains(n));
    let article = article.trim_start_matches('第').trim_end_matches('条');
    let optional = |part: Option<&str>| part.map(|t| number(t).ok_or(())).transpose();
    let (paragraph, item) = (optional(paragraph).ok()?, optional(item).ok()?);
    Some(Provision { paragraph, item, ..Provision::article(number(article)?) })
}
