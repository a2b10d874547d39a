//! Taking turns with the other runs on this machine.

use std::fs::File;
use std::path::PathBuf;

use crate::commands::Context;
use crate::private_files::{FileError, lock_private, try_lock_private};

/// Where a turn is taken. A run that keeps nothing has nobody to take turns with, and leaves no
/// lock file behind.
#[derive(Clone, Debug)]
pub(super) struct Queue(Option<PathBuf>);

/// A turn, over with its drop.
#[derive(Debug)]
pub(super) struct Turn {
    _lock: Option<File>,
}

impl Queue {
    /// The queue for the lock file at `path`.
    pub(super) fn at(context: &Context, path: PathBuf) -> Self {
        Self((!context.keeps_nothing()).then_some(path))
    }

    /// Waits for the turn; blocks.
    pub(super) fn wait(&self) -> Result<Turn, FileError> {
        let lock = self.0.as_deref().map(lock_private).transpose()?;
        Ok(Turn { _lock: lock })
    }

    /// The turn, if it is free.
    pub(super) fn try_now(&self) -> Result<Option<Turn>, FileError> {
        match self.0.as_deref() {
            None => Ok(Some(Turn { _lock: None })),
            Some(path) => {
                let lock = try_lock_private(path)?;
                Ok(lock.map(|lock| Turn { _lock: Some(lock) }))
            }
        }
    }
}
