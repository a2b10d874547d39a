//! What is remembered of one task.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::import::field::{Field, Trace, Traces};
use crate::import::record::SectionRecord;
use crate::import::seen::{Fate, Seen, SeenReminder};
use crate::import::task::{self, Occasion, SectionName, Task};
use crate::model::Tricode;

/// A task as we left it, and as it was seen last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskRecord {
    /// Todoist's id.
    pub id: String,
    /// What the person did with it.
    pub fate: Fate,
    /// The title that we gave it.
    pub title: String,
    /// The due date that we gave it.
    pub due: Occasion,
    /// The teams for whose imports it is there.
    pub teams: BTreeSet<Tricode>,
    /// Whether the person moved it to another project.
    #[serde(default)]
    pub elsewhere: bool,
    /// Its reminders: when they come, by Todoist's ids.
    #[serde(default)]
    pub reminders: BTreeMap<String, String>,
    /// How many comments we wrote to it.
    #[serde(default)]
    pub comments: u32,
    /// Of each field, what we asked for and what became of it.
    pub fields: BTreeMap<Field, Written>,
}

/// One field as we left it, and as it was seen last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// What we asked for: another wish than this means that the schedule or an option changed.
    pub sent: Trace,
    /// What Todoist made of it: another value than this means that the person changed it.
    pub stored: Trace,
    /// What stands there now.
    pub now: Trace,
}

impl Written {
    fn ours(sent: Trace, stored: Trace) -> Self {
        Self { sent, stored, now: stored }
    }

    /// Whether the person's own value stands there now.
    pub fn is_theirs(&self) -> bool {
        self.now != self.stored
    }
}

/// What it takes for a task to read as wanted.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The traces of the fields that there is a wish for; that of the section is one of its
    /// name.
    pub traces: Traces,
    /// The trace of standing in that very section, if it is there.
    pub section: Option<Trace>,
}

impl Wish {
    /// Whether a field reads as wanted.
    pub fn is_met(&self, field: Field, now: Trace) -> bool {
        let section = if field == Field::Section { self.section } else { None };
        self.traces.get(&field) == Some(&now) || section == Some(now)
    }

    /// How a field will read when it is as wanted.
    fn shown(&self, field: Field) -> Option<Trace> {
        let section = if field == Field::Section { self.section } else { None };
        section.or(self.traces.get(&field).copied())
    }
}

impl TaskRecord {
    /// The record of a task that was created as `task` and now reads as `seen`.
    pub fn created(id: String, task: &Task, wish: &Wish, seen: Option<&Seen>) -> Self {
        let mut record = Self {
            id,
            fate: Fate::Active,
            title: task.content.clone(),
            due: task.due,
            teams: task.teams.clone(),
            elsewhere: false,
            reminders: seen.map(reminders_of).unwrap_or_default(),
            comments: 0,
            fields: BTreeMap::new(),
        };
        record.wrote(task, wish, &Field::ALL, seen);
        // Reminders travel on their own, and are taken down when they have arrived.
        let now = record.reminders_now();
        record.fields.insert(Field::Reminder, Written::ours(now, now));
        record
    }

    /// The record of a task that was found by its link. A field is ours if it reads as a killed
    /// run has `sent` it; without a memory, if it reads as the schedule has it, or as an earlier
    /// one (`former`) had it; anything else is the person's.
    pub fn adopted(
        seen: &Seen,
        task: &Task,
        (wish, former): (&Wish, Option<&Wish>),
        sent: Option<&Traces>,
    ) -> Self {
        let reminders = reminders_of(seen);
        let reminded = task::reminders(reminders.values().map(String::as_str));
        let mut traces = seen.traces.clone();
        // A killed run may not have got as far as the reminder, so there is none to respect.
        if sent.is_none() || !reminders.is_empty() {
            traces.insert(Field::Reminder, reminded);
        }
        let written = |(field, now): (Field, Trace)| {
            let met = [Some(wish), former].into_iter().flatten().find(|it| it.is_met(field, now));
            // Another value than ours is the person's, and differs from the wish until one of
            // the two changes.
            let sent = sent.and_then(|sent| sent.get(&field)).copied();
            let written = match (met.and_then(|met| met.traces.get(&field)), sent) {
                (Some(ours), _) => Written::ours(*ours, now),
                (None, Some(sent)) => Written { sent, stored: sent, now },
                (None, None) => match (wish.shown(field), task::unasked(field)) {
                    (Some(wish), _) => Written { sent: now, stored: wish, now },
                    // Nobody asks for it, so whoever put it there was a person.
                    (None, Some(bare)) => Written { sent: bare, stored: bare, now },
                    (None, None) => Written::ours(now, now),
                },
            };
            (field, written)
        };
        Self {
            id: seen.id.clone(),
            fate: seen.fate,
            title: seen.title.clone(),
            // For reports only; what the person reads there cannot be told from a trace.
            due: task.due,
            teams: task.teams.clone(),
            elsewhere: false,
            reminders,
            comments: 0,
            fields: traces.into_iter().map(written).collect(),
        }
    }

    /// Whether the person has left it as we made it.
    pub fn is_untouched(&self) -> bool {
        let ours = self.fields.values().all(|written| !written.is_theirs());
        self.fate == Fate::Active && !self.elsewhere && ours
    }

    /// Todoist's id of the reminder that we have set, if it is still there.
    pub fn own_reminder(&self) -> Option<&str> {
        let sent = self.fields.get(&Field::Reminder)?.sent;
        let ours = |when: &str| task::reminders([when]) == sent;
        let (id, _) = self.reminders.iter().find(|(_, when)| ours(when))?;
        Some(id)
    }

    /// Takes in that `fields` were written as `task` has them, and that the task now reads as
    /// `seen`. What Todoist shows counts as stored, since it may tidy up what it is sent.
    pub fn wrote(&mut self, task: &Task, wish: &Wish, fields: &[Field], seen: Option<&Seen>) {
        for field in fields.iter().filter(|field| **field != Field::Reminder) {
            let shown = seen.and_then(|seen| seen.traces.get(field)).copied();
            let Some(sent) = wish.traces.get(field).copied().or(shown) else { continue };
            let stored = shown.or(wish.shown(*field)).unwrap_or(sent);
            self.fields.insert(*field, Written::ours(sent, stored));
            match field {
                Field::Content => self.title.clone_from(&task.content),
                Field::Due => self.due = task.due,
                _ => {}
            }
        }
    }

    /// Takes in that a reminder was set, so many minutes before; without an `id`, it is the one
    /// that was there.
    pub fn reminded(&mut self, minutes: u32, id: Option<&str>) {
        let id = id.or(self.own_reminder()).map(str::to_owned);
        let when = task::before(minutes);
        let sent = task::reminders([when.as_str()]);
        if let Some(id) = id {
            self.reminders.insert(id, when);
        }
        self.fields.insert(Field::Reminder, Written::ours(sent, self.reminders_now()));
    }

    pub(super) fn rebase(&mut self, wish: &Wish) {
        for (field, sent) in &wish.traces {
            if let Some(written) = self.fields.get_mut(field)
                && wish.is_met(*field, written.now)
            {
                *written = Written::ours(*sent, written.now);
            }
        }
    }

    pub(super) fn recognise(&mut self, wish: &Traces, landed: &Seen) {
        for (field, wish) in wish {
            if landed.traces.get(field) == Some(wish) {
                self.fields.insert(*field, Written::ours(*wish, *wish));
            }
        }
    }

    pub(super) fn recognise_move(
        &mut self,
        spot: Option<&SectionName>,
        sections: &BTreeMap<String, SectionRecord>,
        landed: &Seen,
    ) {
        let id = match spot {
            None => None,
            Some(section) => match sections.get(&section.name) {
                None => return,
                Some(section) => Some(section.id.as_str()),
            },
        };
        if landed.section.as_deref() == id {
            let sent = spot.map_or(task::section(None), task::section_named);
            self.fields.insert(Field::Section, Written::ours(sent, task::section(id)));
        }
    }

    pub(super) fn recognise_reminder(&mut self, minutes: u32, seen: &[SeenReminder]) {
        let when = task::before(minutes);
        let ours = |it: &&SeenReminder| it.task == self.id && it.when.as_ref() == Some(&when);
        if let Some(landed) = seen.iter().find(ours) {
            let id = landed.id.clone();
            self.reminded(minutes, Some(&id));
        }
    }

    pub(super) fn observe(&mut self, seen: &Seen, home: &str, complete: bool) {
        self.fate = seen.fate;
        self.elsewhere = seen.project != home;
        for (field, written) in &mut self.fields {
            if let Some(now) = seen.traces.get(field) {
                written.now = *now;
            }
        }
        if complete {
            self.reminders = reminders_of(seen);
            self.see_reminders();
        }
    }

    pub(super) fn observe_reminder(&mut self, seen: &SeenReminder) {
        match &seen.when {
            Some(when) => self.reminders.insert(seen.id.clone(), when.clone()),
            None => self.reminders.remove(&seen.id),
        };
        self.see_reminders();
    }

    fn see_reminders(&mut self) {
        let now = self.reminders_now();
        if let Some(written) = self.fields.get_mut(&Field::Reminder) {
            written.now = now;
        }
    }

    fn reminders_now(&self) -> Trace {
        task::reminders(self.reminders.values().map(String::as_str))
    }
}

fn reminders_of(seen: &Seen) -> BTreeMap<String, String> {
    let listed = seen.reminders.iter();
    listed.filter_map(|it| Some((it.id.clone(), it.when.clone()?))).collect()
}
