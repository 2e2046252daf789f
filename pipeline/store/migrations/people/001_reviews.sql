-- What people said of findings. Append-only: a change of mind is a new row that names the old one.

CREATE TABLE reviews (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,                       -- UTC, ISO 8601
    reviewer TEXT NOT NULL,
    call_id TEXT NOT NULL,
    content_sha256 TEXT NOT NULL,
    rule TEXT,                              -- null: about the call as a whole
    segment INTEGER,
    decision TEXT NOT NULL
        CHECK (decision IN ('confirm', 'reject', 'add', 'comment', 'not_applicable')),
    comment TEXT NOT NULL,
    pack_version TEXT NOT NULL,
    machine_verdict TEXT,
    previous INTEGER REFERENCES reviews (id)
) STRICT;

CREATE INDEX reviews_by_subject ON reviews (content_sha256, rule, id);
CREATE INDEX reviews_by_call ON reviews (call_id, id);

CREATE TRIGGER reviews_no_update BEFORE UPDATE ON reviews
BEGIN
    SELECT RAISE(ABORT, 'reviews are append-only: add a new one');
END;

CREATE TRIGGER reviews_no_delete BEFORE DELETE ON reviews
BEGIN
    SELECT RAISE(ABORT, 'reviews are append-only: add a new one');
END;
