//! Commands on reminders.

use super::arguments::Arguments;
use super::commands::{Batch, Done};
use crate::sandbox::account::Reminder;
use crate::sandbox::due::{Due, When};
use crate::sandbox::reply::Refusal;

/// When a reminder comes.
struct Timing {
    minute_offset: Option<i64>,
    due: Option<Due>,
}

impl Batch<'_> {
    pub(crate) fn add_reminder(&mut self, args: &Arguments) -> Done {
        let at = self.item_index(args, "item_id")?;
        self.check_plan()?;
        let Timing { minute_offset, due } = self.timing(at, args)?;
        let item_id = self.account.holds.items[at].id.clone();
        let (id, revision) = (self.mint.id(), self.revision());
        let is_deleted = false;
        let made = Reminder { id: id.clone(), item_id, minute_offset, due, is_deleted, revision };
        self.account.holds.reminders.push(made);
        Ok(Some(id))
    }

    pub(crate) fn update_reminder(&mut self, args: &Arguments) -> Done {
        let there = self.reminder(args)?;
        let of = self.account.holds.reminders[there].item_id.clone();
        let at = self.account.holds.items.iter().position(|it| it.id == of);
        self.check_plan()?;
        let timing = self.timing(at.ok_or_else(Refusal::no_item)?, args)?;
        let revision = self.revision();
        let reminder = &mut self.account.holds.reminders[there];
        (reminder.minute_offset, reminder.due) = (timing.minute_offset, timing.due);
        reminder.revision = revision;
        Ok(None)
    }

    pub(crate) fn delete_reminder(&mut self, args: &Arguments) -> Done {
        let there = self.reminder(args)?;
        let revision = self.revision();
        let reminder = &mut self.account.holds.reminders[there];
        (reminder.is_deleted, reminder.revision) = (true, revision);
        Ok(None)
    }

    fn check_plan(&self) -> Result<(), Refusal> {
        if self.limits.has_reminders() {
            return Ok(());
        }
        Err(Refusal::new(403, "PREMIUM_ONLY", 32, "Reminders need a paid plan"))
    }

    /// When a reminder of the task at `at` comes, as the arguments have it.
    fn timing(&self, at: usize, args: &Arguments) -> Result<Timing, Refusal> {
        match args.one_of("type", &["relative", "absolute"])?.as_deref() {
            Some("absolute") => {
                let due = Some(self.due(args)?.ok_or_else(|| Refusal::missing("due"))?);
                Ok(Timing { minute_offset: None, due })
            }
            Some(_) => {
                // Documented: the task needs a due date with a time.
                let due = self.account.holds.items[at].due.as_ref();
                if due.is_none_or(|due| matches!(due.when, When::Day(_))) {
                    return Err(Refusal::invalid("item_id", "the task is not due at a time"));
                }
                let minutes = args.number("minute_offset", 0..=43_200)?;
                let minutes = minutes.ok_or_else(|| Refusal::missing("minute_offset"))?;
                Ok(Timing { minute_offset: Some(minutes), due: None })
            }
            None => Err(Refusal::missing("type")),
        }
    }

    fn reminder(&self, args: &Arguments) -> Result<usize, Refusal> {
        let id = args.required_id("id")?;
        let mut reminders = self.account.holds.reminders.iter();
        let found = reminders.position(|it| it.id == id && !it.is_deleted);
        found.ok_or_else(|| Refusal::new(404, "REMINDER_NOT_FOUND", 36, "Reminder not found"))
    }
}
