-- How many calls each flag counts in, of how many that a model or a person has looked at.
, looked AS (
    SELECT l.call_id, l.flags
    FROM chosen AS c
    JOIN learned_now AS l ON l.call_id = c.call_id
)

SELECT f.flag, count(l.call_id) FILTER (WHERE list_contains(l.flags, f.flag)) AS calls, count(l.call_id) AS "of"
FROM (SELECT unnest(['complaint', 'dissatisfaction', 'abuse', 'churn']) AS flag) AS f
LEFT JOIN looked AS l ON true
GROUP BY f.flag
ORDER BY list_position(['complaint', 'dissatisfaction', 'abuse', 'churn'], f.flag)
