//! Where a person wants the tasks to go, if not into the usual project.

use std::str::FromStr;

use url::Url;

/// What stands before the name, id or address of a project.
const PROJECT: &str = "project:";

/// A place for the tasks that is there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DestinationChoice {
    /// A section in the Inbox: it costs no project.
    Inbox,
    /// A project, by its name or by Todoist's id.
    Project(String),
    /// A project, by the id at the end of its address.
    ProjectAt {
        /// Todoist's id.
        id: String,
    },
}

/// Not a place for tasks.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDestination {
    /// None of the forms.
    #[error("it is inbox, or project: with a name, id or address behind it")]
    Form,
    /// `project:` with nothing behind it.
    #[error("project: needs the project's name, id or address behind it")]
    NoProject,
    /// An address that is not a project's.
    #[error("the address of a project is like https://app.todoist.com/app/project/NAME-ID")]
    NotAProject,
}

impl FromStr for DestinationChoice {
    type Err = InvalidDestination;

    /// `inbox`, `project:NAME`, `project:ID`, `project:URL`, or a project's URL alone. A bare
    /// name is refused, so that a slip in `inbox` never passes for one.
    fn from_str(text: &str) -> Result<Self, InvalidDestination> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("inbox") {
            return Ok(Self::Inbox);
        }
        let project = text.strip_prefix(PROJECT).map(str::trim);
        match project.unwrap_or(text) {
            "" if project.is_some() => Err(InvalidDestination::NoProject),
            address if address.starts_with("https://") || address.starts_with("http://") => {
                let id = id_in(address).ok_or(InvalidDestination::NotAProject)?;
                Ok(Self::ProjectAt { id })
            }
            name if project.is_some() => Ok(Self::Project(name.to_owned())),
            _ => Err(InvalidDestination::Form),
        }
    }
}

/// The id that a project's address ends with: `…/project/celtics-schedule-6X7rM8997g3RQmvh`.
fn id_in(address: &str) -> Option<String> {
    let address = Url::parse(address).ok()?;
    let mut segments = address.path_segments()?.skip_while(|segment| *segment != "project");
    let name = segments.nth(1)?;
    let id = name.rsplit('-').next()?;
    let plain = !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric());
    plain.then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<DestinationChoice, InvalidDestination> {
        text.parse()
    }

    #[test]
    fn every_form_is_understood() {
        assert_eq!(read("Inbox"), Ok(DestinationChoice::Inbox));
        for (text, name) in [("project:NBA", "NBA"), ("project: inbox ", "inbox")] {
            assert_eq!(read(text), Ok(DestinationChoice::Project(name.to_owned())), "{text}");
        }
        for address in [
            "https://app.todoist.com/app/project/celtics-schedule-6X7rM8997g3RQmvh",
            "project:https://app.todoist.com/app/project/6X7rM8997g3RQmvh?x=1#y",
            "http://127.0.0.1:8000/app/project/6X7rM8997g3RQmvh/",
        ] {
            let id = "6X7rM8997g3RQmvh".to_owned();
            assert_eq!(read(address), Ok(DestinationChoice::ProjectAt { id }), "{address}");
        }
    }

    #[test]
    fn a_slip_is_refused_with_the_forms() {
        for text in ["", "inbxo", "Celtics schedule", "Project:x", "section:x"] {
            assert_eq!(read(text), Err(InvalidDestination::Form), "{text}");
        }
        assert_eq!(read("project: "), Err(InvalidDestination::NoProject));
        for text in ["https://app.todoist.com/app/today", "https://x/project/", "https://"] {
            assert_eq!(read(text), Err(InvalidDestination::NotAProject), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_destination_or_is_none(text in "(project:|https://|/project/|.){0,20}") {
            drop(read(&text));
        }
    }
}
