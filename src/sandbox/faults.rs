//! Faults that a test orders: each happens once.

use std::time::Duration;

use serde_json::{Value, json};

/// A fault, and the request that it hits.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The path that it waits for, such as `/api/v1/sync`.
    pub path: String,
    /// Which requests to that path it counts and hits.
    pub aim: Aim,
    /// Which of the coming requests it hits: 1 is the next one. Where another fault hits that
    /// one first, or an aimed fault finds nothing to do in it, it is the next one that fits.
    pub nth: usize,
    /// What happens.
    pub effect: Effect,
}

/// Which requests a fault is meant for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Aim {
    /// Every request.
    #[default]
    Any,
    /// Sync requests that carry commands.
    Writes,
    /// Sync requests that carry none.
    Reads,
}

/// What a fault does.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Answers this, and executes nothing.
    Answer {
        /// The HTTP status.
        status: u16,
        /// Headers, by name and value.
        headers: Vec<(String, String)>,
        /// The body.
        body: String,
    },
    /// Closes the connection without executing or answering the request.
    CloseBefore,
    /// Executes the request, then closes the connection instead of answering.
    CloseAfter,
    /// Executes the request, sends the head and half of the body, then closes the connection.
    CutAnswer,
    /// Executes nothing and answers 200 with HTML, as a gateway or a hotel's network may.
    Garbage,
    /// Executes the request at once and answers it so much later.
    Slow(Duration),
    /// Executes nothing and never answers; the connection stays open.
    Hang,
    /// Executes the request and never answers; the connection stays open.
    HangAfter,
    /// Executes the request; in the address that its answer redirects to, `parameter` has
    /// `value`, or is missing where there is none. For consents: a wrong state, another issuer.
    AlterRedirect {
        /// The parameter of the query.
        parameter: String,
        /// What stands there instead.
        value: Option<String>,
    },
    /// Refuses one command of a sync request. Unless it is aimed, only requests with more
    /// than `index` commands are counted.
    RefuseCommand {
        /// The command, counted from 0.
        index: usize,
        /// What stands for it in `sync_status`.
        error: Value,
    },
    /// Makes a full sync answer what was there when the fault was ordered, with that date in
    /// `full_sync_date_utc`, as Todoist does on big accounts. Unless it is aimed, only full
    /// syncs are counted.
    StaleFullSync,
}

impl Fault {
    /// `effect` on the next request to `path`.
    pub fn next(path: &str, effect: Effect) -> Self {
        Self::nth(path, 1, effect)
    }

    /// `effect` on the `nth` request to `path` from now; 1 is the next one.
    pub fn nth(path: &str, nth: usize, effect: Effect) -> Self {
        Self { path: path.to_owned(), aim: Aim::Any, nth, effect }
    }

    /// `effect` on the `nth` sync request from now that carries commands.
    pub fn nth_write(nth: usize, effect: Effect) -> Self {
        Self { aim: Aim::Writes, ..Self::nth(super::routes::SYNC, nth, effect) }
    }

    /// `effect` on the `nth` sync request from now that only reads.
    pub fn nth_read(nth: usize, effect: Effect) -> Self {
        Self { aim: Aim::Reads, ..Self::nth(super::routes::SYNC, nth, effect) }
    }

    /// Alters `parameter` of the redirect with which the next consent page is left.
    pub fn altered_consent(parameter: &str, value: Option<&str>) -> Self {
        let (parameter, value) = (parameter.to_owned(), value.map(str::to_owned));
        // The first request asks for the consent page, the second one answers it.
        Self::nth("/oauth/authorize", 2, Effect::AlterRedirect { parameter, value })
    }

    /// An answer with `status`, `headers` and `body` to the next request to `path`.
    pub fn answer(path: &str, status: u16, headers: &[(&str, &str)], body: &str) -> Self {
        let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        let effect = Effect::Answer { status, headers: headers.collect(), body: body.to_owned() };
        Self::next(path, effect)
    }

    /// Todoist does not know the client of the next request to `path`, and says so with `error`:
    /// `invalid_client`, or `incorrect_application_credentials`.
    pub fn unknown_client(path: &str, error: &str) -> Self {
        Self::answer(path, 401, &[], &json!({ "error": error }).to_string())
    }

    /// The next registration is refused with `error` (RFC 7591 section 3.2.2).
    pub fn refuse_registration(error: &str, description: &str) -> Self {
        let body = json!({ "error": error, "error_description": description });
        Self::answer(super::routes::REGISTER, 400, &[], &body.to_string())
    }

    /// The next registration is one too many; another is taken after `seconds`.
    pub fn limit_registrations(seconds: u64) -> Self {
        let (after, body) = (seconds.to_string(), json!({ "error": "Too many requests" }));
        let headers = [("Retry-After", after.as_str())];
        Self::answer(super::routes::REGISTER, 429, &headers, &body.to_string())
    }

    /// Refuses the command at `index` of the next sync that has so many, with the refusal
    /// `error`.
    pub fn refuse_command(index: usize, error: Value) -> Self {
        Self::next(super::routes::SYNC, Effect::RefuseCommand { index, error })
    }
}

impl Aim {
    /// What a sync request with or without commands is.
    pub(crate) fn of(carries_commands: bool) -> Self {
        if carries_commands { Self::Writes } else { Self::Reads }
    }

    fn takes(self, request: Self) -> bool {
        self == Self::Any || self == request
    }
}

impl Effect {
    /// Whether it happens to a part of the answer, and not to the request as a whole.
    fn is_inside(&self) -> bool {
        matches!(self, Self::RefuseCommand { .. } | Self::StaleFullSync)
    }
}

/// The faults that have not happened yet.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn order(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    /// How many are left.
    pub(crate) fn left(&self) -> usize {
        self.0.len()
    }

    /// What happens to a request to `path` as a whole. Aimed faults count it here even if
    /// they happen inside: a request that another fault keeps from executing was one, too.
    pub(crate) fn for_request(&mut self, path: &str, request: Aim) -> Option<Effect> {
        let fits = |fault: &Fault| fault.path == path && fault.aim.takes(request);
        self.count(|fault| fits(fault) && (!fault.effect.is_inside() || fault.aim != Aim::Any));
        self.take(|fault| fits(fault) && !fault.effect.is_inside())
    }

    /// Which of `count` commands is refused, and how.
    pub(crate) fn for_commands(&mut self, count: usize) -> Option<(usize, Value)> {
        let hits = |fault: &Fault| match fault.effect {
            Effect::RefuseCommand { index, .. } => index < count,
            _ => false,
        };
        self.count(|fault| hits(fault) && fault.aim == Aim::Any);
        match self.take(|fault| hits(fault) && fault.aim.takes(Aim::Writes))? {
            Effect::RefuseCommand { index, error } => Some((index, error)),
            _ => None,
        }
    }

    /// Whether this full sync is stale.
    pub(crate) fn for_full_sync(&mut self, request: Aim) -> bool {
        let hits = |fault: &Fault| matches!(fault.effect, Effect::StaleFullSync);
        self.count(|fault| hits(fault) && fault.aim == Aim::Any);
        self.take(|fault| hits(fault) && fault.aim.takes(request)).is_some()
    }

    /// Counts one request for every fault that it `concerns`.
    fn count(&mut self, concerns: impl Fn(&Fault) -> bool) {
        for fault in self.0.iter_mut().filter(|fault| concerns(fault)) {
            fault.nth = fault.nth.saturating_sub(1);
        }
    }

    /// Takes the first fault that `hits` and whose turn it is.
    fn take(&mut self, hits: impl Fn(&Fault) -> bool) -> Option<Effect> {
        let at = self.0.iter().position(|fault| fault.nth == 0 && hits(fault))?;
        Some(self.0.remove(at).effect)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_hits_the_nth_request_to_its_path_and_only_once() {
        let mut faults = Faults::default();
        faults.order(Fault::nth("/a", 2, Effect::CloseBefore));
        assert!(faults.for_request("/a", Aim::Any).is_none());
        assert!(faults.for_request("/b", Aim::Any).is_none());
        assert!(matches!(faults.for_request("/a", Aim::Any), Some(Effect::CloseBefore)));
        assert!(faults.for_request("/a", Aim::Any).is_none());
    }

    #[test]
    fn a_command_is_refused_only_in_a_request_that_has_it() {
        let mut faults = Faults::default();
        faults.order(Fault::refuse_command(2, Value::Null));
        assert!(faults.for_request("/api/v1/sync", Aim::Writes).is_none());
        assert!(faults.for_commands(2).is_none());
        assert_eq!(faults.for_commands(3), Some((2, Value::Null)));
    }

    #[test]
    fn an_aimed_fault_counts_only_what_it_is_aimed_at() {
        let mut faults = Faults::default();
        faults.order(Fault::nth_write(2, Effect::Hang));
        faults.order(Fault::nth_read(1, Effect::CloseAfter));
        let mut sync = |request| faults.for_request("/api/v1/sync", request);
        assert!(sync(Aim::Writes).is_none());
        assert!(matches!(sync(Aim::Reads), Some(Effect::CloseAfter)));
        assert!(sync(Aim::Reads).is_none());
        assert!(matches!(sync(Aim::Writes), Some(Effect::Hang)));
    }

    #[test]
    fn an_aimed_refusal_counts_requests_that_never_execute() {
        let mut faults = Faults::default();
        faults.order(Fault::nth_write(1, Effect::CloseBefore));
        let refusal = Effect::RefuseCommand { index: 0, error: Value::Null };
        faults.order(Fault::nth_write(2, refusal));
        assert!(faults.for_request("/api/v1/sync", Aim::Writes).is_some());
        assert!(faults.for_request("/api/v1/sync", Aim::Writes).is_none());
        assert_eq!(faults.for_commands(1), Some((0, Value::Null)));
        assert_eq!(faults.left(), 0);
    }
}
