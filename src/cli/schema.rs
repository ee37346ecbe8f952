//! `gongkai schema`: the JSON Schema of each kind of content file, made from the Rust types that read it, and of what
//! `gongkai export --json` prints.

use super::output;
use super::{Ending, Project};
use crate::clock;
use crate::corpus::{Agency, Case, Clause, Drill, Guide, Law, Policy, Question, Quiz, Shell, schema};
use crate::export::Export;
use crate::letter;
use anyhow::bail;
use std::path::Path;

/// The kinds that have a schema.
pub const KINDS: [&str; 12] = [
    "law", "case", "question", "policy", "guide", "quiz", "drill", "clause", "shell", "agency", "request",
    "export",
];

/// Prints one schema.
pub fn run(root: Option<&Path>, kind: &str) -> anyhow::Result<Ending> {
    let schema = match kind {
        "law" => schema::of::<Law>(),
        "case" => schema::of::<Case>(),
        "question" => schema::of::<Question>(),
        "policy" => schema::of::<Policy>(),
        "guide" => schema::of::<Guide>(),
        "quiz" => schema::of::<Quiz>(),
        "drill" => schema::of::<Drill>(),
        "clause" => schema::of::<Clause>(),
        "shell" => schema::of::<Shell>(),
        "agency" => schema::of::<Agency>(),
        "request" => clock::keys_schema(),
        "export" => schema::of_output::<Export>(),
        _ => match kind.strip_prefix("letter:") {
            Some(id) => {
                let project = Project::load(root)?;
                letter::request_schema(&project.corpus, project.clause(id)?, &project.agency)
            }
            None => bail!("没有「{kind}」这一种；可以写 {}，或者 letter:文书编号", KINDS.join("、")),
        },
    };
    output::print(&format!("{}\n", serde_json::to_string_pretty(&schema)?))?;
    Ok(Ending::Fine)
}
