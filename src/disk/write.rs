//! Writing: whole files or none, never over an existing one unasked.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Writes `bytes` to `path` in one step: a reader sees the old file or the new one, never a part. Without
/// `force` an existing file is left as it is, and that is an error of kind [`ErrorKind::AlreadyExists`].
///
/// # Errors
///
/// When the folder does not exist, is not writable, or is full.
pub fn write_atomic(path: &Path, bytes: &[u8], force: bool) -> io::Result<()> {
    write_by_way_of(".gongkai-", path, bytes, force)
}

fn write_by_way_of(prefix: &str, path: &Path, bytes: &[u8], force: bool) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    match path.symlink_metadata() {
        Ok(_) if !force => return Err(io::Error::from(ErrorKind::AlreadyExists)),
        // A link or a device would be replaced, not written to.
        Ok(meta) if !meta.is_file() => return Err(io::Error::other("这里不是一个普通文件，没有动它")),
        _ => {}
    }
    let mut file = tempfile::Builder::new().prefix(prefix).tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    // A file that is replaced keeps who may read it.
    match path.metadata() {
        Ok(meta) if force => fs::set_permissions(file.path(), meta.permissions())?,
        _ => readable(file.path())?,
    }
    let done = if force {
        file.persist(path).map_err(|e| e.error)
    } else {
        file.persist_noclobber(path).map_err(|e| e.error)
    };
    done.map(drop)
}

/// Temporary files are private to their owner; letters are to be read by colleagues like any other file.
#[cfg(unix)]
fn readable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &Path) -> io::Result<()> {
    Ok(())
}

/// What became of one of many files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// It was written, or stood there with the same bytes.
    Done,
    /// Another file of that name was left as it is.
    Kept,
}

/// A folder that many files go into, and nobody else's batch meanwhile.
#[derive(Debug)]
pub struct Batch {
    folder: PathBuf,
    lock: Option<fs::File>,
}

/// What files of a batch are called before they are whole.
const UNFINISHED: &str = ".gongkai-batch-";
/// The file that says that a batch is at work.
const AT_WORK: &str = ".gongkai-batch";

impl Batch {
    /// Takes the folder, which is made if need be, and clears away what a batch that was killed left unfinished. `None`
    /// if another one is at work there.
    ///
    /// # Errors
    ///
    /// When the folder cannot be made or written.
    pub fn begin(folder: &Path) -> io::Result<Option<Self>> {
        fs::create_dir_all(folder)?;
        let lock =
            fs::OpenOptions::new().create(true).truncate(false).write(true).open(folder.join(AT_WORK))?;
        match lock.try_lock() {
            Err(fs::TryLockError::WouldBlock) => return Ok(None),
            // Some network drives know no locks: then as before, one at a time by agreement.
            Err(fs::TryLockError::Error(error)) if error.kind() != ErrorKind::Unsupported => {
                return Err(error);
            }
            _ => {}
        }
        let batch = Self { folder: folder.to_owned(), lock: Some(lock) };
        for entry in fs::read_dir(folder)?.filter_map(Result::ok) {
            if entry.file_name().to_str().is_some_and(|name| name.starts_with(UNFINISHED)) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(Some(batch))
    }

    /// Writes a whole file, or finds it there with the same bytes. One with other bytes is replaced only by `force`.
    ///
    /// # Errors
    ///
    /// When the folder is not writable or full.
    pub fn write(&self, name: &str, bytes: &[u8], force: bool) -> io::Result<Written> {
        let path = self.folder.join(name);
        match fs::metadata(&path) {
            Ok(meta) if meta.len() == bytes.len() as u64 && fs::read(&path)? == bytes => {
                return Ok(Written::Done);
            }
            _ => {}
        }
        match write_by_way_of(UNFINISHED, &path, bytes, force) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(Written::Kept),
            done => done.map(|()| Written::Done),
        }
    }

    /// A file that grows and is put in its place when it is whole.
    ///
    /// # Errors
    ///
    /// When the folder is not writable.
    pub fn growing(&self) -> io::Result<Growing> {
        let file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(&self.folder)?;
        Ok(Growing { file: io::BufWriter::new(file) })
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        // On Windows only a closed file can be deleted.
        drop(self.lock.take());
        let _ = fs::remove_file(self.folder.join(AT_WORK));
    }
}

/// A file that is not whole yet; deleted when dropped.
#[derive(Debug)]
pub struct Growing {
    file: io::BufWriter<tempfile::NamedTempFile>,
}

impl Growing {
    /// Adds to its end.
    ///
    /// # Errors
    ///
    /// When the disk is full.
    pub fn add(&mut self, text: &str) -> io::Result<()> {
        self.file.write_all(text.as_bytes())
    }

    /// Puts it in the place of `path`.
    ///
    /// # Errors
    ///
    /// When the disk is full, or another program has that file open.
    pub fn finish(self, path: &Path) -> io::Result<()> {
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        readable(file.path())?;
        file.persist(path).map_err(|e| e.error).map(drop)
    }
}

/// Does something while nobody else on this computer does such a thing in the same folder: two people who add to one
/// file at once would lose a line. A file `.gongkai-lock` stays behind.
///
/// # Errors
///
/// When the folder cannot be written.
pub fn alone<T>(file: &Path, work: impl FnOnce() -> T) -> io::Result<T> {
    let folder = file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let lock =
        fs::OpenOptions::new().create(true).truncate(false).write(true).open(folder.join(".gongkai-lock"))?;
    match lock.lock() {
        // Some network drives know no locks: then as before, one at a time by agreement.
        Err(error) if error.kind() == ErrorKind::Unsupported => {}
        other => other?,
    }
    let done = work();
    // The lock goes with the file.
    drop(lock);
    Ok(done)
}

/// An empty folder beside `target`, to be filled and then put in its place. It is deleted when dropped; what runs
/// that were killed left behind is cleared away.
///
/// # Errors
///
/// When the folder around `target` cannot be made or written.
pub fn beside(target: &Path) -> io::Result<tempfile::TempDir> {
    let parent = target.parent().ok_or(ErrorKind::InvalidInput)?;
    fs::create_dir_all(parent)?;
    for entry in fs::read_dir(parent)?.filter_map(Result::ok) {
        let ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(ASIDE));
        let age = entry.metadata().and_then(|m| m.modified()).ok().and_then(|at| at.elapsed().ok());
        if ours && age.is_some_and(|age| age > ABANDONED) {
            // Another run may be clearing it too.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    tempfile::Builder::new().prefix(ASIDE).tempdir_in(parent)
}

/// What folders that are being made, or moved aside, are called.
const ASIDE: &str = ".gongkai-aside-";
/// A folder that nobody has touched for so long is of a run that was killed.
const ABANDONED: Duration = Duration::from_secs(24 * 60 * 60);

/// Puts the folder `fresh` in the place of `old`. `old` is moved aside first and deleted only when `fresh`
/// stands in its place.
///
/// # Errors
///
/// When a folder cannot be moved; then `old` is where it was.
pub fn swap(fresh: &Path, old: &Path) -> io::Result<()> {
    if !old.exists() {
        return fs::rename(fresh, old);
    }
    if !old.is_dir() {
        return Err(io::Error::from(ErrorKind::NotADirectory));
    }
    let parent = old.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let aside = tempfile::Builder::new().prefix(ASIDE).tempdir_in(parent)?;
    let moved = aside.path().join("old");
    fs::rename(old, &moved)?;
    if let Err(error) = fs::rename(fresh, old) {
        if fs::rename(&moved, old).is_err() {
            // It cannot go back, so at least it must not be deleted.
            let _ = aside.keep();
        }
        return Err(error);
    }
    aside.close()
}

/// What went wrong with a file, in Chinese.
#[must_use]
pub fn explain(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "找不到这个文件或文件夹；检查路径是否写对，文件夹要先建好".to_owned(),
        ErrorKind::PermissionDenied => "没有权限；文件可能正被别的程序打开，或者这个文件夹不许写".to_owned(),
        ErrorKind::AlreadyExists => "同名文件已经存在".to_owned(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "磁盘满了，什么都没有写；清理磁盘后再试".to_owned()
        }
        ErrorKind::ReadOnlyFilesystem => "这个磁盘是只读的".to_owned(),
        ErrorKind::IsADirectory => "这是一个文件夹".to_owned(),
        ErrorKind::NotADirectory => "路径中间有一段不是文件夹".to_owned(),
        ErrorKind::InvalidFilename => "文件名不能用".to_owned(),
        ErrorKind::AddrInUse => "端口被别的程序占用".to_owned(),
        ErrorKind::AddrNotAvailable => "本机没有这个地址".to_owned(),
        ErrorKind::ResourceBusy => "正被别的程序使用".to_owned(),
        ErrorKind::DirectoryNotEmpty => {
            "文件夹里又有了新的文件，可能有另一个 gongkai 正在运行；再试一次".to_owned()
        }
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Batch, Written, swap, write_atomic};
    use std::fs;
    use std::io::ErrorKind;

    #[test]
    fn an_existing_file_is_kept_unless_forced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("甲.docx");
        write_atomic(&path, b"one", false).unwrap();
        assert_eq!(write_atomic(&path, b"two", false).unwrap_err().kind(), ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"one");
        write_atomic(&path, b"two", true).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_batch_keeps_what_was_edited_and_leaves_nothing_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(".gongkai-batch-x1"), "half").unwrap();
        let batch = Batch::begin(folder.path()).unwrap().unwrap();
        assert!(Batch::begin(folder.path()).unwrap().is_none(), "one at a time");
        assert_eq!(batch.write("a", b"one", false).unwrap(), Written::Done);
        assert_eq!(batch.write("a", b"one", false).unwrap(), Written::Done);
        assert_eq!(batch.write("a", b"two", false).unwrap(), Written::Kept);
        assert_eq!(batch.write("a", b"two", true).unwrap(), Written::Done);
        drop(batch.growing().unwrap());
        drop(batch);
        let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names, ["a"]);
    }

    #[test]
    fn nothing_is_left_behind_when_the_folder_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let error = write_atomic(&folder.path().join("no/a.docx"), b"x", false).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
    }

    #[test]
    fn a_folder_takes_the_place_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let (fresh, old) = (folder.path().join("fresh"), folder.path().join("old"));
        fs::create_dir(&fresh).unwrap();
        fs::write(fresh.join("a"), "new").unwrap();
        fs::create_dir(&old).unwrap();
        fs::write(old.join("b"), "old").unwrap();
        swap(&fresh, &old).unwrap();
        assert_eq!(fs::read_to_string(old.join("a")).unwrap(), "new");
        assert!(!old.join("b").exists() && !fresh.exists());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left aside");
    }
}
