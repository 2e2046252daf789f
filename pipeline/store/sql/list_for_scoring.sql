-- Calls to be scored again, oldest first. `incoming` holds contents that were chosen.
SELECT c.call_id, c.business_line, c.started_at, c.pack_hash
FROM calls AS c
WHERE ($since IS NULL OR c.started_at >= $since)
    AND (NOT $chosen OR c.content_sha256 IN (SELECT content_sha256 FROM incoming))
    AND ($pack IS NULL OR c.pack = $pack)
ORDER BY c.started_at NULLS FIRST, c.call_id
