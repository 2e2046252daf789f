-- Where something is missing is evidence too: `sought` says that nothing was found there. Null: of an
-- older finding, whose evidence was all found. (No USING: DuckDB cannot replay functions from its log.)

ALTER TABLE findings ALTER COLUMN evidence
    SET DATA TYPE STRUCT(segment INTEGER, "start" DOUBLE, "end" DOUBLE, quote VARCHAR, sought BOOLEAN)[];
ALTER TABLE old_findings ALTER COLUMN evidence
    SET DATA TYPE STRUCT(segment INTEGER, "start" DOUBLE, "end" DOUBLE, quote VARCHAR, sought BOOLEAN)[];
