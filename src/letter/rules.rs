//! What a finished letter must be, whatever template and answers made it: the rules of the field, checked on the text
//! that would go out.
//!
//! Each rule says where it comes from. A letter that breaks one is not made.

use super::block::{Block, Letter};
use super::replies;
use super::request::{Answer, Request, fields};
use crate::calendar::{Date, MakeUp};
use crate::citation;
use crate::clock::Quick;
use crate::corpus::{
    Clause, Corpus, DocumentKind, Entry, FeeMethod, Parameter, ParameterType, Unit, review_body_mistake,
};
use crate::fee;
use crate::remedy;
use crate::text::{Diagnostic, Place, Report};

/// Reports every rule that the letter breaks.
pub(super) fn audit(corpus: &Corpus, request: &Request, letter: &Letter, report: &mut Report) {
    let Some(clause) = corpus.clauses.get(&request.letter) else { return };
    let replies = replies::of(request);
    let mut sections = sections(letter, replies.len());
    let all: Vec<String> = sections.concat();
    // A letter without items is one section.
    let frame = if replies.is_empty() { all.clone() } else { sections.remove(0) };
    let mut audit = Audit { corpus, request, clause, paragraphs: all, report };
    audit.remedies();
    audit.bodies();
    audit.number();
    audit.redone();
    audit.paragraphs = frame;
    audit.content();
    for (reply, paragraphs) in replies.iter().zip(sections) {
        let Some(clause) = corpus.clauses.get(&reply.letter) else { continue };
        let alone = replies::alone(request, reply);
        Audit { corpus, request: &alone, clause, paragraphs, report }.content();
    }
}

struct Audit<'a> {
    corpus: &'a Corpus,
    request: &'a Request,
    clause: &'a Entry<Clause>,
    /// The letter's own words, without what it copies from the applicant.
    paragraphs: Vec<String>,
    report: &'a mut Report,
}

/// The words of the letter: what stands before its first item, then those of each item. Without items it is one section;
/// the last one goes on to the end.
fn sections(letter: &Letter, items: usize) -> Vec<Vec<String>> {
    let mut sections = vec![vec![]];
    if items == 1 {
        sections.push(vec![]);
    }
    for block in &letter.blocks {
        let next = format!(
            "{}、关于{}申请",
            replies::number(sections.len() - 1),
            replies::ordinal(sections.len() - 1)
        );
        if items > 1 && matches!(block, Block::Heading(text) if *text == next) {
            sections.push(vec![]);
        }
        if let Some(section) = sections.last_mut() {
            section.extend(paragraphs(block));
        }
    }
    sections
}

fn paragraphs(block: &Block) -> Vec<String> {
    let mut all = vec![];
    match block {
        Block::Title(text)
        | Block::Addressee(text)
        | Block::Paragraph(text)
        | Block::Heading(text)
        | Block::Subheading(text)
        | Block::Note(text) => all.push(text.clone()),
        Block::Table { head, rows } => {
            all.push(head.join("；"));
            all.extend(rows.iter().map(|row| row.join("；")));
        }
        // A cell holds one field: what the applicant wrote stands in it alone.
        Block::Form { rows, .. } => {
            let cells = rows.iter().flat_map(|row| &row.cells);
            all.extend(cells.flat_map(|cell| cell.text.lines()).map(str::to_owned));
        }
        Block::Attachments(names) => all.extend(names.iter().cloned()),
        Block::Number(_) | Block::Signature { .. } => {}
    }
    all
}

impl<'a> Audit<'a> {
    /// What one answer says, by itself.
    fn content(&mut self) {
        self.special_inquiry();
        self.partial();
        self.correction();
        self.case_answer();
        self.extension();
        self.consultation();
        self.silence();
        self.not_government();
        self.fee();
        self.holidays();
        self.repealed();
    }

    /// What a review or a judgment ordered is done in the time it set (行政复议法第七十七条; 行政诉讼法第七十一条 for what the
    /// new reply may say).
    fn redone(&mut self) {
        let (Some(date), Some(due)) = (self.date("date"), self.date("ordered_deadline")) else { return };
        if date > due {
            let message = format!("落款 {date} 晚于决定书、判决书要求的期限 {due}");
            let hint = "先核对日期；已经超过期限的，尽快作出并与复议机关、人民法院沟通";
            let diagnostic = self.diagnostic("late-redone", "date", message);
            self.report.push(diagnostic.warning().hint(hint));
        }
    }

    /// Where an answer stands, or the template.
    fn place(&self, field: &str) -> Place {
        let template = || Place::new(&self.clause.path, self.clause.body.clone());
        self.request.places.get(field).cloned().unwrap_or_else(template)
    }

    /// An answer breaks a rule of the catalogue that `review` has.
    fn broken(&mut self, rule: &'static str, field: &str, message: String, hint: &str) {
        let diagnostic = self.diagnostic(rule, field, message);
        self.report.push(diagnostic.hint(hint));
    }

    /// Its code is the rule's id, so that `gongkai explain` knows it.
    fn diagnostic(&self, rule: &'static str, field: &str, message: String) -> Diagnostic {
        Diagnostic { code: rule, ..Diagnostic::error("letter-rule", self.place(field), message) }
    }

    fn text(&self, field: &str) -> Option<&'a str> {
        match self.request.answers.get(field) {
            Some(Answer::Text(text)) => Some(text),
            _ => None,
        }
    }

    fn date(&self, field: &str) -> Option<Date> {
        match self.request.answers.get(field) {
            Some(Answer::Date(date)) => Some(*date),
            _ => None,
        }
    }

    fn fields(&self) -> Vec<&'a Parameter> {
        fields(self.corpus, &self.clause.header)
    }

    fn outcome(&self) -> &'a str {
        &self.clause.header.outcome
    }

    /// The letter's own paragraphs: those that are not what the applicant wrote.
    fn own(&self) -> Vec<String> {
        let parts = replies::parts(self.corpus, self.request);
        let quoted: Vec<&str> = parts
            .iter()
            .flat_map(|part| part.fields.iter().filter(|p| p.quoted).map(|p| part.answers.get(&p.name)))
            .filter_map(|answer| match answer {
                Some(Answer::Text(text)) => Some(text.as_str()),
                _ => None,
            })
            .flat_map(str::lines)
            .collect();
        let own = |p: &&String| !quoted.iter().any(|q| q.trim() == p.trim());
        self.paragraphs.iter().filter(own).cloned().collect()
    }

    /// Rule 1: what is refused under 条例第十四至十六条 goes to review first from 2024 on, and its sentence offers no
    /// direct suit; every other remedy never says 先. Rule 12: on the law of the day of the letter.
    fn remedies(&mut self) {
        let asked = self.request.asked(self.corpus);
        let expected = replies::contested(self.corpus, self.request);
        let several = !replies::of(self.request).is_empty();
        let all = remedy::paragraphs(&self.corpus.rules, &expected, asked).unwrap_or_default();
        let own = self.own();
        let mut known: Vec<&String> = vec![];
        for (found, subject) in &all {
            if found.wording.text.is_empty() {
                continue;
            }
            let subject = if several { replies::joined(subject) } else { subject.clone() };
            let Some(text) = own.iter().find(|p| p.starts_with(&format!("如对{subject}不服"))) else {
                let hint = "救济告知在 book/rules/remedy.toml，由框架里的 {{> remedy}} 印出";
                self.broken("remedy-missing", "date", format!("没有写对{subject}不服怎样救济"), hint);
                continue;
            };
            known.push(text);
            let first = text.contains("先申请行政复议") || text.contains("先复议");
            let direct = text.contains("直接") && text.contains("诉讼");
            if found.class.id == "review-first" && (!first || direct) {
                let hint = "依《政府信息公开条例》第十四条、第十五条、第十六条不予公开的，先复议，不能写成任选（《行政复议法》第二十三条）";
                self.broken("remedy-class", "date", format!("对{subject}的救济没有写成先复议"), hint);
            }
            if found.class.id != "review-first" && first {
                let hint = "只有依《政府信息公开条例》第十四条、第十五条、第十六条不予公开的才先复议";
                self.broken("remedy-class", "date", format!("对{subject}的救济写成了先复议"), hint);
            }
        }
        // What stays in the agency, and an answer to a review or a suit, speak of remedies and tell nobody of one.
        if self.corpus.kind(&self.clause.header) != DocumentKind::Letter
            || ["review-reply", "suit-defence"].contains(&self.outcome())
        {
            return;
        }
        self.named_court(&all, &own);
        for text in own.iter().filter(|p| !known.contains(p)) {
            let remedy = ["申请行政复议", "提起行政诉讼", "向人民法院起诉"].iter().any(|w| text.contains(w));
            let promise = text.contains("不服") || text.contains("60日") || text.contains("6个月");
            if remedy && promise {
                let hint = "救济告知只能来自 book/rules/remedy.toml；答复的内容里不要另写复议、诉讼的期限";
                let field = self.holding(text);
                self.broken("remedy-own-words", &field, "另外写了一段救济告知".to_owned(), hint);
            }
        }
    }

    /// Rule 1 again: who is sent to review first is not told a court: which one has jurisdiction follows from what becomes
    /// of the review (行政诉讼法第十八条第一款、第二十六条第二款).
    fn named_court(&mut self, remedies: &[(remedy::Remedy<'_>, String)], own: &[String]) {
        if !remedies.iter().any(|(found, _)| found.class.id == "review-first") {
            return;
        }
        let named = |sentence: &str| {
            ["省", "市", "区", "县", "旗", "州", "级", "运输"].iter().any(|before| {
                sentence.contains(&format!("{before}人民法院")) || sentence.contains(&format!("{before}法院"))
            })
        };
        for text in own.iter().filter(|p| p.contains("不服")) {
            if text.split(['。', '；']).any(|s| (s.contains("起诉") || s.contains("诉讼")) && named(s))
            {
                let hint = "先复议的，复议以后由哪个法院管辖随复议结果变，只写“有管辖权的人民法院”";
                let field = self.holding(text);
                self.broken("remedy-court", &field, "先复议的文书写了具体的法院".to_owned(), hint);
            }
        }
    }

    /// The field whose answer holds a text.
    fn holding(&self, text: &str) -> String {
        let holds = |answer: &Answer| match answer {
            Answer::Text(t) => t.lines().any(|line| !line.trim().is_empty() && text.contains(line.trim())),
            Answer::List(all) => all.iter().any(|t| text.contains(t.as_str())),
            Answer::Rows(rows) => rows.iter().flat_map(|r| r.values()).any(|t| text.contains(t.as_str())),
            Answer::Date(_) | Answer::Count(_) | Answer::Replies(_) => false,
        };
        // The longest answer is the most telling.
        let found = self
            .request
            .answers
            .iter()
            .filter(|(name, a)| self.request.places.contains_key(*name) && holds(a));
        let length = |a: &Answer| if let Answer::Text(t) = a { t.len() } else { 0 };
        found.max_by_key(|(_, a)| length(a)).map(|(name, _)| name.clone()).unwrap_or_default()
    }

    /// Rule 8: who hears the review, by kind of organ (行政复议法第二十四至二十八条).
    fn bodies(&mut self) {
        let Some(body) = self.text("review_body") else { return };
        let Some(date) = self.date("date") else { return };
        let organ = self.request.organ.as_deref().and_then(|o| self.corpus.rules.remedies.organ(o));
        if let Some((message, hint)) = review_body_mistake(organ, body, date) {
            self.broken("review-body", "review_body", message, &hint);
        }
    }

    /// Rule 2: 条例第三十六条第（七）项 needs a law or an administrative regulation; a ministry's rules are not enough.
    fn special_inquiry(&mut self) {
        if self.outcome() != "special-inquiry" && self.outcome() != "refuse-prohibited-by-law" {
            return;
        }
        let mut laws = vec![];
        for paragraph in self.own() {
            for found in citation::find(&paragraph, &self.corpus.names, &citation::Context::default()) {
                laws.extend(found.law.as_ref().map(|law| self.title(law)));
            }
        }
        let other = |title: &&String| {
            !title.contains("政府信息公开条例")
                && !title.contains("行政复议法")
                && !title.contains("行政诉讼法")
        };
        let high = |title: &&String| {
            let law = (title.ends_with('法') && !title.ends_with("办法")) || title.ends_with("法典");
            law || (title.ends_with("条例") && !is_local(title))
        };
        let mut others = laws.iter().filter(other).peekable();
        if others.peek().is_none() || !others.any(|t| high(&t)) {
            let hint = "写明是哪部法律或者行政法规的第几条，例如《不动产登记暂行条例》第二十七条；地方性法规、规章、规范性文件都不够（《政府信息公开条例》第十四条、第三十六条第（七）项）";
            self.broken("special-law", "", "没有写出法律、行政法规的具体条文".to_owned(), hint);
        }
    }

    fn title(&self, law: &citation::Law) -> String {
        match law {
            citation::Law::Known(id) => {
                self.corpus.laws.get(id).map_or_else(String::new, |e| e.header.title.clone())
            }
            citation::Law::Unknown(title) => title.clone(),
            citation::Law::Earlier { name, .. } => name.clone(),
            citation::Law::Lost => String::new(),
        }
    }

    /// Rule 3: what is withheld is listed, each with article and reason (条例第三十七条).
    fn partial(&mut self) {
        if self.outcome() != "grant-in-part" {
            return;
        }
        let Some(Answer::Rows(rows)) = self.request.answers.get("withheld") else { return };
        for row in rows {
            let ground = row.get("ground").map(String::as_str).unwrap_or_default();
            // 《条例》第十六条第一款: nothing but our regulation and the place.
            let place = match ground.split_once('》') {
                Some((law, place))
                    if law.ends_with("条例") && (law.ends_with("《条例") || law.contains("政府信息公开")) =>
                {
                    place
                }
                Some(_) => "",
                None => ground,
            };
            let allowed = ["第十四条", "第十五条", "第十六条第一款", "第十六条第二款"];
            if !allowed.contains(&place.trim()) {
                let message =
                    format!("不予公开的依据「{ground}」不是第十四条、第十五条、第十六条第一款或者第二款");
                let hint = "写《条例》第十四条、第十五条、第十六条第一款或者第十六条第二款；因为不属于政府信息而不提供的，另用文书（救济不同）";
                self.broken("withheld-list", "withheld", message, hint);
            }
        }
    }

    /// A term that the letter states, counted again.
    fn counted(&self, count: u32, extend: u32) -> Option<Date> {
        let received = self.date("received_date")?;
        let question = Quick {
            received,
            count,
            unit: Unit::Workday,
            extend,
            suspended: vec![],
            corrected: self.date("corrected_date"),
        };
        question.answer(&self.corpus.rules.calendar, self.make_up(), false).deadline
    }

    fn make_up(&self) -> MakeUp {
        let skip = self.request.choices.get("make-up-days").is_some_and(|c| c == "skip");
        if skip { MakeUp::Skip } else { MakeUp::Count }
    }

    /// Rule 4: 补正 is asked for within seven working days, once (条例第三十条).
    fn correction(&mut self) {
        if self.outcome() != "correction-notice" {
            return;
        }
        let term = self.corpus.rules.terms.term("correction-notice").map_or(7, |t| t.count);
        if let (Some(date), Some(last)) = (self.date("date"), self.counted(term, 0))
            && date > last
        {
            // The regulation does not forbid a late one; what it does to the term is open.
            let message = format!("补正告知 {date} 已经超过7个工作日（最晚 {last}）");
            let hint = "《政府信息公开条例》第三十条要求自收到申请之日起7个工作日内一次性告知。已经超过的，原来的20个工作日稳妥按不停算（由条文推出，待核），尽量与申请人沟通，在原来的期限内答复";
            let diagnostic = self.diagnostic("late-correction", "date", message);
            self.report.push(diagnostic.warning().hint(hint));
        }
    }

    /// 答复书 and 答辩状 go in within the term of the law (行政复议法第四十八条、第五十四条第一款; 行政诉讼法第六十七条第一款).
    fn case_answer(&mut self) {
        let id = match self.outcome() {
            "review-reply" if self.text("procedure") == Some("简易程序") => "review-answer-simple",
            "review-reply" => "review-answer",
            "suit-defence" => "suit-answer",
            _ => return,
        };
        let rules = &self.corpus.rules;
        let (Some(term), Some(date), Some(received)) =
            (rules.terms.term(id), self.date("date"), self.date("copy_received_date"))
        else {
            return;
        };
        let question = Quick {
            received,
            count: term.count,
            unit: term.unit,
            extend: 0,
            suspended: vec![],
            corrected: None,
        };
        let Some(last) = question.answer(&rules.calendar, self.make_up(), false).deadline else { return };
        if date > last {
            let length = format!("{}{}", term.count, term.unit.label());
            let message = format!("落款 {date} 已经超过从收到副本起的{length}（最晚 {last}）");
            let hint = "逾期的，按没有证据、依据处理（《行政复议法》第七十条、《行政诉讼法》第三十四条第二款）；先核对收到的日期，最后一天怎样算照受理机关的通知（待核），来不及的立即与受理机关联系";
            let diagnostic = self.diagnostic("late-case-answer", "date", message);
            self.report.push(diagnostic.warning().hint(hint));
        }
    }

    /// Rule 5: an extension is told within the first term, is at most twenty working days, and ends where it says
    /// (条例第三十三条第二款).
    fn extension(&mut self) {
        if self.outcome() != "extension-notice" {
            return;
        }
        let days = match self.request.answers.get("extension_days") {
            Some(Answer::Count(n)) => *n,
            _ => return,
        };
        let (Some(original), Some(new)) = (self.date("original_deadline"), self.date("new_deadline")) else {
            return;
        };
        // From the end of the first term so many working days more; how the first term came about may have more to it
        // (opinions that were asked for) than the letter tells.
        let calendar = &self.corpus.rules.calendar;
        if let Ok(end) = calendar.nth_working_day(original, days, &[], self.make_up())
            && end != new
            && !calendar.is_provisional(end)
        {
            let message = format!("从 {original} 起延长 {days} 个工作日是 {end}，这里写的是 {new}");
            self.broken("deadline-miscounted", "new_deadline", message, "核对天数和日期，调休上班的周末要数");
        }
        if let Some(first) = self.counted(20, 0)
            && original < first
        {
            let message = format!("原届满日写的是 {original}，从收到日数20个工作日是 {first}");
            self.broken(
                "deadline-miscounted",
                "original_deadline",
                message,
                "核对收到日和原届满日；征求意见的只会更晚，不会更早",
            );
        }
        if self.request.dossier.is_none()
            && let Some(first) = self.counted(20, 0)
            && original > first
            && !self.paragraphs.iter().any(|p| p.contains("征求"))
        {
            let message =
                format!("原届满日 {original} 比从收到日数20个工作日的 {first} 晚，文书里看不出为什么");
            let hint = "征求过意见的，把征求意见记进办理记录（events）再生成；补正过的，填收到补正的日期";
            let diagnostic = self.diagnostic("deadline-miscounted", "original_deadline", message);
            self.report.push(diagnostic.warning().hint(hint));
        }
    }

    /// Rule 6: a third party's silence is neither consent nor objection (条例第三十二条); only a co-producer's is
    /// (条例第三十四条).
    fn consultation(&mut self) {
        if self.outcome() == "consult-co-producer" {
            return;
        }
        // What was asked of a co-producer is told in the approval, not in the letter to a third party.
        let letter = self.corpus.kind(&self.clause.header) == DocumentKind::Letter;
        for paragraph in self.own() {
            for word in ["视为同意", "视为不同意", "视同同意", "即为同意"] {
                let denied =
                    ["不视为", "不是视为", "并非视为", "不得视为"].iter().any(|w| paragraph.contains(w));
                let shared = !letter && paragraph.contains("共同制作");
                if paragraph.contains(word) && !denied && !shared {
                    let field = self.holding(&paragraph);
                    let hint = "第三方逾期没有提出意见的，由本机关依条例决定（《政府信息公开条例》第三十二条）；只有共同制作机关逾期才视为同意公开（第三十四条）";
                    self.broken("silence-consent", &field, format!("写了“{word}”"), hint);
                }
            }
        }
    }

    /// Rule 6 again: who has not answered has fifteen working days (条例第三十二条) before that can be said.
    fn silence(&mut self) {
        if !self.fields().iter().any(|f| f.name == "opinion_date") {
            return;
        }
        let (Some(sent), None, Some(date)) =
            (self.date("consulted_date"), self.date("opinion_date"), self.date("date"))
        else {
            return;
        };
        let term = self.corpus.rules.terms.term("third-party").map_or(15, |t| t.count);
        let last = self.corpus.rules.calendar.nth_working_day(sent, term, &[], self.make_up());
        if let Ok(last) = last
            && date <= last
        {
            let message = format!(
                "第三方没有答复，落款 {date} 时15个工作日还没有满（从发出 {sent} 数起也要到 {last}）"
            );
            let hint = "第三方收到征求意见书的次日起15个工作日（《政府信息公开条例》第三十二条），期满以后再作决定；已经答复的，填答复日期";
            self.broken("silence-early", "date", message, hint);
        }
    }

    /// What is said not to be government information was made by somebody in some other function (条例第二条).
    fn not_government(&mut self) {
        if self.outcome() != "not-government-information"
            || self.text("kind").is_none_or(|k| k.starts_with("咨询"))
        {
            return;
        }
        for field in ["formation", "function"] {
            if self.text(field).is_none() {
                let label =
                    self.fields().into_iter().find(|p| p.name == field).map_or("", |p| p.label.as_str());
                let message = format!("没有填「{label}」（{field}）");
                let hint = "写明信息是谁、何时、在履行什么职能时形成的，才说得清为什么不是政府信息（《政府信息公开条例》第二条）";
                self.broken("function-missing", field, message, hint);
            }
        }
    }

    /// Rule 7: one way of charging, nothing up to ten items or thirty pages, marginal above (国办函〔2020〕109号).
    fn fee(&mut self) {
        let count = |name: &str| match self.request.answers.get(name) {
            Some(Answer::Count(n)) => Some(*n),
            _ => None,
        };
        let method = match self.text("method") {
            Some("按件计收") => FeeMethod::Item,
            Some("按量计收") => FeeMethod::Page,
            _ => return,
        };
        if self.outcome() != "fee-notice" {
            return;
        }
        let (Some(quantity), Some(amount)) = (count("quantity"), count("amount")) else { return };
        let before = if method == FeeMethod::Item { count("month_before").unwrap_or(0) } else { 0 };
        let Ok(found) = fee::charge(&self.corpus.rules.fees, method, before, quantity) else { return };
        let unit = if method == FeeMethod::Item { "件" } else { "页" };
        if found.amount == 0 {
            let message = format!("{}{unit}还在免费的数目以内，不收费", before + quantity);
            let hint = "按件的当月第11件起收，按量的第31页起收（国办函〔2020〕109号，待核原文）";
            self.broken("fee-amount", "quantity", message, hint);
        } else if found.amount != u64::from(amount) {
            let message = format!("应缴金额是 {} 元，这里写的是 {amount} 元", found.amount);
            let hint = "只收本件落在各档里的部分：gongkai fee --items 件数 --before 当月已有件数，或者 gongkai fee --pages 页数";
            self.broken("fee-amount", "amount", message, hint);
        }
    }

    /// Rule 9: 文号 with hexagonal brackets, no 第, no leading zero (GB/T 9704-2012).
    fn number(&mut self) {
        let Some(number) = self.text("number") else { return };
        if !number_fits(number) {
            let message = format!("文号「{number}」的写法不对");
            let hint = "写成 机关代字〔2026〕12号：年份用六角括号〔〕，序号不加“第”、不补零";
            self.broken("number-form", "number", message, hint);
        }
    }

    /// Rule 10: a date that needs a year without a holiday notice is not certain.
    fn holidays(&mut self) {
        let calendar = &self.corpus.rules.calendar;
        let terms = [
            "deadline",
            "original_deadline",
            "new_deadline",
            "reply_deadline",
            "due_date",
            "payment_deadline",
        ];
        for parameter in self.fields() {
            let Some(date) = self.date(&parameter.name) else { continue };
            if parameter.kind == ParameterType::Date
                && terms.contains(&parameter.name.as_str())
                && calendar.is_provisional(date)
            {
                let year = calendar.years().end;
                let message =
                    format!("「{}」{date} 要用到{year}年的放假安排，还没有导入，是暂定的", parameter.label);
                let hint = "通知公布以后运行 gongkai calendar add 导入，再生成文书；暂定的日期不能写进文书";
                self.broken("provisional-date", &parameter.name, message, hint);
            }
        }
    }

    /// Rule 13: words of rules that no longer hold.
    fn repealed(&mut self) {
        let Some(date) = self.date("date") else { return };
        let since = |y: i16, m: i8, d: i8| Date::of(y, m, d).is_some_and(|first| date >= first);
        let words = [
            (
                true,
                "特殊需要",
                "2019年修订的条例删去了“生产、生活、科研等特殊需要”，不能以用途作理由（《政府信息公开条例》第二十七条）",
            ),
            (true, "15个工作日内答复", "答复期限是20个工作日（《政府信息公开条例》第三十三条第二款）"),
            (true, "成本费", "依申请提供不收成本费（《政府信息公开条例》第四十二条第一款）"),
            (since(2015, 5, 1), "3个月内", "直接起诉的期限是6个月（《行政诉讼法》第四十六条第一款）"),
            (since(2015, 5, 1), "三个月内", "直接起诉的期限是6个月（《行政诉讼法》第四十六条第一款）"),
            (since(2025, 6, 1), "法释〔2011〕17号", "法释〔2011〕17号已经由法释〔2025〕8号取代"),
            (since(2025, 10, 15), "《反不正当竞争法》第九条", "商业秘密的定义现在在第十条（2025年修订）"),
            (
                since(2025, 10, 15),
                "《中华人民共和国反不正当竞争法》第九条",
                "商业秘密的定义现在在第十条（2025年修订）",
            ),
            (true, "不予受理", "条例没有“受理”这一步，写不予处理、不予公开等具体的情形"),
        ];
        for paragraph in self.own() {
            for (holds, word, hint) in words {
                let suit = ["起诉", "诉讼"].iter().any(|w| paragraph.contains(w));
                let fine = match word {
                    "不予受理" => paragraph.contains("行政复议机关决定不予受理"),
                    "3个月内" | "三个月内" => !suit,
                    "成本费" => paragraph.replace("成本费用", "").find("成本费").is_none(),
                    // Between agencies it is fifteen (条例第三十四条).
                    "15个工作日内答复" => self.outcome().starts_with("consult"),
                    _ => false,
                };
                if holds && paragraph.contains(word) && !fine {
                    let field = self.holding(&paragraph);
                    self.broken("old-rule", &field, format!("写了“{word}”，这是已经不用的规则"), hint);
                }
            }
        }
    }
}

/// Whether a 条例 is that of a province, a city or a county: 示例省信息条例, not 市场主体登记管理条例.
fn is_local(title: &str) -> bool {
    let title = title.trim_start_matches("中华人民共和国");
    let place = ["省", "自治区", "自治州", "自治县", "市", "特区"];
    place.iter().any(|word| {
        title.find(word).is_some_and(|at| {
            let before = title.get(..at).map_or(0, |t| t.chars().count());
            let after = title.get(at + word.len()..).unwrap_or_default();
            (2..=8).contains(&before) && !["场", "政", "容", "区划"].iter().any(|w| after.starts_with(w))
        })
    })
}

/// 示例公开〔2026〕12号
fn number_fits(number: &str) -> bool {
    let Some((head, rest)) = number.split_once('〔') else { return false };
    let Some((year, rest)) = rest.split_once('〕') else { return false };
    let Some(serial) = rest.strip_suffix('号') else { return false };
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    !head.is_empty() && year.len() == 4 && digits(year) && digits(serial) && !serial.starts_with('0')
}
