//! What the real shells propose when somebody presses Tab.

mod names;

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::feed::celtics_games;
use crate::terminal::Terminal;
use crate::world::{RED, World, has};

/// Where Debian's package bash-completion lies.
const BASH_COMPLETION: &str = "/usr/share/bash-completion/bash_completion";
/// Stands in for nbatodo in a shell: shows what the line that Tab completed would have run.
const SHOWN: &str = "nbatodo() { printf 'ran:'; printf '<%s>' \"$@\"; echo; }";

/// A world with a profile `work` that has filled a project of its own, "My games", and one in the
/// settings.
fn world() -> World {
    let world = World::with_games(&celtics_games(3));
    world.sign_in("work", RED);
    world.sandbox.person(RED).add_project("My games").unwrap();
    let import = ["import", "--profile", "work", "--team", "BOS"];
    let place = ["--destination", "project:My games"];
    world.run([&import[..], &place[..]].concat()).exits_with(0);
    let config = world.home().join(".config/nbatodo");
    fs::create_dir_all(&config).unwrap();
    let settings = "[profiles.club]\nteam = \"BOS\"\n";
    fs::write(config.join("config.toml"), settings).unwrap();
    world
}

/// A program in this world, with nbatodo on the path.
fn program(world: &World, name: &str, arguments: &[&str]) -> Command {
    let model = world.command::<&str>([]);
    let mut command = Command::new(name);
    command.args(arguments).env_clear();
    command.envs(model.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let binaries = Path::new(env!("CARGO_BIN_EXE_nbatodo")).parent().unwrap().to_owned();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::iter::once(binaries).chain(std::env::split_paths(&path));
    command.env("PATH", std::env::join_paths(path).unwrap());
    command.env("TERM", "xterm").env("LC_ALL", "C.UTF-8");
    command
}

/// Types what is there up to a Tab, presses it and then `keys`, and waits for what the line ran.
fn types(terminal: &mut Terminal, typed: &str, keys: &str, ran: &str) {
    terminal.press(&format!("{typed}\t{keys}"));
    let line: String = ran.split(' ').map(|word| format!("<{}>", word.replace('_', " "))).collect();
    // A shell that is not back at its prompt can lose what is typed.
    let ran = format!("ran:{line}");
    terminal
        .until(|drawn| drawn.rsplit_once(&ran).is_some_and(|(_, after)| after.contains("ready> ")));
}

/// What every shell completes: what is typed, and the words that are run then.
const COMPLETED: [(&str, &str); 8] = [
    ("nbatodo stat", "status"),
    ("nbatodo import --team BO", "import --team BOS"),
    ("nbatodo import --team=celt", "import --team=celtics"),
    ("nbatodo import --team LAL,BO", "import --team LAL,BOS"),
    ("nbatodo status --profile wo", "status --profile work"),
    ("nbatodo status --profile cl", "status --profile club"),
    ("nbatodo import --destination project:My", "import --destination project:My_games"),
    ("nbatodo man impo", "man import"),
];

#[test]
fn bash_completes() {
    if !has("bash") {
        return;
    }
    let world = world();
    let start = format!("PS1='ready> '\nsource <(nbatodo completions bash)\n{SHOWN}\n");
    let start = format!("{start}bind 'set enable-bracketed-paste off'\n");
    completes_in_bash(&world, &start);
}

#[test]
fn bash_completes_by_the_package_that_debian_has_for_it() {
    if !Path::new(BASH_COMPLETION).is_file() {
        return crate::world::skip("bash-completion is not installed");
    }
    let world = world();
    let folder = world.home().join(".local/share/bash-completion/completions");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("nbatodo"), world.run(["completions", "bash"]).stdout).unwrap();
    let start = format!("PS1='ready> '\nsource {BASH_COMPLETION}\n{SHOWN}\n");
    completes_in_bash(&world, &format!("{start}bind 'set enable-bracketed-paste off'\n"));
}

fn completes_in_bash(world: &World, start: &str) {
    let file = world.home().join("rc");
    fs::write(&file, start).unwrap();
    let arguments = ["--noprofile", "--rcfile", file.to_str().unwrap(), "-i"];
    let mut terminal = Terminal::start(&program(world, "bash", &arguments));
    terminal.until_drawn("ready> ");
    for (typed, ran) in COMPLETED {
        types(&mut terminal, typed, "\r", ran);
    }
    types(
        &mut terminal,
        "nbatodo import --destination \"project:My",
        "\r",
        "import --destination project:My_games",
    );
    terminal.press("nbatodo import --team \t\t");
    terminal.until_drawn("UTA");
    assert!(!world.home().join("pwned").exists());
    terminal.press("\u{15}exit\r");
    terminal.finish();
}

#[test]
fn zsh_completes() {
    if !has("zsh") {
        return;
    }
    let world = world();
    let folder = world.home().join("functions");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("_nbatodo"), world.run(["completions", "zsh"]).stdout).unwrap();
    for way in ["fpath+=~/functions\n", ""] {
        let sourced =
            if way.is_empty() { "source <(command nbatodo completions zsh)\n" } else { "" };
        let start =
            format!("{way}autoload -Uz compinit; compinit -D\n{sourced}PS1='ready> '\n{SHOWN}\n");
        fs::write(world.home().join(".zshrc"), start).unwrap();
        let mut terminal = Terminal::start(&program(&world, "zsh", &["-i"]));
        terminal.until_drawn("ready> ");
        for (typed, ran) in COMPLETED {
            types(&mut terminal, typed, "\r", ran);
        }
        terminal.press("nbatodo import --team B\t\t");
        terminal.until_drawn("Boston Celtics");
        terminal.press("\u{15}exit\r");
        terminal.finish();
    }
}

#[test]
fn fish_completes() {
    if !has("fish") {
        return;
    }
    let world = world();
    let folder = world.home().join(".config/fish/completions");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("nbatodo.fish"), world.run(["completions", "fish"]).stdout).unwrap();
    for (typed, ran) in COMPLETED {
        let script = format!("complete -C '{typed}'");
        let output = program(&world, "fish", &["-c", &script]).output().unwrap();
        let proposed = String::from_utf8(output.stdout).unwrap();
        let word = ran.rsplit(' ').next().unwrap().replace('_', " ");
        let found = proposed.lines().any(|line| line.split('\t').next() == Some(&word));
        assert!(found, "{typed}: {proposed} {:?}", output.stderr);
        assert_eq!(output.stderr, b"", "{typed}");
    }
    let output = program(&world, "fish", &["-c", "complete -C 'nbatodo import --team '"]).output();
    let proposed = String::from_utf8(output.unwrap().stdout).unwrap();
    assert!(proposed.contains("BOS\tBoston Celtics"), "{proposed}");
}

#[test]
fn elvish_completes() {
    if !has("elvish") {
        return;
    }
    let world = world();
    let start = "set edit:prompt = { print 'ready> ' }\nset edit:rprompt = { nop }\n\
                 eval (nbatodo completions elvish | slurp)\n\
                 fn nbatodo {|@words| print 'ran:'; each {|w| print '<'$w'>' } $words; echo }\n";
    let folder = world.home().join(".config/elvish");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("rc.elv"), start).unwrap();
    let mut elvish = program(&world, "elvish", &[]);
    // It keeps its history in a process of its own, which lives as long as it.
    elvish.env("XDG_RUNTIME_DIR", world.home());
    let mut terminal = Terminal::start(&elvish);
    terminal.until_drawn("ready> ");
    for (typed, ran) in COMPLETED {
        // A proposal that needs quotes, which were not typed, is taken by a Return of its own.
        let keys = if ran.contains(['=', ',', '_']) { "\r\r" } else { "\r" };
        types(&mut terminal, typed, keys, ran);
    }
    types(&mut terminal, "nbatodo import --team ", "\r\r", "import --team ATL");
    assert!(terminal.drawn().contains("UTA"), "{}", terminal.drawn());
    terminal.press("exit\r");
    terminal.finish();
}

#[test]
fn without_nbatodo_tab_says_nothing() {
    let world = World::new();
    // As a version says it that knows nothing of completions: a word that it did not expect.
    let old = world.home().join("old");
    fs::create_dir(&old).unwrap();
    fs::write(old.join("nbatodo"), "#!/bin/sh\necho 'error: unexpected' >&2\nexit 2\n").unwrap();
    world.chmod(&old.join("nbatodo"), 0o755);
    let script = |shell, file: &str| {
        fs::write(world.home().join(file), world.run(["completions", shell]).stdout).unwrap();
    };
    script("bash", "b");
    script("fish", "f");
    script("zsh", "_nbatodo");
    script("elvish", "e.elv");
    for first in ["/nowhere", old.to_str().unwrap()] {
        let path = format!("{first}:/usr/bin:/bin");
        for (shell, start, arguments) in [
            ("bash", "PS1='ready> '\n. ~/b\n", vec!["--noprofile", "--rcfile", "rc", "-i"]),
            (
                "zsh",
                "autoload -Uz compinit; compinit -D\n. ~/_nbatodo\nPS1='ready> '\n",
                vec!["-i"],
            ),
        ] {
            if !has(shell) {
                continue;
            }
            for file in ["rc", ".zshrc"] {
                fs::write(world.home().join(file), start).unwrap();
            }
            let mut command = program(&world, "sh", &["-c", "cd ~ && exec \"$@\"", "sh", shell]);
            command.args(arguments).env("PATH", &path);
            let mut terminal = Terminal::start(&command);
            terminal.until_drawn("ready> ");
            terminal.press("nbatodo stat\t\u{15}echo do\"\"ne\r");
            terminal.until_drawn("done");
            for complaint in ["not found", "error", "unexpected"] {
                assert!(!terminal.drawn().contains(complaint), "{shell}: {}", terminal.drawn());
            }
            terminal.press("exit\r");
            terminal.finish();
        }
        if has("fish") {
            let asked = "source ~/f; complete -C 'nbatodo stat'";
            let output =
                program(&world, "fish", &["-c", asked]).env("PATH", &path).output().unwrap();
            assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{first}");
        }
    }
}

#[test]
fn an_answer_leaves_nothing_and_asks_nobody() {
    let world = World::new();
    world.run(["teams"]).exits_with(0);
    let before = files_below(world.home());
    for shell in ["bash", "zsh", "fish", "elvish", "powershell", "tcsh", "", "0"] {
        for line in [
            &["nbatodo", "import", "--team", ""][..],
            &["nbatodo", "status", "--profile", ""],
            &["nbatodo", "import", "--destination", ""],
            &["nbatodo", "no-such-command", ""],
            &["nbatodo"],
            &[],
        ] {
            let mut command = world.command([&["--"], line].concat());
            command.env("NBATODO_COMPLETE", shell).env("NBATODO_CONFIG", "/nowhere/at/all");
            command.env("_CLAP_COMPLETE_INDEX", line.len().saturating_sub(1).to_string());
            let ran = crate::world::finish(command);
            match shell {
                // Then it is a run like any other.
                "" | "0" => {}
                // A run that does nothing does not look like one that did its work.
                "tcsh" => assert_eq!((ran.code, &*ran.stdout, &*ran.stderr), (Some(2), "", "")),
                _ if line.len() > 1 => {
                    assert_eq!((ran.code, &*ran.stderr), (Some(0), ""), "{shell} {line:?}");
                }
                _ => assert_eq!(ran.stderr, "", "{shell} {line:?}"),
            }
            if shell == "fish" && line.ends_with(&["--team", ""]) {
                assert!(ran.stdout.contains("BOS\tBoston Celtics\n"), "{ran:?}");
            }
        }
    }
    assert_eq!(files_below(world.home()), before);
    assert!(world.sandbox.requests().is_empty());
}

fn files_below(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        }
        files.push(path);
    }
    files.sort();
    files
}
