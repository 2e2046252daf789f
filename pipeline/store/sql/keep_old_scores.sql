INSERT INTO old_scores BY NAME
SELECT c.call_id, c.content_sha256, c.pack, c.pack_version, c.pack_hash, c.engine, c.model, c.revision,
    c.code_version, c.score, c.grade, c.vetoed, c.fails, c.unsure, c.scored_at, $now AS replaced_at
FROM calls AS c
JOIN incoming AS i ON i.call_id = c.call_id
WHERE i.keep
