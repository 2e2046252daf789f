-- What a reader knows of the calls that cases were made of.
SELECT
    c.content_sha256,
    c.call_id,
    c.started_at,
    c.agent_id,
    c.agent_name,
    c.team
FROM wanted AS w
JOIN calls AS c USING (content_sha256)
