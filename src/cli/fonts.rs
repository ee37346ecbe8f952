//! The machine's fonts for PDF: its font folders searched once, only the files that letters need read whole.

use super::output;
use crate::letter::Letter;
use crate::letter::pdf::{self, Fonts, Given, Listed, Typeface};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What any font for letters has.
const SAMPLE: &str = "政府信息公开告知书，（年月日）0123456789";

/// A face and its file.
struct Found {
    listed: Listed,
    path: PathBuf,
    index: u32,
}

/// The fonts that letters need, from the folders where this system keeps its fonts.
pub fn load() -> Result<Fonts, pdf::Error> {
    let mut database = fontdb::Database::new();
    database.load_system_fonts();
    let mut found: Vec<Found> = database.faces().filter_map(face).collect();
    // Folders list their files in any order.
    found.sort_by(|a, b| (&a.path, a.index).cmp(&(&b.path, b.index)));
    read(&found)
}

fn face(face: &fontdb::FaceInfo) -> Option<Found> {
    let fontdb::Source::File(path) = &face.source else {
        return None;
    };
    let listed = Listed {
        families: face.families.iter().map(|(name, _)| name.clone()).collect(),
        weight: face.weight.0,
        upright: face.style == fontdb::Style::Normal,
    };
    Some(Found { listed, path: path.clone(), index: face.index })
}

fn read(found: &[Found]) -> Result<Fonts, pdf::Error> {
    let listed: Vec<Listed> = found.iter().map(|face| face.listed.clone()).collect();
    let chosen = pdf::choose(&listed);
    let mut files = Files::default();
    let given: Vec<Given> = chosen
        .iter()
        .filter_map(|chosen| files.read(found.get(chosen.at)?, chosen.typeface, chosen.own))
        .collect();
    if given.is_empty() {
        // None known by name: any font with the characters will do.
        let mut others = found.iter().filter_map(|face| files.read(face, None, false));
        return Fonts::new(others.find(|given| given.covers(SAMPLE)));
    }
    Fonts::new(given)
}

/// Files that were read, each once: a collection holds many faces.
#[derive(Default)]
struct Files(BTreeMap<PathBuf, Arc<[u8]>>);

impl Files {
    /// `None` for a file that went away or may not be read.
    fn read(&mut self, face: &Found, typeface: Option<Typeface>, own: bool) -> Option<Given> {
        let bytes = match self.0.get(&face.path) {
            Some(bytes) => Arc::clone(bytes),
            None => {
                let bytes: Arc<[u8]> = std::fs::read(&face.path).ok()?.into();
                self.0.insert(face.path.clone(), Arc::clone(&bytes));
                bytes
            }
        };
        let family = face.listed.families.first().map_or("", String::as_str);
        let name = format!("{family}{}", if face.listed.weight > 600 { "（粗体）" } else { "" });
        Some(Given { typeface, own, name, bytes, index: face.index })
    }
}

/// The letter as PDF, with fonts that are read once in a run; each font that had to stand in for another is said once.
pub fn write(letter: &Letter) -> anyhow::Result<Vec<u8>> {
    static FONTS: OnceLock<Result<Fonts, pdf::Error>> = OnceLock::new();
    static SAID: Mutex<BTreeSet<pdf::Fallback>> = Mutex::new(BTreeSet::new());
    let fonts = FONTS.get_or_init(load).as_ref().map_err(Clone::clone)?;
    let pdf = pdf::write(letter, fonts)?;
    let mut said = SAID.lock().unwrap_or_else(PoisonError::into_inner);
    let fresh: BTreeSet<_> = pdf.fallbacks.difference(&said).cloned().collect();
    if let Some(text) = explain(&fresh) {
        output::note(&text);
    }
    said.extend(fresh);
    Ok(pdf.bytes)
}

/// What to tell the officer about fonts that were not there; `None` if all were.
fn explain(fallbacks: &BTreeSet<pdf::Fallback>) -> Option<String> {
    let said: Vec<String> = fallbacks.iter().map(ToString::to_string).collect();
    (!said.is_empty()).then(|| {
        format!(
            "字体: {}。字形与国家标准不同，正式印发前请装上仿宋、小标宋、黑体、楷体再生成，或者用 docx。",
            said.join("；")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_without_fonts_is_told_what_to_install() {
        let message = read(&[]).map(|_| ()).map_err(|error| error.to_string());
        assert!(message.is_err_and(|m| m.contains("没有找到能用的中文字体") && m.contains("fonts-noto-cjk")));
    }

    #[test]
    fn a_file_that_is_no_font_does_not_stop_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("FangSong.ttf");
        std::fs::write(&path, b"no font").unwrap();
        let listed = Listed { families: vec!["FangSong".to_owned()], weight: 400, upright: true };
        assert!(matches!(read(&[Found { listed, path, index: 0 }]), Err(pdf::Error::NoFonts)));
    }
}
