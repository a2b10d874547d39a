//! Nulls in other people's JSON.

use serde::de::{Deserialize, Deserializer};

/// A field that is null reads as one that is absent.
pub(super) fn null_is_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
