//! What every writer of letters needs to know about lines: their width, where they break, how attachments are numbered.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Characters on a full line of text (GB/T 9704-2012, 5.2.3: 每面排22行, 每行排28个字).
pub const LINE_CHARACTERS: usize = 28;

/// Words that a broken title or name should keep whole (7.3.1: 回行时, 要做到词意完整).
const WORDS: [&str; 52] = [
    "关于",
    "政府信息公开",
    "政府信息",
    "申请",
    "告知书",
    "答复书",
    "决定书",
    "通知书",
    "意见书",
    "征求",
    "意见",
    "第三方",
    "不予",
    "予以",
    "部分",
    "公开",
    "延期",
    "延长",
    "补正",
    "答复",
    "处理",
    "期限",
    "行政复议",
    "行政",
    "机关",
    "人民政府",
    "委员会",
    "办公室",
    "管理局",
    "有限公司",
    "股份",
    "自然资源",
    "规划",
    "住房",
    "城乡建设",
    "社会保障",
    "人力资源",
    "生态环境",
    "市场监督",
    "卫生健康",
    "农业农村",
    "综合执法",
    "服务中心",
    "开发区",
    "征收",
    "补偿",
    "安置",
    "土地",
    "房屋",
    "工作",
    "领导小组",
    "信访",
];

/// Width in half characters: 汉字, full-width signs and ambiguous ones such as “—” count two, digits and Latin letters one.
#[must_use]
pub fn halves(text: &str) -> usize {
    text.width_cjk()
}

/// Breaks a title or a name into lines of about equal length, each at most `limit` half characters wide.
///
/// Words and numbers stay whole where they can; a line break in the text always stays. What cannot be cut to `limit`
/// (a character wider than it) comes back longer, never lost.
#[must_use]
pub fn balanced(text: &str, limit: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in paragraphs(text) {
        let mut rest = line;
        let mut count = lines_needed(line, limit);
        while count > 1 {
            let Some((head, tail)) = best_cut(rest, limit, count) else {
                break;
            };
            lines.push(head.trim_end().to_owned());
            rest = tail.trim_start();
            count -= 1;
        }
        lines.push(rest.to_owned());
    }
    lines
}

/// How many lines a text takes when every line is filled up.
fn lines_needed(text: &str, limit: usize) -> usize {
    let mut lines = 1;
    let mut filled = 0;
    for ch in text.chars() {
        let width = ch.width_cjk().unwrap_or(0);
        if filled > 0 && filled + width > limit {
            lines += 1;
            filled = 0;
        }
        filled += width;
    }
    lines
}

/// The cheapest place to end the first of `count` lines, so that the others still fit.
fn best_cut(text: &str, limit: usize, count: usize) -> Option<(&str, &str)> {
    let goal = halves(text).div_ceil(count);
    text.char_indices()
        .filter_map(|(at, _)| text.split_at_checked(at))
        .take_while(|(head, _)| halves(head) <= limit)
        .filter(|(head, tail)| !head.is_empty() && !tail.starts_with(is_mark))
        .filter(|(_, tail)| lines_needed(tail, limit) < count)
        .min_by_key(|(head, tail)| halves(head).abs_diff(goal) + harm(head, tail))
}

/// What a break between `head` and `tail` costs, in half characters of imbalance that would be borne to avoid it.
fn harm(head: &str, tail: &str) -> usize {
    let (Some(last), Some(first)) = (head.chars().next_back(), tail.chars().next()) else {
        return 0;
    };
    let mut cost = 0;
    if last.is_ascii_alphanumeric() && first.is_ascii_alphanumeric() {
        cost += 60;
    }
    if "《〈（(“‘〔[「".contains(last) || "》〉）)”’〕]」、，。：；！？的".contains(first)
    {
        cost += 60;
    }
    if head.matches('《').count() > head.matches('》').count() {
        cost += 6;
    }
    let parted = |word: &str| {
        let cuts = word.char_indices().skip(1);
        let mut parts = cuts.filter_map(|(at, _)| word.split_at_checked(at));
        parts.any(|(start, end)| head.ends_with(start) && tail.starts_with(end))
    };
    if WORDS.iter().any(|word| parted(word)) {
        cost += 14;
    }
    cost
}

/// Whether a character belongs to the one before it: combining marks, joiners, variation selectors.
fn is_mark(ch: char) -> bool {
    ch.width_cjk() == Some(0)
}

/// One line of 附件说明.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment<'a> {
    /// `1.`, empty where there is only one attachment.
    pub number: String,
    /// The name without punctuation at its end.
    pub name: &'a str,
}

/// Numbers attachments (7.3.4: 如有多个附件, 使用阿拉伯数字标注附件顺序号; 附件名称后不加标点符号).
///
/// Blank names are left out.
#[must_use]
pub fn attachments(names: &[String]) -> Vec<Attachment<'_>> {
    let trimmed =
        names.iter().map(|name| name.trim().trim_end_matches(['。', '；', ';', '，', ',', '、']).trim_end());
    let names: Vec<&str> = trimmed.filter(|name| !name.is_empty()).collect();
    let single = names.len() == 1;
    let number = |at: usize| {
        if single { String::new() } else { format!("{}.", at + 1) }
    };
    names.iter().enumerate().map(|(at, name)| Attachment { number: number(at), name }).collect()
}

/// 发文机关标志: the agency's name in large letters (7.2.4, 10.1), as large as it may be where it fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// From top to bottom; none for a blank name.
    pub lines: Vec<String>,
    /// Height of a character in half points.
    pub size: usize,
    /// Width of a character as a percentage of its height; long names are set narrow before they are set small.
    pub scale: usize,
}

/// Half points: a mark on one line is at least so high (26 pt, 一号); longer names stand on two lines.
const MARK_LEAST: usize = 52;

/// Percent: no character is set narrower.
const MARK_NARROWEST: usize = 70;

/// Half characters on a line of a mark of more than one line.
const MARK_LIMIT: usize = 60;

/// Sets a name as the mark of a page: on lines of at most `width` points, no character higher than `largest` half points.
#[must_use]
pub fn mark(name: &str, width: usize, largest: usize) -> Mark {
    let whole: String = paragraphs(name).collect();
    let length = halves(&whole);
    // A line of as many half characters takes letters of this height; one percent stays free for rounding.
    let fitting = |length: usize| width * 396 / (100 * length.max(1));
    let one_line = fitting(length) * 100 >= MARK_LEAST * MARK_NARROWEST;
    let lines = if one_line {
        balanced(&whole, length.max(1))
    } else {
        let count = length.div_ceil(MARK_LIMIT).max(2);
        // A little more than an equal share, so that a break need not part a word.
        balanced(&whole, length.div_ceil(count) + 6)
    };
    let full = fitting(lines.iter().map(|line| halves(line)).max().unwrap_or(0));
    if full >= MARK_LEAST.min(largest) {
        return Mark { lines, size: full.min(largest), scale: 100 };
    }
    let size = (full * 100 / MARK_NARROWEST).min(MARK_LEAST).min(largest).max(2);
    Mark { lines, size, scale: (full * 100 / size).clamp(1, 100) }
}

/// The paragraphs in a value: one for each line that is not blank, trimmed.
pub fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_title_stays_on_one_line() {
        assert_eq!(balanced("政府信息公开告知书", 40), ["政府信息公开告知书"]);
    }

    #[test]
    fn a_forced_break_in_a_title_stays() {
        assert_eq!(balanced("江城市人民政府\n告知书", 40), ["江城市人民政府", "告知书"]);
    }

    #[test]
    fn a_title_one_character_too_long_does_not_leave_one_character_alone() {
        let lines = balanced("关于某某某某某申请公开某某某某某信息的答复", 40);
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| line.chars().count() > 5), "{lines:?}");
    }

    #[test]
    fn no_line_is_wider_than_its_limit_and_nothing_is_lost() {
        for length in 1..200 {
            let text = "关于申请公开2026年《条例》实施情况ABCDEFG的答复".chars().cycle();
            let text: String = text.take(length).collect();
            let lines = balanced(&text, 40);
            assert_eq!(lines.concat(), text);
            assert!(lines.iter().all(|line| halves(line) <= 40), "{lines:?}");
        }
    }

    #[test]
    fn a_break_never_parts_a_base_from_its_variation_selector() {
        let text = "葛\u{E0100}".repeat(30);
        assert!(balanced(&text, 40).iter().all(|line| line.starts_with('葛')));
    }

    #[test]
    fn a_mark_fits_its_width_whatever_the_length_of_the_name() {
        for length in 1..200 {
            let name: String = "示例市人民政府自然资源和规划委员会".chars().cycle().take(length).collect();
            let mark = mark(&name, 442, 88);
            assert_eq!(mark.lines.concat(), name);
            let widest = mark.lines.iter().map(|line| halves(line)).max().unwrap();
            // Half points of height x half characters x percent, against points.
            assert!(widest * mark.size * mark.scale <= 442 * 4 * 100, "{mark:?}");
            assert!(mark.size <= 88 && mark.scale >= MARK_NARROWEST - 2, "{mark:?}");
        }
    }

    #[test]
    fn a_mark_has_one_line_for_usual_names_and_two_for_sixty_characters() {
        assert_eq!(mark("示例市交通运输局", 442, 88).size, 88);
        assert_eq!(mark(&"示".repeat(23), 442, 88).lines.len(), 1);
        let long = mark(&"示".repeat(60), 442, 88);
        assert_eq!(long.lines.len(), 2);
        assert!(long.size >= 40, "{long:?}");
    }

    #[test]
    fn a_blank_name_has_no_mark() {
        assert!(mark(" \n", 442, 88).lines.is_empty());
    }

    #[test]
    fn one_attachment_has_no_number() {
        let names = ["目录。".to_owned()];
        assert_eq!(attachments(&names), [Attachment { number: String::new(), name: "目录" }]);
    }

    #[test]
    fn several_attachments_are_numbered_and_blank_ones_left_out() {
        let names = ["甲；".to_owned(), " ".to_owned(), "乙".to_owned()];
        let lines: Vec<String> =
            attachments(&names).iter().map(|line| format!("{}{}", line.number, line.name)).collect();
        assert_eq!(lines, ["1.甲", "2.乙"]);
    }
}
