-- Masked data only. No primary keys: there is one writer, it deletes and inserts by content hash in
-- one transaction, and DuckDB's unique indexes refuse a key that the same transaction has deleted.

CREATE TABLE calls (
    call_id VARCHAR NOT NULL,
    content_sha256 VARCHAR NOT NULL,
    channel VARCHAR NOT NULL,               -- voice or chat
    business_line VARCHAR NOT NULL,
    direction VARCHAR,
    started_at TIMESTAMPTZ,
    duration DOUBLE,                        -- seconds
    agent_id VARCHAR,
    agent_name VARCHAR,
    team VARCHAR,
    customer_id VARCHAR,
    agent_channel INTEGER,
    attributes JSON NOT NULL,
    missing VARCHAR[] NOT NULL,             -- metadata that was not given
    audio_container VARCHAR,
    audio_codec VARCHAR,
    audio_sample_rate INTEGER,
    audio_channels INTEGER,
    engine VARCHAR,                         -- engine … code_version: the provenance
    model VARCHAR,
    revision VARCHAR,
    device VARCHAR,
    settings_hash VARCHAR NOT NULL,
    code_version VARCHAR NOT NULL,
    capabilities VARCHAR[] NOT NULL,
    notes VARCHAR[] NOT NULL,
    pack VARCHAR NOT NULL,
    pack_version VARCHAR NOT NULL,
    pack_hash VARCHAR NOT NULL,
    score DOUBLE NOT NULL,                  -- 0–100
    grade VARCHAR NOT NULL,
    vetoed BOOLEAN NOT NULL,
    worst_severity VARCHAR,                 -- of the failed findings
    top_rule VARCHAR,                       -- the failed finding that weighs most
    top_title VARCHAR,
    top_title_en VARCHAR,
    fails INTEGER NOT NULL,
    fails_critical INTEGER NOT NULL,
    fails_major INTEGER NOT NULL,
    fails_minor INTEGER NOT NULL,
    unsure INTEGER NOT NULL,
    removed_count INTEGER NOT NULL,
    run_id VARCHAR,
    processed_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE segments (
    call_id VARCHAR NOT NULL,
    segment INTEGER NOT NULL,               -- index in the call, from 0
    role VARCHAR NOT NULL,
    channel INTEGER,                        -- audio channel
    "start" DOUBLE,
    "end" DOUBLE,
    text VARCHAR NOT NULL,
    confidence DOUBLE,
    words STRUCT(text VARCHAR, "start" DOUBLE, "end" DOUBLE, confidence DOUBLE)[] NOT NULL
);

CREATE TABLE findings (
    call_id VARCHAR NOT NULL,
    finding INTEGER NOT NULL,               -- index in the call, from 0
    rule VARCHAR NOT NULL,
    checks VARCHAR[] NOT NULL,
    title VARCHAR NOT NULL,
    title_en VARCHAR NOT NULL,             -- empty where the pack has none
    control_point VARCHAR NOT NULL,
    verdict VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    points DOUBLE NOT NULL,
    why VARCHAR NOT NULL,
    confidence DOUBLE NOT NULL,
    evidence STRUCT(segment INTEGER, "start" DOUBLE, "end" DOUBLE, quote VARCHAR)[] NOT NULL,
    reference VARCHAR NOT NULL,
    suggestion VARCHAR NOT NULL,
    key_point BOOLEAN NOT NULL,
    veto BOOLEAN NOT NULL
);

CREATE TABLE control_points (
    call_id VARCHAR NOT NULL,
    item INTEGER NOT NULL,                  -- line of the scorecard, from 0
    number VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    points DOUBLE NOT NULL,
    worst VARCHAR NOT NULL,
    key_point BOOLEAN NOT NULL,
    rules VARCHAR[] NOT NULL,
    why VARCHAR NOT NULL
);

CREATE TABLE private_spans (                -- positions and kinds, never the text
    call_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    segment INTEGER NOT NULL,
    start_char INTEGER NOT NULL,
    end_char INTEGER NOT NULL,
    role VARCHAR NOT NULL,
    class VARCHAR NOT NULL,
    valid BOOLEAN NOT NULL,
    "group" INTEGER,
    confidence DOUBLE NOT NULL,
    detector VARCHAR NOT NULL
);

CREATE TABLE metrics (
    call_id VARCHAR NOT NULL,
    turns INTEGER NOT NULL,
    characters INTEGER NOT NULL,
    duration DOUBLE,
    agent_rate DOUBLE,
    customer_rate DOUBLE,
    agent_share DOUBLE,
    silence_total DOUBLE,
    silence_longest DOUBLE,
    hangup_lag DOUBLE,
    silences STRUCT("start" DOUBLE, "end" DOUBLE, "after" INTEGER)[] NOT NULL,
    "overlaps" STRUCT("start" DOUBLE, "end" DOUBLE, "by" INTEGER, "over" INTEGER)[] NOT NULL
);

CREATE TABLE removed (                      -- what the recogniser invented
    call_id VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    "start" DOUBLE NOT NULL,
    "end" DOUBLE NOT NULL,
    channel INTEGER NOT NULL,
    characters INTEGER NOT NULL
);

CREATE TABLE names (                        -- every path a content was seen under
    content_sha256 VARCHAR NOT NULL,
    path VARCHAR NOT NULL,
    first_seen TIMESTAMPTZ NOT NULL
);
