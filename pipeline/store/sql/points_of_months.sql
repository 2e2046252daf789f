-- Of every control point as numbered, from `$middle` on and before it: calls to which it applies, in
-- which it was lost, points; `own`: rules check it itself.
SELECT
    c.pack,
    p.number,
    arg_max(p.title, c.started_at) AS title,
    bool_or(p.key_point) AS key_point,
    bool_or(len(p.rules) > 0) AS own,
    count(*) FILTER (WHERE coalesce(x.worst, p.worst) <> 'not_applicable' AND c.started_at >= $middle) AS calls,
    count(*) FILTER (WHERE coalesce(x.worst, p.worst) = 'fail' AND c.started_at >= $middle) AS fails,
    count(*) FILTER (WHERE coalesce(x.worst, p.worst) <> 'not_applicable' AND c.started_at < $middle)
        AS calls_before,
    count(*) FILTER (WHERE coalesce(x.worst, p.worst) = 'fail' AND c.started_at < $middle) AS fails_before,
    coalesce(sum(coalesce(x.points, p.points)) FILTER (WHERE c.started_at >= $middle), 0) AS points
FROM counted AS c
JOIN control_points AS p ON p.call_id = c.call_id
LEFT JOIN corrected_points AS x ON x.call_id = p.call_id AND x.number = p.number
GROUP BY c.pack, p.number
ORDER BY c.pack, p.number
