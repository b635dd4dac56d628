-- title: Features for fraud detection
-- question: What was known of each order before it was placed, and was it charged back?
-- note: Only earlier orders and the clicks of the same session: nothing of the future but
--       the label. Orders of the last 60 days are left out, their label may still come.
-- chart: scatter x=minutes_since_registration y=total_eur by=charged_back
WITH clicks AS (
  SELECT session_id, count(*) AS views, count(DISTINCT sku) AS articles
  FROM product_page_views.page_views
  GROUP BY session_id
), trade AS (
  SELECT o.*,
         count(*) OVER earlier AS earlier_orders,
         avg(order_total_cents) OVER earlier AS earlier_mean_cents
  FROM orders.orders o
  WHERE status = 'confirmed'
  WINDOW earlier AS (
    PARTITION BY customer_id ORDER BY order_timestamp
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
SELECT t.order_id, t.earlier_orders, round(t.earlier_mean_cents / 100, 2) AS earlier_mean_eur,
       t.order_total_cents / 100.0 AS total_eur, t.shipping_option, p.method,
       coalesce(c.views, 0) AS views, coalesce(c.articles, 0) AS articles,
       cast((julianday(t.order_timestamp) - julianday(n.registered_at)) * 1440 AS INTEGER)
         AS minutes_since_registration,
       p.chargeback_at IS NOT NULL AS charged_back
FROM trade t
JOIN payments.payments p ON p.order_id = t.order_id AND p.status <> 'failed'
JOIN customers.customers_npii n ON n.customer_id = t.customer_id
LEFT JOIN clicks c ON c.session_id = t.session_id
WHERE t.order_timestamp < (
  SELECT datetime(max(order_timestamp), '-60 days') FROM orders.orders)
ORDER BY charged_back DESC, t.order_timestamp
