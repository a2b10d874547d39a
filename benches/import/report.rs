//! Tables for people, and whether the budgets are kept.

use std::fmt::Display;
use std::io::Write;
use std::time::{Duration, Instant};

/// What was measured against a budget.
#[derive(Default)]
pub(crate) struct Report {
    verdicts: Vec<Vec<String>>,
}

impl Report {
    /// Takes down a figure that may be `most` at most; `show` writes it for people.
    pub(crate) fn budget<T: PartialOrd, S: Display>(
        &mut self,
        what: &str,
        measured: T,
        most: T,
        show: impl Fn(&T) -> S,
    ) {
        let word = if measured <= most { "PASS" } else { "over budget" };
        self.verdicts.push(vec![
            what.to_owned(),
            show(&measured).to_string(),
            format!("at most {}", show(&most)),
            word.to_owned(),
        ]);
    }

    /// Takes down that something could not be measured on this machine.
    pub(crate) fn not_measured(&mut self, what: &str) {
        self.verdicts.push([what, "n/a", "", "not measured"].map(str::to_owned).to_vec());
    }

    /// Prints the budgets.
    pub(crate) fn judge(&self) {
        let columns = ["", "measured", "budget", ""];
        let optimized = !cfg!(debug_assertions);
        let meaning =
            if optimized { "" } else { "Measured once, without optimization: no figures." };
        table("Budgets", meaning, &columns, &self.verdicts);
    }
}

/// Prints a table: a heading, what its rows and columns mean, and the rows. The first column is
/// flush left, the others flush right.
pub(crate) fn table(heading: &str, meaning: &str, columns: &[&str], rows: &[Vec<String>]) {
    let head: Vec<String> = columns.iter().map(|&column| column.to_owned()).collect();
    let all = || std::iter::once(&head).chain(rows);
    let width = |column: usize| all().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    let mut text = format!("\n{heading}\n");
    for line in meaning.lines() {
        text.push_str(&format!("  {line}\n"));
    }
    text.push('\n');
    for row in all() {
        let mut line = format!("  {:<width$}", row[0], width = widths[0]);
        for (cell, width) in row.iter().zip(&widths).skip(1) {
            line.push_str(&format!("  {cell:>width$}"));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    std::io::stdout().write_all(text.as_bytes()).unwrap();
}

/// How often to measure: once is enough without optimization, where a figure says nothing.
pub(crate) const fn times(count: usize) -> usize {
    if cfg!(debug_assertions) { 1 } else { count }
}

/// How long `work` takes, and what it comes to: to be dropped when the clock has stopped.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let result = std::hint::black_box(work());
    (start.elapsed(), result)
}

/// The middle one.
pub(crate) fn median(mut measured: Vec<Duration>) -> Duration {
    measured.sort_unstable();
    measured[measured.len() / 2]
}

/// As milliseconds: `12.3 ms`.
pub(crate) fn milliseconds(time: &Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1e3;
    let digits = if milliseconds < 1.0 { 3 } else { 1 };
    format!("{milliseconds:.digits$} ms")
}

/// As mebibytes: `9.5 MiB`.
#[allow(clippy::cast_precision_loss, reason = "shown with one digit")]
pub(crate) fn mebibytes(bytes: &u64) -> String {
    format!("{:.1} MiB", *bytes as f64 / f64::from(1 << 20))
}

/// With commas: `24,600`.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
