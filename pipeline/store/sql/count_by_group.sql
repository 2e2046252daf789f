SELECT
    {key} AS key,
    max({label}) AS label,
    count(*) AS calls,
    coalesce(sum(duration), 0) / 3600 AS hours,
    avg(score) AS mean_score,
    avg((score >= $pass_score AND NOT vetoed)::INTEGER) AS pass_rate,
    count(*) FILTER (WHERE vetoed) AS vetoed,
    sum(fails)::BIGINT AS fails,
    sum(fails_critical)::BIGINT AS fails_critical,
    sum(unsure)::BIGINT AS unsure
FROM chosen
GROUP BY {key}
ORDER BY calls DESC, key
