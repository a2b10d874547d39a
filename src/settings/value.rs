//! What a setting was set to, before it is known whether it can be used.

use std::fmt;

use toml_edit::Item;
use url::Url;
use zeroize::Zeroizing;

use super::choice::switch;
use super::database_address::holds_password;
use super::{DatabaseAddress, Key, Kind};
use crate::model::secret::{self, VEIL};

/// One text, or for a list any number of them. It may be a secret: wiped on drop, and without a
/// form that could be printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Value(Vec<Zeroizing<String>>);

impl Value {
    /// One text.
    pub fn text(text: impl Into<String>) -> Self {
        Self(vec![Zeroizing::new(text.into())])
    }

    /// A list of texts.
    pub fn list(texts: impl IntoIterator<Item = String>) -> Self {
        Self(texts.into_iter().map(Zeroizing::new).collect())
    }

    /// As the environment or the command line gives it: a list has commas between.
    pub fn typed(kind: Kind, text: &str) -> Self {
        match kind {
            Kind::List => Self::list(
                text.split(',').map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned),
            ),
            // In the file it is one of two words, whatever else people type for them.
            Kind::Switch => Self::text(switch(text).map_or(text.to_owned(), |on| on.to_string())),
            Kind::Text | Kind::Amount | Kind::Path => Self::text(text),
        }
    }

    /// As it stands in a settings file. The text is moved, so that no copy of it is left.
    ///
    /// # Errors
    /// What it should be, where it is of another kind.
    pub(super) fn of_item(kind: Kind, item: Item) -> Result<Self, &'static str> {
        use toml_edit::Value as Toml;

        match (kind, item.into_value()) {
            (Kind::Switch, Ok(Toml::Boolean(on))) => Ok(Self::text(on.value().to_string())),
            (Kind::Amount, Ok(Toml::Integer(number))) => Ok(Self::text(number.value().to_string())),
            (Kind::List, Ok(Toml::String(text))) => Ok(Self::typed(kind, text.value())),
            (Kind::List, Ok(Toml::Array(array))) => {
                let texts: Option<Vec<String>> =
                    array.iter().map(|it| it.as_str().map(str::to_owned)).collect();
                texts.map(Self::list).ok_or("a list of texts in quotes")
            }
            (Kind::Text | Kind::Path | Kind::Amount, Ok(Toml::String(text))) => {
                Ok(Self::text(text.into_value()))
            }
            (kind, _) => Err(match kind {
                Kind::Switch => "true or false",
                Kind::Amount => "a text in quotes, or a number",
                Kind::List => "a text in quotes, or a list of them",
                Kind::Text | Kind::Path => "a text in quotes",
            }),
        }
    }

    /// As it is written into a settings file.
    pub(super) fn to_item(&self, kind: Kind) -> Item {
        match (kind, self.one()) {
            (Kind::Switch, text) if text == "true" || text == "false" => {
                toml_edit::value(text == "true")
            }
            (Kind::List, _) if self.0.len() != 1 => {
                toml_edit::value(self.texts().collect::<toml_edit::Array>())
            }
            (_, text) => toml_edit::value(text),
        }
    }

    /// The text; of a list the first one.
    pub fn one(&self) -> &str {
        self.0.first().map_or("", |text| text)
    }

    /// The texts.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|text| text.as_str())
    }

    /// What may be shown of it as the value of `key`.
    pub fn shown(&self, key: Key) -> Vec<String> {
        self.texts().map(|text| secret::veiled(&veiled(key, text))).collect()
    }

    /// Whether something of it is not shown.
    pub fn is_secret(&self, key: Key) -> bool {
        key.is_secret() || (key == Key::SessionStore && holds_password(self.one()))
    }

    /// The path that `~/` begins is below `home`.
    pub(super) fn expand_home(&mut self, home: &std::path::Path) {
        for text in &mut self.0 {
            if let Some(below) = text.strip_prefix("~/") {
                *text = Zeroizing::new(home.join(below).to_string_lossy().into_owned());
            }
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(VEIL)
    }
}

/// An address can carry a password in front of its host, and a key behind its path.
fn veiled(key: Key, text: &str) -> String {
    let is_address =
        matches!(key, Key::SessionStore | Key::ApiUrl | Key::AuthUrl | Key::ScheduleUrl);
    if key.is_secret() {
        return VEIL.to_owned();
    }
    // One that no database has may be a password that slipped to where its host should be.
    let is_none = |text| matches!(DatabaseAddress::parse(text), None | Some(Err(_)));
    if key == Key::SessionStore && text.contains(':') && is_none(text) && !names_a_host(text) {
        return VEIL.to_owned();
    }
    if !is_address || !text.contains(['@', '?', '#']) {
        return text.to_owned();
    }
    let Some(mut url) = Url::parse(text).ok().filter(Url::has_host) else {
        return VEIL.to_owned();
    };
    if !url.username().is_empty() || url.password().is_some() {
        let veiled = url.set_username(VEIL).and_then(|()| url.set_password(None));
        if veiled.is_err() {
            return VEIL.to_owned();
        }
    }
    if url.query().is_some() {
        url.set_query(Some(VEIL));
    }
    url.set_fragment(None);
    url.to_string()
}

/// Whether `text` is an address whose host is one for sure.
fn names_a_host(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| url.host_str().is_some_and(|host| !host.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_shown() {
        for (key, text, shown) in [
            (Key::ClientSecret, "hunter2", "***"),
            (Key::SessionStore, "file", "file"),
            (Key::SessionStore, "redis://:hunter2@db/1", "redis://***@db/1"),
            (Key::SessionStore, "postgres://me@db/x?sslmode=require", "postgres://***@db/x?***"),
            (Key::SessionStore, "me:hunter2@db", "***"),
            (Key::SessionStore, "redis://:hunter2", "***"),
            (Key::SessionStore, "redis:hunter2", "***"),
            (Key::SessionStore, "postgres://me:hunter2", "***"),
            (Key::SessionStore, "redis://db.example.com", "redis://db.example.com"),
            (Key::ScheduleUrl, "https://x.example/y?key=hunter2", "https://x.example/y?***"),
            (Key::ApiUrl, "https://me:hunter2@x.example", "https://***@x.example/"),
            (Key::ApiUrl, "https://api.todoist.com", "https://api.todoist.com"),
            (Key::Title, "{team} @ {opponent}?", "{team} @ {opponent}?"),
        ] {
            assert_eq!(Value::text(text).shown(key), [shown]);
        }
        assert_eq!(format!("{:?}", Value::text("hunter2")), "***");
    }

    #[test]
    fn a_list_has_commas_between_and_an_empty_one_is_a_list() {
        let list =
            |text| Value::typed(Kind::List, text).texts().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(list("BOS, LAL,"), ["BOS", "LAL"]);
        assert!(list("").is_empty());
        assert_eq!(Value::typed(Kind::Text, "a, b").one(), "a, b");
    }
}
