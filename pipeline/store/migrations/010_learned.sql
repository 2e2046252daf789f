-- What models read in a call's masked text: why somebody called, and flags. One row per call; none:
-- no model has looked yet. `callqa train` makes models, docs/learning.md says what they can tell.

CREATE TABLE learned (
    call_id VARCHAR NOT NULL,
    reasons_model VARCHAR NOT NULL,         -- id and version
    reason VARCHAR,                         -- null: unsure
    likely VARCHAR,                         -- the likeliest reason however unsure; null: no text
    chance DOUBLE,                          -- of `likely`
    flags_model VARCHAR NOT NULL,
    flags VARCHAR[] NOT NULL,               -- complaint, dissatisfaction, abuse, churn: those raised
    complaint DOUBLE NOT NULL,              -- chances, whether raised or not
    dissatisfaction DOUBLE NOT NULL,
    abuse DOUBLE NOT NULL,
    churn DOUBLE NOT NULL,
    moments STRUCT(flag VARCHAR, chance DOUBLE, segment INTEGER)[] NOT NULL, -- what raised each most
    learned_at TIMESTAMPTZ NOT NULL
);
