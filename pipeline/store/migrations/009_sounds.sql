-- What the line itself sounded like, and how long callers were left with music.

CREATE TABLE sounds (
    call_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,                  -- ringback, busy, keypad, music or prompt
    "start" DOUBLE NOT NULL,
    "end" DOUBLE NOT NULL,
    channel INTEGER NOT NULL,
    confidence DOUBLE NOT NULL,
    detail VARCHAR NOT NULL                 -- keypad: how many keys, never which
);
ALTER TABLE metrics ADD COLUMN hold_seconds DOUBLE;
