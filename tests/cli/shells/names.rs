//! Names that somebody else has given stay words, whatever a shell would make of them.

use std::fs;

use super::{SHOWN, program};
use crate::feed::{celtics_games, text};
use crate::terminal::Terminal;
use crate::world::{RED, World, has};

/// Names that somebody else may have given a project, each with the letter that it alone begins
/// with: a shell that takes one for its own text makes the file `pwned`.
const NAMED_BY_OTHERS: [(&str, &str); 5] = [
    ("Q", "Q$(touch${IFS}pwned)"),
    ("R", "R;touch${IFS}pwned;#"),
    ("M", "M $(touch pwned) NBA"),
    ("D", "D\" \"`touch pwned`"),
    ("S", "S' '$(touch pwned)\\"),
];

/// A world whose imports have made a project of each of those names.
fn world_named_by_others() -> World {
    let games = celtics_games(NAMED_BY_OTHERS.len() + 1);
    let world = World::with(|options| options.overrides.max_projects = Some(20));
    world.serve_feed(text(&games));
    world.sign_in("work", RED);
    for (serial, (_, name)) in NAMED_BY_OTHERS.into_iter().enumerate() {
        let import = ["import", "--profile", "work", "--team", "BOS", "--one-project"];
        world.run([&import[..], &[name]].concat()).exits_with(0);
        // A person's own of that name, for a team that is in no other.
        world.sandbox.person(RED).add_project(&format!("x{name}")).unwrap();
        let game = &games[serial];
        let team = if game.home == "BOS" { game.away } else { game.home };
        let place = format!("project:x{name}");
        let import = ["import", "--profile", "work", "--team", team, "--destination"];
        world.run([&import[..], &[&place]].concat()).exits_with(0);
    }
    world
}

/// Presses Tab behind the letter of each name, then `keys`, and looks at what the line ran.
fn names_stay_words(mut terminal: Terminal, world: &World, open: &str, keys: &str) {
    for (letter, name) in NAMED_BY_OTHERS {
        // What an open quote does not keep apart is not proposed, and the quote is closed by hand.
        let is_proposed = open.is_empty() || open == "'" && !name.contains(open);
        let closed = format!("{open}\r");
        let (keys, word) = if is_proposed { (keys, name) } else { (closed.as_str(), letter) };
        terminal.press(&format!("nbatodo import --one-project {open}{letter}\t{keys}"));
        let ran = format!("ran:<import><--one-project><{word}>");
        terminal.until(|drawn| {
            drawn.rsplit_once(ran.as_str()).is_some_and(|(_, after)| after.contains("ready> "))
        });
        assert!(!world.home().join("pwned").exists(), "{name}: {}", terminal.drawn());
        // The same behind a colon, at which bash takes words apart.
        let place = format!("project:x{letter}");
        terminal.press(&format!("nbatodo import --destination {open}{place}\t{keys}"));
        let word = if is_proposed { format!("project:x{name}") } else { place };
        let ran = format!("ran:<import><--destination><{word}>");
        terminal.until(|drawn| {
            drawn.rsplit_once(ran.as_str()).is_some_and(|(_, after)| after.contains("ready> "))
        });
        assert!(!world.home().join("pwned").exists(), "{name}: {}", terminal.drawn());
    }
    terminal.press("exit\r");
    terminal.finish();
}

/// `shell` in the home of this world.
fn at_home(world: &World, shell: &str, arguments: &[&str]) -> Terminal {
    let mut command = program(world, "sh", &["-c", "cd ~ && exec \"$@\"", "sh", shell]);
    command.args(arguments).env("XDG_RUNTIME_DIR", world.home());
    let mut terminal = Terminal::start(&command);
    terminal.until_drawn("ready> ");
    terminal
}

#[test]
fn bash_takes_names_of_others_for_words() {
    if !has("bash") {
        return;
    }
    let world = world_named_by_others();
    let start = format!("PS1='ready> '\nsource <(nbatodo completions bash)\n{SHOWN}\n");
    let start = format!("{start}bind 'set enable-bracketed-paste off'\n");
    fs::write(world.home().join("rc"), start).unwrap();
    for open in ["", "\"", "'"] {
        let terminal = at_home(&world, "bash", &["--noprofile", "--rcfile", "rc", "-i"]);
        names_stay_words(terminal, &world, open, "\r");
    }
}

#[test]
fn in_bash_a_second_tab_goes_on_behind_what_the_first_has_escaped() {
    if !has("bash") {
        return;
    }
    let world = World::with_games(&celtics_games(1));
    world.sign_in("work", RED);
    for name in ["S' \"\\1 end", "S' \"\\2 end"] {
        let import = ["import", "--profile", "work", "--team", "BOS", "--one-project"];
        world.run([&import[..], &[name]].concat()).exits_with(0);
    }
    let start = format!("PS1='ready> '\nsource <(nbatodo completions bash)\n{SHOWN}\n");
    let start = format!("{start}bind 'set enable-bracketed-paste off'\n");
    fs::write(world.home().join("rc"), start).unwrap();
    let mut terminal = at_home(&world, "bash", &["--noprofile", "--rcfile", "rc", "-i"]);
    // The first stops where the two names part.
    terminal.press("nbatodo import --one-project S\t2\t\r");
    terminal.until_drawn("ran:<import><--one-project><S' \"\\2 end>");
    terminal.press("exit\r");
    terminal.finish();
}

#[test]
fn zsh_takes_names_of_others_for_words() {
    if !has("zsh") {
        return;
    }
    let world = world_named_by_others();
    let start = "autoload -Uz compinit; compinit -D\nsource <(command nbatodo completions zsh)\n";
    fs::write(world.home().join(".zshrc"), format!("{start}PS1='ready> '\n{SHOWN}\n")).unwrap();
    names_stay_words(at_home(&world, "zsh", &["-i"]), &world, "", "\r");
}

#[test]
fn elvish_takes_names_of_others_for_words() {
    if !has("elvish") {
        return;
    }
    let world = world_named_by_others();
    let start = "set edit:prompt = { print 'ready> ' }\nset edit:rprompt = { nop }\n\
                 eval (nbatodo completions elvish | slurp)\n\
                 fn nbatodo {|@words| print 'ran:'; each {|w| print '<'$w'>' } $words; echo }\n";
    let folder = world.home().join(".config/elvish");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("rc.elv"), start).unwrap();
    names_stay_words(at_home(&world, "elvish", &[]), &world, "", "\r\r");
}

#[test]
fn fish_takes_names_of_others_for_words() {
    if !has("fish") {
        return;
    }
    let world = world_named_by_others();
    let folder = world.home().join(".config/fish");
    fs::create_dir_all(folder.join("completions")).unwrap();
    fs::write(folder.join("completions/nbatodo.fish"), world.run(["completions", "fish"]).stdout)
        .unwrap();
    let start = "function fish_prompt; echo -n 'ready> '; end\nset -g fish_greeting\n\
                 function nbatodo; printf 'ran:'; printf '<%s>' $argv; echo; end\n";
    fs::write(folder.join("config.fish"), start).unwrap();
    names_stay_words(at_home(&world, "fish", &["-i"]), &world, "", "\r");
}
