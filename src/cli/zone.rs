//! The zone that a person types.

use jiff::tz::{self, TimeZone};

use crate::model::nearest_within;

/// How like a zone has to be: many cities that have none sound a little like one that has.
const LIKE: f64 = 0.9;

/// The zone that `text` names.
///
/// # Errors
/// What is taken, with the zone that was meant: one that ends in a city of that name, or is
/// nearly written like that. Where there is none, how zones are called.
pub(super) fn zone(text: &str) -> Result<TimeZone, String> {
    TimeZone::get(text).map_err(|_| match nearest_to(text) {
        Some(name) => format!("it takes a zone such as Europe/Berlin or UTC; nearest: \"{name}\""),
        None => "it takes a zone, which is called by its area and a large city in it, such as \
                 America/New_York or Europe/Berlin"
            .to_owned(),
    })
}

fn nearest_to(text: &str) -> Option<String> {
    let meant = folded(text);
    // By `Etc/GMT+1` one hour behind is meant, by `GMT+1` mostly one hour ahead.
    let names = tz::db().available().map(|name| name.to_string());
    let names: Vec<String> = names.filter(|name| !name.starts_with("Etc/")).collect();
    let city = |name: &str| folded(name.rsplit('/').next().unwrap_or(name));
    // The shortest is the one that people know: America/Louisville, not America/Kentucky/….
    let of_city = names.iter().filter(|name| city(name) == meant).min_by_key(|name| name.len());
    if of_city.is_some() || is_no_city(text) {
        return of_city.cloned();
    }
    let places = names.iter().filter(|name| name.contains('/'));
    let folded: Vec<(String, &String)> =
        places.flat_map(|name| [(folded(name), name), (city(name), name)]).collect();
    let near = nearest_within(LIKE, &meant, folded.iter().map(|(folded, _)| folded.as_str()))?;
    folded.iter().find(|(folded, _)| folded == near).map(|(_, name)| (*name).clone())
}

/// Whether it is a difference such as `UTC+2`, or short for a zone, such as `CDT`: what these
/// mean depends on where one is.
fn is_no_city(text: &str) -> bool {
    let text = text.trim();
    let is_short = (3..=4).contains(&text.len()) && text.chars().all(|c| c.is_ascii_uppercase());
    is_short || text.contains(|c: char| c.is_ascii_digit() || matches!(c, '+' | '−'))
}

/// As people write it who do not know how the names are written: `new york`.
fn folded(text: &str) -> String {
    text.trim().to_lowercase().replace(' ', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_city_finds_its_zone() {
        for (text, zone) in [
            ("Berlin", "Europe/Berlin"),
            ("new york", "America/New_York"),
            ("Europe/Berln", "Europe/Berlin"),
            ("Los Angelos", "America/Los_Angeles"),
            ("port-au-prince", "America/Port-au-Prince"),
            ("Port-au-Prinz", "America/Port-au-Prince"),
            ("ROME", "Europe/Rome"),
        ] {
            assert_eq!(nearest_to(text).as_deref(), Some(zone), "{text}");
        }
    }

    #[test]
    fn what_has_no_zone_of_that_name_finds_none() {
        let cities = ["Boston", "Frankfurt", "Hamburg", "Mumbai", "Munich", "xyzzy"];
        let short = ["BST", "IST", "EDT", "CDT", "AEST", "cest"];
        let differences = ["UTC+2", "GMT+1", "gmt−1", "utc-5", "+02:00"];
        for text in cities.into_iter().chain(short).chain(differences) {
            assert_eq!(nearest_to(text), None, "{text}");
        }
    }
}
