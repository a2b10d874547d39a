//! Todoist's API v1, as far as we use it. Knows no basketball.

pub mod client;
pub mod color;
pub mod command;
pub mod error;
pub mod resources;

pub use client::{Client, SyncRequest};
pub use color::{Color, UnknownColor};
pub use command::{Action, Command, Due, ItemAdd, ProjectAdd};
pub use error::TodoistError;
pub use resources::{Item, PlanLimits, Project, Refusal, SyncAnswer, User};
