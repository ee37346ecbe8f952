//! A pack is read back: nothing of it is believed before it was checked.

use super::manifest::{AGAIN, FileEntry, MANIFEST, Manifest, digest};
use super::{CHECKSUMS, Files, LARGEST_UNPACKED, MOST_FILES, SOURCES, check_names};
use crate::text::{Diagnostic, Report};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// A pack of which every byte is as it was packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpacked {
    /// What it says of itself.
    pub manifest: Manifest,
    /// What lies below [`SOURCES`], by the path from there.
    pub sources: Files,
}

/// Bits of a Unix mode that say what kind of file it is.
const KIND: u32 = 0o170_000;
const REGULAR: u32 = 0o100_000;

/// What to do about a file that is no pack.
const OURS: &str = "写 gongkai pack 做出来的那个 .zip";

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Reads a pack. Everything that is wrong with it goes to `report`, and then there is nothing.
pub fn unpack(bytes: &[u8], report: &mut Report) -> Option<Unpacked> {
    let before = report.clone();
    let mut archive = open(bytes, report)?;
    let names = names(&mut archive, report);
    if *report != before {
        return None;
    }
    let manifest = manifest(&mut archive, &names, report)?;
    let mut sums = manifest.sums();
    if sums.len() != manifest.files.len() {
        report.push(Diagnostic::placeless("pack-manifest", "清单里同一个文件写了两次").hint(AGAIN));
        return None;
    }
    let mut sources = Files::new();
    for name in names.keys().filter(|name| ![MANIFEST, CHECKSUMS].contains(&name.as_str())) {
        let Some(wanted) = sums.remove(name.as_str()) else {
            let message = format!("更新包里多了 {name}，清单里没有它");
            let hint = "用收到的原来的 .zip，不要打开来改，也不要自己重新压缩";
            report.push(Diagnostic::placeless("pack-checksum", message).hint(hint));
            continue;
        };
        match content(&mut archive, name, wanted) {
            Ok(bytes) => {
                if let Some(inner) = name.strip_prefix(SOURCES) {
                    sources.insert(inner.to_owned(), bytes);
                }
            }
            Err(message) => report.push(Diagnostic::placeless("pack-checksum", message).hint(AGAIN)),
        }
    }
    for name in sums.keys() {
        let message = format!("更新包里缺 {name}，清单里有它");
        report.push(Diagnostic::placeless("pack-checksum", message).hint(AGAIN));
    }
    let listed = part(&mut archive, CHECKSUMS, 64 * 1024 * 1024);
    if listed.is_none_or(|listed| listed != manifest.checksums().into_bytes()) {
        let message = format!("更新包里的 {CHECKSUMS} 和清单对不上");
        report.push(Diagnostic::placeless("pack-checksum", message).hint(AGAIN));
    }
    (*report == before).then_some(Unpacked { manifest, sources })
}

fn open<'a>(bytes: &'a [u8], report: &mut Report) -> Option<Archive<'a>> {
    let mut broken = |code: &'static str, message: &str, hint: &str| {
        report.push(Diagnostic::placeless(code, message).hint(hint));
        None
    };
    if bytes.is_empty() {
        return broken("pack-zip", "这个文件是空的", AGAIN);
    }
    let Ok(archive) = ZipArchive::new(Cursor::new(bytes)) else {
        return if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
            broken("pack-zip", "这个压缩包不完整：后面的部分没有拷过来，或者坏了", AGAIN)
        } else {
            broken("pack-zip", "这个文件不是 .zip 压缩包", OURS)
        };
    };
    if archive.has_duplicate_names() {
        return broken("pack-zip", "压缩包里有两个同名的文件，说不清用哪一个", AGAIN);
    }
    if archive.len() > MOST_FILES {
        let message = format!("压缩包里有 {} 个文件，太多了", archive.len());
        return broken("pack-size", &message, OURS);
    }
    Some(archive)
}

/// The regular files with their places; whatever else an archive can hold is reported, and names that are unsafe.
fn names(archive: &mut Archive<'_>, report: &mut Report) -> BTreeMap<String, usize> {
    let mut all = BTreeMap::new();
    for index in 0..archive.len() {
        let Ok(file) = archive.by_index_raw(index) else {
            let message = format!("压缩包里的第 {} 个文件读不了", index + 1);
            report.push(Diagnostic::placeless("pack-zip", message).hint(AGAIN));
            continue;
        };
        let Ok(name) = file.name().map(std::borrow::Cow::into_owned) else {
            let message = format!("压缩包里的第 {} 个文件，名称不是 UTF-8", index + 1);
            report.push(Diagnostic::placeless("pack-name", message).hint(AGAIN));
            continue;
        };
        let kind = file.unix_mode().map_or(0, |mode| mode & KIND);
        if file.is_dir() {
            // What other programs add says nothing that the files do not say.
            check_names([name.trim_end_matches('/')], report);
            continue;
        }
        let strange = if file.is_symlink() || ![0, REGULAR].contains(&kind) {
            Some("不是普通文件，是链接一类的东西")
        } else if file.encrypted() {
            Some("加了密码")
        } else {
            None
        };
        if let Some(strange) = strange {
            let message = format!("压缩包里的 {} {strange}", name.escape_debug());
            report.push(Diagnostic::placeless("pack-name", message).hint(OURS));
        }
        all.insert(name, index);
    }
    check_names(all.keys().map(String::as_str), report);
    all
}

fn manifest(
    archive: &mut Archive<'_>,
    names: &BTreeMap<String, usize>,
    report: &mut Report,
) -> Option<Manifest> {
    if !names.contains_key(MANIFEST) {
        let deeper = names.keys().any(|name| name.ends_with(&format!("/{MANIFEST}")));
        let hint = if deeper {
            "里面多套了一层文件夹：用收到的原来的 .zip，不要自己重新压缩"
        } else {
            OURS
        };
        let message = format!("这个压缩包不是手册的更新包：里面没有 {MANIFEST}");
        report.push(Diagnostic::placeless("pack-manifest", message).hint(hint));
        return None;
    }
    let Some(bytes) = part(archive, MANIFEST, 64 * 1024 * 1024) else {
        let message = format!("更新包里的 {MANIFEST} 坏了");
        report.push(Diagnostic::placeless("pack-manifest", message).hint(AGAIN));
        return None;
    };
    let manifest = Manifest::read(&bytes, report)?;
    let size = manifest.files.iter().fold(0_u64, |sum, file| sum.saturating_add(file.size));
    if size > LARGEST_UNPACKED {
        let message = format!(
            "更新包解压以后有 {} MB，太大了（最多 {} MB）",
            size / 1024 / 1024,
            LARGEST_UNPACKED / 1024 / 1024
        );
        report.push(Diagnostic::placeless("pack-size", message).hint(OURS));
        return None;
    }
    let strange: BTreeSet<&str> = manifest
        .files
        .iter()
        .filter(|file| file.sha256.len() != 64 || [MANIFEST, CHECKSUMS].contains(&file.path.as_str()))
        .map(|file| file.path.as_str())
        .collect();
    if let Some(path) = strange.first() {
        let message = format!("清单里 {} 一行写得不对", path.escape_debug());
        report.push(Diagnostic::placeless("pack-manifest", message).hint(AGAIN));
        return None;
    }
    Some(manifest)
}

/// A file as the manifest has it. Never more is unpacked than it says.
fn content(archive: &mut Archive<'_>, name: &str, wanted: &FileEntry) -> Result<Vec<u8>, String> {
    let Some(bytes) = part(archive, name, wanted.size) else {
        return Err(format!("{name} 坏了，或者比清单里的大"));
    };
    if bytes.len() as u64 != wanted.size || digest(&bytes) != wanted.sha256 {
        return Err(format!("{name} 和清单里的校验值不一样：文件坏了，或者被人改过"));
    }
    Ok(bytes)
}

/// The bytes of a file, at most `largest`; `None` if it is damaged or longer.
fn part(archive: &mut Archive<'_>, name: &str, largest: u64) -> Option<Vec<u8>> {
    let file = archive.by_name(name).ok()?;
    let mut bytes = vec![];
    file.take(largest.saturating_add(1)).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= largest).then_some(bytes)
}
