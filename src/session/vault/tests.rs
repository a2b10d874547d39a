//! The vault over real files and a key store that fails on demand.

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::sync::Mutex;

use jiff::SignedDuration;
use zeroize::Zeroizing;

use super::*;
use crate::model::AccessToken;
use crate::paths::Paths;
use crate::private_files::FileError;
use crate::session::{Account, FileStore, MemoryStore};

const ISSUED: i64 = 1_795_498_200;

/// What the next calls meet.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Weather {
    #[default]
    Fine,
    /// Every call fails.
    Locked,
    /// Reading and deleting say that there is nothing, writing fails: a Secret Service without
    /// a collection.
    NoCollection,
    /// Only these fail.
    NoSet,
    NoDelete,
    /// Saving fails before it did anything, or after it did everything.
    NoSave,
    LateSave,
}

/// Both stores' state and faults, with a step counter that can end the "process".
#[derive(Default)]
struct Outside {
    entries: Mutex<BTreeMap<EntryName, Vec<u8>>>,
    weather: Mutex<Weather>,
    /// The steps that may still be made; then the process is killed.
    steps: Mutex<Option<usize>>,
}

impl Outside {
    fn is(&self, weather: Weather) -> bool {
        *self.weather.lock().unwrap() == weather
    }

    fn turns(&self, weather: Weather) {
        *self.weather.lock().unwrap() = weather;
    }

    /// Before each change; unwinding stands for SIGKILL, as nothing here cleans up on drop.
    fn step(&self) {
        let mut steps = self.steps.lock().unwrap();
        if let Some(left) = *steps {
            let Some(fewer) = left.checked_sub(1) else {
                drop(steps);
                resume_unwind(Box::new("killed"))
            };
            *steps = Some(fewer);
        }
    }

    fn keys(&self) -> Vec<EntryName> {
        self.entries.lock().unwrap().keys().cloned().collect()
    }
}

fn locked() -> KeyStoreError {
    KeyStoreError::Locked { why: "prompt dismissed".into() }
}

impl KeyStore for Outside {
    fn get(&self, name: &EntryName) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError> {
        if self.is(Weather::Locked) {
            return Err(locked());
        }
        let kept = self.entries.lock().unwrap().get(name).cloned().map(Zeroizing::new);
        Ok(kept.filter(|_| !self.is(Weather::NoCollection)))
    }

    fn set(&self, name: &EntryName, secret: &[u8]) -> Result<(), KeyStoreError> {
        if self.is(Weather::Locked) || self.is(Weather::NoCollection) || self.is(Weather::NoSet) {
            return Err(locked());
        }
        self.step();
        self.entries.lock().unwrap().insert(name.clone(), secret.to_vec());
        Ok(())
    }

    fn delete(&self, name: &EntryName) -> Result<bool, KeyStoreError> {
        if self.is(Weather::Locked) || self.is(Weather::NoDelete) {
            return Err(locked());
        }
        if self.is(Weather::NoCollection) {
            return Ok(false);
        }
        self.step();
        Ok(self.entries.lock().unwrap().remove(name).is_some())
    }

    fn describe(&self) -> String {
        "a key store for tests".into()
    }
}

/// A file store with the faults of `outside`.
struct Disk {
    files: FileStore,
    outside: Arc<Outside>,
}

struct DiskLock<'a> {
    lock: Box<dyn ProfileLock + 'a>,
    outside: &'a Outside,
}

impl ProfileLock for DiskLock<'_> {
    fn key_ids(&mut self) -> Result<Vec<KeyId>, StoreError> {
        self.lock.key_ids()
    }

    fn set_key_ids(&mut self, ids: &[KeyId]) -> Result<(), StoreError> {
        self.outside.step();
        self.lock.set_key_ids(ids)
    }
}

impl SessionStore for Disk {
    fn load(&self, profile: &Profile) -> Result<Option<Vec<u8>>, StoreError> {
        self.files.load(profile)
    }

    fn save(&self, sealed: &SealedSession) -> Result<(), StoreError> {
        self.outside.step();
        let full = || FileError::Io { path: "disk".into(), cause: std::io::Error::other("full") };
        if self.outside.is(Weather::NoSave) {
            return Err(full().into());
        }
        self.files.save(sealed)?;
        if self.outside.is(Weather::LateSave) { Err(full().into()) } else { Ok(()) }
    }

    fn delete(&self, profile: &Profile) -> Result<bool, StoreError> {
        self.outside.step();
        self.files.delete(profile)
    }

    fn lock(&self, profile: &Profile) -> Result<Box<dyn ProfileLock + '_>, StoreError> {
        let lock = self.files.lock(profile)?;
        Ok(Box::new(DiskLock { lock, outside: &self.outside }))
    }
}

struct World {
    vault: Vault,
    outside: Arc<Outside>,
    paths: Paths,
    _root: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let paths = Paths::below(root.path());
        let outside = Arc::new(Outside::default());
        let disk = Disk { files: FileStore::new(paths.clone()), outside: outside.clone() };
        let vault = Vault::new(Arc::new(disk), outside.clone());
        Self { vault, outside, paths, _root: root }
    }

    /// With "first" signed in.
    fn signed_in() -> Self {
        let world = Self::new();
        assert!(world.vault.replace(&session("first")).unwrap().is_none());
        world
    }

    fn open(&self) -> Result<Opened, VaultError> {
        self.vault.open(&Profile::default(), at(0))
    }

    /// The token of the live session, if there is one.
    fn token(&self) -> Option<String> {
        match self.open().unwrap() {
            Opened::Live(session) => Some(session.access_token.expose().to_owned()),
            Opened::Nobody => None,
            Opened::Expired(_) => panic!("expired"),
        }
    }

    fn file(&self) -> PathBuf {
        self.paths.session_file(&Profile::default())
    }

    fn bytes(&self) -> Vec<u8> {
        fs::read(self.file()).unwrap()
    }

    fn files_left(&self) -> Vec<String> {
        let entries = fs::read_dir(self.paths.sessions()).unwrap().flatten();
        let mut names: Vec<_> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(ISSUED + second).unwrap()
}

fn session(token: &str) -> Session {
    Session {
        profile: Profile::default(),
        account: Account { id: "1".into(), email: "a@b.c".into(), full_name: "Ann".into() },
        access_token: AccessToken::new(token.to_owned()),
        scopes: vec!["data:read_write".into()],
        client_id: "client".into(),
        api: "https://api.todoist.com".parse().unwrap(),
        issued_at: at(0),
        expires_at: at(3600),
    }
}

fn is_damaged(opened: &Result<Opened, VaultError>) -> bool {
    matches!(opened, Err(VaultError::Seal(SealError::Damaged)))
}

#[test]
fn s1_a_changed_file_is_damaged_and_kept_or_its_key_is_unknown() {
    let world = World::signed_in();
    let good = world.bytes();
    // A bit a byte here; every bit of every byte is flipped where the seal is tested.
    for byte in 0..good.len() {
        let mut bad = good.clone();
        bad[byte] ^= 1 << (byte % 8);
        fs::write(world.file(), &bad).unwrap();
        let opened = world.open();
        let refused = matches!(opened, Err(VaultError::Seal(_) | VaultError::KeyGone));
        assert!(refused, "byte {byte}: {opened:?}");
        assert_eq!(world.bytes(), bad);
    }
    for cut in [0, 1, good.len() / 2, good.len() - 1] {
        fs::write(world.file(), &good[..cut]).unwrap();
        assert!(is_damaged(&world.open()), "{cut}");
    }
    fs::write(world.file(), good).unwrap();
    assert_eq!(world.token().unwrap(), "first");
}

#[test]
fn s2_a_file_of_another_profile_is_damaged() {
    let world = World::signed_in();
    let other: Profile = "other".parse().unwrap();
    fs::copy(world.file(), world.paths.session_file(&other)).unwrap();
    assert!(is_damaged(&world.vault.open(&other, at(0))));
    // Nor does a sign-out of the other profile touch this one's key.
    let destroyed = world.vault.destroy(&other);
    assert!(!destroyed.key.unwrap() && destroyed.file.unwrap());
    assert_eq!(world.token().unwrap(), "first");
}

#[test]
fn s3_an_older_file_put_back_has_no_key() {
    let world = World::signed_in();
    let old = world.bytes();
    world.vault.replace(&session("second")).unwrap();
    fs::write(world.file(), &old).unwrap();
    assert!(matches!(world.open(), Err(VaultError::KeyGone)));
}

#[test]
fn s4_an_edited_expiry_or_a_wrong_clock_is_never_accepted() {
    let world = World::signed_in();
    let text = String::from_utf8(world.bytes()).unwrap();
    for end in ["2026-11-24T06:29:59Z", "2026-11-24T06:30:01Z", "2036-11-24T06:30:00Z"] {
        fs::write(world.file(), text.replace("2026-11-24T06:30:00Z", end)).unwrap();
        assert!(is_damaged(&world.open()), "{end}");
    }
    fs::write(world.file(), text).unwrap();
    for second in [-61, -86_400, 1_000_000_000] {
        let opened = world.vault.open(&Profile::default(), at(second)).unwrap();
        assert!(matches!(opened, Opened::Expired(_)), "{second}");
    }
}

#[test]
fn s5_the_session_ends_at_its_expiry() {
    let world = World::signed_in();
    for (second, live) in [(3599, true), (3600, false), (3601, false)] {
        let opened = world.vault.open(&Profile::default(), at(second)).unwrap();
        assert_eq!(matches!(opened, Opened::Live(_)), live, "{second}");
    }
}

#[cfg(unix)]
#[test]
fn s6_what_is_no_session_file_is_refused_and_not_followed() {
    let world = World::signed_in();
    let file = world.file();
    let refused = |world: &World| match world.open() {
        Err(VaultError::Store(StoreError::File(error))) => error,
        other => panic!("{other:?}"),
    };

    fs::write(&file, vec![0; 5_000_000]).unwrap();
    assert!(matches!(refused(&world), FileError::TooLarge(_)));
    fs::rename(&file, file.with_extension("elsewhere")).unwrap();
    std::os::unix::fs::symlink(file.with_extension("elsewhere"), &file).unwrap();
    assert!(matches!(refused(&world), FileError::NotRegular(_)));
    // A new session takes the place of the link, not of what it points to.
    world.vault.replace(&session("second")).unwrap();
    assert_eq!(world.token().unwrap(), "second");
    assert_eq!(fs::metadata(file.with_extension("elsewhere")).unwrap().len(), 5_000_000);

    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    assert!(matches!(refused(&world), FileError::NotRegular(_)));
    let keys = world.outside.keys();
    assert!(matches!(world.vault.replace(&session("third")), Err(VaultError::Store(_))));
    assert_eq!(world.outside.keys(), keys, "a session that was not saved leaves no key");
}

#[cfg(unix)]
#[test]
fn s7_files_and_folders_that_others_can_read_are_refused_with_the_repair() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::signed_in();
    fs::set_permissions(world.file(), fs::Permissions::from_mode(0o644)).unwrap();
    let error = world.open().unwrap_err().to_string();
    assert!(error.contains("chmod 600 "), "{error}");
    fs::set_permissions(world.file(), fs::Permissions::from_mode(0o600)).unwrap();
    fs::set_permissions(world.paths.sessions(), fs::Permissions::from_mode(0o755)).unwrap();
    let error = world.open().unwrap_err().to_string();
    assert!(error.contains("chmod 700 "), "{error}");
}

#[test]
fn s8_a_newer_format_is_not_called_damaged() {
    let world = World::signed_in();
    fs::write(world.file(), "nbatodo-session 3\nwhatever will be there\n").unwrap();
    let opened = world.open();
    let newer = SealError::NewerVersion { version: 3 };
    assert!(matches!(opened, Err(VaultError::Seal(error)) if error == newer));
}

#[test]
fn s9_a_missing_key_and_a_missing_key_store_are_told_apart() {
    let world = World::signed_in();
    for weather in [Weather::Locked, Weather::NoCollection] {
        world.outside.turns(weather);
        assert!(matches!(world.open(), Err(VaultError::Keys(KeyStoreError::Locked { .. }))));
    }
    world.outside.turns(Weather::Fine);
    assert_eq!(world.token().unwrap(), "first");
    world.outside.entries.lock().unwrap().clear();
    assert!(matches!(world.open(), Err(VaultError::KeyGone)));
    assert!(world.outside.keys().is_empty(), "asking leaves no probe behind");
}

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
    for weather in [Weather::Locked, Weather::NoCollection, Weather::NoSet, Weather::NoSave] {
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
