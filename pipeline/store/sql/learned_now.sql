-- `learned_now`: why somebody called and which flags are raised, as it counts: what people said
-- (`labels_now`, of people.sqlite), else what the models in force read. A row per call of which
-- either is known. `reason` null: unsure; `none`: none of the list, which only people say.
CREATE OR REPLACE TEMP VIEW learned_now AS
WITH said AS (
    SELECT c.call_id, w.*
    FROM labels_now AS w
    JOIN calls AS c ON c.content_sha256 = w.content_sha256
)

SELECT
    coalesce(l.call_id, s.call_id) AS call_id,
    l.reasons_model,
    coalesce(s.reason, l.reason) AS reason,
    l.likely,
    l.chance,
    l.flags_model,
    CASE
        WHEN s.call_id IS NULL THEN l.flags
        ELSE list_filter(
            [
                CASE WHEN coalesce(s.complaint = 'yes', list_contains(l.flags, 'complaint')) THEN 'complaint' END,
                CASE
                    WHEN coalesce(s.dissatisfaction = 'yes', list_contains(l.flags, 'dissatisfaction'))
                        THEN 'dissatisfaction'
                END,
                CASE WHEN coalesce(s.abuse = 'yes', list_contains(l.flags, 'abuse')) THEN 'abuse' END,
                CASE WHEN coalesce(s.churn = 'yes', list_contains(l.flags, 'churn')) THEN 'churn' END
            ],
            lambda flag : flag IS NOT NULL
        )
    END AS flags,
    l.complaint,
    l.dissatisfaction,
    l.abuse,
    l.churn,
    l.moments,
    l.learned_at,
    l.reason AS machine_reason,
    l.flags AS machine_flags,
    list_filter(
        [
            CASE WHEN s.reason IS NOT NULL THEN 'reason' END,
            CASE WHEN s.complaint IS NOT NULL THEN 'complaint' END,
            CASE WHEN s.dissatisfaction IS NOT NULL THEN 'dissatisfaction' END,
            CASE WHEN s.abuse IS NOT NULL THEN 'abuse' END,
            CASE WHEN s.churn IS NOT NULL THEN 'churn' END
        ],
        lambda subject : subject IS NOT NULL
    ) AS by_people
FROM learned AS l
FULL JOIN said AS s ON s.call_id = l.call_id
