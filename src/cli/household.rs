//! The profiles of a household or a club: what each has for itself, and what the command line
//! says for all of them.

use crate::cli::args::{Args, Import};
use crate::cli::output::Output;
use crate::cli::terminal::is_attended;
use crate::commands::games::{Place, Source};
use crate::commands::many::{self, Household};
use crate::commands::{Context, Exit, Failure, Supplies, import};
use crate::model::Profile;
use crate::settings::{Credential, OwnClient, SessionStoreChoice, Settings};

/// Runs `import --all-profiles`.
///
/// # Errors
/// [`Failure`], not printed yet.
pub(super) async fn run(
    mut context: Context,
    args: &Args,
    import: &Import,
    output: &Output,
) -> Result<Exit, Failure> {
    refuse_what_is_for_one(&context.settings, args, import)?;
    let limit = args.time_limit();
    let kind = (import.dry_run, args.global.format);
    let manner = import.many.manner(is_attended(), limit, kind, host_name())?;
    context.supplies = Supplies::with_requests_at_once(manner.jobs).into();
    let household = Members { settings: &context.settings, import };
    let summary = many::run(&context, &household, &manner).await?;
    context.listener.end();
    output.report(&summary)
}

/// What only one profile can have.
fn refuse_what_is_for_one(
    settings: &Settings,
    args: &Args,
    import: &Import,
) -> Result<(), Failure> {
    let refused = |with, why| Err(Failure::NotForAll { with, why });
    if args.global.profile.is_some() {
        return refused("--profile", "it means all of them");
    }
    match &settings.credential {
        Credential::Session => {}
        Credential::Token(_) => return refused("NBATODO_TOKEN", "a token is one person's"),
        Credential::TokenFile(_) => {
            return refused("NBATODO_TOKEN_FILE", "a token is one person's");
        }
    }
    if settings.session_store == SessionStoreChoice::Memory {
        return refused("--session-store memory", "nobody is signed in there between two runs");
    }
    if import.schedule.games().from == Source::Given(Place::Input) {
        return refused("--schedule -", "name a file, which all can read");
    }
    if import.sign_in.no_browser || import.sign_in.port.is_some() {
        return Err(Failure::NoSignInHere);
    }
    Ok(())
}

/// The members, each under its profile.
struct Members<'a> {
    settings: &'a Settings,
    import: &'a Import,
}

impl Household for Members<'_> {
    fn configured(&self) -> Vec<Profile> {
        Vec::new()
    }

    fn of(&self, profile: &Profile) -> Result<(Settings, import::Request), Failure> {
        let settings = for_profile(self.settings, profile);
        let request = self.import.request(settings.team.as_deref())?;
        Ok((settings, request))
    }
}

fn for_profile(settings: &Settings, profile: &Profile) -> Settings {
    let own = |own: &OwnClient| OwnClient {
        id: own.id.clone(),
        secret: own
            .secret
            .as_ref()
            .map(|secret| crate::model::ClientSecret::new(secret.expose().to_owned())),
    };
    Settings {
        profile: profile.clone(),
        team: settings.team.clone(),
        credential: Credential::Session,
        session_store: match &settings.session_store {
            SessionStoreChoice::Database(address) => SessionStoreChoice::Database(address.clone()),
            SessionStoreChoice::Memory => SessionStoreChoice::Memory,
            SessionStoreChoice::File => SessionStoreChoice::File,
        },
        key_store: settings.key_store.clone(),
        own_client: settings.own_client.as_ref().map(own),
        unclaimed_secret: settings.unclaimed_secret,
        api: settings.api.clone(),
        auth: settings.auth.clone(),
        schedule_url: settings.schedule_url.clone(),
        browser: None,
        screen: settings.screen,
    }
}

/// What this host is called, for people on other hosts.
#[cfg(unix)]
fn host_name() -> String {
    rustix::system::uname().nodename().to_string_lossy().replace('/', "-")
}

#[cfg(not(unix))]
fn host_name() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_default().replace('/', "-")
}
