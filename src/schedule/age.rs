//! How old a schedule is.

use jiff::Timestamp;

use crate::model::counted;

/// For how many whole days a schedule of `published` is out at `now`; zero if a wrong clock
/// puts `now` before it.
pub fn days(published: Timestamp, now: Timestamp) -> i64 {
    (now.duration_since(published).as_hours() / 24).max(0)
}

/// The time from `then` to `now` as people say it, in its largest unit: `3 hours`.
pub fn spoken(then: Timestamp, now: Timestamp) -> String {
    let minutes = now.duration_since(then).as_mins().max(0);
    let (count, unit) = match minutes {
        0..60 => (minutes, "minute"),
        60..2880 => (minutes / 60, "hour"),
        _ => (minutes / (24 * 60), "day"),
    };
    counted(count, unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_told_in_its_largest_unit() {
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        for (then, told) in [
            ("2026-11-24T12:00:00Z", "0 minutes"),
            ("2026-11-24T11:58:50Z", "1 minute"),
            ("2026-11-24T11:00:01Z", "59 minutes"),
            ("2026-11-24T11:00:00Z", "1 hour"),
            ("2026-11-22T12:00:01Z", "47 hours"),
            ("2026-11-22T12:00:00Z", "2 days"),
            ("2026-12-01T00:00:00Z", "0 minutes"),
        ] {
            assert_eq!(spoken(then.parse().unwrap(), now), told);
        }
        assert_eq!(days("2026-08-16T00:00:00Z".parse().unwrap(), now), 100);
        assert_eq!(days("2026-12-01T00:00:00Z".parse().unwrap(), now), 0);
    }
}
