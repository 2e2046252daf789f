-- What is known of drawn calls now; after chosen_calls and heard_calls.
SELECT
    s.content_sha256,
    c.call_id,
    c.started_at,
    c.channel,
    c.agent_id,
    c.agent_name,
    c.business_line,
    c.duration,
    c.score,
    c.fails,
    coalesce(r.state = 'reviewed' AND (t.finished OR c.fails + c.unsure > 0), false) AS heard,
    coalesce(t.violation, false) AS violation
FROM sampled AS s
JOIN chosen AS c ON c.content_sha256 = s.content_sha256
LEFT JOIN reviewed AS r ON r.call_id = c.call_id
LEFT JOIN said AS t ON t.content_sha256 = s.content_sha256
