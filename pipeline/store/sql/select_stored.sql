SELECT c.call_id, c.pack_hash <> i.pack_hash OR c.scored_at <> i.scored_at AS keep
FROM calls AS c
JOIN incoming AS i ON i.content_sha256 = c.content_sha256
