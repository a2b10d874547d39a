//! The sync endpoint: commands in, resources out.

mod arguments;
mod commands;
mod items;
mod projects;
mod request;
mod resources;
mod sections;

pub(crate) use request::sync;
