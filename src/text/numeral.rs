//! Numbers as laws write them: 三十六, 36, ３６, 一百一十, 〇.

/// `number` as the Chinese numeral used in article labels (1 ..= 9999): 36 → 三十六, 110 → 一百一十.
#[must_use]
pub fn chinese(number: u32) -> String {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    const UNITS: [(u32, &str); 4] = [(1000, "千"), (100, "百"), (10, "十"), (1, "")];
    if number == 0 || number > 9999 {
        return number.to_string();
    }
    let mut out = String::new();
    let mut gap = false;
    for (unit, name) in UNITS {
        let digit = number / unit % 10;
        if digit == 0 {
            gap = !out.is_empty();
            continue;
        }
        if gap {
            out.push('零');
            gap = false;
        }
        // 10–19 as the whole number are 十…十九, but 110 is 一百一十.
        if !(unit == 10 && digit == 1 && out.is_empty()) {
            out.push_str(DIGITS.get(digit as usize).copied().unwrap_or_default());
        }
        out.push_str(name);
    }
    out
}

/// Reads a numeral in any of the usual spellings: Chinese (三十六, 二〇), ASCII or full-width digits.
///
/// `None` if `text` is empty, holds anything else, or is larger than 9999.
#[must_use]
pub fn number(text: &str) -> Option<u32> {
    if text.contains(['廿', '卅']) {
        return number(&text.replace('廿', "二十").replace('卅', "三十"));
    }
    let first = text.chars().next()?;
    let value = if digit(first).is_some() && text.chars().all(|c| digit(c).is_some()) {
        if text.chars().count() > 4 {
            return None;
        }
        text.chars().try_fold(0, |sum, c| Some(sum * 10 + digit(c)?))?
    } else {
        grouped(text)?
    };
    (1..=9999).contains(&value).then_some(value)
}

/// Whether `c` can be part of a numeral.
#[must_use]
pub(crate) fn is_numeral(c: char) -> bool {
    digit(c).is_some() || unit(c).is_some() || matches!(c, '廿' | '卅')
}

fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(c as u32 - '0' as u32),
        '０'..='９' => Some(c as u32 - '０' as u32),
        '零' | '〇' | '○' => Some(0),
        '一' => Some(1),
        '二' | '两' => Some(2),
        '三' => Some(3),
        '四' => Some(4),
        '五' => Some(5),
        '六' => Some(6),
        '七' => Some(7),
        '八' => Some(8),
        '九' => Some(9),
        _ => None,
    }
}

fn unit(c: char) -> Option<u32> {
    match c {
        '十' => Some(10),
        '百' => Some(100),
        '千' => Some(1000),
        _ => None,
    }
}

fn grouped(text: &str) -> Option<u32> {
    let (mut sum, mut pending, mut last_unit) = (0, None, 10_000);
    for c in text.chars() {
        if let Some(value) = digit(c) {
            if pending.is_some_and(|p| p != 0) {
                return None;
            }
            pending = Some(value);
        } else {
            let unit = unit(c)?;
            if unit >= last_unit {
                return None;
            }
            let count = match pending {
                None if unit == 10 => 1,
                Some(count) if count > 0 => count,
                Some(_) if unit == 10 => 1,
                _ => return None,
            };
            sum += count * unit;
            (pending, last_unit) = (None, unit);
        }
    }
    Some(sum + pending.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::{chinese, number};

    #[test]
    fn every_number_reads_back_as_itself() {
        for n in 1..=9999 {
            assert_eq!(number(&chinese(n)), Some(n), "{}", chinese(n));
            assert_eq!(number(&n.to_string()), Some(n));
        }
    }

    #[test]
    fn numerals_are_written_as_laws_write_them() {
        assert_eq!(
            [10, 16, 20, 36, 101, 110, 205, 1260].map(chinese),
            ["十", "十六", "二十", "三十六", "一百零一", "一百一十", "二百零五", "一千二百六十"]
        );
    }

    #[test]
    fn full_width_and_zero_spellings_are_read() {
        assert_eq!(number("３６"), Some(36));
        assert_eq!(number("二〇"), Some(20));
        assert_eq!(number("一百零一"), Some(101));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "条", "十百", "三三十", "0", "12345", "〇", "三a"] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
