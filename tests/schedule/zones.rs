//! The clocks of every arena around every change of them, against the system's own zone files as
//! GNU `date` reads them.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use jiff::{SignedDuration, Timestamp};
use nbatodo::model::{Game, Matchup, Tipoff, Tricode, Venue};
use nbatodo::schedule::{arena, bundled};

use crate::instant;
use crate::rows::{Row, read};

const ZONES: &str = "/usr/share/zoneinfo";

/// What the clocks of `zone` show at `instants`, as another program tells it.
fn told(zone: &str, instants: &[Timestamp]) -> Vec<String> {
    let mut date = Command::new("date");
    date.args(["-f", "-", "+%Y-%m-%d %H:%M"]).env("TZ", zone);
    let mut child = date.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let lines: String = instants.iter().map(|it| format!("@{}\n", it.as_second())).collect();
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// Whether the machine has what to compare with; in CI it must.
fn is_comparable() -> bool {
    let version = Command::new("date").arg("--version").output();
    let is_gnu = version.is_ok_and(|it| String::from_utf8_lossy(&it.stdout).contains("GNU"));
    let has_zones = Path::new(ZONES).join("America/New_York").is_file();
    if !(is_gnu && has_zones) {
        assert!(std::env::var_os("CI").is_none(), "GNU date or the system's zones are missing");
        let line = "skipped, GNU date or the system's zones are missing: zones\n";
        std::io::stderr().write_all(line.as_bytes()).unwrap();
    }
    is_gnu && has_zones
}

/// Every half hour of the days around both changes of the United States and of Europe, and every
/// tip-off of the season.
fn instants() -> Vec<Timestamp> {
    let changes = ["2026-10-25", "2026-11-01", "2027-03-14", "2027-03-28"];
    let mut instants = Vec::new();
    for day in changes {
        let start = instant(&format!("{day}T00:00:00Z")) - SignedDuration::from_hours(36);
        instants.extend((0..192).map(|half| start + SignedDuration::from_mins(30 * half)));
    }
    let tipoffs = bundled::newest().unwrap().games.into_iter().filter_map(|it| match it.tipoff {
        Tipoff::At(start) => Some(start),
        Tipoff::Undecided(_) => None,
    });
    instants.extend(tipoffs);
    instants
}

/// A game at each arena: the thirty homes, and places abroad and on neutral ground. With the
/// zone that it stands in, from another table than the program's.
fn arenas() -> Vec<(Game, String)> {
    let model = read("2026-27", &[Row::new("0022600002", "PHI@NYK", "2026-10-20T23:00:00Z")]);
    let model = model.games[0].clone();
    let away = |home: Tricode| Tricode::all().find(|team| *team != home).unwrap();
    let homes: BTreeMap<&str, &str> = HOMES.into_iter().collect();
    let at_home = Tricode::all().map(|home| {
        let matchup = Some(Matchup { home, away: away(home) });
        (Game { matchup, ..model.clone() }, homes[home.as_str()].to_owned())
    });
    let elsewhere = ABROAD.into_iter().map(|(city, zone)| {
        let venue = Venue { arena: "An Arena".to_owned(), city: city.to_owned() };
        (Game { venue: Some(venue), ..model.clone() }, zone.to_owned())
    });
    at_home.chain(elsewhere).collect()
}

#[rustfmt::skip] // A table reads best as one.
const HOMES: [(&str, &str); 30] = [
    ("ATL", "America/New_York"), ("BKN", "America/New_York"), ("BOS", "America/New_York"),
    ("CHA", "America/New_York"), ("CHI", "America/Chicago"), ("CLE", "America/New_York"),
    ("DAL", "America/Chicago"), ("DEN", "America/Denver"), ("DET", "America/Detroit"),
    ("GSW", "America/Los_Angeles"), ("HOU", "America/Chicago"),
    ("IND", "America/Indiana/Indianapolis"), ("LAC", "America/Los_Angeles"),
    ("LAL", "America/Los_Angeles"), ("MEM", "America/Chicago"), ("MIA", "America/New_York"),
    ("MIL", "America/Chicago"), ("MIN", "America/Chicago"), ("NOP", "America/Chicago"),
    ("NYK", "America/New_York"), ("OKC", "America/Chicago"), ("ORL", "America/New_York"),
    ("PHI", "America/New_York"), ("PHX", "America/Phoenix"), ("POR", "America/Los_Angeles"),
    ("SAC", "America/Los_Angeles"), ("SAS", "America/Chicago"), ("TOR", "America/Toronto"),
    ("UTA", "America/Denver"), ("WAS", "America/New_York"),
];

const ABROAD: [(&str, &str); 8] = [
    ("Paris", "Europe/Paris"),
    ("Berlin", "Europe/Berlin"),
    ("London", "Europe/London"),
    ("Manchester", "Europe/London"),
    ("Mexico City", "America/Mexico_City"),
    ("Abu Dhabi", "Asia/Dubai"),
    ("Melbourne", "Australia/Melbourne"),
    ("Las Vegas", "America/Los_Angeles"),
];

#[test]
fn the_clocks_of_every_arena_are_those_of_the_system() {
    if !is_comparable() {
        return;
    }
    let instants = instants();
    let mut by_zone: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (mut game, zone) in arenas() {
        let expected = by_zone.entry(zone).or_insert_with_key(|zone| told(zone, &instants));
        assert_eq!(expected.len(), instants.len());
        let clocks = arena::zone(&game);
        for (start, expected) in instants.iter().zip(expected) {
            game.tipoff = Tipoff::At(*start);
            let local = start.to_zoned_datetime(clocks.clone());
            assert_eq!(local.strftime("%Y-%m-%d %H:%M").to_string(), *expected, "{game:?}");
            assert_eq!(arena::day(&game).to_string(), expected[..10], "{game:?}");
        }
    }
}
