//! Opening the consent page.

use std::io;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;

use tokio::sync::oneshot;
use url::Url;

use crate::settings::SECRET_VARIABLES;

/// Shows a page to the person.
pub trait Browser: Send + Sync {
    /// Starts to open `url`; does not wait until the person has seen it.
    ///
    /// # Errors
    /// The system's, if nothing could be started.
    fn open(&self, url: &Url) -> io::Result<Opening>;
}

/// A browser that was started, and may yet turn out not to be one: what opens pages on a machine
/// starts well even where it then finds no browser.
#[derive(Debug)]
pub struct Opening(Option<oneshot::Receiver<ExitStatus>>);

impl Opening {
    /// One of which nothing more will be heard.
    pub fn certain() -> Self {
        Self(None)
    }

    /// Ends, with how the browser ended, if it ended without success; never if not. To be asked
    /// as often as it pleases.
    pub async fn failed(&mut self) -> ExitStatus {
        if let Some(ended) = &mut self.0 {
            let ended = ended.await;
            self.0 = None;
            if let Some(status) = ended.ok().filter(|status| !status.success()) {
                return status;
            }
        }
        std::future::pending().await
    }
}

/// The person's own browser: what `BROWSER` names, or else the platform's choice.
#[derive(Debug)]
pub struct SystemBrowser {
    /// The value of `BROWSER`: commands separated by colons, tried in order, each with `%s`
    /// for the address or else with the address behind it.
    pub preferred: Option<String>,
}

impl SystemBrowser {
    /// The programs that would be tried, in order.
    pub fn programs(&self) -> Vec<String> {
        let commands = self.commands(ABOUT_BLANK);
        commands.iter().map(|it| it.get_program().to_string_lossy().into_owned()).collect()
    }

    fn commands(&self, url: &str) -> Vec<Command> {
        match &self.preferred {
            Some(preferred) => preferred.split(':').filter_map(|it| command(it, url)).collect(),
            None => open::commands(url),
        }
    }
}

/// A page that is nowhere (RFC 6694): stands for one where only the program matters.
const ABOUT_BLANK: &str = "about:blank";

impl Browser for SystemBrowser {
    fn open(&self, url: &Url) -> io::Result<Opening> {
        let mut last = io::Error::from(io::ErrorKind::NotFound);
        for candidate in self.commands(url.as_str()) {
            match start(candidate) {
                Ok(opening) => return Ok(opening),
                Err(error) => last = error,
            }
        }
        Err(last)
    }
}

fn command(template: &str, url: &str) -> Option<Command> {
    let mut words = template.split_whitespace();
    let mut command = Command::new(words.next()?);
    let mut placed = false;
    for word in words {
        placed |= word.contains("%s");
        command.arg(word.replace("%s", url));
    }
    if !placed {
        command.arg(url);
    }
    Some(command)
}

/// Starts a browser apart from us: it inherits no secret, writes into none of our streams,
/// and does not end with our Ctrl-C.
fn start(mut command: Command) -> io::Result<Opening> {
    for name in SECRET_VARIABLES {
        command.env_remove(name);
    }
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let (ended, ends) = oneshot::channel();
    // It may live longer than we do, so nobody waits for this thread.
    let waits = thread::Builder::new().spawn(move || child.wait().map(|it| ended.send(it)));
    Ok(waits.map_or_else(|_| Opening::certain(), |_| Opening(Some(ends))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(template: &str) -> Vec<String> {
        let command = command(template, "https://x.example/?a=1").unwrap();
        let arguments = command.get_args().map(|word| word.to_string_lossy().into_owned());
        std::iter::once(command.get_program().to_string_lossy().into_owned())
            .chain(arguments)
            .collect()
    }

    #[test]
    fn the_address_goes_where_the_template_wants_it() {
        assert_eq!(words("firefox"), ["firefox", "https://x.example/?a=1"]);
        assert_eq!(words("lynx -x %s -y"), ["lynx", "-x", "https://x.example/?a=1", "-y"]);
    }

    #[test]
    fn the_first_command_that_starts_wins() {
        let none = SystemBrowser { preferred: Some("/nowhere/a:/nowhere/b".to_owned()) };
        let url = "https://x.example".parse().unwrap();
        assert_eq!(none.open(&url).unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
