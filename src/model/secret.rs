//! Secrets that opening a person's Todoist takes: wiped on drop, never printed, never copied.

use std::fmt;

use zeroize::Zeroizing;

macro_rules! secret_text {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// Wiped from memory on drop; prints as `***`; has no `Clone`, so each copy in the
        /// source is a visible decision.
        pub struct $name(Zeroizing<String>);

        impl $name {
            /// Takes the text over.
            pub fn new(text: impl Into<Zeroizing<String>>) -> Self {
                Self(text.into())
            }

            /// The text itself, for the one place that has to send or seal it.
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(***)"))
            }
        }
    };
}

secret_text! {
    /// An OAuth access token (RFC 6749 section 1.4), or a personal API token.
    AccessToken
}
secret_text! {
    /// An OAuth refresh token (RFC 6749 section 1.5). Todoist rotates it on each use.
    RefreshToken
}
secret_text! {
    /// The secret of a confidential OAuth client (RFC 6749 section 2.3.1).
    ClientSecret
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        let token = AccessToken::new("house-key".to_owned());
        assert_eq!(format!("{token:?}"), "AccessToken(***)");
        assert_eq!(token.expose(), "house-key");
    }
}
