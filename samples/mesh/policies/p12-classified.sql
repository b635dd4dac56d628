-- id: P12
-- title: Every property is classified
-- category: privacy
-- severity: error
-- gate: publish
-- decision: Each property of a published contract has a classification; without one it
--   counts as sensitive.
-- why: What nobody classified, nobody protects.
SELECT contract_id, object, name, line
FROM property
WHERE classification IS NULL
