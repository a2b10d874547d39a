//! What the operating system says of a failure, fit to be read.

use std::fmt::Display;

/// How a name is said to lead nowhere.
pub const NAME_NOT_FOUND: &str = "its name is not found";

/// What `error` says, without the numbers and temporary files that only a programmer looks up.
pub fn in_words(error: &impl Display) -> String {
    let text = error.to_string();
    // How the standard library begins to say that a resolver failed, whatever it failed by.
    if text.contains("failed to lookup address") {
        return NAME_NOT_FOUND.to_owned();
    }
    let said = text.split(" at path \"").next().unwrap_or_default();
    said.split(" (os error ").next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    #[test]
    fn numbers_and_temporary_files_are_left_out() {
        let full = "No space left on device (os error 28) at path \"/tmp/.nbatodo-x\"";
        assert_eq!(in_words(&full), "No space left on device");
        let said = in_words(&io::Error::from_raw_os_error(2));
        assert!(!said.is_empty() && !said.contains("os error"), "{said}");
        let resolver = "failed to lookup address information: Name or service not known";
        assert_eq!(in_words(&resolver), NAME_NOT_FOUND);
        assert_eq!(in_words(&"full"), "full");
    }
}
