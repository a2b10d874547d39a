//! Ctrl-C and its kin.

use std::io;
use std::pin::pin;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::commands::{Failure, Interrupts};

/// Runs `work` until it ends or the person, the terminal or the system ends it. What `work`
/// held is dropped then: ports are free, secrets wiped. Where `interrupts` is guarded, the work
/// goes on to a state that it can be left in, unless somebody insists.
///
/// # Errors
/// Those of `work`, and [`Failure::Interrupted`].
pub(super) async fn or_interrupted<T>(
    work: impl Future<Output = Result<T, Failure>>,
    interrupts: &Interrupts,
) -> Result<T, Failure> {
    // Listening starts before the work does: a signal in its first moments counts too.
    let mut signals = Signals::listen()
        .map_err(|cause| Failure::System { what: "signals cannot be heard", cause })?;
    let mut work = pin!(work);
    loop {
        tokio::select! {
            ended = &mut work => return ended,
            () = signals.next() => {
                if interrupts.note() {
                    return Err(Failure::Interrupted);
                }
            }
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
