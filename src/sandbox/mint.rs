//! New ids and secrets.

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The letters of Todoist's ids: no vowels, nothing that reads like something else.
const ID_LETTERS: &[u8; 32] = b"23456789CFGHMPQRVWXcfghjmpqrvwxJ";
/// Todoist's ids have 16 characters, such as `6X7rM8997g3RQmvh`.
const ID_LENGTH: usize = 16;

/// Makes ids that no other run of the sandbox made: a client's old records must not
/// fit by accident.
#[derive(Debug)]
pub(crate) struct Mint {
    seed: Uuid,
    made: u64,
}

impl Mint {
    pub(crate) fn new() -> Self {
        Self { seed: Uuid::new_v4(), made: 0 }
    }

    /// A new id of a user, project, section, task or reminder.
    pub(crate) fn id(&mut self) -> String {
        self.made += 1;
        let mut hash = Sha256::new();
        hash.update(self.seed.as_bytes());
        hash.update(self.made.to_be_bytes());
        let letters =
            hash.finalize().iter().skip(1).take(ID_LENGTH - 1).map(letter).collect::<String>();
        format!("6{letters}")
    }
}

/// A new secret of 244 random bits: a token, a code, a client's secret.
pub(crate) fn secret() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}

fn letter(byte: &u8) -> char {
    char::from(ID_LETTERS[usize::from(*byte) % ID_LETTERS.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_look_like_todoists_and_differ() {
        let mut mint = Mint::new();
        let (first, second) = (mint.id(), mint.id());
        assert_eq!(first.len(), 16);
        assert!(first.chars().all(|letter| letter.is_ascii_alphanumeric()));
        assert_ne!(first, second);
        assert_ne!(first, Mint::new().id());
    }
}
