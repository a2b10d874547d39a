//! `nbatodo` puts an NBA team's season into Todoist and keeps it true.
//!
//! The house has five floors; each room imports only from floors below it
//! (`tests/layout.rs` holds it to that):
//!
//! 5. [`cli`]: parse, choose the command, print the outcome, pick the exit code.
//! 4. [`commands`]: the story of each command, a file each.
//! 3. [`signin`], [`import`], [`sandbox`]: the flows.
//! 2. [`session`], [`keys`], [`database`], [`todoist`], [`schedule`]: the parts, each usable
//!    alone.
//! 1. [`model`], how everything [`looks`], and what touches the outside at the edge:
//!    [`settings`], [`paths`], [`private_files`], [`http`], [`clock`].

pub mod cli;
pub mod clock;
pub mod commands;
pub mod database;
pub mod http;
pub mod import;
pub mod keys;
pub mod looks;
pub mod model;
pub mod paths;
pub mod private_files;
pub mod sandbox;
pub mod schedule;
pub mod session;
pub mod settings;
pub mod signin;
pub mod todoist;
