INSERT INTO assignments (at, who, content_sha256, call_id, act, holder, ends, previous)
VALUES (:at, :who, :content_sha256, :call_id, :act, :holder, :ends, :previous)
RETURNING *
