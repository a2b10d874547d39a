//! When a task is due.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

use super::reply::Refusal;

/// A due date, in one of the documented forms.
#[derive(Clone, Debug, PartialEq)]
pub struct Due {
    /// The day or the moment.
    pub when: When,
    /// The rule of a recurring one, such as `every October 10`.
    pub recurs: Option<String>,
}

/// The day or the moment of a [`Due`].
#[derive(Clone, Debug, PartialEq)]
pub enum When {
    /// All day: `{"date": "2026-11-27"}`.
    Day(Date),
    /// In the zone of whoever reads it: `{"date": "2026-11-27T19:30:00"}`.
    Floating(DateTime),
    /// A fixed instant with the zone it is meant in: `{"date": "…Z", "timezone": "…"}`.
    Fixed(Timestamp, TimeZone),
}

impl Due {
    /// Reads a due object as a command brings it. `today` and `zone` are the account's.
    ///
    /// # Errors
    /// A [`Refusal`] that names the argument `due`.
    pub(crate) fn parse(due: &Value, today: Date, zone: &TimeZone) -> Result<Self, Refusal> {
        let fields = due.as_object().ok_or_else(|| wrong("it must be an object"))?;
        let text = |name: &str| match fields.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str())),
            Some(_) => Err(wrong(&format!("{name} must be a string"))),
        };
        match (text("date")?, text("string")?) {
            (Some(date), _) => {
                let when = When::parse(date, text("timezone")?, zone)?;
                Ok(Self { when, recurs: None })
            }
            (None, Some(words)) => Self::from_words(words, today),
            (None, None) => Err(wrong("it needs a date or a string")),
        }
    }

    /// The few phrases that the sandbox understands; Todoist understands many more.
    fn from_words(words: &str, today: Date) -> Result<Self, Refusal> {
        let words = words.trim().to_lowercase();
        let on = |day: Date| Self { when: When::Day(day), recurs: None };
        match words.as_str() {
            "today" => return Ok(on(today)),
            "tomorrow" => return Ok(on(today.tomorrow().unwrap_or(today))),
            _ => {}
        }
        let next = words.strip_prefix("every ").and_then(|rule| next_occurrence(rule, today));
        let day = next.ok_or_else(|| wrong("the string is not understood"))?;
        Ok(Self { when: When::Day(day), recurs: Some(words) })
    }

    /// The next occurrence of a recurring due after this one; `None` if it does not recur.
    pub(crate) fn following(&self) -> Option<Self> {
        let rule = self.recurs.as_ref()?.strip_prefix("every ")?;
        let When::Day(day) = self.when else { return None };
        let next = next_occurrence(rule, day.tomorrow().ok()?)?;
        Some(Self { when: When::Day(next), recurs: self.recurs.clone() })
    }

    /// `{date, timezone, string, lang, is_recurring}`. A fixed instant comes back without
    /// the fraction that it may have been sent with: clients have to compare instants.
    pub(crate) fn to_json(&self) -> Value {
        let (date, zone, string) = match &self.when {
            When::Day(day) => (day.to_string(), None, day.to_string()),
            When::Floating(at) => (at.to_string(), None, at.strftime("%Y-%m-%d %H:%M").to_string()),
            When::Fixed(at, zone) => {
                let local = at.to_zoned_datetime(zone.clone());
                let string = local.strftime("%Y-%m-%d %H:%M").to_string();
                (format!("{at:.0}"), zone.iana_name(), string)
            }
        };
        json!({
            "date": date, "timezone": zone, "string": self.recurs.as_ref().unwrap_or(&string),
            "lang": "en", "is_recurring": self.recurs.is_some(),
        })
    }
}

impl When {
    fn parse(date: &str, timezone: Option<&str>, account: &TimeZone) -> Result<Self, Refusal> {
        let malformed = || wrong("the date must be YYYY-MM-DD, YYYY-MM-DDTHH:MM:SS, or UTC with Z");
        let zone = match timezone {
            Some(name) => Some(TimeZone::get(name).map_err(|_| wrong("unknown timezone"))?),
            None => None,
        };
        // The length decides, because the parsers skip what they do not need.
        if date.len() == "YYYY-MM-DD".len() {
            return date.parse().map(Self::Day).map_err(|_| malformed());
        }
        if date.as_bytes().get(10) != Some(&b'T') {
            return Err(malformed());
        }
        if date.ends_with('Z') {
            let at = date.parse::<Timestamp>().map_err(|_| malformed())?;
            return Ok(Self::Fixed(at, zone.unwrap_or_else(|| account.clone())));
        }
        let plain = |letter: char| letter.is_ascii_digit() || matches!(letter, ':' | '.');
        if zone.is_some() || !date[11..].chars().all(plain) {
            return Err(wrong("a date with a timezone must be in UTC and end with Z"));
        }
        date.parse().map(Self::Floating).map_err(|_| malformed())
    }
}

/// The first day from `from` on that a rule such as `october 10` or `day` falls on.
fn next_occurrence(rule: &str, from: Date) -> Option<Date> {
    match rule {
        "day" => return Some(from),
        "week" => return from.checked_add(1.week()).ok(),
        _ => {}
    }
    let (month, day) = rule.split_once(' ')?;
    let months =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let month = months.iter().position(|name| month.get(..3) == Some(*name))?;
    let (month, day) = (i8::try_from(month + 1).ok()?, day.parse().ok()?);
    let in_year = |year: i16| Date::new(year, month, day).ok().filter(|date| *date >= from);
    in_year(from.year()).or_else(|| in_year(from.year() + 1))
}

fn wrong(explanation: &str) -> Refusal {
    Refusal::invalid("due", explanation)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(due: Value) -> Result<Due, Refusal> {
        let zone = TimeZone::get("America/New_York").unwrap();
        Due::parse(&due, "2026-11-24".parse().unwrap(), &zone)
    }

    #[test]
    fn the_documented_forms_are_read() {
        let day = parse(json!({"date": "2026-11-27"})).unwrap().to_json();
        assert_eq!((&day["date"], &day["timezone"]), (&json!("2026-11-27"), &Value::Null));
        let floating = parse(json!({"date": "2026-11-27T19:30:00"})).unwrap().to_json();
        assert_eq!(floating["date"], "2026-11-27T19:30:00");
        let sent = json!({"date": "2026-11-28T00:30:00.000000Z", "timezone": "America/Chicago"});
        let fixed = parse(sent).unwrap().to_json();
        assert_eq!(fixed["date"], "2026-11-28T00:30:00Z");
        assert_eq!(fixed["timezone"], "America/Chicago");
        assert_eq!(fixed["string"], "2026-11-27 18:30");
    }

    #[test]
    fn a_yearly_one_recurs() {
        let due = parse(json!({"string": "every October 10", "lang": "en"})).unwrap();
        assert_eq!(due.to_json()["date"], "2027-10-10");
        assert_eq!(due.to_json()["is_recurring"], true);
        assert_eq!(due.following().unwrap().to_json()["date"], "2028-10-10");
    }

    #[test]
    fn everything_else_is_refused() {
        for due in [
            json!("2026-11-27"),
            json!({}),
            json!({"date": "2026-13-01"}),
            json!({"date": "tomorrow"}),
            json!({"date": "2026-11-27 19:30:00"}),
            json!({"date": "2026-11-27T19:30:00-05:00"}),
            json!({"date": "2026-11-27T19:30:00", "timezone": "America/New_York"}),
            json!({"date": "2026-11-28T00:30:00Z", "timezone": "Boston"}),
            json!({"string": "when the moon is full"}),
            json!({"date": 20261127}),
        ] {
            assert!(parse(due.clone()).is_err(), "{due}");
        }
    }
}
