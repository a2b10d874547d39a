//! Imports that use everything, and removals, broken at every step: afterwards there is exactly
//! what was asked for.

use std::collections::BTreeMap;
use std::process::Command;

use nbatodo::sandbox::{Fault, Plan};

use crate::exact::two_batches;
use crate::faults::passing;
use crate::feed::{FeedGame, text};
use crate::kills::{Moment, every_moment};
use crate::world::{RED, Ran, World, finish};

/// An import with a section for each month, reminders, and the task of every year: 120 games
/// make three batches.
const IMPORT: [&str; 8] =
    ["import", "--team", "BOS", "--section-by", "month", "--reminder", "60m", "--yearly-reminder"];
const REMOVE: [&str; 4] = ["remove", "--team", "BOS", "--yes"];
const BATCHES: usize = 3;

/// A world on a plan that has reminders, with a token that may delete.
struct Whole {
    world: World,
    token: String,
    games: Vec<FeedGame>,
}

impl Whole {
    fn new() -> Self {
        let world = World::with(|options| options.plan = Plan::Pro);
        let games = two_batches();
        world.serve_feed(text(&games));
        let token = world.sandbox.personal_token(RED).unwrap();
        Self { world, token, games }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.world.command(arguments);
        command.env("NBATODO_TOKEN", &self.token);
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        finish(self.command(arguments))
    }

    fn run_without_patience(&self, arguments: &[&str]) -> Ran {
        self.run(&[arguments, &["--max-wait", "0"]].concat())
    }

    /// Checks that each game has one task, in the section of its month and with one reminder,
    /// that nothing else was ever made, and that a further run sends nothing.
    #[track_caller]
    fn is_exact(&self, case: &str) {
        let held = self.world.sandbox.snapshot(RED).unwrap();
        assert_eq!(self.world.projects(RED).len(), 1, "{case}: projects");
        assert_eq!(held.items.len(), self.games.len() + 1, "{case}: tasks ever made");
        assert_eq!(held.reminders.len(), self.games.len(), "{case}: reminders ever made");
        let sections: BTreeMap<&str, &str> =
            held.sections.iter().map(|it| (it.id.as_str(), it.name.as_str())).collect();
        let month = |game: &FeedGame| {
            let zoned = game.tipoff.in_tz("America/New_York").unwrap();
            zoned.strftime("%B %Y").to_string()
        };
        let months: std::collections::BTreeSet<String> = self.games.iter().map(month).collect();
        assert_eq!(held.sections.len(), months.len(), "{case}: sections ever made");
        for game in &self.games {
            let of_game = held.items.iter().filter(|task| task.description.ends_with(&game.id));
            let [task] = of_game.collect::<Vec<_>>()[..] else { panic!("{case}: {}", game.id) };
            let section = task.section_id.as_deref().map(|id| sections[id]);
            assert_eq!(section, Some(month(game).as_str()), "{case}: {}", game.id);
            let reminds = held.reminders.iter().filter(|it| it.item_id == task.id);
            assert_eq!(reminds.count(), 1, "{case}: {}", game.id);
        }
        let before = self.world.sandbox.executed(RED).len();
        let ran = self.run(&IMPORT);
        assert!(ran.exits_with(0).stdout.contains("0 created, 121 unchanged"), "{case}: {ran:?}");
        assert_eq!(self.world.sandbox.executed(RED).len(), before, "{case}: commands were sent");
    }

    /// Checks that nothing is left, and that what was taken back can come again.
    #[track_caller]
    fn is_gone(&self, case: &str) {
        let ran = self.run(&REMOVE);
        ran.exits_with(0);
        assert!(self.world.projects(RED).is_empty(), "{case}: {ran:?}");
        assert!(self.world.tasks(RED).is_empty(), "{case}: {ran:?}");
        self.is_there_again(case);
    }

    #[track_caller]
    fn is_there_again(&self, case: &str) {
        self.run(&IMPORT).exits_with(0);
        assert_eq!(self.world.projects(RED).len(), 1, "{case}");
        assert_eq!(self.world.tasks(RED).len(), self.games.len() + 1, "{case}");
    }
}

#[test]
fn faults_in_each_batch_of_an_import_that_uses_everything() {
    for batch in 1..=BATCHES {
        for (name, effect) in passing() {
            let case = format!("{name}, batch {batch}");
            let whole = Whole::new();
            whole.world.sandbox.inject(Fault::nth_write(batch, effect));
            let ran = whole.run_without_patience(&IMPORT);
            assert_eq!(ran.code, Some(3), "{case}: {ran:?}");
            whole.run(&IMPORT).exits_with(0);
            whole.is_exact(&case);
        }
    }
}

#[test]
fn an_import_that_uses_everything_killed_at_any_step() {
    let third = [Moment::BeforeWrite(3), Moment::AfterWrite(3), Moment::Asked(4)];
    for moment in every_moment().into_iter().chain(third) {
        let case = format!("{moment:?}");
        let whole = Whole::new();
        whole.world.kill_at(moment, whole.command(&IMPORT));
        whole.run(&IMPORT).exits_with(0);
        whole.is_exact(&case);
    }
}

#[test]
fn faults_in_each_batch_of_a_removal() {
    for batch in 1..=BATCHES {
        for (name, effect) in passing() {
            let case = format!("{name}, batch {batch} of a removal");
            let whole = Whole::new();
            whole.run(&IMPORT).exits_with(0);
            whole.world.sandbox.inject(Fault::nth_write(batch, effect));
            let ran = whole.run_without_patience(&REMOVE);
            assert_eq!(ran.code, Some(3), "{case}: {ran:?}");
            whole.is_gone(&case);
        }
    }
}

#[test]
fn a_removal_killed_at_any_step_ends_with_the_next_one_or_is_undone_by_an_import() {
    let third = [Moment::BeforeWrite(3), Moment::AfterWrite(3)];
    for moment in every_moment().into_iter().chain(third) {
        for ends in [true, false] {
            let case = format!("{moment:?}, ends: {ends}");
            let whole = Whole::new();
            whole.run(&IMPORT).exits_with(0);
            whole.world.kill_at(moment, whole.command(&REMOVE));
            if ends {
                whole.is_gone(&case);
            } else {
                whole.is_there_again(&case);
            }
        }
    }
}
