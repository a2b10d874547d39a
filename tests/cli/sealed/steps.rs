//! A run that halts behind each system call by which it changes a file, and is killed there.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::{self, JoinHandle};

use rustix::fs::{CWD, FileType, Mode, mknodat};
use rustix::io::ioctl_fionread;
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
    let mut told = BufReader::new(File::open(&log).unwrap());
    fs::remove_file(log).unwrap();
    let (mut run, mut stops, mut changes) = (None, false, 0);
    let mut stood = None;
    // What each thread did last.
    let mut calls: BTreeMap<String, String> = BTreeMap::new();
    let mut line = String::new();
    while told.read_line(&mut line).unwrap() > 0 {
        let (thread, what) = line.trim_end().split_once(' ').unwrap();
        let run = *run.get_or_insert_with(|| Pid::from_raw(thread.parse().unwrap()).unwrap());
        let what = what.trim_start();
        if what.starts_with("--- SIGSTOP") {
            stops = true;
            if let Some(call) = calls.remove(thread).filter(|call| is_change(call, folder)) {
                changes += 1;
                if changes == nth {
                    until_halted(run);
                    if let Some(meanwhile) = meanwhile.take() {
                        meanwhile();
                        stood = Some(call);
                    } else {
                        kill_process(run, Signal::KILL).unwrap();
                        // strace still tells of the end; a log that nobody reads would be its own.
                        std::io::copy(&mut told, &mut std::io::sink()).unwrap();
                        return Some(call);
                    }
                }
            }
        } else {
            note(&mut calls, thread, what);
        }
        line.clear();
        // One word for all threads that stopped: a late one would take away the next stop.
        if stops && is_read(&told) {
            until_halted(run);
            if is_read(&told) {
                // Fails where it has ended by itself.
                kill_process(run, Signal::CONT).ok();
                stops = false;
            }
        }
    }
    stood
}

/// Whether all that strace has told so far has been read.
fn is_read(told: &BufReader<File>) -> bool {
    told.buffer().is_empty() && ioctl_fionread(told.get_ref()).unwrap() == 0
}

/// Comes back when `run` stands still and strace has nothing left to do for it, or when it has
/// ended. strace tells of a stop before it is done with it; if the run is gone by then, strace
/// gives up with 1, as if by itself.
fn until_halted(run: Pid) {
    let mut looks = 0;
    // A thread counts as stopped a moment before strace is woken for it.
    while looks < 2 {
        looks = if is_halted(run).unwrap_or(true) { looks + 1 } else { 0 };
        thread::yield_now();
    }
}

/// `None` where it is no more.
fn is_halted(run: Pid) -> Option<bool> {
    let run = format!("/proc/{}", run.as_raw_pid());
    let status = fs::read_to_string(format!("{run}/status")).ok()?;
    let tracer = status.lines().find_map(|line| line.strip_prefix("TracerPid:"))?.trim();
    let threads = fs::read_dir(format!("{run}/task")).ok()?.flatten();
    let mut states = threads.filter_map(|thread| state(&thread.path()));
    let still = states.all(|state| matches!(state, 't' | 'Z' | 'X'));
    Some(still && state(&Path::new("/proc").join(tracer))? == 'S')
}

/// The letter behind the name in brackets.
fn state(process: &Path) -> Option<char> {
    let stat = fs::read_to_string(process.join("stat")).ok()?;
    stat.rsplit_once(") ")?.1.chars().next()
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
