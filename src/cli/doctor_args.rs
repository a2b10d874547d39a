//! `nbatodo doctor`, as typed.

use std::path::PathBuf;

/// `nbatodo doctor`
#[derive(Debug, clap::Args)]
pub struct Doctor {
    /// Make a key file for machines without a keyring, and nothing else
    #[arg(long, value_name = "FILE", required = true)]
    pub make_key: Option<PathBuf>,
}
