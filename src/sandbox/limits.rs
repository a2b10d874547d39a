//! What a plan allows, and how often one may ask.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// The window of every rate limit.
const WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// Partial syncs for each user in [`WINDOW`].
const PARTIAL_SYNCS: usize = 1_000;
/// Full syncs for each user in [`WINDOW`].
const FULL_SYNCS: usize = 100;
/// Registrations for each caller in [`WINDOW`]. Todoist documents that there is a limit, not
/// which: this figure is an assumption.
const REGISTRATIONS: usize = 60;

/// What an account pays for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Plan {
    /// Nothing.
    #[default]
    Free,
    /// Pro.
    Pro,
}

/// Figures to put in the place of the plan's, so that a test reaches them soon.
#[derive(Clone, Copy, Debug, Default)]
pub struct Overrides {
    /// Projects, the Inbox not counted.
    pub max_projects: Option<usize>,
    /// Active tasks in a project.
    pub max_tasks: Option<usize>,
    /// Sections in a project.
    pub max_sections: Option<usize>,
    /// Partial syncs in 15 minutes.
    pub partial_syncs: Option<usize>,
    /// Full syncs in 15 minutes.
    pub full_syncs: Option<usize>,
    /// Client registrations in 15 minutes.
    pub registrations: Option<usize>,
    /// Whether tasks can have comments.
    pub comments: Option<bool>,
}

/// What an account may have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) plan: Plan,
    pub(crate) max_projects: usize,
    pub(crate) max_tasks: usize,
    pub(crate) max_sections: usize,
    pub(crate) has_comments: bool,
}

impl Limits {
    pub(crate) fn of(plan: Plan, overrides: &Overrides) -> Self {
        let (projects, tasks, sections) = match plan {
            Plan::Free => (5, 300, 20),
            Plan::Pro => (300, 300, 20),
        };
        Self {
            plan,
            max_projects: overrides.max_projects.unwrap_or(projects),
            max_tasks: overrides.max_tasks.unwrap_or(tasks),
            max_sections: overrides.max_sections.unwrap_or(sections),
            has_comments: overrides.comments.unwrap_or(true),
        }
    }

    pub(crate) fn has_reminders(&self) -> bool {
        self.plan == Plan::Pro
    }

    /// The resource `user_plan_limits`.
    pub(crate) fn to_json(self) -> Value {
        let next = match self.plan {
            Plan::Free => Self::of(Plan::Pro, &Overrides::default()).plan_json(),
            Plan::Pro => Value::Null,
        };
        json!({ "current": self.plan_json(), "next": next })
    }

    fn plan_json(self) -> Value {
        let pro = self.plan == Plan::Pro;
        json!({
            "plan_name": if pro { "pro" } else { "free" },
            "max_projects": self.max_projects, "max_tasks": self.max_tasks,
            "max_sections": self.max_sections, "max_labels": 500,
            "durations": true, "comments": self.has_comments, "reminders": pro, "reminders_at_due": true,
            "deadlines": pro, "calendar_layout": pro,
        })
    }
}

/// How often one may do something in 15 minutes.
#[derive(Clone, Debug)]
pub(crate) struct RateLimit {
    allowed: usize,
    calls: Vec<Timestamp>,
    refused: usize,
}

/// The sync requests of an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SyncsCounted {
    /// Partial ones within the last 15 minutes.
    pub partial: usize,
    /// Full ones within the last 15 minutes.
    pub full: usize,
    /// Those that were refused since the start, because there were too many.
    pub refused: usize,
}

/// An account's rate limits.
pub(crate) struct SyncLimits {
    pub(crate) partial: RateLimit,
    pub(crate) full: RateLimit,
}

impl SyncLimits {
    pub(crate) fn new(overrides: &Overrides) -> Self {
        Self {
            partial: RateLimit::partial_syncs(overrides),
            full: RateLimit::full_syncs(overrides),
        }
    }

    pub(crate) fn counted(&self, now: Timestamp) -> SyncsCounted {
        SyncsCounted {
            partial: self.partial.within(now),
            full: self.full.within(now),
            refused: self.partial.refused + self.full.refused,
        }
    }

    /// From now on no call is allowed for `seconds`.
    pub(crate) fn use_up(&mut self, now: Timestamp, seconds: i64) {
        let ago = WINDOW - SignedDuration::from_secs(seconds);
        let then = now.checked_sub(ago).unwrap_or(now);
        for limit in [&mut self.partial, &mut self.full] {
            limit.calls = vec![then; limit.allowed];
        }
    }
}

/// Seconds until the next call is allowed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RetryAfter(pub(crate) i64);

impl RateLimit {
    pub(crate) fn partial_syncs(overrides: &Overrides) -> Self {
        Self::new(overrides.partial_syncs.unwrap_or(PARTIAL_SYNCS))
    }

    pub(crate) fn full_syncs(overrides: &Overrides) -> Self {
        Self::new(overrides.full_syncs.unwrap_or(FULL_SYNCS))
    }

    pub(crate) fn registrations(overrides: &Overrides) -> Self {
        Self::new(overrides.registrations.unwrap_or(REGISTRATIONS))
    }

    fn new(allowed: usize) -> Self {
        Self { allowed, calls: Vec::new(), refused: 0 }
    }

    fn within(&self, now: Timestamp) -> usize {
        self.calls.iter().filter(|call| now.duration_since(**call) < WINDOW).count()
    }

    /// Counts a call at `now`, unless there were too many in the window before it.
    pub(crate) fn call(&mut self, now: Timestamp) -> Result<(), RetryAfter> {
        self.calls.retain(|call| now.duration_since(*call) < WINDOW);
        if self.calls.len() < self.allowed {
            self.calls.push(now);
            return Ok(());
        }
        self.refused += 1;
        let oldest = self.calls.first().copied().unwrap_or(now);
        let left = WINDOW.as_secs() - now.duration_since(oldest).as_secs();
        Err(RetryAfter(left.max(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_lets_through_what_is_allowed_and_says_when_to_come_back() {
        let mut limit = RateLimit::new(2);
        let start: Timestamp = "2026-11-24T00:00:00Z".parse().unwrap();
        let later = |minutes| start.saturating_add(SignedDuration::from_mins(minutes)).unwrap();
        assert_eq!(limit.call(start), Ok(()));
        assert_eq!(limit.call(later(5)), Ok(()));
        assert_eq!(limit.call(later(10)), Err(RetryAfter(300)));
        assert_eq!(limit.call(later(15)), Ok(()));
        assert_eq!(limit.call(later(15)), Err(RetryAfter(300)));
    }

    #[test]
    fn the_free_plan_is_the_documented_one() {
        let limits = Limits::of(Plan::Free, &Overrides::default()).to_json();
        assert_eq!(limits["current"]["max_projects"], 5);
        assert_eq!(limits["current"]["reminders"], false);
        assert_eq!(limits["next"]["plan_name"], "pro");
    }
}
