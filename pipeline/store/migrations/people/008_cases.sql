-- The case library: passages of calls as examples, good or bad, with one agreed answer. Append-only: an
-- edit is a new version, the last one may say why the case is used no more.

CREATE TABLE cases (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,                       -- UTC, ISO 8601
    who TEXT NOT NULL,
    call_id TEXT NOT NULL,
    content_sha256 TEXT NOT NULL,
    first_segment INTEGER NOT NULL,
    last_segment INTEGER NOT NULL,
    start_seconds REAL,                     -- null in a chat
    end_seconds REAL,
    quote TEXT NOT NULL,                    -- JSON list of [role, text], masked
    business_line TEXT NOT NULL,
    pack_version TEXT NOT NULL,
    rule TEXT,
    rule_title TEXT NOT NULL,
    rule_title_en TEXT NOT NULL,
    control_point TEXT,
    point_title TEXT NOT NULL,
    CHECK (first_segment <= last_segment)
) STRICT;

CREATE INDEX cases_by_content ON cases (content_sha256);

CREATE TABLE case_versions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    example INTEGER NOT NULL REFERENCES cases (id),
    content_sha256 TEXT NOT NULL,           -- of its call, so that a removal finds and proves it
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('good', 'bad')),
    title TEXT NOT NULL CHECK (trim(title) <> ''),
    why TEXT NOT NULL CHECK (trim(why) <> ''),
    answer TEXT NOT NULL CHECK (trim(answer) <> ''),
    tags TEXT NOT NULL,                     -- JSON list
    retired TEXT CHECK (trim(retired) <> ''),
    previous INTEGER REFERENCES case_versions (id)
) STRICT;

CREATE UNIQUE INDEX case_versions_first ON case_versions (example) WHERE previous IS NULL;
CREATE UNIQUE INDEX case_versions_next ON case_versions (previous) WHERE previous IS NOT NULL;

CREATE TRIGGER case_versions_after_end BEFORE INSERT ON case_versions
WHEN EXISTS (SELECT 1 FROM case_versions WHERE example = NEW.example AND retired IS NOT NULL)
BEGIN
    SELECT RAISE(ABORT, 'this case is used no more: add a new one');
END;

CREATE TRIGGER cases_no_update BEFORE UPDATE ON cases
BEGIN
    SELECT RAISE(ABORT, 'cases are append-only: add a new version');
END;

CREATE TRIGGER cases_no_delete BEFORE DELETE ON cases
BEGIN
    SELECT RAISE(ABORT, 'cases are append-only: add a new version');
END;

CREATE TRIGGER case_versions_no_update BEFORE UPDATE ON case_versions
BEGIN
    SELECT RAISE(ABORT, 'cases are append-only: add a new version');
END;

CREATE TRIGGER case_versions_no_delete BEFORE DELETE ON case_versions
BEGIN
    SELECT RAISE(ABORT, 'cases are append-only: add a new version');
END;
