//! One command to come.

use uuid::Uuid;

use crate::import::field::Field;
use crate::import::journal::{Deed, Entry, Journal};
use crate::import::plan::{Change, Closing, Destination, NewPlace, Part, Plan};
use crate::import::task::{Occasion, SectionName, Task};

/// What one command does.
#[derive(Clone, Debug)]
pub enum Act<'a> {
    /// It creates the destination.
    Place {
        /// The name that it gets.
        name: &'a str,
        /// What it will be.
        place: &'a NewPlace,
    },
    /// It creates a section in it.
    Section(&'a SectionName),
    /// It creates a task.
    Add(&'a Task),
    /// It changes these fields of a task.
    Update {
        /// Todoist's id.
        id: &'a str,
        /// What they become.
        task: &'a Task,
        /// Which.
        fields: Vec<Field>,
    },
    /// It puts a task into its section, or into none.
    Move {
        /// Todoist's id.
        id: &'a str,
    },
    /// It deletes a task.
    Delete {
        /// Todoist's id.
        id: &'a str,
    },
    /// It sets a task's reminder.
    Remind {
        /// The task.
        of: Reminded<'a>,
        /// How many minutes before it is due.
        minutes: u32,
    },
    /// It tells in a comment that a task has moved.
    Comment {
        /// Todoist's id.
        id: &'a str,
        /// What it is now.
        task: &'a Task,
        /// When it was due.
        was: Occasion,
    },
    /// It deletes what has become empty.
    Close(&'a Closing),
}

/// Which task a reminder is for, by what is known of it by then.
#[derive(Clone, Copy, Debug)]
pub enum Reminded<'a> {
    /// A task that is created just before, by its temporary id.
    New(Uuid),
    /// A task that is there, by Todoist's id.
    Task(&'a str),
    /// The same, by the id of the reminder that we set earlier.
    Again(&'a str),
}

impl Act<'_> {
    /// The fields of a task that is there already that it changes.
    pub fn fields(&self) -> &[Field] {
        match self {
            Self::Update { fields, .. } => fields,
            Self::Move { .. } => &[Field::Section],
            _ => &[],
        }
    }

    /// Whether it creates something, which has a temporary id until it is there.
    pub fn creates(&self) -> bool {
        match self {
            Self::Place { .. } | Self::Section(_) | Self::Add(_) | Self::Comment { .. } => true,
            Self::Remind { of, .. } => !matches!(of, Reminded::Again(_)),
            Self::Update { .. } | Self::Move { .. } | Self::Delete { .. } | Self::Close(_) => false,
        }
    }
}

/// One command to come.
#[derive(Clone, Debug)]
pub(super) struct Job<'a> {
    pub(super) part: &'a Part,
    pub(super) act: Act<'a>,
    /// The change that it is a part of, and how many came before that.
    pub(super) change: Option<(usize, &'a Change)>,
    /// Whether it is the first command of its change, and stands for it in reports.
    pub(super) leads: bool,
    pub(super) deed: Deed,
    pub(super) uuid: Uuid,
    pub(super) temp_id: Uuid,
}

impl Job<'_> {
    pub(super) fn entry(&self) -> Entry {
        Entry { deed: self.deed.clone(), uuid: self.uuid, temp_id: self.temp_id }
    }

    /// The section that it puts its task into, by our name.
    pub(super) fn section(&self) -> Option<&str> {
        let (_, change) = self.change?;
        Some(change.section()?.name.as_str())
    }
}

/// The commands of a plan. Those that `journal` holds keep the UUIDs that they had there.
pub(super) fn jobs<'a>(
    plan: &'a Plan,
    journal: Option<&Journal>,
    new_id: &mut dyn FnMut() -> Uuid,
) -> Vec<Job<'a>> {
    let mut list = List { jobs: Vec::new(), announces: plan.announces, journal, new_id };
    let mut at = 0;
    for part in plan.parts.iter().filter(|part| !part.is_empty()) {
        if matches!(part.destination, Destination::Closed { .. }) && part.changes.is_empty() {
            continue;
        }
        list.open(part);
        for change in &part.changes {
            list.change(part, (at, change));
            at += 1;
        }
    }
    for part in &plan.parts {
        for closing in &part.closing {
            let deed = match closing {
                Closing::Project(_) | Closing::InboxSection(_) => {
                    Deed::Close { key: part.key.clone() }
                }
                Closing::Section(id) => Deed::CloseSection { id: id.clone() },
            };
            list.add(part, Act::Close(closing), None, deed);
        }
    }
    list.jobs
}

struct List<'a, 'b> {
    jobs: Vec<Job<'a>>,
    announces: bool,
    journal: Option<&'b Journal>,
    new_id: &'b mut dyn FnMut() -> Uuid,
}

impl<'a> List<'a, '_> {
    /// Adds a command; returns its temporary id.
    fn add(
        &mut self,
        part: &'a Part,
        act: Act<'a>,
        change: Option<(usize, &'a Change)>,
        deed: Deed,
    ) -> Uuid {
        let before = self.journal.and_then(|journal| journal.ids_of(&deed));
        let (uuid, temp_id) = before.unwrap_or_else(|| ((self.new_id)(), (self.new_id)()));
        let begun = self.jobs.last().and_then(|job| job.change);
        let leads = change.is_some_and(|(at, _)| begun.is_none_or(|(before, _)| before != at));
        self.jobs.push(Job { part, act, change, leads, deed, uuid, temp_id });
        temp_id
    }

    /// What has to be there before the tasks.
    fn open(&mut self, part: &'a Part) {
        if let Destination::New { name, place } = &part.destination {
            let deed = Deed::Place { key: part.key.clone() };
            self.add(part, Act::Place { name, place }, None, deed);
        }
        for section in &part.sections {
            let (key, name) = (part.key.clone(), section.name.clone());
            self.add(part, Act::Section(section), None, Deed::Section { key, name });
        }
    }

    fn change(&mut self, part: &'a Part, (at, change): (usize, &'a Change)) {
        let numbered = Some((at, change));
        match change {
            Change::Create(task) => {
                let deed = Deed::created(&part.key, task);
                let temp_id = self.add(part, Act::Add(task), numbered, deed);
                if let Some(minutes) = task.reminder {
                    let act = Act::Remind { of: Reminded::New(temp_id), minutes };
                    self.add(part, act, numbered, Deed::reminded(&part.key, task, minutes));
                }
            }
            Change::Update { id, task, fields, reminder, was } => {
                let travels = |field: &Field| !matches!(field, Field::Section | Field::Reminder);
                let written: Vec<Field> = fields.iter().copied().filter(travels).collect();
                if !written.is_empty() {
                    let deed = Deed::updated(id, task, &written);
                    self.add(part, Act::Update { id, task, fields: written }, numbered, deed);
                }
                if fields.contains(&Field::Section) {
                    let deed = Deed::Move { id: id.clone(), spot: task.section().cloned() };
                    self.add(part, Act::Move { id }, numbered, deed);
                }
                if let Some(minutes) = task.reminder.filter(|_| fields.contains(&Field::Reminder)) {
                    let there = reminder.as_deref().map(Reminded::Again);
                    let act = Act::Remind { of: there.unwrap_or(Reminded::Task(id)), minutes };
                    self.add(part, act, numbered, Deed::reminded(&part.key, task, minutes));
                }
                if self.announces && fields.contains(&Field::Due) && *was != task.due {
                    let deed = Deed::Comment { id: id.clone(), was: *was, due: task.due };
                    self.add(part, Act::Comment { id, task, was: *was }, numbered, deed);
                }
            }
            Change::Delete { id, .. } => {
                self.add(part, Act::Delete { id }, numbered, Deed::Delete { id: id.clone() });
            }
        }
    }
}
