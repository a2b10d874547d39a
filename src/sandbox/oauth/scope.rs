//! What a token may do.

/// A set of Todoist's scopes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scopes(Vec<Scope>);

/// One of Todoist's scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    TaskAdd,
    DataRead,
    DataReadWrite,
    DataDelete,
    ProjectDelete,
    BackupsRead,
}

const SCOPES: [Scope; 6] = [
    Scope::TaskAdd,
    Scope::DataRead,
    Scope::DataReadWrite,
    Scope::DataDelete,
    Scope::ProjectDelete,
    Scope::BackupsRead,
];

impl Scope {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::TaskAdd => "task:add",
            Self::DataRead => "data:read",
            Self::DataReadWrite => "data:read_write",
            Self::DataDelete => "data:delete",
            Self::ProjectDelete => "project:delete",
            Self::BackupsRead => "backups:read",
        }
    }

    /// The scope in words, for the person who is asked.
    pub(crate) fn in_words(self) -> &'static str {
        match self {
            Self::TaskAdd => "Add tasks",
            Self::DataRead => "See your projects, tasks and labels",
            Self::DataReadWrite => "See, add and change your projects, tasks and labels",
            Self::DataDelete => "Delete tasks, labels and filters",
            Self::ProjectDelete => "Delete projects",
            Self::BackupsRead => "See the list of your backups",
        }
    }
}

impl Scopes {
    /// Every scope: what a personal API token may do.
    pub(crate) fn all() -> Self {
        Self(SCOPES.to_vec())
    }

    /// Reads names between `separator`s; `None` if there is none, or one that is unknown.
    pub(crate) fn parse(text: &str, separator: char) -> Option<Self> {
        let known = |name: &str| SCOPES.into_iter().find(|scope| scope.as_str() == name);
        let scopes: Vec<Scope> = text.split(separator).map(known).collect::<Option<_>>()?;
        (!scopes.is_empty()).then_some(Self(scopes))
    }

    /// Whether they include `scope`; `data:read_write` includes reading and adding.
    pub(crate) fn allow(&self, scope: Scope) -> bool {
        let included = matches!(scope, Scope::TaskAdd | Scope::DataRead);
        self.0.contains(&scope) || (included && self.0.contains(&Scope::DataReadWrite))
    }

    /// Whether they include all of `others`.
    pub(crate) fn cover(&self, others: &Self) -> bool {
        others.0.iter().all(|scope| self.allow(*scope))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Scope> {
        self.0.iter().copied()
    }

    /// The names, between `separator`s.
    pub(crate) fn join(&self, separator: &str) -> String {
        self.0.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(separator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_write_includes_reading_and_adding_but_no_deleting() {
        let scopes = Scopes::parse("data:read_write", ',').unwrap();
        assert!(scopes.allow(Scope::DataRead) && scopes.allow(Scope::TaskAdd));
        assert!(!scopes.allow(Scope::DataDelete));
        assert!(Scopes::parse("data:read,", ',').is_none());
        assert!(Scopes::parse("data:read data:delete", ',').is_none());
    }
}
