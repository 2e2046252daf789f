-- Calls to learn from: those that people labelled, then the others in an order that has nothing to do
-- with what they are; who has held them and with whom, where that is known.
SELECT
    c.call_id,
    c.content_sha256,
    coalesce(c.agent_id, c.call_id) AS held_by,
    coalesce(c.customer_id, c.call_id) AS customer
FROM calls AS c
LEFT JOIN labels_now AS w ON w.content_sha256 = c.content_sha256
ORDER BY w.content_sha256 IS NULL, md5(c.call_id)
LIMIT $most
