-- id: D03
-- title: Erased customers are erased everywhere
-- category: privacy
-- severity: error
-- scope: data
-- decision: No product holds the number of a customer whose account was erased.
-- why: The right to be forgotten reaches every consumer of the data.
WITH holder(product_id, customer_id) AS (
  SELECT 'checkout/orders', customer_id FROM orders.orders
  UNION ALL SELECT 'payment/invoices', customer_id FROM invoices.invoices
  UNION ALL SELECT 'accounts/customers', customer_id FROM customers.customers_npii
  UNION ALL SELECT 'accounts/account-balances', customer_id
    FROM account_balances.account_balances
  UNION ALL SELECT 'customer-360/customer-360', customer_id FROM customer_360.customers
  UNION ALL SELECT 'recommendation/recommendation-scores', customer_id
    FROM recommendation_scores.scores
)
SELECT product_id, count(*) AS rows_left, count(DISTINCT customer_id) AS customers
FROM holder
WHERE customer_id IN (SELECT customer_id FROM tombstones.tombstones)
GROUP BY product_id
