//! What a picture is, by its first bytes: a name may lie.

use quick_xml::Reader;
use quick_xml::events::Event;

/// A kind of picture that e-readers show.
pub(super) struct Kind {
    pub(super) media_type: &'static str,
    pub(super) extension: &'static str,
}

/// The kind of a picture, or what is wrong with it as the end of a sentence.
pub(super) fn kind(bytes: &[u8]) -> Result<Kind, String> {
    let kind = |media_type, extension| Ok(Kind { media_type, extension });
    match bytes {
        [] => Err("是空的".to_owned()),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', rest @ ..] => match rest {
            // The end must be there too: half a picture is a hole.
            rest if rest.len() > 24 && rest.ends_with(b"IEND\xaeB\x60\x82") => kind("image/png", "png"),
            _ => Err("不完整（PNG 没有结尾）".to_owned()),
        },
        [0xff, 0xd8, 0xff, rest @ ..] => {
            match rest.windows(2).rev().take(64).any(|two| two == [0xff, 0xd9]) {
                true => kind("image/jpeg", "jpg"),
                false => Err("不完整（JPEG 没有结尾）".to_owned()),
            }
        }
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => kind("image/gif", "gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => kind("image/webp", "webp"),
        bytes => svg(bytes).map(|()| Kind { media_type: "image/svg+xml", extension: "svg" }),
    }
}

/// Whether it is a whole drawing, and one that neither acts nor loads anything.
fn svg(bytes: &[u8]) -> Result<(), String> {
    let unknown = || Err("不是认得的图片".to_owned());
    let Ok(text) = std::str::from_utf8(bytes) else { return unknown() };
    let mut reader = Reader::from_str(text);
    let (mut depth, mut first) = (0usize, true);
    loop {
        let (start, open) = match reader.read_event() {
            Ok(Event::Start(start)) => (start, 1),
            Ok(Event::Empty(start)) => (start, 0),
            Ok(Event::End(_)) => {
                depth = depth.saturating_sub(1);
                continue;
            }
            Ok(Event::Eof) if first => return unknown(),
            Ok(Event::Eof) if depth > 0 => return Err("不完整（SVG 没有结尾）".to_owned()),
            Ok(Event::Eof) => return Ok(()),
            Ok(_) => continue,
            Err(_) if first => return unknown(),
            Err(error) => return Err(format!("写错了（SVG：{error}）")),
        };
        match start.local_name().as_ref() {
            "svg" => {}
            _ if first => return unknown(),
            "script" => return Err("里面有脚本".to_owned()),
            "foreignObject" => return Err("里面有网页".to_owned()),
            _ => {}
        }
        for attribute in start.attributes() {
            let Ok(attribute) = attribute else { return Err("写错了（SVG 的属性）".to_owned()) };
            let value = attribute.value.as_ref();
            let loads = attribute.key.local_name().as_ref() == "href" && !value.starts_with(['#', ' ']);
            if loads && !value.starts_with("data:image/") {
                return Err(format!("要从别处取 {value}"));
            }
        }
        first = false;
        depth += open;
    }
}
