//! The picture in the README is what the binary prints. `docs/picture/record` draws it anew.

mod screen;
mod svg;

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use nbatodo::clock::Clock;
use nbatodo::model::{Game, Tipoff, Tricode};
use nbatodo::schedule::bundled;
use serde_json::Value;

use crate::feed::{FeedGame, season_text};
use crate::world::{RED, World, has};
use screen::Recording;

const PICTURE: &str = "docs/picture/nbatodo.svg";

/// When the picture is taken: late in the morning, with games ahead and behind.
const TAKEN: &str = "2026-11-24T16:00:00Z";
/// Days until the second import.
const LATER: i64 = 2;
/// Games that the league moves meanwhile, and by how many hours.
const MOVED: [(&str, i64); 2] = [("0022600303", 2), ("0022600329", -1)];

/// A clock that stands where it was put.
struct Standing(Mutex<Timestamp>);

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// The Celtics' games of the season in the binary whose times are known, as the league's feed
/// tells them; `moved` of them are at other times.
fn feed(moved: &[(&str, i64)], now: Timestamp) -> String {
    let schedule = bundled::newest().unwrap();
    let celtics = Tricode::of("BOS").unwrap();
    let known: Vec<(FeedGame, Game)> = schedule
        .games
        .into_iter()
        .filter_map(|game| {
            let (Tipoff::At(tipoff), Some(sides)) = (&game.tipoff, &game.matchup) else {
                return None;
            };
            let hours = moved.iter().find(|it| it.0 == game.id.to_string()).map_or(0, |it| it.1);
            let told = FeedGame {
                id: game.id.to_string(),
                tipoff: tipoff.checked_add(SignedDuration::from_hours(hours)).unwrap(),
                home: sides.home.as_str(),
                away: sides.away.as_str(),
                status_text: "7:00 pm ET",
            };
            [sides.home, sides.away].contains(&celtics).then_some((told, game))
        })
        .collect();
    let games: Vec<FeedGame> = known.iter().map(|(told, _)| told.clone()).collect();
    let mut feed: Value = serde_json::from_str(&season_text(2026, &games)).unwrap();
    feed["meta"]["time"] = now.to_string().into();
    let told = feed["leagueSchedule"]["gameDates"][0]["games"].as_array_mut().unwrap();
    for (told, (_, game)) in told.iter_mut().zip(&known) {
        let venue = game.venue.as_ref().unwrap();
        told["arenaName"] = venue.arena.clone().into();
        told["arenaCity"] = venue.city.clone().into();
        told["gameLabel"] = game.label.clone().unwrap_or_default().into();
        let shown = game.national_tv.iter();
        let shown = shown.map(|name| serde_json::json!({"broadcasterDisplay": name}));
        told["broadcasters"]["nationalBroadcasters"] = shown.collect();
    }
    feed.to_string()
}

/// Plays the scene of the picture, and draws it.
fn recorded() -> String {
    let taken: Timestamp = TAKEN.parse().unwrap();
    let clock = Arc::new(Standing(Mutex::new(taken)));
    let world = World::with(|options| options.clock = clock.clone());
    let served = world.serve_feed(feed(&[], taken));
    let token = world.sandbox.personal_token(RED).unwrap();
    let recording = Recording::start(&world, &token);

    recording.clock(taken);
    recording.types("nbatodo schedule --team BOS --next 3");
    recording.types("nbatodo import --team BOS");
    let later = taken.checked_add(SignedDuration::from_hours(24 * LATER)).unwrap();
    *clock.0.lock().unwrap() = later;
    served.becomes(feed(&MOVED, later));
    recording.clock(later);
    recording.says("# two days later, the league has moved two games");
    recording.types("nbatodo import --team BOS");
    let origin = world.command::<&str>([]);
    let (_, origin) = origin.get_envs().find(|(name, _)| *name == "NBATODO_AUTH_URL").unwrap();
    let project = world.projects(RED).remove(0).id;
    let screen = recording.screen();
    // The addresses that Todoist's own would be; these are another in every run.
    let screen = screen
        .replace(origin.unwrap().to_str().unwrap().trim_end_matches('/'), "https://app.todoist.com")
        .replace(&project, "6X7rM8997g3RQmvh");
    svg::draw(&screen, "nbatodo: the next games, imported into Todoist, and imported again")
}

#[test]
fn the_picture_in_the_readme_is_what_the_binary_prints() {
    if !["tmux", "faketime"].into_iter().all(has) {
        return;
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(PICTURE);
    let drawn = recorded();
    assert!(drawn.len() < 60_000, "{} bytes", drawn.len());
    if std::env::var_os("RECORD_PICTURE").is_some() {
        fs::write(file, drawn).unwrap();
        return;
    }
    let committed = fs::read_to_string(file).unwrap_or_default();
    assert!(
        drawn == committed,
        "the binary prints something else by now: look at it, and run docs/picture/record\n{}",
        svg::text(&drawn)
    );
}

#[test]
fn the_picture_runs_nothing_and_loads_nothing() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(PICTURE);
    let picture = fs::read_to_string(file).unwrap();
    for part in ["<script", "href", "url(", "<image", "@import", "foreignObject"] {
        assert!(!picture.contains(part), "{part}");
    }
    assert!(svg::text(&picture).contains("nbatodo import --team BOS"));
}
