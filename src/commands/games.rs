//! The games that a command goes by, and what is said of where they come from.

use crate::commands::{Context, Failure};
use crate::http::Http;
use crate::schedule::source::{self, Asking, Feed, Loaded, Provenance};
use crate::schedule::{CopyFile, bundled};

/// Where the games come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Games {
    /// The source.
    pub from: Source,
    /// When the league's feed is asked.
    pub asking: Asking,
    /// A feed that cannot be used is a failure; no copy stands in for it.
    pub strict: bool,
}

/// A source of games.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The league's feed; where that fails, the last good copy or the season in the binary.
    Feed,
    /// The season in the binary.
    Binary,
}

impl Games {
    /// Those of the season in the binary.
    pub fn bundled() -> Self {
        Self { from: Source::Binary, asking: Asking::Offline, strict: false }
    }
}

/// Gets them.
///
/// # Errors
/// [`Failure::Feed`] if the feed cannot be used and nothing may stand in for it;
/// [`Failure::Schedule`] if the season in the binary is damaged.
pub(super) async fn load(context: &Context, http: &Http, games: &Games) -> Result<Loaded, Failure> {
    let url = &context.settings.schedule_url;
    let loaded = match games.from {
        Source::Feed => {
            let copy = CopyFile::of(&context.paths.schedules(), url);
            let feed = Feed { http, url, copy: &copy, asking: games.asking };
            source::load(&feed, context.clock.now()).await?
        }
        Source::Binary => Loaded {
            schedule: bundled::newest()?,
            provenance: Provenance::Bundled { because: "no other was asked for".to_owned() },
        },
    };
    match loaded.fallback() {
        Some(because) if games.strict => Err(Failure::Feed(because.to_owned())),
        _ => Ok(loaded),
    }
}

/// Says it if the feed was not used.
pub(super) fn note_fallback(context: &Context, loaded: &Loaded) {
    if let Some(remark) = loaded.remark(context.clock.now()) {
        context.listener.note(&remark);
    }
}
