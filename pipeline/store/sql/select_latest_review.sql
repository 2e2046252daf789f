SELECT id, reviewer, decision, at FROM reviews
WHERE content_sha256 = :content_sha256 AND rule IS :rule
ORDER BY id DESC
LIMIT 1
