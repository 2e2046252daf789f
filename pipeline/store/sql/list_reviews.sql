SELECT * FROM reviews
WHERE call_id = :call_id
ORDER BY id
