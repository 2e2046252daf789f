-- Calls that people decided something of, with all findings as the machine made them and the latest
-- decision on each rule. `leveled`: contents of which somebody chose a level.
, touched AS (
    SELECT content_sha256 FROM review_states WHERE rule IS NOT NULL
    UNION
    SELECT content_sha256 FROM leveled
)

SELECT
    c.call_id,
    any_value(c.content_sha256) AS content_sha256,
    any_value(c.pack_hash) AS pack_hash,
    list({
        'rule': f.rule, 'title': f.title, 'checks': f.checks, 'control_point': f.control_point,
        'verdict': f.verdict, 'severity': f.severity, 'points': f.points, 'why': f.why,
        'confidence': f.confidence, 'evidence': f.evidence, 'reference': f.reference,
        'suggestion': f.suggestion, 'key_point': f.key_point, 'veto': f.veto,
        'title_en': f.title_en, 'places': f.places, 'decision': d.decision
    } ORDER BY f.finding) AS findings
FROM chosen AS c
SEMI JOIN touched AS t ON t.content_sha256 = c.content_sha256
JOIN findings AS f ON f.call_id = c.call_id
LEFT JOIN review_states AS d ON d.content_sha256 = c.content_sha256 AND d.rule = f.rule
GROUP BY c.call_id
ORDER BY c.call_id
