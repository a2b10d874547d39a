//! The league's calendar, as far as a schedule tells it: what a day is in it, and its pauses.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::model::{Status, Tipoff};
use crate::schedule::{Schedule, eastern};

/// So many days on end without any game are more than a holiday: the All-Star break has six,
/// the days of the cup's knockout round eight.
const PAUSE_DAYS: i32 = 3;

/// Days on which nobody in the league plays, in the middle of a season.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// The day of the last games before it, Eastern.
    pub since: Date,
    /// The day of the first games after it, Eastern.
    pub until: Date,
}

impl Pause {
    /// Whether it is the All-Star break, which the league takes in the middle of February.
    pub fn is_all_star(self) -> bool {
        let middle = self.since.saturating_add(jiff::Span::new().days(PAUSE_DAYS));
        middle.month() == 2
    }
}

/// The day of the league at `now`.
pub fn day_at(now: Timestamp) -> Date {
    eastern::day_of(Tipoff::At(now), &eastern::zone())
}

/// The pause of the league at `now`, if there is one. A day on which games stand whose teams
/// are undecided is none.
pub fn pause(schedule: &Schedule, now: Timestamp) -> Option<Pause> {
    let zone = eastern::zone();
    let is_on = |status| matches!(status, Status::Scheduled | Status::Final);
    let on = schedule.games.iter().filter(|game| is_on(game.status));
    let days: BTreeSet<Date> = on.map(|game| eastern::day_of(game.tipoff, &zone)).collect();
    let today = day_at(now);
    let since = *days.range(..=today).next_back()?;
    let until = *days.range(today..).next()?;
    let idle = (until - since).get_days() - 1;
    (since < today && idle >= PAUSE_DAYS).then_some(Pause { since, until })
}
