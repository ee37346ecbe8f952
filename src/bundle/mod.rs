//! A pack: one .zip that carries a handbook on a USB stick, and what is read back from it.
//!
//! [`pack`] makes bytes of files, the same bytes every time; [`unpack`] gives files only where every byte is as it was
//! packed and every name is safe. Nothing is ever extracted to a path that the archive chose.

mod guide;
mod manifest;
mod names;
mod read;
mod write;

pub use guide::guide;
pub use manifest::{About, FORMAT, FileEntry, MANIFEST, Manifest, digest};
pub use names::check_names;
pub use read::{Unpacked, unpack};
pub use write::pack;

use std::collections::BTreeMap;

/// Files by path, `/` between folders.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The checksums for people and for `sha256sum -c`.
pub const CHECKSUMS: &str = "校验.txt";
/// What a clerk reads first.
pub const GUIDE: &str = "使用说明.txt";
/// Where the sources of the handbook lie in a pack.
pub const SOURCES: &str = "sources/";

/// Largest pack, in bytes.
pub const LARGEST: u64 = 200 * 1024 * 1024;
/// Most bytes that a pack may unpack to.
const LARGEST_UNPACKED: u64 = 1024 * 1024 * 1024;
/// Most files in a pack.
const MOST_FILES: usize = 60_000;
