//! What the integration tests share: handbooks in temporary folders, and the program run in them.

#![allow(dead_code, unused_imports, unused_macros, reason = "each test file uses its own part of this")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its files stops")]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use assert_cmd::Command;
use gongkai::cli::Project;
use gongkai::corpus::Corpus;
use gongkai::disk;
use gongkai::text::Report;
use tempfile::TempDir;

/// A command that has not ended after this time hangs; nothing here takes a hundredth of it.
const HANGS: Duration = Duration::from_secs(300);

/// A handbook in a folder of its own, which goes away with it.
pub struct Handbook {
    folder: TempDir,
}

/// How a command ended, with the temporary folder's path replaced by `<ROOT>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Exit code.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Handbook {
    /// The project's own handbook: `book.toml`, `book`, `cases`, `templates`.
    pub fn own() -> Self {
        let project = Path::new(env!("CARGO_MANIFEST_DIR"));
        let handbook = Self::empty();
        fs::copy(project.join("book.toml"), handbook.path("book.toml")).unwrap();
        for name in ["book", "cases", "templates"] {
            // Official texts that an agency imported are never part of the project.
            copy(&project.join(name), &handbook.path(name), &|path| !path.ends_with("laws/text"));
        }
        handbook
    }

    /// What `gongkai init --bare` writes: one example of each kind.
    pub fn bare() -> Self {
        static BARE: OnceLock<BTreeMap<String, Vec<u8>>> = OnceLock::new();
        let bare = BARE.get_or_init(|| {
            let handbook = Self::empty();
            let run = handbook.run(&["init", "--bare", "."]);
            assert_eq!(run.code, 0, "{run:?}");
            files(handbook.root())
        });
        let handbook = Self::empty();
        for (path, bytes) in bare {
            handbook.write(path, bytes);
        }
        handbook
    }

    /// A folder without anything.
    pub fn empty() -> Self {
        Self { folder: tempfile::Builder::new().prefix("gongkai-test-").tempdir().unwrap() }
    }

    /// The folder that holds `book.toml`.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// A path below the root.
    pub fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root().join(relative)
    }

    /// The text of a file.
    pub fn read(&self, relative: &str) -> String {
        fs::read_to_string(self.path(relative)).unwrap_or_else(|error| panic!("{relative}: {error}"))
    }

    /// Writes a file; its folder is made if need be.
    pub fn write(&self, relative: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Replaces words that stand in a file exactly once.
    pub fn replace(&self, relative: &str, old: &str, new: &str) {
        let text = self.read(relative);
        assert_eq!(text.matches(old).count(), 1, "「{old}」 in {relative}:\n{text}");
        self.write(relative, text.replace(old, new));
    }

    /// Adds words at the end of a file.
    pub fn append(&self, relative: &str, text: &str) {
        self.write(relative, self.read(relative) + text);
    }

    /// Runs the program in the root.
    pub fn run(&self, arguments: &[&str]) -> Run {
        self.run_in(self.root(), arguments, b"")
    }

    /// Runs the program in the root with something on standard input.
    pub fn run_with(&self, arguments: &[&str], input: &[u8]) -> Run {
        self.run_in(self.root(), arguments, input)
    }

    /// Runs the program in some folder.
    pub fn run_in(&self, folder: &Path, arguments: &[&str], input: &[u8]) -> Run {
        let output = gongkai(folder).args(arguments).write_stdin(input).output().unwrap();
        Run {
            code: output.status.code().unwrap_or_else(|| panic!("{arguments:?} ended by a signal")),
            stdout: self.without_paths(&output.stdout),
            stderr: self.without_paths(&output.stderr),
        }
    }

    /// What the program printed, with this folder's path replaced by `<ROOT>` and `\` of paths by `/`.
    fn without_paths(&self, bytes: &[u8]) -> String {
        let mut text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
        let canonical = self.root().canonicalize().unwrap();
        for path in [canonical.as_path(), self.root()] {
            let path = path.display().to_string();
            let path = path.strip_prefix(r"\\?\").unwrap_or(&path);
            text = text.replace(path, "<ROOT>").replace(&path.replace('\\', "/"), "<ROOT>");
        }
        if cfg!(windows) { text.replace('\\', "/") } else { text }
    }
}

/// The program, to be run in `folder`, as the same everywhere as it can be.
pub fn gongkai(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
    command.current_dir(folder).timeout(HANGS).env("NO_COLOR", "1").env_remove("RUST_BACKTRACE");
    // Whoever runs the tests may have settings of their own.
    command.env("GONGKAI_CONFIG", "");
    command
}

/// The project's own content, read in this process.
pub fn corpus() -> &'static Corpus {
    static CORPUS: OnceLock<Corpus> = OnceLock::new();
    CORPUS.get_or_init(|| {
        let mut report = Report::default();
        let sources = disk::read_sources(Path::new(env!("CARGO_MANIFEST_DIR")), &mut report).unwrap();
        Corpus::load(&sources, &mut report)
    })
}

/// The project's own handbook, read and checked in this process.
pub fn project() -> &'static Project {
    static PROJECT: OnceLock<Project> = OnceLock::new();
    PROJECT.get_or_init(|| {
        let handbook = Handbook::own();
        let project = Project::load(Some(handbook.root())).unwrap();
        assert!(project.report.is_empty(), "{}", project.report.render(&project.sources, false));
        project
    })
}

/// Copies the files below `from` that are `wanted`.
pub fn copy(from: &Path, to: &Path, wanted: &dyn Fn(&Path) -> bool) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display())) {
        let entry = entry.unwrap();
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if !wanted(&path) {
        } else if entry.file_type().unwrap().is_dir() {
            copy(&path, &target, wanted);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// Every file below a folder: path with `/`, and bytes.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn collect(folder: &Path, prefix: &str, all: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let entry = entry.unwrap();
            let path = format!("{prefix}{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                collect(&entry.path(), &format!("{path}/"), all);
            } else {
                all.insert(path, fs::read(entry.path()).unwrap());
            }
        }
    }
    let mut all = BTreeMap::new();
    collect(folder, "", &mut all);
    all
}

/// Fails with the name of the first file in which two folders differ, instead of printing both.
pub fn assert_same_files(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>) {
    let names = |all: &BTreeMap<String, Vec<u8>>| all.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(one), names(other));
    for (name, bytes) in one {
        let (a, b) = (String::from_utf8_lossy(bytes), String::from_utf8_lossy(&other[name]));
        let line = a.lines().zip(b.lines()).find(|(a, b)| a != b);
        assert!(*bytes == other[name], "{name} differs: {line:?}");
    }
}

/// Says that a test does not run here, and why, past the harness, which keeps what passing tests print to itself.
pub fn skipped(reason: &str) {
    let test = std::thread::current().name().unwrap_or_default().to_owned();
    writeln!(std::io::stderr().lock(), "跳过 skipped: {test}: {reason}").unwrap();
}

/// A whole-text snapshot in `tests/snapshots`, named for the test.
macro_rules! assert_snapshot {
    ($text:expr) => {
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!($text) })
    };
}
pub(crate) use assert_snapshot;
