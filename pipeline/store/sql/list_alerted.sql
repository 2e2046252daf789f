-- What a reader knows of the findings that alerts are about (`wanted`), and what people decided of them.
SELECT
    w.content_sha256,
    w.rule,
    c.call_id,
    c.started_at,
    c.team,
    c.business_line,
    c.agent_id,
    c.agent_name,
    f.title,
    f.title_en,
    f.control_point,
    f.severity,
    f.verdict,
    f.evidence,
    d.decision,
    d.reviewer
FROM wanted AS w
JOIN calls AS c ON c.content_sha256 = w.content_sha256
JOIN findings AS f ON f.call_id = c.call_id AND f.rule = w.rule
LEFT JOIN review_states AS d ON d.content_sha256 = w.content_sha256 AND d.rule = w.rule
