//! The remedy paragraphs: there, of the right class for what was decided, with the right terms, before the right body.
//!
//! `book/rules/remedy.toml` says which remedy belongs to which ground; what was decided is told from the articles and the
//! words of the letter, item by item where the letter has items.

use super::Review;
use super::anatomy::{Kind, told, told_sentences};
use super::read::Zone;
use super::scan::{Length, Span, any, head, places, sentence_at, spans, tail};
use crate::calendar::Date;
use crate::citation::{Found, Law, Provision};
use crate::corpus::{Wording, hearing_body};
use crate::remedy;
use crate::text::number;
use std::collections::BTreeSet;
use std::ops::Range;

const SUITS: [&str; 3] = ["起诉", "诉讼", "诉至"];
const REVIEWS: [&str; 8] = [
    "申请行政复议",
    "申请复议",
    "提出行政复议",
    "提起行政复议",
    "提出复议",
    "提起复议",
    "提交行政复议",
    "递交行政复议",
];
const REFUSALS: [&str; 9] =
    ["不予公开", "不公开", "不宜公开", "不能公开", "不得公开", "不予提供", "隐去", "遮盖", "屏蔽"];

/// A remedy paragraph, and what follows it about the suit after the review.
#[derive(Debug, Clone)]
pub(super) struct Told {
    pub paragraphs: Vec<usize>,
    /// Whether the review must come first.
    first: bool,
    /// Whether a suit without review is offered.
    direct: bool,
    review: bool,
    /// 第一项、第三项
    items: Vec<u32>,
    /// What stands before 不服.
    subject: String,
}

/// What was decided about one item of the application, or about all of it.
#[derive(Debug, Clone, Default)]
struct Item {
    number: u32,
    grounds: BTreeSet<&'static str>,
}

/// What a class of remedy allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Want {
    First,
    Choice,
    /// Whether a suit is told of is left to the agency.
    Review,
}

impl Review<'_> {
    pub(super) fn remedies(&mut self) {
        let told = self.told_remedies();
        if !self.anatomy.decides() {
            let procedural = !matches!(self.anatomy.kind, Kind::Other);
            for found in told.iter().filter(|_| procedural) {
                let at = found.paragraphs.first().copied().unwrap_or_default();
                self.whole("remedy-needless", at, "这份文书还没有结论，不写复议、诉讼");
            }
            return;
        }
        let date = self.anatomy.date.unwrap_or(Date::LAST);
        let since = self.corpus.rules.remedies.letters_since.as_deref().and_then(Date::parse);
        if since.is_some_and(|first| date < first) {
            return;
        }
        let items = self.items();
        let grounds: BTreeSet<&str> = items.iter().flat_map(|i| i.grounds.iter().copied()).collect();
        let wants: BTreeSet<Want> = grounds.iter().filter_map(|g| self.want(g, date)).collect();
        if told.is_empty() {
            if !wants.is_empty() {
                let at = self.anatomy.own.last().copied().unwrap_or_else(|| self.head());
                self.whole("remedy-missing", at, "没有告知怎样申请复议、提起诉讼");
            }
            return;
        }
        if told.iter().any(|t| !t.items.is_empty()) && items.len() > 1 {
            self.by_item(&told, &items, date);
        } else {
            self.by_letter(&told, &wants);
        }
        for found in &told {
            self.periods(found, date);
            self.bodies(found, date);
        }
    }

    // What the letter says

    /// The remedy paragraphs of the letter.
    pub(super) fn told_remedies(&self) -> Vec<Told> {
        let mut all: Vec<(Vec<usize>, String)> = vec![];
        for at in &self.anatomy.own {
            let text = told(self.text(*at));
            let follows = text.trim_start().starts_with("对行政复议决定")
                || text.trim_start().starts_with("对复议决定")
                || text.trim_start().starts_with("不服复议决定");
            match all.last_mut() {
                Some((paragraphs, known)) if follows => {
                    paragraphs.push(*at);
                    known.push_str(&text);
                }
                _ if is_remedy(&text) => all.push((vec![*at], text)),
                _ => {}
            }
        }
        let whole = |(paragraphs, text): (Vec<usize>, String)| {
            let subject = subject(&text);
            Told {
                first: puts_review_first(&text),
                direct: direct_suits(&text).next().is_some(),
                review: any(&text, &REVIEWS) || text.contains("行政复议申请"),
                items: item_numbers(&subject),
                subject,
                paragraphs,
            }
        };
        all.into_iter().map(whole).collect()
    }

    // What the letter decides

    /// What a ground asks for on that day.
    fn want(&self, ground: &str, date: Date) -> Option<Want> {
        let rules = &self.corpus.rules;
        let ground = rules.remedies.ground(ground)?;
        let asked = remedy::Asked { date, organ: None, choices: &self.asked.agency.policy };
        match remedy::decide(rules, ground, asked).ok()?.class.id.as_str() {
            "review-first" => Some(Want::First),
            "choice" | "third-party" => Some(Want::Choice),
            "choice-suit-doubtful" | "review-only" => Some(Want::Review),
            _ => None,
        }
    }

    /// What was decided, item by item; one item where the letter has no more.
    fn items(&self) -> Vec<Item> {
        if self.anatomy.kind == Kind::ThirdPartyDecision {
            return vec![Item { number: 0, grounds: BTreeSet::from(["third-party"]) }];
        }
        let mut all = vec![Item::default()];
        for at in &self.anatomy.own {
            let expected = all.last().map_or(1, |i| i.number + 1);
            if heading_number(self.text(*at)) == Some(expected) {
                all.push(Item { number: expected, grounds: BTreeSet::new() });
            }
            let grounds = self.grounds_of(*at);
            if let Some(item) = all.last_mut() {
                item.grounds.extend(grounds);
            }
        }
        let several = all.iter().filter(|i| i.number > 0 && !i.grounds.is_empty()).count() > 1;
        if several {
            all.retain(|i| i.number > 0);
            all
        } else {
            let grounds = all.into_iter().flat_map(|i| i.grounds).collect();
            vec![Item { number: 0, grounds }]
        }
    }

    /// The grounds of everything that the letter decides.
    pub(super) fn grounds(&self) -> BTreeSet<&'static str> {
        self.items().into_iter().flat_map(|i| i.grounds).collect()
    }

    fn grounds_of(&self, at: usize) -> BTreeSet<&'static str> {
        let text = self.text(at);
        let mut all = BTreeSet::new();
        if is_remedy(&told(text)) || text.starts_with("申请行政复议") {
            return all;
        }
        let row = self.reviewed.paragraphs.get(at).is_some_and(|p| p.zone == Zone::Row);
        let cited = self.anatomy.citations.get(at).map_or(&[][..], Vec::as_slice);
        for (range, sentence) in told_sentences(text) {
            all.extend(by_words(&sentence));
            for found in cited.iter().filter(|f| range.contains(&f.range.start) && self.is_regulation(f)) {
                all.extend(found.provisions().into_iter().filter_map(|p| by_article(p, &sentence, row)));
            }
        }
        all
    }

    fn is_regulation(&self, found: &Found) -> bool {
        matches!(&found.law, Some(Law::Known(id)) if self.corpus.names.title(id).is_some_and(|t| t.ends_with("政府信息公开条例")))
    }

    // Class

    fn by_item(&mut self, told: &[Told], items: &[Item], date: Date) {
        for found in told {
            let at = found.paragraphs.first().copied().unwrap_or_default();
            for number in &found.items {
                let Some(item) = items.iter().find(|i| i.number == *number) else { continue };
                let wants: BTreeSet<Want> = item.grounds.iter().filter_map(|g| self.want(g, date)).collect();
                if let Some(message) = differs(found, &wants) {
                    self.whole("remedy-class", at, format!("第{}项{message}", crate::text::chinese(*number)));
                }
            }
            if found.items.is_empty() && found.first && found.direct {
                self.whole("remedy-class", at, "同一段里既写先复议，又写可以直接起诉");
            }
        }
        if told.iter().any(|t| t.items.is_empty()) {
            return;
        }
        for item in items.iter().filter(|i| !i.grounds.is_empty()) {
            if !told.iter().any(|t| t.items.contains(&item.number)) {
                let at = told.last().and_then(|t| t.paragraphs.last().copied()).unwrap_or_default();
                let message = format!("第{}项没有救济告知", crate::text::chinese(item.number));
                self.whole("remedy-missing", at, message);
            }
        }
    }

    fn by_letter(&mut self, told: &[Told], wants: &BTreeSet<Want>) {
        let mixed = wants.contains(&Want::First) && wants.len() > 1;
        for found in told {
            let at = found.paragraphs.first().copied().unwrap_or_default();
            let own = if mixed { wanted_of(&found.subject, wants) } else { wants.clone() };
            if let Some(message) = differs(found, &own) {
                self.whole("remedy-class", at, message);
            }
        }
        if mixed && !told.iter().any(|t| t.first) && self.found.iter().all(|f| f.rule != "remedy-class") {
            let at = told.first().and_then(|t| t.paragraphs.first().copied()).unwrap_or_default();
            self.whole("remedy-class", at, "不予公开的部分没有写成先复议");
        }
        if mixed && told.iter().all(|t| t.first) {
            let at = told.last().and_then(|t| t.paragraphs.last().copied()).unwrap_or_default();
            self.whole("remedy-missing", at, "只告知了不予公开的部分，其余的部分没有救济告知");
            self.soften();
        }
    }

    // Terms

    fn periods(&mut self, found: &Told, date: Date) {
        let Some(wording) = self.wording(found, date) else { return };
        let (mut review, mut direct) = (false, false);
        for at in &found.paragraphs {
            let text = told(self.text(*at));
            for span in spans(&text).into_iter().filter(|s| s.within || next_is_within(&text, s)) {
                let purpose = purpose(&text, &span);
                let (right, name) = match purpose {
                    Purpose::Review => (wording.0.map(|n| (n, Length::Day)), "申请复议"),
                    Purpose::Direct => (wording.1.map(|n| (n, Length::Month)), "直接起诉"),
                    Purpose::After => (wording.2.map(|n| (n, Length::Day)), "复议以后起诉"),
                    Purpose::Other => (None, ""),
                };
                review |= purpose == Purpose::Review;
                direct |= purpose == Purpose::Direct;
                if let Some((count, length)) = right.filter(|(n, l)| (*n, *l) != (span.count, span.length)) {
                    let unit = if length == Length::Month { "个月" } else { "日" };
                    let words = text.get(span.range.clone()).unwrap_or_default().to_owned();
                    let message = format!("{name}的期限是{count}{unit}，这里写的是{words}");
                    self.at("remedy-period", (*at, span.range), message);
                }
            }
        }
        let at = found.paragraphs.first().copied().unwrap_or_default();
        if found.review && !review {
            self.whole("remedy-period", at, "没有写多长时间内申请复议");
        }
        if found.direct && !direct {
            self.whole("remedy-period", at, "没有写多长时间内起诉");
        }
    }

    /// Days for the review, months for the suit, days for the suit after the review.
    fn wording(&self, found: &Told, date: Date) -> Option<(Option<u32>, Option<u32>, Option<u32>)> {
        let table = &self.corpus.rules.remedies;
        let of = |id: &str| -> Option<&Wording> {
            crate::corpus::holding(&table.class(id)?.wording, |w| &w.from, date)
        };
        let choice = of("choice")?;
        let first = of("review-first").filter(|_| found.first).unwrap_or(choice);
        Some((first.review_days, choice.direct_months, first.after_review_days))
    }

    // Bodies

    fn bodies(&mut self, found: &Told, date: Date) {
        let mut named = false;
        for at in &found.paragraphs {
            let text = told(self.text(*at));
            for (range, body) in review_bodies(&text) {
                named = true;
                if let Some(message) = self.body_problem(&body, date) {
                    self.at("review-body", (*at, range), message);
                }
            }
        }
        if found.review && !named {
            let at = found.paragraphs.first().copied().unwrap_or_default();
            self.whole("review-body", at, "没有写向哪个机关申请复议");
        }
    }

    fn body_problem(&self, body: &str, date: Date) -> Option<String> {
        let new_law = Date::of(2024, 1, 1).is_some_and(|first| date >= first);
        let signer = self
            .anatomy
            .signature
            .name
            .as_ref()
            .and_then(|(at, r)| self.text(*at).get(r.clone()))
            .unwrap_or_default();
        let organ = self.organ(signer);
        let itself =
            matches!(organ, Some("provincial-government" | "state-council-department")) && body == "本机关";
        let vague = any(body, &["上一级", "上级", "有关", "相关", "有权"])
            || [
                "本级人民政府",
                "同级人民政府",
                "本级政府",
                "人民政府",
                "行政复议机关",
                "复议机关",
                "本机关",
                "主管部门",
            ]
            .contains(&body);
        if vague && !itself && new_law {
            return Some(format!("复议机关要写全称，「{body}」看不出是哪一个机关"));
        }
        let agency = self.asked.agency;
        let ours = agency.name.as_deref().is_some_and(|name| name == signer.trim());
        if let Some(set) = agency.review_body.as_deref().filter(|_| ours && new_law) {
            let same = body.contains(set) || set.contains(body);
            let more = body.replace(set, "").contains('或');
            if !same || more && organ == Some("department") {
                return Some(format!("复议机关写的是「{body}」，本机关的设置是「{set}」"));
            }
            return None;
        }
        let government = |name: &str| any(name, &["人民政府", "行政公署", "管理委员会"]);
        let each = || body.split("或者").flat_map(|b| b.split('或'));
        let (wants, _) = hearing_body(organ?)?;
        if !new_law || each().all(|name| government(name) == wants) {
            return None;
        }
        let should =
            if wants { "人民政府" } else { "上一级主管部门或者国务院部门，写全称" };
        Some(format!("这一类机关的复议机关应当是{should}，这里写的是「{body}」"))
    }

    /// The kind of organ, from the settings or from the name of who signs.
    fn organ(&self, signer: &str) -> Option<&str> {
        let agency = self.asked.agency;
        let ours = agency.name.as_deref().is_some_and(|name| name == signer.trim());
        if let Some(organ) = agency.organ.as_deref().filter(|_| ours) {
            return Some(organ);
        }
        let name = signer.trim();
        let ends = |words: &[&str]| words.iter().any(|w| name.ends_with(w));
        if any(name, &["税务"]) {
            Some("tax")
        } else if any(
            name,
            &["海关", "外汇管理", "金融监督", "人民银行", "国家安全", "烟草", "海事", "邮政管理"],
        ) {
            Some("vertical")
        } else if any(name, &["司法"]) || name.is_empty() {
            None
        } else if ends(&["街道办事处"]) {
            Some("dispatched-organ")
        } else if ends(&["乡人民政府", "镇人民政府"]) {
            Some("township")
        } else if ends(&["局", "委员会"])
            && !any(name, &["国家", "总局", "管理委员会"])
            && any(name, &["市", "县", "区", "州", "旗"])
        {
            Some("department")
        } else {
            None
        }
    }
}

/// Whether a paragraph tells of a remedy against the letter, and not of one that was taken.
pub(super) fn is_remedy(text: &str) -> bool {
    let contested = any(text, &["不服", "异议", "侵犯", "有意见"]);
    let way = any(text, &REVIEWS) || any(text, &SUITS) || text.contains("行政复议申请");
    let offers = any(text, &["可", "应", "须", "有权", "请"]);
    contested && way && offers && (text.contains('内') || any(text, &["依法", "复议"]))
}

/// What stands before 不服.
fn subject(text: &str) -> String {
    let end = ["不服", "有异议", "异议", "侵犯"].iter().filter_map(|w| text.find(w)).min().unwrap_or(0);
    let start = text.get(..end).and_then(|t| t.rfind('。')).map_or(0, |at| at + '。'.len_utf8());
    let own = text.get(start..end).unwrap_or_default();
    // 如不服本答复书第一项的
    if own.chars().count() > 3 { own.to_owned() } else { head(text, end, 30).to_owned() }
}

/// Whether the review must come before the suit.
fn puts_review_first(text: &str) -> bool {
    let others = ["优先", "事先", "首先", "预先", "先生", "先后", "先进", "在先"];
    let early = text.char_indices().filter(|(_, c)| *c == '先').any(|(at, c)| {
        let around = format!("{}{c}{}", tail(text, at, 1), head(text, at + c.len_utf8(), 1));
        let behind = head(text, at, 50);
        let sentence = behind.split(['。', '；']).next().unwrap_or_default();
        !any(&around, &others) && sentence.contains("复议")
    });
    early || any(text, &["未经行政复议", "未经复议", "复议前置", "复议后方可", "复议后才"])
}

/// Suits that are offered without a review before them.
fn direct_suits(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    places(text, &SUITS).into_iter().filter(|suit| {
        let sentence = sentence_at(text, suit.start);
        let lead = text.get(sentence.start..suit.start).unwrap_or_default();
        let denied =
            any(tail(text, suit.start, 14), &["不能", "不得", "不可", "无权"]) || lead.contains("未经");
        !denied && !after_review(lead)
    })
}

/// Whether a suit follows upon a review: 对复议决定不服的，….
fn after_review(lead: &str) -> bool {
    let markers =
        ["复议决定", "决定书之日", "复议期限", "逾期不作答复", "逾期不答复", "复议不服", "不予受理"];
    let last = markers.iter().filter_map(|w| lead.rfind(w)).max();
    let turn = ["或者", "也可", "亦可", "直接"].iter().filter_map(|w| lead.rfind(w)).max();
    let between = |from: usize| {
        lead.get(from..).unwrap_or_default().contains('向')
            || lead.get(from..).unwrap_or_default().contains("直接")
    };
    match (last, turn) {
        (Some(marker), Some(turn)) => !(turn > marker && between(turn)),
        (Some(_), None) => true,
        (None, _) => false,
    }
}

/// What a term is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Review,
    Direct,
    After,
    Other,
}

fn next_is_within(text: &str, span: &Span) -> bool {
    head(text, span.range.end, 2).trim_start().starts_with('内')
}

fn purpose(text: &str, span: &Span) -> Purpose {
    let sentence = sentence_at(text, span.range.start);
    let next = spans(text)
        .into_iter()
        .find(|s| s.range.start > span.range.start && sentence.contains(&s.range.start));
    let end = next.map_or(sentence.end, |s| s.range.start);
    let behind = text.get(span.range.end..end).unwrap_or_default();
    let review = REVIEWS.iter().chain(&["行政复议申请"]).filter_map(|w| behind.find(w)).min();
    let suit = SUITS.iter().filter_map(|w| behind.find(w)).min();
    let is_suit = match (review, suit) {
        (Some(review), Some(suit)) => suit < review,
        (None, Some(_)) => true,
        (Some(_), None) => false,
        (None, None) => {
            // The verb stands before: 申请行政复议（自收到之日起60日内）.
            let lead = text.get(sentence.start..span.range.start).unwrap_or_default();
            if any(lead, &REVIEWS) {
                return Purpose::Review;
            }
            // 15日内，受理后逾期…的，可以自…15日内向法院起诉: the terms share their verb.
            if after_review(lead) && any(text.get(sentence).unwrap_or_default(), &SUITS) {
                return Purpose::After;
            }
            return Purpose::Other;
        }
    };
    let lead = text.get(sentence.start..span.range.start).unwrap_or_default();
    match is_suit {
        false => Purpose::Review,
        true if after_review(lead) => Purpose::After,
        true => Purpose::Direct,
    }
}

/// 向…申请行政复议: where the name stands, and the name.
fn review_bodies(text: &str) -> Vec<(Range<usize>, String)> {
    let mut all = vec![];
    for verb in places(text, &REVIEWS) {
        let sentence = sentence_at(text, verb.start);
        let lead = text.get(sentence.start..verb.start).unwrap_or_default();
        let Some(at) = lead.rfind('向') else { continue };
        let start = sentence.start + at + '向'.len_utf8();
        let name = text.get(start..verb.start).unwrap_or_default();
        let name = name.split(['（', '(']).next().unwrap_or_default();
        let name = name.trim().trim_end_matches("依法");
        if !name.is_empty() && !name.contains(['，', '。']) && name.chars().count() <= 60 {
            all.push((start..start + name.len(), name.to_owned()));
        }
    }
    all
}

/// 第一项、第三项; 第一、三项; 第一至三项; without places of laws.
fn item_numbers(subject: &str) -> Vec<u32> {
    let mut all = vec![];
    for (at, _) in subject.match_indices('第') {
        if tail(subject, at, 1).ends_with(['条', '款']) {
            continue;
        }
        let rest = subject.get(at + '第'.len_utf8()..).unwrap_or_default();
        let Some(end) = rest.find('项') else { continue };
        let inside = rest.get(..end).unwrap_or_default();
        if inside.is_empty()
            || !inside.chars().all(|c| "一二三四五六七八九十0123456789、和至及,，到".contains(c))
        {
            continue;
        }
        for part in inside.split(['、', '和', '及', ',', '，']) {
            match part.split_once(['至', '到']) {
                Some((from, to)) => {
                    if let (Some(from), Some(to)) = (number(from), number(to)) {
                        all.extend((from..=to).take(50));
                    }
                }
                None => all.extend(number(part)),
            }
        }
    }
    all
}

/// 一、…: the number of an item's heading.
fn heading_number(text: &str) -> Option<u32> {
    let (numeral, _) = text.trim_start().split_once('、')?;
    let chinese = numeral.chars().all(|c| "一二三四五六七八九十".contains(c));
    (chinese && numeral.chars().count() <= 3).then(|| number(numeral)).flatten()
}

/// What a paragraph about some part of a mixed letter must be.
fn wanted_of(subject: &str, wants: &BTreeSet<Want>) -> BTreeSet<Want> {
    let withheld = any(subject, &["不予公开", "不公开", "隐去", "遮盖", "未公开", "不予提供"]);
    let given = any(subject, &["提供", "公开的部分", "予以公开", "其他", "其余", "其它"]);
    match (withheld, given) {
        (true, false) => BTreeSet::from([Want::First]),
        (false, true) => wants.iter().copied().filter(|w| *w != Want::First).collect(),
        _ => wants.clone(),
    }
}

/// How a paragraph differs from what is wanted, if it does.
fn differs(found: &Told, wants: &BTreeSet<Want>) -> Option<&'static str> {
    if wants.is_empty() {
        return None;
    }
    let only = |want: Want| wants.len() == 1 && wants.contains(&want);
    if found.first && found.direct {
        return Some("同一段里既写先复议，又写可以直接起诉");
    }
    if !wants.contains(&Want::First) && found.first {
        return Some("不是依第十四条、第十五条、第十六条不予公开的，不能写成先复议");
    }
    if only(Want::First) && (found.direct || !found.first) {
        return Some("不予公开的要先申请行政复议，这里没有写成先复议");
    }
    if !found.review {
        return Some("没有告知可以申请行政复议");
    }
    if only(Want::Choice) && !found.direct {
        return Some("没有告知可以直接提起行政诉讼");
    }
    None
}

/// The grounds that a sentence decides on, told by its words.
fn by_words(sentence: &str) -> Vec<&'static str> {
    let sentence = &without_titles(sentence);
    let mut all = vec![];
    let plain = [
        "可以不予公开",
        "规定的不予公开",
        "属于不予公开",
        "没有不予公开",
        "不存在不予公开",
        "不予公开的政府信息",
        "不予公开的情形",
        "不予公开的范围",
        "除不予公开",
    ]
    .iter()
    .fold(sentence.to_owned(), |text, words| text.replace(words, ""));
    let supposed = any(sentence.trim_start().get(..9).unwrap_or_default(), &["如", "若", "假如"]);
    if supposed {
        return all;
    }
    if plain.contains("不予公开") {
        all.push("refuse");
    }
    if any(
        sentence,
        &[
            "提供下列信息",
            "现提供",
            "现将该",
            "向你提供",
            "向您提供",
            "一并提供",
            "予以公开",
            "已主动公开",
            "已经主动公开",
        ],
    ) && !any(sentence, &["不予公开", "曾", "前次", "拟", "应予公开", "已于"])
    {
        all.push("grant");
    }
    let table: [(&[&str], &'static str); 8] = [
        (&["该政府信息不存在", "信息不存在", "该信息不存在"], "not-exist"),
        (&["不由本机关负责", "不属于本机关负责", "不属于本机关公开", "非本机关负责"], "not-responsible"),
        (&["不予重复处理", "不再重复处理"], "repeat-request"),
        (&["不作为政府信息公开申请处理"], "petition"),
        (&["公开出版物"], "published-material"),
        (&["不予处理", "不再处理"], "not-handled"),
        (&["不属于政府信息", "不属于《条例》所称的政府信息"], "other"),
        (&["需要加工、分析", "加工、分析才能"], "needs-processing"),
    ];
    all.extend(table.iter().filter(|(words, _)| any(sentence, words)).map(|(_, ground)| *ground));
    all
}

/// Without the names of other letters: 《政府信息不存在告知书》 decides nothing here.
fn without_titles(sentence: &str) -> String {
    let mut out = String::new();
    let mut rest = sentence;
    while let Some(open) = rest.find('《') {
        let close = rest.get(open..).and_then(|t| t.find('》')).map_or(rest.len(), |at| open + at);
        let title = rest.get(open..close).unwrap_or_default();
        out.push_str(rest.get(..open).unwrap_or_default());
        if !title.ends_with(['书', '函', '单']) {
            out.push_str(title);
        }
        rest = rest.get(close..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// The ground that an article of the regulation stands for in a sentence.
fn by_article(place: Provision, sentence: &str, row: bool) -> Option<&'static str> {
    let refuses = row || any(sentence, &REFUSALS);
    match (place.article, place.item, place.paragraph) {
        (36, Some(1 | 2), _) => Some("grant"),
        (36, Some(3), _) => Some("refuse"),
        (36, Some(4), _) => Some("not-exist"),
        (36, Some(5), _) => Some("not-responsible"),
        (36, Some(6), _) => Some("repeat-request"),
        (36, Some(7), _) => Some("special-inquiry"),
        (14..=16, _, _) if refuses && !sentence.contains("不属于《条例》第") => Some("refuse"),
        (38, _, _) if any(sentence, &["不予提供", "不提供", "不予加工"]) => {
            Some("needs-processing")
        }
        (39, _, Some(1)) => Some("petition"),
        (39, _, Some(2)) => Some("published-material"),
        (30 | 35 | 42, _, _) if any(sentence, &["不予处理", "不再处理", "视为放弃", "仍不能", "不明确"]) => {
            Some("not-handled")
        }
        (41, _, _) => Some("correct-record"),
        (44, _, _) => Some("other"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "如对本告知书不服，应当先申请行政复议，可以自收到本告知书之日起60日内向示例市人民政府提出行政复议申请。对行政复议决定不服的，可以自收到行政复议决定书之日起15日内，向有管辖权的人民法院提起行政诉讼；行政复议机关决定不予受理或者驳回申请的，可以自收到决定书之日起15日内，受理后逾期不作答复的，可以自行政复议期限届满之日起15日内，向有管辖权的人民法院提起行政诉讼。";
    const CHOICE: &str = "如对本告知书不服，可以自收到本告知书之日起60日内向示例市人民政府申请行政复议，或者自收到本告知书之日起6个月内直接向有管辖权的人民法院提起行政诉讼。";

    fn purposes(text: &str) -> Vec<Purpose> {
        spans(text).iter().map(|s| purpose(text, s)).collect()
    }

    #[test]
    fn a_choice_is_told_from_a_review_that_comes_first() {
        assert!(puts_review_first(FIRST) && direct_suits(FIRST).next().is_none());
        assert!(!puts_review_first(CHOICE) && direct_suits(CHOICE).next().is_some());
    }

    #[test]
    fn each_term_is_told_what_it_is_for() {
        use Purpose::{After, Direct, Review};
        assert_eq!(purposes(FIRST), [Review, After, After, After]);
        assert_eq!(purposes(CHOICE), [Review, Direct]);
    }

    #[test]
    fn items_are_read_in_their_usual_spellings() {
        assert_eq!(item_numbers("如对本答复书第一项、第三项"), [1, 3]);
        assert_eq!(item_numbers("对第一、三项"), [1, 3]);
        assert_eq!(item_numbers("对第二至四项"), [2, 3, 4]);
        assert_eq!(item_numbers("依据《条例》第三十六条第（五）项"), Vec::<u32>::new());
    }
}
