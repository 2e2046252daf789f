-- Local days of the session's time zone; calls without a start time are in `undated` of the totals.
SELECT
    started_at::DATE AS day,
    count(*) AS calls,
    coalesce(sum(duration), 0) / 3600 AS hours,
    avg(score) AS mean_score,
    avg((score >= $pass_score AND NOT vetoed)::INTEGER) AS pass_rate,
    count(*) FILTER (WHERE vetoed) AS vetoed,
    sum(fails)::BIGINT AS fails,
    sum(fails_critical)::BIGINT AS fails_critical
FROM chosen
WHERE started_at IS NOT NULL
GROUP BY day
ORDER BY day
