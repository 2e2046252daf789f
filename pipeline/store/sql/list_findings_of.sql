-- What scoring needs of the findings of some calls (`incoming`), in their order; those that do not
-- apply count for nothing, unless somebody decided on them (`decided`).
SELECT
    f.call_id, f.finding, f.rule, f.title, f.title_en, f.control_point, f.verdict, f.severity, f.points,
    f.evidence, f.key_point, f.veto, f.places
FROM findings AS f
SEMI JOIN incoming AS i ON i.call_id = f.call_id
LEFT JOIN decided AS d ON d.call_id = f.call_id AND d.rule = f.rule
WHERE f.verdict <> 'not_applicable' OR d.rule IS NOT NULL
ORDER BY f.call_id, f.finding
