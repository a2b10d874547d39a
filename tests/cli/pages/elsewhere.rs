//! Commands in the prose of the pages that are not simply typed, and who runs them.

/// Who runs a command.
pub(super) enum How {
    /// A test, by its name.
    Test(&'static str),
    /// A script of the repository, by a part of it.
    Script(&'static str, &'static str),
    /// Nobody can, for this reason.
    Not(&'static str),
}
use How::{Not, Script, Test};

/// Commands of ours that end only when they are ended, each with its test.
pub(super) const RUN_BY_TESTS: [(&str, &str); 1] =
    [("nbatodo sandbox", "looks::others::a_stand_in_for_todoist")];

/// What is typed after a command of ours that asks.
pub(super) const ANSWERS: [(&str, &str); 2] = [
    ("nbatodo config set client_secret", "hunter2\n"),
    ("nbatodo config set session_store", "file\n"),
];

/// Commands of ours that end with another code than 0 where nobody sits, each with the reason.
pub(super) const ENDS_WITH: [(&str, i32, &str); 2] = [
    ("nbatodo remove", 2, "it asks first, and nobody is there"),
    ("nbatodo remove --format jsonl", 2, "it asks first, and nobody is there"),
];

/// Words of the reader's own.
pub(super) const STANDS_FOR: [(&str, &str); 5] = [
    ("NAME", "ann"),
    ("COUNT", "3"),
    ("TIME", "10m"),
    ("FILE", "config.toml"),
    ("FILE|URL|-", "-"),
];

/// What is in backticks and has a space in it, but is nothing to type.
pub(super) const NOTHING_TO_TYPE: [&str; 17] = [
    "{team} {vs} {opponent}",
    "profile = \"…\"",
    "session_store = \"file\"",
    "appendfsync everysec",
    "appendfsync always",
    "maxmemory-policy noeviction",
    "Celtics vs Knicks",
    "Celtics at Knicks",
    "1 + pages + ceil(changes / 100)",
    "nbatodo: ben: the session of \"ben\" has expired, and is gone. Sign in with: nbatodo login \
     --profile ben",
    "ann: Celtics: 82 created, 0 unchanged, 0 failed (…)",
    "made by a newer nbatodo",
    "FOR UPDATE SKIP LOCKED",
    "nbatodo-session 1",
    "# Sealed by …",
    "default-src 'none'",
    "area: what changed",
];

/// Commands of other programs, scripts and their options, by how they begin.
pub(super) const OTHERS: [(&str, How); 30] = [
    ("benches/report", Test("benchmarks::the_report_has_each_budget")),
    ("--build", Script("benches/report", "--build) build=true")),
    ("--peer", Script("benches/report", "--peer) peer=true")),
    ("--check", Script("docs/picture/record", "--check) ;;")),
    ("crontab -e", Script("tests/cli/cron.rs", "crontab -e\n")),
    ("loginctl enable-linger", Script("packaging/booted", "\"loginctl\", \"enable-linger\"")),
    ("sudo loginctl enable-linger", Script("packaging/booted", "\"enable-linger\", USER")),
    ("sudo systemctl reset-failed", Script("packaging/booted", "\"reset-failed\", SERVICE")),
    ("kill -9", Test("kills::runs_killed_at_random_moments_end_exactly")),
    ("cargo bench --bench import", Test("benchmarks::the_report_has_each_budget")),
    ("cargo bench --bench many -- 1000 postgres", Test("benchmarks::a_club_is_measured")),
    (".ci/run", Script(".github/workflows/ci.yml", "bash .ci/run")),
    ("packaging/booted", Script(".ci/run", "packaging/booted \"$deb\"")),
    ("apt purge nbatodo", Script("packaging/try", "\"purge\", \"--yes\", \"nbatodo\"")),
    ("packaging/alone", Script(".ci/run", "packaging/alone")),
    ("packaging/try", Script(".ci/run", "packaging/try \"$deb\"")),
    ("packaging/reproducible", Script(".ci/run", "packaging/reproducible cargo")),
    ("cargo build --release", Script("benches/report", "cargo build --release")),
    (
        "packaging/deb --maintainer",
        Test("packaging::scripts::a_package_to_be_published_needs_somebody_who_answers_for_it"),
    ),
    ("packaging/deb", Script(".ci/run", "packaging/deb")),
    (
        "packaging/twice",
        Test("packaging::twice::the_same_bytes_are_said_to_be_the_same_and_nothing_is_left"),
    ),
    (
        "packaging/sbom",
        Test("packaging::bill::the_bill_names_what_cargo_says_is_linked_and_nothing_else"),
    ),
    ("packaging/third-party", Script("packaging/deb", "packaging/third-party >")),
    ("packaging/schemas", Script(".ci/run", "\npackaging/schemas\n")),
    ("packaging/deny", Script(".ci/run", "\npackaging/deny\n")),
    (
        "sha256sum --check",
        Test("packaging::scripts::whoever_has_one_file_of_a_release_can_check_its_sum"),
    ),
    ("systemd-analyze verify", Test("pages::every_block_of_the_pages_is_what_it_says")),
    ("INSTA_UPDATE=always cargo test", Not("it rewrites what the tests compare with")),
    ("cargo run -- man --folder man", Test("manual::the_committed_pages_are_up_to_date")),
    ("docs/picture/record", Test("picture::the_picture_in_the_readme_is_what_the_binary_prints")),
];
