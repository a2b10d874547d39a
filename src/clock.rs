//! The wall clock, as something that is passed in.

use std::time::SystemTime;

use jiff::Timestamp;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// The machine's own clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        // A clock beyond the year 9999 stands at its end.
        Timestamp::try_from(SystemTime::now()).unwrap_or(Timestamp::MAX)
    }
}
