//! A league of a few games.

use jiff::Timestamp;

use crate::model::{Game, Matchup, Status, Tipoff, Tricode};

pub(super) fn team(code: &str) -> Tricode {
    Tricode::of(code).unwrap()
}

pub(super) fn tipoff(at: usize, hours: i64) -> Tipoff {
    let start = 1_800_000_000 + 86_400 * i64::try_from(at).unwrap();
    Tipoff::At(Timestamp::from_second(start + hours * 3600).unwrap())
}

pub(super) fn game(at: usize) -> Game {
    let opponents = ["NYK", "LAL", "PHI"].map(team);
    let (home, away) = (team("BOS"), opponents[at % opponents.len()]);
    Game {
        id: format!("00226{at:05}").parse().unwrap(),
        tipoff: tipoff(at, 0),
        matchup: Some(Matchup { home, away }),
        venue: None,
        status: Status::Scheduled,
        label: None,
        national_tv: Vec::new(),
    }
}
