-- title: In stock, not sold in six months
-- question: Which articles lie in stock and were not sold in the last six months?
-- note: An anti-join: a left join without a filter would list the sold ones too.
-- chart: bar x=sku y=tied_up_eur
WITH stock AS (
  SELECT sku, sum(available) AS available
  FROM stock_latest.stock
  GROUP BY sku
  HAVING sum(available) > 0
), recent AS (
  SELECT datetime(max(order_timestamp), '-6 months') AS since FROM orders.orders
)
SELECT a.sku, a.name, a.category, a.status, s.available,
       round(s.available * a.price_cents / 100.0, 2) AS tied_up_eur
FROM stock s
JOIN articles_latest.articles a ON a.sku = s.sku
WHERE s.sku NOT IN (
  SELECT l.sku
  FROM orders.line_items l
  JOIN orders.orders o ON o.order_id = l.order_id
  WHERE o.status = 'confirmed' AND o.order_timestamp >= (SELECT since FROM recent))
ORDER BY tied_up_eur DESC
