//! What an import costs: `cargo bench`.
//!
//! Four tables, and the budgets that their figures are held against:
//!
//! - [`planning`]: the pure part, from games to a plan, for one team up to many leagues.
//! - [`parsing`]: reading the feed at its full size, and asking for it where nothing changed.
//! - [`imports`]: the real binary against a sandbox on loopback: requests, connections, bytes,
//!   memory and time, and the time of a first import when every answer comes late.
//! - [`starting`]: how long the smallest commands take, and how large the binary is.
//!
//! A benchmark reports: it exits with 0 whatever it measured. It fails only where there is
//! nothing to measure, as when an import does not do what it should.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a benchmark may stop at the first surprise, like a test"
)]

#[allow(dead_code, reason = "shared with the tests, which need more of it")]
#[path = "../../tests/cli/feed.rs"]
mod feed;
mod imports;
mod league;
mod parsing;
mod planning;
mod report;
#[allow(dead_code, unused_imports, reason = "shared with the tests, which need more of it")]
#[path = "../../tests/cli/schemas.rs"]
mod schemas;
mod starting;
#[allow(dead_code, reason = "shared with the tests, which need more of it")]
#[path = "../../tests/cli/world.rs"]
mod world;

use report::Report;

fn main() {
    if parsing::read_as_told() {
        return;
    }
    // `cargo test --all-targets` starts benchmarks too, without optimization and this argument.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let mut report = Report::default();
    planning::measure(&mut report);
    parsing::measure(&mut report);
    imports::measure(&mut report);
    starting::measure(&mut report);
    report.judge();
}
