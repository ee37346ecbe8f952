//! Replies to several items: each item keeps the words of its letter, the remedies follow from the set, and the annual
//! report counts the application once.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its files stops")]

use crate::common;

use common::{Handbook, project};
use gongkai::corpus::Clause;
use gongkai::letter::{self, Block, Filler, Letter, Request};
use gongkai::text::Report;

fn clauses() -> Vec<&'static Clause> {
    letter::items(&project().corpus).map(|entry| &entry.header).collect()
}

fn clause(id: &str) -> &'static Clause {
    &project().corpus.clauses[id].header
}

/// The examples of these letters as one reply.
fn combined(filler: &mut Filler<'_>, items: &[&Clause]) -> (Request, Letter) {
    let project = project();
    let whole = clause("reply-items");
    let request = Request::example_of(&project.corpus, whole, Some(items));
    let mut report = Report::default();
    let letter = filler.fill(&request, &mut report);
    let names: Vec<&str> = items.iter().map(|c| c.id.as_str()).collect();
    (request, letter.unwrap_or_else(|| panic!("{names:?}\n{}", report.render(&project.sources, false))))
}

fn paragraphs(letter: &Letter) -> Vec<&str> {
    letter
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Paragraph(text) => Some(text.as_str()),
            _ => None,
        })
        .collect()
}

/// Whether an outcome rests on 条例第十四至十六条.
fn refuses(clause: &Clause) -> bool {
    project().corpus.outcome(&clause.outcome).unwrap().remedy.iter().any(|r| r.ground.starts_with("refuse"))
}

#[test]
fn every_pair_of_answers_fits_into_one_reply_with_the_remedies_of_both() {
    let all = clauses();
    assert!(all.len() >= 25, "{}", all.len());
    let mut filler = Filler::new(&project().corpus);
    for first in &all {
        for second in &all {
            let (_, letter) = combined(&mut filler, &[first, second]);
            let said = paragraphs(&letter);
            let remedies: Vec<&&str> = said.iter().filter(|p| p.starts_with("如对本答复书")).collect();
            let review_first = remedies.iter().filter(|p| p.contains("应当先申请行政复议")).count();
            let choice = remedies.iter().filter(|p| p.contains("直接向有管辖权的人民法院")).count();
            let names = (first.id.as_str(), second.id.as_str());
            assert_eq!(review_first, usize::from(refuses(first) || refuses(second)), "{names:?}");
            let other = |c: &Clause| !refuses(c) || c.id == "grant-in-part";
            assert!(choice <= 2 && (choice > 0) == (other(first) || other(second)), "{names:?} {remedies:?}");
            for (clause, name) in [(first, "第一项"), (second, "第二项")] {
                let wanted = if refuses(clause) { "应当先" } else { "直接" };
                assert!(remedies.iter().any(|p| p.contains(name) && p.contains(wanted)), "{names:?}");
            }
            assert!(!said.iter().any(|p| p.contains("本告知书")), "{names:?}");
            assert!(said.iter().filter(|p| p.contains("（以下简称《条例》）")).count() <= 1, "{names:?}");
        }
    }
}

#[test]
fn three_answers_of_every_group_fit_into_one_reply() {
    let all = clauses();
    let mut filler = Filler::new(&project().corpus);
    // Every letter once in every place, beside ever other ones.
    for at in 0..all.len() {
        for step in [1, 3, 7] {
            let items = [all[at], all[(at + step) % all.len()], all[(at + 2 * step + 1) % all.len()]];
            let (_, letter) = combined(&mut filler, &items);
            let headings: Vec<&str> = letter
                .blocks
                .iter()
                .filter_map(|b| if let Block::Heading(text) = b { Some(text.as_str()) } else { None })
                .filter(|text| text.ends_with("项申请"))
                .collect();
            assert_eq!(headings, ["一、关于第一项申请", "二、关于第二项申请", "三、关于第三项申请"]);
        }
    }
}

#[test]
fn an_item_says_what_its_letter_says_alone() {
    let mut filler = Filler::new(&project().corpus);
    let not_exist = clause("not-exist");
    let secret = clause("refuse-state-secret");
    let alone = Request::example(&project().corpus, not_exist);
    let alone = filler.fill(&alone, &mut Report::default()).unwrap();
    let (_, both) = combined(&mut filler, &[not_exist, secret]);
    let conclusion = paragraphs(&alone).into_iter().find(|p| p.starts_with("经检索")).unwrap().to_owned();
    assert!(paragraphs(&both).contains(&conclusion.as_str()));
    let table = alone.blocks.iter().find(|b| matches!(b, Block::Table { .. })).unwrap();
    assert!(both.blocks.contains(table));
}

#[test]
fn answers_with_the_same_remedy_are_named_in_one_paragraph() {
    let mut filler = Filler::new(&project().corpus);
    let items = [clause("not-exist"), clause("refuse-privacy"), clause("not-responsible")];
    let (_, letter) = combined(&mut filler, &items);
    let said = paragraphs(&letter);
    assert!(said.iter().any(|p| p.starts_with("如对本答复书第一项、第三项不服，可以")), "{said:?}");
    assert!(said.iter().any(|p| p.starts_with("如对本答复书第二项不服，应当先申请行政复议")), "{said:?}");
}

#[test]
fn what_is_attached_to_any_item_is_listed_once_for_the_letter() {
    let mut filler = Filler::new(&project().corpus);
    let (_, letter) = combined(&mut filler, &[clause("grant"), clause("not-exist"), clause("grant-in-part")]);
    let lists: Vec<&Vec<String>> = letter
        .blocks
        .iter()
        .filter_map(|b| if let Block::Attachments(names) = b { Some(names) } else { None })
        .collect();
    assert_eq!((lists.len(), lists[0].len()), (1, 2), "{lists:?}");
}

#[test]
fn one_application_counts_once_in_the_annual_report() {
    let project = project();
    let row = |ids: &[&str], choice: Option<&str>| {
        let items: Vec<&Clause> = ids.iter().map(|id| clause(id)).collect();
        let whole = clause("reply-items");
        let mut request = Request::example_of(&project.corpus, whole, Some(&items));
        request.choices.extend(choice.map(|c| ("row-of-several".to_owned(), c.to_owned())));
        let row = letter::annual_row(&project.corpus, &request).unwrap();
        (row.row.to_owned(), row.policy.is_some())
    };
    assert_eq!(row(&["not-exist", "not-responsible"], None), ("三（四）1".to_owned(), false));
    assert_eq!(row(&["not-exist", "grant"], None), ("三（二）".to_owned(), true));
    assert_eq!(row(&["not-exist", "grant"], Some("first-item")), ("三（四）1".to_owned(), true));
    assert_eq!(row(&["refuse-privacy", "not-exist"], None), ("三（三）4".to_owned(), true));
    assert_eq!(row(&["grant", "already-public"], None), ("三（一）".to_owned(), false));
}

#[test]
fn a_new_file_for_several_items_has_the_fields_of_each_and_its_example_fills() {
    let handbook = Handbook::own();
    let items = ["--item", "信息不存在告知书", "--item", "grant"];
    let blank = handbook.run(&[&["letter", "new", "reply-items"][..], &items].concat());
    assert_eq!(blank.stdout.matches("[[replies]]\n#").count(), 2, "{}", blank.stdout);
    assert!(blank.stdout.contains("search_scope") && blank.stdout.contains("doc_pages"));
    let example =
        handbook.run(&[&["letter", "new", "reply-items", "--example", "-o", "r.toml"][..], &items].concat());
    assert_eq!(example.code, 0, "{example:?}");
    let run = handbook.run(&["letter", "fill", "r.toml", "-o", "r.txt"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("年报"), "{run:?}");
}

#[test]
fn what_cannot_be_an_item_is_refused_where_it_stands() {
    let handbook = Handbook::own();
    let run = handbook.run(&["letter", "new", "reply-items", "--item", "extension-notice"]);
    assert_eq!(run.code, 2, "{run:?}");
    let run = handbook.run(&["letter", "new", "not-exist", "--item", "grant"]);
    assert_eq!(run.code, 2, "{run:?}");
    handbook.run(&["letter", "new", "reply-items", "--example", "-o", "r.toml"]);
    let text = std::fs::read_to_string(handbook.path("r.toml")).unwrap();
    handbook.write("receipt.toml", text.replace("letter = \"not-exist\"", "letter = \"receipt\""));
    let run = handbook.run(&["letter", "fill", "receipt.toml"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.stderr.contains("不能作为几项答复中的一项") && run.stderr.contains("receipt.toml:"),
        "{run:?}"
    );
    handbook.write("missing.toml", text.replace("search_scope =", "# search_scope ="));
    let run = handbook.run(&["letter", "fill", "missing.toml"]);
    assert!(run.code == 1 && run.stderr.contains("检索范围"), "{run:?}");
}

#[test]
fn a_wrong_word_in_one_item_is_found_at_its_field() {
    let handbook = Handbook::own();
    handbook.run(&["letter", "new", "reply-items", "--example", "-o", "r.toml"]);
    let text = std::fs::read_to_string(handbook.path("r.toml")).unwrap();
    let scope = "search_scope = \"各科室";
    assert!(text.contains(scope));
    handbook.write("old.toml", text.replace(scope, "search_scope = \"按照特殊需要审查后各科室"));
    let run = handbook.run(&["letter", "fill", "old.toml"]);
    let line = text.lines().position(|l| l.starts_with(scope)).unwrap() + 1;
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains("特殊需要") && run.stderr.contains(&format!("old.toml:{line}:")), "{run:?}");
}

#[test]
fn a_corrected_reply_counts_no_second_time_in_the_annual_report() {
    let handbook = Handbook::own();
    let run = handbook.run(&["letter", "new", "correct-own-reply", "--example", "-o", "a.toml"]);
    assert_eq!(run.code, 0, "{run:?}");
    let run = handbook.run(&["letter", "fill", "a.toml"]);
    assert!(run.code == 0 && run.stdout.contains("不另计") && !run.stdout.contains("三（"), "{run:?}");
}
