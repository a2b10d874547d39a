//! Every command line of the README, run as it stands there.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use nbatodo::sandbox::visitor::Decision;

use crate::feed::{celtics_games, text};
use crate::world::{RED, Ran, World};

const REPOSITORY: &str = env!("CARGO_MANIFEST_DIR");
const README: &str = include_str!("../../README.md");

/// The lines of all fenced blocks in `language`, comments and blank lines left out.
pub(crate) fn lines(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    let blocks = README.split(fence.as_str()).skip(1);
    let lines = blocks.flat_map(|block| block.split("```").next().unwrap().lines());
    lines.filter(|line| !line.trim().is_empty() && !line.trim().starts_with('#')).collect()
}

/// Runs a line in a shell where `nbatodo` is on the path and Todoist is the world's.
pub(crate) fn shell(world: &World, line: &str, input: &str) -> Ran {
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
    let path = std::iter::once(binaries).chain(std::env::split_paths(&path));
    command.env("PATH", std::env::join_paths(path).unwrap()).env("BROWSER", "true");
    command.stdin(Stdio::piped());
    if line.contains("nbatodo login") {
        let login = world.start_login(command);
        world.decide(&login.url, RED, Decision::Allow);
        return login.finish();
    }
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that reads nothing closes the pipe first, and that is fine.
    drop(child.stdin.take().unwrap().write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn every_command_line_of_the_readme_works() {
    let world = World::new();
    world.serve_feed(text(&celtics_games(3)));
    let token = world.sandbox.personal_token(RED).unwrap();
    let mut ran = Vec::new();
    for line in lines("sh") {
        // That is this very run.
        if line == "cargo test" {
            continue;
        }
        // The binary is built; running and installing it is what the lines are about.
        let line = line.replace("cargo run --release --", "nbatodo").replace(
            "cargo install --path .",
            &format!(
                "cargo install --debug --offline --locked --path {REPOSITORY} --root $HOME/.cargo"
            ),
        );
        let result = shell(&world, &line, &token);
        assert_eq!(result.code, Some(0), "{line}: {result:?}");
        ran.push(line);
    }
    for command in ["nbatodo demo", "nbatodo login", "nbatodo import", "nbatodo logout"] {
        assert!(ran.iter().any(|line| line.starts_with(command)), "{command} is not in the README");
    }
    assert!(README.contains("```sh\ncargo test\n```"));
    assert!(world.home().join(".cargo/bin/nbatodo").is_file(), "cargo install is in the README");

    let [cron] = lines("cron")[..] else { panic!("one cron line") };
    let command = cron.splitn(6, ' ').nth(5).unwrap();
    let result = shell(&world, command, "");
    assert_eq!((result.code, result.stdout.as_str(), result.stderr.as_str()), (Some(0), "", ""));
    assert_eq!(world.tasks(RED).len(), 3);
}

#[test]
fn the_key_file_that_the_readme_makes_is_one() {
    let world = World::new();
    let line = lines("sh").into_iter().find(|line| line.contains("--make-key")).unwrap();
    assert_eq!(shell(&world, line, "").code, Some(0));
    let mut command = world.command(["login", "--no-browser"]);
    command.env("NBATODO_KEY_FILE", world.home().join(".config/nbatodo/key"));
    let login = world.start_login(command);
    world.decide(&login.url, RED, Decision::Allow);
    login.finish().exits_with(0);
}
