-- Of every pack the calls from `$middle` on and before it.
SELECT
    pack,
    count(*) FILTER (WHERE started_at >= $middle) AS calls,
    count(*) FILTER (WHERE started_at < $middle) AS calls_before
FROM counted
GROUP BY pack
