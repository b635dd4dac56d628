-- id: P10
-- title: The same name means the same type
-- category: interoperability
-- severity: warning
-- decision: A property name has one logical type in the whole mesh.
-- why: Joins and unions over products break, or worse, compare wrongly, when types
--   differ.
SELECT name, group_concat(DISTINCT logical_type) AS types,
       count(DISTINCT contract_id) AS contracts
FROM property
WHERE depth = 1
GROUP BY name
HAVING count(DISTINCT logical_type) > 1
