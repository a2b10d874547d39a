//! The feed as it is sent: only what we read, borrowed from its bytes.
//!
//! A field may be absent or null, a number may be written as text and the other way round:
//! captures of different years do each of these. A list or an object in a field's place is
//! refused.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};

use crate::schedule::nulls::null_is_default;

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Feed<'a> {
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    pub(super) meta: Meta<'a>,
    #[serde(borrow)]
    pub(super) league_schedule: LeagueSchedule<'a>,
}

#[derive(Default, serde::Deserialize)]
pub(super) struct Meta<'a> {
    #[serde(borrow, default)]
    pub(super) time: Text<'a>,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LeagueSchedule<'a> {
    #[serde(borrow)]
    pub(super) season_year: Text<'a>,
    #[serde(borrow)]
    pub(super) league_id: Text<'a>,
    #[serde(borrow)]
    pub(super) game_dates: Vec<GameDate<'a>>,
}

/// A day; its own date is not read, since each game has it in a safer form.
#[derive(serde::Deserialize)]
pub(super) struct GameDate<'a> {
    #[serde(borrow)]
    pub(super) games: Vec<Row<'a>>,
}

/// A game. `postponedStatus` is left out on purpose: it has said "postponed" of every game.
#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Row<'a> {
    #[serde(borrow)]
    pub(super) game_id: Text<'a>,
    pub(super) game_status: Number,
    #[serde(borrow)]
    pub(super) game_status_text: Text<'a>,
    /// The Eastern day; its `Z` is a lie.
    #[serde(borrow)]
    pub(super) game_date_est: Text<'a>,
    /// Year 1 where the time is to be determined.
    #[serde(borrow)]
    pub(super) game_time_est: Text<'a>,
    /// The only true instant of the feed.
    #[serde(borrow, rename = "gameDateTimeUTC")]
    pub(super) game_date_time_utc: Text<'a>,
    #[serde(borrow)]
    pub(super) game_label: Text<'a>,
    #[serde(borrow)]
    pub(super) game_sub_label: Text<'a>,
    /// `true` of a playoff game that a sweep may make needless.
    #[serde(borrow)]
    pub(super) if_necessary: Text<'a>,
    #[serde(borrow)]
    pub(super) arena_name: Text<'a>,
    #[serde(borrow)]
    pub(super) arena_city: Text<'a>,
    #[serde(borrow, deserialize_with = "null_is_default")]
    pub(super) home_team: Side<'a>,
    #[serde(borrow, deserialize_with = "null_is_default")]
    pub(super) away_team: Side<'a>,
    #[serde(borrow, deserialize_with = "null_is_default")]
    pub(super) broadcasters: Broadcasters<'a>,
}

#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Side<'a> {
    pub(super) team_id: Number,
    #[serde(borrow)]
    pub(super) team_tricode: Text<'a>,
    pub(super) score: Number,
}

/// The national lists, under both names that the first has had.
#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Broadcasters<'a> {
    #[serde(borrow, deserialize_with = "null_is_default")]
    pub(super) national_broadcasters: Vec<Broadcaster<'a>>,
    #[serde(borrow, deserialize_with = "null_is_default")]
    pub(super) national_tv_broadcasters: Vec<Broadcaster<'a>>,
    #[serde(borrow, deserialize_with = "null_is_default")]
    pub(super) national_ott_broadcasters: Vec<Broadcaster<'a>>,
}

#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Broadcaster<'a> {
    #[serde(borrow)]
    pub(super) broadcaster_display: Text<'a>,
    #[serde(borrow)]
    pub(super) broadcaster_media: Text<'a>,
}

/// A text; a number or a truth is taken as it is written, null as the empty text.
#[derive(Default)]
pub(super) struct Text<'a>(Cow<'a, str>);

impl Text<'_> {
    /// Without the spaces around it: older captures pad.
    pub(super) fn as_str(&self) -> &str {
        self.0.trim()
    }
}

/// A whole number, or a text that holds one; `None` for null and the empty text.
#[derive(Clone, Copy, Default)]
pub(super) struct Number(pub(super) Option<i64>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor).map(Self)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(if truth { "true" } else { "false" }))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(number.to_string()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(number.to_string()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(number.to_string()))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(""))
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Text::deserialize(deserializer)?;
        match text.as_str() {
            "" => Ok(Self(None)),
            digits => digits.parse().map(|number| Self(Some(number))).map_err(|_| {
                D::Error::invalid_value(Unexpected::Other("a text"), &"a whole number")
            }),
        }
    }
}
