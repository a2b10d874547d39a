//! A plan is carried out, for `import` and `remove` alike, and each step of it told.

use uuid::Uuid;

use crate::commands::Failure;
use crate::commands::access::Access;
use crate::commands::books::Books;
use crate::commands::events::Telling;
use crate::import::apply::{ApplyError, Outcome, Step, Tools, apply};
use crate::import::{Patience, Record};
use crate::todoist::Client;

/// Keeps `record`, then makes the plan of `telling` true at Todoist.
///
/// # Errors
/// [`Failure`] if nothing was done; what failed in part is in the [`Outcome`].
pub(super) async fn carry_out(
    access: &Access,
    client: &Client<'_>,
    books: &Books,
    record: &mut Record,
    telling: &Telling<'_>,
    patience: Patience<'_>,
) -> Result<Outcome, Failure> {
    let Books { ledger, turn, journal, .. } = books;
    ledger.keep(record).await.map_err(ApplyError::from)?;
    let hears = |step: Step<'_>| telling.step(step);
    hears(Step::DealtWith(0));
    let new_id = &mut Uuid::new_v4 as &mut dyn FnMut() -> Uuid;
    let tools = Tools { client, ledger, turn, patience, new_id, hears: &hears };
    let outcome = apply(telling.plan, record, journal.as_ref(), tools).await;
    outcome.map_err(|error| match error {
        ApplyError::Todoist(error) => access.explain(error),
        error => error.into(),
    })
}
