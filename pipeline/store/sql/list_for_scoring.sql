-- Ids of calls to be scored again, oldest first. `incoming` holds contents, or is empty: all.
SELECT c.call_id
FROM calls AS c
WHERE ($since IS NULL OR c.started_at >= $since)
    AND (NOT $chosen OR c.content_sha256 IN (SELECT content_sha256 FROM incoming))
ORDER BY c.started_at NULLS FIRST, c.call_id
