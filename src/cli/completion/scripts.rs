//! The scripts that make a shell ask.
//!
//! What is asked and answered is `clap_complete`'s. The scripts themselves are ours where the
//! library's would write over the line that is being typed when nbatodo is missing or too old,
//! or would take `project:NAME` and `--team=BOS` apart.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

use clap::Command;
use clap_complete::Shell;
use clap_complete::env::{Bash, Elvish, EnvCompleter, Fish, Powershell, Zsh};

const BASH: &str = include_str!("../../../completions/nbatodo.bash");
const ELVISH: &str = include_str!("../../../completions/nbatodo.elv");
const FISH: &str = include_str!("../../../completions/nbatodo.fish");
const POWERSHELL: &str = include_str!("../../../completions/nbatodo.ps1");
const ZSH: &str = include_str!("../../../completions/_nbatodo");

/// The shells that can ask.
pub(super) const SHELLS: [&dyn EnvCompleter; 5] = [
    &Scripted { shell: &Bash, script: BASH },
    &Scripted { shell: &Elvish, script: ELVISH },
    &Scripted { shell: &Fish, script: FISH },
    &Scripted { shell: &Powershell, script: POWERSHELL },
    &Scripted { shell: &Zsh, script: ZSH },
];

/// The script of a shell.
pub(in crate::cli) fn script(shell: Shell) -> Option<&'static str> {
    match shell {
        Shell::Bash => Some(BASH),
        Shell::Elvish => Some(ELVISH),
        Shell::Fish => Some(FISH),
        Shell::PowerShell => Some(POWERSHELL),
        Shell::Zsh => Some(ZSH),
        _ => None,
    }
}

/// A shell of the library's with a script of ours.
struct Scripted {
    shell: &'static (dyn EnvCompleter + Sync),
    script: &'static str,
}

impl EnvCompleter for Scripted {
    fn name(&self) -> &'static str {
        self.shell.name()
    }

    fn is(&self, name: &str) -> bool {
        self.shell.is(name)
    }

    fn write_registration(
        &self,
        _var: &str,
        _name: &str,
        _bin: &str,
        _completer: &str,
        buffer: &mut dyn Write,
    ) -> Result<(), io::Error> {
        buffer.write_all(self.script.as_bytes())
    }

    fn write_complete(
        &self,
        command: &mut Command,
        arguments: Vec<OsString>,
        here: Option<&Path>,
        buffer: &mut dyn Write,
    ) -> Result<(), io::Error> {
        self.shell.write_complete(command, arguments, here, buffer)
    }
}
