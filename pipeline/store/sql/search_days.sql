-- Days with calls, and a mark of each that changes when a text of the day does. Scores
-- do not count: `processed_at` stays when a call is scored again. Calls without a time: day `none`.
SELECT
    coalesce(strftime(started_at, '%Y%m%d'), 'none') AS day,
    count(*) AS calls,
    format('{:016x}', bit_xor(md5_number_lower(concat_ws('|', call_id, content_sha256, epoch_us(processed_at), epoch_us(started_at))))) AS mark
FROM calls
GROUP BY ALL
ORDER BY day DESC
