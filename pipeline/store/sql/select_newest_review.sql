-- What was written last, and how many other acts on calls there are: both only grow.
SELECT
    coalesce((SELECT max(id) FROM reviews), 0) AS id,
    coalesce((SELECT max(id) FROM assignments), 0)
    + coalesce((SELECT max(id) FROM item_levels), 0)
    + coalesce((SELECT max(id) FROM appeals), 0)
    + coalesce((SELECT max(id) FROM appeal_steps), 0)
    + coalesce((SELECT max(id) FROM corrections), 0)
    + coalesce((SELECT max(id) FROM corrected_results), 0)
    + coalesce((SELECT max(id) FROM labels), 0) AS acts
