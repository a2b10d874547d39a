//! What can be typed about the sign-in of a run that keeps nothing.

use crate::commands::sign_in_for_one_run::Asked;

const SIGN_IN: &str = "How it signs in, with --session-store memory";

/// The sign-in of a run that keeps nothing.
#[derive(Debug, Default, clap::Args)]
pub struct SignInArgs {
    /// Print the address instead of opening a browser
    #[arg(long, help_heading = SIGN_IN)]
    pub no_browser: bool,
    /// The port that a client of your own is registered for
    #[arg(
        long,
        value_name = "PORT",
        help_heading = SIGN_IN,
        value_parser = clap::value_parser!(u16).range(1..)
    )]
    pub port: Option<u16>,
}

impl SignInArgs {
    /// What is asked for. `input_is_taken` says that the work reads standard input itself.
    pub fn asked(&self, input_is_taken: bool) -> Asked {
        Asked { no_browser: self.no_browser, port: self.port, input_is_taken }
    }
}
