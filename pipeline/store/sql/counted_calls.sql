-- `counted`, after chosen_calls and heard_calls: calls of agents with the result that counts, as people
-- decided it where they did (`corrected…`: pipeline/effective.py), else the machine's. `settled`: how
-- many failed and unsure findings were decided; `heard` is as for sampling. `judged`: what fails, and
-- every finding that people changed.
, counted AS (
    SELECT
        c.call_id,
        c.content_sha256,
        c.started_at,
        c.channel,
        c.business_line,
        c.agent_id,
        c.agent_name,
        c.team,
        c.duration,
        c.pack,
        c.pack_hash,
        coalesce(c.scored_at, c.processed_at) AS scored_at,
        c.score AS machine_score,
        coalesce(x.score, c.score) AS score,
        coalesce(x.grade, c.grade) AS grade,
        coalesce(x.vetoed, c.vetoed) AS vetoed,
        coalesce(t.finished OR (c.fails + c.unsure > 0 AND x.settled >= c.fails + c.unsure), false)
            AS heard,
        t.reviewer,
        t.said_at
    FROM chosen AS c
    LEFT JOIN corrected AS x ON x.call_id = c.call_id
    LEFT JOIN said AS t ON t.content_sha256 = c.content_sha256
    WHERE c.agent_id IS NOT NULL
),

found AS (
    SELECT
        f.call_id,
        f.finding,
        f.rule,
        f.title,
        f.title_en,
        f.control_point,
        f.severity,
        f.veto,
        CASE WHEN f.evidence[1].sought IS NOT TRUE THEN f.evidence[1].segment END AS segment,
        CASE WHEN f.evidence[1].sought IS NOT TRUE THEN f.evidence[1].quote END AS quote,
        f.verdict AS machine_verdict,
        f.verdict,
        f.points
    FROM findings AS f
    ANTI JOIN corrected_findings AS x ON x.call_id = f.call_id AND x.rule = f.rule
    WHERE f.verdict = 'fail'

    UNION ALL BY NAME

    SELECT * FROM corrected_findings
),

judged AS (
    SELECT c.agent_id, c.pack, c.content_sha256, c.started_at, c.scored_at, f.*
    FROM counted AS c
    JOIN found AS f ON f.call_id = c.call_id
)
