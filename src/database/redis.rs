//! Redis, and what speaks like it.

use std::error::Error;
use std::io;
use std::sync::Arc;

use jiff::Timestamp;
use redis::{
    Client, Cmd, ConnectionAddr, ErrorKind, FromRedisValue, IntoConnectionInfo,
    RedisConnectionInfo, RedisError, ServerErrorKind, cmd,
};

use super::connection::{Connection, LockName};
use super::time_limit::{ANSWER_LIMIT, CONNECT_LIMIT};
use super::{DatabaseError, Key, password};
use crate::http::distrust;
use crate::model::system_error::in_words;
use crate::settings::{DatabaseAddress, Encryption};

pub(super) const NO_PASSWORD: &str = "it wants a password, and none is given";
/// Extends a lock if it is ours, and tells the time; nil if it is not.
const HOLD: &str = "if redis.call('GET', KEYS[1]) ~= ARGV[1] then return nil end \
                    redis.call('PEXPIRE', KEYS[1], ARGV[2]) return redis.call('TIME')";
/// Puts something beside a lock if that is ours, and extends it.
const SAVE_UNDER: &str = "if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end \
                          redis.call('PEXPIRE', KEYS[1], ARGV[2]) \
                          redis.call('SET', KEYS[2], ARGV[3], 'EXAT', ARGV[4]) return 1";
/// Deletes something beside a lock if that is ours.
const DELETE_UNDER: &str = "if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end \
                            redis.call('DEL', KEYS[2]) return 1";
/// Deletes a lock if it is ours.
const UNLOCK: &str = "if redis.call('GET', KEYS[1]) == ARGV[1] then \
                      return redis.call('DEL', KEYS[1]) end return 0";

/// One connection to Redis. A value is a string under `nbatodo:SHELF:NAME` that ends by itself
/// (`EXAT`), and a lock one with a random token in it, made only where none is (`SET NX PX`).
pub struct Redis {
    connection: redis::Connection,
    place: String,
}

impl Redis {
    pub(super) fn ask<T: FromRedisValue>(&mut self, command: &Cmd) -> Result<T, DatabaseError> {
        command.query(&mut self.connection).map_err(|error| explained(&self.place, &error))
    }

    /// Asks for what is only done while a lock is ours.
    fn under(&mut self, command: &Cmd) -> Result<(), DatabaseError> {
        match self.ask(command)? {
            true => Ok(()),
            false => Err(DatabaseError::LockLost { place: self.place.clone() }),
        }
    }
}

impl Connection for Redis {
    const LOCKS_BY_TOKEN: bool = true;

    fn open(address: &DatabaseAddress) -> Result<Self, DatabaseError> {
        let place = address.to_string();
        let failed = |error: RedisError| explained(&place, &error);
        let mut settings = RedisConnectionInfo::default()
            .set_db(address.database.parse().unwrap_or_default())
            .set_skip_set_lib_name();
        if let Some(user) = &address.user {
            settings = settings.set_username(user);
        }
        if let Some(password) = password::of(address)? {
            settings = settings.set_password(password.as_str());
        }
        let (host, port) = (address.host.clone(), address.port);
        let there = match address.encryption {
            Encryption::None | Encryption::WhereOffered => ConnectionAddr::Tcp(host, port),
            Encryption::Verified => {
                ConnectionAddr::TcpTls { host, port, insecure: false, tls_params: None }
            }
        };
        let there = there.into_connection_info().map_err(failed)?.set_redis_settings(settings);
        let client = Client::open(there).map_err(failed)?;
        let connection = client.get_connection_with_timeout(CONNECT_LIMIT).map_err(failed)?;
        connection.set_read_timeout(Some(ANSWER_LIMIT)).map_err(failed)?;
        connection.set_write_timeout(Some(ANSWER_LIMIT)).map_err(failed)?;
        Ok(Self { connection, place })
    }

    fn load(&mut self, key: &Key, longest: usize) -> Result<Option<Vec<u8>>, DatabaseError> {
        // The last of the range is in it.
        let bytes: Vec<u8> = self.ask(cmd("GETRANGE").arg(named(key)).arg(0).arg(longest))?;
        // Nothing at all has a range, too, and it is as empty.
        let is_there = !bytes.is_empty() || self.ask(cmd("EXISTS").arg(named(key)))?;
        Ok(is_there.then_some(bytes))
    }

    fn save(
        &mut self,
        key: &Key,
        bytes: &[u8],
        end: Option<Timestamp>,
    ) -> Result<(), DatabaseError> {
        let mut set = cmd("SET");
        set.arg(named(key)).arg(bytes);
        if let Some(end) = end {
            set.arg("EXAT").arg(end.as_second());
        }
        self.ask(&set)
    }

    fn delete(&mut self, key: &Key) -> Result<bool, DatabaseError> {
        self.ask(cmd("DEL").arg(named(key)))
    }

    fn try_lock(&mut self, lock: &LockName) -> Result<bool, DatabaseError> {
        let lease = milliseconds(lock);
        let mut set = cmd("SET");
        set.arg(lock_key(lock)).arg(&lock.token).arg("NX").arg("PX").arg(lease);
        let set: Option<String> = self.ask(&set)?;
        Ok(set.is_some())
    }

    fn hold(&mut self, lock: &LockName) -> Result<Timestamp, DatabaseError> {
        let mut hold = cmd("EVAL");
        hold.arg(HOLD).arg(1).arg(lock_key(lock)).arg(&lock.token).arg(milliseconds(lock));
        let time: Option<(i64, i64)> = self.ask(&hold)?;
        let (seconds, micros) =
            time.ok_or_else(|| DatabaseError::LockLost { place: self.place.clone() })?;
        let micros = seconds.saturating_mul(1_000_000).saturating_add(micros);
        Timestamp::from_microsecond(micros).map_err(|error| DatabaseError::Failed {
            place: self.place.clone(),
            why: error.to_string(),
        })
    }

    fn save_under(
        &mut self,
        lock: &LockName,
        key: &Key,
        (bytes, end): (&[u8], Timestamp),
    ) -> Result<(), DatabaseError> {
        let mut save = cmd("EVAL");
        save.arg(SAVE_UNDER).arg(2).arg(lock_key(lock)).arg(named(key)).arg(&lock.token);
        save.arg(milliseconds(lock)).arg(bytes).arg(end.as_second());
        self.under(&save)
    }

    fn delete_under(&mut self, lock: &LockName, key: &Key) -> Result<(), DatabaseError> {
        let mut delete = cmd("EVAL");
        delete.arg(DELETE_UNDER).arg(2).arg(lock_key(lock)).arg(named(key)).arg(&lock.token);
        self.under(&delete)
    }

    fn unlock(&mut self, lock: &LockName) -> Result<(), DatabaseError> {
        let mut unlock = cmd("EVAL");
        unlock.arg(UNLOCK).arg(1).arg(lock_key(lock)).arg(&lock.token);
        self.ask::<i64>(&unlock).map(drop)
    }

    /// Only with an append-only file: a snapshot is minutes old.
    fn survives_a_crash(&mut self) -> Result<Option<bool>, DatabaseError> {
        let said: String = match self.ask(cmd("INFO").arg("persistence")) {
            Err(DatabaseError::Access { .. }) => return Ok(None),
            said => said?,
        };
        let setting = said.lines().find_map(|line| line.strip_prefix("aof_enabled:"));
        Ok(setting.map(|setting| setting.trim() == "1"))
    }
}

fn named(key: &Key) -> String {
    format!("nbatodo:{}:{}", key.shelf, key.name)
}

fn lock_key(lock: &LockName) -> String {
    format!("nbatodo:lock:{}", lock.name)
}

fn milliseconds(lock: &LockName) -> u64 {
    u64::try_from(lock.lease.as_millis()).unwrap_or(u64::MAX)
}

/// What Redis, or the way to it, means by an error. Its own texts quote no value.
fn explained(place: &str, error: &RedisError) -> DatabaseError {
    let place = place.to_owned();
    if let Some(distrust) = links(error).find_map(distrust) {
        return DatabaseError::Certificate { place, distrust };
    }
    if error.is_timeout() {
        return DatabaseError::Silent { place };
    }
    let said = || error.detail().map_or_else(|| error.to_string(), str::to_owned);
    let access = |why: &str| (true, why.to_owned());
    let unavailable = |why: &str| (false, why.to_owned());
    let (for_the_person, why) = match (error.kind(), error.code()) {
        (ErrorKind::Io, _) => {
            return DatabaseError::Unreachable { place, why: innermost(error) };
        }
        (ErrorKind::AuthenticationFailed, _) | (_, Some("WRONGPASS")) => {
            access("it does not accept the user or the password")
        }
        (_, Some("NOAUTH")) => access(NO_PASSWORD),
        (ErrorKind::Server(ServerErrorKind::NoPerm), _) => {
            access("its user may not do all that is needed")
        }
        (ErrorKind::Server(ServerErrorKind::ReadOnly), _) => {
            unavailable("it is a replica, which can only be read")
        }
        (_, Some("OOM")) => unavailable("its memory is full (maxmemory)"),
        (_, Some("MISCONF")) => unavailable("it cannot write to its disk"),
        (
            ErrorKind::Server(
                ServerErrorKind::BusyLoading
                | ServerErrorKind::MasterDown
                | ServerErrorKind::ClusterDown
                | ServerErrorKind::TryAgain,
            ),
            _,
        ) => unavailable(&said()),
        _ if error.to_string().contains("refused to switch database") => {
            // The first thing that is asked of it where nobody signs in.
            match said().contains("uthentication required") {
                true => access(NO_PASSWORD),
                false => access("it has no database of this number"),
            }
        }
        _ => return DatabaseError::Failed { place, why: said() },
    };
    match for_the_person {
        true => DatabaseError::Access { place, why },
        false => DatabaseError::Unavailable { place, why },
    }
}

/// What happened on the way, in the system's words.
fn innermost(error: &RedisError) -> String {
    let io = links(error).filter_map(|link| link.downcast_ref::<io::Error>()).last();
    io.map_or_else(|| error.category().to_owned(), in_words)
}

/// What `error` came from, outermost first.
fn links(error: &RedisError) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |link| Error::source(*link)).map(|link| {
        // What is shared there would not be known again.
        match link.downcast_ref::<Arc<dyn Error + Send + Sync>>() {
            Some(shared) => &**shared as &(dyn Error + 'static),
            None => link,
        }
    })
}
