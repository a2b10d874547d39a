//! What is written is on the disk before it counts.

use std::fs;
use std::process::Command;

use crate::own_network::in_own_network;
use crate::standing::Staying;
use crate::world::{finish, has};

#[test]
fn whatever_is_renamed_was_synced_before_and_its_folder_is_synced_after() {
    if !has("strace") {
        return;
    }
    in_own_network(|| {
        let staying = Staying::new();
        staying.pass_the_hour();
        let (status, log) = (staying.status(), staying.world.home().join("log"));
        let mut traced = Command::new("strace");
        traced.args(["-f", "-y", "-s", "0", "-e", "trace=fsync,?rename,?renameat,?renameat2"]);
        traced.arg("-o").arg(&log).arg(status.get_program()).args(status.get_args());
        traced.env_clear();
        traced.envs(status.get_envs().filter_map(|(name, value)| Some((name, value?))));
        finish(traced).exits_with(0);

        let log = fs::read_to_string(log).unwrap();
        // One thread at a time writes, so its calls stand one below the other.
        let calls: Vec<&str> = log.lines().filter(|line| line.contains("(")).collect();
        let mut renamed = 0;
        for (at, call) in calls.iter().enumerate().filter(|(_, call)| call.contains(" rename")) {
            let temporary = call.split('"').nth(1).unwrap();
            let folder = temporary.rsplit_once('/').unwrap().0;
            let (before, after) = (calls[at - 1], calls[at + 1]);
            assert!(
                before.contains("fsync(") && before.contains(&format!("<{temporary}>")),
                "{log}"
            );
            assert!(after.contains("fsync(") && after.contains(&format!("<{folder}>")), "{log}");
            renamed += 1;
        }
        // The grant twice, the session's key, and the session.
        assert_eq!(renamed, 4, "{log}");
    });
}
