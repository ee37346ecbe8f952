//! Fees for handling information (国办函〔2020〕109号): counts in, yuan out.
//!
//! The bands come from `book/rules/fee.toml`. By item they are marginal over one applicant's calendar month, by page over
//! one request; the two are never mixed.

use crate::corpus::{FeeMethod, FeeTable};

/// What a count costs, and how it came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fee {
    /// Yuan.
    pub amount: u64,
    /// Each band that was reached.
    pub bands: Vec<Band>,
}

/// What lies in one band.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// The first item or page that was charged here.
    pub first: u32,
    /// The last.
    pub last: u32,
    /// Yuan for each.
    pub rate: u64,
    /// Yuan for all.
    pub amount: u64,
}

/// What the items or pages after `before` up to `before + count` cost. `before` is what the same applicant asked for
/// earlier in the calendar month; by page it is 0, since pages are counted for each request.
///
/// # Errors
///
/// When the numbers are larger than anything real (ten million).
pub fn charge(table: &FeeTable, method: FeeMethod, before: u32, count: u32) -> Result<Fee, String> {
    const LARGEST: u32 = 10_000_000;
    let total = before.checked_add(count).filter(|n| *n <= LARGEST);
    let Some(total) = total else { return Err(format!("数目太大了，最多 {LARGEST}")) };
    let mut bands: Vec<Band> = vec![];
    let mut n = before + 1;
    while n <= total {
        let (rate, last) = table.rate(method, n);
        let last = last.unwrap_or(total).min(total);
        let amount = rate * u64::from(last - n + 1);
        bands.push(Band { first: n, last, rate, amount });
        n = last + 1;
    }
    Ok(Fee { amount: bands.iter().map(|b| b.amount).sum(), bands })
}
