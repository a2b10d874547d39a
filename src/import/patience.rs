//! Trying again, for as long as it makes sense.

use std::time::Duration;

use crate::todoist::TodoistError;
use crate::todoist::retry::{self, Tries};

const SECOND: Duration = Duration::from_secs(1);

/// How much waiting one run may do, and how much it has done.
pub struct Patience<'a> {
    /// In all.
    pub limit: Duration,
    /// So far.
    pub waited: Duration,
    /// Hears how much of a pause is left, and why there is one.
    pub announce: &'a (dyn Fn(Duration, &TodoistError) + Sync),
}

/// Why a request was not answered, or not even sent.
pub trait AtTodoist {
    /// What went wrong at Todoist, which may pass; nothing else does.
    fn at_todoist(&self) -> Option<&TodoistError>;
}

impl AtTodoist for TodoistError {
    fn at_todoist(&self) -> Option<&TodoistError> {
        Some(self)
    }
}

impl<'a> Patience<'a> {
    /// Waits for up to `limit` in all, and tells `announce` of each pause.
    pub fn up_to(limit: Duration, announce: &'a (dyn Fn(Duration, &TodoistError) + Sync)) -> Self {
        Self { limit, waited: Duration::ZERO, announce }
    }

    /// Asks until there is an answer, or no sense in asking again.
    ///
    /// # Errors
    /// The last one.
    pub async fn ask<T, E: AtTodoist>(
        &mut self,
        mut request: impl AsyncFnMut() -> Result<T, E>,
    ) -> Result<T, E> {
        let mut failed = 0;
        loop {
            let error = match request().await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            failed += 1;
            let tries =
                Tries { failed, waited: self.waited, patience: self.limit, jitter: jitter() };
            let failure = error.at_todoist();
            let Some((pause, failure)) =
                failure.and_then(|it| Some((retry::pause(it, tries)?, it)))
            else {
                return Err(error);
            };
            self.wait(pause, failure).await;
        }
    }

    /// Waits for `pause`, and says every second how much of it is left.
    async fn wait(&mut self, pause: Duration, error: &TodoistError) {
        let mut left = pause;
        while !left.is_zero() {
            (self.announce)(left, error);
            let step = left.min(SECOND);
            tokio::time::sleep(step).await;
            left -= step;
        }
        (self.announce)(Duration::ZERO, error);
        self.waited += pause;
    }
}

/// 0 to 1. Without a generator, everybody waits the full time.
fn jitter() -> f64 {
    getrandom::u32().map_or(1.0, |bits| f64::from(bits) / f64::from(u32::MAX))
}
