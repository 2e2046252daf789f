INSERT INTO names
SELECT i.content_sha256, i.path, now()
FROM incoming AS i
ANTI JOIN names AS n ON n.content_sha256 = i.content_sha256 AND n.path = i.path
