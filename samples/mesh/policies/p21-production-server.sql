-- id: P21
-- title: Every active contract has a production server
-- category: reliability
-- severity: error
-- decision: Each active contract names at least one server of the environment prod.
-- why: Data that lie only in a test environment may be gone tomorrow.
SELECT id
FROM contract
WHERE status = 'active'
  AND id NOT IN (
    SELECT contract_id FROM server
    WHERE lower(environment) IN ('prod', 'production') AND contract_id IS NOT NULL)
