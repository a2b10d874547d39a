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

/// What stands for what is not shown.
pub const VEIL: &str = "***";

/// As many hexadecimal digits as a token of Todoist's has.
const TOKEN: usize = 40;
/// As many as a SHA-256 has, which is nothing secret.
const CHECKSUM: usize = 64;

/// `text` without what looks like a token: messages quote what was typed, and a token gets pasted
/// in the wrong place, such as where a command or a team is expected.
pub fn veiled(text: &str) -> String {
    let (mut shown, mut rest) = (String::new(), text);
    while let Some(start) = rest.find(|letter: char| letter.is_ascii_hexdigit()) {
        let (before, after) = rest.split_at(start);
        let end = after.find(|letter: char| !letter.is_ascii_hexdigit()).unwrap_or(after.len());
        let (digits, after) = after.split_at(end);
        shown.push_str(before);
        shown.push_str(if digits.len() >= TOKEN && digits.len() != CHECKSUM {
            VEIL
        } else {
            digits
        });
        rest = after;
    }
    shown + rest
}

/// Whether something in `text` looks like a token.
pub fn shows_token(text: &str) -> bool {
    veiled(text) != text
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

    #[test]
    fn what_looks_like_a_token_is_veiled_wherever_it_stands() {
        let token = "0123456789abcdefABCDEF0123456789abcdef01";
        for (before, after) in
            [("", ""), ("no \"", "\""), ("--", "=x"), ("\u{1b}[33m", "é"), ("ü", "")]
        {
            assert_eq!(veiled(&format!("{before}{token}{after}")), format!("{before}***{after}"));
        }
        assert_eq!(veiled(&format!("{token} {token}")), "*** ***");
        assert_eq!(veiled(&format!("{token}{token}")), "***");
        let hash = "0123456789abcdef".repeat(4);
        for plain in ["", "BOS", "0123456789abcdef0123456789abcdef", &hash, "décade é"] {
            assert_eq!(veiled(plain), plain);
            assert!(!shows_token(plain));
        }
    }
}
