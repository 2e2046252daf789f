-- Rules that calls failed, without what people rejected.
SELECT
    f.call_id,
    f.rule,
    f.title,
    f.title_en,
    f.control_point,
    f.severity,
    f.confidence,
    f.evidence[1].segment AS segment,
    f.evidence[1].quote AS quote
FROM findings AS f
JOIN calls AS c ON c.call_id = f.call_id
WHERE
    {conditions} AND f.verdict = 'fail'
    AND NOT EXISTS (
        SELECT 1 FROM review_states AS r
        WHERE r.content_sha256 = c.content_sha256 AND r.rule = f.rule AND r.decision IN ('reject', 'not_applicable')
    )
ORDER BY f.call_id, f.finding
