-- title: The customer from all sides
-- question: Who are the customers with the highest revenue, and what else do we know of them?
-- note: Each source is added up before it is joined. Joining orders, returns and invoices
--       directly would multiply their rows.
-- chart: scatter x=orders y=kept_eur by=rating
WITH trade AS (
  SELECT customer_id, count(*) AS orders, sum(order_total_cents) AS cents,
         max(order_timestamp) AS last_order_at
  FROM orders.orders
  WHERE status = 'confirmed'
  GROUP BY customer_id
), owner AS (
  SELECT order_id, min(customer_id) AS customer_id
  FROM orders.orders
  WHERE status = 'confirmed'
  GROUP BY order_id
), back AS (
  SELECT w.customer_id, count(*) AS returns, sum(r.refund_cents) AS cents
  FROM returns.returns r
  JOIN owner w ON w.order_id = r.order_id
  GROUP BY w.customer_id
), owed AS (
  SELECT customer_id, sum(total_cents) AS cents
  FROM invoices.invoices
  WHERE settled_at IS NULL
  GROUP BY customer_id
), parcel AS (
  SELECT w.customer_id, avg(julianday(s.delivered_at) - julianday(s.shipped_at)) AS days,
         sum(s.delivered_at > s.promised_at) AS late
  FROM shipments.shipments s
  JOIN owner w ON w.order_id = s.order_id
  GROUP BY w.customer_id
)
SELECT n.customer_id, n.country, n.segment, n.rating, t.orders,
       t.cents / 100.0 AS revenue_eur,
       (t.cents - coalesce(b.cents, 0)) / 100.0 AS kept_eur,
       coalesce(b.returns, 0) AS returns, coalesce(d.cents, 0) / 100.0 AS open_eur,
       round(p.days, 2) AS mean_delivery_days, p.late AS late_parcels, t.last_order_at
FROM customers.customers_npii n
JOIN trade t ON t.customer_id = n.customer_id
LEFT JOIN back b ON b.customer_id = n.customer_id
LEFT JOIN owed d ON d.customer_id = n.customer_id
LEFT JOIN parcel p ON p.customer_id = n.customer_id
ORDER BY t.cents DESC
LIMIT 500
