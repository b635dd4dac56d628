-- id: P26
-- title: Agreements are looked at again in time
-- category: access
-- severity: warning
-- decision: An approved agreement says what for, and its day of reassessment is not over.
-- why: Access that nobody asks about any more tends to stay for ever.
SELECT id, product_id, consumer_team, reassess_date
FROM agreement
WHERE status = 'approved'
  AND (reassess_date < date('now') OR length(coalesce(purpose, '')) < 15)
