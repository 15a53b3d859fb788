//! The accept loop. axum's own cannot set a header timeout, nor bound the connections.

use std::convert::Infallible;
use std::error::Error;
use std::future::Future;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use http::header::CONNECTION;
use http::{Request, Response};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use super::Limits;
use super::hooks::turn_away;
use super::linger::{Linger, Lingering};

/// How long the loop rests when an accept fails (no more file descriptors): such an error does not go away at once.
const REST: Duration = Duration::from_millis(50);

/// Where connections come from.
pub trait Listener {
    /// A connection.
    type Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    /// The next connection.
    fn next(&self) -> impl Future<Output = io::Result<Self::Stream>> + Send;
}

impl Listener for TcpListener {
    type Stream = TcpStream;

    async fn next(&self) -> io::Result<TcpStream> {
        let (stream, _) = self.accept().await?;
        // an answer is one small packet: it must not wait for the next
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

impl Listener for UnixListener {
    type Stream = UnixStream;

    async fn next(&self) -> io::Result<UnixStream> {
        self.accept().await.map(|(stream, _)| stream)
    }
}

/// Serves HTTP/1.1 until it is told to stop; then accepts nothing more, ends idle connections, and waits for requests
/// that are being answered, but no longer than `limits.drain`. Nothing of it lives on when the future ends or is dropped.
pub async fn serve<L, S, B>(listener: L, service: S, limits: Limits, stop: CancellationToken)
where
    L: Listener,
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let patient = Manner::new(&limits, limits.head, limits.request);
    let hurried = Manner::new(&limits, limits.hurried, limits.request);
    let brief = Manner::new(&limits, limits.hurried, limits.hurried);
    let open = Open { graceful: GracefulShutdown::new(), over: CancellationToken::new() };
    let _ends_all = open.over.clone().drop_guard();
    let (places, more) = (Arc::new(Semaphore::new(limits.connections)), Arc::new(Semaphore::new(limits.turned_away)));
    let mut full = false;
    loop {
        let accepted = tokio::select! {
            biased;
            () = stop.cancelled() => break,
            accepted = listener.next() => accepted,
        };
        let stream = match accepted {
            Ok(stream) => stream,
            Err(error) => {
                tracing::warn!("a connection could not be accepted: {error}");
                tokio::time::sleep(REST).await;
                continue;
            }
        };
        if let Ok(place) = Arc::clone(&places).try_acquire_owned() {
            let crowded = places.available_permits() < limits.connections / 2;
            full &= crowded;
            open.begin(if crowded { &hurried } else { &patient }, stream, service.clone(), place);
            continue;
        }
        if !full {
            tracing::warn!("{} connections are open, more are refused", limits.connections);
            full = true;
        }
        if let Ok(place) = Arc::clone(&more).try_acquire_owned() {
            open.begin(&brief, stream, service_fn(turn_away), place);
        }
    }
    drop(listener);
    if tokio::time::timeout(limits.drain, open.graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were still being answered after {} s: cut off", limits.drain.as_secs());
    }
}

/// How a connection is served.
struct Manner {
    http: http1::Builder,
    linger: Linger,
}

impl Manner {
    fn new(limits: &Limits, head: Duration, linger: Duration) -> Self {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(head).max_buf_size(limits.head_bytes);
        Self { http, linger: Linger { bytes: limits.discarded_bytes, time: linger } }
    }
}

/// The connections that are open.
struct Open {
    graceful: GracefulShutdown,
    over: CancellationToken,
}

impl Open {
    fn begin<I, S, B>(&self, manner: &Manner, stream: I, service: S, place: OwnedSemaphorePermit)
    where
        I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Send + 'static,
        S::Future: Send,
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let stream = Lingering::new(stream, manner.linger);
        let unread = stream.unread();
        let service = service_fn(move |request| {
            let (answer, unread) = (service.call(request), Arc::clone(&unread));
            async move {
                let answer = answer.await?;
                // of itself an answer closes the connection only where the request was not read to its end
                unread.store(answer.headers().contains_key(CONNECTION), Ordering::Relaxed);
                Ok::<_, Infallible>(answer)
            }
        });
        let connection = self.graceful.watch(manner.http.serve_connection(TokioIo::new(stream), service));
        let over = self.over.clone();
        tokio::spawn(async move {
            let _place = place;
            // how a connection ends is the peer's business, and its error may quote what the peer sent
            over.run_until_cancelled_owned(connection).await;
        });
    }
}
