//! What the environment says about how to look.

/// The variables that tell of the terminal, of colours and of the language; each is `None` where
/// it is unset or empty.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// `NO_COLOR` (<https://no-color.org>): any value.
    pub no_color: bool,
    /// `CLICOLOR_FORCE` (<https://bixense.com/clicolors>): any value but `0`.
    pub force_color: bool,
    /// `CLICOLOR=0`.
    pub color_off: bool,
    /// `TERM`.
    pub term: Option<String>,
    /// `COLORTERM`.
    pub colorterm: Option<String>,
    /// `COLUMNS`, where it is a number of columns.
    pub columns: Option<usize>,
    /// The language of dates and times: the first of `LC_ALL`, `LC_TIME` and `LANG` (POSIX,
    /// chapter 8.2).
    pub locale: Option<String>,
}

impl Surroundings {
    /// Takes them out of the process's variables; an empty one counts as unset.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        Self {
            no_color: set("NO_COLOR").is_some(),
            force_color: set("CLICOLOR_FORCE").is_some_and(|value| value != "0"),
            color_off: set("CLICOLOR").is_some_and(|value| value == "0"),
            term: set("TERM"),
            colorterm: set("COLORTERM"),
            columns: set("COLUMNS").and_then(|text| text.parse().ok()).filter(|it| *it > 0),
            locale: ["LC_ALL", "LC_TIME", "LANG"].into_iter().find_map(set),
        }
    }

    /// Whether the terminal would show control sequences as they are.
    pub fn is_dumb(&self) -> bool {
        self.term.as_deref() == Some("dumb")
    }
}
