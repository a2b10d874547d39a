//! What all imports of one run go by: the connections, and the games, which are fetched and
//! parsed once.

use std::collections::BTreeSet;
use std::sync::{self, Arc, OnceLock, PoisonError};

use tokio::sync::Mutex;

use crate::commands::games::Games;
use crate::commands::{Context, Failure, games};
use crate::http::{Http, HttpError};
use crate::model::SecureUrl;
use crate::schedule::source::Loaded;

/// Shared by the imports of a run. Whoever comes first gets what is needed, and the others wait.
#[derive(Default)]
pub struct Supplies {
    http: OnceLock<Arc<Http>>,
    /// How many requests there may be at once; any number if it is not set.
    at_once: Option<usize>,
    /// Mostly one: profiles that go by the same source share it.
    loaded: Mutex<Vec<Supply>>,
    /// What was said to be lacking.
    lacks_told: sync::Mutex<BTreeSet<&'static str>>,
}

/// Games, and what was asked for them.
struct Supply {
    games: Games,
    feed: SecureUrl,
    /// Why there are none, where there are none.
    loaded: Result<Arc<Loaded>, String>,
    /// Whether it was said where they come from.
    told: bool,
}

impl Supplies {
    /// With at most `at_once` requests under way.
    pub fn with_requests_at_once(at_once: usize) -> Self {
        Self { at_once: Some(at_once), ..Self::default() }
    }

    /// The client, with its pool of connections.
    ///
    /// # Errors
    /// [`HttpError::Setup`].
    pub fn http(&self) -> Result<Arc<Http>, HttpError> {
        if let Some(http) = self.http.get() {
            return Ok(http.clone());
        }
        let http = match self.at_once {
            Some(at_once) => Http::new()?.with_requests_at_once(at_once),
            None => Http::new()?,
        };
        Ok(self.http.get_or_init(|| Arc::new(http)).clone())
    }

    /// Says where `games` come from, the first time that they are used.
    pub(super) async fn tell_once(&self, context: &Context, games: &Arc<Loaded>) {
        let is_it = |it: &&mut Supply| it.loaded.as_ref().is_ok_and(|it| Arc::ptr_eq(it, games));
        if let Some(supply) = self.loaded.lock().await.iter_mut().find(is_it)
            && !std::mem::replace(&mut supply.told, true)
        {
            games::note_fallback(context, games);
        }
    }

    /// Says, the first time, what a Todoist plan does not have, so that none are `done`.
    pub(super) fn tell_lack_once(&self, context: &Context, what: &'static str, done: &str) {
        let mut told = self.lacks_told.lock().unwrap_or_else(PoisonError::into_inner);
        if !told.insert(what) {
            return;
        }
        let listener = &context.listener;
        match self.at_once {
            None => listener.note(&format!("Your Todoist plan has no {what}, so none are {done}.")),
            // Of many people, this one is only the first.
            Some(_) => listener
                .note_for_all(&format!("Where a Todoist plan has no {what}, none are {done}.")),
        }
    }

    /// The games that `wanted` names.
    ///
    /// # Errors
    /// As [`games::load`]; a feed that could not be used for one is not asked again for others.
    pub(super) async fn games(
        &self,
        context: &Context,
        wanted: &Games,
    ) -> Result<Arc<Loaded>, Failure> {
        let feed = &context.settings.schedule_url;
        let mut loaded = self.loaded.lock().await;
        if let Some(supply) = loaded.iter().find(|it| it.games == *wanted && it.feed == *feed) {
            return supply.loaded.clone().map_err(Failure::Feed);
        }
        let games = games::load(context, &*self.http()?, wanted).await;
        let supply =
            |loaded| Supply { games: wanted.clone(), feed: feed.clone(), loaded, told: false };
        match games {
            Ok(games) => {
                let games = Arc::new(games);
                loaded.push(supply(Ok(games.clone())));
                Ok(games)
            }
            Err(Failure::Feed(why)) => {
                loaded.push(supply(Err(why.clone())));
                Err(Failure::Feed(why))
            }
            Err(failure) => Err(failure),
        }
    }
}
