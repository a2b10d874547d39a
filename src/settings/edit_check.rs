//! Whether a change to the text of a settings file changed what it was to, and nothing else.

use toml_edit::{Document, Item, TableLike};

use super::edit::place;
use super::{ConfigFile, Key, Value};
use crate::model::Profile;

/// Whether `after` is `before` with only the setting that is called `name`, for every profile or
/// in the table of `profile`, at `value`, or gone where that is `None`. What could be read before
/// can be read after, too.
pub fn changes_only(
    (before, after): (&str, &str),
    profile: Option<&Profile>,
    name: &str,
    value: Option<(Key, &Value)>,
) -> bool {
    let (Ok(old), Ok(new)) = (Document::parse(before), Document::parse(after)) else {
        return false;
    };
    if ConfigFile::parse(before).is_ok() && ConfigFile::parse(after).is_err() {
        return false;
    }
    let key = value.map(|(key, _)| key).or_else(|| Key::from_name(name).ok());
    let names = key.map_or(&[][..], Key::names);
    let is_it = |it: &str| it == name || names.contains(&it);
    let place = place(new.as_table(), profile);
    let mut found =
        place.iter().flat_map(|place| place.table.iter()).filter(|(name, _)| is_it(name));
    let as_asked = match (found.next(), value) {
        (None, None) => true,
        (Some((_, item)), Some((key, value))) => {
            Value::of_item(key.kind(), item.clone()).is_ok_and(|it| reads_as(&it, value))
        }
        _ => false,
    };
    as_asked
        && found.next().is_none()
        && others(&old, profile, is_it) == others(&new, profile, is_it)
}

/// An empty list is no text at all.
fn reads_as(read: &Value, meant: &Value) -> bool {
    read.texts().eq(meant.texts()) || (read.one().is_empty() && meant.one().is_empty())
}

/// All values but those that are changed, each behind where it stands, in order.
fn others(
    document: &Document<&str>,
    profile: Option<&Profile>,
    is_it: impl Fn(&str) -> bool,
) -> Vec<(Vec<String>, String)> {
    let mut values = Vec::new();
    collect(document.as_table(), &mut Vec::new(), &mut values);
    values.retain(|(path, _): &(Vec<String>, String)| match (profile, &path[..]) {
        (None, [name, ..]) => !is_it(name),
        (Some(profile), [_, table, name, ..]) => table != profile.as_str() || !is_it(name),
        _ => true,
    });
    values.sort();
    values
}

fn collect(table: &dyn TableLike, path: &mut Vec<String>, values: &mut Vec<(Vec<String>, String)>) {
    for (name, item) in table.iter() {
        path.push(name.to_owned());
        match (item.as_table_like(), item) {
            (Some(table), _) => collect(table, path, values),
            (None, Item::ArrayOfTables(tables)) => {
                for (number, table) in tables.iter().enumerate() {
                    path.push(number.to_string());
                    collect(table, path, values);
                    path.pop();
                }
            }
            _ => values.push((path.clone(), item.to_string().trim().to_owned())),
        }
        path.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_more_or_of_less_is_found() {
        let anna: Profile = "anna".parse().unwrap();
        let (bos, lal) = (Value::text("BOS"), Value::text("LAL"));
        let check =
            |before: &str, after: &str, profile: Option<&Profile>, value: Option<&Value>| {
                changes_only((before, after), profile, "team", value.map(|it| (Key::Team, it)))
            };
        let (old, new) =
            ("title = 'x'\n[profiles.anna]\n", "title = 'x'\n[profiles.anna]\nteam = 'BOS'");
        assert!(check(old, new, Some(&anna), Some(&bos)));
        assert!(check(new, old, Some(&anna), None));
        assert!(check(old, "teams = ['BOS']\ntitle = 'x'", None, Some(&bos)));
        assert!(!check(old, new, None, Some(&bos)), "another table");
        assert!(!check(old, new, Some(&anna), Some(&lal)), "another value");
        assert!(!check(old, old, Some(&anna), Some(&bos)), "nothing");
        assert!(!check(new, new, Some(&anna), None), "still there");
        assert!(!check(old, &new.replace("'x'", "'y'"), Some(&anna), Some(&bos)), "more");
        assert!(!check(old, &new.replace("title = 'x'", ""), Some(&anna), Some(&bos)), "less");
        assert!(!check(old, "team = ", None, Some(&bos)), "no TOML");
        assert!(!check(old, "team = 'BOS'\ntitle = 'x'\nprofiles = 1", None, Some(&bos)));
    }
}
