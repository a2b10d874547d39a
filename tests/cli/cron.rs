//! A real cron daemon: no terminal, and nothing in the environment but what cron puts there.

use std::fs::{self, File};
use std::io::Read;
use std::process::{Command, Stdio};

use nbatodo::sandbox::{Effect, Fault};

use crate::feed::{celtics_games, text};
use crate::keyring::{Bus, command, tools};
use crate::standing::TOKEN;
use crate::world::{RED, Ran, World, has, skip};

const SYNC: &str = "/api/v1/sync";
const STAY: [&str; 3] = ["login", "--no-browser", "--stay-signed-in"];

/// Gives cron a machine of its own: tables with our lines only, a runtime directory with our bus
/// or none, and a clock that is a moment before the next minute. `$DONE` is held open, so that
/// whoever waits there for the job sees the end of a cron that runs none.
const MACHINE: &str = r#"
mount -t tmpfs none /run
mkdir -p /run/user/0
# faketime names what it shares after a process id, of which every machine has the same.
mount -t tmpfs none /dev/shm
[ -z "$BUS" ] || ln -s "$BUS" /run/user/0/bus
mount -t tmpfs none /var/spool/cron
mkdir /var/spool/cron/crontabs
# The person saves the table in the editor, later than crontab made an empty one, which it tells by
# the second; then crontab looks whether cron would take it.
printf 'cp "$TABLE" "$1"\ntouch -d tomorrow "$1"\n' > /run/editor
EDITOR='sh /run/editor' crontab -e
mount -t tmpfs none /etc/cron.d
mount --bind /dev/null /etc/crontab
exec 9> "$DONE"
second=$(date +%S)
exec timeout 90 faketime -f "+$(( (118 - ${second#0}) % 60 ))s" cron -f
"#;

/// Whether cron can be run here, in namespaces of its own.
fn can_run_cron() -> bool {
    if !["cron", "crontab", "faketime", "unshare"].into_iter().all(has) {
        return false;
    }
    let mut probe = Command::new("unshare");
    probe.args(["--mount", "--pid", "--fork", "sh", "-c", "mount -t tmpfs none /run && id -u"]);
    let is_root = probe.output().unwrap().stdout == b"0\n";
    if !is_root {
        skip("a cron daemon with tables of its own takes root");
    }
    is_root
}

/// A world that only its settings file and its home lead to, as under cron.
pub(crate) fn world() -> World {
    let world = World::new();
    world.serve_feed(text(&celtics_games(3)));
    let model = world.command::<&str>([]);
    let set = |name: &str| {
        let (_, value) = model.get_envs().find(|(key, _)| *key == name).unwrap();
        value.unwrap().to_str().unwrap().to_owned()
    };
    let settings = format!(
        "api_url = {:?}\nauth_url = {:?}\nschedule_url = {:?}\n",
        set("NBATODO_API_URL"),
        set("NBATODO_AUTH_URL"),
        set("NBATODO_SCHEDULE_URL")
    );
    fs::create_dir_all(world.home().join(".config/nbatodo")).unwrap();
    fs::write(world.home().join(".config/nbatodo/config.toml"), settings).unwrap();
    fs::create_dir_all(world.home().join(".cargo/bin")).unwrap();
    let binary = world.home().join(".cargo/bin/nbatodo");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_nbatodo"), binary).unwrap();
    world
}

/// Lets cron run `lines`, one after the other, and waits for the last one's end.
fn under_cron(world: &World, bus: Option<&Bus>, lines: &[&str]) -> Vec<Ran> {
    let out = |number: usize, what: &str| world.home().join(format!("{number}.{what}"));
    let mut job = String::new();
    for (number, line) in lines.iter().enumerate() {
        job += &format!(
            "({line}) > {} 2> {}; echo $? > {}; ",
            out(number, "stdout").display(),
            out(number, "stderr").display(),
            out(number, "code").display()
        );
    }
    let (table, done) = (world.home().join("table"), world.home().join("done"));
    let table_text = format!(
        "HOME={}\nFAKETIME_DONT_FAKE_MONOTONIC=1\n* * * * * {job} echo done > {}\n",
        world.home().display(),
        done.display()
    );
    fs::write(&table, table_text).unwrap();
    assert!(Command::new("mkfifo").arg(&done).status().unwrap().success());
    let mut cron = Command::new("unshare")
        .args(["--mount", "--pid", "--fork", "--kill-child", "sh", "-e", "-c", MACHINE])
        .env("TABLE", &table)
        .env("DONE", &done)
        .env("BUS", bus.map(|bus| bus.folder().join("bus")).unwrap_or_default())
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let mut told = [0; 5];
    File::open(&done).unwrap().read_exact(&mut told).expect("cron ran no job");
    cron.kill().unwrap();
    cron.wait().unwrap();
    fs::remove_file(&done).unwrap();
    let read = |number, what| fs::read_to_string(out(number, what)).unwrap();
    let ran = |number| Ran {
        code: read(number, "code").trim().parse().ok(),
        stdout: read(number, "stdout"),
        stderr: read(number, "stderr"),
    };
    (0..lines.len()).map(ran).collect()
}

/// No prompt, no colour: nothing that a file does not read well.
#[track_caller]
fn is_plain(ran: &Ran) {
    assert!(!ran.stdout.contains(['\u{1b}', '\r']), "{ran:?}");
    assert!(!ran.stderr.contains(['\u{1b}', '\r']), "{ran:?}");
}

#[test]
fn the_cron_line_works_with_a_keyring_that_only_the_runtime_directory_leads_to() {
    if !can_run_cron() || !tools() {
        return;
    }
    let (world, bus) = (world(), Bus::start());
    bus.start_keyring();
    world.sign_in_by(command(&world, &STAY, bus.folder()), RED);
    let import = "$HOME/.cargo/bin/nbatodo import --team BOS";
    let quiet = format!("{import} --quiet");
    let ran = under_cron(&world, Some(&bus), &["env", import, &quiet]);
    assert!(!ran[0].stdout.contains("DBUS") && !ran[0].stdout.contains("XDG"), "{:?}", ran[0]);
    let first = ran[1].exits_with(0);
    assert!(first.stdout.starts_with("Celtics: 3 created"), "{first:?}");
    assert_eq!((first.stdout.lines().count(), first.stderr.as_str()), (1, ""), "{first:?}");
    is_plain(first);
    let quiet = ran[2].exits_with(0);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    assert_eq!(world.tasks(RED).len(), 3);
}

#[test]
fn a_session_that_has_ended_is_renewed_from_cron_until_the_grant_is_revoked() {
    if !can_run_cron() || !tools() {
        return;
    }
    let (world, bus) = (world(), Bus::start());
    bus.start_keyring();
    world.sign_in_by(command(&world, &STAY, bus.folder()), RED);
    let before = world.asked(TOKEN);
    let later = "faketime -f +61m $HOME/.cargo/bin/nbatodo import --team BOS";
    let ran = under_cron(&world, Some(&bus), &[later]);
    assert_eq!(ran[0].exits_with(0).stdout.lines().count(), 1, "{ran:?}");
    assert_eq!(ran[0].stderr, "");
    assert_eq!(world.asked(TOKEN) - before, 1);
    world.sandbox.remove_apps(RED);
    let much_later = later.replace("61m", "125m");
    let ran = under_cron(&world, Some(&bus), &[&much_later]);
    ran[0].exits_with(4).complains_of(&["nbatodo login --stay-signed-in"]);
    assert_eq!(ran[0].stdout, "");
    is_plain(&ran[0]);
}

#[test]
fn a_keyring_that_is_locked_or_not_there_is_code_5_and_nobody_is_prompted() {
    if !can_run_cron() || !tools() || !has("dbus-send") {
        return;
    }
    let (world, bus) = (world(), Bus::start());
    bus.start_keyring();
    world.sign_in_by(command(&world, &STAY, bus.folder()), RED);
    bus.lock_keyring();
    let import = "$HOME/.cargo/bin/nbatodo import --team BOS --key-store keyring";
    for bus in [Some(&bus), None] {
        let ran = under_cron(&world, bus, &[import]);
        ran[0].exits_with(5).complains_of(&["keyring"]);
        assert_eq!(ran[0].stdout, "");
        is_plain(&ran[0]);
    }
    assert_eq!(bus.prompters(), 0);
    assert!(world.tasks(RED).is_empty());
}

#[test]
fn a_todoist_that_hangs_is_code_3_and_the_next_run_completes() {
    if !can_run_cron() {
        return;
    }
    let world = world();
    let token = world.home().join("token");
    fs::write(&token, world.sandbox.personal_token(RED).unwrap()).unwrap();
    world.chmod(&token, 0o600);
    world.sandbox.inject(Fault::nth_write(1, Effect::HangAfter));
    let import = "NBATODO_TOKEN_FILE=$HOME/token $HOME/.cargo/bin/nbatodo import --team BOS";
    let ran = under_cron(&world, None, &[&format!("{import} --deadline 1s"), import]);
    ran[0].exits_with(3).complains_of(&["not finished within 1 second"]);
    assert_eq!(ran[1].exits_with(0).stdout.lines().count(), 1, "{ran:?}");
    assert_eq!((world.projects(RED).len(), world.tasks(RED).len()), (1, 3));
    assert!(world.asked(SYNC) >= 3);
}
