-- `rate`: failed of those calls to which the point applies.
SELECT
    c.pack,
    p.number,
    p.title,
    bool_or(p.key_point) AS key_point,
    count(*) FILTER (WHERE p.worst <> 'not_applicable') AS calls,
    count(*) FILTER (WHERE p.worst = 'fail') AS fails,
    count(*) FILTER (WHERE p.worst = 'unsure') AS unsure,
    avg((p.worst = 'fail')::INTEGER) FILTER (WHERE p.worst <> 'not_applicable') AS rate,
    sum(p.points) AS points
FROM control_points AS p
JOIN chosen AS c ON c.call_id = p.call_id
GROUP BY c.pack, p.number, p.title
ORDER BY count(*) FILTER (WHERE p.worst = 'fail') DESC, rate DESC NULLS LAST, c.pack, p.number
LIMIT $limit
