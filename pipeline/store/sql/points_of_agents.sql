-- Of every agent and control point: calls to which it applies, calls in which it was lost, points;
-- `own`: rules check it itself, not only what is below it.
SELECT
    c.agent_id,
    c.pack,
    p.number,
    max(p.title) AS title,
    bool_or(p.key_point) AS key_point,
    bool_or(len(p.rules) > 0) AS own,
    count(*) FILTER (WHERE coalesce(x.worst, p.worst) <> 'not_applicable') AS calls,
    count(*) FILTER (WHERE coalesce(x.worst, p.worst) = 'fail') AS fails,
    sum(coalesce(x.points, p.points)) AS points
FROM counted AS c
JOIN control_points AS p ON p.call_id = c.call_id
LEFT JOIN corrected_points AS x ON x.call_id = p.call_id AND x.number = p.number
GROUP BY c.agent_id, c.pack, p.number
ORDER BY c.agent_id, c.pack, p.number
