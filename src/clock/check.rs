//! Events that contradict each other, each with the rule that it breaks.

use super::history::{Document, Event, History, Kind};
use super::quick::LONGEST_EXTENSION;
use crate::calendar::Date;
use crate::text::{Diagnostic, Place, Report};

/// Reports an event that cannot be.
pub(super) fn impossible(history: &History, event: &Event, message: String, hint: &str, report: &mut Report) {
    let place = Place::new(&history.path, event.place.clone());
    report.push(Diagnostic::error("impossible-event", place, message).hint(hint));
}

/// What must have happened before, and may happen only so often.
pub(super) fn order(history: &History, report: &mut Report) {
    let mut push =
        |event: &Event, message: String, hint: &str| impossible(history, event, message, hint, report);
    let first = |kind: Kind| history.of(kind).next();
    let received = first(Kind::Received).and_then(|e| e.date);
    for event in &history.events {
        let word = event.keys.kind.word();
        if let (Some(date), Some(received)) = (event.date, received)
            && date < received
        {
            let hint = "先核对这两个日期，多半有一个写错了";
            push(event, format!("“{word}”{date} 早于收到申请 {received}"), hint);
        }
        if let (Some(date), Some(until)) = (event.date, event.until)
            && until <= date
        {
            push(event, format!("期限 {until} 不晚于 {date}"), "until 写最后一天，要比这一件事晚");
        }
    }
    // Those that may happen once only.
    let once = [
        (Kind::Received, "一份申请件只记一次收到；另一件申请另建一个申请件"),
        (Kind::Confirmed, "收到日只确认一次"),
        (
            Kind::CorrectionAsked,
            "补正要一次性告知（《政府信息公开条例》第三十条）；补正后仍不明确的，用补正后仍不明确的告知书",
        ),
        (Kind::CorrectionReceived, "只记第一次收到完整补正的日期"),
        (Kind::FeeNotice, "一件申请只发一次收费通知"),
        (Kind::Withdrawn, "撤回只记一次"),
    ];
    for (kind, hint) in once {
        for event in history.of(kind).skip(1) {
            push(event, format!("“{}”记了不止一次", kind.word()), hint);
        }
    }
    // Those that need another before.
    let after = [
        (
            Kind::CorrectionProlonged,
            Kind::CorrectionAsked,
            "先有补正告知，才有顺延（《政府信息公开条例》第三十条）",
        ),
        (
            Kind::CorrectionReceived,
            Kind::CorrectionAsked,
            "先有补正告知，才有补正（《政府信息公开条例》第三十条）",
        ),
        (
            Kind::CorrectionMissed,
            Kind::CorrectionAsked,
            "先有补正告知，才有逾期不补正（《政府信息公开条例》第三十条）",
        ),
        (
            Kind::ReasonsGiven,
            Kind::ReasonsDemanded,
            "先要求说明理由，才有说明理由（《政府信息公开条例》第三十五条）",
        ),
        (
            Kind::Delayed,
            Kind::ReasonsGiven,
            "申请人说明了理由、理由合理的，才能延迟答复（《政府信息公开条例》第三十五条）",
        ),
        (Kind::FeePaid, Kind::FeeNotice, "先有收费通知，才有缴费"),
        (Kind::FeeMissed, Kind::FeeNotice, "先有收费通知，才有逾期不缴费"),
    ];
    for (kind, needs, hint) in after {
        for event in history.of(kind) {
            match first(needs) {
                None => push(event, format!("有“{}”，没有“{}”", kind.word(), needs.word()), hint),
                Some(earlier) if earlier.date > event.date => {
                    push(
                        event,
                        format!("“{}”早于“{}”{}", kind.word(), needs.word(), earlier.keys.date),
                        hint,
                    );
                }
                Some(_) => {}
            }
        }
    }
    for (a, b) in [(Kind::CorrectionReceived, Kind::CorrectionMissed), (Kind::FeePaid, Kind::FeeMissed)] {
        if let (Some(_), Some(event)) = (first(a), first(b)) {
            push(event, format!("又记了“{}”，又记了“{}”", a.word(), b.word()), "两样只能有一样");
        }
    }
    for event in history.of(Kind::CorrectionAsked).filter(|e| e.until.is_none()) {
        push(
            event,
            "通知补正没有写补正期限（until）".to_owned(),
            "写合理的补正期限的最后一天（《政府信息公开条例》第三十条）",
        );
    }
    for event in history.of(Kind::CorrectionProlonged).filter(|e| e.until.is_none()) {
        push(event, "顺延补正期限没有写到哪天（until）".to_owned(), "写新的补正期限的最后一天");
    }
    for event in history.of(Kind::Delayed).filter(|e| e.until.is_none()) {
        push(
            event,
            "延迟答复没有写到哪天（until）".to_owned(),
            "写告知申请人的合理期限的最后一天（《政府信息公开条例》第三十五条）",
        );
    }
    let withdrawn = history.of(Kind::Withdrawn).find(|e| e.keys.items.is_empty()).and_then(|e| e.date);
    let acts = [
        Kind::CorrectionAsked,
        Kind::ConsultationSent,
        Kind::Extended,
        Kind::ReasonsDemanded,
        Kind::FeeNotice,
    ];
    for event in acts.iter().flat_map(|k| history.of(*k)) {
        if withdrawn.is_some_and(|w| event.date.is_some_and(|d| d > w)) {
            push(
                event,
                format!("申请已经撤回，后面又记了“{}”", event.keys.kind.word()),
                "撤回以后不再办理；没有撤回的，删去撤回",
            );
        }
    }
    extensions(history, &mut push);
    consultations(history, &mut push);
    replies(history, &mut push);
}

type Push<'a> = dyn FnMut(&Event, String, &str) + 'a;

fn extensions(history: &History, push: &mut Push<'_>) {
    // Once for each term: after a correction or a payment a new term runs.
    let restarts: Vec<Date> = [Kind::CorrectionReceived, Kind::FeePaid]
        .iter()
        .flat_map(|k| history.of(*k))
        .filter_map(|e| e.date)
        .collect();
    let mut last: Option<Date> = None;
    for event in history.of(Kind::Extended) {
        if let (Some(before), Some(date)) = (last, event.date)
            && !restarts.iter().any(|r| before <= *r && *r <= date)
        {
            let hint = "同一个期限只能延一次（《政府信息公开条例》第三十三条第二款，由条文推出，待核）";
            push(event, "“延期”记了不止一次".to_owned(), hint);
        }
        last = event.date.or(last);
        match event.keys.days {
            None | Some(0) => push(event, "延期没有写延长几个工作日（days）".to_owned(), "写 1 到 20 的整数"),
            Some(days) if days > LONGEST_EXTENSION => {
                let hint = "延长的期限最长20个工作日（《政府信息公开条例》第三十三条第二款）";
                push(event, format!("延长 {days} 个工作日太长"), hint);
            }
            Some(_) => {}
        }
        if event.keys.approver.as_deref().is_none_or(|a| a.trim().is_empty()) {
            let hint = "延期要经政府信息公开工作机构负责人同意（《政府信息公开条例》第三十三条第二款），approver 写批准人";
            push(event, "延期没有写批准人（approver）".to_owned(), hint);
        }
    }
}

fn consultations(history: &History, push: &mut Push<'_>) {
    let sent: Vec<&Event> = history.of(Kind::ConsultationSent).collect();
    for event in &sent {
        if event.keys.whom.is_none() {
            let hint =
                "whom 写 第三方、共同制作机关、其他机关、协商机关、主管部门 中的一种，期限的规则各不相同";
            push(event, "征求意见没有写征求谁的（whom）".to_owned(), hint);
        }
    }
    let answers = history.of(Kind::ConsultationAnswered);
    let served = history.of(Kind::Served).filter(|e| e.keys.document == Some(Document::Consultation));
    let mut used: Vec<(Kind, usize)> = vec![];
    for event in answers.chain(served) {
        let word = event.keys.kind.word();
        let party = event.keys.party.as_deref();
        // Only what was sent by then can be meant, unless nothing was.
        let by_then = sent.iter().any(|s| s.date <= event.date);
        let fits: Vec<(usize, &&Event)> = sent
            .iter()
            .enumerate()
            .filter(|(_, s)| !by_then || s.date <= event.date)
            .filter(|(i, s)| {
                party.is_none_or(|p| s.keys.party.as_deref() == Some(p))
                    && !used.contains(&(event.keys.kind, *i))
            })
            .collect();
        match fits.as_slice() {
            [] if sent.is_empty() => {
                push(event, format!("有“{word}”，没有“征求意见”"), "先记征求意见，写明征求谁的");
            }
            [] => {
                let names: Vec<_> = sent.iter().filter_map(|s| s.keys.party.as_deref()).collect();
                let hint = format!("party 写征求意见时写的名称：{}；同一方只记一次", names.join("、"));
                push(event, format!("“{word}”对不上哪一次征求意见"), &hint);
            }
            [(i, first), rest @ ..] => {
                if party.is_none() && !rest.is_empty() {
                    let hint = "有几方在征求意见，party 写明是哪一方";
                    push(event, format!("“{word}”没有写是哪一方的"), hint);
                } else if first.date > event.date {
                    let message = format!("“{word}”{} 早于征求意见发出 {}", event.keys.date, first.keys.date);
                    push(event, message, "先发出，才能收到；核对这两个日期");
                }
                used.push((event.keys.kind, *i));
            }
        }
    }
}

fn replies(history: &History, push: &mut Push<'_>) {
    let reply = |e: &&Event| matches!(e.keys.document, None | Some(Document::Reply));
    for item in &history.items {
        let about = |e: &&Event| e.concerns(&item.id);
        let date = |kind: Kind| history.of(kind).filter(reply).find(about).and_then(|e| e.date);
        let decided: Vec<&Event> = history.of(Kind::Decided).filter(about).collect();
        if let [_, second, ..] = decided.as_slice() {
            let hint = "同一事项只作一次决定；撤销后重新答复的，另建一个申请件";
            push(second, format!("第{}项作了两次决定", item.id), hint);
        }
        for event in history.of(Kind::Sent).filter(reply).filter(about) {
            let decision: Option<Date> = decided.first().and_then(|e| e.date);
            if decision.is_some_and(|d| event.date.is_some_and(|sent| sent < d)) {
                push(event, "答复还没有作出决定就发出了".to_owned(), "核对作出决定和发出的日期");
            }
        }
        for event in history.of(Kind::Served).filter(reply).filter(about) {
            let sent = date(Kind::Sent).or_else(|| decided.first().and_then(|e| e.date));
            if sent.is_some_and(|s| event.date.is_some_and(|served| served < s)) {
                push(event, "答复还没有发出就送达了".to_owned(), "核对发出和送达的日期");
            }
        }
        let withdrawn = history.of(Kind::Withdrawn).find(about).and_then(|e| e.date);
        if let (Some(withdrawn), Some(event)) = (withdrawn, decided.first())
            && event.date.is_some_and(|d| d > withdrawn)
        {
            push(
                event,
                format!("申请 {withdrawn} 已经撤回，后面又作了决定"),
                "撤回以后不再答复；没有撤回的，删去撤回",
            );
        }
    }
}
