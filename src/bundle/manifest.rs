//! `pack.json`: what a pack is, and every file in it with its checksum.

use super::{CHECKSUMS, Files};
use crate::text::{Diagnostic, Report};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Name of the manifest in a pack.
pub const MANIFEST: &str = "pack.json";
/// The form of pack that this program writes, and the newest that it reads.
pub const FORMAT: u32 = 1;

/// What a pack says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// Id of the edition: `staff`, `public`.
    pub edition: String,
    /// Title of the handbook.
    pub title: String,
    /// Who issues it; empty where nobody is named.
    pub office: String,
    /// 2026年第1版; empty where none is given.
    pub version: String,
    /// Day of issue, `2026-11-27`; empty where none is given.
    pub date: String,
}

/// One file of a pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// Its path in the pack.
    pub path: String,
    /// Its length in bytes.
    pub size: u64,
    /// SHA-256 of its bytes, 64 hexadecimal digits.
    pub sha256: String,
}

/// All of `pack.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// See [`FORMAT`].
    pub format: u32,
    /// Version of the program that packed.
    pub program: String,
    /// What it is.
    pub about: About,
    /// Every file but this one and the list of checksums, by path.
    pub files: Vec<FileEntry>,
}

/// Any newer form has at least this.
#[derive(Deserialize)]
struct Form {
    format: u32,
    #[serde(default)]
    program: String,
}

impl Manifest {
    /// The manifest of these files.
    #[must_use]
    pub fn of(about: &About, files: &Files) -> Self {
        let entry = |(path, bytes): (&String, &Vec<u8>)| FileEntry {
            path: path.clone(),
            size: bytes.len() as u64,
            sha256: digest(bytes),
        };
        Self {
            format: FORMAT,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            about: about.clone(),
            files: files.iter().map(entry).collect(),
        }
    }

    /// As it stands in the pack.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text.into_bytes()
    }

    /// Reads a manifest; what is wrong with it goes to `report`.
    pub fn read(bytes: &[u8], report: &mut Report) -> Option<Self> {
        let form: Form = match serde_json::from_slice(bytes) {
            Ok(form) => form,
            Err(error) => {
                report.push(unreadable(&error));
                return None;
            }
        };
        if form.format > FORMAT {
            let made = if form.program.is_empty() {
                String::new()
            } else {
                format!("，是用 gongkai {} 做的", form.program)
            };
            let message = format!("这个更新包的格式（{}）比这个程序认识的（{FORMAT}）新{made}", form.format);
            report
                .push(Diagnostic::placeless("pack-format", message).hint("先换上新的 gongkai 程序，再更新"));
            return None;
        }
        match serde_json::from_slice::<Self>(bytes) {
            Ok(manifest) if manifest.format > 0 => Some(manifest),
            Ok(_) => {
                let message = format!("{MANIFEST} 里的格式号 0 不对");
                report.push(Diagnostic::placeless("pack-manifest", message).hint(AGAIN));
                None
            }
            Err(error) => {
                report.push(unreadable(&error));
                None
            }
        }
    }

    /// The checksums by path.
    #[must_use]
    pub fn sums(&self) -> BTreeMap<&str, &FileEntry> {
        self.files.iter().map(|file| (file.path.as_str(), file)).collect()
    }

    /// The list of checksums, as `sha256sum -c` reads it.
    #[must_use]
    pub fn checksums(&self) -> String {
        let own = digest(&self.to_bytes());
        let mut rows: BTreeMap<&str, &str> =
            self.files.iter().map(|file| (file.path.as_str(), file.sha256.as_str())).collect();
        rows.insert(MANIFEST, &own);
        rows.remove(CHECKSUMS);
        rows.iter().map(|(path, sum)| format!("{sum}  {path}\n")).collect()
    }
}

/// What to do about a pack that is not whole.
pub(super) const AGAIN: &str = "重新拷一份；还是这样，请发包的单位重新打包";

fn unreadable(error: &serde_json::Error) -> Diagnostic {
    let message =
        format!("更新包里的 {MANIFEST} 读不了：第 {} 行第 {} 列写得不对", error.line(), error.column());
    Diagnostic::placeless("pack-manifest", message).hint(AGAIN)
}

/// SHA-256 in 64 hexadecimal digits.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
