//! Commands as they have to be typed to go by the settings file and be about the profile of this run.

use std::path::Path;

use crate::cli::help::{self, own_commands};
use crate::model::{Profile, plain_text};
use crate::private_files::shell_word;

/// What is typed before a command of ours.
const NAME: &str = "nbatodo ";
/// How a command begins that is about a profile.
const PROFILE: &str = "--profile ";
/// The commands that are not about a profile, in whatever way.
const OF_NOBODY: [&str; 6] = ["teams", "doctor", "demo", "sandbox", "completions", "man"];

/// How this program was called, as far as what it proposes has to be called alike.
#[derive(Clone, Debug, Default)]
pub(super) struct Called {
    /// What has to stand before each command; nothing, where no settings file was named.
    config: String,
    /// Whether a command without a profile can be about another one than the default.
    names_profile: bool,
    commands: Vec<String>,
}

impl Called {
    /// With `--config` and this file, if it was given; where anything `names_profile`, a command
    /// that is meant for the default one has to say so.
    pub(super) fn with(config: Option<&Path>, names_profile: bool) -> Self {
        if config.is_none() && !names_profile {
            return Self::default();
        }
        let named = |file: &Path| {
            let text = file.to_string_lossy();
            let can_be_typed = file.to_str().is_some() && plain_text::one_line(&text) == text;
            // What no terminal may be given, nobody can paste.
            let word = if can_be_typed { shell_word(file) } else { "FILE".to_owned() };
            format!("--config {word} ")
        };
        Self {
            config: config.map(named).unwrap_or_default(),
            names_profile,
            commands: own_commands(&help::command()).map(|it| it.get_name().to_owned()).collect(),
        }
    }

    /// `text`, each command in which is called like this program.
    pub(super) fn alike(&self, text: &str) -> String {
        if self.commands.is_empty() {
            return text.to_owned();
        }
        let mut parts = text.split(NAME);
        let mut typed = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            // In quotes, somebody else speaks, such as a path.
            let is_quoted = typed.matches('\'').count() % 2 == 1;
            typed.push_str(NAME);
            if !is_quoted {
                typed.push_str(&self.options_of(part));
            }
            typed.push_str(part);
        }
        typed
    }

    /// What the command needs that begins `text`.
    fn options_of(&self, text: &str) -> String {
        let word = text.split(|letter: char| !letter.is_ascii_alphanumeric()).next();
        let command = self.commands.iter().find(|it| Some(it.as_str()) == word);
        let is_for_default = self.names_profile
            && command.is_some_and(|it| !OF_NOBODY.contains(&it.as_str()))
            && !text.contains(PROFILE);
        match command {
            Some(_) if is_for_default => {
                format!("{}{PROFILE}{} ", self.config, Profile::default())
            }
            None if !text.starts_with(PROFILE) => String::new(),
            _ => self.config.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_command_reads_the_file_that_was_named() {
        let advice =
            "Take it out with: nbatodo config unset team, or see nbatodo puts. nbatodo login";
        let called = Called::with(Some(Path::new("my file.toml")), false);
        let said = called.alike(advice);
        assert_eq!(
            said,
            "Take it out with: nbatodo --config 'my file.toml' config unset team, or see nbatodo \
             puts. nbatodo --config 'my file.toml' login"
        );
        assert_eq!(called.alike(&said), said, "once is enough");
        assert_eq!(
            called.alike("nbatodo --profile a"),
            "nbatodo --config 'my file.toml' --profile a"
        );
        let moved = "mv 'nbatodo login/x' 'nbatodo login/x.old'";
        assert_eq!(called.alike(moved), moved);
        assert_eq!(Called::default().alike(advice), advice);
    }

    #[test]
    fn a_file_that_no_terminal_may_be_given_has_another_name() {
        let called = Called::with(Some(Path::new("a\u{1b}[31m.toml")), false);
        assert_eq!(called.alike("nbatodo login"), "nbatodo --config FILE login");
    }

    #[test]
    fn where_a_profile_is_named_the_default_one_is_too() {
        let called = Called::with(None, true);
        for (proposed, typed) in [
            ("nbatodo login", "nbatodo --profile default login"),
            ("nbatodo login --profile ann", "nbatodo login --profile ann"),
            ("nbatodo teams", "nbatodo teams"),
        ] {
            assert_eq!(called.alike(proposed), typed);
            assert_eq!(called.alike(typed), typed, "once is enough");
        }
    }
}
