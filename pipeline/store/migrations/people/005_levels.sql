-- What only a person can judge of a call (服务态度, 语气 …): the level that was chosen. Append-only.

CREATE TABLE item_levels (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,                       -- UTC, ISO 8601
    reviewer TEXT NOT NULL,
    call_id TEXT NOT NULL,
    content_sha256 TEXT NOT NULL,
    item TEXT NOT NULL,
    level TEXT NOT NULL,
    pack_version TEXT NOT NULL,
    previous INTEGER REFERENCES item_levels (id)
) STRICT;

CREATE UNIQUE INDEX item_levels_first ON item_levels (content_sha256, item) WHERE previous IS NULL;
CREATE UNIQUE INDEX item_levels_next ON item_levels (previous) WHERE previous IS NOT NULL;
CREATE INDEX item_levels_by_content ON item_levels (content_sha256, item, id);

CREATE TRIGGER item_levels_no_update BEFORE UPDATE ON item_levels
BEGIN
    SELECT RAISE(ABORT, 'levels are append-only: add a new one');
END;

CREATE TRIGGER item_levels_no_delete BEFORE DELETE ON item_levels
BEGIN
    SELECT RAISE(ABORT, 'levels are append-only: add a new one');
END;
