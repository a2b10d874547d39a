//! A real terminal, tmux's, in which lines are typed.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

use jiff::Timestamp;

use crate::world::World;

/// As wide as the longest line that is shown.
const COLUMNS: &str = "136";
const ROWS: &str = "40";
const ZONE: &str = "America/New_York";

/// What the terminal runs: a shell that takes each line from a pipe, shows it as if it had been
/// typed, runs it at the time that it was told, and says when it is done.
const TYPIST: &str = r#"
nbatodo() { FAKETIME_DONT_FAKE_MONOTONIC=1 faketime -f "@$NOW" "$BINARY" "$@"; }
$TMUX_HERE wait-for -S ready
while IFS= read -r line <&3; do
  case $line in
    now\ *) NOW=${line#now } ;;
    \#*) printf '\033[2m%s\033[0m\n' "$line" ;;
    *) printf '\033[32m$\033[0m \033[1m%s\033[0m\n' "$line"; eval "$line"; echo ;;
  esac
  $TMUX_HERE wait-for -S ready
done 3<> "$LINES_FROM"
"#;

/// A terminal that is being recorded. It ends with its drop.
pub(super) struct Recording {
    socket: PathBuf,
    lines: PathBuf,
}

impl Recording {
    pub(super) fn start(world: &World, token: &str) -> Self {
        let (socket, lines) = (world.home().join("tmux"), world.home().join("lines"));
        let (typist, settings) = (world.home().join("typist"), world.home().join("tmux.conf"));
        fs::write(&typist, TYPIST).unwrap();
        fs::write(&settings, "set -g status off\nset -g default-terminal tmux-256color\n").unwrap();
        assert!(Command::new("mkfifo").arg(&lines).status().unwrap().success());
        let model = world.command::<&str>([]);
        let mut tmux = Command::new("tmux");
        tmux.arg("-S").arg(&socket).arg("-f").arg(&settings);
        tmux.args(["new-session", "-d", "-x", COLUMNS, "-y", ROWS, "sh"]).arg(&typist);
        tmux.env_clear().envs(model.get_envs().filter_map(|(name, value)| Some((name, value?))));
        tmux.env("NBATODO_TOKEN", token).env("BINARY", model.get_program());
        tmux.env("TMUX_HERE", format!("tmux -S {}", socket.display())).env("LINES_FROM", &lines);
        tmux.env("TZ", ZONE).env("LANG", "C.UTF-8").env("TERM", "xterm-256color");
        tmux.env("COLORTERM", "truecolor");
        let started = tmux.output().unwrap();
        assert!(started.status.success(), "{started:?}");
        let recording = Self { socket, lines };
        recording.tmux(&["wait-for", "ready"]);
        recording
    }

    fn tmux(&self, arguments: &[&str]) -> String {
        let mut tmux = Command::new("tmux");
        let output = tmux.arg("-u").arg("-S").arg(&self.socket).args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Sets the clock of what is typed from now on.
    pub(super) fn clock(&self, now: Timestamp) {
        let local = now.in_tz(ZONE).unwrap();
        self.says(&format!("now {}", local.strftime("%Y-%m-%d %H:%M:%S")));
    }

    /// Shows a line that is no command.
    pub(super) fn says(&self, line: &str) {
        self.types(line);
    }

    /// Types a line, and waits until it has done what it does.
    pub(super) fn types(&self, line: &str) {
        let mut pipe = fs::File::options().append(true).open(&self.lines).unwrap();
        pipe.write_all(format!("{line}\n").as_bytes()).unwrap();
        self.tmux(&["wait-for", "ready"]);
    }

    /// What is on the screen, with its colours, without the blank lines at the end.
    pub(super) fn screen(&self) -> String {
        self.tmux(&["capture-pane", "-p", "-e"]).trim_end().to_owned()
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        let mut kill = Command::new("tmux");
        kill.arg("-S").arg(&self.socket).arg("kill-server");
        drop(kill.output());
    }
}
