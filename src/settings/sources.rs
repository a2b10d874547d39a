//! The places that a setting can come from, and which of them wins.

use std::str::FromStr;

use super::InvalidSetting;

/// The places that one setting can come from, strongest first.
pub(super) struct Sources {
    variable: &'static str,
    from_env: Option<String>,
    key: &'static str,
    from_config: Option<String>,
}

impl Sources {
    pub(super) fn new(
        variable: &'static str,
        from_env: Option<String>,
        key: &'static str,
        from_config: Option<String>,
    ) -> Self {
        Self { variable, from_env, key, from_config }
    }

    /// The name and value of the strongest source that speaks.
    fn chosen(self) -> Option<(&'static str, String)> {
        let from_config = self.from_config.map(|value| (self.key, value));
        self.from_env.map(|value| (self.variable, value)).or(from_config)
    }

    /// The strongest value, parsed; an error names the source that it came from.
    pub(super) fn strongest<T>(self, default: &str) -> Result<T, InvalidSetting>
    where
        T: FromStr<Err: ToString>,
    {
        let (name, value) = self.chosen().unwrap_or(("the default", default.to_owned()));
        value.parse().map_err(|why: T::Err| InvalidSetting::Value {
            name,
            why: why.to_string(),
            value: repeatable(&value),
        })
    }
}

/// A value as an error may repeat it: an address can carry a password or a key.
pub(super) fn repeatable(value: &str) -> String {
    if value.contains(['@', '?', '#']) { "***".to_owned() } else { value.to_owned() }
}
