//! A clock that jumps by hours, years, lifetimes: no panic, no time that is negative, and no
//! session that lives on.

use crate::sessions::faketime;
use crate::world::{RED, World, finish};

#[test]
fn whatever_the_clock_says_every_command_ends_well_and_no_session_outlives_its_hour() {
    for shift in ["-56y", "-1y", "-5m", "+61m", "+1y", "+11y", "+70y", "+400y"] {
        let world = World::new();
        world.sign_in("default", RED);
        for words in [
            &["status"][..],
            &["status", "--format", "json"],
            &["schedule", "--team", "BOS"],
            &["schedule", "--team", "BOS", "--format", "ics"],
            &["import", "--team", "BOS", "--dry-run"],
            &["import", "--all-profiles", "--team", "BOS"],
            &["import", "--all-profiles", "--team", "BOS", "--format", "jsonl"],
            &["remove", "--team", "BOS", "--dry-run"],
            &["doctor"],
            &["teams"],
            &["config", "show"],
            &["logout"],
        ] {
            let Ok(mut command) = faketime(&world, shift) else { return };
            command.args(words);
            let ran = finish(command);
            let case = format!("{shift}, {words:?}: {ran:?}");
            assert!(matches!(ran.code, Some(0..=6 | 10)), "{case}");
            assert!(!ran.stderr.contains("broken at"), "{case}");
            for unit in ["second", "minute", "hour", "day"] {
                let negative =
                    |word: &str| word.starts_with('-') && word[1..].parse::<u32>().is_ok();
                let before =
                    ran.stdout.split(unit).filter_map(|text| text.split_whitespace().last());
                assert!(!before.into_iter().any(negative), "{case}");
            }
            if words[0] == "status" && words.len() == 1 {
                assert_eq!(ran.code, Some(4), "{case}");
            }
        }
        // By the true clock it is gone, too.
        world.run(["status"]).exits_with(4);
    }
}
