//! What a sync answers about what an account holds.

use serde_json::{Map, Value, json};

use crate::sandbox::account::{Account, AccountSnapshot, Item, Project, Reminder, Section};
use crate::sandbox::limits::Limits;
use crate::sandbox::reply::Refusal;

/// The resources that the sandbox holds.
const HELD: [&str; 6] = ["projects", "sections", "items", "reminders", "user", "user_plan_limits"];
/// Further documented ones, which are always empty here.
const EMPTY: [&str; 9] = [
    "labels",
    "filters",
    "notes",
    "project_notes",
    "collaborators",
    "collaborator_states",
    "live_notifications",
    "workspaces",
    "view_options",
];

/// The resource types that a request asks for.
#[derive(Debug, PartialEq)]
pub(crate) struct ResourceTypes(Vec<&'static str>);

impl ResourceTypes {
    /// Reads the field `resource_types`: names, `all`, and `-name` for an exclusion.
    pub(crate) fn parse(text: &str) -> Result<Self, Refusal> {
        let wrong = |why: &str| Refusal::invalid("resource_types", why);
        let names: Vec<String> =
            serde_json::from_str(text).map_err(|_| wrong("it must be a JSON array of strings"))?;
        let known: Vec<&'static str> = HELD.into_iter().chain(EMPTY).collect();
        let (mut wanted, mut excluded) = (Vec::new(), Vec::new());
        for name in &names {
            let (list, bare) = match name.strip_prefix('-') {
                Some(bare) => (&mut excluded, bare),
                None => (&mut wanted, name.as_str()),
            };
            match known.iter().find(|it| **it == bare) {
                Some(found) => list.push(*found),
                None if bare == "all" => list.extend(&known),
                None => return Err(wrong(&format!("unknown resource type {bare}"))),
            }
        }
        wanted.retain(|name| !excluded.contains(name));
        Ok(Self(wanted))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is active: the answer to a full sync.
    pub(crate) fn full(
        &self,
        account: &Account,
        holds: &AccountSnapshot,
        limits: Limits,
        user: Value,
    ) -> Map<String, Value> {
        let mut answer = self.listed(
            account,
            holds,
            |project| project.is_active(),
            |section| holds.shows_section(section),
            |item| holds.shows(item),
            |reminder| {
                !reminder.is_deleted && holds.item_of(reminder).is_some_and(|it| holds.shows(it))
            },
        );
        for name in &self.0 {
            match *name {
                "user" => answer.insert("user".to_owned(), user.clone()),
                "user_plan_limits" => {
                    answer.insert("user_plan_limits".to_owned(), limits.to_json())
                }
                _ => None,
            };
        }
        answer
    }

    /// What changed after `revision`, completed and deleted things included. The
    /// plan never changes here, so it is left out.
    pub(crate) fn since(
        &self,
        account: &Account,
        revision: u64,
        user: impl FnOnce() -> Value,
    ) -> Map<String, Value> {
        let holds = &account.holds;
        let deleted_since = |item: &Item| item.is_deleted && item.revision > revision;
        let mut answer = self.listed(
            account,
            holds,
            |project| project.revision > revision,
            |section| section.revision > revision,
            |item| item.revision > revision,
            |reminder| {
                reminder.revision > revision || holds.item_of(reminder).is_some_and(deleted_since)
            },
        );
        if self.0.contains(&"user") && account.user_revision > revision {
            answer.insert("user".to_owned(), user());
        }
        answer
    }

    fn listed(
        &self,
        account: &Account,
        holds: &AccountSnapshot,
        project: impl Fn(&Project) -> bool,
        section: impl Fn(&Section) -> bool,
        item: impl Fn(&Item) -> bool,
        reminder: impl Fn(&Reminder) -> bool,
    ) -> Map<String, Value> {
        let user = &account.id;
        let mut answer = Map::new();
        for name in &self.0 {
            let list: Vec<Value> = match *name {
                "user" | "user_plan_limits" => continue,
                "projects" => {
                    holds.projects.iter().filter(|it| project(it)).map(|it| it.to_json()).collect()
                }
                "sections" => holds
                    .sections
                    .iter()
                    .filter(|it| section(it))
                    .map(|it| it.to_json(user))
                    .collect(),
                "items" => {
                    holds.items.iter().filter(|it| item(it)).map(|it| it.to_json(user)).collect()
                }
                "reminders" => {
                    let deleted = |it: &Reminder| {
                        it.is_deleted || holds.item_of(it).is_none_or(|item| item.is_deleted)
                    };
                    let listed = holds.reminders.iter().filter(|it| reminder(it));
                    listed.map(|it| it.to_json(user, deleted(it))).collect()
                }
                _ => Vec::new(),
            };
            answer.insert((*name).to_owned(), json!(list));
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_named_or_excluded() {
        let types = ResourceTypes::parse(r#"["projects","items"]"#).unwrap();
        assert_eq!(types, ResourceTypes(vec!["projects", "items"]));
        let all = ResourceTypes::parse(r#"["all","-items"]"#).unwrap();
        assert!(all.0.contains(&"projects") && !all.0.contains(&"items"));
        for wrong in ["projects", "[\"games\"]", "{}", "[1]"] {
            assert!(ResourceTypes::parse(wrong).is_err(), "{wrong}");
        }
    }
}
