//! What a run still does when the person has been told how it went.

use std::pin::Pin;
use std::sync::Mutex;
use std::time::Duration;

/// What all of it may take together.
const LIMIT: Duration = Duration::from_secs(2);

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Work that nobody waits for, such as telling Todoist that a dead session's token is not needed
/// any more.
#[derive(Default)]
pub struct Afterwards(Mutex<Vec<Work>>);

impl Afterwards {
    /// Leaves `work` for later.
    pub fn add(&self, work: impl Future<Output = ()> + Send + 'static) {
        if let Ok(mut left) = self.0.lock() {
            left.push(Box::pin(work));
        }
    }

    /// Does what was left, one after the other, and for two seconds at most.
    pub async fn carry_out(&self) {
        let left = self.0.lock().map(|mut left| std::mem::take(&mut *left)).unwrap_or_default();
        let all = async {
            for work in left {
                work.await;
            }
        };
        if tokio::time::timeout(LIMIT, all).await.is_err() {
            tracing::info!("what was left for the end of the run took too long");
        }
    }
}
