//! A moved game tells of it in a comment, where that is asked for, and only once.

use jiff::tz::TimeZone;
use nbatodo::sandbox::{Effect, Fault, Overrides};
use serde_json::json;

use crate::feed::{FeedGame, celtics_games, text};
use crate::removing::{Imported, REMOVE};
use crate::truth::{instant, later};
use crate::world::{RED, World};

/// The zone of the account that the tests use.
const ZONE: &str = "America/New_York";

/// What the comments on the game's task say.
fn comments(it: &Imported, game: &FeedGame) -> Vec<String> {
    let task = it.task(game).id;
    let notes = it.world.sandbox.snapshot(RED).unwrap().notes.into_iter();
    notes.filter(|note| note.item_id == task).map(|note| note.content).collect()
}

fn in_words(game: &FeedGame) -> String {
    let zone = TimeZone::get(ZONE).unwrap();
    game.tipoff.to_zoned_datetime(zone).strftime("%a %d %b %H:%M").to_string()
}

/// Serves `games` with the first one so many hours later; returns that one.
fn move_first(it: &Imported, games: &[FeedGame], hours: i64) -> FeedGame {
    let moved = later(&games[0], hours);
    it.world.serve_feed(text(&[std::slice::from_ref(&moved), &games[1..]].concat()));
    moved
}

#[test]
fn a_moved_game_gets_one_comment_that_says_from_when_to_when() {
    let games = celtics_games(3);
    let it = Imported::new(&games, &["--notify-task"]);
    assert!(
        it.world.sandbox.snapshot(RED).unwrap().notes.is_empty(),
        "a new task has moved nowhere"
    );
    let moved = move_first(&it, &games, 500);
    let before = it.world.syncs().len();
    let ran = it.import(&["--notify-task"]);
    assert!(ran.exits_with(0).stdout.contains("1 updated, 2 unchanged"), "{ran:?}");
    assert_eq!(it.world.syncs().len() - before, 2, "the comment travels with the change");
    let said = format!("Moved from {} to {}.", in_words(&games[0]), in_words(&moved));
    assert_eq!(comments(&it, &moved), [said]);
    assert!(it.import(&["--notify-task"]).stdout.contains("3 unchanged"));
    assert_eq!(comments(&it, &moved).len(), 1);
    assert!(comments(&it, &games[1]).is_empty());
}

#[test]
fn without_the_option_and_in_a_dry_run_there_is_no_comment() {
    let games = celtics_games(2);
    let it = Imported::new(&games, &[]);
    let moved = move_first(&it, &games, 500);
    it.import(&["--notify-task", "--dry-run"]).exits_with(0);
    it.import(&[]).exits_with(0);
    assert_eq!(instant(&it.task(&moved)), Some(moved.tipoff));
    assert!(comments(&it, &moved).is_empty());
}

#[test]
fn a_postponed_game_says_when_it_was_to_start() {
    let games = celtics_games(2);
    let it = Imported::new(&games, &[]);
    let mut off = games.clone();
    off[0].status_text = "PPD";
    it.world.serve_feed(text(&off));
    it.import(&["--notify-task"]).exits_with(0);
    assert_eq!(
        comments(&it, &games[0]),
        [format!("Postponed; it was to start {}.", in_words(&games[0]))]
    );
}

#[test]
fn a_lost_answer_doubles_no_comment() {
    let games = celtics_games(2);
    for effect in [Effect::CloseAfter, Effect::CutAnswer] {
        let it = Imported::new(&games, &[]);
        let moved = move_first(&it, &games, 500);
        it.world.sandbox.inject(Fault::nth_write(1, effect));
        it.import(&["--notify-task"]).exits_with(0);
        it.import(&["--notify-task"]).exits_with(0);
        assert_eq!(instant(&it.task(&moved)), Some(moved.tipoff));
        assert_eq!(comments(&it, &moved).len(), 1);
    }
}

#[test]
fn a_plan_without_comments_is_said_and_holds_nothing_up() {
    let games = celtics_games(2);
    let world = World::with(|options| {
        options.overrides = Overrides { comments: Some(false), ..Overrides::default() };
    });
    world.serve_feed(text(&games));
    let token = world.sandbox.personal_token(RED).unwrap();
    let it = Imported { world, token };
    it.import(&[]).exits_with(0);
    let moved = move_first(&it, &games, 500);
    let ran = it.import(&["--notify-task"]);
    ran.exits_with(0);
    assert!(ran.stderr.contains("Your Todoist plan has no comments"), "{ran:?}");
    assert_eq!(instant(&it.task(&moved)), Some(moved.tipoff));
}

#[test]
fn a_refused_comment_is_listed_and_the_task_has_moved_all_the_same() {
    let games = celtics_games(2);
    let it = Imported::new(&games, &[]);
    let moved = move_first(&it, &games, 500);
    let refusal = json!({"error": "No comments today", "error_tag": "FORBIDDEN"});
    it.world.sandbox.inject(Fault::refuse_command(1, refusal));
    let ran = it.import(&["--notify-task"]);
    ran.exits_with(6).complains_of(&["its comment was refused: No comments today"]);
    assert_eq!(instant(&it.task(&moved)), Some(moved.tipoff));
    assert!(it.import(&["--notify-task"]).exits_with(0).stdout.contains("2 unchanged"));
}

#[test]
fn our_own_comment_keeps_no_task_from_being_removed_and_a_persons_does() {
    let games = celtics_games(3);
    let it = Imported::new(&games, &[]);
    let moved = move_first(&it, &games, 500);
    it.import(&["--notify-task"]).exits_with(0);
    let person = it.world.sandbox.person(RED);
    person.comment(&it.task(&games[1]).id, "Grandpa's seats").unwrap();
    let ran = it.run(&REMOVE);
    assert!(ran.exits_with(0).stdout.contains("2 tasks deleted, 1 kept"), "{ran:?}");
    assert!(it.titles().len() == 1 && comments(&it, &games[1]).len() == 1, "{:?}", it.titles());
    assert!(it.world.tasks(RED).iter().all(|task| !task.description.ends_with(&moved.id)));
}
