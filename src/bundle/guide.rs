//! 使用说明.txt: what a clerk who got the stick does first.

use super::{About, CHECKSUMS, Files, SOURCES};

/// The text for a pack of these files, as old Notepad shows it: UTF-8 with its mark, lines ending in CRLF. `name` is that of
/// the .zip.
#[must_use]
pub fn guide(about: &About, name: &str, files: &Files) -> Vec<u8> {
    let mut out = format!("《{}》\n使用说明\n\n", about.title);
    for (label, value) in [("版本", &about.version), ("日期", &about.date), ("编印", &about.office)] {
        if !value.is_empty() {
            out.push_str(&format!("{label}：{value}\n"));
        }
    }
    let mut number = 0;
    let mut part = |title: &str, lines: &[String]| {
        number += 1;
        let numeral = crate::text::chinese(number);
        out.push_str(&format!("\n{numeral}、{title}\n"));
        for line in lines {
            out.push_str(&format!("  {line}\n"));
        }
    };
    part(
        "打开手册",
        &[
            format!(
                "1. 先解压：用右键点 {name}，选“全部解压缩”（或者“解压到……”）。不要在压缩包里面直接双击。"
            ),
            "2. 打开解压出来的文件夹，再打开里面的 handbook 文件夹。".to_owned(),
            "3. 双击 index.html（有的电脑只显示 index），手册就在浏览器里打开了。".to_owned(),
            "不用安装，不用联网。浏览器太旧、页面不正常的，换一个新一些的浏览器打开。".to_owned(),
            "handbook 文件夹里的文件要放在一起，不要只拷走 index.html。".to_owned(),
        ],
    );
    let ending = |ending: &str| -> Vec<String> {
        let top = files.keys().filter(|path| !path.contains('/') && path.ends_with(ending));
        top.map(|path| format!("{path}：")).collect()
    };
    let named = |all: Vec<String>, text: &str| -> Vec<String> {
        all.into_iter().map(|line| format!("{line}{text}")).collect()
    };
    let epub = named(ending(".epub"), "用电子书阅读器打开，也可以拷到手机、平板上看。");
    if !epub.is_empty() {
        part("电子书", &epub);
    }
    let pdf = named(ending(".pdf"), "双击打开，可以打印。");
    if !pdf.is_empty() {
        part("打印", &pdf);
    }
    if files.keys().any(|path| path.starts_with(SOURCES)) {
        part(
            "更新本机关自己的手册（由管理手册的人做）",
            &[
                format!("1. 把 {name} 拷到电脑上，不用解压。"),
                format!("2. 在本机关手册的文件夹里运行：gongkai update {name} 的位置"),
                "   程序只列出改了什么、影响哪些页面、文书和申请件，什么也不改。".to_owned(),
                "3. 看过以后，再运行一次，最后加上 --apply，才真的更新。".to_owned(),
                "   本机关自己改过的文件不会被换掉；换下来的旧文件留着，用 gongkai update --undo 可以退回去。"
                    .to_owned(),
            ],
        );
    }
    part(
        "核对文件（怀疑文件坏了、被改过的时候做）",
        &[
            format!("{CHECKSUMS} 里一行是一个文件的校验值（SHA-256）。"),
            "Windows：打开命令提示符，运行 certutil -hashfile 文件 SHA256，和那一行比。".to_owned(),
            format!("麒麟、统信：在解压出来的文件夹里运行 sha256sum -c {CHECKSUMS}。"),
            "拿 U 盘来的包，要核对来源：只用从上级或者编印单位直接拿到的。".to_owned(),
        ],
    );
    format!("\u{feff}{}", out.replace('\n', "\r\n")).into_bytes()
}
