//! All that runs left where others could find it, and a search through it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// Pieces of text or of bytes, each once, and where the first of them was found. A byte is a
/// character here, whatever it means.
#[derive(Default)]
pub(super) struct Evidence(BTreeMap<String, String>);

impl Evidence {
    pub(super) fn add(&mut self, place: &str, bytes: &[u8]) {
        self.0.entry(each_byte(bytes)).or_insert_with(|| place.to_owned());
    }

    /// Every file below `folder` but those in `except`, with its name.
    pub(super) fn add_files(&mut self, folder: &Path, except: &[&Path]) {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let place = format!("the file {}", path.display());
            self.add("the name of a file", path.to_string_lossy().as_bytes());
            if path.is_dir() {
                self.add_files(&path, except);
            } else if path.is_file() && !except.contains(&path.as_path()) {
                // Another run may have deleted it by now.
                self.add(&place, &fs::read(&path).unwrap_or_default());
            }
        }
    }

    /// Where `secret` stands, as it is or written as bytes are.
    pub(super) fn places_of(&self, secret: &[u8]) -> Vec<&str> {
        let forms = forms(secret);
        self.places_where(|piece| forms.iter().any(|form| piece.contains(form.as_str())))
    }

    /// Where `text` stands outside of any of `addresses`.
    pub(super) fn places_outside(&self, text: &str, addresses: &[String]) -> Vec<&str> {
        self.places_where(|piece| {
            piece.contains(text) && {
                let bare = |piece: String, address: &String| piece.replace(address.as_str(), "");
                addresses.iter().fold(piece.to_owned(), bare).contains(text)
            }
        })
    }

    /// Where a piece begins with `place`.
    pub(super) fn has(&self, place: &str, part: &str) -> bool {
        self.0.iter().any(|(piece, at)| at.starts_with(place) && piece.contains(part))
    }

    fn places_where(&self, holds: impl Fn(&str) -> bool) -> Vec<&str> {
        self.0.iter().filter(|(piece, _)| holds(piece)).map(|(_, place)| place.as_str()).collect()
    }
}

fn each_byte(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// The ways in which secrets get into logs and files.
fn forms(secret: &[u8]) -> Vec<String> {
    let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    let numbers: Vec<String> = secret.iter().map(ToString::to_string).collect();
    // The last character of base64 depends on what follows.
    let whole = secret.len() / 3 * 4;
    vec![
        each_byte(secret),
        hex.to_uppercase(),
        hex,
        STANDARD_NO_PAD.encode(secret)[..whole].to_owned(),
        URL_SAFE_NO_PAD.encode(secret)[..whole].to_owned(),
        numbers.join(", "),
        numbers.join(","),
        numbers.join(",\n"),
    ]
}

#[test]
fn the_search_finds_every_form() {
    let secret: Vec<u8> = (0..32).map(|n| n * 7 + 3).collect();
    for form in forms(&secret) {
        let mut evidence = Evidence::default();
        let text: Vec<u8> = format!("before{form}after").chars().map(|c| c as u8).collect();
        evidence.add("here", &text);
        evidence.add("there", b"nothing");
        assert_eq!(evidence.places_of(&secret), ["here"]);
        assert!(
            evidence.places_of(&secret[..31].iter().rev().copied().collect::<Vec<_>>()).is_empty()
        );
    }
    let mut evidence = Evidence::default();
    evidence.add("printed", b"go to http://x/?state=abc and back");
    assert!(evidence.places_outside("abc", &["http://x/?state=abc".to_owned()]).is_empty());
    evidence.add("logged", b"go to http://x/?state=abc, state abc");
    assert_eq!(evidence.places_outside("abc", &["http://x/?state=abc".to_owned()]), ["logged"]);
}
