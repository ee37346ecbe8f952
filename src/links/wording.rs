//! What no page may say as today's law: words of repealed rules, terms and remedies that are often got wrong.

use super::{Links, prose};
use crate::corpus::{Corpus, Drill, Entry};
use crate::text::{Diagnostic, Place, Report};
use std::ops::Range;

/// Words that are wrong as today's law, and what makes a sentence with them right all the same.
struct Rule {
    /// Any of these makes the rule look at the sentence.
    words: &'static [&'static str],
    /// One of these must stand in the sentence too; none: the words alone are enough.
    with: &'static [&'static str],
    /// Any of these says that the sentence means something else.
    unless: &'static [&'static str],
    message: &'static str,
    hint: &'static str,
}

/// Words by which a sentence says that it speaks of what was, or of what must not be.
const EXCUSES: [&str; 29] = [
    "旧",
    "2007",
    "已删",
    "删去",
    "删除",
    "删掉",
    "取消",
    "不再",
    "不能",
    "不得",
    "不要",
    "不写",
    "不会",
    "不是",
    "不算",
    "并非",
    "没有",
    "无须",
    "原来",
    "以前",
    "过去",
    "曾",
    "取代",
    "废止",
    "修订前",
    "修订以前",
    "错",
    "误",
    "不等于",
];

const RULES: [Rule; 10] = [
    Rule {
        words: &["三需要", "特殊需要"],
        with: &[],
        unless: &["不问", "不必", "不需要", "不用"],
        message: "这句话像是还要申请人有“特殊需要”",
        hint: "2019年修订时已删去；要提到它，在同一句里写明是旧规定（《政府信息公开条例》第二十七条）",
    },
    Rule {
        words: &["3个月", "三个月"],
        with: &["起诉", "诉讼"],
        unless: &["逾期", "15日", "保存", "审理", "审限"],
        message: "这句话像是说起诉期限是三个月",
        hint: "直接起诉的期限是六个月，复议后起诉是十五日（《行政诉讼法》第四十五条、第四十六条）",
    },
    Rule {
        words: &["上一级主管部门"],
        with: &[],
        unless: &[
            "垂直",
            "海关",
            "税务",
            "国家安全",
            "国安",
            "司法行政",
            "金融",
            "外汇",
            "例外",
            "除外",
            "投诉",
            "举报",
            "二十七条",
            "二十八条",
        ],
        message: "这句话像是说一般向上一级主管部门申请复议",
        hint: "地方部门由本级人民政府管辖，垂直领导的机关等除外（《行政复议法》第二十四条、第二十七条）",
    },
    Rule {
        words: &["视为同意", "视为不同意", "视为拒绝"],
        with: &[],
        unless: &[
            "共同制作",
            "牵头",
            "协办",
            "三十四条",
            "被征求意见的机关",
            "不视为",
            "联合发文",
            "联合制作",
        ],
        message: "这句话像是说第三方不答复就视为同意或者不同意",
        hint: "第三方逾期不提意见，由行政机关决定是否公开（《政府信息公开条例》第三十二条）；只有共同制作的机关逾期视为同意（第三十四条）",
    },
    Rule {
        words: &["成本费", "检索费", "复制费", "复印费", "邮寄费", "工本费"],
        with: &["收", "缴", "支付"],
        unless: &["不收", "不向", "免", "吗", "能否", "自己"],
        message: "这句话像是说可以收检索、复制、邮寄的成本费",
        hint: "依申请提供信息不收费，超出合理范围的收信息处理费（《政府信息公开条例》第四十二条）",
    },
    Rule {
        words: &["15个工作日内答复", "十五个工作日内答复", "15个工作日内作出答复", "15个工作日答复"],
        with: &[],
        unless: &["第三方", "征求", "共同", "意见", "三十四条", "三十二条"],
        message: "这句话像是说答复申请人的期限是十五个工作日",
        hint: "是二十个工作日，最长延二十个工作日（《政府信息公开条例》第三十三条第二款）",
    },
    Rule {
        words: &["法释〔2011〕17号"],
        with: &[],
        unless: &["2025", "相同", "对应", "保留"],
        message: "这句话像是还在用法释〔2011〕17号",
        hint: "2025年6月1日起由法释〔2025〕8号取代；提到旧的，在同一句里写明",
    },
    Rule {
        words: &["反不正当竞争法》第九条", "反不正当竞争法第九条"],
        with: &[],
        unless: &["2019", "2017"],
        message: "商业秘密的定义今天不在《反不正当竞争法》第九条",
        hint: "2025年修订后在第十条；提到旧的，在同一句里写明",
    },
    Rule {
        words: &["直接起诉", "直接向人民法院起诉", "直接提起行政诉讼"],
        with: &["第十四条", "第十五条", "第十六条", "不予公开决定"],
        unless: &["先", "裁定", "驳回", "以外", "之外", "主动公开"],
        message: "这句话像是说不予公开的决定可以直接起诉",
        hint: "依第十四条、第十五条、第十六条不予公开的，先申请行政复议（《行政复议法》第二十三条第一款第（四）项）",
    },
    Rule {
        words: &["工作秘密"],
        with: &["不予公开的依据", "可以不予公开", "不予公开。"],
        unless: &["单独", "不足", "吗", "落到", "能否"],
        message: "这句话像是说工作秘密可以单独作为不予公开的依据",
        hint: "要落到《政府信息公开条例》第十四条或者第十六条的具体情形",
    },
];

/// Warns of sentences that say as today's law what is not, and of 第一款 where an article has one 款.
pub fn check(corpus: &Corpus, links: &Links, report: &mut Report) {
    for upkeep in super::upkeep(corpus) {
        only_paragraph(corpus, links, (upkeep.path, upkeep.text), report);
    }
    let whole = |range: &Range<usize>| vec![range.clone()];
    for entry in corpus.cases.values() {
        // What the court of that day said of the law of that day.
        let today = |title: &str| title == "要旨" || title == "启示";
        let parts = entry.sections().into_iter().filter(|s| today(&s.title)).map(|s| s.content);
        parts_of(entry, parts.collect(), report);
    }
    for entry in corpus.questions.values() {
        parts_of(entry, whole(&entry.body), report);
    }
    for entry in corpus.policies.values() {
        parts_of(entry, whole(&entry.body), report);
    }
    for entry in corpus.guides.values() {
        parts_of(entry, whole(&entry.body), report);
    }
    for entry in corpus.quizzes.values() {
        // The options that are wrong say wrong things.
        parts_of(entry, entry.header.items.iter().map(|item| item.why.clone()).collect(), report);
    }
    for entry in corpus.drills.values() {
        let key = entry.sections().into_iter().filter(|s| Drill::is_key(&s.title)).map(|s| s.content);
        parts_of(entry, key.collect(), report);
    }
}

/// Where the file `path` names the first 款 of an article that has no other.
fn only_paragraph(corpus: &Corpus, links: &Links, (path, text): (&str, &str), report: &mut Report) {
    for citation in links.in_text(path) {
        let alone = citation.provisions.iter().all(|place| place.paragraph.is_none());
        let known = corpus.laws.get(&citation.law).is_some_and(|law| law.header.structure.is_some());
        if alone && known && text.get(citation.range.clone()).is_some_and(|words| words.contains("第一款"))
        {
            let message = "这一条只有一款，不写“第一款”";
            let place = Place::new(path, citation.range.clone());
            report.push(
                Diagnostic::error("only-paragraph", place, message).warning().hint("删去“第一款”三个字"),
            );
        }
    }
}

fn parts_of<T>(entry: &Entry<T>, parts: Vec<Range<usize>>, report: &mut Report) {
    for part in parts {
        for block in prose::blocks(entry.text.get(part.clone()).unwrap_or_default()) {
            for sentence in sentences(&block.text) {
                let text = block.text.get(sentence.clone()).unwrap_or_default();
                for (rule, word) in RULES.iter().filter_map(|rule| Some((rule, rule.breaks(text)?))) {
                    let at = sentence.start + text.find(word).unwrap_or_default();
                    let source = block.source(&(at..at + word.len()));
                    let place = Place::new(&entry.path, source.start + part.start..source.end + part.start);
                    let diagnostic = Diagnostic::error("outdated-wording", place, rule.message);
                    report.push(diagnostic.warning().hint(rule.hint));
                }
            }
        }
    }
}

impl Rule {
    /// The word by which a sentence breaks the rule.
    fn breaks(&self, sentence: &str) -> Option<&'static str> {
        let holds = |words: &[&str]| words.iter().any(|word| sentence.contains(word));
        let word = self.words.iter().find(|word| sentence.contains(**word))?;
        let wrong = (self.with.is_empty() || holds(self.with)) && !holds(self.unless) && !holds(&EXCUSES);
        wrong.then_some(word)
    }
}

/// The sentences of a text.
fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut all = vec![];
    let mut start = 0;
    for (at, c) in text.char_indices() {
        if matches!(c, '。' | '！' | '？' | '\n') {
            all.push(start..at + c.len_utf8());
            start = at + c.len_utf8();
        }
    }
    all.push(start..text.len());
    all
}

#[cfg(test)]
mod tests {
    use super::RULES;

    fn found(sentence: &str) -> usize {
        RULES.iter().filter(|rule| rule.breaks(sentence).is_some()).count()
    }

    #[test]
    fn words_of_repealed_rules_are_found() {
        for wrong in [
            "申请人应当说明特殊需要。",
            "收到之日起3个月内向人民法院起诉。",
            "可以向上一级主管部门申请行政复议。",
            "第三方逾期未答复的，视为同意公开。",
            "复印件收取成本费。",
            "本机关应当在15个工作日内答复申请人。",
            "依照法释〔2011〕17号审查。",
            "商业秘密见《反不正当竞争法》第九条。",
            "对依第十四条作出的决定，可以直接起诉。",
            "属于工作秘密的，可以不予公开。",
        ] {
            assert_eq!(found(wrong), 1, "{wrong}");
        }
    }

    #[test]
    fn a_sentence_that_says_it_speaks_of_the_past_or_of_a_mistake_is_right() {
        for right in [
            "2007年条例里的特殊需要今天已经删除。",
            "不要写“3个月内起诉”。",
            "税务机关的答复，向上一级主管部门申请复议。",
            "共同制作机关逾期不答复的，视为同意公开。",
            "旧的成本费已经取消。",
            "法释〔2011〕17号已由法释〔2025〕8号取代。",
        ] {
            assert_eq!(found(right), 0, "{right}");
        }
    }
}
