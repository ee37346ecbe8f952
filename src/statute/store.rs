//! The form in which an imported text is kept: plain lines that a person can read, and from which the same statute comes back.

use super::parts::paragraph;
use super::shape;
use super::{Annex, Article, Heading, Kind, Statute};
use crate::text::number;
use std::fmt::Write;
use std::sync::Arc;

/// Words that begin a line which is no text of an article.
const TITLE: &str = "@标题";
const KIND: &str = "@体例";
const INFO: &str = "@说明";
const TOC: &str = "@目录";
const PREAMBLE: &str = "@序言";
const HEADING: &str = "@章节";
const ARTICLE: &str = "@条";
const ANNEX: &str = "@附件";
const NOTE: &str = "@注释";
const CLOSING: &str = "@落款";
const FURNITURE: &str = "@页面";

/// Writes a statute; 款 are separated by empty lines.
#[must_use]
pub fn store(statute: &Statute) -> String {
    let mut out = String::new();
    let kind = match statute.kind {
        Kind::Articles => "条",
        Kind::Enumerated => "序号",
        Kind::Table => "表",
    };
    let _ = writeln!(out, "{TITLE} {}\n{KIND} {kind}", statute.title);
    for (word, all) in [(INFO, &statute.info), (TOC, &statute.toc), (PREAMBLE, &statute.preamble)] {
        for text in all {
            let _ = writeln!(out, "{word} {}", text.replace('\n', " "));
        }
    }
    let mut headings = statute.headings.iter().peekable();
    for (index, article) in statute.articles.iter().enumerate() {
        while let Some(heading) = headings.next_if(|h| h.before <= index) {
            let _ = writeln!(out, "\n{HEADING} {} {}", heading.level, heading.text);
        }
        let _ = write!(out, "\n{ARTICLE} {}\n", article.label);
        for (i, paragraph) in article.paragraphs.iter().enumerate() {
            if i > 0 {
                out.push('\n');
            }
            write_lines(&mut out, &paragraph.text);
        }
    }
    for heading in headings {
        let _ = writeln!(out, "\n{HEADING} {} {}", heading.level, heading.text);
    }
    for annex in &statute.annexes {
        let _ = writeln!(out, "\n{ANNEX} {}", annex.title);
        write_lines(&mut out, &annex.text);
    }
    for (word, all) in [(NOTE, &statute.notes), (CLOSING, &statute.closing), (FURNITURE, &statute.furniture)]
    {
        for text in all {
            let _ = writeln!(out, "{word} {}", text.replace('\n', " "));
        }
    }
    out
}

fn write_lines(out: &mut String, text: &str) {
    for line in text.split('\n').filter(|l| !l.is_empty()) {
        if line.starts_with(['@', '\\']) {
            out.push('\\');
        }
        out.push_str(line);
        out.push('\n');
    }
}

/// Reads what [`store`] wrote. Warnings and line numbers are not kept.
#[must_use]
pub fn restore(body: &str) -> Statute {
    let mut statute = Statute::default();
    let mut path = vec![];
    let mut shared: Arc<[String]> = Arc::from([]);
    let mut open = Open::Nothing;
    let mut paragraphs: Vec<String> = vec![];
    let mut fresh = true;
    for raw in body.lines() {
        if !raw.starts_with('@') {
            let line = raw.strip_prefix('\\').unwrap_or(raw);
            if line.is_empty() {
                fresh = true;
                continue;
            }
            match paragraphs.last_mut() {
                Some(last) if !fresh => {
                    last.push('\n');
                    last.push_str(line);
                }
                _ => paragraphs.push(line.to_owned()),
            }
            fresh = false;
            continue;
        }
        open.close(&mut statute, &mut paragraphs);
        open = Open::Nothing;
        fresh = true;
        let (word, rest) = raw.split_once(' ').unwrap_or((raw, ""));
        let text = || rest.to_owned();
        match word {
            TITLE => statute.title = text(),
            KIND => {
                statute.kind = match rest {
                    "序号" => Kind::Enumerated,
                    "表" => Kind::Table,
                    _ => Kind::Articles,
                };
            }
            INFO => statute.info.push(text()),
            TOC => statute.toc.push(text()),
            PREAMBLE => statute.preamble.push(text()),
            NOTE => statute.notes.push(text()),
            CLOSING => statute.closing.push(text()),
            FURNITURE => statute.furniture.push(text()),
            HEADING => {
                let (level, name) = rest.split_once(' ').unwrap_or((rest, ""));
                let heading = Heading {
                    level: level.parse().unwrap_or(2),
                    text: name.to_owned(),
                    before: statute.articles.len(),
                };
                heading.enter(&mut path);
                shared = path.iter().map(|(_, t)| t.clone()).collect();
                statute.headings.push(heading);
            }
            ARTICLE => open = Open::Article(rest.to_owned(), Arc::clone(&shared)),
            ANNEX => open = Open::Annex(rest.to_owned()),
            _ => {}
        }
    }
    open.close(&mut statute, &mut paragraphs);
    statute
}

enum Open {
    Nothing,
    Article(String, Arc<[String]>),
    Annex(String),
}

impl Open {
    fn close(&mut self, statute: &mut Statute, paragraphs: &mut Vec<String>) {
        let texts = std::mem::take(paragraphs);
        match std::mem::replace(self, Self::Nothing) {
            Self::Nothing => {}
            Self::Annex(title) => statute.annexes.push(Annex { title, text: texts.join("\n") }),
            Self::Article(label, path) => {
                let (number, sub) = numbers(&label);
                let paragraphs = texts.into_iter().map(paragraph).collect();
                statute.articles.push(Article { label, number, sub, path, paragraphs, line: 0 });
            }
        }
    }
}

/// The numbers of a label: 第三十六条之一, 一、.
fn numbers(label: &str) -> (u32, Option<u32>) {
    match shape::label(label) {
        Some(found) => (found.number, found.sub),
        None => (label.strip_suffix('、').and_then(number).unwrap_or(0), None),
    }
}

/// When a text was made and since when it holds, as far as it says so itself. ISO dates.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dates {
    /// 公布, or the last 修订 or 修正
    pub promulgated: Option<String>,
    /// 施行
    pub effective: Option<String>,
    /// 国务院令第711号
    pub number: Option<String>,
}

/// Reads the dates in the lines beside the title and in the last article.
///
/// The last article of an amended law still names the day on which its first version took effect; that day is not taken for
/// the day of the amendment.
#[must_use]
pub fn dates(statute: &Statute) -> Dates {
    let mut dates = Dates::default();
    for info in &statute.info {
        let mut rest = info.as_str();
        while let Some((date, _, end)) = shape::date(rest) {
            let after = rest.get(end..).unwrap_or_default();
            // What happened on that day is said before the next date.
            let until = shape::date(after).map_or(after.len(), |(_, start, _)| start);
            let said = after.get(..until).unwrap_or_default();
            let takes_effect = said.trim_start_matches(['起', ' ', '\u{3000}']).starts_with("施行");
            if takes_effect {
                dates.effective = Some(date);
            } else if ["公布", "发布", "通过", "修订", "修正", "修改", "批准"]
                .iter()
                .any(|w| said.contains(w))
                || until == 0
                || said.trim().is_empty()
            {
                // Passed first and published later: the later one is the one that counts.
                if dates.promulgated.as_ref().is_none_or(|known| *known < date) {
                    dates.promulgated = Some(date);
                }
            }
            rest = after;
        }
        if let Some(number) = decree(info) {
            dates.number = Some(number);
        }
    }
    if dates.effective.is_none()
        && let Some(last) = statute.articles.last()
    {
        dates.effective = last.paragraphs.iter().find_map(|p| in_force(&p.text, &dates));
    }
    dates
}

/// 本法自2019年5月15日起施行: only if that is not before the text itself was made.
fn in_force(text: &str, dates: &Dates) -> Option<String> {
    let at = text.find("起施行").or_else(|| text.find("起实施"))?;
    let before = text.get(..at)?;
    if before.ends_with("公布之日") || before.ends_with("发布之日") {
        return dates.promulgated.clone();
    }
    let start = before.rfind(['自', '于'])?;
    let (date, ..) = shape::date(before.get(start..)?)?;
    dates.promulgated.as_ref().is_none_or(|made| *made <= date).then_some(date)
}

/// 国务院令第711号, 主席令第三十四号, 法释〔2018〕1号
fn decree(info: &str) -> Option<String> {
    if let Some(at) = info.find("令第") {
        let end = at + info.get(at..)?.find('号')? + '号'.len_utf8();
        let from = info
            .get(..at)?
            .rfind([' ', '\u{3000}', '，', '（', '(', '日', '以', '由'])
            .map_or(0, |i| i + info.get(i..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8));
        let number: String = info.get(from..end)?.split_whitespace().collect();
        return Some(number.trim_start_matches("中华人民共和国").to_owned());
    }
    let open = info.find('〔')?;
    let end = open + info.get(open..)?.find('号')? + '号'.len_utf8();
    let from = info
        .get(..open)?
        .rfind([' ', '\u{3000}', '，', '（', '('])
        .map_or(0, |i| i + info.get(i..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8));
    Some(info.get(from..end)?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{dates, restore, store};
    use crate::statute::{Format, read_text};

    const TEXT: &str = "示例市信息办法\n（2001年1月1日示例市人民政府令第3号公布 2019年4月3日修订）\n\n目录\n第一章　总则\n\n第一章　总　则\n\n\
                        第一条　为了示例，制定本办法。\n\n第二条　有下列情形之一的，适用本办法：\n\n（一）甲：\n\n1.子；\n\n2.丑；\n\n（二）乙。\n\n@不是标记。\n\n\
                        第三条　本办法自2019年5月15日起施行。\n\n附件1\n表";

    #[test]
    fn what_is_kept_comes_back_as_it_was() {
        let mut statute = read_text(Format::Text, TEXT).unwrap().statute;
        assert_eq!(statute.articles.len(), 3, "{statute:#?}");
        assert_eq!(statute.articles[1].structure(), [2, 0]);
        let mut again = restore(&store(&statute));
        for article in statute.articles.iter_mut().chain(&mut again.articles) {
            article.line = 0;
        }
        statute.warnings.clear();
        assert_eq!(again, statute);
    }

    #[test]
    fn dates_are_those_of_this_version() {
        let found = dates(&read_text(Format::Text, TEXT).unwrap().statute);
        assert_eq!(found.promulgated.as_deref(), Some("2019-04-03"));
        assert_eq!(found.effective.as_deref(), Some("2019-05-15"));
        assert_eq!(found.number.as_deref(), Some("示例市人民政府令第3号"));
        // An amended law whose last article still names the first day of all.
        let older = TEXT.replace("2019年5月15日起", "2001年3月1日起");
        assert_eq!(dates(&read_text(Format::Text, &older).unwrap().statute).effective, None);
    }

    #[test]
    fn a_decision_whose_title_runs_over_two_lines_is_an_amendment() {
        let broken = "示例市信息办法\n\n2001年1月1日 示例市人民政府令第3号公布\n\n2019年4月3日 示例市人民政府《关于修改〈示例市信息办法〉\n\n\
                      〈示例市档案办法〉的决定》第一次修正\n\n第一条 为了示例，制定本办法。\n\n第二条 本办法自2001年3月1日起施行。\n";
        for text in [broken.to_owned(), broken.replace("决定》第一次修正", "决定》")] {
            let statute = read_text(Format::Text, &text).unwrap().statute;
            assert_eq!((statute.info.len(), statute.preamble.len()), (2, 0), "{statute:#?}");
            assert!(
                statute.info[1].ends_with("〉〈示例市档案办法〉的决定》第一次修正")
                    || !text.contains("第一次")
            );
            let found = dates(&statute);
            assert_eq!(found.promulgated.as_deref(), Some("2019-04-03"));
            assert_eq!(found.effective, None);
        }
    }
}
