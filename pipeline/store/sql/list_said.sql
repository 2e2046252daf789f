-- Who said what in the calls of `incoming`.
SELECT s.call_id, s.segment, s.role, s.text
FROM segments AS s
SEMI JOIN incoming AS i ON i.call_id = s.call_id
ORDER BY s.call_id, s.segment
