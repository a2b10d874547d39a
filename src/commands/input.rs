//! What a person types while a command runs.

use std::future::Future;
use std::io;
use std::pin::Pin;

use zeroize::Zeroizing;

/// One line, without its end. It may hold a code or a secret, so it is wiped on drop.
pub type Line = Zeroizing<String>;

/// Something that comes when the person has typed it.
pub type Awaiting<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Standard input, and the terminal.
pub trait Input: Send + Sync {
    /// The next line of standard input; `None` where there are no more. A wait that is dropped
    /// loses no line.
    fn line(&self) -> Awaiting<'_, Option<Line>>;

    /// Asks for a secret on the terminal and reads it unseen. Only where somebody attends.
    ///
    /// # Errors
    /// The terminal's.
    fn secret(&self, prompt: &str) -> Awaiting<'_, io::Result<Line>>;

    /// Lets the person take one of `items` from a list on the terminal; `None` if they skip it.
    /// A wait that is dropped leaves the terminal as it was.
    ///
    /// # Errors
    /// The terminal's, also where something else reads it.
    fn choose(&self, prompt: &str, items: Vec<String>) -> Awaiting<'_, io::Result<Option<usize>>>;
}

/// Where nobody types anything.
pub(super) struct NoInput;

impl Input for NoInput {
    fn line(&self) -> Awaiting<'_, Option<Line>> {
        Box::pin(std::future::ready(None))
    }

    fn secret(&self, _prompt: &str) -> Awaiting<'_, io::Result<Line>> {
        Box::pin(std::future::ready(Err(io::ErrorKind::Unsupported.into())))
    }

    fn choose(&self, _: &str, _: Vec<String>) -> Awaiting<'_, io::Result<Option<usize>>> {
        Box::pin(std::future::ready(Ok(None)))
    }
}
