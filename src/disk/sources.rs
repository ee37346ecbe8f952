//! Reading: a root's sources, or one text file, as UTF-8 with LF.

use super::write::explain;
use crate::text::{Diagnostic, Place, Report, Sources};
use anyhow::bail;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Largest content file, in bytes. A page larger than this is a mistake (a picture or a whole law pasted in).
pub const LARGEST: u64 = 8 * 1024 * 1024;

/// What is read below a root: folder and file name ending.
const KINDS: [(&str, &str); 6] = [
    ("book", "md"),
    ("book/rules", "toml"),
    ("cases", "md"),
    ("templates/clauses", "hbs"),
    ("templates/letters", "hbs"),
    ("templates/partials", "hbs"),
];

/// The nearest folder from `start` upwards that holds a `book.toml`.
#[must_use]
pub fn find_root(start: &Path) -> Option<PathBuf> {
    start.ancestors().find(|folder| folder.join("book.toml").is_file()).map(Path::to_path_buf)
}

/// Reads all sources below `root`, and `book.toml`. What is no text goes to `report`.
///
/// # Errors
///
/// When a file or folder that is there cannot be read.
pub fn read_sources(root: &Path, report: &mut Report) -> anyhow::Result<Sources> {
    let mut sources = Sources::default();
    read_into(&mut sources, root, "book.toml", report)?;
    for (folder, ending) in KINDS {
        let top = root.join(folder);
        match fs::metadata(&top) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => bail!("读不了 {}：{}", top.display(), explain(&error)),
            Ok(_) => {}
        }
        // Linked files are content like any other; a link that leads back to its own folder is an error.
        for entry in WalkDir::new(&top).follow_links(true).sort_by_file_name() {
            let entry = entry.map_err(|error| {
                let path = error.path().unwrap_or(&top).display().to_string();
                let cyclic = error.loop_ancestor().is_some();
                let why = error.into_io_error().map(|e| explain(&e));
                let why = why.filter(|_| !cyclic).unwrap_or_else(|| "文件夹的链接绕回了自己".to_owned());
                anyhow::anyhow!("读不了 {path}：{why}")
            })?;
            let path = entry.path();
            let wanted = path.extension().is_some_and(|e| e.eq_ignore_ascii_case(ending));
            if entry.file_type().is_file() && wanted {
                let below = path.strip_prefix(root).unwrap_or(path);
                let parts: Vec<_> = below.components().map(|c| c.as_os_str().to_string_lossy()).collect();
                let relative = parts.join("/");
                read_into(&mut sources, root, &relative, report)?;
            }
        }
    }
    Ok(sources)
}

fn read_into(sources: &mut Sources, root: &Path, relative: &str, report: &mut Report) -> anyhow::Result<()> {
    let path = root.join(relative);
    let size =
        fs::metadata(&path).map_err(|e| anyhow::anyhow!("读不了 {}：{}", path.display(), explain(&e)))?.len();
    if size > LARGEST {
        sources.insert_unreadable(relative);
        let message = format!("文件有 {} MB，太大", size / 1024 / 1024);
        let hint = format!("一个内容文件最多 {} MB；拆成几个文件", LARGEST / 1024 / 1024);
        report.push(Diagnostic::error("too-large", Place::new(relative, 0..0), message).hint(hint));
        return Ok(());
    }
    let bytes = fs::read(&path).map_err(|e| anyhow::anyhow!("读不了 {}：{}", path.display(), explain(&e)))?;
    // mdBook reads the pages itself, and reads only UTF-8.
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        sources.insert_unreadable(relative);
        report.push(not_utf8(relative, 0..0, "UTF-16（记事本里叫 Unicode）"));
    } else if let Some(text) = decode_text(relative, bytes, report) {
        sources.insert(relative, text);
    } else {
        sources.insert_unreadable(relative);
    }
    Ok(())
}

/// Reads one file that the user named, at most `largest` bytes. What is no text goes to `report`.
///
/// # Errors
///
/// When it is not there, too large, or cannot be read.
pub fn read_text(path: &Path, largest: u64, report: &mut Report) -> anyhow::Result<String> {
    let bytes = read_bytes(path, largest)?;
    Ok(decode_text(&path.display().to_string().replace('\\', "/"), bytes, report).unwrap_or_default())
}

/// Reads one file that the user named, at most `largest` bytes.
///
/// # Errors
///
/// When it is not there, too large, or cannot be read.
pub fn read_bytes(path: &Path, largest: u64) -> anyhow::Result<Vec<u8>> {
    let shown = path.display();
    let meta = fs::metadata(path).map_err(|e| anyhow::anyhow!("读不了 {shown}：{}", explain(&e)))?;
    if meta.is_dir() {
        bail!("{shown} 是一个文件夹，这里要一个文件");
    }
    if meta.len() > largest {
        bail!(
            "{shown} 有 {} MB，太大了，不像是要读的文件（最多 {} MB）",
            meta.len() / 1024 / 1024,
            largest / 1024 / 1024
        );
    }
    let mut bytes = vec![];
    // A pipe has no size before it is read.
    let file = fs::File::open(path).map_err(|e| anyhow::anyhow!("读不了 {shown}：{}", explain(&e)))?;
    file.take(largest + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| anyhow::anyhow!("读不了 {shown}：{}", explain(&e)))?;
    if bytes.len() as u64 > largest {
        bail!("{shown} 太大了，不像是要读的文件（最多 {} MB）", largest / 1024 / 1024);
    }
    Ok(bytes)
}

/// The day on which a file was last changed (in UTC), ISO; `None` where the disk does not say.
#[must_use]
pub fn modified(path: &Path) -> Option<String> {
    let time = fs::metadata(path).ok()?.modified().ok()?;
    let seconds = time.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs();
    crate::calendar::Date::of_unix(seconds).map(|d| d.to_string())
}

/// The day it is in Beijing, by the computer's clock: all of China keeps that time.
#[must_use]
pub fn today() -> Option<crate::calendar::Date> {
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok()?.as_secs();
    crate::calendar::Date::of_unix(seconds + 8 * 60 * 60)
}

/// The text without byte order mark and with LF only.
#[must_use]
pub fn strip(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() }
}

/// Bytes as text. Bytes that are not UTF-8 are reported, and what is returned then is only for showing the place;
/// `None` where nothing can be shown.
pub fn decode_text(path: &str, bytes: Vec<u8>, report: &mut Report) -> Option<String> {
    // UTF-16 says so itself by its mark: what PowerShell's `>` writes is read, not refused.
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(&bytes)
        && encoding != encoding_rs::UTF_8
        && let (text, _, false) = encoding.decode(&bytes)
    {
        return Some(strip(&text));
    }
    let bytes = match String::from_utf8(bytes) {
        Ok(text) if text.contains('\0') => {
            let message = "文件里有空字符，不像是文本文件";
            let hint = "用记事本打开看看是不是选错了文件";
            report.push(Diagnostic::error("not-text", Place::new(path, 0..0), message).hint(hint));
            return None;
        }
        Ok(text) => return Some(strip(&text)),
        Err(error) => error.into_bytes(),
    };
    let valid = std::str::from_utf8(&bytes).map_or_else(|e| e.valid_up_to(), str::len);
    let (text, _, broken) = encoding_rs::GB18030.decode(&bytes);
    let (shown, encoding) = if broken {
        (String::from_utf8_lossy(&bytes).into_owned(), "")
    } else {
        (text.into_owned(), "GB18030（记事本里叫 ANSI）")
    };
    let prefix = bytes.get(..valid).unwrap_or_default();
    let start = strip(&String::from_utf8_lossy(prefix)).len();
    let shown = strip(&shown);
    let end = shown.get(start..).and_then(|t| t.find('\n')).map_or(shown.len(), |i| start + i);
    report.push(not_utf8(path, start..end, encoding));
    Some(shown)
}

/// A table as spreadsheets save it: UTF-8, UTF-16 by its mark, or GB18030 (ANSI). What is none of them is reported.
pub fn decode_table(path: &str, bytes: Vec<u8>, report: &mut Report) -> Option<String> {
    if std::str::from_utf8(&bytes).is_err()
        && encoding_rs::Encoding::for_bom(&bytes).is_none()
        && let (text, _, false) = encoding_rs::GB18030.decode(&bytes)
    {
        return Some(strip(&text));
    }
    decode_text(path, bytes, report)
}

fn not_utf8(path: &str, range: std::ops::Range<usize>, encoding: &str) -> Diagnostic {
    let message = if encoding.is_empty() {
        "这个文件不是 UTF-8 编码的文本".to_owned()
    } else {
        format!("这个文件不是 UTF-8 编码，像是 {encoding}")
    };
    let hint = "用记事本打开它，点“文件—另存为”，“编码”选 UTF-8，再保存；如果打开是乱码，多半选错了文件";
    Diagnostic::error("not-utf8", Place::new(path, range), message).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::decode_text;
    use crate::text::{Report, Sources};

    #[test]
    fn a_byte_order_mark_and_crlf_are_taken_off() {
        let mut report = Report::default();
        assert_eq!(decode_text("a", "\u{feff}甲\r\n乙\r\n".into(), &mut report).unwrap(), "甲\n乙\n");
        assert!(report.is_empty());
    }

    #[test]
    fn utf_16_with_its_mark_is_read() {
        let bytes: Vec<u8> = "\u{feff}甲\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut report = Report::default();
        assert_eq!(decode_text("a", bytes, &mut report).unwrap(), "甲\n");
        assert!(report.is_empty());
    }

    #[test]
    fn gb18030_is_named_and_shown_readably() {
        let (bytes, ..) = encoding_rs::GB18030.encode("a = 1\n申请人 = \"张某\"\n");
        let mut report = Report::default();
        let text = decode_text("a.toml", bytes.into_owned(), &mut report).unwrap();
        let mut sources = Sources::default();
        sources.insert("a.toml", text);
        let shown = report.render(&sources, false);
        assert!(
            shown.contains("GB18030") && shown.contains("a.toml:2:1") && shown.contains("申请人"),
            "{shown}"
        );
    }
}
