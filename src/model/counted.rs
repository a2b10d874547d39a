//! How many there are of something, as people say it.

use std::fmt::Display;

/// `1 minute`, `2 minutes`; of what has its plural in "s".
pub fn counted<N: Display + PartialEq + From<u8>>(count: N, what: &str) -> String {
    let plural = if count == N::from(1) { "" } else { "s" };
    format!("{count} {what}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_is_singular() {
        for (count, told) in [(0, "0 games"), (1, "1 game"), (2, "2 games"), (82, "82 games")] {
            assert_eq!(counted(count, "game"), told);
        }
    }
}
