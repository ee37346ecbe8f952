//! The handbook that we ship: that it holds what it promises, and the commands that say so.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot read the handbook stops")]

use crate::common;

use common::{Handbook, corpus, project};
use gongkai::corpus::Confidence;
use gongkai::links::{Coverage, Kind, check_wording, upkeep};
use serde_json::Value;

fn coverage() -> Coverage {
    Coverage::of(corpus(), &project().links)
}

#[test]
fn every_answer_has_two_cases_and_a_question() {
    let coverage = coverage();
    let thin: Vec<String> = coverage
        .outcomes
        .iter()
        .filter(|o| o.decides && (o.cases < 2 || o.questions == 0))
        .map(|o| format!("{}: {} cases, {} questions", o.id, o.cases, o.questions))
        .collect();
    assert_eq!(thin, Vec::<String>::new());
    assert!(coverage.outcomes.iter().filter(|o| o.decides).count() >= 29);
}

#[test]
fn there_is_as_much_as_a_district_needs() {
    let coverage = coverage();
    assert!(coverage.cases >= 60, "{coverage:?}");
    assert!(coverage.questions >= 80, "{coverage:?}");
    assert!(coverage.quiz >= 120, "{coverage:?}");
    assert!(coverage.terms >= 120, "{coverage:?}");
    assert!(coverage.drills >= 12, "{coverage:?}");
    assert!(coverage.characters >= 250_000, "{coverage:?}");
    assert!(coverage.cases_by_type.values().all(|count| *count > 0), "{coverage:?}");
}

#[test]
fn no_page_speaks_of_repealed_rules_as_of_todays() {
    let mut report = project().report.clone();
    check_wording(corpus(), &project().links, &mut report);
    let codes: Vec<_> = report.sorted().into_iter().map(|d| (d.code, d.place, d.message)).collect();
    assert_eq!(codes, vec![], "warnings in our own content");
}

#[test]
fn what_is_not_checked_against_a_text_says_so() {
    for page in upkeep(corpus()) {
        let sure = match page.citing.kind {
            Kind::Case => corpus().cases.get(&page.citing.id).map(|e| e.header.confidence),
            Kind::Question => corpus().questions.get(&page.citing.id).map(|e| e.header.confidence),
            Kind::Policy => corpus().policies.get(&page.citing.id).map(|e| e.header.confidence),
            Kind::Quiz => corpus().quizzes.get(&page.citing.id).map(|e| e.header.confidence),
            Kind::Drill => corpus().drills.get(&page.citing.id).map(|e| e.header.confidence),
            _ => None,
        };
        if matches!(sure, Some(Confidence::S1 | Confidence::G)) {
            assert!(!page.unverified.is_empty(), "{}: no point is named as 待核", page.path);
        }
    }
}

#[test]
fn a_made_up_case_names_no_number_and_no_place_that_is_not_plainly_made_up() {
    for entry in corpus().cases.values().filter(|e| e.header.fictional) {
        let case = &entry.header;
        assert_eq!(case.number, None, "{}", entry.path);
        assert!(case.origin.contains("虚构"), "{}", entry.path);
        if let Some(body) = &case.body {
            assert!(body.starts_with("示例"), "{}: {body}", entry.path);
        }
    }
}

#[test]
fn stats_prints_the_counts_for_people_and_for_programs() {
    let handbook = Handbook::own();
    let run = handbook.run(&["stats", "--json"]);
    assert_eq!(run.code, 0, "{run:?}");
    let json: Value = serde_json::from_str(&run.stdout).unwrap();
    let coverage = coverage();
    for (key, count) in [
        ("laws", coverage.laws),
        ("articles_with_notes", coverage.articles_with_notes),
        ("cases", coverage.cases),
        ("questions", coverage.questions),
        ("letters", coverage.letters),
        ("policies", coverage.policies),
        ("quiz", coverage.quiz),
        ("terms", coverage.terms),
        ("unverified", coverage.unverified),
    ] {
        assert_eq!(json[key].as_u64(), u64::try_from(count).ok(), "{key}");
    }
    let by_type = json["cases_by_type"].as_object().unwrap();
    let sum: u64 = by_type.values().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(sum, u64::try_from(coverage.cases).unwrap());
    let run = handbook.run(&["stats"]);
    assert!(run.stdout.contains(&format!("问答　　{} 个", coverage.questions)), "{run:?}");
}

#[test]
fn pages_whose_check_is_too_long_ago_are_listed_and_are_findings() {
    let handbook = Handbook::bare();
    let run = handbook.run(&["check", "--stale", "180", "--on", "2026-12-01"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("没有页面的核对日期超过 180 天"), "{run:?}");
    let run = handbook.run(&["check", "--stale", "180", "--on", "2027-12-01"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.stdout.contains("cases/example-001.md")
            && run.stdout.contains("核对日期 2026-11-23，已过 373 天"),
        "{run:?}"
    );
    let run = handbook.run(&["check", "--stale", "180", "--on", "2027-12-01", "--json"]);
    let rows: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(rows[0]["checked"], "2026-11-23");
    let run = handbook.run(&["check", "--stale", "180", "--on", "明天"]);
    assert_eq!(run.code, 2, "{run:?}");
}

#[test]
fn pages_without_approval_are_listed_until_somebody_approves_them() {
    let handbook = Handbook::bare();
    let path = "book/questions/q-example.md";
    assert!(handbook.run(&["check", "--unreviewed"]).stdout.contains(path));
    let approved = "checked = \"2026-11-23\"\n\n[review]\nwritten_by = \"王某\"\nreviewed_by = \"赵某\"\nreviewed_on = \"2026-11-24\"\nbasis = \"示例版本\"\n";
    handbook.replace(path, "checked = \"2026-11-23\"\n", approved);
    let run = handbook.run(&["check", "--unreviewed"]);
    assert!(run.code == 1 && !run.stdout.contains(path), "{run:?}");
    // A change after the approval has to be looked at again.
    let changed = "basis = \"示例版本\"\n\n[[changes]]\ndate = \"2026-11-25\"\nwhat = \"改了简答\"\nwhy = \"法条改了\"\n";
    handbook.replace(path, "basis = \"示例版本\"\n", changed);
    let run = handbook.run(&["check", "--unreviewed"]);
    assert!(run.stdout.contains("2026-11-24 审核以后又改过"), "{run:?}");
    let run = handbook.run(&["build"]);
    assert_eq!(run.code, 0, "{run:?}");
    let page = handbook.read("target/handbook/questions/q-example.html");
    for word in ["审核：赵某", "依据版本：示例版本", "改了简答"] {
        assert!(page.contains(word), "{word}");
    }
    assert!(handbook.read("target/handbook/changes.html").contains("法条改了"));
}

#[test]
fn the_first_mention_of_a_term_leads_to_the_glossary() {
    let handbook = Handbook::bare();
    handbook.write(
        "book/rules/glossary.toml",
        "[[term]]\nid = \"last\"\nword = \"末条\"\nalso = [\"最后一条\"]\ngroup = \"示例\"\nmeaning = \"最末的那一条。\"\ncites = [\"《示例规定》第三条\"]\nconfidence = \"G\"\n",
    );
    handbook.append("book/questions/q-example.md", "\n看末条，不看别的；末条就是最后一条。\n");
    let run = handbook.run(&["check"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    assert_eq!(handbook.run(&["build"]).code, 0);
    let page = handbook.read("target/handbook/questions/q-example.html");
    assert_eq!(page.matches("glossary.html#term-last").count(), 1, "{page}");
    assert!(page.contains("最末的那一条。"), "{page}");
    assert!(handbook.read("target/handbook/glossary.html").contains("id=\"term-last\""));
}
