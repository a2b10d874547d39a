//! How a person says which of their projects they mean.

use std::fmt;
use std::str::FromStr;

use url::Url;

use crate::import::place::Place;
use crate::import::record::Record;
use crate::import::seen::{Fate, SeenProject};
use crate::import::view::View;

/// A project of the person's: its name, Todoist's id, or the link that opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectName {
    /// As it was typed.
    text: String,
    /// The id, if it can be one.
    id: Option<String>,
}

/// No project can be called that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a project is named by its name, its id or its link")]
pub struct NoName;

/// Why a name does not say which project is meant.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoSuchProject {
    /// None is called that.
    #[error("there is no active project \"{0}\" in your Todoist")]
    Unknown(String),
    /// Several are called that.
    #[error("{} of your projects are called \"{name}\"", ids.len())]
    Ambiguous {
        /// What they are called.
        name: String,
        /// Their ids.
        ids: Vec<String>,
    },
    /// It is the Inbox, where a destination has to be a section.
    #[error("\"{0}\" is your Inbox")]
    Inbox(String),
}

impl FromStr for ProjectName {
    type Err = NoName;

    fn from_str(text: &str) -> Result<Self, NoName> {
        let text = text.trim();
        if text.is_empty() {
            return Err(NoName);
        }
        let id = match linked_id(text) {
            Some(id) => Some(id),
            None if text.contains("://") => return Err(NoName),
            None => text.bytes().all(|byte| byte.is_ascii_alphanumeric()).then(|| text.to_owned()),
        };
        Ok(Self { text: text.to_owned(), id })
    }
}

impl fmt::Display for ProjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The id in a link such as `https://app.todoist.com/app/project/games-6X7rM8997g3RQmvh` or
/// `todoist://project?id=6X7rM8997g3RQmvh`; what stands before the last hyphen is for people.
fn linked_id(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let id = if url.scheme() == "todoist" && url.host_str() == Some("project") {
        url.query_pairs().find(|(name, _)| name == "id")?.1.into_owned()
    } else {
        let (_, page) = url.path().split_once("/project/")?;
        let slug = page.split('/').next()?;
        slug.rsplit('-').next()?.to_owned()
    };
    let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_id.then_some(id)
}

impl ProjectName {
    /// The project as an earlier import knew it, if one did: by its id, by its present name, or
    /// by what the person called it then, since a renamed project is still the same.
    pub fn known(&self, record: &Record) -> Option<String> {
        let given = || {
            record.destinations.iter().filter_map(|(key, there)| match key.parse() {
                Ok(Place::Project(id)) => Some((id, there)),
                _ => None,
            })
        };
        let by_id = given().find(|(id, _)| self.id.as_ref() == Some(id));
        let by_name = || given().find(|(_, there)| there.name == self.text);
        let as_before = || given().find(|(_, there)| there.asked_as.as_ref() == Some(&self.text));
        Some(by_id.or_else(by_name).or_else(as_before)?.0)
    }

    /// The id of the project that is meant: among those that `view` lists, or else as an
    /// earlier import knew it.
    ///
    /// # Errors
    /// [`NoSuchProject`].
    pub fn find(&self, view: &View, record: Option<&Record>) -> Result<String, NoSuchProject> {
        let active = || view.projects.iter().filter(|project| project.fate == Fate::Active);
        if let Some(project) = active().find(|project| self.id.as_ref() == Some(&project.id)) {
            return self.unless_inbox(project);
        }
        let named: Vec<&SeenProject> = active().filter(|it| it.name == self.text).collect();
        match &named[..] {
            [project] => return self.unless_inbox(project),
            [] => {}
            several => {
                let ids = several.iter().map(|project| project.id.clone()).collect();
                return Err(NoSuchProject::Ambiguous { name: self.text.clone(), ids });
            }
        }
        let known = record.and_then(|record| self.known(record));
        known.ok_or_else(|| NoSuchProject::Unknown(self.text.clone()))
    }

    fn unless_inbox(&self, project: &SeenProject) -> Result<String, NoSuchProject> {
        if project.is_inbox {
            return Err(NoSuchProject::Inbox(self.text.clone()));
        }
        Ok(project.id.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn project(id: &str, name: &str) -> SeenProject {
        SeenProject {
            id: id.to_owned(),
            name: name.to_owned(),
            is_inbox: name == "Inbox",
            parent: None,
            is_shared: false,
            fate: Fate::Active,
        }
    }

    fn find(text: &str) -> Result<String, NoSuchProject> {
        let projects = vec![
            project("6X7", "Games"),
            project("6X8", "Twins"),
            project("6X9", "Twins"),
            project("7A", "Inbox"),
            project("7B", "7A"),
        ];
        let view = View { projects, ..View::default() };
        text.parse::<ProjectName>().unwrap().find(&view, None)
    }

    #[test]
    fn a_project_is_found_by_name_id_and_link() {
        for text in [
            "Games",
            " Games ",
            "6X7",
            "https://app.todoist.com/app/project/6X7",
            "https://app.todoist.com/app/project/my-games-6X7",
            "https://app.todoist.com/app/project/my-games-6X7/board?x=1",
            "todoist://project?id=6X7",
        ] {
            assert_eq!(find(text).as_deref(), Ok("6X7"), "{text}");
        }
    }

    #[test]
    fn what_does_not_say_which_project_is_refused() {
        assert_eq!(find("games"), Err(NoSuchProject::Unknown("games".to_owned())));
        assert!(
            matches!(find("Twins"), Err(NoSuchProject::Ambiguous { ids, .. }) if ids.len() == 2)
        );
        assert_eq!(find("Inbox"), Err(NoSuchProject::Inbox("Inbox".to_owned())));
        for text in ["", "  ", "https://example.com/", "todoist://task?id=6X7"] {
            assert_eq!(text.parse::<ProjectName>(), Err(NoName), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_names_a_project_or_none(text in ".*") {
            if let Ok(name) = text.parse::<ProjectName>() {
                prop_assert!(name.find(&View::default(), None).is_err());
            }
        }
    }
}
