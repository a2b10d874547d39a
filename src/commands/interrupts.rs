//! What Ctrl-C may break off, and what it may not.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::watch;

/// Where the run stands towards an interrupt. While a [`Guard`] lives, the first interrupt is
/// only noted, so that what was begun comes to a state that can be left; a second one ends the
/// run all the same.
#[derive(Debug)]
pub struct Interrupts {
    noted: watch::Sender<bool>,
    guards: AtomicUsize,
}

/// Holds the first interrupt off.
#[derive(Debug)]
pub struct Guard<'a>(&'a Interrupts);

impl Default for Interrupts {
    fn default() -> Self {
        Self { noted: watch::Sender::new(false), guards: AtomicUsize::new(0) }
    }
}

impl Interrupts {
    /// Notes an interrupt; says whether the run has to end now.
    pub fn note(&self) -> bool {
        let again = self.noted.send_replace(true);
        again || self.guards.load(Ordering::SeqCst) == 0
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
        let unguarded = Interrupts::default();
        drop(unguarded.guard());
        assert!(unguarded.note());
    }
}
