-- Contents whose rules about several calls are open: new calls, and later calls of their customers.
WITH comparing AS (
    SELECT pack_hash FROM packs WHERE content::VARCHAR LIKE '%"operator":"earlier_calls"%'
),

fresh AS (
    SELECT c.* FROM calls AS c SEMI JOIN comparing USING (pack_hash) WHERE c.compared_at IS NULL
)

SELECT content_sha256 FROM fresh
UNION
SELECT c.content_sha256
FROM calls AS c
SEMI JOIN comparing USING (pack_hash)
JOIN (SELECT customer_id, min(started_at) AS first FROM fresh GROUP BY customer_id) AS f
    ON f.customer_id = c.customer_id AND c.started_at > f.first
