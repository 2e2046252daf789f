SELECT content_sha256, call_id, agent_id, business_line, started_at, duration, score,
    fails + unsure > 0 AS flagged
FROM calls
WHERE started_at >= $since AND started_at < $until
ORDER BY content_sha256
