-- Per local day and rule: calls it applies to, hits, and those left to a person.
SELECT
    c.started_at::DATE AS day,
    f.rule,
    any_value(f.title) AS title,
    any_value(f.title_en) AS title_en,
    count(*) AS calls,
    count(*) FILTER (WHERE f.verdict = 'fail') AS fails,
    count(*) FILTER (WHERE f.verdict = 'unsure') AS unsure
FROM findings AS f
JOIN calls AS c ON c.call_id = f.call_id
WHERE c.started_at >= $since AND c.started_at < $until AND f.verdict <> 'not_applicable'
GROUP BY ALL
ORDER BY f.rule, day
