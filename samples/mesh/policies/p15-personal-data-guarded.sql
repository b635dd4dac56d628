-- id: P15
-- title: Personal data have a retention and two approvers
-- category: privacy
-- severity: error
-- gate: publish
-- decision: A contract with personal data promises a retention and names a role with two
--   approvers.
-- why: Personal data are kept as long as needed and seen by as few as possible.
SELECT DISTINCT contract_id
FROM property
WHERE lower(classification) IN ('pii', 'sensitive')
  AND (contract_id NOT IN (
         SELECT contract_id FROM sla
         WHERE lower(property) IN ('retention', 're') AND contract_id IS NOT NULL)
       OR contract_id NOT IN (
         SELECT contract_id FROM role
         WHERE approver1 IS NOT NULL AND approver2 IS NOT NULL
           AND contract_id IS NOT NULL))
