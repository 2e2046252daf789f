-- The calls of some weeks, with what may hint at a cause; `week` counts from the first one. `reason` is what
-- the metadata say, `read_reason`, where they say nothing, what a person said or else a model read (unsure: null).
SELECT
    c.call_id,
    c.content_sha256,
    date_diff('day', $first, CAST(c.started_at AS DATE)) // 7 AS week,
    strftime(c.started_at, '%Y-%m-%d') AS day,
    c.agent_id,
    c.agent_name,
    c.team,
    CASE WHEN json_type(c.attributes, '$.product') = 'VARCHAR' THEN c.attributes ->> '$.product' END AS product,
    nullif(CASE WHEN json_type(c.attributes, '$.call_reason') = 'VARCHAR' THEN c.attributes ->> '$.call_reason' END, '')
        AS reason,
    CASE WHEN json_type(c.attributes, '$.call_reason') IS DISTINCT FROM 'VARCHAR' OR c.attributes ->> '$.call_reason' = ''
        THEN nullif(l.reason, 'none') END AS read_reason,
    c.business_line AS line,
    c.channel,
    c.direction,
    CAST(hour(c.started_at) // 3 * 3 AS INTEGER) AS hour,
    coalesce(len(m.holds) > 0 OR m.hold_seconds > 0, false) AS hold
FROM calls AS c
LEFT JOIN metrics AS m ON m.call_id = c.call_id
LEFT JOIN learned_now AS l ON l.call_id = c.call_id
WHERE {conditions}
ORDER BY c.call_id
