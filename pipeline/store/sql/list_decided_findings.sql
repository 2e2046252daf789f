-- Findings of the machine that people decided on, with what is known of each before anybody looks;
-- nothing of who spoke. `kind`: pipeline/store/chances.py.
SELECT
    f.rule,
    {kind} AS kind,
    c.business_line,
    coalesce(c.team, '') AS team,
    CASE f.verdict WHEN 'unsure' THEN 0.5 ELSE f.confidence END AS confidence,
    d.decision = 'confirm' AS confirmed
FROM review_states AS d
JOIN calls AS c ON c.content_sha256 = d.content_sha256
JOIN findings AS f ON f.call_id = c.call_id AND f.rule = d.rule AND f.verdict IN ('fail', 'unsure')
WHERE d.decision IN ('confirm', 'reject', 'not_applicable') AND d.id <= $until
ORDER BY d.id
