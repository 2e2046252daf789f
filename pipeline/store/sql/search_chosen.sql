SELECT
    c.call_id,
    epoch_us(c.processed_at) AS processed,
    coalesce(strftime(c.started_at, '%Y%m%d'), 'none') AS day
FROM chosen AS c
LIMIT $limit
