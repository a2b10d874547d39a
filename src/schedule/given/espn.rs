//! ESPN's site API: the schedule of a team, and the scoreboard, whose fields differ.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::{GivenError, Listed, team};
use crate::model::plain_text;
use crate::model::{Status, Tipoff, Venue};
use crate::schedule::eastern;
use crate::schedule::nulls::null_is_default;

/// The season types in which teams play that are none of the league's: guests of the preseason,
/// and the All-Star selections.
const WITH_GUESTS: [&str; 2] = ["1", "4"];
/// The scoreboard lists the cup's knockout before its teams are known. How it names nobody was not
/// seen; the league's own word for it, and nothing at all, are understood.
const NOBODY_YET: &str = "TBD";

#[derive(Deserialize)]
struct Document {
    events: Vec<Event>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct Event {
    #[serde(deserialize_with = "null_is_default")]
    date: String,
    time_valid: Option<bool>,
    /// On the team's schedule; the scoreboard has `season.type` instead.
    season_type: Option<SeasonType>,
    season: Option<Season>,
    #[serde(deserialize_with = "null_is_default")]
    competitions: Vec<Competition>,
}

#[derive(Deserialize)]
struct SeasonType {
    id: Option<Value>,
}

#[derive(Deserialize)]
struct Season {
    r#type: Option<Value>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Competition {
    time_valid: Option<bool>,
    venue: Option<Place>,
    #[serde(deserialize_with = "null_is_default")]
    competitors: Vec<Competitor>,
    #[serde(deserialize_with = "null_is_default")]
    notes: Vec<Note>,
    #[serde(deserialize_with = "null_is_default")]
    broadcasts: Vec<Broadcast>,
    status: Option<GameStatus>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Place {
    #[serde(deserialize_with = "null_is_default")]
    full_name: String,
    address: Option<Address>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Address {
    city: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Competitor {
    #[serde(deserialize_with = "null_is_default")]
    home_away: String,
    #[serde(deserialize_with = "null_is_default")]
    team: Side,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Side {
    #[serde(deserialize_with = "null_is_default")]
    abbreviation: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Note {
    headline: Option<String>,
}

/// `media` on the team's schedule, `names` on the scoreboard; the market is an object with a type
/// there, and a word here.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Broadcast {
    market: Value,
    media: Option<Media>,
    #[serde(deserialize_with = "null_is_default")]
    names: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Media {
    short_name: Option<String>,
}

#[derive(Deserialize)]
struct GameStatus {
    r#type: StatusType,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct StatusType {
    #[serde(deserialize_with = "null_is_default")]
    name: String,
}

/// Both routes list a game under each of its teams, and a postponed one beside its replay.
pub(super) fn parse(bytes: &[u8]) -> Result<Vec<Listed>, GivenError> {
    let document: Document = serde_json::from_slice(bytes)?;
    let mut listed = Vec::new();
    for (number, event) in document.events.iter().enumerate() {
        let place = format!("event {}", number + 1);
        if let Some(game) = game(event, &place)? {
            listed.push(game);
        }
    }
    Ok(listed)
}

fn game(event: &Event, place: &str) -> Result<Option<Listed>, GivenError> {
    let Some(competition) = event.competitions.first() else {
        return Err(GivenError::at(place, "competitions", "there is none"));
    };
    let side = |home_away: &'static str| {
        let is_it = |competitor: &&Competitor| competitor.home_away == home_away;
        let competitor = competition.competitors.iter().find(is_it);
        let competitor = competitor
            .ok_or_else(|| GivenError::at(place, "competitors", format!("no {home_away} team")))?;
        match competitor.team.abbreviation.trim() {
            "" | NOBODY_YET => Ok(None),
            name => team(name, place, "team.abbreviation").map(Some),
        }
    };
    let (home, away) = match (side("home"), side("away")) {
        (Ok(Some(home)), Ok(Some(away))) => (home, away),
        (Ok(_), Ok(_)) => return Ok(None),
        (Err(_), _) | (_, Err(_)) if may_have_guests(event) => return Ok(None),
        (Err(error), _) | (_, Err(error)) => return Err(error),
    };
    let start: Timestamp = event.date.parse().map_err(|_| {
        let what = format!("{:?} is not an instant such as 2026-10-20T19:00Z", event.date);
        GivenError::at(place, "date", what)
    })?;
    let is_timed = competition.time_valid.or(event.time_valid).unwrap_or(true);
    let day = || eastern::day_of(Tipoff::At(start), &eastern::zone());
    Ok(Some(Listed {
        place: place.to_owned(),
        home,
        away,
        tipoff: if is_timed { Tipoff::At(start) } else { Tipoff::Undecided(day()) },
        status: status(competition),
        venue: competition.venue.as_ref().and_then(venue),
        label: competition.notes.iter().filter_map(|note| note.headline.as_deref()).map(tidy).find(
            // The field of the cup's rounds also tells of postponements.
            |note| !note.is_empty() && !note.to_ascii_lowercase().contains("date"),
        ),
        national_tv: national_tv(&competition.broadcasts),
    }))
}

fn may_have_guests(event: &Event) -> bool {
    let on_schedule = event.season_type.as_ref().and_then(|it| it.id.as_ref());
    let id = on_schedule.or_else(|| event.season.as_ref().and_then(|it| it.r#type.as_ref()));
    let text = id.map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned));
    text.is_some_and(|id| WITH_GUESTS.contains(&id.as_str()))
}

fn status(competition: &Competition) -> Status {
    match competition.status.as_ref().map(|status| status.r#type.name.as_str()) {
        Some("STATUS_POSTPONED") => Status::Postponed,
        Some("STATUS_CANCELED" | "STATUS_CANCELLED") => Status::Cancelled,
        Some("STATUS_FINAL") => Status::Final,
        _ => Status::Scheduled,
    }
}

fn venue(place: &Place) -> Option<Venue> {
    let city = place.address.as_ref().and_then(|address| address.city.as_deref());
    let venue = Venue { arena: tidy(&place.full_name), city: tidy(city.unwrap_or_default()) };
    Some(venue).filter(|venue| !venue.arena.is_empty())
}

fn national_tv(broadcasts: &[Broadcast]) -> Vec<String> {
    let is_national = |broadcast: &&Broadcast| {
        let market = broadcast.market.get("type").unwrap_or(&broadcast.market);
        market.as_str().is_some_and(|market| market.eq_ignore_ascii_case("national"))
    };
    let mut channels: Vec<String> = Vec::new();
    for broadcast in broadcasts.iter().filter(is_national) {
        let media = broadcast.media.as_ref().and_then(|media| media.short_name.as_deref());
        for channel in media.into_iter().chain(broadcast.names.iter().map(String::as_str)) {
            let channel = tidy(channel);
            if !channel.is_empty() && !channels.contains(&channel) {
                channels.push(channel);
            }
        }
    }
    channels
}

fn tidy(text: &str) -> String {
    plain_text::one_line(text).trim().to_owned()
}
