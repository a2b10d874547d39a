//! The games that a command goes by, and what is said of where they come from.

use std::fmt;
use std::io::{self, Read};
use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::commands::{Context, Failure};
use crate::http::Http;
use crate::model::{Season, SecureUrl};
use crate::private_files::read_regular;
use crate::schedule::given::{self, Given, GivenError};
use crate::schedule::source::{self, Asking, Feed, Loaded, Provenance};
use crate::schedule::{CopyFile, Schedule, bundled, live};

/// As for the feed.
const LONGEST: u64 = 16 * 1024 * 1024;

/// Where the games come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Games {
    /// Who is asked for them.
    pub from: Source,
    /// When the league's feed is asked.
    pub asking: Asking,
    /// Of this season; otherwise of the one that the source has.
    pub season: Option<Season>,
    /// A feed that cannot be used is a failure; no copy stands in for it.
    pub strict: bool,
}

/// A source of games.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The league's feed; where that fails, the last good copy or the season in the binary.
    Feed,
    /// The season in the binary.
    Binary,
    /// What the person hands over.
    Given(Place),
}

/// Where a schedule lies that a person hands over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A file on this machine.
    File(PathBuf),
    /// An address that is fetched without any token.
    At(SecureUrl),
    /// Standard input.
    Input,
}

impl Games {
    /// Those of the league's feed, in the season that it has.
    pub fn of_the_league(asking: Asking) -> Self {
        Self { from: Source::Feed, asking, season: None, strict: false }
    }

    /// Those of the season in the binary.
    pub fn bundled() -> Self {
        Self { from: Source::Binary, asking: Asking::Offline, season: None, strict: false }
    }
}

impl fmt::Display for Place {
    /// For a message: of an address only the host, since the rest may hold a key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::At(url) => f.write_str(url.url().host_str().unwrap_or_default()),
            Self::Input => f.write_str("standard input"),
        }
    }
}

/// Gets them.
///
/// # Errors
/// [`Failure::Feed`] if the feed cannot be used and nothing may stand in for it;
/// [`Failure::Given`] and the like of a schedule of one's own;
/// [`Failure::NoSeason`] for a past season that nobody has; [`Failure::Schedule`] if the season in
/// the binary is damaged.
pub(super) async fn load(context: &Context, http: &Http, games: &Games) -> Result<Loaded, Failure> {
    let url = &context.settings.schedule_url;
    let copy = CopyFile::of(&context.paths.schedules(), url);
    let copy = if context.keeps_nothing() { copy.untouched() } else { copy };
    let now = context.clock.now();
    let loaded = match &games.from {
        Source::Feed => {
            let feed = Feed { http, url, copy: &copy, asking: games.asking };
            source::load(&feed, now).await?
        }
        Source::Binary => Loaded {
            schedule: bundled::newest()?,
            provenance: Provenance::Bundled { because: "no other was asked for".to_owned() },
        },
        Source::Given(place) => {
            let wrong = |error: GivenError| {
                let place = place.to_string();
                Failure::Given { place, error: error.into() }
            };
            let bytes = bytes_of(place, http).await?;
            let Given { schedule, left_out, is_dated } =
                given::parse(&bytes, &source::at_hand(&copy)?, now).map_err(wrong)?;
            Loaded { schedule, provenance: Provenance::Given { left_out, is_dated } }
        }
    };
    match (loaded.fallback(), games.season) {
        (Some(because), _) if games.strict => Err(Failure::Feed(because.to_owned())),
        (_, Some(season)) => of_season(loaded, season),
        _ => Ok(loaded),
    }
}

/// What lies there, whole and within the bound that holds for the feed.
async fn bytes_of(place: &Place, http: &Http) -> Result<Zeroizing<Vec<u8>>, Failure> {
    match place {
        Place::File(path) => {
            let bytes = read_regular(path, LONGEST).map_err(Failure::GivenFile)?;
            bytes.map(Zeroizing::new).ok_or_else(|| Failure::NoFile(path.clone()))
        }
        Place::Input => {
            // Apart, so that a source that never ends can be broken off.
            let read = tokio::task::spawn_blocking(read_input).await;
            read.unwrap_or_else(|broken| Err(io::Error::other(broken)))
                .map_err(|cause| Failure::System { what: "standard input cannot be read", cause })
        }
        Place::At(url) => {
            let request = live::request(http, url).map_err(Failure::GivenHttp)?;
            let answer = http.send(request).await.map_err(Failure::GivenHttp)?;
            match answer.status.as_u16() {
                200 => Ok(answer.body),
                status => Err(Failure::GivenAnswer { place: place.to_string(), status }),
            }
        }
    }
}

fn read_input() -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::new());
    io::stdin().lock().take(LONGEST + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 <= LONGEST {
        true => Ok(bytes),
        false => Err(io::ErrorKind::FileTooLarge.into()),
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
            let because = format!("the league's feed is of {has}");
            Ok(Loaded { schedule, provenance: Provenance::Bundled { because } })
        }
        None => Err(Failure::NoSeason { season, has }),
    }
}

/// Says it if the feed was not used.
pub(super) fn note_fallback(context: &Context, loaded: &Loaded) {
    if let Some(remark) = loaded.remark(context.clock.now()) {
        context.listener.note_for_all(&remark);
    }
}
