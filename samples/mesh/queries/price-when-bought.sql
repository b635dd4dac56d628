-- title: Price of an article when it was bought
-- question: Which articles were sold below today's price, and how much?
-- note: An as-of join on the time the price was valid. One article has no history: its
--       lines have no price_then and drop out of the mean.
-- chart: bar x=category y=mean_discount_percent
WITH sold AS (
  SELECT l.line_item_id, l.sku, l.quantity, l.unit_price_cents, o.order_timestamp,
         v.price_cents AS price_then
  FROM orders.line_items l
  JOIN orders.orders o ON o.order_id = l.order_id
  LEFT JOIN articles_history.article_versions v
    ON v.sku = l.sku AND v.valid_from <= o.order_timestamp
   AND (v.valid_to IS NULL OR o.order_timestamp < v.valid_to)
  WHERE o.status = 'confirmed'
)
SELECT a.category, count(*) AS lines,
       sum(s.price_then IS NULL) AS lines_without_history,
       sum(s.price_then < a.price_cents) AS below_todays_price,
       round(100.0 * avg(1.0 - 1.0 * s.price_then / a.price_cents), 2)
         AS mean_discount_percent,
       sum(s.unit_price_cents <> s.price_then) AS lines_with_another_price
FROM sold s
JOIN articles_latest.articles a ON a.sku = s.sku
GROUP BY a.category
ORDER BY mean_discount_percent DESC
