-- What customers ask or are discontent with (candidates: sql patterns are looser than the lexicons);
-- `waited`: seconds of silence that the agent left after it.
WITH silences AS (
    SELECT call_id, s."after" AS segment, max(s."end" - s."start") AS waited
    FROM (SELECT call_id, unnest(silences) AS s FROM metrics)
    WHERE s."after" IS NOT NULL AND s.left_by IS DISTINCT FROM 'customer'
    GROUP BY ALL
),

plain AS (
    SELECT
        s.call_id,
        s.segment,
        s.text,
        lower(regexp_replace(s.text, '[\p{P}\p{S}\s]', '', 'g')) AS folded
    FROM segments AS s
    JOIN calls AS c ON c.call_id = s.call_id
    WHERE {conditions} AND s.role = 'customer' AND length(s.text) BETWEEN 4 AND 200
)

SELECT *
FROM (
    SELECT
        p.call_id,
        p.segment,
        p.text,
        p.text LIKE '%？%' OR p.text LIKE '%?%' OR regexp_matches(p.folded, $asks) AS asks,
        regexp_matches(p.folded, $discontent) AS discontent,
        q.waited
    FROM plain AS p
    LEFT JOIN silences AS q ON q.call_id = p.call_id AND q.segment = p.segment
)
WHERE asks OR discontent
ORDER BY call_id, segment
