-- id: P22
-- title: Lineage is complete
-- category: lineage
-- severity: warning
-- decision: Every contract an output port is made from is an input port of its product.
-- why: A break in the chain hides who is hit by a change.
SELECT i.product_id, i.port, i.contract_id
FROM port_input i
WHERE NOT EXISTS (
  SELECT 1 FROM port q
  WHERE q.product_id = i.product_id AND q.dir = 'in' AND q.contract_id = i.contract_id)
