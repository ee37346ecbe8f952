//! Words around citations: titles, documents that are no law, what counts things that are no articles.

use super::names::Law;

/// Longest title that is looked for between 《 and 》, in bytes.
pub(super) const LONGEST_TITLE: usize = 400;
/// Documents whose clauses are no law.
pub(super) const DOCUMENTS: [&str; 62] = [
    "合同",
    "协议",
    "协议书",
    "合同书",
    "章程",
    "公约",
    "通知",
    "意见",
    "方案",
    "判决书",
    "裁定书",
    "决定书",
    "调解书",
    "裁决书",
    "判决",
    "裁定",
    "条款",
    "租约",
    "遗嘱",
    "声明",
    "承诺书",
    "保险单",
    "保单",
    "纪要",
    "说明书",
    "指南",
    "手册",
    "公告",
    "批复",
    "招标文件",
    "投标文件",
    "须知",
    "制度",
    "守则",
    "申请书",
    "申请表",
    "答复",
    "答复书",
    "告知书",
    "通知书",
    "清单",
    "目录",
    "约定书",
    "附件",
    "补充协议",
    "备忘录",
    "意向书",
    "授权书",
    "委托书",
    "说明",
    "报告",
    "函",
    "起诉状",
    "答辩状",
    "复议决定",
    "要点",
    "计划",
    "规划",
    "工作规则草稿",
    "宣言",
    "誓词",
    "问卷",
];
/// What counts things that are no articles: 第一条线索.
pub(super) const COUNTED: [&str; 68] = [
    "微信",
    "视频",
    "动态",
    "朋友圈",
    "公告栏",
    "标语",
    "弄堂",
    "胡同",
    "线索",
    "道路",
    "路线",
    "路",
    "河",
    "街",
    "腿",
    "船",
    "鱼",
    "生产线",
    "理由",
    "意见",
    "建议",
    "措施",
    "信息",
    "短信",
    "消息",
    "评论",
    "微博",
    "新闻",
    "留言",
    "记录",
    "经验",
    "原则",
    "底线",
    "红线",
    "战线",
    "途径",
    "渠道",
    "证据",
    "铁路",
    "公路",
    "高速",
    "地铁",
    "航线",
    "管线",
    "内容",
    "船",
    "狗",
    "蛇",
    "龙",
    "线",
    "隧道",
    "跑道",
    "巷",
    "裤",
    "裙",
    "毛巾",
    "被子",
    "生命",
    "命",
    "轨",
    "缆",
    "通道",
    "回复",
    "帖",
    "弹幕",
    "语音",
    "数据",
    "反馈",
];
/// What follows 款 where it counts goods: 第三款车型, 前款样机.
pub(super) const GOODS: [&str; 26] = [
    "产", "车", "软", "手机", "手表", "游", "商品", "新", "样", "机", "包", "鞋", "衣", "套", "香", "酒",
    "茶", "型", "品", "设备", "系统", "工具", "应用", "项", "老", "家",
];
/// What follows 条 where it counts things: 该条信息.
pub(super) const THINGS: [&str; 22] = [
    "例", "件", "款", "约", "目", "信", "消", "评", "新闻", "线", "路", "街", "道", "建议", "意见", "记录",
    "留", "微", "短", "河", "理由", "狗",
];

/// What may follow 第二款 or 第三项 that stand alone and mean a place.
pub(super) const AFTER_PART: [&str; 37] = [
    "罪", "规定", "的", "、", "，", "。", "；", "所", "之", "至", "和", "或", "及", "与", "以", "）", ")",
    "中", "情形", "：", "第", "（", "(", "明确", "要求", "也", "则", "还", "只", "是", "对", "又", "就", "”",
    "」", "不", "行",
];

/// Whether a title is that of a 法, a 条例, ….
pub(super) fn is_kind(title: &str, kind: &str) -> bool {
    title.ends_with(kind) || kind == "法" && title.ends_with("法典")
}

/// Whether a version is one of a law.
pub(super) fn same_law(version: &Law, law: &Law) -> bool {
    match (version, law) {
        (
            Law::Known(a) | Law::Earlier { id: Some(a), .. },
            Law::Known(b) | Law::Earlier { id: Some(b), .. },
        ) => a == b,
        _ => false,
    }
}

/// What names of laws end with, longer ones first.
pub(super) const LAW_ENDS: [&str; 9] =
    ["实施细则", "条例", "办法", "规定", "细则", "解释", "规则", "规程", "法"];
/// Words that end like names of laws.
pub(super) const NO_LAWS: [&str; 28] = [
    "做法", "方法", "说法", "看法", "想法", "用法", "写法", "司法", "执法", "违法", "合法", "非法", "依法",
    "立法", "无法", "手法", "算法", "普法", "守法", "枉法", "犯法", "不法", "书法", "魔法", "适法", "释法",
    "修法", "语法",
];

/// Whether a character can be part of a name.
pub(super) fn is_word(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '〇')
}

/// Bytes of the words before a name that are no part of it: 依照, 违反, 和.
pub(super) fn strip_lead(words: &str) -> usize {
    const LEADS: [&str; 49] = [
        "年", "依照", "依据", "根据", "按照", "违反", "适用", "参照", "援引", "引用", "符合", "属于", "以及",
        "或者", "认为", "遵守", "执行", "触犯", "对照", "和", "及", "与", "或", "对", "在", "由", "按", "依",
        "据", "的", "是", "为", "以", "现行", "我国", "国家", "新", "旧", "原", "上述", "用", "照", "犯",
        "到", "于", "将", "把", "即", "查",
    ];
    const STATE: &str = "中华人民共和国";
    let mut from = 0;
    for (i, _) in words.char_indices() {
        // The name of the state holds 和.
        if words.get(i..).is_some_and(|t| t.starts_with(STATE)) {
            return i;
        }
        if let Some(lead) = LEADS
            .iter()
            .filter(|l| words.get(i..).is_some_and(|t| t.starts_with(**l)))
            .max_by_key(|l| l.len())
        {
            from = from.max(i + lead.len());
        }
    }
    if from >= words.len() { 0 } else { from }
}

/// Whether words end with the name of a document that is no law.
pub(super) fn is_document(words: &str) -> bool {
    DOCUMENTS.iter().any(|d| words.ends_with(d)) && {
        // 《关于…的意见》 in marks is a document that may be cited; its own 意见 alone is not.
        let marked = words.starts_with("关于")
            || words.contains("关于") && words.ends_with(['见', '知', '复', '函', '案', '告']);
        !marked
    }
}

/// Where a title ends and where its mark closes, counted from behind the opening mark; nested marks are allowed.
pub(super) fn closing(inner: &str, open: &str) -> Option<(usize, usize)> {
    let close = match open {
        "《" => '》',
        "〈" => '〉',
        "＜" => '＞',
        "「" => '」',
        "『" => '』',
        _ => '>',
    };
    let opening = open.chars().next()?;
    let mut depth = 0;
    for (i, c) in inner.char_indices() {
        if c == opening {
            depth += 1;
        } else if c == close {
            if depth == 0 {
                return Some((i, i + c.len_utf8()));
            }
            depth -= 1;
        } else if c == '\n' && depth == 0 && i > 200 || c == '。' && open == "<" {
            return None;
        }
        if i > LONGEST_TITLE {
            break;
        }
    }
    None
}

/// Whether words between single marks are the title of a law.
pub(super) fn is_law_title(title: &str) -> bool {
    title.chars().count() >= 2
        && title.chars().any(is_word)
        && LAW_ENDS
            .iter()
            .chain(&["决定", "通知", "意见", "批复", "宪法"])
            .any(|k| title.trim_end().ends_with(k))
}

/// Whether a title was blacked out: 《》, 《×××》, 《××条例》.
pub(super) fn is_lost(title: &str) -> bool {
    let redacted = |c: char| {
        matches!(
            c,
            '×' | '＊'
                | '*'
                | '□'
                | '■'
                | '▇'
                | '█'
                | '_'
                | '＿'
                | '○'
                | '●'
                | '…'
                | '？'
                | '?'
                | '╳'
                | '✕'
                | '※'
        )
    };
    let inner = title.trim();
    inner.is_empty()
        || inner.contains(redacted)
        || inner.contains("XX")
        || inner.contains("xx")
        || inner.contains("ＸＸ")
        || inner.chars().all(|c| matches!(c, '某' | 'X' | 'x' | '.' | '。' | ' '))
}

/// A year of revision in brackets: （2017年修正）, (2007).
pub(super) fn years_in(text: &str) -> Option<u32> {
    let open = text.rfind(['（', '(', '[', '〔'])?;
    let inside = text.get(open..)?.trim_start_matches(['（', '(', '[', '〔']);
    let digits: String = inside.chars().take_while(char::is_ascii_digit).collect();
    let year = (digits.len() == 4)
        .then(|| digits.parse::<u32>().ok())
        .flatten()
        .filter(|y| (1949..2100).contains(y))?;
    let tail = inside.get(4..)?;
    // 〔2018〕1号 is the number of a document, not a version.
    let version = tail.starts_with(['年', '）', ')', '修', '版', '-', '.']);
    (version && !text.get(open..)?.starts_with(['〔', '['])).then_some(year)
}

/// A decree number after a name: 国务院令第711号, 法释〔2018〕1号; its length.
pub(super) fn decree(rest: &str) -> Option<(usize, Option<u32>)> {
    let mut signed = false;
    for (i, c) in rest.char_indices().take(40) {
        match c {
            '令' | '〔' | '[' | '［' => signed = true,
            '号' if signed => {
                let end = i + c.len_utf8();
                // 第1号令
                let end = if rest.get(end..).is_some_and(|t| t.starts_with('令')) {
                    end + '令'.len_utf8()
                } else {
                    end
                };
                return Some((end, None));
            }
            '，' | '。' | '；' | '、' | '：' | '《' | '\n' | '条' | '款' => return None,
            _ => {}
        }
    }
    None
}

/// 2019年修订 between name and article; its length and the year.
pub(super) fn revision(rest: &str) -> Option<(usize, Option<u32>)> {
    let digits = rest.get(..4).filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
    let after = rest.get(4..)?.strip_prefix('年')?;
    let word = ["修订版", "修正版", "修订", "修正", "版", "修改"].iter().find(|w| after.starts_with(**w))?;
    let end = rest.len() - after.len() + word.len();
    let end =
        if rest.get(end..).is_some_and(|t| t.starts_with("的第")) { end + '的'.len_utf8() } else { end };
    Some((end, digits.parse().ok()))
}

/// 合同编 between 民法典 and its article; its length.
pub(super) fn book(rest: &str) -> Option<(usize, Option<u32>)> {
    const BOOKS: [&str; 7] = ["总则编", "物权编", "合同编", "人格权编", "婚姻家庭编", "继承编", "侵权责任编"];
    BOOKS.iter().find(|b| rest.starts_with(**b)).map(|b| (b.len(), None))
}
