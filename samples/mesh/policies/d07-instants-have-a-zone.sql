-- id: D07
-- title: Instants carry their zone in the data too
-- category: interoperability
-- severity: error
-- scope: data
-- decision: Every instant ends in Z or in an offset from UTC.
-- why: Without it nobody knows whose clock was meant.
WITH instant(product_id, property, value) AS (
  SELECT 'checkout/orders', 'order_timestamp', order_timestamp FROM orders.orders
  UNION ALL SELECT 'fulfillment/shipments', 'delivered_at', delivered_at
    FROM shipments.shipments
  UNION ALL SELECT 'payment/payments', 'paid_at', paid_at FROM payments.payments
  UNION ALL SELECT 'returns/returns', 'returned_at', returned_at FROM returns.returns
)
SELECT product_id, property, count(*) AS instants, min(value) AS example
FROM instant
WHERE value NOT GLOB '*Z' AND value NOT GLOB '*[+-][0-9][0-9]:[0-9][0-9]'
GROUP BY product_id, property
