//! Packs for a USB stick, and desks that are updated from them: what is packed, every bad pack, what is shown before
//! anything changes, and that all of it is changed or nothing.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its files stops")]

use crate::common;

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{Handbook, Run, assert_same_files, files};
use gongkai::bundle::{self, About, Files};
use gongkai::corpus::{is_content, is_look};
use gongkai::disk::{Change, FileChange};
use gongkai::text::Report;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

// Packs that are made here

fn about(date: &str) -> About {
    About {
        edition: "staff".into(),
        title: "示例手册".into(),
        office: "示例市某局".into(),
        version: "示例版".into(),
        date: date.into(),
    }
}

/// What `gongkai pack` puts into a pack of this handbook for an update; of the pages only a stand-in.
fn contents(handbook: &Handbook) -> Files {
    let mut all: Files = files(handbook.root())
        .into_iter()
        .filter(|(path, _)| is_content(path) || is_look(path))
        .map(|(path, bytes)| (format!("{}{path}", bundle::SOURCES), bytes))
        .collect();
    all.insert("handbook/index.html".into(), "<!DOCTYPE html><title>手册</title>".into());
    all
}

fn packed(about: &About, files: &Files) -> Vec<u8> {
    let mut report = Report::default();
    bundle::pack(about, files, &mut report).unwrap_or_else(|| panic!("{report:?}"))
}

/// A pack of a handbook, put beside another one as `包.zip`.
fn give(to: &Handbook, from: &Handbook, date: &str) {
    to.write("包.zip", packed(&about(date), &contents(from)));
}

/// The files of an archive.
fn unzipped(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut all = BTreeMap::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut bytes = vec![];
        file.read_to_end(&mut bytes).unwrap();
        all.insert(name, bytes);
    }
    all
}

/// An archive of these files, whatever they are called.
fn zipped<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(vec![]));
    for (path, bytes) in files {
        archive.start_file(path, SimpleFileOptions::DEFAULT).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// The small pack of the bare handbook after `change`, zipped as it is.
fn changed(change: impl Fn(&mut BTreeMap<String, Vec<u8>>)) -> Vec<u8> {
    let mut files = unzipped(&packed(&about(""), &contents(&Handbook::bare())));
    change(&mut files);
    zipped(files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())))
}

fn replaced(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    assert_eq!(old.len(), new.len());
    let mut bytes = bytes.to_vec();
    let mut found = 0;
    for at in 0..bytes.len() - old.len() {
        if bytes[at..].starts_with(old) {
            bytes[at..at + old.len()].copy_from_slice(new);
            found += 1;
        }
    }
    assert!(found >= 2, "in the entry and in the directory");
    bytes
}

/// The files of a handbook but our own notes and the pack.
fn state(handbook: &Handbook) -> BTreeMap<String, Vec<u8>> {
    let own = |path: &str| path.starts_with(".gongkai/") || path.ends_with(".zip");
    files(handbook.root()).into_iter().filter(|(path, _)| !own(path)).collect()
}

#[track_caller]
fn fine(run: Run) -> Run {
    assert_eq!(run.code, 0, "{run:?}");
    run
}

// What is packed

#[test]
fn a_pack_holds_the_pages_the_guide_the_checksums_and_what_a_desk_is_updated_from() {
    let handbook = Handbook::bare();
    handbook.write("申请件.toml", "letter = \"example-notice\"\napplicant = \"张某\"\n");
    handbook.write("numbers.csv", "文号,申请件\n");
    handbook.write("book/草稿.docx", "不该带走");
    handbook.write("book/rules/旧.toml.bak", "不该带走");
    handbook.write("book/theme/.DS_Store", "不该带走");
    handbook.write("cases/讨论.txt", "不该带走");
    handbook.write("book/guide/unused.png", "没有一页用到");
    let run = fine(handbook.run(&["pack", "--no-books"]));
    assert!(run.stdout.contains("target/staff.zip"), "{run:?}");
    let bytes = fs::read(handbook.path("target/staff.zip")).unwrap();
    let all = unzipped(&bytes);
    for path in [
        "handbook/index.html",
        "handbook/laws/example-rules.html",
        "使用说明.txt",
        "校验.txt",
        "pack.json",
        "sources/book/SUMMARY.md",
        "sources/book/laws/example-rules.md",
        "sources/book/rules/remedy.toml",
        "sources/book/theme/gongkai.js",
        "sources/cases/example-001.md",
        "sources/templates/clauses/example-notice.hbs",
        "sources/templates/partials/signature.hbs",
    ] {
        assert!(all.contains_key(path), "{path}: {:?}", all.keys());
    }
    let sources: Vec<&str> = all.keys().filter_map(|path| path.strip_prefix("sources/")).collect();
    assert!(sources.iter().all(|path| is_content(path) || path.starts_with("book/theme/")), "{sources:?}");
    // The words of names that must not ride along stand nowhere in it, the settings of the agency neither.
    for path in sources {
        assert!(!path.contains("申请件") && path != "book.toml" && !path.contains(".bak"), "{path}");
    }
    // What can be checked by anybody.
    let sums = String::from_utf8(all["校验.txt"].clone()).unwrap();
    assert_eq!(sums.lines().count(), all.len() - 1);
    for line in sums.lines() {
        let (sum, path) = line.split_once("  ").unwrap();
        assert_eq!(sum, bundle::digest(&all[path]), "{path}");
    }
    let guide = String::from_utf8(all["使用说明.txt"].clone()).unwrap();
    assert!(guide.starts_with('\u{feff}') && guide.contains("\r\n"), "{guide}");
    assert!(!guide.replace("\r\n", "").contains('\n'), "{guide}");
    for word in ["2026年第1版", "2026-11-27", "index.html", "gongkai update staff.zip"] {
        assert!(guide.contains(word), "{word}: {guide}");
    }
    let mut report = Report::default();
    let read = bundle::unpack(&bytes, &mut report).unwrap();
    assert_eq!(read.manifest.about.date, "2026-11-27");
    assert_eq!(read.manifest.files.len(), all.len() - 2);
    // Chinese names are marked as UTF-8 in the directory: bit 11.
    let name = "使用说明.txt".as_bytes();
    let at = (0..bytes.len()).rfind(|at| bytes[*at..].starts_with(name)).unwrap();
    assert_eq!(bytes[at - 46..][..4], *b"PK\x01\x02");
    assert_eq!(bytes[at - 46 + 9] & 0b1000, 0b1000);
}

#[test]
fn the_same_handbook_makes_the_same_pack_also_when_an_editor_of_windows_saved_it() {
    let handbook = Handbook::bare();
    fine(handbook.run(&["pack", "--no-books", "-o", "一.zip"]));
    let text = handbook.read("cases/example-001.md").replace('\n', "\r\n");
    handbook.write("cases/example-001.md", format!("\u{feff}{text}"));
    fine(handbook.run(&["pack", "--no-books", "-o", "二.zip"]));
    let (one, two) = (fs::read(handbook.path("一.zip")).unwrap(), fs::read(handbook.path("二.zip")).unwrap());
    // Only the name of the pack itself stands in its guide.
    let (one, two) = (unzipped(&one), unzipped(&two));
    for (path, bytes) in &one {
        let own = ["使用说明.txt", "pack.json", "校验.txt"].contains(&path.as_str());
        assert!(own || two[path] == *bytes, "{path}");
    }
    fine(handbook.run(&["pack", "--no-books", "-o", "二.zip", "--force"]));
    let again = fs::read(handbook.path("二.zip")).unwrap();
    assert!(unzipped(&again) == two);
    fine(handbook.run(&["pack", "--no-books", "-o", "二.zip", "--force"]));
    assert!(fs::read(handbook.path("二.zip")).unwrap() == again, "byte for byte");
}

#[test]
fn imported_texts_of_the_agency_go_along() {
    let handbook = Handbook::bare();
    handbook.write("示例规定.txt", "示例规定\n（2098年1月5日示例市人民政府令第3号公布）\n\n第一条　示例。\n\n第二条　本规定自2098年3月1日起施行。\n");
    fine(handbook.run(&["law", "import", "示例规定.txt", "--yes"]));
    fine(handbook.run(&["pack", "--no-books"]));
    let all = unzipped(&fs::read(handbook.path("target/staff.zip")).unwrap());
    let texts: Vec<&String> = all.keys().filter(|p| p.starts_with("sources/book/laws/text/")).collect();
    assert_eq!(texts.len(), 1, "{:?}", all.keys());
}

#[test]
fn an_existing_file_is_kept_and_an_unknown_edition_refused() {
    let handbook = Handbook::bare();
    handbook.write("重要.zip", "重要");
    let run = handbook.run(&["pack", "-o", "重要.zip"]);
    assert_eq!((run.code, handbook.read("重要.zip").as_str()), (2, "重要"), "{run:?}");
    fine(handbook.run(&["pack", "-o", "重要.zip", "--force"]));
    assert!(fs::read(handbook.path("重要.zip")).unwrap().starts_with(b"PK"));
    let run = handbook.run(&["pack", "--edition", "nobody"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("没有「nobody」这个版本"), "{run:?}");
    let run = handbook.run(&["pack", "--force"]);
    assert_eq!(run.code, 2, "{run:?}");
    let run = handbook.run(&["pack", "-o", "包.rar"]);
    assert_eq!(run.code, 2, "{run:?}");
}

#[test]
fn content_with_mistakes_is_not_packed() {
    let handbook = Handbook::bare();
    handbook.replace("cases/example-001.md", "keywords = ", "keyword = ");
    let run = handbook.run(&["pack"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(!handbook.path("target/staff.zip").exists());
}

#[cfg(unix)]
#[test]
fn names_that_windows_cannot_hold_are_refused() {
    // kind: pack-name
    let handbook = Handbook::bare();
    handbook.write("book/aux.png", "x");
    handbook.write("book/图?.png", "x");
    handbook.append("book/index.md", "\n![甲](aux.png)\n\n![乙](图%3F.png)\n\n<!-- 图?.png -->\n");
    let run = handbook.run(&["pack", "--no-books"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains("aux.png 是 Windows 自己要用的名称"), "{run:?}");
    assert!(run.stderr.contains("不能有 ?"), "{run:?}");
    assert!(!handbook.path("target/staff.zip").exists());
}

#[test]
fn a_pack_of_the_citizens_edition_carries_books_and_no_sources_and_updates_nobody() {
    let handbook = Handbook::own();
    let run = fine(handbook.run(&["pack", "--edition", "public"]));
    assert!(run.stdout.contains("public.epub"), "{run:?}");
    let all = unzipped(&fs::read(handbook.path("target/public.zip")).unwrap());
    let inside = |path: &str| path.starts_with("handbook/");
    let top: Vec<&str> = all.keys().map(String::as_str).filter(|path| !inside(path)).collect();
    let mut expected = vec!["pack.json", "public.epub", "使用说明.txt", "校验.txt"];
    if cfg!(feature = "pdf") {
        expected.splice(1..1, ["public-16k.pdf"]);
        expected.splice(3..3, ["public.pdf"]);
    }
    assert_eq!(top, expected);
    assert!(!all.keys().any(|path| path.contains("/letters/refuse")), "{:?}", all.keys());
    let guide = String::from_utf8_lossy(&all["使用说明.txt"]).into_owned();
    assert!(guide.contains("public.epub：") && !guide.contains("gongkai update"), "{guide}");
    let run = handbook.run(&["update", "target/public.zip", "--apply"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains("只用来看"), "{run:?}");
}

/// The browser that `CHROMIUM` names, or one that is installed.
fn chromium() -> Option<PathBuf> {
    const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Some(named.into());
    }
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let all = NAMES.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    all.into_iter().find(|file| file.is_file())
}

#[test]
fn an_unpacked_handbook_opens_by_double_click_from_a_folder_with_a_chinese_name() {
    let Some(chromium) = chromium() else {
        common::skipped("Chromium is not installed; CHROMIUM can name it");
        return;
    };
    if Command::new("node").arg("--version").output().is_err() {
        common::skipped("node is not installed");
        return;
    }
    let handbook = Handbook::own();
    fine(handbook.run(&["pack", "--no-books", "-o", "手册.zip"]));
    let folder = "U 盘/公开 手册（新）";
    for (path, bytes) in unzipped(&fs::read(handbook.path("手册.zip")).unwrap()) {
        handbook.write(&format!("{folder}/{path}"), bytes);
    }
    // The command that the guide names for systems with it.
    match Command::new("sha256sum")
        .args(["-c", "--quiet", "校验.txt"])
        .current_dir(handbook.path(folder))
        .output()
    {
        Ok(output) => assert!(output.status.success(), "{output:?}"),
        Err(_) => common::skipped("sha256sum is not installed; the checksums were compared in another test"),
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/unpacked.mjs");
    let output = Command::new("node").arg(script).arg(chromium).arg(handbook.path(folder)).output().unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.lines().filter(|line| line.starts_with("ok ")).count() >= 6, "{said}");
}

// Bad packs

/// `gongkai update --apply` refuses these bytes with mistakes of these kinds and words, and touches nothing.
#[track_caller]
fn refused(bytes: &[u8], kind: &str, words: &str) {
    let handbook = Handbook::bare();
    handbook.write("包.zip", bytes);
    let before = files(handbook.root());
    let run = handbook.run(&["update", "包.zip", "--apply"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains(words) && run.stderr.contains("提示"), "{words}: {run:?}");
    assert!(run.stderr.contains("什么都没有改") && run.stdout.is_empty(), "{run:?}");
    let mut report = Report::default();
    match bundle::unpack(bytes, &mut report) {
        None => assert!(report.sorted().iter().all(|d| d.code == kind), "{kind}: {report:?}"),
        // What only somebody who knows handbooks can see.
        Some(_) => assert!(["pack-edition", "pack-path", "pack-size"].contains(&kind), "{kind}"),
    }
    assert_same_files(&before, &files(handbook.root()));
}

#[test]
fn what_is_no_whole_archive_is_refused() {
    // kind: pack-zip
    let good = packed(&about(""), &contents(&Handbook::bare()));
    refused(b"", "pack-zip", "这个文件是空的");
    refused("这是一封信".as_bytes(), "pack-zip", "不是 .zip 压缩包");
    for part in [1, 2, 3] {
        refused(&good[..good.len() * part / 4], "pack-zip", "不完整");
    }
    let twice = zipped([("pack.json", &b"{}"[..]), ("qack.json", &b"{}"[..])]);
    refused(&replaced(&twice, b"qack.json", b"pack.json"), "pack-zip", "两个同名的文件");
}

#[test]
fn names_that_lead_out_of_the_folder_are_refused() {
    for (name, words) in [
        ("../../外面.md", "会写到别的文件夹去"),
        ("sources/../../外面.md", "会写到别的文件夹去"),
        ("/etc/外面.md", "整个电脑里的位置"),
        ("C:/外面.md", "整个电脑里的位置"),
        ("sources\\外面.md", "不能有 \\"),
        ("sources/nul.md", "Windows 自己要用的名称"),
    ] {
        // What a zip writer may put right is put wrong again.
        let stand_in = "甲".repeat(name.len() / 3) + &"x".repeat(name.len() % 3);
        let bytes = zipped([("pack.json", &b"{}"[..]), (stand_in.as_str(), &b"x"[..])]);
        refused(&replaced(&bytes, stand_in.as_bytes(), name.as_bytes()), "pack-name", words);
    }
    let case = zipped([("sources/cases/a.md", &b"x"[..]), ("sources/cases/A.md", &b"x"[..])]);
    refused(&case, "pack-name", "只有大小写不同");
}

#[test]
fn links_and_passwords_in_an_archive_are_refused() {
    let mut archive = ZipWriter::new(Cursor::new(vec![]));
    archive.add_symlink("sources/cases/a.md", "/etc/passwd", SimpleFileOptions::DEFAULT).unwrap();
    refused(&archive.finish().unwrap().into_inner(), "pack-name", "是链接");
    let mut bytes = zipped([("pack.json", &b"{}"[..])]);
    let at = (0..bytes.len()).rfind(|at| bytes[*at..].starts_with(b"PK\x01\x02")).unwrap();
    bytes[at + 8] |= 1;
    refused(&bytes, "pack-name", "加了密码");
}

#[test]
fn a_pack_without_a_good_manifest_is_refused() {
    // kind: pack-manifest
    refused(&zipped([("信.txt", &b"x"[..])]), "pack-manifest", "不是手册的更新包");
    let nested = changed(|files| {
        let all = std::mem::take(files);
        files.extend(all.into_iter().map(|(path, bytes)| (format!("staff/{path}"), bytes)));
    });
    refused(&nested, "pack-manifest", "多套了一层文件夹");
    let broken = |text: &'static str| {
        changed(move |files| {
            files.insert("pack.json".into(), text.into());
        })
    };
    refused(&broken("{"), "pack-manifest", "第 1 行第 1 列");
    refused(&broken("{\"format\": 1}"), "pack-manifest", "写得不对");
    refused(&broken("{\"format\": 1, \"夹带\": 1}"), "pack-manifest", "写得不对");
    let twice = changed(|files| {
        let mut manifest: serde_json::Value = serde_json::from_slice(&files["pack.json"]).unwrap();
        let first = manifest["files"][0].clone();
        manifest["files"].as_array_mut().unwrap().push(first);
        files.insert("pack.json".into(), serde_json::to_vec(&manifest).unwrap());
    });
    refused(&twice, "pack-manifest", "写了两次");
}

#[test]
fn a_pack_of_a_newer_form_is_refused_and_the_program_that_made_it_named() {
    // kind: pack-format
    let newer = changed(|files| {
        let text = "{\"format\": 2, \"program\": \"9.0.0\", \"anything\": {}}";
        files.insert("pack.json".into(), text.into());
    });
    refused(&newer, "pack-format", "gongkai 9.0.0");
}

#[test]
fn files_that_are_not_as_they_were_packed_are_refused() {
    // kind: pack-checksum
    let path = "sources/cases/example-001.md";
    let with = |bytes: &'static [u8]| {
        changed(move |files| {
            files.insert(path.into(), bytes.to_vec());
        })
    };
    refused(&with(b"another text"), "pack-checksum", "校验值不一样");
    let same_length = changed(|files| files.get_mut(path).unwrap()[20] ^= 1);
    refused(&same_length, "pack-checksum", "校验值不一样");
    let gone = changed(|files| {
        files.remove(path);
    });
    refused(&gone, "pack-checksum", "更新包里缺 sources/cases/example-001.md");
    let more = changed(|files| {
        files.insert("sources/cases/more.md".into(), b"x".to_vec());
    });
    refused(&more, "pack-checksum", "更新包里多了");
    let list = changed(|files| files.get_mut("校验.txt").unwrap()[0] ^= 1);
    refused(&list, "pack-checksum", "校验.txt 和清单对不上");
    // A bit that turned over in what is compressed.
    let mut bytes = packed(&about(""), &contents(&Handbook::bare()));
    let name = b"sources/book/theme/search.js";
    let at = (0..bytes.len()).find(|at| bytes[*at..].starts_with(name)).unwrap();
    bytes[at + name.len() + 200] ^= 0b1000;
    refused(&bytes, "pack-checksum", "sources/book/theme/search.js");
}

#[test]
fn a_pack_that_unpacks_to_more_than_it_says_or_than_anybody_needs_is_refused() {
    // kind: pack-size
    let zeros = vec![0_u8; 64 * 1024 * 1024];
    let bomb = changed(|files| {
        files.insert("sources/cases/example-001.md".into(), zeros.clone());
    });
    assert!(bomb.len() < 8 * 1024 * 1024);
    refused(&bomb, "pack-checksum", "比清单里的大");
    let says = changed(|files| {
        let mut manifest: serde_json::Value = serde_json::from_slice(&files["pack.json"]).unwrap();
        manifest["files"][0]["size"] = u64::MAX.into();
        manifest["files"][1]["size"] = 1.into();
        files.insert("pack.json".into(), serde_json::to_vec(&manifest).unwrap());
    });
    refused(&says, "pack-size", "太大了");
    let mut large = contents(&Handbook::bare());
    large.insert("sources/cases/large.md".into(), vec![b'x'; 9 * 1024 * 1024]);
    refused(&packed(&about(""), &large), "pack-size", "9 MB");
}

#[test]
fn a_file_of_more_than_two_hundred_megabytes_is_not_read() {
    let handbook = Handbook::bare();
    let file = fs::File::create(handbook.path("包.zip")).unwrap();
    file.set_len(201 * 1024 * 1024).unwrap();
    let run = handbook.run(&["update", "包.zip"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("最多 200 MB"), "{run:?}");
}

#[test]
fn a_pack_for_readers_only_is_refused() {
    // kind: pack-edition
    let mut files = contents(&Handbook::bare());
    files.retain(|path, _| !path.starts_with(bundle::SOURCES));
    let about = About { edition: "public".into(), ..about("") };
    refused(&packed(&about, &files), "pack-edition", "“public”版");
}

#[test]
fn sources_that_no_handbook_reads_are_refused() {
    // kind: pack-path
    for path in
        ["book.toml", "申请件.toml", "book/laws/a.exe", ".gongkai/pack.json", "src/x.md", "book/theme/.x.js"]
    {
        let mut files = contents(&Handbook::bare());
        files.insert(format!("sources/{path}"), b"x".to_vec());
        refused(&packed(&about(""), &files), "pack-path", path);
    }
    let mut files = contents(&Handbook::bare());
    files.insert("sources/cases/a.md".into(), vec![0xff, 0xfe, 0]);
    refused(&packed(&about(""), &files), "pack-path", "不是 UTF-8");
}

#[test]
fn a_pack_that_is_not_there_or_not_named_is_told() {
    let handbook = Handbook::bare();
    for (arguments, words) in [
        (&["update", "没有.zip"][..], "找不到这个文件"),
        (&["update", "book"], "是一个文件夹"),
        (&["update"], "没有写更新包"),
        (&["update", "--undo"], "没有可以退回的更新"),
        (&["update", "--undo", "--apply"], "--undo"),
    ] {
        let run = handbook.run(arguments);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains(words), "{run:?}");
    }
    give(&handbook, &Handbook::bare(), "");
    let run = handbook.run(&["update", "包.zip", "--requests", "没有"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("--requests"), "{run:?}");
}

// Updates

const TRADE_SECRET: &str = "templates/clauses/refuse-trade-secret.hbs";
const LAW: &str = "book/laws/foi-2019.md";
const CALENDAR: &str = "book/rules/calendar/2026.toml";

/// A case of the project's own content; the first by name.
fn first_case(handbook: &Handbook) -> String {
    files(&handbook.path("cases")).keys().next().map(|name| format!("cases/{name}")).unwrap()
}

/// The project's own handbook as the district has it a year later: a holiday notice, a note on a law, a clause, a case.
fn next_year() -> Handbook {
    let next = Handbook::own();
    next.replace(CALENDAR, "\"2026-01-03\"]", "\"2026-01-03\", \"2026-12-31\"]");
    let law = next.read(LAW);
    let at = law.find("### 第三十二条").unwrap();
    let end = at + law[at..].find('\n').unwrap();
    next.write(LAW, format!("{}\n\n这一句是示例的新要点。{}", &law[..end], &law[end..]));
    let clause = next.read(TRADE_SECRET);
    let at = clause.rfind("+++\n").unwrap() + 4;
    next.write(TRADE_SECRET, format!("{}这是新包里的示例文字。\n{}", &clause[..at], &clause[at..]));
    let case = first_case(&next);
    next.append(&case, "\n示例：新包补充的一段。\n");
    next
}

/// A desk with the project's own handbook and two drafts.
fn desk() -> Handbook {
    let desk = Handbook::own();
    fs::create_dir(desk.path("申请件")).unwrap();
    fine(desk.run(&["letter", "new", "refuse-trade-secret", "--example", "-o", "申请件/甲.toml"]));
    fine(desk.run(&["letter", "new", "not-exist", "--example", "-o", "申请件/乙.toml"]));
    fine(desk.run(&["letter", "new", "grant", "-o", "申请件/空.toml"]));
    desk.write(
        "申请件/丙.toml",
        "request_number = \"20260001\"\napplicant = \"张某\"\n\n[[items]]\nid = \"1\"\ntext = \"示例\"\n\n[[events]]\ndate = \"2026-12-10\"\nkind = \"收到申请\"\nchannel = \"当面\"\n",
    );
    desk.write("申请件/坏.toml", "letter = \"grant\n");
    desk
}

#[test]
fn an_update_of_the_whole_handbook_is_shown_applied_remembered_and_taken_back() {
    let (desk, next) = (desk(), next_year());
    // The desk's own: a case that the pack changes too, a question that it does not, a case that only the desk has.
    let case = first_case(&desk);
    desk.append(&case, "\n示例：本机自己补充的一段。\n");
    let question = "book/questions/q-asking-why.md";
    desk.append(question, "\n示例：本机自己的一段。\n");
    let own = desk.read(&case);
    give(&desk, &next, "2026-11-27");
    let before = files(desk.root());

    // Only shown.
    let run = desk.run(&["update", "包.zip"]);
    assert_eq!(run.code, 1, "a conflict: {run:?}");
    assert_same_files(&before, &files(desk.root()));
    let said = &run.stdout;
    for words in [
        "修改 3 个",
        "【放假安排】\n  修改　2026年放假安排",
        "2026-12-31（周四）上班 → 元旦放假",
        "【法规】\n  修改　中华人民共和国政府信息公开条例",
        "要点修改：第三十二条",
        "【文书条款和模板】\n  修改　《不予公开告知书（商业秘密）》",
        "正文改了",
        "冲突（2 个文件",
        "要复核的页面",
        "《政府信息公开条例》第三十二条（要点修改）",
        "文书　不予公开告知书（商业秘密）",
        "条款改了；依据 《政府信息公开条例》第三十二条（要点修改）",
        "申请件/甲.toml\n      · 文书的文字会变，从这一段起：",
        "这是新包里的示例文字。",
        "申请件/丙.toml\n      · 期限变动　答复申请人：2027-01-08（周五）（暂定） → 2027-01-11（周一）（暂定）",
        "没有填完或者有错、比不了的申请件：",
        "申请件/坏.toml",
        "申请件/空.toml",
    ] {
        assert!(said.contains(words), "{words}:\n{said}");
    }
    assert!(!said.contains("申请件/乙.toml"), "its letter stays as it is:\n{said}");
    assert!(run.stderr.contains("什么都没有改"), "{run:?}");
    // A question that cites the article and did not change with it.
    assert!(said.lines().any(|line| line.starts_with("    问答　")), "{said}");

    // Done.
    let run = desk.run(&["update", "包.zip", "--apply"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.contains("已更新") && run.stdout.contains(".gongkai/backup-2026-11-27"), "{run:?}");
    for path in [CALENDAR, LAW, TRADE_SECRET] {
        assert_eq!(desk.read(path), next.read(path), "{path}");
    }
    assert_eq!(desk.read(&case), own, "the desk's own change stays");
    assert_eq!(desk.read(&format!(".gongkai/new/{case}")), next.read(&case));
    assert!(desk.read(question).contains("本机自己的一段"));
    fine(desk.run(&["check"]));

    // The same pack again has nothing to say, and no conflict is told twice.
    let after = files(desk.root());
    let run = fine(desk.run(&["update", "包.zip", "--apply"]));
    assert!(run.stdout.contains("没有要换的文件") && !run.stdout.contains("冲突"), "{run:?}");
    assert_same_files(&after, &files(desk.root()));

    // Back.
    let run = fine(desk.run(&["update", "--undo"]));
    assert!(run.stdout.contains("已经退回"), "{run:?}");
    let mut expected = before;
    expected.remove("包.zip");
    assert_same_files(&expected, &state(&desk));
    assert_eq!(desk.run(&["update", "--undo"]).code, 2, "there is nothing before");
    assert_eq!(desk.run(&["update", "包.zip", "--apply"]).code, 1);
    assert_eq!(desk.read(LAW), next.read(LAW));
}

/// A bare desk that took over a pack of the bare handbook.
fn updated() -> Handbook {
    let desk = Handbook::bare();
    give(&desk, &Handbook::bare(), "2026-01-05");
    let run = fine(desk.run(&["update", "包.zip", "--apply"]));
    assert!(run.stdout.contains("没有要换的文件"), "{run:?}");
    desk
}

#[test]
fn files_that_the_desk_did_not_touch_come_and_go_with_the_pack() {
    let desk = updated();
    let next = Handbook::bare();
    let case = next.read("cases/example-001.md").replace("example-001", "example-002");
    next.write("cases/example-002.md", case);
    fs::remove_file(next.path("cases/example-001.md")).unwrap();
    give(&desk, &next, "2026-02-05");
    let run = fine(desk.run(&["update", "包.zip", "--apply"]));
    assert!(run.stdout.contains("新增 1 个文件，修改 0 个，删去 1 个"), "{run:?}");
    assert!(!desk.path("cases/example-001.md").exists() && desk.path("cases/example-002.md").is_file());
    let kept = desk.read(".gongkai/backup-2026-02-05/cases/example-001.md");
    assert_eq!(kept, Handbook::bare().read("cases/example-001.md"));
}

#[test]
fn what_the_desk_changed_or_removed_is_kept_and_told() {
    let desk = updated();
    let next = Handbook::bare();
    let question = "book/questions/q-example.md";
    for handbook in [&desk, &next] {
        handbook.append(
            "cases/example-001.md",
            if std::ptr::eq(handbook, &desk) { "\n甲。\n" } else { "\n乙。\n" },
        );
    }
    fs::remove_file(desk.path(question)).unwrap();
    next.append(question, "\n示例补充。\n");
    desk.append("book/policies/example-policy.md", "\n示例补充。\n");
    fs::remove_file(next.path("book/policies/example-policy.md")).unwrap();
    give(&desk, &next, "2026-02-05");
    let before = state(&desk);
    let run = desk.run(&["update", "包.zip", "--apply"]);
    assert_eq!(run.code, 1, "{run:?}");
    for words in ["冲突（3 个文件", "本机改过，新包也改了", "本机删掉了，新包改了", "本机改过，新包删掉了"]
    {
        assert!(run.stdout.contains(words), "{words}: {run:?}");
    }
    assert_same_files(&before, &state(&desk));
    assert!(desk.read(".gongkai/new/cases/example-001.md").contains("乙。"));
    assert!(desk.path(format!(".gongkai/new/{question}")).is_file());
    // Settled: the desk took the pack's text over.
    desk.write("cases/example-001.md", next.read("cases/example-001.md"));
    next.append("cases/example-001.md", "\n丙。\n");
    give(&desk, &next, "2026-03-05");
    fine(desk.run(&["update", "包.zip", "--apply"]));
    assert!(desk.read("cases/example-001.md").contains("丙。"));
    assert!(!desk.path(".gongkai/new/cases/example-001.md").exists(), "what lay beside is gone");
}

#[test]
fn a_file_that_an_editor_only_saved_is_no_change_of_the_desk() {
    let desk = updated();
    let text = desk.read("cases/example-001.md").replace('\n', "\r\n");
    desk.write("cases/example-001.md", format!("\u{feff}{text}"));
    let next = Handbook::bare();
    next.append("cases/example-001.md", "\n示例补充。\n");
    give(&desk, &next, "2026-02-05");
    fine(desk.run(&["update", "包.zip", "--apply"]));
    assert_eq!(desk.read("cases/example-001.md"), next.read("cases/example-001.md"));
}

#[test]
fn an_older_pack_is_refused_unless_forced() {
    let desk = updated();
    let older = Handbook::bare();
    older.append("cases/example-001.md", "\n示例旧文。\n");
    give(&desk, &older, "2025-12-05");
    let before = files(desk.root());
    let run = desk.run(&["update", "包.zip", "--apply"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains("比上一次更新的（2026-01-05）旧"), "{run:?}");
    assert_same_files(&before, &files(desk.root()));
    fine(desk.run(&["update", "包.zip", "--apply", "--force"]));
    assert!(desk.read("cases/example-001.md").contains("示例旧文"));
}

#[test]
fn an_update_that_would_leave_mistakes_says_so_before_and_is_not_done() {
    let desk = updated();
    // The desk's own letter stands in a shell that the new pack calls otherwise.
    let own = desk
        .read("templates/clauses/example-notice.hbs")
        .replace("id = \"example-notice\"", "id = \"own-notice\"");
    desk.write("templates/clauses/own-notice.hbs", own);
    fine(desk.run(&["check"]));
    let next = Handbook::bare();
    let shell = next.read("templates/letters/notice.hbs").replace("id = \"notice\"", "id = \"announcement\"");
    next.write("templates/letters/announcement.hbs", shell);
    fs::remove_file(next.path("templates/letters/notice.hbs")).unwrap();
    next.replace("templates/clauses/example-notice.hbs", "shell = \"notice\"", "shell = \"announcement\"");
    fine(next.run(&["check"]));
    give(&desk, &next, "2026-02-05");
    let before = files(desk.root());
    for arguments in [&["update", "包.zip"][..], &["update", "包.zip", "--apply"]] {
        let run = desk.run(arguments);
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.stderr.contains("templates/clauses/own-notice.hbs"), "{run:?}");
        assert!(run.stderr.contains("更新以后，内容会有上面这些错误"), "{run:?}");
        assert_same_files(&before, &files(desk.root()));
    }
    let run = desk.run(&["update", "包.zip", "--apply", "--force"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(desk.path("templates/letters/announcement.hbs").is_file());
    fine(desk.run(&["update", "--undo"]));
    fine(desk.run(&["check"]));
}

#[test]
fn a_page_that_an_edition_of_the_desk_needs_is_not_taken_away_unasked() {
    let desk = updated();
    desk.append(
        "book.toml",
        "\n[preprocessor.gongkai.editions.reader]\ntitle = \"读本\"\ninclude = [\"questions/q-example\", \"laws/example-rules\"]\n",
    );
    let next = Handbook::bare();
    fs::remove_file(next.path("book/questions/q-example.md")).unwrap();
    give(&desk, &next, "2026-02-05");
    let before = state(&desk);
    let run = desk.run(&["update", "包.zip", "--apply"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains("book.toml:") && run.stderr.contains("questions/q-example"), "{run:?}");
    assert_same_files(&before, &state(&desk));
}

#[test]
fn an_undo_does_not_lose_what_was_written_since() {
    let desk = updated();
    let next = Handbook::bare();
    next.append("cases/example-001.md", "\n示例补充。\n");
    give(&desk, &next, "2026-02-05");
    fine(desk.run(&["update", "包.zip", "--apply"]));
    desk.append("cases/example-001.md", "\n本机以后写的。\n");
    let run = desk.run(&["update", "--undo"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains("cases/example-001.md"), "{run:?}");
    assert!(desk.read("cases/example-001.md").contains("本机以后写的"));
    fine(desk.run(&["update", "--undo", "--force"]));
    assert_eq!(desk.read("cases/example-001.md"), Handbook::bare().read("cases/example-001.md"));
    let kept = files(&desk.path(".gongkai"));
    let kept = kept.iter().find(|(path, _)| path.starts_with("undone-") && path.ends_with("example-001.md"));
    assert!(String::from_utf8_lossy(kept.unwrap().1).contains("本机以后写的"));
    // Before it was the first update.
    let run = fine(desk.run(&["update", "--undo"]));
    assert!(run.stdout.contains("2026-01-05"), "{run:?}");
}

#[test]
fn nothing_else_works_on_what_is_half_updated_and_the_next_update_goes_on() {
    let change = |path: &str, text: Option<&str>| FileChange {
        path: path.into(),
        bytes: text.map(|text| text.as_bytes().to_vec()),
    };
    let law = "book/laws/example-rules.md";
    for steps in 0..=2 {
        let desk = Handbook::bare();
        let new = format!("{}\n示例补充。\n", desk.read("cases/example-001.md"));
        let question = "book/questions/q-example.md";
        let all = [change("cases/example-001.md", Some(&new)), change(question, None)];
        let mut pending = Change::stage(desk.root(), "backup-x", &all).unwrap();
        for _ in 0..steps {
            assert!(pending.step().unwrap());
        }
        // Killed here.
        drop(pending);
        for arguments in [&["check"][..], &["build"], &["letter", "list"], &["law", "list"], &["pack"]] {
            let run = desk.run(arguments);
            assert_eq!(run.code, 2, "{run:?}");
            assert!(run.stderr.contains("上一次更新还没有做完"), "{run:?}");
        }
        let run = fine(desk.run(&["update"]));
        assert!(run.stderr.contains("已经把它做完"), "{run:?}");
        assert_eq!(desk.read("cases/example-001.md"), new);
        assert!(!desk.path(question).exists() && desk.path(law).is_file());
        fine(desk.run(&["check"]));
    }
}

#[test]
fn an_update_that_was_killed_at_any_moment_is_whole_after_the_next() {
    let next = Handbook::bare();
    let case = next.read("cases/example-001.md");
    let names: Vec<String> = (100..160).map(|n| format!("example-{n}")).collect();
    let path = |name: &str| format!("cases/{name}.md");
    for name in &names {
        next.write(&path(name), case.replace("example-001", name));
    }
    // Killed when so many files are in their places, or some more: it goes on while they are counted.
    for enough in [0, 1, 5, 15, 30, 45, 59, 60] {
        let desk = Handbook::bare();
        give(&desk, &next, "2026-02-05");
        let mut child = Command::new(env!("CARGO_BIN_EXE_gongkai"))
            .args(["update", "包.zip", "--apply"])
            .current_dir(desk.root())
            .env("GONGKAI_CONFIG", "")
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let there = || names.iter().filter(|name| desk.path(path(name)).is_file()).count();
        while there() < enough && child.try_wait().unwrap().is_none() {}
        child.kill().unwrap();
        child.wait().unwrap();
        let run = desk.run(&["update", "包.zip", "--apply"]);
        assert_eq!(run.code, 0, "{run:?}");
        for name in &names {
            assert_eq!(desk.read(&path(name)), next.read(&path(name)), "{enough}");
        }
        fine(desk.run(&["check"]));
        let left = files(&desk.path(".gongkai")).into_keys().filter(|name| name.contains("journal")).count();
        assert_eq!(left, 0, "{enough}");
    }
}

#[test]
fn a_broken_note_of_the_last_update_is_told() {
    let desk = updated();
    desk.write(".gongkai/pack.json", "{");
    let run = desk.run(&["update", "包.zip"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("pack.json 坏了"), "{run:?}");
    desk.write(".gongkai/journal.json", "{");
    let run = desk.run(&["update", "包.zip"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("上一次更新没有做完"), "{run:?}");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_leaves_everything_as_it_was() {
    use std::os::unix::fs::PermissionsExt;
    let desk = updated();
    let next = Handbook::bare();
    next.append("book/index.md", "\n示例补充。\n");
    next.append("cases/example-001.md", "\n示例补充。\n");
    give(&desk, &next, "2026-02-05");
    let before = state(&desk);
    let lock = |mode| fs::set_permissions(desk.path("cases"), fs::Permissions::from_mode(mode)).unwrap();
    lock(0o555);
    if fs::write(desk.path("cases/x"), "x").is_ok() {
        lock(0o755);
        fs::remove_file(desk.path("cases/x")).unwrap();
        common::skipped("this user may write everywhere");
        return;
    }
    let run = desk.run(&["update", "包.zip", "--apply"]);
    lock(0o755);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("已经全部退回原样"), "{run:?}");
    assert_same_files(&before, &state(&desk));
}

#[test]
fn a_desk_with_old_texts_learns_which_articles_of_the_imported_text_changed() {
    let text = |second: &str, year: &str| {
        format!(
            "示例规定\n（{year}年1月5日示例市人民政府令第3号公布）\n\n第一条　示例。\n\n第二条　{second}\n\n第三条　本规定自{year}年3月1日起施行。\n"
        )
    };
    let desk = Handbook::bare();
    desk.write("甲.txt", text("各机关应当在五日内把示例材料送到窗口。", "2020"));
    fine(desk.run(&["law", "import", "甲.txt", "--yes", "--id", "example-rules"]));
    let next = Handbook::bare();
    next.write("乙.txt", text("各机关应当在七日内把示例材料送到窗口。", "2020"));
    fine(next.run(&["law", "import", "乙.txt", "--yes", "--id", "example-rules"]));
    give(&desk, &next, "2026-02-05");
    let run = desk.run(&["update", "包.zip"]);
    // Imported by the desk itself: it stays.
    assert!(run.stdout.contains("本机与新包不同"), "{run:?}");
    let path = files(desk.root()).into_keys().find(|p| p.starts_with("book/laws/text/")).unwrap();
    give(&desk, &desk, "2026-01-05");
    fine(desk.run(&["update", "包.zip", "--apply"]));
    give(&desk, &next, "2026-02-05");
    let run = fine(desk.run(&["update", "包.zip"]));
    assert!(run.stdout.contains("原文修改：第二条"), "{run:?}");
    assert!(run.stdout.contains(&path), "{run:?}");
}
