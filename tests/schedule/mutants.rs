//! A hundred thousand feeds that are wrong somewhere: none breaks the parser, and none that it
//! accepts is nonsense.

use jiff::Timestamp;
use nbatodo::schedule::feed::parse;
use serde_json::Value;

use crate::mutations::holds;
use crate::rows::{Row, text};

const MUTANTS: usize = 100_000;
/// Tests that share the work, so that it is done side by side.
const PARTS: usize = 2;

/// What a mutation puts in a value's place, besides other values of the feed.
const STRANGE: [&str; 20] = [
    "null",
    "true",
    "0",
    "-1",
    "3",
    "1e300",
    "18446744073709551616",
    "\"\"",
    "\"TBD\"",
    "\"PPD\"",
    "\"Final\"",
    "\"BOS\"",
    "\"SEA\"",
    "\"2026-12-25T01:00:00Z\"",
    "\"-009999-01-02T01:59:59Z\"",
    "\"9999-12-31T23:59:59Z\"",
    "\"0001-01-01T00:00:00Z\"",
    "[]",
    "[null]",
    "{}",
];

/// Small numbers, the same in every run: xorshift (Marsaglia, 2003).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(most).unwrap()).unwrap()
    }
}

/// Rows of every kind, two of one pair and two of one game among them.
fn feed() -> String {
    let nobody = Value::Null;
    text(
        "2026-27",
        &[
            Row::new("0012600001", "BOS@TOR", "2026-10-10T02:00:00Z")
                .at("Rogers Arena", "Vancouver"),
            Row::new("0022600001", "BOS@DET", "2026-10-20T19:00:00Z").scored(101, 99),
            Row::new("0022601171", "GSW@OKC", "2027-04-09T01:30:00Z"),
            Row::new("0022601179", "GSW@OKC", "2027-04-10T00:00:00Z"),
            Row::new("0022600644", "GSW@MIN", "2027-01-24T22:30:00Z").with("gameStatusText", "PPD"),
            Row::new("0022600644", "GSW@MIN", "2027-01-25T22:30:00Z"),
            Row::open("0022601201", "BOS@NYK", "2026-12-04").without_teams(&nobody),
            Row::open("0042600107", "MIA@BOS", "2027-05-03").with("ifNecessary", "true"),
            Row::new("0062600001", "DET@BKN", "2026-12-12T01:30:00Z"),
        ],
    )
}

/// Where the scalars of a JSON text stand that come after a colon, and its braces and brackets.
fn places(text: &str) -> (Vec<(usize, usize)>, Vec<usize>) {
    let (mut scalars, mut marks) = (Vec::new(), Vec::new());
    let bytes = text.as_bytes();
    let (mut at, mut string_from) = (0, None);
    while at < bytes.len() {
        match (bytes[at], string_from) {
            (b'"', Some(from)) => {
                if from > 0 && bytes[from - 1] == b':' {
                    scalars.push((from, at + 1));
                }
                string_from = None;
            }
            (b'"', None) => string_from = Some(at),
            (_, Some(_)) => {}
            (b'{' | b'}' | b'[' | b']' | b',', None) => marks.push(at),
            (b':', None) if !matches!(bytes[at + 1], b'"' | b'{' | b'[') => {
                let end = text[at..].find([',', '}', ']']).unwrap() + at;
                scalars.push((at + 1, end));
            }
            _ => {}
        }
        at += 1;
    }
    (scalars, marks)
}

/// One thing wrong: a value, a byte, a piece that is missing, twice there, or cut off.
fn mutated(feed: &str, numbers: &mut Numbers) -> Vec<u8> {
    let (scalars, marks) = places(feed);
    let any = |numbers: &mut Numbers| scalars[numbers.below(scalars.len())];
    let mut bytes = feed.as_bytes().to_vec();
    match numbers.below(10) {
        0..=4 => {
            let (from, to) = any(numbers);
            let strange = STRANGE[numbers.below(STRANGE.len())];
            drop(bytes.splice(from..to, strange.bytes()));
        }
        5 | 6 => {
            let ((from, to), (other, end)) = (any(numbers), any(numbers));
            drop(bytes.splice(from..to, feed.as_bytes()[other..end].iter().copied()));
        }
        7 => {
            let at = numbers.below(bytes.len());
            bytes[at] = u8::try_from(numbers.below(256)).unwrap();
        }
        8 => {
            let (one, other) = (numbers.below(marks.len()), numbers.below(marks.len()));
            let (from, to) = (marks[one.min(other)], marks[one.max(other)]);
            if numbers.below(2) == 0 {
                drop(bytes.drain(from..to));
            } else {
                let piece = bytes[from..to].to_vec();
                drop(bytes.splice(from..from, piece));
            }
        }
        _ => bytes.truncate(numbers.below(bytes.len())),
    }
    bytes
}

/// One part of the mutants; each has one to three things wrong.
fn part(number: usize) {
    let feed = feed();
    assert_eq!(parse(feed.as_bytes()).unwrap().games.len(), 8);
    let seed = 0x9E37_79B9_7F4A_7C15 ^ u64::try_from(number).unwrap();
    let mut numbers = Numbers(seed);
    let earliest: Timestamp = "2024-12-31T00:00:00Z".parse().unwrap();
    let mut accepted = 0;
    for _ in 0..MUTANTS / PARTS {
        let mut bytes = mutated(&feed, &mut numbers);
        for _ in 0..numbers.below(3) {
            // What is no text any more, or no whole document, is wrong enough.
            let Ok(text) = std::str::from_utf8(&bytes) else { break };
            if serde_json::from_str::<serde::de::IgnoredAny>(text).is_err() {
                break;
            }
            bytes = mutated(text, &mut numbers);
        }
        match parse(&bytes) {
            Ok(schedule) => {
                holds(&schedule);
                assert!(schedule.published > earliest, "{}", schedule.published);
                accepted += 1;
            }
            Err(error) => assert!(!error.to_string().contains('\n'), "{error}"),
        }
    }
    // Most wrong values stand where they do not matter, or in a game that is left out.
    assert!(accepted > MUTANTS / PARTS / 10, "only {accepted} were accepted: nothing was proved");
}

#[test]
fn half_of_a_hundred_thousand() {
    part(1);
}

#[test]
fn the_other_half() {
    part(2);
}
