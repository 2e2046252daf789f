-- Calls of some customers with what later calls need to know of them.
WITH meant AS (
    SELECT c.* FROM calls AS c
    WHERE c.started_at IS NOT NULL AND c.customer_id IN (SELECT customer_id FROM incoming)
),

said AS (
    SELECT m.call_id, count(*) AS customer_turns,
        left(string_agg(s.text, '，' ORDER BY s.segment), 300) AS customer_words
    FROM meant AS m
    JOIN segments AS s ON s.call_id = m.call_id AND s.role = 'customer'
    GROUP BY m.call_id
),

judged AS (
    SELECT m.call_id,
        list(f.rule) FILTER (f.verdict = 'pass') AS passed,
        list(f.rule) FILTER (f.verdict = 'fail') AS failed
    FROM meant AS m
    JOIN findings AS f ON f.call_id = m.call_id
    GROUP BY m.call_id
)

SELECT m.customer_id, m.call_id, m.started_at, m.channel, m.business_line, m.direction, m.duration,
    m.agent_id, m.attributes::VARCHAR AS attributes,
    coalesce(s.customer_turns, 0) AS customer_turns,
    coalesce(s.customer_words, '') AS customer_words,
    coalesce(j.passed, []) AS passed, coalesce(j.failed, []) AS failed
FROM meant AS m
LEFT JOIN said AS s ON s.call_id = m.call_id
LEFT JOIN judged AS j ON j.call_id = m.call_id
ORDER BY m.started_at, m.call_id
