-- Of every agent and business line, in the days from `$middle` on (`now`) and before it.
SELECT
    agent_id,
    arg_max(agent_name, started_at) AS agent_name,
    arg_max(team, started_at) AS team,
    business_line,
    started_at >= $middle AS now,
    count(*) AS calls,
    count(*) FILTER (WHERE heard) AS heard,
    count(*) FILTER (WHERE vetoed) AS vetoed,
    count(*) FILTER (WHERE score >= $pass_score AND NOT vetoed) AS passed,
    sum(score) AS total,
    coalesce(sum(score) FILTER (WHERE heard), 0) AS heard_total,
    sum(score * score) AS squares
FROM counted
WHERE started_at IS NOT NULL
GROUP BY agent_id, business_line, now
ORDER BY agent_id, business_line, now
