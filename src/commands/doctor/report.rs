//! An examination as people and scripts read it.

use std::fmt::{self, Write};
use std::iter;

use serde::Serialize;

use crate::commands::doctor::{Area, Check, State};
use crate::commands::{Exit, Report};
use crate::looks::wrap::{self, wrapped};
use crate::looks::{Look, Page, Role};
use crate::model::counted;

/// The columns that a line needs for what was found to stand beside what was looked at.
const WIDE: usize = 80;
/// What stands before the found: two spaces, the mark, the name.
const MARK: usize = 7;
const NAME: usize = 17;
/// How far the found is indented where it stands below.
const INDENT: usize = 4;
/// What stands before what is to be done, and before its other lines.
const REMEDY: &str = "→ ";
const BELOW_REMEDY: &str = "  ";

/// Everything that was looked at.
#[derive(Debug, Serialize)]
pub struct Examination {
    version: &'static str,
    platform: String,
    problems: usize,
    warnings: usize,
    checks: Vec<Check>,
}

impl Examination {
    pub(super) fn of(checks: Vec<Check>) -> Self {
        let count = |state| checks.iter().filter(|check| check.state == state).count();
        Self {
            version: env!("CARGO_PKG_VERSION"),
            platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            problems: count(State::Problem),
            warnings: count(State::Warning),
            checks,
        }
    }

    /// All of it as lines.
    fn write(&self, page: &mut Page, look: Look) -> fmt::Result {
        page.paint(Role::Heading, format!("nbatodo {} on {}", self.version, self.platform));
        writeln!(page)?;
        let mut area: Option<Area> = None;
        for check in &self.checks {
            if look.plain {
                write_plainly(page, check)?;
                continue;
            }
            if area != Some(check.area) {
                area = Some(check.area);
                writeln!(page)?;
                page.paint(Role::Heading, check.area.title());
                writeln!(page)?;
            }
            write_check(page, check, look)?;
        }
        let between = if look.plain { "" } else { "\n" };
        writeln!(page, "{between}{}", self.summary())
    }

    fn summary(&self) -> String {
        let problems = counted(self.problems, "problem");
        let warnings = counted(self.warnings, "warning");
        match (self.problems, self.warnings) {
            (0, 0) => "Everything is as it should be.".to_owned(),
            (0, _) => format!("No problem, {warnings}."),
            (_, 0) => format!("{problems}."),
            _ => format!("{problems}, {warnings}."),
        }
    }
}

fn role(state: State) -> Role {
    match state {
        State::Ok => Role::Good,
        State::Warning => Role::Warning,
        State::Problem => Role::Error,
        State::Skipped => Role::Dim,
    }
}

impl fmt::Display for Examination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.page(Look::default()).fmt(f)
    }
}

/// A line for what was found, and one for what to do about it.
fn write_plainly(page: &mut Page, check: &Check) -> fmt::Result {
    let Check { area, check: name, state, detail, remedy } = check;
    writeln!(page, "{}, {name}: {state}: {detail}", area.title())?;
    remedy.iter().try_for_each(|remedy| writeln!(page, "to do: {remedy}"))
}

fn write_check(page: &mut Page, check: &Check, look: Look) -> fmt::Result {
    let most = look.width.unwrap_or(usize::MAX);
    write!(page, "  ")?;
    page.paint(role(check.state), format!("{:MARK$}", check.state.to_string()));
    let name = check.check;
    let indent = if most < WIDE { INDENT } else { 2 + MARK + 2 + NAME + 2 };
    let room = most.saturating_sub(indent);
    let mut lines = wrapped(&check.detail, room);
    if let Some(remedy) = &check.remedy {
        let marks = iter::once(REMEDY).chain(iter::repeat(BELOW_REMEDY));
        let room = room.saturating_sub(BELOW_REMEDY.len());
        // A command stays whole where it fits on a line of its own.
        let remedy = wrap::sentence(remedy, room).into_iter();
        let remedy = remedy.flat_map(|line| wrapped(&line, room));
        lines.extend(marks.zip(remedy).map(|(mark, line)| format!("{mark}{line}")));
    }
    let mut lines = lines.into_iter();
    match most < WIDE {
        true => writeln!(page, "  {name}")?,
        false => writeln!(page, "  {name:NAME$}  {}", lines.next().unwrap_or_default())?,
    }
    lines.try_for_each(|line| writeln!(page, "{:indent$}{line}", ""))
}

impl Report for Examination {
    fn exit(&self) -> Exit {
        if self.problems == 0 { Exit::Done } else { Exit::Failed }
    }

    fn page(&self, look: Look) -> Page {
        Page::written(|page| self.write(page, look))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::looks::{Depth, Palette};

    fn wide(width: usize) -> Look {
        Look { plain: false, width: Some(width) }
    }

    #[test]
    fn every_line_fits_whatever_the_width() {
        let detail = format!("~/{} is open to others", "folder/".repeat(20));
        let check = Area::Folders.problem("sessions", detail.clone()).remedied_by(detail);
        for width in [20, 60, 79, 80, 120] {
            let text = Examination::of(vec![check.clone()]).page(wide(width)).to_string();
            for line in text.lines().skip(1) {
                assert!(line.chars().count() <= width.max(32), "{width}: {line}");
            }
        }
    }

    #[test]
    fn only_a_problem_makes_it_fail() {
        let warned = Examination::of(vec![Area::Network.warning("proxy", "x")]);
        assert_eq!(warned.exit(), Exit::Done);
        assert!(warned.to_string().ends_with("No problem, 1 warning.\n"));
        let failed = Examination::of(vec![Area::Network.problem("proxy", "x")]);
        assert_eq!(failed.exit(), Exit::Failed);
        let shown = failed.page(Look::default()).shown(Palette::of(Depth::Few));
        assert!(shown.contains("\u{1b}[1;31mproblem\u{1b}[0m"), "{shown}");
    }
}
