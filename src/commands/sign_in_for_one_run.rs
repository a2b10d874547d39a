//! A sign-in for one run: in, the work, and out again, whatever the work came to.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

use crate::commands::logout::Step;
use crate::commands::sign_out::sign_out;
use crate::commands::{Context, Exit, Export, Failure, Report, login};
use crate::looks::{Look, Page};
use crate::settings::Credential;
use crate::signin::Permission;

/// How long a person may take to consent, as at a `login`.
const CONSENT_LIMIT: Duration = Duration::from_secs(300);
/// How long Todoist may take to revoke: nothing breaks this off but the deadline.
const REVOCATION_LIMIT: Duration = Duration::from_secs(10);

/// What the command line says about the sign-in of a run that keeps nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    /// Print the address instead of opening a browser.
    pub no_browser: bool,
    /// The one port that the person's own client is registered for.
    pub port: Option<u16>,
    /// Whether the work reads standard input, where the person could have to paste.
    pub input_is_taken: bool,
}

/// What a run came to, and what became of the sign-in that was made for it.
#[derive(Debug, Serialize)]
pub struct InOneRun<T> {
    #[serde(flatten)]
    report: T,
    /// The token of the run's own sign-in, if it made one.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<Step>,
    #[serde(skip)]
    left: Option<Left>,
}

/// A token that was not revoked.
#[derive(Debug)]
struct Left {
    line: String,
    exit: Exit,
}

/// The sign-in that this run has to make for itself, if it is one that keeps nothing and has no
/// token from outside.
///
/// # Errors
/// [`Failure`] with exit code 2 if `asked` does not fit.
pub fn way_in(
    context: &Context,
    asked: Asked,
    permission: Permission,
) -> Result<Option<login::Request>, Failure> {
    let signs_in =
        context.keeps_nothing() && matches!(context.settings.credential, Credential::Session);
    let Asked { no_browser, port, input_is_taken } = asked;
    match signs_in {
        false if no_browser || port.is_some() => Err(Failure::NoSignInHere),
        false => Ok(None),
        true if input_is_taken => Err(Failure::InputTaken),
        true => Ok(Some(login::Request {
            no_browser,
            timeout: CONSENT_LIMIT,
            ttl: None,
            stay_signed_in: false,
            permission,
            port,
        })),
    }
}

/// Does `work`, between the sign-in and the sign-out that `way_in` asks for.
///
/// From the moment that there is a token, Ctrl-C breaks off the work and not the sign-out.
///
/// # Errors
/// Those of the sign-in and of `work`.
pub async fn run<T>(
    context: &Context,
    way_in: Option<&login::Request>,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<InOneRun<T>, Failure> {
    let Some(request) = way_in else {
        let report = work.await?;
        return Ok(InOneRun { report, token: None, left: None });
    };
    let signed_in = login::sign_in(context, request).await?;
    context.listener.note(&signed_in.summary());
    let ended = tokio::select! {
        biased;
        () = context.interrupts.noted() => Err(Failure::Interrupted),
        ended = work => ended,
    };
    context.listener.end();
    if matches!(ended, Err(Failure::Interrupted)) {
        context.listener.note("Signing out at Todoist; that takes seconds.");
    }
    let busy = context.busy("Signing out at Todoist");
    let signed_out = end(context).await;
    drop(busy);
    let (token, left) = match signed_out {
        Ok(()) => {
            context.listener.note("Signed out: token revoked at Todoist.");
            (Step::Done, None)
        }
        Err(left) => (Step::Failed { reason: left.line.clone() }, Some(left)),
    };
    match ended {
        Ok(report) => Ok(InOneRun { report, token: Some(token), left }),
        Err(failure) => {
            if let Some(left) = left {
                context.listener.demand(&left.line);
            }
            Err(failure)
        }
    }
}

/// Ends the run's sign-in at Todoist; what is in memory goes with it.
async fn end(context: &Context) -> Result<(), Left> {
    let signed_out = sign_out(context, Some(REVOCATION_LIMIT)).await;
    let fate = signed_out.token_fate(context);
    match signed_out.token.and(signed_out.grant) {
        Ok(_) => Ok(()),
        Err(failure) => Err(Left {
            line: format!("the token of this run was not revoked, {fate}: {failure}"),
            exit: failure.exit(),
        }),
    }
}

impl<T: Report> Report for InOneRun<T> {
    /// What the work came to weighs more than a token that dies by itself.
    fn exit(&self) -> Exit {
        match (self.report.exit(), &self.left) {
            (Exit::Done | Exit::WouldChange, Some(left)) => left.exit,
            (exit, _) => exit,
        }
    }

    fn export(&self, export: Export) -> Option<String> {
        self.report.export(export)
    }

    fn page(&self, look: Look) -> Page {
        self.report.page(look)
    }

    fn shortfalls(&self) -> Vec<String> {
        let left = self.left.iter().map(|left| left.line.clone());
        self.report.shortfalls().into_iter().chain(left).collect()
    }
}

impl<T: fmt::Display> fmt::Display for InOneRun<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.report.fmt(f)
    }
}
