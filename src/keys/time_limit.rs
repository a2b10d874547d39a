//! Blocking calls with an end.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;

use super::{KeyStore, KeyStoreError};

/// Runs `work` on `keys` with a time limit: see [`within_limit`].
///
/// # Errors
/// Those of `work`, and [`KeyStoreError::NoAnswer`].
pub async fn within<T: Send + 'static>(
    limit: Duration,
    keys: Arc<dyn KeyStore>,
    work: impl FnOnce(&dyn KeyStore) -> Result<T, KeyStoreError> + Send + 'static,
) -> Result<T, KeyStoreError> {
    within_limit(limit, move || work(&*keys)).await
}

/// Runs blocking `work` on a thread of its own and waits for it no longer than `limit`.
///
/// A keyring can wait on a person, or hang for ever. Work that is given up goes on until the
/// process ends, and its result is dropped. The thread is not one of the runtime's, because a
/// runtime does not shut down before its blocking threads have ended.
///
/// # Errors
/// Those of `work`; [`KeyStoreError::NoAnswer`] after `limit`; [`KeyStoreError::Failed`] if no
/// thread can be had or the work broke off.
pub async fn within_limit<T, E>(
    limit: Duration,
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, E>
where
    T: Send + 'static,
    E: From<KeyStoreError> + Send + 'static,
{
    let (sender, answer) = oneshot::channel();
    let thread = std::thread::Builder::new().name("key store".to_owned());
    thread
        // Nobody listens any more if the work was given up.
        .spawn(move || drop(sender.send(work())))
        .map_err(|error| KeyStoreError::Failed { why: error.to_string() })?;
    match tokio::time::timeout(limit, answer).await {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => Err(KeyStoreError::Failed { why: "the call broke off".to_owned() }.into()),
        Err(_) => Err(KeyStoreError::NoAnswer { limit }.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    fn run<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap()
            .block_on(future)
    }

    #[test]
    fn an_answer_comes_through() {
        let answer = run(within_limit(Duration::from_secs(60), || Ok::<_, KeyStoreError>(7)));
        assert_eq!(answer.unwrap(), 7);
    }

    #[test]
    fn work_that_never_ends_is_given_up_and_holds_nobody() {
        let (never, wait) = mpsc::channel::<()>();
        let limit = Duration::from_millis(1);
        let answer = run(within_limit(limit, move || Ok::<_, KeyStoreError>(wait.recv().is_ok())));
        // The runtime has been dropped by now, while the work still waits for this:
        assert!(never.send(()).is_ok());
        assert!(matches!(answer, Err(KeyStoreError::NoAnswer { limit: told }) if told == limit));
    }

    #[test]
    fn work_that_breaks_off_is_an_error() {
        let work = || -> Result<(), KeyStoreError> { std::panic::resume_unwind(Box::new(())) };
        let answer = run(within_limit(Duration::from_secs(60), work));
        assert!(matches!(answer, Err(KeyStoreError::Failed { .. })));
    }
}
