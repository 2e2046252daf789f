-- Calls per reason that counts, most first; `unsure` where the model was and no person spoke.
SELECT coalesce(l.reason, 'unsure') AS reason, count(*) AS calls
FROM chosen AS c
JOIN learned_now AS l ON l.call_id = c.call_id
GROUP BY ALL
ORDER BY calls DESC, reason
