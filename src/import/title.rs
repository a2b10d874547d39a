//! The title of a task, by a person's own pattern.

use std::str::FromStr;

use jiff::tz::TimeZone;

use crate::import::wording;
use crate::model::{Game, Matchup, Tipoff, Tricode, plain_text};
use crate::schedule::arena;

/// What stands for a time that is to be determined.
const NO_TIME: &str = "TBD";

/// A pattern for titles: text with fields in braces, as in `{team} {vs} {opponent}`. A brace
/// itself is written twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TitleTemplate(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Field(Field),
}

/// What a field stands for. "Team" is the one whose games are imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Team,
    Opponent,
    Vs,
    City,
    TeamCode,
    OpponentCode,
    Home,
    Away,
    Arena,
    Tv,
    Label,
    Date,
    Time,
}

const FIELDS: [(&str, Field); 13] = [
    ("team", Field::Team),
    ("opponent", Field::Opponent),
    ("vs", Field::Vs),
    ("city", Field::City),
    ("team_code", Field::TeamCode),
    ("opponent_code", Field::OpponentCode),
    ("home", Field::Home),
    ("away", Field::Away),
    ("arena", Field::Arena),
    ("tv", Field::Tv),
    ("label", Field::Label),
    ("date", Field::Date),
    ("time", Field::Time),
];

/// Why a text is no [`TitleTemplate`].
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTemplate {
    /// Nothing but white space.
    #[error("a title cannot be empty")]
    Empty,
    /// Braces around a name that is not among the fields, or around none.
    #[error("there is no field {{{0}}}: use {fields}", fields = TitleTemplate::fields())]
    UnknownField(String),
    /// A brace without its partner.
    #[error(
        "a brace has no partner: a field is written like {{team}}, and a brace itself twice, \
         {{{{ or }}}}"
    )]
    Unbalanced,
}

impl TitleTemplate {
    /// The names of all fields, in braces and with commas between.
    pub fn fields() -> String {
        FIELDS.map(|(name, _)| format!("{{{name}}}")).join(", ")
    }

    /// The title of `game` from `team`'s side, or `None` while its teams are undecided.
    ///
    /// Dates and times are those of `zone`; a game whose time is to be determined is on the
    /// arena's day, and its time is `TBD`. The title is one line of at most
    /// [`wording::LONGEST_TITLE`] characters with single spaces between its words. If the
    /// fields leave nothing, it is the usual one, [`wording::title`].
    pub fn title(&self, team: Tricode, game: &Game, zone: &TimeZone) -> Option<String> {
        let matchup = game.matchup?;
        let view = View { team, matchup, game, zone };
        let text: String = self.0.iter().map(|part| part.written(&view)).collect();
        let line = plain_text::one_line(&text);
        let words = line.split_whitespace().collect::<Vec<_>>().join(" ");
        let title = wording::cut(&words, wording::LONGEST_TITLE);
        Some(if title.is_empty() { wording::title(team, matchup) } else { title.to_owned() })
    }
}

impl Default for TitleTemplate {
    /// `{team} {vs} {opponent}`: the titles of [`wording::title`].
    fn default() -> Self {
        let text = || Part::Text(" ".to_owned());
        let field = Part::Field;
        Self(vec![field(Field::Team), text(), field(Field::Vs), text(), field(Field::Opponent)])
    }
}

impl FromStr for TitleTemplate {
    type Err = InvalidTemplate;

    fn from_str(template: &str) -> Result<Self, InvalidTemplate> {
        if template.trim().is_empty() {
            return Err(InvalidTemplate::Empty);
        }
        let mut parts = Vec::new();
        let mut text = String::new();
        let mut rest = template;
        while let Some((before, brace, after)) = split_at_brace(rest) {
            text.push_str(before);
            if let Some(behind) = after.strip_prefix(brace) {
                text.push(brace);
                rest = behind;
                continue;
            }
            let (name, behind) = after
                .split_once('}')
                .filter(|(name, _)| brace == '{' && !name.contains('{'))
                .ok_or(InvalidTemplate::Unbalanced)?;
            if !text.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut text)));
            }
            parts.push(Part::Field(name.parse()?));
            rest = behind;
        }
        text.push_str(rest);
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
        Ok(Self(parts))
    }
}

/// What stands before the first brace, the brace, and what stands behind it.
fn split_at_brace(text: &str) -> Option<(&str, char, &str)> {
    let at = text.find(['{', '}'])?;
    let (before, from) = text.split_at(at);
    let mut behind = from.chars();
    let brace = behind.next()?;
    Some((before, brace, behind.as_str()))
}

impl FromStr for Field {
    type Err = InvalidTemplate;

    fn from_str(name: &str) -> Result<Self, InvalidTemplate> {
        let found = FIELDS.iter().find(|(known, _)| *known == name);
        found
            .map(|(_, field)| *field)
            .ok_or_else(|| InvalidTemplate::UnknownField(plain_text::one_line(name)))
    }
}

/// What the fields are filled from.
struct View<'a> {
    team: Tricode,
    matchup: Matchup,
    game: &'a Game,
    zone: &'a TimeZone,
}

impl Part {
    fn written(&self, view: &View<'_>) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Field(field) => view.field(*field),
        }
    }
}

impl View<'_> {
    fn field(&self, field: Field) -> String {
        let (between, opponent) = wording::seen_from(self.team, self.matchup);
        match field {
            Field::Team => self.team.team().nickname.to_owned(),
            Field::Opponent => opponent.team().nickname.to_owned(),
            Field::Vs => between.to_owned(),
            Field::City => self.team.team().city.to_owned(),
            Field::TeamCode => self.team.to_string(),
            Field::OpponentCode => opponent.to_string(),
            Field::Home => self.matchup.home.team().nickname.to_owned(),
            Field::Away => self.matchup.away.team().nickname.to_owned(),
            Field::Arena => self.game.venue.as_ref().map_or_else(String::new, |v| v.arena.clone()),
            Field::Tv => self.game.national_tv.join(", "),
            Field::Label => self.game.label.clone().unwrap_or_default(),
            Field::Date => self.date(),
            Field::Time => self.time(),
        }
    }

    fn date(&self) -> String {
        match self.game.tipoff {
            Tipoff::At(instant) => instant.to_zoned_datetime(self.zone.clone()).date().to_string(),
            Tipoff::Undecided(_) => arena::day(self.game).to_string(),
        }
    }

    fn time(&self) -> String {
        match self.game.tipoff {
            Tipoff::At(instant) => {
                instant.to_zoned_datetime(self.zone.clone()).strftime("%H:%M").to_string()
            }
            Tipoff::Undecided(_) => NO_TIME.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Status, Venue};
    use proptest::prelude::*;

    fn team(code: &str) -> Tricode {
        Tricode::of(code).unwrap()
    }

    fn game(home: Tricode, away: Tricode) -> Game {
        Game {
            id: "0022600042".parse().unwrap(),
            tipoff: Tipoff::At("2026-11-28T00:30:00Z".parse().unwrap()),
            matchup: Some(Matchup { home, away }),
            venue: Some(Venue { arena: "TD Garden".into(), city: "Boston".into() }),
            status: Status::Scheduled,
            label: Some("Emirates NBA Cup".into()),
            national_tv: vec!["NBC".into(), "Peacock".into()],
        }
    }

    /// The title that the Knicks' import gives to their game in Boston, as told in Los Angeles.
    fn title_of(template: &str, game: &Game) -> String {
        let zone = TimeZone::get("America/Los_Angeles").unwrap();
        template.parse::<TitleTemplate>().unwrap().title(team("NYK"), game, &zone).unwrap()
    }

    #[test]
    fn each_field_is_filled() {
        let game = game(team("BOS"), team("NYK"));
        for (template, title) in [
            ("{team} {vs} {opponent}", "Knicks at Celtics"),
            ("{city}: {team_code}/{opponent_code}", "New York: NYK/BOS"),
            ("{away} @ {home}, {arena}", "Knicks @ Celtics, TD Garden"),
            ("{tv} · {label}", "NBC, Peacock · Emirates NBA Cup"),
            ("{date} {time}", "2026-11-27 16:30"),
            ("{{team}} {{{team}}} }}{{", "{team} {Knicks} }{"),
            ("🏀", "🏀"),
        ] {
            assert_eq!(title_of(template, &game), title, "{template}");
        }
        for (name, _) in FIELDS {
            assert!(!title_of(&format!("{{{name}}}"), &game).is_empty(), "{name}");
        }
    }

    #[test]
    fn a_time_to_be_determined_is_said_and_its_day_stays_the_arenas() {
        let tipoff = Tipoff::Undecided("2026-12-04".parse().unwrap());
        let game = Game { tipoff, ..game(team("BOS"), team("NYK")) };
        assert_eq!(title_of("{date} {time}", &game), "2026-12-04 TBD");
    }

    #[test]
    fn nothing_is_said_of_undecided_teams() {
        let game = Game { matchup: None, ..game(team("BOS"), team("NYK")) };
        assert_eq!(TitleTemplate::default().title(team("BOS"), &game, &TimeZone::UTC), None);
    }

    #[test]
    fn a_title_is_one_short_line_and_never_empty() {
        let bare = Game {
            venue: None,
            label: None,
            national_tv: vec![],
            ..game(team("BOS"), team("NYK"))
        };
        assert_eq!(title_of("{tv}{label}{arena}", &bare), "Knicks at Celtics");
        assert_eq!(title_of(" {team}\n{label} {vs}\t{opponent} ", &bare), "Knicks at Celtics");
        let long = title_of(&"ö ".repeat(400), &bare);
        assert_eq!(long.chars().count(), wording::LONGEST_TITLE - 1, "no space at the end");
        let hostile = Game { label: Some("\u{1b}[2Jx\u{202e}".into()), ..bare };
        assert_eq!(title_of("{label}", &hostile), "\u{fffd}[2Jx\u{fffd}");
    }

    #[test]
    fn a_wrong_template_is_refused_with_the_reason() {
        for template in ["", "  \n"] {
            assert_eq!(template.parse::<TitleTemplate>(), Err(InvalidTemplate::Empty));
        }
        for template in ["{", "}", "{team", "team}", "{team}}", "{{team}", "{te{am}", "{team {vs}"]
        {
            let refused = template.parse::<TitleTemplate>();
            assert_eq!(refused, Err(InvalidTemplate::Unbalanced), "{template}");
        }
        for name in ["", "Team", " team", "score"] {
            let refused = format!("{{{name}}}").parse::<TitleTemplate>().unwrap_err();
            assert_eq!(refused, InvalidTemplate::UnknownField(name.to_owned()));
            let message = refused.to_string();
            assert!(message.contains(&format!("{{{name}}}:")), "{message}");
            assert!(message.contains("{team}, {opponent}") && message.contains("{time}"));
        }
    }

    #[test]
    fn the_default_is_the_usual_title_for_every_pair() {
        let spelled: TitleTemplate = "{team} {vs} {opponent}".parse().unwrap();
        assert_eq!(TitleTemplate::default(), spelled);
        for home in Tricode::all() {
            for away in Tricode::all().filter(|away| *away != home) {
                let game = game(home, away);
                for side in [home, away] {
                    let usual = wording::title(side, Matchup { home, away });
                    assert_eq!(spelled.title(side, &game, &TimeZone::UTC), Some(usual));
                }
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_template_or_is_none(template in "(\\{|\\}|team|tv|.|\\PC){0,40}", label in ".*") {
            let game = Game { label: Some(label), ..game(team("BOS"), team("NYK")) };
            if let Ok(template) = template.parse::<TitleTemplate>() {
                let title = template.title(team("BOS"), &game, &TimeZone::UTC).unwrap();
                prop_assert!(!title.is_empty() && title.trim() == title);
                prop_assert!(title.chars().count() <= wording::LONGEST_TITLE);
                prop_assert!(!title.chars().any(char::is_control));
            }
        }

        #[test]
        fn text_with_doubled_braces_is_itself(text in "[a-z{}]{1,40}") {
            let doubled = text.replace('{', "{{").replace('}', "}}");
            let template = doubled.parse::<TitleTemplate>().unwrap();
            let game = game(team("BOS"), team("NYK"));
            prop_assert_eq!(template.title(team("BOS"), &game, &TimeZone::UTC), Some(text));
        }
    }
}
