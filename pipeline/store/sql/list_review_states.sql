SELECT content_sha256, call_id, rule, decision, reviewer, at, max(id) AS id
FROM reviews
WHERE decision <> 'comment'
GROUP BY content_sha256, rule
