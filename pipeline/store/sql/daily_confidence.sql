-- How sure the recogniser was: per local day, line, engine and model the mean of its calls' means, and
-- how far calls lie apart.
SELECT
    day,
    business_line,
    engine,
    model,
    count(*) AS calls,
    avg(confidence) AS mean,
    var_samp(confidence) AS variance
FROM (
    SELECT
        c.started_at::DATE AS day,
        c.business_line,
        c.engine,
        c.model,
        avg(s.confidence) AS confidence
    FROM calls AS c
    JOIN segments AS s ON s.call_id = c.call_id AND s.confidence IS NOT NULL
    WHERE c.started_at >= $since AND c.started_at < $until AND c.engine IS NOT NULL
    GROUP BY c.call_id, c.started_at, c.business_line, c.engine, c.model
)
GROUP BY ALL
ORDER BY day
