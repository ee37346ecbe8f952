//! The parts of a letter: number, title, addressee, what the applicant wrote, signature, date; and what kind of letter it is.

use super::read::{Reviewed, Zone};
use super::scan::{Dated, Form, any, dates, is_chinese, numbers, sentences};
use crate::calendar::Date;
use crate::citation::{self, Context, Found};
use crate::corpus::Corpus;
use std::ops::Range;

/// Longest line that can be a title, a number, an addressee or a signature, in characters.
const SHORT: usize = 62;

/// What a letter is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It answers the application.
    Reply,
    Correction,
    Extension,
    /// 条例第三十五条
    Delay,
    ConsultThird,
    ConsultAgency,
    /// Tells the applicant that others are asked.
    ConsultNotice,
    ThirdPartyDecision,
    /// 登记回执, 收到日期确认
    Receipt,
    /// 收费, 说明理由, 撤回, 转送: procedural, with an addressee
    Procedural,
    /// Anything else: records, forms, papers of a suit.
    Other,
}

/// The signature, as far as it is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Signature {
    pub name: Option<(usize, Range<usize>)>,
    pub date: Option<(usize, Dated)>,
}

/// The parts; numbers are indexes into the paragraphs.
#[derive(Debug, Clone)]
pub(super) struct Anatomy {
    pub kind: Kind,
    /// Whether it goes to somebody: it has an addressee and a signature.
    pub goes_out: bool,
    /// The lines of the title and the agency's name above it.
    pub title: Vec<usize>,
    /// The line of the document number.
    pub number: Option<usize>,
    pub addressee: Option<usize>,
    pub signature: Signature,
    /// What the agency says, between addressee and signature, without what it copies from the applicant.
    pub own: Vec<usize>,
    /// What it copies.
    pub quoted: Vec<usize>,
    /// The day of the letter, or the one that was asked for.
    pub date: Option<Date>,
    /// The citations of each paragraph.
    pub citations: Vec<Vec<Found>>,
}

/// Words of documents that go to somebody.
const LETTERS: [&str; 14] = [
    "告知书",
    "答复书",
    "通知书",
    "征求意见书",
    "征求意见函",
    "征询书",
    "征询函",
    "意见征询",
    "回执",
    "确认函",
    "确认书",
    "决定书",
    "的答复",
    "协商函",
];

/// Words of documents that are no letters of the procedure of an application.
const OTHERS: [&str; 24] = [
    "行政复议",
    "答辩",
    "应诉",
    "证据",
    "目录",
    "审批",
    "呈批",
    "回证",
    "记录",
    "登记表",
    "信封",
    "清单",
    "审查表",
    "底稿",
    "投诉举报",
    "督促",
    "整改",
    "评估",
    "授权委托",
    "案卷",
    "保密审查",
    "转送",
    "撤回",
    "申请表",
];

impl Anatomy {
    pub(super) fn of(corpus: &Corpus, reviewed: &Reviewed, on: Option<Date>) -> Self {
        let texts: Vec<&str> = reviewed.paragraphs.iter().map(|p| p.text.as_str()).collect();
        let text = |at: usize| texts.get(at).copied().unwrap_or_default();
        let body: Vec<usize> = (0..texts.len())
            .filter(|at| {
                reviewed.paragraphs.get(*at).is_some_and(|p| matches!(p.zone, Zone::Body | Zone::Row))
            })
            .collect();
        let plain = |at: &usize| reviewed.paragraphs.get(*at).is_some_and(|p| p.zone == Zone::Body);
        let addressee = addressee(&body, text, plain);
        let end =
            addressee.or_else(|| body.iter().copied().find(|at| !is_head(text(*at)))).unwrap_or(texts.len());
        let heads: Vec<usize> = body.iter().copied().filter(|at| *at < end && plain(at)).collect();
        let number = heads.iter().copied().find(|at| is_number_line(text(*at)));
        let title: Vec<usize> = heads.into_iter().filter(|at| Some(*at) != number).take(6).collect();
        let signature = signature(&body, text, plain, end);
        let first = addressee.map_or(end, |a| a + 1);
        let signed =
            signature.name.as_ref().map(|(at, _)| *at).or(signature.date.as_ref().map(|(at, _)| *at));
        let last = signed.unwrap_or(usize::MAX);
        let middle: Vec<usize> = body.iter().copied().filter(|at| (first..last).contains(at)).collect();
        let quoted = quoted(&middle, text);
        let own: Vec<usize> = middle.into_iter().filter(|at| !quoted.contains(at)).collect();
        let named: String = title.iter().map(|at| text(*at)).collect();
        let said: String = own.iter().map(|at| text(*at)).collect();
        let date = signature.date.as_ref().and_then(|(_, d)| d.date).or(on);
        // A law once named holds for the paragraphs after it, so the letter is read as one text.
        let citations = citations(corpus, &texts);
        let goes_out = goes_out(&named);
        Self {
            kind: kind(&named, &said),
            goes_out,
            title,
            number,
            addressee,
            signature,
            own,
            quoted,
            date,
            citations,
        }
    }

    /// Whether it ends the handling of an application.
    pub(super) fn decides(&self) -> bool {
        matches!(self.kind, Kind::Reply | Kind::ThirdPartyDecision)
    }
}

fn citations(corpus: &Corpus, texts: &[&str]) -> Vec<Vec<Found>> {
    let whole = texts.join("\n");
    let context = Context { loose: true, ..Context::default() };
    let found = citation::find(&whole, &corpus.names, &context);
    let mut all = vec![];
    let mut start = 0;
    for text in texts {
        let end = start + text.len();
        let moved = |f: &Found| {
            let mut f = f.clone();
            f.range = f.range.start.saturating_sub(start)..(f.range.end.min(end)).saturating_sub(start);
            for target in &mut f.targets {
                target.range =
                    target.range.start.saturating_sub(start)..target.range.end.min(end).saturating_sub(start);
            }
            f
        };
        all.push(found.iter().filter(|f| (start..end).contains(&f.range.start)).map(moved).collect());
        start = end + 1;
    }
    all
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// A line above the text: no sentence.
fn is_head(text: &str) -> bool {
    length(text) <= SHORT && !text.contains(['。', '，', '；'])
}

fn is_number_line(text: &str) -> bool {
    length(text) <= 40 && (!numbers(text).is_empty() || text.contains(['〔', '﹝']) && text.contains('号'))
}

/// The line that says to whom: the first one that ends with a colon, before any sentence.
fn addressee<'a>(
    body: &[usize],
    text: impl Fn(usize) -> &'a str,
    plain: impl Fn(&usize) -> bool,
) -> Option<usize> {
    for at in body.iter().copied().filter(|at| plain(at)) {
        let line = text(at).trim();
        if let Some(name) = line.strip_suffix(['：', ':'])
            && !name.is_empty()
            && !name.contains(['。', '，', '；', '：'])
            && length(line) <= SHORT
            && !any(name, &["如下", "附件", "原文", "事项是", "联系"])
        {
            return Some(at);
        }
        if !is_head(line) {
            return None;
        }
    }
    None
}

/// From the end: the line of the date, and the name above it or before it on the same line.
fn signature<'a>(
    body: &[usize],
    text: impl Fn(usize) -> &'a str,
    plain: impl Fn(&usize) -> bool,
    start: usize,
) -> Signature {
    let lines: Vec<usize> = body.iter().copied().filter(|at| *at >= start && plain(at)).collect();
    let date_line = |at: usize| {
        let line = text(at).trim_end();
        if length(line) > SHORT || line.contains(['。', '，', '；', '：', '（']) {
            return None;
        }
        let found = dates(line).pop().or_else(|| stand_in(line))?;
        line.get(found.range.end..).is_some_and(|rest| rest.trim().is_empty()).then_some(found)
    };
    let Some((position, found)) =
        lines.iter().enumerate().rev().find_map(|(i, at)| Some((i, date_line(*at)?)))
    else {
        return Signature { name: lonely_name(&lines, text), date: None };
    };
    let at = lines.get(position).copied().unwrap_or_default();
    let before = text(at).get(..found.range.start).unwrap_or_default();
    let name = if before.trim().is_empty() {
        position
            .checked_sub(1)
            .and_then(|i| lines.get(i))
            .filter(|above| is_name(text(**above)))
            .map(|above| (*above, 0..text(*above).len()))
    } else {
        Some((at, 0..before.trim_end().len()))
    };
    Signature { name, date: Some((at, found)) }
}

/// ××××年×月×日: a date that signs stand for.
fn stand_in(line: &str) -> Option<Dated> {
    let signs = ['×', 'X', 'x', '○', '〇', '*', 'Ｘ'];
    let start = line.find(signs)?;
    let rest = line.get(start..)?;
    let only =
        rest.trim_end().chars().all(|c| signs.contains(&c) || c.is_ascii_digit() || "年月日".contains(c));
    let end = start + rest.trim_end().len();
    (only && ['年', '月', '日'].iter().all(|c| rest.contains(*c))).then_some(Dated {
        range: start..end,
        form: Form::Unfilled,
        date: None,
    })
}

/// A name without a date, below the closing words.
fn lonely_name<'a>(lines: &[usize], text: impl Fn(usize) -> &'a str) -> Option<(usize, Range<usize>)> {
    let closing = lines.iter().rposition(|at| any(text(*at), &["特此", "如对本", "附件", "请予书面答复"]))?;
    // 此致 and a name below it are no signature.
    let to =
        |i: usize| i.checked_sub(1).and_then(|i| lines.get(i)).is_some_and(|at| is_dedication(text(*at)));
    let found = lines.iter().enumerate().skip(closing + 1).find(|(i, at)| is_name(text(**at)) && !to(*i));
    let at = found.map(|(_, at)| *at)?;
    Some((at, 0..text(at).len()))
}

fn is_dedication(line: &str) -> bool {
    matches!(line.trim().trim_end_matches(['：', '，']), "此致" | "此 致" | "此　致")
}

/// A name of an agency: short, Chinese, no sentence, no list.
fn is_name(line: &str) -> bool {
    let line = line.trim();
    let chinese = line.chars().filter(|c| is_chinese(*c)).count();
    let listed = line.starts_with(|c: char| c.is_ascii_digit());
    !listed
        && chinese >= 4
        && length(line) <= SHORT
        && !line.contains(['。', '，', '；', '：', ':', '《', '1', '｜'])
        && !any(line, &["特此", "附件", "此复", "答复。"])
}

/// What the applicant wrote: the paragraphs behind a line that announces them.
fn quoted<'a>(middle: &[usize], text: impl Fn(usize) -> &'a str) -> Vec<usize> {
    let mut all = vec![];
    let mut inside = false;
    for at in middle {
        let line = text(*at).trim();
        let announces = line.ends_with(['：', ':'])
            && any(
                line,
                &[
                    "原文如下",
                    "申请公开的事项是",
                    "申请内容如下",
                    "申请内容为",
                    "申请的内容是",
                    "下列信息",
                    "补正内容",
                ],
            )
            && !any(line, &["提供下列信息", "现将", "与贵单位有关的下列"]);
        let resumes = [
            "经",
            "本机关",
            "上述",
            "依据",
            "根据",
            "收到",
            "其中",
            "现",
            "本局",
            "我局",
            "你提出的",
            "《",
            "如对",
            "对上述",
            "20",
        ];
        if inside
            && resumes.iter().any(|w| line.starts_with(w))
            && !all.is_empty()
            && all.last() != Some(&usize::MAX)
        {
            inside = false;
        }
        if announces {
            inside = true;
            all.push(usize::MAX);
        } else if inside {
            all.push(*at);
        }
    }
    all.retain(|at| *at != usize::MAX);
    all
}

/// Whether a title is that of something that is sent.
fn goes_out(title: &str) -> bool {
    let papers =
        ["审批", "呈批", "回证", "证据", "登记表", "清单", "审查表", "底稿", "信封", "申请表", "授权委托"];
    let filed = any(title, &papers) || title.trim().ends_with(['录', '单', '表']);
    (any(title, &LETTERS) || title.trim().ends_with(['函', '书'])) && !filed
}

fn kind(title: &str, said: &str) -> Kind {
    let letter = any(title, &LETTERS);
    let third = any(said, &["第三十二条"]) && any(said, &["征求贵", "征求你", "征求您", "征询贵"]);
    if any(title, &OTHERS) && !title.contains("不作为政府信息公开申请") {
        return Kind::Other;
    }
    if !letter {
        return Kind::Other;
    }
    if any(title, &["征求意见告知", "征询意见告知"]) {
        return Kind::ConsultNotice;
    }
    if any(title, &["征求意见", "征询", "意见征求"]) {
        let agency = any(said, &["第三十四条", "共同制作", "牵头"]) || any(title, &["协商"]);
        return if agency && !third { Kind::ConsultAgency } else { Kind::ConsultThird };
    }
    if any(title, &["协商函", "协办"]) {
        return Kind::ConsultAgency;
    }
    if title.contains("补正") && !any(title, &["不再处理", "不明确"]) {
        return Kind::Correction;
    }
    if any(title, &["延期", "延长"]) {
        return Kind::Extension;
    }
    if title.contains("延迟") {
        return Kind::Delay;
    }
    if any(title, &["回执", "收到日期", "确认函"]) {
        return Kind::Receipt;
    }
    if any(title, &["收费", "说明理由", "缴费", "处理费"]) {
        return Kind::Procedural;
    }
    if any(title, &["决定公开", "公开决定", "第三方"])
        && any(said, &["贵单位", "贵公司", "你单位", "征求你", "征求您", "告知你"])
        && said.contains("决定公开")
    {
        return Kind::ThirdPartyDecision;
    }
    by_content(said)
}

/// A title that says nothing: what the text says.
fn by_content(said: &str) -> Kind {
    let conclusion = any(said, &["不服", "第三十六条", "不予公开"]);
    if !conclusion && any(said, &["答复期限延长", "延长答复期限", "延期答复"]) {
        return Kind::Extension;
    }
    if !conclusion && said.contains("补正") && any(said, &["一次性", "请你补正", "请您补正", "需要补正"])
    {
        return Kind::Correction;
    }
    Kind::Reply
}

/// The sentences of a paragraph that are told, not quoted: what stands in quotation marks is blanked out.
pub(super) fn told(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut depth = 0_u32;
    for c in text.chars() {
        if c == '”' || c == '」' {
            depth = depth.saturating_sub(1);
        }
        if depth > 0 {
            // As many bytes, so that places stay.
            (0..c.len_utf8()).for_each(|_| out.push(' '));
        } else {
            out.push(c);
        }
        if c == '“' || c == '「' {
            depth += 1;
        }
    }
    out
}

/// Sentences with their text.
pub(super) fn told_sentences(text: &str) -> Vec<(Range<usize>, String)> {
    let told = told(text);
    sentences(text).into_iter().map(|r| (r.clone(), told.get(r).unwrap_or_default().to_owned())).collect()
}

/// Whether a date is one that can be counted from.
pub(super) fn is_day(dated: &Dated) -> Option<Date> {
    (dated.form != Form::Unfilled).then_some(dated.date).flatten()
}
