-- Of every team, business line and local day.
SELECT
    coalesce(team, '') AS team,
    business_line,
    started_at::DATE AS day,
    count(*) AS calls,
    count(*) FILTER (WHERE heard) AS heard,
    count(*) FILTER (WHERE vetoed) AS vetoed,
    count(*) FILTER (WHERE score >= $pass_score AND NOT vetoed) AS passed,
    sum(score) AS total,
    sum(score * score) AS squares
FROM counted
WHERE started_at IS NOT NULL
GROUP BY ALL
ORDER BY ALL
