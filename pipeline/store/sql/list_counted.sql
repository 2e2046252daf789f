-- Calls as they count, latest first. `$show`: all, heard, vetoed or lost (something cost points).
SELECT *, count(*) OVER () AS found
FROM counted AS c
WHERE CASE $show
    WHEN 'heard' THEN heard
    WHEN 'vetoed' THEN vetoed
    WHEN 'lost' THEN c.call_id IN (
        SELECT call_id FROM judged WHERE verdict = 'fail' AND points < 0
        UNION ALL
        SELECT call_id FROM chosen_levels
    )
    ELSE true
END
AND ($point IS NULL OR c.call_id IN (
    SELECT call_id FROM judged
    WHERE verdict = 'fail' AND pack = $pack AND starts_with(control_point || '.', $point || '.')
))
ORDER BY started_at DESC NULLS LAST, call_id
LIMIT $limit
