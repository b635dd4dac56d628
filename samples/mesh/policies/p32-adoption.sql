-- id: P32
-- title: Adoption of each policy by domain
-- category: governance
-- severity: figure
-- measure: yes
-- decision: The guild looks at this figure each month; its rows are no violations.
-- why: A policy nobody follows is changed or helped along, not repeated louder.
WITH part AS (
  SELECT domain, count(*) AS products FROM product GROUP BY domain
), broken AS (
  SELECT v.policy, p.domain, count(DISTINCT p.key) AS products
  FROM violation v
  JOIN product p ON p.key = v.product_id
  GROUP BY v.policy, p.domain
)
SELECT part.domain, y.policy, 1 - 1.0 * coalesce(b.products, 0) / part.products AS adoption
FROM part
CROSS JOIN (SELECT DISTINCT policy FROM violation) y
LEFT JOIN broken b ON b.policy = y.policy AND b.domain = part.domain
