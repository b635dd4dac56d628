-- id: P28
-- title: Cost is reported each month
-- category: cost
-- severity: info
-- decision: Each active product reports the cost of the last month.
-- why: Worth can be weighed only against cost.
SELECT p.id
FROM product p
WHERE p.status = 'active'
  AND NOT EXISTS (
    SELECT 1 FROM cost c
    WHERE c.product_id = p.id AND c.month = strftime('%Y-%m', 'now', '-1 month'))
