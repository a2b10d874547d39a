//! Where the games of a season come from, and which of them lie ahead.
//!
//! [`source`] asks the league's feed and falls back to the last good [`copy`] of it, then to the
//! season in the binary; [`feed`] and [`bundled`] read the two shapes; [`filter`] picks the games
//! of one team that are wanted. Every instant is UTC. A day of the whole league is the Eastern one,
//! by which the league counts and which was the arena's own for each of the 1,200 games of
//! 2026-27; a day of one game is the host's, as [`arena`] tells it.

pub mod age;
pub mod arena;
pub mod bundled;
pub mod calendar;
pub mod copy;
mod doubt;
mod eastern;
pub mod feed;
pub mod filter;
pub mod given;
pub mod live;
mod nulls;
mod soundness;
pub mod source;
mod table;

use jiff::Timestamp;

use crate::model::{Game, Season};

pub use copy::CopyFile;
pub use filter::{Coming, Filter, GameDays, Selection, Side, coming, select};
pub use source::{Asking, Feed, Loaded, Provenance, load};

/// A season's games, as one source told them at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// The season.
    pub season: Season,
    /// When the source says that it was made.
    pub published: Timestamp,
    /// The games by tip-off, then by id. No id comes twice.
    pub games: Vec<Game>,
}

impl Schedule {
    /// Puts `games`, whose ids are unique, into the schedule's order.
    fn in_order(season: Season, published: Timestamp, mut games: Vec<Game>) -> Self {
        games.sort_by(|a, b| (a.tipoff.sort_key(), &a.id).cmp(&(b.tipoff.sort_key(), &b.id)));
        Self { season, published, games }
    }
}
