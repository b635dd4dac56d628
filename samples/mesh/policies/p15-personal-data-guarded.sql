-- id: P15
-- title: Personal data have a retention and two approvers
-- category: privacy
-- severity: error
-- decision: A contract with personal data promises a retention and names a role with two
--   approvers.
-- why: Personal data are kept as long as needed and seen by as few as possible.
SELECT DISTINCT p.contract_id
FROM property p
WHERE lower(p.classification) IN ('pii', 'sensitive')
  AND (NOT EXISTS (
         SELECT 1 FROM sla s
         WHERE s.contract_id = p.contract_id
           AND lower(s.property) IN ('retention', 're'))
       OR NOT EXISTS (
         SELECT 1 FROM role r
         WHERE r.contract_id = p.contract_id
           AND r.approver1 IS NOT NULL AND r.approver2 IS NOT NULL))
