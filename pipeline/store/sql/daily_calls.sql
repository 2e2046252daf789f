-- Calls per local day, business line, team and agent.
SELECT
    started_at::DATE AS day,
    business_line,
    team,
    agent_id,
    count(*) AS calls
FROM calls
WHERE started_at >= $since AND started_at < $until
GROUP BY ALL
ORDER BY day
