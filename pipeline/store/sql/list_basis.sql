-- What judged the calls: packs, recognisers and code, with how many calls each.
SELECT
    pack,
    pack_version,
    pack_hash,
    coalesce(engine, '') AS engine,
    coalesce(model, '') AS model,
    coalesce(revision, '') AS revision,
    code_version,
    count(*) AS calls
FROM chosen
GROUP BY ALL
ORDER BY calls DESC, pack, pack_version, pack_hash, engine, model, revision, code_version
