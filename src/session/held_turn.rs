//! A turn that several steps of one run share and prove.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::{StoreError, Turn};
use crate::keys::{KeyStoreError, within_limit};

/// More than a database takes for any answer: each of its own has an end before.
const LIMIT: Duration = Duration::from_secs(60);

/// A turn, which lasts until the last of its copies is dropped.
#[derive(Clone)]
pub struct HeldTurn(Arc<Mutex<Box<dyn Turn>>>);

impl HeldTurn {
    /// Shares `turn`.
    pub fn new(turn: Box<dyn Turn>) -> Self {
        Self(Arc::new(Mutex::new(turn)))
    }

    /// As [`Turn::hold`], for a runtime that must not be blocked.
    ///
    /// # Errors
    /// [`KeyStoreError`]: somebody else may have the turn by now.
    pub async fn prove(&self) -> Result<Option<Timestamp>, KeyStoreError> {
        let by_database = self.enter().lock().is_some();
        if !by_database {
            // The lock of a file is lost with the process only.
            return Ok(self.enter().hold()?);
        }
        let turn = self.clone();
        within_limit(LIMIT, move || Ok(turn.enter().hold()?)).await
    }

    /// Does blocking `work` on the turn, which nobody else uses meanwhile.
    ///
    /// # Errors
    /// Those of `work`.
    pub fn with<T>(
        &self,
        work: impl FnOnce(&mut dyn Turn) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        work(&mut **self.enter())
    }

    /// No step of a turn can break off halfway.
    fn enter(&self) -> MutexGuard<'_, Box<dyn Turn>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
