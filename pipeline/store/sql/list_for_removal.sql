-- What decides how long a call is kept, of calls before a moment (null: all).
SELECT content_sha256, call_id, business_line, channel, agent_id, customer_id,
    coalesce(started_at, processed_at) AS held_at, started_at IS NOT NULL AS dated
FROM calls
WHERE $before IS NULL OR coalesce(started_at, processed_at) < $before
ORDER BY held_at, call_id
