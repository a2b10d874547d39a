//! Calendars (RFC 5545), as third parties and `nbatodo schedule` write them: an event a game,
//! `Away at Home` or `Home vs Away` in its summary.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::{GivenError, Listed, team};
use crate::model::plain_text;
use crate::model::{Status, Tipoff, Tricode, Venue};

const SUMMARY: &str = "SUMMARY";
const START: &str = "DTSTART";

/// What stands between two teams, and whether the first of them is the host.
const BETWEEN: [(&str, bool); 5] =
    [(" at ", false), (" @ ", false), (" vs. ", true), (" vs ", true), (" v ", true)];

/// A line: `NAME;PARAMETER=VALUE:TEXT`.
struct Property<'a> {
    name: &'a str,
    parameters: Vec<(&'a str, &'a str)>,
    text: &'a str,
}

/// An event as far as it has been read.
#[derive(Default)]
struct Event {
    teams: Option<(Tricode, Tricode)>,
    tipoff: Option<Tipoff>,
    arena: Option<String>,
    is_off: bool,
    /// How deep within it we are: an alarm has a summary of its own.
    depth: usize,
}

pub(super) fn is_one(text: &str) -> bool {
    text.get(..15).is_some_and(|start| start.eq_ignore_ascii_case("BEGIN:VCALENDAR"))
}

pub(super) fn parse(text: &str) -> Result<Vec<Listed>, GivenError> {
    let mut listed = Vec::new();
    let mut event: Option<(String, Event)> = None;
    let mut has_ended = false;
    for (number, line) in unfolded(text) {
        let place = format!("line {number}");
        let Some(property) = property(&line) else { continue };
        let (name, text) = (property.name.to_ascii_uppercase(), property.text.to_ascii_uppercase());
        match (name.as_str(), text.as_str(), &mut event) {
            ("BEGIN", "VEVENT", _) => event = Some((place, Event::default())),
            ("END", "VEVENT", open) => {
                if let Some((begun, event)) = open.take() {
                    listed.push(event.game(begun)?);
                }
            }
            ("END", "VCALENDAR", None) => has_ended = true,
            ("BEGIN", _, Some((_, event))) => event.depth += 1,
            ("END", _, Some((_, event))) => event.depth = event.depth.saturating_sub(1),
            (_, _, Some((_, event))) if event.depth == 0 => event.take(&property, &place)?,
            _ => {}
        }
    }
    if has_ended {
        Ok(listed)
    } else {
        Err(GivenError::at("end", "END", "the calendar is cut off"))
    }
}

/// The lines with their numbers, those together that were folded (RFC 5545, section 3.1).
fn unfolded(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some((_, before))) => before.push_str(rest),
            _ => lines.push((number + 1, line.to_owned())),
        }
    }
    lines
}

fn property(line: &str) -> Option<Property<'_>> {
    let mut in_quotes = false;
    let colon = line.find(|c| {
        in_quotes ^= c == '"';
        c == ':' && !in_quotes
    })?;
    let (head, text) = (&line[..colon], &line[colon + 1..]);
    let mut parts = head.split(';');
    let name = parts.next()?;
    let parameters = parts.filter_map(|part| part.split_once('='));
    let parameters = parameters.map(|(name, value)| (name, value.trim_matches('"')));
    Some(Property { name, parameters: parameters.collect(), text: text.trim() })
}

impl Property<'_> {
    fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(it, _)| it.eq_ignore_ascii_case(name));
        found.map(|(_, value)| *value)
    }
}

impl Event {
    fn take(&mut self, property: &Property<'_>, place: &str) -> Result<(), GivenError> {
        match property.name.to_ascii_uppercase().as_str() {
            SUMMARY => self.teams = Some(teams(&unescaped(property.text), place)?),
            START => self.tipoff = Some(start(property, place)?),
            "LOCATION" => self.arena = Some(unescaped(property.text)),
            // Third parties write it of postponed games too: the weaker of the two is safe.
            "STATUS" => self.is_off = property.text.eq_ignore_ascii_case("CANCELLED"),
            _ => {}
        }
        Ok(())
    }

    fn game(self, place: String) -> Result<Listed, GivenError> {
        let missing = |field| GivenError::at(&place, field, "the event has none");
        let (home, away) = self.teams.ok_or_else(|| missing(SUMMARY))?;
        let tipoff = self.tipoff.ok_or_else(|| missing(START))?;
        let arena = self.arena.filter(|arena| !arena.is_empty());
        Ok(Listed {
            home,
            away,
            tipoff,
            status: if self.is_off { Status::Postponed } else { Status::Scheduled },
            venue: arena.map(|arena| match arena.split_once(", ") {
                Some((arena, city)) => Venue { arena: arena.to_owned(), city: city.to_owned() },
                None => Venue { arena, city: String::new() },
            }),
            label: None,
            national_tv: Vec::new(),
            place,
        })
    }
}

/// The host and the guest of `Celtics at Knicks`, whatever score stands beside them.
fn teams(summary: &str, place: &str) -> Result<(Tricode, Tricode), GivenError> {
    let pair = BETWEEN.iter().find_map(|(between, is_host_first)| {
        let (one, other) = summary.split_once(between)?;
        Some(if *is_host_first { (one, other) } else { (other, one) })
    });
    let Some((home, away)) = pair else {
        let what = format!("{summary:?} does not name two teams, such as \"Celtics at Knicks\"");
        return Err(GivenError::at(place, SUMMARY, what));
    };
    let bare = |name: &str| {
        let mark = name.find('(').unwrap_or(name.len());
        name[..mark].trim().trim_end_matches(|c: char| c.is_ascii_digit()).trim().to_owned()
    };
    Ok((team(&bare(home), place, SUMMARY)?, team(&bare(away), place, SUMMARY)?))
}

/// An instant in UTC, a time in a zone that is named, or a day alone.
fn start(property: &Property<'_>, place: &str) -> Result<Tipoff, GivenError> {
    let wrong = |what: String| GivenError::at(place, START, what);
    let text = property.text;
    let unreadable = || wrong(format!("{text:?} is not a time such as 20261020T190000Z"));
    if property.parameter("VALUE").is_some_and(|it| it.eq_ignore_ascii_case("DATE")) {
        return Ok(Tipoff::Undecided(Date::strptime("%Y%m%d", text).map_err(|_| unreadable())?));
    }
    let (wall, zone) = match (text.strip_suffix('Z'), property.parameter("TZID")) {
        (Some(wall), _) => (wall, TimeZone::UTC),
        (None, Some(name)) => {
            let unknown = |_| wrong(format!("{name:?} is not a zone such as America/New_York"));
            (text, TimeZone::get(name).map_err(unknown)?)
        }
        (None, None) => return Err(wrong(format!("{text:?} does not say in which zone it is"))),
    };
    let wall = DateTime::strptime("%Y%m%dT%H%M%S", wall).map_err(|_| unreadable())?;
    let start = wall.to_zoned_datetime(zone).map_err(|_| unreadable())?;
    Ok(Tipoff::At(start.timestamp()))
}

/// A text without its escapes (RFC 5545, section 3.3.11), on one line.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n' | 'N') => plain.push(' '),
                Some(other) => plain.push(other),
                None => {}
            },
            letter => plain.push(letter),
        }
    }
    plain_text::one_line(&plain).trim().to_owned()
}
