//! Faults that a test orders: each happens once.

use serde_json::Value;

/// A fault, and the request that it hits.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The path that it waits for, such as `/api/v1/sync`.
    pub path: String,
    /// Which of the coming requests to that path it hits: 1 is the next one.
    pub nth: usize,
    /// What happens.
    pub effect: Effect,
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
    /// Executes nothing and never answers; the connection stays open.
    Hang,
    /// Refuses one command of a sync request. Only requests with more than `index` commands
    /// are counted.
    RefuseCommand {
        /// The command, counted from 0.
        index: usize,
        /// What stands for it in `sync_status`.
        error: Value,
    },
    /// Makes a full sync answer what was there when the fault was ordered, with that date in
    /// `full_sync_date_utc`, as Todoist does on big accounts. Only full syncs are counted.
    StaleFullSync,
}

impl Fault {
    /// `effect` on the next request to `path`.
    pub fn next(path: &str, effect: Effect) -> Self {
        Self { path: path.to_owned(), nth: 1, effect }
    }

    /// `effect` on the `nth` request to `path` from now; 1 is the next one.
    pub fn nth(path: &str, nth: usize, effect: Effect) -> Self {
        Self { path: path.to_owned(), nth, effect }
    }

    /// An answer with `status`, `headers` and `body` to the next request to `path`.
    pub fn answer(path: &str, status: u16, headers: &[(&str, &str)], body: &str) -> Self {
        let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        let effect = Effect::Answer { status, headers: headers.collect(), body: body.to_owned() };
        Self::next(path, effect)
    }

    /// Refuses the command at `index` of the next sync that has so many, with the refusal
    /// `error`.
    pub fn refuse_command(index: usize, error: Value) -> Self {
        Self::next(super::routes::SYNC, Effect::RefuseCommand { index, error })
    }
}

/// The faults that have not happened yet.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn order(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    /// What happens to a request to `path` as a whole.
    pub(crate) fn for_request(&mut self, path: &str) -> Option<Effect> {
        self.due(|fault| {
            let inside =
                matches!(fault.effect, Effect::RefuseCommand { .. } | Effect::StaleFullSync);
            !inside && fault.path == path
        })
    }

    /// Which of `count` commands is refused, and how.
    pub(crate) fn for_commands(&mut self, count: usize) -> Option<(usize, Value)> {
        let hits = |fault: &Fault| match fault.effect {
            Effect::RefuseCommand { index, .. } => index < count,
            _ => false,
        };
        match self.due(hits)? {
            Effect::RefuseCommand { index, error } => Some((index, error)),
            _ => None,
        }
    }

    /// Whether this full sync is stale.
    pub(crate) fn for_full_sync(&mut self) -> bool {
        self.due(|fault| matches!(fault.effect, Effect::StaleFullSync)).is_some()
    }

    /// Counts one request for every fault that `hits`, and takes the first whose turn it is.
    fn due(&mut self, hits: impl Fn(&Fault) -> bool) -> Option<Effect> {
        for fault in self.0.iter_mut().filter(|fault| hits(fault)) {
            fault.nth = fault.nth.saturating_sub(1);
        }
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
        assert!(faults.for_request("/a").is_none());
        assert!(faults.for_request("/b").is_none());
        assert!(matches!(faults.for_request("/a"), Some(Effect::CloseBefore)));
        assert!(faults.for_request("/a").is_none());
    }

    #[test]
    fn a_command_is_refused_only_in_a_request_that_has_it() {
        let mut faults = Faults::default();
        faults.order(Fault::refuse_command(2, Value::Null));
        assert!(faults.for_request("/api/v1/sync").is_none());
        assert!(faults.for_commands(2).is_none());
        assert_eq!(faults.for_commands(3), Some((2, Value::Null)));
    }
}
