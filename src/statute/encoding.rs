//! Bytes become text: UTF-8, UTF-16 with its mark, GB18030 and what calls itself GB2312 or GBK.
//!
//! Only this file (and `disk`, for files that must be UTF-8) knows `encoding_rs`.

use encoding_rs::{Encoding, GB18030, UTF_8};
use std::borrow::Cow;

/// The text, and the name of its encoding. `Err` with the byte at which it stops making sense.
///
/// # Errors
///
/// When the bytes are neither UTF-8 nor what they call themselves nor GB18030.
pub fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, &'static str), usize> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(mark..).unwrap_or_default();
        let (text, broken) = encoding.decode_without_bom_handling(rest);
        return if broken { Err(valid(rest) + mark) } else { Ok((text, encoding.name())) };
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((Cow::Borrowed(text), UTF_8.name()));
    }
    // GB18030 holds GB2312 and GBK whole; pages often call the larger one by the smaller one's name.
    let declared = declared(bytes).and_then(Encoding::for_label);
    let encoding = match declared {
        Some(other) if !["GBK", "gb18030", "UTF-8"].contains(&other.name()) => other,
        _ => GB18030,
    };
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    if broken { Err(valid(bytes)) } else { Ok((text, encoding.name())) }
}

/// How many bytes are UTF-8.
fn valid(bytes: &[u8]) -> usize {
    std::str::from_utf8(bytes).map_or_else(|e| e.valid_up_to(), str::len)
}

/// The encoding that a web page names near its beginning.
fn declared(bytes: &[u8]) -> Option<&[u8]> {
    let head = bytes.get(..bytes.len().min(2048))?;
    let at = head.windows(8).position(|w| w.eq_ignore_ascii_case(b"charset="))? + 8;
    let rest = head.get(at..)?;
    let start = rest.iter().position(|b| !matches!(b, b'"' | b'\'' | b' '))?;
    let rest = rest.get(start..)?;
    let end = rest.iter().position(|b| !b.is_ascii_alphanumeric() && !matches!(b, b'-' | b'_'))?;
    rest.get(..end)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn the_encodings_of_downloads_are_read() {
        let text = "第一条　为了，制定本办法。𠮷";
        let (gb, _, _) = encoding_rs::GB18030.encode(text);
        assert_eq!(decode(&gb).unwrap().0, text);
        assert_eq!(decode(text.as_bytes()).unwrap().1, "UTF-8");
        assert_eq!(decode(format!("\u{feff}{text}").as_bytes()).unwrap().0, text);
        let utf16: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&utf16).unwrap().0, text);
        let (page, _, _) = encoding_rs::GB18030.encode("<meta charset=\"gb2312\"><p>第一条　朱镕基</p>");
        assert!(decode(&page).unwrap().0.contains("朱镕基"));
    }

    #[test]
    fn what_is_no_text_says_where() {
        assert_eq!(decode(b"abc\xff\xff\xff"), Err(3));
    }
}
