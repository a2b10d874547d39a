//! The parts of a task, each compared on its own: who changed it last decides who may change
//! it next.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A part of a task that the schedule or an option can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The title.
    Content,
    /// When it is due.
    Due,
    /// For how long.
    Duration,
    /// What stands below the title.
    Description,
    /// Its labels, in no order.
    Labels,
    /// How urgent it is, as Todoist counts: 4 is what people call p1.
    Priority,
    /// The section that it stands in.
    Section,
    /// When Todoist reminds of it; sent and listed apart from the task.
    Reminder,
}

impl Field {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Content,
        Self::Due,
        Self::Duration,
        Self::Description,
        Self::Labels,
        Self::Priority,
        Self::Section,
        Self::Reminder,
    ];

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Content => "title",
            Self::Due => "due date",
            Self::Duration => "duration",
            Self::Description => "description",
            Self::Labels => "labels",
            Self::Priority => "priority",
            Self::Section => "section",
            Self::Reminder => "reminder",
        }
    }

    /// What programs call it: the name of the field in their documents.
    pub fn key(self) -> &'static str {
        match self {
            Self::Due => "due",
            other => other.name(),
        }
    }
}

/// The trace of a value: enough to see that it changed, not enough to read it. A record of
/// these tells nobody what stands in a person's Todoist.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Trace([u8; 8]);

impl Trace {
    /// The trace of a value in its canonical text.
    pub fn of(canonical: &str) -> Self {
        let digest = Sha256::digest(canonical);
        let mut trace = [0; 8];
        trace.copy_from_slice(&digest[..8]);
        Self(trace)
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Not sixteen hexadecimal digits.
#[derive(Debug, thiserror::Error)]
#[error("not a trace")]
pub struct NotATrace;

impl FromStr for Trace {
    type Err = NotATrace;

    fn from_str(text: &str) -> Result<Self, NotATrace> {
        let number = u64::from_str_radix(text, 16).map_err(|_| NotATrace)?;
        if text.len() == 16 { Ok(Self(number.to_be_bytes())) } else { Err(NotATrace) }
    }
}

impl Serialize for Trace {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Trace {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The traces of all fields of a task.
pub type Traces = BTreeMap<Field, Trace>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_reads_as_it_prints() {
        let trace = Trace::of("Celtics vs Knicks");
        assert_eq!(trace.to_string().parse::<Trace>().unwrap(), trace);
        assert_ne!(trace, Trace::of("Celtics vs Knicks "));
        assert!("12".parse::<Trace>().is_err());
    }
}
