//! Articles: there, in force on the day of the letter, and written as the law counts its 款.

use super::Review;
use super::read::Zone;
use super::scan::{any, places, sentence_at, tail};
use crate::citation::{Found, Law, Provision};
use crate::corpus::{Located, State, in_force};

impl Review<'_> {
    pub(super) fn citations(&mut self) {
        for at in 0..self.reviewed.paragraphs.len() {
            let seen = self.reviewed.paragraphs.get(at).is_some_and(|p| p.zone != Zone::Unseen);
            if seen && !self.anatomy.quoted.contains(&at) {
                for found in self.anatomy.citations.get(at).cloned().unwrap_or_default() {
                    self.citation(at, &found);
                }
                self.repealed_title(at);
            }
        }
    }

    fn citation(&mut self, at: usize, found: &Found) {
        let words = self.text(at).get(found.range.clone()).unwrap_or_default().to_owned();
        match &found.law {
            Some(Law::Unknown(title)) => {
                if let Some(law) = self.corpus.names.outside(title).filter(|law| law.repealed) {
                    let by =
                        law.replaced_by.as_ref().map(|by| format!("，由《{by}》取代")).unwrap_or_default();
                    self.at("repealed-law", (at, found.range.clone()), format!("《{title}》已经废止{by}"));
                }
            }
            Some(Law::Known(id)) => self.known(at, found, id, &words),
            _ => {}
        }
    }

    fn known(&mut self, at: usize, found: &Found, id: &str, words: &str) {
        let Some(entry) = self.corpus.laws.get(id) else { return };
        let law = &entry.header;
        if law.state == State::Repealed && self.after_expiry(id) {
            return self.at("repealed-law", (at, found.range.clone()), format!("《{}》已经废止", law.title));
        }
        let editions = self.corpus.editions(id);
        let current = editions.iter().find(|e| e.current).copied();
        let edition = match self.anatomy.date {
            Some(date) => in_force(&editions, &date.to_string()).or(current.filter(|e| e.since().is_none())),
            None => current,
        };
        let Some(edition) = edition else { return };
        let Some(structure) = edition.structure() else { return };
        for target in &found.targets {
            for place in [Some(target.from), target.to].into_iter().flatten() {
                let noted = edition.current && law.note(place).is_some();
                let range = if found.targets.len() == 1 { found.range.clone() } else { target.range.clone() };
                self.located(at, range, (structure.locate(place, noted), place, words));
            }
        }
    }

    fn located(
        &mut self,
        at: usize,
        range: std::ops::Range<usize>,
        (located, place, words): (Located, Provision, &str),
    ) {
        match located {
            Located::Found(_) => {}
            Located::Unusual(_, hint) => {
                self.at("wrong-paragraph", (at, range), format!("「{words}」的款写得不对"));
                self.hint(hint);
            }
            Located::NoArticle(hint) | Located::NoPart(hint) => {
                self.at("no-such-article", (at, range), format!("没有{place}"));
                self.hint(hint);
            }
        }
    }

    /// Whether a repealed law had ceased by the day of the letter.
    fn after_expiry(&self, id: &str) -> bool {
        let expired =
            self.corpus.laws.get(id).and_then(|e| e.header.versions.last()).and_then(|v| v.expired.clone());
        match (self.anatomy.date, expired) {
            (Some(date), Some(expired)) => date.to_string() >= expired,
            _ => true,
        }
    }

    /// A repealed law named by its title, without an article.
    fn repealed_title(&mut self, at: usize) {
        let text = self.text(at).to_owned();
        let cited: Vec<_> =
            self.anatomy.citations.get(at).into_iter().flatten().map(|f| f.range.clone()).collect();
        for open in places(&text, &["《"]) {
            let Some(length) = text.get(open.end..).and_then(|t| t.find('》')) else { continue };
            let title = text.get(open.end..open.end + length).unwrap_or_default();
            let range = open.start..open.end + length + '》'.len_utf8();
            let told =
                any(text.get(sentence_at(&text, open.start)).unwrap_or_default(), &["废止", "失效", "取代"]);
            if cited.iter().any(|c| c.contains(&open.start)) || told || !leads(tail(&text, open.start, 4)) {
                continue;
            }
            let repealed = match self.corpus.names.titled(title) {
                Some(Law::Known(id)) => {
                    self.corpus.laws.get(&id).is_some_and(|e| e.header.state == State::Repealed)
                        && self.after_expiry(&id)
                }
                Some(Law::Unknown(full)) => self.corpus.names.outside(&full).is_some_and(|l| l.repealed),
                _ => false,
            };
            if repealed {
                let message = format!("《{title}》已经废止");
                self.at("repealed-law", (at, range), message);
            }
        }
    }
}

/// Words that make a law the ground of what follows.
fn leads(words: &str) -> bool {
    any(words, &["依据", "根据", "依照", "按照", "参照"])
}
