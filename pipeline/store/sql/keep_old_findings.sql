INSERT INTO old_findings BY NAME
SELECT c.content_sha256, c.pack_hash, $now AS replaced_at, f.rule, f.title, f.control_point, f.verdict,
    f.severity, f.points, f.why, f.confidence, f.evidence
FROM findings AS f
JOIN calls AS c ON c.call_id = f.call_id
JOIN incoming AS i ON i.call_id = c.call_id
WHERE i.keep
