use jiff::civil::date;
use nbatodo::schedule::{bundled, calendar};

use crate::instant;

#[test]
fn the_leagues_pauses_are_told_from_holidays() {
    let season = bundled::newest().unwrap();
    let pause = |now: &str| calendar::pause(&season, instant(now));
    // 19 to 24 February: the evening of the 18th in New York is still a day with games.
    assert_eq!(pause("2027-02-19T04:59:00Z"), None);
    for now in ["2027-02-19T05:00:00Z", "2027-02-22T12:00:00Z", "2027-02-25T04:59:00Z"] {
        let found = pause(now).unwrap();
        assert_eq!((found.since, found.until), (date(2027, 2, 18), date(2027, 2, 25)));
        assert!(found.is_all_star());
    }
    assert_eq!(pause("2027-02-25T05:00:00Z"), None);
    // Election day, Thanksgiving, Christmas Eve and the day before the last are holidays.
    for day in ["2026-11-03", "2026-11-26", "2026-12-24", "2027-04-10"] {
        assert_eq!(pause(&format!("{day}T17:00:00Z")), None, "{day}");
    }
    // The days between the cup's rounds have games whose teams are undecided around them.
    assert_eq!(pause("2026-12-04T17:00:00Z"), None);
    // Before the season and after it, nobody rests from anything.
    assert_eq!(pause("2026-09-01T17:00:00Z"), None);
    assert_eq!(pause("2027-05-01T17:00:00Z"), None);
}
