SELECT max("at") AS "at" FROM removals
WHERE content_sha256 = $content_sha256 AND part = 'audio'
