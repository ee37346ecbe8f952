//! The tables and settings that the commands about terms and remedies need: those of the handbook around, outside of
//! one those that the program brings along.

use super::{config, output, project};
use crate::corpus::{Agency, CALENDAR, Corpus, Layers};
use crate::disk;
use crate::text::{Report, Sources};
use anyhow::bail;
use std::collections::BTreeSet;
use std::path::Path;

/// Tables and settings.
pub struct Settings {
    /// Laws and tables.
    pub corpus: Corpus,
    /// The agency's own.
    pub agency: Agency,
    /// Where each of them comes from.
    pub layers: Layers,
}

/// Reads them. `None` if they have mistakes, and then those were shown.
pub fn load(root: Option<&Path>) -> anyhow::Result<Option<Settings>> {
    let root = match root {
        Some(root) => Some(project::find(Some(root))?),
        None => std::env::current_dir().ok().and_then(|here| disk::find_root(&here)),
    };
    let mut report = Report::default();
    let Some(folder) = &root else {
        let corpus = Corpus::load(&super::init::own_sources(), &mut report);
        if corpus.rules.calendar.years().is_empty() {
            bail!("程序自带的放假安排读不出来");
        }
        return Ok(Some(Settings { corpus, agency: Agency::default(), layers: Layers::default() }));
    };
    let (settings, sources, report) = read(folder)?;
    if report.has_errors() {
        output::report(&report, &sources);
        output::note("先改正上面的错误，再推算。");
        return Ok(None);
    }
    Ok(Some(settings))
}

/// Reads those of a handbook's folder, the officer's own settings over the agency's; the files, and the mistakes in the
/// tables and the settings: mistakes elsewhere in the handbook change no date.
pub fn read(folder: &Path) -> anyhow::Result<(Settings, Sources, Report)> {
    project::whole(folder)?;
    let mut report = Report::default();
    let mut sources = disk::read_sources(folder, &mut report)?;
    add_calendar(&mut sources);
    let corpus = Corpus::load(&sources, &mut report);
    let user = config::read_user(config::user_file()?.as_deref(), &mut sources, &mut report)?;
    let personal = user.as_deref().and_then(|path| Some((path, sources.get(path)?)));
    let layers = Layers::read(&sources, personal, &mut report);
    layers.check(&corpus.rules, &mut report);
    let relevant =
        |path: &str| path.starts_with("book/rules/") || path == "book.toml" || Some(path) == user.as_deref();
    let mut ours = Report::default();
    for diagnostic in report.sorted() {
        if diagnostic.place.as_ref().is_some_and(|p| relevant(&p.path)) {
            ours.push(diagnostic);
        }
    }
    Ok((Settings { corpus, agency: layers.agency(), layers }, sources, ours))
}

/// Adds the program's own holiday years where the handbook has none of that year, and its tables about terms where it
/// has none at all: handbooks begun without them go on working. The paths of what was added.
pub fn add_calendar(sources: &mut Sources) -> BTreeSet<String> {
    let mut added = BTreeSet::new();
    for (path, text) in super::init::own_laws().iter() {
        let tables = ["book/rules/fee.toml", "book/rules/terms.toml", "book/rules/policies.toml"];
        if (path.starts_with(CALENDAR) || tables.contains(&path)) && !sources.holds(path) {
            sources.insert(path, text);
            added.insert(path.to_owned());
        }
    }
    added
}
