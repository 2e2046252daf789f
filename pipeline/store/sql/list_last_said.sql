SELECT content_sha256, rule, max(at) AS at
FROM reviews
WHERE rule IS NOT NULL AND content_sha256 IN (SELECT value FROM json_each(:contents))
GROUP BY content_sha256, rule
