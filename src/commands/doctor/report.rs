//! An examination as people and scripts read it.

use std::fmt::{self, Write};

use serde::Serialize;

use crate::commands::doctor::{Area, Check, State};
use crate::commands::{Exit, Report};

/// The columns that a line needs for what was found to stand beside what was looked at.
const WIDE: usize = 80;
/// What stands before the found: two spaces, the mark, the name.
const MARK: usize = 7;
const NAME: usize = 16;
/// How far the found is indented where it stands below.
const INDENT: usize = 4;

/// Everything that was looked at.
#[derive(Debug, Serialize)]
pub struct Examination {
    version: &'static str,
    platform: String,
    problems: usize,
    warnings: usize,
    checks: Vec<Check>,
    #[serde(skip)]
    width: Option<usize>,
}

impl Examination {
    pub(super) fn of(checks: Vec<Check>, width: Option<usize>) -> Self {
        let count = |state| checks.iter().filter(|check| check.state == state).count();
        Self {
            version: env!("CARGO_PKG_VERSION"),
            platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            problems: count(State::Problem),
            warnings: count(State::Warning),
            checks,
            width,
        }
    }

    /// All of it as lines, each mark as `paint` has it.
    fn write(&self, f: &mut impl Write, paint: impl Fn(State, &str) -> String) -> fmt::Result {
        writeln!(f, "nbatodo {} on {}", self.version, self.platform)?;
        let mut area: Option<Area> = None;
        for check in &self.checks {
            if area != Some(check.area) {
                area = Some(check.area);
                writeln!(f, "\n{}", check.area.title())?;
            }
            self.write_check(f, check, &paint)?;
        }
        writeln!(f, "\n{}", self.summary())
    }

    fn write_check(
        &self,
        f: &mut impl Write,
        check: &Check,
        paint: impl Fn(State, &str) -> String,
    ) -> fmt::Result {
        let most = self.width.unwrap_or(usize::MAX);
        let mark = paint(check.state, &format!("{:MARK$}", check.state.to_string()));
        let name = check.check;
        let remedy = check.remedy.as_ref().map(|remedy| format!("→ {remedy}"));
        let parts = [Some(check.detail.clone()), remedy];
        let lines = |indent: usize| {
            let room = most.saturating_sub(indent).max(1);
            parts.iter().flatten().flat_map(|part| wrapped(part, room)).collect::<Vec<_>>()
        };
        if most < WIDE {
            writeln!(f, "  {mark}  {name}")?;
            return lines(INDENT).iter().try_for_each(|line| writeln!(f, "{:INDENT$}{line}", ""));
        }
        let indent = 2 + MARK + 2 + NAME + 2;
        let mut lines = lines(indent).into_iter();
        writeln!(f, "  {mark}  {name:NAME$}  {}", lines.next().unwrap_or_default())?;
        lines.try_for_each(|line| writeln!(f, "{:indent$}{line}", ""))
    }

    fn summary(&self) -> String {
        let (problems, warnings) = (self.problems, self.warnings);
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        match (problems, warnings) {
            (0, 0) => "Everything is as it should be.".to_owned(),
            (0, _) => format!("No problem, {warnings} warning{}.", plural(warnings)),
            (_, 0) => format!("{problems} problem{}.", plural(problems)),
            _ => format!(
                "{problems} problem{}, {warnings} warning{}.",
                plural(problems),
                plural(warnings)
            ),
        }
    }
}

/// `text` in lines of at most `room` characters, broken between words where that can be.
fn wrapped(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > room {
            lines.push(String::new());
            used = 0;
        }
        let Some(mut line) = lines.pop() else { continue };
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        for letter in word.chars() {
            if used == room {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push(letter);
            used += 1;
        }
        lines.push(line);
    }
    lines
}

fn painted(state: State, mark: &str) -> String {
    let color = match state {
        State::Ok => 32,
        State::Warning => 33,
        State::Problem => 31,
        State::Skipped => 2,
    };
    format!("\u{1b}[{color}m{mark}\u{1b}[0m")
}

impl fmt::Display for Examination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, |_, mark| mark.to_owned())
    }
}

impl Report for Examination {
    fn exit(&self) -> Exit {
        if self.problems == 0 { Exit::Done } else { Exit::Failed }
    }

    /// Nothing in it is to be filtered: every part has been made plain on its way in.
    fn colored(&self) -> Option<String> {
        let mut text = String::new();
        self.write(&mut text, painted).ok()?;
        Some(text)
    }

    fn takes_all_colors(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_where_they_must() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("abcdefgh ij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrapped("", 4), [""]);
    }

    #[test]
    fn every_line_fits_whatever_the_width() {
        let detail = format!("~/{} is open to others", "folder/".repeat(20));
        let check = Area::Folders.problem("sessions", detail.clone()).remedied_by(detail);
        for width in [20, 60, 79, 80, 120] {
            let text = Examination::of(vec![check.clone()], Some(width)).to_string();
            for line in text.lines().skip(1) {
                assert!(line.chars().count() <= width.max(32), "{width}: {line}");
            }
        }
    }

    #[test]
    fn only_a_problem_makes_it_fail() {
        let warned = Examination::of(vec![Area::Network.warning("proxy", "x")], None);
        assert_eq!(warned.exit(), Exit::Done);
        assert!(warned.to_string().ends_with("No problem, 1 warning.\n"));
        let failed = Examination::of(vec![Area::Network.problem("proxy", "x")], None);
        assert_eq!(failed.exit(), Exit::Failed);
        assert!(failed.colored().unwrap().contains("\u{1b}[31mproblem\u{1b}[0m"));
    }
}
