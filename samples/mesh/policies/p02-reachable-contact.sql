-- id: P02
-- title: The owner can be reached
-- category: ownership
-- severity: warning
-- decision: Each product offers at least one interactive channel or one for issues.
-- why: Announcements alone leave the reader of the data without an answer.
SELECT p.id, p.path, p.line
FROM product p
WHERE NOT EXISTS (
  SELECT 1 FROM support s
  WHERE s.owner_kind = 'product' AND s.owner_id = p.id
    AND coalesce(s.scope, 'interactive') IN ('interactive', 'issues'))
