-- Misheard turns, as people heard them. Append-only; masked before they come here.

CREATE TABLE corrections (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,                       -- UTC, ISO 8601
    who TEXT NOT NULL,
    call_id TEXT NOT NULL,
    content_sha256 TEXT NOT NULL,
    segment INTEGER NOT NULL,
    heard TEXT NOT NULL,                    -- what the recogniser wrote, masked
    text TEXT CHECK (trim(text) <> ''),     -- null: taken back
    spans TEXT NOT NULL,                    -- JSON list of the private data in `text`
    previous INTEGER REFERENCES corrections (id)
) STRICT;

CREATE UNIQUE INDEX corrections_first ON corrections (content_sha256, segment) WHERE previous IS NULL;
CREATE UNIQUE INDEX corrections_next ON corrections (previous) WHERE previous IS NOT NULL;
CREATE INDEX corrections_by_content ON corrections (content_sha256, segment, id);

CREATE TRIGGER corrections_no_update BEFORE UPDATE ON corrections
BEGIN
    SELECT RAISE(ABORT, 'corrections are append-only: add a new one');
END;

CREATE TRIGGER corrections_no_delete BEFORE DELETE ON corrections
BEGIN
    SELECT RAISE(ABORT, 'corrections are append-only: add a new one');
END;
