//! What can be typed after `nbatodo doctor`.

use std::path::PathBuf;

use crate::commands::doctor::Request;

/// `nbatodo doctor`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
It changes nothing but an entry of its own in the key store, and shows nothing secret: neither \
tokens nor keys, nor whose account or home directory it is. So it can go into a bug report. It \
ends with 1 if there is a problem, with 0 if there are only warnings.")]
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
