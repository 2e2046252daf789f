-- What decides how long a call is kept.
SELECT content_sha256, call_id, business_line, channel, agent_id, customer_id,
    coalesce(started_at, processed_at) AS held_at, started_at IS NOT NULL AS dated
FROM calls
ORDER BY held_at, call_id
