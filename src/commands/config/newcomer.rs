//! A profile that is new to this machine, and gets settings: one that will sign in, or a typo.

use std::fmt;

use crate::model::{Profile, nearest};
use crate::session::Roster;
use crate::settings::{ConfigFile, Key};

/// What there is to say where settings are set for a profile that nobody knows.
#[derive(Debug)]
pub struct Newcomer {
    profile: Profile,
    key: Key,
    nearest: Option<String>,
}

impl Newcomer {
    /// `profile` whose `key` is to be set, where nobody is signed in as that and `file` has no
    /// table of it. Where only a database could tell, it is not asked.
    pub fn of((profile, key): (&Profile, Key), file: &ConfigFile, roster: &Roster) -> Option<Self> {
        let Roster::Here(_) = roster else { return None };
        let signed_in = roster.profiles().ok()?;
        let tables = file.profiles().cloned();
        let known: Vec<Profile> =
            signed_in.into_iter().chain(tables).chain(file.profile()).collect();
        if *profile == Profile::default() || known.contains(profile) {
            return None;
        }
        let near = nearest(profile.as_str(), known.iter().map(Profile::as_str));
        let nearest = near.map(str::to_owned);
        Some(Self { profile: profile.clone(), key, nearest })
    }

    /// How to take it back.
    pub fn advice(&self) -> String {
        let Self { profile, key, .. } = self;
        format!(
            "If it is a typo, take it back with: nbatodo config unset {key} --profile {profile}"
        )
    }
}

impl fmt::Display for Newcomer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "nobody is signed in as \"{}\": this waits for a login of that name",
            self.profile
        )?;
        match &self.nearest {
            Some(name) => write!(f, "; nearest: \"{name}\""),
            None => Ok(()),
        }
    }
}
