//! The pages that the handbook makes from tables and lists: what they are called and where they stand.

/// A page that nobody writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Generated {
    /// Its path below the source folder, without ending.
    pub path: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Anchor of its title, and the beginning of its other anchors.
    pub anchor: &'static str,
    /// Words to find it by.
    pub keywords: &'static [&'static str],
}

/// Terms, remedies and fees.
pub const TERMS: Generated = Generated {
    path: "terms",
    title: "期限、救济、收费一览",
    anchor: "terms",
    keywords: &["期限一览", "期限一览表", "期限表", "收费标准表"],
};

/// The way from a request to the reply.
pub const DECIDE: Generated = Generated {
    path: "decide",
    title: "一步一步定答复",
    anchor: "decide",
    keywords: &["该用哪种答复", "用哪种文书", "答复类型", "定答复"],
};

/// The words of the field.
pub const GLOSSARY: Generated = Generated {
    path: "glossary",
    title: "术语",
    anchor: "glossary",
    keywords: &["术语表", "名词解释", "词汇表"],
};

/// Which pages cite an article.
pub const ARTICLES: Generated = Generated {
    path: "articles",
    title: "按条文索引",
    anchor: "articles",
    keywords: &["条文索引", "法条索引"],
};

/// What there is on an outcome.
pub const OUTCOMES: Generated = Generated {
    path: "cases/by-outcome",
    title: "按答复情形索引",
    anchor: "outcomes",
    keywords: &["情形索引", "答复情形"],
};

/// Which pages name a keyword.
pub const KEYWORDS: Generated =
    Generated {
        path: "keywords", title: "按关键词索引", anchor: "keywords", keywords: &["关键词索引"]
    };

/// What changed, and when each page was checked.
pub const CHANGES: Generated = Generated {
    path: "changes",
    title: "更新说明和核对日期",
    anchor: "changes",
    keywords: &["更新记录", "修改记录"],
};

/// The laws.
pub const LAWS: Generated = Generated {
    path: "laws/index",
    title: "法律法规",
    anchor: "laws",
    keywords: &["法规目录", "法律法规目录", "法规汇编"],
};

/// The policies.
pub const POLICIES: Generated = Generated {
    path: "policies/index",
    title: "政策文件",
    anchor: "policies",
    keywords: &["政策目录", "政策汇编"],
};

/// The letters.
pub const LETTERS: Generated = Generated {
    path: "letters/index",
    title: "参考文书（按情形）",
    anchor: "letters",
    keywords: &["文书目录", "文书模板", "答复书模板", "文书范本", "格式文书"],
};

/// The cases.
pub const CASES: Generated = Generated {
    path: "cases/index",
    title: "典型案例（按类型）",
    anchor: "cases",
    keywords: &["案例目录", "案例汇编", "典型案例"],
};

/// The questions.
pub const QUESTIONS: Generated = Generated {
    path: "questions/index",
    title: "法律问题解析",
    anchor: "questions",
    keywords: &["问答目录", "问题目录"],
};

/// The quizzes.
pub const QUIZZES: Generated = Generated {
    path: "quiz/index",
    title: "学习自测",
    anchor: "quiz",
    keywords: &["自测题", "练习题", "测试题", "考试题"],
};

/// The drills.
pub const DRILLS: Generated =
    Generated {
        path: "drills/index", title: "演练", anchor: "drills", keywords: &["演练目录", "演练题"]
    };

/// All of them.
pub const GENERATED: [Generated; 14] = [
    DECIDE, TERMS, LAWS, POLICIES, LETTERS, CASES, QUESTIONS, QUIZZES, DRILLS, ARTICLES, OUTCOMES, KEYWORDS,
    GLOSSARY, CHANGES,
];
