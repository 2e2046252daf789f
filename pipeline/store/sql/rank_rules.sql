-- `rate`: failed of those calls to which the rule applies.
SELECT
    f.rule,
    arg_max(f.title, c.processed_at) AS title,
    arg_max(f.title_en, c.processed_at) AS title_en,
    arg_max(f.severity, c.processed_at) AS severity,
    arg_max(f.checks, c.processed_at) AS checks,
    count(*) FILTER (WHERE f.verdict <> 'not_applicable') AS calls,
    count(*) FILTER (WHERE f.verdict = 'fail') AS fails,
    count(*) FILTER (WHERE f.verdict = 'unsure') AS unsure,
    avg((f.verdict = 'fail')::INTEGER) FILTER (WHERE f.verdict <> 'not_applicable') AS rate,
    sum(f.points) AS points
FROM findings AS f
JOIN chosen AS c ON c.call_id = f.call_id
GROUP BY f.rule
ORDER BY count(*) FILTER (WHERE f.verdict = 'fail') DESC, rate DESC NULLS LAST, f.rule
LIMIT $limit
