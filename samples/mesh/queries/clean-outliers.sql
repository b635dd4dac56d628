-- title: Cleaning: outliers
-- question: Which unit prices lie far outside of what is usual in their category?
-- note: Quartiles and 1.5 times the range between them; then against the price that was
--       valid, which tells dear articles from misprints.
-- chart: scatter x=valid_eur y=unit_eur
WITH line AS (
  SELECT l.line_item_id, l.order_id, l.sku, a.category, l.unit_price_cents
  FROM orders.line_items l
  JOIN articles_latest.articles a ON a.sku = l.sku
), ranked AS (
  SELECT *, ntile(4) OVER (PARTITION BY category ORDER BY unit_price_cents) AS quarter
  FROM line
), fence AS (
  SELECT category, max(CASE quarter WHEN 1 THEN unit_price_cents END) AS q1,
         max(CASE quarter WHEN 3 THEN unit_price_cents END) AS q3
  FROM ranked
  GROUP BY category
)
SELECT l.line_item_id, l.order_id, l.sku, l.category, l.unit_price_cents / 100.0 AS unit_eur,
       v.price_cents / 100.0 AS valid_eur,
       CASE WHEN v.price_cents IS NULL THEN 'no history'
            WHEN l.unit_price_cents = v.price_cents THEN 'dear article'
            ELSE 'misprint' END AS verdict
FROM line l
JOIN fence f ON f.category = l.category
JOIN orders.orders o ON o.order_id = l.order_id
LEFT JOIN articles_history.article_versions v
  ON v.sku = l.sku AND v.valid_from <= o.order_timestamp
 AND (v.valid_to IS NULL OR o.order_timestamp < v.valid_to)
WHERE l.unit_price_cents > f.q3 + 1.5 * (f.q3 - f.q1)
ORDER BY l.unit_price_cents DESC
