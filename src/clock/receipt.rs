//! The day of receipt (条例第三十一条): never assumed where it is not known.

use super::history::{Channel, History, Kind};
use super::status::Receipt;

/// The day of receipt.
pub(super) fn receipt(history: &History) -> Receipt {
    const MISSING: &str = "《政府信息公开条例》第三十一条";
    let Some(event) = history.of(Kind::Received).next() else {
        return Receipt {
            date: None, reason: "还没有记“收到申请”".to_owned(), citation: MISSING
        };
    };
    let confirmed = history.of(Kind::Confirmed).next().and_then(|e| e.date);
    let channel = event.keys.channel;
    let citation = match channel {
        Some(Channel::InPerson | Channel::Oral) => "《政府信息公开条例》第三十一条第（一）项",
        Some(Channel::SignedMail | Channel::PlainMail) => "《政府信息公开条例》第三十一条第（二）项",
        Some(Channel::Online | Channel::Email | Channel::Fax) => "《政府信息公开条例》第三十一条第（三）项",
        None => MISSING,
    };
    let (date, reason) = match channel {
        None => (
            None,
            "还没有写申请是怎么来的（channel）：当面、邮寄签收、平信、网络、传真，收到日各不相同".to_owned(),
        ),
        Some(channel) if channel.needs_confirmation() => match confirmed {
            Some(date) => (Some(date), format!("{}提交的，以与申请人确认之日为收到日", channel.word())),
            None => (
                None,
                format!("{}提交的，要与申请人确认收到日；确认后在办理记录里加上“确认收到日”", channel.word()),
            ),
        },
        Some(channel) => match (event.date, channel) {
            (Some(date), Channel::SignedMail) => (Some(date), "邮寄的，以签收之日为收到日".to_owned()),
            (Some(date), Channel::Oral) => {
                (Some(date), "口头提出、当场代填的，以提交之日为收到日（由条文推出，待核）".to_owned())
            }
            (Some(date), _) => (Some(date), "当面提交的，以提交之日为收到日".to_owned()),
            (None, Channel::SignedMail) => (None, "收到日写的是未知：查邮件签收记录，写签收之日".to_owned()),
            (None, _) => (None, "收到日写的是未知：问清提交之日再写".to_owned()),
        },
    };
    Receipt { date, reason, citation }
}
