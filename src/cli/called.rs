//! Commands as they have to be typed to go by the settings file that `--config` named.

use std::path::Path;

use crate::cli::help::{self, own_commands};
use crate::private_files::shell_word;

/// What is typed before a command of ours.
const NAME: &str = "nbatodo ";

/// How this program was called, as far as what it proposes has to be called alike.
#[derive(Clone, Debug, Default)]
pub(super) struct Called(Option<WithOption>);

/// The option, and what it has to stand before.
#[derive(Clone, Debug)]
struct WithOption {
    option: String,
    commands: Vec<String>,
}

impl Called {
    /// With `--config` and this file, if it was given.
    pub(super) fn with(config: Option<&Path>) -> Self {
        Self(config.map(|file| WithOption {
            option: format!("--config {} ", shell_word(file)),
            commands: own_commands(&help::command()).map(|it| it.get_name().to_owned()).collect(),
        }))
    }

    /// `text`, each command in which reads the same settings file.
    pub(super) fn alike(&self, text: &str) -> String {
        let Some(WithOption { option, commands }) = &self.0 else { return text.to_owned() };
        if text.contains(option) {
            // Said so before.
            return text.to_owned();
        }
        let mut parts = text.split(NAME);
        let mut typed = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let word = part.split(|letter: char| !letter.is_ascii_alphanumeric()).next();
            let is_command = word.is_some_and(|word| commands.iter().any(|it| it == word))
                || part.starts_with("--profile ");
            typed.push_str(NAME);
            typed.push_str(if is_command { option } else { "" });
            typed.push_str(part);
        }
        typed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_command_reads_the_file_that_was_named() {
        let advice =
            "Take it out with: nbatodo config unset team, or see nbatodo puts. nbatodo login";
        let called = Called::with(Some(Path::new("my file.toml")));
        assert_eq!(
            called.alike(advice),
            "Take it out with: nbatodo --config 'my file.toml' config unset team, or see nbatodo \
             puts. nbatodo --config 'my file.toml' login"
        );
        assert_eq!(called.alike(&called.alike(advice)), called.alike(advice));
        assert_eq!(
            called.alike("nbatodo --profile a"),
            "nbatodo --config 'my file.toml' --profile a"
        );
        assert_eq!(Called::default().alike(advice), advice);
    }
}
