-- Results that were replaced, so that an old score stays explainable; and when a call was compared
-- with other calls of its customer (null: not yet).

ALTER TABLE calls ADD COLUMN scored_at TIMESTAMPTZ;
ALTER TABLE calls ADD COLUMN compared_at TIMESTAMPTZ;
UPDATE calls SET scored_at = processed_at;

CREATE TABLE old_scores (
    call_id VARCHAR NOT NULL,
    content_sha256 VARCHAR NOT NULL,
    pack VARCHAR NOT NULL,
    pack_version VARCHAR NOT NULL,
    pack_hash VARCHAR NOT NULL,
    engine VARCHAR,
    model VARCHAR,
    revision VARCHAR,
    code_version VARCHAR NOT NULL,
    score DOUBLE NOT NULL,
    grade VARCHAR NOT NULL,
    vetoed BOOLEAN NOT NULL,
    fails INTEGER NOT NULL,
    unsure INTEGER NOT NULL,
    scored_at TIMESTAMPTZ,
    replaced_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE old_findings (                 -- of old_scores: same content, pack and replaced_at
    content_sha256 VARCHAR NOT NULL,
    pack_hash VARCHAR NOT NULL,
    replaced_at TIMESTAMPTZ NOT NULL,
    rule VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    control_point VARCHAR NOT NULL,
    verdict VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    points DOUBLE NOT NULL,
    why VARCHAR NOT NULL,
    confidence DOUBLE NOT NULL,
    evidence STRUCT(segment INTEGER, "start" DOUBLE, "end" DOUBLE, quote VARCHAR)[] NOT NULL
);
