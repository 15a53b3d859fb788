//! The one thread that touches the database: it takes everything that waits into one transaction, and answers after the
//! commit.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::Fault;
use super::database::Database;
use crate::store::StoreError;

/// Entries that may wait to be admitted; more are refused as [`StoreError::Busy`]. About a quarter of a second of the
/// writer's full speed, and four of the largest webhooks (1,000 messages).
const WAITING_ENTRIES: usize = 4096;

/// Commands in one transaction at most, so that the first of them is not kept waiting for its answer.
const BATCH: usize = 512;

/// The thread's stack: the database's parser recurses, and so may what decides.
const STACK_BYTES: usize = 512 * 1024;

/// When nothing has come for so long, the log is folded into the database.
const IDLE: Duration = Duration::from_millis(250);

/// Hands commands to the writer thread.
pub(super) struct Writer {
    queue: Sender<Message>,
    places: Arc<Semaphore>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

enum Message {
    Command(Box<dyn Command>),
    Close(oneshot::Sender<()>),
}

/// Something to do in a transaction. It may be run again when that transaction failed because of another.
trait Command: Send {
    fn run(&mut self, database: &mut Database) -> Result<(), Fault>;
    fn answer(self: Box<Self>, database: &mut Database, failed: Option<StoreError>);
}

struct Ask<T, Work> {
    work: Work,
    done: Option<T>,
    /// What to do with an answer that nobody waits for any more.
    undo: fn(&mut Database, &T),
    answer: oneshot::Sender<Result<T, StoreError>>,
}

/// Waits for an answer; undoes it when nobody does any more.
struct Waiting<'w, T: Send + 'static> {
    writer: &'w Writer,
    answered: oneshot::Receiver<Result<T, StoreError>>,
    undo: fn(&mut Database, &T),
}

impl<T: Send + 'static> Drop for Waiting<'_, T> {
    fn drop(&mut self) {
        self.answered.close();
        // answered, and not read; what is answered from now on is undone there
        if let Ok(Ok(done)) = self.answered.try_recv() {
            let undo = self.undo;
            let work = move |database: &mut Database| {
                undo(database, &done);
                Ok(())
            };
            let (answer, _) = oneshot::channel();
            // an error means that the thread has ended, and with it what was done in memory
            let _ =
                self.writer.queue.send(Message::Command(Box::new(Ask { work, done: None, undo: |_, &()| {}, answer })));
        }
    }
}

impl<T, Work> Command for Ask<T, Work>
where
    T: Send,
    Work: FnMut(&mut Database) -> Result<T, Fault> + Send,
{
    fn run(&mut self, database: &mut Database) -> Result<(), Fault> {
        self.done = Some((self.work)(database)?);
        Ok(())
    }

    fn answer(self: Box<Self>, database: &mut Database, failed: Option<StoreError>) {
        let Self { work, done, undo, answer } = *self;
        // gives its place in the queue back before the next one is woken
        drop(work);
        let outcome = match (failed, done) {
            (None, Some(done)) => Ok(done),
            (Some(error), _) => Err(error),
            (None, None) => Err(StoreError::Closed),
        };
        if let Err(Ok(done)) = answer.send(outcome) {
            undo(database, &done);
            database.claims.keep();
        }
    }
}

impl Writer {
    /// Starts the thread.
    pub(super) fn start(database: Database) -> io::Result<Self> {
        let (queue, incoming) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("store".into())
            .stack_size(STACK_BYTES)
            .spawn(move || run(database, &incoming))?;
        let places = Arc::new(Semaphore::new(WAITING_ENTRIES));
        Ok(Self { queue, places, thread: Mutex::new(Some(thread)) })
    }

    /// Places in the queue for so many entries, held until what is returned is dropped.
    pub(super) fn places(&self, entries: usize) -> Result<OwnedSemaphorePermit, StoreError> {
        let wanted = u32::try_from(entries.min(WAITING_ENTRIES)).unwrap_or(u32::MAX);
        Arc::clone(&self.places).try_acquire_many_owned(wanted).map_err(|_| StoreError::Busy)
    }

    /// Runs this on the writer thread; ready when it is on disk.
    pub(super) async fn ask<T, Work>(&self, work: Work) -> Result<T, StoreError>
    where
        T: Send + 'static,
        Work: FnMut(&mut Database) -> Result<T, Fault> + Send + 'static,
    {
        self.ask_or_undo(work, |_, _| {}).await
    }

    /// As [`Writer::ask`]; `undo` takes back what was done in memory when nobody waits for the answer any more.
    pub(super) async fn ask_or_undo<T, Work>(&self, work: Work, undo: fn(&mut Database, &T)) -> Result<T, StoreError>
    where
        T: Send + 'static,
        Work: FnMut(&mut Database) -> Result<T, Fault> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let command = Box::new(Ask { work, done: None, undo, answer });
        self.queue.send(Message::Command(command)).map_err(|_| StoreError::Closed)?;
        let mut waiting = Waiting { writer: self, answered, undo };
        (&mut waiting.answered).await.map_err(|_| StoreError::Closed)?
    }

    /// Ends the thread after what is queued; ready when the file is closed.
    pub(super) async fn close(&self) {
        let (answer, closed) = oneshot::channel();
        if self.queue.send(Message::Close(answer)).is_ok() {
            // an error means that it has ended already
            let _ = closed.await;
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        let (answer, _) = oneshot::channel();
        let _ = self.queue.send(Message::Close(answer));
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // whatever it panicked with was printed by then
            let _ = thread.join();
        }
    }
}

fn run(mut database: Database, incoming: &Receiver<Message>) {
    let mut batch = Vec::with_capacity(BATCH);
    let closed = loop {
        let first = if database.has_log() {
            match incoming.recv_timeout(IDLE) {
                Err(RecvTimeoutError::Timeout) => {
                    database.fold_log();
                    incoming.recv().ok()
                }
                other => other.ok(),
            }
        } else {
            incoming.recv().ok()
        };
        let mut close = None;
        match first {
            Some(Message::Command(command)) => batch.push(command),
            Some(Message::Close(answer)) => break Some(answer),
            None => break None,
        }
        loop {
            let had = batch.len();
            while close.is_none() && batch.len() < BATCH {
                match incoming.try_recv() {
                    Ok(Message::Command(command)) => batch.push(command),
                    Ok(Message::Close(answer)) => close = Some(answer),
                    Err(_) => break,
                }
            }
            if batch.len() == had || close.is_some() || batch.len() == BATCH {
                break;
            }
            // whoever is about to hand something in does so now: it costs nothing when nobody is, and a commit less when
            // somebody is
            thread::yield_now();
        }
        commit(&mut database, &mut batch);
        if close.is_some() {
            break close;
        }
        database.fold_log_in_between();
    };
    database.close();
    if let Some(closed) = closed {
        let _ = closed.send(());
    }
}

/// One transaction for all; one for each when one of them spoils it.
fn commit(database: &mut Database, batch: &mut Vec<Box<dyn Command>>) {
    match transaction(database, batch) {
        Ok(()) => answer(database, batch.drain(..), None),
        Err(error) if batch.len() == 1 || is_everyones(&error) => {
            tracing::warn!(%error, commands = batch.len(), "the store could not write");
            let failed = StoreError::Failed(error.to_string());
            answer(database, batch.drain(..), Some(&failed));
        }
        Err(_) => {
            for command in batch.drain(..) {
                commit(database, &mut vec![command]);
            }
        }
    }
}

fn answer(database: &mut Database, commands: impl Iterator<Item = Box<dyn Command>>, failed: Option<&StoreError>) {
    for command in commands {
        command.answer(database, failed.cloned());
    }
}

fn transaction(database: &mut Database, batch: &mut [Box<dyn Command>]) -> Result<(), Fault> {
    let outcome = database.begin_transaction().and_then(|()| {
        for command in batch {
            // a panic in one decision must not end the store for all
            catch_unwind(AssertUnwindSafe(|| command.run(database))).unwrap_or(Err(Fault::Panicked))?;
        }
        database.commit_transaction()
    });
    if outcome.is_err() {
        database.roll_back();
    }
    outcome
}

/// The disk, not the command, is at fault: trying each alone would fail as often as there are commands.
fn is_everyones(fault: &Fault) -> bool {
    use rusqlite::ErrorCode::{
        CannotOpen, DatabaseBusy, DatabaseCorrupt, DatabaseLocked, DiskFull, NotADatabase, OutOfMemory, ReadOnly,
        SystemIoFailure,
    };
    let Fault::Database(error) = fault else { return false };
    matches!(
        error.sqlite_error_code(),
        Some(
            CannotOpen
                | DatabaseBusy
                | DatabaseCorrupt
                | DatabaseLocked
                | DiskFull
                | NotADatabase
                | OutOfMemory
                | ReadOnly
                | SystemIoFailure
        )
    )
}
