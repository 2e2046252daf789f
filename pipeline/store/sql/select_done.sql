SELECT content_sha256, engine, model, revision, pack_hash, settings_hash, code_version
FROM calls
