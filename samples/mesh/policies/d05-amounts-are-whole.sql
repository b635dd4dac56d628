-- id: D05
-- title: Amounts are whole numbers in the data too
-- category: quality
-- severity: error
-- scope: data
-- decision: Columns of money hold integers, whatever file they came from.
-- why: SQLite keeps what it gets; one text among the numbers falls out of every sum.
WITH amount(product_id, property, kind) AS (
  SELECT 'checkout/orders', 'order_total_cents', typeof(order_total_cents)
    FROM orders.orders
  UNION ALL SELECT 'checkout/orders', 'unit_price_cents', typeof(unit_price_cents)
    FROM orders.line_items
  UNION ALL SELECT 'payment/payments', 'amount_cents', typeof(amount_cents)
    FROM payments.payments
  UNION ALL SELECT 'returns/returns', 'refund_cents', typeof(refund_cents)
    FROM returns.returns
)
SELECT product_id, property, kind, count(*) AS amounts
FROM amount
WHERE kind <> 'integer'
GROUP BY product_id, property, kind
