//! What Ctrl-C and the deadline may break off, and what they may not.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::commands::Failure;

/// Where the run stands towards an interrupt. While a [`Guard`] lives, the first interrupt is
/// only noted, so that what was begun comes to a state that can be left; a second one ends the
/// run all the same.
#[derive(Debug)]
pub struct Interrupts {
    noted: watch::Sender<bool>,
    guards: AtomicUsize,
    only_noted: AtomicBool,
    /// Whether an interrupt leaves somebody signed in whom the run would have replaced.
    spares_somebody: AtomicBool,
    /// Whether the sign-in that the run is for has been kept.
    has_signed_in: AtomicBool,
    /// The time limit, where it is what the interrupt came from.
    late: OnceLock<Duration>,
    /// How many questions wait for the person.
    questions: watch::Sender<usize>,
}

/// Says that the person is waited for.
#[derive(Debug)]
pub struct Asking<'a>(&'a Interrupts);

/// Holds the first interrupt off.
#[derive(Debug)]
pub struct Guard<'a>(&'a Interrupts);

impl Default for Interrupts {
    fn default() -> Self {
        Self {
            noted: watch::Sender::new(false),
            guards: AtomicUsize::new(0),
            only_noted: AtomicBool::new(false),
            spares_somebody: AtomicBool::new(false),
            has_signed_in: AtomicBool::new(false),
            late: OnceLock::new(),
            questions: watch::Sender::new(0),
        }
    }
}

impl Interrupts {
    /// Notes an interrupt; says whether the run has to end now.
    pub fn note(&self) -> bool {
        let again = self.noted.send_replace(true);
        let is_free = again || self.guards.load(Ordering::SeqCst) == 0;
        is_free && !self.only_noted.load(Ordering::SeqCst)
    }

    /// The same because the time `limit` is over.
    pub fn note_late(&self, limit: Duration) -> bool {
        self.late.get_or_init(|| limit);
        self.note()
    }

    /// What an interrupt that was noted came from.
    pub fn reason(&self) -> Failure {
        self.late.get().map_or(Failure::Interrupted, |limit| Failure::OutOfTime(*limit))
    }

    /// Somebody is signed in whom this run replaces, unless it is interrupted.
    pub fn spare_somebody(&self) {
        self.spares_somebody.store(true, Ordering::SeqCst);
    }

    /// Whoever signs in has done so, and an interrupt does not undo it.
    pub fn sign_in_is_kept(&self) {
        self.has_signed_in.store(true, Ordering::SeqCst);
    }

    /// How an interrupt ends the run.
    pub fn ended(&self) -> Failure {
        let is = |state: &AtomicBool| state.load(Ordering::SeqCst);
        match (is(&self.has_signed_in), is(&self.spares_somebody)) {
            (true, _) => Failure::InterruptedAfterSignIn,
            (false, true) => Failure::SignInInterrupted,
            (false, false) => Failure::Interrupted,
        }
    }

    /// From here on no interrupt ends the run, however often it comes: what is left of the run
    /// heeds the first, and ends by itself within seconds.
    pub fn only_note(&self) {
        self.only_noted.store(true, Ordering::SeqCst);
    }

    /// Until the end of the returned value's life, the person is waited for.
    pub fn asking(&self) -> Asking<'_> {
        self.questions.send_modify(|count| *count += 1);
        Asking(self)
    }

    /// Ends when `limit` is over, in which the time does not count that the person takes.
    pub async fn time_is_up(&self, limit: Duration) {
        let (mut left, mut questions) = (limit, self.questions.subscribe());
        loop {
            // The sender lives as long as this does.
            drop(questions.wait_for(|count| *count == 0).await);
            let since = Instant::now();
            tokio::select! {
                () = tokio::time::sleep(left) => return,
                _ = questions.wait_for(|count| *count > 0) => {}
            }
            left = left.saturating_sub(since.elapsed());
        }
    }

    /// From here to the end of the guard's life, an interrupt is only noted.
    pub fn guard(&self) -> Guard<'_> {
        self.guards.fetch_add(1, Ordering::SeqCst);
        Guard(self)
    }

    /// Whether there was one.
    pub fn is_noted(&self) -> bool {
        *self.noted.borrow()
    }

    /// Ends when there is one.
    pub async fn noted(&self) {
        // The sender lives as long as this does, so there is always an end to wait for.
        drop(self.noted.subscribe().wait_for(|noted| *noted).await);
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.0.questions.send_modify(|count| *count -= 1);
    }
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.0.guards.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_interrupt_waits_for_a_guard_and_the_second_does_not() {
        let interrupts = Interrupts::default();
        {
            let _guard = interrupts.guard();
            assert!(!interrupts.note());
            assert!(interrupts.is_noted());
            assert!(interrupts.note());
        }
        let held = Interrupts::default();
        held.only_note();
        assert!(!held.note() && !held.note());
        let unguarded = Interrupts::default();
        drop(unguarded.guard());
        assert!(unguarded.note());
    }
}
