//! A feed that has lost many of its games: a mishap of the league's servers as a rule, and once it
//! may be the truth.
//!
//! Believing it too early costs little (the tasks of games that are gone stay), and never believing
//! it would leave a person with an ever older copy for the rest of the season.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// For so long the league must have said so: longer than a mishap of its servers lasts.
const CONVINCING: SignedDuration = SignedDuration::from_hours(3 * 24);

/// What a feed said and was not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Doubt {
    /// When it first said so.
    pub since: Timestamp,
    /// How many games it had then.
    pub games: usize,
}

/// What to make of the number of games in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// As many as before, or nearly.
    Sound,
    /// Too few to be believed.
    Doubtful(Doubt),
    /// Too few, and said for so long that it must be meant.
    Convincing(Doubt),
}

impl Doubt {
    /// From when on it is believed.
    pub fn ends(self) -> Timestamp {
        self.since.saturating_add(CONVINCING).unwrap_or(Timestamp::MAX)
    }
}

/// Judges an answer with so many `games` at `now`, after a good one with so many `before`, and
/// after the `doubt` that every answer since has met.
pub(super) fn judge(games: usize, before: usize, doubt: Option<Doubt>, now: Timestamp) -> Verdict {
    if !is_shrunk(games, before) {
        return Verdict::Sound;
    }
    // Fewer yet is another thing to say; and a clock that was set back has counted no days.
    let same = doubt.filter(|doubt| !is_shrunk(games, doubt.games) && doubt.since <= now);
    match same {
        Some(doubt) if doubt.ends() <= now => Verdict::Convincing(doubt),
        Some(doubt) => Verdict::Doubtful(doubt),
        None => Verdict::Doubtful(Doubt { since: now, games }),
    }
}

/// Whether more than a tenth of the games are gone.
fn is_shrunk(games: usize, before: usize) -> bool {
    games * 10 < before * 9
}
