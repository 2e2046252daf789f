UPDATE calls SET
    pack = i.pack, pack_version = i.pack_version, pack_hash = i.pack_hash, code_version = i.code_version,
    score = i.score, grade = i.grade, vetoed = i.vetoed, worst_severity = i.worst_severity,
    top_rule = i.top_rule, top_title = i.top_title, top_title_en = i.top_title_en,
    fails = i.fails, fails_critical = i.fails_critical, fails_major = i.fails_major,
    fails_minor = i.fails_minor, unsure = i.unsure, scored_at = $now,
    compared_at = $now
FROM incoming AS i
WHERE calls.call_id = i.call_id
