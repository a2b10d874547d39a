//! One request's commands, executed in order.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::arguments::Arguments;
use crate::sandbox::access::Caller;
use crate::sandbox::account::Account;
use crate::sandbox::limits::Limits;
use crate::sandbox::mint::Mint;
use crate::sandbox::oauth::scope::Scope;
use crate::sandbox::reply::Refusal;
use crate::sandbox::world::World;

/// The most commands in a request.
const MAX_COMMANDS: usize = 100;

/// A command as it was sent.
#[derive(Debug)]
pub(crate) struct Command {
    kind: String,
    uuid: String,
    temp_id: Option<String>,
    args: Map<String, Value>,
}

/// The commands of one request, on one account.
pub(crate) struct Batch<'a> {
    pub(crate) account: &'a mut Account,
    pub(crate) caller: &'a Caller,
    pub(crate) limits: Limits,
    pub(crate) mint: &'a mut Mint,
    pub(crate) now: Timestamp,
    /// The ids of what this request made or was told that it had made, by `temp_id`.
    pub(crate) temp_ids: HashMap<String, String>,
}

/// What a command did: the id of what it made, if it made something.
pub(crate) type Done = Result<Option<String>, Refusal>;

impl Command {
    /// Reads the field `commands`.
    ///
    /// # Errors
    /// 400 for the whole request if one of them has not the shape of a command.
    pub(crate) fn parse_all(text: &str) -> Result<Vec<Self>, Refusal> {
        let wrong = |why: &str| Refusal::invalid("commands", why);
        let list: Vec<Value> =
            serde_json::from_str(text).map_err(|_| wrong("it must be a JSON array"))?;
        if list.len() > MAX_COMMANDS {
            return Err(wrong("too many commands").with("max_count", MAX_COMMANDS));
        }
        list.iter()
            .map(|value| Self::parse(value).ok_or_else(|| wrong("malformed command")))
            .collect()
    }

    /// That a `uuid` has the shape of one is an assumption; Todoist only calls it so.
    fn parse(value: &Value) -> Option<Self> {
        let text = |name: &str| value[name].as_str().filter(|it| !it.is_empty()).map(str::to_owned);
        let uuid = text("uuid").filter(|uuid| uuid::Uuid::try_parse(uuid).is_ok())?;
        let temp_id = match value.get("temp_id") {
            None | Some(Value::Null) => None,
            Some(_) => Some(text("temp_id")?),
        };
        Some(Self { kind: text("type")?, uuid, temp_id, args: value["args"].as_object()?.clone() })
    }
}

impl<'a> Batch<'a> {
    /// Commands of `caller` on the account that it belongs to.
    pub(crate) fn new(world: &'a mut World, caller: &'a Caller, now: Timestamp) -> Self {
        Self {
            account: &mut world.accounts[caller.account],
            caller,
            limits: world.limits,
            mint: &mut world.mint,
            now,
            temp_ids: HashMap::new(),
        }
    }
}

impl Batch<'_> {
    /// Executes all and answers `sync_status`. `refused` is a command that a fault refuses.
    pub(crate) fn execute_all(
        &mut self,
        commands: Vec<Command>,
        refused: Option<(usize, Value)>,
    ) -> Map<String, Value> {
        let mut status = Map::new();
        for (at, command) in commands.into_iter().enumerate() {
            let uuid = command.uuid.clone();
            let outcome = match &refused {
                Some((index, error)) if *index == at => error.clone(),
                _ => self
                    .execute_once(command)
                    .map_or_else(|error| error.to_json(), |()| json!("ok")),
            };
            status.insert(uuid, outcome);
        }
        status
    }

    /// A UUID that was executed is not executed again: it answers as it did. One that failed
    /// is not remembered.
    fn execute_once(&mut self, command: Command) -> Result<(), Refusal> {
        if let Some(earlier) = self.account.executed.get(&command.uuid) {
            self.temp_ids.extend(earlier.clone());
            return Ok(());
        }
        if command.temp_id.as_ref().is_some_and(|temp_id| self.temp_ids.contains_key(temp_id)) {
            return Err(Refusal::invalid("temp_id", "two commands have the same one"));
        }
        let made = self.perform(&command.kind, command.args)?;
        let mapping = command.temp_id.zip(made);
        self.temp_ids.extend(mapping.clone());
        self.account.executed.insert(command.uuid, mapping);
        self.account.log.push(command.kind);
        Ok(())
    }

    /// Does once what a command of this type does, in a revision of its own.
    pub(crate) fn perform(&mut self, kind: &str, args: Map<String, Value>) -> Done {
        let args = Arguments::resolve(args, &self.temp_ids);
        self.account.holds.revision += 1;
        self.execute(kind, &args)
    }

    fn execute(&mut self, kind: &str, args: &Arguments) -> Done {
        let scope = match kind {
            "item_add" => Scope::TaskAdd,
            "project_delete" => Scope::ProjectDelete,
            // Which scope deletes sections is not documented; this one holds their tasks.
            "item_delete" | "section_delete" => Scope::DataDelete,
            _ => Scope::DataReadWrite,
        };
        self.caller.needs(scope)?;
        match kind {
            "project_add" => self.add_project(args),
            "project_update" => self.update_project(args),
            "project_delete" => self.delete_project(args),
            "project_archive" => self.archive_project(args),
            "project_unarchive" => self.unarchive_project(args),
            "section_add" => self.add_section(args),
            "section_update" => self.update_section(args),
            "section_delete" => self.delete_section(args),
            "item_add" => self.add_item(args),
            "item_update" => self.update_item(args),
            "item_move" => self.move_item(args),
            "item_complete" => self.complete_item(args, false),
            "item_close" => self.complete_item(args, true),
            "item_uncomplete" => self.uncomplete_item(args),
            "item_delete" => self.delete_item(args),
            "reminder_add" => self.add_reminder(args),
            "reminder_update" => self.update_reminder(args),
            "reminder_delete" => self.delete_reminder(args),
            "note_add" => self.add_note(args),
            _ => Err(Refusal::invalid("type", "unknown command")),
        }
    }

    /// The account's present day.
    pub(crate) fn today(&self) -> Date {
        self.now.to_zoned_datetime(self.account.zone.clone()).date()
    }

    pub(crate) fn revision(&self) -> u64 {
        self.account.holds.revision
    }
}

/// Refuses what would go over a plan's limit.
pub(crate) fn within(
    tag: &'static str,
    what: &str,
    present: usize,
    max_count: usize,
) -> Result<(), Refusal> {
    if present < max_count {
        return Ok(());
    }
    let message = format!("Maximum number of {what} reached");
    Err(Refusal::new(403, tag, 49, message).with("max_count", max_count))
}
