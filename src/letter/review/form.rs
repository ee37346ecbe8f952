//! What was not filled in; addressee, signature, date; document numbers and dates as GB/T 9704-2012 writes them.

use super::Review;
use super::anatomy::{Kind, told};
use super::read::Zone;
use super::scan::{Form, any, before, dates, head, is_chinese, numbers, places};
use std::ops::Range;

impl Review<'_> {
    pub(super) fn form(&mut self) {
        for at in 0..self.reviewed.paragraphs.len() {
            if self.reviewed.paragraphs.get(at).is_some_and(|p| p.zone != Zone::Unseen) {
                self.placeholders(at);
                self.written_dates(at);
                self.document_numbers(at);
            }
        }
        if self.anatomy.goes_out {
            self.addressee();
            self.signature();
        }
        self.own_number();
    }

    // What was not filled in

    fn placeholders(&mut self, at: usize) {
        let text = self.text(at).to_owned();
        // The applicant may have written such signs; a copy that is nothing else was never filled in.
        let copied = self.anatomy.quoted.contains(&at) && text.chars().any(|c| is_chinese(c) && c != '申');
        let mut found: Vec<Range<usize>> = bracketed(&text);
        if !copied {
            found.extend(signs(&text));
        }
        // A form is printed to be signed and dated by hand.
        if !(self.anatomy.kind == Kind::Other && self.is_row(at)) {
            found.extend(dates(&text).into_iter().filter(|d| d.form == Form::Unfilled).map(|d| d.range));
        }
        found.extend(numbers(&text).into_iter().filter(|n| n.blank).map(|n| n.range));
        found.sort_by_key(|r| (r.start, r.end));
        let mut last = 0;
        for range in found {
            if range.start >= last {
                last = range.end;
                let words = text.get(range.clone()).unwrap_or_default().to_owned();
                self.at("placeholder", (at, range), format!("这里还没有填：「{}」", words.trim()));
            }
        }
    }

    fn is_row(&self, at: usize) -> bool {
        self.reviewed.paragraphs.get(at).is_some_and(|p| p.zone == Zone::Row)
    }

    // Who, to whom, when

    fn addressee(&mut self) {
        if self.anatomy.addressee.is_none() {
            self.whole("addressee-missing", self.head(), "没有写给谁：标题和正文之间没有称谓");
        }
    }

    fn signature(&mut self) {
        let signature = self.anatomy.signature.clone();
        let foot = self.anatomy.own.last().copied().unwrap_or_else(|| self.head());
        match &signature.date {
            None if signature.name.is_none() => {
                return self.whole("signature-missing", foot, "没有落款：机关和成文日期都没有");
            }
            None => self.whole("date-missing", foot, "没有成文日期"),
            Some((at, dated)) if dated.form == Form::Month => {
                self.at("date-missing", (*at, dated.range.clone()), "成文日期没有写哪一天");
            }
            Some(_) => {}
        }
        match signature.name {
            None => self.whole("signature-missing", foot, "没有落款机关"),
            Some((at, range)) => self.signer(at, range),
        }
    }

    /// Whether who signs is the agency of the title, or the agency of the settings.
    fn signer(&mut self, at: usize, range: Range<usize>) {
        let name: String = self.text(at).get(range.clone()).unwrap_or_default().split_whitespace().collect();
        let title: String = self.anatomy.title.iter().map(|t| self.text(*t).trim()).collect();
        let title: String = title.split_whitespace().collect();
        let placeholder = !signs(&name).is_empty();
        let part_of = |whole: &str, part: &str| whole.contains(part) || part.contains(whole);
        let set = self.asked.agency.name.clone();
        let ours = set.as_deref().is_some_and(|own| part_of(&name, own));
        let heading = agency_of(&title);
        // A letter headed and signed by one agency is that agency's, whoever checks it.
        let right = match (heading.as_deref(), set.as_deref()) {
            (Some(heading), _) => part_of(&name, heading),
            (None, Some(_)) => ours,
            (None, None) => true,
        };
        if placeholder || name.is_empty() || right {
            return;
        }
        let message = match (heading, set) {
            (Some(heading), _) => format!("落款是「{name}」，标题写的是「{heading}」"),
            (None, own) => format!("落款是「{name}」，本机关是「{}」", own.unwrap_or_default()),
        };
        self.at("signature-agency", (at, range), message);
    }

    // Numbers

    fn document_numbers(&mut self, at: usize) {
        for number in numbers(self.text(at)) {
            if let Some(wrong) = number.wrong.filter(|_| !number.blank) {
                let words = self.text(at).get(number.range.clone()).unwrap_or_default().to_owned();
                // 法释[2011]17号 is named for what it is elsewhere.
                if !words.contains("法释") {
                    self.at("number-form", (at, number.range), format!("文号「{words}」的写法不对：{wrong}"));
                }
            }
        }
    }

    /// The letter's own number: of the year in which it was made.
    fn own_number(&mut self) {
        let (Some(at), Some((_, dated))) = (self.anatomy.number, self.anatomy.signature.date.clone()) else {
            return;
        };
        let Some(date) = dated.date else { return };
        let Some(number) = numbers(self.text(at)).into_iter().next() else { return };
        if let Some(year) = number.year.filter(|y| *y != date.year()) {
            self.at("number-year", (at, number.range), format!("文号是{year}年的，落款是{}年", date.year()));
        }
    }

    // Dates

    fn written_dates(&mut self, at: usize) {
        let text = self.text(at).to_owned();
        let copied = self.anatomy.quoted.contains(&at);
        let signed = self.anatomy.signature.date.as_ref().is_some_and(|(place, _)| *place == at);
        for found in dates(&text) {
            let words = text.get(found.range.clone()).unwrap_or_default().to_owned();
            if !copied && found.date.is_none() && !matches!(found.form, Form::Unfilled | Form::Month) {
                self.at("no-such-day", (at, found.range.clone()), format!("没有「{words}」这一天"));
                continue;
            }
            self.weekday(at, &text, &found);
            let official = found.date.map(crate::calendar::Date::official).unwrap_or_default();
            let wrong = match found.form {
                Form::Padded => "月、日不补零",
                Form::Chinese => "用阿拉伯数字写",
                Form::Short => "年份写四位数字",
                // In a table dates may be short.
                Form::Signs if self.is_row(at) => continue,
                Form::Signs => "写出年、月、日",
                _ => continue,
            };
            // In a sentence the date of a file or a page may be written as it is there.
            let told = told(&text).get(found.range.clone()).is_some_and(|t| !t.trim().is_empty());
            if !copied && (signed || told) {
                self.at("date-form", (at, found.range), format!("日期「{words}」的写法不对：{wrong}"));
                self.hint(format!("写成 {official}"));
            }
        }
    }

    /// （星期四） behind a date.
    fn weekday(&mut self, at: usize, text: &str, found: &super::scan::Dated) {
        let Some(date) = found.date else { return };
        let behind = head(text, found.range.end, 5).trim_start_matches(['（', '(', ' ']);
        let Some(said) =
            ["星期", "周"].iter().find_map(|w| behind.strip_prefix(w)).and_then(|t| t.chars().next())
        else {
            return;
        };
        let right = date.weekday().chars().last();
        let said = if said == '天' { '日' } else { said };
        if "一二三四五六日".contains(said) && Some(said) != right {
            let message = format!("{date} 是{}，不是星期{said}", date.weekday());
            self.at("no-such-day", (at, found.range.clone()), message);
        }
    }

    /// The day that the command names and the letter's own.
    pub(super) fn asked_day(&mut self) {
        let (Some(on), Some((at, dated))) = (self.asked.on, self.anatomy.signature.date.clone()) else {
            return;
        };
        if let Some(date) = dated.date.filter(|d| *d != on) {
            self.at("date-differs", (at, dated.range), format!("落款是 {date}，指定的是 {on}"));
        }
    }
}

/// The agency that a title begins with: 示例市交通运输局 of 示例市交通运输局政府信息公开告知书.
fn agency_of(title: &str) -> Option<String> {
    let cut = [
        "政府信息",
        "行政复议",
        "公开出版物",
        "关于",
        "非本机关",
        "行政查询",
        "不属于",
        "不作为",
        "延期",
        "补正",
        "依申请",
        "第三方",
        "信息公开",
    ];
    let end = cut.iter().filter_map(|w| title.find(w)).min()?;
    let name = title.get(..end)?.trim_end_matches("文件");
    let ends = [
        "局",
        "委员会",
        "委",
        "厅",
        "政府",
        "办公室",
        "办事处",
        "处",
        "部",
        "队",
        "中心",
        "署",
        "院",
        "所",
        "站",
        "关",
    ];
    (name.chars().count() >= 4 && ends.iter().any(|e| name.ends_with(e))).then(|| name.to_owned())
}

/// {{…}}, 【待填】, （此处填写…）.
fn bracketed(text: &str) -> Vec<Range<usize>> {
    let mut all = vec![];
    for (open, close) in
        [("{{", "}}"), ("【", "】"), ("（", "）"), ("(", ")"), ("[", "]"), ("《", "》"), ("<", ">")]
    {
        for (at, _) in text.match_indices(open) {
            let inside = at + open.len();
            let Some(length) = text.get(inside..).and_then(|t| t.find(close)) else { continue };
            let words = text.get(inside..inside + length).unwrap_or_default();
            let range = at..inside + length + close.len();
            let asks = [
                "待填",
                "待定",
                "待补",
                "此处填",
                "填写",
                "请输入",
                "请选择",
                "请填",
                "待核实后填",
                "此处写",
            ];
            let fits = match open {
                "{{" => true,
                "【" => words.trim().is_empty() || any(words, &["填", "待", "选择", "此处", "输入", "补充"]),
                // In a sentence one may be told to fill in a form.
                _ => asks.iter().any(|w| words.trim_start().starts_with(w)) && words.chars().count() <= 20,
            };
            if fits {
                all.push(range);
            }
        }
    }
    all.extend(places(
        text,
        &[
            "单击或点击此处输入文字",
            "单击此处输入文字",
            "点击或点按此处",
            "Click or tap here to enter text",
            "{%",
            "%}",
        ],
    ));
    all
}

/// ××, XX, ____: signs that stand for words.
fn signs(text: &str) -> Vec<Range<usize>> {
    let classes: [&[char]; 6] = [
        &['×', '✕', '╳', '✖'],
        &['X', 'x', 'Ｘ', 'ｘ', 'Ⅹ'],
        &['_', '＿', '﹍'],
        &['○', '〇', '◯', '●'],
        &['△', '▲'],
        &['＊', '*'],
    ];
    let mut all = vec![];
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|t| t.chars().next()) {
        let Some(class) = classes.iter().find(|class| class.contains(&c)) else {
            at += c.len_utf8();
            continue;
        };
        let run: usize = text
            .get(at..)
            .unwrap_or_default()
            .chars()
            .take_while(|c| class.contains(c))
            .map(char::len_utf8)
            .sum();
        let range = at..at + run;
        let count = text.get(range.clone()).map_or(0, |t| t.chars().count());
        let left = before(text, at).next().map(|(_, c)| c);
        let right = text.get(range.end..).and_then(|t| t.chars().next());
        let joined = |c: Option<char>| {
            c.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '@' | '/' | '.' | '-' | '='))
        };
        let numeral = |c: Option<char>| c.is_some_and(|c| "一二三四五六七八九年".contains(c));
        let between = |c: Option<char>| c.is_some_and(is_chinese);
        let fits = match c {
            '×' | '✕' | '╳' | '✖' => {
                // 1件×100元 is a product; ×月×日 is not.
                let product = left.is_some_and(|c| c.is_ascii_digit() || "件页元份".contains(c))
                    && right.is_some_and(|c| c.is_ascii_digit());
                count >= 2
                    || !product
                        && (between(left) || between(right))
                        && !right.is_some_and(|c| c.is_ascii_digit())
            }
            'X' | 'x' | 'Ｘ' | 'ｘ' | 'Ⅹ' => count >= 2 && !joined(left) && !joined(right),
            '_' | '＿' | '﹍' => count >= 2 && !joined(left) && !joined(right),
            '○' | '〇' | '◯' | '●' => count >= 2 && !numeral(left) && !numeral(right),
            '△' | '▲' => count >= 2,
            // 张** hides a name on purpose; stars alone do not.
            _ => count >= 3 && !between(left) && !joined(left) && !joined(right),
        };
        if fits {
            all.push(range.clone());
        }
        at = range.end;
    }
    all
}
