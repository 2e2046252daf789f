SELECT * FROM reviews
WHERE content_sha256 = :content_sha256
ORDER BY id
