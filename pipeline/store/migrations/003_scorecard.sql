-- Scorecards with places, sections and the packs that explain them.

-- At how many separate places a rule was broken.
ALTER TABLE findings ADD COLUMN places INTEGER DEFAULT 1;

-- Of a section: its weight, and its own score (null: left out, or no section).
ALTER TABLE control_points ADD COLUMN weight DOUBLE;
ALTER TABLE control_points ADD COLUMN score DOUBLE;

CREATE TABLE packs (                        -- every pack that a call was scored with, once per hash
    pack_hash VARCHAR NOT NULL,             -- SHA-256 of the text in `content`
    pack VARCHAR NOT NULL,
    version VARCHAR NOT NULL,
    effective_from DATE,                    -- null: open
    effective_to DATE,
    content JSON NOT NULL,                  -- rules without their examples, control points, grades …
    first_used TIMESTAMPTZ NOT NULL
);
