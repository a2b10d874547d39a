//! Whatever becomes of a feed on its way, the parser answers, and what it accepts holds.

use std::collections::{BTreeSet, HashSet};

use nbatodo::model::{Stage, Status};
use nbatodo::schedule::feed::parse;
use nbatodo::schedule::{Schedule, arena};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use crate::FEED;

/// What an accepted schedule owes to those who rely on it.
pub(crate) fn holds(schedule: &Schedule) {
    let mut ids = HashSet::new();
    let mut teams = BTreeSet::new();
    let mut busy = HashSet::new();
    assert!(!schedule.games.is_empty());
    for game in &schedule.games {
        assert!(ids.insert(&game.id), "{} comes twice", game.id);
        assert_eq!(game.id.season(), schedule.season);
        let Some(matchup) = game.matchup else { continue };
        teams.extend([matchup.home, matchup.away]);
        let counts = game.id.stage() != Stage::Preseason
            && matches!(game.status, Status::Scheduled | Status::Final);
        if counts {
            let day = arena::day(game);
            assert!(busy.insert((matchup.home, day)) && busy.insert((matchup.away, day)));
        }
    }
    assert!(teams.len() <= 30);
    assert!(schedule.games.is_sorted_by_key(|game| (game.tipoff.sort_key(), &game.id)));
}

fn check(bytes: &[u8]) {
    match parse(bytes) {
        Ok(schedule) => holds(&schedule),
        Err(error) => assert!(!error.to_string().contains('\n'), "{error}"),
    }
}

/// Every place in a document, as JSON pointers.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let mut below = |key: &str, child| {
        let place = format!("{at}/{key}");
        places(child, &place, found);
        found.push(place);
    };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, child)| below(key, child)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, child)| below(&index.to_string(), child));
        }
        _ => {}
    }
}

fn remove(document: &mut Value, place: &str) {
    let Some((parent, key)) = place.rsplit_once('/') else { return };
    match document.pointer_mut(parent) {
        Some(Value::Object(fields)) => {
            fields.remove(key);
        }
        Some(Value::Array(items)) => {
            let index = key.parse::<usize>().ok().filter(|&index| index < items.len());
            index.map(|index| items.remove(index));
        }
        _ => {}
    }
}

/// Another value, or `None` to take the field away.
fn change() -> impl Strategy<Value = Option<Value>> {
    prop_oneof![
        2 => Just(None),
        6 => prop::sample::select(vec![
            Value::Null, json!(true), json!(0), json!(-1), json!(3), json!(1e300), json!(u64::MAX),
            json!(""), json!("x"), json!("0"), json!("TBD"), json!("PPD"), json!("BOS"),
            json!("0022600001"), json!("2026-12-25T01:00:00Z"), json!("-009999-01-02T01:59:59Z"),
            json!("9999-12-31T23:59:59Z"), json!("é\u{0}\n"), json!([]), json!([null]), json!({}),
        ]).prop_map(Some),
        1 => ".{0,20}".prop_map(|text| Some(json!(text))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 700,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn flipped_bytes(flips in prop::collection::vec((any::<Index>(), any::<u8>()), 1..6)) {
        let mut bytes = FEED.as_bytes().to_vec();
        for (place, byte) in flips {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        check(&bytes);
    }

    #[test]
    fn a_feed_that_lacks_its_end_is_never_taken_for_a_whole_one(at in any::<Index>()) {
        let whole = FEED.trim_end();
        prop_assert!(parse(&whole.as_bytes()[..at.index(whole.len())]).is_err());
    }

    #[test]
    fn fields_that_change_or_vanish(
        changes in prop::collection::vec((any::<Index>(), change()), 1..4),
    ) {
        let mut document: Value = serde_json::from_str(FEED).unwrap();
        for (place, value) in changes {
            let mut found = Vec::new();
            places(&document, "", &mut found);
            if found.is_empty() {
                break;
            }
            let place = &found[place.index(found.len())];
            match value {
                Some(value) => {
                    if let Some(slot) = document.pointer_mut(place) {
                        *slot = value;
                    }
                }
                None => remove(&mut document, place),
            }
        }
        check(document.to_string().as_bytes());
    }
}
