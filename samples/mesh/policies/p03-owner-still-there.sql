-- id: P03
-- title: The named owner has not left
-- category: ownership
-- severity: warning
-- decision: Each active contract names an owner among its members whose last day is not
--   over.
-- why: People leave; a contract whose owner left is one nobody keeps.
SELECT c.id, c.path
FROM contract c
WHERE c.status = 'active'
  AND NOT EXISTS (
    SELECT 1 FROM member m
    WHERE m.owner_kind = 'contract' AND m.owner_id = c.id
      AND lower(m.role) LIKE '%owner%'
      AND (m.date_out IS NULL OR m.date_out > date('now')))
