-- Of every week (from Monday) the calls as they count. `complaints`: the customer threatened to complain
-- (the rule complaint_alert); null where no call of the week was checked for it. `flagged`: a model reads a
-- complaint, or a person said so, in `read` calls that either looked at.
, warned AS (
    SELECT f.call_id, bool_or(coalesce(x.verdict, f.verdict) = 'fail') AS complaint
    FROM findings AS f
    JOIN chosen AS c ON c.call_id = f.call_id
    LEFT JOIN corrected_findings AS x ON x.call_id = f.call_id AND x.rule = f.rule
    WHERE f.rule = 'complaint_alert' AND f.verdict <> 'not_applicable'
    GROUP BY f.call_id
)

SELECT
    date_trunc('week', c.started_at::DATE)::DATE AS begins,
    count(*) AS calls,
    count(*) FILTER (WHERE coalesce(x.score, c.score) >= $pass_score
        AND NOT coalesce(x.vetoed, c.vetoed)) AS passed,
    count(*) FILTER (WHERE coalesce(x.vetoed, c.vetoed)) AS vetoed,
    count(*) FILTER (WHERE h.heard) AS heard,
    count(DISTINCT c.agent_id) AS agents,
    sum(coalesce(x.score, c.score)) AS total,
    sum(coalesce(x.score, c.score) ^ 2) AS squares,
    count(w.call_id) AS watched,
    count(*) FILTER (WHERE w.complaint) AS complaints,
    count(l.call_id) AS read,
    count(*) FILTER (WHERE list_contains(l.flags, 'complaint')) AS flagged
FROM chosen AS c
LEFT JOIN corrected AS x ON x.call_id = c.call_id
LEFT JOIN counted AS h ON h.call_id = c.call_id
LEFT JOIN warned AS w ON w.call_id = c.call_id
LEFT JOIN learned_now AS l ON l.call_id = c.call_id
WHERE c.started_at IS NOT NULL
GROUP BY begins
ORDER BY begins
