//! The session and what stays when it has ended. Looking at them renews, revokes and destroys
//! nothing.

use jiff::Timestamp;

use crate::commands::doctor::{Area, Check, State};
use crate::commands::{Context, command_for, failure, standing_grant, times};
use crate::database::DatabaseError;
use crate::keys::KeyStoreError;
use crate::model::{Origin, counted};
use crate::session::{Opened, SealError, Session, StandingGrant, StoreError, VaultError};
use crate::settings::SessionStoreChoice;
use crate::signin::renewal::{Move, next_move};

const AREA: Area = Area::Session;
const STORE: &str = "session store";
const RECORDS: &str = "import records";
const SESSION: &str = "session";
const GRANT: &str = "staying signed in";

/// `keys_answer` says whether the key store is known to work: asked again, one that does not
/// would take as long once more.
pub(super) async fn checks(context: &Context, by: &str, keys_answer: bool) -> Vec<Check> {
    let store = store(context, by).await;
    let mut checks = vec![store];
    checks.extend(records(context));
    let unopened_by = match (keys_answer, checks[0].state) {
        (_, State::Problem) => Some("not opened: the session store does not work"),
        (false, _) => Some("not opened: the key store does not work"),
        (true, _) => None,
    };
    if let Some(why) = unopened_by {
        checks.extend([AREA.skipped(SESSION, why), AREA.skipped(GRANT, why)]);
        return checks;
    }
    let now = context.clock.now();
    let looked = context.with_vault(move |vault, profile| vault.look(profile, now)).await;
    let grant = standing_grant::read(context).await;
    let stays = matches!(&grant, Ok(Some(_)));
    let session = match looked {
        Ok(Ok(opened)) => opened_session(context, &opened, now, stays),
        Ok(Err(error)) => unopened(context, &error),
        Err(error) => AREA.problem(SESSION, error.to_string()).remedied_by(error.remedy()),
    };
    checks.extend([session, standing_grant(context, grant, now)]);
    checks
}

/// Where imports keep what they remember, which is a question only where sessions are shared.
fn records(context: &Context) -> Option<Check> {
    let place = match (&context.shared_records, &context.settings.session_store) {
        (Some(records), _) => format!(
            "in {}, sealed under the key file: every host that has both goes on where another \
             stopped",
            records.describe()
        ),
        (None, SessionStoreChoice::Database(_)) => {
            "on this machine only: hosts share them where they share a key file".to_owned()
        }
        (None, _) => return None,
    };
    Some(AREA.ok(RECORDS, place))
}

/// A database, which may be away or closed to us. What is wrong with a file, its own line says.
async fn store(context: &Context, by: &str) -> Check {
    let place = format!("{} ({by})", context.vault.describe_store());
    match context.with_vault(|vault, profile| vault.check_store(profile)).await {
        Ok(Err(StoreError::Database(error))) => {
            AREA.problem(STORE, format!("{place}: {error}")).remedied_by(of_database(&error))
        }
        Err(error) => AREA.problem(STORE, format!("{place}: {error}")).remedied_by(error.remedy()),
        Ok(_) => AREA.ok(STORE, place),
    }
}

fn of_database(error: &DatabaseError) -> &'static str {
    match error {
        DatabaseError::Access { .. } => failure::LET_IN,
        DatabaseError::Certificate { .. } => {
            "Put right what names it, or name another place: --session-store file"
        }
        _ => "Try again later, or name another place: --session-store file",
    }
}

fn opened_session(context: &Context, opened: &Opened, now: Timestamp, stays: bool) -> Check {
    let profile = &context.settings.profile;
    match opened {
        Opened::Nobody => AREA
            .ok(SESSION, format!("nobody is signed in as \"{profile}\""))
            .remedied_by(format!("Sign in with: {}", command_for(profile, "login"))),
        Opened::Live(session) if session.api != context.settings.api => {
            of_other_origin(context, SESSION, &session.api)
        }
        Opened::Live(session) => AREA.ok(SESSION, live(context, session, now)),
        Opened::Expired(_) | Opened::Lapsed if stays => {
            AREA.ok(SESSION, format!("that of \"{profile}\" has ended: the next run renews it"))
        }
        Opened::Expired(_) | Opened::Lapsed => AREA
            .warning(SESSION, format!("that of \"{profile}\" has expired: the next run removes it"))
            .remedied_by(format!("Sign in with: {}", command_for(profile, "login"))),
    }
}

fn live(context: &Context, session: &Session, now: Timestamp) -> String {
    times::learn_of(context, session);
    let minutes = counted(session.minutes_left(now), "minute");
    let (profile, until) = (&session.profile, context.clock_time(session.expires_at));
    format!("\"{profile}\" is signed in until {until} ({minutes} left)")
}

fn of_other_origin(context: &Context, check: &'static str, theirs: &Origin) -> Check {
    let ours = &context.settings.api;
    AREA.problem(check, format!("it belongs to {theirs}, not to {ours}")).remedied_by(format!(
        "Set NBATODO_API_URL={theirs}, or sign in anew with: {}",
        command_for(&context.settings.profile, "login")
    ))
}

fn unopened(context: &Context, error: &VaultError) -> Check {
    let login = command_for(&context.settings.profile, "login");
    let found = AREA.problem(SESSION, error.to_string());
    match error {
        VaultError::Seal(SealError::NewerVersion { .. }) => {
            found.remedied_by(format!("Update nbatodo, or sign in anew with: {login}"))
        }
        VaultError::Seal(_) | VaultError::KeyGone => {
            found.remedied_by(format!("Sign in anew with: {login}"))
        }
        VaultError::Keys(error) => {
            found.remedied_by(super::key_store::capitalized(&error.remedy()))
        }
        VaultError::Store(StoreError::File(error)) => match error.repair() {
            Some(repair) => found.remedied_by(format!("Move it away with: {repair}")),
            None => found.remedied_by("Repair what is named here."),
        },
        VaultError::Store(StoreError::Database(error)) => found.remedied_by(of_database(error)),
    }
}

fn standing_grant(
    context: &Context,
    grant: Result<Option<StandingGrant>, KeyStoreError>,
    now: Timestamp,
) -> Check {
    let anew = command_for(&context.settings.profile, "login --stay-signed-in");
    let anew = format!("Sign in anew with: {anew}");
    let grant = match grant {
        Ok(Some(grant)) => grant,
        Ok(None) => return AREA.ok(GRANT, "none: each session ends with its hour"),
        Err(KeyStoreError::EntryDamaged { .. }) => {
            return AREA.problem(GRANT, "it does not open").remedied_by(anew);
        }
        Err(error) => {
            let remedy = super::key_store::capitalized(&error.remedy());
            return AREA.problem(GRANT, error.to_string()).remedied_by(remedy);
        }
    };
    if grant.api != context.settings.api {
        return of_other_origin(context, GRANT, &grant.api);
    }
    match next_move(grant.first_sent(), now).0 {
        Move::Send => AREA.ok(GRANT, "kept: later runs renew the session"),
        Move::SendAgain => AREA
            .warning(GRANT, "a renewal is under way, or its answer was lost a moment ago")
            .remedied_by("Run what you ran once more, within the minute."),
        Move::GiveUp => {
            AREA.problem(GRANT, "the answer to its last renewal was lost").remedied_by(anew)
        }
    }
}
