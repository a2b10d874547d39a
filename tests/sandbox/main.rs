//! The sandbox over real sockets, asked as the documentation says one may ask.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod aimed_faults;
mod commands;
mod completed;
mod faults;
mod oauth;
mod pages;
mod person;
mod stand;
mod sync;
