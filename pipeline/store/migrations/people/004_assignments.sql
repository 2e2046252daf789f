-- Who works on which call. Append-only: every row names the one before it, so of two people who take
-- the same call at the same time the schema lets one come first.

CREATE TABLE assignments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,                       -- UTC, ISO 8601
    who TEXT NOT NULL,                      -- who did this
    content_sha256 TEXT NOT NULL,
    call_id TEXT NOT NULL,
    act TEXT NOT NULL CHECK (act IN ('claim', 'assign', 'return', 'done')),
    holder TEXT,                            -- who has the call from now on; null: nobody
    ends TEXT,                              -- UTC: a claim ends by itself; null: it does not
    previous INTEGER REFERENCES assignments (id),
    CHECK ((holder IS NULL) = (act IN ('return', 'done')))
) STRICT;

CREATE UNIQUE INDEX assignments_first ON assignments (content_sha256) WHERE previous IS NULL;
CREATE UNIQUE INDEX assignments_next ON assignments (previous) WHERE previous IS NOT NULL;
CREATE INDEX assignments_by_content ON assignments (content_sha256, id);

CREATE TRIGGER assignments_no_update BEFORE UPDATE ON assignments
BEGIN
    SELECT RAISE(ABORT, 'assignments are append-only: add a new one');
END;

CREATE TRIGGER assignments_no_delete BEFORE DELETE ON assignments
BEGIN
    SELECT RAISE(ABORT, 'assignments are append-only: add a new one');
END;
