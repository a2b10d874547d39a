//! Taking an import back: what the person left as it was made goes, the rest stays.

use std::collections::BTreeSet;

use crate::import::plan::{Change, Closing, Destination, Kept, Part, Plan};
use crate::import::record::{DestinationRecord, Record, TaskRecord};
use crate::import::seen::{Fate, Seen};
use crate::import::view::View;
use crate::model::Tricode;

impl Plan {
    /// What takes back the destinations `keys`, as far as they are for `teams`; for all if there
    /// are none. `view` tells all that is active, and `completed` are tasks that were ticked off.
    pub fn removal(
        record: &Record,
        keys: &[String],
        teams: &BTreeSet<Tricode>,
        view: &View,
        completed: &[Seen],
    ) -> Self {
        let laden = view.laden_beside(completed, &record.own_comments());
        let part = |key: &String| {
            let known = record.destinations.get(key).filter(|it| it.fate != Fate::TakenBack)?;
            Some(Part::removal((key, known), teams, view, completed, &laden))
        };
        Self { parts: keys.iter().filter_map(part).collect(), announces: false }
    }

    /// Whether it deletes nothing that `other` would not delete.
    pub fn is_within(&self, other: &Self) -> bool {
        let deleted = |plan: &Self| -> BTreeSet<String> {
            let changes = plan.parts.iter().flat_map(|part| &part.changes);
            changes.filter_map(Change::deleted_id).map(str::to_owned).collect()
        };
        let closed = |plan: &Self| -> Vec<Closing> {
            plan.parts.iter().flat_map(|part| part.closing.clone()).collect()
        };
        let known = closed(other);
        deleted(self).is_subset(&deleted(other)) && closed(self).iter().all(|it| known.contains(it))
    }
}

impl Part {
    fn removal(
        (key, known): (&str, &DestinationRecord),
        teams: &BTreeSet<Tricode>,
        view: &View,
        completed: &[Seen],
        laden: &BTreeSet<String>,
    ) -> Self {
        let name = known.name.clone();
        let destination = match known.fate {
            Fate::Active => Destination::Existing {
                project: known.project.clone(),
                section: known.section.clone(),
                name,
            },
            fate => Destination::Closed { name, fate },
        };
        let mut part = Self::unchanged(key, destination);
        // What another team's import wants too is not this one's to delete.
        let is_asked_for = |task: &TaskRecord| teams.is_empty() || task.teams.is_subset(teams);
        let mut tasks: Vec<_> = known.tasks.iter().filter(|(_, task)| is_asked_for(task)).collect();
        tasks.sort_by_key(|(subject, task)| (task.due.sort_key(), *subject));
        for (subject, there) in tasks {
            match (there.fate, there.theirs(laden)) {
                (Fate::Active, None) => part.changes.push(there.deletion(subject)),
                (Fate::Active | Fate::Done, Some(why)) => {
                    // As the person finds it in Todoist.
                    let seen = view.tasks.iter().chain(completed).find(|it| it.id == there.id);
                    let title = seen.map_or(&there.title, |it| &it.title).clone();
                    let subject = *subject;
                    part.kept.push(Kept { subject, title, why });
                }
                _ => {}
            }
        }
        if known.fate == Fate::Active {
            part.closing = part.closing_of(known, view, completed);
        }
        part
    }

    /// What is empty when the tasks are gone, as far as an import made it.
    fn closing_of(
        &self,
        known: &DestinationRecord,
        view: &View,
        completed: &[Seen],
    ) -> Vec<Closing> {
        let gone: BTreeSet<&str> = self.changes.iter().filter_map(|it| it.deleted_id()).collect();
        let all = view.tasks.iter().chain(completed);
        let left: Vec<&Seen> = all
            .filter(|task| task.project == known.project && !gone.contains(task.id.as_str()))
            .collect();
        let is_empty = |section: &str| left.iter().all(|it| it.section.as_deref() != Some(section));
        if let Some(own) = &known.section {
            let is_ours = known.made && is_empty(own) && !known.has_done();
            return is_ours.then(|| Closing::InboxSection(own.clone())).into_iter().collect();
        }
        let is_bare = left.is_empty() && !known.has_done() && !known.has_archived();
        if known.made && is_bare && known.is_all_of(view) {
            return vec![Closing::Project(known.project.clone())];
        }
        let made = known.sections.values().filter(|it| it.made && it.fate == Fate::Active);
        made.filter(|it| is_empty(&it.id)).map(|it| Closing::Section(it.id.clone())).collect()
    }
}

impl DestinationRecord {
    /// Whether it keeps what was ticked off, be it longer ago than anybody looks.
    fn has_done(&self) -> bool {
        self.tasks.values().any(|task| task.fate == Fate::Done && !task.elsewhere)
    }

    /// Whether it has an archived section: no view of what is active tells that, nor its tasks.
    fn has_archived(&self) -> bool {
        self.sections.values().any(|section| section.fate == Fate::Done)
    }

    /// Whether its project is the person's alone and has no sections and no projects within it
    /// but ours.
    fn is_all_of(&self, view: &View) -> bool {
        let ours = |id: &str| self.sections.values().any(|it| it.made && it.id == id);
        let foreign = view.sections.iter().any(|section| {
            section.project == self.project && section.fate == Fate::Active && !ours(&section.id)
        });
        let here = view.projects.iter().find(|project| project.id == self.project);
        let is_shared = here.is_none_or(|project| project.is_shared);
        let within = view.projects.iter().any(|it| it.parent.as_ref() == Some(&self.project));
        !foreign && !is_shared && !within
    }
}
