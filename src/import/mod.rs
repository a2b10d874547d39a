//! From a schedule to tasks: [`holdings`] is what the account has, [`plan`] what it lacks,
//! [`apply`] makes it so. Only [`apply`] knows how Todoist is spoken to.

pub mod apply;
pub mod holdings;
pub mod plan;
pub mod wording;

pub use apply::{ApplyError, Outcome, Refused};
pub use holdings::{HeldProject, HeldTask, Holdings, Room};
pub use plan::{Destination, Plan, PlanError, Task};
