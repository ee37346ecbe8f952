//! What letters look like: styles of a document, one based on another, down to the run.

use super::read::Unreadable;
use crate::statute::{attribute, events, flag};
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;

/// Longest chain of styles that is followed.
const DEEPEST: usize = 32;

/// How letters look, as far as anybody said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Look {
    pub hidden: Option<bool>,
    /// RRGGBB or auto.
    pub color: Option<String>,
    /// Half points.
    pub size: Option<u32>,
    /// A name: black, yellow.
    pub highlight: Option<String>,
    /// RRGGBB or auto.
    pub shade: Option<String>,
    /// Distance of lines in twips or 240ths, and the rule.
    pub line: Option<u32>,
    pub line_rule: Option<String>,
}

impl Look {
    /// What `over` says, and else what this says.
    pub(super) fn under(&self, over: &Self) -> Self {
        Self {
            hidden: over.hidden.or(self.hidden),
            color: over.color.clone().or_else(|| self.color.clone()),
            size: over.size.or(self.size),
            highlight: over.highlight.clone().or_else(|| self.highlight.clone()),
            shade: over.shade.clone().or_else(|| self.shade.clone()),
            line: over.line.or(self.line),
            line_rule: over.line_rule.clone().or_else(|| self.line_rule.clone()),
        }
    }

    /// Takes one element of `w:rPr` or `w:pPr`.
    pub(super) fn take(&mut self, tag: &BytesStart<'_>) {
        let value = || attribute(tag, "val");
        match tag.local_name().as_ref() {
            "vanish" => self.hidden = Some(flag(tag)),
            "color" => self.color = value(),
            "sz" => self.size = value().and_then(|v| v.parse().ok()),
            "highlight" => self.highlight = value(),
            "shd" => self.shade = shade(tag),
            "spacing" => {
                if let Some(line) = attribute(tag, "line").and_then(|v| v.parse().ok()) {
                    self.line = Some(line);
                    self.line_rule = Some(attribute(tag, "lineRule").unwrap_or_else(|| "auto".to_owned()));
                }
            }
            _ => {}
        }
    }

    /// Letters of this colour and ground can be seen.
    pub(super) fn white(&self) -> bool {
        let light = self.color.as_deref().and_then(brightness).is_some_and(|b| b > 240);
        light && !self.dark_ground() && self.highlight.as_deref().is_none_or(|h| h == "none" || h == "white")
    }

    /// The ground of the letters is dark.
    pub(super) fn dark_ground(&self) -> bool {
        self.shade.as_deref().and_then(brightness).is_some_and(|b| b < 60)
            || matches!(
                self.highlight.as_deref(),
                Some(
                    "black"
                        | "darkBlue"
                        | "darkGray"
                        | "darkRed"
                        | "darkMagenta"
                        | "darkGreen"
                        | "darkCyan"
                        | "darkYellow"
                )
            )
    }

    /// Dark letters on a dark ground.
    pub(super) fn covered(&self) -> bool {
        self.dark_ground() && self.color.as_deref().and_then(brightness).is_none_or(|b| b < 160)
    }
}

/// The colour of a shading: its fill, or its pattern's colour where that is all one sees.
pub(super) fn shade(tag: &BytesStart<'_>) -> Option<String> {
    if attribute(tag, "val").as_deref() == Some("solid") {
        return attribute(tag, "color").map(|c| if c == "auto" { "000000".to_owned() } else { c });
    }
    attribute(tag, "fill")
}

/// 0 for black, 255 for white; `None` for auto and what is no colour.
pub(super) fn brightness(color: &str) -> Option<u32> {
    let color = color.trim_start_matches('#').split_whitespace().next()?;
    match color {
        "black" => return Some(0),
        "white" => return Some(255),
        _ => {}
    }
    if color.len() != 6 {
        return None;
    }
    let part = |at: usize| u32::from_str_radix(color.get(at..at + 2)?, 16).ok();
    Some((part(0)? * 299 + part(2)? * 587 + part(4)? * 114) / 1000)
}

#[derive(Debug, Clone, Default)]
struct Style {
    based_on: Option<String>,
    look: Look,
    list: Option<String>,
    level: u32,
}

/// The styles of a document.
#[derive(Debug, Default)]
pub(super) struct Styles {
    defaults: Look,
    /// Id of the style of a paragraph that names none.
    normal: Option<String>,
    all: BTreeMap<String, Style>,
}

impl Styles {
    pub(super) fn read(xml: &str) -> Result<Self, Unreadable> {
        let mut styles = Self::default();
        let (mut current, mut in_defaults, mut changes) = (None::<String>, false, 0_u32);
        events(xml, |event| {
            let (tag, open) = match event {
                Event::Start(tag) => (tag, true),
                Event::Empty(tag) => (tag, false),
                Event::End(tag) => {
                    match tag.local_name().as_ref() {
                        "docDefaults" => in_defaults = false,
                        "style" => current = None,
                        "rPrChange" | "pPrChange" => changes = changes.saturating_sub(1),
                        _ => {}
                    }
                    return true;
                }
                _ => return true,
            };
            match tag.local_name().as_ref() {
                "docDefaults" => in_defaults = open,
                "rPrChange" | "pPrChange" => changes += u32::from(open),
                "style" => styles.begin(tag, &mut current),
                _ if changes > 0 => {}
                name => styles.property(name, tag, (current.as_deref(), in_defaults)),
            }
            true
        })
        .map_err(|_| Unreadable::Xml)?;
        Ok(styles)
    }

    fn begin(&mut self, tag: &BytesStart<'_>, current: &mut Option<String>) {
        *current = attribute(tag, "styleId");
        let Some(id) = current.as_ref() else { return };
        self.all.entry(id.clone()).or_default();
        let is_default = matches!(attribute(tag, "default").as_deref(), Some("1" | "true" | "on"));
        if is_default && attribute(tag, "type").as_deref() == Some("paragraph") {
            self.normal = Some(id.clone());
        }
    }

    fn property(&mut self, name: &str, tag: &BytesStart<'_>, (current, in_defaults): (Option<&str>, bool)) {
        let value = || attribute(tag, "val").unwrap_or_default();
        match current.and_then(|id| self.all.get_mut(id)) {
            Some(style) => match name {
                "basedOn" => style.based_on = Some(value()),
                "numId" => style.list = Some(value()),
                "ilvl" => style.level = value().parse().unwrap_or(0),
                _ => style.look.take(tag),
            },
            None if in_defaults => self.defaults.take(tag),
            None => {}
        }
    }

    /// How a style looks, with all that it is based on.
    pub(super) fn look(&self, id: &str) -> Look {
        let mut chain = vec![];
        let mut next = Some(id);
        while let Some(style) = next.and_then(|id| self.all.get(id)).filter(|_| chain.len() < DEEPEST) {
            chain.push(&style.look);
            next = style.based_on.as_deref();
        }
        chain.iter().rev().fold(Look::default(), |under, over| under.under(over))
    }

    /// How a paragraph of a style looks; `None` for the style of paragraphs that name none.
    pub(super) fn paragraph(&self, id: Option<&str>) -> Look {
        let id = id.or(self.normal.as_deref());
        id.map_or_else(|| self.defaults.clone(), |id| self.defaults.under(&self.look(id)))
    }

    /// The list that a style numbers its paragraphs by.
    pub(super) fn list(&self, id: &str) -> Option<(String, u32)> {
        let style = self.all.get(id)?;
        Some((style.list.clone()?, style.level))
    }
}
