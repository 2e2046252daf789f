-- Reason and flags that count of the calls that the filters leave; nulls where nobody has looked.
SELECT c.call_id, c.content_sha256, l.reason, l.likely, l.chance, l.flags,
    l.complaint, l.dissatisfaction, l.abuse, l.churn, l.reasons_model, l.flags_model,
    l.machine_reason, l.machine_flags, l.by_people
FROM chosen AS c
LEFT JOIN learned_now AS l ON l.call_id = c.call_id
ORDER BY c.call_id
