//! A line of a page, typed into a shell.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use nbatodo::sandbox::visitor::Decision;
use url::Url;

use crate::world::{PAT, RED, Ran, Turn, World};

/// Runs a line in a shell where `nbatodo` is on the path and Todoist is the world's, typed in the
/// home of the world. Whoever is asked for consent gives it.
pub(crate) fn shell(world: &World, line: &str, input: &str) -> Ran {
    // Sign-ins have to share ten ports with those of the other tests.
    let _turn = (line.contains("login") || line.contains("memory")).then(|| Turn::take(1));
    let mut child = command(world, line)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that reads nothing closes the pipe first, and that is fine.
    drop(child.stdin.take().unwrap().write_all(input.as_bytes()));
    let mut out = child.stdout.take().unwrap();
    let reading = thread::spawn(move || {
        let mut stdout = String::new();
        out.read_to_string(&mut stdout).map(|_| stdout).unwrap()
    });
    let mut stderr = String::new();
    for said in BufReader::new(child.stderr.take().unwrap()).lines() {
        let said = said.unwrap();
        stderr += &format!("{said}\n");
        if let Some(url) = consent_page(&said) {
            let other = line.contains("--profile") && !line.contains("--profile default");
            world.decide(&url, if other { PAT } else { RED }, Decision::Allow);
        }
    }
    let code = child.wait().unwrap().code();
    Ran { code, stdout: reading.join().unwrap(), stderr }
}

fn consent_page(said: &str) -> Option<Url> {
    let url: Url = said.trim().parse().ok()?;
    (url.has_host() && url.path() == "/oauth/authorize").then_some(url)
}

fn command(world: &World, line: &str) -> Command {
    let model = world.command::<&str>([]);
    let mut command = Command::new("sh");
    // What a line writes into the folder that it is typed in is not left in the repository.
    command.args(["-c", line]).env_clear().current_dir(world.home());
    for (name, value) in model.get_envs() {
        command.env(name, value.unwrap());
    }
    // The toolchain and its registry stay the machine's.
    for (name, folder) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
        let own = std::env::home_dir().unwrap().join(folder);
        command.env(name, std::env::var_os(name).unwrap_or(own.into_os_string()));
    }
    let binaries = Path::new(env!("CARGO_BIN_EXE_nbatodo")).parent().unwrap().to_owned();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let first = [world.home().join("stand-ins"), binaries].into_iter();
    let path = std::env::join_paths(first.chain(std::env::split_paths(&path))).unwrap();
    command.env("PATH", path).env("BROWSER", "true");
    command
}
