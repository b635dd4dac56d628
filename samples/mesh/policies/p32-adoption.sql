-- id: P32
-- title: Adoption of each policy by domain
-- category: governance
-- severity: figure
-- decision: The guild looks at this figure each month; its rows are no violations.
-- why: A policy nobody follows is changed or helped along, not repeated louder.
SELECT p.domain, y.policy,
       1 - 1.0 * count(DISTINCT v.product_id) / count(DISTINCT p.id) AS adoption
FROM product p
CROSS JOIN (SELECT DISTINCT policy FROM violation) y
LEFT JOIN violation v ON v.policy = y.policy AND v.product_id = p.id
GROUP BY p.domain, y.policy
