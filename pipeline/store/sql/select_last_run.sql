SELECT run_id, started_at, ended_at, input, summary, exit_code, versions
FROM runs
ORDER BY started_at DESC, run_id DESC
LIMIT 1
