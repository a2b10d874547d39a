//! The pages that a person sees: self-contained, in light and dark, narrow and wide.

pub(crate) mod consent;
pub(crate) mod layout;
pub(crate) mod projects;
