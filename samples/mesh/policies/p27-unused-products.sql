-- id: P27
-- title: Unused products are retired
-- category: cost
-- severity: info
-- decision: A product no other team used is marked after five months and retired after
--   six.
-- why: Unused data cost money, attention and risk.
SELECT p.id, max(u.ts) AS last_used,
       CASE WHEN max(u.ts) IS NULL OR max(u.ts) < date('now', '-6 months')
            THEN 'retire' ELSE 'warn' END AS advice
FROM product p
LEFT JOIN usage u ON u.product_id = p.id AND u.team <> p.team
WHERE p.status = 'active'
GROUP BY p.id
HAVING last_used IS NULL OR last_used < date('now', '-5 months')
