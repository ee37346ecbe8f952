//! What a letter of its kind must say, and what no letter may say any more.

use super::Review;
use super::anatomy::{Kind, told, told_sentences};
use super::read::Zone;
use super::remedies::is_remedy;
use super::scan::{any, dates, head, numbers, places, sentence_at, spans, tail};
use crate::calendar::Date;
use crate::citation::Law;
use std::ops::Range;

const NOT_YET: [&str; 4] = ["不视为", "不是视为", "并非视为", "不得视为"];

impl Review<'_> {
    pub(super) fn content(&mut self) {
        self.silence();
        self.old_rules();
        match self.anatomy.kind {
            Kind::Reply => self.reply_says(),
            Kind::Correction => self.correction_says(),
            _ => {}
        }
    }

    fn reply_says(&mut self) {
        let grounds = self.grounds();
        self.withheld_list();
        if grounds.contains("not-exist") {
            self.search();
        }
        if grounds.contains("refuse") {
            self.refusal_reason();
        }
        if grounds.contains("not-responsible") {
            self.not_responsible_reason();
        }
        if grounds.contains("repeat-request") && !self.own_texts().iter().any(|(_, t)| !numbers(t).is_empty())
        {
            let at = self.place_of(&["第（六）项", "重复处理"]);
            self.whole("earlier-reply", at, "没有写前次答复的文号");
        }
    }

    /// The letter's own paragraphs, without remedies.
    fn own_texts(&self) -> Vec<(usize, String)> {
        let own = self.anatomy.own.iter().map(|at| (*at, told(self.text(*at))));
        own.filter(|(_, t)| !is_remedy(t) && !t.starts_with("申请行政复议")).collect()
    }

    /// The last own paragraph with one of the words.
    fn place_of(&self, words: &[&str]) -> usize {
        let found = self.anatomy.own.iter().rev().find(|at| any(self.text(**at), words));
        found.copied().unwrap_or_else(|| self.head())
    }

    // Third parties

    fn silence(&mut self) {
        if matches!(self.anatomy.kind, Kind::ConsultAgency | Kind::Other) {
            return;
        }
        for at in self.anatomy.own.clone() {
            let text = told(self.text(at));
            for verb in places(&text, &["视为", "视同", "默认"]) {
                let behind = head(&text, verb.end, 9);
                let said = any(behind, &["同意", "无意见", "没有意见", "无异议"]);
                let sentence = text.get(sentence_at(&text, verb.start)).unwrap_or_default().to_owned();
                let denied = any(&sentence, &NOT_YET) || any(tail(&text, verb.start, 3), &["不", "非"]);
                let producer = any(&sentence, &["第三十四条", "共同制作"]);
                if said && !denied && !producer {
                    let end = verb.end + behind.find(['，', '。', '、']).unwrap_or(behind.len());
                    self.at("silence-consent", (at, verb.start..end), "把没有回音写成了同意或者不同意");
                }
            }
        }
    }

    // Rules that no longer hold

    fn old_rules(&mut self) {
        for at in 0..self.reviewed.paragraphs.len() {
            let seen = self.reviewed.paragraphs.get(at).is_some_and(|p| p.zone != Zone::Unseen);
            if !seen || self.anatomy.quoted.contains(&at) {
                continue;
            }
            let text = told(self.text(at));
            for (range, sentence) in
                super::scan::sentences(&text).into_iter().filter_map(|r| Some((r.clone(), text.get(r)?)))
            {
                self.old_words(at, range.start, sentence);
            }
            self.old_article(at);
        }
    }

    fn old_words(&mut self, at: usize, start: usize, sentence: &str) {
        for (words, hint) in self.old_of(sentence) {
            let range: Range<usize> = sentence.find(&words).map_or(0..sentence.len(), |i| i..i + words.len());
            let range = start + range.start..start + range.end;
            self.at("old-rule", (at, range), format!("「{words}」是已经不用的规则"));
            self.hint(hint);
        }
    }

    fn old_of(&self, sentence: &str) -> Vec<(String, &'static str)> {
        let mut all: Vec<(String, &'static str)> = vec![];
        let denied = any(
            sentence,
            &[
                "不以",
                "无需",
                "无须",
                "不再要求",
                "不需要",
                "删去",
                "删除",
                "不得以",
                "不要求",
                "不收",
                "不得收",
                "不再收",
                "免收",
            ],
        );
        let needs = sentence.contains("特殊需要")
            || sentence.contains("需要") && any(sentence, &["生产生活科研", "生产、生活、科研"]);
        if needs && !denied {
            let words = if sentence.contains("特殊需要") { "特殊需要" } else { "需要" };
            all.push((words.to_owned(), "2019年修订的条例删去了“生产、生活、科研等特殊需要”，不能以用途作理由（《政府信息公开条例》第二十七条）"));
        }
        if !matches!(self.anatomy.kind, Kind::ConsultAgency | Kind::ConsultThird | Kind::ConsultNotice) {
            all.extend(
                old_term(sentence)
                    .map(|w| (w, "答复期限是20个工作日（《政府信息公开条例》第三十三条第二款）")),
            );
        }
        let charge = any(sentence, &["收取", "缴纳", "交纳", "支付", "收费", "付"]);
        let fees = ["成本费", "工本费", "检索费", "复制费", "邮寄费"];
        if charge
            && !denied
            && let Some(word) = fees.iter().find(|w| sentence.contains(**w))
        {
            all.push(((*word).to_owned(), "依申请提供不收成本费；数量、频次明显超过合理范围的，收信息处理费（《政府信息公开条例》第四十二条）"));
        }
        if let Some(at) = sentence.find("法释")
            && self.since(2025, 6, 1)
        {
            let words = head(sentence, at, 12);
            if words.contains("2011") && words.contains("17号") && !any(sentence, &["取代", "废止"]) {
                all.push(("法释".to_owned(), "法释〔2011〕17号已经由法释〔2025〕8号取代（2025年6月1日起）"));
            }
        }
        for found in places(sentence, &["不予受理"]) {
            if !any(tail(sentence, found.start, 24), &["复议", "法院", "裁定"]) {
                all.push(("不予受理".to_owned(), "条例没有“受理”这一步，写不予处理、不予公开等具体的情形"));
                break;
            }
        }
        all
    }

    fn since(&self, year: i16, month: i8, day: i8) -> bool {
        let first = Date::of(year, month, day);
        self.anatomy.date.is_none_or(|date| first.is_some_and(|first| date >= first))
    }

    /// 反不正当竞争法第九条: the definition of a trade secret stood there until 2025-10-14.
    fn old_article(&mut self, at: usize) {
        if !self.since(2025, 10, 15) {
            return;
        }
        for found in self.anatomy.citations.get(at).cloned().unwrap_or_default() {
            let competition = match &found.law {
                Some(Law::Known(id)) => {
                    self.corpus.names.title(id).is_some_and(|t| t.ends_with("反不正当竞争法"))
                }
                _ => false,
            };
            if competition && found.provisions().iter().any(|p| p.article == 9) {
                self.at("old-rule", (at, found.range), "商业秘密的定义不在第九条了");
                self.hint("2025年修订、2025年10月15日起施行的《反不正当竞争法》，商业秘密的定义在第十条");
            }
        }
    }

    // Replies

    /// 条例第三十七条: each withheld part with article and reason.
    fn withheld_list(&mut self) {
        let titled = self.anatomy.title.iter().any(|at| self.text(*at).contains("部分公开"));
        let own = self.own_texts();
        let decided = own.iter().any(|(_, t)| any(t, &["决定部分公开", "予以部分公开", "部分公开的决定"]));
        if !titled && !decided {
            return;
        }
        let mut listed = false;
        let mut columns: Option<(String, usize, usize)> = None;
        for (at, _) in &own {
            let Some(paragraph) = self.reviewed.paragraphs.get(*at).filter(|p| p.zone == Zone::Row) else {
                continue;
            };
            let cells: Vec<String> = paragraph.text.split('｜').map(|c| c.trim().to_owned()).collect();
            let table = paragraph.place.split('第').next().unwrap_or_default().to_owned();
            let column = |word: &str| cells.iter().position(|c| c.contains(word) && c.chars().count() <= 8);
            if let (Some(law), Some(reason)) = (column("依据"), column("理由")) {
                columns = Some((table, law, reason));
                continue;
            }
            let Some((_, law, reason)) = columns.clone().filter(|(known, _, _)| *known == table) else {
                continue;
            };
            listed = true;
            let cell = |i: usize| cells.get(i).map_or("", String::as_str);
            if !any(cell(law), &["第十四条", "第十五条", "第十六条", "第三十七条", "不属于政府信息"])
            {
                self.whole("withheld-list", *at, "不公开的这一项没有写依据的条款");
            }
            if cell(reason).is_empty() {
                self.whole("withheld-list", *at, "不公开的这一项没有写理由");
            }
        }
        let told = own.iter().any(|(_, t)| {
            any(t, &["第十四条", "第十五条", "第十六条", "不属于政府信息"])
                && any(t, &["属于", "涉及", "因", "影响", "损害", "理由", "可能"])
        });
        if !listed && !told {
            let at = self.place_of(&["部分公开", "不予公开"]);
            self.whole("withheld-list", at, "没有列出不公开的内容、依据和理由");
        }
    }

    fn search(&mut self) {
        let verbs = ["检索", "查找", "查阅", "查询", "搜索", "翻阅", "查档"];
        let where_ = [
            "档案",
            "系统",
            "科室",
            "库",
            "目录",
            "台账",
            "平台",
            "纸质",
            "全文",
            "关键词",
            "柜",
            "处室",
            "部门",
            "电子",
            "归档",
            "收发文",
        ];
        let own = self.own_texts();
        let sentences: Vec<String> =
            own.iter().flat_map(|(at, _)| told_sentences(self.text(*at))).map(|(_, t)| t).collect();
        let searched = sentences.iter().any(|s| any(s, &verbs));
        if searched && sentences.iter().any(|s| any(s, &verbs) && any(s, &where_)) {
            return;
        }
        let at = self.place_of(&["不存在", "没有你申请", "未制作"]);
        if searched {
            self.whole("search-missing", at, "只说“经检索”，没有写在哪里、怎样检索");
            self.soften();
        } else {
            self.whole("search-missing", at, "没有写检索的经过就说信息不存在");
        }
    }

    fn refusal_reason(&mut self) {
        let formulas = [
            "属于不予公开的政府信息",
            "属于不予公开的信息",
            "属于不予公开范围",
            "属于不予公开的范围",
            "属于不予公开情形",
            "理由如下",
            "公开与不公开的影响",
            "事实和理由",
        ];
        let markers = [
            "因",
            "由于",
            "鉴于",
            "理由",
            "属于",
            "涉及",
            "系",
            "可能",
            "危及",
            "损害",
            "影响",
            "确定为",
            "公开会",
        ];
        let mut said = 0;
        for (at, _) in self.own_texts() {
            for (_, sentence) in told_sentences(self.text(at)) {
                let bare = formulas.iter().fold(sentence.clone(), |t, f| t.replace(f, ""));
                let decides = any(&bare, &["依据", "根据", "依照", "按照"]) && bare.contains("不予公开");
                let opening = bare.contains("收到") && bare.contains("申请");
                let why = any(&bare, if decides { &["因", "由于", "鉴于"] } else { &markers });
                if why && !opening && bare.chars().count() >= 12 {
                    said += 1;
                }
            }
        }
        if said == 0 {
            let at = self.place_of(&["不予公开"]);
            self.whole("reason-missing", at, "只写了不予公开，没有说明理由");
        }
    }

    fn not_responsible_reason(&mut self) {
        let reasons = [
            "制作", "职责", "职能", "职权", "划", "实施", "保存", "参与", "管辖", "办理", "获取", "移交",
            "牵头", "主管", "形成",
        ];
        let contact = [
            "负责公开",
            "联系方式",
            "电话",
            "提出申请",
            "另行",
            "提出",
            "收到",
            "提交方式",
            "咨询",
            "获取该信息",
        ];
        let said = self.own_texts().iter().any(|(at, _)| {
            let text = told(self.text(*at));
            text.split(['，', '。', '；', '：']).any(|clause| any(clause, &reasons) && !any(clause, &contact))
        });
        if !said {
            let at = self.place_of(&["不由本机关", "不属于本机关", "第（五）项"]);
            self.whole("reason-missing", at, "只写了不属于本机关负责，没有说明理由");
        }
    }

    // Corrections

    fn correction_says(&mut self) {
        let own = self.own_texts();
        let sentences: Vec<String> =
            own.iter().flat_map(|(at, _)| told_sentences(self.text(*at))).map(|(_, t)| t).collect();
        let whole = sentences.concat();
        let term = sentences.iter().any(|s| {
            let day = dates(s).iter().any(|d| head(s, d.range.end, 4).contains('前'));
            (day || spans(s).iter().any(|p| head(s, p.range.end, 3).contains('内')))
                && any(s, &["补正", "提交", "寄", "送", "补充"])
        });
        let at = self.place_of(&["补正"]);
        if !term {
            self.whole("correction-incomplete", at, "没有写补正的期限");
        }
        if !any(&whole, &["视为放弃", "不再处理"]) {
            self.whole("correction-incomplete", at, "没有写逾期不补正的后果");
        }
        let later = any(&whole, &["另行通知", "另行告知", "再行告知"]) && whole.contains("补正");
        if !any(&whole, &["一次性", "全部事项", "一并"]) || later && !whole.contains("一次性") {
            self.whole("correction-incomplete", at, "看不出是一次性告知了全部补正事项");
            self.soften();
        }
    }
}

/// 15个工作日内答复: the term of the regulation of 2007.
fn old_term(sentence: &str) -> Option<String> {
    let found = places(sentence, &["15个工作日", "十五个工作日", "15个工作日", "15 个工作日"])
        .into_iter()
        .find(|range| {
            let behind = head(sentence, range.end, 12);
            let lead = tail(sentence, range.start, 12);
            let answers = any(behind, &["答复", "回复你", "回复您"])
                || any(
                    lead,
                    &["答复期限是", "答复期限为", "收到申请之日起", "收到你的申请之日起", "办理期限为"],
                );
            answers && !any(sentence, &["第三方", "征求", "意见", "延长", "补正"])
        })?;
    sentence.get(found).map(str::to_owned)
}
