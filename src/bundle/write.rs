//! Files become a pack.

use super::manifest::{About, MANIFEST, Manifest};
use super::{CHECKSUMS, Files, LARGEST, LARGEST_UNPACKED, MOST_FILES, check_names};
use crate::text::{Diagnostic, Report};
use std::io::{Cursor, Write};
use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipWriter};

/// What is compressed already: pages in a PDF, pictures, fonts, other archives.
const COMPRESSED: [&str; 9] = [".epub", ".pdf", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".woff2", ".zip"];

/// The bytes of a pack that holds these files, a manifest and the checksums, in path order. Names that not every computer
/// can hold and packs that are too large go to `report`, and then there is none.
pub fn pack(about: &About, files: &Files, report: &mut Report) -> Option<Vec<u8>> {
    let before = report.clone();
    let manifest = Manifest::of(about, files);
    let own = [MANIFEST, CHECKSUMS];
    check_names(files.keys().map(String::as_str).chain(own), report);
    let size: u64 = manifest.files.iter().map(|file| file.size).sum();
    if size > LARGEST_UNPACKED || files.len() + own.len() > MOST_FILES {
        report.push(too_large(&format!("要打包的有 {} 个文件、{} MB", files.len(), size / 1024 / 1024)));
    }
    if *report != before {
        return None;
    }
    let (own, sums) = (manifest.to_bytes(), manifest.checksums().into_bytes());
    let mut all: Vec<(&str, &[u8])> = files.iter().map(|(path, bytes)| (path.as_str(), &bytes[..])).collect();
    all.extend([(MANIFEST, &own[..]), (CHECKSUMS, &sums[..])]);
    all.sort_unstable();
    let bytes = match archive(&all) {
        Ok(bytes) => bytes,
        Err(error) => {
            report
                .push(Diagnostic::placeless("pack-zip", format!("压缩包没有做成：{error}")).hint("再试一次"));
            return None;
        }
    };
    if bytes.len() as u64 > LARGEST {
        report.push(too_large(&format!("压缩以后还有 {} MB", bytes.len() / 1024 / 1024)));
        return None;
    }
    Some(bytes)
}

fn too_large(what: &str) -> Diagnostic {
    let message = format!("{what}，太大了");
    let hint = format!(
        "一个包最多 {MOST_FILES} 个文件，压缩以后最多 {} MB；看看 book 里有没有很大的图片",
        LARGEST / 1024 / 1024
    );
    Diagnostic::placeless("pack-size", message).hint(hint)
}

/// Everything that would otherwise depend on the day or the machine is fixed here.
fn archive(files: &[(&str, &[u8])]) -> ZipResult<Vec<u8>> {
    let options = SimpleFileOptions::DEFAULT
        .last_modified_time(DateTime::DEFAULT)
        .system(System::Unix)
        .unix_permissions(0o644);
    let deflated = options.compression_method(CompressionMethod::Deflated).compression_level(Some(6));
    let stored = options.compression_method(CompressionMethod::Stored);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        let lower = path.to_lowercase();
        let small = COMPRESSED.iter().any(|ending| lower.ends_with(ending));
        archive.start_file(*path, if small { stored } else { deflated })?;
        archive.write_all(bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}
