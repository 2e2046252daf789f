-- Of every agent the control point that was lost in most calls, with its name in one of these calls.
, lost AS (
    SELECT agent_id, pack, control_point, count(DISTINCT call_id) AS calls, min(call_id) AS one
    FROM judged
    WHERE verdict = 'fail'
    GROUP BY agent_id, pack, control_point
    QUALIFY row_number() OVER (PARTITION BY agent_id ORDER BY calls DESC, pack, control_point) = 1
)

SELECT l.agent_id, l.pack, l.control_point AS number, p.title, l.calls
FROM lost AS l
LEFT JOIN control_points AS p ON p.call_id = l.one AND p.number = l.control_point
ORDER BY l.agent_id
