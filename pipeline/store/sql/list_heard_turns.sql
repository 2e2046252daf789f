-- What the recogniser wrote in some turns (`corrected_turns`), and under which pack their call was scored.
SELECT c.content_sha256, c.pack_hash, s.segment, s.text
FROM corrected_turns AS t
JOIN calls AS c ON c.content_sha256 = t.content_sha256
JOIN segments AS s ON s.call_id = c.call_id AND s.segment = t.segment
