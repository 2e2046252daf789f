-- What stood behind the results of these calls.
SELECT pack, pack_version, pack_hash, engine, model, revision, code_version, count(*) AS calls
FROM chosen
GROUP BY ALL
ORDER BY ALL
