-- id: P16
-- title: Latency, frequency and retention are promised
-- category: reliability
-- severity: warning
-- decision: Each active contract says how fresh its data are, how often they come, how
--   long they stay.
-- why: Who builds on a product has to know what to expect of it.
WITH promised AS (
  SELECT contract_id, max(lower(property) IN ('latency', 'ly', 'freshness')) AS latency,
         max(lower(property) IN ('frequency', 'fy')) AS frequency,
         max(lower(property) IN ('retention', 're')) AS retention
  FROM sla
  GROUP BY contract_id
)
SELECT c.id, trim(CASE WHEN coalesce(p.latency, 0) THEN '' ELSE 'latency ' END
                  || CASE WHEN coalesce(p.frequency, 0) THEN '' ELSE 'frequency ' END
                  || CASE WHEN coalesce(p.retention, 0) THEN '' ELSE 'retention' END)
       AS missing
FROM contract c
LEFT JOIN promised p ON p.contract_id = c.id
WHERE c.status = 'active'
  AND coalesce(p.latency + p.frequency + p.retention, 0) < 3
