-- Calls to learn from, in an order that has nothing to do with what they are; who has held them and
-- with whom, where that is known.
SELECT call_id, content_sha256, coalesce(agent_id, call_id) AS held_by, coalesce(customer_id, call_id) AS customer
FROM calls
ORDER BY md5(call_id)
LIMIT $most
