-- id: P21
-- title: Every active contract has a production server
-- category: reliability
-- severity: error
-- decision: Each active contract names at least one server of the environment prod.
-- why: Data that lie only in a test environment may be gone tomorrow.
SELECT c.id
FROM contract c
WHERE c.status = 'active'
  AND NOT EXISTS (
    SELECT 1 FROM server s
    WHERE s.contract_id = c.id AND lower(s.environment) IN ('prod', 'production'))
