//! PostgreSQL's errors, in a person's words.

use std::error::Error;
use std::io;

use tokio_postgres::error::{DbError, SqlState};

use super::DatabaseError;
use super::redis::NO_PASSWORD;
use crate::http::distrust;
use crate::model::system_error::in_words;

/// What PostgreSQL, or the way to it, means by an error. Details, which can quote values, are left
/// out.
pub(super) fn explained(place: &str, error: &tokio_postgres::Error) -> DatabaseError {
    let links = || std::iter::successors(error.source(), |link| Error::source(*link));
    if let Some(distrust) = links().find_map(distrust) {
        return DatabaseError::Certificate { place: place.to_owned(), distrust };
    }
    if let Some(said) = error.as_db_error() {
        return of_server(place, said);
    }
    let place = place.to_owned();
    let io = links().filter_map(|link| link.downcast_ref::<io::Error>()).last();
    let cause = || error.source().map_or_else(|| error.to_string(), ToString::to_string);
    let why = io.map_or_else(cause, in_words);
    let why = if why == "password missing" { NO_PASSWORD.to_owned() } else { why };
    let text = error.to_string();
    // Such as a password that is wanted and not given, or TLS that the server does not have.
    if text.starts_with("invalid config") || text.starts_with("auth") || text.contains("TLS") {
        return DatabaseError::Access { place, why };
    }
    DatabaseError::Unreachable { place, why }
}

/// Classes of SQLSTATE: PostgreSQL's manual, appendix A.
fn of_server(place: &str, said: &DbError) -> DatabaseError {
    let (place, why) = (place.to_owned(), said.message().to_owned());
    match (said.code(), said.code().code().get(..2)) {
        (&SqlState::INSUFFICIENT_PRIVILEGE, _) | (_, Some("3D" | "3F" | "28")) => {
            DatabaseError::Access { place, why }
        }
        (&SqlState::READ_ONLY_SQL_TRANSACTION, _) => {
            let why = "it is a replica, or another database that can only be read".to_owned();
            DatabaseError::Unavailable { place, why }
        }
        // The server ends, or has just begun: perhaps another connection succeeds.
        (_, Some("57" | "08")) => DatabaseError::Unreachable { place, why },
        (_, Some("53" | "40" | "55")) => DatabaseError::Unavailable { place, why },
        _ => DatabaseError::Failed { place, why },
    }
}
