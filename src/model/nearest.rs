//! The name that was meant, where the one that was typed is none.

/// How like a name usually has to be to be proposed, from 0 to 1.
const LIKE: f64 = 0.75;

/// Of the `known` names the nearest to `typed`, if one is near.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_within(LIKE, typed, known)
}

/// Of the `known` names the nearest to `typed`, if it is at least so `like` it, from 0 to 1.
pub fn nearest_within<'a>(
    like: f64,
    typed: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let likeness = |name: &str| strsim::jaro_winkler(name, typed);
    let known = known.into_iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    known.filter(|name| likeness(name) >= like)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_near_is_not_proposed() {
        assert_eq!(nearest("anm", ["ben", "ann"]), Some("ann"));
        assert_eq!(nearest("xyzzy", ["ben", "ann"]), None);
        assert_eq!(nearest("ann", []), None);
    }
}
