//! The sync endpoint: commands in, resources out.

mod arguments;
mod commands;
mod items;
mod projects;
mod reminders;
mod request;
mod resources;
mod sections;

pub(crate) use commands::Batch;
pub(crate) use request::{carries_commands, sync};
