//! The wait for a person who is to give consent in a browser: here, or anywhere.

use std::process::ExitStatus;
use std::time::Duration;

use tokio::time::Instant;
use url::Url;

use crate::commands::login::Request;
use crate::commands::{Awaited, Context, Failure};
use crate::model::system_error::in_words;
use crate::settings::Screen;
use crate::signin::loopback::Waiting;
use crate::signin::verdict::{Stray, Verdict};
use crate::signin::{AuthorizationResponse, Opening, RedirectUri};

/// How often the time left is told.
const TICK: Duration = Duration::from_secs(1);

/// The answer to an authorization request, and how it came.
pub(super) struct Arrived {
    pub(super) response: AuthorizationResponse,
    /// Whether a browser brought it, and not the person.
    pub(super) by_browser: bool,
}

/// Where the person has to go, and where the browser is sent after that.
#[derive(Clone, Copy)]
pub(super) struct Way<'a> {
    pub(super) url: &'a Url,
    pub(super) redirect_uri: RedirectUri,
}

/// Sends the person on their `way` and waits for the first answer that is one: the redirect to
/// our listener or, where no browser was opened here, what is pasted on standard input.
///
/// # Errors
/// [`Failure::NobodyCame`] when the time of `request` is over.
pub(super) async fn for_consent(
    context: &Context,
    request: &Request,
    way: Way<'_>,
    waiting: &mut Waiting,
) -> Result<Arrived, Failure> {
    let _asking = context.interrupts.asking();
    let deadline = Instant::now() + request.timeout;
    let answer = first_answer(context, request, way, waiting, deadline);
    let arrived = tokio::time::timeout_at(deadline, answer).await;
    context.listener.end();
    let nobody = Failure::NobodyCame(request.timeout);
    arrived.ok().flatten().ok_or(nobody)
}

/// `None` if there will be none. `deadline` is only shown.
async fn first_answer(
    context: &Context,
    request: &Request,
    way: Way<'_>,
    waiting: &mut Waiting,
    deadline: Instant,
) -> Option<Arrived> {
    let mut opening = send_to_browser(context, request, way);
    // Standard input may be empty, as under cron: that ends the reading and not the wait.
    let mut reading = opening.is_none();
    let mut tick = tokio::time::interval(TICK);
    loop {
        tokio::select! {
            biased;
            response = waiting.authorization_response() => {
                return response.map(|response| Arrived { response, by_browser: true });
            }
            status = failed(&mut opening) => {
                opening = None;
                reading = true;
                let why = format!("No browser could be opened ({status}).");
                ask_for_paste(context, &why, way);
            }
            line = context.input.line(), if reading => match line {
                None => reading = false,
                Some(line) => if let Some(response) = pasted(context, waiting, &line) {
                    return Some(Arrived { response, by_browser: false });
                }
            },
            _ = tick.tick() => {
                let left = deadline.saturating_duration_since(Instant::now());
                let what = if reading { Awaited::BrowserOrPaste } else { Awaited::Browser };
                context.listener.awaiting(left, what);
            }
        }
    }
}

async fn failed(opening: &mut Option<Opening>) -> ExitStatus {
    match opening {
        Some(opening) => opening.failed().await,
        None => std::future::pending().await,
    }
}

/// The answer in a pasted line, unless a redirect has brought one by now. A line that is none
/// is said to be.
fn pasted(context: &Context, waiting: &Waiting, line: &str) -> Option<AuthorizationResponse> {
    match waiting.judge_paste(line) {
        Verdict::Response(response) => waiting.paste_wins().then_some(response),
        Verdict::Stray(stray) => {
            explain(context, line, stray);
            None
        }
    }
}

/// Opens the browser where there is one for the person to see, and says what to do.
fn send_to_browser(context: &Context, request: &Request, way: Way<'_>) -> Option<Opening> {
    let settings = &context.settings;
    // Whoever names a browser knows where it appears: some open it at the other end.
    let reason = match settings.screen {
        _ if request.no_browser => String::new(),
        Screen::Elsewhere if settings.browser.is_none() => {
            "You came here by SSH, so no browser is opened on this machine.".to_owned()
        }
        Screen::Nowhere if settings.browser.is_none() => {
            "This machine has no screen for a browser.".to_owned()
        }
        _ => match context.browser.open(way.url) {
            Ok(opening) => {
                let listener = &context.listener;
                listener.note("Your browser opens. If it does not, open this address there:");
                listener.note_link(way.url);
                listener.note("Waiting for your consent in the browser; Ctrl-C ends the wait.");
                return Some(opening);
            }
            Err(error) => format!("No browser could be started: {}.", in_words(&error)),
        },
    };
    ask_for_paste(context, &reason, way);
    None
}

/// The address alone on its line, and both ways back from a browser on another machine.
fn ask_for_paste(context: &Context, reason: &str, way: Way<'_>) {
    let RedirectUri { port } = way.redirect_uri;
    let listener = &context.listener;
    if !reason.is_empty() {
        listener.note(reason);
    }
    listener.demand("Open this address in a browser:");
    listener.demand_link(way.url);
    listener.note(&format!(
        "If that browser is on another machine, its last page (localhost:{port}) does not load: \
         paste that page's address here, or run this there, and load the page again:"
    ));
    // Alone on its line, so that it can be copied, too.
    let here = context.settings.way_here.as_deref().unwrap_or("HOST");
    listener.note(&format!("ssh -L {port}:localhost:{port} {here}"));
    listener.note("Waiting for your consent there; Ctrl-C ends the wait.");
}

/// One line on a paste that is none, and the wait goes on. An empty line is no paste.
fn explain(context: &Context, line: &str, stray: Stray) {
    if line.trim().is_empty() {
        return;
    }
    let why = match stray {
        Stray::State => "it belongs to another sign-in, or was not copied whole",
        Stray::Issuer => "it comes from another server than Todoist",
        Stray::NotFound => "it is not the address that the browser ends up at",
        _ => "it has no code and state, which stand in the address that the browser ends up at",
    };
    context.listener.demand(&format!("That cannot be used: {why}. Still waiting."));
}
