-- What was removed, so that a content is not processed again when its file comes back, and a removal
-- that was killed goes on. Only hashes.

CREATE TABLE removals (
    content_sha256 VARCHAR NOT NULL,
    part VARCHAR NOT NULL,                  -- audio, original or everything
    why VARCHAR NOT NULL,                   -- purge or erase
    state VARCHAR NOT NULL,                 -- marked, deleted (from the tables), gone (from the disk)
    "at" TIMESTAMPTZ NOT NULL
);
