-- The weeks (from Monday) that hold calls, latest first.
SELECT date_trunc('week', started_at::DATE)::DATE AS begins, count(*) AS calls
FROM chosen
WHERE started_at IS NOT NULL
GROUP BY begins
ORDER BY begins DESC
