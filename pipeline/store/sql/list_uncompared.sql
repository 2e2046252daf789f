-- Contents whose rules about several calls are open: new calls, and later calls of their customers.
WITH fresh AS (
    SELECT c.* FROM calls AS c
    WHERE c.compared_at IS NULL AND c.pack_hash IN (SELECT pack_hash FROM incoming)
)

SELECT content_sha256 FROM fresh
UNION
SELECT c.content_sha256
FROM calls AS c
JOIN (SELECT customer_id, min(started_at) AS first FROM fresh GROUP BY customer_id) AS f
    ON f.customer_id = c.customer_id AND c.started_at > f.first
WHERE c.pack_hash IN (SELECT pack_hash FROM incoming)
