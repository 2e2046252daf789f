-- Who took note of which alert. Append-only.

CREATE TABLE acknowledgements (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,                       -- UTC, ISO 8601
    who TEXT NOT NULL CHECK (trim(who) <> ''),
    alert TEXT NOT NULL,
    content_sha256 TEXT,                    -- of its call, so that a removal finds it; null: of no call
    comment TEXT NOT NULL
) STRICT;

CREATE INDEX acknowledgements_by_alert ON acknowledgements (alert, id);

CREATE TRIGGER acknowledgements_no_update BEFORE UPDATE ON acknowledgements
BEGIN
    SELECT RAISE(ABORT, 'acknowledgements are append-only: add another one');
END;

CREATE TRIGGER acknowledgements_no_delete BEFORE DELETE ON acknowledgements
BEGIN
    SELECT RAISE(ABORT, 'acknowledgements are append-only: add another one');
END;
