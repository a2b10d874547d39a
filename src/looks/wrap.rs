//! Text in lines that fit.

/// How far a sentence that goes on is indented.
pub const HANG: usize = 2;
/// What stands between two things on one line.
const SEPARATOR: &str = " ·";

/// `text` in lines of at most `room` characters, broken between words where that can be.
pub fn wrapped(text: &str, room: usize) -> Vec<String> {
    let room = room.max(1);
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > room {
            lines.push(String::new());
            used = 0;
        }
        let Some(mut line) = lines.pop() else { continue };
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        for letter in word.chars() {
            if used == room {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push(letter);
            used += 1;
        }
        lines.push(line);
    }
    lines
}

/// The same for a text with something to type in it, which is never broken, so that it can be
/// copied: it has a line of its own where it does not fit on the last one.
pub fn sentence(text: &str, room: usize) -> Vec<String> {
    loosely(words(text), room, 0)
}

/// The same where others follow it: all lines but the first are indented, so that none passes for
/// a new one.
pub fn hanging(text: &str, room: usize) -> Vec<String> {
    loosely(words(text), room, HANG)
}

/// What a line can end behind.
fn words(text: &str) -> Vec<&str> {
    let (mut words, mut rest) = (Vec::new(), text);
    while let Some((before, command, behind)) = around_command(rest) {
        words.extend(before.split(' ').chain([command]));
        rest = behind;
    }
    let is_last = |word: &&str| words.is_empty() || !word.is_empty();
    let behind: Vec<&str> = rest.split(' ').filter(is_last).collect();
    words.extend(behind);
    words
}

/// What is to be typed in `text`, and what stands before and behind it. It begins after a colon
/// and ends with its sentence or before a bracket.
pub fn around_command(text: &str) -> Option<(&str, &str, &str)> {
    const STARTS: [&str; 2] = [": nbatodo ", ": unset "];
    let start = STARTS.iter().filter_map(|start| text.find(start)).min()? + ": ".len();
    let rest = &text[start..];
    let end = end_of_command(rest);
    // What ends the sentence stays with it, so that no line begins with it.
    let end = end.map_or(rest.len(), |end| end + usize::from(!rest[end..].starts_with(' ')));
    Some((text[..start].trim_end(), &rest[..end], rest[end..].trim_start()))
}

/// Where a command ends that begins `text`: not inside of quotes, where a path can have anything.
fn end_of_command(text: &str) -> Option<usize> {
    let mut is_quoted = false;
    text.char_indices().find_map(|(at, letter)| {
        is_quoted ^= letter == '\'';
        let ends = [". ", ", ", "; ", " ("].iter().any(|end| text[at..].starts_with(end));
        (ends && !is_quoted).then_some(at)
    })
}

/// As [`wrapped`], and a word that is longer than a line is left to the terminal: an address, a
/// path and a command are copied whole.
fn loosely(words: Vec<&str>, room: usize, hang: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        // What does not fit beside the indent has the whole line.
        let hang = if word.chars().count() + hang > room { 0 } else { hang };
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= room => {
                line.push(' ');
                line.push_str(word);
            }
            Some(line) => {
                // What separates two things separates nothing at the end of a line.
                line.truncate(line.trim_end_matches(SEPARATOR).len());
                lines.push(format!("{:hang$}{word}", ""));
            }
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_where_they_must() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("abcdefgh ij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrapped("", 4), [""]);
    }

    #[test]
    fn what_is_to_be_typed_stays_whole() {
        let advice = "Sign in with: nbatodo login --profile work";
        assert_eq!(sentence(advice, 80), [advice]);
        assert_eq!(sentence(advice, 30), ["Sign in with:", "nbatodo login --profile work"]);
        assert_eq!(sentence(advice, 10)[2], "nbatodo login --profile work");
        let named =
            "Take it out: nbatodo --config 'a (b). c.toml' config. Then: nbatodo login (once)";
        assert_eq!(
            sentence(named, 30),
            [
                "Take it out:",
                "nbatodo --config 'a (b). c.toml' config.",
                "Then: nbatodo login (once)",
            ]
        );
        assert_eq!(sentence("a longword b", 4), ["a", "longword", "b"]);
        let advice = "In one run: nbatodo import --team BOS. Else sign in.";
        assert_eq!(
            sentence(advice, 28),
            ["In one run:", "nbatodo import --team BOS.", "Else sign in."]
        );
        assert_eq!(sentence("3 created · http://127.0.0.1", 14), ["3 created", "http://127.0.0.1"]);
        assert_eq!(hanging("one two three", 8), ["one two", "  three"]);
        assert_eq!(hanging("one two https://x", 10), ["one two", "https://x"]);
        let advice = "With: nbatodo login (or not)";
        assert_eq!(around_command(advice), Some(("With:", "nbatodo login", "(or not)")));
        let advice = "Take it out with: unset NBATODO_TEAM";
        assert_eq!(around_command(advice), Some(("Take it out with:", "unset NBATODO_TEAM", "")));
    }
}
