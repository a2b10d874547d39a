//! The memory of a running process, where a token lies in clear, is for nobody else.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::world::{World, has, skip};

fn pid(child: &Child) -> Pid {
    Pid::from_child(child)
}

/// A login that waits, in a folder where a core file would be seen, with leave to write one.
fn waiting_login(world: &World) -> crate::world::WaitingLogin {
    let binary = env!("CARGO_BIN_EXE_nbatodo");
    let script = format!("ulimit -c unlimited; cd \"$HOME\"; exec {binary} login --no-browser");
    world.start_login(world.shell(&script))
}

#[test]
fn a_running_process_may_leave_no_core_file() {
    let world = World::new();
    let mut login = waiting_login(&world);
    let limits = fs::read_to_string(format!("/proc/{}/limits", login.child.id())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    let words: Vec<&str> = core.split_whitespace().collect();
    assert_eq!(words[4..6], ["0", "0"], "{core}");
    login.child.kill().unwrap();
    login.finish();
}

/// Waits until `cat` runs: a byte has come back.
fn until_it_copies(cat: &mut Child) {
    cat.stdin.as_mut().unwrap().write_all(b"x").unwrap();
    cat.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
}

/// Sends `signal` until the process has ended: the first may only be noted.
fn end_by(child: &mut Child, signal: Signal) -> ExitStatus {
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        kill_process(pid(child), signal).unwrap();
    }
}

#[test]
fn a_process_that_crashes_leaves_no_core_file() {
    let world = World::new();
    // Where nobody leaves one, this shows nothing.
    let mut control = world.shell("ulimit -c unlimited; cd \"$HOME\"; exec cat");
    let mut control = control.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    until_it_copies(&mut control);
    let dumps = end_by(&mut control, Signal::ABORT).core_dumped();
    for signal in [Signal::ABORT, Signal::SEGV] {
        let mut login = waiting_login(&world);
        let status = end_by(&mut login.child, signal);
        assert_eq!(status.signal(), Some(signal.as_raw()));
        assert!(!status.core_dumped(), "{signal:?}");
        drop(login);
    }
    let cores = fs::read_dir(world.home()).unwrap().map(|entry| entry.unwrap().file_name());
    let cores = cores.filter(|name| name.to_string_lossy().starts_with("core")).count();
    // That of the control, where the system puts it here.
    assert!(cores <= 1, "{cores} core files");
    if !dumps {
        skip("this machine lets nobody leave a core file");
    }
}

#[test]
fn nobody_of_the_same_user_reads_the_memory_of_a_running_process() {
    let world = World::new();
    if !has("setpriv") {
        return;
    }
    // A user without any right, who owns this world.
    let own = |path: &std::path::Path| std::os::unix::fs::chown(path, Some(54321), Some(54321));
    if own(world.home()).and_then(|()| own(&world.key_file())).is_err() {
        return skip("only root becomes another user");
    }
    let binary = world.home().join("nbatodo");
    fs::copy(env!("CARGO_BIN_EXE_nbatodo"), &binary).unwrap();
    world.chmod(&binary, 0o755);
    let become_user = ["--reuid", "54321", "--regid", "54321", "--clear-groups"];
    let as_user = |program: &str| {
        let model = world.command::<&str>([]);
        let mut command = Command::new("setpriv");
        command.args(become_user).arg(program).env_clear().stdin(Stdio::null());
        command.envs(model.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command
    };
    let reads = |process: u32, file: &str| {
        let mut reader = as_user("head");
        reader.args(["-c", "1", &format!("/proc/{process}/{file}")]);
        let output = reader.output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    // Of a process that does not mind, the same user reads it.
    let mut control = as_user("cat").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    until_it_copies(&mut control);
    assert!(reads(control.id(), "environ").0);
    drop(control.stdin.take());
    control.wait().unwrap();

    let mut command = as_user(binary.to_str().unwrap());
    command.args(["login", "--no-browser"]);
    let mut login = world.start_login(command);
    let process = login.child.id();
    for file in ["environ", "mem", "maps", "auxv"] {
        let (read, why) = reads(process, file);
        assert!(!read && why.contains("ermission denied"), "{file}: {why}");
    }
    // What the system itself says of it: such a process is root's.
    assert_eq!(fs::metadata(format!("/proc/{process}/mem")).unwrap().uid(), 0);
    kill_process(pid(&login.child), Signal::TERM).unwrap();
    login.child.wait().unwrap();
}
