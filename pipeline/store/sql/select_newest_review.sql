-- What was written last, and how many acts on calls there are: both only grow.
SELECT
    coalesce((SELECT max(id) FROM reviews), 0) AS id,
    coalesce((SELECT max(id) FROM assignments), 0) AS acts
