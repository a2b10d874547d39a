//! From a schedule to tasks. [`plan`] compares what a schedule wants with what a [`record`]
//! knows of an account; [`apply`] makes it true, announcing each request in a [`journal`].
//! [`view`] and [`writing`] translate from and to Todoist's own terms, and [`adopt`] finds
//! again what is in no record.

pub mod adopt;
pub mod apply;
pub mod field;
pub mod journal;
pub mod ledger;
pub mod ledger_database;
pub mod ledger_files;
pub mod options;
pub mod orders;
pub mod patience;
pub mod place;
pub mod plan;
pub mod project_name;
pub mod reading;
pub mod record;
pub mod sealed_text;
pub mod seen;
pub mod subject;
pub mod task;
pub mod title;
pub mod view;
pub mod wording;
pub mod writing;

pub use apply::{ApplyError, Counts, Outcome, Refused, Tools};
pub use ledger::{Ledger, LedgerError};
pub use ledger_database::{SharedLedger, SharedRecords};
pub use ledger_files::LedgerFiles;
pub use options::{Grouping, InvalidOption, TaskOptions};
pub use patience::Patience;
pub use place::Place;
pub use plan::{Change, Destination, Order, Part, Plan, PlanError, Wishes};
pub use project_name::{NoSuchProject, ProjectName};
pub use record::Record;
pub use subject::Subject;
pub use task::Task;
pub use title::{InvalidTemplate, TitleTemplate};
pub use view::View;
