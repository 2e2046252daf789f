SELECT file, stage, error, message, content_sha256, run_id, "at", attempts
FROM failures
ORDER BY "at" DESC, file
