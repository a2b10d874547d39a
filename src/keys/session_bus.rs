//! What the session bus says of the Secret Service, without starting a dialog.

use std::sync::{Mutex, PoisonError};

use zbus::blocking::{Connection, Proxy, proxy};
use zbus::proxy::CacheProperties;
use zbus::zvariant::{ObjectPath, OwnedObjectPath};

use super::KeyStoreError;

/// The Secret Service on the bus (freedesktop.org, Secret Service API).
const SERVICE: &str = "org.freedesktop.secrets";
const OBJECT: &str = "/org/freedesktop/secrets";
const INTERFACE: &str = "org.freedesktop.Secret.Service";
/// The path that stands for no object.
const NOTHING: &str = "/";

/// How often the service is asked for what it says is not there: gnome-keyring (42) says so, too,
/// while it does not know yet who asks.
const QUESTIONS: usize = 4;

/// The session bus, over a connection that is kept from one call to the next: gnome-keyring (42)
/// can abort when programs come and go at the same time, and takes the person's unlocked keyring
/// with it.
#[derive(Debug, Default)]
pub(super) struct SessionBus(Mutex<Option<Connection>>);

impl SessionBus {
    /// Makes sure that nobody has to be asked before the default collection can be used.
    ///
    /// A service may open a locked collection without a person, and says so: only carrying out the
    /// prompt that it returns would start a dialog, and that is left undone.
    ///
    /// # Errors
    /// [`KeyStoreError::Locked`] if a person would be asked; [`KeyStoreError::Unreachable`].
    pub(super) fn is_open(&self) -> Result<(), KeyStoreError> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bus = match kept.take() {
            Some(bus) => bus,
            None => Connection::session().map_err(|error| unreachable(no_bus(&error)))?,
        };
        let open = is_open(&bus);
        // A connection over which nothing came is made anew the next time.
        if matches!(open, Ok(()) | Err(KeyStoreError::Locked { .. })) {
            *kept = Some(bus);
        }
        open
    }
}

fn is_open(bus: &Connection) -> Result<(), KeyStoreError> {
    let service = at(bus, ObjectPath::from_static_str_unchecked(OBJECT), INTERFACE);
    let service = service.map_err(|error| unreachable(no_service(&error)))?;
    let collection = default_collection(&service)?;
    let object = at(bus, collection.as_ref(), "org.freedesktop.Secret.Collection");
    let is_locked = object.and_then(|it| it.get_property::<bool>("Locked"));
    if !is_locked.map_err(|error| failed(&error))? {
        return Ok(());
    }
    let (_, prompt): (Vec<OwnedObjectPath>, OwnedObjectPath) =
        service.call("Unlock", &(vec![&collection],)).map_err(|error| failed(&error))?;
    if prompt.as_str() == NOTHING {
        return Ok(());
    }
    let dismissed = at(bus, prompt.as_ref(), "org.freedesktop.Secret.Prompt")
        .and_then(|prompt| prompt.call::<_, _, ()>("Dismiss", &()));
    tracing::debug!(?dismissed, "the prompt is left undone");
    Err(locked("nobody is here to be asked for its password"))
}

/// The collection that programs use that name none.
fn default_collection(service: &Proxy<'_>) -> Result<OwnedObjectPath, KeyStoreError> {
    for _ in 0..QUESTIONS {
        let answer = service.call("ReadAlias", &("default",));
        let path: OwnedObjectPath = answer.map_err(|error| unreachable(no_service(&error)))?;
        if path.as_str() != NOTHING {
            return Ok(path);
        }
    }
    Err(locked("it has no collection for keys yet"))
}

/// An object of the service, of which only those properties are asked for that are named. Asked for
/// all of them, gnome-keyring (42) aborts if another program changes the collection meanwhile, and
/// takes the person's unlocked keyring with it.
fn at<'a>(
    bus: &Connection,
    path: ObjectPath<'a>,
    interface: &'static str,
) -> zbus::Result<Proxy<'a>> {
    let object = proxy::Builder::new(bus).destination(SERVICE)?.path(path)?.interface(interface)?;
    object.cache_properties(CacheProperties::No).build()
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
