-- Of every pack and rule the calls that broke it, from `$middle` on and before it, as they count.
SELECT
    j.pack,
    j.rule,
    arg_max(j.title, j.started_at) AS title,
    arg_max(j.title_en, j.started_at) AS title_en,
    count(DISTINCT j.call_id) FILTER (WHERE j.started_at >= $middle) AS fails,
    count(DISTINCT j.call_id) FILTER (WHERE j.started_at < $middle) AS fails_before,
    coalesce(sum(j.points) FILTER (WHERE j.started_at >= $middle), 0) AS points
FROM judged AS j
WHERE j.verdict = 'fail'
GROUP BY j.pack, j.rule
ORDER BY fails DESC, j.pack, j.rule
