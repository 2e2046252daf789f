-- Legal holds: nothing of a held call is purged or erased. A hold is a row, its release another one.

CREATE TABLE holds (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,                       -- UTC, ISO 8601
    who TEXT NOT NULL,
    reason TEXT NOT NULL,
    kind TEXT CHECK (kind IN ('customer', 'agent', 'call')),
    subject TEXT,                           -- id of the customer, agent or call
    content_sha256 TEXT,                    -- of a call: its content, because ids may change
    releases INTEGER UNIQUE REFERENCES holds (id),
    CHECK ((releases IS NULL) = (kind IS NOT NULL AND subject IS NOT NULL))
) STRICT;

CREATE TRIGGER holds_no_update BEFORE UPDATE ON holds
BEGIN
    SELECT RAISE(ABORT, 'holds are append-only: release one by a new row');
END;

CREATE TRIGGER holds_no_delete BEFORE DELETE ON holds
BEGIN
    SELECT RAISE(ABORT, 'holds are append-only: release one by a new row');
END;

-- Files that were written out of the store, so that a person can be removed from them too.

CREATE TABLE copies (
    path TEXT PRIMARY KEY,                  -- absolute
    at TEXT NOT NULL,                       -- UTC, ISO 8601
    what TEXT NOT NULL,                     -- the exported table, or audio
    format TEXT NOT NULL,
    sha256 TEXT NOT NULL,                   -- of the file as it was written
    content_sha256 TEXT                     -- of audio: the recording that it was made of
) STRICT;
