//! The terminal: results to standard output, everything else to standard error.

use crate::text::{Report, Sources};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{ErrorKind, IsTerminal, Write};
use std::time::Duration;

/// Prints a result. A reader that has gone away is no error of ours.
pub fn print(text: &str) -> anyhow::Result<()> {
    bytes(text.as_bytes())
}

/// Prints bytes as they are.
pub fn bytes(bytes: &[u8]) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()?;
    Ok(())
}

/// Says something to the person at the terminal, on standard error.
pub fn note(text: &str) {
    // Nothing is left to be done if even this cannot be written.
    let _ = writeln!(std::io::stderr().lock(), "{}", text.trim_end());
}

/// Shows a report on standard error.
pub fn report(report: &Report, sources: &Sources) {
    note(&report.render(sources, std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()));
}

/// Says why a command could not do its work. What mdBook says in English on the way to a cause that can be said in
/// Chinese is left out.
pub fn complain(error: &anyhow::Error) {
    let causes: Vec<String> = error
        .chain()
        .map(|cause| match cause.downcast_ref::<std::io::Error>() {
            Some(io) => crate::disk::explain(io),
            None => cause.to_string(),
        })
        .collect();
    let chinese = |text: &String| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let said = causes.iter().skip(1).any(chinese);
    let mut text = format!("错误: {}", causes.first().map_or("", String::as_str));
    for cause in causes.iter().skip(1).filter(|cause| !said || chinese(cause)) {
        text.push_str(&format!("\n原因: {cause}"));
    }
    note(&text);
}

/// Whether the error is only that nobody reads our output any more.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .any(|c| c.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == ErrorKind::BrokenPipe))
}

/// A moving sign that work goes on, on a terminal only. It disappears when dropped.
pub struct Progress(ProgressBar);

impl Progress {
    /// Starts it.
    pub fn start(message: &'static str) -> Self {
        let bar =
            if std::io::stderr().is_terminal() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}（{elapsed}）") {
            bar.set_style(style);
        }
        bar.set_message(message);
        bar.enable_steady_tick(Duration::from_millis(120));
        Self(bar)
    }

    /// Says what is done now.
    pub fn stage(&self, message: &'static str) {
        self.0.set_message(message);
    }
}

/// How many of a known number are done, on a terminal only. It disappears when dropped.
pub struct Count(ProgressBar);

impl Count {
    /// Starts it.
    pub fn start(all: usize) -> Self {
        let all = all as u64;
        let bar = if std::io::stderr().is_terminal() { ProgressBar::new(all) } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len}（还要 {eta}）") {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// One more is done.
    pub fn one_more(&self) {
        self.0.inc(1);
    }
}

impl Drop for Count {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// Lets mdBook's warnings reach standard error.
pub fn install_log() {
    let _ = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::WARN)
        .with_writer(std::io::stderr)
        .without_time()
        .with_target(false)
        .with_ansi(false)
        .try_init();
}
