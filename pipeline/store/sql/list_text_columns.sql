-- Every column that may hold text, but for the hashes that are meant to stay.
SELECT table_name, column_name
FROM duckdb_columns()
WHERE NOT internal
    AND regexp_matches(data_type, 'VARCHAR|JSON')
    AND NOT (table_name = 'removals' AND column_name = 'content_sha256')
ORDER BY ALL
