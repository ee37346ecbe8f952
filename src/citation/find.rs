//! Finds citations in a text.

use super::grammar::{Run, Start, Target, blanks, plain_number, run};
use super::names::{Hit, Law, Names};
use super::words::{
    AFTER_PART, COUNTED, GOODS, LAW_ENDS, NO_LAWS, THINGS, book, closing, decree, is_document, is_kind,
    is_law_title, is_lost, is_word, revision, same_law, strip_lead, years_in,
};
use super::{Position, Provision};
use std::collections::BTreeMap;
use std::ops::Range;

/// One citation as it stands in the text: places of one law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Bytes of the text, law name included where it directly precedes.
    pub range: Range<usize>,
    /// The law, `None` where none can be told.
    pub law: Option<Law>,
    /// The places cited, each with its own bytes. Empty where they depend on a place that is not known (前款).
    pub targets: Vec<Target>,
    /// Whether the places were told relative to where the text stands: 前款, 本条, a bare 第二款.
    pub relative: bool,
}

impl Found {
    /// Every single place, ranges opened.
    #[must_use]
    pub fn provisions(&self) -> Vec<Provision> {
        self.targets.iter().flat_map(Target::provisions).collect()
    }
}

/// Where a text stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    /// The law that 本法 and 本条例 mean, and that articles without a name belong to.
    pub own: Option<Law>,
    /// The article, and perhaps 款, that the text is part of.
    pub at: Option<Position>,
    /// Whether 条例第三十六条 without marks means the law that is called 《条例》 everywhere. Pages of the handbook name their
    /// laws in full; letters and talk do not.
    pub loose: bool,
}

impl Context {
    /// Inside the law `id` of the corpus, if any.
    #[must_use]
    pub fn of(own: Option<&str>) -> Self {
        Self { own: own.map(|id| Law::Known(id.to_owned())), ..Self::default() }
    }
}

/// Finds every citation of articles in `text`.
///
/// A law once named holds for the articles after it, until another law or a document that is no law is named.
#[must_use]
pub fn find(text: &str, names: &Names, context: &Context) -> Vec<Found> {
    let mut finder = Finder {
        text,
        names,
        own: context.own.as_ref(),
        at: context.at,
        law: context.own.clone().map_or(Subject::Nothing, Subject::Law),
        named: context.own.clone().into_iter().collect(),
        marked: BTreeMap::new(),
        bare: vec![],
        last: None,
        line: Line::default(),
        loose: context.loose,
        labelled: context.at.is_some(),
        found: vec![],
    };
    finder.run();
    finder.found
}

/// What articles without a name belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Subject {
    Nothing,
    Law(Law),
    /// A contract, a judgment, a notice: its clauses are no law.
    Document,
}

/// The line that is being read.
#[derive(Debug, Clone, Copy, Default)]
struct Line {
    start: usize,
    /// Whether the line before ended with the end of a sentence, or was empty.
    fresh: bool,
}

struct Finder<'a> {
    text: &'a str,
    names: &'a Names,
    own: Option<&'a Law>,
    at: Option<Position>,
    law: Subject,
    /// Laws named so far, the last one last.
    named: Vec<Law>,
    /// 以下简称《条例》
    marked: BTreeMap<String, Law>,
    /// 以下简称示例办法
    bare: Vec<(String, Law)>,
    /// The last place cited, and where that ended.
    last: Option<(Provision, usize)>,
    line: Line,
    loose: bool,
    /// Whether the text is that of a law, with labels at its lines' starts.
    labelled: bool,
    found: Vec<Found>,
}

/// Laws that are remembered for 该法.
const REMEMBERED: usize = 16;
impl<'a> Finder<'a> {
    fn run(&mut self) {
        let mut from = 0;
        self.begin_line(0);
        while let Some((start, end, hit)) = self.names.next(self.text, from) {
            from = match hit {
                Hit::Name(law) => self.bare_name(start, end, law),
                Hit::Trigger(word) => match word {
                    "\n" => {
                        self.begin_line(end);
                        end
                    }
                    "第" => self.ordinal(start, end),
                    "条例" => self.kind_word(start, end),
                    "《" | "〈" | "＜" | "<" | "「" | "『" => self.marked_title(start, end),
                    _ if word.starts_with('本') && !matches!(word, "本条" | "本款") => {
                        self.own_law(start, end, word)
                    }
                    _ if word.starts_with("前") && !word.starts_with("前述")
                        || matches!(word, "本条" | "本款") =>
                    {
                        self.relative(start, end, word)
                    }
                    "该条" | "同条" | "该款" | "同款" => self.again(start, end, word),
                    _ => self.that_law(start, end, word),
                },
            }
            .max(end);
        }
    }

    fn rest(&self, at: usize) -> &'a str {
        self.text.get(at..).unwrap_or_default()
    }

    /// Where the last citation ended: nothing before it belongs to another.
    fn floor(&self) -> usize {
        self.found.last().map_or(0, |f| f.range.end)
    }

    fn before(&self, at: usize) -> &'a str {
        self.text.get(..at).unwrap_or_default()
    }

    // Lines

    /// A new line: in the text of a law its label or its 款 says where what follows stands.
    fn begin_line(&mut self, start: usize) {
        let before = self.before(start).trim_end_matches('\n').trim_end();
        let fresh = start == 0
            || before.is_empty()
            || self.before(start).ends_with("\n\n")
            || before.ends_with(['。', '；', '：', '！', '？', '”', '）', ';', ':', '>']);
        self.line = Line { start, fresh };
        let line = self.rest(start);
        let content =
            line.trim_start_matches([' ', '\u{3000}', '\t', '\r', '*', '#', '\u{a0}', '\u{200b}', '>']);
        if content.is_empty() || content.starts_with('\n') {
            return;
        }
        match self.own {
            Some(own) => self.law = Subject::Law(own.clone()),
            // A title that was blacked out does not stand for what other paragraphs mean.
            None if self.law == Subject::Law(Law::Lost) => self.law = Subject::Nothing,
            None => {}
        }
        if start == 0 || !self.labelled {
            return;
        }
        // Items belong to the 款 above them.
        let item = content.starts_with(['（', '(']) || content.starts_with(|c: char| c.is_ascii_digit());
        if !item
            && !content.starts_with('第')
            && fresh
            && let Some(at) = &mut self.at
        {
            at.paragraph = Some(at.paragraph.unwrap_or(1) + 1);
        }
    }

    /// Whether 第X条 at `start` is the label of an article at the start of its line; `end` is where it ends.
    fn is_label(&self, start: usize, run: &Run) -> bool {
        let lead = self.text.get(self.line.start..start).unwrap_or_default();
        if !lead.chars().all(|c| {
            matches!(c, ' ' | '\u{3000}' | '\t' | '*' | '#' | '\u{a0}' | '\u{200b}' | '>' | '\u{feff}')
        }) {
            return false;
        }
        let Some(first) = run.targets.first() else { return false };
        // Only the article itself can be a label; where 款 or 项 follow at once it is a reference, or a label with its first item.
        let label_end = self.label_end(start);
        let Some(label_end) = label_end else { return false };
        let after = self.rest(label_end);
        let blank =
            after.is_empty() || after.starts_with([' ', '\u{3000}', '\t', '\u{a0}', '\n', '\r', '【', '*']);
        let trimmed = after.trim_start_matches([' ', '\u{3000}', '\t', '\u{a0}', '*']);
        let continues = [
            "的",
            "规定",
            "之规定",
            "第",
            "、",
            "，",
            "。",
            "；",
            "和第",
            "及第",
            "至",
            "到",
            "所列",
            "所称",
            "所述",
            "中的",
            "以及",
            "或者第",
            "与第",
            "修改为",
            "改为",
            "—",
        ]
        .iter()
        .any(|s| trimmed.starts_with(s));
        if run.targets.len() > 1 || first.to.is_some() || continues {
            return false;
        }
        if blank {
            return true;
        }
        // No blank after it: only in a text that is that of a law.
        self.line.fresh && (self.labelled || self.own.is_some())
    }

    /// Where the label that starts here ends: 第三十六条之一.
    fn label_end(&self, start: usize) -> Option<usize> {
        let (_, end) = plain_number(self.text, blanks(self.text, start + '第'.len_utf8()))?;
        let end = blanks(self.text, end);
        let end = self.rest(end).starts_with('条').then(|| end + '条'.len_utf8())?;
        if self.rest(end).starts_with('之')
            && let Some((_, stop)) = plain_number(self.text, end + '之'.len_utf8())
        {
            return Some(stop);
        }
        Some(end)
    }

    fn labelled_at(&mut self, start: usize, run: &Run) -> usize {
        let end = self.label_end(start).unwrap_or(run.end);
        if let Some(target) = run.targets.first() {
            self.at =
                Some(Position { article: target.from.article, sub: target.from.sub, paragraph: Some(1) });
            self.labelled = true;
            self.last = None;
        }
        end
    }

    // Names of laws

    fn remember(&mut self, law: &Law) {
        self.law = Subject::Law(law.clone());
        if self.named.last() != Some(law) {
            if self.named.len() == REMEMBERED {
                self.named.remove(0);
            }
            self.named.push(law.clone());
        }
    }

    /// A name without marks.
    fn bare_name(&mut self, start: usize, end: usize, law: Law) -> usize {
        // 行政处罚法实施办法 is another law than 行政处罚法.
        if let Some((stop, title)) = self.longer_name(start, end) {
            let begin = stop.saturating_sub(title.len());
            let law = self.names.titled(&title).unwrap_or(Law::Unknown(title));
            return self.named_law(begin, stop, law);
        }
        // 某市档案条例 is not 档案条例, and 合同法 is no part of 劳动合同法.
        let begin = self.name_start(start);
        if let Some(prefix) = self.foreign_prefix(begin) {
            let title = self.text.get(prefix..end).unwrap_or_default().to_owned();
            return self.named_law(prefix, end, Law::Unknown(title));
        }
        self.named_law(begin, end, law)
    }

    /// 中华人民共和国 before a short name belongs to it.
    fn name_start(&self, start: usize) -> usize {
        self.before(start).strip_suffix("中华人民共和国").map_or(start, str::len)
    }

    /// The place name that makes a name that of a local regulation: 北京市|物业管理条例.
    fn foreign_prefix(&self, start: usize) -> Option<usize> {
        let before = self.before(start);
        let last = before.chars().next_back()?;
        if !matches!(last, '省' | '市' | '县' | '区' | '州' | '盟' | '旗') {
            return None;
        }
        let name_start = before
            .char_indices()
            .rev()
            .take(12)
            .take_while(|(_, c)| is_word(*c))
            .last()
            .map_or(start, |(i, _)| i);
        let words = self.text.get(name_start..start)?;
        let from = name_start + strip_lead(words);
        let name = self.text.get(from..start)?;
        // 本市, 全省 and the like are no names.
        (from >= self.floor()
            && name.chars().count() >= 3
            && !["本", "全", "该", "各", "我", "外省", "外市", "上级", "跨"]
                .iter()
                .any(|w| name.starts_with(w)))
        .then_some(from)
    }

    /// Words that follow a name and make it another one.
    fn longer_name(&self, start: usize, end: usize) -> Option<(usize, String)> {
        const TAILS: [&str; 16] = [
            "实施条例",
            "实施细则",
            "实施办法",
            "施行条例",
            "实施规定",
            "司法解释",
            "修正案",
            "修订草案",
            "草案",
            "的解释",
            "若干问题的规定",
            "施行法",
            "实施若干规定",
            "实施意见",
            "执法规定",
            "施行细则",
        ];
        let tail = TAILS.iter().find(|t| self.rest(end).starts_with(**t))?;
        // 依照行政复议法实施条例 names the one, 适用行政诉讼法的解释 the other: only with an article right after.
        let stop = self.serial(end + tail.len());
        let mut begin = self.name_start(start);
        // 最高人民法院关于适用行政诉讼法的解释
        if *tail == "的解释"
            && let Some(head) = self.before(begin).strip_suffix("关于适用")
        {
            begin = ["最高人民法院", "最高人民检察院"]
                .iter()
                .find_map(|c| head.strip_suffix(c))
                .unwrap_or(head)
                .len();
        }
        // 浙江省|档案法实施办法
        let begin = self.foreign_prefix(begin).unwrap_or(begin);
        Some((stop, self.text.get(begin..stop)?.to_owned()))
    }

    /// Past the number of an amendment or an interpretation: 修正案|（八）, 司法解释|三.
    fn serial(&self, at: usize) -> usize {
        let rest = self.rest(at);
        let (open, inner) = match rest.strip_prefix(['（', '(']) {
            Some(inner) => (rest.len() - inner.len(), inner),
            None => (0, rest),
        };
        let length: usize =
            inner.chars().take_while(|c| crate::text::is_numeral(*c)).map(char::len_utf8).sum();
        let after = inner.get(length..).unwrap_or_default();
        match (length, open) {
            (0, _) => at,
            (_, 0) => at + length,
            _ if after.starts_with(['）', ')']) => {
                at + open + length + after.chars().next().map_or(0, char::len_utf8)
            }
            _ => at,
        }
    }

    /// What makes a title in marks that of another law: 《公司法》|司法解释三, 《刑法》|修正案（十一）.
    fn companion(&self, end: usize) -> Option<usize> {
        const TAILS: [&str; 4] = ["的司法解释", "司法解释", "修正案", "解释"];
        let tail = TAILS.iter().find(|t| self.rest(end).starts_with(**t))?;
        let at = end + tail.len();
        let stop = self.serial(at);
        // 《…》解释 alone may be a verb: 该条解释为.
        (*tail != "解释" || stop > at || self.rest(at).starts_with('第')).then_some(stop)
    }

    /// The law `law` was named from `start` to `end`: reads what follows. Returns where to go on.
    fn named_law(&mut self, start: usize, end: usize, law: Law) -> usize {
        let end = self.alias(end, &law);
        let (at, year) = self.gap(end);
        let between = self.text.get(end..at).unwrap_or_default();
        let law = match self.made_by(between) {
            // 《…》（国务院令第492号）
            Some(version) if same_law(&version, &law) => version,
            _ => self.dated(start, law, year),
        };
        self.remember(&law);
        self.articles_of(start, at, Some(law)).unwrap_or(end)
    }

    /// Reads articles at `at` that belong to a citation which began at `start`.
    fn articles_of(&mut self, start: usize, at: usize, law: Option<Law>) -> Option<usize> {
        let at = self.chapters(at).unwrap_or(at);
        let found = run(self.text, at, Start::AfterName)?;
        // A label on the next line is no part of this one.
        if self.text.get(start..at).is_some_and(|t| t.contains('\n')) {
            return None;
        }
        Some(self.push(start, found, (law, false)))
    }

    fn push(&mut self, start: usize, mut found: Run, (law, relative): (Option<Law>, bool)) -> usize {
        if let Some(first) = found.targets.first_mut() {
            first.range.start = start;
        }
        if let Some(last) = found.targets.last() {
            self.last = Some((last.to.unwrap_or(last.from), found.end));
        }
        self.found.push(Found { range: start..found.end, law, targets: found.targets, relative });
        found.end
    }

    /// 第三章第二节 right before an article: where they end.
    fn chapters(&self, mut at: usize) -> Option<usize> {
        let mut any = false;
        loop {
            let here = blanks(self.text, at);
            let Some(after) = self.rest(here).strip_prefix('第') else { break };
            let (_, end) = plain_number(self.text, blanks(self.text, self.text.len() - after.len()))?;
            let rest = self.rest(end);
            let Some(unit) = ["分编", "编", "章", "节"].iter().find(|u| rest.starts_with(**u)) else {
                break;
            };
            at = blanks(self.text, end + unit.len());
            any = true;
        }
        any.then_some(at)
    }

    /// 《…》, 〈…〉, <…>.
    fn marked_title(&mut self, start: usize, open_end: usize) -> usize {
        let open = self.text.get(start..open_end).unwrap_or_default();
        let Some((title_end, end)) =
            closing(self.rest(open_end), open).map(|(a, b)| (open_end + a, open_end + b))
        else {
            return self.unclosed(start, open_end);
        };
        let title = self.text.get(open_end..title_end).unwrap_or_default();
        if open != "《" && !is_law_title(title) {
            return open_end;
        }
        if is_lost(title) {
            let (at, _) = self.gap(end);
            self.law = Subject::Law(Law::Lost);
            return self.articles_of(start, at, Some(Law::Lost)).unwrap_or(end);
        }
        let name = title.split_whitespace().collect::<String>();
        let known = self.marked.get(&name).cloned().or_else(|| self.names.titled(title));
        if known.is_none() && is_document(&name) {
            self.law = Subject::Document;
            let (at, _) = self.gap(end);
            return self.skip_run(at).unwrap_or(end);
        }
        let law = known.unwrap_or_else(|| Law::Unknown(name.clone()));
        let law = match (years_in(title), law) {
            (Some(year), Law::Known(id)) => self.edition(id, &name, (year, false)),
            (_, law) => law,
        };
        if let Some(stop) = self.companion(end) {
            let title = format!("{name}{}", self.text.get(end..stop).unwrap_or_default());
            let law = self.names.titled(&title).unwrap_or(Law::Unknown(title));
            return self.named_law(start, stop, law);
        }
        self.named_law(start, end, law)
    }

    /// 《行政诉讼法第六十三条: the mark that should close was forgotten.
    fn unclosed(&mut self, start: usize, open_end: usize) -> usize {
        let head: String =
            self.rest(open_end).chars().take(60).take_while(|c| !matches!(c, '\n' | '。' | '《')).collect();
        let Some(at) = head.find('第') else { return open_end };
        let title = head.get(..at).unwrap_or_default().trim();
        let known = self.marked.get(title).cloned().or_else(|| self.names.titled(title));
        match known {
            Some(law) if !title.is_empty() => self.named_law(start, open_end + title.len(), law),
            _ => open_end,
        }
    }

    /// Passes over clauses of a document that is no law.
    fn skip_run(&self, at: usize) -> Option<usize> {
        run(self.text, self.chapters(at).unwrap_or(at), Start::AfterName).map(|r| r.end)
    }

    /// （以下简称《条例》） after a law's name: from here on it is called so too. Returns where that ends.
    fn alias(&mut self, end: usize, law: &Law) -> usize {
        let at = blanks(self.text, end);
        let rest = self.rest(at);
        let Some(open) = rest.chars().next().filter(|c| matches!(c, '（' | '(')) else { return end };
        let inner = rest.get(open.len_utf8()..).unwrap_or_default();
        let Some(close) =
            inner.char_indices().take(80).find(|(_, c)| matches!(c, '）' | ')')).map(|(i, _)| i)
        else {
            return end;
        };
        let inside = inner.get(..close).unwrap_or_default();
        let Some(said) = ["以下简称", "下称", "以下称", "简称", "以下统称"]
            .iter()
            .find_map(|w| inside.find(w).map(|i| i + w.len()))
        else {
            return end;
        };
        let name = inside.get(said..).unwrap_or_default();
        let name = name
            .trim_start_matches(['为', '：', ':', ' ', '\u{3000}', '“', '"', '‘', '「'])
            .trim_end_matches(['”', '"', '’', '」', ' ', '\u{3000}']);
        for one in name.split(['或', '、']) {
            let one = one.trim().trim_matches(['“', '”', '"']);
            let inner = one.strip_prefix(['《', '〈']).and_then(|n| n.strip_suffix(['》', '〉']));
            let bare: String = inner.unwrap_or(one).split_whitespace().collect();
            if bare.is_empty() || bare.chars().count() > 40 {
                continue;
            }
            // 本法 as an alias would hide what 本法 means.
            if inner.is_none() && !bare.starts_with('本') {
                self.bare.retain(|(n, _)| *n != bare);
                self.bare.push((bare.clone(), law.clone()));
            }
            self.marked.insert(bare, law.clone());
        }
        let closing = inner.get(close..).and_then(|t| t.chars().next()).map_or(0, char::len_utf8);
        at + open.len_utf8() + close + closing
    }

    /// What may stand between a law's name and its article: blanks, 的, a decree number, a parenthesis; and a year in it.
    fn gap(&self, mut at: usize) -> (usize, Option<u32>) {
        let mut year = None;
        for _ in 0..8 {
            at = blanks(self.text, at);
            let rest = self.rest(at);
            let Some(c) = rest.chars().next() else { break };
            match c {
                '”' | '’' | '"' | '」' | '』' | '》' | '〉' | '*' | '`' | '\0' => at += c.len_utf8(),
                '（' | '(' | '[' | '〔' | '［' | '【' => {
                    let close = rest
                        .char_indices()
                        .take(90)
                        .find(|(_, c)| matches!(c, '）' | ')' | ']' | '〕' | '］' | '】' | '\n'));
                    let Some((i, close)) = close.filter(|(_, c)| *c != '\n') else { break };
                    let inside = rest.get(c.len_utf8()..i).unwrap_or_default();
                    // （三）项 of a law without an article is no parenthesis.
                    if crate::text::number(inside.trim()).is_some() {
                        break;
                    }
                    let nested = inside.matches(['（', '(', '〔', '[']).count() > 0
                        && matches!(close, '〕' | ']' | '］');
                    year = year.or_else(|| years_in(rest.get(..i + close.len_utf8()).unwrap_or_default()));
                    at += i + close.len_utf8();
                    if nested {
                        // （法释〔2018〕1号）: the outer bracket closes later.
                        let tail: String = self.rest(at).chars().take(30).collect();
                        let Some(end) = tail.find(['）', ')']) else { break };
                        at += end + tail.get(end..).and_then(|t| t.chars().next()).map_or(0, char::len_utf8);
                    }
                }
                '的' | '之' if ["的第", "之第"].iter().any(|w| rest.starts_with(w)) => {
                    at += c.len_utf8();
                }
                '中' | '里'
                    if rest
                        .get(c.len_utf8()..)
                        .is_some_and(|t| t.starts_with('第') || t.starts_with("的第")) =>
                {
                    at += c.len_utf8();
                    if self.rest(at).starts_with('的') {
                        at += '的'.len_utf8();
                    }
                }
                _ => match decree(rest).or_else(|| revision(rest)).or_else(|| book(rest)) {
                    Some((length, found)) => {
                        year = year.or(found);
                        at += length;
                    }
                    None => break,
                },
            }
        }
        (at, year)
    }

    /// The law, or an earlier version of it where a year or 旧 stands before its name, or a year after it.
    fn dated(&self, start: usize, law: Law, year: Option<u32>) -> Law {
        let Law::Known(id) = &law else { return law };
        let before = self.before(start).trim_end().trim_end_matches(['“', '"', '（', '(']);
        let name = self.names.title(id).unwrap_or(id).to_owned();
        let before = before.strip_suffix('的').unwrap_or(before);
        let worded =
            ["修订", "修正", "颁布", "公布", "施行", "制定", "版", "发布", "实施", "通过", "起施行", "出台"]
                .iter()
                .find_map(|w| before.strip_suffix(w))
                .unwrap_or(before);
        let digits: String = worded
            .strip_suffix('年')
            .map(|b| b.chars().rev().take_while(char::is_ascii_digit).collect())
            .unwrap_or_default();
        if let (4, Ok(year)) = (digits.len(), digits.chars().rev().collect::<String>().parse::<u32>()) {
            return self.edition(id.clone(), &name, (year, true));
        }
        let former = ["旧", "原", "修订前", "修改前", "修正前", "老", "废止前", "原来"];
        let word = before.trim_end_matches(['的', '《']);
        if former.iter().any(|w| word.ends_with(w)) && !before.ends_with("中原") && !before.ends_with("平原")
        {
            return Law::Earlier { id: Some(id.clone()), name, year: None };
        }
        match year {
            Some(year) => self.edition(id.clone(), &name, (year, false)),
            None => law,
        }
    }

    /// The version that the act between a name and an article made.
    fn made_by(&self, between: &str) -> Option<Law> {
        let inner = between.trim().trim_matches(['（', '）', '(', ')']);
        let end = inner.rfind('号')? + '号'.len_utf8();
        let number = inner.get(..end)?;
        let from = number
            .rfind(['，', '、', ' ', '日', '由'])
            .map_or(0, |i| i + number.get(i..).and_then(|t| t.chars().next()).map_or(0, char::len_utf8));
        self.names.numbered(number.get(from..)?)
    }

    /// The version of `id` that is called by a year; `older` says that an unknown one is taken for an earlier one.
    fn edition(&self, id: String, name: &str, (year, older): (u32, bool)) -> Law {
        match self.names.is_current_year(&id, year) {
            Some(true) => Law::Known(id),
            None if !older => Law::Known(id),
            _ => Law::Earlier { id: Some(id), name: name.to_owned(), year: Some(year) },
        }
    }

    /// 本法, 本条例.
    fn own_law(&mut self, start: usize, end: usize, word: &str) -> usize {
        if word == "本法" && self.rest(end).starts_with(['院', '律', '规', '官', '庭', '人', '学']) {
            return end;
        }
        let law = match self.own {
            Some(own) => Some(own.clone()),
            // Here it was said what 本条例 is called.
            None => self.bare.iter().find(|(n, _)| n == word).map(|(_, l)| l.clone()),
        };
        if let Some(law) = &law {
            self.remember(law);
        }
        let (at, _) = self.gap(end);
        if self.text.get(end..at).is_some_and(|t| t.contains(['（', '('])) {
            return end;
        }
        self.articles_of(start, at, law).unwrap_or(end)
    }

    /// 该法, 同法, 该条例: the law named last, if need be the last one of that kind.
    fn that_law(&mut self, start: usize, end: usize, word: &str) -> usize {
        let before = self.before(start);
        let inside = match word {
            "同法" | "同条例" => before.ends_with(['合', '共', '不', '相', '协', '赞', '苟']),
            _ => before.ends_with(['应', '活']),
        };
        if inside {
            return end;
        }
        let kind = word.trim_start_matches(['该', '同', '上', '前', '述']);
        let kind = if kind == "法律" { "法" } else { kind };
        let fits = |law: &&Law| self.is_of_kind(law, kind);
        // 该规定 may be any of them, 该法 is a law.
        let any = || self.named.last().filter(|_| kind == "规定" || word.ends_with("法律"));
        let law = self.named.iter().rev().find(fits).or_else(any).cloned();
        let (at, _) = self.gap(end);
        let Some(stop) = self.articles_of(start, at, law.clone()) else { return end };
        if let Some(law) = &law {
            self.remember(law);
        }
        stop
    }

    /// 条例三十六条: the article right after the bare word, without 第.
    fn kind_word(&mut self, start: usize, end: usize) -> usize {
        if self.rest(end).starts_with('第') {
            return end;
        }
        let Some(found) = run(self.text, end, Start::AfterName) else { return end };
        match self.subject_before(end) {
            Some((begin, Subject::Law(law))) if begin <= start => {
                let law = self.dated(begin, law, None);
                self.remember(&law);
                self.push(begin, found, (Some(law), false))
            }
            _ => end,
        }
    }

    // Places without a law's name

    /// 前款, 前两款, 前条, 本条, 本款.
    fn relative(&mut self, start: usize, end: usize, word: &str) -> usize {
        let (before, rest) = (self.before(start), self.rest(end));
        let begins = |words: &[&str]| words.iter().any(|w| rest.starts_with(w));
        let part_of_word = match word {
            "本条" => {
                before.ends_with(['基', '根', '原', '样', '剧', '脚', '文', '一', '三', '书'])
                    || begins(&THINGS)
                    || rest.starts_with(['令', '文', '状', '形', '幅', '理'])
            }
            "本款" => before.ends_with(['基', '成', '样']) || begins(&GOODS),
            "前条" => before.ends_with(['目', '之']) || rest.starts_with(['件', '例', '款']),
            "前款" => {
                before.ends_with('提')
                    || begins(&GOODS) && !rest.starts_with("项规定")
                    || begins(&["还", "付", "结清", "已付", "未付", "未还"])
            }
            _ => rest.starts_with(['项', '产']),
        };
        if part_of_word {
            return end;
        }
        let law = self.own.cloned().or_else(|| match &self.law {
            Subject::Law(law) if self.at.is_some() => Some(law.clone()),
            _ => None,
        });
        let places = self.relative_places(word);
        let found = match (places.as_deref(), word) {
            (Some([one]), _) => run(self.text, end, Start::At(*one)).map(|mut run| {
                if let Some(first) = run.targets.first_mut() {
                    first.range.start = start;
                }
                run
            }),
            (Some(all), _) => Some(Run {
                targets: all.iter().map(|p| Target { range: start..end, from: *p, to: None }).collect(),
                end,
            }),
            (None, _) => None,
        };
        match found {
            Some(found) => self.push(start, found, (law, true)),
            None => {
                // The place is not known; what is cited below it belongs to the same words.
                let stop = run(self.text, end, Start::At(Provision::article(1))).map_or(end, |r| r.end);
                self.found.push(Found { range: start..stop, law, targets: vec![], relative: true });
                stop
            }
        }
    }

    /// The places that a word means from where the text stands.
    fn relative_places(&self, word: &str) -> Option<Vec<Provision>> {
        let at = self.at?;
        let article = Provision { sub: at.sub, ..Provision::article(at.article) };
        let back = |n: u32| -> Option<Vec<Provision>> {
            let own = at.paragraph?;
            (own > n).then(|| (own - n..own).map(|p| Provision { paragraph: Some(p), ..article }).collect())
        };
        let articles = |n: u32| -> Option<Vec<Provision>> {
            // Where articles were put in, the one before is not known from its number.
            if let Some(sub) = at.sub {
                let before = if sub > 1 {
                    Provision { sub: Some(sub - 1), ..article }
                } else {
                    Provision::article(at.article)
                };
                return (n == 1).then(|| vec![before]);
            }
            (at.article > n).then(|| (at.article - n..at.article).map(Provision::article).collect())
        };
        match word {
            "本条" => Some(vec![article]),
            "本款" => at.paragraph.map(|p| vec![Provision { paragraph: Some(p), ..article }]),
            "前款" => back(1),
            "前两款" | "前二款" => back(2),
            "前三款" => back(3),
            "前四款" => back(4),
            "前条" => articles(1),
            "前两条" | "前二条" => articles(2),
            "前三条" => articles(3),
            _ => None,
        }
    }

    /// 该条, 同条, 该款: the place cited last.
    fn again(&mut self, start: usize, end: usize, word: &str) -> usize {
        let rest = self.rest(end);
        if self.before(start).ends_with(['不', '合', '相', '共', '应', '各']) || self.law == Subject::Document
        {
            return end;
        }
        let things: &[&str] = if word.ends_with('条') { &THINGS } else { &GOODS };
        let meant = !things.iter().any(|w| rest.starts_with(w));
        let Some((last, _)) = self.last.filter(|_| meant) else { return end };
        let base = if word.ends_with('条') {
            last.whole()
        } else {
            Provision { item: None, subitem: None, ..last }
        };
        if word.ends_with('款') && base.paragraph.is_none() {
            return end;
        }
        let law = match &self.law {
            Subject::Law(law) => Some(law.clone()),
            _ => None,
        };
        match run(self.text, end, Start::At(base)) {
            Some(found) => self.push(start, found, (law, false)),
            None => end,
        }
    }

    /// 第: an article, or 款 and 项 of the last one.
    fn ordinal(&mut self, start: usize, end: usize) -> usize {
        let chapters = self.chapters(start);
        let at = chapters.unwrap_or(start);
        let Some(found) = run(self.text, at, Start::Article) else { return self.part(start, end) };
        if chapters.is_none() && self.is_label(start, &found) {
            return self.labelled_at(start, &found);
        }
        let subject = self.subject_before(start);
        let (begin, subject) = match subject {
            Some((begin, subject)) => (begin, subject),
            None => (start, self.law.clone()),
        };
        let after = self.rest(found.end);
        let single = found.targets.len() == 1
            && found.targets.first().is_some_and(|t| t.from == t.from.whole() && t.to.is_none());
        if after.starts_with("约定") {
            self.law = Subject::Document;
            return found.end;
        }
        let counted = COUNTED.iter().any(|w| after.starts_with(w));
        if begin == start && single && counted {
            return found.end;
        }
        let mut found = found;
        // 第十四条、第一条线索: the last of them is no article.
        if counted && found.targets.last().is_some_and(|t| t.from == t.from.whole() && t.to.is_none()) {
            found.targets.pop();
            found.end = found.targets.last().map_or(found.end, |t| t.range.end);
        }
        match subject {
            Subject::Document => {
                self.law = Subject::Document;
                found.end
            }
            Subject::Law(law) => {
                // 2007年条例第二十一条
                let law = if begin < start { self.dated(begin, law, None) } else { law };
                self.remember(&law);
                self.push(begin, found, (Some(law), false))
            }
            Subject::Nothing => self.push(begin, found, (None, false)),
        }
    }

    /// What the words right before an article say of whose it is; `None` where they say nothing.
    fn subject_before(&self, start: usize) -> Option<(usize, Subject)> {
        // Words of the citation before are no part of a name.
        let floor = self.floor();
        let before = self.text.get(floor..start)?;
        let trimmed =
            before.trim_end_matches([' ', '\u{3000}', '\u{a0}', '”', '"', '’', '」', '》', '*', '`']);
        let trimmed = ["中的", "里的", "的", "中", "里", "之"]
            .iter()
            .find_map(|w| trimmed.strip_suffix(w))
            .unwrap_or(trimmed);
        let trimmed = trimmed.trim_end_matches(['”', '"', '’', '」']);
        if trimmed.ends_with('号') {
            let (from, subject) = self.numbered_before(trimmed)?;
            return Some((floor + from, subject));
        }
        let word_start =
            trimmed.char_indices().rev().take(40).take_while(|(_, c)| is_word(*c)).last().map(|(i, _)| i)?;
        let words = trimmed.get(word_start..)?;
        // A name that this text gave a law itself.
        let local =
            self.bare.iter().filter(|(n, _)| words.ends_with(n.as_str())).max_by_key(|(n, _)| n.len());
        if let Some((name, law)) = local {
            return Some((floor + trimmed.len() - name.len(), Subject::Law(law.clone())));
        }
        if is_document(words) {
            return Some((start, Subject::Document));
        }
        let from = word_start + strip_lead(words);
        let name = trimmed.get(from..)?;
        let kind = LAW_ENDS.iter().find(|k| name.ends_with(**k))?;
        if name == *kind {
            return self.by_kind(kind, floor + from).map(|law| (floor + from, Subject::Law(law)));
        }
        if name.chars().count() < 3
            || NO_LAWS.iter().any(|w| name.ends_with(w))
            || ["有关", "相关", "上述", "前述", "本", "该", "以上"]
                .iter()
                .any(|w| name.strip_suffix(kind).is_some_and(|n| n.ends_with(w)))
        {
            return None;
        }
        // The whole run of characters may be the one long name that was found already.
        let law = self.names.titled(name).unwrap_or_else(|| Law::Unknown(name.to_owned()));
        Some((floor + from, Subject::Law(law)))
    }

    /// 国办函〔2020〕109号第四条, 国务院令第492号第二十一条: the act itself.
    fn numbered_before(&self, text: &str) -> Option<(usize, Subject)> {
        let marks =
            |c: char| is_word(c) || c.is_ascii_digit() || matches!(c, '〔' | '〕' | '[' | ']' | '［' | '］');
        let start =
            text.char_indices().rev().take(40).take_while(|(_, c)| marks(*c)).last().map(|(i, _)| i)?;
        let words = text.get(start..)?;
        let signed = words.find(['〔', '[', '［', '令'])?;
        let from = start + strip_lead(words.get(..signed)?);
        let number = text.get(from..)?;
        let law = self.names.numbered(number).or_else(|| self.names.titled(number));
        Some((from, Subject::Law(law.unwrap_or_else(|| Law::Unknown(number.to_owned())))))
    }

    /// Whether a law is a 法, a 条例, …; of one whose title is not known nobody can say that it is not.
    fn is_of_kind(&self, law: &Law, kind: &str) -> bool {
        match law {
            Law::Known(id) => self.names.title(id).is_none_or(|t| is_kind(t, kind)),
            Law::Unknown(title) => is_kind(title, kind),
            Law::Earlier { name, .. } => is_kind(name, kind),
            Law::Lost => false,
        }
    }

    /// 条例第三十六条: the law of that kind that was named last, or that is called so everywhere.
    fn by_kind(&self, kind: &str, start: usize) -> Option<Law> {
        if let Some(law) = self.marked.get(kind) {
            return Some(law.clone());
        }
        let fits = |law: &&Law| self.is_of_kind(law, kind);
        // 2007年条例 is an earlier version whatever else is meant.
        let everywhere = || {
            let law = self.names.titled(kind)?;
            let older = matches!(self.dated(start, law.clone(), None), Law::Earlier { .. });
            (self.loose || older).then_some(law)
        };
        self.named.iter().rev().find(fits).cloned().or_else(everywhere)
    }

    /// A bare 第二款 or 第（三）项: of the article cited last in the same sentence, or of the one the text stands in.
    fn part(&mut self, start: usize, end: usize) -> usize {
        if self.law == Subject::Document {
            return end;
        }
        let near = self.last.filter(|(_, stop)| {
            self.text.get(*stop..start).is_some_and(|t| t.len() < 400 && !t.contains(['。', '\n']))
        });
        let own = self.at.map(|at| Provision {
            sub: at.sub,
            paragraph: at.paragraph,
            ..Provision::article(at.article)
        });
        let Some(base) = near.map(|(last, _)| last).or(own) else { return end };
        let is_paragraph = plain_number(self.text, blanks(self.text, end))
            .is_some_and(|(_, e)| self.rest(blanks(self.text, e)).starts_with('款'));
        let base = if is_paragraph { base.whole() } else { Provision { item: None, subitem: None, ..base } };
        let Some(found) = run(self.text, start, Start::Below(base)) else { return end };
        let after = self.rest(found.end);
        let known = after.is_empty()
            || AFTER_PART.iter().any(|w| after.starts_with(w))
            || after.starts_with('\n')
            || near.is_some() && self.rest(end).trim_start().starts_with(['（', '('])
            || is_paragraph && !GOODS.iter().any(|w| after.starts_with(w));
        // 不写“第一款”: words that are spoken of, not a place.
        let spoken_of = self.before(start).ends_with(['“', '"', '‘']) && after.starts_with(['”', '"', '’']);
        if !known || spoken_of || is_document(self.words_before(start)) {
            return end;
        }
        let law = match &self.law {
            Subject::Law(law) => Some(law.clone()),
            _ => None,
        };
        self.push(start, found, (law, near.is_none()))
    }

    fn words_before(&self, start: usize) -> &str {
        let before = self.before(start);
        let from = before
            .char_indices()
            .rev()
            .take(12)
            .take_while(|(_, c)| is_word(*c))
            .last()
            .map_or(start, |(i, _)| i);
        self.text.get(from..start).unwrap_or_default()
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
