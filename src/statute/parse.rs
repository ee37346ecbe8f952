//! Lines become a [`Statute`].
//!
//! Every line goes to exactly one place, which is noted, so that [`Parsed::check_nothing_lost`] can find each of them again.

use super::line::{Boundary, Line, Role, clean, holds, is_void};
use super::parts::paragraphs;
use super::shape::{self, Gap, Label};
use super::{Annex, Article, Heading, Kind, Statute, Warning};
use crate::text::chinese;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A statute, and where each line of its text went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// The result.
    pub statute: Statute,
    /// For each line its place.
    slots: Vec<Slot>,
}

/// A line that cannot be found again. It cannot happen; if it does, the text must not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// Line of the file.
    pub line: u32,
    /// What stands there.
    pub text: String,
}

/// Where a line went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Slot {
    Nowhere,
    Title,
    Info,
    Toc,
    Preamble,
    Heading(u32),
    Article(u32),
    Annex(u32),
    Notes,
    Closing,
    Furniture,
}

/// Takes a text apart.
#[must_use]
pub fn parse(lines: &[Line<'_>]) -> Parsed {
    let texts: Vec<Cow<'_, str>> = lines.iter().map(|l| clean(&l.text)).collect();
    let mut parser = Parser::new(lines, &texts);
    parser.furniture();
    parser.survey();
    let body = parser.front();
    parser.body(body);
    parser.finish()
}

impl Parsed {
    /// Reads every line's place in the result back and compares it with the line, white space aside.
    ///
    /// # Errors
    ///
    /// The first line that is not whole there.
    pub fn check_nothing_lost(&self, lines: &[Line<'_>]) -> Result<(), Lost> {
        let mut parts: BTreeMap<Slot, Vec<&str>> = BTreeMap::new();
        let s = &self.statute;
        parts.insert(Slot::Title, vec![&s.title]);
        for (slot, all) in [
            (Slot::Info, &s.info),
            (Slot::Toc, &s.toc),
            (Slot::Preamble, &s.preamble),
            (Slot::Notes, &s.notes),
            (Slot::Closing, &s.closing),
            (Slot::Furniture, &s.furniture),
        ] {
            parts.insert(slot, all.iter().map(String::as_str).collect());
        }
        let mut cursors: BTreeMap<Slot, Cursor<'_>> =
            parts.into_iter().map(|(slot, parts)| (slot, Cursor::new(parts))).collect();
        let mut current: Option<(Slot, Cursor<'_>)> = None;
        for (line, slot) in lines.iter().zip(&self.slots) {
            let lost = || Lost { line: line.number, text: line.text.chars().take(60).collect() };
            let cursor = match slot {
                Slot::Nowhere => {
                    if line.text.chars().all(is_void) {
                        continue;
                    }
                    return Err(lost());
                }
                // These come one after the other; only one is open at a time.
                Slot::Heading(i) | Slot::Article(i) | Slot::Annex(i) => {
                    if current.as_ref().is_none_or(|(open, _)| open != slot) {
                        if current.as_mut().is_some_and(|(_, c)| c.next().is_some()) {
                            return Err(lost());
                        }
                        current = Some((*slot, Cursor::new(self.part(*slot, *i as usize).ok_or_else(lost)?)));
                    }
                    let Some((_, cursor)) = current.as_mut() else { return Err(lost()) };
                    cursor
                }
                slot => cursors.get_mut(slot).ok_or_else(lost)?,
            };
            if !cursor.passes(&line.text) {
                return Err(lost());
            }
        }
        let open = cursors.values_mut().any(|c| c.next().is_some())
            || current.is_some_and(|(_, mut c)| c.next().is_some());
        if open { Err(Lost { line: 0, text: String::new() }) } else { Ok(()) }
    }

    fn part(&self, slot: Slot, index: usize) -> Option<Vec<&str>> {
        let s = &self.statute;
        Some(match slot {
            Slot::Heading(_) => vec![s.headings.get(index)?.text.as_str()],
            Slot::Article(_) => {
                let article = s.articles.get(index)?;
                let mut all = vec![article.label.as_str()];
                all.extend(article.paragraphs.iter().map(|p| p.text.as_str()));
                all
            }
            _ => {
                let annex = s.annexes.get(index)?;
                vec![annex.title.as_str(), annex.text.as_str()]
            }
        })
    }
}

/// The characters of several texts, one after the other, without white space.
struct Cursor<'a> {
    parts: std::vec::IntoIter<&'a str>,
    chars: std::str::Chars<'a>,
}

impl<'a> Cursor<'a> {
    fn new(parts: Vec<&'a str>) -> Self {
        Self { parts: parts.into_iter(), chars: "".chars() }
    }
}

impl Cursor<'_> {
    /// Goes over the characters of `text`; false where they differ.
    fn passes(&mut self, text: &str) -> bool {
        let mut rest = text;
        loop {
            rest = rest.trim_start_matches(is_void);
            if rest.is_empty() {
                return true;
            }
            // Most lines stand in the result as they are.
            let mut here = self.chars.as_str().trim_start_matches(is_void);
            while here.is_empty()
                && let Some(part) = self.parts.next()
            {
                self.chars = part.chars();
                here = part.trim_start_matches(is_void);
            }
            let end = rest.trim_end_matches(is_void);
            if let Some(after) = here.strip_prefix(end) {
                self.chars = after.chars();
                return true;
            }
            let run = rest.find(is_void).unwrap_or(rest.len());
            let (solid, after) = rest.split_at(run);
            if !solid.chars().all(|c| self.next() == Some(c)) {
                return false;
            }
            rest = after;
        }
    }
}

impl Iterator for Cursor<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        loop {
            match self.chars.next() {
                Some(c) if is_void(c) => {}
                Some(c) => return Some(c),
                None => self.chars = self.parts.next()?.chars(),
            }
        }
    }
}

/// What is known of a line before the text is read in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outer {
    /// The label of an article, or 一、, as far as the line alone tells.
    Yes(u32, Option<u32>),
    No,
}

/// An article of another text that is quoted: lines that look like labels are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quote {
    None,
    /// After 修改为：, without quotation marks; the last number seen inside.
    Bare(Option<u32>),
    /// Inside “ ”, to this line.
    Marked(usize),
}

/// A paragraph of the article that is open: its text, and its first and last line.
struct Logical {
    text: String,
    first: usize,
    last: usize,
    row: bool,
}

struct Parser<'a> {
    lines: &'a [Line<'a>],
    texts: &'a [Cow<'a, str>],
    slots: Vec<Slot>,
    statute: Statute,
    /// 一、 instead of 第一条.
    enumerated: bool,
    /// The paragraphs of the text begin with blanks, and lines that do not are broken ones.
    indented: bool,
    path: Vec<(u8, String)>,
    shared: Arc<[String]>,
    open: Option<Article>,
    /// Number of the last article.
    last: Option<(u32, Option<u32>)>,
    logical: Vec<Logical>,
    quote: Quote,
    /// Where the law itself begins, if a decision to amend it stands before it.
    amended: Option<usize>,
    /// What each line is, looked at alone.
    outers: Vec<Outer>,
    /// Lines on which a closing quotation mark stands.
    closings: Vec<usize>,
    /// Whether what is read is part of an annex.
    in_annex: bool,
    /// Whether something that is no text stood between this line and the last.
    interrupted: bool,
}

impl<'a> Parser<'a> {
    fn new(lines: &'a [Line<'a>], texts: &'a [Cow<'a, str>]) -> Self {
        Self {
            lines,
            texts,
            slots: vec![Slot::Nowhere; lines.len()],
            statute: Statute::default(),
            enumerated: false,
            indented: false,
            path: vec![],
            shared: Arc::from([]),
            open: None,
            last: None,
            logical: vec![],
            quote: Quote::None,
            amended: None,
            outers: vec![],
            closings: vec![],
            in_annex: false,
            interrupted: false,
        }
    }

    fn text(&self, i: usize) -> &'a str {
        self.texts.get(i).map_or("", |t| t.as_ref())
    }

    fn slot(&mut self, i: usize, slot: Slot) {
        if let Some(place) = self.slots.get_mut(i) {
            *place = slot;
        }
    }

    fn taken(&self, i: usize) -> bool {
        self.slots.get(i).is_some_and(|s| *s != Slot::Nowhere)
    }

    fn warn(&mut self, code: &'static str, i: usize, message: impl Into<String>) {
        let line = self.lines.get(i).map_or(0, |l| l.number);
        self.statute.warnings.push(Warning { code, message: message.into(), line });
    }

    fn discard(&mut self, i: usize) {
        self.slot(i, Slot::Furniture);
        let text = self.text(i).to_owned();
        self.statute.furniture.push(text);
    }

    // Page numbers and running heads

    /// Takes out page numbers, and the lines that stand beside them on several pages.
    fn furniture(&mut self) {
        let lines = self.lines;
        let mut marks = vec![];
        let mut breaks = vec![];
        for (i, line) in lines.iter().enumerate() {
            let text = self.text(i);
            if line.role == Role::Text && !text.is_empty() && text.len() <= 60 && shape::is_page_mark(text) {
                marks.push(i);
            }
            if line.boundary == Boundary::Page && i > 0 {
                breaks.push(i);
            }
        }
        if marks.is_empty() && breaks.is_empty() {
            return;
        }
        // A number alone is a page number where a page ends or begins.
        for at in &breaks {
            for i in [at.wrapping_sub(1), *at] {
                if i < lines.len() && shape::is_bare_number(self.text(i)) && !marks.contains(&i) {
                    marks.push(i);
                }
            }
        }
        marks.sort_unstable();
        let mut beside: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let is_mark = |i: usize| marks.binary_search(&i).is_ok();
        let candidates = marks
            .iter()
            .flat_map(|m| [m.wrapping_sub(1), m + 1])
            .chain(breaks.iter().flat_map(|b| [b.wrapping_sub(1), *b]));
        for i in candidates.chain([0]) {
            if i >= lines.len() || is_mark(i) {
                continue;
            }
            let text = self.text(i);
            let structural = shape::label(text).is_some_and(|l| !shape::is_reference(l.rest))
                || shape::heading(text).is_some()
                || shape::marker(text).is_some();
            if !text.is_empty() && text.chars().count() <= 40 && !structural {
                let places = beside.entry(text).or_default();
                if !places.contains(&i) {
                    places.push(i);
                }
            }
        }
        let mut heads = 0;
        for (text, mut places) in beside {
            places.sort_unstable();
            if places.len() < 2 {
                continue;
            }
            // The first may be the title itself.
            let title = places.first().is_some_and(|first| *first < 3) && !text.ends_with(['。', '；']);
            for i in places.into_iter().skip(usize::from(title)) {
                self.slot(i, Slot::Furniture);
                heads += 1;
            }
        }
        for i in &marks {
            self.slot(*i, Slot::Furniture);
        }
        for i in 0..lines.len() {
            if self.taken(i) {
                let text = self.text(i).to_owned();
                self.statute.furniture.push(text);
            }
        }
        if heads > 0 {
            let first = self.slots.iter().position(|s| *s == Slot::Furniture).unwrap_or(0);
            self.warn("running-head", first, format!("去掉了 {heads} 处重复的页眉页脚"));
        }
    }

    // What kind of text it is

    /// Finds out whether the text is divided by 条 or by 一、, and whether its lines are broken by layout.
    fn survey(&mut self) {
        let (mut articles, mut commas, mut rows) = (0, 0, 0);
        let (mut amending, mut marked, mut amended) = (false, false, false);
        let (mut indented, mut labels) = (0, 0);
        let (mut broken, mut broken_indented) = (0, 0);
        let mut outer = 0;
        let mut last: Option<usize> = None;
        for i in 0..self.lines.len() {
            let text = self.text(i);
            let Some(line) = self.lines.get(i) else { continue };
            if self.taken(i) || text.is_empty() {
                continue;
            }
            if amended && holds(text, "”") {
                self.closings.push(i);
            }
            match line.role {
                Role::Row => rows += 1,
                Role::Text | Role::Link => {}
                Role::Note | Role::Aside => continue,
            }
            if line.role == Role::Row {
                continue;
            }
            let comma = shape::comma(text);
            let label = shape::label(text).filter(|l| !shape::is_reference(l.rest));
            if let Some((n, _)) = comma {
                (amending, marked) = (false, false);
                commas += u32::from(n == 1 || commas > 0);
            }
            if let Some(l) = &label {
                labels += 1;
                indented += u32::from(line.indent);
                if !marked && (!amending || l.number == outer + 1) {
                    // A decision to amend, and after it the whole law as amended.
                    if articles == 0 && amended && commas > 0 {
                        self.amended = Some(i);
                    }
                    articles += 1;
                    outer = l.number;
                    amending = false;
                }
            }
            if let Some(before) = last
                && line.boundary == Boundary::Soft
                && label.is_none()
                && comma.is_none()
                && shape::marker(text).is_none()
                && !shape::is_terminated(self.text(before))
                && shape::heading(self.text(before)).is_none()
                && (labels > 0 || commas > 0)
            {
                broken += 1;
                broken_indented += u32::from(line.indent);
            }
            if shape::is_amendment(text) {
                (amending, amended) = (true, true);
                if self.closings.last() != Some(&i) && holds(text, "”") {
                    self.closings.push(i);
                }
                marked = shape::leaves_quote_open(text) || self.text(i + 1).starts_with('“');
            }
            if marked && text.contains('”') && !shape::leaves_quote_open(text) {
                marked = false;
            }
            last = Some(i);
        }
        self.enumerated = articles == 0 && commas > 0;
        self.outers = (0..self.lines.len()).map(|i| self.look_at_outer(i)).collect();
        self.indented =
            labels > 0 && indented * 5 >= labels * 4 && broken >= 2 && broken_indented * 5 <= broken;
        self.statute.kind = match (articles, commas, rows) {
            (0, 0, 1..) => Kind::Table,
            (0, 1.., _) => Kind::Enumerated,
            _ => Kind::Articles,
        };
    }

    /// Whether a line, looked at alone, is the label of an article (or 一、).
    fn outer(&self, i: usize) -> Outer {
        if self.taken(i) { Outer::No } else { self.outers.get(i).copied().unwrap_or(Outer::No) }
    }

    fn look_at_outer(&self, i: usize) -> Outer {
        let text = self.text(i);
        let Some(line) = self.lines.get(i) else { return Outer::No };
        if self.taken(i) || !matches!(line.role, Role::Text | Role::Link) || closes_line_of_contents(text) {
            return Outer::No;
        }
        if self.enumerated {
            return match shape::comma(text) {
                Some((n, _)) => Outer::Yes(n, None),
                None => Outer::No,
            };
        }
        match shape::label(text) {
            Some(l) if !shape::is_reference(l.rest) => Outer::Yes(l.number, l.sub),
            _ => Outer::No,
        }
    }

    // Before the first article

    /// Title, dates, table of contents and preamble. Returns the line on which the text itself begins.
    fn front(&mut self) -> usize {
        let count = self.lines.len();
        let first =
            self.amended.or_else(|| (0..count).find(|i| self.outer(*i) != Outer::No)).unwrap_or(count);
        let contents = (0..first).find(|i| shape::is_contents(self.text(*i)));
        let body = self.first_heading(first, contents);
        let toc = self.contents(body, contents);
        let (title, after) = self.title(body, &toc);
        self.beside_title(title, after, body);
        body
    }

    /// Goes back from the first article over the headings right above it, from the inner ones to the outer ones.
    fn first_heading(&self, first: usize, contents: Option<usize>) -> usize {
        let (mut start, mut level, mut unnumbered) = (first, u8::MAX, false);
        let mut i = first;
        let mut plain = 0;
        while i > contents.map_or(0, |c| c + 1) {
            i -= 1;
            if self.taken(i) || self.text(i).is_empty() {
                continue;
            }
            match self.heading_at(i) {
                // 第一章 on one line, 总则 on the next
                Some(heading)
                    if heading.level < level || heading.title.is_empty() && start == i + 1 && unnumbered =>
                {
                    (start, level) = (i, heading.level);
                    unnumbered = heading.label.is_empty();
                    plain = 0;
                }
                Some(_) => break,
                // The second line of a heading.
                None if plain == 0
                    && !shape::is_terminated(self.text(i))
                    && self.text(i).chars().count() <= 20
                    && !shape::has_date(self.text(i)) =>
                {
                    plain += 1;
                }
                None => break,
            }
        }
        start
    }

    /// The heading on a line, by its words, by its format, or because an article follows 一、 at once.
    fn heading_at(&self, i: usize) -> Option<shape::Heading> {
        let text = self.text(i);
        let line = self.lines.get(i)?;
        if self.taken(i) || !matches!(line.role, Role::Text | Role::Link) {
            return None;
        }
        if let Some(heading) = shape::heading(text) {
            return Some(heading);
        }
        if text.len() > 160
            || shape::is_terminated(text)
            || shape::is_annex(text)
            || shape::label(text).is_some()
            || text.chars().count() > 50
        {
            return None;
        }
        if line.level > 1 && !self.enumerated && !is_info(text) {
            return Some(shape::Heading {
                level: line.level.min(3),
                label: String::new(),
                title: shape::closed(text),
            });
        }
        // 一、受案范围 above an article
        if !self.enumerated
            && (shape::comma(text).is_some()
                || shape::marker(text).is_some_and(|m| m.style == shape::Style::Round))
        {
            let next = (i + 1..self.lines.len()).find(|j| !self.taken(*j) && !self.text(*j).is_empty())?;
            let above = matches!(self.outer(next), Outer::Yes(n, _) if self.open.as_ref().is_none_or(|a| n == a.number + 1));
            let nested = shape::comma(text).is_some()
                && shape::marker(self.text(next))
                    .is_some_and(|m| m.style == shape::Style::Round && m.number == 1)
                && !shape::is_terminated(self.text(next));
            if above || nested {
                let level = if shape::comma(text).is_some() { 2 } else { 3 };
                return Some(shape::Heading { level, label: String::new(), title: shape::closed(text) });
            }
        }
        None
    }

    /// The lines of the table of contents: after 目录, or headings that come again.
    fn contents(&mut self, body: usize, contents: Option<usize>) -> Vec<usize> {
        let mut all = vec![];
        let mut i = contents.unwrap_or(0);
        while i < body {
            let text = self.text(i);
            let is = Some(i) == contents
                || shape::heading(shape::without_leader(text)).is_some()
                || self.heading_at(i).is_some() && self.lines.get(i).is_none_or(|l| l.level != 1)
                || contents.is_some() && (shape::is_annex(text) || closes_line_of_contents(text));
            if is && !self.taken(i) && !text.is_empty() {
                all.push(i);
            } else if contents.is_some() && all.len() > 1 && !text.is_empty() && !self.taken(i) {
                break;
            }
            i += 1;
        }
        for i in &all {
            self.slot(*i, Slot::Toc);
            let text = self.text(*i).to_owned();
            self.statute.toc.push(text);
        }
        all
    }

    /// Finds the title. Returns its lines' range.
    fn title(&mut self, body: usize, toc: &[usize]) -> (usize, usize) {
        let free: Vec<usize> = (0..body)
            .filter(|i| !self.taken(*i) && !self.text(*i).is_empty())
            .filter(|i| self.lines.get(*i).is_some_and(|l| l.role == Role::Text))
            .collect();
        let head: Vec<usize> = free.iter().copied().filter(|i| toc.first().is_none_or(|t| i < t)).collect();
        let named = |i: &usize| self.lines.get(*i).is_some_and(|l| l.level == 1);
        let chosen: Vec<usize> = if head.iter().any(named) {
            let first = head.iter().position(named).unwrap_or(0);
            head.iter().skip(first).copied().take_while(|i| named(i)).collect()
        } else {
            self.title_by_words(&head)
        };
        let mut title = String::new();
        for i in &chosen {
            self.slot(*i, Slot::Title);
            title.push_str(&shape::closed(self.text(*i)));
        }
        self.statute.title = title;
        match (chosen.first(), chosen.last()) {
            (Some(first), Some(last)) => (*first, last + 1),
            _ => (0, 0),
        }
    }

    fn title_by_words(&self, head: &[usize]) -> Vec<usize> {
        let plain = |i: usize| {
            let text = self.text(i);
            !text.contains(['。', '；', '，', '>', '|', '【', '\t'])
                && text.chars().count() <= 60
                && !is_info(text)
        };
        let titled = |i: &usize| plain(*i) && is_title(self.text(*i));
        let named = match self.amended {
            Some(_) => head.iter().rposition(titled),
            None => head.iter().position(titled),
        };
        let Some(at) = named else { return head.iter().copied().find(|i| plain(*i)).into_iter().collect() };
        let mut chosen = vec![];
        // 中华人民共和国 / 政府信息公开条例: the title runs over two or three lines.
        for back in (1..=2).rev() {
            let Some(before) = at.checked_sub(back).and_then(|j| head.get(j)).copied() else { continue };
            let text = self.text(before);
            let begins = plain(before)
                && !is_title(text)
                && text.chars().count() >= 4
                && !shape::closed(text).ends_with(['令', '号', ']', '：', ':'])
                && head.get(at).is_some_and(|i| before + back == *i)
                && !text.contains(char::is_whitespace)
                && (text.contains("关于")
                    || text.contains("人民")
                    || text.contains("共和国")
                    || text.contains('省')
                    || text.contains('市')
                    || text.contains('县')
                    || text.contains('部'))
                && !self.text(head.get(at).copied().unwrap_or(0)).starts_with("中华人民共和国");
            if begins || !chosen.is_empty() && plain(before) {
                chosen.push(before);
            } else {
                chosen.clear();
            }
        }
        chosen.extend(head.get(at).copied());
        // …若干问题 / 的规定: a second line that only ends it.
        while let (Some(last), Some(next)) = (chosen.last().copied(), head.get(at + chosen.len()).copied()) {
            let text = self.text(next);
            let ends = next == last + 1
                && plain(next)
                && (is_title(text) || text.starts_with('（'))
                && text.chars().count() <= 30
                && (self.text(last).ends_with(['的', '于', '和', '、', '》'])
                    || text.starts_with(['的', '》', '和', '、']));
            if !ends {
                break;
            }
            chosen.push(next);
        }
        chosen
    }

    /// Sorts what stands above and below the title into dates, preamble, and what is no text.
    fn beside_title(&mut self, title: usize, after: usize, body: usize) {
        let web = self.lines.iter().any(|l| l.role == Role::Link);
        let mut open = false;
        let mut quoted = false;
        let mut leftovers = 0;
        for i in 0..body {
            if self.taken(i) || self.text(i).is_empty() {
                continue;
            }
            let text = self.text(i);
            // 《关于修改〈甲法〉 / 〈乙法〉的决定》第三次修正: a title that runs over two lines.
            let goes_on = quoted && text.split_once('》').is_some_and(|(title, _)| !title.contains('《'));
            let Some(line) = self.lines.get(i) else { continue };
            let above = i < title;
            let web_words = is_web_leftover(text);
            let slot = if line.role == Role::Note {
                Slot::Notes
            } else if above && line.role == Role::Row {
                Slot::Furniture
            } else if above && self.amended.is_some() {
                Slot::Preamble
            } else if line.role == Role::Aside || line.role == Role::Link && !is_info(text) || web_words {
                Slot::Furniture
            } else if open || goes_on || (line.role == Role::Text && is_info(text)) {
                open = shape::is_open(text) && text.starts_with(['（', '(']) || open && shape::is_open(text);
                Slot::Info
            } else if above && self.statute.title.is_empty() {
                Slot::Preamble
            } else if above || after == 0 && title > 0 {
                if web { Slot::Furniture } else { Slot::Info }
            } else {
                Slot::Preamble
            };
            quoted = slot == Slot::Info && text.matches('《').count() > text.matches('》').count();
            self.slot(i, slot);
            let text = text.to_owned();
            match slot {
                Slot::Notes => self.statute.notes.push(text),
                Slot::Info => match self.statute.info.last_mut() {
                    Some(title) if goes_on => title.push_str(&text),
                    _ => self.statute.info.push(text),
                },
                Slot::Furniture => {
                    leftovers += 1;
                    self.statute.furniture.push(text);
                }
                _ => self.preamble(text, line.boundary),
            }
        }
        if leftovers > 0 {
            self.warn("page-leftover", 0, format!("去掉了正文以外的 {leftovers} 行网页文字"));
        }
    }

    fn preamble(&mut self, text: String, boundary: Boundary) {
        match self.statute.preamble.last_mut() {
            Some(last) if boundary != Boundary::Hard && !shape::is_terminated(last) => last.push_str(&text),
            _ => self.statute.preamble.push(text),
        }
    }

    // The text

    fn body(&mut self, start: usize) {
        for i in start..self.lines.len() {
            let text = self.text(i);
            if self.taken(i) {
                self.interrupted = true;
                continue;
            }
            if text.is_empty() {
                continue;
            }
            let Some(line) = self.lines.get(i) else { continue };
            self.place(i, line, text);
            self.interrupted = line.role == Role::Aside || line.role == Role::Note;
        }
        self.close_article();
    }

    fn place(&mut self, i: usize, line: &'a Line<'a>, text: &'a str) {
        let quoted = matches!(self.quote, Quote::Marked(end) if i <= end);
        if line.role == Role::Aside {
            self.discard(i);
            self.warn("text-box", i, "文本框里的文字没有算进条文");
            return;
        }
        if line.role == Role::Note || (!quoted && line.role != Role::Row && self.is_note(text)) {
            self.slot(i, Slot::Notes);
            self.statute.notes.push(text.to_owned());
            return;
        }
        if line.level == 1
            && (self.open.is_some() || self.in_annex)
            && shape::label(text).is_none()
            && !shape::is_annex(text)
        {
            // Another document in the same file.
            self.close_article();
            (self.last, self.in_annex) = (None, false);
            self.add_heading(i, 9, shape::closed(text));
            return;
        }
        if !quoted
            && line.role != Role::Row
            && shape::is_annex(text)
            && (self.open.is_some() || self.in_annex)
            && self.is_annex_start(i, text)
        {
            self.close_article();
            self.drop_list_of_annexes();
            let index = self.statute.annexes.len() as u32;
            self.slot(i, Slot::Annex(index));
            self.in_annex = true;
            self.statute.annexes.push(Annex { title: shape::closed(text), text: String::new() });
            return;
        }
        if let Some(index) = self.statute.annexes.len().checked_sub(1).filter(|_| self.in_annex) {
            self.slot(i, Slot::Annex(index as u32));
            if let Some(annex) = self.statute.annexes.last_mut() {
                if !annex.text.is_empty() {
                    annex.text.push('\n');
                }
                annex.text.push_str(text);
            }
            return;
        }
        if line.role == Role::Row || quoted {
            self.push(i, line, text);
            return;
        }
        if let Quote::Marked(_) = self.quote {
            self.quote = Quote::None;
        }
        if let Some(heading) = self.heading_at(i)
            && heading.label.is_empty()
            && self.open.is_none()
            && self.statute.headings.last().is_some_and(|h| {
                h.before == self.statute.articles.len()
                    && shape::heading(&h.text).is_some_and(|h| h.title.is_empty())
            })
        {
            return self.extend_heading(i, text);
        }
        if let Some(heading) = self.heading_at(i)
            && (line.level > 0 || self.quote == Quote::None || !matches!(self.quote, Quote::Bare(Some(_))))
        {
            self.quote = Quote::None;
            self.close_article();
            self.add_heading(i, heading.level, heading.text());
            return;
        }
        if let Some((label, rest)) = self.label_at(i, line) {
            self.begin(i, label, rest);
            return;
        }
        if self.goes_on_heading(line, text) {
            return self.extend_heading(i, text);
        }
        self.push(i, line, text);
    }

    fn is_note(&self, text: &str) -> bool {
        if shape::is_note(text) {
            return self.logical.last().is_none_or(|l| shape::is_terminated(&l.text));
        }
        // ① is an item where a list is open or announced, else an editor's note.
        let Some(m) = shape::marker(text).filter(|m| m.style == shape::Style::Circle) else { return false };
        let Some(last) = self.logical.last() else { return true };
        let listed = last.text.ends_with(['：', ':'])
            || shape::marker(&last.text).is_some() && !last.text.ends_with('。')
            || shape::marker(&last.text)
                .is_some_and(|l| l.style == shape::Style::Circle && l.number + 1 == m.number)
            || m.number > 1
                && self
                    .logical
                    .iter()
                    .any(|l| shape::marker(&l.text).is_some_and(|l| l.style == shape::Style::Circle));
        !listed
    }

    /// 附件 opens an annex where it stands alone: after the end of a sentence, not in the middle of one.
    fn is_annex_start(&self, i: usize, text: &str) -> bool {
        let ended = self.logical.last().is_none_or(|l| !shape::is_open(&l.text));
        let listed = self.text(i + 1).is_empty() && text.ends_with(['。', '；']);
        ended && !listed
    }

    fn add_heading(&mut self, i: usize, level: u8, text: String) {
        // 附则 without a number stands beside the outermost divisions.
        let outermost = self.statute.headings.iter().map(|h| h.level).filter(|l| *l < 8).min();
        let level = match outermost {
            Some(outermost) if text == "附则" => outermost,
            _ => level,
        };
        let index = self.statute.headings.len() as u32;
        self.slot(i, Slot::Heading(index));
        let heading = Heading { level, text, before: self.statute.articles.len() };
        heading.enter(&mut self.path);
        self.statute.headings.push(heading);
        self.share();
    }

    fn share(&mut self) {
        self.shared = self.path.iter().map(|(_, t)| t.clone()).collect();
    }

    /// A short line between a heading and its first article is the rest of the heading.
    fn goes_on_heading(&self, line: &Line<'_>, text: &str) -> bool {
        self.open.is_none()
            && self.statute.headings.last().is_some()
            && !self.in_annex
            && matches!(line.role, Role::Text)
            && !shape::is_terminated(text)
            && text.chars().count() <= 25
            && shape::marker(text).is_none()
    }

    fn extend_heading(&mut self, i: usize, text: &str) {
        let index = self.statute.headings.len().saturating_sub(1);
        self.slot(i, Slot::Heading(index as u32));
        let text = shape::closed(text);
        if let Some(heading) = self.statute.headings.last_mut().map(|h| &mut h.text) {
            // 第一章 alone on its line
            if shape::heading(heading).is_some_and(|h| h.title.is_empty()) {
                heading.push(' ');
            }
            heading.push_str(&text);
            if let Some((_, last)) = self.path.last_mut() {
                last.clone_from(heading);
            }
        }
        self.share();
    }

    /// Whether the line begins an article: its label and the text after it.
    fn label_at(&mut self, i: usize, line: &'a Line<'a>) -> Option<(Opening, &'a str)> {
        // References are looked at too: they may be all there is before the first article.
        let text = self.text(i);
        if !self.enumerated && !text.starts_with('第') {
            return None;
        }
        let (number, sub, gap, length, rest) = if self.enumerated {
            let (n, length) = shape::comma(text)?;
            (n, None, Gap::Blank, length, text.get(length..)?.trim_start())
        } else {
            let Label { number, sub, text: label, gap, rest } = shape::label(text)?;
            (number, sub, gap, label.len(), rest)
        };
        let opening = Opening { number, sub, label: shape::closed(text.get(..length)?) };
        if self.open.is_none() {
            if !self.enumerated
                && shape::is_reference(rest)
                && !(gap == Gap::Blank && self.statute.articles.is_empty())
            {
                return None;
            }
            return Some(match self.last {
                Some(last) if !follows((number, sub), last) => self.jump((opening, rest), last, i),
                _ => (opening, rest),
            });
        }
        let (last_number, last_sub) = self.last?;
        let expected = follows((number, sub), (last_number, last_sub));
        let before = self.logical.last().map_or("", |l| l.text.as_str());
        let broken = line.boundary != Boundary::Hard && !before.is_empty() && !shape::is_terminated(before)
            || shape::is_open(before)
            || self.interrupted && !before.is_empty() && !shape::is_terminated(before)
            || self.indented && !line.indent && !before.is_empty();
        if self.enumerated {
            // 一、 inside an article that quotes or lists is no new one.
            return (!broken && (expected || number > last_number))
                .then(|| self.jump((opening, rest), (last_number, last_sub), i));
        }
        // 第十条　规定的期限…: a label all the same, where it is the next one and stands apart.
        let apart = gap == Gap::Blank
            && expected
            && !broken
            && self.quote == Quote::None
            && !shape::is_amendment(before)
            && ["规定的", "所称", "第一款", "第二款", "删去", "删除"].iter().any(|w| rest.starts_with(w))
            && line.boundary == Boundary::Hard;
        if shape::is_reference(rest) && !apart {
            return None;
        }
        let cue = shape::is_amendment(before);
        if self.quote == Quote::None && cue && !(expected && self.comes_again(i, number, sub).is_none()) {
            self.quote = Quote::Bare(Some(number));
            return None;
        }
        if cue && expected && self.comes_again(i, number, sub).is_some() {
            self.quote = Quote::Bare(Some(number));
            return None;
        }
        if let Quote::Bare(inner) = self.quote {
            if !expected
                || inner.is_some_and(|n| n + 1 == number) && self.comes_again(i, number, sub).is_some()
            {
                self.quote = Quote::Bare(Some(number));
                return None;
            }
            self.quote = Quote::None;
        }
        if expected {
            let wrapped = broken && (gap == Gap::None || self.comes_again(i, number, sub).is_some());
            if wrapped && self.comes_again(i, number, sub).is_some()
                || broken && shape::is_open(before) && gap == Gap::None
            {
                return None;
            }
            return Some((opening, rest));
        }
        if broken {
            self.warn("label-in-text", i, format!("{}在句子中间，没有当作新的一条", opening.label));
            return None;
        }
        Some(self.jump((opening, rest), (last_number, last_sub), i))
    }

    /// Reports that the numbering jumps.
    fn jump<'t>(
        &mut self,
        (opening, rest): (Opening, &'t str),
        (last, sub): (u32, Option<u32>),
        i: usize,
    ) -> (Opening, &'t str) {
        let name = |n: u32, sub: Option<u32>| {
            let sub = sub.map(|s| format!("之{}", chinese(s))).unwrap_or_default();
            if self.enumerated { format!("{}、", chinese(n)) } else { format!("第{}条{sub}", chinese(n)) }
        };
        let (before, here) = (name(last, sub), name(opening.number, opening.sub));
        if opening.number == last + 1 && opening.sub.is_none() {
        } else if opening.number > last
            || opening.number == last && opening.sub.is_some_and(|s| s > sub.unwrap_or(0) + 1)
        {
            self.warn("numbering-gap", i, format!("{before}后面就是{here}，中间的条文没有找到"));
        } else if opening.number == last && opening.sub == sub {
            self.warn("numbering-repeated", i, format!("{here}出现了两次"));
        } else if opening.number == 1 {
            self.warn("numbering-repeated", i, format!("{before}后面从{here}重新编号"));
        } else {
            self.warn("numbering-order", i, format!("{here}排在{before}后面"));
        }
        (opening, rest)
    }

    /// The next line that looks like the same label, if it comes before one that is two articles on.
    fn comes_again(&self, i: usize, number: u32, sub: Option<u32>) -> Option<usize> {
        let end = self.lines.len().min(i + 400);
        for j in i + 1..end {
            match self.outer(j) {
                Outer::Yes(n, s) if n == number && s == sub => return Some(j),
                Outer::Yes(n, None) if n == number + 1 && self.quote == Quote::None => return None,
                _ => {}
            }
        }
        None
    }

    fn begin(&mut self, i: usize, opening: Opening, rest: &str) {
        let first = self.statute.articles.is_empty() && self.open.is_none();
        self.close_article();
        if first && opening.number != 1 {
            self.warn("numbering-start", i, format!("从{}开始，前面的条文不在这份文本里", opening.label));
        }
        let index = self.statute.articles.len() as u32;
        self.slot(i, Slot::Article(index));
        self.last = Some((opening.number, opening.sub));
        self.open = Some(Article {
            label: opening.label,
            number: opening.number,
            sub: opening.sub,
            path: Arc::clone(&self.shared),
            paragraphs: vec![],
            line: self.lines.get(i).map_or(0, |l| l.number),
        });
        if !rest.is_empty() {
            self.logical.push(Logical { text: rest.to_owned(), first: i, last: i, row: false });
        }
        self.watch_quote(i, rest);
    }

    /// Adds a line to the open article, as a paragraph of its own or as the rest of the one before.
    fn push(&mut self, i: usize, line: &Line<'_>, text: &'a str) {
        if self.open.is_none() {
            // Text under a heading before its first article.
            if self.statute.articles.is_empty() && self.statute.headings.is_empty() {
                self.slot(i, Slot::Preamble);
                self.preamble(text.to_owned(), line.boundary);
                return;
            }
            let index = self.statute.headings.len() as u32;
            self.slot(i, Slot::Heading(index));
            self.warn("text-under-heading", i, "标题下面有不属于任何一条的文字");
            let before = self.statute.articles.len();
            self.statute.headings.push(Heading { level: 8, text: text.to_owned(), before });
            return;
        }
        let index = self.statute.articles.len() as u32;
        self.slot(i, Slot::Article(index));
        let row = line.role == Role::Row;
        // A table belongs to the paragraph above it.
        if row && let Some(last) = self.logical.last_mut() {
            last.text.push('\n');
            last.text.push_str(text);
            (last.last, last.row) = (i, true);
            return;
        }
        let is_item = shape::marker(text).is_some();
        let interrupted = self.interrupted;
        // 一、总体要求 is a heading of its own.
        let heads = self.enumerated
            && self.logical.len() == 1
            && self.logical.first().is_some_and(|l| {
                l.first == l.last && l.text.chars().count() <= 20 && !l.text.contains(['，', '《'])
            });
        if let Some(last) = self.logical.last_mut()
            && !row
            && !last.row
            && !is_item
            && !heads
            && goes_on(&last.text, (line, text), (interrupted, self.indented))
        {
            // Letters and figures on both sides were words of their own.
            if last.text.ends_with(|c: char| c.is_ascii_alphanumeric())
                && text.starts_with(|c: char| c.is_ascii_alphanumeric())
            {
                last.text.push(' ');
            }
            last.text.push_str(text);
            last.last = i;
        } else {
            self.logical.push(Logical { text: text.to_owned(), first: i, last: i, row });
        }
        self.watch_quote(i, text);
    }

    /// After 修改为： what looks like a label is quoted, inside “ ” up to the mark that closes.
    fn watch_quote(&mut self, i: usize, text: &str) {
        if !matches!(self.quote, Quote::None | Quote::Bare(_)) {
            return;
        }
        if !shape::is_amendment(text) {
            return;
        }
        let opens = shape::leaves_quote_open(text);
        let next_opens = text.ends_with(['：', ':']) && self.text(i + 1).starts_with('“');
        if !opens && !next_opens {
            return;
        }
        let from = if opens { i + 1 } else { i };
        let at = self.closings.partition_point(|c| *c < from);
        let end = self.closings.iter().skip(at).copied().find(|c| {
            // Each paragraph of a quotation opens anew, only the last one closes.
            !shape::leaves_quote_open(self.text(*c)) && !self.text(c + 1).starts_with('“')
        });
        if let Some(end) = end
            && end > i
            && end - i < 400
        {
            self.quote = Quote::Marked(end);
        }
    }

    fn close_article(&mut self) {
        let Some(mut article) = self.open.take() else { return };
        let index = self.statute.articles.len() as u32;
        self.take_closing(index);
        let lines: Vec<String> = std::mem::take(&mut self.logical).into_iter().map(|l| l.text).collect();
        article.paragraphs = paragraphs(lines);
        self.quote = Quote::None;
        self.check_items(&article);
        self.statute.articles.push(article);
    }

    /// Signature and date after the last article, and what a web page adds, are no text of it.
    fn take_closing(&mut self, index: u32) {
        let mut cut = self.logical.len();
        let mut dated = false;
        while cut > 1 {
            let Some(text) = self.logical.get(cut - 1).map(|l| l.text.as_str()) else { break };
            let short = text.chars().count() <= 40 && !shape::is_terminated(text);
            let closing = shape::is_date(text)
                || is_web_leftover(text)
                || text.starts_with("（此件") && text.ends_with('）')
                || text.starts_with("抄送")
                || short && dated && !text.contains(['，', '；', '：']) && shape::marker(text).is_none();
            if !closing {
                break;
            }
            dated |= shape::is_date(text);
            cut -= 1;
        }
        for logical in self.logical.split_off(cut) {
            let web = is_web_leftover(&logical.text);
            for i in logical.first..=logical.last {
                if self.slots.get(i) == Some(&Slot::Article(index)) {
                    self.slot(i, if web { Slot::Furniture } else { Slot::Closing });
                }
            }
            if web {
                self.warn("page-leftover", logical.first, format!("没有当作条文：{}", logical.text));
            }
            if web {
                self.statute.furniture.push(logical.text);
            } else {
                self.statute.closing.push(logical.text);
            }
        }
    }

    /// 附件：1.某某表 above the signature only lists what is attached; it is no annex itself.
    fn drop_list_of_annexes(&mut self) {
        let Some(annex) = self.statute.annexes.last() else { return };
        let signed = |l: &str| shape::is_date(l) || l.starts_with("（此件") || l.starts_with("抄送");
        let listed = |l: &str| !shape::is_terminated(l) && l.chars().count() <= 40;
        let closing = annex.title.contains(['：', ':'])
            && annex.text.lines().any(signed)
            && annex.text.lines().all(|l| signed(l) || listed(l));
        if !closing {
            return;
        }
        let index = self.statute.annexes.len() as u32 - 1;
        for slot in self.slots.iter_mut().filter(|s| **s == Slot::Annex(index)) {
            *slot = Slot::Closing;
        }
        if let Some(annex) = self.statute.annexes.pop() {
            self.statute.closing.push(annex.title);
            self.statute.closing.extend(annex.text.lines().map(str::to_owned));
        }
        self.in_annex = false;
    }

    /// Reports items whose numbering jumps.
    fn check_items(&mut self, article: &Article) {
        for paragraph in &article.paragraphs {
            let mut last = 0;
            for item in &paragraph.items {
                // In a notice the numbering of （一） goes on from one 一、 to the next.
                if item.number != last + 1 && !(last == 0 && self.enumerated) {
                    let message = if last == 0 {
                        format!("{}的项从（{}）开始", article.label, chinese(item.number))
                    } else {
                        format!(
                            "{}的第（{}）项后面就是第（{}）项",
                            article.label,
                            chinese(last),
                            chinese(item.number)
                        )
                    };
                    let line = article.line;
                    self.statute.warnings.push(Warning { code: "item-gap", message, line });
                }
                last = item.number;
            }
        }
    }

    fn finish(mut self) -> Parsed {
        self.drop_list_of_annexes();
        let s = &mut self.statute;
        if s.articles.is_empty() && s.kind == Kind::Articles {
            s.warnings.push(Warning {
                code: "no-articles",
                message: "没有找到“第一条”或者“一、”，这份文本可能不是法规".to_owned(),
                line: 0,
            });
        }
        if s.title.is_empty() {
            s.warnings.push(Warning { code: "no-title", message: "没有找到标题".to_owned(), line: 0 });
        }
        s.warnings.sort_by_key(|w| w.line);
        Parsed { statute: self.statute, slots: self.slots }
    }
}

/// Whether a number is the one after another: 第四条 or 第三条之一 after 第三条.
fn follows((number, sub): (u32, Option<u32>), (last, last_sub): (u32, Option<u32>)) -> bool {
    number == last + 1 && sub.is_none() || number == last && sub == Some(last_sub.unwrap_or(0) + 1)
}

/// The label that begins an article.
struct Opening {
    number: u32,
    sub: Option<u32>,
    label: String,
}

/// Whether a line is the rest of the paragraph before it.
fn goes_on(before: &str, (line, text): (&Line<'_>, &str), (interrupted, indented): (bool, bool)) -> bool {
    if before.is_empty() {
        return false;
    }
    if shape::is_date(text) || before.ends_with('日') && shape::is_date(before) || text.starts_with("（此件")
    {
        return false;
    }
    if shape::is_open(before) {
        return true;
    }
    let ended = shape::is_terminated(before);
    if indented && line.boundary != Boundary::Hard {
        return !line.indent;
    }
    if interrupted || line.boundary == Boundary::Page {
        return !ended;
    }
    line.boundary == Boundary::Soft && !ended
}

/// Whether a line of a table of contents ends with dots and a page number.
fn closes_line_of_contents(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_digit())
        && text.len() < 300
        && (text.contains("……") || text.contains("....") || text.contains('\t'))
}

/// Whether words are the title of a law or a document.
fn is_title(text: &str) -> bool {
    const ENDS: [&str; 24] = [
        "法",
        "条例",
        "办法",
        "规定",
        "解释",
        "细则",
        "规则",
        "决定",
        "通知",
        "意见",
        "批复",
        "准则",
        "规程",
        "方案",
        "标准",
        "制度",
        "规范",
        "公告",
        "修正案",
        "函",
        "决议",
        "目录",
        "规划",
        "要点",
    ];
    let squeezed: String = text.split_whitespace().collect();
    let bare = match squeezed.rfind(['（', '(', '〔', '[']) {
        Some(at) if at > 0 && squeezed.ends_with(['）', ')', '〕', ']']) => {
            squeezed.get(..at).unwrap_or_default()
        }
        _ => squeezed.as_str(),
    };
    ENDS.iter().any(|e| bare.ends_with(e)) && bare.chars().count() >= 3
}

/// Whether a line says when and by whom a text was made.
fn is_info(text: &str) -> bool {
    let words = ["通过", "公布", "发布", "施行", "修订", "修正", "批准", "修改", "印发", "废止"];
    let act = words.iter().any(|w| text.contains(w));
    let dated = shape::has_date(text);
    if text.starts_with(['（', '(']) {
        return dated || act;
    }
    if dated {
        return act || text.chars().count() <= 40;
    }
    let short = text.chars().count() <= 40 && !shape::is_terminated(text);
    let squeezed: String = if short { text.split_whitespace().collect() } else { String::new() };
    short
        && (squeezed.contains('〔') && squeezed.ends_with('号')
            || squeezed.contains('第') && squeezed.ends_with('号')
            || squeezed.ends_with('令') && squeezed.chars().count() <= 20
            || squeezed.contains("令第") && squeezed.ends_with('号'))
}

/// Whether a line is what a web page puts around a text. Never a sentence.
fn is_web_leftover(text: &str) -> bool {
    const STARTS: [&str; 32] = [
        "字号：",
        "【字号",
        "字体：",
        "【字体",
        "字号:",
        "字体:",
        "来源：",
        "来源:",
        "信息来源：",
        "发布时间：",
        "发布时间:",
        "发布日期：",
        "浏览次数",
        "打印本页",
        "【打印",
        "关闭窗口",
        "【关闭",
        "分享到",
        "责任编辑：",
        "责任编辑:",
        "编辑：",
        "上一篇",
        "下一篇",
        "相关链接",
        "相关附件",
        "扫一扫",
        "版权所有",
        "主办单位：",
        "网站地图",
        "当前位置：",
        "您所在的位置",
        "您现在的位置",
    ];
    const WHOLE: [&str; 8] = ["打印", "关闭", "首页", "返回顶部", "分享", "相关文章", "相关新闻", "相关解读"];
    let squeezed: String = if text.len() < 60 { text.split_whitespace().collect() } else { String::new() };
    text.chars().count() <= 80
        && !shape::is_terminated(text)
        && (STARTS.iter().any(|s| text.starts_with(s))
            || WHOLE.contains(&squeezed.as_str())
            || text.contains("ICP备")
            || text.contains("公网安备"))
}
