-- Appeals against findings: filed, an opinion of the leader, decided by somebody else. Append-only.

CREATE TABLE appeals (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,                       -- UTC, ISO 8601
    who TEXT NOT NULL,                      -- who filed it
    call_id TEXT NOT NULL,
    content_sha256 TEXT NOT NULL,
    rule TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (trim(reason) <> ''),
    pack_version TEXT NOT NULL
) STRICT;

-- One appeal for one finding: its decision is final.
CREATE UNIQUE INDEX appeals_subject ON appeals (content_sha256, rule);

CREATE TABLE appeal_steps (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    appeal INTEGER NOT NULL REFERENCES appeals (id),
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    step TEXT NOT NULL CHECK (step IN ('support', 'oppose', 'uphold', 'dismiss', 'withdraw')),
    comment TEXT NOT NULL
) STRICT;

-- One opinion and one end of each appeal.
CREATE UNIQUE INDEX appeal_opinion ON appeal_steps (appeal) WHERE step IN ('support', 'oppose');
CREATE UNIQUE INDEX appeal_end ON appeal_steps (appeal) WHERE step IN ('uphold', 'dismiss', 'withdraw');

-- Segregation of duties: who filed it, gave the opinion, or decided anything of this call before does
-- not decide.
CREATE TRIGGER appeal_steps_other_person BEFORE INSERT ON appeal_steps
WHEN NEW.step IN ('uphold', 'dismiss') AND (
    NEW.who IN (SELECT who FROM appeals WHERE id = NEW.appeal)
    OR NEW.who IN (SELECT who FROM appeal_steps WHERE appeal = NEW.appeal)
    OR NEW.who IN (
        SELECT r.reviewer FROM reviews AS r
        JOIN appeals AS a ON a.content_sha256 = r.content_sha256 AND a.id = NEW.appeal
        WHERE r.decision <> 'comment'
    )
)
BEGIN
    SELECT RAISE(ABORT, 'who decided of this call, filed the appeal or gave an opinion does not decide it');
END;

CREATE TRIGGER appeal_steps_not_own BEFORE INSERT ON appeal_steps
WHEN NEW.step IN ('support', 'oppose') AND NEW.who IN (SELECT who FROM appeals WHERE id = NEW.appeal)
BEGIN
    SELECT RAISE(ABORT, 'nobody gives an opinion on their own appeal');
END;

-- What was decided on appeal stays; the decision itself is written as a review at the same moment.
CREATE TRIGGER reviews_after_appeal BEFORE INSERT ON reviews
WHEN NEW.decision <> 'comment' AND EXISTS (
    SELECT 1 FROM appeals AS a JOIN appeal_steps AS s ON s.appeal = a.id
    WHERE a.content_sha256 = NEW.content_sha256 AND a.rule = NEW.rule AND s.step IN ('uphold', 'dismiss')
    AND NOT (s.who = NEW.reviewer AND s.at = NEW.at)
)
BEGIN
    SELECT RAISE(ABORT, 'this finding was decided on appeal, which is final');
END;

CREATE TRIGGER appeals_no_update BEFORE UPDATE ON appeals
BEGIN
    SELECT RAISE(ABORT, 'appeals are append-only');
END;

CREATE TRIGGER appeals_no_delete BEFORE DELETE ON appeals
BEGIN
    SELECT RAISE(ABORT, 'appeals are append-only');
END;

CREATE TRIGGER appeal_steps_no_update BEFORE UPDATE ON appeal_steps
BEGIN
    SELECT RAISE(ABORT, 'appeals are append-only');
END;

CREATE TRIGGER appeal_steps_no_delete BEFORE DELETE ON appeal_steps
BEGIN
    SELECT RAISE(ABORT, 'appeals are append-only');
END;
