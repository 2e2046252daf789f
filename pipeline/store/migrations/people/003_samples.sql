-- Sampling plans: which calls people listen to, drawn by a kept seed. Append-only.

CREATE TABLE sample_plans (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,                       -- UTC, ISO 8601
    who TEXT NOT NULL,
    since TEXT NOT NULL,                    -- local days, both included
    until TEXT NOT NULL,
    seed TEXT NOT NULL,
    per_agent INTEGER NOT NULL,
    unflagged INTEGER NOT NULL,
    inspectors TEXT NOT NULL,               -- JSON list
    calls INTEGER NOT NULL,                 -- to draw from
    calls_unflagged INTEGER NOT NULL,
    digest TEXT NOT NULL,                   -- of those calls and what decides the draw
    CHECK (since <= until)
) STRICT;

CREATE TABLE sample_calls (
    plan INTEGER NOT NULL REFERENCES sample_plans (id),
    place INTEGER NOT NULL,
    content_sha256 TEXT NOT NULL,
    call_id TEXT NOT NULL,
    agent_id TEXT,
    drawn_as TEXT NOT NULL CHECK (drawn_as IN ('unflagged', 'quota')),
    inspector TEXT,
    PRIMARY KEY (plan, place)
) STRICT;

CREATE INDEX sample_calls_by_content ON sample_calls (content_sha256);

CREATE TRIGGER sample_plans_no_update BEFORE UPDATE ON sample_plans
BEGIN
    SELECT RAISE(ABORT, 'sampling plans are append-only');
END;

CREATE TRIGGER sample_plans_no_delete BEFORE DELETE ON sample_plans
BEGIN
    SELECT RAISE(ABORT, 'sampling plans are append-only');
END;

CREATE TRIGGER sample_calls_no_update BEFORE UPDATE ON sample_calls
BEGIN
    SELECT RAISE(ABORT, 'sampling plans are append-only');
END;

CREATE TRIGGER sample_calls_no_delete BEFORE DELETE ON sample_calls
BEGIN
    SELECT RAISE(ABORT, 'sampling plans are append-only');
END;
