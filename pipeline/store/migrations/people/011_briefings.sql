-- What people wrote into weekly briefings. Append-only: an edit is a new version of all of it. Holds no
-- piece of a call: problems are named by their ids, people trained by their numbers.

CREATE TABLE briefing_versions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    week TEXT NOT NULL,                     -- such as 2026-W47
    team TEXT NOT NULL,                     -- empty: of all teams
    at TEXT NOT NULL,                       -- UTC, ISO 8601
    who TEXT NOT NULL CHECK (trim(who) <> ''),
    content TEXT NOT NULL,                  -- JSON of pipeline.domain.BriefingText
    previous INTEGER REFERENCES briefing_versions (id)
) STRICT;

CREATE UNIQUE INDEX briefing_versions_first ON briefing_versions (week, team) WHERE previous IS NULL;
CREATE UNIQUE INDEX briefing_versions_next ON briefing_versions (previous) WHERE previous IS NOT NULL;

CREATE TRIGGER briefing_versions_no_update BEFORE UPDATE ON briefing_versions
BEGIN
    SELECT RAISE(ABORT, 'briefings are append-only: add a new version');
END;

CREATE TRIGGER briefing_versions_no_delete BEFORE DELETE ON briefing_versions
BEGIN
    SELECT RAISE(ABORT, 'briefings are append-only: add a new version');
END;

-- Reports that were written by themselves: once each, also when a night is run again.
CREATE TABLE reports_written (
    kind TEXT NOT NULL,                     -- weekly, monthly
    period TEXT NOT NULL,                   -- 2026-W47, 2026-11
    part TEXT NOT NULL,                     -- team and format
    at TEXT NOT NULL,
    path TEXT NOT NULL,
    PRIMARY KEY (kind, period, part)
) STRICT;
