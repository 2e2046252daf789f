SELECT
    c.call_id,
    c.started_at,
    c.channel,
    c.agent_id,
    c.agent_name,
    c.team,
    c.business_line,
    c.duration,
    c.score,
    c.grade,
    c.vetoed,
    c.worst_severity,
    c.fails,
    c.fails_critical,
    c.fails_major,
    c.fails_minor,
    c.unsure,
    c.top_rule,
    c.top_title,
    c.top_title_en,
    c.content_sha256,
    coalesce(r.state, 'open') AS review_state
FROM chosen AS c
LEFT JOIN reviewed AS r ON r.call_id = c.call_id
ORDER BY {order}, c.call_id
LIMIT $limit OFFSET $offset
