//! The events of a request file: an append-only list, with the items that were asked for.

use crate::calendar::Date;
use crate::corpus::schema;
use crate::corpus::tree::{Node, Value};
use crate::text::{Diagnostic, Place, Report};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::ops::Range;

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $word)] $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word that stands in request files.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }
    };
}

words! {
    /// What happened. The order is that of events of the same day.
    Kind {
        /// The request came in.
        Received = "收到申请",
        /// The applicant could not be reached.
        Unreachable = "联系不上",
        /// The day of receipt was settled with the applicant.
        Confirmed = "确认收到日",
        /// 补正 was asked for.
        CorrectionAsked = "通知补正",
        /// The term for 补正 was made longer, or the notice served again.
        CorrectionProlonged = "顺延补正期限",
        /// The corrected request came in.
        CorrectionReceived = "收到补正",
        /// It did not come in time, without good reason.
        CorrectionMissed = "逾期未补正",
        /// Opinions were asked for.
        ConsultationSent = "征求意见",
        /// An opinion came in.
        ConsultationAnswered = "收到意见",
        /// The term was extended and the applicant told.
        Extended = "延期",
        /// The applicant was asked to explain the number of requests.
        ReasonsDemanded = "要求说明理由",
        /// The explanation came in.
        ReasonsGiven = "说明理由",
        /// A reasonable later day was set and told.
        Delayed = "延迟答复",
        /// A fee was asked for.
        FeeNotice = "收费通知",
        /// It was paid.
        FeePaid = "缴费",
        /// It was not paid in time.
        FeeMissed = "逾期未缴费",
        /// The decision was made.
        Decided = "作出决定",
        /// A document left the house.
        Sent = "发出",
        /// A document arrived.
        Served = "送达",
        /// The mail came back.
        Returned = "退回",
        /// The receiver refused to sign.
        Refused = "拒收",
        /// The applicant withdrew.
        Withdrawn = "撤回",
        /// A copy of an application for review came in.
        ReviewReceived = "收到复议申请书副本",
        /// The answer to the reviewing body was handed in.
        ReviewAnswered = "提交复议答复",
        /// The decision on review was served on the applicant.
        ReviewDecided = "收到复议决定",
        /// A copy of a complaint to a court came in.
        SuitReceived = "收到起诉状副本",
        /// The answer to the court was handed in.
        SuitAnswered = "提交答辩状",
    }
}

words! {
    /// How a request came in (条例第二十八条、第三十一条).
    Channel {
        /// Handed in.
        InPerson = "当面",
        /// Spoken, and written down by the office.
        Oral = "口头",
        /// Mail that is signed for.
        SignedMail = "邮寄签收",
        /// Mail that is not.
        PlainMail = "平信",
        /// A web form.
        Online = "网络",
        /// Electronic mail.
        Email = "电子邮件",
        /// Fax.
        Fax = "传真",
    }
}

impl Channel {
    /// Whether the day of receipt is the one settled with the applicant (条例第三十一条第（二）（三）项).
    #[must_use]
    pub const fn needs_confirmation(self) -> bool {
        matches!(self, Self::PlainMail | Self::Online | Self::Email | Self::Fax)
    }
}

words! {
    /// Who is consulted.
    Whom {
        /// 条例第三十二条
        ThirdParty = "第三方",
        /// 条例第三十四条
        CoProducer = "共同制作机关",
        /// 条例第三十三条第三款
        Agency = "其他机关",
        /// 条例第十一条
        Coordination = "协商机关",
        /// 条例第十七条第三款
        Authority = "主管部门",
    }
}

words! {
    /// Which document.
    Document {
        /// The reply.
        Reply = "答复",
        /// The request to correct.
        Correction = "补正告知",
        /// The request for opinions.
        Consultation = "征求意见书",
        /// The notice of the fee.
        Fee = "收费通知",
        /// The notice of an extension.
        Extension = "延期告知",
        /// Anything else.
        Other = "其他文书",
    }
}

words! {
    /// How a document is served (国办公开办函〔2016〕235号).
    Method {
        /// Handed over.
        Direct = "直接送达",
        /// Through another agency.
        Entrusted = "委托送达",
        /// By the post.
        Mail = "邮寄",
        /// Online.
        Online = "网络",
    }
}

words! {
    /// What an opinion says.
    View {
        /// Disclosure is agreed to.
        Agrees = "同意公开",
        /// It is not.
        Objects = "不同意公开",
        /// In part.
        Partly = "部分同意",
        /// Neither.
        Other = "其他",
    }
}

words! {
    /// Procedure of the review.
    Procedure {
        /// 行政复议法第四十八条
        Ordinary = "普通程序",
        /// 行政复议法第五十四条
        Simple = "简易程序",
    }
}

/// The part of a request file that the clock reads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "办理记录")]
pub struct HistoryKeys {
    /// 登记编号
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(title = "申请编号")]
    pub request_number: Option<String>,
    /// Who asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(title = "申请人姓名或者名称")]
    pub applicant: Option<String>,
    /// How letters address the applicant: 你, 您, 你单位, 贵单位.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(title = "正文怎样称呼申请人")]
    pub you: Option<String>,
    /// What was asked for, in the applicant's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(title = "申请内容原文")]
    pub request_text: Option<String>,
    /// The items.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(title = "申请事项")]
    pub items: Vec<Item>,
    /// What happened.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(title = "办理记录")]
    pub events: Vec<EventKeys>,
}

/// One item of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Its number.
    #[schemars(title = "事项编号", description = "1、2、3 这样", length(min = 1))]
    pub id: String,
    /// What is asked for.
    #[schemars(title = "要什么", length(min = 1))]
    pub text: String,
    /// Outcome, an id or title of the table of outcomes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(title = "答复情形")]
    pub outcome: Option<String>,
    /// Who holds the information.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(title = "信息由谁制作或者保存")]
    pub holder: Option<String>,
    /// For colleagues.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(title = "备注")]
    pub note: Option<String>,
}

/// One event as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventKeys {
    /// What happened.
    #[schemars(title = "事情")]
    pub kind: Kind,
    /// When; 未知 for a receipt whose day is still to be asked for.
    #[schemars(title = "日期", description = "写成 2026-11-05；收到日还没弄清的写 未知", length(min = 1))]
    pub date: String,
    /// Time of day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(title = "时间", description = "写成 17:20，可以不写")]
    pub time: Option<String>,
    /// 收到申请: how it came in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(title = "提交方式")]
    pub channel: Option<Channel>,
    /// Which items; all where none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(title = "涉及哪几项", description = "写 items 里的编号；不写就是全部")]
    pub items: Vec<String>,
    /// 征求意见: who is consulted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(title = "征求谁的意见")]
    pub whom: Option<Whom>,
    /// Name of the other side.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(title = "对方名称")]
    pub party: Option<String>,
    /// 发出, 送达, 退回, 拒收: which document.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(title = "哪份文书")]
    pub document: Option<Document>,
    /// 发出: how.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(title = "送达方式")]
    pub method: Option<Method>,
    /// 通知补正, 要求说明理由, 延迟答复: the last day that was set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(title = "到哪天为止", extend("format" = "date"))]
    pub until: Option<String>,
    /// 延期: working days.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(title = "延长的工作日数", range(max = 1000))]
    pub days: Option<u32>,
    /// 延期: who agreed (条例第三十三条第二款: the head of the office).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(title = "批准人")]
    pub approver: Option<String>,
    /// 收到意见: what it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(title = "意见")]
    pub view: Option<View>,
    /// 收费通知: yuan.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(title = "金额（元）", range(max = 100_000_000))]
    pub amount: Option<u32>,
    /// 收到复议申请书副本: which procedure.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(title = "复议程序")]
    pub procedure: Option<Procedure>,
    /// For colleagues.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(title = "备注")]
    pub note: Option<String>,
}

/// One event, its dates read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What stands in the file.
    pub keys: EventKeys,
    /// Its day; none where it is 未知.
    pub date: Option<Date>,
    /// The last day that was set.
    pub until: Option<Date>,
    /// Where it stands.
    pub place: Range<usize>,
}

impl Event {
    /// Whether it is about an item; events that name none are about all.
    #[must_use]
    pub fn concerns(&self, item: &str) -> bool {
        self.keys.items.is_empty() || self.keys.items.iter().any(|i| i == item)
    }
}

/// The events of a request, in the order of their days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// Path for messages.
    pub path: String,
    /// 登记编号
    pub number: Option<String>,
    /// Who asks.
    pub applicant: Option<String>,
    /// The items; at least one.
    pub items: Vec<Item>,
    /// What happened, sorted.
    pub events: Vec<Event>,
}

/// Keys of a request file that belong to the history and to no letter.
const OWN: [&str; 2] = ["items", "events"];

/// The schema of the history's keys.
#[must_use]
pub fn keys_schema() -> Json {
    schema::of::<HistoryKeys>()
}

impl History {
    /// Whether a request file has a history.
    #[must_use]
    pub fn is_in(node: &Node) -> bool {
        OWN.iter().any(|key| node.get(key).is_some())
    }

    /// Reads the history of a request file. Keys in `letter_keys` belong to a letter and are passed over. Every
    /// mistake goes to `report`; `None` if there was any.
    pub fn read(
        node: &Node,
        path: &str,
        letter_keys: &BTreeSet<String>,
        report: &mut Report,
    ) -> Option<Self> {
        let mut own = node.clone();
        if let Value::Table(entries) = &mut own.value {
            let known = ["request_number", "applicant", "request_text", "you"];
            entries.retain(|e| !letter_keys.contains(&e.key) || known.contains(&e.key.as_str()));
        }
        let before = report.clone();
        if !schema::check(&own, &keys_schema(), path, report) {
            return None;
        }
        let keys: HistoryKeys = match serde_json::from_value(own.to_json()) {
            Ok(keys) => keys,
            Err(error) => {
                let place = Place::new(path, own.range.clone());
                report.push(Diagnostic::error("header", place, format!("办理记录不能用：{error}")));
                return None;
            }
        };
        check_size(&own, path, report);
        check_characters(&own, path, report);
        let mut items = keys.items;
        let item_nodes = own.get("items").map(Node::items).unwrap_or_default();
        let mut ids = BTreeSet::new();
        for (item, node) in items.iter().zip(item_nodes) {
            if !ids.insert(item.id.clone()) {
                let place = Place::new(path, node.place_of("id", None));
                let message = format!("事项编号「{}」写了两次", item.id);
                report.push(Diagnostic::error("duplicate-id", place, message).hint("每项一个编号"));
            }
        }
        let text = keys.request_text.unwrap_or_default();
        if items.is_empty() {
            items.push(Item { id: "1".to_owned(), text, outcome: None, holder: None, note: None });
            ids.insert("1".to_owned());
        }
        let mut events = vec![];
        let nodes = own.get("events").map(Node::items).unwrap_or_default();
        for (keys, node) in keys.events.into_iter().zip(nodes) {
            let date = Date::parse(&keys.date);
            let unknown_allowed = keys.kind == Kind::Received && keys.date.trim() == "未知";
            if date.is_none() && !unknown_allowed {
                let place = Place::new(path, node.place_of("date", None));
                let message = format!("没有「{}」这一天", keys.date);
                let hint = "日期写成 2026-11-05 这样；只有收到申请的日期可以写 未知";
                report.push(Diagnostic::error("wrong-date", place, message).hint(hint));
            }
            for (i, item) in keys.items.iter().enumerate() {
                if !ids.contains(item) {
                    let place = Place::new(path, node.place_of("items", Some(i)));
                    let known = ids.iter().cloned().collect::<Vec<_>>().join("、");
                    let message = format!("没有编号为「{item}」的事项");
                    report.push(
                        Diagnostic::error("unknown-reference", place, message)
                            .hint(format!("可以写的有：{known}")),
                    );
                }
            }
            let until = keys.until.as_deref().and_then(Date::parse);
            events.push(Event { keys, date, until, place: node.range.clone() });
        }
        events.sort_by_key(|e| (e.date, e.keys.kind));
        (*report == before).then(|| Self {
            path: path.to_owned(),
            number: keys.request_number.filter(|n| !n.trim().is_empty()),
            applicant: keys.applicant.filter(|n| !n.trim().is_empty()),
            items,
            events,
        })
    }

    /// The events of a kind, in the order of their days.
    pub fn of(&self, kind: Kind) -> impl DoubleEndedIterator<Item = &Event> {
        self.events.iter().filter(move |e| e.keys.kind == kind)
    }
}

/// More items, or events, than any request has: a file that is something else.
const MOST: [(&str, usize); 2] = [("items", 500), ("events", 3000)];

fn check_size(node: &Node, path: &str, report: &mut Report) {
    for (key, most) in MOST {
        let Some(list) = node.get(key).filter(|n| n.items().len() > most) else { continue };
        let message = format!("{key} 有 {} 条，不像是一件申请", list.items().len());
        let hint = format!("最多 {most} 条；几件申请分成几个文件");
        report.push(Diagnostic::error("too-many", Place::new(path, list.range.clone()), message).hint(hint));
    }
}

/// Names and numbers are shown on the terminal and written into other files.
fn check_characters(node: &Node, path: &str, report: &mut Report) {
    let mut check = |node: &Node| {
        if let Value::Text(text) = &node.value
            && text.chars().any(|c| crate::text::forbidden(c) || c.is_control())
        {
            let message = "这里有换行或者看不见的字符";
            let hint = "删去后重新输入，写成一行";
            report.push(
                Diagnostic::error("bad-character", Place::new(path, node.range.clone()), message).hint(hint),
            );
        }
    };
    for key in ["request_number", "applicant"] {
        node.get(key).into_iter().for_each(&mut check);
    }
    for list in ["items", "events"] {
        for row in node.get(list).map(Node::items).unwrap_or_default() {
            for key in ["id", "party", "approver", "time"] {
                row.get(key).into_iter().for_each(&mut check);
            }
        }
    }
}
