//! Makes a plan true in Todoist.

use uuid::Uuid;

use crate::import::{Destination, Plan, Task};
use crate::model::{GameId, Tipoff};
use crate::todoist::command::LARGEST_BATCH;
use crate::todoist::{
    Action, Client, Color, Command, Due, ItemAdd, ProjectAdd, Refusal, SyncAnswer, SyncRequest,
    TodoistError,
};

/// What an import came to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The project's id; `None` if there was nothing to create and no project.
    pub project: Option<String>,
    /// Tasks that were created.
    pub created: usize,
    /// Tasks that were not, each with the reason.
    pub refused: Vec<Refused>,
    /// Why the rest was not tried any more.
    pub broken_off: Option<TodoistError>,
}

/// A task that was not created.
#[derive(Debug)]
pub struct Refused {
    /// The game that it stands for.
    pub game: GameId,
    /// Its title.
    pub title: String,
    /// Todoist's words.
    pub reason: String,
}

/// Why nothing of a plan was done.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The project was refused, and with it all that belongs into it.
    #[error("Todoist did not create the project: {0}")]
    Project(Refusal),
    /// The first request failed as a whole.
    #[error(transparent)]
    Todoist(#[from] TodoistError),
}

/// Sends the commands of `plan` in batches, the project travelling with its first games.
/// `zone` is the IANA zone in which the person reads times; `new_id` gives fresh random ids;
/// `progress` hears how many tasks have been dealt with.
///
/// # Errors
/// [`ApplyError`] if nothing was created; what failed later is in the [`Outcome`].
pub async fn apply(
    plan: &Plan,
    zone: &str,
    client: &Client<'_>,
    new_id: impl FnMut() -> Uuid,
    mut progress: impl FnMut(usize),
) -> Result<Outcome, ApplyError> {
    let mut batches = Batches::new(plan, zone, new_id);
    let mut outcome = Outcome { project: batches.project_id(), ..Outcome::default() };
    while let Some(batch) = batches.next() {
        let answer = match client.sync(&SyncRequest::Write(&batch.commands)).await {
            Ok(answer) => answer,
            Err(error) if outcome.created == 0 && outcome.refused.is_empty() => {
                return Err(error.into());
            }
            Err(error) => {
                let left = batch.tasks.iter().copied().chain(batches.left());
                outcome.refused.extend(left.map(|task| refused(task, "it was not tried any more")));
                outcome.broken_off = Some(error);
                return Ok(outcome);
            }
        };
        if let Some(project) = batch.project {
            answer.status_of(project.uuid).map_err(ApplyError::Project)?;
            let id =
                answer.id_of(project.temp_id).ok_or_else(no_id).map_err(ApplyError::Project)?;
            outcome.project = Some(id.to_owned());
            batches.project_is(id);
        }
        record(&batch, &answer, &mut outcome);
        progress(outcome.created + outcome.refused.len());
    }
    Ok(outcome)
}

fn no_id() -> Refusal {
    Refusal("its answer names no id for it".to_owned())
}

fn record(batch: &Batch<'_>, answer: &SyncAnswer, outcome: &mut Outcome) {
    let items = batch.commands.iter().filter(|c| matches!(c.action, Action::ItemAdd(_)));
    for (task, command) in batch.tasks.iter().zip(items) {
        match answer.status_of(command.uuid) {
            Ok(()) => outcome.created += 1,
            Err(refusal) => outcome.refused.push(refused(task, &refusal.to_string())),
        }
    }
}

fn refused(task: &Task, reason: &str) -> Refused {
    Refused { game: task.game.clone(), title: task.title.clone(), reason: reason.to_owned() }
}

/// The commands of one request.
struct Batch<'a> {
    commands: Vec<Command>,
    /// The tasks that its item commands stand for, in the same order.
    tasks: Vec<&'a Task>,
    project: Option<Ids>,
}

#[derive(Clone, Copy)]
struct Ids {
    uuid: Uuid,
    temp_id: Uuid,
}

/// A plan cut into requests. Until the project has an id, its temporary one stands for it.
struct Batches<'a, F> {
    tasks: std::slice::Iter<'a, Task>,
    new_project: Option<ProjectAdd>,
    project_id: String,
    zone: &'a str,
    new_id: F,
}

impl<'a, F: FnMut() -> Uuid> Batches<'a, F> {
    fn new(plan: &'a Plan, zone: &'a str, new_id: F) -> Self {
        let (project_id, new_project) = match &plan.destination {
            Destination::Existing { id, .. } => (id.clone(), None),
            Destination::New { name, color } => {
                let color = Color::nearest(*color);
                (String::new(), Some(ProjectAdd { name: name.clone(), color }))
            }
        };
        Self { tasks: plan.additions.iter(), new_project, project_id, zone, new_id }
    }

    fn project_id(&self) -> Option<String> {
        self.new_project.is_none().then(|| self.project_id.clone())
    }

    fn project_is(&mut self, id: &str) {
        id.clone_into(&mut self.project_id);
    }

    fn left(&self) -> impl Iterator<Item = &'a Task> {
        self.tasks.clone()
    }

    fn next(&mut self) -> Option<Batch<'a>> {
        if self.tasks.len() == 0 {
            return None;
        }
        let mut commands = Vec::with_capacity(LARGEST_BATCH);
        let project = self.new_project.take().map(|add| {
            let command = self.command(Action::ProjectAdd(add));
            let ids = Ids { uuid: command.uuid, temp_id: command.temp_id };
            self.project_id = ids.temp_id.to_string();
            commands.push(command);
            ids
        });
        let tasks: Vec<&Task> = self.tasks.by_ref().take(LARGEST_BATCH - commands.len()).collect();
        for task in &tasks {
            let add = ItemAdd {
                content: task.title.clone(),
                description: task.description.clone(),
                project_id: self.project_id.clone(),
                due: due(task.due, self.zone),
            };
            commands.push(self.command(Action::ItemAdd(add)));
        }
        Some(Batch { commands, tasks, project })
    }

    fn command(&mut self, action: Action) -> Command {
        Command { uuid: (self.new_id)(), temp_id: (self.new_id)(), action }
    }
}

fn due(tipoff: Tipoff, zone: &str) -> Due {
    match tipoff {
        Tipoff::At(at) => Due::Instant { at, zone: zone.to_owned() },
        Tipoff::Undecided(day) => Due::Day(day),
    }
}
