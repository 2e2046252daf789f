-- Rules that calls failed, without what people rejected. `segment` and `quote`: of what was found; null
-- where something is missing.
SELECT
    f.call_id,
    f.rule,
    f.title,
    f.title_en,
    f.control_point,
    f.severity,
    f.confidence,
    CASE WHEN f.evidence[1].sought IS NOT TRUE THEN f.evidence[1].segment END AS segment,
    CASE WHEN f.evidence[1].sought IS NOT TRUE THEN f.evidence[1].quote END AS quote
FROM findings AS f
JOIN calls AS c ON c.call_id = f.call_id
WHERE
    {conditions} AND f.verdict = 'fail'
    AND NOT EXISTS (
        SELECT 1 FROM review_states AS r
        WHERE r.content_sha256 = c.content_sha256 AND r.rule = f.rule AND r.decision IN ('reject', 'not_applicable')
    )
ORDER BY f.call_id, f.finding
