use super::{Context, find};
use crate::citation::{Law, Names};

fn names() -> Names {
    let mut names = Names::default();
    for name in ["中华人民共和国政府信息公开条例", "政府信息公开条例", "《条例》"]
    {
        assert_eq!(names.add(name, "foi-2019"), None);
    }
    for (name, id) in [("行政复议法", "reconsideration"), ("行政复议法实施条例", "regulation")]
    {
        assert_eq!(names.add(name, id), None);
    }
    names.describe("foi-2019", "中华人民共和国政府信息公开条例", vec![]);
    names.describe("reconsideration", "中华人民共和国行政复议法", vec![]);
    names
}

/// Each citation as `law:labels` beside its words.
fn cited(text: &str) -> Vec<(String, String)> {
    find(text, &names(), &Context::default())
        .into_iter()
        .map(|f| {
            let law = match f.law {
                Some(Law::Known(id)) => id,
                Some(Law::Unknown(title)) => format!("?{title}"),
                Some(Law::Earlier { id, .. }) => format!("-{}", id.unwrap_or_default()),
                Some(Law::Lost) => "lost".into(),
                None => "none".into(),
            };
            let labels: Vec<_> = f
                .targets
                .iter()
                .map(|t| match t.to {
                    Some(to) => format!("{}~{to}", t.from),
                    None => t.from.to_string(),
                })
                .collect();
            (text[f.range].to_owned(), format!("{law}:{}", labels.join(",")))
        })
        .collect()
}

fn one(text: &str) -> String {
    let all = cited(text);
    assert_eq!(all.len(), 1, "{all:?}");
    all[0].1.clone()
}

#[test]
fn the_usual_spellings_mean_the_same_place() {
    for text in [
        "《条例》第三十六条第（五）项",
        "《中华人民共和国政府信息公开条例》第36条第(五)项",
        "政府信息公开条例第３６条第五项",
        "《条例》 第三十六条（五）项",
        "《政府信息公开条例》（2019年修订）第三十六条第5项",
    ] {
        assert_eq!(one(text), "foi-2019:第三十六条第（五）项", "{text}");
    }
}

#[test]
fn a_name_inside_a_longer_name_is_not_taken() {
    assert_eq!(one("行政复议法实施条例第三十一条"), "regulation:第三十一条");
}

#[test]
fn a_list_is_one_citation_and_each_member_has_its_own_words() {
    let text = "依《条例》第十四条、第十五条和第三十六条第（三）项、第（五）项办理";
    assert_eq!(one(text), "foi-2019:第十四条,第十五条,第三十六条第（三）项,第三十六条第（五）项");
    let found = find(text, &names(), &Context::default());
    let words: Vec<&str> = found[0].targets.iter().map(|t| &text[t.range.clone()]).collect();
    assert_eq!(words, ["《条例》第十四条", "第十五条", "第三十六条第（三）项", "第（五）项"]);
}

#[test]
fn ranges_have_two_ends_and_open_to_every_member() {
    assert_eq!(one("《条例》第十四条至第十六条"), "foi-2019:第十四条~第十六条");
    assert_eq!(
        one("《条例》第三十六条第（一）至（三）项"),
        "foi-2019:第三十六条第（一）项~第三十六条第（三）项"
    );
    let found = find("《条例》第十四至十六条", &names(), &Context::default());
    let all: Vec<String> = found[0].provisions().iter().map(ToString::to_string).collect();
    assert_eq!(all, ["第十四条", "第十五条", "第十六条"]);
}

#[test]
fn number_lists_inside_one_unit_are_split() {
    assert_eq!(one("《条例》第六、十一条"), "foi-2019:第六条,第十一条");
    assert_eq!(one("《条例》第三十二条之一"), "foi-2019:第三十二条之一");
}

#[test]
fn a_law_holds_for_the_rest_of_the_block_until_another_is_named() {
    assert_eq!(
        cited("《条例》第十五条。后来第三十二条；行政复议法第二十三条"),
        [
            ("《条例》第十五条".into(), "foi-2019:第十五条".into()),
            ("第三十二条".into(), "foi-2019:第三十二条".into()),
            ("行政复议法第二十三条".into(), "reconsideration:第二十三条".into()),
        ]
    );
}

#[test]
fn an_earlier_version_is_not_todays_law() {
    assert_eq!(one("2007年条例第二十一条第（三）项"), "-foi-2019:第二十一条第（三）项");
    assert_eq!(one("2007年《政府信息公开条例》第十三条"), "-foi-2019:第十三条");
}

#[test]
fn unknown_titles_and_nameless_articles_are_said_to_be_so() {
    assert_eq!(one("《某某办法》第六条"), "?某某办法:第六条");
    assert_eq!(one("依照第六条办理"), "none:第六条");
}

#[test]
fn what_only_looks_like_an_article_is_left_alone() {
    for text in [
        "第九届",
        "令第1号",
        "第一，第二",
        "第条",
        "第三方",
        "第二款",
        "第一条线索吗",
        "合同第六条",
        "《房屋买卖合同》第三条",
        "双方协议第二条",
        "公司章程第五条",
        "第六条约定",
        "本通知第六条",
        "基本条件第一",
        "合同法没有说",
        "第三条道路",
        "第十条款",
        "判决书第二项",
        "本条例规定",
        "第三章",
        "政府信息公开条例规定",
        "该法院认为",
        "不同条款",
    ] {
        assert_eq!(cited(text), [], "{text}");
    }
}

#[test]
fn a_part_of_the_article_cited_last_is_a_place_and_the_mention_of_one_is_not() {
    assert_eq!(
        cited("《条例》第三十三条第二款规定了期限，第三款规定了扣除。")[1].1,
        "foi-2019:第三十三条第三款"
    );
    assert_eq!(cited("《条例》第三十六条只有一款，不写“第一款”。").len(), 1);
    assert_eq!(cited("《条例》第三十六条。第三项工作是检查。").len(), 1);
}

#[test]
fn a_document_that_is_no_law_ends_what_a_law_named_before_means() {
    let all = cited("《条例》第六条。双方合同第六条约定，第七条也约定。");
    assert_eq!(all.len(), 1, "{all:?}");
}

#[test]
fn between_name_and_article_much_may_stand() {
    for text in [
        "《条例》（国务院令第711号）第三条",
        "《条例》国务院令第711号第三条",
        "《条例》（2019年修订）第三条",
        "《条例》第一章第三条",
        "《条例》的第三条",
        "《条例》中第三条",
        "《条例》中的第三条",
        "“政府信息公开条例”第三条",
        "〈政府信息公开条例〉第三条",
        "<政府信息公开条例>第三条",
        "《条例》3条",
        "《 政府信息公开条例 》第三条",
    ] {
        assert_eq!(one(text), "foi-2019:第三条", "{text}");
    }
}

#[test]
fn the_bare_word_means_the_law_only_where_people_talk() {
    assert_eq!(one("条例第三条"), "none:第三条");
    let loose = Context { loose: true, ..Context::default() };
    assert_eq!(find("条例第三条", &names(), &loose)[0].law, Some(Law::Known("foi-2019".into())));
    assert_eq!(one("政府信息公开条例已经修订。条例第三条"), "foi-2019:第三条");
}

#[test]
fn a_text_may_say_itself_what_it_calls_a_law() {
    let all = cited(
        "《示例市信息办法》（以下简称《办法》）已经施行。依《办法》第三条、办法第四条，该办法第五条也是。",
    );
    assert!(all.iter().all(|(_, c)| c.starts_with("?示例市信息办法")), "{all:?}");
    assert_eq!(all.len(), 3, "{all:?}");
    assert_eq!(one("《示例市数据条例》（以下简称“数据条例”）。违反数据条例第八条"), "?示例市数据条例:第八条");
}

#[test]
fn the_law_named_last_is_that_law() {
    assert_eq!(cited("行政复议法规定了期限。该法第二十条也是。")[0].1, "reconsideration:第二十条");
    assert_eq!(cited("依据合同法第三条、同法第四条")[1].1, "?合同法:第四条");
}

#[test]
fn an_act_is_the_version_that_it_made() {
    let mut names = names();
    names.describe("foi-2019", "中华人民共和国政府信息公开条例", vec![2019]);
    names.number("国务院令第492号", ("foi-2019", Some(2007), false));
    names.number("国务院令第711号", ("foi-2019", Some(2019), true));
    let law = |text: &str| find(text, &names, &Context::default())[0].law.clone();
    let old = law("《政府信息公开条例》（中华人民共和国国务院令第492号）第二十一条");
    assert!(matches!(old, Some(Law::Earlier { year: Some(2007), .. })), "{old:?}");
    assert_eq!(law("《政府信息公开条例》（国务院令第711号）第二十一条"), Some(Law::Known("foi-2019".into())));
    assert_eq!(law("依据国务院令第492号第二十一条"), old);
    assert_eq!(law("根据国办函〔2020〕109号第四条"), Some(Law::Unknown("国办函〔2020〕109号".into())));
}

#[test]
fn that_law_is_never_a_regulation() {
    let all = cited("《条例》第三条。该法第四条");
    assert_eq!(all[1].1, "none:第四条");
}

#[test]
fn titles_that_were_blacked_out_cannot_be_resolved() {
    for text in ["《×××办法》第三条", "《》第三条", "《****》第三条", "《XX市XX条例》第三条"]
    {
        assert_eq!(one(text), "lost:第三条", "{text}");
    }
}

fn at(text: &str, position: &str) -> Vec<String> {
    let context =
        Context { own: Some(Law::Known("foi-2019".into())), at: position.parse().ok(), loose: false };
    find(text, &names(), &context)
        .into_iter()
        .map(|f| {
            f.targets
                .iter()
                .map(|t| t.to.map_or(t.from.to_string(), |to| format!("{}~{to}", t.from)))
                .collect::<Vec<_>>()
                .join(",")
        })
        .collect()
}

#[test]
fn relative_places_are_told_from_where_the_text_stands() {
    assert_eq!(at("依照前款规定", "149.2"), ["第一百四十九条第一款"]);
    assert_eq!(
        at("前款第（三）项、第（五）项", "149.2"),
        ["第一百四十九条第一款第（三）项,第一百四十九条第一款第（五）项"]
    );
    assert_eq!(at("前两款规定", "149.3"), ["第一百四十九条第一款,第一百四十九条第二款"]);
    assert_eq!(at("前条第二款和本条第一款", "149.1"), ["第一百四十八条第二款", "第一百四十九条第一款"]);
    assert_eq!(at("本款第（二）项", "149.1"), ["第一百四十九条第一款第（二）项"]);
    assert_eq!(at("第二款规定的", "149.1"), ["第一百四十九条第二款"]);
    assert_eq!(at("本条例第三条", "149.1"), ["第三条"]);
    // There is no 款 before the first.
    assert_eq!(at("前款规定", "149.1"), [""]);
    assert_eq!(at("前款规定", "149"), [""]);
}

#[test]
fn the_text_of_a_law_says_itself_where_it_stands() {
    let law = "第一条　甲。\n\n乙，依照前款。\n\n（一）依照前款；\n\n第二条　丙，依照前条。";
    assert_eq!(at(law, ""), ["第一条第一款", "第一条第一款", "第一条"]);
    assert_eq!(at(&law.replace('\n', "\r\n"), ""), ["第一条第一款", "第一条第一款", "第一条"]);
}

#[test]
fn a_book_of_the_code_stands_between_its_name_and_the_article() {
    assert_eq!(cited("《民法典》合同编第五百七十七条")[0].1, "?民法典:第五百七十七条");
    // 各该条 means each of several, not the last one.
    assert_eq!(cited("《条例》第三条、第四条，依照各该条的规定").len(), 1);
}

#[test]
fn citations_never_overlap() {
    for text in
        ["行政反馈法》第二十条第䦈法》第二十条", "某办法第二十条某省物业条例第三条", "第三条条例第四条"]
    {
        let mut end = 0;
        for found in find(text, &names(), &Context { loose: true, ..Context::default() }) {
            assert!(found.range.start >= end, "{text}: {found:?}");
            end = found.range.end;
        }
    }
}

#[test]
fn any_text_at_all_is_survived() {
    for text in
        ["《", "《》第", "第一百", "第（", "《条例》第一条第（", "第一条、第", "\u{1f600}第一条之", "2007年"]
    {
        let _ = cited(text);
    }
}

#[test]
fn an_interpretation_an_amendment_and_a_local_regulation_are_other_laws() {
    for (text, law) in [
        ("依据《公司法》司法解释三第十条", "?公司法司法解释三"),
        ("依据《刑法》修正案（十一）第三条", "?刑法修正案（十一）"),
        ("依据《行政复议法》解释二第二条", "?行政复议法解释二"),
        ("依据上海市行政复议法实施条例第三条", "?上海市行政复议法实施条例"),
        ("依据最高人民法院关于适用行政复议法的解释第五条", "?最高人民法院关于适用行政复议法的解释"),
        ("依据上海市政府信息公开条例第五条", "?上海市政府信息公开条例"),
        ("依据行政复议法实施条例第五条", "regulation"),
        ("《行政复议法》解释该条时，第三条另有规定", "reconsideration"),
    ] {
        assert!(
            cited(text).iter().any(|(_, found)| found.split_once(':').is_some_and(|(l, _)| l == law)),
            "{text}: {:?}",
            cited(text)
        );
    }
}

#[test]
fn places_without_ordinals_and_numbers_in_one_character_are_read() {
    for (text, place) in [
        ("《条例》29条2款1项", "第二十九条第二款第（一）项"),
        ("《条例》二十九条二款一项", "第二十九条第二款第（一）项"),
        ("《条例》第三十六条第㈣项", "第三十六条第（四）项"),
        ("《条例》第三十六条第⑷项", "第三十六条第（四）项"),
        ("《条例》第卅六条", "第三十六条"),
        ("《条例》第廿九条第二款", "第二十九条第二款"),
    ] {
        assert_eq!(one(text), format!("foi-2019:{place}"), "{text}");
    }
}
