//! What an entry of a key store is called.

use std::fmt;
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::KeyId;
use crate::model::{Origin, Profile};

/// How the names of session keys and of standing grants begin.
const SESSION: &str = "session/";
const GRANT: &str = "grant/";
/// The same for what imports remember.
const RECORD: &str = "record/";
const JOURNAL: &str = "journal/";
/// How long a session key is of use: no session lasts longer.
const SESSION_LIFETIME: Duration = Duration::from_secs(3600);
/// Longer than any check takes.
const PROBE_LIFETIME: Duration = Duration::from_secs(120);

/// The name of one entry: printable, on one line, and different for different things.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryName(String);

impl EntryName {
    /// `session/PROFILE/KEYID`: the key that seals one session.
    pub fn session(profile: &Profile, key: &KeyId) -> Self {
        Self(format!("{SESSION}{profile}/{key}"))
    }

    /// `client/ORIGIN`: this machine's OAuth client at `origin`.
    pub fn client(origin: &Origin) -> Self {
        Self(format!("client/{origin}"))
    }

    /// `own-client/ORIGIN/TRACE`: what is kept of a person's own OAuth client at `origin`. The
    /// client's id is not ours and may be of any length and look; a trace of it stands for it.
    pub fn own_client(origin: &Origin, id: &str) -> Self {
        let digest = Sha256::digest(id);
        let trace: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        Self(format!("own-client/{origin}/{trace}"))
    }

    /// `grant/PROFILE`: what lets `profile` stay signed in.
    pub fn grant(profile: &Profile) -> Self {
        Self(format!("{GRANT}{profile}"))
    }

    /// `record/PROFILE/TRACE`: what the imports of `profile` remember of an account, for which a
    /// trace stands that nobody can read without the master key.
    pub fn record(profile: &Profile, trace: &str) -> Self {
        Self(format!("{RECORD}{profile}/{trace}"))
    }

    /// `journal/PROFILE/TRACE`: what an import of `profile` has under way in that account.
    pub fn journal(profile: &Profile, trace: &str) -> Self {
        Self(format!("{JOURNAL}{profile}/{trace}"))
    }

    /// `probe`: an entry that only shows that the store works. Always the same name, so that
    /// whatever a killed check leaves is found and removed by the next.
    pub fn probe() -> Self {
        Self("probe".to_owned())
    }

    /// After what time a store that can forget by itself should have forgotten the entry. A
    /// standing grant and the client that it was granted to have no end that is known here.
    pub fn lifetime(&self) -> Option<Duration> {
        if self.0.starts_with(SESSION) {
            Some(SESSION_LIFETIME)
        } else {
            (*self == Self::probe()).then_some(PROBE_LIFETIME)
        }
    }

    /// Whether losing the entry at a restart would break what it promises: a standing grant is
    /// there to stay, and an older copy of one must never come back in its place.
    pub fn outlives_restart(&self) -> bool {
        self.0.starts_with(GRANT)
    }

    /// What it holds, as a person would put it.
    pub fn in_words(&self) -> String {
        let (kind, of) = self.0.split_once('/').unwrap_or((&self.0, ""));
        let profile = of.split('/').next().unwrap_or_default();
        match kind {
            "session" => format!("the key of the session of \"{profile}\""),
            "grant" => format!("what keeps \"{profile}\" signed in"),
            "client" => "what this machine signs in with".to_owned(),
            "own-client" => "the secret of your own client".to_owned(),
            _ => "the entry that only checks the key store".to_owned(),
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EntryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_lies_there() {
        let key: KeyId = "00000000000000000000000000000abc".parse().unwrap();
        let profile = "work".parse().unwrap();
        let name = EntryName::session(&profile, &key);
        assert_eq!(name.as_str(), "session/work/00000000000000000000000000000abc");
        let origin = "https://api.todoist.com".parse().unwrap();
        assert_eq!(EntryName::client(&origin).as_str(), "client/https://api.todoist.com");
        let own = EntryName::own_client(&origin, "mine");
        assert!(own.as_str().starts_with("own-client/https://api.todoist.com/"));
        assert_ne!(own, EntryName::own_client(&origin, "other"));
        let grant = EntryName::grant(&profile);
        assert_eq!(grant.as_str(), "grant/work");
        assert_eq!((name.lifetime(), grant.lifetime()), (Some(Duration::from_secs(3600)), None));
        assert!(grant.outlives_restart() && !name.outlives_restart() && !own.outlives_restart());
        assert_eq!(EntryName::probe().to_string(), "probe");
        let (record, journal) =
            (EntryName::record(&profile, "0a1b"), EntryName::journal(&profile, "0a1b"));
        assert_eq!((record.as_str(), journal.as_str()), ("record/work/0a1b", "journal/work/0a1b"));
    }
}
