//! A task as it should be.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::import::field::{Field, Trace, Traces};
use crate::model::{GameId, Tipoff};

/// What a task for a game should look like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// The game that it stands for.
    pub game: GameId,
    /// Its title.
    pub content: String,
    /// What stands below the title.
    pub description: String,
    /// When it is due.
    pub due: Tipoff,
    /// For how many minutes; `None` leaves that to the person.
    pub minutes: Option<u32>,
    /// Its labels; `None` leaves them to the person.
    pub labels: Option<Vec<String>>,
    /// 1 (none) to 4 (what people call p1); `None` leaves it to the person.
    pub priority: Option<u8>,
}

impl Task {
    /// The traces of the fields that this task has an opinion on.
    pub fn traces(&self) -> Traces {
        let mut traces = Traces::from([
            (Field::Content, text(&self.content)),
            (Field::Description, text(&self.description)),
            (Field::Due, due(self.due)),
        ]);
        traces.extend(self.minutes.map(|minutes| (Field::Duration, duration(Some(minutes)))));
        traces.extend(self.labels.as_deref().map(|names| (Field::Labels, labels(names))));
        traces.extend(self.priority.map(|priority| (Field::Priority, number(priority))));
        traces
    }
}

/// The trace of a title or a description. White space at the ends does not count: Todoist
/// takes it away.
pub fn text(text: &str) -> Trace {
    Trace::of(text.trim())
}

/// The trace of a due date.
pub fn due(due: Tipoff) -> Trace {
    match due {
        Tipoff::At(instant) => due_at(instant),
        Tipoff::Undecided(day) => due_on(day),
    }
}

/// The trace of an instant: the zone in which it is shown does not count.
pub fn due_at(instant: Timestamp) -> Trace {
    Trace::of(&format!("at {}", instant.as_second()))
}

/// The trace of a day.
pub fn due_on(day: Date) -> Trace {
    Trace::of(&format!("on {day}"))
}

/// The trace of a due date of another kind: floating, recurring or none, in Todoist's words.
pub fn due_otherwise(words: &str) -> Trace {
    Trace::of(&format!("otherwise {words}"))
}

/// The trace of a duration in minutes.
pub fn duration(minutes: Option<u32>) -> Trace {
    Trace::of(&minutes.map_or("none".to_owned(), |minutes| minutes.to_string()))
}

/// The trace of labels, whose order does not count.
pub fn labels(names: &[String]) -> Trace {
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    Trace::of(&names.join("\n"))
}

/// The trace of a priority.
pub fn number(number: u8) -> Trace {
    Trace::of(&number.to_string())
}
