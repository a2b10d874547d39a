//! What a defect would show of the data that it broke over.

use std::env;
use std::panic;
use std::process::Command;

use crate::world::finish;

const INSIDE: &str = "NBATODO_TEST_PANIC";
const SECRET: &str = "hunter2-hunter2";

/// The binary has no place known to break, so the test breaks in its stead, with its hook.
#[test]
fn a_panic_shows_where_and_not_what() {
    if env::var_os(INSIDE).is_some() {
        panic::set_hook(Box::new(nbatodo::cli::report_panic));
        // Past the runner, which would show the message of a test that fails.
        drop(panic::catch_unwind(|| panic!("it broke over {SECRET}")));
        std::process::exit(0);
    }
    let mut command = Command::new(env::current_exe().unwrap());
    let name = "hygiene::panics::a_panic_shows_where_and_not_what";
    command.args(["--exact", name, "--nocapture"]).env(INSIDE, "1").env("RUST_BACKTRACE", "full");
    let ran = finish(command);
    assert!(ran.stderr.contains("nbatodo: broken at tests/cli/hygiene/panics.rs:"), "{ran:?}");
    assert!(ran.stderr.contains("report that place"), "{ran:?}");
    assert!(!ran.stderr.contains(SECRET) && !ran.stdout.contains(SECRET), "{ran:?}");
}
