//! The body of an answer: whole, or cut off in the middle by a fault.

use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};

/// A body that is sent in one piece.
pub(crate) struct AnswerBody {
    /// What is still to be sent.
    data: Option<Bytes>,
    /// What the head promises, in bytes.
    promised: u64,
    ending: Ending,
}

/// What comes after the data.
#[derive(Clone, Copy)]
enum Ending {
    /// The end, as it should be.
    Regular,
    /// A pause, in which the connection sends what it has.
    Flush,
    /// The end of the connection.
    Close,
}

/// The connection ends here, without the rest of the answer.
#[derive(Debug, thiserror::Error)]
#[error("closed by a fault")]
pub(crate) struct Closed;

impl AnswerBody {
    /// All of it.
    pub(crate) fn whole(data: Bytes) -> Self {
        let promised = length(&data);
        Self { data: Some(data).filter(|data| !data.is_empty()), promised, ending: Ending::Regular }
    }

    /// The first half of it, under a head that promises all.
    pub(crate) fn cut(data: Bytes) -> Self {
        let promised = length(&data);
        let half = data.slice(..data.len() / 2);
        Self { data: Some(half).filter(|half| !half.is_empty()), promised, ending: Ending::Flush }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = Closed;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Closed>>> {
        if let Some(data) = self.data.take() {
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
        match self.ending {
            Ending::Regular => Poll::Ready(None),
            Ending::Flush => {
                // hyper drops what it has buffered when a body fails, and writes it out when
                // a body has nothing to give yet.
                self.ending = Ending::Close;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Ending::Close => Poll::Ready(Some(Err(Closed))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.data.is_none() && matches!(self.ending, Ending::Regular)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.promised)
    }
}

fn length(data: &Bytes) -> u64 {
    u64::try_from(data.len()).unwrap_or(u64::MAX)
}
