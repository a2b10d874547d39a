//! What can be typed after `nbatodo remove`.

use std::time::Duration;

use crate::cli::import_args::{destination, project_name};
use crate::cli::sign_in_args::SignInArgs;
use crate::commands::Failure;
use crate::commands::games::Games;
use crate::commands::remove::Request;
use crate::commands::target::Target;
use crate::model::{duration, selection};
use crate::schedule::Asking;
use crate::settings::Settings;

/// `nbatodo remove`
#[derive(Debug, clap::Args)]
pub struct Remove {
    /// A team, several with commas between, or "all": tricode, nickname, city or what people
    /// call it; repeatable
    #[arg(long, value_name = "TEAM")]
    pub team: Vec<String>,
    /// From the project of this name that was made for several teams; of all teams, if none is
    /// named
    #[arg(long, value_name = "NAME", value_parser = project_name)]
    pub one_project: Option<String>,
    /// From there only: "inbox", or "project:" and the name, id or link of a project of yours
    /// [default: wherever the team's games are]
    #[arg(
        long,
        value_name = "PLACE",
        conflicts_with = "one_project",
        value_parser = destination
    )]
    pub destination: Option<Target>,
    /// Ask no questions; needed where there is no terminal
    #[arg(long, short = 'y')]
    pub yes: bool,
    /// Show what would be deleted, and delete nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Leave the league alone: take the last good copy of its schedule, or the bundled one
    #[arg(long)]
    pub offline: bool,
    /// How long to wait in all where Todoist asks for patience, such as 90s or 5m; a number
    /// alone is seconds
    #[arg(long, value_name = "TIME", default_value = "2m")]
    #[arg(value_parser = |text: &str| duration::MAX_WAIT.parse(text))]
    pub max_wait: Duration,

    #[command(flatten)]
    #[allow(missing_docs)]
    pub sign_in: SignInArgs,
}

impl Remove {
    /// What is asked for. Of `settings` only the teams count, for a command line that names none:
    /// where something is deleted is never a default.
    ///
    /// # Errors
    /// [`Failure`] with exit code 2: no team where one is needed, or a name that is no team's.
    pub fn request(&self, settings: &Settings) -> Result<Request, Failure> {
        let target =
            self.one_project.clone().map(Target::OneProject).or_else(|| self.destination.clone());
        let all_in_it = matches!(target, Some(Target::OneProject(_) | Target::Project(_)));
        let silent = self.team.is_empty() && !all_in_it;
        let names = if silent { &settings.teams } else { &self.team };
        let teams = selection::teams(names, None, None)?;
        if teams.is_empty() && !all_in_it {
            return Err(Failure::NoTeam);
        }
        Ok(Request {
            teams,
            target,
            games: Games::of_the_league(self.asking()),
            dry_run: self.dry_run,
            confirmed: self.yes,
            max_wait: self.max_wait,
        })
    }

    fn asking(&self) -> Asking {
        if self.offline { Asking::Offline } else { Asking::Usual }
    }
}
