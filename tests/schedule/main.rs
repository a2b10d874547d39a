//! The room `schedule`, from outside.
//!
//! `tests/data/league-feed-2026-27-cut.json` is the league's feed cut down to 28 rows, with
//! each of the oddities that its real captures have shown.

#[cfg(test)]
mod bundled;
#[cfg(test)]
mod caching;
#[cfg(test)]
mod calendar;
#[cfg(test)]
mod clocks;
#[cfg(test)]
mod coming;
#[cfg(test)]
mod feed;
#[cfg(test)]
mod given;
#[cfg(test)]
mod hard_cases;
#[cfg(test)]
mod loading;
#[cfg(test)]
mod mutants;
#[cfg(test)]
mod mutations;
#[cfg(test)]
mod rows;
#[cfg(test)]
mod select;
#[cfg(test)]
mod server;
#[cfg(test)]
mod zones;

#[cfg(test)]
const FEED: &str = include_str!("../data/league-feed-2026-27-cut.json");

#[cfg(test)]
fn team(code: &str) -> nbatodo::model::Tricode {
    nbatodo::model::Tricode::of(code).unwrap()
}

#[cfg(test)]
fn instant(text: &str) -> jiff::Timestamp {
    text.parse().unwrap()
}
