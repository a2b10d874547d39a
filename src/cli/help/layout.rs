//! How the texts are put into help, for a terminal of any width.

use clap::Command;
use clap::builder::styling::Style;
use clap::builder::{StyledStr, Styles};

use super::{Text, own_commands, variables};
use crate::cli;
use crate::cli::appearance::terminal_width;
use crate::looks::wrap;

/// The most columns that help takes: lines that run on are hard to read.
const WIDEST: usize = 80;
/// Where somebody begins who has never seen it.
const START: &str = "Start with \"nbatodo demo\": it shows everything, and needs no account.";
/// How far each part is from the left.
const EXAMPLE: usize = 2;
const EXPLAINED: usize = 6;

/// How many columns help has.
pub(super) fn room() -> usize {
    let columns = cli::variable("COLUMNS").and_then(|text| text.parse().ok());
    let columns = columns.filter(|it| *it > 0).or_else(terminal_width);
    columns.unwrap_or(WIDEST).min(WIDEST)
}

/// The long names of the options that every command takes.
pub(super) fn names_of_common_options(root: &Command) -> Vec<String> {
    let common = root.get_arguments().filter(|it| it.is_global_set());
    common.filter_map(|it| it.get_long()).map(|long| format!("--{long}")).collect()
}

/// `command` with its text: what it does above the options, and below them what `-h` has in a
/// line, and `--help` in full.
pub(super) fn with_text(
    command: Command,
    text: &Text,
    everywhere: &[String],
    (styles, room): (&Styles, usize),
) -> Command {
    let name = format!("nbatodo {}", text.command);
    let name = name.trim_end();
    let has_commands = own_commands(&command).next().is_some();
    let mut page = Page { text: String::new(), header: *styles.get_header(), room };
    let mut brief = format!("Examples, exit codes and more: {name} --help");
    if !text.command.is_empty() {
        let all = everywhere.join(", ");
        page.heading("Options of every command");
        page.paragraph(EXAMPLE, &format!("{all}: see \"nbatodo --help\""));
        brief = format!("Options of every command: nbatodo --help\n{brief}");
    } else {
        brief = format!("{START}\n{brief}");
    }
    for note in text.notes {
        page.gap();
        page.paragraph(0, note);
    }
    page.examples(text);
    page.rows("Exit codes", text.exits.iter().map(|it| (it.code().to_string(), it.meaning())));
    let variables = text.environment.iter();
    let variables =
        variables.filter_map(|name| Some(((*name).to_owned(), variables::about(name)?)));
    page.rows("Environment", variables);
    if has_commands {
        page.gap();
        page.paragraph(0, &format!("Of each command: {name} help COMMAND"));
    }
    command
        .long_about(text.summary)
        .after_help(brief)
        .after_long_help(StyledStr::from(page.text.trim().to_owned()))
}

/// Text that grows downwards.
struct Page {
    text: String,
    header: Style,
    room: usize,
}

impl Page {
    fn gap(&mut self) {
        self.text.push('\n');
    }

    /// In the looks of the library's own headings.
    fn heading(&mut self, title: &str) {
        let style = self.header;
        self.gap();
        self.text += &format!("{style}{title}:{style:#}\n");
    }

    /// The library breaks lines, and keeps their indentation.
    fn paragraph(&mut self, indentation: usize, text: &str) {
        self.text += &format!("{:indentation$}{text}\n", "");
    }

    fn examples(&mut self, text: &Text) {
        self.heading("Examples");
        for example in text.examples {
            for (at, line) in typed(example.line, self.room).iter().enumerate() {
                self.paragraph(if at == 0 { EXAMPLE } else { 2 * EXPLAINED }, line);
            }
            self.paragraph(EXPLAINED, example.does);
        }
    }

    /// Names with what they stand for: beside them where they are short.
    fn rows(&mut self, title: &str, rows: impl Iterator<Item = (String, &'static str)>) {
        let mut rows = rows.peekable();
        if rows.peek().is_none() {
            return;
        }
        self.heading(title);
        for (name, meaning) in rows {
            if name.len() < EXPLAINED - EXAMPLE {
                // The library would go on below the name.
                let lines = wrap::wrapped(meaning, self.room.saturating_sub(EXPLAINED));
                for (at, line) in lines.iter().enumerate() {
                    let name = if at == 0 { name.as_str() } else { "" };
                    self.paragraph(EXAMPLE, &format!("{name:<4}{line}"));
                }
            } else {
                self.paragraph(EXAMPLE, &name);
                self.paragraph(EXPLAINED, meaning);
            }
        }
    }
}

/// `line` as it is typed into a shell, in as many lines as it takes where there is `room` for so
/// many columns: broken before an option, where a backslash goes on.
fn typed(line: &str, room: usize) -> Vec<String> {
    const GOES_ON: &str = " \\";
    let mut starts: Vec<usize> = line.match_indices(" --").map(|(at, _)| at).collect();
    starts.push(line.len());
    let (mut lines, mut begin, mut end) = (Vec::new(), 0, 0);
    for next in starts {
        let indentation = if lines.is_empty() { EXAMPLE } else { 2 * EXPLAINED };
        let more = if next == line.len() { 0 } else { GOES_ON.len() };
        if indentation + next - begin + more > room && end > begin {
            lines.push(format!("{}{GOES_ON}", line[begin..end].trim_start()));
            begin = end;
        }
        end = next;
    }
    lines.push(line[begin..].trim_start().to_owned());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_command_goes_on_where_a_shell_goes_on() {
        let line = "nbatodo import --team BOS --title \"{team} {vs} {opponent}, {tv}\" --next 3";
        assert_eq!(typed(line, 76), [line]);
        assert_eq!(
            typed(line, 60),
            ["nbatodo import --team BOS \\", "--title \"{team} {vs} {opponent}, {tv}\" --next 3",]
        );
        assert_eq!(
            typed(line, 50),
            [
                "nbatodo import --team BOS \\",
                "--title \"{team} {vs} {opponent}, {tv}\" \\",
                "--next 3",
            ]
        );
        assert_eq!(typed("nbatodo login", 5), ["nbatodo login"]);
    }
}
