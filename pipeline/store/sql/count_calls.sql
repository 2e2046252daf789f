SELECT count(*) AS calls FROM chosen
