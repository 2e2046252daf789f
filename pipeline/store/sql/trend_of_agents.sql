-- Of every agent and week (from Monday) or month.
SELECT
    agent_id,
    date_trunc($grain, started_at::DATE)::DATE AS begins,
    count(*) AS calls,
    count(*) FILTER (WHERE heard) AS heard,
    count(*) FILTER (WHERE vetoed) AS vetoed,
    sum(score) AS total,
    coalesce(sum(score) FILTER (WHERE heard), 0) AS heard_total,
    sum(score * score) AS squares
FROM counted
WHERE started_at IS NOT NULL
GROUP BY agent_id, begins
ORDER BY begins, agent_id
