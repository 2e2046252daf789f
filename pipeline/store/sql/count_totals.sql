SELECT
    count(*) AS calls,
    coalesce(sum(duration), 0) / 3600 AS hours,
    avg(score) AS mean_score,
    avg((score >= $pass_score AND NOT vetoed)::INTEGER) AS pass_rate,
    avg((fails = 0)::INTEGER) AS clean_rate,
    count(*) FILTER (WHERE vetoed) AS vetoed,
    count(*) FILTER (WHERE fails > 0) AS with_fails,
    count(*) FILTER (WHERE unsure > 0) AS with_unsure,
    coalesce(sum(fails_critical), 0)::BIGINT AS fails_critical,
    coalesce(sum(fails_major), 0)::BIGINT AS fails_major,
    coalesce(sum(fails_minor), 0)::BIGINT AS fails_minor,
    count(*) FILTER (WHERE started_at IS NULL) AS undated
FROM chosen
