-- What people said last of each content, a column per subject; null: nothing, or it was taken back.
SELECT
    content_sha256,
    max(value) FILTER (WHERE subject = 'reason') AS reason,
    max(value) FILTER (WHERE subject = 'complaint') AS complaint,
    max(value) FILTER (WHERE subject = 'dissatisfaction') AS dissatisfaction,
    max(value) FILTER (WHERE subject = 'abuse') AS abuse,
    max(value) FILTER (WHERE subject = 'churn') AS churn
FROM labels
WHERE id IN (SELECT max(id) FROM labels GROUP BY content_sha256, subject) AND value IS NOT NULL
GROUP BY content_sha256
