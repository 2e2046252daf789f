-- `priority`: what makes a call worth the next look; docs/queue.md says it in words.
-- `judged`: how often people confirmed what a rule found; the chance is pipeline/store/chances.py's.
, judged AS (
    SELECT
        rule,
        count(*) FILTER (WHERE decision = 'confirm') AS confirmed,
        count(*) AS decided
    FROM review_states
    WHERE rule IS NOT NULL AND decision IN ('confirm', 'reject', 'not_applicable')
    GROUP BY rule
),

urgent AS (
    SELECT
        c.call_id,
        max(
            CASE WHEN f.veto THEN 100 WHEN f.severity = 'critical' THEN 60 WHEN f.severity = 'major' THEN 30 ELSE 10 END
            * {chance}
        ) AS worth
    FROM chosen AS c
    JOIN findings AS f ON f.call_id = c.call_id AND f.verdict IN ('fail', 'unsure')
    {chance_join}
    LEFT JOIN review_states AS d ON d.content_sha256 = c.content_sha256 AND d.rule = f.rule
    LEFT JOIN reviewed AS r ON r.call_id = c.call_id
    WHERE d.rule IS NULL AND r.state IS DISTINCT FROM 'reviewed'
    GROUP BY c.call_id
)

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
    coalesce(r.state, 'open') AS review_state,
    a.holder,
    a.holder_since,
    u.worth + least(2 * greatest(date_diff('day', c.processed_at, now()), 0), 30) AS priority
FROM chosen AS c
LEFT JOIN reviewed AS r ON r.call_id = c.call_id
LEFT JOIN urgent AS u ON u.call_id = c.call_id
LEFT JOIN assigned AS a ON a.content_sha256 = c.content_sha256
ORDER BY {order}, c.call_id
LIMIT $limit OFFSET $offset
