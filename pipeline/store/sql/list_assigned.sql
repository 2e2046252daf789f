SELECT * FROM assignments AS a
WHERE a.holder IS NOT NULL
AND (a.ends IS NULL OR a.ends > :now)
AND NOT EXISTS (SELECT 1 FROM assignments AS b WHERE b.previous = a.id)
