//! What stands on the last line of the terminal while something takes its time. What is over
//! soon is never drawn, so that nothing flickers.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::appearance::Appearance;
use super::terminal::{say, write};

/// From here on something takes long enough to be shown; half a second without a sign of life
/// is what people call slow.
const SOON: Duration = Duration::from_millis(300);
/// How often the spinner turns.
const TICK: Duration = Duration::from_millis(100);

const SPINNER: &str = "{spinner} {wide_msg}";
const BAR: &str = "{spinner} {prefix} {bar:30} {pos}/{len} {msg}";

/// The last line.
#[derive(Clone)]
pub(super) struct Stage {
    inner: Arc<Inner>,
}

struct Inner {
    /// Whether it may be drawn at all.
    draws: bool,
    /// Whether a line tells of what begins and ends, instead.
    tells: bool,
    shown: Mutex<Shown>,
    changed: Condvar,
}

/// What stands there.
#[derive(Default)]
enum Shown {
    #[default]
    Nothing,
    /// This will, if it goes on until then.
    Soon(Doing, Instant),
    /// A spinner or a bar.
    Bar(ProgressBar),
    /// A line was said about it.
    Told(Doing),
    /// A prompt, behind which the person may be typing.
    Prompt,
}

/// What goes on.
#[derive(Clone, Debug)]
enum Doing {
    Something(String),
    /// So many of so many are dealt with.
    Counting {
        work: Work,
        done: u64,
        total: u64,
    },
}

/// What is done to what.
#[derive(Clone, Copy, Debug)]
struct Work {
    doing: &'static str,
    units: &'static str,
}

const WRITING: Work = Work { doing: "Writing", units: "games" };
const IMPORTING: Work = Work { doing: "Importing", units: "profiles" };

impl Stage {
    /// The last line of a terminal that looks so; `quiet` runs show nothing there.
    pub(super) fn of(quiet: bool, appearance: &Appearance) -> Self {
        let draws = !quiet && appearance.draws;
        let tells = !quiet && !draws && appearance.look.plain && appearance.reader.is_some();
        Self::new(draws, tells)
    }

    /// One on which nothing is ever shown.
    pub(super) fn dark() -> Self {
        Self::new(false, false)
    }

    fn new(draws: bool, tells: bool) -> Self {
        let (shown, changed) = (Mutex::default(), Condvar::new());
        Self { inner: Arc::new(Inner { draws, tells, shown, changed }) }
    }

    /// Something has begun, or goes on with something else.
    pub(super) fn begin(&self, what: &str) {
        self.goes_on(Doing::Something(what.to_owned()));
    }

    /// The same where only the time that is left has changed; nobody is told that again and
    /// again.
    pub(super) fn count_down(&self, what: String) {
        if self.inner.draws {
            self.goes_on(Doing::Something(what));
        }
    }

    /// So many of so many are written.
    pub(super) fn tasks(&self, done: u64, total: u64) {
        self.counts(WRITING, done, total);
    }

    /// The imports of so many profiles out of so many have come to an end.
    pub(super) fn profiles(&self, done: u64, total: u64) {
        self.counts(IMPORTING, done, total);
    }

    fn counts(&self, work: Work, done: u64, total: u64) {
        if done >= total {
            self.clear();
        } else {
            self.goes_on(Doing::Counting { work, done, total });
        }
    }

    /// Nothing goes on any more.
    pub(super) fn clear(&self) {
        take_away(&mut self.inner.shown());
        self.inner.changed.notify_all();
    }

    /// Writes a line of its own, past whatever is shown.
    pub(super) fn line(&self, write: impl FnOnce()) {
        let mut shown = self.inner.shown();
        match &*shown {
            Shown::Bar(bar) => bar.suspend(write),
            Shown::Prompt => {
                take_away(&mut shown);
                write();
            }
            _ => write(),
        }
    }

    /// The same as [`Self::clear`] for a panic, which may have come in the middle of drawing:
    /// whoever holds the line then is not waited for.
    pub(super) fn give_way(&self) {
        if let Ok(mut shown) = self.inner.shown.try_lock() {
            take_away(&mut shown);
        }
    }

    /// Shows a prompt, or only the time left in one that is there: the person may be typing
    /// behind it.
    pub(super) fn prompt(&self, left: u64) {
        if !self.inner.draws {
            return;
        }
        let mut shown = self.inner.shown();
        let time = format!("{left:>5} s left");
        if matches!(&*shown, Shown::Prompt) {
            return write(&format!("\u{1b}7\r{time}\u{1b}8"));
        }
        take_away(&mut shown);
        write(&format!("{time}. Paste it here: "));
        *shown = Shown::Prompt;
    }

    fn goes_on(&self, doing: Doing) {
        let Inner { draws, tells, .. } = *self.inner;
        if !draws && !tells {
            return;
        }
        let mut shown = self.inner.shown();
        match &mut *shown {
            Shown::Bar(bar) => doing.dress(bar),
            Shown::Soon(planned, _) => *planned = doing,
            Shown::Told(told) if told.is_the_same(&doing) => {}
            _ => {
                take_away(&mut shown);
                *shown = Shown::Soon(doing, Instant::now() + SOON);
                drop(shown);
                let inner = self.inner.clone();
                // Without a thread to spare, nothing is shown.
                drop(thread::Builder::new().spawn(move || inner.show_in_time()));
            }
        }
    }
}

impl Inner {
    fn shown(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows what goes on when it has gone on long enough, unless it has ended by then.
    fn show_in_time(&self) {
        let mut shown = self.shown();
        while let Shown::Soon(doing, when) = &*shown {
            let left = when.saturating_duration_since(Instant::now());
            if left.is_zero() {
                *shown = if self.draws { drawn(doing) } else { told(doing.clone()) };
                return;
            }
            let waited = self.changed.wait_timeout(shown, left);
            shown = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

fn drawn(doing: &Doing) -> Shown {
    let bar = ProgressBar::new_spinner();
    doing.dress(&bar);
    bar.tick();
    bar.enable_steady_tick(TICK);
    Shown::Bar(bar)
}

fn told(doing: Doing) -> Shown {
    say(&format!("{}.", doing.words()));
    Shown::Told(doing)
}

fn take_away(shown: &mut Shown) {
    match std::mem::take(shown) {
        Shown::Bar(bar) => bar.finish_and_clear(),
        Shown::Prompt => write("\r\u{1b}[2K"),
        Shown::Told(doing) => say(&format!("{}: ended.", doing.words())),
        Shown::Nothing | Shown::Soon(..) => {}
    }
}

impl Doing {
    /// Lets a bar show it.
    fn dress(&self, bar: &ProgressBar) {
        let template = match self {
            Self::Something(_) => SPINNER,
            Self::Counting { .. } => BAR,
        };
        // The templates are constants that a test parses.
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        match self {
            Self::Something(what) => bar.set_message(what.clone()),
            Self::Counting { work, done, total } => {
                bar.set_prefix(work.doing);
                bar.set_message(work.units);
                bar.set_length(*total);
                bar.set_position(*done);
            }
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Something(what) => what.clone(),
            Self::Counting { work, total, .. } => {
                format!("{} {total} {}", work.doing, work.units)
            }
        }
    }

    /// Whether there is nothing new to tell.
    fn is_the_same(&self, other: &Self) -> bool {
        self.words() == other.words()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_in_the_middle_of_a_line_is_told_all_the_same() {
        let stage = Stage::new(true, false);
        stage.line(|| stage.give_way());
        stage.give_way();
        stage.line(|| {});
    }

    #[test]
    fn the_templates_are_some() {
        for template in [SPINNER, BAR] {
            assert!(ProgressStyle::with_template(template).is_ok());
        }
    }
}
