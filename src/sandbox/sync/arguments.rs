//! The arguments of a command.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use crate::sandbox::reply::Refusal;

/// The arguments that may name a thing by its `temp_id`.
const ID_ARGUMENTS: [&str; 5] = ["id", "project_id", "section_id", "parent_id", "item_id"];
/// The most labels of a task, and the longest one in characters; assumptions.
const MAX_LABELS: usize = 500;
const LONGEST_LABEL: usize = 128;

/// A command's arguments, with real ids. Unknown arguments are ignored, as Todoist does.
#[derive(Debug)]
pub(crate) struct Arguments(Map<String, Value>);

impl Arguments {
    /// Puts real ids in the place of the `temp_ids` of earlier commands.
    pub(crate) fn resolve(
        mut args: Map<String, Value>,
        temp_ids: &HashMap<String, String>,
    ) -> Self {
        for name in ID_ARGUMENTS {
            if let Some(Value::String(given)) = args.get_mut(name)
                && let Some(real) = temp_ids.get(given)
            {
                given.clone_from(real);
            }
        }
        Self(args)
    }

    /// An argument that is there and not null.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// Whether the argument is there as `null`, which empties a field.
    pub(crate) fn empties(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(Value::is_null)
    }

    /// A text of at most `longest` characters.
    pub(crate) fn text(&self, name: &str, longest: usize) -> Result<Option<String>, Refusal> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if text.chars().count() <= longest => Ok(Some(text.clone())),
            Some(Value::String(_)) => {
                Err(Refusal::invalid(name, "too long").with("max_length", longest))
            }
            Some(_) => Err(Refusal::invalid(name, "it must be a string")),
        }
    }

    /// A text with something to see in it, if it is there, without the white space around it:
    /// Todoist does not keep that, so clients must not expect it back.
    pub(crate) fn title(&self, name: &str, longest: usize) -> Result<Option<String>, Refusal> {
        match self.text(name, longest)? {
            Some(text) if text.trim().is_empty() => Err(Refusal::invalid(name, "it is blank")),
            text => Ok(text.map(|text| text.trim().to_owned())),
        }
    }

    pub(crate) fn required_title(&self, name: &str, longest: usize) -> Result<String, Refusal> {
        self.title(name, longest)?.ok_or_else(|| Refusal::missing(name))
    }

    pub(crate) fn id(&self, name: &str) -> Result<Option<String>, Refusal> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(id)) => Ok(Some(id.clone())),
            Some(_) => Err(Refusal::invalid(name, "ids are strings")),
        }
    }

    pub(crate) fn required_id(&self, name: &str) -> Result<String, Refusal> {
        self.id(name)?.ok_or_else(|| Refusal::missing(name))
    }

    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, Refusal> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(Refusal::invalid(name, "it must be true or false")),
        }
    }

    pub(crate) fn number(
        &self,
        name: &str,
        allowed: RangeInclusive<i64>,
    ) -> Result<Option<i64>, Refusal> {
        let Some(value) = self.get(name) else { return Ok(None) };
        match value.as_i64() {
            Some(number) if allowed.contains(&number) => Ok(Some(number)),
            _ => {
                let (from, to) = (allowed.start(), allowed.end());
                Err(Refusal::invalid(name, format!("it must be a number from {from} to {to}")))
            }
        }
    }

    /// A text that is one of a few.
    pub(crate) fn one_of(&self, name: &str, choices: &[&str]) -> Result<Option<String>, Refusal> {
        match self.text(name, usize::MAX)? {
            Some(text) if !choices.contains(&text.as_str()) => {
                Err(Refusal::invalid(name, format!("it must be one of {}", choices.join(", "))))
            }
            text => Ok(text),
        }
    }

    /// The names of labels.
    pub(crate) fn labels(&self) -> Result<Option<Vec<String>>, Refusal> {
        let wrong = |why| Refusal::invalid("labels", why);
        let Some(value) = self.get("labels") else { return Ok(None) };
        let names = value.as_array().ok_or_else(|| wrong("it must be an array of strings"))?;
        let fits = |name: &&str| !name.is_empty() && name.chars().count() <= LONGEST_LABEL;
        let labels = names.iter().map(|name| name.as_str().filter(fits).map(str::to_owned));
        let labels: Option<Vec<String>> = labels.collect();
        match labels {
            Some(labels) if labels.len() <= MAX_LABELS => Ok(Some(labels)),
            Some(_) => Err(wrong("too many")),
            None => Err(wrong("it must be an array of short strings")),
        }
    }

    /// `{"amount", "unit"}`; a day has 1,440 minutes.
    pub(crate) fn duration(&self) -> Result<Option<Value>, Refusal> {
        let Some(value) = self.get("duration") else { return Ok(None) };
        let longest = match value["unit"].as_str() {
            Some("minute") => 1_440,
            Some("day") => 365,
            _ => return Err(Refusal::invalid("duration", "unit must be minute or day")),
        };
        match value["amount"].as_i64() {
            Some(amount) if (1..=longest).contains(&amount) => {
                Ok(Some(serde_json::json!({"amount": amount, "unit": value["unit"]})))
            }
            _ => Err(Refusal::invalid("duration", format!("amount must be 1 to {longest}"))),
        }
    }
}
