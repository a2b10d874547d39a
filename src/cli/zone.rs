//! The zone that a person types.

use jiff::tz::{self, TimeZone};

use crate::model::nearest;

/// The zone that `text` names.
///
/// # Errors
/// What is taken, with the nearest zone: one that ends in a city of that name, if there is one.
pub(super) fn zone(text: &str) -> Result<TimeZone, String> {
    TimeZone::get(text).map_err(|_| {
        let nearest = nearest_to(text).map(|name| format!("; nearest: \"{name}\""));
        format!("it takes a zone such as Europe/Berlin or UTC{}", nearest.unwrap_or_default())
    })
}

fn nearest_to(text: &str) -> Option<String> {
    let meant = folded(text);
    let names: Vec<String> = tz::db().available().map(|name| name.to_string()).collect();
    let city = |name: &str| folded(name.rsplit('/').next().unwrap_or(name));
    // The shortest is the one that people know: America/Louisville, not America/Kentucky/….
    let of_city = names.iter().filter(|name| city(name) == meant).min_by_key(|name| name.len());
    if let Some(name) = of_city {
        return Some(name.clone());
    }
    let folded: Vec<(String, &String)> =
        names.iter().flat_map(|name| [(folded(name), name), (city(name), name)]).collect();
    let near = nearest(&meant, folded.iter().map(|(folded, _)| folded.as_str()))?;
    folded.iter().find(|(folded, _)| folded == near).map(|(_, name)| (*name).clone())
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
            ("Berlin", Some("Europe/Berlin")),
            ("new york", Some("America/New_York")),
            ("Europe/Berln", Some("Europe/Berlin")),
            ("Los Angelos", Some("America/Los_Angeles")),
            ("xyzzy", None),
        ] {
            assert_eq!(nearest_to(text).as_deref(), zone, "{text}");
        }
    }
}
