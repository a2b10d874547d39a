//! What is said about `nbatodo completions`.

use super::{Example, Text};
use crate::commands::Exit;

pub(super) const TEXT: Text = Text {
    command: "completions",
    summary: "Prints what makes a shell complete commands, options, teams, profiles and places. \
              The shell then asks nbatodo at each Tab, which reads what is here and asks nobody.",
    notes: &[
        "Each example is a line for the file that the shell reads at its start: ~/.bashrc, \
         ~/.zshrc (behind compinit), ~/.config/fish/config.fish or ~/.config/elvish/rc.elv. In \
         PowerShell, the line for $PROFILE is: nbatodo completions powershell | Out-String | \
         Invoke-Expression",
        "Or put what is printed into a file of its own: \
         ~/.local/share/bash-completion/completions/nbatodo, _nbatodo in a folder of zsh's \
         $fpath, or ~/.config/fish/completions/nbatodo.fish.",
    ],
    examples: &[
        Example { line: "source <(nbatodo completions bash)", does: "For bash" },
        Example { line: "source <(nbatodo completions zsh)", does: "For zsh" },
        Example { line: "nbatodo completions fish | source", does: "For fish" },
        Example { line: "eval (nbatodo completions elvish | slurp)", does: "For elvish" },
    ],
    exits: &[Exit::Done, Exit::Failed, Exit::Usage],
    environment: &[],
    files: &[],
    see_also: &["man"],
};
