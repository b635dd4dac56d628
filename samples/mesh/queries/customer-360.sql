-- title: The customer from all sides
-- question: Who are the customers with the highest revenue, and what else do we know of them?
-- note: Returns and parcels are added up for each order before they are joined, and
--       invoices for each customer. Joining all of them directly would multiply rows.
-- chart: scatter x=orders y=kept_eur by=rating
WITH back AS (
  SELECT order_id, count(*) AS returns, sum(refund_cents) AS cents
  FROM returns.returns
  GROUP BY order_id
), parcel AS (
  SELECT order_id, avg(julianday(delivered_at) - julianday(shipped_at)) AS days,
         max(delivered_at > promised_at) AS is_late
  FROM shipments.shipments
  GROUP BY order_id
), owed AS (
  SELECT customer_id, sum(total_cents) AS cents
  FROM invoices.invoices
  WHERE settled_at IS NULL
  GROUP BY customer_id
), trade AS (
  SELECT o.customer_id, count(*) AS orders, sum(o.order_total_cents) AS cents,
         sum(b.returns) AS returns, sum(b.cents) AS refund_cents,
         avg(p.days) AS delivery_days, sum(p.is_late) AS late_parcels,
         max(o.order_timestamp) AS last_order_at
  FROM orders.orders o
  LEFT JOIN back b ON b.order_id = o.order_id
  LEFT JOIN parcel p ON p.order_id = o.order_id
  WHERE o.status = 'confirmed'
  GROUP BY o.customer_id
)
SELECT n.customer_id, n.country, n.segment, n.rating, t.orders,
       t.cents / 100.0 AS revenue_eur,
       (t.cents - coalesce(t.refund_cents, 0)) / 100.0 AS kept_eur,
       coalesce(t.returns, 0) AS returns, coalesce(d.cents, 0) / 100.0 AS open_eur,
       round(t.delivery_days, 2) AS mean_delivery_days, t.late_parcels, t.last_order_at
FROM trade t
JOIN customers.customers_npii n ON n.customer_id = t.customer_id
LEFT JOIN owed d ON d.customer_id = t.customer_id
ORDER BY t.cents DESC
LIMIT 500
