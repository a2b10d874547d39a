//! Lengths of time are typed the same way everywhere.

use crate::feed::{celtics_games, text};
use crate::world::{RED, World, finish};

/// Each option that is a length of time: its command, what it took before it had units, what is
/// too long for it, and what a complaint tells.
const OPTIONS: [(&[&str], &str, &str, &str); 9] = [
    (&["login", "--timeout"], "300", "25h", "from 1s to 24h, such as 90s"),
    (&["login", "--ttl"], "15", "1h1m", "from 1m to 1h, such as 15m"),
    (&["import", "--team", "BOS", "--max-wait"], "120", "86401", "from 0 to 24h, such as 90s"),
    (&["remove", "--team", "BOS", "--max-wait"], "0", "1441m", "from 0 to 24h, such as 90s"),
    (&["import", "--team", "BOS", "--duration"], "150", "24h1m", "from 1m to 24h, such as 2h30m"),
    (&["import", "--team", "BOS", "--reminder"], "60", "1441", "from 1m to 24h, such as 60m"),
    (&["import", "--all-profiles", "--spread"], "20", "1441", "from 0 to 24h, such as 30s"),
    (&["import", "--all-profiles", "--share-window"], "0", "2d", "from 0 to 24h, such as 10m"),
    (&["status", "--deadline"], "10", "25h", "from 1s to 24h, such as 90s or 15m, or none"),
];

/// What is typed is understood: without anybody signed in that is another exit code.
#[test]
fn every_option_takes_them() {
    let world = World::new();
    let typed = |option: &[&str], time: &str| {
        let (name, before) = option.split_last().unwrap();
        let mut line: Vec<String> = before.iter().map(|word| (*word).to_owned()).collect();
        line.push(format!("{name}={time}"));
        // A login would wait for its browser.
        if before[0] == "login" {
            line.push("--session-store=memory".to_owned());
        }
        world.run(line)
    };
    for (option, bare, too_long, told) in OPTIONS {
        for time in [bare, "15m", "1h", "30 min", "0h5M"] {
            let ran = typed(option, time);
            assert!(!ran.stderr.contains("invalid value"), "{option:?} {time}: {ran:?}");
            // What is missing beside it, such as a sign-in, is another matter.
            assert!(matches!(ran.code, Some(0..=4)), "{option:?} {time}: {ran:?}");
        }
        for time in [too_long, "", "m", "soon", "-5", "+5", "1y", "2h30", "15m ago", "1m30"] {
            let ran = typed(option, time);
            ran.exits_with(2);
            assert!(ran.stderr.contains(told), "{option:?} {time}: {ran:?}");
            let number = ran.stderr.contains("a number alone is");
            assert!(number, "{option:?} {time}: {ran:?}");
        }
    }
    let whole = typed(OPTIONS[4].0, "90s");
    assert!(whole.exits_with(2).stderr.contains("whole minutes"), "{whole:?}");
}

#[test]
fn the_settings_take_them_too() {
    let world = World::new();
    for (key, times) in [
        ("deadline", &["90s", "1h30m", "10", "none"][..]),
        ("duration", &["2h30m", "150", "1.5h", "2 hours"]),
        ("reminder", &["60m", "1h", "60"]),
    ] {
        for time in times {
            world.run(["config", "set", key, time]).exits_with(0);
            world.run(["config", "show"]).exits_with(0);
            let mut command = world.command(["config", "show"]);
            command.env(format!("NBATODO_{}", key.to_uppercase()), time);
            finish(command).exits_with(0);
        }
        let ran = world.run(["config", "set", key, "a while"]);
        ran.exits_with(2).complains_of(&["it takes a length of time from", "a number alone is"]);
    }
    world.configure("duration = 150\nreminder = 60\ndeadline = 5\n");
    world.run(["config", "show"]).exits_with(0);
}

#[test]
fn a_number_alone_keeps_its_unit() {
    let world = World::new();
    world.serve_feed(text(&celtics_games(1)));
    world.sign_in_by(world.command(["login", "--no-browser", "--ttl", "10"]), RED);
    assert!(world.run(["status"]).stdout.contains("10 minutes"), "{:?}", world.run(["status"]));
    for (time, minutes) in [("150", 150), ("2h30m", 150), ("1.5h", 90)] {
        world.run(["import", "--team", "BOS", "--duration", time]).exits_with(0);
        let tasks = world.tasks(RED);
        assert_eq!(tasks[0].duration.as_ref().unwrap()["amount"], minutes, "{time}");
    }
    let ran = world.run(["login", "--no-browser", "--timeout", "1", "--profile", "pat"]);
    assert!(
        ran.exits_with(4).stderr.contains("within 1 second. Run the same command again"),
        "{ran:?}"
    );
}

#[test]
fn no_deadline_is_a_word_and_no_length() {
    let world = World::new();
    for none in ["0", "0s", "0m"] {
        let ran = world.run(["status", "--deadline", none]);
        ran.exits_with(2).complains_of(&["from 1s to 24h", "or none"]);
        world.run(["config", "set", "deadline", none]).exits_with(2).complains_of(&["or none"]);
    }
    world.run(["teams", "--deadline", "none"]).exits_with(0);
}

#[test]
fn help_tells_what_a_number_alone_counts() {
    let world = World::new();
    for (command, option, unit) in [
        ("login", "--timeout", "seconds"),
        ("login", "--ttl", "minutes"),
        ("import", "--duration", "minutes"),
        ("import", "--reminder", "minutes"),
        ("import", "--max-wait", "seconds"),
        ("remove", "--max-wait", "seconds"),
        ("import", "--spread", "minutes"),
        ("import", "--share-window", "minutes"),
        ("", "--deadline", "minutes"),
    ] {
        let words = command.split_whitespace();
        let help = world.run(words.chain(["--help"]).collect::<Vec<_>>()).stdout;
        let of_option = help.split(&format!("{option} <TIME>")).nth(1).unwrap();
        let of_option = of_option.split("\n\n").next().unwrap().split_whitespace();
        let of_option = of_option.collect::<Vec<_>>().join(" ");
        assert!(of_option.contains(&format!("a number alone is {unit}")), "{option}: {of_option}");
    }
}
