//! Text from outside, made fit for a terminal, a JSON document or a page.

/// `text` on one line, without anything that a terminal would act on: no escape sequences, no
/// line breaks that could forge a message, no marks that turn the direction of writing around.
pub fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\r' | '\t' => ' ',
            c if is_active(c) => char::REPLACEMENT_CHARACTER,
            c => c,
        })
        .collect()
}

/// The same for what a server says of itself, which can be of any length: what a person reads.
pub fn remark(text: &str) -> String {
    const LONGEST: usize = 200;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => one_line(&text[..end]) + "…",
        None => one_line(text),
    }
}

/// The same as [`one_line`] for a text of several lines, whose breaks are ours.
pub fn lines(text: &str) -> String {
    text.chars()
        .map(|c| if c != '\n' && is_active(c) { char::REPLACEMENT_CHARACTER } else { c })
        .collect()
}

/// A JSON text in which such characters are escaped, and what some take for the end of a line: it
/// stays the same document.
pub fn json(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if c != '\n' && (is_active(c) || matches!(c, '\u{2028}' | '\u{2029}')) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                safe.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            safe.push(c);
        }
    }
    safe
}

/// Text as it may stand in HTML, in quoted attributes too.
pub fn html(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// Control characters (C0, DEL, C1), and the marks of Unicode's bidirectional algorithm.
fn is_active(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || turns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_for_a_terminal_to_act_on() {
        let hostile = "a\u{1b}[31mb\u{9b}c\r\nnbatodo: d\u{202e}e\u{7}";
        assert_eq!(one_line(hostile), "a\u{fffd}[31mb\u{fffd}c  nbatodo: d\u{fffd}e\u{fffd}");
        assert_eq!(lines("one\ntwo\u{1b}"), "one\ntwo\u{fffd}");
        assert_eq!(one_line("Celtics · Garden, Zürich 🏀"), "Celtics · Garden, Zürich 🏀");
    }

    #[test]
    fn a_remark_has_an_end() {
        assert_eq!(remark("short\n"), "short ");
        assert_eq!(remark(&"ü".repeat(200)), "ü".repeat(200));
        assert_eq!(remark(&"ü".repeat(100_000)), "ü".repeat(200) + "…");
    }

    #[test]
    fn a_json_document_stays_the_same() {
        let text = serde_json::to_string_pretty(&serde_json::json!({"a": "x\u{9b}\u{202e}y\n"}));
        let text = text.unwrap();
        let safe = json(&text);
        assert!(!safe.contains(['\u{9b}', '\u{202e}']));
        let (a, b): (serde_json::Value, serde_json::Value) =
            (serde_json::from_str(&text).unwrap(), serde_json::from_str(&safe).unwrap());
        assert_eq!(a, b);
    }
}
