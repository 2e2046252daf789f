-- What the machine finds in a call as people corrected it, for lists and figures. Append-only; made
-- by `pipeline.corrected`, which makes it again when the rules or the transcript are other ones.

CREATE TABLE corrected_results (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,                       -- UTC, ISO 8601
    call_id TEXT NOT NULL,
    content_sha256 TEXT NOT NULL,
    pack_hash TEXT NOT NULL,
    corrections TEXT NOT NULL,              -- JSON list: the corrections in force then, by id
    findings TEXT NOT NULL                  -- JSON list of the findings that they change, masked
) STRICT;

CREATE INDEX corrected_results_by_content ON corrected_results (content_sha256, id);

CREATE TRIGGER corrected_results_no_update BEFORE UPDATE ON corrected_results
BEGIN
    SELECT RAISE(ABORT, 'corrected results are append-only: add a new one');
END;

CREATE TRIGGER corrected_results_no_delete BEFORE DELETE ON corrected_results
BEGIN
    SELECT RAISE(ABORT, 'corrected results are append-only: add a new one');
END;
