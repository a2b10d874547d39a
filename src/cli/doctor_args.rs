//! What can be typed after `nbatodo doctor`.

use std::path::PathBuf;

use crate::commands::doctor::Request;

/// `nbatodo doctor`
#[derive(Debug, clap::Args)]
pub struct Doctor {
    /// Leave the network alone
    #[arg(long)]
    pub offline: bool,
    /// Make a key file for machines without a keyring, and nothing else
    #[arg(long, value_name = "FILE", conflicts_with = "offline")]
    pub make_key: Option<PathBuf>,
}

impl Doctor {
    pub(super) fn request(&self) -> Request {
        Request { offline: self.offline }
    }
}
