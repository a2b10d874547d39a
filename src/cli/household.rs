//! The profiles of a household or a club: what each has for itself, and what the command line
//! says for all of them.

use crate::cli::args::{Args, Import};
use crate::cli::configuration::Chosen;
use crate::cli::output::Output;
use crate::cli::terminal::is_attended;
use crate::commands::games::{Place, Source};
use crate::commands::many::{self, Household};
use crate::commands::{Context, Exit, Failure, Supplies, import};
use crate::model::Profile;
use crate::settings::{Credential, Key, SessionStoreChoice, Settings};

/// Runs `import --all-profiles`.
///
/// # Errors
/// [`Failure`], not printed yet.
pub(super) async fn run(
    mut context: Context,
    (args, import): (&Args, &Import),
    chosen: &Chosen,
    output: &Output,
) -> Result<Exit, Failure> {
    refuse_what_is_for_one(&context.settings, args, import)?;
    let limit = args.time_limit();
    let kind = (import.dry_run, args.global.format);
    let manner = import.many.manner(is_attended(), limit, kind, host_name())?;
    context.supplies = Supplies::with_requests_at_once(manner.jobs).into();
    let household = Members { settings: &context.settings, chosen, args, import };
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
    if import.schedule.games(false).from == Source::Given(Place::Input) {
        return refused("--schedule -", "name a file, which all can read");
    }
    if import.sign_in.no_browser || import.sign_in.port.is_some() {
        return Err(Failure::NoSignInHere);
    }
    Ok(())
}

/// The members, each under its profile.
struct Members<'a> {
    /// Those of the run.
    settings: &'a Settings,
    chosen: &'a Chosen,
    args: &'a Args,
    import: &'a Import,
}

impl Household for Members<'_> {
    fn configured(&self) -> Vec<(Profile, Vec<Key>)> {
        self.chosen.tables()
    }

    fn of(&self, profile: &Profile) -> Result<(Settings, import::Request), Failure> {
        let settings = self.chosen.settings_of(profile, self.args)?;
        let shared = self.settings;
        if settings.session_store != shared.session_store || settings.key_store != shared.key_store
        {
            return Err(Failure::NotForAll {
                with: "a session store or key store of one profile",
                why: "import for it by itself",
            });
        }
        let request = self.import.request(&settings)?;
        Ok((settings, request))
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
