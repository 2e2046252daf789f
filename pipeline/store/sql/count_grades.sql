-- Of every agent how many calls have which grade under which pack.
SELECT agent_id, pack, pack_hash, grade, count(*) AS calls
FROM counted
GROUP BY agent_id, pack, pack_hash, grade
ORDER BY agent_id, calls DESC, pack_hash, grade
