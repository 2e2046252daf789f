-- Calls per reason, most first; `unsure` where the model was. Of calls that a model has looked at.
SELECT coalesce(l.reason, 'unsure') AS reason, count(*) AS calls
FROM chosen AS c
JOIN learned AS l ON l.call_id = c.call_id
GROUP BY ALL
ORDER BY calls DESC, reason
