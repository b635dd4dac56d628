-- id: P09
-- title: Money is a whole number of the smallest unit
-- category: interoperability
-- severity: error
-- decision: Prices, amounts and totals are integers, in cents.
-- why: Fractions of cents from floating point make sums that do not add up.
SELECT contract_id, object, name, line
FROM property
WHERE (name LIKE '%price%' OR name LIKE '%amount%' OR name LIKE '%total%')
  AND logical_type IN ('number', 'string')
