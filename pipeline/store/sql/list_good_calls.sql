-- Calls that a person listened to and in which nothing failed, by a rule of `$rules` that they passed:
-- of every rule those with the best score. `quote`: what they passed it by, masked.
SELECT
    f.rule,
    c.call_id,
    c.content_sha256,
    c.agent_id,
    c.agent_name,
    c.team,
    c.score,
    c.reviewer,
    f.title,
    f.title_en,
    f.evidence[1].segment AS segment,
    f.evidence[1]."start" AS "start",
    f.evidence[1].quote AS quote
FROM counted AS c
JOIN findings AS f ON f.call_id = c.call_id
WHERE
    c.heard
    AND list_contains($rules, f.rule)
    AND f.verdict = 'pass'
    AND NOT EXISTS (SELECT 1 FROM judged AS j WHERE j.call_id = c.call_id AND j.verdict = 'fail')
QUALIFY row_number() OVER (PARTITION BY f.rule ORDER BY c.score DESC, len(f.evidence) DESC, c.call_id) <= $most
ORDER BY f.rule, c.score DESC, c.call_id
