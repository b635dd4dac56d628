-- title: Product page, checkout and returns
-- question: The product page was changed: does variant B bring more orders, and do they stay?
-- note: Sessions that saw both variants tell nothing and are dropped.
-- chart: bar x=variant y=returned_percent
WITH seen AS (
  SELECT session_id, min(variant) AS variant
  FROM product_page_views.page_views
  WHERE viewed_at >= '2026-05-01' AND viewed_at < '2026-09-01'
  GROUP BY session_id
  HAVING count(DISTINCT variant) = 1
), back AS (
  SELECT order_id, sum(refund_cents) AS cents FROM returns.returns GROUP BY order_id
), bought AS (
  SELECT o.session_id, o.order_id, o.order_total_cents,
         r.order_id IS NOT NULL AS came_back, coalesce(r.cents, 0) AS refund_cents
  FROM orders.orders o
  LEFT JOIN back r ON r.order_id = o.order_id
  WHERE o.status = 'confirmed'
)
SELECT s.variant, count(DISTINCT s.session_id) AS sessions, count(b.order_id) AS orders,
       round(100.0 * count(DISTINCT b.session_id) / count(DISTINCT s.session_id), 2)
         AS ordered_percent,
       round(100.0 * avg(b.came_back), 2) AS returned_percent,
       round(sum(b.order_total_cents - b.refund_cents) / 100.0
             / count(DISTINCT s.session_id), 2) AS kept_revenue_per_session_eur
FROM seen s
LEFT JOIN bought b ON b.session_id = s.session_id
GROUP BY s.variant
ORDER BY s.variant
