-- Per local day of finished runs: recordings that came through, and that failed.
SELECT
    started_at::DATE AS day,
    sum((summary ->> '$.processed')::BIGINT) AS processed,
    sum((summary ->> '$.failed')::BIGINT) AS failed
FROM runs
WHERE ended_at IS NOT NULL AND started_at >= $since
GROUP BY ALL
ORDER BY day
