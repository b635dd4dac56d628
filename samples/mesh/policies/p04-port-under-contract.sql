-- id: P04
-- title: Every output port is under a contract in force
-- category: interoperability
-- severity: error
-- gate: publish
-- decision: An output port names a contract that exists and is active or deprecated.
-- why: A port without a contract promises nothing and may change any day.
SELECT o.product_id, o.name, o.contract_id
FROM port o
LEFT JOIN contract c ON c.id = o.contract_id
WHERE o.dir = 'out' AND (c.id IS NULL OR c.status NOT IN ('active', 'deprecated'))
