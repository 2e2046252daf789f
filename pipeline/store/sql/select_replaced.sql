SELECT c.call_id, c.pack_hash <> i.pack_hash AS keep
FROM calls AS c
JOIN incoming AS i ON i.call_id = c.call_id
