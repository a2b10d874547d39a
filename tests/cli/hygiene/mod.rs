//! Secrets stay where they belong: a story with everything that can happen in it, told at each
//! verbosity, and then a search for every secret that was issued or made in it.

mod databases;
mod evidence;
mod hardening;
mod panics;
mod story;
mod watching;

use std::fs;

use story::Story;

/// Tells the story in both formats, and looks for what it must not have left.
#[track_caller]
fn leaves_no_secret(verbosity: &[&'static str]) {
    for format in ["human", "json"] {
        let mut story = Story::new(&[verbosity, &["--format", format]].concat());
        story.signed_in_by_the_browser();
        story.imported_and_removed();
        story.stayed_signed_in();
        story.failed_to_sign_in();
        story.ended_badly();
        story.was_given_a_token();
        story.has_left_no_secret();
    }
}

#[test]
fn the_whole_story_leaves_no_secret() {
    leaves_no_secret(&[]);
}

#[test]
fn the_whole_story_leaves_no_secret_with_v() {
    leaves_no_secret(&["-v"]);
}

#[test]
fn the_whole_story_leaves_no_secret_with_vv() {
    leaves_no_secret(&["-vv"]);
}

#[test]
fn the_whole_story_leaves_no_secret_with_vvv() {
    leaves_no_secret(&["-vvv"]);
}

#[test]
fn a_secret_that_is_planted_anywhere_is_found() {
    const PLANTED: &str = "planted-where-it-must-not-be";
    let found = |plant: &dyn Fn(&mut Story)| {
        let mut story = Story::new(&[]);
        plant(&mut story);
        story.gather_files();
        story
            .evidence
            .places_of(PLANTED.as_bytes())
            .iter()
            .map(|it| it.to_string())
            .collect::<Vec<_>>()
    };
    assert!(found(&|_| {}).is_empty());
    let script = |story: &mut Story, script: &str| {
        let shell = story.world().shell(script);
        story.run_command(shell);
    };
    let file = found(&|story| {
        let folder = story.world().home().join("deep");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("file"), format!("x{PLANTED}y")).unwrap();
    });
    assert!(file[0].starts_with("the file "), "{file:?}");
    let said = found(&|story| script(story, &format!("echo {PLANTED}")));
    assert!(said.contains(&"standard output".to_owned()), "{said:?}");
    let said = found(&|story| script(story, &format!("echo {PLANTED} >&2")));
    assert!(said.contains(&"standard error".to_owned()), "{said:?}");
    // They live until what is looked for was surely seen: the story tells them so.
    let seen = found(&|story| story.sees(&format!("NBATODO_API_URL={PLANTED}"), "our environment"));
    assert!(seen.contains(&"our environment".to_owned()), "{seen:?}");
    let seen = found(&|story| {
        story.sees(&format!("NBATODO_TOKEN={PLANTED}"), "the environment of a child");
    });
    assert_eq!(seen, ["the environment of a child"]);
}
