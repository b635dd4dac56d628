-- id: P16
-- title: Latency, frequency and retention are promised
-- category: reliability
-- severity: warning
-- decision: Each active contract says how fresh its data are, how often they come, how
--   long they stay.
-- why: Who builds on a product has to know what to expect of it.
SELECT c.id, group_concat(x.promise) AS missing
FROM contract c
JOIN (SELECT 'latency' AS promise UNION ALL SELECT 'frequency'
      UNION ALL SELECT 'retention') x
WHERE c.status = 'active'
  AND NOT EXISTS (
    SELECT 1 FROM sla s
    WHERE s.contract_id = c.id
      AND (lower(s.property) = x.promise
           OR (x.promise = 'latency' AND lower(s.property) IN ('ly', 'freshness'))
           OR (x.promise = 'frequency' AND lower(s.property) = 'fy')
           OR (x.promise = 'retention' AND lower(s.property) = 're')))
GROUP BY c.id
