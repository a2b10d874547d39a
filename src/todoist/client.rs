//! Requests to Todoist on behalf of a person.

use jiff::Timestamp;
use reqwest::{Method, RequestBuilder};
use serde::de::DeserializeOwned;

use crate::http::{Answer, Http, NO_SENSE};
use crate::model::{AccessToken, Origin};
use crate::todoist::{Command, CompletedPage, SyncAnswer, TodoistError, User};

/// A person's Todoist: the token, and the only origin that it is ever sent to.
pub struct Client<'a> {
    http: &'a Http,
    api: &'a Origin,
    token: &'a AccessToken,
    may_ask: Box<dyn Fn() -> bool + Send + Sync + 'a>,
}

/// The token that asks for everything.
pub const EVERYTHING: &str = "*";

/// One request to the sync endpoint: first the commands are executed, then what changed since
/// the token is read.
#[derive(Clone, Copy, Debug)]
pub struct SyncRequest<'a> {
    /// [`EVERYTHING`], or the token of an earlier answer.
    pub sync_token: &'a str,
    /// What to read.
    pub resource_types: &'a [&'a str],
    /// At most [`crate::todoist::command::LARGEST_BATCH`] changes, executed in order.
    pub commands: &'a [Command],
}

impl<'a> Client<'a> {
    /// A client that sends `token` to `api` and nowhere else.
    pub fn new(http: &'a Http, api: &'a Origin, token: &'a AccessToken) -> Self {
        Self { http, api, token, may_ask: Box::new(|| true) }
    }

    /// The same, which sends nothing when `may_ask` says no: a run can last longer than what
    /// allows it to ask.
    #[must_use]
    pub fn asking_while(self, may_ask: impl Fn() -> bool + Send + Sync + 'a) -> Self {
        Self { may_ask: Box::new(may_ask), ..self }
    }

    /// Whose token it is.
    ///
    /// # Errors
    /// [`TodoistError`].
    pub async fn user(&self) -> Result<User, TodoistError> {
        let request = self.http.request(Method::GET, self.api.at("/api/v1/user"))?;
        self.ask(request).await
    }

    /// Reads or writes (API page "Sync").
    ///
    /// # Errors
    /// [`TodoistError`] if the request failed as a whole; what happened to each command is in
    /// the answer.
    pub async fn sync(&self, request: &SyncRequest<'_>) -> Result<SyncAnswer, TodoistError> {
        let mut form = vec![
            ("sync_token", request.sync_token.to_owned()),
            ("resource_types", json_text(request.resource_types)?),
        ];
        if !request.commands.is_empty() {
            form.push(("commands", json_text(request.commands)?));
        }
        let wants_all = request.sync_token == EVERYTHING && !request.resource_types.is_empty();
        let request = self.http.request(Method::POST, self.api.at("/api/v1/sync"))?;
        let answer: SyncAnswer = self.ask(request.form(&form)).await?;
        // To take a part for everything would be to create the rest again.
        if wants_all && !answer.full_sync {
            return Err(TodoistError::Unavailable("it did not tell everything".to_owned()));
        }
        Ok(answer)
    }

    /// A page of the tasks that were completed from `since` to `until` (API page "Tasks",
    /// "Completed tasks by completion date"; at most three months at a time).
    ///
    /// # Errors
    /// [`TodoistError`].
    pub async fn completed(
        &self,
        since: Timestamp,
        until: Timestamp,
        cursor: Option<&str>,
    ) -> Result<CompletedPage, TodoistError> {
        let mut url = self.api.at("/api/v1/tasks/completed/by_completion_date");
        url.query_pairs_mut()
            .append_pair("since", &since.to_string())
            .append_pair("until", &until.to_string())
            .append_pair("limit", "200")
            .extend_pairs(cursor.map(|cursor| ("cursor", cursor)));
        self.ask(self.http.request(Method::GET, url)?).await
    }

    async fn ask<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, TodoistError> {
        if !(self.may_ask)() {
            return Err(TodoistError::Ended);
        }
        let answer = self.http.send(request.bearer_auth(self.token.expose())).await?;
        if answer.status.is_success() {
            understood(&answer)
        } else {
            Err(TodoistError::of(&answer))
        }
    }
}

/// A success that is not in Todoist's shape came from something in front of it.
fn understood<T: DeserializeOwned>(answer: &Answer) -> Result<T, TodoistError> {
    if let Some(why) = answer.not_from_an_api() {
        return Err(TodoistError::Unavailable(why));
    }
    serde_json::from_slice(&answer.body).map_err(|error| {
        tracing::debug!(line = error.line(), column = error.column(), "answer not understood");
        TodoistError::Unavailable(NO_SENSE.to_owned())
    })
}

fn json_text<T: serde::Serialize + ?Sized>(value: &T) -> Result<String, TodoistError> {
    serde_json::to_string(value)
        .map_err(|error| TodoistError::Refused(format!("the request cannot be written: {error}")))
}
