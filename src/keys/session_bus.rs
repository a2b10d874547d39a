//! What the session bus says of the Secret Service, without starting a dialog.

use zbus::blocking::{Connection, Proxy};
use zbus::zvariant::OwnedObjectPath;

use super::KeyStoreError;

/// The Secret Service on the bus (freedesktop.org, Secret Service API).
const SERVICE: &str = "org.freedesktop.secrets";
const OBJECT: &str = "/org/freedesktop/secrets";
const INTERFACE: &str = "org.freedesktop.Secret.Service";
/// The path that stands for no object.
const NOTHING: &str = "/";

/// Makes sure that nobody has to be asked before the default collection can be used.
///
/// A service may open a locked collection without a person, and says so: only carrying out the
/// prompt that it returns would start a dialog, and that is left undone.
///
/// # Errors
/// [`KeyStoreError::Locked`] if a person would be asked; [`KeyStoreError::Unreachable`].
pub(super) fn is_open() -> Result<(), KeyStoreError> {
    let bus = Connection::session().map_err(|error| unreachable(no_bus(&error)))?;
    let service = Proxy::new(&bus, SERVICE, OBJECT, INTERFACE);
    let service = service.map_err(|error| unreachable(no_service(&error)))?;
    let collection: OwnedObjectPath = service
        .call("ReadAlias", &("default",))
        .map_err(|error| unreachable(no_service(&error)))?;
    if collection.as_str() == NOTHING {
        return Err(locked("it has no collection for keys yet"));
    }
    let object = Proxy::new(&bus, SERVICE, &collection, "org.freedesktop.Secret.Collection");
    let is_locked = object.and_then(|it| it.get_property::<bool>("Locked"));
    if !is_locked.map_err(|error| failed(&error))? {
        return Ok(());
    }
    let (_, prompt): (Vec<OwnedObjectPath>, OwnedObjectPath) =
        service.call("Unlock", &(vec![&collection],)).map_err(|error| failed(&error))?;
    if prompt.as_str() == NOTHING {
        return Ok(());
    }
    let dismissed = Proxy::new(&bus, SERVICE, &prompt, "org.freedesktop.Secret.Prompt")
        .and_then(|prompt| prompt.call::<_, _, ()>("Dismiss", &()));
    tracing::debug!(?dismissed, "the prompt is left undone");
    Err(locked("nobody is here to be asked for its password"))
}

/// Why no keyring answers, in words: there is no bus, or nobody on it keeps secrets.
pub(super) fn why_unreachable() -> String {
    match Connection::session() {
        Err(error) => no_bus(&error),
        Ok(_) => NO_SERVICE.to_owned(),
    }
}

const NO_SERVICE: &str = "no keyring service runs on the session bus";

fn no_bus(error: &zbus::Error) -> String {
    tracing::debug!(%error, "the session bus does not answer");
    "there is no session bus".to_owned()
}

fn no_service(error: &zbus::Error) -> String {
    tracing::debug!(%error, "no keyring service answers");
    NO_SERVICE.to_owned()
}

fn unreachable(why: String) -> KeyStoreError {
    KeyStoreError::Unreachable { why }
}

fn locked(why: &str) -> KeyStoreError {
    KeyStoreError::Locked { why: why.to_owned() }
}

fn failed(error: &zbus::Error) -> KeyStoreError {
    KeyStoreError::Failed { why: error.to_string() }
}
