//! The games that a command goes by, and what is said of where they come from.

use crate::commands::{Context, Failure};
use crate::http::Http;
use crate::model::Season;
use crate::schedule::source::{self, Asking, Feed, Loaded, Provenance};
use crate::schedule::{CopyFile, Schedule, bundled};

/// Where the games come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Games {
    /// The source.
    pub from: Source,
    /// When the league's feed is asked.
    pub asking: Asking,
    /// Of this season; otherwise of the one that the source has.
    pub season: Option<Season>,
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
        Self { from: Source::Binary, asking: Asking::Offline, season: None, strict: false }
    }
}

/// Gets them.
///
/// # Errors
/// [`Failure::Feed`] if the feed cannot be used and nothing may stand in for it;
/// [`Failure::NoSeason`] for a past season that nobody has; [`Failure::Schedule`] if the season in
/// the binary is damaged.
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
    match (loaded.fallback(), games.season) {
        (Some(because), _) if games.strict => Err(Failure::Feed(because.to_owned())),
        (_, Some(season)) => of_season(loaded, season),
        _ => Ok(loaded),
    }
}

/// The schedule of `season`, whichever the source at hand has. One that is not out yet has no
/// games, which is an answer.
fn of_season(loaded: Loaded, season: Season) -> Result<Loaded, Failure> {
    let has = loaded.schedule.season;
    if season == has {
        return Ok(loaded);
    }
    if season > has {
        let published = loaded.schedule.published;
        let schedule = Schedule { season, published, games: Vec::new() };
        return Ok(Loaded { schedule, ..loaded });
    }
    match bundled::season(season)? {
        Some(schedule) => {
            let because = format!("the league's feed has the season {has}");
            Ok(Loaded { schedule, provenance: Provenance::Bundled { because } })
        }
        None => Err(Failure::NoSeason { season, has }),
    }
}

/// Says it if the feed was not used.
pub(super) fn note_fallback(context: &Context, loaded: &Loaded) {
    if let Some(remark) = loaded.remark(context.clock.now()) {
        context.listener.note(&remark);
    }
}
