-- What is known of drawn calls now. `heard`: somebody said that its review is done, or decided on a
-- rule; `violation`: somebody added a problem or confirmed one.
WITH said AS (
    SELECT
        content_sha256,
        bool_or(rule IS NULL AND decision <> 'add') AS finished,
        count(*) FILTER (WHERE rule IS NOT NULL) AS decided,
        bool_or(rule IS NOT NULL AND decision IN ('add', 'confirm')) AS violation,
        arg_max(reviewer, id) AS reviewer
    FROM review_states
    GROUP BY content_sha256
)

SELECT
    s.content_sha256,
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
    c.fails,
    c.unsure,
    coalesce(r.finished OR (c.fails + c.unsure > 0 AND r.decided >= c.fails + c.unsure), false) AS heard,
    coalesce(r.violation, false) AS violation,
    r.reviewer
FROM sampled AS s
JOIN calls AS c ON c.content_sha256 = s.content_sha256
LEFT JOIN said AS r ON r.content_sha256 = s.content_sha256
