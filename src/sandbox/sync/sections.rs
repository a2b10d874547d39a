//! Commands on sections.

use super::arguments::Arguments;
use super::commands::{Batch, Done, within};
use crate::sandbox::account::Section;
use crate::sandbox::reply::Refusal;

/// The longest name of a section, in characters.
const LONGEST_NAME: usize = 2_048;

impl Batch<'_> {
    pub(crate) fn add_section(&mut self, args: &Arguments) -> Done {
        let name = args.required_title("name", LONGEST_NAME)?;
        let project_id = args.required_id("project_id")?;
        self.live_project(&project_id)?;
        let order = args.number("section_order", 0..=i64::from(i32::MAX))?;
        let present = self.account.holds.sections_of(&project_id).count();
        within("MAX_SECTIONS_LIMIT_REACHED", "sections", present, self.limits.max_sections)?;
        let id = self.mint.id();
        let section = Section {
            id: id.clone(),
            project_id,
            name,
            section_order: order.unwrap_or_else(|| i64::try_from(present + 1).unwrap_or(i64::MAX)),
            is_deleted: false,
            added_at: self.now,
            updated_at: self.now,
            revision: self.revision(),
        };
        self.account.holds.sections.push(section);
        Ok(Some(id))
    }

    pub(crate) fn update_section(&mut self, args: &Arguments) -> Done {
        let name = args.title("name", LONGEST_NAME)?;
        let (now, revision) = (self.now, self.revision());
        let section = self.section_to_change(args)?;
        if let Some(name) = name {
            section.name = name;
        }
        (section.updated_at, section.revision) = (now, revision);
        Ok(None)
    }

    /// Deletes the section with its tasks.
    pub(crate) fn delete_section(&mut self, args: &Arguments) -> Done {
        let (now, revision) = (self.now, self.revision());
        let section = self.section_to_change(args)?;
        (section.is_deleted, section.updated_at, section.revision) = (true, now, revision);
        let id = section.id.clone();
        let inside = |section: &Option<String>| section.as_ref() == Some(&id);
        let items = self.account.holds.items.iter_mut();
        for item in items.filter(|it| inside(&it.section_id) && !it.is_deleted) {
            (item.is_deleted, item.updated_at, item.revision) = (true, now, revision);
        }
        Ok(None)
    }

    /// A section that tasks can be put in.
    pub(crate) fn live_section(&self, id: &str) -> Result<&Section, Refusal> {
        let found = self.account.holds.sections.iter().find(|it| it.id == id && !it.is_deleted);
        found.ok_or_else(no_section)
    }

    fn section_to_change(&mut self, args: &Arguments) -> Result<&mut Section, Refusal> {
        let id = args.required_id("id")?;
        let mut sections = self.account.holds.sections.iter_mut();
        sections.find(|it| it.id == id && !it.is_deleted).ok_or_else(no_section)
    }
}

fn no_section() -> Refusal {
    Refusal::new(404, "SECTION_NOT_FOUND", 30, "Section not found")
}
