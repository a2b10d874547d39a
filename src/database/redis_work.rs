//! A list of work in Redis: a sorted set of the names by when they were last done, a hash of who
//! has which until when, and a hash of what became of each. Whatever touches more than one of
//! them is a script, which Redis runs whole and alone.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use redis::{Cmd, cmd};

use super::redis::Redis;
use super::work_list::{Claim, Claimed, Done, Entry, WorkConnection};
use super::{DatabaseError, Key};

/// The braces keep the three on one node of a cluster.
const NAMES: &str = "nbatodo:{profiles}";
const LEASES: &str = "nbatodo:{profiles}:leases";
const OUTCOMES: &str = "nbatodo:{profiles}:outcomes";

/// What every script begins with: the time in milliseconds, and who has a name until when.
const BEGINNING: &str = "local time = redis.call('TIME') \
    local now = time[1] * 1000 + math.floor(time[2] / 1000) \
    local function lease(name) \
      local it = redis.call('HGET', KEYS[2], name) \
      if not it then return 0, '' end \
      local till, who = string.match(it, '^(%d+)|(.*)$') \
      if not till then return 0, '' end \
      return tonumber(till), who \
    end ";
/// As many names are passed over as others have under way, so these are few steps. What was done
/// at an instant that is still to come was not done, a lease that goes on for longer than anybody
/// takes one is nobody's, and what is no name is passed over.
const CLAIM: &str = "local others = 0 \
    local function first(from, to) \
      local at = 0 \
      while true do \
        local names = redis.call('ZRANGEBYSCORE', KEYS[1], from, to, 'LIMIT', at, 32) \
        if #names == 0 then return false end \
        for _, name in ipairs(names) do \
          if #name <= 64 and string.find(name, '^[A-Za-z0-9][A-Za-z0-9._-]*$') then \
            local till = lease(name) \
            if till <= now or till > now + ARGV[3] then \
              redis.call('HSET', KEYS[2], name, \
                string.format('%.0f', now + ARGV[3]) .. '|' .. ARGV[1]) \
              return name \
            end \
            others = others + 1 \
          end \
        end \
        at = at + #names \
      end \
    end \
    local name = first('-inf', '(' .. ARGV[2]) \
      or first('(' .. string.format('%.0f', now + 1), '+inf') \
    return {others, name}";
const EXTEND: &str = "local all = redis.call('HGETALL', KEYS[2]) \
    for at = 1, #all, 2 do \
      local _, who = lease(all[at]) \
      if who == ARGV[1] then \
        redis.call('HSET', KEYS[2], all[at], string.format('%.0f', now + ARGV[2]) .. '|' .. who) \
      end \
    end";
const SETTLE: &str = "local _, who = lease(ARGV[2]) \
    if who ~= ARGV[1] then return 0 end \
    redis.call('HDEL', KEYS[2], ARGV[2]) \
    if ARGV[3] ~= '' then \
      redis.call('ZADD', KEYS[1], 'XX', string.format('%.0f', now), ARGV[2]) \
      redis.call('HSET', KEYS[3], ARGV[2], ARGV[3] .. '|' .. ARGV[1]) \
    end \
    return 1";

impl WorkConnection for Redis {
    fn now(&mut self) -> Result<Timestamp, DatabaseError> {
        let (seconds, micros): (i64, i64) = self.ask(&cmd("TIME"))?;
        Ok(instant(seconds.saturating_mul(1_000_000).saturating_add(micros)))
    }

    fn take_in(&mut self, shelf: &Key) -> Result<(), DatabaseError> {
        let prefix = format!("nbatodo:{}:", shelf.shelf);
        let mut cursor: u64 = 0;
        loop {
            let mut scan = cmd("SCAN");
            scan.arg(cursor).arg("MATCH").arg(format!("{prefix}*")).arg("COUNT").arg(1000);
            let (next, keys): (u64, Vec<String>) = self.ask(&scan)?;
            let names: Vec<&str> =
                keys.iter().filter_map(|key| key.strip_prefix(&prefix)).collect();
            if !names.is_empty() {
                let mut add = cmd("ZADD");
                add.arg(NAMES).arg("NX");
                names.iter().for_each(|name| {
                    add.arg(0).arg(*name);
                });
                self.ask::<i64>(&add)?;
            }
            cursor = next;
            if cursor == 0 {
                return Ok(());
            }
        }
    }

    fn enter(&mut self, name: &str) -> Result<bool, DatabaseError> {
        self.ask::<i64>(cmd("ZADD").arg(NAMES).arg("NX").arg(0).arg(name)).map(|_| true)
    }

    fn strike_out(&mut self, name: &str) -> Result<bool, DatabaseError> {
        let there: i64 = self.ask(cmd("ZREM").arg(NAMES).arg(name))?;
        for hash in [LEASES, OUTCOMES] {
            self.ask::<i64>(cmd("HDEL").arg(hash).arg(name))?;
        }
        Ok(there > 0)
    }

    fn entries(&mut self) -> Result<Vec<Entry>, DatabaseError> {
        let names: Vec<(String, f64)> =
            self.ask(cmd("ZRANGE").arg(NAMES).arg(0).arg(-1).arg("WITHSCORES"))?;
        let outcomes: HashMap<String, String> = self.ask(cmd("HGETALL").arg(OUTCOMES))?;
        let now = self.now()?;
        let done = |name: &str, score: f64| {
            // Nobody can have written an instant that is still to come.
            let at = instant((score * 1000.0) as i64);
            if !(score > 0.0 && at <= now) {
                return None;
            }
            let (outcome, holder) = outcomes.get(name)?.split_once('|')?;
            let (outcome, holder) = (outcome.parse().ok()?, holder.to_owned());
            Some(Done { at, holder, outcome })
        };
        let entry = |(name, score): (String, f64)| Entry { done: done(&name, score), name };
        let mut entries: Vec<Entry> = names.into_iter().map(entry).collect();
        entries.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(entries)
    }

    fn claim(&mut self, claim: &Claim) -> Result<Claimed, DatabaseError> {
        // Rounded up: what was done within the millisecond counts as done before it.
        let since = claim.since.as_microsecond().saturating_add(999) / 1000;
        let mut script = script(CLAIM);
        script.arg(&claim.holder).arg(since).arg(milliseconds(claim.lease));
        let (others, name): (u64, Option<String>) = self.ask(&script)?;
        Ok(match name {
            Some(name) => Claimed::Name(name),
            None if others > 0 => Claimed::OthersHave,
            None => Claimed::Nothing,
        })
    }

    fn extend(&mut self, holder: &str, lease: Duration) -> Result<(), DatabaseError> {
        let mut script = script(EXTEND);
        script.arg(holder).arg(milliseconds(lease));
        self.ask::<()>(&script)
    }

    fn settle(
        &mut self,
        holder: &str,
        name: &str,
        outcome: Option<u8>,
    ) -> Result<bool, DatabaseError> {
        let outcome = outcome.map(|code| code.to_string()).unwrap_or_default();
        let mut script = script(SETTLE);
        script.arg(holder).arg(name).arg(outcome);
        Ok(self.ask::<i64>(&script)? == 1)
    }
}

fn script(body: &str) -> Cmd {
    let mut script = cmd("EVAL");
    script.arg(format!("{BEGINNING}{body}")).arg(3).arg(NAMES).arg(LEASES).arg(OUTCOMES);
    script
}

fn milliseconds(lease: Duration) -> u64 {
    u64::try_from(lease.as_millis()).unwrap_or(u64::MAX)
}

fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}
