//! A session file that was changed, bit by bit and piece by piece.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use super::copy;
use crate::noise::Noise;
use crate::world::{RED, Ran, World, finish};

/// How many homes files are changed in, at the same time.
const HOMES: usize = 2;

/// A world in which somebody is signed in, and copies of their home to change things in.
struct Changing {
    world: World,
    good: Vec<u8>,
}

impl Changing {
    fn new() -> Self {
        let world = World::new();
        world.sign_in("default", RED);
        let good = fs::read(world.session_file("default")).unwrap();
        Self { world, good }
    }

    /// Runs `status` on each of `changed`, several at once, and hands what it said to `check`.
    /// Each file must still be there afterwards, as it was.
    fn each<T: Send>(&self, changed: Vec<(T, Vec<u8>)>, check: impl Fn(T, &[u8], &Ran) + Sync) {
        let requests = self.world.sandbox.requests().len();
        let mut shares: Vec<Vec<(T, Vec<u8>)>> = (0..HOMES).map(|_| Vec::new()).collect();
        for (at, one) in changed.into_iter().enumerate() {
            shares[at % HOMES].push(one);
        }
        thread::scope(|scope| {
            for (number, share) in shares.into_iter().enumerate() {
                let (home, check) = (self.home(number), &check);
                scope.spawn(move || {
                    for (case, bytes) in share {
                        check(case, &bytes, &self.status(&home, &bytes));
                    }
                });
            }
        });
        assert_eq!(self.world.sandbox.requests().len(), requests, "Todoist was asked");
        self.world.run(["status"]).exits_with(0);
    }

    fn home(&self, number: usize) -> PathBuf {
        let home = self.world.home().join(format!("home{number}"));
        copy(&self.world.home().join(".local"), &home.join(".local"));
        home
    }

    fn status(&self, home: &Path, bytes: &[u8]) -> Ran {
        let file = home.join(".local/state/nbatodo/sessions/default.session");
        fs::write(&file, bytes).unwrap();
        let mut status = self.world.command(["status"]);
        status.env("HOME", home);
        let ran = finish(status);
        assert_eq!(fs::read(&file).unwrap(), bytes, "the file was not kept: {ran:?}");
        ran
    }

    /// Where the line that begins with `name` stands.
    fn line(&self, name: &str) -> std::ops::Range<usize> {
        let text = std::str::from_utf8(&self.good).unwrap();
        let start = text.find(name).unwrap();
        start..start + text[start..].find('\n').unwrap()
    }
}

#[test]
fn s1_every_bit_flipped_is_refused_kept_and_asks_nobody() {
    let changing = Changing::new();
    let flipped = |bit: usize| {
        let mut bytes = changing.good.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        (bit / 8, bytes)
    };
    let (version, key) = (changing.line("nbatodo-session").end - 1, changing.line("key: "));
    let all = (0..changing.good.len() * 8).map(flipped).collect();
    changing.each(all, |byte, bytes, ran| {
        // Another digit is another version, and another key's name is one that is not there.
        let newer = byte == version && (b'2'..=b'9').contains(&bytes[byte]);
        let gone = "the key of the session file is gone. Sign in with: nbatodo login";
        let words = match () {
            () if newer => "made by a newer nbatodo",
            () if key.contains(&byte) && ran.stderr.contains("gone") => gone,
            () => "the session file is damaged. Sign in with: nbatodo login",
        };
        ran.exits_with(4).complains_of(&[words, "nbatodo login"]);
    });
}

#[test]
fn s1_a_thousand_cuts_and_splices_are_refused() {
    let changing = Changing::new();
    let good = &changing.good;
    let mut noise = Noise(0x6e62_6174_6f64_6f01);
    let mut changed = Vec::new();
    while changed.len() < 1000 {
        let (from, to) = (noise.below(good.len() + 1), noise.below(good.len() + 1));
        let (from, to) = (from.min(to), from.max(to));
        let piece = good[from..to].to_vec();
        let mut bytes = good.clone();
        match changed.len() % 5 {
            0 => drop(bytes.drain(from..to)),
            1 => bytes.truncate(from),
            2 => drop(bytes.splice(from..from, piece)),
            3 => {
                let at = noise.below(good.len() + 1);
                drop(bytes.splice(at..at, piece));
            }
            _ => {
                let strange: Vec<u8> = piece.iter().map(|_| noise.below(256) as u8).collect();
                drop(bytes.splice(from..to, strange));
            }
        }
        if bytes != *good {
            changed.push(((from, to), bytes));
        }
    }
    let words = ["the session file is damaged", "the key of the session file is gone"];
    changing.each(changed, |case, _, ran| {
        ran.exits_with(4).complains_of(&["Sign in with: nbatodo login"]);
        assert!(words.iter().any(|words| ran.stderr.contains(words)), "{case:?}: {ran:?}");
    });
}
