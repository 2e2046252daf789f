SELECT c.call_id, c.content_sha256
FROM calls AS c
SEMI JOIN incoming AS i ON i.call_id = c.call_id
