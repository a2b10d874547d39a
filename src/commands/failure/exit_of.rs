//! How a run ends, by what failed below the commands.

use crate::commands::Exit;
use crate::database::DatabaseError;
use crate::http::HttpError;
use crate::import::{ApplyError, LedgerError, Outcome};
use crate::keys::{KeyStoreError, MasterKeyError};
use crate::private_files::FileError;
use crate::session::{StoreError, VaultError};
use crate::signin::TokenError;
use crate::signin::registration::RegistrationError;
use crate::todoist::TodoistError;

/// Without an answer, trying later can help; not where we could not or would not ask.
pub(in crate::commands) fn of_http(error: &HttpError) -> Exit {
    match error {
        HttpError::Setup(_) | HttpError::Certificate { .. } => Exit::Failed,
        HttpError::NotConnected { .. }
        | HttpError::Unreachable { .. }
        | HttpError::TimedOut { .. }
        | HttpError::TooLong { .. } => Exit::Temporary,
    }
}

/// What a script should make of a failure at Todoist.
pub(in crate::commands) fn of_todoist(error: &TodoistError) -> Exit {
    match error {
        TodoistError::Http(error) => of_http(error),
        TodoistError::Refused(_) => Exit::Failed,
        TodoistError::Unavailable(_)
        | TodoistError::Paused { .. }
        | TodoistError::RateLimited { .. } => Exit::Temporary,
        TodoistError::Unauthorized | TodoistError::Ended => Exit::SignIn,
    }
}

/// What a script should make of an import that stopped.
pub(in crate::commands) fn of_apply(error: &ApplyError) -> Exit {
    match error {
        ApplyError::Todoist(error) => of_todoist(error),
        ApplyError::TurnLost(error) => of_key_store(error),
        ApplyError::Ledger(error) | ApplyError::NotTakenDown(error) => of_ledger(error),
    }
}

/// What a script should make of what applying came to.
pub(in crate::commands) fn of_outcome(outcome: &Outcome) -> Exit {
    match &outcome.broken_off {
        Some(error) => of_apply(error),
        None if outcome.refused.is_empty() => Exit::Done,
        None => Exit::Partial,
    }
}

fn of_ledger(error: &LedgerError) -> Exit {
    match error {
        LedgerError::Store(error) => of_key_store(error),
        LedgerError::File(_) | LedgerError::Unopened(_) | LedgerError::Json(_) => Exit::Failed,
    }
}

pub(in crate::commands) fn of_registration(error: &RegistrationError) -> Exit {
    match error {
        RegistrationError::Http(error) => of_http(error),
        RegistrationError::Refused(_) => Exit::Failed,
        RegistrationError::RateLimited { .. } | RegistrationError::Unavailable(_) => {
            Exit::Temporary
        }
    }
}

pub(in crate::commands) fn of_token(error: &TokenError) -> Exit {
    match error {
        TokenError::Http(error) => of_http(error),
        TokenError::Refused(_) => Exit::Failed,
        TokenError::Unavailable(_) | TokenError::Busy(_) => Exit::Temporary,
        TokenError::UnknownClient => Exit::SignIn,
    }
}

/// A session file that does not open calls for a new sign-in, whatever is wrong with it.
pub(in crate::commands) fn of_vault(error: &VaultError) -> Exit {
    match error {
        VaultError::Seal(_) | VaultError::KeyGone => Exit::SignIn,
        VaultError::Keys(error) => of_key_store(error),
        VaultError::Store(StoreError::File(FileError::Io { .. })) => Exit::Failed,
        VaultError::Store(StoreError::Database(error)) => of_database(error),
        // Something lies there that is no session file of ours: no usable session.
        VaultError::Store(StoreError::File(_)) => Exit::SignIn,
    }
}

/// An entry that does not open is a lost key, not a key store that is out of reach.
pub(in crate::commands) fn of_key_store(error: &KeyStoreError) -> Exit {
    match error {
        KeyStoreError::EntryDamaged { .. } => Exit::SignIn,
        KeyStoreError::Database(error) => of_database(error),
        KeyStoreError::Master(MasterKeyError::Taken(_)) => Exit::Failed,
        _ => Exit::KeyStore,
    }
}

/// A database that is away comes back; one that does not let us in is a matter of settings.
pub(in crate::commands) fn of_database(error: &DatabaseError) -> Exit {
    match error {
        DatabaseError::Unreachable { .. }
        | DatabaseError::Silent { .. }
        | DatabaseError::Unavailable { .. }
        | DatabaseError::Busy { .. }
        | DatabaseError::LockLost { .. } => Exit::Temporary,
        DatabaseError::Access { .. } => Exit::Usage,
        DatabaseError::Certificate { .. } | DatabaseError::Failed { .. } => Exit::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Distrust;

    #[test]
    fn a_database_that_comes_back_is_worth_another_try_and_one_that_refuses_is_not() {
        let (place, why) = (String::new, String::new);
        let distrust = Distrust::Issuer;
        for (error, exit) in [
            (DatabaseError::Unreachable { place: place(), why: why() }, Exit::Temporary),
            (DatabaseError::Silent { place: place() }, Exit::Temporary),
            (DatabaseError::Unavailable { place: place(), why: why() }, Exit::Temporary),
            (DatabaseError::Busy { place: place() }, Exit::Temporary),
            (DatabaseError::LockLost { place: place() }, Exit::Temporary),
            (DatabaseError::Access { place: place(), why: why() }, Exit::Usage),
            (DatabaseError::Certificate { place: place(), distrust }, Exit::Failed),
            (DatabaseError::Failed { place: place(), why: why() }, Exit::Failed),
        ] {
            let keys = KeyStoreError::Database(error.clone());
            assert_eq!(of_database(&error), exit, "{error:?}");
            assert_eq!(of_key_store(&keys), exit, "{error:?}");
            assert_eq!(of_vault(&VaultError::Keys(keys)), exit, "{error:?}");
            let store = VaultError::Store(StoreError::Database(error.clone()));
            assert_eq!(of_vault(&store), exit, "{error:?}");
        }
    }
}
