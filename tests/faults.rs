//! The second pair of eyes, measured: faults are put into finished letters, one at a time, and the check must find each
//! of them and nothing else. `cargo test --test faults -- --nocapture` prints recall and precision per kind of fault.
//!
//! The faults were written down before the rules were. A rule that misses one is to be mended; a fault is changed only
//! where it was none, as an extension by fifteen working days is none.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    reason = "a test that cannot prepare its files stops"
)]

use crate::common;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::{Cursor, Read, Write as _};
use std::path::Path;

use gongkai::calendar::Date;
use gongkai::corpus::{Agency, DocumentKind};
use gongkai::letter::review::{self, Asked, Finding, RULES};
use gongkai::letter::{self, Block, Letter, Request};
use gongkai::text::Report;
use zip::write::SimpleFileOptions;

/// The settings of the example agency, with the kind of organ that the handbook leaves open.
fn agency() -> Agency {
    Agency {
        name: Some("示例市交通运输局".to_owned()),
        short: Some("市交通局".to_owned()),
        review_body: Some("示例市人民政府".to_owned()),
        organ: Some("department".to_owned()),
        ..Agency::default()
    }
}

/// A finished letter without a fault.
struct Sample {
    id: String,
    outcome: String,
    letter: Letter,
    /// Whether it is sent to somebody; records and forms are not.
    sent: bool,
}

fn samples() -> Vec<Sample> {
    let corpus = common::corpus();
    let mut all = vec![];
    for (id, entry) in &corpus.clauses {
        let request = Request::example(corpus, &entry.header);
        let mut report = Report::default();
        let letter = letter::fill(corpus, &request, &mut report)
            .unwrap_or_else(|| panic!("{id}: {:?}", report.sorted()));
        let addressed = letter.blocks.iter().any(|b| matches!(b, Block::Addressee(_)));
        let sent = addressed && corpus.kind(&entry.header) == DocumentKind::Letter;
        all.push(Sample { id: id.clone(), outcome: entry.header.outcome.clone(), letter, sent });
    }
    assert!(all.len() >= 40, "{}", all.len());
    all
}

fn docx(letter: &Letter) -> Vec<u8> {
    letter::docx::write(letter).unwrap()
}

fn check(bytes: &[u8], agency: &Agency) -> Vec<Finding> {
    let reviewed = review::read(bytes).unwrap_or_else(|error| panic!("{error}"));
    review::review(common::corpus(), &reviewed, Asked { agency, on: None })
}

fn told(findings: &[Finding]) -> String {
    findings.iter().fold(String::new(), |mut out, f| {
        let _ = write!(out, "\n      {} {}「{}」{}", f.rule, f.place, f.words(), f.message);
        out
    })
}

// Faults in the text

/// Every text of a letter.
fn each_text(letter: &mut Letter, mut change: impl FnMut(&mut String)) {
    for block in &mut letter.blocks {
        match block {
            Block::Number(t)
            | Block::Title(t)
            | Block::Addressee(t)
            | Block::Heading(t)
            | Block::Subheading(t)
            | Block::Paragraph(t)
            | Block::Note(t) => change(t),
            Block::Table { rows, .. } => rows.iter_mut().flatten().for_each(&mut change),
            Block::Form { rows, .. } => {
                rows.iter_mut().flat_map(|r| &mut r.cells).for_each(|c| change(&mut c.text));
            }
            Block::Attachments(names) => names.iter_mut().for_each(&mut change),
            Block::Signature { name, date } => {
                change(name);
                change(date);
            }
        }
    }
}

/// The letter with words replaced everywhere; `None` where they do not stand in it.
fn replaced(letter: &Letter, old: &str, new: &str) -> Option<Letter> {
    let mut changed = letter.clone();
    each_text(&mut changed, |text| *text = text.replace(old, new));
    (changed != *letter).then_some(changed)
}

/// The letter with words replaced where they stand first.
fn replaced_once(letter: &Letter, old: &str, new: &str) -> Option<Letter> {
    let mut changed = letter.clone();
    let mut done = false;
    each_text(&mut changed, |text| {
        if !done && text.contains(old) {
            *text = text.replacen(old, new, 1);
            done = true;
        }
    });
    done.then_some(changed)
}

/// The letter without the blocks that `gone` names; `None` where there is none.
fn without(letter: &Letter, gone: impl Fn(&Block) -> bool) -> Option<Letter> {
    let mut changed = letter.clone();
    changed.blocks.retain(|block| !gone(block));
    (changed != *letter).then_some(changed)
}

fn is_paragraph(block: &Block, words: &[&str]) -> bool {
    matches!(block, Block::Paragraph(text) if words.iter().any(|w| text.contains(w)))
}

/// The letter with one more paragraph, before the remedy and the closing words.
fn with(letter: &Letter, text: &str) -> Option<Letter> {
    let end = |block: &Block| is_paragraph(block, &["如对本", "特此", "请予书面答复"]);
    let at = letter.blocks.iter().position(end)?;
    let mut changed = letter.clone();
    changed.blocks.insert(at, Block::Paragraph(text.to_owned()));
    Some(changed)
}

fn all_with(letter: &Letter, texts: &[&str]) -> Vec<Letter> {
    texts.iter().filter_map(|text| with(letter, text)).collect()
}

fn all_replaced(letter: &Letter, pairs: &[(&str, &str)]) -> Vec<Letter> {
    pairs.iter().filter_map(|(old, new)| replaced(letter, old, new)).collect()
}

fn dated(letter: &Letter, new: &str) -> Option<Letter> {
    let mut changed = letter.clone();
    let mut done = false;
    for block in &mut changed.blocks {
        if let Block::Signature { date, .. } = block {
            done = true;
            *date = new.to_owned();
        }
    }
    done.then_some(changed)
}

fn is_remedy(block: &Block) -> bool {
    is_paragraph(block, &["如对本", "申请行政复议，也可以通过"])
}

fn text_of(letter: &Letter) -> String {
    letter::text(letter)
}

/// A kind of fault: the rules of which one must speak, and the letters with it.
struct Fault {
    name: &'static str,
    rules: &'static [&'static str],
    make: fn(&Sample) -> Vec<Vec<u8>>,
}

fn texts(made: Vec<Letter>) -> Vec<Vec<u8>> {
    made.into_iter().map(|letter| docx(&letter)).collect()
}

/// A number with a right checksum, made from the area code 000000, which no person has.
fn identity_number() -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digits = "00000019000101001";
    let sum: u32 = digits.bytes().zip(WEIGHTS).map(|(d, w)| u32::from(d - b'0') * w).sum();
    format!("{digits}{}", char::from(b"10X98765432"[(sum % 11) as usize]))
}

/// Digits with a right checksum (Luhn) behind the prefix of bank cards.
fn bank_card() -> String {
    let digits = "622200000000000000";
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, d)| {
            let d = u32::from(d - b'0') * if at % 2 == 0 { 2 } else { 1 };
            if d > 9 { d - 9 } else { d }
        })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

/// Whether the reply's own words say when the application came in, so that its last day can be counted.
fn counts_from_receipt(sample: &Sample) -> bool {
    let text = text_of(&sample.letter);
    let ended = ["correction-not-made", "fee-not-paid"].contains(&sample.outcome.as_str());
    text.contains("收到你的政府信息公开申请") && text.contains("如对本告知书") && !ended
}

const FIRST: &str = "如对本告知书不服，应当先申请行政复议，可以自收到本告知书之日起60日内向示例市人民政府提出行政复议申请。对行政复议决定不服的，可以自收到行政复议决定书之日起15日内，向有管辖权的人民法院提起行政诉讼。";

/// The letter with another paragraph in the place of its remedy.
fn with_remedy(letter: &Letter, holds: &str, new: &str) -> Option<Letter> {
    let mut changed = letter.clone();
    let mut done = false;
    for block in &mut changed.blocks {
        if let Block::Paragraph(text) = block
            && text.starts_with("如对本")
            && text.contains(holds)
        {
            *text = new.to_owned();
            done = true;
        }
    }
    done.then_some(changed)
}

fn single_remedy(letter: &Letter) -> bool {
    letter.blocks.iter().filter(|b| is_paragraph(b, &["如对本"])).count() == 1
}

const TEXT_FAULTS: &[Fault] = &[
    Fault {
        name: "占位符没有填",
        rules: &["placeholder"],
        make: |s| {
            let mut made = all_with(
                &s.letter,
                &[
                    "上述信息由××科室保管。",
                    "上述信息由XX科室保管，XXX负责。",
                    "上述信息的名称是{{title}}。",
                    "【待填：事实和理由】",
                    "上述信息共____页。",
                    "上述信息形成于    年  月  日。",
                    "上述信息由（此处填写科室名称）保管。",
                ],
            );
            made.extend(replaced_once(&s.letter, "〔2026〕12号", "〔2026〕  号"));
            made.extend(dated(&s.letter, "2026年  月  日"));
            made.extend(dated(&s.letter, "××××年×月×日"));
            texts(made)
        },
    },
    Fault {
        name: "引用了没有的条、项",
        rules: &["no-such-article"],
        make: |s| {
            let mut made: Vec<Letter> = vec![];
            for item in ["一", "二", "三", "四", "五", "六", "七"] {
                let old = format!("第三十六条第（{item}）项");
                made.extend(replaced_once(&s.letter, &old, "第三十六条第（九）项"));
            }
            made.extend(with(
                &s.letter,
                "依据《中华人民共和国政府信息公开条例》第六十六条，本机关制作本文书。",
            ));
            made.extend(with(
                &s.letter,
                "本机关依照《中华人民共和国政府信息公开条例》第三十三条第四款的规定办理。",
            ));
            made.extend(with(&s.letter, "依据《政府信息公开条例》第38条第（二）项，本机关一并说明。"));
            texts(made)
        },
    },
    Fault {
        name: "引用了废止的法律",
        rules: &["repealed-law"],
        make: |s| {
            texts(all_with(
                &s.letter,
                &[
                    "参照《中华人民共和国合同法》第五十二条，上述约定无效。",
                    "《中华人民共和国侵权责任法》第二条对此有规定。",
                    "依照《最高人民法院关于审理政府信息公开行政案件若干问题的规定》第七条办理。",
                ],
            ))
        },
    },
    Fault {
        name: "款写错",
        rules: &["wrong-paragraph", "no-such-article"],
        make: |s| {
            let mut made = vec![];
            for (old, new) in [
                ("第三十六条第（", "第三十六条第一款第（"),
                ("第三十条", "第三十条第二款"),
                ("《条例》第十四条、", "《条例》第十四条第二款、"),
                ("第十六条第一款", "第十六条第三款"),
                ("第十六条第二款", "第十六条第四款"),
                ("第三十五条", "第三十五条第二款"),
                ("第三十八条", "第三十八条第二款"),
            ] {
                made.extend(replaced_once(&s.letter, old, new));
            }
            texts(made)
        },
    },
    Fault {
        name: "没有救济告知",
        rules: &["remedy-missing"],
        make: |s| {
            let mut made: Vec<Letter> = without(&s.letter, is_remedy).into_iter().collect();
            if !made.is_empty() {
                made.extend(
                    with_remedy(&s.letter, "", "如有疑问，请与本机关联系。")
                        .filter(|l| !text_of(l).contains("如对本")),
                );
            }
            texts(made)
        },
    },
    Fault {
        name: "先复议写成了任选",
        rules: &["remedy-class"],
        make: |s| {
            let new = [
                "如对本告知书不服，可以自收到本告知书之日起60日内向示例市人民政府申请行政复议，或者自收到本告知书之日起6个月内直接向有管辖权的人民法院提起行政诉讼。",
                "如不服本决定，可在收到本告知书之日起六十日内向示例市人民政府申请行政复议，也可在六个月内直接向人民法院起诉。",
                "你对本告知书有异议的，可以依法向示例市人民政府申请行政复议（自收到本告知书之日起60日内），或者自收到本告知书之日起6个月内向人民法院提起行政诉讼。",
            ];
            if !single_remedy(&s.letter) {
                return vec![];
            }
            texts(new.iter().filter_map(|new| with_remedy(&s.letter, "先申请行政复议", new)).collect())
        },
    },
    Fault {
        name: "任选写成了先复议",
        rules: &["remedy-class"],
        make: |s| {
            let new = [
                FIRST,
                "对本告知书不服的，你应当自收到本告知书之日起60日内先向示例市人民政府申请复议，对复议决定不服的，再自收到复议决定书之日起15日内向人民法院起诉。",
                "如对本告知书不服，可自收到本告知书之日起六十日内向示例市人民政府申请行政复议；未经行政复议，不得提起行政诉讼。对复议决定不服的，可自收到复议决定书之日起十五日内向人民法院起诉。",
            ];
            if !single_remedy(&s.letter) {
                return vec![];
            }
            texts(new.iter().filter_map(|new| with_remedy(&s.letter, "直接", new)).collect())
        },
    },
    Fault {
        name: "救济期限写错",
        rules: &["remedy-period"],
        make: |s| {
            texts(all_replaced(
                &s.letter,
                &[
                    ("之日起60日内向", "之日起30日内向"),
                    ("之日起60日内向", "之日起15日内向"),
                    ("之日起60日内向", "之日起3个月内向"),
                    ("之日起60日内向", "之日起60个工作日内向"),
                    ("之日起6个月内直接", "之日起3个月内直接"),
                    ("之日起6个月内直接", "之日起三个月内直接"),
                    ("之日起6个月内直接", "之日起15日内直接"),
                    ("行政复议决定书之日起15日内", "行政复议决定书之日起30日内"),
                    ("自收到本告知书之日起60日内向", "依法向"),
                ],
            ))
        },
    },
    Fault {
        name: "复议机关写错",
        rules: &["review-body"],
        make: |s| {
            if !text_of(&s.letter).contains("如对本告知书") {
                return vec![];
            }
            texts(all_replaced(
                &s.letter,
                &[
                    ("向示例市人民政府", "向上一级主管部门"),
                    ("向示例市人民政府", "向示例市人民政府或者示例省交通运输厅"),
                    ("向示例市人民政府", "向示例省交通运输厅"),
                    ("向示例市人民政府", "向本级人民政府"),
                    ("向示例市人民政府", "向有关机关"),
                ],
            ))
        },
    },
    Fault {
        name: "超过期限才答复",
        rules: &["late-reply"],
        make: |s| {
            if !counts_from_receipt(s) {
                return vec![];
            }
            texts(["2026年12月18日", "2026年12月30日"].iter().filter_map(|d| dated(&s.letter, d)).collect())
        },
    },
    Fault {
        name: "超过期限才延期",
        rules: &["late-extension"],
        make: |s| match s.outcome.as_str() {
            "extension-notice" => texts(
                ["2026年10月23日", "2026年11月2日"].iter().filter_map(|d| dated(&s.letter, d)).collect(),
            ),
            _ => vec![],
        },
    },
    Fault {
        name: "超过七个工作日才补正",
        rules: &["late-correction"],
        make: |s| match s.outcome.as_str() {
            "correction-notice" => texts(
                ["2026年9月30日", "2026年10月20日"].iter().filter_map(|d| dated(&s.letter, d)).collect(),
            ),
            _ => vec![],
        },
    },
    Fault {
        name: "日期前后颠倒",
        rules: &["date-order"],
        make: |s| {
            let text = text_of(&s.letter);
            if !text.contains("于2026年9月18日收到你的") {
                return vec![];
            }
            // What is told as done lies after the day of the letter.
            texts(
                ["2026年9月11日", "2025年12月1日"]
                    .iter()
                    .filter_map(|d| {
                        let dated = dated(&s.letter, d)?;
                        if d.starts_with("2025") {
                            replaced(&dated, "示例公开〔2026〕", "示例公开〔2025〕")
                        } else {
                            Some(dated)
                        }
                    })
                    .collect(),
            )
        },
    },
    Fault {
        name: "文号写法不对",
        rules: &["number-form"],
        make: |s| {
            let Some(number) = s.letter.blocks.iter().find_map(|b| match b {
                Block::Number(n) => Some(n.clone()),
                _ => None,
            }) else {
                return vec![];
            };
            let (head, rest) = number.split_once("〔2026〕").unwrap();
            let changed = [
                format!("{head}[2026]{rest}"),
                format!("{head}(2026){rest}"),
                format!("{head}（2026）{rest}"),
                format!("{head}【2026】{rest}"),
                format!("{head}〔2026〕第{rest}"),
                format!("{head}〔2026〕0{rest}"),
                format!("{head}〔26〕{rest}"),
                format!("{head}〔2026年〕{rest}"),
            ];
            texts(
                changed
                    .iter()
                    .map(|new| {
                        let mut letter = s.letter.clone();
                        for block in &mut letter.blocks {
                            if let Block::Number(n) = block {
                                n.clone_from(new);
                            }
                        }
                        letter
                    })
                    .collect(),
            )
        },
    },
    Fault {
        name: "文号的年份和落款不同",
        rules: &["number-year"],
        make: |s| {
            let mut letter = s.letter.clone();
            let mut done = false;
            for block in &mut letter.blocks {
                if let Block::Number(n) = block {
                    *n = n.replace("〔2026〕", "〔2025〕");
                    done = true;
                }
            }
            if done { texts(vec![letter]) } else { vec![] }
        },
    },
    Fault {
        name: "日期写法不对",
        rules: &["date-form"],
        make: |s| {
            let mut made: Vec<Letter> = vec![];
            if let Some(date) = s.letter.blocks.iter().find_map(|b| match b {
                Block::Signature { date, .. } => Some(date.clone()),
                _ => None,
            }) {
                let (month, day) =
                    date.trim_start_matches("2026年").trim_end_matches('日').split_once('月').unwrap();
                let chinese = |n: &str| gongkai::text::chinese(n.parse().unwrap());
                for new in [
                    format!("二〇二六年{}月{}日", chinese(month), chinese(day)),
                    format!("二○二六年{}月{}日", chinese(month), chinese(day)),
                    format!("2026.{month}.{day}"),
                    format!("2026-{month:0>2}-{day:0>2}"),
                    format!("2026/{month}/{day}"),
                ] {
                    made.extend(dated(&s.letter, &new));
                }
            }
            made.extend(replaced_once(&s.letter, "2026年9月18日", "2026年09月18日"));
            // In a table dates may be short.
            let mut short = s.letter.clone();
            for block in &mut short.blocks {
                if let Block::Paragraph(text) = block {
                    *text = text.replace("2026年9月18日", "2026-09-18 ");
                }
            }
            made.extend((short != s.letter).then_some(short));
            texts(made)
        },
    },
    Fault {
        name: "没有这一天",
        rules: &["no-such-day"],
        make: |s| {
            let mut made: Vec<Letter> = dated(&s.letter, "2026年9月31日").into_iter().collect();
            made.extend(with(&s.letter, "本机关于2026年2月30日核实了上述情况。"));
            texts(made)
        },
    },
    Fault {
        name: "第三方沉默写成同意",
        rules: &["silence-consent"],
        make: |s| match s.outcome.as_str() {
            "consult-third-party" => texts(
                [
                    "贵单位逾期未提出意见的，视为同意公开。",
                    "逾期不回复的，视同同意公开上述内容。",
                    "在上述期限内未答复的，本机关将视为贵单位不同意公开。",
                    "如逾期未反馈，即视为无意见、同意公开。",
                ]
                .iter()
                .filter_map(|t| with(&s.letter, t))
                .collect(),
            ),
            "consultation-notice" | "refuse-privacy" | "refuse-trade-secret" => texts(all_with(
                &s.letter,
                &["第三方逾期没有提出意见的，视为同意公开。", "第三方未在15个工作日内答复，视为不同意公开。"],
            )),
            _ => vec![],
        },
    },
    Fault {
        name: "身份证号码",
        rules: &["personal-number"],
        make: |s| {
            let id = identity_number();
            let spaced = format!("{} {} {}", &id[..6], &id[6..14], &id[14..]);
            texts(all_with(
                &s.letter,
                &[
                    &format!("经核对，申请人的身份证号码是{id}。"),
                    &format!("经核对，申请人（公民身份号码：{spaced}）提供了证明。"),
                ],
            ))
        },
    },
    Fault {
        name: "手机号码",
        rules: &["personal-number"],
        make: |s| {
            let mobile = format!("1{}", "3".repeat(10));
            let spaced = format!("{} {} {}", &mobile[..3], &mobile[3..7], &mobile[7..]);
            texts(all_with(
                &s.letter,
                &[
                    &format!("本机关拨打了你的电话{mobile}，你没有接听。"),
                    &format!("你留的手机（{spaced}）已经停机。"),
                ],
            ))
        },
    },
    Fault {
        name: "银行卡号、护照号",
        rules: &["personal-number"],
        make: |s| {
            let card = bank_card();
            texts(all_with(
                &s.letter,
                &[
                    &format!("上述款项退回你的银行卡（卡号{card}）。"),
                    &format!(
                        "账号：{} {} {} {} {}",
                        &card[..4],
                        &card[4..8],
                        &card[8..12],
                        &card[12..16],
                        &card[16..]
                    ),
                    "申请人的护照号码是E00000000，已经核对。",
                ],
            ))
        },
    },
    Fault {
        name: "照抄不公开的内容",
        rules: &["withheld-quoted"],
        make: |s| {
            if !s.outcome.starts_with("refuse") || !text_of(&s.letter).contains("不予公开") {
                return vec![];
            }
            texts(all_with(
                &s.letter,
                &[
                    "该信息的内容为“平台控制主机设在示例路三号地下二层东侧机房，备用主机设在示例路九号，两处之间用专用线路连接，线路编号另附”。",
                ],
            ))
        },
    },
    Fault {
        name: "特殊需要",
        rules: &["old-rule"],
        make: |s| {
            texts(all_with(
                &s.letter,
                &[
                    "你没有说明上述信息与你自身生产、生活、科研等特殊需要有关。",
                    "上述申请不符合根据自身生产生活科研需要申请公开的条件。",
                ],
            ))
        },
    },
    Fault {
        name: "旧的答复期限",
        rules: &["old-rule"],
        make: |s| {
            if s.outcome.starts_with("consult") {
                return vec![];
            }
            texts(all_with(
                &s.letter,
                &[
                    "本机关应当自收到申请之日起15个工作日内予以答复。",
                    "本机关将在十五个工作日内作出答复。",
                    "条例规定的答复期限为15个工作日，本机关没有超过。",
                ],
            ))
        },
    },
    Fault {
        name: "旧的收费",
        rules: &["old-rule"],
        make: |s| {
            texts(all_with(
                &s.letter,
                &[
                    "请缴纳检索、复制、邮寄等成本费。",
                    "提供上述信息收取成本费用20元。",
                    "请先交纳复制工本费。",
                ],
            ))
        },
    },
    Fault {
        name: "被取代的司法解释",
        rules: &["old-rule"],
        make: |s| {
            texts(all_with(
                &s.letter,
                &["参照法释〔2011〕17号的精神，作上述处理。", "这也符合法释[2011]17号的规定。"],
            ))
        },
    },
    Fault {
        name: "反不正当竞争法第九条",
        rules: &["old-rule"],
        make: |s| {
            texts(all_with(
                &s.letter,
                &[
                    "商业秘密的定义见《中华人民共和国反不正当竞争法》第九条。",
                    "按照《反不正当竞争法》第九条第四款，商业秘密要具备三个条件。",
                ],
            ))
        },
    },
    Fault {
        name: "不予受理",
        rules: &["old-rule"],
        make: |s| {
            texts(all_with(
                &s.letter,
                &["本机关对你的其余申请不予受理。", "对上述申请，本机关决定不予受理，请你谅解。"],
            ))
        },
    },
    Fault {
        name: "部分公开没有不公开清单",
        rules: &["withheld-list"],
        make: |s| {
            if s.outcome != "grant-in-part" {
                return vec![];
            }
            let is_list =
                |b: &Block| matches!(b, Block::Table { head, .. } if head.iter().any(|h| h.contains("理由")));
            let mut made: Vec<Letter> = vec![];
            made.extend(without(&s.letter, is_list));
            made.extend(without(&s.letter, |b| is_list(b) || is_paragraph(b, &["下列内容不予公开"])));
            texts(made)
        },
    },
    Fault {
        name: "不公开清单缺依据或者理由",
        rules: &["withheld-list"],
        make: |s| {
            if s.outcome != "grant-in-part" {
                return vec![];
            }
            let mut made: Vec<Letter> = vec![];
            for (cell, new) in
                [("第十五条", ""), ("第十六条", ""), ("属于示例科技", ""), ("属于内部工作流程", "")]
            {
                let mut letter = s.letter.clone();
                let mut done = false;
                for block in &mut letter.blocks {
                    if let Block::Table { head, rows } = block
                        && head.iter().any(|h| h.contains("理由"))
                    {
                        for text in rows.iter_mut().flatten().filter(|t| t.contains(cell)) {
                            *text = new.to_owned();
                            done = true;
                        }
                    }
                }
                if done {
                    made.push(letter);
                }
            }
            assert_eq!(made.len(), 4);
            texts(made)
        },
    },
    Fault {
        name: "不存在没有检索",
        rules: &["search-missing"],
        make: |s| {
            if s.outcome != "not-exist" {
                return vec![];
            }
            let gone =
                |b: &Block| matches!(b, Block::Table { .. }) || is_paragraph(b, &["进行了检索", "经核查"]);
            let Some(formula) = without(&s.letter, gone) else { return vec![] };
            let silent = replaced(&formula, "经检索，", "");
            texts(std::iter::once(formula).chain(silent).collect())
        },
    },
    Fault {
        name: "不予公开没有理由",
        rules: &["reason-missing"],
        make: |s| {
            if !s.outcome.starts_with("refuse") {
                return vec![];
            }
            let keep = [
                "收到你的政府信息公开申请",
                "申请公开示例市",
                "上述申请经过补正",
                "决定不予公开",
                "如对本",
                "申请行政复议，也",
                "特此",
            ];
            let bare = without(
                &s.letter,
                |b| matches!(b, Block::Paragraph(t) if !keep.iter().any(|w| t.contains(w))),
            );
            let Some(bare) = bare else { return vec![] };
            let mut formula = bare.clone();
            let Some(at) = formula.blocks.iter().position(|b| is_paragraph(b, &["决定不予公开"]))
            else {
                return vec![];
            };
            formula
                .blocks
                .insert(at, Block::Paragraph("经审查，你申请公开的信息属于不予公开的政府信息。".to_owned()));
            texts(vec![bare, formula])
        },
    },
    Fault {
        name: "不属于本机关没有理由",
        rules: &["reason-missing"],
        make: |s| {
            if s.outcome != "not-responsible" {
                return vec![];
            }
            let Some(bare) = without(&s.letter, |b| is_paragraph(b, &["组织实施"])) else {
                return vec![];
            };
            let plain = replaced(&bare, "，理由如下：", "。");
            texts(std::iter::once(bare).chain(plain).collect())
        },
    },
    Fault {
        name: "补正没有期限",
        rules: &["correction-incomplete"],
        make: |s| {
            if s.outcome != "correction-notice" {
                return vec![];
            }
            texts(all_replaced(
                &s.letter,
                &[("自收到本告知书之日起10个工作日内", "尽快"), ("自收到本告知书之日起10个工作日内", "及时")],
            ))
        },
    },
    Fault {
        name: "补正没有后果",
        rules: &["correction-incomplete"],
        make: |s| {
            if s.outcome != "correction-notice" {
                return vec![];
            }
            let old = "你没有正当理由，在上述补正期限内没有补正的，依法视为放弃本次申请，本机关不再处理。";
            texts(all_replaced(&s.letter, &[(old, ""), (old, "请你按期补正。")]))
        },
    },
    Fault {
        name: "补正不是一次性",
        rules: &["correction-incomplete"],
        make: |s| {
            if s.outcome != "correction-notice" {
                return vec![];
            }
            texts(all_replaced(
                &s.letter,
                &[
                    ("现将需要补正的全部事项和补正方法一次性告知如下", "现将需要补正的部分事项告知如下"),
                    (
                        "现将需要补正的全部事项和补正方法一次性告知如下",
                        "现将需要补正的事项告知如下，其他需要补正的另行通知",
                    ),
                ],
            ))
        },
    },
    Fault {
        name: "延长太久",
        rules: &["extension-length"],
        make: |s| {
            if s.outcome != "extension-notice" {
                return vec![];
            }
            texts(all_replaced(
                &s.letter,
                &[
                    (
                        "答复期限延长20个工作日，延长后的期限到2026年11月19日届满",
                        "答复期限延长30个工作日，延长后的期限到2026年12月3日届满",
                    ),
                    ("延长20个工作日", "延长二十五个工作日"),
                    ("延长20个工作日", "延长两个月"),
                ],
            ))
        },
    },
    Fault {
        name: "延期没有新的日期",
        rules: &["extension-no-date"],
        make: |s| {
            if s.outcome != "extension-notice" {
                return vec![];
            }
            texts(all_replaced(
                &s.letter,
                &[
                    ("，延长后的期限到2026年11月19日届满。本机关将在该期限内答复你", "。本机关将尽快答复你"),
                    ("延长20个工作日，延长后的期限到2026年11月19日届满", "适当延长"),
                ],
            ))
        },
    },
    Fault {
        name: "届满日算错",
        rules: &["deadline-miscounted"],
        make: |s| {
            texts(all_replaced(
                &s.letter,
                &[
                    ("2026年11月19日届满", "2026年11月18日届满"),
                    ("2026年11月19日届满", "2026年12月1日届满"),
                    ("该期限到2026年10月22日届满", "该期限到2026年10月16日届满"),
                    ("该期限到2026年10月22日届满", "该期限到2026年10月30日届满"),
                ],
            ))
        },
    },
    Fault {
        name: "重复答复没有前次文号",
        rules: &["earlier-reply"],
        make: |s| {
            if s.outcome != "repeat-request" {
                return vec![];
            }
            texts(all_replaced(
                &s.letter,
                &[
                    ("（示例公开〔2026〕3号）", ""),
                    (
                        "本机关已于2026年6月10日作出《政府信息公开告知书》（示例公开〔2026〕3号）答复你",
                        "本机关此前已经答复你",
                    ),
                ],
            ))
        },
    },
    Fault {
        name: "没有称谓",
        rules: &["addressee-missing"],
        make: |s| match s.sent {
            true => texts(without(&s.letter, |b| matches!(b, Block::Addressee(_))).into_iter().collect()),
            false => vec![],
        },
    },
    Fault {
        name: "没有落款",
        rules: &["signature-missing"],
        make: |s| {
            if !s.sent {
                return vec![];
            }
            let mut made: Vec<Letter> =
                without(&s.letter, |b| matches!(b, Block::Signature { .. })).into_iter().collect();
            let mut unsigned = s.letter.clone();
            let mut done = false;
            for block in &mut unsigned.blocks {
                if let Block::Signature { name, .. } = block {
                    name.clear();
                    done = true;
                }
            }
            made.extend(done.then_some(unsigned));
            texts(made)
        },
    },
    Fault {
        name: "落款不是本机关",
        rules: &["signature-agency"],
        make: |s| {
            if !s.sent {
                return vec![];
            }
            let made = ["示例市公安局", "示例市交通局", "示例县交通运输局"].iter().filter_map(|new| {
                let mut letter = s.letter.clone();
                let mut done = false;
                for block in &mut letter.blocks {
                    if let Block::Signature { name, .. } = block {
                        (*new).clone_into(name);
                        done = true;
                    }
                }
                done.then_some(letter)
            });
            texts(made.collect())
        },
    },
    Fault {
        name: "没有成文日期",
        rules: &["date-missing"],
        make: |s| match s.sent {
            true => texts(["", "2026年10月"].iter().filter_map(|d| dated(&s.letter, d)).collect()),
            false => vec![],
        },
    },
    Fault {
        name: "程序文书写了救济",
        rules: &["remedy-needless"],
        make: |s| {
            if !["correction-notice", "extension-notice", "fee-notice", "explain-volume"]
                .contains(&s.outcome.as_str())
            {
                return vec![];
            }
            texts(all_with(
                &s.letter,
                &[
                    "如对本告知书不服，可以自收到本告知书之日起60日内向示例市人民政府申请行政复议，或者自收到本告知书之日起6个月内直接向有管辖权的人民法院提起行政诉讼。",
                ],
            ))
        },
    },
];

// Faults in the package

type Parts = Vec<(String, Vec<u8>)>;

fn unpack(bytes: &[u8]) -> Parts {
    if bytes.is_empty() {
        return vec![];
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut file = archive.by_index(at).unwrap();
            let mut content = vec![];
            file.read_to_end(&mut content).unwrap();
            (file.name().unwrap().into_owned(), content)
        })
        .collect()
}

fn pack(parts: &Parts) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(vec![]));
    for (name, content) in parts {
        archive.start_file(name.as_str(), SimpleFileOptions::DEFAULT).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// The package with a part changed; fails where that does nothing.
fn edited(sample: &Sample, part: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
    let mut parts = unpack(&docx(&sample.letter));
    let (_, content) = parts.iter_mut().find(|(name, _)| name == part).unwrap();
    let old = String::from_utf8(content.clone()).unwrap();
    let new = change(&old);
    // Empty where the part has nothing to change.
    if old == new {
        return vec![];
    }
    *content = new.into_bytes();
    pack(&parts)
}

/// The package with another part, and that part's relation to the text.
fn added(sample: &Sample, part: &str, kind: &str, content: &[u8]) -> Vec<u8> {
    let target = part.strip_prefix("word/").unwrap_or(part);
    let mut parts = unpack(&edited(sample, "word/_rels/document.xml.rels", |xml| {
        xml.replace(
            "</Relationships>",
            &format!("<Relationship Id=\"rIdX\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" Target=\"{target}\"/></Relationships>"),
        )
    }));
    parts.push((part.to_owned(), content.to_vec()));
    pack(&parts)
}

/// Something put in front of the first paragraph of the text.
fn before_text(sample: &Sample, xml: &str) -> Vec<u8> {
    edited(sample, "word/document.xml", |text| text.replacen("<w:body>", &format!("<w:body>{xml}"), 1))
}

/// Something put behind the last run of the first paragraph of the text.
fn in_text(sample: &Sample, xml: &str) -> Vec<u8> {
    edited(sample, "word/document.xml", |text| {
        text.replacen("</w:r></w:p>", &format!("</w:r>{xml}</w:p>"), 1)
    })
}

/// Every run of the first paragraph with these properties.
fn run_properties(sample: &Sample, properties: &str) -> Vec<u8> {
    in_text(sample, &format!("<w:r><w:rPr>{properties}</w:rPr><w:t>内部意见不公开</w:t></w:r>"))
}

const W: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";

fn shape(geometry: &str, fill: &str) -> String {
    format!(
        "<w:r><w:drawing><wp:anchor xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" behindDoc=\"0\" simplePos=\"0\" relativeHeight=\"2\" locked=\"0\" layoutInCell=\"1\" allowOverlap=\"1\"><wp:extent cx=\"1800000\" cy=\"360000\"/><wp:wrapNone/><a:graphic xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"><a:graphicData uri=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\"><wps:wsp xmlns:wps=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\"><wps:spPr><a:prstGeom prst=\"{geometry}\"/><a:solidFill>{fill}</a:solidFill></wps:spPr></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></w:r>"
    )
}

/// The XML with other attributes in every tag of a name.
fn with_tag(xml: &str, start: &str, attributes: &str) -> String {
    let mut parts = xml.split(start);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| {
        let end = part.find("/>").unwrap_or(0);
        format!("{out}{start}{attributes}{}", &part[end..])
    })
}

const PACKAGE_FAULTS: &[Fault] = &[
    Fault {
        name: "修订没有接受",
        rules: &["tracked-change"],
        make: |s| {
            let mark = "w:id=\"1\" w:author=\"\" w:date=\"2026-10-20T09:00:00Z\"";
            vec![
                in_text(s, &format!("<w:ins {mark}><w:r><w:t>的</w:t></w:r></w:ins>")),
                in_text(s, &format!("<w:del {mark}><w:r><w:delText>原来的意见</w:delText></w:r></w:del>")),
                in_text(s, &format!("<w:moveFrom {mark}><w:r><w:t>移走的话</w:t></w:r></w:moveFrom>")),
                in_text(s, &format!("<w:moveTo {mark}><w:r><w:t>的</w:t></w:r></w:moveTo>")),
                in_text(
                    s,
                    &format!(
                        "<w:r><w:rPr><w:rPrChange {mark}><w:rPr/></w:rPrChange></w:rPr><w:t>的</w:t></w:r>"
                    ),
                ),
            ]
        },
    },
    Fault {
        name: "批注没有删",
        rules: &["comment"],
        make: |s| {
            let comments = format!(
                "<w:comments {W}><w:comment w:id=\"0\" w:author=\"\"><w:p><w:r><w:t>这里还要核一下</w:t></w:r></w:p></w:comment></w:comments>"
            );
            vec![added(s, "word/comments.xml", "comments", comments.as_bytes())]
        },
    },
    Fault {
        name: "隐藏的文字",
        rules: &["hidden-text"],
        make: |s| {
            vec![
                run_properties(s, "<w:vanish/>"),
                run_properties(s, "<w:color w:val=\"FFFFFF\"/>"),
                run_properties(s, "<w:color w:val=\"FEFEFE\"/>"),
                run_properties(s, "<w:sz w:val=\"2\"/>"),
                {
                    let styled = run_properties(s, "<w:rStyle w:val=\"Gone\"/>");
                    let mut parts = unpack(&styled);
                    let (_, styles) = parts.iter_mut().find(|(name, _)| name == "word/styles.xml").unwrap();
                    let text = String::from_utf8(styles.clone()).unwrap();
                    *styles = text.replace("</w:styles>", "<w:style w:type=\"character\" w:styleId=\"Gone\"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>").into_bytes();
                    pack(&parts)
                },
            ]
        },
    },
    Fault {
        name: "属性里有人名",
        rules: &["author-name"],
        make: |s| {
            vec![
                edited(s, "docProps/core.xml", |x| {
                    let start = x.find("<dc:creator>").unwrap();
                    let end = x.find("</dc:creator>").unwrap();
                    format!("{}<dc:creator>王某甲{}", &x[..start], &x[end..])
                }),
                edited(s, "docProps/core.xml", |x| {
                    x.replace(
                        "</cp:coreProperties>",
                        "<cp:lastModifiedBy>李某乙</cp:lastModifiedBy></cp:coreProperties>",
                    )
                }),
                edited(s, "docProps/app.xml", |x| {
                    x.replace("</Properties>", "<Company>示例文印社</Company></Properties>")
                }),
                edited(s, "docProps/app.xml", |x| {
                    x.replace("</Properties>", "<Manager>王某甲</Manager></Properties>")
                }),
            ]
        },
    },
    Fault {
        name: "批注和修订的作者",
        rules: &["author-name", "tracked-change", "comment"],
        make: |s| {
            let comments = format!(
                "<w:comments {W}><w:comment w:id=\"0\" w:author=\"王某甲\"><w:p><w:r><w:t>核一下</w:t></w:r></w:p></w:comment></w:comments>"
            );
            vec![
                added(s, "word/comments.xml", "comments", comments.as_bytes()),
                in_text(s, "<w:ins w:id=\"1\" w:author=\"王某甲\"><w:r><w:t>的</w:t></w:r></w:ins>"),
            ]
        },
    },
    Fault {
        name: "黑底下面的文字",
        rules: &["covered-text"],
        make: |s| {
            vec![
                run_properties(s, "<w:highlight w:val=\"black\"/>"),
                run_properties(s, "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"000000\"/>"),
                run_properties(
                    s,
                    "<w:color w:val=\"000000\"/><w:shd w:val=\"solid\" w:color=\"000000\" w:fill=\"auto\"/>",
                ),
                before_text(
                    s,
                    "<w:p><w:pPr><w:shd w:val=\"clear\" w:fill=\"111111\"/></w:pPr><w:r><w:t>不公开的一段</w:t></w:r></w:p>",
                ),
            ]
        },
    },
    Fault {
        name: "色块盖住文字",
        rules: &["covering-shape"],
        make: |s| {
            vec![
                in_text(s, &shape("rect", "<a:srgbClr val=\"000000\"/>")),
                in_text(s, &shape("rect", "<a:schemeClr val=\"tx1\"/>")),
                in_text(
                    s,
                    "<w:r><w:pict xmlns:v=\"urn:schemas-microsoft-com:vml\"><v:rect style=\"position:absolute;width:120pt;height:20pt\" fillcolor=\"black\"/></w:pict></w:r>",
                ),
            ]
        },
    },
    Fault {
        name: "嵌入了文件",
        rules: &["embedded-object"],
        make: |s| {
            vec![
                added(s, "word/embeddings/oleObject1.bin", "oleObject", b"x"),
                added(s, "word/embeddings/Sheet1.xlsx", "package", b"PK"),
            ]
        },
    },
    Fault {
        name: "带宏",
        rules: &["macro"],
        make: |s| {
            vec![
                added(s, "word/vbaProject.bin", "vbaProject", b"x"),
                edited(s, "[Content_Types].xml", |x| {
                    x.replace("wordprocessingml.document.main+xml", "x").replace(
                        "application/vnd.openxmlformats-officedocument.x",
                        "application/vnd.ms-word.document.macroEnabled.main+xml",
                    )
                }),
            ]
        },
    },
    Fault {
        name: "链接到外面的文件",
        rules: &["external-link"],
        make: |s| {
            let relation = |kind: &str, target: &str| {
                edited(s, "word/_rels/document.xml.rels", |x| {
                    x.replace("</Relationships>", &format!("<Relationship Id=\"rIdX\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" Target=\"{target}\" TargetMode=\"External\"/></Relationships>"))
                })
            };
            vec![
                relation("attachedTemplate", "file:///D:/wang/template.dotx"),
                relation("image", "http://pictures.example/a.png"),
                relation("hyperlink", "file:///D:/wang/secret.docx"),
            ]
        },
    },
    Fault {
        name: "别处的文字也读",
        rules: &["personal-number"],
        make: |s| {
            let id = identity_number();
            let p = format!("<w:p><w:r><w:t>身份证号码{id}</w:t></w:r></w:p>");
            let text_box = format!(
                "<w:r><w:pict><v:shape xmlns:v=\"urn:schemas-microsoft-com:vml\"><v:textbox><w:txbxContent>{p}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
            );
            vec![
                added(s, "word/header9.xml", "header", format!("<w:hdr {W}>{p}</w:hdr>").as_bytes()),
                added(
                    s,
                    "word/footnotes.xml",
                    "footnotes",
                    format!("<w:footnotes {W}><w:footnote w:id=\"2\">{p}</w:footnote></w:footnotes>")
                        .as_bytes(),
                ),
                added(
                    s,
                    "word/endnotes.xml",
                    "endnotes",
                    format!("<w:endnotes {W}><w:endnote w:id=\"2\">{p}</w:endnote></w:endnotes>").as_bytes(),
                ),
                in_text(s, &text_box),
                edited(s, "docProps/core.xml", |x| {
                    x.replace(
                        "</cp:coreProperties>",
                        &format!("<dc:description>{id}</dc:description></cp:coreProperties>"),
                    )
                }),
                // A number in several runs is one number.
                in_text(
                    s,
                    &format!("<w:r><w:t>号码{}</w:t></w:r><w:r><w:t>{}</w:t></w:r>", &id[..7], &id[7..]),
                ),
            ]
        },
    },
    Fault {
        name: "版面走样",
        rules: &["layout"],
        make: |s| {
            if !s.sent
                || s.letter.layout != gongkai::corpus::PageLayout::Letter
                    && s.letter.layout != gongkai::corpus::PageLayout::Official
            {
                return vec![];
            }
            vec![
                edited(s, "word/document.xml", |x| {
                    with_tag(
                        x,
                        "<w:pgMar ",
                        "w:top=\"1440\" w:right=\"1800\" w:bottom=\"1440\" w:left=\"1800\" w:header=\"851\" w:footer=\"992\" w:gutter=\"0\"",
                    )
                }),
                edited(s, "word/document.xml", |x| with_tag(x, "<w:pgSz ", "w:w=\"12240\" w:h=\"15840\"")),
                edited(s, "word/styles.xml", |x| x.replace("<w:sz w:val=\"32\"/>", "<w:sz w:val=\"24\"/>")),
                edited(s, "word/styles.xml", |x| {
                    x.replace("w:line=\"579\" w:lineRule=\"exact\"", "w:line=\"360\" w:lineRule=\"exact\"")
                }),
            ]
        },
    },
];

// Good letters

/// A document as Word writes it, plainly: A4, margins and 三号仿宋 set by hand, no styles of ours.
fn word(text: &str, author: &str) -> Vec<u8> {
    let mut body = String::new();
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
        let line = line.replace('&', "&amp;").replace('<', "&lt;");
        let _ = write!(
            body,
            "<w:p><w:pPr><w:spacing w:line=\"560\" w:lineRule=\"exact\"/></w:pPr><w:r><w:rPr><w:rFonts w:eastAsia=\"仿宋\"/><w:sz w:val=\"32\"/></w:rPr><w:t>{line}</w:t></w:r></w:p>"
        );
    }
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document {W}><w:body>{body}<w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"2098\" w:right=\"1474\" w:bottom=\"1984\" w:left=\"1588\"/></w:sectPr></w:body></w:document>"
    );
    let core = format!(
        "<cp:coreProperties xmlns:cp=\"c\" xmlns:dc=\"d\"><dc:creator>{author}</dc:creator></cp:coreProperties>"
    );
    pack(&vec![
        ("[Content_Types].xml".to_owned(), b"<Types><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>".to_vec()),
        ("_rels/.rels".to_owned(), b"<Relationships><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>".to_vec()),
        ("word/document.xml".to_owned(), document.into_bytes()),
        ("docProps/core.xml".to_owned(), core.into_bytes()),
    ])
}

/// Letters in the styles of districts that do not use gongkai; every name in them is made up.
fn handwritten() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/handwritten");
    let mut all: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap())
        })
        .collect();
    all.sort();
    assert!(all.len() >= 10);
    all
}

/// What was counted of one kind of fault.
#[derive(Default)]
struct Count {
    letters: usize,
    found: usize,
    right: usize,
    wrong: usize,
}

/// Puts one kind of fault into every letter; counts, and says where it was missed or something else was found.
fn measure(fault: &Fault, samples: &[Sample], agency: &Agency) -> (Count, String) {
    let (mut count, mut complaints) = (Count::default(), String::new());
    for sample in samples {
        for (wording, bytes) in (fault.make)(sample).iter().enumerate().filter(|(_, b)| !b.is_empty()) {
            let (right, wrong): (Vec<Finding>, Vec<Finding>) =
                check(bytes, agency).into_iter().partition(|f| fault.rules.contains(&f.rule));
            count.letters += 1;
            count.found += usize::from(!right.is_empty());
            count.right += right.len();
            count.wrong += wrong.len();
            if right.is_empty() || !wrong.is_empty() {
                let missed = if right.is_empty() { "没有找到" } else { "多找了" };
                let (name, id) = (fault.name, &sample.id);
                let _ = writeln!(complaints, "{name}：{id} 第{wording}种，{missed}{}", told(&wrong));
            }
        }
    }
    (count, complaints)
}

#[test]
fn every_seeded_fault_is_found_and_nothing_else() {
    let samples = samples();
    let agency = agency();
    let faults: Vec<&Fault> = TEXT_FAULTS.iter().chain(PACKAGE_FAULTS).collect();
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let measured: BTreeMap<usize, (Count, String)> = std::thread::scope(|scope| {
        let (faults, samples, agency) = (&faults, &samples, &agency);
        let work = move |worker: usize| {
            let own = faults.iter().enumerate().skip(worker).step_by(workers);
            own.map(|(at, fault)| (at, measure(fault, samples, agency))).collect::<Vec<_>>()
        };
        let started: Vec<_> = (0..workers).map(|worker| scope.spawn(move || work(worker))).collect();
        started.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let mut complaints: String = measured.values().map(|(_, said)| said.as_str()).collect();
    let mut good = Count::default();
    for sample in &samples {
        let findings = check(&docx(&sample.letter), &agency);
        good.letters += 1;
        good.wrong += findings.len();
        if !findings.is_empty() {
            let _ = writeln!(complaints, "没有毛病的 {}：{}", sample.id, told(&findings));
        }
    }
    for (name, text) in handwritten() {
        for bytes in [word(&text, "Administrator"), text.clone().into_bytes()] {
            let findings = check(&bytes, &Agency::default());
            good.letters += 1;
            good.wrong += findings.len();
            if !findings.is_empty() {
                let _ = writeln!(complaints, "没有毛病的 {name}：{}", told(&findings));
            }
        }
    }
    let (mut letters, mut found, mut right, mut wrong) = (0, 0, 0, good.wrong);
    let mut table = String::from("  letters   found  recall  right  wrong  precision  kind of fault\n");
    for (at, (count, _)) in &measured {
        let name = faults[*at].name;
        assert!(count.letters > 0, "{name} was put into no letter");
        let recall = percent(count.found, count.letters);
        let precision = percent(count.right, count.right + count.wrong);
        let _ = writeln!(
            table,
            "{:>9} {:>7} {recall:>6}% {:>6} {:>6} {precision:>9}%  {name}",
            count.letters, count.found, count.right, count.wrong
        );
        letters += count.letters;
        found += count.found;
        right += count.right;
        wrong += count.wrong;
    }
    let _ = writeln!(table, "{:>9} good letters, {} findings in them", good.letters, good.wrong);
    let precision = percent(right, right + wrong);
    let _ = writeln!(
        table,
        "{} kinds of fault, {letters} letters with one: recall {}%, precision {precision}%",
        measured.len(),
        percent(found, letters)
    );
    println!("{complaints}{table}");
    assert!(measured.len() >= 30);
    assert_eq!(found, letters, "{complaints}");
    assert_eq!(good.wrong, 0, "{complaints}");
    assert!(right * 100 >= (right + wrong) * 98, "{complaints}");
}

fn percent(part: usize, whole: usize) -> String {
    if whole == 0 { "—".to_owned() } else { format!("{:.1}", part as f64 * 100.0 / whole as f64) }
}

#[test]
fn every_rule_of_the_text_has_a_seeded_fault() {
    let seeded: BTreeSet<&str> =
        TEXT_FAULTS.iter().chain(PACKAGE_FAULTS).flat_map(|f| f.rules).copied().collect();
    let known: BTreeSet<&str> = RULES.iter().map(|r| r.id).collect();
    assert_eq!(seeded.difference(&known).collect::<Vec<_>>(), Vec::<&&str>::new());
    assert_eq!(known.len(), RULES.len(), "an id stands twice");
    let unseeded: Vec<&&str> = known.difference(&seeded).collect();
    // Rules of the answers: `letters.rs` breaks each; and those that this file tests one by one below.
    assert_eq!(unseeded, UNSEEDED.iter().collect::<Vec<_>>());
}

/// Rules without a seeded fault of their own, in order.
const UNSEEDED: &[&str] = &[
    "date-differs",
    "fee-amount",
    "function-missing",
    "late-case-answer",
    "late-redone",
    "provisional-date",
    "remedy-court",
    "remedy-own-words",
    "silence-early",
    "special-law",
];

#[test]
fn a_letter_without_a_date_is_judged_on_the_day_that_is_asked_for() {
    let text = "示例市交通局\n政府信息公开告知书\n\n张某：\n商业秘密的定义见《反不正当竞争法》第九条。\n";
    let reviewed = review::read(text.as_bytes()).unwrap();
    let agency = Agency::default();
    let on = |date: &str| {
        let asked = Asked { agency: &agency, on: Date::parse(date) };
        review::review(common::corpus(), &reviewed, asked).iter().filter(|f| f.rule == "old-rule").count()
    };
    assert_eq!(on("2025-10-14"), 0);
    assert_eq!(on("2025-10-15"), 1);
}
