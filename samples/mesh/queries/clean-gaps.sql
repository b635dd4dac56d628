-- title: Cleaning: days that are missing
-- question: On which days are there orders but no page views?
-- note: A calendar of all days, less the days that are there.
WITH RECURSIVE calendar(day) AS (
  SELECT date(min(viewed_at)) FROM product_page_views.page_views
  UNION ALL
  SELECT date(day, '+1 day') FROM calendar
  WHERE day < (SELECT date(max(viewed_at)) FROM product_page_views.page_views)
), present AS (
  SELECT DISTINCT date(viewed_at) AS day FROM product_page_views.page_views
)
SELECT c.day,
       (SELECT count(*) FROM orders.orders o WHERE date(o.order_timestamp) = c.day) AS orders
FROM calendar c
WHERE c.day NOT IN (SELECT day FROM present)
ORDER BY c.day
