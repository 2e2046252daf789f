-- Words for jieba, as people accepted or rejected what was suggested. Append-only: the latest counts.

CREATE TABLE words (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,                       -- UTC, ISO 8601
    who TEXT NOT NULL,
    word TEXT NOT NULL CHECK (trim(word) <> ''),
    accepted INTEGER NOT NULL CHECK (accepted IN (0, 1))
) STRICT;

CREATE INDEX words_by_word ON words (word, id);

CREATE TRIGGER words_no_update BEFORE UPDATE ON words
BEGIN
    SELECT RAISE(ABORT, 'words are append-only: accept or reject the word again');
END;

CREATE TRIGGER words_no_delete BEFORE DELETE ON words
BEGIN
    SELECT RAISE(ABORT, 'words are append-only: accept or reject the word again');
END;
