//! Games as iCalendar (RFC 5545).

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;

use super::{GameShown, Listing, Stamp};
use crate::model::{Tipoff, plain_text};

/// The octets of a line, its break left out (section 3.1).
const LONGEST_LINE: usize = 75;
/// How long a game takes, about.
const DURATION: &str = "PT2H30M";
const INSTANT: &str = "%Y%m%dT%H%M%SZ";

/// A game stands there once, whoever asked for it: a calendar has one entry an identity.
pub(super) fn text(listing: &Listing) -> String {
    let mut calendar = Calendar(String::new());
    let names: Vec<&str> = listing.teams.iter().map(|team| team.name.as_str()).collect();
    calendar.line("BEGIN", "VCALENDAR");
    calendar.line("VERSION", "2.0");
    calendar.line("PRODID", concat!("-//nbatodo//nbatodo ", env!("CARGO_PKG_VERSION"), "//EN"));
    calendar.line("CALSCALE", "GREGORIAN");
    calendar.text("X-WR-CALNAME", &format!("{} {}", names.join(", "), listing.season));
    let mut seen = BTreeSet::new();
    for team in &listing.teams {
        for game in team.games.iter().chain(&team.postponed).chain(&team.cancelled) {
            if seen.insert(&game.id) {
                calendar.event(game, listing.stamp);
            }
        }
    }
    calendar.line("END", "VCALENDAR");
    calendar.0
}

struct Calendar(String);

impl Calendar {
    fn event(&mut self, game: &GameShown, stamp: Stamp) {
        let published = utc(stamp.published);
        self.line("BEGIN", "VEVENT");
        self.line("UID", &format!("{}@nbatodo", game.id));
        self.line("DTSTAMP", &published);
        self.line("LAST-MODIFIED", &published);
        self.line("SEQUENCE", &sequence(stamp).to_string());
        match game.game.tipoff {
            Tipoff::At(start) => {
                self.line("DTSTART", &utc(start));
                self.line("DURATION", DURATION);
            }
            // All day: no end makes it one day (section 3.6.1).
            Tipoff::Undecided(day) => {
                self.line("DTSTART;VALUE=DATE", &day.strftime("%Y%m%d").to_string());
            }
        }
        if let Some(matchup) = game.game.matchup {
            let (away, home) = (matchup.away.team(), matchup.home.team());
            self.text("SUMMARY", &format!("{} at {}", away.nickname, home.nickname));
        }
        if game.arena.is_some() {
            self.text("LOCATION", &game.place());
        }
        let tv =
            (!game.national_tv.is_empty()).then(|| format!("TV: {}", game.national_tv.join(", ")));
        let off = (game.status == "postponed").then(|| "Postponed".to_owned());
        let lines: Vec<String> = [off, tv, game.label.clone()].into_iter().flatten().collect();
        if !lines.is_empty() {
            self.text("DESCRIPTION", &lines.join("\n"));
        }
        self.line("URL", &game.url);
        self.line(
            "STATUS",
            match game.status {
                "postponed" | "cancelled" => "CANCELLED",
                _ if game.tipoff.is_none() => "TENTATIVE",
                _ => "CONFIRMED",
            },
        );
        self.line("END", "VEVENT");
    }

    /// A property whose value is a text (section 3.3.11).
    fn text(&mut self, name: &str, text: &str) {
        let text = plain_text::lines(text).replace('\\', "\\\\").replace(';', "\\;");
        self.line(name, &text.replace(',', "\\,").replace('\n', "\\n"));
    }

    /// A line, folded before a character that would make it too long; the space that begins what
    /// was folded counts.
    fn line(&mut self, name: &str, value: &str) {
        let mut length = 0;
        for letter in name.chars().chain(":".chars()).chain(value.chars()) {
            if length + letter.len_utf8() > LONGEST_LINE {
                self.0.push_str("\r\n ");
                length = 1;
            }
            self.0.push(letter);
            length += letter.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

/// Greater for every later schedule, so for every change: the minutes since the first of July
/// before the season. What has not changed is only written once more by that.
fn sequence(stamp: Stamp) -> i64 {
    let july = date(stamp.season.start_year(), 7, 1).to_zoned_datetime(TimeZone::UTC);
    let start = july.map_or(Timestamp::UNIX_EPOCH, |july| july.timestamp());
    stamp.published.duration_since(start).as_mins().max(0)
}

fn utc(instant: Timestamp) -> String {
    instant.strftime(INSTANT).to_string()
}
