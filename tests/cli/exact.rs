//! What "exactly the planned tasks" means, for tests that break imports.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use nbatodo::sandbox::{Item, When};

use crate::feed::{FeedGame, celtics_games, text};
use crate::world::{RED, Ran, World};

/// Enough games for two batches, the project's command included.
pub(crate) const TWO_BATCHES: usize = 120;

impl World {
    /// A world in which somebody is signed in and `games` are the schedule.
    pub(crate) fn with_games(games: &[FeedGame]) -> Self {
        let world = Self::new();
        world.serve_feed(text(games));
        world.sign_in("default", RED);
        world
    }

    /// Imports the Celtics.
    pub(crate) fn import(&self) -> Ran {
        self.run(["import", "--team", "BOS"])
    }

    /// Imports the Celtics, waiting for nothing.
    pub(crate) fn import_without_patience(&self) -> Ran {
        self.run(["import", "--team", "BOS", "--max-wait", "0"])
    }

    fn imports_file(&self, extension: &str) -> PathBuf {
        let state = self.home().join(".local/state/nbatodo/imports");
        let files = std::fs::read_dir(&state).map(|files| files.flatten().collect());
        let files: Vec<_> = files.unwrap_or_default();
        let of_kind = |path: &PathBuf| path.extension().is_some_and(|it| it == extension);
        let found = files.iter().map(std::fs::DirEntry::path).find(of_kind);
        found.unwrap_or_else(|| state.join(format!("none.{extension}")))
    }

    /// What imports remember.
    pub(crate) fn record_file(&self) -> PathBuf {
        self.imports_file("record")
    }

    /// What an import has under way.
    pub(crate) fn journal_file(&self) -> PathBuf {
        self.imports_file("journal")
    }

    /// Checks that the account has one project, in it each of `games` once, at its instant, and
    /// that nothing else was ever made.
    #[track_caller]
    pub(crate) fn holds_exactly(&self, games: &[FeedGame], case: &str) {
        assert_eq!(self.projects(RED).len(), 1, "{case}: projects");
        let made = self.sandbox.snapshot(RED).unwrap().items.len();
        assert_eq!(made, games.len(), "{case}: tasks ever made");
        self.holds_exactly_in("Celtics schedule", games, case);
    }

    /// Checks that there is one project of that name, in it each of `games` once, at its
    /// instant, and that it never held anything else.
    #[track_caller]
    pub(crate) fn holds_exactly_in(&self, name: &str, games: &[FeedGame], case: &str) {
        let of_name = self.projects(RED).into_iter().filter(|project| project.name == name);
        let ids: Vec<String> = of_name.map(|project| project.id).collect();
        assert_eq!(ids.len(), 1, "{case}: projects of that name");
        let wanted: BTreeMap<String, Timestamp> = games
            .iter()
            .map(|game| (format!("https://www.nba.com/game/{}", game.id), game.tipoff))
            .collect();
        let all = self.sandbox.snapshot(RED).unwrap().items;
        let mut found = BTreeMap::new();
        for task in all.iter().filter(|task| task.project_id == ids[0]) {
            assert!(!task.checked && !task.is_deleted, "{case}: {task:?}");
            let link = task.description.lines().last().unwrap_or_default().to_owned();
            assert!(found.insert(link, instant(task)).is_none(), "{case}: twice: {task:?}");
        }
        let wanted: BTreeMap<_, _> =
            wanted.into_iter().map(|(link, tipoff)| (link, Some(tipoff))).collect();
        assert_eq!(found, wanted, "{case}");
    }

    /// Checks that a further run has nothing to do, and sends no command.
    #[track_caller]
    pub(crate) fn has_nothing_to_do(&self, games: &[FeedGame], case: &str) {
        let before = self.sandbox.executed(RED).len();
        let ran = self.import();
        let counts = format!("Celtics: 0 created, {} unchanged, 0 failed", games.len());
        assert_eq!(ran.code, Some(0), "{case}: {ran:?}");
        assert!(ran.stdout.starts_with(&counts), "{case}: {ran:?}");
        assert_eq!(self.sandbox.executed(RED).len(), before, "{case}: commands were sent");
        assert!(!self.journal_file().exists(), "{case}: the journal is still there");
    }

    /// Checks that the account is exact, and stays so.
    #[track_caller]
    pub(crate) fn is_exact(&self, games: &[FeedGame], case: &str) {
        self.holds_exactly(games, case);
        self.has_nothing_to_do(games, case);
        self.holds_exactly(games, case);
    }
}

/// The instant at which a task is due.
pub(crate) fn instant(task: &Item) -> Option<Timestamp> {
    match task.due.as_ref()?.when {
        When::Fixed(instant, _) => Some(instant),
        When::Day(_) | When::Floating(_) => None,
    }
}

/// Two batches of games.
pub(crate) fn two_batches() -> Vec<FeedGame> {
    celtics_games(TWO_BATCHES)
}

/// The same games, each half an hour later.
pub(crate) fn moved(games: &[FeedGame]) -> Vec<FeedGame> {
    let half = SignedDuration::from_mins(30);
    let later = |tipoff: Timestamp| tipoff.checked_add(half).unwrap();
    games.iter().map(|game| FeedGame { tipoff: later(game.tipoff), ..game.clone() }).collect()
}
