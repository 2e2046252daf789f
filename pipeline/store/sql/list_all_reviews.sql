SELECT * FROM reviews
WHERE id > :after
ORDER BY id
LIMIT :batch
