//! Changes to the text of a settings file that leave every other byte of it as it is: comments,
//! order, blank lines, and how lines end.

use std::ops::Range;

use toml_edit::{Document, DocumentMut, Item, Table, TableLike, Value as Toml};

use super::config_file::{PROFILE, PROFILES};
pub use super::edit_check::changes_only;
use super::file_fault::{FileFault, Lines};
use super::{Key, Value};
use crate::model::Profile;

/// What some editors put in front of everything. It stays there.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// `text` with `key` set to `value`: for every profile, or in the table of `profile`.
///
/// # Errors
/// [`FileFault`] where `text` is no TOML, or has no place for it.
pub fn set(
    text: &str,
    profile: Option<&Profile>,
    key: Key,
    value: &Value,
) -> Result<String, FileFault> {
    if let Some(text) = text.strip_prefix(BYTE_ORDER_MARK) {
        return Ok(format!("{BYTE_ORDER_MARK}{}", set(text, profile, key, value)?));
    }
    let document = parsed(text)?;
    let root = document.as_table();
    let written = value.to_item(key.kind()).to_string();
    let Some(place) = place(root, profile) else {
        return Ok(with_new_table(text, profile, &format!("{key} = {written}")));
    };
    let found = key.names().iter().find_map(|name| Some((*name, place.table.get(name)?)));
    if let Some((_, item)) = found
        && let Some(span) = item.as_value().and_then(Toml::span)
    {
        return Ok(replaced(text, span, &written));
    }
    if let Some((name, _)) = found {
        // A table where a value should be: nothing that could be written over in its place.
        let line = Lines::of(text).of_key(place.table, name);
        return Err(FileFault::kind(line, profile, key, "a value, and no table"));
    }
    if place.in_one_line {
        return changed(text, profile, |table| {
            // The space in front of the brace stays there.
            let mut new = value.to_item(key.kind());
            let last = table.iter_mut().last().map(|(_, item)| item);
            if let (Some(last), Some(new)) = (last.and_then(Item::as_value_mut), new.as_value_mut())
                && let Some(space) = last.decor().suffix().cloned()
            {
                last.decor_mut().set_suffix("");
                new.decor_mut().set_suffix(space);
                new.decor_mut().set_prefix(" ");
            }
            table.insert(key.name(), new);
        });
    }
    Ok(inserted(text, place, root, &format!("{key} = {written}")))
}

/// `text` without the setting that is called `name`, which no setting need be: so what is wrong
/// with a file can be taken out. `None` where it is not there.
///
/// # Errors
/// [`FileFault`] where `text` is no TOML.
pub fn unset(
    text: &str,
    profile: Option<&Profile>,
    name: &str,
) -> Result<Option<String>, FileFault> {
    if let Some(text) = text.strip_prefix(BYTE_ORDER_MARK) {
        let edited = unset(text, profile, name)?;
        return Ok(edited.map(|text| format!("{BYTE_ORDER_MARK}{text}")));
    }
    let document = parsed(text)?;
    let Some(place) = place(document.as_table(), profile) else { return Ok(None) };
    let others = Key::from_name(name).map_or(&[][..], Key::names);
    let mut names = std::iter::once(name).chain(others.iter().copied());
    let Some(name) = names.find(|name| place.table.contains_key(name)) else { return Ok(None) };
    let Some((key, item)) = place.table.get_key_value(name) else { return Ok(None) };
    let is_line = !place.in_one_line && item.is_value();
    match (key.span(), item.as_value().and_then(Toml::span)) {
        (Some(key), Some(value)) if is_line => {
            let start = line_start(text, key.start);
            let end = line_end(text, value.end);
            Ok(Some(replaced(text, start..end, "")))
        }
        _ => changed(text, profile, |table| {
            table.remove(name);
        })
        .map(Some),
    }
}

fn parsed(text: &str) -> Result<Document<&str>, FileFault> {
    Document::parse(text).map_err(|error| FileFault::syntax(&Lines::of(text), &error))
}

/// A table that settings stand in.
#[derive(Clone, Copy)]
pub(super) struct TablePlace<'a> {
    pub(super) table: &'a dyn TableLike,
    /// Where its header is, if it has one.
    header: Option<usize>,
    /// Whether it stands within a line, `{ … }` or `profiles.anna.team = …`.
    in_one_line: bool,
}

/// The table of `profile`, or of all profiles; `None` where the profile has none.
pub(super) fn place<'a>(root: &'a Table, profile: Option<&Profile>) -> Option<TablePlace<'a>> {
    let Some(profile) = profile else {
        return Some(TablePlace { table: root, header: None, in_one_line: false });
    };
    let container = |name| root.get(name).and_then(Item::as_table_like);
    let mut containers = [PROFILES, PROFILE].into_iter().filter_map(container);
    let item = containers.find_map(|profiles| profiles.get(profile.as_str()))?;
    let header = item.as_table().filter(|table| !table.is_dotted()).and_then(Table::span);
    Some(TablePlace {
        table: item.as_table_like()?,
        header: header.clone().map(|span| span.start),
        in_one_line: header.is_none(),
    })
}

/// The text with `line` as the last one of a table.
fn inserted(text: &str, place: TablePlace<'_>, root: &Table, line: &str) -> String {
    let end_of = |(_, item): (&str, &Item)| item.as_value().and_then(Toml::span).map(|it| it.end);
    let last = place.table.iter().filter_map(end_of).max().or(place.header);
    if let Some(last) = last {
        return with_line(text, line_end(text, last), line);
    }
    match first_header(root) {
        // In front of the first table, and of the comment that belongs to it.
        Some(header) => {
            let at = comment_above(text, line_start(text, header));
            replaced(text, at..at, &format!("{line}{end}{end}", end = ending(text)))
        }
        None => with_line(text, text.len(), line),
    }
}

/// The text with a new table for `profile` at its end.
fn with_new_table(text: &str, profile: Option<&Profile>, line: &str) -> String {
    let end = ending(text);
    let name = profile.map_or_else(String::new, |it| toml_edit::Key::new(it.as_str()).to_string());
    let gap = if text.trim().is_empty() { "" } else { end };
    with_line(text, text.len(), &format!("{gap}[{PROFILES}.{name}]{end}{line}"))
}

/// Puts `line` at the start of the line that begins at `at`, or behind a last one without an end.
fn with_line(text: &str, at: usize, line: &str) -> String {
    let end = ending(text);
    let unended = at > 0 && !text[..at].ends_with('\n');
    let before = if unended { end } else { "" };
    replaced(text, at..at, &format!("{before}{line}{end}"))
}

/// Changes a table that stands within a line.
fn changed(
    text: &str,
    profile: Option<&Profile>,
    change: impl FnOnce(&mut dyn TableLike),
) -> Result<String, FileFault> {
    let lines = Lines::of(text);
    let mut document: DocumentMut =
        text.parse().map_err(|error| FileFault::syntax(&lines, &error))?;
    let root = document.as_table_mut();
    match profile {
        None => change(root),
        Some(profile) => {
            let has =
                |name: &&str| root.get(name).and_then(|it| it.get(profile.as_str())).is_some();
            let container = [PROFILES, PROFILE].into_iter().find(has).unwrap_or(PROFILES);
            let table = root.get_mut(container).and_then(|it| it.get_mut(profile.as_str()));
            if let Some(table) = table.and_then(Item::as_table_like_mut) {
                change(table);
            }
        }
    }
    Ok(ended_as(text, &document.to_string()))
}

/// Where the first header of the whole tree below `root` is.
fn first_header(root: &Table) -> Option<usize> {
    fn of(table: &Table) -> Option<usize> {
        let has_header = !table.is_implicit() && !table.is_dotted();
        let own = table.span().filter(|_| has_header).map(|span| span.start);
        own.into_iter().chain(first_header(table)).min()
    }
    let of_item = |item: &Item| match item {
        Item::Table(table) => of(table),
        Item::ArrayOfTables(tables) => tables.iter().filter_map(of).min(),
        Item::None | Item::Value(_) => None,
    };
    root.iter().filter_map(|(_, item)| of_item(item)).min()
}

/// The start of the comment that ends right above the line at `start`.
fn comment_above(text: &str, start: usize) -> usize {
    let mut at = start;
    while at > 0 {
        let above = line_start(text, at - 1);
        if !text[above..at].trim_start().starts_with('#') {
            break;
        }
        at = above;
    }
    at
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// Behind the end of the line in which `at` is.
fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end + 1)
}

/// `changed`, whose lines all end with a line feed, with those of `text` where it has as many.
fn ended_as(text: &str, changed: &str) -> String {
    let lines: Vec<&str> = changed.split_inclusive('\n').collect();
    let before: Vec<&str> = text.split_inclusive('\n').collect();
    let same = lines.len() == before.len();
    let ended = lines.iter().enumerate().map(|(at, line)| {
        let as_before = if same { before[at].ends_with("\r\n") } else { ending(text) == "\r\n" };
        match line.strip_suffix('\n').filter(|_| as_before) {
            Some(line) => format!("{}\r\n", line.trim_end_matches('\r')),
            None => (*line).to_owned(),
        }
    });
    ended.collect()
}

/// How the lines of the text end.
fn ending(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

fn replaced(text: &str, span: Range<usize>, by: &str) -> String {
    format!("{}{by}{}", &text[..span.start], &text[span.end..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::ConfigFile;
    use proptest::prelude::*;

    const FILE: &str = "# Mine.\n\nteam = \"BOS\" # who else\n\n# About Anna.\n[profiles.anna]\n\
                        # her team\nteam = [\n  \"LAL\", # one\n]\n\n# The end.\n";

    fn anna() -> Profile {
        "anna".parse().unwrap()
    }

    #[test]
    fn a_value_is_replaced_where_it_stands() {
        let set = |profile, value| set(FILE, profile, Key::Team, &value).unwrap();
        let nyk = set(None, Value::text("NYK"));
        assert_eq!(nyk, FILE.replace("\"BOS\"", "\"NYK\""));
        let both = set(Some(&anna()), Value::list(["NYK".to_owned(), "BOS".to_owned()]));
        assert_eq!(both, FILE.replace("[\n  \"LAL\", # one\n]", "[\"NYK\", \"BOS\"]"));
    }

    #[test]
    fn what_is_new_stands_last_in_its_table() {
        let (color, anna) = (Value::text("never"), anna());
        let set = |text, profile| set(text, profile, Key::Color, &color).unwrap();
        let line = "color = \"never\"\n";
        let after = |part: &str| FILE.replace(part, &format!("{part}{line}"));
        assert_eq!(set(FILE, None), after("who else\n"));
        assert_eq!(set(FILE, Some(&anna)), after("one\n]\n"));
        let ben = "b.en".parse().unwrap();
        assert_eq!(set(FILE, Some(&ben)), format!("{FILE}\n[profiles.\"b.en\"]\n{line}"));
        for (text, expected) in [
            ("", line.to_owned()),
            ("# Only this.", format!("# Only this.\n{line}")),
            ("team = \"BOS\"", format!("team = \"BOS\"\n{line}")),
            (
                "# Top.\n\n# Anna.\n[profiles.anna]\n",
                format!("# Top.\n\n{line}\n# Anna.\n[profiles.anna]\n"),
            ),
            ("team = \"BOS\"\r\n", "team = \"BOS\"\r\ncolor = \"never\"\r\n".to_owned()),
        ] {
            assert_eq!(set(text, None), expected);
        }
        let empty = "[profiles.anna] # hers\n\n[profiles.ben]\n";
        assert_eq!(set(empty, Some(&anna)), empty.replace("hers\n", &format!("hers\n{line}")));
    }

    #[test]
    fn tables_within_a_line_are_changed_too() {
        let inline = "profiles = { anna = { team = \"BOS\" }, ben = {} } # all\n";
        let set =
            |text: &str, key, value| set(text, Some(&anna()), key, &Value::text(value)).unwrap();
        assert_eq!(set(inline, Key::Team, "LAL"), inline.replace("BOS", "LAL"));
        let two = set(inline, Key::Color, "never");
        assert!(
            ConfigFile::parse(&two).is_ok() && two.contains("never") && two.ends_with("# all\n")
        );
        assert!(!unset(&two, Some(&anna()), "color").unwrap().unwrap().contains("never"));
        let dotted = set("profiles.anna.team = \"BOS\"\n", Key::Color, "never");
        assert!(ConfigFile::parse(&dotted).is_ok() && dotted.contains("never"), "{dotted}");
    }

    #[test]
    fn what_is_unset_goes_with_its_line_and_nothing_else_does() {
        let gone = unset(FILE, None, "teams").unwrap().unwrap();
        assert_eq!(gone, FILE.replace("team = \"BOS\" # who else\n", ""));
        let gone = unset(FILE, Some(&anna()), "team").unwrap().unwrap();
        assert_eq!(gone, FILE.replace("team = [\n  \"LAL\", # one\n]\n", ""));
        assert_eq!(unset(FILE, None, "color").unwrap(), None);
        assert_eq!(unset(FILE, Some(&"ben".parse().unwrap()), "team").unwrap(), None);
        assert_eq!(unset("tema = 1\n# x\n", None, "tema").unwrap().as_deref(), Some("# x\n"));
        assert_eq!(unset("[tema]\na = 1\n", None, "tema").unwrap().as_deref(), Some(""));
        assert_eq!(unset("team = ", None, "team").unwrap_err().line, 1);
    }

    /// Files with comments, blank lines and some settings.
    fn files() -> impl Strategy<Value = String> {
        let line = prop_oneof!["# [a-zäö =\"\\[]{0,12}", Just(String::new())];
        let settings =
            prop::sample::subsequence(vec![0, 1, 2], 0..=3).prop_flat_map(move |which| {
                let all = ["team = [\"BOS\"]   # one", "title = 'x # y'", "yearly_reminder=true"];
                Just(which.into_iter().map(|at| all[at].to_owned()).collect::<Vec<_>>())
            });
        let comments = prop::collection::vec(line, 0..4);
        (comments.clone(), settings.clone(), comments.clone(), any::<bool>(), settings, comments)
            .prop_map(|(a, b, c, table, d, e)| {
                let table = if table { vec!["[profiles.anna]".to_owned()] } else { vec![] };
                let d = if table.is_empty() { vec![] } else { d };
                let lines: Vec<String> = [a, b, c, table, d, e].concat();
                lines.iter().map(|line| format!("{line}\n")).collect()
            })
    }

    proptest! {
        #[test]
        fn set_then_read_gives_the_value_and_unset_takes_only_it_away(
            file in files(),
            value in "[^\u{0}-\u{1f}\u{7f}]{0,20}",
            of_anna in any::<bool>(),
        ) {
            let profile = of_anna.then(anna);
            let value = Value::text(value);
            let written = set(&file, profile.as_ref(), Key::Title, &value).unwrap();
            let read = ConfigFile::parse(&written).unwrap();
            let entries = match &profile {
                Some(profile) => read.of(profile).unwrap(),
                None => read.common(),
            };
            prop_assert_eq!(entries[&Key::Title].value.one(), value.one());
            for line in file.lines().filter(|line| !line.starts_with("title")) {
                prop_assert!(written.contains(line), "{line:?} is gone from {written:?}");
            }
            let gone = unset(&written, profile.as_ref(), "title").unwrap().unwrap();
            prop_assert!(ConfigFile::parse(&gone).is_ok());
            for line in file.lines().filter(|line| line.trim_start().starts_with('#')) {
                prop_assert!(gone.contains(line), "{line:?} is gone from {gone:?}");
            }
            // Twice is once.
            prop_assert_eq!(set(&written, profile.as_ref(), Key::Title, &value).unwrap(), written);
        }

        #[test]
        fn no_text_makes_it_stumble(text in "[a-z\\[\\]{}=\"#.\n ]{0,40}") {
            drop(set(&text, Some(&anna()), Key::Team, &Value::text("BOS")));
            drop(unset(&text, None, "team"));
        }
    }
}
