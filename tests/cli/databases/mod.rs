//! Sessions in Redis and in PostgreSQL: the real servers, started here on ports and in folders of
//! their own.

mod combined;
mod failing;
pub(crate) mod hosts;
mod mixed_up;
mod record_formats;
mod record_kills;
mod record_moves;
mod records;
mod restarting;
mod secured;
pub(crate) mod servers;
mod sharing;
mod stored;
