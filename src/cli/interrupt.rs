//! Ctrl-C and its kin, and the time limit of a run.

use std::io;
use std::pin::pin;
use std::time::Duration;

use tokio::time::Instant;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::commands::{Failure, Interrupts};

/// How long a run whose time is over may take to come to a state that it can be left in. A
/// request that renews a sign-in, the longest of these steps, takes at most 15 s.
const GRACE: Duration = Duration::from_secs(20);

/// Runs `work` until it ends or the person, the terminal or the system ends it, or the time
/// `limit` is over, if there is one. What `work` held is dropped then: ports are free, secrets
/// wiped. Where `interrupts` is guarded, the work goes on to a state that it can be left in,
/// unless somebody insists or it takes too long.
///
/// # Errors
/// Those of `work`, [`Interrupts::ended`] and [`Failure::OutOfTime`].
pub(super) async fn or_interrupted<T>(
    work: impl Future<Output = Result<T, Failure>>,
    interrupts: &Interrupts,
    limit: Option<Duration>,
) -> Result<T, Failure> {
    // Listening starts before the work does: a signal in its first moments counts too.
    let mut signals = Signals::listen()
        .map_err(|cause| Failure::System { what: "signals cannot be heard", cause })?;
    let mut work = pin!(work);
    let mut time_is_up = pin!(at_the_end_of(limit, interrupts));
    let (mut late, mut last_moment) = (None, Instant::now());
    loop {
        tokio::select! {
            // The work first: it may just have heeded the interrupt before this one.
            biased;
            ended = &mut work => return match (ended, late) {
                (Err(Failure::Interrupted), Some(late)) => Err(Failure::OutOfTime(late)),
                (Err(Failure::Interrupted), None) => Err(interrupts.ended()),
                (ended, _) => ended,
            },
            () = signals.next() => {
                if interrupts.note() {
                    return Err(interrupts.ended());
                }
            }
            limit = &mut time_is_up, if late.is_none() => {
                (late, last_moment) = (Some(limit), Instant::now() + GRACE);
                if interrupts.note_late(limit) {
                    return Err(Failure::OutOfTime(limit));
                }
            }
            () = tokio::time::sleep_until(last_moment), if late.is_some() => {
                return Err(Failure::OutOfTime(late.unwrap_or_default()));
            }
        }
    }
}

/// Comes when the time is over, with the limit that there was.
async fn at_the_end_of(limit: Option<Duration>, interrupts: &Interrupts) -> Duration {
    match limit {
        None => std::future::pending().await,
        Some(limit) => {
            interrupts.time_is_up(limit).await;
            limit
        }
    }
}

/// Ctrl-C, SIGTERM, and SIGHUP (the terminal was closed).
#[cfg(unix)]
struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.hangup.recv() => {}
        }
    }
}

/// Ctrl-C.
#[cfg(windows)]
struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    fn listen() -> io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    async fn next(&mut self) {
        self.0.recv().await;
    }
}
