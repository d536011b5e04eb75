//! The database: SQLite with a connection that writes and some that read, migrations, and transactions.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::error::Error;

/// The schema, step by step. A step that was released is never changed; a change is another step at the end.
const MIGRATIONS: [&str; 7] = [
    include_str!("../migrations/1_accounts.sql"),
    include_str!("../migrations/2_releases.sql"),
    include_str!("../migrations/3_errors.sql"),
    include_str!("../migrations/4_uploads.sql"),
    include_str!("../migrations/5_integrations.sql"),
    include_str!("../migrations/6_ids_of_clients.sql"),
    include_str!("../migrations/7_code_mappings.sql"),
];

/// The connections that read. With WAL, they do so while another one writes.
const READERS: usize = 4;

/// The connections to a database.
pub(crate) struct Database {
    /// SQLite has one writer at a time: with one connection, writers wait here instead of failing with `SQLITE_BUSY`.
    writer: Mutex<Connection>,
    readers: Vec<Mutex<Connection>>,
    turn: AtomicUsize,
}

impl Database {
    /// Opens the database, and brings its schema up to date. Without a file, it is in memory.
    pub(crate) fn open(file: Option<&Path>) -> Result<Self, Error> {
        let (mut writer, mut readers) = (connect(file)?, Vec::new());
        migrate(&mut writer)?;
        // A database in memory belongs to its connection.
        if file.is_some() {
            for _ in 0..READERS {
                readers.push(Mutex::new(connect(file)?));
            }
        }
        Ok(Self {
            writer: Mutex::new(writer),
            readers,
            turn: AtomicUsize::new(0),
        })
    }

    /// Runs `work` in a transaction that reads. Blocks: see `tokio::task::spawn_blocking`.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&Transaction) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let index = turn.checked_rem(self.readers.len()).unwrap_or_default();
        let reader = self.readers.get(index).unwrap_or(&self.writer);
        run(reader, TransactionBehavior::Deferred, work)
    }

    /// Runs `work` in a transaction that writes, and is rolled back if it fails. Blocks.
    pub(crate) fn write<T>(
        &self,
        work: impl FnOnce(&Transaction) -> Result<T, Error>,
    ) -> Result<T, Error> {
        run(&self.writer, TransactionBehavior::Immediate, work)
    }
}

fn run<T>(
    connection: &Mutex<Connection>,
    behavior: TransactionBehavior,
    work: impl FnOnce(&Transaction) -> Result<T, Error>,
) -> Result<T, Error> {
    // A panic has rolled back its transaction, so the connection is as good as before.
    let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
    let transaction = connection.transaction_with_behavior(behavior)?;
    let value = work(&transaction)?;
    transaction.commit()?;
    Ok(value)
}

fn connect(file: Option<&Path>) -> Result<Connection, Error> {
    let connection = match file {
        Some(file) => Connection::open(file)?,
        None => Connection::open_in_memory()?,
    };
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // A committed transaction also survives a power failure.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(connection)
}

/// Runs the steps that the database does not have yet. `user_version` counts those that it has.
fn migrate(connection: &mut Connection) -> Result<(), Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
    let done = transaction.query_row("PRAGMA user_version", [], |row| row.get::<_, usize>(0))?;
    if done > MIGRATIONS.len() {
        return Err(Error::NewerDatabase);
    }
    for step in MIGRATIONS.iter().skip(done) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", MIGRATIONS.len())?;
    Ok(transaction.commit()?)
}
