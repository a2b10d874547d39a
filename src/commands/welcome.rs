//! The minute after a sign-in at a terminal: the team, its next games, and what to type. The
//! sign-in stands whatever becomes of it.

use jiff::tz::TimeZone;

use crate::commands::config::{self, Place};
use crate::commands::login_report::next_step;
use crate::commands::schedule::next_games;
use crate::commands::{Context, Failure, command_for};
use crate::looks::Look;
use crate::model::{Profile, Tricode, selection};
use crate::settings::{Key, Value};

/// How many games are shown.
const GAMES: usize = 3;

/// What a welcome has of the terminal.
#[derive(Debug)]
pub struct Request {
    /// The settings file that remembers the team.
    pub place: Place,
    /// Whether a list can be drawn and moved in.
    pub can_choose: bool,
    /// What the games are to look like.
    pub look: Look,
    /// The zone of the settings.
    pub timezone: Option<TimeZone>,
}

/// Offers to choose a team where none is set, and shows the next games of the one that is.
pub async fn run(context: &Context, request: &Request) {
    let (profile, listener) = (&context.settings.profile, &context.listener);
    let next = || listener.note(&format!("Next: {}", next_step(context)));
    if context.interrupts.is_noted() {
        return next();
    }
    let usual = selection::teams(&context.settings.teams, None, None).unwrap_or_default();
    let chosen = match usual.first() {
        Some(_) => None,
        None => match choose(context, request).await {
            Some(team) => Some(team),
            None => {
                let command = config::set_team(profile, config::EXAMPLE);
                listener
                    .note(&format!("To set your team once and for all, for instance: {command}"));
                return next();
            }
        },
    };
    if let Some(team) = chosen {
        let name = team.team().nickname;
        match remember(profile, request, team) {
            Ok(file) => listener.note(&format!("Your team is the {name} now, in {file}.")),
            Err(failure) => {
                listener.note(&format!("The {name} could not be remembered: {failure}."));
                return next();
            }
        }
    }
    let Some(team) = chosen.or(usual.first().copied()) else { return };
    match next_games(context, team, GAMES, request.timezone.clone(), request.look).await {
        Ok(listing) => listing.lines().for_each(|line| listener.note(line)),
        // A good sign-in is not spoilt by a schedule.
        Err(failure) => tracing::info!(%failure, "no games are shown"),
    }
    // With a team that is set, whether just now or before.
    listener.note(&format!("Next: {}", command_for(profile, "import")));
}

/// The team that the person chooses; `None` where they do not, or cannot be asked.
async fn choose(context: &Context, request: &Request) -> Option<Tricode> {
    if !request.can_choose {
        return None;
    }
    let mut teams: Vec<Tricode> = Tricode::all().collect();
    // By what is read, and not by the letters that stand for it.
    teams.sort_by_key(|code| code.team().full_name());
    let items = teams.iter().map(|code| line_of(*code));
    // Ctrl-C ends the list and not the sign-in, which is done.
    let (_guard, _asking) = (context.interrupts.guard(), context.interrupts.asking());
    let prompt = "Your team (type to search, Enter takes it, Esc skips)";
    let chosen = tokio::select! {
        chosen = context.input.choose(prompt, items.collect()) => chosen,
        () = context.interrupts.noted() => Ok(None),
    };
    match chosen {
        Ok(place) => teams.get(place?).copied(),
        Err(error) => {
            tracing::debug!(%error, "no list");
            None
        }
    }
}

/// A team with what else people call it, as far as typing that would not find its name anyway.
fn line_of(code: Tricode) -> String {
    let team = code.team();
    let name = team.full_name();
    let lower = name.to_lowercase();
    let is_found = |alias: &str| {
        let mut rest = lower.chars();
        alias.chars().all(|letter| rest.any(|it| it == letter))
    };
    let aliases = team.aliases.iter().copied();
    // In capitals it is what other sources abbreviate, and nobody says.
    let said = aliases.filter(|it| !it.contains(|c: char| c.is_uppercase()) && !is_found(it));
    let said = said.collect::<Vec<_>>().join(", ");
    let colon = if said.is_empty() { "" } else { ": " };
    format!("{name} ({code}){colon}{said}")
}

/// Writes it into the settings file: for everybody, or for a profile that is not the usual one.
fn remember(profile: &Profile, request: &Request, team: Tricode) -> Result<String, Failure> {
    let of_profile = Some(profile).filter(|profile| **profile != Profile::default());
    let value = Value::text(team.as_str());
    config::set(&request.place, of_profile, (Key::Team, &value), None)?;
    Ok(request.place.path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_team_is_listed_with_what_people_call_it() {
        for (name, line) in [
            ("PHI", "Philadelphia 76ers (PHI): sixers, philly"),
            ("BOS", "Boston Celtics (BOS)"),
            ("GSW", "Golden State Warriors (GSW): dubs, san francisco"),
        ] {
            assert_eq!(line_of(Tricode::from_name(name).unwrap()), line);
        }
        // A line that is broken could not be taken away again.
        assert!(Tricode::all().all(|code| line_of(code).len() <= 56));
    }
}
