SELECT c.call_id
FROM calls AS c
SEMI JOIN incoming AS i ON i.content_sha256 = c.content_sha256
