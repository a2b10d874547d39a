//! Every history of two stores, one of which comes and goes.

use std::collections::BTreeMap;
use std::sync::Mutex;

use proptest::prelude::*;

use super::*;
use crate::keys::Notes;

/// How a store answers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Mood {
    #[default]
    Well,
    Away,
    Locked,
}

/// A store in memory, with moods.
#[derive(Default)]
struct Shelf {
    entries: Mutex<BTreeMap<EntryName, Vec<u8>>>,
    mood: Mutex<Mood>,
    asked: Mutex<usize>,
    is_kernel: bool,
}

impl Shelf {
    fn turns(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    fn holds(&self, name: &EntryName) -> bool {
        self.entries.lock().unwrap().contains_key(name)
    }

    fn answers(&self) -> Result<(), KeyStoreError> {
        *self.asked.lock().unwrap() += 1;
        let why = "no bus".to_owned();
        match *self.mood.lock().unwrap() {
            Mood::Well => Ok(()),
            Mood::Away if self.is_kernel => Err(KeyStoreError::NoKernelKeyring { why }),
            Mood::Away => Err(KeyStoreError::Unreachable { why }),
            Mood::Locked => Err(KeyStoreError::Locked { why }),
        }
    }
}

impl KeyStore for Shelf {
    fn get(&self, name: &EntryName) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError> {
        self.answers()?;
        Ok(self.entries.lock().unwrap().get(name).cloned().map(Zeroizing::new))
    }

    fn set(&self, name: &EntryName, secret: &[u8]) -> Result<(), KeyStoreError> {
        self.answers()?;
        self.entries.lock().unwrap().insert(name.clone(), secret.to_vec());
        Ok(())
    }

    fn delete(&self, name: &EntryName) -> Result<bool, KeyStoreError> {
        self.answers()?;
        Ok(self.entries.lock().unwrap().remove(name).is_some())
    }

    fn describe(&self) -> String {
        if self.is_kernel { "the kernel keyring" } else { "the keyring" }.to_owned()
    }

    fn forgets_at_restart(&self) -> bool {
        self.is_kernel
    }
}

#[derive(Default)]
struct Notebook(Mutex<Vec<EntryName>>);

impl Notes for Notebook {
    fn has(&self, name: &EntryName) -> bool {
        self.0.lock().unwrap().contains(name)
    }

    fn add(&self, name: &EntryName) -> Result<(), KeyStoreError> {
        self.0.lock().unwrap().push(name.clone());
        Ok(())
    }

    fn remove(&self, name: &EntryName) -> Result<(), KeyStoreError> {
        self.0.lock().unwrap().retain(|noted| noted != name);
        Ok(())
    }
}

struct World {
    keyring: Arc<Shelf>,
    kernel: Arc<Shelf>,
    both: Fallback,
}

fn world() -> World {
    let keyring = Arc::new(Shelf::default());
    let kernel = Arc::new(Shelf { is_kernel: true, ..Shelf::default() });
    let notes = Arc::new(Notebook::default());
    let first = Noted::new(keyring.clone(), notes, kernel.clone());
    let both = Fallback::new(first, kernel.clone());
    World { keyring, kernel, both }
}

fn client() -> EntryName {
    EntryName::client(&"https://api.todoist.com".parse().unwrap())
}

fn grant() -> EntryName {
    EntryName::grant(&"work".parse().unwrap())
}

impl World {
    fn get(&self, name: &EntryName) -> Option<Vec<u8>> {
        self.both.get(name).unwrap().map(|secret| secret.to_vec())
    }

    fn is_out_of_reach(&self, name: &EntryName) -> bool {
        matches!(self.both.get(name), Err(KeyStoreError::Unreachable { .. }))
    }
}

#[test]
fn what_was_put_into_the_kernel_is_found_when_the_keyring_has_come() {
    let world = world();
    world.keyring.turns(Mood::Away);
    world.both.set(&client(), b"early").unwrap();
    for mood in [Mood::Away, Mood::Well, Mood::Locked] {
        world.keyring.turns(mood);
        assert_eq!(world.get(&client()).unwrap(), b"early", "{mood:?}");
    }
}

#[test]
fn a_later_entry_in_the_keyring_leaves_no_older_one_in_the_kernel() {
    let world = world();
    world.keyring.turns(Mood::Away);
    world.both.set(&client(), b"early").unwrap();
    world.keyring.turns(Mood::Well);
    world.both.set(&client(), b"late").unwrap();
    assert!(!world.kernel.holds(&client()));
    assert_eq!(world.get(&client()).unwrap(), b"late");
}

#[test]
fn what_lies_in_a_keyring_that_is_away_is_out_of_reach_and_not_gone() {
    let world = world();
    world.both.set(&client(), b"secret").unwrap();
    world.keyring.turns(Mood::Away);
    assert!(world.is_out_of_reach(&client()));
    assert!(matches!(world.both.delete(&client()), Err(KeyStoreError::Unreachable { .. })));
    assert!(world.get(&grant()).is_none(), "of what never lay there, that is known");
    assert!(!world.both.delete(&grant()).unwrap());
    world.keyring.turns(Mood::Well);
    assert!(world.both.delete(&client()).unwrap());
    world.keyring.turns(Mood::Away);
    assert!(world.get(&client()).is_none());
}

#[test]
fn a_keyring_that_is_locked_is_there_and_nothing_stands_in_for_it() {
    let world = world();
    world.keyring.turns(Mood::Locked);
    assert!(matches!(world.both.set(&client(), b"secret"), Err(KeyStoreError::Locked { .. })));
    assert!(matches!(world.both.get(&client()), Err(KeyStoreError::Locked { .. })));
    assert!(matches!(world.both.check(), Err(KeyStoreError::Locked { .. })));
    assert!(!world.kernel.holds(&client()));
}

#[test]
fn nobody_is_asked_to_unlock_the_keyring_for_a_key_in_the_kernel() {
    let world = world();
    world.keyring.turns(Mood::Away);
    world.both.set(&client(), b"secret").unwrap();
    world.keyring.turns(Mood::Locked);
    let before = *world.keyring.asked.lock().unwrap();
    assert!(world.get(&client()).is_some() && world.both.delete(&client()).unwrap());
    assert_eq!(*world.keyring.asked.lock().unwrap(), before);
}

#[test]
fn what_is_to_last_goes_into_the_kernel_only_where_it_lies_there_already() {
    let world = world();
    world.keyring.turns(Mood::Away);
    let refused = world.both.set(&grant(), b"refresh");
    assert!(matches!(refused, Err(KeyStoreError::Unreachable { .. })), "{refused:?}");
    assert!(!world.kernel.holds(&grant()));
    world.kernel.set(&grant(), b"as asked for").unwrap();
    world.both.set(&grant(), b"its successor").unwrap();
    assert_eq!(world.get(&grant()).unwrap(), b"its successor");
}

#[test]
fn the_store_in_use_is_named_with_why_and_warned_of() {
    let world = world();
    world.both.check().unwrap();
    assert_eq!(world.both.describe(), "the keyring");
    assert!(world.both.caveat().is_none() && !world.both.forgets_at_restart());
    world.keyring.turns(Mood::Away);
    world.both.check().unwrap();
    assert_eq!(world.both.describe(), "the kernel keyring (no desktop keyring answered)");
    assert!(world.both.caveat().unwrap().contains("a restart empties"));
    assert!(world.both.forgets_at_restart());
}

#[test]
fn without_either_both_reasons_are_said() {
    let world = world();
    world.keyring.turns(Mood::Away);
    world.kernel.turns(Mood::Away);
    for failed in [world.both.check(), world.both.set(&client(), b"secret")] {
        let error = failed.unwrap_err();
        let said = "no keyring can be reached: no bus; the kernel keyring cannot be used: no bus";
        assert_eq!(error.to_string(), said);
        assert!(error.remedy().contains("nbatodo doctor --make-key FILE"));
    }
    world.keyring.turns(Mood::Well);
    world.both.set(&client(), b"secret").unwrap();
    assert_eq!(world.get(&client()).unwrap(), b"secret");
    assert!(world.both.delete(&client()).unwrap());
}

/// What happens to the two stores.
#[derive(Clone, Copy, Debug)]
enum Event {
    Set(u8),
    Delete,
    Comes,
    Goes,
    Locks,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        3 => any::<u8>().prop_map(Event::Set),
        2 => Just(Event::Delete),
        1 => Just(Event::Comes),
        1 => Just(Event::Goes),
        1 => Just(Event::Locks),
    ]
}

proptest! {
    /// Reading gives what was put last, or that it is out of reach; never something older, and
    /// never that there is nothing.
    #[test]
    fn the_last_entry_is_found_or_out_of_reach(events in prop::collection::vec(event(), 1..24)) {
        let world = world();
        let name = client();
        let mut last = None;
        for event in events {
            match event {
                Event::Set(value) => {
                    if world.both.set(&name, &[value]).is_ok() {
                        last = Some(vec![value]);
                    }
                }
                Event::Delete => {
                    if let Ok(found) = world.both.delete(&name) {
                        prop_assert_eq!(found, last.is_some());
                        last = None;
                        prop_assert!(!world.keyring.holds(&name) && !world.kernel.holds(&name));
                    }
                }
                Event::Comes => world.keyring.turns(Mood::Well),
                Event::Goes => world.keyring.turns(Mood::Away),
                Event::Locks => world.keyring.turns(Mood::Locked),
            }
            if let Ok(read) = world.both.get(&name) {
                prop_assert_eq!(read.map(|secret| secret.to_vec()), last.clone());
            }
        }
    }
}
