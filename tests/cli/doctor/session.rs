//! Sessions that no longer open, and what stays.

use std::fs;

use nbatodo::keys::{EntryName, KeyStore};

use crate::doctor::Examined;
use crate::sessions::faketime;
use crate::standing::Staying;
use crate::world::{RED, World, nothing_listens};

#[test]
fn a_session_file_that_does_not_open_is_named() {
    let world = World::with_feed();
    world.sign_in("default", RED);
    let file = world.session_file("default");
    let good = fs::read_to_string(&file).unwrap();
    for (content, parts) in [
        (good[..good.len() - 9].to_owned(), &["is damaged", "nbatodo login"][..]),
        ("rubbish".to_owned(), &["is damaged", "nbatodo login"]),
        (String::new(), &["is damaged", "nbatodo login"]),
        (good.replace("nbatodo-session 1", "nbatodo-session 2"), &["newer nbatodo", "Update"]),
    ] {
        fs::write(&file, &content).unwrap();
        let examined = world.examine();
        examined.finds("session", "problem", parts).has_problems_only_in(&["session"]);
        assert_eq!(fs::read_to_string(&file).unwrap(), content, "it is left as it is");
    }
    fs::write(&file, good).unwrap();
    world.examine().has_problems_only_in(&[]);
    world.run(["status"]).exits_with(0);
}

#[test]
fn a_session_whose_key_is_gone_is_named() {
    let staying = Staying::new();
    let list = fs::read_to_string(staying.world.session_file("default").with_extension("lock"));
    let id = list.unwrap().trim().parse().unwrap();
    let name = EntryName::session(&nbatodo::model::Profile::default(), &id);
    assert!(staying.keys().delete(&name).unwrap());
    let examined = staying.world.examine();
    examined.finds("session", "problem", &["key", "gone", "nbatodo login"]);
}

#[test]
fn a_session_that_has_ended_is_named_and_stays_where_it_is() {
    let world = World::with_feed();
    world.sign_in("default", RED);
    let Ok(mut command) = faketime(&world, "+61m") else { return };
    command.args(["doctor", "--offline", "--format", "json"]);
    let examined = Examined::by(command);
    examined.finds("session", "warning", &["has expired", "nbatodo login"]);
    examined.has_problems_only_in(&[]);
    world.run(["status"]).exits_with(0);

    let staying = Staying::new();
    staying.pass_the_hour();
    staying.world.examine_offline().finds("session", "ok", &["the next run renews it"]);
}

#[test]
fn a_session_of_another_origin_is_named() {
    let world = World::with_feed();
    world.sign_in("default", RED);
    let mut command = world.doctor();
    command.args(["--offline"]).env("NBATODO_API_URL", nothing_listens());
    let theirs = format!("NBATODO_API_URL={}", world.sandbox.origin());
    Examined::by(command).finds("session", "problem", &["it belongs to", &theirs]);
}

#[test]
fn a_standing_sign_in_says_how_its_last_renewal_went() {
    let staying = Staying::new();
    let sent = |ago: i64| {
        let mut grant = staying.grant().unwrap();
        let now = jiff::Timestamp::from_second(jiff::Timestamp::now().as_second() - ago).unwrap();
        grant.set_first_sent(Some(now));
        let kept = grant.to_stored().unwrap();
        staying.keys().set(&crate::standing::entry(), &kept).unwrap();
        staying.world.examine_offline()
    };
    sent(1).finds("staying signed in", "warning", &["under way", "once more"]);
    let examined = sent(600);
    examined.finds("staying signed in", "problem", &["was lost", "login --stay-signed-in"]);
    staying.keys().set(&crate::standing::entry(), b"rubbish").unwrap();
    let examined = staying.world.examine_offline();
    examined.finds("staying signed in", "problem", &["does not open"]);
}
