-- `said`, after chosen_calls: of a call whether somebody said that its review is done (`finished`), and
-- whether they added a problem or confirmed one (`violation`). A call counts as heard when it is
-- reviewed as everywhere; of one in which the rules found nothing somebody must have said so.
, said AS (
    SELECT
        content_sha256,
        bool_or(rule IS NULL AND decision <> 'add') AS finished,
        bool_or(rule IS NOT NULL AND decision IN ('add', 'confirm')) AS violation,
        arg_max(reviewer, id) AS reviewer,
        max("at") AS said_at
    FROM review_states
    GROUP BY content_sha256
)
