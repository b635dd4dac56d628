-- id: P17
-- title: Every object has a row count and a key
-- category: quality
-- severity: warning
-- decision: Each object is checked at least for having rows, and has a key or a unique
--   property.
-- why: An empty or doubled table is the commonest fault and the easiest to find.
SELECT o.contract_id, o.name
FROM object o
WHERE NOT EXISTS (
    SELECT 1 FROM rule r
    WHERE r.contract_id = o.contract_id AND r.object = o.name AND r.metric = 'rowCount')
   OR NOT EXISTS (
    SELECT 1 FROM property p
    WHERE p.contract_id = o.contract_id AND p.object = o.name
      AND (p.pk_pos > 0 OR p.is_unique = 1))
