-- id: P23
-- title: No product feeds itself
-- category: lineage
-- severity: error
-- decision: Following input ports upstream never leads back to the product.
-- why: In a circle a fault feeds itself, and no refresh is ever the last.
WITH RECURSIVE edge(provider, consumer) AS (
  SELECT o.product_id, i.product_id
  FROM port i
  JOIN port o ON o.dir = 'out' AND o.contract_id = i.contract_id
  WHERE i.dir = 'in'
), way(start, at, steps) AS (
  SELECT provider, consumer, 1 FROM edge
  UNION
  SELECT w.start, e.consumer, w.steps + 1
  FROM way w
  JOIN edge e ON e.provider = w.at
  WHERE w.steps < 50
)
SELECT DISTINCT start AS product_id FROM way WHERE start = at
