//! All thirty teams, counted against the bundled season by an own reading of it.

use std::collections::HashMap;

use jiff::Timestamp;
use nbatodo::model::Tricode;
use nbatodo::sandbox::Plan;

use crate::world::{RED, World};

/// The bundled season as it lies in the source tree.
const SEASON: &str = include_str!("../../src/schedule/seasons/2026-27.csv");

/// The tip-offs of each team's games whose teams and time are known.
fn tipoffs() -> HashMap<String, Vec<Timestamp>> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(SEASON.as_bytes());
    let columns = reader.headers().unwrap().clone();
    let column = |name: &str| columns.iter().position(|column| column == name).unwrap();
    let (tipoff, home, away) = (column("tipoff"), column("home"), column("away"));
    let mut games: HashMap<String, Vec<Timestamp>> = HashMap::new();
    for row in reader.records() {
        let row = row.unwrap();
        // A day alone is a cup game whose teams are not known yet.
        if let Ok(instant) = row[tipoff].parse() {
            for team in [home, away] {
                games.entry(row[team].to_owned()).or_default().push(instant);
            }
        }
    }
    games
}

#[test]
fn each_team_gets_all_its_coming_games_from_the_bundled_season() {
    let world = World::with(|options| options.plan = Plan::Pro);
    world.sign_in("default", RED);
    let tipoffs = tipoffs();
    assert_eq!(tipoffs.len(), 30);
    for team in Tricode::all() {
        let coming = |now: Timestamp| tipoffs[team.as_str()].iter().filter(|t| **t > now).count();
        let before = coming(Timestamp::now());
        let ran = world.run(["import", "--format", "json", "--team", team.as_str()]);
        let after = coming(Timestamp::now());
        ran.exits_with(0);
        let created =
            usize::try_from(ran.json()["destinations"][0]["created"].as_u64().unwrap()).unwrap();
        // A game can tip off while the command runs.
        assert!((after..=before).contains(&created), "{team}: {created}, not {after}..={before}");
        ran.complains_of(&["bundled", "days old"]);
        assert_eq!(ran.json()["schedule"]["source"], "bundled");
    }
}

#[test]
fn a_team_answers_to_what_people_call_it() {
    let world = World::new();
    for (name, exit) in [("Sixers", 4), ("golden state", 4), ("bOs", 4), ("LA", 2), ("Celtcs", 2)] {
        // Nobody is signed in: a known name gets as far as that.
        world.run(["import", "--team", name]).exits_with(exit);
    }
    world.run(["import", "--team", "los angeles"]).complains_of(&["LAC", "LAL"]);
    world.run(["import", "--team", "Celtcs"]).complains_of(&["Celtcs", "Boston Celtics (BOS)"]);
}
