//! 《条例》第三十六条第（五）项 as a value: a provision, its label, its anchor; and finding such references in text.

mod find;
mod grammar;
mod names;
mod words;

pub use find::{Context, Found, find};
pub use grammar::Target;
pub use names::{Law, Names, Outside};

use crate::text::chinese;
use std::fmt;

/// One place in a law: 条, and 款, 项, 目 as far as they were given. Absent parts are `None`, never a default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Provision {
    /// 条
    pub article: u32,
    /// 之一 after the article: 第一百三十三条之一 has `Some(1)`.
    pub sub: Option<u32>,
    /// 款
    pub paragraph: Option<u32>,
    /// 项
    pub item: Option<u32>,
    /// 目
    pub subitem: Option<u32>,
}

impl Provision {
    /// A whole article.
    #[must_use]
    pub const fn article(article: u32) -> Self {
        Self { article, sub: None, paragraph: None, item: None, subitem: None }
    }

    /// The article this place lies in.
    #[must_use]
    pub const fn whole(self) -> Self {
        Self { paragraph: None, item: None, subitem: None, ..self }
    }

    /// Reads 第三十六条第（五）项, all of `text`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let run = grammar::run(text, 0, grammar::Start::Article)?;
        match run.targets.as_slice() {
            [only] if run.end == text.len() && only.to.is_none() => Some(only.from),
            _ => None,
        }
    }

    /// Whether this place lies inside `other`, and is not the same.
    #[must_use]
    pub fn is_within(self, other: Self) -> bool {
        let fits = |a: Option<u32>, b: Option<u32>| b.is_none() || a == b;
        self != other
            && (self.article, self.sub) == (other.article, other.sub)
            && fits(self.paragraph, other.paragraph)
            && fits(self.item, other.item)
            && fits(self.subitem, other.subitem)
    }

    /// The anchor, unique over the whole book: `foi-2019-art-36-5` (law-条-款-项 as far as they were given).
    #[must_use]
    pub fn anchor(self, law: &str) -> String {
        let mut out = format!("{law}-art-{}", self.article);
        if let Some(sub) = self.sub {
            out.push_str(&format!("_{sub}"));
        }
        for part in [self.paragraph, self.item, self.subitem].into_iter().flatten() {
            out.push_str(&format!("-{part}"));
        }
        out
    }
}

impl fmt::Display for Provision {
    /// The label as it is written today: 第三十六条第（五）项.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "第{}条", chinese(self.article))?;
        if let Some(sub) = self.sub {
            write!(f, "之{}", chinese(sub))?;
        }
        if let Some(paragraph) = self.paragraph {
            write!(f, "第{}款", chinese(paragraph))?;
        }
        if let Some(item) = self.item {
            write!(f, "第（{}）项", chinese(item))?;
        }
        if let Some(subitem) = self.subitem {
            write!(f, "第{subitem}目")?;
        }
        Ok(())
    }
}

/// Where in a law a text stands: 149 or 149.2 (条.款).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// 条
    pub article: u32,
    /// 之一
    pub sub: Option<u32>,
    /// 款
    pub paragraph: Option<u32>,
}

impl std::str::FromStr for Position {
    type Err = ();

    /// 149, 149.2, 133_1.2
    fn from_str(text: &str) -> Result<Self, ()> {
        let positive = |t: &str| t.parse::<u32>().ok().filter(|n| (1..=9999).contains(n)).ok_or(());
        let (article, paragraph) = match text.split_once('.') {
            Some((article, paragraph)) => (article, Some(positive(paragraph)?)),
            None => (text, None),
        };
        let (article, sub) = match article.split_once('_') {
            Some((article, sub)) => (article, Some(positive(sub)?)),
            None => (article, None),
        };
        Ok(Self { article: positive(article)?, sub, paragraph })
    }
}

/// Longest range whose members are all named.
const LONGEST_RANGE: u32 = 200;

impl Target {
    /// Every single place of a range, as far as its ends differ in one number only; else the two ends.
    #[must_use]
    pub fn provisions(&self) -> Vec<Provision> {
        type Part = (fn(&Provision) -> Option<u32>, fn(Provision, u32) -> Provision);
        const PARTS: [Part; 4] = [
            (|p| Some(p.article), |p, n| Provision { article: n, ..p }),
            (|p| p.paragraph, |p, n| Provision { paragraph: Some(n), ..p }),
            (|p| p.item, |p, n| Provision { item: Some(n), ..p }),
            (|p| p.subitem, |p, n| Provision { subitem: Some(n), ..p }),
        ];
        let (from, Some(to)) = (self.from, self.to) else { return vec![self.from] };
        for (get, set) in PARTS {
            if let (Some(a), Some(b)) = (get(&from), get(&to))
                && a < b
                && set(from, b) == to
                && b - a <= LONGEST_RANGE
            {
                return (a..=b).map(|n| set(from, n)).collect();
            }
        }
        vec![from, to]
    }
}

#[cfg(test)]
mod provision_tests {
    use super::Provision;

    #[test]
    fn label_and_anchor_carry_what_was_given_and_no_more() {
        let item = Provision { item: Some(5), ..Provision::article(36) };
        assert_eq!(item.to_string(), "第三十六条第（五）项");
        assert_eq!(item.anchor("foi-2019"), "foi-2019-art-36-5");
        let nested = Provision { paragraph: Some(2), item: Some(3), ..Provision::article(29) };
        assert_eq!(nested.to_string(), "第二十九条第二款第（三）项");
        assert_eq!(nested.anchor("foi-2019"), "foi-2019-art-29-2-3");
        let inserted = Provision { sub: Some(1), ..Provision::article(133) };
        assert_eq!(inserted.to_string(), "第一百三十三条之一");
        assert_eq!(inserted.anchor("x"), "x-art-133_1");
    }
}
