//! Ctrl-C and the deadline, in the middle of a run for many.

use std::process::{Child, Stdio};

use nbatodo::sandbox::{Effect, Fault};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::{GAMES, Household, SYNC};

pub(super) fn interrupt(child: &Child) {
    kill_process(Pid::from_child(child), Signal::INT).unwrap();
}

#[test]
fn an_interrupt_tells_what_was_done_and_the_next_run_does_the_rest() {
    for effect in [Effect::Hang, Effect::HangAfter] {
        let household = Household::of(6);
        household.world.sandbox.inject(Fault::nth_write(3, effect));
        let more = ["--team", "BOS", "--jobs", "1", "--format", "json"];
        let mut command = household.command(&more);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        household.world.runtime.block_on(household.world.sandbox.until_faults_happened());
        interrupt(&child);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130), "{output:?}");
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(document["counts"]["done"], 2, "{document}");
        assert_eq!(document["profiles"][2]["exit_code"], 130, "{document}");
        assert_eq!(document["not_begun"], serde_json::json!(["p4", "p5", "p6"]));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("interrupted; 3 of the profiles had not begun"), "{said}");
        household.import(&[]).exits_with(0);
        household.holds_once(1..=6);
    }
}

#[test]
fn the_deadline_ends_all_in_good_order() {
    let household = Household::of(4);
    household.world.sandbox.inject(Fault::nth_write(2, Effect::Hang));
    let ran = household.import(&["--jobs", "1", "--deadline", "4s"]);
    ran.exits_with(3);
    assert_eq!(ran.stdout, "4 profiles: 1 done, 1 failed (p2), 2 not begun.\n");
    let (done, why) = ran.stderr.split_once('\n').unwrap();
    assert!(done.starts_with(&format!("p1: Celtics: {GAMES} created")), "{ran:?}");
    for part in ["not finished within 4 seconds", "2 of the profiles had not begun"] {
        assert!(why.lines().count() == 1 && why.contains(part), "{ran:?}");
    }
    household.import(&[]).exits_with(0);
    household.holds_once(1..=4);
    assert!(household.world.asked(SYNC) >= 8);
}
