-- Findings that somebody is to be told of at once: with a veto, or under one of `complaint_rules`; of
-- calls held since then, unless a person said already that they are none.
SELECT
    c.content_sha256,
    c.team,
    c.business_line,
    f.rule,
    f.severity,
    f.rule IN (SELECT rule FROM complaint_rules) AS complaint
FROM findings AS f
JOIN calls AS c ON c.call_id = f.call_id
LEFT JOIN review_states AS d ON d.content_sha256 = c.content_sha256 AND d.rule = f.rule
WHERE
    f.verdict = 'fail'
    AND (f.veto OR f.rule IN (SELECT rule FROM complaint_rules))
    AND coalesce(c.started_at, c.processed_at) >= $since
    AND coalesce(d.decision, '') NOT IN ('reject', 'not_applicable')
ORDER BY c.started_at NULLS LAST, c.call_id, f.finding
