-- Which models read these calls, as id and version, with how many calls each; none: no model has looked.
, looked AS (
    SELECT l.reasons_model, l.flags_model
    FROM chosen AS c
    JOIN learned AS l ON l.call_id = c.call_id
)

SELECT 'reasons' AS kind, reasons_model AS model, count(*) AS calls
FROM looked
GROUP BY ALL

UNION ALL

SELECT 'flags' AS kind, flags_model AS model, count(*) AS calls
FROM looked
GROUP BY ALL

ORDER BY kind DESC, calls DESC, model
