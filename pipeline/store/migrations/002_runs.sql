-- What happened, and what need not happen again.

CREATE TABLE runs (
    run_id VARCHAR NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,                   -- null: still running, or killed
    input VARCHAR NOT NULL,
    summary JSON,
    exit_code INTEGER,
    versions JSON NOT NULL
);

CREATE TABLE failures (                     -- one row per file that failed and has not succeeded since
    file VARCHAR NOT NULL,
    stage VARCHAR NOT NULL,
    error VARCHAR NOT NULL,
    message VARCHAR NOT NULL,
    content_sha256 VARCHAR,
    run_id VARCHAR,
    "at" TIMESTAMPTZ NOT NULL,
    attempts INTEGER NOT NULL
);

CREATE TABLE files (                        -- hash cache: same path, size and mtime = same content
    path VARCHAR NOT NULL,
    size BIGINT NOT NULL,
    mtime_ns BIGINT NOT NULL,
    sha256 VARCHAR NOT NULL
);

CREATE TABLE batches (                      -- ledger of the loader's transactions
    batch_id VARCHAR NOT NULL,
    run_id VARCHAR,
    calls INTEGER NOT NULL,
    replaced INTEGER NOT NULL,
    loaded_at TIMESTAMPTZ NOT NULL
);
