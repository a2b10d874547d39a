//! The binary: hands the process's arguments and settings to [`nbatodo::cli`], and turns the
//! outcome into an exit code.

use std::env;
use std::panic;
use std::process::ExitCode;

use nbatodo::cli;
use nbatodo::commands::Exit;
use nbatodo::settings::Environment;

fn main() -> ExitCode {
    if let Some(exit) = cli::completion::answered(env::args_os()) {
        return ExitCode::from(exit.code());
    }
    cli::hardening::apply();
    panic::set_hook(Box::new(cli::report_panic));
    // Unwinding wipes the secrets on the way; the code is then that of any other failure.
    let run = || cli::run(env::args_os(), Environment::read(cli::variable));
    let exit = panic::catch_unwind(run).unwrap_or(Exit::Failed);
    ExitCode::from(exit.code())
}
