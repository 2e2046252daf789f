-- Calls that the models in force have not looked at.
SELECT c.call_id
FROM calls AS c
ANTI JOIN (
    SELECT call_id FROM learned WHERE reasons_model = $reasons AND flags_model = $flags
) AS l ON l.call_id = c.call_id
ORDER BY c.call_id
