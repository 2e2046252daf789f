-- Of every agent of these days: how many calls there are.
SELECT agent_id, any_value(agent_name) AS agent_name, any_value(team) AS team, count(*) AS calls
FROM calls
WHERE started_at >= $since AND started_at < $until AND agent_id IS NOT NULL
GROUP BY agent_id
ORDER BY agent_id
