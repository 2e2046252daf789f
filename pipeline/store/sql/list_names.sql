SELECT path FROM names
WHERE content_sha256 = $content_sha256
ORDER BY first_seen, path
