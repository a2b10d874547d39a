//! PostgreSQL.

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio::runtime::Runtime;
use tokio::time::timeout;
use tokio_postgres::config::SslMode;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{FromSql, ToSql, Type};
use tokio_postgres::{Client, Config, NoTls, Row};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::connection::{Connection, LockName};
use super::postgres_error::explained;
use super::time_limit::{ANSWER_LIMIT, CONNECT_LIMIT};
use super::{DatabaseError, Key, password};
use crate::http::{HttpError, verified_tls};
use crate::settings::{DatabaseAddress, Encryption};

/// Where everything lies, in the first schema of the user's search path.
///
/// `CREATE TABLE IF NOT EXISTS` alone fails for the second of two that begin at once.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS nbatodo_sealed (\
                     shelf text NOT NULL, name text NOT NULL, sealed bytea NOT NULL, \
                     expires_at timestamptz, PRIMARY KEY (shelf, name))";
const LOAD: &str = "SELECT substring(sealed FROM 1 FOR $3) FROM nbatodo_sealed \
                    WHERE shelf = $1 AND name = $2 \
                    AND (expires_at IS NULL OR expires_at > now())";
const SAVE: &str = "INSERT INTO nbatodo_sealed (shelf, name, sealed, expires_at) \
                    VALUES ($1, $2, $3, to_timestamp($4::int8::float8)) \
                    ON CONFLICT (shelf, name) DO UPDATE \
                    SET sealed = excluded.sealed, expires_at = excluded.expires_at";
/// Rows that another run is just writing are left to it, so that no two runs wait for each other.
const PURGE: &str = "DELETE FROM nbatodo_sealed WHERE (shelf, name) IN \
                     (SELECT shelf, name FROM nbatodo_sealed WHERE expires_at <= now() \
                     FOR UPDATE SKIP LOCKED)";
const DELETE: &str = "DELETE FROM nbatodo_sealed WHERE shelf = $1 AND name = $2 \
                      RETURNING expires_at IS NULL OR expires_at > now()";
const TRY_LOCK: &str = "SELECT pg_try_advisory_lock($1)";
const UNLOCK: &str = "SELECT pg_advisory_unlock($1)";
const CLOCK: &str = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::int8";
const SETTING: &str = "SELECT current_setting($1)";

/// One connection to PostgreSQL. A value is a row, with the instant when it ends; a lock is an
/// advisory lock of the session, which ends with the connection that took it, so that a killed
/// holder frees it at once.
pub struct Postgres {
    /// Taken only by the drop.
    runtime: Option<Runtime>,
    client: Client,
    place: String,
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Without waiting for a name that is still being looked up; also from inside a runtime.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// What a query is given, with its types, so that one exchange is enough and nothing is prepared.
pub(super) type Parameters<'a> = &'a [(&'a (dyn ToSql + Sync), Type)];

impl Postgres {
    /// Where it is, in a person's words.
    pub(super) fn place(&self) -> &str {
        &self.place
    }

    /// The time by its clock.
    pub(super) fn clock(&self) -> Result<Timestamp, DatabaseError> {
        let micros = self.value(CLOCK, &[])?.unwrap_or_default();
        Timestamp::from_microsecond(micros).map_err(|error| DatabaseError::Failed {
            place: self.place.clone(),
            why: error.to_string(),
        })
    }

    /// The rows that `query` gives; `None` where our table is not there.
    pub(super) fn rows(
        &self,
        query: &str,
        given: Parameters<'_>,
    ) -> Result<Option<Vec<Row>>, DatabaseError> {
        match self.answer(self.client.query_typed(query, given))? {
            Ok(rows) => Ok(Some(rows)),
            Err(error) if error.code() == Some(&SqlState::UNDEFINED_TABLE) => Ok(None),
            Err(error) => Err(explained(&self.place, &error)),
        }
    }

    /// The first column of the first row, if there is one.
    pub(super) fn value<T>(
        &self,
        query: &str,
        given: Parameters<'_>,
    ) -> Result<Option<T>, DatabaseError>
    where
        T: for<'a> FromSql<'a>,
    {
        let rows = self.rows(query, given)?.unwrap_or_default();
        let value = rows.first().map(|row| row.try_get(0)).transpose();
        value.map_err(|error| explained(&self.place, &error))
    }

    fn answer<T>(&self, asked: impl Future<Output = T>) -> Result<T, DatabaseError> {
        let silent = || DatabaseError::Silent { place: self.place.clone() };
        let runtime = self.runtime.as_ref().ok_or_else(silent)?;
        runtime.block_on(async { timeout(ANSWER_LIMIT, asked).await }).map_err(|_| silent())
    }

    /// Makes the table of what is sealed.
    pub(super) fn create_table(&self) -> Result<(), DatabaseError> {
        self.create("nbatodo_sealed", TABLE)
    }

    /// One run at a time makes a table, and in one transaction, so that the lock ends with it.
    pub(super) fn create(&self, name: &str, table: &str) -> Result<(), DatabaseError> {
        let lock = number_of("the table");
        let script = format!("BEGIN; SELECT pg_advisory_xact_lock({lock}); {table}; COMMIT");
        let made = self.answer(self.client.batch_execute(&script))?;
        made.map_err(|error| match error.code() {
            Some(&SqlState::INSUFFICIENT_PRIVILEGE) => DatabaseError::Access {
                place: self.place.clone(),
                why: format!(
                    "its user may not make the table {name}; let somebody make it who may, as \
                     docs/databases.md says"
                ),
            },
            _ => explained(&self.place, &error),
        })
    }
}

impl Connection for Postgres {
    const LOCKS_BY_TOKEN: bool = false;

    fn open(address: &DatabaseAddress) -> Result<Self, DatabaseError> {
        let place = address.to_string();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| DatabaseError::Failed {
            place: place.clone(),
            why: error.to_string(),
        })?;
        let config = configured(address)?;
        let connecting = async { timeout(CONNECT_LIMIT, connect(&place, address, &config)).await };
        let connected = runtime.block_on(connecting);
        let client = connected.map_err(|_| DatabaseError::Silent { place: place.clone() })??;
        Ok(Self { runtime: Some(runtime), client, place })
    }

    fn load(&mut self, key: &Key, longest: usize) -> Result<Option<Vec<u8>>, DatabaseError> {
        let most = i32::try_from(longest + 1).unwrap_or(i32::MAX);
        let asked: Parameters<'_> =
            &[(&key.shelf, Type::TEXT), (&key.name, Type::TEXT), (&most, Type::INT4)];
        self.value(LOAD, asked)
    }

    fn save(
        &mut self,
        key: &Key,
        bytes: &[u8],
        end: Option<Timestamp>,
    ) -> Result<(), DatabaseError> {
        let end = end.map(Timestamp::as_second);
        let row: Parameters<'_> = &[
            (&key.shelf, Type::TEXT),
            (&key.name, Type::TEXT),
            (&bytes, Type::BYTEA),
            (&end, Type::INT8),
        ];
        if self.rows(SAVE, row)?.is_none() {
            self.create_table()?;
            self.rows(SAVE, row)?;
        }
        if let Err(error) = self.rows(PURGE, &[]) {
            tracing::debug!(%error, "what has ended is left in the session store for later");
        }
        Ok(())
    }

    fn delete(&mut self, key: &Key) -> Result<bool, DatabaseError> {
        let was_live = self.value(DELETE, &[(&key.shelf, Type::TEXT), (&key.name, Type::TEXT)])?;
        Ok(was_live.unwrap_or_default())
    }

    fn try_lock(&mut self, lock: &LockName) -> Result<bool, DatabaseError> {
        let taken = self.value(TRY_LOCK, &[(&number_of(&lock.name), Type::INT8)])?;
        Ok(taken.unwrap_or_default())
    }

    /// A session that answers still has what it locked.
    fn hold(&mut self, _: &LockName) -> Result<Timestamp, DatabaseError> {
        self.clock()
    }

    fn save_under(
        &mut self,
        _: &LockName,
        key: &Key,
        (bytes, end): (&[u8], Timestamp),
    ) -> Result<(), DatabaseError> {
        self.save(key, bytes, Some(end))
    }

    fn delete_under(&mut self, _: &LockName, key: &Key) -> Result<(), DatabaseError> {
        self.delete(key).map(drop)
    }

    fn unlock(&mut self, lock: &LockName) -> Result<(), DatabaseError> {
        self.rows(UNLOCK, &[(&number_of(&lock.name), Type::INT8)]).map(drop)
    }

    /// What is committed is on the disk, unless somebody has switched that off.
    fn survives_a_crash(&mut self) -> Result<Option<bool>, DatabaseError> {
        let fsync: Option<String> = self.value(SETTING, &[(&"fsync", Type::TEXT)])?;
        let commit: Option<String> = self.value(SETTING, &[(&"synchronous_commit", Type::TEXT)])?;
        Ok(fsync.zip(commit).map(|(fsync, commit)| fsync == "on" && commit != "off"))
    }
}

fn configured(address: &DatabaseAddress) -> Result<Config, DatabaseError> {
    let mut config = Config::new();
    config
        .host(&address.host)
        .port(address.port)
        .dbname(&address.database)
        .application_name("nbatodo")
        .connect_timeout(CONNECT_LIMIT)
        .ssl_mode(match address.encryption {
            Encryption::None => SslMode::Disable,
            Encryption::WhereOffered => SslMode::Prefer,
            Encryption::Verified => SslMode::Require,
        });
    if let Some(user) = &address.user {
        config.user(user);
    }
    if let Some(password) = password::of(address)? {
        config.password(password.as_bytes());
    }
    if let Some(options) = &address.options {
        config.options(options);
    }
    Ok(config)
}

/// The connection itself runs as a task of the runtime, whenever that waits for an answer.
async fn connect(
    place: &str,
    address: &DatabaseAddress,
    config: &Config,
) -> Result<Client, DatabaseError> {
    let failed = |error: tokio_postgres::Error| explained(place, &error);
    if address.encryption == Encryption::None {
        let (client, connection) = config.connect(NoTls).await.map_err(failed)?;
        tokio::spawn(connection);
        return Ok(client);
    }
    let tls = verified_tls().map_err(|error: HttpError| DatabaseError::Failed {
        place: place.to_owned(),
        why: error.to_string(),
    })?;
    let (client, connection) = config.connect(MakeRustlsConnect::new(tls)).await.map_err(failed)?;
    tokio::spawn(connection);
    Ok(client)
}

/// The number by which PostgreSQL knows a lock: the same on every machine and in every version.
fn number_of(name: &str) -> i64 {
    let mut number = [0; 8];
    let digest = Sha256::digest(format!("nbatodo lock {name}"));
    number.iter_mut().zip(digest).for_each(|(byte, of_digest)| *byte = of_digest);
    i64::from_be_bytes(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_has_one_number_for_ever() {
        assert_eq!(number_of("grant/default"), -6_345_782_774_100_672_072);
        assert_ne!(number_of("grant/default"), number_of("grant/work"));
    }
}
