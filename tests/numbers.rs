//! Document numbers: each taken once, in order, written down before they are used, and never given twice.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its files stops")]

use crate::common;

use std::collections::BTreeSet;
use std::fs;
use std::thread;

use common::{Handbook, Run};

const SHELL: &str = "templates/letters/notice.hbs";
const REGISTER: &str = "numbers.csv";
const HEAD: &str = "文号,年份,序号,取号日期,文书,申请件,登记编号,状态,说明";

/// The bare handbook whose notices have a number.
fn office() -> Handbook {
    let handbook = Handbook::bare();
    let field = |name: &str, label: &str| {
        format!(
            "[[parameters]]\nname = \"{name}\"\nlabel = \"{label}\"\ntype = \"line\"\nrequired = true\nhelp = \"照登记填写。\"\nexample = \"示例公开〔2026〕1号\"\n\n"
        )
    };
    let shell = handbook.read(SHELL);
    let shell = shell.replacen("[[parameters]]", &format!("{}[[parameters]]", field("number", "文号")), 1);
    handbook.write(SHELL, shell.replace("@title", "@number {{number}}\n@title"));
    handbook
}

const FORM: &str = "# 申请件\nletter = \"example-notice\" # 哪一种\napplicant = \"张某\"\nagency_name = \"示例市某局\"\ndate = \"2026-11-23\"\nreason = \"\"\"\n理由。\n\"\"\"\n";

fn number(n: u32) -> String {
    format!("示例公开〔2026〕{n}号")
}

fn take(handbook: &Handbook, file: &str) -> Run {
    handbook.run(&["letter", "number", file])
}

#[track_caller]
fn takes(handbook: &Handbook, file: &str, n: u32) {
    let run = take(handbook, file);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.starts_with(&format!("{}\n", number(n))), "{run:?}");
}

/// Refused: exit code, words of the message, and that neither file was touched.
#[track_caller]
fn refused(handbook: &Handbook, arguments: &[&str], words: &str) {
    let state = || (fs::read(handbook.path(REGISTER)).ok(), fs::read(handbook.path("一.toml")).ok());
    let before = state();
    let run = handbook.run(arguments);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains(words), "{run:?}");
    assert!(before == state(), "{run:?}");
}

#[test]
fn eight_at_once_take_the_numbers_1_to_80_each_once() {
    let handbook = office();
    for n in 0..80 {
        handbook.write(&format!("件/{n}.toml"), FORM);
    }
    let taken = |who: usize| -> Vec<String> {
        (0..10)
            .map(|n| {
                let run = take(&handbook, &format!("件/{}.toml", who * 10 + n));
                assert_eq!(run.code, 0, "{run:?}");
                run.stdout.lines().next().unwrap().to_owned()
            })
            .collect()
    };
    let all: Vec<String> = thread::scope(|scope| {
        let workers: Vec<_> = (0..8).map(|who| scope.spawn(move || taken(who))).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    let wanted: BTreeSet<String> = (1..=80).map(number).collect();
    assert_eq!(all.len(), 80);
    assert_eq!(all.into_iter().collect::<BTreeSet<_>>(), wanted);
    let register = handbook.read(REGISTER);
    let rows: Vec<&str> = register.lines().skip(1).map(|l| l.split(',').next().unwrap()).collect();
    assert_eq!(rows, (1..=80).map(number).collect::<Vec<_>>(), "in order, no gap, nothing twice");
    assert_eq!(register.matches("已写入").count(), 80);
    for n in 0..80 {
        assert!(handbook.read(&format!("件/{n}.toml")).contains("number = \"示例公开〔2026〕"));
    }
}

#[test]
fn the_number_is_written_under_the_letter_and_everything_else_stays() {
    let handbook = office();
    handbook.write("一.toml", FORM);
    takes(&handbook, "一.toml", 1);
    let line = format!("letter = \"example-notice\" # 哪一种\nnumber = \"{}\"\n", number(1));
    assert_eq!(handbook.read("一.toml"), FORM.replace("letter = \"example-notice\" # 哪一种\n", &line));
    let windows = format!("\u{feff}{}", FORM.replace("applicant", "number = \"\" # 空着\napplicant"));
    handbook.write("二.toml", windows.replace('\n', "\r\n"));
    takes(&handbook, "二.toml", 2);
    let wanted = windows.replace("number = \"\"", &format!("number = \"{}\"", number(2)));
    assert_eq!(handbook.read("二.toml"), wanted.replace('\n', "\r\n"));
    let register = handbook.read(REGISTER);
    assert!(register.starts_with(&format!("\u{feff}{HEAD}\r\n")), "{register}");
    assert!(!register.contains("张某"), "no personal data: {register}");
}

#[test]
fn who_asks_again_gets_the_same_number() {
    let handbook = office();
    handbook.write("一.toml", FORM);
    takes(&handbook, "一.toml", 1);
    let before = handbook.read(REGISTER);
    takes(&handbook, "一.toml", 1);
    assert_eq!(handbook.read(REGISTER), before);
    // The same file by another name of its path, and where it was moved.
    takes(&handbook, "./book/../一.toml", 1);
    fs::create_dir(handbook.path("办结")).unwrap();
    fs::rename(handbook.path("一.toml"), handbook.path("办结/一.toml")).unwrap();
    takes(&handbook, "办结/一.toml", 1);
    assert!(handbook.read(REGISTER).contains(",办结/一.toml,"));
    handbook.write("二.toml", FORM);
    takes(&handbook, "二.toml", 2);
}

#[test]
fn a_copy_with_the_number_of_another_file_is_refused() {
    // kind: wrong-number
    let handbook = office();
    handbook.write("一.toml", FORM);
    takes(&handbook, "一.toml", 1);
    handbook.write("二.toml", handbook.read("一.toml").replace("张某", "李某"));
    refused(&handbook, &["letter", "number", "二.toml"], "登记给了 一.toml，这个申请件像是从它复制来的");
    let emptied = handbook.read("二.toml").replace(&number(1), "");
    handbook.write("二.toml", emptied);
    takes(&handbook, "二.toml", 2);
}

#[test]
fn a_number_that_nobody_registered_or_that_was_taken_out_of_the_file_is_not_guessed_at() {
    let handbook = office();
    handbook.write("一.toml", FORM.replace("applicant", &format!("number = \"{}\"\napplicant", number(7))));
    refused(&handbook, &["letter", "number", "一.toml"], "登记册里没有");
    handbook.write("一.toml", FORM);
    takes(&handbook, "一.toml", 1);
    handbook.write("一.toml", FORM);
    refused(&handbook, &["letter", "number", "一.toml"], "已经取过文号「示例公开〔2026〕1号」");
}

#[test]
fn a_letter_that_cannot_be_made_burns_no_number() {
    let handbook = office();
    handbook.write("一.toml", FORM.replace("applicant = \"张某\"\n", ""));
    refused(&handbook, &["letter", "number", "一.toml"], "缺少");
    handbook.write("一.toml", FORM.replace("2026-11-23", "2026-13-23"));
    refused(&handbook, &["letter", "fill", "一.toml", "--take-number"], "2026-13-23");
    assert!(!handbook.path(REGISTER).exists());
    handbook.write("一.toml", FORM);
    takes(&handbook, "一.toml", 1);
}

#[test]
fn fill_takes_the_number_and_makes_the_letter_in_one_go() {
    let handbook = office();
    handbook.write("一.toml", FORM);
    let fill = ["letter", "fill", "一.toml", "--take-number", "--from", "12", "-o", "一.txt"];
    let run = handbook.run(&fill);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(handbook.read("一.txt").contains(&number(12)));
    // A letter that is there already is not written over, and takes no number.
    handbook.write("二.toml", FORM);
    handbook.write("二.docx", "x");
    let run = handbook.run(&["letter", "fill", "二.toml", "--take-number"]);
    assert_eq!(run.code, 2, "{run:?}");
    takes(&handbook, "二.toml", 13);
    handbook.write("三.toml", FORM);
    refused(&handbook, &["letter", "number", "三.toml", "--from", "30"], "已经到 13 号");
    let run = handbook.run_with(&["letter", "fill", "-", "--take-number", "-o", "-"], FORM.as_bytes());
    assert_eq!(run.code, 2, "{run:?}");
}

#[test]
fn each_year_begins_anew_and_a_register_may_be_shared() {
    let handbook = office();
    handbook.write("一.toml", FORM);
    fs::create_dir(handbook.path("共享")).unwrap();
    handbook.replace("book.toml", "\nreview_body = ", "\nregister = \"共享/文号.csv\"\nreview_body = ");
    takes(&handbook, "一.toml", 1);
    handbook.write("二.toml", FORM);
    let run = handbook.run(&["letter", "number", "二.toml", "--date", "2027-01-04"]);
    assert!(run.stdout.starts_with("示例公开〔2027〕1号\n"), "{run:?}");
    assert_eq!(handbook.read("共享/文号.csv").lines().count(), 3);
    // The number of one year does not go with a date of another.
    let run = handbook.run(&["letter", "number", "一.toml", "--date", "2027-01-04"]);
    assert!(run.code == 1 && run.stderr.contains("文号是 2026 年的"), "{run:?}");
    let run = handbook.run(&["letter", "number", "一.toml", "--register", "没有/文号.csv"]);
    assert!(run.code == 2 && run.stderr.contains("没有 没有 这个文件夹"), "{run:?}");
}

#[test]
fn a_run_that_died_between_the_register_and_the_request_is_taken_up_again() {
    let handbook = office();
    handbook.write("一.toml", FORM);
    let row = |n: u32, file: &str, state: &str| {
        format!("{},2026,{n},2026-11-23,示例告知书,{file},,{state},\r\n", number(n))
    };
    handbook.write(REGISTER, format!("\u{feff}{HEAD}\r\n{}", row(1, "一.toml", "未写入")));
    handbook.write("二.toml", FORM);
    takes(&handbook, "二.toml", 2);
    takes(&handbook, "一.toml", 1);
    let register = handbook.read(REGISTER);
    assert!(!register.contains("未写入") && register.lines().count() == 3, "{register}");
    // Died after the request was written: only the state is put right.
    handbook.write(REGISTER, register.replacen("已写入", "未写入", 1));
    takes(&handbook, "一.toml", 1);
    assert_eq!(handbook.read(REGISTER), register);
}

#[test]
fn a_void_number_is_never_used_again() {
    let handbook = office();
    handbook.write("一.toml", FORM);
    takes(&handbook, "一.toml", 1);
    let void = |n: u32| {
        let number = number(n);
        handbook.run(&["letter", "number", "--void", &number, "--reason", "没有发出，改了答复"])
    };
    assert_eq!(void(1).code, 0);
    assert_eq!(void(1).code, 0, "twice is no harm");
    assert!(handbook.read(REGISTER).contains(",作废,没有发出，改了答复"));
    assert_eq!(void(9).code, 2);
    refused(&handbook, &["letter", "number", "一.toml"], "已经作废");
    handbook.write("一.toml", FORM);
    takes(&handbook, "一.toml", 2);
    let run = handbook.run(&["letter", "number", "--void", &number(2)]);
    assert_eq!(run.code, 2, "a reason is asked for: {run:?}");
}

#[test]
fn a_register_that_excel_saved_is_read_in_whatever_way_it_did() {
    let handbook = office();
    let table = format!(
        "{HEAD},备注\r\n{},2026,3,2026/11/3,\"示例,告知书\",旧.toml,,已写入,,\"他说\"\"好\"\"\"\r\n,,,,,,,,,\r\n",
        number(3)
    );
    let gb = encoding_rs::GB18030.encode(&table).0.into_owned();
    for (file, bytes) in [("一.toml", gb), ("二.toml", table.into_bytes())] {
        handbook.write(REGISTER, bytes);
        handbook.write(file, FORM);
        takes(&handbook, file, 4);
        let register = handbook.read(REGISTER);
        assert!(register.starts_with(&format!("\u{feff}{HEAD},备注\r\n")), "{register}");
        assert!(register.contains("2026/11/3,\"示例,告知书\",旧.toml,,已写入,,\"他说\"\"好\"\"\"\r\n"));
        assert_eq!(register.lines().count(), 3);
    }
}

#[test]
fn a_register_with_mistakes_is_shown_by_line_and_never_written_over() {
    // kind: wrong-register
    let handbook = office();
    handbook.write("一.toml", FORM);
    let row = |n: u32, rest: &str| format!("{},{rest}\n", number(n));
    for (table, words) in [
        ("姓名,电话\n".to_owned(), "没有“文号”“年份”“序号”“申请件”“状态”这些栏"),
        (String::new(), "没有“文号”"),
        (format!("{HEAD}\n{}", row(1, "2025,1,,,a.toml,,已写入,")), "“年份”是「2025」"),
        (format!("{HEAD}\n{}", row(1, "2026,01,,,a.toml,,已写入,")), "“序号”是「01」"),
        (format!("{HEAD}\n{}", row(1, "2026,1,,,a.toml,,发了,")), "没有「发了」这种状态"),
        (format!("{HEAD}\n{}", row(1, "2026,1,,,a.toml,,已写入,,多的")), "多了一格「多的」"),
        (format!("{HEAD}\n示例公开[2026]1号,2026,1,,,a.toml,,已写入,\n"), "写法不对"),
        (format!("{HEAD}\n{0}{0}", row(1, "2026,1,,,a.toml,,已写入,")), "登记了两次"),
        (format!("{HEAD}\n\"{}", row(1, "2026,1,,,a.toml,,已写入,")), "引号没有配对"),
    ] {
        handbook.write(REGISTER, &table);
        refused(&handbook, &["letter", "number", "一.toml"], words);
        let shown = handbook.run(&["letter", "number", "一.toml"]).stderr;
        assert!(shown.contains("numbers.csv:") || table.is_empty(), "{shown}");
    }
    handbook.write(REGISTER, [0xff, 0x00, 0xff]);
    refused(&handbook, &["letter", "number", "一.toml"], "numbers.csv");
    // A row that is missing is said, and does not stop anybody.
    let table = format!("{HEAD}\n{}{}", row(1, "2026,1,,,a.toml,,已写入,"), row(3, "2026,3,,,c.toml,,,"));
    handbook.write(REGISTER, table);
    let run = take(&handbook, "一.toml");
    assert!(
        run.code == 0 && run.stderr.contains("中间缺号") && run.stdout.starts_with(&number(4)),
        "{run:?}"
    );
}

#[test]
fn without_a_code_or_a_place_for_it_there_is_no_number() {
    // kind: no-code
    let handbook = office();
    handbook.write("一.toml", FORM);
    handbook.replace("book.toml", "code = \"示例公开\"\n", "");
    refused(&handbook, &["letter", "number", "一.toml"], "还没有设机关代字");
    // kind: no-number
    let handbook = Handbook::bare();
    handbook.write("一.toml", FORM);
    refused(&handbook, &["letter", "number", "一.toml"], "没有文号，不用取");
}
