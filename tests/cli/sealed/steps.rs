//! A run that halts behind each system call by which it changes a file, and is killed there.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::{self, JoinHandle};

use rustix::fs::{CWD, FileType, Mode, mknodat};
use rustix::process::{Pid, Signal, kill_process};

/// What can change a folder or a file. Not all of them exist on each machine.
const CALLS: &str = "?mkdir,?mkdirat,?open,?openat,?creat,?write,?writev,?pwrite64,?rename,\
                     ?renameat,?renameat2,?unlink,?unlinkat,?link,?linkat,?truncate,?ftruncate";

/// What is done while a run stands still.
type Meanwhile = Box<dyn FnOnce() + Send>;

/// Where a run was killed, or stood still.
pub(crate) struct Steps {
    watch: JoinHandle<Option<String>>,
}

impl Steps {
    /// `command` so that it is killed right behind its `nth` change of what is in `folder`: the
    /// first is 1. The changes of all its threads count, in the order in which they come.
    pub(crate) fn killing(command: &Command, folder: &Path, nth: usize) -> (Command, Self) {
        Self::halting(command, folder, nth, None)
    }

    /// The same, but where there is a `meanwhile`, it is done there, and the run goes on.
    pub(crate) fn halting(
        command: &Command,
        folder: &Path,
        nth: usize,
        meanwhile: Option<Meanwhile>,
    ) -> (Command, Self) {
        let random = RandomState::new().build_hasher().finish();
        let log = folder.with_file_name(format!("steps-{random}"));
        mknodat(CWD, &log, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        let mut traced = Command::new("strace");
        // A run that is stopped takes no further step until it is told to.
        traced
            .args(["-f", "-y", "-s", "0", "-e", &format!("trace=execve,{CALLS}")])
            .args(["-e", &format!("inject={CALLS}:signal=STOP:when=1+"), "-o"])
            .arg(&log)
            .arg(command.get_program())
            .args(command.get_args())
            .env_clear()
            .envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let folder = folder.to_owned();
        let watch = thread::spawn(move || watch(log, &folder, nth, meanwhile));
        (traced, Self { watch })
    }

    /// The call behind which it was killed or stood; `None` if it came to its end before.
    pub(crate) fn killed_behind(self) -> Option<String> {
        self.watch.join().unwrap()
    }
}

/// Reads what strace tells, lets the run go on after each stop, and kills it after the `nth`.
fn watch(
    log: PathBuf,
    folder: &Path,
    nth: usize,
    mut meanwhile: Option<Meanwhile>,
) -> Option<String> {
    let mut lines = BufReader::new(File::open(&log).unwrap()).lines();
    fs::remove_file(log).unwrap();
    let mut run = None;
    let mut changes = 0;
    let mut stood = None;
    // What each thread did last.
    let mut calls: BTreeMap<String, String> = BTreeMap::new();
    while let Some(line) = lines.next() {
        let line = line.unwrap();
        let (thread, what) = line.split_once(' ').unwrap();
        let run = *run.get_or_insert_with(|| Pid::from_raw(thread.parse().unwrap()).unwrap());
        let what = what.trim_start();
        if !what.starts_with("--- SIGSTOP") {
            note(&mut calls, thread, what);
            continue;
        }
        if let Some(call) = calls.remove(thread).filter(|call| is_change(call, folder)) {
            changes += 1;
            if changes == nth
                && let Some(meanwhile) = meanwhile.take()
            {
                meanwhile();
                stood = Some(call);
            } else if changes == nth {
                kill_process(run, Signal::KILL).unwrap();
                // strace still tells of the end; a log that nobody reads would be its own.
                lines.for_each(drop);
                return Some(call);
            }
        }
        // Fails where it has ended by itself.
        kill_process(run, Signal::CONT).ok();
    }
    stood
}

/// A call whose end is told later, because another thread did something meanwhile, is in two
/// lines.
fn note(calls: &mut BTreeMap<String, String>, thread: &str, what: &str) {
    if what.starts_with("---") {
        return;
    }
    match (what.strip_prefix("<... "), calls.get_mut(thread)) {
        (Some(end), Some(begun)) => begun.push_str(end),
        _ => drop(calls.insert(thread.to_owned(), what.to_owned())),
    }
}

/// Whether a call that has come back has changed something in `folder`.
fn is_change(call: &str, folder: &Path) -> bool {
    let failed = call.contains(" = -1 ");
    let only_read = call.starts_with("open") && !call.contains("O_CREAT");
    call.contains(folder.to_str().unwrap()) && !failed && !only_read
}
