-- Findings that cost points or are a veto, as they count, and those that somebody appealed against
-- (`appealed`), oldest call first. `quote`: of the first place, masked.
SELECT
    j.* EXCLUDE (evidence),
    j.evidence[1].segment AS segment,
    j.evidence[1]."start" AS "start",
    j.evidence[1].quote AS quote,
    d.decision,
    d.reviewer,
    a.appeal
FROM judged AS j
LEFT JOIN review_states AS d ON d.content_sha256 = j.content_sha256 AND d.rule = j.rule
LEFT JOIN appealed AS a ON a.content_sha256 = j.content_sha256 AND a.rule = j.rule
WHERE (j.verdict = 'fail' AND (j.points < 0 OR j.veto)) OR a.appeal IS NOT NULL
ORDER BY j.agent_id, j.started_at, j.call_id, j.finding
