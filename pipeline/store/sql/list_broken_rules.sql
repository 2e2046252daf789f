-- Rules that calls failed as they count: in how many, what it cost in all, under which pack (the one of
-- most calls), at which control point; `example` is one such call.
, broken AS (
    SELECT
        j.rule,
        c.pack_hash,
        j.control_point,
        j.severity,
        count(DISTINCT j.call_id) AS calls,
        sum(j.points) AS points,
        bool_or(j.veto) AS veto,
        min(j.call_id) AS example
    FROM judged AS j
    JOIN counted AS c ON c.call_id = j.call_id
    WHERE j.verdict = 'fail'
    GROUP BY j.rule, c.pack_hash, j.control_point, j.severity
)

SELECT
    b.rule,
    arg_max(b.pack_hash, b.calls) AS pack_hash,
    arg_max(b.control_point, b.calls) AS control_point,
    arg_max(b.severity, b.calls) AS severity,
    sum(b.calls)::BIGINT AS calls,
    sum(b.points) AS points,
    bool_or(b.veto) AS veto,
    arg_max(p.title, b.calls) AS point_title,
    arg_max(f.reference, b.calls) AS reference
FROM broken AS b
LEFT JOIN control_points AS p ON p.call_id = b.example AND p.number = b.control_point
LEFT JOIN findings AS f ON f.call_id = b.example AND f.rule = b.rule
GROUP BY b.rule
ORDER BY b.rule
