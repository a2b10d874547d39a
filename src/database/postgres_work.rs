//! A list of work in PostgreSQL: a row a name, of which `FOR UPDATE SKIP LOCKED` gives each to
//! one host.

use std::time::Duration;

use jiff::Timestamp;
use tokio_postgres::types::Type;

use super::postgres::{Parameters, Postgres};
use super::postgres_error::explained;
use super::work_list::{Claim, Claimed, Done, Entry, WorkConnection};
use super::{DatabaseError, Key};

/// Beside the table of what is sealed, in the first schema of the user's search path. The index
/// is in the order in which names are claimed.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS nbatodo_profiles (\
                     name text PRIMARY KEY, holder text, leased_until timestamptz, \
                     done_at timestamptz, outcome int2); \
                     CREATE INDEX IF NOT EXISTS nbatodo_profiles_waiting \
                     ON nbatodo_profiles (done_at NULLS FIRST, name)";
const TAKE_IN: &str = "INSERT INTO nbatodo_profiles (name) \
                       SELECT name FROM nbatodo_sealed WHERE shelf = $1 ON CONFLICT DO NOTHING";
const ENTER: &str = "INSERT INTO nbatodo_profiles (name) VALUES ($1) ON CONFLICT DO NOTHING";
const STRIKE_OUT: &str = "DELETE FROM nbatodo_profiles WHERE name = $1 RETURNING true";
/// When a row was done, in microseconds; none where nobody can have written that: no instant, or
/// one that is still to come.
const ENTRIES: &str = "SELECT name, holder, outcome, \
                       CASE WHEN isfinite(done_at) AND done_at <= clock_timestamp() \
                       AND done_at >= to_timestamp(0) \
                       THEN (extract(epoch FROM done_at) * 1000000)::int8 END \
                       FROM nbatodo_profiles ORDER BY name COLLATE \"C\"";
/// A lease that goes on for longer than anybody takes one is nobody's.
const CLAIM: &str = "UPDATE nbatodo_profiles SET holder = $1, \
                     leased_until = clock_timestamp() + $2 * interval '1 millisecond' \
                     WHERE name = (SELECT name FROM nbatodo_profiles \
                     WHERE (done_at IS NULL OR done_at > clock_timestamp() \
                     OR done_at < to_timestamp($3::int8::float8 / 1000000)) \
                     AND (leased_until IS NULL OR leased_until <= clock_timestamp() \
                     OR leased_until > clock_timestamp() + $2 * interval '1 millisecond') \
                     AND name ~ $4 \
                     ORDER BY done_at NULLS FIRST, name LIMIT 1 FOR UPDATE SKIP LOCKED) \
                     RETURNING name";
const OTHERS_HAVE: &str = "SELECT EXISTS (SELECT 1 FROM nbatodo_profiles WHERE name ~ $2 \
                           AND (done_at IS NULL OR done_at > clock_timestamp() \
                           OR done_at < to_timestamp($1::int8::float8 / 1000000)))";
/// What a name has to be; others in the table are passed over.
const A_NAME: &str = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$";
const EXTEND: &str = "UPDATE nbatodo_profiles \
                      SET leased_until = clock_timestamp() + $2 * interval '1 millisecond' \
                      WHERE holder = $1 AND leased_until IS NOT NULL";
const DONE: &str = "UPDATE nbatodo_profiles \
                    SET leased_until = NULL, done_at = clock_timestamp(), outcome = $3 \
                    WHERE holder = $1 AND name = $2 AND leased_until IS NOT NULL RETURNING true";
const GIVE_BACK: &str = "UPDATE nbatodo_profiles SET leased_until = NULL \
                         WHERE holder = $1 AND name = $2 AND leased_until IS NOT NULL \
                         RETURNING true";

impl WorkConnection for Postgres {
    fn now(&mut self) -> Result<Timestamp, DatabaseError> {
        self.clock()
    }

    fn take_in(&mut self, shelf: &Key) -> Result<(), DatabaseError> {
        let shelf: Parameters<'_> = &[(&shelf.shelf, Type::TEXT)];
        if self.rows(TAKE_IN, shelf)?.is_none() {
            self.create_table()?;
            self.create("nbatodo_profiles", TABLE)?;
            self.rows(TAKE_IN, shelf)?;
        }
        Ok(())
    }

    fn enter(&mut self, name: &str) -> Result<bool, DatabaseError> {
        let name: Parameters<'_> = &[(&name, Type::TEXT)];
        if self.rows(ENTER, name)?.is_some() {
            return Ok(true);
        }
        match self.create("nbatodo_profiles", TABLE) {
            Err(DatabaseError::Access { .. }) => Ok(false),
            made => made.and_then(|()| Ok(self.rows(ENTER, name)?.is_some())),
        }
    }

    fn strike_out(&mut self, name: &str) -> Result<bool, DatabaseError> {
        Ok(self.value(STRIKE_OUT, &[(&name, Type::TEXT)])?.unwrap_or_default())
    }

    fn entries(&mut self) -> Result<Vec<Entry>, DatabaseError> {
        let rows = self.rows(ENTRIES, &[])?.unwrap_or_default();
        let entry = |row: &tokio_postgres::Row| {
            let (holder, outcome): (Option<String>, Option<i16>) =
                (row.try_get(1)?, row.try_get(2)?);
            let at: Option<i64> = row.try_get(3)?;
            let done = at.and_then(|micros| Timestamp::from_microsecond(micros).ok());
            let outcome = outcome.and_then(|code| u8::try_from(code).ok()).unwrap_or_default();
            let holder = holder.unwrap_or_default();
            Ok(Entry { name: row.try_get(0)?, done: done.map(|at| Done { at, holder, outcome }) })
        };
        let entries: Result<_, tokio_postgres::Error> = rows.iter().map(entry).collect();
        entries.map_err(|error| explained(self.place(), &error))
    }

    fn claim(&mut self, claim: &Claim) -> Result<Claimed, DatabaseError> {
        let since = claim.since.as_microsecond();
        let lease = milliseconds(claim.lease);
        let asked: Parameters<'_> = &[
            (&claim.holder, Type::TEXT),
            (&lease, Type::FLOAT8),
            (&since, Type::INT8),
            (&A_NAME, Type::TEXT),
        ];
        if let Some(name) = self.value(CLAIM, asked)? {
            return Ok(Claimed::Name(name));
        }
        let others: Option<bool> =
            self.value(OTHERS_HAVE, &[(&since, Type::INT8), (&A_NAME, Type::TEXT)])?;
        Ok(if others.unwrap_or_default() { Claimed::OthersHave } else { Claimed::Nothing })
    }

    fn extend(&mut self, holder: &str, lease: Duration) -> Result<(), DatabaseError> {
        let asked: Parameters<'_> = &[(&holder, Type::TEXT), (&milliseconds(lease), Type::FLOAT8)];
        self.rows(EXTEND, asked).map(drop)
    }

    fn settle(
        &mut self,
        holder: &str,
        name: &str,
        outcome: Option<u8>,
    ) -> Result<bool, DatabaseError> {
        let whose: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 2] =
            [(&holder, Type::TEXT), (&name, Type::TEXT)];
        let had = match outcome.map(i16::from) {
            Some(code) => {
                let [holder, name] = whose;
                self.value(DONE, &[holder, name, (&code, Type::INT2)])?
            }
            None => self.value(GIVE_BACK, &whose)?,
        };
        Ok(had.unwrap_or_default())
    }
}

fn milliseconds(lease: Duration) -> f64 {
    lease.as_secs_f64() * 1000.0
}
