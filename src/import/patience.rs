//! Trying again, for as long as it makes sense.

use std::time::Duration;

use crate::todoist::TodoistError;
use crate::todoist::retry::{self, Tries};

/// How much waiting one run may do, and how much it has done.
pub struct Patience<'a> {
    /// In all.
    pub limit: Duration,
    /// So far.
    pub waited: Duration,
    /// Hears of each pause before it begins, and why.
    pub announce: &'a (dyn Fn(Duration, &TodoistError) + Sync),
}

impl Patience<'_> {
    /// Asks until there is an answer, or no sense in asking again.
    ///
    /// # Errors
    /// The last [`TodoistError`].
    pub async fn ask<T>(
        &mut self,
        mut request: impl AsyncFnMut() -> Result<T, TodoistError>,
    ) -> Result<T, TodoistError> {
        let mut failed = 0;
        loop {
            let error = match request().await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            failed += 1;
            let tries =
                Tries { failed, waited: self.waited, patience: self.limit, jitter: jitter() };
            let Some(pause) = retry::pause(&error, tries) else { return Err(error) };
            (self.announce)(pause, &error);
            tokio::time::sleep(pause).await;
            self.waited += pause;
        }
    }
}

/// 0 to 1. Without a generator, everybody waits the full time.
fn jitter() -> f64 {
    getrandom::u32().map_or(1.0, |bits| f64::from(bits) / f64::from(u32::MAX))
}
