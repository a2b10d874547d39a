//! The sandbox over real sockets, asked as the documentation says one may ask.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod faults;
mod oauth;
mod pages;
mod stand;
mod sync;
