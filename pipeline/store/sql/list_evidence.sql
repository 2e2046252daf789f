-- Which turns of which calls the findings stand on that people decided about.
SELECT c.call_id, f.rule, r.decision, e.item.segment AS segment
FROM review_states AS r
JOIN calls AS c ON c.content_sha256 = r.content_sha256
JOIN findings AS f ON f.call_id = c.call_id AND f.rule = r.rule,
    unnest(f.evidence) AS e(item)
WHERE r.decision IN ('confirm', 'reject') AND e.item.sought IS NOT TRUE
