-- Everything that is said on one day, oldest call first; inside a call the last segment first, so that
-- going backwards through the rows is newest call first, and its words in order.
SELECT
    c.call_id,
    c.content_sha256,
    epoch_us(c.processed_at) AS processed,
    s.segment,
    s.role,
    s."start",
    s.text
FROM calls AS c
JOIN segments AS s ON s.call_id = c.call_id
WHERE coalesce(strftime(c.started_at, '%Y%m%d'), 'none') = $day
ORDER BY c.started_at, c.call_id, s.segment DESC
