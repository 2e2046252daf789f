-- Of every rule: hits, what people decided of them, what they added, and two spans of days to compare.
SELECT
    f.rule,
    arg_max(f.title, c.processed_at) AS title,
    arg_max(f.title_en, c.processed_at) AS title_en,
    arg_max(f.severity, c.processed_at) AS severity,
    count(*) FILTER (WHERE f.verdict <> 'not_applicable') AS calls,
    count(*) FILTER (WHERE f.verdict = 'fail') AS fails,
    count(*) FILTER (WHERE f.verdict = 'unsure') AS unsure,
    count(*) FILTER (WHERE f.verdict = 'fail' AND d.decision = 'confirm') AS confirmed,
    count(*) FILTER (WHERE f.verdict = 'fail' AND d.decision IN ('reject', 'not_applicable')) AS rejected,
    count(*) FILTER (WHERE d.decision = 'add') AS added,
    count(*) FILTER (WHERE f.verdict <> 'not_applicable' AND c.started_at >= $middle) AS calls_now,
    count(*) FILTER (WHERE f.verdict = 'fail' AND c.started_at >= $middle) AS fails_now,
    count(*) FILTER (WHERE f.verdict <> 'not_applicable' AND c.started_at >= $begin AND c.started_at < $middle)
        AS calls_before,
    count(*) FILTER (WHERE f.verdict = 'fail' AND c.started_at >= $begin AND c.started_at < $middle)
        AS fails_before
FROM findings AS f
JOIN chosen AS c ON c.call_id = f.call_id
LEFT JOIN review_states AS d ON d.content_sha256 = c.content_sha256 AND d.rule = f.rule
GROUP BY f.rule
ORDER BY count(*) FILTER (WHERE f.verdict = 'fail') DESC, f.rule
