-- What a reader knows of the calls and findings that appeals are about.
SELECT
    a.id,
    c.call_id,
    c.started_at,
    c.agent_id,
    c.agent_name,
    c.team,
    f.title,
    f.title_en,
    f.severity,
    f.points
FROM appealed AS a
JOIN calls AS c ON c.content_sha256 = a.content_sha256
LEFT JOIN findings AS f ON f.call_id = c.call_id AND f.rule = a.rule
