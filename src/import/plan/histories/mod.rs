//! Properties over whole histories: the schedule changes, options change, the person edits,
//! moves, ticks off and deletes, records get lost, and imports run in between.

mod league;
mod world;

use proptest::prelude::*;

use crate::import::field::Field;
use crate::import::options::Grouping;
use crate::model::Status;

use world::World;

/// How many games the team has.
const GAMES: usize = 6;

/// Something that happens.
#[derive(Clone, Debug)]
enum Event {
    /// The league moves a game.
    Move(usize, i64),
    /// The league changes where a game stands.
    Stand(usize, Status),
    /// The person asks for other sections and reminders from now on.
    Choose(Option<Grouping>, Option<u32>),
    /// The person changes a field of a task.
    Edit(usize, Field, u8),
    /// The person puts a task into a section of their own.
    Shelve(usize),
    /// The person moves a task to a project of their own.
    Away(usize),
    /// The person deletes what reminds of a task.
    Unremind(usize),
    /// The person ticks a task off, or takes that back.
    Tick(usize, bool),
    /// The person deletes a task.
    Delete(usize),
    /// The person renames the project.
    Rename,
    /// The record is lost.
    Lose,
    /// An import runs.
    Import,
}

fn event() -> impl Strategy<Value = Event> {
    let game = || 0..GAMES;
    let status =
        prop::sample::select(vec![Status::Scheduled, Status::Postponed, Status::Cancelled]);
    let field = prop::sample::select(vec![Field::Content, Field::Due, Field::Labels]);
    let grouping = prop::sample::select(vec![None, Some(Grouping::Month), Some(Grouping::None)]);
    let reminder = prop::sample::select(vec![None, Some(60), Some(30)]);
    prop_oneof![
        3 => (game(), 0_i64..500).prop_map(|(game, hours)| Event::Move(game, hours)),
        2 => (game(), status).prop_map(|(game, status)| Event::Stand(game, status)),
        2 => (grouping, reminder).prop_map(|(by, minutes)| Event::Choose(by, minutes)),
        3 => (game(), field, any::<u8>()).prop_map(|(g, f, v)| Event::Edit(g, f, v)),
        1 => game().prop_map(Event::Shelve),
        1 => game().prop_map(Event::Away),
        1 => game().prop_map(Event::Unremind),
        2 => (game(), any::<bool>()).prop_map(|(game, done)| Event::Tick(game, done)),
        1 => game().prop_map(Event::Delete),
        1 => Just(Event::Rename),
        1 => Just(Event::Lose),
        6 => Just(Event::Import),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn whatever_happens_imports_double_lose_and_overrule_nothing(
        events in prop::collection::vec(event(), 1..25),
    ) {
        let mut world = World::new();
        for event in &events {
            world.happen(event);
            if matches!(event, Event::Import) {
                world.check();
            }
        }
        world.import();
        world.check();
        prop_assert_eq!(world.import(), 0, "a plan after a plan is empty");
        world.check();
    }
}
