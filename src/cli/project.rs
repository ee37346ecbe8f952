//! A handbook's folder, read and checked: what every command starts from.

use super::config;
use super::edition::LeftOut;
use crate::corpus::{Agency, Corpus, Layers, Publication, STAFF};
use crate::disk;
use crate::handbook::Site;
use crate::letter;
use crate::links::Links;
use crate::text::{Report, Sources, nearest};
use anyhow::{Context, bail};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Everything that was read from one root, and what is wrong with it.
#[derive(Debug, Clone)]
pub struct Project {
    /// The folder that holds `book.toml`.
    pub root: PathBuf,
    /// The files.
    pub sources: Sources,
    /// Their content.
    pub corpus: Corpus,
    /// Their citations.
    pub links: Links,
    /// The agency's settings.
    pub agency: Agency,
    /// The edition that the content is for; the staff's, which has all of it, unless another was asked for.
    pub edition: Publication,
    /// The editions that `book.toml` describes.
    pub publications: Vec<Publication>,
    /// All mistakes.
    pub report: Report,
    /// For each clause its example letter as HTML.
    samples: BTreeMap<String, String>,
    /// For each clause its empty request file.
    forms: BTreeMap<String, String>,
}

/// The root that `--root` names, or the nearest `book.toml` upwards from the current folder.
pub fn find(root: Option<&Path>) -> anyhow::Result<PathBuf> {
    let root = locate(root)?;
    whole(&root)?;
    Ok(root)
}

/// Refuses a handbook whose update was interrupted: what is half old and half new must not make a letter.
pub(super) fn whole(root: &Path) -> anyhow::Result<()> {
    if disk::Change::is_pending(root) {
        bail!(
            "上一次更新还没有做完（可能断了电，或者有文件正被别的程序打开）\n提示: 关掉打开的文件，在手册的文件夹里运行 gongkai update，程序会先把它做完"
        );
    }
    Ok(())
}

/// The same, also where an update was interrupted.
pub(super) fn locate(root: Option<&Path>) -> anyhow::Result<PathBuf> {
    match root {
        Some(root) if root.join("book.toml").is_file() => Ok(root.to_path_buf()),
        Some(root) if root.is_dir() => bail!("{} 里没有 book.toml，不是手册的文件夹", root.display()),
        Some(root) => bail!("找不到文件夹 {}", root.display()),
        None => {
            let here = std::env::current_dir().context("不知道当前在哪个文件夹")?;
            disk::find_root(&here).with_context(|| {
                "这里和上级文件夹里都没有 book.toml。\n提示: 先进入手册的文件夹，或者用 --root 指明；要开始一本新手册，用 gongkai init 文件夹"
            })
        }
    }
}

impl Project {
    /// Reads and checks everything below a root. The officer's own settings are left out: the handbook is the same on
    /// every desk.
    ///
    /// # Errors
    ///
    /// When there is no handbook or a file cannot be read; mistakes in the content go to its report.
    pub fn load(root: Option<&Path>) -> anyhow::Result<Self> {
        Self::with(root, None)
    }

    /// The same with the officer's own settings over the agency's, for letters.
    ///
    /// # Errors
    ///
    /// As [`Project::load`], and when the officer's file is there and cannot be read.
    pub fn at_desk(root: Option<&Path>) -> anyhow::Result<Self> {
        Self::with(root, config::user_file()?.as_deref())
    }

    fn with(root: Option<&Path>, user: Option<&Path>) -> anyhow::Result<Self> {
        let root = find(root)?;
        let mut report = Report::default();
        let sources = disk::read_sources(&root, &mut report)?;
        Self::of(root, sources, user, report)
    }

    /// Checks sources that were read from a root, or would stand there; the officer's own settings over the agency's.
    ///
    /// # Errors
    ///
    /// When the officer's file is there and cannot be read.
    pub(super) fn of(
        root: PathBuf,
        mut sources: Sources,
        user: Option<&Path>,
        mut report: Report,
    ) -> anyhow::Result<Self> {
        let added = super::rules::add_calendar(&mut sources);
        let mut corpus = Corpus::load(&sources, &mut report);
        // What the program brings along may cite laws that this handbook does not hold.
        corpus.rules.trees.retain(|(path, _)| !added.contains(path));
        let user = config::read_user(user, &mut sources, &mut report)?;
        let personal = user.as_deref().and_then(|path| Some((path, sources.get(path)?)));
        let layers = Layers::read(&sources, personal, &mut report);
        layers.check(&corpus.rules, &mut report);
        let agency = layers.agency();
        let publications = layers.publications.clone();
        let staff = publications.iter().find(|p| p.id == STAFF).cloned();
        let edition = staff.unwrap_or_else(Publication::staff);
        let links = Links::resolve(&corpus, &mut report);
        letter::check(&corpus, &mut report);
        // Templates with mistakes may not even come to an end.
        let samples = if report.has_errors() { BTreeMap::new() } else { samples(&corpus) };
        let forms = forms(&corpus, &agency);
        Ok(Self { root, sources, corpus, links, agency, edition, publications, report, samples, forms })
    }

    /// The same handbook as another edition, with what that edition holds and nothing else, and the pages that it left out
    /// because they are internal. `None` where the edition cannot be made; why is in the report.
    ///
    /// # Errors
    ///
    /// When `book.toml` describes no such edition.
    pub fn edition(mut self, id: &str, report: &mut Report) -> anyhow::Result<Option<(Self, LeftOut)>> {
        if id == self.edition.id {
            return Ok(Some((self, vec![])));
        }
        let Some(publication) = self.publications.iter().find(|p| p.id == id).cloned() else {
            let known: Vec<&str> =
                [STAFF].into_iter().chain(self.publications.iter().map(|p| p.id.as_str())).collect();
            let near =
                nearest(id, known.iter().copied()).map(|w| format!("您是不是要写 {w}？")).unwrap_or_default();
            bail!(
                "book.toml 里没有「{id}」这个版本。{near}\n提示: 加上一段 [preprocessor.gongkai.editions.{id}]，写 title 和 include；怎样写：gongkai schema agency"
            );
        };
        let chosen = self.corpus.choose(&publication, report);
        super::edition::check(&chosen.corpus, &self.sources, report);
        if report.has_errors() {
            return Ok(None);
        }
        self.corpus = chosen.corpus;
        // What is cited and not in this edition stays text; the whole handbook was checked already.
        self.links = Links::resolve(&self.corpus, &mut Report::default());
        self.samples.retain(|clause, _| self.corpus.clauses.contains_key(clause));
        self.forms.retain(|clause, _| self.corpus.clauses.contains_key(clause));
        self.edition = publication;
        Ok(Some((self, chosen.left_out)))
    }

    /// What the pages are made from.
    #[must_use]
    pub fn site(&self) -> Site<'_> {
        Site {
            corpus: &self.corpus,
            links: &self.links,
            samples: &self.samples,
            forms: &self.forms,
            agency: &self.agency,
            edition: &self.edition,
        }
    }

    /// The clause that a person means by an id, a title, or the code of its outcome, which no message shows; the message
    /// says what there is.
    pub(super) fn clause(&self, wanted: &str) -> anyhow::Result<&crate::corpus::Clause> {
        let clauses = || self.corpus.clauses.values().map(|e| &e.header);
        if let Some(found) = clauses().find(|c| c.id == wanted || c.title == wanted) {
            return Ok(found);
        }
        let coded = self.corpus.rules.outcomes.iter().find(|o| o.code.eq_ignore_ascii_case(wanted));
        if let Some(found) = coded.and_then(|o| self.corpus.letters(&o.id).into_iter().next()) {
            return Ok(&found.header);
        }
        let titles = || clauses().map(|c| c.title.as_str());
        let within = titles().find(|t| t.contains(wanted) || wanted.contains(t));
        let words = clauses().flat_map(|c| [c.id.as_str(), c.title.as_str()]);
        let near = within.filter(|_| !wanted.is_empty()).or_else(|| nearest(wanted, words));
        let near = near.map(|w| format!("您是不是要写 {w}？")).unwrap_or_default();
        bail!("没有「{wanted}」这种文书。{near}\n提示: 用 gongkai letter list 看全部文书的编号和名称")
    }
}

/// Empty request files.
fn forms(corpus: &Corpus, agency: &Agency) -> BTreeMap<String, String> {
    let form =
        |clause: &crate::corpus::Clause| letter::skeleton(corpus, clause, agency, &letter::Answers::new());
    corpus.clauses.iter().map(|(id, entry)| (id.clone(), form(&entry.header))).collect()
}

/// Example letters; a clause whose templates are broken has none (the report says why).
fn samples(corpus: &Corpus) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let mut filler = letter::Filler::new(corpus);
    for (id, entry) in &corpus.clauses {
        let request = letter::Request::example(corpus, &entry.header);
        if let Some(filled) = filler.fill(&request, &mut Report::default()) {
            all.insert(id.clone(), letter::html(&filled));
        }
    }
    all
}
