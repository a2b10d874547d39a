//! Todoist's API v1, as far as we use it. Knows no basketball.

pub mod client;
pub mod color;
pub mod command;
pub mod error;
pub mod resources;
pub mod retry;

pub use client::{Client, EVERYTHING, SyncRequest};
pub use color::{Color, UnknownColor};
pub use command::{
    Action, Command, Due, Duration, DurationUnit, Id, ItemAdd, ItemMove, ItemUpdate, MoveTarget,
    NoteAdd, ProjectAdd, ReminderAdd, ReminderKind, ReminderUpdate, SectionAdd,
};
pub use error::TodoistError;
pub use resources::{
    CompletedPage, DueSeen, Item, PlanLimits, Project, Refusal, Reminder, Section, SyncAnswer, User,
};
