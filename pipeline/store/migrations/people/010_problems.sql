-- Common problems that are known again from week to week, and what trainers made of them. Append-only.
-- Terms and names are words that several calls share, never the text of one.

CREATE TABLE problem_topics (               -- one row per week in which a topic was noted
    id TEXT NOT NULL,
    at TEXT NOT NULL,                       -- UTC, ISO 8601
    who TEXT NOT NULL,                      -- empty: found by the machine
    source TEXT NOT NULL CHECK (source IN ('asked', 'dissatisfied')),
    name TEXT NOT NULL CHECK (trim(name) <> ''),
    terms TEXT NOT NULL,                    -- JSON: word → weight
    noted_week TEXT NOT NULL,               -- such as 2026-W47: holds from the week after on
    first_week TEXT NOT NULL,               -- in which it was heard first
    PRIMARY KEY (id, noted_week)
) STRICT;

CREATE TABLE problem_weeks (                -- weeks whose problems were noted
    week TEXT PRIMARY KEY,
    at TEXT NOT NULL
) STRICT;

CREATE TABLE problem_acts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    who TEXT NOT NULL CHECK (trim(who) <> ''),
    act TEXT NOT NULL CHECK (act IN ('rename', 'merge', 'split', 'hide', 'undo')),
    problem TEXT NOT NULL,                  -- rename, merge, split: a topic or rule; hide: a problem
    value TEXT NOT NULL,                    -- the new name; the other or new topic; empty
    undoes INTEGER UNIQUE REFERENCES problem_acts (id),
    CHECK ((act = 'undo') = (undoes IS NOT NULL)),
    CHECK (act IN ('hide', 'undo') OR trim(value) <> '')
) STRICT;

CREATE TRIGGER problem_topics_no_update BEFORE UPDATE ON problem_topics
BEGIN
    SELECT RAISE(ABORT, 'problems are append-only: add an act');
END;

CREATE TRIGGER problem_topics_no_delete BEFORE DELETE ON problem_topics
BEGIN
    SELECT RAISE(ABORT, 'problems are append-only: add an act');
END;

CREATE TRIGGER problem_weeks_no_update BEFORE UPDATE ON problem_weeks
BEGIN
    SELECT RAISE(ABORT, 'noted weeks are append-only');
END;

CREATE TRIGGER problem_weeks_no_delete BEFORE DELETE ON problem_weeks
BEGIN
    SELECT RAISE(ABORT, 'noted weeks are append-only');
END;

CREATE TRIGGER problem_acts_no_update BEFORE UPDATE ON problem_acts
BEGIN
    SELECT RAISE(ABORT, 'acts on problems are append-only: add an undo');
END;

CREATE TRIGGER problem_acts_no_delete BEFORE DELETE ON problem_acts
BEGIN
    SELECT RAISE(ABORT, 'acts on problems are append-only: add an undo');
END;
