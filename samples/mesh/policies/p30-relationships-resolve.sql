-- id: P30
-- title: Relationships resolve
-- category: interoperability
-- severity: error
-- decision: Each relationship points to an object that exists.
-- why: Joins are offered from relationships; a dead one misleads.
SELECT r.contract_id, r.object, r.to_contract, r.to_object, r.line
FROM relation r
LEFT JOIN object o
  ON o.contract_id = coalesce(r.to_contract, r.contract_id)
 AND (o.name = r.to_object OR o.physical_name = r.to_object)
WHERE o.name IS NULL
