//! Everyday words that a question nearly says: 罚款一下子交不起 is near 交不起罚款, which the table knows.

use super::Engine;
use super::fold::pair;
use super::names::count;
use super::numbers::Numbers;
use super::query::phrases;
use super::rank::{float, ln};
use rustc_hash::{FxHashMap, FxHashSet};

/// What people say, and what the laws may call it.
type Said = (Vec<u16>, Vec<Vec<u16>>);

/// An everyday word and what it may mean.
#[derive(Debug, Clone)]
struct Saying {
    say: Vec<u16>,
    means: Vec<Vec<u16>>,
    /// What all its pairs tell of it.
    worth: f64,
    /// What counts of it where it is only nearly said.
    share: f64,
}

/// All everyday words that are long enough, and in which of them a pair of characters stands.
#[derive(Debug, Clone, Default)]
pub(super) struct Sayings {
    all: Vec<Saying>,
    heard: FxHashMap<u32, Vec<usize>>,
}

/// What a run of words nearly says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Near<'a> {
    /// Which share of the everyday word stands in the run.
    pub like: f64,
    pub means: &'a Vec<Vec<u16>>,
}

impl Sayings {
    pub(super) fn new(
        (says, before): (&[Said], usize),
        numbers: &Numbers,
        (quiet, longest_quiet): (&FxHashSet<Vec<u16>>, usize),
    ) -> Self {
        let mut sayings = Self::default();
        for (nth, (say, means)) in says.iter().enumerate().filter(|(_, (say, _))| say.len() >= numbers.said) {
            for key in pairs(say) {
                let list = sayings.heard.entry(key).or_default();
                if list.last() != Some(&sayings.all.len()) {
                    list.push(sayings.all.len());
                }
            }
            let share = if nth < before { 1.0 } else { numbers.general };
            sayings.all.push(Saying { say: say.clone(), means: means.clone(), worth: 0.0, share });
        }
        let worth = |saying: &Saying| {
            let mut hushed = vec![0; saying.say.len()];
            for (a, b) in phrases(&saying.say, longest_quiet, |part| quiet.contains(part)) {
                hushed.iter_mut().take(b).skip(a).for_each(|place| *place = 1);
            }
            let places = pairs(&saying.say).zip(hushed.windows(2));
            places.fold(0.0, |sum, (key, two)| sum + sayings.telling(key, two.iter().sum(), numbers))
        };
        let worths: Vec<f64> = sayings.all.iter().map(worth).collect();
        for (saying, worth) in sayings.all.iter_mut().zip(worths) {
            saying.worth = worth;
        }
        sayings
    }

    /// What a pair of characters tells of a saying: less within words that only ask.
    fn telling(&self, key: u32, hushed: u8, numbers: &Numbers) -> f64 {
        let Some(list) = self.heard.get(&key) else { return 0.0 };
        let weight = if hushed == 2 { numbers.quiet_said } else { 1.0 };
        weight * ln(1.0 + float(self.all.len()) / float(list.len()))
    }
}

/// The pairs of characters of a text, one after the other.
pub(super) fn pairs(text: &[u16]) -> impl Iterator<Item = u32> {
    text.windows(2).map(|two| match two {
        [a, b] => pair(*a, *b),
        _ => 0,
    })
}

impl Engine {
    /// The sayings that a run of words nearly holds, the likeliest first. `quiet` is 1 within words that only ask.
    pub(super) fn nearly(&self, (at, words): (usize, &[u16]), quiet: &[u8]) -> Vec<Near<'_>> {
        let mut likeness: FxHashMap<usize, f64> = FxHashMap::default();
        let mut seen = FxHashSet::default();
        let hushed = |place: usize| quiet.get(at + place).copied().unwrap_or(0);
        // Characters that stand together in a saying may stand a little apart: 贴了封条 for 贴封条.
        for step in 1..=self.numbers.gaps + 1 {
            for (i, (a, b)) in words.iter().zip(words.iter().skip(step)).enumerate() {
                let key = pair(*a, *b);
                let Some(list) = self.sayings.heard.get(&key).filter(|_| seen.insert(key)) else { continue };
                let apart = if step > 1 { self.numbers.gap } else { 1.0 };
                let tells = self.sayings.telling(key, hushed(i) + hushed(i + step), &self.numbers) * apart;
                for nth in list {
                    *likeness.entry(*nth).or_default() += tells;
                }
            }
        }
        let mut found: Vec<(usize, f64, f64, &Saying)> = vec![];
        for (nth, sum) in likeness {
            let Some(saying) = self.sayings.all.get(nth) else { continue };
            let like = saying.share * sum / saying.worth;
            if like >= self.numbers.likeness {
                found.push((nth, like, like * count(&saying.say), saying));
            }
        }
        found.sort_by(|a, b| b.2.total_cmp(&a.2).then(a.0.cmp(&b.0)));
        found
            .into_iter()
            .map(|(_, like, _, saying)| Near { like: like.min(1.0), means: &saying.means })
            .collect()
    }
}
