-- What was written last, and how many acts on calls and corrections there are: both only grow.
SELECT
    coalesce((SELECT max(id) FROM reviews), 0) AS id,
    coalesce((SELECT max(id) FROM assignments), 0) + coalesce((SELECT max(id) FROM corrections), 0) AS acts
