//! `nbatodo config`, and what each command makes of the settings file.

mod documented;
mod effect;
mod faults;
mod files;
mod newcomers;
mod secrets;
mod showing;

use std::fs;
use std::path::PathBuf;

use crate::world::World;

impl World {
    /// The settings file that is read when none is named.
    pub(crate) fn config_file(&self) -> PathBuf {
        self.home().join(".config/nbatodo/config.toml")
    }

    /// Writes the settings file as a person does with an editor.
    pub(crate) fn configure(&self, text: &str) {
        fs::create_dir_all(self.config_file().parent().unwrap()).unwrap();
        fs::write(self.config_file(), text).unwrap();
    }

    /// What stands in it.
    pub(crate) fn configured(&self) -> String {
        fs::read_to_string(self.config_file()).unwrap()
    }
}
