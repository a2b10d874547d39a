//! From a row of the feed to a game.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::error::{FeedError, shown};
use super::wire::{Broadcasters, Row, Side};
use crate::model::{Game, GameId, Matchup, Season, Stage, Status, Tipoff, Tricode, Venue};
use crate::schedule::eastern;

/// What stands between a label and its second part.
const SEPARATOR: &str = " · ";
/// What the label of a game says that a series may end without.
const IF_NECESSARY: &str = "if necessary";

/// Reads the rows of one feed.
pub(super) struct RowReader {
    pub(super) season: Season,
    pub(super) eastern: TimeZone,
}

impl RowReader {
    /// The game of `row`, or `None` for one that is no business of ours: a guest team in the
    /// preseason, an All-Star selection, a left-over of another season, a stage that the
    /// league has invented since. Of a game of the regular season, all must be right.
    pub(super) fn game(&self, row: &Row<'_>) -> Result<Option<Game>, FeedError> {
        let Some(id) = game_id(row)? else { return Ok(None) };
        match self.game_with(id, row) {
            Ok(game) => Ok(Some(game)),
            Err(error) if id.stage() == Stage::Regular => Err(error),
            Err(error) => {
                tracing::debug!(%error, "left out");
                Ok(None)
            }
        }
    }

    fn game_with(&self, id: GameId, row: &Row<'_>) -> Result<Game, FeedError> {
        if id.season() != self.season {
            return Err(FeedError::OtherSeason { id: id.to_string(), season: self.season });
        }
        Ok(Game {
            tipoff: self.tipoff(&id, row)?,
            matchup: matchup(&id, row)?,
            venue: venue(row),
            status: status(row),
            label: label(row),
            national_tv: national_tv(&row.broadcasters),
            id,
        })
    }

    /// When it starts. The text `TBD` or the year 1 says that nobody knows yet, and so does
    /// the dummy year 1900 in the instant; the instant is Eastern midnight then, a moment at
    /// which other games truly start.
    fn tipoff(&self, id: &GameId, row: &Row<'_>) -> Result<Tipoff, FeedError> {
        let instant = row.game_date_time_utc.as_str().parse::<Timestamp>();
        let decided = !row.game_status_text.as_str().eq_ignore_ascii_case("TBD")
            && !row.game_time_est.as_str().starts_with("0001-");
        let tipoff = match instant {
            Ok(instant) if decided && self.has(Tipoff::At(instant)) => Some(Tipoff::At(instant)),
            Ok(instant) => {
                let at_midnight = || eastern::day_of(Tipoff::At(instant), &self.eastern);
                let dummy = self.is_dummy(instant);
                (!decided || dummy)
                    .then(|| Tipoff::Undecided(eastern_day(row).unwrap_or_else(at_midnight)))
            }
            Err(_) if !decided => eastern_day(row).map(Tipoff::Undecided),
            Err(_) => None,
        };
        tipoff.filter(|&tipoff| self.has(tipoff)).ok_or_else(|| FeedError::Start {
            id: id.to_string(),
            start: shown(row.game_date_time_utc.as_str()),
        })
    }

    /// Whether it lies in one of the two years of the season.
    fn has(&self, tipoff: Tipoff) -> bool {
        let year = eastern::day_of(tipoff, &self.eastern).year();
        (0..=1).contains(&(year - self.season.start_year()))
    }

    fn is_dummy(&self, instant: Timestamp) -> bool {
        eastern::day_of(Tipoff::At(instant), &self.eastern).year() <= 1900
    }
}

/// The id, or `None` for a stage that we do not know.
fn game_id(row: &Row<'_>) -> Result<Option<GameId>, FeedError> {
    let text = row.game_id.as_str();
    let of_the_league = text.len() == 10
        && text.starts_with("00")
        && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(id) => Ok(Some(id)),
        Err(_) if of_the_league => Ok(None),
        Err(_) => Err(FeedError::GameId(shown(text))),
    }
}

/// The Eastern day, without the time and the false `Z` behind it.
fn eastern_day(row: &Row<'_>) -> Option<Date> {
    row.game_date_est.as_str().get(..10)?.parse().ok()
}

/// Where it stands. The text is asked first: it alone tells of a postponement. A game is over
/// only if it also has a score: old slots of postponed games have stood there as `Final`
/// without one. Such a row counts as scheduled, in the past as a rule, and yields to the row
/// of the replay.
fn status(row: &Row<'_>) -> Status {
    let text = row.game_status_text.as_str().to_ascii_lowercase();
    let word = text.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    let scored = |side: &Side<'_>| side.score.0.is_some_and(|score| score > 0);
    match word {
        "ppd" | "postponed" => Status::Postponed,
        "cancelled" | "canceled" => Status::Cancelled,
        _ if (word == "final" || row.game_status.0 == Some(3))
            && scored(&row.home_team)
            && scored(&row.away_team) =>
        {
            Status::Final
        }
        _ => Status::Scheduled,
    }
}

/// The two teams, once both are known.
fn matchup(id: &GameId, row: &Row<'_>) -> Result<Option<Matchup>, FeedError> {
    let (home, away) = (team(id, &row.home_team)?, team(id, &row.away_team)?);
    match (home, away) {
        (Some(home), Some(away)) if home == away => {
            Err(FeedError::Itself { id: id.to_string(), team: home })
        }
        (Some(home), Some(away)) => Ok(Some(Matchup { home, away })),
        _ => Ok(None),
    }
}

/// A team by its number and its letters, which must agree; one of them is enough.
fn team(id: &GameId, side: &Side<'_>) -> Result<Option<Tricode>, FeedError> {
    let number = side.team_id.0.filter(|&number| number != 0);
    let letters = Some(side.team_tricode.as_str())
        .filter(|letters| !letters.is_empty() && !letters.eq_ignore_ascii_case("TBD"));
    let numbered = |number| Tricode::all().find(|team| i64::from(team.team().nba_id) == number);
    let team = match (number, letters) {
        (None, None) => return Ok(None),
        (Some(number), None) => numbered(number),
        (None, Some(letters)) => Tricode::of(letters),
        (Some(number), Some(letters)) => {
            Tricode::of(letters).filter(|&team| numbered(number) == Some(team))
        }
    };
    team.map(Some).ok_or_else(|| FeedError::UnknownTeam {
        id: id.to_string(),
        team: format!("{:?}, number {}", shown(letters.unwrap_or("")), number.unwrap_or(0)),
    })
}

fn venue(row: &Row<'_>) -> Option<Venue> {
    let venue =
        Venue { arena: one_line(row.arena_name.as_str()), city: one_line(row.arena_city.as_str()) };
    Some(venue).filter(|venue| !venue.arena.is_empty())
}

fn label(row: &Row<'_>) -> Option<String> {
    let may_be_needless = row.if_necessary.as_str().eq_ignore_ascii_case("true");
    let remark = if may_be_needless { IF_NECESSARY } else { "" };
    let parts: Vec<String> = [row.game_label.as_str(), row.game_sub_label.as_str(), remark]
        .map(one_line)
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    (!parts.is_empty()).then(|| parts.join(SEPARATOR))
}

/// Every channel once, television before streaming.
fn national_tv(lists: &Broadcasters<'_>) -> Vec<String> {
    let mut channels: Vec<String> = Vec::new();
    for broadcaster in lists
        .national_broadcasters
        .iter()
        .chain(&lists.national_tv_broadcasters)
        .chain(&lists.national_ott_broadcasters)
    {
        // What separates channels where a schedule is kept stands in no name of one.
        let channel = one_line(broadcaster.broadcaster_display.as_str()).replace('|', "/");
        let radio = broadcaster.broadcaster_media.as_str().eq_ignore_ascii_case("radio");
        if !radio && !channel.is_empty() && !channels.contains(&channel) {
            channels.push(channel);
        }
    }
    channels
}

/// What goes to a terminal and into a task has no line breaks and no other control
/// characters, and one space between words.
fn one_line(text: &str) -> String {
    let printable = text.replace(char::is_control, " ");
    printable.split_whitespace().collect::<Vec<_>>().join(" ")
}
