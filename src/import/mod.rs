//! From a schedule to tasks: [`holdings`] is what the account has, [`plan`] what it lacks,
//! [`apply`] makes it so. Only [`apply`] knows how Todoist is spoken to.

pub mod apply;
pub mod destination;
pub mod holdings;
pub mod options;
pub mod plan;
pub mod title;
pub mod wording;

pub use apply::{ApplyError, Outcome, Refused};
pub use destination::{DestinationChoice, InvalidDestination};
pub use holdings::{HeldProject, HeldTask, Holdings, Room};
pub use options::{InvalidOption, SectionBy, TaskOptions};
pub use plan::{Destination, Plan, PlanError, Task};
pub use title::{InvalidTemplate, TitleTemplate};
