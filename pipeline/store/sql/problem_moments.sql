-- Where some turns of `wanted` stand and what is said there.
SELECT s.call_id, s.segment, s.role, s."start", s."end", s.text
FROM segments AS s
JOIN wanted AS w ON w.call_id = s.call_id AND w.segment = s.segment
