-- id: P19
-- title: The checks ran within a day, and passed
-- category: quality
-- severity: warning
-- decision: Each active contract was checked in the last 24 hours without a failure.
-- why: A rule that never runs is a wish.
SELECT c.id, max(r.started) AS last_passed
FROM contract c
LEFT JOIN run r ON r.contract_id = c.id AND r.result IN ('passed', 'warning')
WHERE c.status = 'active'
GROUP BY c.id
HAVING last_passed IS NULL OR last_passed < datetime('now', '-1 day')
