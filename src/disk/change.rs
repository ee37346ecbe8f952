//! Many files changed together: all of them or none, and what stood there before is kept.
//!
//! Everything is written beside first ([`Change::stage`]); a journal says what is to be done; then files are only moved.
//! Whoever is killed on the way leaves the journal, and the next run goes on ([`Change::resume`]) or back
//! ([`Change::roll_back`]).

use super::write::{alone, write_atomic};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// The folder below the root that holds what is under way and what was.
pub const OWN: &str = ".gongkai";
/// The journal in it.
const JOURNAL: &str = "journal.json";
/// The folder in it with what is to be put in place.
const STAGED: &str = "staged";

/// One file that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// Its path below the root, `/` between folders.
    pub path: String,
    /// Its new bytes; `None` removes it.
    pub bytes: Option<Vec<u8>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    path: String,
    /// Whether a file is put there; otherwise the one there is removed.
    put: bool,
    /// Whether a file stood there.
    had: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Journal {
    /// Folder below [`OWN`] that keeps what stood there.
    backup: String,
    steps: Vec<Step>,
}

/// A change that was staged and is not finished.
#[derive(Debug)]
pub struct Change {
    root: PathBuf,
    journal: Journal,
    /// Steps that are done.
    done: usize,
}

impl Change {
    /// Whether a change was staged below `root` and not finished.
    #[must_use]
    pub fn is_pending(root: &Path) -> bool {
        root.join(OWN).join(JOURNAL).symlink_metadata().is_ok()
    }

    /// Writes everything beside its place, then the journal. From then on the change is to be finished. What stood in the
    /// places goes to the folder `backup` in [`OWN`], which must not exist.
    ///
    /// # Errors
    ///
    /// When the disk is full or not writable; then nothing was changed.
    pub fn stage(root: &Path, backup: &str, files: &[FileChange]) -> io::Result<Self> {
        let own = root.join(OWN);
        fs::create_dir_all(&own)?;
        // Backups are nothing for a repository.
        let ignore = own.join(".gitignore");
        if !ignore.exists() {
            write_atomic(&ignore, b"*\n", true)?;
        }
        if own.join(backup).symlink_metadata().is_ok() {
            return Err(io::Error::from(ErrorKind::AlreadyExists));
        }
        let staged = own.join(STAGED);
        clear(&staged)?;
        let mut steps = vec![];
        for file in files {
            let place = root.join(&file.path);
            let had = match place.symlink_metadata() {
                Ok(meta) if meta.is_dir() => return Err(io::Error::from(ErrorKind::IsADirectory)),
                Ok(_) => true,
                Err(error) if error.kind() == ErrorKind::NotFound => false,
                Err(error) => return Err(error),
            };
            if let Some(bytes) = &file.bytes {
                let path = staged.join(&file.path);
                make_folder(&path)?;
                write_atomic(&path, bytes, false)?;
            }
            steps.push(Step { path: file.path.clone(), put: file.bytes.is_some(), had });
        }
        let journal = Journal { backup: backup.to_owned(), steps };
        let text = serde_json::to_vec_pretty(&journal).map_err(io::Error::other)?;
        write_atomic(&own.join(JOURNAL), &text, false)?;
        Ok(Self { root: root.to_owned(), journal, done: 0 })
    }

    /// The change that was staged below `root` and not finished.
    ///
    /// # Errors
    ///
    /// When the journal cannot be read.
    pub fn resume(root: &Path) -> io::Result<Option<Self>> {
        let bytes = match fs::read(root.join(OWN).join(JOURNAL)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let journal: Journal = serde_json::from_slice(&bytes).map_err(|_| {
            io::Error::other(format!("{OWN}/{JOURNAL} 坏了，说不清上一次更新做到哪里；旧文件在 {OWN} 里"))
        })?;
        let inside = |path: &str| path.split('/').all(|part| !matches!(part, "" | "." | ".."));
        if !inside(&journal.backup) || !journal.steps.iter().all(|step| inside(&step.path)) {
            return Err(io::Error::other(format!("{OWN}/{JOURNAL} 里的路径不对")));
        }
        Ok(Some(Self { root: root.to_owned(), journal, done: 0 }))
    }

    /// Where the old file of a path goes, and where the new one waits.
    fn places(&self, step: &Step) -> (PathBuf, PathBuf, PathBuf) {
        let own = self.root.join(OWN);
        (
            self.root.join(&step.path),
            own.join(&self.journal.backup).join(&step.path),
            own.join(STAGED).join(&step.path),
        )
    }

    /// Does the next step, if it was not done before; `false` when there is none left.
    ///
    /// # Errors
    ///
    /// When a file cannot be moved, because another program has it open for instance.
    pub fn step(&mut self) -> io::Result<bool> {
        let Some(step) = self.journal.steps.get(self.done) else { return Ok(false) };
        let (place, kept, waiting) = self.places(step);
        let to_do = if step.put { exists(&waiting) } else { exists(&place) && !exists(&kept) };
        if to_do {
            if step.had && exists(&place) && !exists(&kept) {
                make_folder(&kept)?;
                fs::rename(&place, &kept)?;
            }
            if step.put {
                if exists(&place) {
                    // Somebody made it meanwhile.
                    return Err(io::Error::from(ErrorKind::AlreadyExists));
                }
                make_folder(&place)?;
                fs::rename(&waiting, &place)?;
            }
        }
        self.done += 1;
        Ok(true)
    }

    /// Does all that is left. If that fails, everything goes back to where it was.
    ///
    /// # Errors
    ///
    /// Why it failed; [`Change::is_pending`] says whether even going back failed.
    pub fn finish(mut self) -> io::Result<()> {
        loop {
            match self.step() {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    self.roll_back()?;
                    return Err(error);
                }
            }
        }
        // The backup is part of what was promised, even where nothing stood before.
        fs::create_dir_all(self.root.join(OWN).join(&self.journal.backup))?;
        self.close()
    }

    /// Puts everything back to where it was before.
    ///
    /// # Errors
    ///
    /// When a file cannot be moved; then the journal stays.
    pub fn roll_back(self) -> io::Result<()> {
        for step in self.journal.steps.iter().rev() {
            let (place, kept, waiting) = self.places(step);
            if step.put && !exists(&waiting) && exists(&place) {
                make_folder(&waiting)?;
                fs::rename(&place, &waiting)?;
            }
            if step.had && exists(&kept) {
                if exists(&place) {
                    // Somebody made it meanwhile: neither may be lost.
                    return Err(io::Error::from(ErrorKind::AlreadyExists));
                }
                make_folder(&place)?;
                fs::rename(&kept, &place)?;
            }
        }
        let kept = self.root.join(OWN).join(&self.journal.backup);
        self.close()?;
        clear(&kept)
    }

    fn close(&self) -> io::Result<()> {
        let own = self.root.join(OWN);
        fs::remove_file(own.join(JOURNAL))?;
        // What is left of it is cleared the next time too.
        let _ = clear(&own.join(STAGED));
        Ok(())
    }

    /// Does something while nobody else changes files below `root` in this way.
    ///
    /// # Errors
    ///
    /// When the folder cannot be written.
    pub fn alone<T>(root: &Path, work: impl FnOnce() -> T) -> io::Result<T> {
        fs::create_dir_all(root.join(OWN))?;
        alone(&root.join(OWN).join(JOURNAL), work)
    }
}

fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

fn make_folder(file: &Path) -> io::Result<()> {
    file.parent().map_or(Ok(()), fs::create_dir_all)
}

fn clear(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Change, FileChange, OWN};
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::Path;

    fn put(path: &str, text: &str) -> FileChange {
        FileChange { path: path.into(), bytes: Some(text.into()) }
    }

    fn changes() -> Vec<FileChange> {
        let gone = FileChange { path: "a/old".into(), bytes: None };
        vec![put("a/one", "new"), gone, put("b/c/two", "new"), put("three", "new")]
    }

    fn before() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("a")).unwrap();
        for name in ["a/one", "a/old", "three"] {
            fs::write(folder.path().join(name), "was").unwrap();
        }
        folder
    }

    /// What stands there, our own folder left out.
    fn state(root: &Path) -> BTreeMap<&'static str, String> {
        let read = |name| Some((name, fs::read_to_string(root.join(name)).ok()?));
        ["a/one", "a/old", "b/c/two", "three"].into_iter().filter_map(read).collect()
    }

    #[test]
    fn whoever_is_killed_after_any_step_can_go_on_and_go_back() {
        let old = BTreeMap::from([
            ("a/one", "was".to_owned()),
            ("a/old", "was".to_owned()),
            ("three", "was".to_owned()),
        ]);
        let new = BTreeMap::from([
            ("a/one", "new".to_owned()),
            ("b/c/two", "new".to_owned()),
            ("three", "new".to_owned()),
        ]);
        for steps in 0..=changes().len() {
            for back in [false, true] {
                let folder = before();
                let root = folder.path();
                let mut change = Change::stage(root, "kept", &changes()).unwrap();
                for _ in 0..steps {
                    assert!(change.step().unwrap());
                }
                drop(change);
                assert!(Change::is_pending(root));
                let again = Change::resume(root).unwrap().unwrap();
                if back {
                    again.roll_back().unwrap();
                    assert_eq!(state(root), old, "back after {steps}");
                    assert!(!root.join(OWN).join("kept").exists());
                } else {
                    again.finish().unwrap();
                    assert_eq!(state(root), new, "on after {steps}");
                    let kept = |name: &str| fs::read(root.join(OWN).join("kept").join(name)).unwrap();
                    assert_eq!((kept("a/one"), kept("a/old")), (b"was".to_vec(), b"was".to_vec()));
                }
                assert!(!Change::is_pending(root));
            }
        }
    }

    #[test]
    fn whoever_is_killed_between_two_moves_of_a_step_can_go_on_and_go_back() {
        for back in [false, true] {
            let folder = before();
            let root = folder.path();
            drop(Change::stage(root, "kept", &changes()).unwrap());
            fs::create_dir_all(root.join(OWN).join("kept/a")).unwrap();
            fs::rename(root.join("a/one"), root.join(OWN).join("kept/a/one")).unwrap();
            let again = Change::resume(root).unwrap().unwrap();
            if back {
                again.roll_back().unwrap();
            } else {
                again.finish().unwrap();
            }
            let word = if back { "was" } else { "new" };
            assert_eq!(state(root)["a/one"], word);
        }
    }

    #[test]
    fn a_step_that_fails_takes_everything_back() {
        let folder = before();
        let root = folder.path();
        let change = Change::stage(root, "kept", &changes()).unwrap();
        // A folder where a file is to be put.
        fs::create_dir_all(root.join("b/c/two")).unwrap();
        assert!(change.finish().is_err());
        assert!(!Change::is_pending(root));
        assert_eq!(fs::read_to_string(root.join("a/one")).unwrap(), "was");
        assert_eq!(fs::read_to_string(root.join("a/old")).unwrap(), "was");
        assert!(root.join("b/c/two").is_dir());
    }
}
