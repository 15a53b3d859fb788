-- Times are Unix milliseconds. A `key` is a keyed hash (store/codec.rs); `sealed` holds all that quotes or names a person.
PRAGMA application_id = 1634104434;

-- `hash_key` and `name` are random and made with the store; `number` is the last message number that was given before
-- `forget` last removed any: a number is never given twice.
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE message (
    id INTEGER PRIMARY KEY,
    channel TEXT NOT NULL,
    line TEXT NOT NULL,
    hours TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    reply TEXT,
    notify TEXT NOT NULL,
    rang_through INTEGER NOT NULL,
    in_open_hours INTEGER NOT NULL,
    late INTEGER NOT NULL,
    because TEXT NOT NULL,
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX message_replied ON message (received_at) WHERE reply IS NOT NULL;

-- The id is message * 1024 + position, so the rows of a message are one stretch of the primary key. An alert takes a
-- message number of its own and has `words` (sealed).
-- kind: 0 reply, 1 now, 2 hold, 3 alert, 4 follow-up, 5 correction. state: 0 waiting, 1 sending, 2 done, 3 withdrawn, 4 unknown, 5 dead.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    target TEXT NOT NULL,
    state INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER,
    first_due_at INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    repeated INTEGER NOT NULL DEFAULT 0,
    repeatable INTEGER NOT NULL DEFAULT 0,
    settled_at INTEGER,
    reason TEXT,
    provider_key BLOB,
    words BLOB
) STRICT;
-- A query uses a partial index only when it repeats its condition word for word.
CREATE INDEX outbox_open ON outbox (due_at, kind) WHERE state < 2;
CREATE INDEX outbox_failed ON outbox (state) WHERE state > 3;
CREATE INDEX outbox_alert ON outbox (settled_at) WHERE words IS NOT NULL;
CREATE INDEX outbox_provider ON outbox (provider_key) WHERE provider_key IS NOT NULL;

-- One row per address. owner_told_at is when we learned of what the owner wrote. used_at, true to a day, is when it last wrote or was written to; wrote: it has written. replied_at is
-- when our last reply went out, until something comes back; quick counts those in a row that the same words
-- (a keyed hash) came back to within seconds.
CREATE TABLE person (
    key BLOB PRIMARY KEY,
    used_at INTEGER NOT NULL,
    wrote INTEGER NOT NULL,
    owner_wrote_at INTEGER,
    owner_told_at INTEGER,
    answered_at INTEGER,
    rang_at INTEGER,
    replied_at INTEGER,
    quick INTEGER NOT NULL DEFAULT 0,
    quick_words BLOB,
    opted_out_at INTEGER
) STRICT, WITHOUT ROWID;

-- Lines where something else answers as well, and when that was last seen.
CREATE TABLE responder (
    channel TEXT NOT NULL,
    line TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (channel, line)
) STRICT, WITHOUT ROWID;

-- Openings that replies have named, until the owner answers: one row per message and address.
CREATE TABLE promise (
    message INTEGER NOT NULL,
    key BLOB NOT NULL,
    written_at INTEGER NOT NULL,
    opens_at INTEGER NOT NULL,
    PRIMARY KEY (message, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX promise_key ON promise (key, written_at);

-- What channels have to know again after a restart.
CREATE TABLE note (
    channel TEXT NOT NULL,
    name TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (channel, name)
) STRICT, WITHOUT ROWID;

-- Who rang through on the urgent budget, and when.
CREATE TABLE rang (
    key BLOB NOT NULL,
    at INTEGER NOT NULL,
    message INTEGER NOT NULL,
    PRIMARY KEY (key, at, message)
) STRICT, WITHOUT ROWID;

-- The provider's ids that were admitted, in that order. They are looked up in memory (sqlite/database.rs): the keys come in
-- no order, and an index over them would be a page to write for each message.
CREATE TABLE seen (number INTEGER PRIMARY KEY, key BLOB NOT NULL, at INTEGER NOT NULL) STRICT;

-- What the owner was told once.
CREATE TABLE alerted (key BLOB PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE override (
    id INTEGER PRIMARY KEY,
    is_open INTEGER NOT NULL,
    from_at INTEGER NOT NULL,
    until_at INTEGER NOT NULL,
    reply TEXT
) STRICT;
