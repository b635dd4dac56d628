-- title: Confirmed, rejected and aborted orders
-- question: How many orders are confirmed, rejected or aborted, and what share of sessions orders?
-- note: The mean of seven days takes the week out of the line.
-- chart: line x=day y=confirmed_7_days
WITH daily AS (
  SELECT date(order_timestamp) AS day, sum(status = 'confirmed') AS confirmed,
         sum(status = 'rejected') AS rejected, sum(status = 'aborted') AS aborted
  FROM orders.orders
  GROUP BY 1
), visits AS (
  SELECT date(viewed_at) AS day, count(DISTINCT session_id) AS sessions
  FROM product_page_views.page_views
  GROUP BY 1
)
SELECT d.day, d.confirmed, d.rejected, d.aborted,
       round(avg(d.confirmed) OVER week, 2) AS confirmed_7_days,
       v.sessions,
       round(100.0 * sum(d.confirmed) OVER week / sum(v.sessions) OVER week, 2)
         AS conversion_7_days_percent
FROM daily d
LEFT JOIN visits v ON v.day = d.day
WINDOW week AS (ORDER BY d.day ROWS 6 PRECEDING)
ORDER BY d.day
