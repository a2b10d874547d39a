//! What an account lacks of a team's games. Pure: no HTTP, no clock, no files.

use std::collections::{HashMap, HashSet};

use crate::import::{Holdings, wording};
use crate::model::{Game, GameId, Rgb, Tipoff, Tricode};

/// The changes that bring a destination to the schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Where the tasks go.
    pub destination: Destination,
    /// Tasks to create, in the order of their tip-offs.
    pub additions: Vec<Task>,
    /// How many games already have their task.
    pub unchanged: usize,
}

/// The project that the tasks go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// One that is there, whatever it is called by now.
    Existing {
        /// Todoist's id.
        id: String,
        /// Its present name.
        name: String,
    },
    /// One to be created first.
    New {
        /// Its name.
        name: String,
        /// The colour that it should come near to.
        color: Rgb,
    },
}

/// A task to create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// The game that it stands for.
    pub game: GameId,
    /// Its title.
    pub title: String,
    /// What stands below the title.
    pub description: String,
    /// When it is due.
    pub due: Tipoff,
}

/// Why there can be no plan. Found before anything is written.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The account's plan has no room for another project.
    #[error("your Todoist plan allows no further project, and \"{name}\" would be one")]
    NoRoomForProject {
        /// The project that was to be created.
        name: String,
    },
    /// The project would hold more active tasks than the account's plan allows.
    #[error("\"{name}\" would hold {wanted} active tasks, and your Todoist plan allows {most}")]
    NoRoomForTasks {
        /// The project.
        name: String,
        /// Active tasks after the import.
        wanted: usize,
        /// The plan's limit.
        most: usize,
    },
}

impl Plan {
    /// Compares `games`, all of them `team`'s, with what the account has.
    ///
    /// # Errors
    /// [`PlanError`] if the account has no room for it.
    pub fn new(team: Tricode, games: &[Game], holdings: &Holdings) -> Result<Self, PlanError> {
        let wanted = tasks(team, games);
        let destination = destination(team, &wanted, holdings);
        let home = match &destination {
            Destination::Existing { id, .. } => Some(id.as_str()),
            Destination::New { .. } => None,
        };
        let titles: HashMap<&GameId, &str> =
            wanted.iter().map(|task| (&task.game, task.title.as_str())).collect();
        // A task outside the project is this team's too if its title says so: the person
        // moved it. The opponent's import has its own task for the same game.
        let held: HashSet<&GameId> = holdings
            .tasks
            .iter()
            .filter(|task| {
                Some(task.project.as_str()) == home
                    || titles.get(&task.game) == Some(&task.title.as_str())
            })
            .map(|task| &task.game)
            .collect();
        let additions: Vec<Task> =
            wanted.iter().filter(|task| !held.contains(&task.game)).cloned().collect();
        let plan = Self { unchanged: wanted.len() - additions.len(), destination, additions };
        plan.check_room(holdings)?;
        Ok(plan)
    }

    fn check_room(&self, holdings: &Holdings) -> Result<(), PlanError> {
        let (name, present) = match &self.destination {
            Destination::New { name, .. } if self.additions.is_empty() => (name, 0),
            Destination::New { name, .. } if holdings.room.projects == Some(0) => {
                return Err(PlanError::NoRoomForProject { name: name.clone() });
            }
            Destination::New { name, .. } => (name, 0),
            Destination::Existing { id, name } => {
                let project = holdings.projects.iter().find(|project| project.id == *id);
                (name, project.map_or(0, |project| project.tasks))
            }
        };
        let wanted = present + self.additions.len();
        match holdings.room.tasks_per_project {
            Some(most) if wanted > most && !self.additions.is_empty() => {
                Err(PlanError::NoRoomForTasks { name: name.clone(), wanted, most })
            }
            _ => Ok(()),
        }
    }
}

/// The tasks of games whose teams are known, in the order of their tip-offs.
fn tasks(team: Tricode, games: &[Game]) -> Vec<Task> {
    let mut sorted: Vec<&Game> = games.iter().collect();
    sorted.sort_by(|a, b| (a.tipoff.sort_key(), &a.id).cmp(&(b.tipoff.sort_key(), &b.id)));
    sorted
        .into_iter()
        .filter_map(|game| {
            Some(Task {
                title: wording::title(team, game.matchup?),
                game: game.id.clone(),
                description: wording::description(game),
                due: game.tipoff,
            })
        })
        .collect()
}

/// The project of an earlier import is the one that holds most of this team's tasks, whatever
/// it is called by now; if none holds any, the one of the usual name; or else a new one.
fn destination(team: Tricode, wanted: &[Task], holdings: &Holdings) -> Destination {
    let ours: HashSet<(&GameId, &str)> =
        wanted.iter().map(|task| (&task.game, task.title.as_str())).collect();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for task in &holdings.tasks {
        let is_ours = ours.contains(&(&task.game, task.title.as_str()));
        *counts.entry(task.project.as_str()).or_default() += usize::from(is_ours);
    }
    let tasks_in = |project: &str| counts.get(project).copied().unwrap_or_default();
    let name = wording::project_name(team);
    let best = holdings
        .projects
        .iter()
        .map(|project| ((tasks_in(&project.id), project.name == name), project))
        .filter(|((tasks, named), _)| *tasks > 0 || *named)
        // The lowest id breaks a tie, so that every run decides alike.
        .max_by(|(a, one), (b, other)| a.cmp(b).then_with(|| other.id.cmp(&one.id)));
    match best {
        Some((_, project)) => {
            Destination::Existing { id: project.id.clone(), name: project.name.clone() }
        }
        None => Destination::New { name, color: team.team().color },
    }
}

#[cfg(test)]
mod tests;
