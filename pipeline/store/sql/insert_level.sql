INSERT INTO item_levels (at, reviewer, call_id, content_sha256, item, level, pack_version, previous)
VALUES (:at, :reviewer, :call_id, :content_sha256, :item, :level, :pack_version, :previous)
RETURNING *
