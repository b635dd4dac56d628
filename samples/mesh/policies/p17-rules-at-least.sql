-- id: P17
-- title: Every object has a row count and a key
-- category: quality
-- severity: warning
-- decision: Each object is checked at least for having rows, and has a key or a unique
--   property.
-- why: An empty or doubled table is the commonest fault and the easiest to find.
SELECT contract_id, name
FROM object
WHERE (contract_id, name) NOT IN (
        SELECT contract_id, object FROM rule
        WHERE metric = 'rowCount' AND contract_id IS NOT NULL AND object IS NOT NULL)
   OR (contract_id, name) NOT IN (
        SELECT contract_id, object FROM property
        WHERE (pk_pos > 0 OR is_unique = 1) AND contract_id IS NOT NULL
          AND object IS NOT NULL)
