//! Remedies on both sides of every day on which the law changed, for every outcome and every kind of organ; and fees.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its files stops")]

use crate::common;

use common::{Handbook, corpus};
use gongkai::calendar::Date;
use gongkai::corpus::{Choices, FeeMethod};
use gongkai::fee;
use gongkai::remedy::{self, Asked, Refused};
use serde_json::Value as Json;

fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// Class, days for a review, months for a direct suit: of a ground on a day, with no choice of the agency.
fn found(ground: &str, day: &str) -> Result<(String, Option<u32>, Option<u32>), Refused> {
    let choices = Choices::new();
    let asked = Asked { date: date(day), organ: None, choices: &choices };
    let ground = corpus().rules.remedies.ground(ground).unwrap_or_else(|| panic!("{ground}"));
    let found = remedy::decide(&corpus().rules, ground, asked)?;
    Ok((found.class_id().to_owned(), found.wording.review_days, found.wording.direct_months))
}

/// The last day before a change, and the day of the change.
const SWITCHES: [[&str; 2]; 4] = [
    ["2015-04-30", "2015-05-01"],
    ["2023-12-31", "2024-01-01"],
    ["2025-05-31", "2025-06-01"],
    ["2026-06-30", "2026-07-01"],
];

/// Class, and months for a direct suit.
type Period = (&'static str, Option<u32>);

/// What holds before and after each change, by ground: class, months for a direct suit.
const TABLE: [(&str, [Period; 5]); 14] = [
    (
        "refuse",
        [
            ("choice", Some(3)),
            ("choice", Some(6)),
            ("review-first", None),
            ("review-first", None),
            ("review-first", None),
        ],
    ),
    (
        "refuse-part",
        [
            ("choice", Some(3)),
            ("choice", Some(6)),
            ("review-first", None),
            ("review-first", None),
            ("review-first", None),
        ],
    ),
    (
        "grant",
        [
            ("choice", Some(3)),
            ("choice", Some(6)),
            ("choice", Some(6)),
            ("choice", Some(6)),
            ("choice", Some(6)),
        ],
    ),
    (
        "not-exist",
        [
            ("choice", Some(3)),
            ("choice", Some(6)),
            ("choice", Some(6)),
            ("choice", Some(6)),
            ("choice", Some(6)),
        ],
    ),
    (
        "not-responsible",
        [
            ("choice", Some(3)),
            ("choice", Some(6)),
            ("choice", Some(6)),
            ("choice", Some(6)),
            ("choice", Some(6)),
        ],
    ),
    (
        "repeat-request",
        [
            ("choice", Some(3)),
            ("choice", Some(6)),
            ("choice", Some(6)),
            ("choice-suit-doubtful", Some(6)),
            ("choice-suit-doubtful", Some(6)),
        ],
    ),
    (
        "special-inquiry",
        [
            ("choice", Some(3)),
            ("choice", Some(6)),
            ("choice", Some(6)),
            ("choice-suit-doubtful", Some(6)),
            ("choice-suit-doubtful", Some(6)),
        ],
    ),
    (
        "petition",
        [
            ("choice", Some(3)),
            ("choice", Some(6)),
            ("choice", Some(6)),
            ("choice-suit-doubtful", Some(6)),
            ("choice-suit-doubtful", Some(6)),
        ],
    ),
    (
        "needs-processing",
        [
            ("choice-suit-doubtful", Some(3)),
            ("choice-suit-doubtful", Some(6)),
            ("choice-suit-doubtful", Some(6)),
            ("choice-suit-doubtful", Some(6)),
            ("choice-suit-doubtful", Some(6)),
        ],
    ),
    (
        "published-material",
        [
            ("choice-suit-doubtful", Some(3)),
            ("choice-suit-doubtful", Some(6)),
            ("choice-suit-doubtful", Some(6)),
            ("choice-suit-doubtful", Some(6)),
            ("choice-suit-doubtful", Some(6)),
        ],
    ),
    (
        "not-handled",
        [
            ("choice", Some(3)),
            ("choice", Some(6)),
            ("choice", Some(6)),
            ("choice", Some(6)),
            ("choice", Some(6)),
        ],
    ),
    (
        "correct-record",
        [
            ("choice", Some(3)),
            ("choice", Some(6)),
            ("choice", Some(6)),
            ("choice", Some(6)),
            ("choice", Some(6)),
        ],
    ),
    (
        "other",
        [
            ("choice", Some(3)),
            ("choice", Some(6)),
            ("choice", Some(6)),
            ("choice", Some(6)),
            ("choice", Some(6)),
        ],
    ),
    (
        "third-party",
        [
            ("third-party", Some(3)),
            ("third-party", Some(6)),
            ("third-party", Some(6)),
            ("third-party", Some(6)),
            ("third-party", Some(6)),
        ],
    ),
];

#[test]
fn every_ground_has_its_class_on_both_sides_of_every_change() {
    for (ground, periods) in TABLE {
        for (i, [before, after]) in SWITCHES.into_iter().enumerate() {
            for (day, (class, months)) in [(before, periods[i]), (after, periods[i + 1])] {
                let wanted = (class.to_owned(), Some(60), months);
                assert_eq!(found(ground, day), Ok(wanted), "{ground} on {day}");
            }
        }
    }
    let known: Vec<&str> =
        TABLE.iter().map(|(g, _)| *g).chain(["public-institution", "procedural"]).collect();
    let all: Vec<&str> = corpus().rules.remedies.ground.iter().map(|g| g.id.as_str()).collect();
    assert!(all.iter().all(|g| known.contains(g)), "{all:?}");
}

#[test]
fn complaints_and_procedural_documents_have_no_review() {
    assert_eq!(found("public-institution", "2026-11-20"), Ok(("complaint".to_owned(), None, None)));
    assert_eq!(found("procedural", "2026-11-20"), Ok(("none".to_owned(), None, None)));
}

#[test]
fn a_day_that_the_table_has_no_law_for_is_refused() {
    for ground in &corpus().rules.remedies.ground {
        let first = ground.rule[0].from.clone();
        let before = Date::of_number(date(&first).number() - 1).unwrap().to_string();
        assert_eq!(
            found(&ground.id, &before),
            Err(Refused::TooEarly { since: first.clone() }),
            "{}",
            ground.id
        );
        assert!(found(&ground.id, &first).is_ok(), "{}", ground.id);
    }
}

#[test]
fn every_outcome_has_its_class_by_its_ground_and_never_by_its_row_of_the_report() {
    let review_first = [
        "refuse-state-secret",
        "refuse-prohibited-by-law",
        "refuse-security-stability",
        "refuse-trade-secret",
        "refuse-privacy",
        "refuse-third-party-rights",
        "refuse-internal-affairs",
        "refuse-process",
        "refuse-enforcement-file",
        "grant-in-part",
    ];
    for outcome in &corpus().rules.outcomes {
        let classes: Vec<&str> =
            outcome.remedy.iter().map(|row| corpus().remedy(row).unwrap().id.as_str()).collect();
        let wanted = review_first.contains(&outcome.id.as_str());
        assert_eq!(classes.contains(&"review-first"), wanted, "{}: {classes:?}", outcome.id);
    }
    // The report counts it among the refusals; its remedy is another.
    let special = corpus().outcome("special-inquiry").unwrap();
    assert_eq!(special.annual_row.as_deref(), Some("三（三）8"));
    assert_eq!(corpus().remedy(&special.remedy[0]).unwrap().id, "choice-suit-doubtful");
}

/// 行政复议法（2017年修正）第十二至十五条; 行政复议法（2023年修订）第二十四至二十八条.
const BODIES: [(&str, &[&str], &[&str]); 13] = [
    ("department", &["本级人民政府", "上一级主管部门"], &["本级人民政府"]),
    ("local-government", &["上一级人民政府"], &["上一级人民政府"]),
    ("township", &["上一级人民政府"], &["上一级人民政府"]),
    ("provincial-government", &["作出答复的省级人民政府"], &["作出答复的省级人民政府"]),
    ("dispatched-organ", &["设立该派出机关的人民政府"], &["设立该派出机关的人民政府"]),
    (
        "branch",
        &["设立该派出机构的部门", "该部门的本级地方人民政府"],
        &["设立该派出机构的部门的本级人民政府"],
    ),
    (
        "authorised",
        &["直接管理该组织的地方人民政府或者地方人民政府工作部门"],
        &["管理该组织的人民政府（由部门管理的，为该部门的本级人民政府）"],
    ),
    ("state-council-department", &["作出答复的国务院部门"], &["作出答复的国务院部门"]),
    ("state-council-branch", &["设立或者直接管理它的国务院部门"], &["设立或者管理它的国务院部门"]),
    ("vertical", &["上一级主管部门"], &["上一级主管部门"]),
    ("tax", &["上一级主管部门"], &["上一级主管部门"]),
    ("state-security", &["上一级主管部门"], &["上一级主管部门"]),
    ("justice", &["本级人民政府", "上一级主管部门"], &["本级人民政府", "上一级司法行政部门"]),
];

#[test]
fn every_kind_of_organ_has_its_bodies_under_the_old_and_the_new_review_law() {
    let table = &corpus().rules.remedies;
    assert_eq!(table.organ.len(), BODIES.len());
    let choices = Choices::new();
    for (id, old, new) in BODIES {
        let organ = table.organ(id).unwrap_or_else(|| panic!("{id}"));
        for (day, wanted) in
            [("2015-04-30", old), ("2023-12-31", old), ("2024-01-01", new), ("2026-07-01", new)]
        {
            for ground in table.ground.iter().filter(|g| found(&g.id, day).is_ok_and(|f| f.1.is_some())) {
                let asked = Asked { date: date(day), organ: Some(organ), choices: &choices };
                let remedy = remedy::decide(&corpus().rules, ground, asked).unwrap();
                assert_eq!(remedy.bodies(), wanted, "{id}, {} on {day}", ground.id);
                let ruling = ["provincial-government", "state-council-department"].contains(&id);
                assert_eq!(remedy.paragraph("本告知书", None).contains("国务院申请裁决"), ruling, "{id}");
            }
        }
    }
}

#[test]
fn articles_of_the_regulation_lead_to_their_grounds_in_every_spelling() {
    let ground = |text: &str| {
        let all = remedy::named(corpus(), text).unwrap_or_else(|e| panic!("{text}: {e}"));
        all.into_iter().map(|(g, _)| g.id.clone()).collect::<Vec<_>>()
    };
    for (text, wanted) in [
        ("14", "refuse"),
        ("15", "refuse"),
        ("第十五条", "refuse"),
        ("16(1)", "refuse"),
        ("16.2", "refuse"),
        ("第十六条第二款", "refuse"),
        ("36(3)", "refuse"),
        ("37", "refuse-part"),
        ("36(1)", "grant"),
        ("36（二）", "grant"),
        ("36(4)", "not-exist"),
        ("第三十六条第（四）项", "not-exist"),
        ("三十六条（四）", "not-exist"),
        ("36(5)", "not-responsible"),
        ("36(6)", "repeat-request"),
        ("36(7)", "special-inquiry"),
        ("38", "needs-processing"),
        ("39.1", "petition"),
        ("第三十九条第二款", "published-material"),
        ("30", "not-handled"),
        ("35", "not-handled"),
        ("42", "not-handled"),
        ("41", "correct-record"),
        ("32", "third-party"),
        ("33", "procedural"),
        ("55", "public-institution"),
        ("信息不存在", "not-exist"),
        ("refuse-privacy", "refuse"),
        ("登记回执", "procedural"),
    ] {
        assert_eq!(ground(text), [wanted], "{text}");
    }
    assert_eq!(ground("grant-in-part"), ["refuse-part", "grant"]);
    for text in ["36", "39", "99", "", "x", "36(9)", "36(", "第", "𝟛𝟞"] {
        assert!(remedy::named(corpus(), text).is_err(), "{text}");
    }
}

#[test]
fn a_reply_with_several_items_has_one_paragraph_for_each_class() {
    let choices = Choices::new();
    let asked = Asked { date: date("2026-11-20"), organ: None, choices: &choices };
    let table = &corpus().rules.remedies;
    let parts = [("refuse", "第1项"), ("grant", "第2项"), ("refuse", "第3项"), ("not-exist", "第4项")]
        .map(|(g, s)| (table.ground(g).unwrap(), s.to_owned()));
    let all = remedy::paragraphs(&corpus().rules, &parts, asked).unwrap();
    let shown: Vec<(&str, &str)> = all.iter().map(|(r, s)| (r.class_id(), s.as_str())).collect();
    assert_eq!(shown, [("review-first", "第1项、第3项"), ("choice", "第2项、第4项")]);
}

#[test]
fn contested_points_follow_the_agency_and_say_so() {
    let decide = |ground: &str, choices: &Choices, day: &str| {
        let asked = Asked { date: date(day), organ: None, choices };
        let found =
            remedy::decide(&corpus().rules, corpus().rules.remedies.ground(ground).unwrap(), asked).unwrap();
        let policy = found.policy.as_ref().map(|p| p.chosen);
        (found.class.id.clone(), found.class_id().to_owned(), policy)
    };
    let none = Choices::new();
    assert_eq!(decide("not-exist", &none, "2026-11-20"), ("choice".into(), "choice".into(), Some(false)));
    let first = Choices::from([("remedy-not-exist".to_owned(), "review-first".to_owned())]);
    assert_eq!(
        decide("not-exist", &first, "2026-11-20"),
        ("review-first".into(), "review-first".into(), Some(true))
    );
    assert_eq!(
        decide("not-exist", &first, "2023-12-31"),
        ("choice".into(), "choice".into(), None),
        "there was no review first yet"
    );
    let only = Choices::from([("remedy-doubtful".to_owned(), "review-only".to_owned())]);
    assert_eq!(
        decide("petition", &only, "2026-11-20"),
        ("review-only".into(), "choice-suit-doubtful".into(), Some(true))
    );
    assert_eq!(decide("refuse", &first, "2026-11-20").2, None);
}

#[test]
fn the_command_answers_in_json() {
    let handbook = Handbook::empty();
    let json = |arguments: &[&str]| -> Json {
        let run = handbook.run(arguments);
        assert_eq!(run.code, 0, "{run:?}");
        serde_json::from_str(&run.stdout).unwrap()
    };
    let value =
        json(&["remedy", "--ground", "15", "--date", "2026-11-20", "--organ", "department", "--json"]);
    assert_eq!(value["class"], "review-first");
    assert_eq!(value["review"], serde_json::json!({ "bodies": ["本级人民政府"], "days": 60 }));
    assert_eq!(value["suit"], serde_json::json!({ "direct_months": null, "after_review_days": 15 }));
    assert!(value["text"].as_str().unwrap().contains("应当先申请行政复议"), "{value}");
    assert!(value["citations"].as_array().unwrap().len() > 3, "{value}");
    let online = json(&[
        "remedy",
        "--ground",
        "15",
        "--date",
        "2026-11-20",
        "--organ",
        "department",
        "--online",
        "示例平台",
        "--json",
    ]);
    assert!(online["text"].as_str().unwrap().contains("也可以通过示例平台"), "{online}");
    let several = json(&[
        "remedy",
        "--ground",
        "15",
        "--ground",
        "36(2)",
        "--date",
        "2026-11-20",
        "--organ",
        "tax",
        "--json",
    ]);
    assert_eq!(several.as_array().unwrap().len(), 2, "{several}");
    for (arguments, words) in [
        (["remedy", "--ground", "15", "--date", "2008-04-30", "--organ", "department"], "2008-05-01"),
        (["remedy", "--ground", "36", "--date", "2026-11-20", "--organ", "department"], "写清是哪一种"),
        (
            ["remedy", "--ground", "15", "--date", "2026-11-20", "--organ", "departement"],
            "您是不是要写 department",
        ),
    ] {
        let run = handbook.run(&arguments);
        assert!(run.code == 1 && run.stderr.contains(words), "{run:?}");
    }
}

// Fees (国办函〔2020〕109号; the worked values of the field's facts)

#[test]
fn items_are_charged_by_band_over_the_month() {
    let charge =
        |before, count| fee::charge(&corpus().rules.fees, FeeMethod::Item, before, count).unwrap().amount;
    for (n, wanted) in [
        (10, 0),
        (11, 100),
        (20, 1000),
        (30, 2000),
        (31, 2200),
        (35, 3000),
        (40, 4000),
        (41, 4300),
        (45, 5500),
        (50, 7000),
        (51, 7400),
        (60, 11_000),
        (100, 37_000),
    ] {
        assert_eq!(charge(0, n), wanted, "{n}");
        // One after the other, each pays only what it adds.
        assert_eq!((0..n).map(|before| charge(before, 1)).sum::<u64>(), wanted, "{n}");
    }
    assert_eq!(charge(11, 1), 100, "the twelfth item of the month");
}

#[test]
fn pages_are_charged_by_band_for_each_request() {
    let charge = |pages| fee::charge(&corpus().rules.fees, FeeMethod::Page, 0, pages).unwrap().amount;
    for (pages, wanted) in [
        (0, 0),
        (30, 0),
        (31, 10),
        (38, 80),
        (68, 380),
        (100, 700),
        (101, 720),
        (150, 1700),
        (200, 2700),
        (201, 2740),
        (250, 4700),
        (500, 14_700),
    ] {
        assert_eq!(charge(pages), wanted, "{pages}");
    }
}

#[test]
fn the_two_ways_of_charging_are_never_mixed() {
    let handbook = Handbook::empty();
    let run = handbook.run(&["fee", "--items", "12", "--pages", "68"]);
    assert!(run.code == 2 && run.stderr.contains("只能选一种"), "{run:?}");
    let run = handbook.run(&["fee", "--pages", "68", "--before", "3"]);
    assert!(run.code == 2 && run.stderr.contains("不累加"), "{run:?}");
    let run = handbook.run(&["fee", "--items", "1", "--before", "11"]);
    assert!(run.code == 0 && run.stdout.contains("收费 100 元") && run.stdout.contains("待核"), "{run:?}");
    assert_eq!(handbook.run(&["fee", "--items", "4294967295", "--before", "4294967295"]).code, 1);
    assert_eq!(handbook.run(&["fee"]).code, 2);
}
