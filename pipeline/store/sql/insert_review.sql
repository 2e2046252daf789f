INSERT INTO reviews (
    at, reviewer, call_id, content_sha256, rule, segment, decision, comment, pack_version,
    machine_verdict, previous
)
VALUES (
    :at, :reviewer, :call_id, :content_sha256, :rule, :segment, :decision, :comment, :pack_version,
    :machine_verdict, :previous
)
RETURNING *
