//! Closing without taking the answer back: a socket that is closed with unread bytes is reset, and a peer that is still
//! sending then never sees what it was told.

use std::future::Future;
use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

/// A peer that has sent nothing for so long after its answer is not sending any more.
const QUIET: Duration = Duration::from_secs(2);

/// How much of an unread rest is thrown away, and for how long.
#[derive(Clone, Copy, Debug)]
pub(super) struct Linger {
    pub(super) bytes: usize,
    pub(super) time: Duration,
}

/// A stream whose shutdown, when something is left unread, closes our side and reads on until the peer closes its own.
pub(super) struct Lingering<S> {
    stream: S,
    unread: Arc<AtomicBool>,
    linger: Linger,
    ends: Option<Ends>,
}

struct Ends {
    at: Instant,
    next: Pin<Box<Sleep>>,
}

impl<S> Lingering<S> {
    pub(super) fn new(stream: S, linger: Linger) -> Self {
        Self { stream, unread: Arc::default(), linger, ends: None }
    }

    /// To be set when the peer is answered before the end of its request.
    pub(super) fn unread(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.unread)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Lingering<S> {
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { stream, unread, linger, ends } = &mut *self;
        let ends = if let Some(ends) = ends {
            ends
        } else {
            ready!(Pin::new(&mut *stream).poll_shutdown(context))?;
            if !unread.load(Ordering::Relaxed) {
                return Poll::Ready(Ok(()));
            }
            let now = Instant::now();
            let at = now + linger.time;
            ends.insert(Ends { at, next: Box::pin(sleep_until(at.min(now + QUIET))) })
        };
        let mut chunk = [MaybeUninit::uninit(); 8 * 1024];
        while linger.bytes > 0 {
            let mut chunk = ReadBuf::uninit(&mut chunk);
            match Pin::new(&mut *stream).poll_read(context, &mut chunk) {
                Poll::Ready(Ok(())) if !chunk.filled().is_empty() => {
                    linger.bytes = linger.bytes.saturating_sub(chunk.filled().len());
                    ends.next.as_mut().reset(ends.at.min(Instant::now() + QUIET));
                }
                Poll::Ready(_) => break,
                Poll::Pending => return ends.next.as_mut().poll(context).map(Ok),
            }
        }
        Poll::Ready(Ok(()))
    }

    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Lingering<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}
