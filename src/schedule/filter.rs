//! One team's part of a schedule, as it stands at one instant.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::model::{Game, GameId, Matchup, Season, Stage, Status, Tricode};
use crate::schedule::{Schedule, arena, eastern};

/// Which end of a game a team is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// It hosts, on neutral ground too.
    Home,
    /// It travels.
    Away,
}

/// Which of a team's games are wanted. The default wants every coming game of the regular
/// season, the cup's games up to the semifinals included: they count for the record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only the games on this side; `None` for both.
    pub side: Option<Side>,
    /// The first day wanted, in the arena's zone ([`arena::day`]).
    pub from: Option<Date>,
    /// The last day wanted, likewise.
    pub to: Option<Date>,
    /// Only the games against one of these; empty for any.
    pub opponents: Vec<Tricode>,
    /// Only the games of these stages; empty for the regular season.
    pub stages: Vec<Stage>,
    /// Only so many coming games, counted after everything else.
    pub next: Option<usize>,
    /// Games past their tip-off too.
    pub include_past: bool,
}

/// What a schedule holds for one team at one instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// The season.
    pub season: Season,
    /// The wanted games that lie ahead, in order; with [`Filter::include_past`] also those past
    /// their tip-off, which [`Filter::next`] does not count. A game whose time is to be
    /// determined lies ahead through its whole day in the host's zone.
    pub games: Vec<Game>,
    /// The team's games that are called off for now, whatever slot they were taken from. Of
    /// the wanted sides, opponents and stages; the days do not count, since these games have
    /// lost theirs.
    pub postponed: Vec<Game>,
    /// The team's games that are called off for good, chosen in the same way.
    pub cancelled: Vec<Game>,
    /// The team's games that lie ahead and that the filter leaves out.
    pub left_out: Vec<Game>,
    /// Every game of the team that the schedule knows, wanted or not: what is missing here has
    /// vanished, and what is only missing above was filtered out.
    pub known: BTreeSet<GameId>,
    /// How many of the team's games are played or begun: final, or past their tip-off. Of the
    /// wanted sides, opponents and stages, on any day.
    pub played: usize,
    /// The day of the last of these, at its arena; `None` where only some days are wanted.
    pub last: Option<Date>,
    /// How many games still ahead have no teams yet; the team may turn out to play in some. Of
    /// the wanted stages and days.
    pub undecided: usize,
    /// Whether the schedule has a game of the wanted stages, whoever plays it.
    pub has_stage: bool,
    /// Whether one of the wanted stages gets its games only when their teams are known.
    pub is_added_later: bool,
    /// From when to when the whole league plays, `None` where the schedule has no games yet.
    /// If there are no coming games, this tells a season that is over from one that is not out.
    pub days: Option<GameDays>,
}

/// What [`coming`] finds.
pub type Coming = Selection;

/// The first and the last day of a season on which a game of the regular season or of another
/// wanted stage stands, Eastern. A later day may still be added; see [`Schedule::published`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GameDays {
    /// Opening night.
    pub first: Date,
    /// The last day.
    pub last: Date,
}

impl Filter {
    /// Whether it leaves out games of its stages.
    pub fn narrows(&self) -> bool {
        let Self { side, from, to, opponents, next, .. } = self;
        side.is_some() || from.is_some() || to.is_some() || next.is_some() || !opponents.is_empty()
    }

    fn wants_stage(&self, stage: Stage) -> bool {
        if self.stages.is_empty() { stage == Stage::Regular } else { self.stages.contains(&stage) }
    }

    /// Whether `team`'s side and opponent in `matchup`, in which it plays, are wanted.
    fn wants_pairing(&self, team: Tricode, matchup: Matchup) -> bool {
        let (side, opponent) = if matchup.home == team {
            (Side::Home, matchup.away)
        } else {
            (Side::Away, matchup.home)
        };
        self.side.is_none_or(|wanted| wanted == side)
            && (self.opponents.is_empty() || self.opponents.contains(&opponent))
    }

    fn wants_day(&self, game: &Game) -> bool {
        // A day costs the look-up of a zone, so it is only found out for those who ask.
        if self.from.is_none() && self.to.is_none() {
            return true;
        }
        let day = arena::day(game);
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

/// What `schedule` holds for `team` at `now`.
pub fn coming(schedule: &Schedule, team: Tricode, now: Timestamp) -> Coming {
    select(schedule, team, &Filter::default(), now)
}

/// What `schedule` holds for `team` at `now`, as far as `filter` wants it.
pub fn select(schedule: &Schedule, team: Tricode, filter: &Filter, now: Timestamp) -> Selection {
    let mut selection = Selection {
        season: schedule.season,
        games: Vec::new(),
        postponed: Vec::new(),
        cancelled: Vec::new(),
        left_out: Vec::new(),
        known: BTreeSet::new(),
        played: 0,
        last: None,
        undecided: 0,
        has_stage: false,
        is_added_later: filter
            .stages
            .iter()
            .any(|it| matches!(it, Stage::PlayIn | Stage::Playoffs)),
        days: game_days(schedule, filter),
    };
    let mut room = filter.next.unwrap_or(usize::MAX);
    let mut last = None;
    for game in &schedule.games {
        let staged = filter.wants_stage(game.id.stage());
        selection.has_stage |= staged;
        let Some(matchup) = game.matchup else {
            let open = staged && game.status == Status::Scheduled && filter.wants_day(game);
            selection.undecided += usize::from(open && arena::lies_ahead(game, now));
            continue;
        };
        if !matchup.involves(team) {
            continue;
        }
        selection.known.insert(game.id);
        if staged && filter.wants_pairing(team, matchup) {
            let before = selection.played;
            selection.sort_in(game, filter, now, &mut room);
            last = if selection.played > before { Some(game) } else { last };
        } else if game.status == Status::Scheduled && arena::lies_ahead(game, now) {
            selection.left_out.push(game.clone());
        }
    }
    let is_any_day = filter.from.is_none() && filter.to.is_none();
    selection.last = last.filter(|_| is_any_day).map(arena::day);
    selection
}

impl Selection {
    /// Puts a game of a wanted stage, side and opponent where it belongs. `room` is how many
    /// coming games are still wanted.
    fn sort_in(&mut self, game: &Game, filter: &Filter, now: Timestamp, room: &mut usize) {
        match game.status {
            Status::Postponed => self.postponed.push(game.clone()),
            Status::Cancelled => self.cancelled.push(game.clone()),
            Status::Scheduled if arena::lies_ahead(game, now) => {
                if *room > 0 && filter.wants_day(game) {
                    *room -= 1;
                    self.games.push(game.clone());
                } else {
                    self.left_out.push(game.clone());
                }
            }
            Status::Scheduled | Status::Final => {
                self.played += 1;
                if filter.include_past && filter.wants_day(game) {
                    self.games.push(game.clone());
                }
            }
        }
    }
}

/// The regular season always counts: a season is not over because its preseason is.
fn game_days(schedule: &Schedule, filter: &Filter) -> Option<GameDays> {
    let zone = eastern::zone();
    let counts = |stage| stage == Stage::Regular || filter.wants_stage(stage);
    let days = schedule
        .games
        .iter()
        .filter(|game| counts(game.id.stage()))
        .filter(|game| matches!(game.status, Status::Scheduled | Status::Final))
        .map(|game| eastern::day_of(game.tipoff, &zone));
    days.fold(None, |known: Option<GameDays>, day| {
        let (first, last) = known.map_or((day, day), |days| (days.first, days.last));
        Some(GameDays { first: first.min(day), last: last.max(day) })
    })
}
