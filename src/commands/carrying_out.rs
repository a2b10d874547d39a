//! A plan is carried out, for `import` and `remove` alike, and each step of it told.

use uuid::Uuid;

use crate::commands::Failure;
use crate::commands::access::Access;
use crate::commands::books::Books;
use crate::commands::events::Telling;
use crate::import::apply::{ApplyError, Outcome, Step, Tools, apply};
use crate::import::{Patience, Plan, Record};
use crate::todoist::Client;

/// What it takes to carry a plan out.
pub(super) struct Means<'a> {
    pub(super) access: &'a Access,
    pub(super) client: &'a Client<'a>,
    pub(super) books: &'a Books,
    pub(super) telling: &'a Telling<'a>,
    pub(super) patience: Patience<'a>,
}

/// Keeps `record`, then makes `plan` true at Todoist.
///
/// # Errors
/// [`Failure`] if nothing was done; what failed in part is in the [`Outcome`].
pub(super) async fn carry_out(
    plan: &Plan,
    record: &mut Record,
    means: Means<'_>,
) -> Result<Outcome, Failure> {
    let Means { access, client, books, telling, patience } = means;
    let Books { ledger, turn, journal, .. } = books;
    ledger.keep(record).await.map_err(ApplyError::from)?;
    let hears = |step: Step<'_>| telling.step(plan, step);
    hears(Step::DealtWith(0));
    let new_id = &mut Uuid::new_v4 as &mut dyn FnMut() -> Uuid;
    let tools = Tools { client, ledger, turn, patience, new_id, hears: &hears };
    let outcome = apply(plan, record, journal.as_ref(), tools).await;
    outcome.map_err(|error| match error {
        ApplyError::Todoist(error) => access.explain(error),
        error => error.into(),
    })
}
