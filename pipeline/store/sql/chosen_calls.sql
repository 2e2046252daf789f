-- Beginning of every question to the calls: `reviewed` (state of the calls that people looked at)
-- and `chosen` (the calls that the filters leave). `review_states` comes from people.sqlite.
WITH reviewed AS (
    SELECT
        c.call_id,
        CASE
            WHEN bool_or(r.rule IS NULL AND r.decision <> 'add') OR count(f.rule) >= any_value(c.fails + c.unsure)
                THEN 'reviewed'
            ELSE 'partly'
        END AS state
    FROM review_states AS r
    JOIN calls AS c ON c.content_sha256 = r.content_sha256
    LEFT JOIN findings AS f
        ON f.call_id = c.call_id AND f.rule = r.rule AND f.verdict IN ('fail', 'unsure')
    GROUP BY c.call_id
),

chosen AS (
    SELECT c.*
    FROM calls AS c
    WHERE {conditions}
)
