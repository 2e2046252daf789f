-- Of these calls those that the reader has and the filters leave.
SELECT
    c.call_id,
    epoch_us(c.processed_at) AS processed,
    c.started_at,
    c.channel,
    c.direction,
    c.agent_id,
    c.agent_name,
    c.team,
    c.business_line,
    c.duration,
    c.score,
    c.grade,
    c.vetoed
FROM chosen AS c
SEMI JOIN candidates USING (call_id)
