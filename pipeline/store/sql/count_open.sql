-- Flagged calls whose review is not done, by who has them.
SELECT
    a.holder,
    count(*) AS calls,
    count(*) FILTER (WHERE r.state = 'partly') AS begun,
    count(*) FILTER (WHERE c.vetoed) AS vetoed,
    min(c.started_at)::DATE AS oldest
FROM chosen AS c
LEFT JOIN reviewed AS r ON r.call_id = c.call_id
LEFT JOIN assigned AS a ON a.content_sha256 = c.content_sha256
WHERE c.fails + c.unsure > 0 AND r.state IS DISTINCT FROM 'reviewed'
GROUP BY a.holder
ORDER BY calls DESC, a.holder
