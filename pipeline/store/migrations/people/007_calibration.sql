-- Calibration: several inspectors score the same calls blind. Append-only; it touches no review.

CREATE TABLE calibration_rounds (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,                       -- UTC, ISO 8601
    who TEXT NOT NULL,
    title TEXT NOT NULL CHECK (trim(title) <> ''),
    due TEXT NOT NULL,                      -- a local day
    seed TEXT NOT NULL                      -- of the draw and of the intervals
) STRICT;

CREATE TABLE calibration_raters (
    round INTEGER NOT NULL REFERENCES calibration_rounds (id),
    rater TEXT NOT NULL,
    PRIMARY KEY (round, rater)
) STRICT;

CREATE TABLE calibration_calls (
    round INTEGER NOT NULL REFERENCES calibration_rounds (id),
    place INTEGER NOT NULL,
    content_sha256 TEXT NOT NULL,
    call_id TEXT NOT NULL,
    pack_hash TEXT NOT NULL,                -- the pack that scored the call when the round was made
    asked TEXT NOT NULL CHECK (json_valid(asked)),  -- subject → rule → what the machine said then
    machine_score REAL NOT NULL,
    PRIMARY KEY (round, place),
    UNIQUE (round, content_sha256)
) STRICT;

CREATE TABLE calibration_answers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    round INTEGER NOT NULL REFERENCES calibration_rounds (id),
    content_sha256 TEXT NOT NULL,
    rater TEXT NOT NULL,
    subject TEXT NOT NULL,                  -- number of a control point, or a human item
    answer TEXT NOT NULL,                   -- a verdict, or a level of the item
    rules TEXT NOT NULL CHECK (json_valid(rules)),  -- of a violated point: which of its rules
    comment TEXT NOT NULL,
    previous INTEGER REFERENCES calibration_answers (id)
) STRICT;

CREATE UNIQUE INDEX calibration_answers_first
    ON calibration_answers (round, content_sha256, rater, subject) WHERE previous IS NULL;
CREATE UNIQUE INDEX calibration_answers_next
    ON calibration_answers (previous) WHERE previous IS NOT NULL;
CREATE INDEX calibration_answers_by_subject
    ON calibration_answers (round, content_sha256, rater, subject, id);

CREATE TABLE calibration_submissions (
    round INTEGER NOT NULL REFERENCES calibration_rounds (id),
    content_sha256 TEXT NOT NULL,
    rater TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (round, content_sha256, rater)
) STRICT;

CREATE TABLE calibration_ends (
    round INTEGER PRIMARY KEY REFERENCES calibration_rounds (id),
    at TEXT NOT NULL,
    who TEXT                                -- null: everybody had submitted everything
) STRICT;

CREATE TABLE calibration_outcomes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    round INTEGER NOT NULL REFERENCES calibration_rounds (id),
    content_sha256 TEXT NOT NULL,
    subject TEXT NOT NULL,
    who TEXT NOT NULL,
    note TEXT NOT NULL CHECK (trim(note) <> ''),
    previous INTEGER REFERENCES calibration_outcomes (id)
) STRICT;

CREATE UNIQUE INDEX calibration_outcomes_first
    ON calibration_outcomes (round, content_sha256, subject) WHERE previous IS NULL;
CREATE UNIQUE INDEX calibration_outcomes_next
    ON calibration_outcomes (previous) WHERE previous IS NOT NULL;

-- A round is what it was made as.
CREATE TRIGGER calibration_raters_at_once BEFORE INSERT ON calibration_raters
WHEN EXISTS (SELECT 1 FROM calibration_calls WHERE round = NEW.round)
BEGIN
    SELECT RAISE(ABORT, 'who takes part in a round is decided when it is made');
END;

CREATE TRIGGER calibration_calls_at_once BEFORE INSERT ON calibration_calls
WHEN EXISTS (SELECT 1 FROM calibration_answers WHERE round = NEW.round)
BEGIN
    SELECT RAISE(ABORT, 'the calls of a round are chosen when it is made');
END;

-- Blind: whoever decided anything of a call before has seen what the machine found.
CREATE TRIGGER calibration_calls_blind BEFORE INSERT ON calibration_calls
WHEN EXISTS (
    SELECT 1 FROM calibration_raters AS p JOIN reviews AS r ON r.reviewer = p.rater
    WHERE p.round = NEW.round AND r.content_sha256 = NEW.content_sha256
) OR EXISTS (
    SELECT 1 FROM calibration_raters AS p JOIN item_levels AS l ON l.reviewer = p.rater
    WHERE p.round = NEW.round AND l.content_sha256 = NEW.content_sha256
)
BEGIN
    SELECT RAISE(ABORT, 'somebody who takes part has reviewed a call of the round before');
END;

-- Only what is asked, of those who take part, while the round and the call are open.
CREATE TRIGGER calibration_answers_asked BEFORE INSERT ON calibration_answers
WHEN NOT EXISTS (
    SELECT 1 FROM calibration_calls AS c JOIN calibration_raters AS p ON p.round = c.round
    WHERE c.round = NEW.round AND c.content_sha256 = NEW.content_sha256 AND p.rater = NEW.rater
    AND EXISTS (SELECT 1 FROM json_each(c.asked) AS q WHERE q.key = NEW.subject)
)
BEGIN
    SELECT RAISE(ABORT, 'this is not asked of you in this round');
END;

CREATE TRIGGER calibration_answers_same BEFORE INSERT ON calibration_answers
WHEN NEW.previous IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM calibration_answers AS a WHERE a.id = NEW.previous AND a.round = NEW.round
    AND a.content_sha256 = NEW.content_sha256 AND a.rater = NEW.rater AND a.subject = NEW.subject
)
BEGIN
    SELECT RAISE(ABORT, 'the answer before is one to the same question by the same person');
END;

CREATE TRIGGER calibration_answers_open BEFORE INSERT ON calibration_answers
WHEN EXISTS (SELECT 1 FROM calibration_ends WHERE round = NEW.round)
    OR EXISTS (
        SELECT 1 FROM calibration_submissions AS s WHERE s.round = NEW.round
        AND s.content_sha256 = NEW.content_sha256 AND s.rater = NEW.rater
    )
BEGIN
    SELECT RAISE(ABORT, 'what was submitted, or whose round is closed, is not altered');
END;

CREATE TRIGGER calibration_submissions_open BEFORE INSERT ON calibration_submissions
WHEN EXISTS (SELECT 1 FROM calibration_ends WHERE round = NEW.round)
BEGIN
    SELECT RAISE(ABORT, 'this round is closed');
END;

CREATE TRIGGER calibration_submissions_complete BEFORE INSERT ON calibration_submissions
WHEN NOT EXISTS (
    SELECT 1 FROM calibration_calls AS c JOIN calibration_raters AS p ON p.round = c.round
    WHERE c.round = NEW.round AND c.content_sha256 = NEW.content_sha256 AND p.rater = NEW.rater
) OR EXISTS (
    SELECT 1 FROM calibration_calls AS c, json_each(c.asked) AS q
    WHERE c.round = NEW.round AND c.content_sha256 = NEW.content_sha256
    AND NOT EXISTS (
        SELECT 1 FROM calibration_answers AS a WHERE a.round = c.round
        AND a.content_sha256 = c.content_sha256 AND a.rater = NEW.rater AND a.subject = q.key
    )
)
BEGIN
    SELECT RAISE(ABORT, 'every control point and item of the call is answered before it is submitted');
END;

CREATE TRIGGER calibration_all_in AFTER INSERT ON calibration_submissions
WHEN (SELECT count(*) FROM calibration_submissions WHERE round = NEW.round)
    = (SELECT count(*) FROM calibration_calls WHERE round = NEW.round)
    * (SELECT count(*) FROM calibration_raters WHERE round = NEW.round)
BEGIN
    INSERT INTO calibration_ends (round, at, who) VALUES (NEW.round, NEW.at, NULL);
END;

CREATE TRIGGER calibration_outcomes_same BEFORE INSERT ON calibration_outcomes
WHEN NEW.previous IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM calibration_outcomes AS o WHERE o.id = NEW.previous AND o.round = NEW.round
    AND o.content_sha256 = NEW.content_sha256 AND o.subject = NEW.subject
)
BEGIN
    SELECT RAISE(ABORT, 'the note before is one about the same');
END;

CREATE TRIGGER calibration_outcomes_closed BEFORE INSERT ON calibration_outcomes
WHEN NOT EXISTS (SELECT 1 FROM calibration_ends WHERE round = NEW.round)
    OR NOT EXISTS (
        SELECT 1 FROM calibration_calls AS c, json_each(c.asked) AS q
        WHERE c.round = NEW.round AND c.content_sha256 = NEW.content_sha256
        AND q.key = NEW.subject
    )
BEGIN
    SELECT RAISE(ABORT, 'what was agreed is written down of what was asked, when the round is closed');
END;

CREATE TRIGGER calibration_rounds_no_update BEFORE UPDATE ON calibration_rounds
BEGIN
    SELECT RAISE(ABORT, 'calibration is append-only');
END;

CREATE TRIGGER calibration_rounds_no_delete BEFORE DELETE ON calibration_rounds
BEGIN
    SELECT RAISE(ABORT, 'calibration is append-only');
END;

CREATE TRIGGER calibration_raters_no_update BEFORE UPDATE ON calibration_raters
BEGIN
    SELECT RAISE(ABORT, 'calibration is append-only');
END;

CREATE TRIGGER calibration_raters_no_delete BEFORE DELETE ON calibration_raters
BEGIN
    SELECT RAISE(ABORT, 'calibration is append-only');
END;

CREATE TRIGGER calibration_calls_no_update BEFORE UPDATE ON calibration_calls
BEGIN
    SELECT RAISE(ABORT, 'calibration is append-only');
END;

CREATE TRIGGER calibration_calls_no_delete BEFORE DELETE ON calibration_calls
BEGIN
    SELECT RAISE(ABORT, 'calibration is append-only');
END;

CREATE TRIGGER calibration_answers_no_update BEFORE UPDATE ON calibration_answers
BEGIN
    SELECT RAISE(ABORT, 'calibration is append-only');
END;

CREATE TRIGGER calibration_answers_no_delete BEFORE DELETE ON calibration_answers
BEGIN
    SELECT RAISE(ABORT, 'calibration is append-only');
END;

CREATE TRIGGER calibration_submissions_no_update BEFORE UPDATE ON calibration_submissions
BEGIN
    SELECT RAISE(ABORT, 'calibration is append-only');
END;

CREATE TRIGGER calibration_submissions_no_delete BEFORE DELETE ON calibration_submissions
BEGIN
    SELECT RAISE(ABORT, 'calibration is append-only');
END;

CREATE TRIGGER calibration_ends_no_update BEFORE UPDATE ON calibration_ends
BEGIN
    SELECT RAISE(ABORT, 'calibration is append-only');
END;

CREATE TRIGGER calibration_ends_no_delete BEFORE DELETE ON calibration_ends
BEGIN
    SELECT RAISE(ABORT, 'calibration is append-only');
END;

CREATE TRIGGER calibration_outcomes_no_update BEFORE UPDATE ON calibration_outcomes
BEGIN
    SELECT RAISE(ABORT, 'calibration is append-only');
END;

CREATE TRIGGER calibration_outcomes_no_delete BEFORE DELETE ON calibration_outcomes
BEGIN
    SELECT RAISE(ABORT, 'calibration is append-only');
END;
