//! The lines of an article become its 款, and the lines of a 款 its 项 and 目.

use super::line::holds;
use super::shape::{Marker, STYLES, Style, marker};
use super::{Item, Paragraph, Subitem};

/// Groups the lines of an article into 款.
///
/// A line that is no item begins a new 款, unless the numbering of the items before it goes on after it: then it
/// belongs to the item above.
pub fn paragraphs(lines: Vec<String>) -> Vec<Paragraph> {
    // Most articles hold no list.
    if lines.iter().all(|l| marker(l).is_none() && !holds(l, "：") && !holds(l, ":")) {
        return lines.into_iter().map(|text| Paragraph { text, items: vec![] }).collect();
    }
    let lines = lines.as_slice();
    // For each line the next item of each style at or after it.
    let markers: Vec<Option<Marker>> = lines.iter().map(|l| marker(l)).collect();
    let mut next: Vec<[Option<u32>; STYLES.len()]> = vec![[None; STYLES.len()]; lines.len() + 1];
    for i in (0..lines.len()).rev() {
        let mut row = next.get(i + 1).copied().unwrap_or_default();
        if let Some(m) = markers.get(i).copied().flatten()
            && let Some(slot) = row.get_mut(m.style.index())
        {
            *slot = Some(m.number);
        }
        if let Some(slot) = next.get_mut(i) {
            *slot = row;
        }
    }
    let mut groups: Vec<Group> = vec![];
    for (i, line) in lines.iter().enumerate() {
        let found = markers.get(i).copied().flatten();
        let Some(group) = groups.last_mut() else {
            groups.push(Group::new(line, found));
            continue;
        };
        let goes_on = match (found, group.list) {
            (Some(m), Some((style, last))) if m.style == style => m.number > last || m.number == 1,
            // A 目, or a list that begins where the lead-in calls for one.
            (Some(m), Some(_)) => m.number == 1 || group.inner == Some((m.style, m.number - 1)),
            (Some(m), None) => m.number == 1 || m.style == Style::Round,
            (None, Some((style, last))) => {
                next.get(i).and_then(|n| n.get(style.index()).copied().flatten()) == Some(last + 1)
            }
            (None, None) => false,
        };
        if !goes_on {
            groups.push(Group::new(line, found));
            continue;
        }
        group.text.push('\n');
        group.text.push_str(line);
        group.note(found);
    }
    groups.into_iter().map(|g| paragraph(g.text)).collect()
}

struct Group {
    text: String,
    /// Style of the list and its last number.
    list: Option<(Style, u32)>,
    /// The same of the list inside the last item.
    inner: Option<(Style, u32)>,
}

impl Group {
    fn new(line: &str, found: Option<Marker>) -> Self {
        let mut group = Self { text: line.to_owned(), list: None, inner: None };
        // A list on the lead-in's own line goes on below it.
        group.list = inline(line).last().map(|m| (m.1.style, m.1.number));
        group.note(found);
        group
    }

    fn note(&mut self, found: Option<Marker>) {
        let Some(m) = found else { return };
        match self.list {
            Some((style, _)) if style != m.style => self.inner = Some((m.style, m.number)),
            _ => (self.list, self.inner) = (Some((m.style, m.number)), None),
        }
    }
}

/// One 款 from its text: finds the 项 and 目 at the starts of its lines, and those that stand in the middle of a line.
pub fn paragraph(text: String) -> Paragraph {
    let mut found: Vec<(usize, Marker)> = vec![];
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches('\n');
        match marker(bare) {
            Some(m) => {
                found.push((at, m));
                let rest = bare.get(m.length..).unwrap_or_default();
                found.extend(inline_after(rest, m).into_iter().map(|(i, n)| (at + m.length + i, n)));
            }
            None => found.extend(inline(bare).into_iter().map(|(i, m)| (at + i, m))),
        }
        at += line.len();
    }
    let mut items: Vec<Item> = vec![];
    let Some(style) = found.first().map(|(_, m)| m.style) else { return Paragraph { text, items } };
    let mut inner: Option<Style> = None;
    for (start, m) in found {
        let end = start + m.length;
        if m.style == style && items.last().is_none_or(|last| m.number > last.number) {
            close(&mut items, start, &text);
            items.push(Item {
                number: m.number,
                marker: start..end,
                text: end..text.len(),
                subitems: vec![],
            });
            inner = None;
        } else if m.style != style
            && let Some(item) = items.last_mut()
            && inner.is_none_or(|s| s == m.style)
            && item.subitems.last().map_or(m.number == 1, |last| m.number == last.number + 1)
        {
            if let Some(last) = item.subitems.last_mut() {
                last.text.end = trimmed(&text, last.text.start, start);
            }
            item.subitems.push(Subitem { number: m.number, marker: start..end, text: end..text.len() });
            inner = Some(m.style);
        }
    }
    close(&mut items, text.len(), &text);
    for item in &mut items {
        item.text.start = lead(&text, item.text.start, item.text.end);
        let end = item.text.end;
        for sub in &mut item.subitems {
            sub.text.end = sub.text.end.min(end);
            sub.text.start = lead(&text, sub.text.start, sub.text.end);
        }
    }
    Paragraph { text, items }
}

/// Ends the last item before `at`.
fn close(items: &mut [Item], at: usize, text: &str) {
    if let Some(last) = items.last_mut() {
        last.text.end = trimmed(text, last.text.start, at);
    }
}

fn trimmed(text: &str, start: usize, end: usize) -> usize {
    start + text.get(start..end).unwrap_or_default().trim_end().len()
}

fn lead(text: &str, start: usize, end: usize) -> usize {
    let inner = text.get(start..end).unwrap_or_default();
    start + inner.len() - inner.trim_start().len()
}

/// The items of a list that stands in the middle of a line: 有下列情形之一的：（一）甲；（二）乙。
fn inline(line: &str) -> Vec<(usize, Marker)> {
    let Some(first) = ['：', ':'].iter().filter_map(|c| opening(line, *c)).min_by_key(|(at, _)| *at) else {
        return vec![];
    };
    let mut all = vec![first];
    let mut at = first.0 + first.1.length;
    while let Some((start, m)) = following(line, at, first.1.style, all.len()) {
        all.push((start, m));
        at = start + m.length;
    }
    // One alone is a reference rather than a list.
    if all.len() > 1 { all } else { vec![] }
}

/// The items after one that begins a line: （一）甲；（二）乙；
fn inline_after(rest: &str, first: Marker) -> Vec<(usize, Marker)> {
    let mut all = vec![];
    let mut at = 0;
    while let Some((start, m)) = following(rest, at, first.style, first.number as usize + all.len()) {
        all.push((start, m));
        at = start + m.length;
    }
    if all.is_empty() { inline(rest) } else { all }
}

/// The first item of a list right after a colon.
fn opening(line: &str, colon: char) -> Option<(usize, Marker)> {
    line.match_indices(colon).find_map(|(i, c)| {
        let at = i + c.len();
        let rest = line.get(at..)?;
        let blanks = rest.len() - rest.trim_start().len();
        let m = marker(rest.trim_start()).filter(|m| m.number == 1 && m.style != Style::Comma)?;
        Some((at + blanks, m))
    })
}

/// The item numbered `count + 1` after the end of a sentence.
fn following(line: &str, from: usize, style: Style, count: usize) -> Option<(usize, Marker)> {
    let rest = line.get(from..)?;
    let wanted = u32::try_from(count + 1).ok()?;
    rest.char_indices().filter(|(_, c)| matches!(c, '；' | ';' | '。' | '，')).find_map(|(i, c)| {
        let at = from + i + c.len_utf8();
        let tail = line.get(at..)?;
        let blanks = tail.len() - tail.trim_start().len();
        let tail = tail.trim_start().trim_start_matches(['和', '或', '者']);
        let skipped = line.len() - at - tail.len();
        let m = marker(tail).filter(|m| m.style == style && m.number == wanted)?;
        Some((at + skipped.max(blanks), m))
    })
}

#[cfg(test)]
mod tests {
    use super::{paragraph, paragraphs};

    fn shape(lines: &[&str]) -> Vec<Vec<usize>> {
        let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
        paragraphs(lines).iter().map(|p| p.items.iter().map(|i| i.subitems.len()).collect()).collect()
    }

    #[test]
    fn a_plain_line_begins_a_paragraph_unless_the_numbering_goes_on() {
        assert_eq!(shape(&["甲：", "（一）子；", "（二）丑。", "乙。"]), [vec![0, 0], vec![]]);
        assert_eq!(shape(&["甲：", "（一）子：", "说明。", "（二）丑。", "乙。"]), [vec![0, 0], vec![]]);
        assert_eq!(shape(&["甲：", "（一）子。", "乙：", "（一）丑。"]), [vec![0], vec![0]]);
        assert_eq!(shape(&["甲。", "乙。", "丙。"]), vec![Vec::<usize>::new(); 3]);
    }

    #[test]
    fn numbers_inside_an_item_are_its_own() {
        assert_eq!(shape(&["甲：", "（一）子：", "1.一；", "2.二；", "（二）丑。"]), [vec![2, 0]]);
        assert_eq!(shape(&["甲：", "1.一；", "2.二。"]), [vec![0, 0]]);
        assert_eq!(shape(&["甲：", "一、一；", "二、二。"]), [vec![0, 0]]);
    }

    #[test]
    fn items_in_the_middle_of_a_line_are_items() {
        let p = paragraph("有下列情形之一的：（一）甲；（二）乙，依照前款第（一）项；(三)丙。".to_owned());
        let texts: Vec<_> = p.items.iter().map(|i| &p.text[i.text.clone()]).collect();
        assert_eq!(texts, ["甲；", "乙，依照前款第（一）项；", "丙。"]);
        assert!(paragraph("依照：（一）项".to_owned()).items.is_empty());
    }
}
