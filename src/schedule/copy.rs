//! The last good copy of a feed: a file that is replaced whole, with what the server wants to
//! hear when it is asked whether anything changed.

use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::model::SecureUrl;
use crate::private_files::{FileError, read_private, write_private};
use crate::schedule::doubt::Doubt;
use crate::schedule::live::Validators;
use crate::schedule::{Schedule, table};

/// The version of the file's shape; a copy of another one counts as none.
const FORMAT: u32 = 1;
/// Many times what a season takes.
const LONGEST: u64 = 4 * 1024 * 1024;
/// So many bytes of a hash tell the feeds apart that one person has.
const KEY_BYTES: usize = 8;

/// Where the copy of one feed lies.
#[derive(Clone, Debug)]
pub struct CopyFile {
    path: PathBuf,
    is_replaced: bool,
}

/// What the feed said when it was last asked with success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedCopy {
    /// The games.
    pub schedule: Schedule,
    /// What the server named this state of its file.
    pub validators: Validators,
    /// When the server last gave or confirmed it.
    pub asked: Timestamp,
    /// What it has said since, again and again, and was not believed.
    pub doubt: Option<Doubt>,
}

/// The first line, behind `# `; the rest is a [`table`].
#[derive(Deserialize, Serialize)]
struct Head {
    format: u32,
    season: String,
    published: Timestamp,
    asked: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    doubt: Option<Doubt>,
    #[serde(flatten)]
    validators: Validators,
}

impl CopyFile {
    /// That of the feed at `url`, in `folder`. The name is a hash: an address may carry what is
    /// nobody's business.
    pub fn of(folder: &Path, url: &SecureUrl) -> Self {
        let hash = Sha256::digest(url.url().as_str());
        let key: String = hash.iter().take(KEY_BYTES).map(|byte| format!("{byte:02x}")).collect();
        Self { path: folder.join(format!("{key}.csv")), is_replaced: true }
    }

    /// The same, for a run that leaves it as it is.
    pub fn untouched(self) -> Self {
        Self { is_replaced: false, ..self }
    }

    /// Whether anything lies there, usable or not.
    pub fn is_there(&self) -> bool {
        self.path.symlink_metadata().is_ok()
    }

    /// The copy, or `None` where none lies there that can be used: whatever is wrong with it,
    /// the feed is there to replace it.
    pub fn read(&self) -> Option<FeedCopy> {
        let bytes = match read_private(&self.path, LONGEST) {
            Ok(bytes) => bytes?,
            Err(error) => {
                tracing::warn!(%error, "the copy of the schedule is not read");
                return None;
            }
        };
        let copy = parse(&bytes);
        if copy.is_none() {
            tracing::warn!(path = %self.path.display(), "the copy of the schedule is damaged");
        }
        copy
    }

    /// Replaces the copy. That it cannot be kept spoils no run.
    pub fn keep(&self, copy: &FeedCopy) {
        if !self.is_replaced {
            return;
        }
        if let Err(error) = self.write(copy) {
            tracing::warn!(%error, "the schedule is not kept for later");
        }
    }

    fn write(&self, copy: &FeedCopy) -> Result<(), FileError> {
        let failed = |cause| FileError::Io { path: self.path.clone(), cause };
        let head = Head {
            format: FORMAT,
            season: copy.schedule.season.to_string(),
            published: copy.schedule.published,
            asked: copy.asked,
            doubt: copy.doubt,
            validators: copy.validators.clone(),
        };
        let head = serde_json::to_string(&head).map_err(|error| failed(error.into()))?;
        let games = table::write(&copy.schedule.games);
        let games = games.map_err(|error| failed(io::Error::other(error)))?;
        write_private(&self.path, &[b"# ", head.as_bytes(), b"\n", &games].concat())
    }
}

fn parse(bytes: &[u8]) -> Option<FeedCopy> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (first, _) = text.split_once('\n')?;
    let head: Head = serde_json::from_str(first.strip_prefix("# ")?).ok()?;
    if head.format != FORMAT {
        return None;
    }
    let season = head.season.parse().ok()?;
    let games = table::read(season, text).ok().filter(|games| !games.is_empty())?;
    Some(FeedCopy {
        schedule: Schedule::in_order(season, head.published, games),
        validators: head.validators,
        asked: head.asked,
        doubt: head.doubt,
    })
}
