//! Signing in on a machine that one has come to by a real SSH, with a real browser on the laptop.

mod host;
mod tunnel;
