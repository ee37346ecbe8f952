//! Names that every computer in an office can hold: Windows takes fewer than others.

use crate::text::{Diagnostic, Report};
use std::collections::BTreeMap;

/// Longest path in a pack, in UTF-16 units: Windows takes 260 with the folder that it is unpacked to.
const LONGEST: usize = 200;

/// Names that Windows keeps for devices, with any ending.
const DEVICES: [&str; 8] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$", "COM0"];

/// Reports every path that cannot be a file on Windows, or that would take the place of another there.
pub fn check_names<'a>(paths: impl IntoIterator<Item = &'a str>, report: &mut Report) {
    // What each path is called by a system that does not see capitals: files, and the folders that they need.
    let mut files: BTreeMap<String, &str> = BTreeMap::new();
    let mut folders: BTreeMap<String, &str> = BTreeMap::new();
    for path in paths {
        if let Some((message, hint)) = mistake(path) {
            report.push(Diagnostic::placeless("pack-name", format!("{}{message}", shown(path))).hint(hint));
            continue;
        }
        let folded = path.to_lowercase();
        for (at, _) in path.match_indices('/') {
            let folder = path.get(..at).unwrap_or_default();
            let other = folders.entry(folder.to_lowercase()).or_insert(folder);
            if *other != folder {
                report.push(alike(other, folder));
            }
        }
        if let Some(other) = files.insert(folded, path) {
            report.push(alike(other, path));
        }
    }
    for (folded, path) in &files {
        if let Some(folder) = folders.get(folded) {
            report.push(alike(folder, path));
        }
    }
}

fn alike(one: &str, other: &str) -> Diagnostic {
    let message = if one == other {
        format!("{} 有两个", shown(one))
    } else {
        format!("{} 和 {} 只有大小写不同，在 Windows 上会互相覆盖", shown(one), shown(other))
    };
    Diagnostic::placeless("pack-name", message).hint("把其中一个改名")
}

/// What is wrong with a path, and what to do.
fn mistake(path: &str) -> Option<(String, &'static str)> {
    if path.starts_with(['/', '\\']) || path.get(1..2) == Some(":") {
        return Some(("：写的是整个电脑里的位置，不是包里的位置".into(), "包里的路径从包的最上层写起"));
    }
    if path.encode_utf16().count() > LONGEST {
        return Some((format!("：路径超过 {LONGEST} 个字符"), "把文件名或者文件夹名改短"));
    }
    path.split('/').find_map(|name| {
        if name.is_empty() {
            return Some((" 里有空的文件名".into(), "改掉这个名称"));
        }
        if name == "." || name == ".." {
            return Some((format!(" 里有 {name}，会写到别的文件夹去"), "包里的路径不能有 . 和 .."));
        }
        if let Some(c) = name.chars().find(|c| "<>:\"|?*\\".contains(*c)) {
            return Some((format!("：Windows 的文件名里不能有 {c}"), "把文件改名"));
        }
        if name.chars().any(char::is_control) {
            return Some(("：文件名里有看不见的字符".into(), "把文件改名"));
        }
        if name.ends_with(['.', ' ']) || name.starts_with(' ') {
            return Some(("：Windows 的文件名不能以空格开头，不能以空格或者点结尾".into(), "把文件改名"));
        }
        is_device(name).then(|| (format!("：{name} 是 Windows 自己要用的名称"), "把文件改名"))
    })
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    let port = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
    let number = |rest: &str| rest.chars().count() == 1 && rest.chars().all(|c| "123456789¹²³".contains(c));
    DEVICES.contains(&stem.as_str()) || port.is_some_and(number)
}

/// A path as a message can hold it: what cannot be seen is shown by its number.
fn shown(path: &str) -> String {
    let short: String = path.chars().take(120).flat_map(char::escape_debug).collect();
    let more = if path.chars().count() > 120 { "……" } else { "" };
    format!("「{}{more}」", short.replace("\\\\", "\\").replace("\\'", "'").replace("\\\"", "\""))
}

#[cfg(test)]
mod tests {
    use super::check_names;
    use crate::text::Report;

    fn wrong(paths: &[&str]) -> usize {
        let mut report = Report::default();
        check_names(paths.iter().copied(), &mut report);
        report.sorted().len()
    }

    #[test]
    fn names_that_windows_cannot_hold_are_mistakes() {
        for path in [
            "a/CON",
            "nul.txt",
            "x/com1.tar.gz",
            "Lpt9",
            "COM².txt",
            "a<b",
            "a/b:c",
            "a|b",
            "a\"b",
            "什么?.md",
            "a*",
            "a\\b",
            "结尾.",
            "尾 ",
            "a./b",
            " a",
            "",
            "a//b",
            "a/",
            "../a",
            "a/../b",
            "./a",
            "/etc/a",
            "C:/a",
            "c:a",
            "a\u{7}b",
        ] {
            assert_eq!(wrong(&[path]), 1, "{path}");
        }
        assert_eq!(wrong(&[&"长".repeat(201)]), 1);
    }

    #[test]
    fn names_that_every_system_holds_are_none() {
        assert_eq!(
            wrong(&[
                "使用说明.txt",
                "book/rules/a b.toml",
                "console.md",
                "com.md",
                "com10",
                &"长".repeat(200)
            ]),
            0
        );
    }

    #[test]
    fn names_that_only_capitals_tell_apart_are_mistakes() {
        assert_eq!(wrong(&["a/X.md", "a/x.md"]), 1);
        assert_eq!(wrong(&["A/x.md", "a/y.md"]), 1);
        assert_eq!(wrong(&["a", "a/y.md"]), 1);
        assert_eq!(wrong(&["a/x.md", "a/x.md"]), 1);
        assert_eq!(wrong(&["a/x.md", "a/y.md", "b/x.md"]), 0);
    }
}
