-- Findings that cost points or are a veto, as they count, those that somebody appealed against
-- (`appealed`), and levels of human items that cost points; oldest call first. `quote`: of the first
-- place, masked; of a level its name. `$settled`: only what people decided, and every veto of the machine,
-- also one that was rejected.
, lost AS (
    SELECT
        j.agent_id,
        j.pack,
        j.call_id,
        j.content_sha256,
        j.started_at,
        j.scored_at,
        j.finding AS place,
        j.rule,
        j.title,
        j.title_en,
        j.control_point,
        j.severity,
        j.veto,
        j.verdict = 'fail' AS counts,
        j.machine_verdict = 'fail' AS machine_failed,
        j.points,
        j.segment,
        j.quote,
        d.decision,
        d.reviewer,
        a.appeal
    FROM judged AS j
    LEFT JOIN review_states AS d ON d.content_sha256 = j.content_sha256 AND d.rule = j.rule
    LEFT JOIN appealed AS a ON a.content_sha256 = j.content_sha256 AND a.rule = j.rule
    WHERE (j.verdict = 'fail' AND (j.points < 0 OR j.veto)) OR a.appeal IS NOT NULL
        OR ($settled AND j.veto)

    UNION ALL

    SELECT
        c.agent_id, c.pack, c.call_id, c.content_sha256, c.started_at, c.scored_at, NULL, l.item, l.title,
        l.title_en, l.number, NULL, false, true, false, l.points, NULL, l.level, 'add', l.reviewer, NULL
    FROM counted AS c
    JOIN chosen_levels AS l ON l.call_id = c.call_id
)

SELECT * FROM lost
WHERE NOT $settled OR veto OR decision IS NOT NULL OR appeal IS NOT NULL
ORDER BY agent_id, started_at, call_id, place, rule
