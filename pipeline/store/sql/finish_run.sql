UPDATE runs
SET ended_at = now(), summary = $summary, exit_code = $exit_code
WHERE run_id = $run_id
