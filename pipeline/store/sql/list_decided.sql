-- Calls that people decided something of, with the latest decision on every rule. `changed`: contents
-- of which somebody chose a level or corrected a turn.
, touched AS (
    SELECT content_sha256, list({'rule': rule, 'decision': decision} ORDER BY rule) AS decisions
    FROM review_states
    WHERE rule IS NOT NULL
    GROUP BY content_sha256
)

SELECT c.call_id, c.content_sha256, c.pack_hash, t.decisions
FROM chosen AS c
LEFT JOIN touched AS t ON t.content_sha256 = c.content_sha256
WHERE t.content_sha256 IS NOT NULL OR c.content_sha256 IN (SELECT content_sha256 FROM changed)
ORDER BY c.call_id
