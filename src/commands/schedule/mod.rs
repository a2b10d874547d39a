//! `nbatodo schedule`: a team's games in the terminal or as a file, without signing in.

mod calendar_file;
mod grid;
mod months;
mod sentences;
mod table;
mod tabular_file;
mod zone;

use std::fmt::{self, Write};

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::commands::games::{self, Games};
use crate::commands::{Context, Export, Failure, Report, no_games, times};
use crate::http::Http;
use crate::looks::{Look, Page, Role};
use crate::model::{Game, Rgb, Season, Status, TimeStyle, Tipoff, Tricode};
use crate::schedule::source::{Asking, Loaded};
use crate::schedule::{Filter, Selection, arena, calendar, select};

use zone::zone_of;

/// What the person asks of a listing.
#[derive(Clone, Debug)]
pub struct Request {
    /// Whose games.
    pub teams: Vec<Tricode>,
    /// Which of them.
    pub filter: Filter,
    /// From where.
    pub games: Games,
    /// The zone in which times are shown, instead of the machine's.
    pub zone: Option<TimeZone>,
    /// How they are laid out.
    pub layout: Layout,
}

/// How games are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// A line a game.
    Table,
    /// A calendar of the month with this day in it; without one, the month of the next game.
    Month(Option<Date>),
}

/// The games of some teams.
#[derive(Debug, Serialize)]
pub struct Listing {
    season: String,
    schedule: SourceShown,
    timezone: String,
    /// Why nobody in the league plays on these days.
    pause: Option<String>,
    teams: Vec<TeamShown>,
    #[serde(skip)]
    layout: Layout,
    /// That times are in the zone of the account, where that is not the machine's.
    #[serde(skip)]
    zone_told: Option<String>,
    #[serde(skip)]
    style: TimeStyle,
    #[serde(skip)]
    today: Date,
    #[serde(skip)]
    stamp: Stamp,
}

/// Where the games come from.
#[derive(Debug, Serialize)]
struct SourceShown {
    source: &'static str,
    /// In UTC.
    published: String,
}

/// When the schedule was published, and in which season.
#[derive(Clone, Copy, Debug)]
struct Stamp {
    published: Timestamp,
    season: Season,
}

/// The games of one team.
#[derive(Debug, Serialize)]
struct TeamShown {
    team: &'static str,
    name: String,
    /// The month that is shown, such as `2026-12`, where it is one; the others' games are left out.
    month: Option<String>,
    games: Vec<GameShown>,
    /// Called off for now, whatever slot they were taken from.
    postponed: Vec<GameShown>,
    cancelled: Vec<GameShown>,
    /// What there is to say where there are no games.
    remark: Option<String>,
    #[serde(skip)]
    color: Rgb,
    /// A day of that month.
    #[serde(skip)]
    day: Option<Date>,
}

/// One game, in the person's zone.
#[derive(Clone, Debug, Serialize)]
struct GameShown {
    id: String,
    /// In UTC; absent while it is to be determined.
    tipoff: Option<String>,
    /// The person's day, or the arena's where only that is known.
    date: String,
    /// On the person's clock.
    time: Option<String>,
    home: bool,
    opponent: &'static str,
    arena: Option<String>,
    city: Option<String>,
    national_tv: Vec<String>,
    label: Option<String>,
    status: &'static str,
    /// The first that lies ahead.
    next: bool,
    url: String,
    #[serde(skip)]
    day: Date,
    #[serde(skip)]
    clock: Option<Time>,
    #[serde(skip)]
    game: Game,
}

/// Lists the games.
///
/// # Errors
/// [`Failure`] where there is no schedule; that a team has no games is none.
pub async fn run(context: &Context, request: &Request) -> Result<Listing, Failure> {
    let http = Http::new()?;
    let busy = context.busy("Reading the schedule");
    let loaded = games::load(context, &http, &request.games).await?;
    drop(busy);
    games::note_fallback(context, &loaded);
    let (zone, told) = zone_of(context, request.zone.clone()).await;
    times::recall(context);
    let style = context.times.style();
    let listing = Listing::of(request, &loaded, (&zone, style), context.clock.now());
    Ok(Listing { zone_told: told, ..listing })
}

/// The next games of `team` as lines, by the last good copy or the season in the binary: the
/// network is left alone. No lines where there are none to come.
///
/// # Errors
/// [`Failure`] where there is no schedule.
pub(super) async fn next_games(
    context: &Context,
    team: Tricode,
    count: usize,
    zone: Option<TimeZone>,
    look: Look,
) -> Result<String, Failure> {
    let games = Games::of_the_league(Asking::Offline);
    let loaded = games::load(context, &Http::new()?, &games).await?;
    let (zone, _) = zone_of(context, zone).await;
    let filter = Filter { next: Some(count), ..Filter::default() };
    let request = Request { teams: vec![team], filter, games, zone: None, layout: Layout::Table };
    let style = context.times.style();
    let listing = Listing::of(&request, &loaded, (&zone, style), context.clock.now());
    Ok(listing.page(look).to_string())
}

impl Listing {
    fn of(
        request: &Request,
        loaded: &Loaded,
        (zone, style): (&TimeZone, TimeStyle),
        now: Timestamp,
    ) -> Self {
        let schedule = &loaded.schedule;
        // A month has its past days, too.
        let include_past = request.filter.include_past || request.layout != Layout::Table;
        let filter = Filter { include_past, ..request.filter.clone() };
        let today = now.to_zoned_datetime(zone.clone()).date();
        let teams = request.teams.iter().map(|team| {
            let selection = select(schedule, *team, &filter, now);
            let wanted = (request.layout, filter.narrows());
            TeamShown::of(wanted, *team, &selection, (zone, today), now)
        });
        Self {
            season: schedule.season.to_string(),
            schedule: SourceShown {
                source: loaded.provenance.name(),
                published: schedule.published.to_string(),
            },
            timezone: zone.iana_name().unwrap_or("local time").to_owned(),
            pause: calendar::pause(schedule, now).map(no_games::pause),
            teams: teams.collect(),
            layout: request.layout,
            zone_told: None,
            style,
            today,
            stamp: Stamp { published: schedule.published, season: schedule.season },
        }
    }
}

impl TeamShown {
    /// What `selection` has of a team, in `zone`, where the day is `today`; not all of its games if
    /// what was wanted `narrows` them.
    fn of(
        (layout, narrows): (Layout, bool),
        team: Tricode,
        selection: &Selection,
        (zone, today): (&TimeZone, Date),
        now: Timestamp,
    ) -> Self {
        let shown = |games: &[Game]| -> Vec<GameShown> {
            games.iter().filter_map(|game| GameShown::of(game, team, zone)).collect()
        };
        let mut games = shown(&selection.games);
        let is_ahead = |it: &&mut GameShown| it.game.tipoff.is_coming(now, &arena::zone(&it.game));
        if let Some(next) = games.iter_mut().find(is_ahead) {
            next.next = true;
        }
        let day = layout.day_of_month(&games, today);
        let remark = match day {
            _ if games.is_empty() => Some(no_games::no_games(team, selection, now)),
            Some(day) if !games.iter().any(|it| is_same_month(it.day, day)) => {
                Some(months::no_game_in(day, &games, narrows))
            }
            _ => None,
        };
        let of_month = |games: Vec<GameShown>| -> Vec<GameShown> {
            let is_meant = |it: &GameShown| day.is_none_or(|day| is_same_month(it.day, day));
            games.into_iter().filter(is_meant).collect()
        };
        Self {
            team: team.as_str(),
            name: team.team().nickname.to_owned(),
            color: team.team().color,
            month: day.map(|day| day.strftime("%Y-%m").to_string()),
            day,
            remark,
            games: of_month(games),
            postponed: of_month(shown(&selection.postponed)),
            cancelled: of_month(shown(&selection.cancelled)),
        }
    }
}

impl Layout {
    /// A day of the month that is shown of a team with these games, where it is a month.
    fn day_of_month(self, games: &[GameShown], today: Date) -> Option<Date> {
        let Self::Month(named) = self else { return None };
        let next = games.iter().find(|game| game.next).or(games.last());
        Some(named.or(next.map(|game| game.day)).unwrap_or(today))
    }
}

fn is_same_month(day: Date, other: Date) -> bool {
    (day.year(), day.month()) == (other.year(), other.month())
}

impl GameShown {
    fn of(game: &Game, team: Tricode, zone: &TimeZone) -> Option<Self> {
        let matchup = game.matchup?;
        let is_home = matchup.home == team;
        let (day, tipoff, clock) = match game.tipoff {
            Tipoff::At(start) => {
                let local = start.to_zoned_datetime(zone.clone());
                (local.date(), Some(start.to_string()), Some(local.time()))
            }
            Tipoff::Undecided(day) => (day, None, None),
        };
        let venue = game.venue.as_ref();
        Some(Self {
            id: game.id.to_string(),
            tipoff,
            date: day.to_string(),
            time: clock.map(|time| time.strftime("%H:%M").to_string()),
            clock,
            home: is_home,
            opponent: if is_home { matchup.away } else { matchup.home }.as_str(),
            arena: venue.map(|venue| venue.arena.clone()),
            city: venue.map(|venue| venue.city.clone()).filter(|city| !city.is_empty()),
            national_tv: game.national_tv.clone(),
            label: game.label.clone(),
            status: match game.status {
                Status::Scheduled => "scheduled",
                Status::Postponed => "postponed",
                Status::Cancelled => "cancelled",
                Status::Final => "final",
            },
            next: false,
            url: game.id.page(),
            day,
            game: game.clone(),
        })
    }

    /// `vs Knicks` at home, `at Knicks` away.
    fn against(&self, name: impl Fn(Tricode) -> &'static str) -> String {
        let opponent = Tricode::of(self.opponent).map_or(self.opponent, name);
        format!("{} {opponent}", if self.home { "vs" } else { "at" })
    }

    /// `TD Garden, Boston`.
    fn place(&self) -> String {
        let parts = [self.arena.as_deref(), self.city.as_deref()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    /// The time as `write` writes it, or that it is to be determined.
    fn clock(&self, write: impl Fn(Time) -> String) -> String {
        self.clock.map_or_else(|| "TBD".to_owned(), write)
    }
}

impl Report for Listing {
    fn page(&self, look: Look) -> Page {
        Page::written(|page| self.write(page, look))
    }

    fn export(&self, export: Export) -> Option<String> {
        match export {
            Export::Calendar => Some(calendar_file::text(self)),
            Export::Table => tabular_file::text(self),
        }
    }
}

impl fmt::Display for Listing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.page(Look::default()).fmt(f)
    }
}

impl Listing {
    fn write(&self, f: &mut Page, look: Look) -> fmt::Result {
        if let Some(pause) = &self.pause {
            writeln!(f, "{pause}")?;
        }
        for (number, team) in self.teams.iter().enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            match (&team.remark, self.layout) {
                (Some(remark), _) => {
                    f.paint(Role::Team(team.color), &team.name);
                    writeln!(f, ": {remark}.")?;
                }
                (None, _) if look.plain => sentences::write(f, self, team)?,
                (None, Layout::Table) => table::write(f, self, team, look)?,
                (None, Layout::Month(_)) => grid::write(f, self, team, look)?,
            }
            for (games, what) in
                [(&team.postponed, "postponed without a new date"), (&team.cancelled, "cancelled")]
            {
                for game in games {
                    let against = game.against(|it| it.team().nickname);
                    writeln!(f, "{} {against} is {what}.", team.name)?;
                }
            }
        }
        let shows_times = self.teams.iter().any(|team| !team.games.is_empty());
        match &self.zone_told {
            Some(told) if shows_times => writeln!(f, "{told}"),
            _ => Ok(()),
        }
    }
}
