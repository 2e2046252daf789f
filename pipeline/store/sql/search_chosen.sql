-- Calls by day, of at most $limit calls that the filters leave.
, limited AS (
    SELECT c.call_id, coalesce(strftime(c.started_at, '%Y%m%d'), 'none') AS day
    FROM chosen AS c
    LIMIT $limit
)

SELECT day, list(call_id) AS calls
FROM limited
GROUP BY day
