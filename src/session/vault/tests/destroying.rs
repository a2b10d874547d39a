//! The end of a session, wanted or not.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;

use super::*;

#[test]
fn destroying_kills_every_copy_of_the_file() {
    let world = World::signed_in();
    let copy = world.bytes();
    let destroyed = world.vault.destroy(&Profile::default());
    assert!(destroyed.key.unwrap() && destroyed.file.unwrap());
    assert!(matches!(world.open().unwrap(), Opened::Nobody));
    fs::write(world.file(), copy).unwrap();
    assert!(world.open().is_err());

    let world = World::new();
    let destroyed = world.vault.destroy(&Profile::default());
    assert!(!destroyed.key.unwrap() && !destroyed.file.unwrap());
}

#[test]
fn destroying_tries_both_halves() {
    let world = World::signed_in();
    world.outside.turns(Weather::Locked);
    let destroyed = world.vault.destroy(&Profile::default());
    assert!(destroyed.key.is_err() && destroyed.file.unwrap());

    // A keyring that is not there does not count as one without the key.
    let world = World::signed_in();
    world.outside.turns(Weather::NoCollection);
    assert!(world.vault.destroy(&Profile::default()).key.is_err());
    world.outside.turns(Weather::Fine);
    assert!(world.vault.destroy(&Profile::default()).key.unwrap(), "it is still on the list");

    let world = World::signed_in();
    fs::remove_file(world.file()).unwrap();
    fs::create_dir(world.file()).unwrap();
    let destroyed = world.vault.destroy(&Profile::default());
    assert!(destroyed.key.unwrap() && destroyed.file.is_err());
}

#[test]
fn an_expired_session_is_destroyed_unless_somebody_signed_in_again() {
    let world = World::signed_in();
    let profile = Profile::default();
    let later = at(4000);
    assert!(world.vault.destroy_expired(&profile, at(0)).unwrap().is_none());
    assert_eq!(world.token().unwrap(), "first");

    let destroyed = world.vault.destroy_expired(&profile, later).unwrap().unwrap();
    assert!(destroyed.key.unwrap() && destroyed.file.unwrap());
    assert!(world.outside.keys().is_empty());
}

/// A key store whose daemon is stopped.
struct Hung {
    asked: mpsc::Sender<()>,
    end: Mutex<mpsc::Receiver<()>>,
}

impl Hung {
    fn wait<T>(&self) -> Result<T, KeyStoreError> {
        // Either end may have gone with its test by now.
        let _ = self.asked.send(());
        let _ = self.end.lock().map(|end| end.recv());
        Err(locked())
    }
}

impl KeyStore for Hung {
    fn get(&self, _: &EntryName) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError> {
        self.wait()
    }

    fn set(&self, _: &EntryName, _: &[u8]) -> Result<(), KeyStoreError> {
        self.wait()
    }

    fn delete(&self, _: &EntryName) -> Result<bool, KeyStoreError> {
        self.wait()
    }

    fn describe(&self) -> String {
        "a key store that hangs".into()
    }
}

/// A vault over the files of `world`; what tells that its key store was asked; and what it waits
/// for.
fn hanging(world: &World) -> (Vault, mpsc::Receiver<()>, mpsc::Sender<()>) {
    let ((asked, was_asked), (end, waiting)) = (mpsc::channel(), mpsc::channel());
    let keys = Arc::new(Hung { asked, end: Mutex::new(waiting) });
    let store = Arc::new(FileStore::new(world.paths.clone()));
    (Vault::new(store, keys), was_asked, end)
}

#[test]
fn a_key_is_on_the_list_before_it_is_destroyed() {
    let world = World::signed_in();
    let list = world.paths.sessions().join("default.lock");
    let listed = fs::read_to_string(&list).unwrap();
    fs::write(&list, "").unwrap();
    let (vault, asked, end) = hanging(&world);
    let destroying = std::thread::spawn(move || vault.destroy(&Profile::default()));
    asked.recv().unwrap();
    assert_eq!(fs::read_to_string(&list).unwrap(), listed);
    assert_eq!(listed.len(), 33);
    drop(end);
    assert!(destroying.join().unwrap().key.is_err());
}

#[test]
fn a_key_store_that_hangs_does_not_keep_the_file() {
    let world = World::signed_in();
    let (vault, _asked, end) = hanging(&world);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let profile = Profile::default();
    let destroying = vault.take_within(Duration::from_millis(1), &profile, at(0));
    let destroyed = runtime.block_on(destroying).destroyed;
    assert!(matches!(destroyed.key, Err(KeyStoreError::NoAnswer { .. })));
    assert!(destroyed.file.unwrap());
    drop(end);

    assert!(world.vault.destroy(&profile).key.unwrap(), "the key was still on the list");
    assert!(world.outside.keys().is_empty());
}

/// Kills the process before each change that replacing or destroying makes, in turn.
#[test]
fn a_kill_at_any_step_leaves_the_old_state_or_the_new_one_and_no_key_for_ever() {
    for replacing in [true, false] {
        let mut completed = false;
        for steps in 0..20 {
            let world = World::signed_in();
            *world.outside.steps.lock().unwrap() = Some(steps);
            let run = catch_unwind(AssertUnwindSafe(|| {
                if replacing {
                    world.vault.replace(&session("second")).unwrap();
                } else {
                    let _ = world.vault.destroy(&Profile::default());
                }
            }));
            *world.outside.steps.lock().unwrap() = None;
            match world.open() {
                Ok(Opened::Live(session)) => {
                    let token = session.access_token.expose();
                    assert!(token == "first" || (replacing && token == "second"), "{steps}");
                }
                Ok(Opened::Nobody) | Err(VaultError::KeyGone) => assert!(!replacing, "{steps}"),
                other => panic!("{steps}: {other:?}"),
            }
            world.vault.replace(&session("third")).unwrap();
            assert_eq!(world.outside.keys().len(), 1, "{steps}");
            assert!(world.vault.destroy(&Profile::default()).key.unwrap());
            assert!(world.outside.keys().is_empty(), "{steps}");
            completed |= run.is_ok();
        }
        assert!(completed, "20 steps are enough");
    }
}
