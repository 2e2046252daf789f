-- What the filters may be set to.
SELECT
    (SELECT list(DISTINCT business_line ORDER BY business_line) FROM calls) AS business_lines,
    (SELECT list(DISTINCT team ORDER BY team) FROM calls WHERE team IS NOT NULL) AS teams,
    (SELECT list(DISTINCT grade ORDER BY grade) FROM calls) AS grades,
    (
        SELECT list(a ORDER BY a.id)
        FROM (
            SELECT {'id': agent_id, 'name': max(agent_name), 'team': max(team)} AS a
            FROM calls
            WHERE agent_id IS NOT NULL
            GROUP BY agent_id
        )
    ) AS agents,
    (
        SELECT list(r ORDER BY r.rule)
        FROM (
            SELECT {'rule': rule, 'title': max(title), 'title_en': max(title_en)} AS r
            FROM findings
            GROUP BY rule
        )
    ) AS rules,
    (SELECT list(DISTINCT pack ORDER BY pack) FROM calls) AS packs,
    (
        SELECT list(p ORDER BY p.pack, p.number)
        FROM (
            SELECT {'pack': c.pack, 'number': i.number, 'title': max(i.title)} AS p
            FROM control_points AS i
            JOIN calls AS c ON c.call_id = i.call_id
            GROUP BY c.pack, i.number
        )
    ) AS control_points,
    (SELECT list(DISTINCT coalesce(reason, 'unsure')) FROM learned_now) AS reasons,
    (SELECT min(started_at)::DATE FROM calls) AS first_day,
    (SELECT max(started_at)::DATE FROM calls) AS last_day
