-- What people say of what models read in a call: why somebody called, and flags. Append-only: the
-- latest of a subject counts. Models learn from it.

CREATE TABLE labels (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,                       -- UTC, ISO 8601
    who TEXT NOT NULL CHECK (trim(who) <> ''),
    call_id TEXT NOT NULL,
    content_sha256 TEXT NOT NULL,
    subject TEXT NOT NULL CHECK (subject IN ('reason', 'complaint', 'dissatisfaction', 'abuse', 'churn')),
    value TEXT CHECK (trim(value) <> ''),   -- a reason, `none` of the list; a flag: yes, no; null: taken back
    segment INTEGER,                        -- the turn that shows a flag; null: nobody said which
    quote TEXT,                             -- its masked text, by which it is known when calls are recognised anew
    machine TEXT,                           -- what a model said then; null: none had looked
    previous INTEGER REFERENCES labels (id),
    CHECK ((segment IS NULL) = (quote IS NULL)),
    CHECK (subject <> 'reason' OR segment IS NULL),
    CHECK (subject = 'reason' OR value IN ('yes', 'no'))
) STRICT;

CREATE UNIQUE INDEX labels_first ON labels (content_sha256, subject) WHERE previous IS NULL;
CREATE UNIQUE INDEX labels_next ON labels (previous) WHERE previous IS NOT NULL;
CREATE INDEX labels_by_content ON labels (content_sha256, subject, id);

CREATE TRIGGER labels_no_update BEFORE UPDATE ON labels
BEGIN
    SELECT RAISE(ABORT, 'labels are append-only: say it again');
END;

CREATE TRIGGER labels_no_delete BEFORE DELETE ON labels
BEGIN
    SELECT RAISE(ABORT, 'labels are append-only: say it again');
END;
