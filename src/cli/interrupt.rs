//! Ctrl-C and its kin.

use crate::commands::Failure;

/// Runs `work` until it ends or the person, the terminal or the system ends it. What `work`
/// held is dropped then: ports are free, secrets wiped.
pub(super) async fn or_interrupted<T>(
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    tokio::select! {
        ended = work => ended,
        signalled = signalled() => Err(match signalled {
            Ok(()) => Failure::Interrupted,
            Err(cause) => Failure::System { what: "signals cannot be heard", cause },
        }),
    }
}

/// Ends with the first of Ctrl-C, SIGTERM, and SIGHUP (the terminal was closed).
#[cfg(unix)]
async fn signalled() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hangup.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn signalled() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
