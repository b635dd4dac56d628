-- id: P10
-- title: The same name means the same type
-- category: interoperability
-- severity: warning
-- decision: A property name has one logical type in the whole mesh.
-- why: Joins and unions over products break, or worse, compare wrongly, when types
--   differ.
WITH typed AS (
  SELECT contract_id, object, name, logical_type,
         count(*) OVER (PARTITION BY name, logical_type) AS uses
  FROM property
  WHERE depth = 1 AND logical_type IS NOT NULL
), compared AS (
  SELECT contract_id, object, name, logical_type,
         first_value(logical_type) OVER (
           PARTITION BY name ORDER BY uses DESC, contract_id) AS elsewhere
  FROM typed
)
SELECT contract_id, object, name, logical_type, elsewhere
FROM compared
WHERE logical_type <> elsewhere
