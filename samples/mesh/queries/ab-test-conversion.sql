-- title: A/B test of the product page
-- question: Does variant B of the product page turn more sessions into orders, or is it chance?
-- note: z beyond 1.96 would come by chance in less than one of twenty tests.
WITH seen AS (
  SELECT session_id, min(variant) AS variant
  FROM product_page_views.page_views
  WHERE viewed_at >= '2026-05-01' AND viewed_at < '2026-09-01'
  GROUP BY session_id
  HAVING count(DISTINCT variant) = 1
), outcome AS (
  SELECT variant, session_id IN (
           SELECT session_id FROM orders.orders WHERE status = 'confirmed') AS has_order
  FROM seen
), counted AS (
  SELECT sum(variant = 'A') AS n_a, sum(variant = 'A' AND has_order) AS x_a,
         sum(variant = 'B') AS n_b, sum(variant = 'B' AND has_order) AS x_b
  FROM outcome
), rates AS (
  SELECT *, 1.0 * x_a / n_a AS p_a, 1.0 * x_b / n_b AS p_b,
         1.0 * (x_a + x_b) / (n_a + n_b) AS p
  FROM counted
)
SELECT n_a AS sessions_a, x_a AS orders_a, round(100 * p_a, 2) AS percent_a,
       n_b AS sessions_b, x_b AS orders_b, round(100 * p_b, 2) AS percent_b,
       round(100 * (p_b / p_a - 1), 1) AS uplift_percent,
       round((p_b - p_a) / sqrt(p * (1 - p) * (1.0 / n_a + 1.0 / n_b)), 2) AS z
FROM rates
