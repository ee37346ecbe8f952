//! What README and CONTRIBUTING tell people to type, typed; and the files of the recipes, put into a handbook.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its files stops")]

use crate::common;

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use common::{Handbook, Run};
use serde_json::Value as Json;

/// A file of the project.
fn document(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}")).replace("\r\n", "\n")
}

/// The fenced blocks of a page: what stands behind the fence, and the text.
fn blocks(markdown: &str) -> Vec<(&str, &str)> {
    let inside = markdown.split("\n```").skip(1).step_by(2);
    inside.map(|block| block.split_once('\n').unwrap_or((block, ""))).collect()
}

/// The lines that a page tells people to type.
fn commands(markdown: &str) -> Vec<&str> {
    let shell = blocks(markdown).into_iter().filter(|(info, _)| *info == "sh");
    shell.flat_map(|(_, text)| text.lines()).filter(|line| !line.trim().is_empty()).collect()
}

/// Does what a line says, in a handbook. Fails on a line that it does not know.
fn type_line(handbook: &Handbook, line: &str) {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        // Tested by being what runs this test, or by CI.
        ["cargo", "test"] | ["cargo", "install", "--path", ".", "--locked"] => {}
        ["cargo", "bench", "--bench", name] | ["cargo", "bench", "--bench", name, "--features", "pdf"] => {
            assert!(document("Cargo.toml").contains(&format!("[[bench]]\nname = \"{name}\"\n")), "{line}");
        }
        ["cargo", "test", "--test", "all", name, "--", "--nocapture"] => {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/{name}.rs"));
            assert!(path.is_file(), "{line}");
        }
        [".ci/run"] => assert!(document(".ci/run").starts_with("#!/usr/bin/env bash\n")),
        ["cargo", "run", "--release", "--features", feature, "--", arguments @ ..] => {
            assert!(document("Cargo.toml").contains(&format!("\n{feature} = [")), "{line}");
            type_command(handbook, line, arguments);
        }
        ["cargo", "run", "--release", "--", arguments @ ..] | ["gongkai", arguments @ ..] => {
            type_command(handbook, line, arguments);
        }
        _ => panic!("这一行还没有测试，请在 tests/readme.rs 里加上：{line}"),
    }
}

fn type_command(handbook: &Handbook, line: &str, arguments: &[&str]) {
    let option = |name: &str| {
        let at = arguments.iter().position(|word| *word == name)?;
        arguments.get(at + 1).copied()
    };
    let root = handbook.path(option("--root").unwrap_or("."));
    let run = |input: &str| {
        let run = handbook.run_with(arguments, input.as_bytes());
        assert_eq!(run.code, 0, "{line}\n{}{}", run.stdout, run.stderr);
        run
    };
    match arguments {
        // Set with typst, which the feature `pdf` brings: tests/book.rs.
        ["build", "--format", "pdf", ..] => {}
        ["build", "--edition", "public", "--format", "epub"] => {
            run("");
            assert!(root.join("target/public.epub").is_file(), "{line}");
        }
        ["build", "--edition", "public"] => {
            run("");
            assert!(root.join("target/public/index.html").is_file(), "{line}");
        }
        ["build", ..] => {
            run("");
            assert!(root.join("target/handbook/index.html").is_file(), "{line}");
        }
        ["check"] => assert!(run("").stdout.contains("没有错误"), "{line}"),
        ["pack", ..] => {
            run("");
            assert!(root.join(option("-o").unwrap_or("target/staff.zip")).is_file(), "{line}");
        }
        ["update", "--undo"] => assert!(run("").stdout.contains("已经退回"), "{line}"),
        ["update", pack, ..] => {
            // What came on the stick.
            if !handbook.path(pack).is_file() {
                assert_eq!(handbook.run(&["pack", "-o", pack]).code, 0, "{line}");
            }
            assert!(run("").stdout.contains("校验值都对"), "{line}");
        }
        ["serve"] => serve(handbook, arguments),
        ["init", folder, ..] => {
            run("");
            assert!(handbook.path(folder).join("book.toml").is_file(), "{line}");
            assert_eq!(handbook.run(&["check", "--root", folder]).code, 0, "{line}");
        }
        ["letter", "list"] => assert!(run("").stdout.contains("refuse-trade-secret"), "{line}"),
        ["letter", "show", id] => assert!(run("").stdout.contains(id), "{line}"),
        ["letter", "new", ..] => {
            run("");
            assert!(handbook.path(option("-o").unwrap()).is_file(), "{line}");
        }
        ["letter", "number", "--void", number, ..] => {
            assert!(run("").stdout.contains(&format!("{number} 已经作废")), "{line}");
        }
        ["letter", "number", request, ..] => {
            // The person left the number empty.
            fill_in(handbook, request);
            let text = handbook.read(request);
            let old = text.lines().find(|l| l.starts_with("number = ")).unwrap().to_owned();
            handbook.replace(request, &old, "number = \"\"");
            assert!(run("").stdout.contains("〔2026〕"), "{line}");
            assert!(handbook.read(request).contains("number = \"示例公开〔2026〕"), "{line}");
        }
        ["config", "show"] => assert!(run("").stdout.contains("来自本机关：book.toml:"), "{line}"),
        ["letter", "sheet", id, ..] => {
            run("");
            let sheet = option("-o").unwrap();
            assert!(handbook.path(sheet).is_file(), "{line}");
            // What the person does with a spreadsheet.
            let filled = handbook.run(&["letter", "sheet", id, "--example", "--force", "-o", sheet]);
            assert_eq!(filled.code, 0, "{filled:?}");
        }
        ["letter", "batch", ..] => {
            assert!(run("").stdout.contains("生成 1 份"), "{line}");
            assert!(handbook.path(option("--out").unwrap()).join("结果.csv").is_file(), "{line}");
        }
        ["letter", "fill", request, ..] if request.ends_with(".xlsx") => {
            letter(handbook, &run(""), &request.replace(".xlsx", ".docx"));
        }
        ["letter", "fill", request, ..] => {
            fill_in(handbook, request);
            letter(handbook, &run(""), option("-o").unwrap_or(&request.replace(".toml", ".docx")));
        }
        ["letter", "pack", request] => {
            assert!(run("").stdout.contains("审批单"), "{line}");
            assert!(handbook.path(request.replace(".toml", "-案卷")).is_dir(), "{line}");
        }
        ["letter", "verify", ..] => assert!(run("").stdout.contains("没有改过"), "{line}"),
        // The scans are not in the folder.
        ["request", "check", ..] => assert!(handbook.run(arguments).stdout.contains("身份证明"), "{line}"),
        ["letter", "check", ..] => assert!(run("").stdout.contains("没有找到问题"), "{line}"),
        ["explain", rule] => assert!(run("").stdout.contains(rule), "{line}"),
        ["letter", "ask", id, ..] => {
            let answers = answers(handbook, id);
            letter(handbook, &run(&answers), option("-o").unwrap_or(&format!("{id}.docx")));
        }
        ["search", ..] => assert!(run("").stdout.contains("\n 1. ["), "{line}"),
        ["law", "list"] => assert!(run("").stdout.contains("foi-2019"), "{line}"),
        ["law", "parse", file, ..] | ["law", "import", file, ..] => {
            if !handbook.path(file).is_file() {
                handbook.write(file, OFFICIAL);
            }
            assert!(run("").stdout.contains("找到 3 条"), "{line}");
        }
        ["law", "show", ..] => {
            let run = handbook.run(arguments);
            assert!(run.stdout.contains("第三十六条"), "{line}\n{run:?}");
        }
        ["law", "diff", law, ..] => {
            // Two versions to compare.
            handbook.write("二.txt", OFFICIAL.replace("2098", "2099").replace("示例。", "又一个示例。"));
            assert_eq!(handbook.run(&["law", "import", "二.txt", "--yes"]).code, 0);
            let run = handbook.run(&["law", "diff", law]);
            assert!(run.stdout.contains("修改 "), "{line}\n{run:?}");
        }
        ["cite", file] => {
            handbook.write(file, "依据《条例》第三十六条第（五）项答复如下。");
            assert!(run("").stdout.contains("条文存在"), "{line}");
        }
        ["request", "new", ..] => {
            assert!(run("").stdout.contains("登记编号：20260001"), "{line}");
            assert!(handbook.path("20260001-登记回执.docx").is_file(), "{line}");
        }
        ["request", "add", ..] => assert!(run("").stdout.contains("已经记进"), "{line}"),
        ["deadline", "due", ..] => assert!(run("").stdout.contains("工作日以内到期"), "{line}"),
        ["deadline", "recheck", ..] => assert!(run("").stdout.contains("看了 "), "{line}"),
        ["deadline", ..] => assert!(run("").stdout.contains("届满日"), "{line}"),
        ["calendar", "show", ..] => assert!(run("").stdout.contains("国庆节"), "{line}"),
        ["decide", ..] => {
            let answers = "2\n1\n1\n1\n1\n1\n1\n该查的都查了，线索也核了，没有\n";
            assert!(run(answers).stdout.contains("结论"), "{line}");
            assert!(handbook.path(option("--brief").unwrap()).is_file(), "{line}");
        }
        ["remedy", ..] => assert!(run("").stdout.contains("复议"), "{line}"),
        ["fee", ..] => assert!(run("").stdout.contains("元"), "{line}"),
        ["check", "--radar"] => assert!(run("").stdout.contains("待复核"), "{line}"),
        ["stats"] => assert!(run("").stdout.contains("问答　　"), "{line}"),
        // What is too old depends on the day it is typed.
        ["check", "--stale", ..] => {
            assert!(handbook.run(arguments).stdout.contains("核对日期超过 180 天"), "{line}");
        }
        ["export", "--json", ..] => {
            let printed = run("").stdout;
            let text = option("-o").map_or(printed, |file| handbook.read(file));
            let export: Json = serde_json::from_str(&text).unwrap();
            assert!(export["schema_version"].is_string(), "{line}");
        }
        ["export", "--bulk", ..] => assert!(run("").stdout.contains("已导出 "), "{line}"),
        ["schema", _] => {
            let schema: Json = serde_json::from_str(&run("").stdout).unwrap();
            assert_eq!(schema["type"], "object", "{line}");
        }
        ["--help"] => assert!(run("").stdout.contains("用法"), "{line}"),
        _ => panic!("这条命令还没有测试，请在 tests/readme.rs 里加上：{line}"),
    }
}

/// What a person would have downloaded; invented.
const OFFICIAL: &str = "示例市信息办法\n（2098年1月5日示例市人民政府令第3号公布）\n\n第一条　示例。\n\n第二条　示例：\n\n（一）甲；\n\n（二）乙。\n\n第三条　本办法自2098年3月1日起施行。\n";

/// Does what the person does with Notepad: the empty form becomes one that is filled in.
fn fill_in(handbook: &Handbook, request: &str) {
    let text = handbook.read(request);
    let id = text.lines().find_map(|line| line.strip_prefix("letter = ")).unwrap().trim_matches('"');
    let run = handbook.run(&["letter", "new", id, "--example", "--force", "-o", request]);
    assert_eq!(run.code, 0, "{run:?}");
}

/// What a person types when asked for every field: its example.
fn answers(handbook: &Handbook, id: &str) -> String {
    let run = handbook.run(&["letter", "show", id, "--json"]);
    let letter: Json = serde_json::from_str(&run.stdout).unwrap();
    let mut typed = String::new();
    for field in letter["fields"].as_array().unwrap() {
        let mut lines: Vec<&str> = vec![];
        match &field["example"] {
            Json::String(text) => lines.extend(text.lines()),
            Json::Array(items) if field["type"] == "rows" => {
                for item in items {
                    let columns = field["columns"].as_array().unwrap().iter();
                    lines.extend(columns.map(|c| item[c["name"].as_str().unwrap()].as_str().unwrap_or("")));
                }
            }
            Json::Array(items) => lines.extend(items.iter().map(|item| item.as_str().unwrap())),
            other => typed.push_str(&format!("{other}\n")),
        }
        // An empty line ends what may be several lines.
        if matches!(field["type"].as_str().unwrap(), "text" | "list" | "rows") {
            lines.push("");
        }
        typed.extend(lines.iter().map(|line| format!("{line}\n")));
    }
    typed
}

/// A letter was made: in the file, or on standard output.
fn letter(handbook: &Handbook, run: &Run, file: &str) {
    if file == "-" {
        assert!(run.stdout.contains("告知书") || run.stdout.contains("回执"), "{run:?}");
    } else {
        let bytes = fs::read(handbook.path(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(bytes.starts_with(b"PK"), "{file} is no .docx");
    }
}

/// A server that ends with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the server on a free port, fetches the first page, stops it.
fn serve(handbook: &Handbook, arguments: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
    command.current_dir(handbook.root()).args(arguments).args(["--port", "0"]);
    let mut server = Server(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
    let mut said = String::new();
    BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut said).unwrap();
    let address = said.split("http://").nth(1).and_then(|rest| rest.split('/').next());
    let mut stream = TcpStream::connect(address.unwrap_or_else(|| panic!("{said}"))).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut page = vec![];
    stream.read_to_end(&mut page).unwrap();
    let page = String::from_utf8_lossy(&page);
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    assert!(page.contains("政府信息依申请公开办理手册"), "{page}");
}

#[test]
fn every_command_of_the_readme_works() {
    let handbook = Handbook::own();
    let readme = document("README.md");
    let lines = commands(&readme);
    assert!(lines.contains(&"cargo run --release -- build") && lines.contains(&"cargo test"));
    for line in lines {
        type_line(&handbook, line);
    }
}

#[test]
fn the_recipes_make_a_handbook_without_mistakes_and_their_commands_work() {
    let handbook = Handbook::own();
    let contributing = document("CONTRIBUTING.md");
    let mut files = 0;
    for (info, text) in blocks(&contributing) {
        if let Some(path) = info.strip_prefix("text ") {
            handbook.write(path, text);
            files += 1;
        }
    }
    assert_eq!(files, 7, "法规、案例、问答、自测、条款、框架、片段");
    for line in commands(&contributing) {
        type_line(&handbook, line);
    }
}

#[test]
fn the_readme_names_every_command_and_no_other() {
    let handbook = Handbook::bare();
    let subcommands = |arguments: &[&str]| -> Vec<String> {
        let help = handbook.run(arguments).stdout;
        let listed =
            help.split("命令:\n").nth(1).unwrap_or_default().split("\n\n").next().unwrap_or_default();
        listed.lines().filter_map(|line| Some(line.split_whitespace().next()?.to_owned())).collect()
    };
    // What clap says by itself is English.
    let plain = |arguments: &[&str]| {
        let help = handbook.run(arguments).stdout;
        assert!(help.contains("用法") && !help.contains("[default") && !help.contains("[possible"), "{help}");
    };
    let mut commands = BTreeSet::new();
    for name in subcommands(&["--help"]) {
        let inner = subcommands(&[&name, "--help"]);
        plain(&[&name, "--help"]);
        inner.iter().for_each(|inner| plain(&[&name, inner, "--help"]));
        // What may be run with and without a subcommand is one row.
        if inner.is_empty() || name == "deadline" {
            commands.insert(format!("gongkai {name}"));
        }
        let rows = inner.iter().filter(|_| name != "deadline");
        commands.extend(rows.map(|inner| format!("gongkai {name} {inner}")));
    }
    let readme = document("README.md");
    let rows = readme.lines().filter_map(|line| line.strip_prefix("| `gongkai "));
    let named: BTreeSet<String> =
        rows.map(|row| format!("gongkai {}", row.split('`').next().unwrap_or_default())).collect();
    assert_eq!(named, commands);
}

#[test]
fn the_readme_links_only_to_files_that_exist() {
    for name in ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
        let text = document(name);
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let local = !target.contains("://") && !target.starts_with('#');
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(target);
            assert!(!local || path.is_file(), "{name}: {target}");
        }
    }
}

#[test]
fn the_readme_asks_for_the_rust_and_the_mdbook_that_the_manifest_asks_for() {
    let (readme, manifest) = (document("README.md"), document("Cargo.toml"));
    let after = |start: &str| manifest.split(start).nth(1).unwrap().split('"').next().unwrap();
    let (rust, mdbook) = (after("rust-version = \""), after("mdbook-driver = \"="));
    assert!(readme.contains(&format!("{rust} 以上")) && readme.contains(&format!("Rust {rust} or newer")));
    assert!(readme.contains(&format!("已经带了 {mdbook}")));
}
