//! `gongkai fee`: 信息处理费 by item or by page.

use super::{Ending, FeeArgs, output, rules};
use crate::corpus::FeeMethod;
use crate::fee;
use anyhow::bail;
use serde_json::json;
use std::fmt::Write as _;
use std::path::Path;

/// Counts.
pub fn run(root: Option<&Path>, args: &FeeArgs) -> anyhow::Result<Ending> {
    let Some(settings) = rules::load(root)? else { return Ok(Ending::Findings) };
    let table = &settings.corpus.rules.fees;
    let (method, count) = match (args.items, args.pages) {
        (Some(_), Some(_)) => bail!(
            "按件和按量只能选一种，不能重复计收（国办函〔2020〕109号）\n提示: --items 和 --pages 只写一个"
        ),
        (Some(items), None) => (FeeMethod::Item, items),
        (None, Some(pages)) => (FeeMethod::Page, pages),
        (None, None) => bail!(
            "没有写按件还是按量\n提示: 按件写 --items 件数（本月已有的写 --before），按量写 --pages 页数"
        ),
    };
    if method == FeeMethod::Page && args.before > 0 {
        bail!("按量以单件申请为单位，几件不累加，不用写 --before");
    }
    let Some(rule) = table.method(method) else {
        bail!("收费表（book/rules/fee.toml）里没有这种方式")
    };
    let found = match fee::charge(table, method, args.before, count) {
        Ok(found) => found,
        Err(message) => {
            output::note(&format!("错误: {message}"));
            return Ok(Ending::Findings);
        }
    };
    if args.json {
        let bands: Vec<_> = found
            .bands
            .iter()
            .map(|b| json!({ "first": b.first, "last": b.last, "rate": b.rate, "amount": b.amount }))
            .collect();
        let value = json!({
            "method": method, "before": args.before, "count": count, "amount": found.amount, "bands": bands,
            "confidence": rule.confidence, "note": rule.note,
        });
        output::print(&format!("{}\n", serde_json::to_string_pretty(&value)?))?;
        return Ok(Ending::Fine);
    }
    let mut out = String::new();
    let before = if args.before > 0 {
        format!("，本月前面已有 {} {}", args.before, rule.unit)
    } else {
        String::new()
    };
    writeln!(out, "{}：{count} {}{before}，收费 {} 元", rule.title, rule.unit, found.amount)?;
    for band in &found.bands {
        let range = if band.first == band.last {
            format!("第 {} {}", band.first, rule.unit)
        } else {
            format!("第 {} 到 {} {}", band.first, band.last, rule.unit)
        };
        writeln!(out, "  {range}：每{} {} 元，共 {} 元", rule.unit, band.rate, band.amount)?;
    }
    writeln!(out, "  累计  {}（{}）", rule.scope, rule.confidence.label())?;
    if let Some(note) = &rule.note {
        writeln!(out, "  注意  {note}")?;
    }
    for note in &table.rule {
        writeln!(out, "  {}  {}（{}）", note.title, note.text, note.confidence.label())?;
    }
    output::print(&out)?;
    Ok(Ending::Fine)
}
