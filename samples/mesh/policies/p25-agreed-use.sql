-- id: P25
-- title: Every use of another team is agreed
-- category: access
-- severity: error
-- decision: Who reads a product of another team has an approved agreement that is valid
--   on that day.
-- why: The owner has to know who depends on the data, and for what.
SELECT u.ts, u.team, u.product_id
FROM usage u
JOIN product p ON p.id = u.product_id
WHERE u.team <> p.team
  AND NOT EXISTS (
    SELECT 1 FROM agreement a
    WHERE a.product_id = u.product_id AND a.consumer_team = u.team
      AND a.status = 'approved'
      AND date(u.ts) BETWEEN a.start_date AND coalesce(a.end_date, '9999-12-31'))
