//! A letter as the values that `letter.typ` reads: only strings, numbers and flags, nothing that typst would run.

use serde_json::{Value, json};

use super::{Fonts, Typeface};
use crate::calendar::Date;
use crate::corpus::PageLayout;
use crate::letter::docx::body::is_blank;
use crate::letter::docx::parts::TEXT_WIDTH;
use crate::letter::docx::texts;
use crate::letter::docx::{envelope, page, table};
use crate::letter::layout::{attachments, balanced, mark, paragraphs};
use crate::letter::{Block, FormRow, Letter};

/// Half characters on a line of the title: 20 characters of 二号 (22 pt) fill the 156 mm.
const TITLE_LIMIT: usize = 40;

/// Half characters on a line of a long name.
const NAME_LIMIT: usize = 40;

/// Empty lines above the signature, room for a seal whose top is within a line of the text.
const SEAL: usize = 2;

/// Letters and digits in a row that fit on a line of text, and in a narrow cell.
const LONG_WORD: usize = 40;
const CELL_WORD: usize = 12;

/// Everything that the template reads.
pub(super) fn of(letter: &Letter, fonts: &Fonts) -> Value {
    let families = |typeface| fonts.families(typeface);
    let headed = matches!(letter.layout, PageLayout::Official | PageLayout::Letter);
    let shown = letter.blocks.iter().filter(|block| !is_blank(block));
    // Under a red head the number has a place of its own.
    let (numbers, mut blocks): (Vec<&Block>, Vec<&Block>) =
        shown.partition(|block| headed && matches!(block, Block::Number(_)));
    let places = if letter.layout == PageLayout::Envelope {
        let places = place_on_envelope(&blocks);
        // What has no place on an envelope is not lost: it follows on a page of its own.
        blocks.retain(|block| !matches!(block, Block::Number(_) | Block::Title(_) | Block::Paragraph(_)));
        places
    } else {
        Value::Null
    };
    let largest =
        if letter.layout == PageLayout::Official { page::OFFICIAL_LARGEST } else { page::LETTER_LARGEST };
    let mark = mark(&letter.author, TEXT_WIDTH / 20, largest);
    json!({
        "title": one_line(&letter.title),
        "author": one_line(&letter.author),
        "date": date(letter),
        "layout": match letter.layout {
            PageLayout::Official => "official",
            PageLayout::Letter => "letter",
            PageLayout::Plain => "plain",
            PageLayout::Envelope => "envelope",
        },
        "mark": { "lines": mark.lines, "size": points(mark.size * 10), "scale": mark.scale },
        "number": numbers.iter().flat_map(|block| texts(block).1).map(|text| one_line(text)).collect::<Vec<_>>(),
        "fonts": {
            "body": families(Typeface::FangSong),
            "title": families(Typeface::XiaoBiaoSong),
            "heading": families(Typeface::Hei),
            "subheading": families(Typeface::Kai),
            "number": families(Typeface::Song),
        },
        "envelope": places,
        "blocks": (0..blocks.len()).filter_map(|at| block(&blocks, at, headed)).collect::<Vec<_>>(),
    })
}

/// When the file says that it was made, which PDF/A asks for: the date of the letter; where it has none, the day that
/// the parts of a .docx have too, 1980-01-01. No clock.
fn date(letter: &Letter) -> (i16, i8, i8) {
    let mut dates = letter.blocks.iter().filter_map(|block| match block {
        Block::Signature { date, .. } => official_date(date),
        _ => None,
    });
    dates.next_back().map_or((1980, 1, 1), |date| (date.year(), date.month(), date.day()))
}

/// Reads 2026年11月23日.
fn official_date(text: &str) -> Option<Date> {
    let (year, rest) = text.trim().split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    let day = rest.strip_suffix('日')?;
    Date::of(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// A block with what its neighbours ask of it; `None` where its neighbour takes it along.
fn block(blocks: &[&Block], at: usize, headed: bool) -> Option<Value> {
    let here = blocks.get(at)?;
    let previous = at.checked_sub(1).and_then(|at| blocks.get(at)).copied();
    let next = blocks.get(at + 1).copied();
    let signed = matches!(next, Some(Block::Signature { .. }));
    let mut value = match here {
        Block::Number(text) => json!({ "kind": "number", "lines": [one_line(text)] }),
        Block::Title(text) => json!({
            "kind": "title",
            "lines": balanced(text, TITLE_LIMIT),
            "above": if at == 0 && !headed { 0 } else { 2 },
        }),
        Block::Addressee(text) => {
            json!({ "kind": "addressee", "text": format!("{}：", breakable(&one_line(text), LONG_WORD)) })
        }
        Block::Heading(text) => json!({ "kind": "heading", "text": breakable(&one_line(text), LONG_WORD) }),
        Block::Subheading(text) => {
            json!({ "kind": "subheading", "text": breakable(&one_line(text), LONG_WORD) })
        }
        Block::Paragraph(text) => json!({
            "kind": "paragraph",
            "lines": paragraphs(text).map(|line| breakable(&one_line(line), LONG_WORD)).collect::<Vec<_>>(),
            "after-table": is_ruled(previous),
            "before-table": is_ruled(next),
            "closing": if signed { signature(blocks, at + 1) } else { Value::Null },
        }),
        Block::Table { head, rows } => data_table(head, rows, signed),
        Block::Form { columns, rows } => form(columns, rows, signed),
        Block::Attachments(names) => json!({
            "kind": "attachments",
            "items": attachments(names)
                .iter()
                .map(|line| (line.number.clone(), breakable(&one_line(line.name), LONG_WORD)))
                .collect::<Vec<_>>(),
            "keep": signed,
        }),
        Block::Signature { .. } if matches!(previous, Some(Block::Paragraph(_))) => return None,
        Block::Signature { .. } => signature(blocks, at),
        Block::Note(_) if matches!(previous, Some(Block::Signature { .. })) => return None,
        Block::Note(text) => json!({ "kind": "note", "text": note(text) }),
    };
    // Two tables would look like one.
    if is_ruled(Some(here)) {
        value["apart"] = is_ruled(previous).into();
    }
    Some(value)
}

fn is_ruled(block: Option<&Block>) -> bool {
    matches!(block, Some(Block::Table { .. } | Block::Form { .. }))
}

fn note(text: &str) -> String {
    format!("（{}）", breakable(&one_line(text), LONG_WORD))
}

/// The signature at this place, with the note that follows it.
fn signature(blocks: &[&Block], at: usize) -> Value {
    let Some(Block::Signature { name, date }) = blocks.get(at) else {
        return Value::Null;
    };
    let note = match blocks.get(at + 1) {
        Some(Block::Note(text)) => Value::from(note(text)),
        _ => Value::Null,
    };
    json!({
        "kind": "signature",
        "name": balanced(name, NAME_LIMIT),
        "date": one_line(date),
        "note": note,
        "above": if at == 0 { 0 } else { SEAL },
    })
}

fn data_table(head: &[String], rows: &[Vec<String>], keep: bool) -> Value {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0).max(head.len());
    let columns = table::measure(head, rows, columns);
    let cell = |row: &[String], at: usize| row.get(at).map_or_else(Vec::new, |cell| cell_lines(cell));
    let cells = |row: &[String]| (0..columns.len()).map(|at| cell(row, at)).collect::<Vec<_>>();
    let tall = |row: &[String]| {
        let lines =
            columns.iter().zip(row).map(|(column, cell)| table::cell_lines(cell.trim(), column.width));
        lines.max().unwrap_or(1) > table::TALL
    };
    json!({
        "kind": "table",
        "widths": columns.iter().map(|column| points(column.width)).collect::<Vec<_>>(),
        "centred": columns.iter().map(|column| column.centred).collect::<Vec<_>>(),
        "head": if head.is_empty() { vec![] } else { cells(head) },
        "rows": rows
            .iter()
            .map(|row| json!({ "cells": cells(row), "tall": tall(row) }))
            .collect::<Vec<_>>(),
        "keep": keep,
    })
}

fn form(columns: &[usize], rows: &[FormRow], keep: bool) -> Value {
    let widths = table::form_widths(columns, rows);
    let row = |row: &FormRow| {
        let last = row.cells.len().saturating_sub(1);
        let cells = row.cells.iter().enumerate().map(|(at, cell)| {
            let span = if at == last { widths.len().saturating_sub(last).max(1) } else { 1 };
            let width = widths.iter().skip(at).take(span).sum();
            let lines: Vec<String> =
                paragraphs(&cell.text).map(|line| breakable(&one_line(line), CELL_WORD)).collect();
            let value = json!({
                "lines": lines,
                "label": cell.label,
                "centred": table::is_centred(cell, width, row.lines <= 1),
                "span": span,
            });
            (value, table::cell_lines(&cell.text, width) > table::TALL)
        });
        let (cells, tall): (Vec<Value>, Vec<bool>) = cells.unzip();
        let height = points(table::form_row_height(row));
        json!({ "cells": cells, "height": height, "tall": tall.contains(&true) })
    };
    json!({
        "kind": "form",
        "widths": widths.iter().map(|width| points(*width)).collect::<Vec<_>>(),
        "rows": rows.iter().map(row).collect::<Vec<_>>(),
        "keep": keep,
    })
}

/// Twips (1/20 pt) in points.
fn points(twips: usize) -> f64 {
    f64::from(u32::try_from(twips).unwrap_or(u32::MAX)) / 20.0
}

/// What stands on an envelope.
fn place_on_envelope(blocks: &[&Block]) -> Value {
    let places = envelope::sort(blocks);
    let lines = |text: &str, limit| balanced(&breakable(&one_line(text), LONG_WORD), limit);
    let sender = places.from.iter().flat_map(|text| lines(text, 64));
    json!({
        "to": places.to_code,
        "address": lines(places.address, 64),
        "name": lines(places.name, 32),
        "sender": sender.collect::<Vec<_>>(),
        "from": places.from_code,
        "number": one_line(places.number),
    })
}

fn cell_lines(text: &str) -> Vec<String> {
    text.split(['\n', '\r']).map(|line| breakable(&one_line(line), CELL_WORD)).collect()
}

/// A value on one line: line breaks and tabs become a space, ends are trimmed.
fn one_line(text: &str) -> String {
    text.split(['\n', '\r', '\t'])
        .map(str::trim)
        .filter(|piece| !piece.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The same text with places to break in what no line or cell can hold: more letters and digits in a row than `most`.
/// Only there, since they are copied with the text.
fn breakable(text: &str, most: usize) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    for ch in text.chars().chain(['\0']) {
        if ch.is_ascii_alphanumeric() {
            word.push(ch);
            continue;
        }
        let long = word.len() > most;
        for letter in word.drain(..) {
            out.push(letter);
            if long {
                out.push('\u{200B}');
            }
        }
        out.push(ch);
    }
    out.pop();
    out
}
