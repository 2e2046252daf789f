-- Reason and flags of the calls that the filters leave; nulls where no model has looked.
SELECT c.call_id, c.content_sha256, l.reason, l.likely, l.chance, l.flags,
    l.complaint, l.dissatisfaction, l.abuse, l.churn, l.reasons_model, l.flags_model
FROM chosen AS c
LEFT JOIN learned AS l ON l.call_id = c.call_id
ORDER BY c.call_id
