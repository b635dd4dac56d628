-- title: Longer but more reliable shipping?
-- question: Do customers come back more readily after a fast parcel or after a kept promise?
-- note: Reordered means a next confirmed order within 90 days; orders of the last 120 days
--       are left out, since their 90 days are not over.
-- chart: bar x=speed y=reordered_percent by=promise
WITH parcel AS (
  SELECT order_id, max(julianday(delivered_at) - julianday(shipped_at)) AS days,
         max(delivered_at > promised_at) AS is_late
  FROM shipments.shipments
  WHERE delivered_at IS NOT NULL
  GROUP BY order_id
), trade AS (
  SELECT order_id, order_timestamp,
         lead(order_timestamp) OVER (
           PARTITION BY customer_id ORDER BY order_timestamp) AS next_order
  FROM orders.orders
  WHERE status = 'confirmed'
)
SELECT CASE WHEN p.days <= 3 THEN 'fast (up to 3 days)' ELSE 'slow' END AS speed,
       CASE p.is_late WHEN 1 THEN 'broken' ELSE 'kept' END AS promise,
       count(*) AS orders, round(avg(p.days), 2) AS mean_days,
       round(100.0 * avg(coalesce(
         julianday(t.next_order) - julianday(t.order_timestamp) <= 90, 0)), 1)
         AS reordered_percent,
       round(100.0 * avg(t.order_id IN (SELECT order_id FROM returns.returns)), 1)
         AS returned_percent
FROM trade t
JOIN parcel p ON p.order_id = t.order_id
WHERE t.order_timestamp < (
  SELECT datetime(max(order_timestamp), '-120 days') FROM orders.orders)
GROUP BY speed, promise
ORDER BY speed, promise
