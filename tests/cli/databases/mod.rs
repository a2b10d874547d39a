//! Sessions in Redis and in PostgreSQL: the real servers, started here on ports and in folders of
//! their own.

mod combined;
mod failing;
mod hosts;
mod restarting;
mod secured;
mod servers;
mod sharing;
mod stored;
