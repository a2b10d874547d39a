//! A new session in place of an old one.

use jiff::SignedDuration;

use super::*;
use crate::session::MemoryStore;

#[test]
fn a_key_of_another_length_is_damage() {
    let world = World::signed_in();
    for key in world.outside.entries.lock().unwrap().values_mut() {
        key.pop();
    }
    assert!(is_damaged(&world.open()));
}

#[test]
fn replacing_hands_back_what_was_there_and_destroys_its_key() {
    let world = World::signed_in();
    let keys = world.outside.keys();
    let before = world.vault.replace(&session("second")).unwrap().unwrap();
    assert_eq!(before.access_token.expose(), "first");
    assert_eq!(world.token().unwrap(), "second");
    assert_eq!(world.outside.keys().len(), 1);
    assert_ne!(world.outside.keys(), keys);
    assert_eq!(world.files_left(), [".lock", "default.lock", "default.session"]);
}

#[test]
fn a_reader_who_is_overtaken_finds_the_new_session() {
    let world = World::signed_in();
    let rival = world.vault.clone();
    let replace = move || drop(rival.replace(&session("second")).unwrap());
    *world.outside.meanwhile.lock().unwrap() = Some(Box::new(replace));
    assert_eq!(world.token().unwrap(), "second");
}

#[test]
fn an_expired_session_is_handed_back_too() {
    let world = World::signed_in();
    let mut later = session("second");
    later.issued_at = at(9000);
    later.expires_at = at(9600);
    assert!(world.vault.replace(&later).unwrap().is_some());
    let now = at(9000) + SignedDuration::from_secs(599);
    assert!(matches!(world.vault.open(&later.profile, now).unwrap(), Opened::Live(_)));
}

#[test]
fn a_damaged_session_is_replaced_and_its_key_destroyed_all_the_same() {
    for damage in ["", "nbatodo-session 2\n", "nbatodo-session 1\n"] {
        let world = World::signed_in();
        fs::write(world.file(), damage).unwrap();
        assert!(world.vault.replace(&session("second")).unwrap().is_none());
        assert_eq!(world.token().unwrap(), "second");
        assert_eq!(world.outside.keys().len(), 1);

        fs::write(world.file(), damage).unwrap();
        let destroyed = world.vault.destroy(&Profile::default());
        assert!(destroyed.key.unwrap() && destroyed.file.unwrap());
        assert!(world.outside.keys().is_empty());
    }
}

#[test]
fn a_failure_while_replacing_leaves_the_old_session_and_no_new_key() {
    for weather in
        [Weather::Locked, Weather::NoCollection, Weather::NoGet, Weather::NoSet, Weather::NoSave]
    {
        let world = World::signed_in();
        let (bytes, keys) = (world.bytes(), world.outside.keys());
        world.outside.turns(weather);
        assert!(world.vault.replace(&session("second")).is_err(), "{weather:?}");
        world.outside.turns(Weather::Fine);
        assert_eq!((world.bytes(), world.outside.keys()), (bytes, keys), "{weather:?}");
        assert_eq!(world.token().unwrap(), "first");
    }
}

#[test]
fn a_save_that_fails_after_its_last_step_counts() {
    let world = World::signed_in();
    world.outside.turns(Weather::LateSave);
    assert!(world.vault.replace(&session("second")).unwrap().is_some());
    assert_eq!(world.token().unwrap(), "second");
    assert_eq!(world.outside.keys().len(), 1);
}

#[test]
fn a_key_that_could_not_be_destroyed_is_destroyed_the_next_time() {
    let world = World::signed_in();
    world.outside.turns(Weather::NoDelete);
    assert!(world.vault.replace(&session("second")).unwrap().is_some());
    assert_eq!(world.outside.keys().len(), 2);
    let destroyed = world.vault.destroy(&Profile::default());
    assert!(destroyed.key.is_err() && destroyed.file.unwrap());
    assert_eq!(world.outside.keys().len(), 2);
    world.outside.turns(Weather::Fine);
    assert!(world.vault.destroy(&Profile::default()).key.unwrap());
    assert!(world.outside.keys().is_empty());
}

#[test]
fn vaults_that_replace_at_once_leave_one_session_and_one_key() {
    const EACH: usize = 25;
    let world = World::signed_in();
    let replaced = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for writer in 0..2 {
            let store = Arc::new(FileStore::new(world.paths.clone()));
            let vault = Vault::new(store, world.outside.clone());
            let replaced = &replaced;
            scope.spawn(move || {
                for round in 0..EACH {
                    let before = vault.replace(&session(&format!("{writer}/{round}"))).unwrap();
                    let token = before.unwrap().access_token.expose().to_owned();
                    replaced.lock().unwrap().push(token);
                }
            });
        }
        scope.spawn(|| {
            for _ in 0..EACH {
                assert!(world.token().is_some(), "a reader always finds a session that opens");
            }
        });
    });
    assert_eq!(world.outside.keys().len(), 1);
    // Each session was handed back once, or is the one that is left.
    let mut seen = replaced.into_inner().unwrap();
    seen.push(world.token().unwrap());
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 2 * EACH + 1);
    assert_eq!(world.files_left(), [".lock", "default.lock", "default.session"]);
}

#[test]
fn a_vault_in_memory_keeps_the_same_promises() {
    let outside = Arc::new(Outside::default());
    let vault = Vault::new(Arc::new(MemoryStore::new()), outside.clone());
    let profile = Profile::default();
    assert!(matches!(vault.open(&profile, at(0)).unwrap(), Opened::Nobody));
    assert!(vault.replace(&session("first")).unwrap().is_none());
    assert!(vault.replace(&session("second")).unwrap().is_some());
    assert!(matches!(vault.open(&profile, at(0)).unwrap(), Opened::Live(_)));
    assert_eq!(outside.keys().len(), 1);
    let destroyed = vault.destroy(&profile);
    assert!(destroyed.key.unwrap() && destroyed.file.unwrap());
    assert!(outside.keys().is_empty());
    assert!(matches!(vault.open(&profile, at(0)).unwrap(), Opened::Nobody));
}
