//! What Word and WPS left behind, as findings.

use super::Review;
use super::read::Trace;
use super::scan::any;

/// Names that programs give themselves.
const PROGRAMS: [&str; 20] = [
    "administrator",
    "admin",
    "user",
    "windows user",
    "windows 用户",
    "microsoft office user",
    "微软用户",
    "微软中国",
    "microsoft",
    "user_",
    "gongkai",
    "python-docx",
    "apache poi",
    "libreoffice",
    "openoffice",
    "wps office",
    "kingsoft",
    "pc",
    "lenovo",
    "hp",
];

impl Review<'_> {
    pub(super) fn traces(&mut self) {
        for trace in self.reviewed.traces.clone() {
            if trace.rule == "author-name" && self.is_no_person(&trace.words) {
                continue;
            }
            self.trace(&trace);
        }
    }

    fn trace(&mut self, trace: &Trace) {
        match trace.paragraph {
            Some(at) => self.whole(trace.rule, at, trace.message.clone()),
            None => self.file(trace.rule, (trace.place, &trace.words), trace.message.clone()),
        }
    }

    /// The agency itself, or what programs call their user.
    fn is_no_person(&self, name: &str) -> bool {
        let name = name.trim();
        let agency = self.asked.agency;
        let own = [agency.name.as_deref(), agency.short.as_deref()].into_iter().flatten();
        let signed =
            self.anatomy.signature.name.as_ref().and_then(|(at, range)| self.text(*at).get(range.clone()));
        let ours = own.chain(signed).any(|own| {
            name == own.trim()
                || !name.is_empty()
                    && own.trim().contains(name)
                    && any(name, &["局", "政府", "委", "厅", "办"])
        });
        // Another agency's letter bears that agency's name.
        let named = self.anatomy.title.iter().any(|at| self.text(*at).contains(name));
        let organ = ["局", "政府", "委员会", "厅", "办公室", "办事处"].iter().any(|end| name.ends_with(end));
        name.is_empty() || ours || named && organ || PROGRAMS.contains(&name.to_lowercase().as_str())
    }
}
