//! What an edition for others may not hold.

use super::output;
use crate::corpus::{Corpus, Publication};
use crate::letter::review::personal_numbers;
use crate::text::{Diagnostic, Place, Report, Sources};

/// Pages that an edition left out because they stay in the agency: path of the file, title.
pub type LeftOut = Vec<(String, String)>;

/// Reports numbers of persons on the pages that an edition holds.
pub fn check(corpus: &Corpus, sources: &Sources, report: &mut Report) {
    let mut look = |path: &str| {
        let text = sources.get(path).unwrap_or_default();
        for (range, what) in personal_numbers(text) {
            let message = format!("要收进对外版本的页面里有完整的{what}");
            let hint = "删去或者遮去中间几位；虚构的例子也写成 000 或者 ***";
            report.push(Diagnostic::error("edition", Place::new(path, range), message).hint(hint));
        }
    };
    macro_rules! all {
        ($($entries:expr),*) => { $( for entry in $entries.values() { look(&entry.path); } )* };
    }
    all!(corpus.laws, corpus.cases, corpus.questions, corpus.policies, corpus.quizzes, corpus.drills);
    all!(corpus.guides, corpus.clauses);
}

/// Says which pages an edition left out because they stay in the agency.
pub fn say_left_out(edition: &Publication, left_out: &[(String, String)]) {
    if left_out.is_empty() {
        return;
    }
    let lines: Vec<String> = left_out.iter().map(|(path, title)| format!("  {title}（{path}）")).collect();
    output::note(&format!(
        "{} 版没有收这 {} 页，它们标着只限内部：\n{}",
        edition.id,
        left_out.len(),
        lines.join("\n")
    ));
}
