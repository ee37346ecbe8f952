//! What stands before the text: cover, 版权页, and the picture that a shelf of books shows.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::super::Imprint;
use super::super::qr::Code;
use super::xhtml::{Paths, Writer, document, escape};

/// Characters in a line of the cover's picture.
const LINE: usize = 9;
/// Lines of a title there; the rest is cut with …, the cover page has all of it.
const LINES: usize = 6;

/// The first page.
pub(super) fn cover(imprint: &Imprint, code: Option<&Code>) -> String {
    let mut body = String::from("<body epub:type=\"cover\" class=\"cover\">\n<section>\n");
    let _ = writeln!(body, "<h1>{}</h1>", escape(&imprint.title));
    for line in imprint.cover.iter().filter(|line| !line.trim().is_empty()) {
        let _ = writeln!(body, "<p class=\"cover-line\">{}</p>", escape(line));
    }
    for (class, text) in [
        ("cover-version", imprint.version.clone()),
        ("cover-office", imprint.office.clone()),
        ("cover-date", day(&imprint.date)),
    ] {
        if !text.trim().is_empty() {
            let _ = writeln!(body, "<p class=\"{class}\">{}</p>", escape(&text));
        }
    }
    body += &address(imprint, code);
    body += "</section>\n</body>";
    document(&imprint.title, "book.css", &body)
}

/// The code with the address under it.
fn address(imprint: &Imprint, code: Option<&Code>) -> String {
    let (Some(address), Some(code)) = (&imprint.address, code) else { return String::new() };
    let none = BTreeMap::new();
    let paths = Paths { file: "cover.xhtml", pages: &none, pictures: &none };
    let mut writer = Writer::new(&paths);
    writer.nodes(&[code.drawing(&format!("二维码：{address}"))], "div");
    let address = escape(address);
    format!("<div class=\"code\">\n{}\n<p><a href=\"{address}\">{address}</a></p>\n</div>\n", writer.finish())
}

/// 版权页: who, which version, which laws.
pub(super) fn imprint(imprint: &Imprint, code: Option<&Code>) -> String {
    let mut body = String::from(
        "<body epub:type=\"frontmatter\">\n<section epub:type=\"copyright-page\">\n<h1>版权页</h1>\n<dl class=\"imprint\">\n",
    );
    for (label, text) in [
        ("书名", imprint.title.clone()),
        ("编印单位", imprint.office.clone()),
        ("版本", imprint.version.clone()),
        ("日期", day(&imprint.date)),
        ("网址", imprint.address.clone().unwrap_or_default()),
    ] {
        if !text.trim().is_empty() {
            let _ = writeln!(body, "<dt>{label}</dt><dd>{}</dd>", escape(&text));
        }
    }
    body += "</dl>\n";
    if !imprint.laws.is_empty() {
        body += "<h2>依据的法规版本</h2>\n<p>本书按下列版本编写。之后又有修改的，以国家公布的文本为准。</p>\n\
            <table class=\"laws\">\n<thead><tr><th scope=\"col\">法规</th><th scope=\"col\">版本（施行日期）</th><th scope=\"col\">书里有什么</th></tr></thead>\n<tbody>\n";
        for law in &imprint.laws {
            let version = if law.version.is_empty() { "待核".to_owned() } else { day(&law.version) };
            let holds = if law.official { "原文和要点" } else { "要点，不是原文" };
            let title = escape(&law.title);
            let _ = writeln!(body, "<tr><td>{title}</td><td>{}</td><td>{holds}</td></tr>", escape(&version));
        }
        body += "</tbody>\n</table>\n";
    }
    body += &address(imprint, code);
    body += "</section>\n</body>";
    document("版权页", "book.css", &body)
}

/// 2026-11-27 as 2026年11月27日; what is no such date stays.
fn day(date: &str) -> String {
    let parts: Vec<&str> = date.split('-').collect();
    match parts.as_slice() {
        [year, month, day] if parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit())) => {
            format!("{year}年{}月{}日", month.trim_start_matches('0'), day.trim_start_matches('0'))
        }
        _ => date.to_owned(),
    }
}

/// The picture of the cover, 3 to 4, in lines of text that any reader can set.
pub(super) fn picture(imprint: &Imprint) -> String {
    let mut out = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1200 1600\" width=\"1200\" height=\"1600\" xml:lang=\"zh-CN\">\n\
         <rect width=\"1200\" height=\"1600\" fill=\"#ffffff\"/>\n<rect width=\"1200\" height=\"36\" fill=\"#9c2227\"/>\n\
         <rect y=\"1564\" width=\"1200\" height=\"36\" fill=\"#9c2227\"/>\n\
         <g fill=\"#1d2228\" text-anchor=\"middle\" font-family=\"'Songti SC', 'Noto Serif CJK SC', 'Source Han Serif SC', SimSun, serif\">\n",
    );
    let mut y = 380;
    for line in lines(&imprint.title) {
        let _ = writeln!(
            out,
            "<text x=\"600\" y=\"{y}\" font-size=\"112\" font-weight=\"bold\">{}</text>",
            escape(&line)
        );
        y += 160;
    }
    for line in imprint.cover.iter().filter(|line| !line.trim().is_empty()).take(3) {
        let size = fitting(line, 56);
        let _ = writeln!(out, "<text x=\"600\" y=\"{y}\" font-size=\"{size}\">{}</text>", escape(line));
        y += 90;
    }
    for (y, text) in [(1340, &imprint.version), (1450, &imprint.office)] {
        if !text.trim().is_empty() {
            let size = fitting(text, 56);
            let _ = writeln!(out, "<text x=\"600\" y=\"{y}\" font-size=\"{size}\">{}</text>", escape(text));
        }
    }
    out += "</g>\n</svg>\n";
    out
}

/// A size in which a line has room on the cover.
fn fitting(line: &str, most: usize) -> usize {
    (1080 / line.chars().count().max(1)).clamp(16, most)
}

/// A title in lines of about the same length.
fn lines(title: &str) -> Vec<String> {
    let characters: Vec<char> = title.trim().chars().collect();
    let rows = characters.len().div_ceil(LINE).clamp(1, LINES);
    let wide = characters.len().div_ceil(rows).clamp(1, LINE);
    let mut lines: Vec<String> =
        characters.chunks(wide).take(LINES).map(|line| line.iter().collect()).collect();
    if characters.len() > wide * LINES
        && let Some(last) = lines.last_mut()
    {
        last.pop();
        last.push('…');
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_stands_in_even_lines() {
        assert_eq!(lines("政府信息依申请公开办理手册"), ["政府信息依申请", "公开办理手册"]);
        assert_eq!(lines(&"长".repeat(200)).len(), LINES);
        assert!(lines(&"长".repeat(200)).last().unwrap().ends_with('…'));
        assert_eq!(lines(""), Vec::<String>::new());
    }
}
